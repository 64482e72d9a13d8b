"""The phone book: each row's papers, and what a lookup finds or says."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from carriers import (
    GATEWAYS,
    MAIL_SERVERS,
    Gateway,
    MailServer,
    Route,
    _plain,
    find_closed_domain,
    find_gateway,
    find_mail_server,
    find_route,
    list_gateways,
)

TODAY = date(2026, 11, 20)
OUTLOOK = (
    "Outlook.com, Hotmail, Live and MSN take no password from programs since 2024-09-16, "
    "app passwords included"
)
PROTON = (
    "Proton Mail lets other programs send only through its paid Bridge app (proton.me/mail/bridge)"
)
DOMAIN = r"([a-z0-9-]+\.)+[a-z]{2,}"


def is_iso_date(text: str) -> bool:
    return date.fromisoformat(text).isoformat() == text


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
    assert row.source == row.source.strip() != ""
    assert "://" not in row.source


def test_no_name_means_two_carriers() -> None:
    names = [_plain(alias) for row in GATEWAYS for alias in row.names.split(" | ")]
    assert [name for name, times in Counter(names).items() if times > 1 or not name] == []


def test_the_carriers_are_in_the_order_of_their_names() -> None:
    names = [row.name for row in GATEWAYS]
    assert names == sorted(names, key=_plain)


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
    ("typed", "hint"),
    [
        ("Sprnt", "Did you mean Sprint? Else set"),
        ("Gogle Fi", "Did you mean Google Fi or Google Voice? Else set"),
        ("Banana Phone Company", "Set"),
        ("+15559998888", "Set"),
        ("", "Set"),
    ],
)
def test_a_name_that_is_not_known_is_said_with_those_that_are_near_it(
    typed: str, hint: str
) -> None:
    assert refusal_of_gateway(typed) == (
        f"MY_CARRIER is no carrier that carriers.py knows. {hint} MY_GATEWAY to an e-mail address "
        "that reaches you."
    )


def test_no_closed_foreign_carrier_is_suggested() -> None:
    assert "O2 Germany" not in refusal_of_gateway("O2")


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
    last_day, next_day = date(2027, 3, 31), date(2027, 4, 1)
    row = find_gateway("Verizon", last_day)
    assert [row.status("sms", day) for day in (last_day, next_day)] == ["closing", "closed"]
    assert refusal_of_gateway("Verizon", next_day).startswith(
        "Verizon closed its gateway on 2027-03-31 (verizon.com/support/vtext-vzwpix-shutdown)"
    )


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
        ("Google Fi", Route("msg.fi.google.com", 140, True, "")),
        ("Verizon", Route("vtext.com", 140, True, "")),
        ("Visible", Route("vzwpix.com", 1600, True, "")),
        ("Xfinity", Route("mypixmessages.com", 1600, True, "")),
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
        ("Google Fi", Route("msg.fi.google.com", 1600, True, "")),
        ("Verizon", Route("vzwpix.com", 1600, True, "")),
        ("T-Mobile", Route("tmomail.net", 140, True, "")),
        ("Telus", Route("msg.telus.com", 140, True, "")),
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


@pytest.mark.parametrize("length", [140, 141])
def test_a_picture_goes_by_the_picture_gateway(length: int) -> None:
    assert find_route("Verizon", TODAY, length=length, picture=True) == Route(
        "vzwpix.com", 1600, True, ""
    )


def test_a_picture_goes_by_a_picture_gateway_of_which_little_is_known_and_that_is_said() -> None:
    assert find_route("T-Mobile", TODAY, length=140, picture=True) == Route(
        "tmomail.net",
        1600,
        True,
        "nobody has shown lately that T-Mobile's MMS gateway delivers "
        "(github.com/judy-huynh/price-texts). See whether the text arrives.",
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
    )


def test_there_is_no_route_through_a_closed_gateway() -> None:
    with pytest.raises(LookupError, match=r"^Rogers closed its gateway on 2023-07-01 \("):
        find_route("Rogers", TODAY, length=141, picture=True)


def test_a_long_text_stays_on_sms_where_nothing_is_known_to_work() -> None:
    assert find_route("U.S. Cellular", TODAY, length=141, picture=False).domain == "email.uscc.net"


def test_advice_for_an_open_gateway_is_not_given_for_a_closed_one() -> None:
    with pytest.raises(LookupError) as caught:
        find_gateway("Verizon", date(2027, 4, 1))
    assert str(caught.value) == (
        "Verizon closed its gateway on 2027-03-31 (verizon.com/support/vtext-vzwpix-shutdown). "
        "Set MY_GATEWAY to an e-mail address that reaches you."
    )


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
        "provider's help names as its outgoing (SMTP) server."
    )


def test_the_list_has_a_line_for_each_carrier() -> None:
    lines = list_gateways("", TODAY)
    assert [line.split(": ")[0] for line in lines] == [
        f"{row.name} ({row.country})" for row in GATEWAYS
    ]


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        (
            "google fi",
            "Google Fi (US): open, sms:msg.fi.google.com mms:msg.fi.google.com, "
            "support.google.com/fi/answer/6356597",
        ),
        (
            "T-Mobile USA",
            "T-Mobile (US): open/unverified, sms:tmomail.net mms:tmomail.net, "
            "github.com/judy-huynh/price-texts",
        ),
        (
            "vzw",
            "Verizon (US): closes 2027-03-31, sms:vtext.com mms:vzwpix.com, "
            "verizon.com/support/vtext-vzwpix-shutdown",
        ),
        (
            "firstnet",
            "FirstNet (US): closed 2025-06-17, sms:txt.att.net mms:mms.att.net, "
            "att.com/support/article/wireless/KM1061254",
        ),
        (
            "Helio",
            "Helio (US): closed, sms:myhelio.com, github.com/mfitzp/List_of_SMS_gateways",
        ),
        (
            "Xfinity",
            "Xfinity Mobile (US): open, mms:mypixmessages.com, "
            "xfinity.com/support/articles/block-email-text-messages",
        ),
    ],
)
def test_a_line_of_the_list_has_what_works_where_and_who_says_so(typed: str, line: str) -> None:
    assert list_gateways(typed, TODAY) == [line]


def test_a_part_of_a_name_lists_each_carrier_that_has_it() -> None:
    lines = list_gateways("comcast", TODAY)
    assert [line.partition(" (")[0] for line in lines] == ["Xfinity Mobile"]
    lines = list_gateways("VIRGIN", TODAY)
    assert [line.partition(" (")[0] for line in lines] == [
        "Virgin Mobile UK",
        "Virgin Mobile USA",
        "Virgin Plus",
    ]


def test_a_name_that_is_misspelled_lists_the_nearest_carrier() -> None:
    lines = list_gateways("Verison", TODAY)
    assert [line.partition(" (")[0] for line in lines] == ["Verizon"]


def test_a_name_that_is_near_none_lists_nothing_and_is_said() -> None:
    with pytest.raises(LookupError) as caught:
        list_gateways("Banana Phone Company", TODAY)
    assert str(caught.value) == (
        "carriers.py knows no such carrier. Set MY_GATEWAY to an e-mail address that reaches you."
    )
