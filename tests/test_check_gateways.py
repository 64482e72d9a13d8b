"""The program that looks after the phone book, on answers from servers of this machine."""

from __future__ import annotations

import json
import socketserver
import ssl
import struct
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.request import HTTPSHandler, OpenerDirector, ProxyHandler, build_opener

import pytest
import trustme
from check_gateways import find_mail, main, system_resolver, visible_words

from carriers import Gateway, MailServer

Look = Callable[..., tuple[int, list[str]]]
Replies = dict[str, Callable[[bytes], bytes]]

TODAY = date(2026, 11, 20)
NAME = b"\xc0\x0c"  # a pointer to the name in the question: RFC 1035, 4.1.4
MAIL = struct.pack(">H", 10) + b"\x04mail" + NAME


def record(data: bytes, kind: int = 15, name: bytes = NAME) -> bytes:
    """Return a resource record (RFC 1035, 4.1.3), an MX if nothing else is said."""
    return name + struct.pack(">HHIH", kind, 1, 300, len(data)) + data


def reply(*records: bytes, flags: int = 0x8180) -> Callable[[bytes], bytes]:
    """Return what makes of a query a reply that has these records."""
    header = struct.pack(">5H", flags, 1, len(records), 0, 0)
    return lambda query: query[:2] + header + query[12:] + b"".join(records)


# What the resolver makes of a query for each domain, by UDP and, if that is cut short, by TCP.
BY_UDP: Replies = {
    "mail.example": reply(record(MAIL)),
    "late.example": reply(record(MAIL)),
    "spelled.example": reply(record(b"\0\x0a\x04mail\7example\0", name=b"\7spelled\7example\0")),
    "partly.example": reply(record(MAIL, name=b"\3sms" + NAME)),
    "alias.example": reply(record(b"\5other" + NAME, kind=5), record(MAIL, name=b"\5other" + NAME)),
    "empty.example": reply(),
    "address.example": reply(record(b"\x7f\0\0\1", kind=1)),
    "refuses.example": reply(record(b"\0\0\0")),  # RFC 7505
    "unknown.example": reply(flags=0x8183),
    "failing.example": reply(flags=0x8182),
    "long.example": reply(flags=0x8380),
    "longer.example": reply(flags=0x8380),
    "endless.example": reply(flags=0x8380),
    "dropped.example": reply(flags=0x8380),
    "half.example": lambda query: reply(record(MAIL))(query)[:-3],
    "looping.example": reply(b"\xc0"),
    "garbage.example": lambda _: b"\xff" * 99,
    "short.example": lambda query: query[:2],
    "nothing.example": lambda _: b"",
    "echo.example": lambda query: query,
    "another.example": lambda query: reply(record(MAIL))(b"??" + query[2:]),
    "elsewhere.example": lambda query: reply(record(MAIL))(query.replace(b"where", b"whose")),
}
BY_TCP: Replies = {
    "long.example": reply(record(MAIL)),
    "longer.example": lambda query: reply(record(MAIL))(query)[:-3],
    "endless.example": reply(flags=0x8380),
}


def domain_of(query: bytes) -> str:
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode())
        at += 1 + query[at]
    return ".".join(labels)


ASKED: list[str] = []  # the domains that the resolver was asked for in a test


class Udp(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        query, connection = self.request
        domain = domain_of(query)
        ASKED.append(domain)
        if domain in BY_UDP and (domain != "late.example" or ASKED.count(domain) > 1):
            connection.sendto(BY_UDP[domain](query), self.client_address)


class Tcp(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        query = self.rfile.read(*struct.unpack(">H", self.rfile.read(2)))
        if domain_of(query) in BY_TCP:
            answer = BY_TCP[domain_of(query)](query)
            self.wfile.write(struct.pack(">H", len(answer)) + answer)


class Pages(socketserver.ThreadingTCPServer):
    """A web server that has what `pages` says; one with the status 0 never comes."""

    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), Page)
        self.socket = tls.wrap_socket(self.socket, server_side=True)
        self.here = f"127.0.0.1:{self.server_address[1]}"
        self.pages: dict[str, tuple[int, str]] = {}
        self.visitors: list[str] = []
        self.over = Event()


