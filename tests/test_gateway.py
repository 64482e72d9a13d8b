"""The route by a mail server to the carrier's gateway.

In this order: the address that it goes to; the mail as it is on the wire; the way to the server,
with TLS; the login; the hand-over and its refusals; what is left unknown; numbered parts.
"""

from __future__ import annotations

import random
import re
import socket
from collections.abc import Callable
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from phone import SMTP_PASSWORD, SMTP_USER, Phone, stranger

from textmyself import textmyself

SetUp = Callable[..., Phone]
pytestmark = pytest.mark.usefixtures("short_pauses")
CHECK_SERVER = "Check SMTP_HOST, SMTP_PORT and SMTP_TLS."


@pytest.mark.parametrize("address", ["5559998888@msg.fi.google.com", "you@example.com"])
def test_an_address_of_ones_own_takes_the_message_whole(set_up: SetUp, address: str) -> None:
    phone = set_up("gateway", MY_CARRIER=None, MY_PHONE_NUMBER=None, MY_GATEWAY=address)
    words = ("word " * 2000).strip()
    receipt = textmyself(words)
    assert (receipt.parts, receipt.problems) == (1, ())
    assert [(text.to, text.body) for text in phone.texts] == [(address, words)]


def test_an_address_at_a_closed_gateway_is_used_and_told(set_up: SetUp) -> None:
    phone = set_up("gateway", MY_CARRIER=None, MY_GATEWAY="5559998888@Cingularme.com")
    receipt = textmyself("hello")
    assert len(phone.texts) == 1
    assert receipt.problems == (
        "gateway: cingularme.com was a gateway of Cingular, and is closed "
        "(att.com/support/article/wireless/KM1061254).",
    )


def test_a_closed_gateway_says_when_and_who_says_so(set_up: SetUp) -> None:
    phone = set_up("gateway", MY_CARRIER="AT&T")
    assert textmyself("hello").problems == (
        "gateway: AT&T closed its gateway on 2025-06-17 (att.com/support/article/wireless/"
        "KM1061254). Set MY_GATEWAY to an e-mail address that reaches you.",
    )
    assert phone.texts == []


def test_a_number_outside_america_needs_an_address(set_up: SetUp) -> None:
    set_up("gateway", MY_PHONE_NUMBER="+447700900123")
    assert textmyself("hello").problems == (
        "gateway: carriers' gateways take numbers in the US and Canada only. Set MY_GATEWAY to an "
        "e-mail address that reaches you.",
    )


def test_a_number_that_is_none_is_told_before_the_country(set_up: SetUp) -> None:
    set_up("gateway", MY_PHONE_NUMBER="555999888")
    assert textmyself("hello").problems == (
        "gateway: MY_PHONE_NUMBER should be your own phone: + and the country code, then no 0, "
        "like +15559998888.",
    )


def test_the_mail_holds_the_words_and_little_else(set_up: SetUp) -> None:
    phone = set_up("gateway")
    words = "x" * 100 + " " + "y" * 39
    receipt = textmyself(words)
    mail = message_from_bytes(phone.texts[0].raw, policy=policy.default)
    assert sorted(mail.keys()) == [
        "Content-Transfer-Encoding",
        "Content-Type",
        "Date",
        "From",
        "MIME-Version",
        "Message-ID",
        "To",
    ]
    assert mail["Content-Type"] == 'text/plain; charset="us-ascii"'
    assert mail["Content-Transfer-Encoding"] == "7bit"
    assert (mail["From"], mail["To"]) == (SMTP_USER, "5559998888@msg.fi.google.com")
    assert (mail["Message-ID"],) == receipt.ids
    assert mail["Message-ID"].endswith("@gmail.com>")
    assert parsedate_to_datetime(mail["Date"]).year >= 2026
    assert phone.texts[0].raw.endswith(f"\r\n\r\n{words}\r\n".encode())


