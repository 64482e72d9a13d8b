"""The phone book: each row's papers, and what a lookup finds or says."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from datetime import date
from unicodedata import normalize

import pytest
from conftest import MODULES

from carriers import (
    GATEWAYS,
    MAIL_SERVERS,
    PUSH,
    RELAYS,
    STATUSES,
    Gateway,
    MailServer,
    Push,
    Relay,
    Route,
    find_closed_domain,
    find_gateway,
    find_last_day,
    find_mail_server,
    find_push,
    find_relay,
    find_route,
    is_guessable_topic,
    list_gateways,
)

TODAY = date(2026, 11, 25)
NEXT_YEAR = date(2027, 4, 1)
NO_SUCH_CARRIER = (
    "carriers.py knows no such carrier. Set MY_GATEWAY to an e-mail address that reaches you."
)
OUTLOOK = (
    "Outlook.com, Hotmail, Live and MSN have taken no password from programs since 2024-09-16, "
    "app passwords included"
)
PROTON = (
    "Proton Mail lets other programs send only through its paid Bridge app (proton.me/mail/bridge) "
    "or, from an address at a domain of your own, with a paid SMTP token "
    "(SMTP_HOST=smtp.protonmail.ch and SMTP_PORT=587)"
)
DOMAIN = r"([a-z0-9-]+\.)+[a-z]{2,}"


def is_iso_date(text: str) -> bool:
    return date.fromisoformat(text).isoformat() == text


def is_sentence(text: str) -> bool:
    return re.fullmatch(r"[A-Za-z]\S* .*[^.]\.", text) is not None


def refusal_of_gateway(name: str, today: date = TODAY) -> str:
    with pytest.raises(LookupError) as caught:
        find_gateway(name, today)
    return str(caught.value)


def refusal_of_mailbox(address: str) -> str:
    with pytest.raises(LookupError) as caught:
        find_mail_server(address)
    return str(caught.value)


@pytest.mark.parametrize("row", GATEWAYS, ids=lambda row: row.name)
def test_a_carriers_row_is_in_order(row: Gateway) -> None:
    assert all(alias == alias.strip() != "" for alias in row.names.split(" | "))
    assert re.fullmatch("[A-Z]{2}", row.country)
    assert re.fullmatch(rf"({DOMAIN})?", row.sms)
    assert re.fullmatch(rf"({DOMAIN})?", row.mms)
    assert row.sms or row.mms
    assert row.last_day in ("", "?") or is_iso_date(row.last_day)
    assert all(kind in ("sms", "mms") and getattr(row, kind) for kind in row.works.split())
    assert is_iso_date(row.checked)
    assert not (row.works and row.is_closed(date.fromisoformat(row.checked)))
    assert row.advice == row.advice.strip().rstrip(".")  # a sentence goes on after it
    assert len(row.advice) <= 78  # after an indent of two it is a line of the phone book
    assert row.source == row.source.strip() != ""
    assert "://" not in row.source


@pytest.mark.parametrize("row", GATEWAYS, ids=lambda row: row.name)
def test_each_name_of_a_row_finds_that_row(row: Gateway) -> None:
    for name in row.names.split(" | "):
        if row.is_closed(TODAY):
            assert refusal_of_gateway(name).startswith(f"{row.name} closed its gateway")
        else:
            assert find_gateway(name, TODAY) is row


def test_the_carriers_are_in_the_order_of_their_names() -> None:
    names = [normalize("NFKD", row.name).casefold() for row in GATEWAYS]
    plain = ["".join(filter(str.isalnum, name)) for name in names]
    assert plain == sorted(plain)


def test_a_carrier_abroad_is_there_only_to_say_that_its_gateway_is_closed() -> None:
    abroad = [row for row in GATEWAYS if row.country not in ("US", "CA")]
    assert [row.name for row in abroad if not row.is_closed(TODAY)] == []
    assert len(abroad) > 1


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("AT&T", "AT&T"),
        ("Boost Mobile", "Boost Mobile"),
        ("Cricket", "Cricket Wireless"),
        ("Google Fi", "Google Fi"),
        ("Metro", "Metro by T-Mobile"),
        ("Republic Wireless", "Republic Wireless"),
        ("Sprint", "Sprint"),
        ("T-Mobile", "T-Mobile"),
        ("U.S. Cellular", "U.S. Cellular"),
        ("Verizon", "Verizon"),
        ("Virgin Mobile", "Virgin Mobile USA"),
        ("Xfinity Mobile", "Xfinity Mobile"),
    ],
)
def test_a_carrier_that_people_have_is_in_the_book_be_it_open_or_closed(
    typed: str, name: str
) -> None:
    try:
        found = find_gateway(typed, TODAY).name
    except LookupError as error:
        found = str(error).partition(" closed its gateway")[0]
    assert found == name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Google Fi", "Google Fi"),
        ("GOOGLE FI", "Google Fi"),
        ("  google\tfi\n", "Google Fi"),
        ("googlefi", "Google Fi"),
        ("tmobile", "T-Mobile"),
        ("T Mobile USA", "T-Mobile"),
        ("us cellular", "U.S. Cellular"),
        ("USCC", "U.S. Cellular"),
        ("metro-pcs", "Metro by T-Mobile"),
        ("telebec", "Télébec"),
        ("TE\N{COMBINING ACUTE ACCENT}LE\N{COMBINING ACUTE ACCENT}BEC", "Télébec"),
        ("PC TÉLÉCOM", "PC Mobile"),
    ],
)
def test_a_name_is_known_whatever_its_case_blanks_punctuation_and_accents(
    typed: str, name: str
) -> None:
    assert find_gateway(typed, TODAY).name == name


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Verzion", "Verizon"),
        ("Verison", "Verizon"),
        ("My Verizon", "Verizon"),
        ("Kricket", "Cricket Wireless"),
        ("Gogle Fi", "Google Fi"),
        ("mintt", "Mint Mobile"),
        ("Mint Wireless", "Mint Mobile"),
        ("T-Mobil", "T-Mobile"),
        ("T Mobile Wireless", "T-Mobile"),
        ("Telus Mobilty", "Telus"),
        ("US Celular", "U.S. Cellular"),
        ("Visble USA", "Visible"),
        ("Viaro", "Viaero"),
        ("Eastlik", "Eastlink"),
        ("Cellcon", "Cellular One or Cellcom"),
        ("Alaska Communication", "Alaska Communications"),
    ],
)
def test_a_name_that_is_misspelled_is_said_with_that_which_it_comes_close_to(
    typed: str, names: str
) -> None:
    assert refusal_of_gateway(typed) == (
        f"MY_CARRIER is no carrier that carriers.py knows. Did you mean {names}? Else set "
        "MY_GATEWAY to an e-mail address that reaches you."
    )


@pytest.mark.parametrize(
    "typed",
    [
        "Banana Phone Company",
        "+15559998888",
        "",
        # Carriers without a gateway of their own, like others in a common word or a few letters.
        "Cox Mobile",
        "CoxMobile",
        "Cox Communications USA",
        "Helium Mobile",
        "Optimum Mobile",
        "SafeLink Wireless",
        "Good2Go",
        "Twigby",
        "Hello Mobile",
        "Affinity Cellular",
        "MobileX",
        "Mobile X",
        "Telecom US",
        "Mobile",
        "Wireless",
        # Closed ones, misspelled.
        "Sprnt",
        "Freedm Mobile",
        "O2",
    ],
)
def test_a_name_that_is_near_no_gateway_that_may_work_gets_no_suggestion(typed: str) -> None:
    assert refusal_of_gateway(typed) == (
        "MY_CARRIER is no carrier that carriers.py knows. Set MY_GATEWAY to an e-mail address "
        "that reaches you."
    )


@pytest.mark.parametrize("typed", ["AT&T", "at & t", "att", "AT and T", "ATT Mobility"])
def test_a_closed_gateway_says_when_and_who_says_so(typed: str) -> None:
    assert refusal_of_gateway(typed) == (
        "AT&T closed its gateway on 2025-06-17 (att.com/support/article/wireless/KM1061254). "
        "Set MY_GATEWAY to an e-mail address that reaches you."
    )


def test_a_gateway_that_closed_nobody_knows_when_says_who_says_so() -> None:
    assert refusal_of_gateway("boost") == (
        "Boost Mobile closed its gateway (github.com/mfitzp/List_of_SMS_gateways). "
        "Set MY_GATEWAY to an e-mail address that reaches you."
    )


def test_a_closed_gateway_says_what_to_try_instead() -> None:
    assert refusal_of_gateway("Sprint PCS") == (
        "Sprint closed its gateway (github.com/vufind-org/vufind/pull/4327); "
        "Sprint lines are now T-Mobile lines: try MY_CARRIER=T-Mobile. "
        "Set MY_GATEWAY to an e-mail address that reaches you."
    )


def test_a_gateway_is_open_on_its_last_day_and_closed_on_the_next() -> None:
    last_day = date(2027, 3, 31)
    row = find_gateway("Verizon", last_day)
    assert [row.status("sms", day) for day in (last_day, NEXT_YEAR)] == ["closing", "closed"]


def test_a_day_that_was_yet_to_come_is_said_as_what_the_carrier_expects() -> None:
    assert refusal_of_gateway("Verizon", NEXT_YEAR) == (
        "Verizon closed its gateway by about 2027-03-31 "
        "(verizon.com/support/vtext-vzwpix-shutdown). "
        "Set MY_GATEWAY to an e-mail address that reaches you."
    )


@pytest.mark.parametrize(
    ("name", "closes"), [("Verizon", "2027-03-31"), ("Total", "2027-03-31"), ("Google Fi", "")]
)
def test_a_route_tells_when_its_gateway_closes(name: str, closes: str) -> None:
    assert find_route(name, TODAY, length=1, picture=False).closes == closes


@pytest.mark.parametrize(
    ("name", "kind", "status"),
    [
        ("Google Fi", "mms", "open"),
        ("T-Mobile", "sms", "open"),
        ("T-Mobile", "mms", "unverified"),
        ("Straight Talk", "sms", "unverified"),  # though it is known when it will close
    ],
)
def test_a_gateway_has_a_status_for_each_kind_of_text(name: str, kind: str, status: str) -> None:
    assert find_gateway(name, TODAY).status(kind, TODAY) == status


@pytest.mark.parametrize(
    ("name", "route"),
    [
        ("Google Fi", Route("msg.fi.google.com", 140, True, "", "")),
        ("Verizon", Route("vtext.com", 140, True, "", "2027-03-31")),
        ("Visible", Route("vzwpix.com", 1600, True, "", "2027-03-31")),
        ("Xfinity", Route("mypixmessages.com", 1600, True, "", "")),
    ],
)
def test_a_short_text_goes_by_sms_unless_only_the_picture_gateway_works(
    name: str, route: Route
) -> None:
    assert find_route(name, TODAY, length=140, picture=False) == route
    assert find_route(name, TODAY, length=1, picture=False) == route


@pytest.mark.parametrize(
    ("name", "route"),
    [
        ("Google Fi", Route("msg.fi.google.com", 1600, True, "", "")),
        ("Verizon", Route("vzwpix.com", 1600, True, "", "2027-03-31")),
        ("T-Mobile", Route("tmomail.net", 140, True, "", "")),
        ("Telus", Route("msg.telus.com", 140, True, "", "")),
    ],
)
def test_a_long_text_goes_by_the_picture_gateway_where_that_is_known_to_work(
    name: str, route: Route
) -> None:
    assert find_route(name, TODAY, length=141, picture=False) == route


@pytest.mark.parametrize(
    ("address", "sentences"),
    [
        ("5559998888@vmobl.com", ["vmobl.com was a gateway of Assurance Wireless and Virgin Mobile USA, and is closed (github.com/mfitzp/List_of_SMS_gateways)."]),
        ("5559998888@TXT.ATT.NET", ["txt.att.net was a gateway of AT&T and FirstNet, and is closed (att.com/support/article/wireless/KM1061254)."]),
        ("5559998888@vtext.com", []),
        ("5559998888@tmomail.net", []),
        ("you@example.com", []),
    ],
)  # fmt: skip
def test_an_address_at_a_gateway_that_is_closed_is_told(address: str, sentences: list[str]) -> None:
    assert find_closed_domain(address, TODAY) == [f"gateway: {it}" for it in sentences]


@pytest.mark.parametrize(
    ("address", "today", "day"),
    [
        ("5559998888@vtext.com", TODAY, "2027-03-31"),
        ("5559998888@VZWPIX.com", TODAY, "2027-03-31"),
        ("5559998888@vtext.com", date(2027, 3, 30), "2027-03-31"),
        # Then it is closed, of which find_closed_domain tells.
        ("5559998888@vtext.com", NEXT_YEAR, ""),
        ("5559998888@txt.att.net", TODAY, ""),
        ("5559998888@tmomail.net", TODAY, ""),
        ("you@example.com", TODAY, ""),
        ("", TODAY, ""),
    ],
)
def test_the_day_by_which_an_address_s_gateway_closes_is_known(
    address: str, today: date, day: str
) -> None:
    assert find_last_day(address, today) == day


@pytest.mark.parametrize("length", [140, 141])
def test_a_picture_goes_by_the_picture_gateway(length: int) -> None:
    assert find_route("Verizon", TODAY, length=length, picture=True) == Route(
        "vzwpix.com", 1600, True, "", "2027-03-31"
    )


def test_a_picture_goes_by_a_picture_gateway_of_which_little_is_known_and_that_is_said() -> None:
    assert find_route("T-Mobile", TODAY, length=140, picture=True) == Route(
        "tmomail.net",
        1600,
        True,
        "nobody has shown lately that T-Mobile's MMS gateway delivers "
        "(github.com/judy-huynh/price-texts); seen to take texts from Gmail only, hours late at "
        "times and without emoji. See whether the text arrives.",
        "",
    )


@pytest.mark.parametrize("length", [140, 141])
@pytest.mark.parametrize("picture", [False, True])
def test_a_carrier_without_a_picture_gateway_takes_no_picture(length: int, picture: bool) -> None:
    assert find_route("Kajeet", TODAY, length=length, picture=picture) == Route(
        "mobile.kajeet.net",
        140,
        False,
        "nobody has shown lately that Kajeet's SMS gateway delivers "
        "(github.com/mfitzp/List_of_SMS_gateways). See whether the text arrives.",
        "",
    )


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("Koodo", "try MY_CARRIER=Telus if nothing arrives"),
        ("MTS", "it is a Bell brand, and Bell closed its gateway on 2025-12-31"),
        ("NorthernTel", "it is a Bell brand, and Bell closed its gateway on 2025-12-31"),
        ("Télébec", "it is a Bell brand, and Bell closed its gateway on 2025-12-31"),
        ("Virgin Plus", "it is a Bell brand, and Bell closed its gateway on 2025-12-31"),
    ],
)
def test_a_route_that_nobody_has_shown_to_work_comes_with_its_advice(
    name: str, advice: str
) -> None:
    note = find_route(name, TODAY, length=1, picture=False).note
    assert note.endswith(f"); {advice}. See whether the text arrives.")


def test_there_is_no_route_through_a_closed_gateway() -> None:
    with pytest.raises(LookupError, match=r"^Freedom Mobile closed its gateway on 2024-12-01 \("):
        find_route("Freedom", TODAY, length=141, picture=True)


def test_a_long_text_stays_on_sms_where_nothing_is_known_to_work() -> None:
    assert find_route("U.S. Cellular", TODAY, length=141, picture=False).domain == "email.uscc.net"


@pytest.mark.parametrize("row", MAIL_SERVERS, ids=lambda row: row.name)
def test_a_mail_servers_row_is_in_order(row: MailServer) -> None:
    assert row.login in ("password", "app password", "none")
    if row.login == "none":
        assert row.page == row.page.strip().rstrip(".") != ""
    else:
        odd = {"mobile.charter.net": {(587, "implicit")}}
        assert re.fullmatch(DOMAIN, row.host)
        assert (row.port, row.tls) in odd.get(row.host, {(465, "implicit"), (587, "starttls")})
    assert "://" not in row.page + row.source
    assert row.source == row.source.strip() != ""
    assert is_iso_date(row.checked)


@pytest.mark.parametrize("row", MAIL_SERVERS, ids=lambda row: row.name)
def test_each_mailbox_of_a_row_finds_that_row(row: MailServer) -> None:
    assert row.domains == " ".join(row.domains.split()) != ""
    for domain in row.domains.replace("*", "com").split():
        assert re.fullmatch(DOMAIN, domain)
        if row.login == "none":
            assert refusal_of_mailbox(f"you@{domain}").startswith(f"{row.page}. ")
        else:
            assert find_mail_server(f"you@{domain}") is row


def test_no_mailbox_is_in_two_rows() -> None:
    domains = Counter(domain for row in MAIL_SERVERS for domain in row.domains.split())
    assert [domain for domain, times in domains.items() if times > 1] == []


@pytest.mark.parametrize(
    ("address", "server"),
    [
        ("you@gmail.com", ("smtp.gmail.com", 465, "implicit", "app password")),
        ("You@GoogleMail.COM", ("smtp.gmail.com", 465, "implicit", "app password")),
        ("you@icloud.com", ("smtp.mail.me.com", 587, "starttls", "app password")),
        ("you@charter.net", ("mobile.charter.net", 587, "implicit", "password")),
        ("you@gmx.net", ("mail.gmx.net", 465, "implicit", "password")),  # a row above gmx.*
        ("you@gmx.com", ("mail.gmx.com", 465, "implicit", "password")),
        ("you@gmx.co.uk", ("mail.gmx.com", 465, "implicit", "password")),
        ('"you@home"@web.de', ("smtp.web.de", 465, "implicit", "password")),
    ],
)
def test_a_mailbox_finds_its_mail_server(address: str, server: tuple[str, int, str, str]) -> None:
    row = find_mail_server(address)
    assert (row.host, row.port, row.tls, row.login) == server


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("you@hotmail.co.uk", OUTLOOK),
        ("you@proton.me", PROTON),
        ("you@TUTA.com", "Tuta lets no other program send"),
    ],
)
def test_a_mailbox_in_which_no_password_works_says_why_and_what_to_do(
    address: str, why: str
) -> None:
    expected = f"{why}. Set SMTP_USER to another mailbox, such as Gmail."
    assert refusal_of_mailbox(address) == expected


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("you@Example.org", "example.org"),
        ("you@notgmail.com", "notgmail.com"),
        ("you@gmail.com.example.org", "gmail.com.example.org"),
    ],
)
def test_a_mailbox_that_is_not_known_says_what_to_set(address: str, domain: str) -> None:
    assert refusal_of_mailbox(address) == (
        f"carriers.py knows no mail server for {domain}. Set SMTP_HOST to the one that your mail "
        "provider's help names as its outgoing (SMTP) server; with Google Workspace that is "
        "smtp.gmail.com, with Microsoft 365 smtp.office365.com and SMTP_PORT=587, if your "
        "administrator allows it (passwords are off by default from the end of December 2026)."
    )


@pytest.mark.parametrize("row", RELAYS, ids=lambda row: row.name)
def test_a_relays_row_is_in_order(row: Relay) -> None:
    assert row.hosts == " ".join(row.hosts.split()) != ""
    for host in row.hosts.replace("*", "us-east-1").split():
        assert re.fullmatch(DOMAIN, host)
        assert find_relay(host) is find_relay(host.upper()) is row
    assert (row.port, row.tls) in {(465, "implicit"), (587, "starttls")}
    assert row.user == row.user.strip()
    assert is_sentence(row.trap)
    assert is_iso_date(row.checked)
    assert row.source == row.source.strip() != ""
    assert "://" not in row.source


@pytest.mark.parametrize(
    ("host", "name", "port", "user"),
    [
        ("email-smtp.eu-west-1.amazonaws.com", "Amazon SES", 465, ""),
        ("smtp.sendgrid.net", "SendGrid", 587, "apikey"),
        ("smtp.eu.mailgun.org", "Mailgun", 465, ""),
        ("smtp-relay.brevo.com", "Brevo", 587, ""),
        ("smtp.resend.com", "Resend", 465, "resend"),
        ("smtp.postmarkapp.com", "Postmark", 587, ""),
        ("mail-eu.smtp2go.com", "SMTP2GO", 587, ""),
        ("smtp.office365.com", "Microsoft 365", 587, ""),
        ("smtp.gmail.com", "Gmail and Google Workspace", 465, ""),
        ("smtp-relay.gmail.com", "Google Workspace's relay", 587, ""),
        ("smtp.protonmail.ch", "Proton Mail", 587, ""),
    ],
)
def test_a_relay_is_known_by_its_host(host: str, name: str, port: int, user: str) -> None:
    relay = find_relay(host)
    assert relay is not None
    assert (relay.name, relay.port, relay.user) == (name, port, user)


@pytest.mark.parametrize(
    "host", ["", "localhost", "smtp.example.com", "smtp.sendgrid.net.example.com", "amazonaws.com"]
)
def test_another_host_is_no_relay(host: str) -> None:
    assert find_relay(host) is None


@pytest.mark.parametrize("row", PUSH, ids=lambda row: row.name)
def test_a_push_services_row_is_in_order(row: Push) -> None:
    assert re.fullmatch(DOMAIN, row.domain)
    assert row.unit in ("bytes", "characters")
    assert row.limit > 160
    assert is_sentence(row.note)
    assert is_iso_date(row.checked)
    assert row.source == row.source.strip() != ""
    assert "://" not in row.source
    assert find_push(f"you@{row.domain}") is find_push(f"you@{row.domain.upper()}") is row


@pytest.mark.parametrize(
    ("address", "limit", "unit", "pictures"),
    [
        ("ntfy-0123456789abcdef@ntfy.sh", 4096, "bytes", False),
        ("0123456789@pomail.net", 1024, "characters", True),
    ],
)
def test_a_push_address_has_its_limits(address: str, limit: int, unit: str, pictures: bool) -> None:
    push = find_push(address)
    assert push is not None
    assert (push.limit, push.unit, push.pictures) == (limit, unit, pictures)


@pytest.mark.parametrize(
    "address", ["you@example.com", "ntfy-topic@ntfy.example.com", "you@ntfy.sh.invalid"]
)
def test_another_address_is_no_push_address(address: str) -> None:
    assert find_push(address) is None


@pytest.mark.parametrize(
    ("address", "guessable"),
    [
        ("ntfy-alerts@ntfy.sh", True),
        ("ntfy-backup1@NTFY.sh", True),
        ("ntfy-nothing-but-letters-here@ntfy.sh", True),
        ("ntfy-0123456789abcde@ntfy.sh", True),
        ("ntfy-0123456789abcdef@ntfy.sh", False),
        ("ntfy-alerts+tk_0123456789abcdef@ntfy.sh", False),
        ("alerts@pomail.net", False),
        ("you@example.com", False),
    ],
)
def test_a_topic_that_is_short_or_without_digits_is_guessable(
    address: str, guessable: bool
) -> None:
    assert is_guessable_topic(address) is guessable


def test_the_list_has_a_line_for_each_carrier_and_what_works_is_first() -> None:
    lines = list_gateways("", TODAY)
    rows = sorted(GATEWAYS, key=lambda row: STATUSES.index(row.best_status(TODAY)))
    assert [line.split(": ")[0] for line in lines] == [
        f"{row.name} ({row.country})" for row in rows
    ]
    assert lines[0] == "Google Fi (US): open"
    assert lines[-1] == "Vodafone Czech Republic (CZ): closed"


@pytest.mark.parametrize("status", STATUSES)
def test_a_status_lists_the_carriers_of_which_the_best_gateway_is_in_it(status: str) -> None:
    lines = list_gateways(status.upper(), TODAY)
    names = [line.partition(" (")[0] for line in lines]
    expected = [row.name for row in GATEWAYS if row.best_status(TODAY) == status]
    assert names == [name.partition(" (")[0] for name in expected]
    assert names


def test_a_status_that_no_carrier_has_is_said() -> None:
    with pytest.raises(LookupError) as caught:
        list_gateways("closing", NEXT_YEAR)
    assert str(caught.value) == NO_SUCH_CARRIER


@pytest.mark.parametrize("today", [TODAY, NEXT_YEAR])
def test_the_list_fits_a_terminal_but_for_the_address_of_a_source(today: date) -> None:
    sources = {f"  {row.source}" for row in GATEWAYS}
    names = ["", *(row.name for row in GATEWAYS)]
    lines = {line for name in names for line in list_gateways(name, today)}
    assert sources <= lines
    assert [line for line in lines - sources if len(line) > 80] == []


@pytest.mark.parametrize(
    ("typed", "today", "line"),
    [
        ("google fi", TODAY, "Google Fi (US): open"),
        ("T-Mobile USA", TODAY, "T-Mobile (US): open for sms, unverified for mms"),
        ("vzw", TODAY, "Verizon (US): closing by about 2027-03-31"),
        ("vzw", NEXT_YEAR, "Verizon (US): closed by about 2027-03-31"),
        ("Straight Talk", TODAY, "Straight Talk (US): unverified, closing by about 2027-03-31"),
        ("firstnet", TODAY, "FirstNet (US): closed on 2025-06-17"),
        ("Helio", TODAY, "Helio (US): closed"),
        ("Xfinity", TODAY, "Xfinity Mobile (US): open"),
        ("kajeet", TODAY, "Kajeet (US): unverified"),
    ],
)
def test_a_line_of_the_list_has_what_works(typed: str, today: date, line: str) -> None:
    assert list_gateways(typed, today)[0] == line


@pytest.mark.parametrize(
    ("typed", "details"),
    [
        (
            "vzw",
            [
                "  sms:vtext.com mms:vzwpix.com, looked up on 2026-11-25",
                "  text On to 4040 from the phone if nothing arrives",
                "  verizon.com/support/vtext-vzwpix-shutdown",
            ],
        ),
        (
            "Helio",
            [
                "  sms:myhelio.com, looked up on 2026-11-20",
                "  github.com/mfitzp/List_of_SMS_gateways",
            ],
        ),
    ],
)
def test_a_name_gets_the_addresses_the_advice_and_who_says_so(
    typed: str, details: list[str]
) -> None:
    assert list_gateways(typed, TODAY)[1:] == details


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("COMCAST", ["Xfinity Mobile"]),
        ("verizon prep", ["Verizon"]),
        ("at & t", ["AT&T"]),
        # A carrier that is called so comes first, whatever works.
        ("VIRGIN", ["Virgin Mobile USA", "Virgin Plus", "Virgin Mobile UK"]),
        ("fi", ["Google Fi", "Videotron", "Fido", "FirstNet"]),
        ("t-mobile", ["T-Mobile", "Metro by T-Mobile", "Magenta Telekom", "Sprint"]),
    ],
)
def test_the_beginning_of_a_word_lists_each_carrier_that_has_it(
    typed: str, names: list[str]
) -> None:
    lines = list_gateways(typed, TODAY)
    assert [line.partition(" (")[0] for line in lines if not line.startswith("  ")] == names


def test_several_carriers_of_which_none_is_called_so_get_a_line_each() -> None:
    assert list_gateways("al", TODAY) == [
        "Alaska Communications (US): unverified",
        "GCI (US): unverified",
        "Alltel (US): closed",
    ]


def test_a_name_that_is_misspelled_lists_the_nearest_carrier_be_it_open_or_closed() -> None:
    assert list_gateways("Verison", TODAY) == list_gateways("Verizon Wireless", TODAY)
    assert list_gateways("Sprnt", TODAY)[0] == "Sprint (US): closed"


@pytest.mark.parametrize("typed", ["Banana Phone Company", "Cox Mobile", "Helium Mobile"])
def test_a_name_that_is_near_none_lists_nothing_and_is_said(typed: str) -> None:
    with pytest.raises(LookupError) as caught:
        list_gateways(typed, TODAY)
    assert str(caught.value) == NO_SUCH_CARRIER


def test_importing_the_phone_book_imports_nothing_that_typing_does_not() -> None:
    code = (
        "import __future__, sys, typing, unicodedata; before = set(sys.modules); "
        "import carriers; print(*set(sys.modules) - before)"
    )
    command = [sys.executable, "-S", "-c", code]
    done = subprocess.run(command, cwd=MODULES, check=True, capture_output=True, text=True)
    assert done.stdout == "carriers\n"