class Page(BaseHTTPRequestHandler):
    server: Pages

    def do_GET(self) -> None:
        self.server.visitors.append(self.headers["User-Agent"])
        status, body = self.server.pages[self.path]
        if status == 0:
            self.server.over.wait()
            return
        self.send_response_only(status)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def serve(server: Any) -> None:
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()


def start_resolver() -> tuple[socketserver.UDPServer, socketserver.TCPServer]:
    """Return servers on one port, which may be free for the one and taken for the other."""
    while True:
        udp = socketserver.ThreadingUDPServer(("127.0.0.1", 0), Udp)
        try:
            return udp, socketserver.ThreadingTCPServer(udp.server_address, Tcp)
        except OSError:
            udp.server_close()


@pytest.fixture(scope="module")
def running_resolver() -> Iterator[tuple[str, int]]:
    servers = start_resolver()
    for server in servers:
        serve(server)
    yield "127.0.0.1", int(servers[0].server_address[1])
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def resolver(running_resolver: tuple[str, int]) -> tuple[str, int]:
    ASKED.clear()
    return running_resolver


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def running_pages(authority: trustme.CA) -> Iterator[Pages]:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    with Pages(tls) as pages:
        serve(pages)
        yield pages
        pages.over.set()
        pages.shutdown()


@pytest.fixture
def pages(running_pages: Pages) -> Pages:
    running_pages.pages = {"/page": (200, "Texts cost nothing.")}
    running_pages.visitors.clear()
    return running_pages


@pytest.fixture(scope="module")
def opener(authority: trustme.CA) -> OpenerDirector:
    tls = ssl.create_default_context()
    authority.configure_trust(tls)
    return build_opener(ProxyHandler({}), HTTPSHandler(context=tls))