def test_other_letters_arrive_as_they_are_and_the_wire_stays_7bit(set_up: SetUp) -> None:
    phone = set_up("gateway")
    textmyself("naïve 👋")
    assert phone.texts[0].body == "naïve 👋"
    assert phone.texts[0].raw.isascii()


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("äöü" * 400, "base64"),
        ("The tests of the café have failed. " * 40, "quoted-printable"),
        ("\u4e2d" * 500, "base64"),
        ("x" * 1500, "quoted-printable"),
    ],
)
@pytest.mark.parametrize("picture", [False, True], ids=["no picture", "a picture"])
def test_a_line_of_an_encoded_mail_has_78_characters_at_most(
    set_up: SetUp, tmp_path: Path, words: str, encoding: str, picture: bool
) -> None:
    phone = set_up("gateway")
    (tmp_path / "plot.png").write_bytes(bytes(range(256)) * 20)
    assert textmyself(words, media=tmp_path / "plot.png" if picture else None).sent
    [text] = phone.texts
    assert text.body == words.strip()
    assert text.picture == (bytes(range(256)) * 20 if picture else b"")
    assert f"Content-Transfer-Encoding: {encoding}".encode() in text.raw
    assert max(map(len, text.raw.split(b"\r\n"))) <= 78


@pytest.mark.parametrize("picture", [False, True], ids=["no picture", "a picture"])
def test_a_line_of_plain_letters_is_not_folded(
    set_up: SetUp, tmp_path: Path, picture: bool
) -> None:
    phone = set_up("gateway")
    (tmp_path / "plot.png").write_bytes(b"png")
    words = ("word " * 199).strip()
    assert textmyself(words, media=tmp_path / "plot.png" if picture else None).sent
    [text] = phone.texts
    assert text.body == words
    assert f"\r\n\r\n{words}\r\n".encode() in text.raw


@pytest.mark.parametrize("routes", [("gateway",), ("twilio",)])
@pytest.mark.parametrize("picture", [False, True], ids=["no picture", "a picture"])
def test_the_jobs_random_numbers_stay_what_they_are(
    set_up: SetUp, tmp_path: Path, routes: tuple[str], picture: bool
) -> None:
    set_up(*routes)
    (tmp_path / "plot.png").write_bytes(b"png")
    random.seed(42)
    numbers = [random.random() for _ in range(3)]
    random.seed(42)
    assert textmyself("häää", media=tmp_path / "plot.png" if picture else None, confirm=0).sent
    assert [random.random() for _ in range(3)] == numbers


@pytest.mark.parametrize("routes", [("gateway",), ("twilio", "gateway")], ids=["alone", "both"])
@pytest.mark.parametrize(
    "refusal",
    [
        {},
        {"MAIL": ["552 5.3.4 Message size exceeds fixed limit"]},
        {"MAIL": ["554 too large"]},
        {".": ["552 5.2.3 Your message exceeded Google's message size limits."]},
        {".": ["554 Message rejected: Stream is more than 300000 bytes long."]},
        {".": ["550 5.7.0 This message was blocked because of its picture."]},
        {"MAIL": ["452 4.3.1 message too large"]},
        {"MAIL": ["552 5.3.4 Message exceeded the maximum size allowed"]},
        {".": ["552 Message size limit exceeded"]},
    ],
    ids=["SIZE", "552 at MAIL", "554 at MAIL", "552", "554", "550", "452 at MAIL", "max", "limit"],
)
def test_a_picture_that_a_server_refuses_is_left_out_and_the_text_goes(
    set_up: SetUp, tmp_path: Path, refusal: dict[str, list[str]], routes: tuple[str, ...]
) -> None:
    phone = set_up(*routes)
    if not refusal:
        phone.mail_size = 300_000
    phone.smtp_replies = {command: list(replies) for command, replies in refusal.items()}
    (tmp_path / "plot.png").write_bytes(bytes(750_000))
    receipt = textmyself("hello", media=tmp_path / "plot.png")
    assert (receipt.sent, receipt.route, receipt.status) == (True, "gateway", "accepted")
    assert [(text.body, text.picture) for text in phone.texts] == [("hello", b"")]
    [problem] = receipt.problems
    assert problem.startswith("picture: left out: ")
    assert re.search("[45]5[024] ", problem)
    assert phone.requests == []


