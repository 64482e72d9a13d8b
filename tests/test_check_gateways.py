"""The program that looks after the phone book, asking a resolver and a web server on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler
from socketserver import BaseRequestHandler, ThreadingTCPServer, ThreadingUDPServer
from threading import Thread

import dns.message
import dns.rcode
import dns.rrset
import pytest
from check_gateways import Row, main
from dns.resolver import Resolver

from carriers import Gateway, MailServer

Look = Callable[..., list[str]]
MINT = Gateway("Mint", "US", "mx.test", "", "", "", "2026-11-20", "", "a public list")
MAILBOX = MailServer("me.test", "a.test", 465, "implicit", "password", "", "2026-11-20", "RFC 8314")
# What DNS knows: of "empty" nothing, and any other name does not exist.
ZONE = {
    "mx.test. IN MX": "10 mail.test.",
    "a.test. IN A": "127.0.0.1",
    "refuses.test. IN MX": "0 .",
    "empty.test. IN TXT": "empty",
}


class Dns(BaseRequestHandler):
    def handle(self) -> None:
        packet, connection = self.request
        reply = dns.message.make_response(dns.message.from_wire(packet))
        question = str(reply.question[0])
        name, _, kind = question.split()
        if question in ZONE:
            reply.answer.append(dns.rrset.from_text(name, 300, "IN", kind, ZONE[question]))
        elif name not in {known.split()[0] for known in ZONE}:
            reply.set_rcode(dns.rcode.SERVFAIL if name == "broken.test." else dns.rcode.NXDOMAIN)
        connection.sendto(reply.to_wire(), self.client_address)


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response_only(int(self.path[1:]))
        self.end_headers()


@pytest.fixture
def look(capsys: pytest.CaptureFixture[str]) -> Iterator[Look]:
    """Run the program on a row, where SITE is the web server; return the lines that it prints."""

    def look(*rows: Row) -> list[str]:
        rows = tuple(row._replace(source=row.source.replace("SITE", site)) for row in rows)
        gateways = [row for row in rows if isinstance(row, Gateway)]
        mailboxes = [row for row in rows if isinstance(row, MailServer)]
        status = main(gateways, mailboxes, date(2026, 11, 20), resolver)
        lines = capsys.readouterr().out.replace(site, "SITE").splitlines()
        assert status == (1 if lines else 0)
        return lines

    resolver, here = Resolver(configure=False), ("127.0.0.1", 0)
    with ThreadingUDPServer(here, Dns) as udp, ThreadingTCPServer(here, Page) as web:
        resolver.nameservers, resolver.port = ["127.0.0.1"], udp.server_address[1]
        site = f"http://127.0.0.1:{web.server_address[1]}"
        for server in (udp, web):
            Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield look
        for server in (udp, web):
            server.shutdown()


TABLE: list[tuple[Row, str]] = [
    (MINT._replace(sms="a.test", source="SITE/200", checked="2025-11-20"), ""),
    (MINT._replace(mms="refuses.test"), "refuses.test (Mint): takes no mail"),
    (MINT._replace(sms="empty.test"), "empty.test (Mint): no address"),
    (MINT._replace(sms="unknown.test"), "unknown.test (Mint): no such name"),
    (MINT._replace(sms="broken.test"), "broken.test (Mint): no answer from DNS"),
    (MINT._replace(source="SITE/404"), "SITE/404 (Mint): gone (404)"),
    (MINT._replace(source="SITE/403"), "SITE/403 (Mint): look by hand (403)"),
    (MINT._replace(source="127.0.0.1:1/page"), "127.0.0.1:1/page (Mint): no answer"),
    (MINT._replace(checked="2025-11-19"), "Mint: last looked up on 2025-11-19"),
    (MINT._replace(last_day="2026-11-19", sms="unknown.test", source="SITE/404", checked=""), ""),
    (MINT._replace(last_day="2026-11-20", sms="unknown.test"), "unknown.test (Mint): no such name"),
    (MAILBOX._replace(host="unknown.test"), "unknown.test (me.test): no such name"),
    (MAILBOX._replace(host="", login="none", source="SITE/410"), "SITE/410 (me.test): gone (410)"),
    (MAILBOX._replace(checked="2025-11-19"), "me.test: last looked up on 2025-11-19"),
]


@pytest.mark.parametrize(("row", "finding"), TABLE)
def test_a_row_that_may_no_longer_be_true_is_named(look: Look, row: Row, finding: str) -> None:
    assert look(row) == ([finding] if finding else [])


def test_a_domain_of_several_rows_is_named_once(look: Look) -> None:
    rows = [MINT._replace(sms="unknown.test"), MINT._replace(names="Tello", mms="unknown.test")]
    assert look(*rows) == ["unknown.test (Mint, Tello): no such name"]
