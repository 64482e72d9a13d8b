"""The route by a mail server: what is handed over, and what its refusals tell."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from phone import SMTP_PASSWORD, SMTP_USER, Answer, Phone, stranger

from textmyself import textmyself

SetUp = Callable[..., Phone]
pytestmark = pytest.mark.usefixtures("short_pauses")


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


def test_starttls_sends_as_well(set_up: SetUp, phone: Phone) -> None:
    port = str(phone.starttls_port)
    set_up("gateway", SMTP_PORT=str(port), SMTP_TLS=None)
    assert textmyself("hello").problems == ()
    assert phone.texts[0].body == "hello"


@pytest.mark.parametrize("tls", [None, "none"])
def test_a_relay_on_this_machine_needs_neither_tls_nor_password(
    set_up: SetUp, phone: Phone, tls: str | None
) -> None:
    relay = {"SMTP_USER": None, "SMTP_PASSWORD": None, "SMTP_FROM": "you@example.com"}
    set_up("gateway", SMTP_PORT=str(phone.plain_port), SMTP_TLS=tls, **relay)
    assert textmyself("hello").problems == ()
    assert phone.texts[0].sender == "you@example.com"


def test_a_message_of_two_texts_goes_by_mms_where_that_works(set_up: SetUp) -> None:
    phone = set_up("gateway")
    assert textmyself("word " * 60).parts == 1
    assert len(phone.texts[0].body) == 299


def test_a_message_of_three_texts_goes_in_parts_where_mms_is_unproven(set_up: SetUp) -> None:
    phone = set_up("gateway", MY_CARRIER="T-Mobile")
    receipt = textmyself("word " * 60)
    assert receipt.parts == len(set(receipt.ids)) == 3
    assert all(len(text.body) <= 140 for text in phone.texts)
    assert [text.body[:6] for text in phone.texts] == ["(1/3) ", "(2/3) ", "(3/3) "]


def test_an_address_of_ones_own_takes_the_message_whole(set_up: SetUp) -> None:
    phone = set_up("gateway", MY_CARRIER=None, MY_PHONE_NUMBER=None, MY_GATEWAY="ntfy-me@ntfy.sh")
    words = ("word " * 2000).strip()
    assert textmyself(words).parts == 1
    assert (phone.texts[0].to, phone.texts[0].body) == ("ntfy-me@ntfy.sh", words)


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
        "gateway: carriers' gateways take numbers of the US and Canada only. Set MY_GATEWAY to an "
        "e-mail address that reaches you.",
    )


REFUSALS = [
    ("AUTH", "534 5.7.9 Application-specific password required", "does not take SMTP_USER with SMTP_PASSWORD (534 5.7.9 Application-specific password required). Make an app password for this program."),
    ("MAIL", "552 5.3.4 too big", "does not let you send from this address (552 5.3.4 too big). Set SMTP_FROM to your own address there."),
    ("RCPT", "550 5.1.1 nobody", "takes no mail for your phone (550 5.1.1 nobody). Check MY_PHONE_NUMBER and MY_CARRIER, or MY_GATEWAY."),
    (".", "554 5.7.1 spam", "did not take the text (554 5.7.1 spam). Change its words, or set SMTP_USER to another mailbox."),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "reply", "sentence"), REFUSALS)
def test_a_refusal_is_final_and_says_what_to_do(
    set_up: SetUp, verb: str, reply: str, sentence: str
) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {verb: reply}
    receipt = textmyself("hello")
    assert (receipt.status, receipt.problems) == ("not sent", (f"gateway: localhost {sentence}",))
    assert phone.texts == []


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
    assert problem.startswith("gateway: smtp.gmail.com does not take SMTP_USER with SMTP_PASSWORD")
    assert problem.endswith(
        "Make an app password at myaccount.google.com/apppasswords and set SMTP_PASSWORD to it."
    )


@pytest.mark.parametrize("verb", ["AUTH", "MAIL", "RCPT", "."])
def test_a_refusal_for_now_is_tried_once_more(set_up: SetUp, verb: str) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = Once({verb: "421 4.3.2 busy"})
    assert textmyself("hello").problems == ()
    assert [text.body for text in phone.texts] == ["hello"]


class Once(dict[str, str]):
    """Replies that are given once."""

    def get(self, verb: str, default: object = None) -> object:  # type: ignore[override]
        return self.pop(verb, default)


class Counted(dict[str, str]):
    """Replies that count how often a command was said."""

    said: Counter[str]

    def __init__(self, replies: dict[str, str]) -> None:
        super().__init__(replies)
        self.said = Counter()

    def get(self, verb: str, default: object = None) -> object:  # type: ignore[override]
        self.said[verb] += 1
        return super().get(verb, default)


@pytest.mark.parametrize(
    ("reply", "times"), [("450 4.2.1 greylisted", 2), ("500 what?", 1), ("550 5.1.1 no", 1)]
)
def test_a_refusal_for_now_is_said_twice_at_most_and_a_final_one_once(
    set_up: SetUp, reply: str, times: int
) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = replies = Counted({"RCPT": reply})
    [problem] = textmyself("hello").problems
    assert ("Text again later." in problem) == (times == 2)
    assert replies.said["RCPT"] == times


class EachOnce(dict[str, str]):
    """Replies of a server that refuses each mail for now, and then takes it."""

    calls = 0

    def get(self, verb: str, default: object = None) -> object:  # type: ignore[override]
        self.calls += verb == "RCPT"
        return "450 busy" if verb == "RCPT" and self.calls % 2 else default


def test_each_part_may_be_refused_for_now_once(set_up: SetUp) -> None:
    phone = set_up("gateway", MY_CARRIER="Koodo")
    phone.smtp_replies = EachOnce()
    assert textmyself("word " * 60).parts == 3
    assert [text.body[:5] for text in phone.texts] == ["(1/3)", "(2/3)", "(3/3)"]


class EnoughAfterOne(dict[str, str]):
    """Replies of a server that takes one mail, and refuses the next."""

    calls = 0

    def get(self, verb: str, default: object = None) -> object:  # type: ignore[override]
        self.calls += verb == "RCPT"
        return "550 enough" if (verb, self.calls) == ("RCPT", 2) else default


class OneIsEnough(dict[str, str]):
    """Replies of a server that takes one mail, and refuses all others for now."""

    calls = 0

    def get(self, verb: str, default: object = None) -> object:  # type: ignore[override]
        self.calls += verb == "RCPT"
        return "450 busy" if verb == "RCPT" and self.calls > 1 else default


@pytest.mark.parametrize("verb", ["AUTH", "MAIL", "RCPT"])
def test_a_connection_lost_before_the_words_is_made_again(set_up: SetUp, verb: str) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = Once({verb: ""})
    assert textmyself("hello").problems == ()
    assert [text.body for text in phone.texts] == ["hello"]


def test_a_connection_lost_after_the_words_is_left_at_that(set_up: SetUp) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {".": ""}
    receipt = textmyself("hello")
    assert len(phone.texts) == 1
    assert (receipt.sent, receipt.status) == (False, "unknown")
    assert receipt.problems == (
        "gateway: localhost broke off when it had got the text, which may arrive.",
    )


@pytest.mark.parametrize("reply", ["2", "25", "+25", "2_5", "300 what?", "100 wait"])
def test_an_answer_to_the_words_that_is_no_yes_is_not_taken_for_one(
    set_up: SetUp, reply: str
) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {".": reply}
    assert textmyself("hello").status == "unknown"
    assert len(phone.texts) == 1


def test_a_text_that_may_have_gone_by_the_gateway_is_not_sent_by_twilio(
    set_up: SetUp, tmp_path: object
) -> None:
    phone = set_up("twilio", "gateway")
    phone.smtp_replies = {".": ""}
    with open(f"{tmp_path}/plot.png", "wb") as file:  # so that the gateway is the first
        file.write(b"png")
    assert textmyself("hello", media=f"{tmp_path}/plot.png").status == "unknown"
    assert [text.route for text in phone.texts] == ["gateway"]


@pytest.mark.parametrize("reply", ["421 4.3.2 bye", "", "500 what?"])
def test_whatever_is_said_to_quit_the_text_is_sent(set_up: SetUp, reply: str) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {"QUIT": reply}
    receipt = textmyself("hello")
    assert (receipt.sent, receipt.problems) == (True, ())


def test_a_later_part_is_said_twice_at_most_too(set_up: SetUp) -> None:
    phone = set_up("gateway", MY_CARRIER="T-Mobile")
    phone.smtp_replies = replies = OneIsEnough()
    assert textmyself("word " * 60).parts == 1
    assert replies.calls == 1 + 2


def test_a_message_whose_second_part_is_refused_tells_how_far_it_got(set_up: SetUp) -> None:
    phone = set_up("gateway", MY_CARRIER="T-Mobile")
    phone.smtp_replies = EnoughAfterOne()
    receipt = textmyself("word " * 60)
    assert (receipt.sent, receipt.parts, len(receipt.ids)) == (False, 1, 1)
    assert len(receipt.problems) == 1
    assert [text.body[:6] for text in phone.texts] == ["(1/3) "]


def test_an_untrusted_certificate_gets_no_password(set_up: SetUp) -> None:
    phone = set_up("gateway", SSL_CERT_FILE=None)
    port = phone.implicit_port
    assert textmyself("hello").problems == (
        f"gateway: localhost:{port} shows a certificate that cannot be trusted. Check this machine's "
        "clock and network. Check SMTP_HOST, SMTP_PORT and SMTP_TLS.",
    )
    assert phone.texts == []


def test_a_server_without_encryption_gets_no_password(set_up: SetUp, phone: Phone) -> None:
    set_up("gateway", SMTP_PORT=str(phone.plain_port), SMTP_TLS="starttls")
    assert textmyself("hello").problems == (
        f"gateway: localhost:{phone.plain_port} offers no encryption, or no log-in, so it got no "
        "password. Check SMTP_HOST, SMTP_PORT and SMTP_TLS.",
    )
    assert phone.texts == []


def test_ports_mixed_up_say_so(set_up: SetUp, phone: Phone) -> None:
    port = phone.starttls_port
    set_up("gateway", SMTP_PORT=str(port))
    assert textmyself("hello").problems == (
        f"gateway: localhost:{port} does not speak TLS as it should. Check the port and the network. "
        "Check SMTP_HOST, SMTP_PORT and SMTP_TLS.",
    )


def test_a_server_that_is_not_there_says_so(set_up: SetUp) -> None:
    set_up("gateway", SMTP_PORT="9")
    assert textmyself("hello").problems == (
        "gateway: localhost:9 refused the connection. Check whether a firewall forbids it. "
        "Check SMTP_HOST, SMTP_PORT and SMTP_TLS.",
    )


def test_a_name_that_nobody_knows_says_so(set_up: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> object:
        raise socket.gaierror(-2, "Name or service not known")

    phone = set_up("gateway", SMTP_HOST="smtp.example.com")
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert textmyself("hello").problems == (
        f"gateway: smtp.example.com:{phone.implicit_port} was not found. "
        "Check whether this machine is online. Check SMTP_HOST, SMTP_PORT and SMTP_TLS.",
    )


def test_a_server_that_turns_us_away_says_so(set_up: SetUp) -> None:
    with stranger(b"554 5.7.1 not you\r\n") as port:
        set_up("gateway", SMTP_PORT=str(port), SMTP_TLS="starttls")
        assert textmyself("hello").problems == (
            "gateway: localhost turned this machine away (554 5.7.1 not you). Text again later, "
            "or set SMTP_HOST to another server.",
        )


def test_a_server_that_is_no_mail_server_says_so(set_up: SetUp) -> None:
    with stranger(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        set_up("gateway", SMTP_PORT=str(port), SMTP_TLS="starttls")
        assert textmyself("hello").problems == (
            f"gateway: localhost:{port} broke off the connection. Text again later. "
            "Check SMTP_HOST, SMTP_PORT and SMTP_TLS.",
        )


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_a_silent_server_ends_with_the_timeout(set_up: SetUp, tls: str) -> None:
    with stranger(b"") as port:
        set_up("gateway", SMTP_PORT=str(port), SMTP_TLS=tls)
        assert textmyself("hello", timeout=0.5).problems == (
            f"gateway: localhost:{port} did not answer in time. Check this machine's network. "
            "Check SMTP_HOST, SMTP_PORT and SMTP_TLS.",
        )


def test_what_the_server_says_shows_no_password(set_up: SetUp) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {"AUTH": f"535 5.7.8 no: {SMTP_USER} {SMTP_PASSWORD}"}
    [problem] = textmyself("hello").problems
    assert f"(535 5.7.8 no: {SMTP_USER} ***)" in problem


def test_the_first_route_leaves_time_for_the_second(set_up: SetUp) -> None:
    with stranger(b"") as port:
        phone = set_up("twilio", "gateway", HTTPS_PROXY=f"http://127.0.0.1:{port}")
        receipt = textmyself("hello", timeout=3)
    assert [text.route for text in phone.texts] == ["gateway"]
    assert receipt.problems == (
        "Twilio: api.twilio.com did not answer in time. Check this machine's network.",
    )


def test_a_twilio_that_hangs_up_leaves_it_to_the_gateway(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway")
    phone.script = [Answer(drop=True)] * 4
    assert textmyself("hello").route == "gateway"


@pytest.mark.parametrize("reply", ["252 cannot verify, but took it", "201 fine"])
def test_every_yes_is_a_yes(set_up: SetUp, reply: str) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {".": reply}
    assert textmyself("hello").sent
    assert len(phone.texts) == 1


def test_a_yes_that_is_too_long_to_read_leaves_it_unknown(set_up: SetUp) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {".": f"250 {'x' * 9000}"}
    assert textmyself("hello").status == "unknown"
    assert len(phone.texts) == 1


def test_an_answer_that_is_no_answer_leaves_it_unknown(set_up: SetUp) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {".": "HTTP/1.1 200 OK"}
    assert textmyself("hello").status == "unknown"


def test_the_number_in_any_shape_is_hidden(set_up: SetUp) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {"RCPT": "550 who are (555) 999-8888, 555.999.8888 and 5559998888?"}
    [problem] = textmyself("hello").problems
    assert "(550 who are (...8888, ...8888 and ...8888?)" in problem


def test_what_went_by_the_gateway_stays_in_the_receipt_when_twilio_goes_on(
    set_up: SetUp, tmp_path: Path
) -> None:
    phone = set_up("twilio", "gateway", MY_CARRIER="T-Mobile")
    phone.smtp_replies, phone.statuses = EnoughAfterOne(), ["failed"]
    (tmp_path / "plot.png").write_bytes(b"png")
    receipt = textmyself("word " * 800, media=tmp_path / "plot.png")
    assert (receipt.sent, receipt.parts) == (False, 1)
    assert [text.picture for text in phone.texts] == [b"png"]


def test_an_address_at_a_closed_gateway_is_used_and_told(set_up: SetUp) -> None:
    phone = set_up("gateway", MY_CARRIER=None, MY_GATEWAY="5559998888@Cingularme.com")
    receipt = textmyself("hello")
    assert len(phone.texts) == 1
    assert receipt.problems == (
        "gateway: cingularme.com was a gateway of Cingular, and is closed "
        "(att.com/support/article/wireless/KM1061254).",
    )


@pytest.mark.parametrize("address", ["5559998888@msg.fi.google.com", "you@example.com"])
def test_an_address_elsewhere_is_used_without_a_word(set_up: SetUp, address: str) -> None:
    set_up("gateway", MY_CARRIER=None, MY_GATEWAY=address)
    assert textmyself("hello").problems == ()


def test_a_network_that_is_not_there_is_told(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object) -> None:
        raise OSError(101, "Network is unreachable")

    phone = set_up("gateway")
    monkeypatch.setattr(socket, "create_connection", unreachable)
    assert textmyself("hello").problems == (
        f"gateway: localhost:{phone.implicit_port} was not reached. Check whether this machine is "
        "online. Check SMTP_HOST, SMTP_PORT and SMTP_TLS.",
    )


def test_a_password_is_refused_once_and_not_tried_in_other_ways(set_up: SetUp) -> None:
    class OneNo(dict[str, str]):
        """A server that says no to a log-in, and hangs up at the next."""

        log_ins = 0

        def get(self, verb: str, default: object = None) -> object:  # type: ignore[override]
            self.log_ins += verb == "AUTH"
            return {1: "535 5.7.8 no", 2: ""}[self.log_ins] if verb == "AUTH" else default

    phone = set_up("gateway")
    phone.smtp_replies = replies = OneNo()
    [problem] = textmyself("hello").problems
    assert problem == (
        "gateway: localhost does not take SMTP_USER with SMTP_PASSWORD (535 5.7.8 no). "
        "Make an app password for this program."
    )
    assert replies.log_ins == 1


def test_a_server_that_offers_another_log_in_is_fine(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("gateway")
    monkeypatch.delattr("aiosmtpd.smtp.SMTP.auth_PLAIN")
    assert textmyself("hello").problems == ()
    assert len(phone.texts) == 1


def test_a_server_that_takes_no_password_from_programs_gets_none(set_up: SetUp) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {"EHLO": "250-localhost\r\n250 AUTH NTLM XOAUTH2"}
    assert textmyself("hello").problems == (
        f"gateway: localhost:{phone.implicit_port} offers no encryption, or no log-in, so it got no "
        "password. Check SMTP_HOST, SMTP_PORT and SMTP_TLS.",
    )


def test_a_server_that_wants_a_log_in_first_says_so(set_up: SetUp) -> None:
    phone = set_up("gateway", SMTP_USER=None, SMTP_PASSWORD=None, SMTP_FROM="you@example.com")
    [problem] = textmyself("hello").problems
    assert problem == (
        "gateway: localhost wants a log-in or encryption first (530 5.7.0 Authentication "
        "required). Set SMTP_USER and SMTP_PASSWORD, and check SMTP_TLS."
    )
    assert phone.texts == []


def test_a_number_that_is_none_is_told_before_the_country(set_up: SetUp) -> None:
    set_up("gateway", MY_PHONE_NUMBER="15559998888")
    assert textmyself("hello").problems == (
        "gateway: MY_PHONE_NUMBER should be your own phone: + and the country code, like "
        "+15559998888.",
    )