def test_a_picture_without_a_text_that_a_server_refuses_is_not_sent(
    set_up: SetUp, tmp_path: Path
) -> None:
    phone = set_up("gateway")
    phone.mail_size = 3000
    (tmp_path / "plot.png").write_bytes(bytes(20_000))
    receipt = textmyself("", media=tmp_path / "plot.png")
    assert (receipt.sent, receipt.status, phone.texts) == (False, "not sent", [])
    [problem] = receipt.problems
    assert "552" in problem
    assert "no text" in problem


def test_a_text_that_is_refused_without_its_picture_too_is_not_sent(
    set_up: SetUp, tmp_path: Path
) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {".": "554 5.7.1 not that"}
    (tmp_path / "plot.png").write_bytes(b"png")
    receipt = textmyself("hello", media=tmp_path / "plot.png")
    assert (receipt.status, phone.texts) == ("not sent", [])
    assert phone.verbs.count(".") == 2
    assert "(554 5.7.1 not that)" in receipt.problems[-1]


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_we_say_hello_with_the_senders_domain(set_up: SetUp, phone: Phone, tls: str) -> None:
    port = {"implicit": phone.implicit_port, "starttls": phone.starttls_port}[tls]
    set_up("gateway", SMTP_PORT=str(port), SMTP_TLS=tls, SMTP_FROM="you@example.com")
    assert textmyself("hello").sent
    hellos = {command for command in phone.commands if command.startswith("EHLO")}
    assert hellos == {"EHLO example.com"}


def test_a_server_that_minds_a_mere_address_in_ehlo_is_fine(set_up: SetUp) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {"EHLO [": "421 4.7.0 Try again later, closing connection. (EHLO)"}
    assert textmyself("hello").problems == ()
    assert "EHLO gmail.com" in phone.commands


def test_an_old_server_without_ehlo_gets_helo(set_up: SetUp, phone: Phone) -> None:
    relay = {"SMTP_USER": None, "SMTP_PASSWORD": None, "SMTP_FROM": "you@example.com"}
    set_up("gateway", SMTP_PORT=str(phone.plain_port), SMTP_TLS="none", **relay)
    phone.smtp_replies = {"EHLO": "502 5.5.1 what?"}
    assert textmyself("hello").sent
    assert "HELO example.com" in phone.commands


@pytest.mark.parametrize("code", ["421", "450", "550"])
def test_a_refused_hello_is_told_with_the_servers_words(set_up: SetUp, code: str) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = dict.fromkeys(("EHLO", "HELO"), f"{code} you are odd")
    [problem] = textmyself("hello").problems
    assert f"refused to talk with this machine ({code} you are odd)" in problem
    assert "AUTH" not in phone.verbs


@pytest.mark.parametrize("code", ["421", "550"])
def test_a_server_that_hangs_up_with_its_refusal_of_ehlo_is_told_with_its_words(
    set_up: SetUp, code: str
) -> None:
    with stranger(f"220 hello\r\n{code} you are odd\r\n".encode(), "") as port:
        set_up("gateway", SMTP_PORT=str(port), SMTP_TLS="starttls")
        [problem] = textmyself("hello").problems
    assert f"refused to talk with this machine ({code} you are odd)" in problem


def test_a_server_that_is_not_there_says_so(set_up: SetUp) -> None:
    set_up("gateway", SMTP_PORT="9")
    assert textmyself("hello").problems == (
        "gateway: localhost:9 refused the connection. Check whether a firewall blocks it. "
        f"{CHECK_SERVER}",
    )


