"""Look after the phone book: name the rows of carriers.py that may no longer be true.

    uv run tests/check_gateways.py

asks DNS whether the domain of each gateway that is not closed still takes mail and whether each
mail server's host is still there, asks the pages that are their sources whether they still answer,
and names the rows that nobody has looked up for a year. It prints a line for each thing to look at
and returns 1, or 0 if there is none. Run it by hand, once a month. Whoever has looked at a page
mends its rows in carriers.py, or only their day `checked`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import dns.name
from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, Resolver

from carriers import GATEWAYS, MAIL_SERVERS, Gateway, MailServer

Row = Gateway | MailServer

QUESTIONS_AT_ONCE = 8
SECONDS_FOR_A_PAGE = 10
YEAR = timedelta(days=365)
# As programs that look at pages name themselves: some servers answer nobody else but browsers.
USER_AGENT = "Mozilla/5.0 (compatible; textmyself check_gateways)"


def main(
    gateways: Iterable[Gateway] = GATEWAYS,
    servers: Iterable[MailServer] = MAIL_SERVERS,
    today: date | None = None,
    resolver: Resolver | None = None,
) -> int:
    """Print a line for each thing to look at; return 1 if there is one, else 0."""
    today = today or date.today()
    resolver = resolver or Resolver()
    live = [row for row in gateways if not row.is_closed(today)]
    # The host of a mailbox that no program can log in to is of no use, so it is not looked up.
    useful = [row for row in servers if row.login != "none"]
    rows: list[Row] = [*live, *servers]

    domains = [(domain, row) for row in live for domain in sorted({row.sms, row.mms}) if domain]
    hosts = [(row.host, row) for row in useful]
    # A source with a blank in it is a description, not a page.
    pages = [(row.source, row) for row in rows if " " not in row.source]
    findings = [
        *ask_about(domains, lambda domain: check_mail(domain, resolver)),
        *ask_about(hosts, lambda host: check_host(host, resolver)),
        *ask_about(pages, check_page),
        *(f"{row.name}: last looked up on {row.checked}" for row in rows if is_old(row, today)),
    ]
    for finding in findings:
        print(finding)
    return 1 if findings else 0


def ask_about(subjects: Iterable[tuple[str, Row]], check: Callable[[str], str]) -> Iterable[str]:
    """Check each subject once; return a line for each that has a problem, with all of its rows."""
    names: dict[str, list[str]] = {}
    for subject, row in subjects:
        names.setdefault(subject, []).append(row.name)
    with ThreadPoolExecutor(QUESTIONS_AT_ONCE) as pool:
        problems = list(pool.map(check, names))
    return [
        f"{subject} ({', '.join(names[subject])}): {problem}"
        for subject, problem in zip(names, problems, strict=True)
        if problem
    ]


def check_mail(domain: str, resolver: Resolver) -> str:
    """Return why no mail may get to `domain`, or nothing if it takes mail."""
    try:
        exchanges = resolver.resolve(domain, "MX")
    except NoAnswer:
        # To a domain without MX, mail goes by the domain's own address (RFC 5321, 5.1).
        return check_host(domain, resolver)
    except DNSException as error:
        return describe(error)
    # A lone MX without a name says that no mail is taken (RFC 7505).
    takes_mail = any(record.exchange != dns.name.root for record in exchanges)
    return "" if takes_mail else "takes no mail"


def check_host(host: str, resolver: Resolver) -> str:
    """Return why `host` cannot be reached by its name, or nothing if it has an address."""
    try:
        resolver.resolve_name(host)
    except DNSException as error:
        return describe(error)
    return ""


def describe(error: DNSException) -> str:
    if isinstance(error, NXDOMAIN):
        return "no such name"
    return "no address" if isinstance(error, NoAnswer) else "no answer from DNS"


def check_page(source: str) -> str:
    """Return why a person should look at this page, or nothing if it answers."""
    address = source if "://" in source else f"https://{source}"
    try:
        request = Request(address, headers={"User-Agent": USER_AGENT, "Accept": "text/html"})
        urlopen(request, timeout=SECONDS_FOR_A_PAGE).close()
    except HTTPError as error:
        error.close()
        return f"{'gone' if error.code in (404, 410) else 'look by hand'} ({error.code})"
    except (OSError, HTTPException):
        return "no answer"
    return ""


def is_old(row: Row, today: date) -> bool:
    return row.checked < (today - YEAR).isoformat()


if __name__ == "__main__":
    sys.exit(main())
