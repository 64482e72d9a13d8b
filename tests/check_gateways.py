"""Look after the phone book: what may have changed since each of its rows was looked up.

    uv run tests/check_gateways.py

asks DNS whether the domains of the gateways that are not closed still take mail, and the pages that
are their sources, or those of the mail servers, whether they are still there and say the same. It
names the rows that nobody has looked up for a year. It prints a line for each thing to
look at and returns 1, or 0 if there is none. Run it by hand, or once a month. Whoever has looked at
a page mends its rows in carriers.py, or only their day `checked`, and the line goes away.

DNS is asked by UDP, or TCP for an answer too long for that (RFC 1035), as a few lines are all that
it takes, any port of this machine can play the resolver, and no third party is told. What pages say
is kept as hashes in the file that `--state` names.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import socket
import struct
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from hashlib import sha256
from html.parser import HTMLParser
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import OpenerDirector, Request, build_opener

from carriers import GATEWAYS, MAIL_SERVERS, Gateway, MailServer

Row = Gateway | MailServer
Resolver = tuple[str, int]  # its address, numeric, and its port
State = dict[str, list[str]]  # of a source: the hash of its words, and since which ISO date it says

MX, IN = 15, 1  # RFC 1035, 3.2
TRIES = 3  # as UDP may lose a datagram
AT_ONCE = 8  # questions under way
MOST_BYTES = 5_000_000  # of a page
OLD = timedelta(days=365)
# As programs that look at pages name themselves: some servers answer nobody else but browsers.
USER_AGENT = "Mozilla/5.0 (compatible; textmyself check_gateways)"
HIDDEN = {"script", "style", "noscript", "template", "svg"}


def main(
    arguments: Sequence[str] | None = None,
    gateways: Iterable[Gateway] = GATEWAYS,
    servers: Iterable[MailServer] = MAIL_SERVERS,
    today: date | None = None,
    resolver: Resolver | None = None,
    opener: OpenerDirector | None = None,
) -> int:
    """Print a line for each thing to look at; return 1 if there is one, else 0."""
    options = _parser().parse_args(arguments)
    today, opener = today or date.today(), opener or build_opener()
    resolver = resolver or (options.resolver or system_resolver(), 53)
    live = [row for row in gateways if not row.is_closed(today)]
    rows: list[Row] = [*live, *servers]
    state = read_state(options.state)
    findings = [
        *look_at_domains(live, resolver, options.timeout),
        *look_at_pages(rows, opener, options.timeout, today, state),
        *look_at_days(rows, today),
    ]
    options.state.parent.mkdir(parents=True, exist_ok=True)
    options.state.write_text(json.dumps(state, indent=1), encoding="utf-8")
    print(*findings, sep="\n", end="\n" if findings else "")
    return 1 if findings else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Print what of the phone book to look at.")
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    state = Path(cache, "textmyself", "sources.json")
    parser.add_argument(
        "--state", type=Path, default=state, help="what the pages said (%(default)s)"
    )
    parser.add_argument("--resolver", help="address of a DNS server (else /etc/resolv.conf says)")
    parser.add_argument("--timeout", type=float, default=10.0, help="seconds for each question")
    return parser


def system_resolver(path: Path = Path("/etc/resolv.conf")) -> str:
    """Return the address of the first DNS server that this system asks."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    found = re.search(r"^nameserver[ \t]+(\S+)", text, re.MULTILINE)
    if found is None:
        sys.exit(f"{path} names no DNS server. Name one with --resolver.")
    return found[1]