@pytest.fixture
def look(
    resolver: tuple[str, int],
    opener: OpenerDirector,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> Look:
    """What runs the program on rows, and returns its exit code and the lines that it prints."""

    def look(
        *rows: Gateway | MailServer, today: date = TODAY, timeout: float = 10
    ) -> tuple[int, list[str]]:
        arguments = ["--state", str(tmp_path / "state" / "sources.json"), "--timeout", str(timeout)]
        gateways = [row for row in rows if isinstance(row, Gateway)]
        servers = [row for row in rows if isinstance(row, MailServer)]
        code = main(arguments, gateways, servers, today, resolver, opener)
        return code, capsys.readouterr().out.splitlines()

    return look


def row(
    name: str = "Verizon", sms: str = "", source: str = "a public list", **others: str
) -> Gateway:
    rest = {"mms": "", "last_day": "", "works": "", "checked": "2026-11-20", "advice": "", **others}
    return Gateway(names=name, country="US", sms=sms, source=source, **rest)


def test_nothing_is_said_of_a_row_that_is_true(look: Look, pages: Pages) -> None:
    true = row(sms="mail.example", mms="alias.example", source=f"{pages.here}/page")
    assert look(true) == (0, [])
    assert sorted(ASKED) == ["alias.example", "mail.example"]
    assert len(pages.visitors) == 1


def test_a_gateway_that_is_closed_is_not_looked_at(look: Look, pages: Pages) -> None:
    closed = row(sms="unknown.example", source=f"{pages.here}/gone", checked="2020-01-01")
    rows = [closed._replace(last_day=day) for day in ("?", "2025-06-17", "2026-11-19")]
    assert look(*rows) == (0, [])
    assert (ASKED, pages.visitors) == ([], [])


def test_a_gateway_that_will_close_is_looked_at(look: Look) -> None:
    closing = row(sms="unknown.example", last_day="2026-11-20")
    assert look(closing) == (1, ["unknown.example (Verizon): no such name"])


def test_a_domain_of_several_rows_is_asked_for_once_and_named_with_all_of_them(look: Look) -> None:
    rows = [
        row("Koodo", "unknown.example"),
        row("Mint", "empty.example", mms="empty.example"),
        row("Tello", mms="empty.example"),
    ]
    assert look(*rows) == (
        1,
        ["empty.example (Mint, Tello): no MX", "unknown.example (Koodo): no such name"],
    )
    assert sorted(ASKED) == ["empty.example", "unknown.example"]


@pytest.mark.parametrize(
    ("answer", "domains"),
    [
        ("has MX", "mail spelled partly alias long"),
        ("no MX", "empty address refuses"),
        ("no such name", "unknown"),
        (
            "no answer",
            "failing longer endless dropped half looping garbage short nothing echo another elsewhere",
        ),
    ],
)
def test_what_dns_says_of_a_domain_is_one_of_four_things(
    resolver: tuple[str, int], answer: str, domains: str
) -> None:
    for domain in domains.split():
        assert (domain, find_mail(f"{domain}.example", resolver, 10)) == (domain, answer)


def test_a_domain_is_asked_for_again_when_nothing_comes(resolver: tuple[str, int]) -> None:
    assert find_mail("late.example", resolver, 0.3) == "has MX"


def test_a_resolver_that_is_silent_or_not_there_gives_no_answer(
    resolver: tuple[str, int],
) -> None:
    assert find_mail("silent.example", resolver, 0.05) == "no answer"
    assert ASKED == ["silent.example"] * 3
    with socketserver.UDPServer(("127.0.0.1", 0), Udp) as closed:
        port = int(closed.server_address[1])
    assert find_mail("mail.example", ("127.0.0.1", port), 0.05) == "no answer"


@pytest.mark.parametrize(
    ("status", "body", "finding"),
    [
        (404, "Not here.", "gone (404)"),
        (410, "No more.", "gone (410)"),
        (403, "Are you human?", "look by hand (403)"),
        (429, "Not so fast.", "look by hand (429)"),
        (500, "Sorry.", "look by hand (500)"),
        (200, "<script>draw()</script>", "look by hand (it shows a program no words)"),
    ],
)
def test_a_page_that_does_not_show_what_it_did_is_named_with_its_rows(
    look: Look, pages: Pages, status: int, body: str, finding: str
) -> None:
    pages.pages["/page"] = status, body
    rows = [row(name, source=f"{pages.here}/page") for name in ("Mint", "Tello")]
    assert look(*rows) == (1, [f"{pages.here}/page (Mint, Tello): {finding}"])


def test_a_page_that_never_comes_gives_no_answer(look: Look, pages: Pages) -> None:
    pages.pages["/page"] = 0, ""
    silent = row(source=f"{pages.here}/page")
    assert look(silent, timeout=0.2) == (1, [f"{silent.source} (Verizon): no answer"])


@pytest.mark.parametrize(
    "source", ["127.0.0.1:1/page", "http://127.0.0.1:1/", "127.0.0.1:x/", "[/"]
)
def test_a_page_of_a_server_that_is_not_there_gives_no_answer(look: Look, source: str) -> None:
    assert look(row(source=source)) == (1, [f"{source} (Verizon): no answer"])


def test_a_source_may_have_its_scheme_and_is_told_who_asks(look: Look, pages: Pages) -> None:
    assert look(row(source=f"https://{pages.here}/page")) == (0, [])
    assert "textmyself" in pages.visitors[0]


def test_a_page_that_changed_is_named_until_each_of_its_rows_was_looked_up_since(
    look: Look, pages: Pages
) -> None:
    mint, tello = (row(name, source=f"{pages.here}/page") for name in ("Mint", "Tello"))
    line = f"{mint.source} (Mint, Tello): has changed (seen on 2026-12-20)"
    assert look(mint, tello) == (0, [])
    assert look(mint, tello, today=date(2026, 12, 1)) == (0, [])
    pages.pages["/page"] = 200, "Texts are no more."
    assert look(mint, tello, today=date(2026, 12, 20)) == (1, [line])
    assert look(mint, tello, today=date(2027, 1, 20)) == (1, [line])
    mint = mint._replace(checked="2027-01-20")
    assert look(mint, tello, today=date(2027, 1, 20)) == (1, [line])
    tello = tello._replace(checked="2026-12-20")
    assert look(mint, tello, today=date(2027, 1, 20)) == (0, [])


def test_what_a_page_said_is_remembered_while_it_is_refused(look: Look, pages: Pages) -> None:
    known, today = row(source=f"{pages.here}/page"), date(2026, 12, 20)
    before, refusal = pages.pages["/page"], (403, "Are you human?")
    for page in (before, refusal, before):
        pages.pages["/page"] = page
        assert look(known, today=today)[0] == (page == refusal)
    for page in (refusal, (200, "Texts are no more.")):
        pages.pages["/page"] = page
        code, lines = look(known, today=today)
    assert (code, lines) == (1, [f"{known.source} (Verizon): has changed (seen on 2026-12-20)"])


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<title>News</title><p>Texts &amp; more.</p>", "News Texts & more."),
        ("<p>Texts\n\n  cost<br>nothing.", "Texts cost nothing."),
        ("<style>p {}</style><script>'<p>'</script>Texts<noscript>No</noscript>", "Texts"),
        ("News<main>Texts<aside>12</aside></main>99 visitors", "Texts 12"),
        ("News<main>12<article>Texts</article>13<article>more</article></main>", "Texts more"),
        ("News<main><article> </article>Texts</main>", "Texts"),
        ("</script></svg>Texts<svg>12</svg><template>No</template>", "Texts"),
        ("<!-- nobody sees this -->", ""),
    ],
)
def test_the_words_of_a_page_are_those_that_it_is_about(page: str, words: str) -> None:
    assert visible_words(page) == words