def test_a_name_that_nobody_knows_says_so(set_up: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> object:
        raise socket.gaierror(-2, "Name or service not known")

    phone = set_up("gateway", SMTP_HOST="smtp.example.com")
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert textmyself("hello").problems == (
        f"gateway: smtp.example.com:{phone.implicit_port} was not found. "
        f"Check whether this machine is online. {CHECK_SERVER}",
    )


def test_a_network_that_is_not_there_is_told(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object) -> None:
        raise OSError(101, "Network is unreachable")

    phone = set_up("gateway")
    monkeypatch.setattr(socket, "create_connection", unreachable)
    assert textmyself("hello").problems == (
        f"gateway: localhost:{phone.implicit_port} was not reached. Check whether this machine is "
        f"online. {CHECK_SERVER}",
    )


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_a_silent_server_ends_with_the_timeout(set_up: SetUp, tls: str) -> None:
    with stranger(b"") as port:
        set_up("gateway", SMTP_PORT=str(port), SMTP_TLS=tls)
        assert textmyself("hello", timeout=4).problems == (
            f"gateway: localhost:{port} did not answer in time. Check this machine's network. "
            f"{CHECK_SERVER}",
        )


def test_a_server_that_is_no_mail_server_says_so(set_up: SetUp) -> None:
    with stranger(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        set_up("gateway", SMTP_PORT=str(port), SMTP_TLS="starttls")
        assert textmyself("hello").problems == (
            f"gateway: localhost:{port} does not speak SMTP as it should. {CHECK_SERVER}",
        )


def test_a_server_that_turns_us_away_says_so(set_up: SetUp) -> None:
    with stranger(b"554 5.7.1 not you\r\n") as port:
        set_up("gateway", SMTP_PORT=str(port), SMTP_TLS="starttls")
        [problem] = textmyself("hello").problems
    assert_advice(problem, "554 5.7.1 not you")


def test_starttls_sends_as_well(set_up: SetUp, phone: Phone) -> None:
    set_up("gateway", SMTP_PORT=str(phone.starttls_port), SMTP_TLS=None)
    assert textmyself("hello").problems == ()
    assert phone.texts[0].body == "hello"
    assert phone.verbs.index("STARTTLS") < phone.verbs.index("AUTH")


def test_ports_mixed_up_say_so(set_up: SetUp, phone: Phone) -> None:
    port = phone.starttls_port
    set_up("gateway", SMTP_PORT=str(port))
    assert textmyself("hello").problems == (
        f"gateway: localhost:{port} does not speak TLS as it should. Check the port and the "
        f"network. {CHECK_SERVER}",
    )


@pytest.mark.parametrize("kind", ["untrusted", "misnamed", "expired"])
@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_a_server_whose_certificate_is_not_trusted_gets_no_password(
    set_up: SetUp, phone: Phone, tls: str, kind: str
) -> None:
    port = {"implicit": phone.implicit_port, "starttls": phone.starttls_port}[tls]
    set_up("gateway", SMTP_PORT=str(port), SMTP_TLS=tls)
    phone.show_certificate("right", kind)
    [problem] = textmyself("hello").problems
    assert problem.startswith(f"gateway: localhost:{port} shows a certificate")
    assert {"AUTH", "MAIL"}.isdisjoint(phone.verbs)


@pytest.mark.parametrize(
    ("ehlo", "tls"),
    [("250 localhost", "starttls"), ("250-localhost\r\n250 AUTH NTLM XOAUTH2", "implicit")],
    ids=["no encryption", "no login by a password"],
)
def test_a_server_that_does_not_offer_what_it_takes_gets_no_password(
    set_up: SetUp, phone: Phone, ehlo: str, tls: str
) -> None:
    port = {"implicit": phone.implicit_port, "starttls": phone.plain_port}[tls]
    set_up("gateway", SMTP_PORT=str(port), SMTP_TLS=tls)
    phone.smtp_replies = {"EHLO": ehlo}
    assert textmyself("hello").problems == (
        f"gateway: localhost:{port} offers no encryption, or no login, so it got no password. "
        f"Use the mail server that your mailbox's help names. {CHECK_SERVER}",
    )
    assert "AUTH" not in phone.verbs
    assert phone.texts == []


@pytest.mark.parametrize("tls", [None, "none"])
def test_a_relay_on_this_machine_needs_neither_tls_nor_password(
    set_up: SetUp, phone: Phone, tls: str | None
) -> None:
    relay = {"SMTP_USER": None, "SMTP_PASSWORD": None, "SMTP_FROM": "you@example.com"}
    set_up("gateway", SMTP_PORT=str(phone.plain_port), SMTP_TLS=tls, **relay)
    assert textmyself("hello").problems == ()
    assert phone.texts[0].sender == "you@example.com"
    assert {"STARTTLS", "AUTH"}.isdisjoint(phone.verbs)


def test_a_server_that_wants_a_log_in_first_says_so(set_up: SetUp) -> None:
    phone = set_up("gateway", SMTP_USER=None, SMTP_PASSWORD=None, SMTP_FROM="you@example.com")
    [problem] = textmyself("hello").problems
    assert_advice(problem, "530 5.7.0 Authentication required")
    assert phone.texts == []


def test_a_server_that_offers_another_log_in_is_fine(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("gateway")
    monkeypatch.delattr("aiosmtpd.smtp.SMTP.auth_PLAIN")
    assert textmyself("hello").problems == ()
    assert len(phone.texts) == 1


def test_a_password_is_refused_once_and_not_tried_in_other_ways(set_up: SetUp) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {"AUTH": ["535 5.7.8 no", ""]}
    [problem] = textmyself("hello").problems
    assert problem == (
        "gateway: localhost does not take this user name and password (535 5.7.8 no). "
        "Check SMTP_USER, make an app password and set SMTP_PASSWORD to it."
    )
    assert phone.verbs.count("AUTH") == 1


def test_a_wrong_password_names_the_page_where_to_make_another(
    set_up: SetUp, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up = socket.getaddrinfo

    def gmail(host: str, port: int, *rest: int) -> object:
        assert (host, port) == ("smtp.gmail.com", 465)
        return look_up("127.0.0.1", phone.implicit_port, *rest)

    server = {"SMTP_HOST": None, "SMTP_PORT": None, "SMTP_TLS": None}
    set_up("gateway", SMTP_PASSWORD="wrong", **server)
    monkeypatch.setattr(socket, "getaddrinfo", gmail)
    [problem] = textmyself("hello").problems
    assert problem.startswith("gateway: smtp.gmail.com does not take this user name and password")
    assert problem.endswith(
        "make an app password at myaccount.google.com/apppasswords and set SMTP_PASSWORD to it."
    )


def test_what_the_server_says_shows_no_password(set_up: SetUp) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {"AUTH": f"535 5.7.8 no: {SMTP_USER} {SMTP_PASSWORD}"}
    [problem] = textmyself("hello").problems
    assert f"(535 5.7.8 no: {SMTP_USER} ***)" in problem


def test_what_the_server_says_shows_the_number_in_no_shape(set_up: SetUp) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {"RCPT": "550 who are (555) 999-8888, 555.999.8888 and 5559998888?"}
    [problem] = textmyself("hello").problems
    assert "(550 who are (...8888, ...8888 and ...8888?)" in problem


def assert_advice(problem: str, reply: str) -> None:
    """Fail unless `problem` is what the server's `reply` means, and then what to do."""
    what, act = problem.removesuffix(".").split(f" ({reply}). ")
    assert what.startswith("gateway: localhost ")
    assert act
    assert SMTP_PASSWORD not in problem


@pytest.mark.parametrize(
    ("verb", "reply", "setting"),
    [
        ("AUTH", "534 5.7.9 Application-specific password required", "app password"),
        ("AUTH", "535 5.7.139 Authentication unsuccessful", ""),
        ("MAIL", "550 5.7.1 not your address", "SMTP_FROM"),
        ("MAIL", "552 5.3.4 too big", ""),
        ("RCPT", "550 5.1.1 nobody", "MY_PHONE_NUMBER and MY_CARRIER, or MY_GATEWAY"),
        (".", "552 5.3.4 too big", ""),
        (".", "554 5.7.1 spam", ""),
    ],
)
def test_a_refusal_is_final_and_says_what_to_do(
    set_up: SetUp, verb: str, reply: str, setting: str
) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {verb: reply}
    receipt = textmyself("hello")
    assert receipt.status == "not sent"
    [problem] = receipt.problems
    assert_advice(problem, reply)
    assert setting in problem
    assert phone.verbs.count("EHLO") == 1
    assert phone.texts == []


@pytest.mark.parametrize(
    ("verb", "reply", "sentences"),
    [
        ("AUTH", "534 5.7.9 no", "takes nothing but an app password (534 5.7.9 no). Make an app password and set SMTP_PASSWORD to it."),
        ("RCPT", "550 5.1.1 nobody", "says that this address does not exist (550 5.1.1 nobody). Check MY_PHONE_NUMBER and MY_CARRIER, or MY_GATEWAY."),
        ("RCPT", "450 4.2.1 slowly", "does not take it now (450 4.2.1 slowly). Text again later."),
    ],
)  # fmt: skip
def test_the_words_of_some_refusals(set_up: SetUp, verb: str, reply: str, sentences: str) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {verb: reply}
    assert textmyself("hello").problems == (f"gateway: localhost {sentences}",)


@pytest.mark.parametrize("reply", ["421 4.3.2 busy", ""], ids=["421", "a hang-up"])
@pytest.mark.parametrize("verb", ["AUTH", "MAIL", "RCPT"])
def test_a_server_that_is_busy_or_hangs_up_is_tried_once_more(
    set_up: SetUp, verb: str, reply: str
) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {verb: [reply]}
    assert textmyself("hello").problems == ()
    assert [text.body for text in phone.texts] == ["hello"]
    assert phone.verbs.count(verb) == 2


def test_a_server_that_is_busy_after_the_words_is_tried_once_more(set_up: SetUp) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {".": ["421 4.3.2 busy"]}
    assert textmyself("hello").problems == ()
    assert [text.body for text in phone.texts] == ["hello"]


@pytest.mark.parametrize(
    ("reply", "times"), [("450 4.2.1 greylisted", 2), ("500 what?", 1), ("550 5.1.1 no", 1)]
)
def test_a_refusal_for_now_is_said_twice_at_most_and_a_final_one_once(
    set_up: SetUp, reply: str, times: int
) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {"RCPT": reply}
    [problem] = textmyself("hello").problems
    assert_advice(problem, reply)
    assert phone.verbs.count("RCPT") == times


@pytest.mark.parametrize(
    "reply",
    ["252 cannot verify, but took it", "201 fine", f"250 {'x' * 9000}", "250-so\r\n250 be it"],
    ids=["252", "201", "a long line", "two lines"],
)
def test_every_yes_is_a_yes(set_up: SetUp, reply: str) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {".": reply}
    assert textmyself("hello").sent
    assert len(phone.texts) == 1


@pytest.mark.parametrize("reply", ["421 4.3.2 bye", "", "500 what?"])
def test_whatever_is_said_to_quit_the_text_is_sent(set_up: SetUp, reply: str) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {"QUIT": reply}
    receipt = textmyself("hello")
    assert (receipt.sent, receipt.problems) == (True, ())
    assert len(phone.texts) == 1


NO_YES = {
    "a hang-up": "",
    "half a code": "2",
    "two thirds of a code": "25",
    "a signed number": "+25",
    "a number as Python writes it": "2_5",
    "300": "300 what?",
    "100": "100 wait",
    "another kind of answer": "HTTP/1.1 200 OK",
}


@pytest.mark.parametrize("reply", NO_YES.values(), ids=NO_YES)
def test_an_answer_to_the_words_that_is_no_yes_leaves_it_unknown(set_up: SetUp, reply: str) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {".": reply}
    receipt = textmyself("hello")
    assert len(phone.texts) == 1
    assert (receipt.sent, receipt.status) == (False, "unknown")
    [problem] = receipt.problems
    assert problem.startswith(f"gateway: localhost:{phone.implicit_port} ")
    assert re.search("may already have the text|neither yes nor no when it had the text", problem)


def test_a_text_that_may_have_gone_by_the_gateway_is_not_sent_by_twilio(
    set_up: SetUp, tmp_path: Path
) -> None:
    phone = set_up("twilio", "gateway")
    phone.smtp_replies = {".": ""}
    # So that the gateway is the first.
    (tmp_path / "plot.png").write_bytes(b"png")
    assert textmyself("hello", media=tmp_path / "plot.png").status == "unknown"
    assert [text.route for text in phone.texts] == ["gateway"]


def test_a_message_of_two_texts_goes_by_mms_where_that_works(set_up: SetUp) -> None:
    phone = set_up("gateway")
    assert textmyself("word " * 60).parts == 1
    assert len(phone.texts[0].body) == 299


@pytest.mark.parametrize("carrier", ["Koodo", "T-Mobile"])
def test_a_message_of_three_texts_goes_in_parts_where_mms_is_unproven(
    set_up: SetUp, carrier: str
) -> None:
    phone = set_up("gateway", MY_CARRIER=carrier)
    receipt = textmyself("word " * 60)
    assert receipt.parts == len(set(receipt.ids)) == 3
    assert all(len(text.body) <= 140 for text in phone.texts)
    assert [text.body[:6] for text in phone.texts] == ["(1/3) ", "(2/3) ", "(3/3) "]


def test_each_part_may_be_refused_for_now_once(set_up: SetUp) -> None:
    phone = set_up("gateway", MY_CARRIER="Koodo")
    phone.smtp_replies = {"RCPT": ["450 busy", None, "450 busy", None, "450 busy", None]}
    assert textmyself("word " * 60).parts == 3
    assert [text.body[:5] for text in phone.texts] == ["(1/3)", "(2/3)", "(3/3)"]
    assert phone.verbs.count("RCPT") == 6


def test_a_later_part_is_said_twice_at_most_too(set_up: SetUp) -> None:
    phone = set_up("gateway", MY_CARRIER="Koodo")
    phone.smtp_replies = {"RCPT": [None, *["450 busy"] * 9]}
    receipt = textmyself("word " * 60)
    assert (receipt.sent, receipt.parts, receipt.status) == (False, 1, "not sent")
    assert "gateway: 1 of 3 parts went before it failed." in receipt.problems
    assert "(450 busy)" in receipt.problems[-1]
    assert phone.verbs.count("RCPT") == 1 + 2


def test_a_message_whose_second_part_is_refused_tells_how_far_it_got(set_up: SetUp) -> None:
    phone = set_up("gateway", MY_CARRIER="T-Mobile")
    phone.smtp_replies = {"RCPT": [None, "550 enough"]}
    receipt = textmyself("word " * 60)
    assert (receipt.sent, receipt.parts, receipt.status) == (False, 1, "not sent")
    assert len(receipt.ids) == 1
    how_far, problem = receipt.problems
    assert how_far == "gateway: 1 of 3 parts went before it failed."
    assert "(550 enough)" in problem
    assert [text.body[:6] for text in phone.texts] == ["(1/3) "]


def test_a_message_whose_second_part_is_lost_is_left_unknown(set_up: SetUp) -> None:
    phone = set_up("gateway", MY_CARRIER="T-Mobile")
    phone.smtp_replies = {".": [None, ""]}
    receipt = textmyself("word " * 60)
    assert (receipt.sent, receipt.parts, receipt.status) == (False, 1, "unknown")
    how_far, problem = receipt.problems
    assert how_far == "gateway: 1 of 3 parts went before it failed."
    assert "may already have the text" in problem
    assert [text.body[:6] for text in phone.texts] == ["(1/3) ", "(2/3) "]


def test_a_fallback_gets_the_whole_message_after_a_part_of_it_went_by_the_gateway(
    set_up: SetUp, tmp_path: Path
) -> None:
    phone = set_up("twilio", "gateway", MY_CARRIER="T-Mobile")
    # The picture is refused and left out, so that the text goes by SMS, in parts.
    phone.smtp_replies = {"MAIL": ["552 too big", None, "550 enough"]}
    (tmp_path / "plot.png").write_bytes(b"png")
    message = ("word " * 60).strip()
    receipt = textmyself(message, media=tmp_path / "plot.png", confirm=0)
    assert (receipt.route, receipt.status, receipt.parts) == ("twilio", "queued", 1)
    assert [text.route for text in phone.texts] == ["gateway", "twilio"]
    assert phone.texts[0].body.startswith("(1/3) ")
    assert phone.texts[1].body == message
    problems = "\n".join(receipt.problems)
    assert "picture: left out: " in problems
    assert "1 of 3 parts went" in problems