def read_state(path: Path) -> State:
    """Return what the last run kept, or nothing if there was none or it cannot be read."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def look_at_days(rows: Iterable[Row], today: date) -> list[str]:
    """Return a line for each row that was last looked up over a year before `today`."""
    latest = (today - OLD).isoformat()
    return [f"{row.name}: last looked up on {row.checked}" for row in rows if row.checked < latest]


def look_at_domains(rows: Iterable[Gateway], resolver: Resolver, seconds: float) -> list[str]:
    """Return a line for each domain to which no mail may go any more."""
    users: dict[str, list[str]] = {}
    for row in rows:
        for domain in {row.sms, row.mms} - {""}:
            users.setdefault(domain, []).append(row.name)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = pool.map(lambda domain: find_mail(domain, resolver, seconds), users)
    lines = [
        f"{domain} ({', '.join(names)}): {answer}"
        for (domain, names), answer in zip(users.items(), answers, strict=True)
        if answer != "has MX"
    ]
    return sorted(lines)


def find_mail(domain: str, resolver: Resolver, seconds: float) -> str:
    """Return 'has MX', 'no MX', 'no such name' or, after at most `seconds` a try, 'no answer'.

    To a domain without MX mail may still go, by its own address (RFC 5321, 5.1).
    """
    labels = b"".join(bytes([len(label)]) + label for label in domain.encode().split(b"."))
    for _ in range(TRIES):
        # A number to know the answer by; recursion is wanted; one question: RFC 1035, 4.1.
        header = struct.pack(">6H", secrets.randbelow(1 << 16), 0x0100, 1, 0, 0, 0)
        query = header + labels + struct.pack(">BHH", 0, MX, IN)
        try:
            reply = _ask_by_udp(query, resolver, seconds)
            if reply[2] & 0x02:  # cut short
                reply = _ask_by_tcp(query, resolver, seconds)
            return _read_reply(query, reply)
        except (OSError, ValueError, IndexError, struct.error):
            continue
    return "no answer"


def _ask_by_udp(query: bytes, resolver: Resolver, seconds: float) -> bytes:
    [(family, kind, _, _, address), *_] = socket.getaddrinfo(*resolver, type=socket.SOCK_DGRAM)
    with socket.socket(family, kind) as connection:
        connection.settimeout(seconds)
        connection.connect(address)  # so that nobody else can answer
        connection.send(query)
        return connection.recv(1 << 16)


def _ask_by_tcp(query: bytes, resolver: Resolver, seconds: float) -> bytes:
    with (
        socket.create_connection(resolver, seconds) as connection,
        connection.makefile("rb") as file,
    ):
        connection.sendall(struct.pack(">H", len(query)) + query)  # RFC 1035, 4.2.2
        return file.read(*struct.unpack(">H", file.read(2)))


def _read_reply(query: bytes, reply: bytes) -> str:
    """Return what a reply says to the query; raise an error if it is none (RFC 1035, 4.1)."""
    _, flags, _, answers, _, _ = struct.unpack_from(">6H", reply)
    same = reply[:2] == query[:2] and reply[12 : len(query)] == query[12:]
    if not same or not flags & 0x8000 or flags & 0x0200 or flags & 0x000F not in (0, 3):
        raise ValueError("it does not answer the question, or is a refusal")
    if flags & 0x000F == 3:
        return "no such name"
    at = len(query)
    for _ in range(answers):
        at = _skip_name(reply, at)
        kind, _, _, length = struct.unpack_from(">HHIH", reply, at)
        at += 10 + length
        if at > len(reply):
            raise ValueError("it is cut short")
        if kind == MX and length > 3:  # one of 3 bytes says that no mail is taken: RFC 7505
            return "has MX"
    return "no MX"


def _skip_name(reply: bytes, at: int) -> int:
    """Return where the name ends that starts at `at`, be it compressed (RFC 1035, 4.1.4) or not."""
    while reply[at]:
        if reply[at] >= 0xC0:  # a pointer to the rest of it
            return at + 2
        at += 1 + reply[at]
    return at + 1


def look_at_pages(
    rows: Iterable[Row], opener: OpenerDirector, seconds: float, today: date, state: State
) -> list[str]:
    """Return a line for each source to look at, and bring `state` up to date.

    What changed is said until all rows of that source were looked up since.
    """
    users: dict[str, list[Row]] = {}
    for row in rows:
        if " " not in row.source:  # else it is no page
            users.setdefault(row.source, []).append(row)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = pool.map(lambda source: read_page(source, opener, seconds), users)
    lines = []
    for (source, its_rows), (answer, digest) in zip(users.items(), answers, strict=True):
        before, since = state.get(source, ["", ""])
        if digest and digest != before:
            since = today.isoformat() if before else ""
            state[source] = [digest, since]
        changed = (
            f"has changed (seen on {since})" if since > min(row.checked for row in its_rows) else ""
        )
        names = ", ".join(row.name for row in its_rows)
        lines += [f"{source} ({names}): {finding}" for finding in (answer, changed) if finding]
    return sorted(lines)


def read_page(source: str, opener: OpenerDirector, seconds: float) -> tuple[str, str]:
    """Return why to look at a page ('' if it is there), and the hash of its words ('' if not)."""
    address = source if "://" in source else f"https://{source}"
    try:
        request = Request(address, headers={"User-Agent": USER_AGENT, "Accept": "text/html"})
        with opener.open(request, timeout=seconds) as reply:
            page = reply.read(MOST_BYTES)
    except HTTPError as error:
        error.close()
        gone = error.code in (404, 410)
        return f"gone ({error.code})" if gone else f"look by hand ({error.code})", ""
    except (OSError, HTTPException, ValueError):
        return "no answer", ""
    words = visible_words(page.decode("latin-1"))  # in which bytes of any encoding stay apart
    if not words:
        return "look by hand (it shows a program no words)", ""
    return "", sha256(words.encode()).hexdigest()


def visible_words(page: str) -> str:
    """Return the words of a page: of its articles or else its main part if it marks them.

    What is around them, such as news, adverts and counts of visitors, changes all the time.
    """
    reader = _Reader()
    reader.feed(page)
    reader.close()
    texts = (" ".join(" ".join(parts).split()) for parts in reader.parts.values())
    return next(filter(None, texts), "")


class _Reader(HTMLParser):
    """Sorts the words that a browser shows by where they are; whatever is nearest counts first."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: dict[str, list[str]] = {"article": [], "main": [], "": []}
        self.open: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        self.open[tag] -= self.open[tag] > 0

    def handle_data(self, data: str) -> None:
        if not any(self.open[tag] for tag in HIDDEN):
            place = next((tag for tag in self.parts if self.open[tag]), "")
            self.parts[place].append(data)


if __name__ == "__main__":
    sys.exit(main())