def test_a_row_that_was_last_looked_up_over_a_year_ago_is_named(look: Look) -> None:
    rows = [row("Mint", checked="2025-11-20"), row("Tello", checked="2025-11-19")]
    assert look(*rows) == (1, ["Tello: last looked up on 2025-11-19"])


def test_a_mail_server_is_looked_after_too(look: Look, pages: Pages) -> None:
    server = MailServer(
        domains="example.com example.org",
        host="smtp.example.com",
        port=465,
        tls="implicit",
        login="password",
        page="",
        checked="2025-11-19",
        source=f"{pages.here}/gone",
    )
    pages.pages["/gone"] = 404, ""
    assert look(server) == (
        1,
        [
            f"{pages.here}/gone (example.com): gone (404)",
            "example.com: last looked up on 2025-11-19",
        ],
    )
    assert ASKED == []


def test_a_state_that_cannot_be_read_is_begun_anew(
    look: Look, pages: Pages, tmp_path: Path
) -> None:
    known, state = row(source=f"{pages.here}/page"), tmp_path / "state" / "sources.json"
    state.parent.mkdir()
    state.write_text("{broken")
    assert look(known) == (0, [])
    assert list(json.loads(state.read_text())) == [known.source]


@pytest.mark.parametrize("cache", ["cache", None])
def test_the_state_is_in_the_users_cache(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cache: str | None
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if cache:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / cache))
    assert main([], [], [], TODAY, ("127.0.0.1", 1)) == 0
    folder = tmp_path / (cache or "home/.cache")
    assert (folder / "textmyself" / "sources.json").read_text() == "{}"


def test_the_resolver_is_the_first_that_the_system_names(tmp_path: Path) -> None:
    conf = tmp_path / "resolv.conf"
    conf.write_text(
        "# nameserver 127.0.0.9\nsearch example\nnameserver 127.0.0.5\nnameserver ::1\n"
    )
    assert system_resolver(conf) == "127.0.0.5"


def test_a_system_that_names_no_resolver_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"resolv\.conf names no DNS server"):
        system_resolver(tmp_path / "resolv.conf")
