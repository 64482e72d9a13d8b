"""What can go wrong on the way, and what then: each fault is made to happen, on real sockets.

A row is a fault. Whatever it is, a call comes back in time and raises nothing unless it is strict,
and neither the receipt nor the log nor an exception shows a secret or the whole phone number.
"""

from __future__ import annotations

import json
import logging
import re
import socket
import time
import traceback
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from email.utils import formatdate
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus

import pytest
from phone import (
    ACCOUNT_SID,
    AUTH_TOKEN,
    DRIPPING,
    ENDLESS,
    SILENT,
    SMTP_PASSWORD,
    SMTP_USER,
    Answer,
    Phone,
    stranger,
    twilio_error,
)

from textmyself import NotSentError, Receipt, textmyself

SetUp = Callable[..., Phone]
pytestmark = pytest.mark.usefixtures("short_pauses")
# Nothing is waited for where nobody stalls. A stalled step has half of the time that is left, so
# this is what a row that stalls takes, and leaves to the steps before and after it.
PLENTY, STALL = 60.0, 3.0
MINE = "+15557776666"  # which no example of a number is
TWILIO, GATEWAY, BOTH = ("twilio",), ("gateway",), ("twilio", "gateway")
HTML = "<html>502 Bad Gateway</html>"
LOG_IN = b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()
QUOTED = f"Basic {LOG_IN}, {ACCOUNT_SID} {AUTH_TOKEN} {MINE} {quote(MINE)}"
OLD = json.dumps({"messages": [{"sid": "SM0", "to": MINE, "body": "hello", "status": "sent",
    "date_created": formatdate(time.time() - 60)}]})  # fmt: skip
PROBLEM = json.dumps({"type": "https://www.twilio.com/docs/errors/21610", "title": "Unsubscribed",
    "status": 400, "code": 21610, "detail": QUOTED})  # fmt: skip
SLOW = twilio_error(429, 20429, "Too Many Requests")


SECRETS = [
    form
    for user, secret in [(ACCOUNT_SID, AUTH_TOKEN), (SMTP_USER, SMTP_PASSWORD)]
    for plain in (secret, f"{user}:{secret}", f"\0{user}\0{secret}")
    for form in (plain, b64encode(plain.encode()).decode().rstrip("="), quote_plus(plain))
]


@contextmanager
def nobody() -> Iterator[int]:
    """Give a port at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def some_stranger(greeting: bytes, then: str = SILENT) -> Callable[[], AbstractContextManager[int]]:
    return partial(stranger, greeting, then)


class TwilioFault(NamedTuple):
    what: str
    arrives: tuple[str, ...]  # where both routes are set up: by which of them
    says: str  # a pattern of what the receipt says of it
    script: tuple[Answer, ...] = ()
    instead: Callable[[], AbstractContextManager[int]] | None = None  # of Twilio, or of the proxy
    certificate: str = "right"
    look_up: str = "works"
    timeout: float = PLENTY


# fmt: off
TWILIO_FAULTS = [
    TwilioFault("nobody is there", GATEWAY, "refused", instead=nobody),
    TwilioFault("its name is not found", GATEWAY, "not found|proxy refused", look_up="fails"),
    TwilioFault("the look-up of its name stalls", GATEWAY, "did not answer in time", look_up="stalls", timeout=STALL),
    TwilioFault("its certificate is of an unknown authority", GATEWAY, "certificate that cannot be trusted", certificate="untrusted"),
    TwilioFault("its certificate has another name", GATEWAY, "certificate that cannot be trusted", certificate="misnamed"),
    TwilioFault("its certificate has expired", GATEWAY, "certificate that cannot be trusted", certificate="expired"),
    TwilioFault("it says nothing", GATEWAY, "did not answer in time", instead=some_stranger(b""), timeout=STALL),
    TwilioFault("it says a byte now and then", GATEWAY, "did not answer in time|does not speak TLS", instead=some_stranger(b"\x16\x03\x03@", DRIPPING), timeout=STALL),
    TwilioFault("it hangs up at once", GATEWAY, "broke off|does not speak TLS|proxy refused", instead=some_stranger(b"", "")),
    TwilioFault("a proxy wants a log-in", GATEWAY, "does not speak TLS|a proxy refused", instead=some_stranger(b"HTTP/1.1 407 Who are you?\r\nContent-Length: 0\r\n\r\n")),
    TwilioFault("a proxy forbids it", GATEWAY, "does not speak TLS|a proxy refused", instead=some_stranger(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")),
    TwilioFault("it is another kind of server", GATEWAY, "does not speak TLS|broke off|a proxy refused", instead=some_stranger(b"220 hello\r\n")),
    TwilioFault("no answer, and no text was made", TWILIO, "did not answer in time.* goes once more", (Answer(silent=True),), timeout=STALL),
    TwilioFault("no answer, though the text was made", TWILIO, "", (Answer(silent=True, create=True),), timeout=STALL),
    TwilioFault("no answer twice", TWILIO, "did not answer in time.* goes once more", (Answer(silent=True), Answer(200, '{"messages": []}'), Answer(silent=True, create=True)), timeout=2 * STALL),
    TwilioFault("an answer of a byte now and then, and no text was made", TWILIO, "goes once more", (Answer(201, dripping=True),), timeout=STALL),
    TwilioFault("an answer of a byte now and then, though the text was made", TWILIO, "", (Answer(201, dripping=True, create=True),), timeout=STALL),
    TwilioFault("an answer without an end", TWILIO, "", (Answer(201, endless=True, create=True),)),
    TwilioFault("it hangs up before it has read the text", TWILIO, "broke off.* goes once more", (Answer(unread=True),)),
    TwilioFault("it hangs up before it makes the text", TWILIO, "broke off.* goes once more", (Answer(drop=True),)),
    TwilioFault("it hangs up after it made the text", TWILIO, "", (Answer(drop=True, create=True),)),
    TwilioFault("it hangs up in the middle of its answer", TWILIO, "", (Answer(201, '{"sid": ', {"Content-Length": "999", "Connection": "close"}, create=True),)),
    TwilioFault("a Wi-Fi's log-in page answers instead", TWILIO, "goes once more", (Answer(200, "<html>Welcome to our Wi-Fi</html>"),)),
    TwilioFault("201 with a web page, though the text was made", TWILIO, "", (Answer(201, HTML, create=True),)),
    TwilioFault("201 with nothing", TWILIO, "", (Answer(201, "", create=True),)),
    TwilioFault("201 with broken JSON", TWILIO, "", (Answer(201, '{"sid": "SM', create=True),)),
    TwilioFault("301, to elsewhere", GATEWAY, "answered 301", (Answer(301, "", {"Location": "https://example.com/"}),)),
    TwilioFault("400 with Twilio's words", GATEWAY, "nobody has this phone number", (twilio_error(400, 21211, QUOTED),)),
    TwilioFault("400 with a web page", GATEWAY, "answered 400", (Answer(400, HTML),)),
    TwilioFault("400 in the newer form (RFC 9457)", GATEWAY, "answering STOP", (Answer(400, PROBLEM),)),
    TwilioFault("400 that quotes the log-in and the number", GATEWAY, r"\*\*\*.*\(29999\)", (twilio_error(400, 29999, QUOTED),)),
    TwilioFault("401 with Twilio's words", GATEWAY, "does not know this account", (twilio_error(401, 20003, "Authenticate"),)),
    TwilioFault("401 without a word", GATEWAY, "answered 401", (Answer(401),)),
    TwilioFault("403 with Twilio's words", GATEWAY, "this API key may not", (twilio_error(403, 70051, "no"),)),
    TwilioFault("403 with a web page", GATEWAY, "answered 403", (Answer(403, HTML),)),
    TwilioFault("404 with Twilio's words", GATEWAY, "has no such account", (twilio_error(404, 20404, "no"),)),
    TwilioFault("404 with a web page", GATEWAY, "answered 404", (Answer(404, HTML),)),
    TwilioFault("429 once", TWILIO, "", (SLOW,)),
    TwilioFault("429 once, with a time to wait", TWILIO, "", (Answer(429, SLOW.body, {"Retry-After": "0"}),)),
    TwilioFault("429 with an hour to wait", GATEWAY, "asked too often", (Answer(429, SLOW.body, {"Retry-After": "3600"}),)),
    TwilioFault("429 three times", GATEWAY, "asked too often", (SLOW,) * 3),
    TwilioFault("500, and no text was made", TWILIO, "answered 500.* goes once more", (Answer(500, HTML),)),
    TwilioFault("500, though the text was made", TWILIO, "", (Answer(500, HTML, create=True),)),
    TwilioFault("502, though the text was made", TWILIO, "", (Answer(502, HTML, create=True),)),
    TwilioFault("503, though the text was made", TWILIO, "", (Answer(503, HTML, create=True),)),
    TwilioFault("504, though the text was made", TWILIO, "", (Answer(504, HTML, create=True),)),
    TwilioFault("500 twice, and no text was made", GATEWAY, "answered 500", (Answer(500, HTML), Answer(200, '{"messages": []}'), Answer(500), Answer(200, '{"messages": []}'))),
    TwilioFault("an older text has the same words", TWILIO, "goes once more", (Answer(503, HTML), Answer(200, OLD))),
    TwilioFault("503, and the list of texts may not be read", BOTH, "cannot be found out.* may arrive twice", (Answer(503, HTML, create=True), Answer(403, "{}"))),
    TwilioFault("503, and the list of texts is lost too", BOTH, "cannot be found out.* may arrive twice", (Answer(503, HTML, create=True), Answer(drop=True))),
    TwilioFault("503, and the list of texts is a web page", BOTH, "cannot be found out.* may arrive twice", (Answer(503, HTML, create=True), Answer(200, HTML))),
    TwilioFault("no answer, and none for the list of texts", BOTH, "cannot be found out.* may arrive twice", (Answer(silent=True, create=True), Answer(silent=True)), timeout=2 * STALL),
]
# fmt: on


@pytest.fixture
def roads(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, int], None]]:
    """Let every name lead to a port of this machine; or let no name be found, or none be told."""
    look_up, released = socket.getaddrinfo, Event()

    def roads(way: str, port: int) -> None:
        def getaddrinfo(host: str, *rest: Any, **options: Any) -> Any:
            if host in ("localhost", "127.0.0.1"):
                return look_up(host, *rest, **options)
            if way == "stalls":
                released.wait()
            if way != "works":
                raise socket.gaierror(-2, "Name or service not known")
            return look_up("127.0.0.1", port, *rest[1:], **options)

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    yield roads
    released.set()


class Call(NamedTuple):
    receipt: Receipt
    shown: str  # all that a person, or a stranger with the log, gets to see of it


@pytest.fixture
def call(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Call]:
    """Return a function that texts "hello", and sees that the call comes back in time."""

    def call(strict: bool, timeout: float) -> Call:
        caplog.set_level(logging.DEBUG)
        started, raised = time.monotonic(), ""
        try:
            receipt = textmyself("hello", confirm=0, timeout=timeout, strict=strict)
        except NotSentError as error:
            receipt = error.receipt  # type: ignore[assignment]
            shown = traceback.TracebackException.from_exception(error, capture_locals=True)
            raised = f"{''.join(shown.format())} {error!r}"
        # Though some of the servers are silent for ever; so many seconds late is no hang.
        assert time.monotonic() - started < timeout + 10
        assert bool(raised) == (strict and not receipt)
        output = "".join(capfd.readouterr())
        assert output == ""
        return Call(receipt, f"{caplog.text} {receipt!r} {raised}")

    return call


def assert_nothing_is_shown(shown: str) -> None:
    assert [secret for secret in SECRETS if secret in shown] == []
    assert re.findall(r"555\D{0,2}777\D?6666", shown) == []


@pytest.mark.parametrize("proxy", [None, "http://proxy.example.com:3128"], ids=["direct", "proxy"])
@pytest.mark.parametrize("alone", [False, True], ids=["with the gateway", "alone, strict"])
@pytest.mark.parametrize("fault", TWILIO_FAULTS, ids=[fault.what for fault in TWILIO_FAULTS])
def test_twilio(
    fault: TwilioFault,
    alone: bool,
    proxy: str | None,
    set_up: SetUp,
    roads: Callable[[str, int], None],
    call: Callable[..., Call],
) -> None:
    routes = TWILIO if alone else BOTH
    phone = set_up(*routes, HTTPS_PROXY=proxy, MY_PHONE_NUMBER=MINE)
    phone.script = list(fault.script)
    phone.show_certificate(fault.certificate)
    with fault.instead() if fault.instead else nullcontext(phone.twilio_port) as port:
        roads(fault.look_up, port)
        receipt, shown = call(alone, fault.timeout)
    arrives = [route for route in fault.arrives if route in routes]
    assert [text.route for text in phone.texts] == arrives
    last = fault.arrives[-1]
    status = {"twilio": "queued", "gateway": "unknown" if arrives else "not sent"}[last]
    status = status if alone else {"twilio": "queued", "gateway": "accepted"}[last]
    assert (receipt.status, receipt.sent) == (status, last in routes)
    problems = " ".join(receipt.problems)
    says = fault.says.removesuffix(".* may arrive twice") if alone else fault.says
    assert re.search(says, problems)
    assert bool(problems) == bool(says)
    assert_nothing_is_shown(shown)


class MailFault(NamedTuple):
    what: str
    status: str  # 'accepted', 'not sent' or 'unknown'
    says: str  # a pattern of what the receipt says of it
    replies: dict[str, str] = {}  # noqa: RUF012 -- nobody changes it
    instead: Callable[[], AbstractContextManager[int]] | None = None  # of the mail server
    certificate: str = "right"
    look_up: str = "works"
    settings: dict[str, str] = {}  # noqa: RUF012
    timeout: float = PLENTY


BUSY = "421 4.3.2 busy"
STAGES = ["EHLO", "AUTH", "MAIL", "RCPT", "DATA"]
# fmt: off
MAIL_FAULTS = [
    MailFault("nobody is there", "not sent", "refused the connection", instead=nobody),
    MailFault("its name is not found", "not sent", "was not found", look_up="fails"),
    MailFault("the look-up of its name stalls", "not sent", "did not answer in time", look_up="stalls", timeout=STALL),
    MailFault("it says nothing", "not sent", "did not answer in time", instead=some_stranger(b""), timeout=STALL),
    MailFault("it says a byte now and then", "not sent", "did not answer in time|does not speak TLS", instead=some_stranger(b"2", DRIPPING), timeout=STALL),
    MailFault("it hangs up at once", "not sent", "broke off|does not speak TLS", instead=some_stranger(b"", "")),
    MailFault("it is another kind of server", "not sent", "broke off|does not speak TLS", instead=some_stranger(b"HTTP/1.1 400 Bad Request\r\n\r\n")),
    MailFault("its certificate is of an unknown authority", "not sent", "certificate that cannot be trusted", certificate="untrusted"),
    MailFault("its certificate has another name", "not sent", "certificate that cannot be trusted", certificate="misnamed"),
    MailFault("its certificate has expired", "not sent", "certificate that cannot be trusted", certificate="expired"),
    MailFault("it offers nothing, so neither TLS nor a log-in", "not sent", "offers no encryption, or no log-in", {"EHLO": "250 localhost"}),
    MailFault("it wants a password made for programs (534)", "not sent", "Make an app password", {"AUTH": "534-5.7.9 Application-specific password required.\r\n534 5.7.9 https://support.google.com/mail/?p=InvalidSecondFactor"}),
    MailFault("it does not take the password (Gmail's words)", "not sent", "does not take SMTP_USER with SMTP_PASSWORD", {"AUTH": "535-5.7.8 Username and Password not accepted.\r\n535 5.7.8 https://support.google.com/mail/?p=BadCredentials"}),
    MailFault("it does not take the password (Outlook's words)", "not sent", "does not take SMTP_USER with SMTP_PASSWORD", {"AUTH": "535 5.7.139 Authentication unsuccessful, basic authentication is disabled."}),
    MailFault("it quotes the log-in and the number", "not sent", r"\*\*\*", {"AUTH": f"535 5.7.8 {SMTP_USER} {SMTP_PASSWORD} {MINE} {SECRETS[-1]}"}),
    MailFault("a password with letters that are none of ASCII's", "not sent", "SMTP_PASSWORD should be an app password", settings={"SMTP_PASSWORD": "pässwort"}),
    MailFault("an app password with the blanks of a web page", "accepted", "", settings={"SMTP_PASSWORD": "abcd\u00a0efgh\u00a0ijkl\u00a0mnop"}),
    MailFault("450 for the phone's address", "not sent", "does not take it now", {"RCPT": "450 4.2.1 greylisted"}),
    MailFault("452 for the phone's address", "not sent", "does not take it now", {"RCPT": "452 4.2.2 full"}),
    MailFault("550 for the phone's address", "not sent", "takes no mail for your phone", {"RCPT": f"550 5.1.1 no such user {MINE[2:]}"}),
    MailFault("552 for the sender", "not sent", "does not let you send from this address", {"MAIL": "552 5.2.2 full"}),
    MailFault("552 after the text", "not sent", "did not take the text", {".": "552 5.3.4 too big"}),
    MailFault("554 after the text", "not sent", "did not take the text", {".": "554 5.7.1 spam"}),
    *[MailFault(f"421 to {stage}", "not sent", "does not take it now", {stage: BUSY}) for stage in STAGES if stage != "EHLO"],
    MailFault("421 after the text", "not sent", "does not take it now", {".": BUSY}),
    *[MailFault(f"it hangs up at {stage}", "not sent", "broke off the connection", {stage: ""}) for stage in STAGES],
    *[MailFault(f"it says nothing to {stage}", "not sent", "did not answer in time", {stage: SILENT}, timeout=STALL) for stage in STAGES],
    *[MailFault(f"it says a byte now and then to {stage}", "not sent", "did not answer in time", {stage: DRIPPING}, timeout=STALL) for stage in STAGES],
    MailFault("it hangs up after the text", "unknown", "may arrive", {".": ""}),
    MailFault("it says nothing after the text", "unknown", "may arrive", {".": SILENT}, timeout=STALL),
    MailFault("it says a byte now and then after the text", "unknown", "may arrive", {".": DRIPPING}, timeout=STALL),
    MailFault("an answer without an end after the text", "unknown", "may arrive", {".": f"{ENDLESS}250-yes"}, timeout=STALL),
    MailFault("nonsense after the text", "unknown", "may arrive", {".": "HTTP/1.1 200 OK"}),
    MailFault("300 after the text", "unknown", "may arrive", {".": "300 what?"}),
    MailFault("421 to QUIT", "accepted", "", {"QUIT": BUSY}),
    MailFault("it hangs up at QUIT", "accepted", "", {"QUIT": ""}),
    MailFault("it says nothing to QUIT", "accepted", "", {"QUIT": SILENT}, timeout=STALL),
    MailFault("it says a byte now and then to QUIT", "accepted", "", {"QUIT": DRIPPING}, timeout=STALL),
]
TLS_FAULTS = {
    "implicit": [
        MailFault("TLS at a port that waits for STARTTLS", "not sent", "does not speak TLS", settings={"SMTP_TLS": "implicit", "SMTP_PORT": "starttls"}),
    ],
    "starttls": [
        MailFault("it turns us away (554)", "not sent", "turned this machine away", instead=some_stranger(b"554 5.7.1 not you\r\n")),
        MailFault("it greets us for ever", "not sent", "", instead=some_stranger(b"220-hello\r\n", f"{ENDLESS}220-hello"), timeout=STALL),
        MailFault("it is busy (421)", "not sent", "does not take it now", instead=some_stranger(b"421 4.3.2 busy\r\n")),
        MailFault("STARTTLS refused", "not sent", "does not take it now", {"STARTTLS": "454 4.7.0 TLS not available"}),
        MailFault("421 to STARTTLS", "not sent", "does not take it now", {"STARTTLS": BUSY}),
        MailFault("it hangs up at STARTTLS", "not sent", "broke off the connection", {"STARTTLS": ""}),
        MailFault("it says nothing to STARTTLS", "not sent", "did not answer in time", {"STARTTLS": SILENT}, timeout=STALL),
        MailFault("STARTTLS at a port that waits for TLS", "not sent", "did not answer in time", settings={"SMTP_TLS": "starttls", "SMTP_PORT": "implicit"}, timeout=STALL),
    ],
}
# fmt: on
MAIL_WAYS = [
    pytest.param(fault, tls, alone, id=f"{fault.what}-{tls}")
    for tls, alone in [("implicit", True), ("starttls", False)]
    for fault in MAIL_FAULTS + TLS_FAULTS[tls]
]


@pytest.mark.parametrize(("fault", "tls", "alone"), MAIL_WAYS)
def test_mail(
    fault: MailFault,
    tls: str,
    alone: bool,
    set_up: SetUp,
    phone: Phone,
    roads: Callable[[str, int], None],
    call: Callable[..., Call],
) -> None:
    settings = {"SMTP_HOST": "smtp.gmail.com", "SMTP_TLS": tls, "SMTP_PORT": tls, **fault.settings}
    ports = {"implicit": phone.implicit_port, "starttls": phone.starttls_port}
    right_port = ports[settings["SMTP_PORT"]]
    set_up(
        *(GATEWAY if alone else BOTH), **{**settings, "SMTP_PORT": "2525", "MY_PHONE_NUMBER": MINE}
    )
    phone.script = [] if alone else [twilio_error(400, 21610, "STOP")]
    phone.smtp_replies = fault.replies
    phone.show_certificate("right", fault.certificate)
    with fault.instead() if fault.instead else nullcontext(right_port) as port:
        roads(fault.look_up, port)
        receipt, shown = call(alone, fault.timeout)
    assert len(phone.texts) == (fault.status != "not sent")
    assert (receipt.status, receipt.sent) == (fault.status, fault.status == "accepted")
    problems = [problem for problem in receipt.problems if problem.startswith("gateway: ")]
    assert [problem for problem in problems if re.search(fault.says, problem)] == problems
    assert len(problems) == (fault.status != "accepted")
    assert_nothing_is_shown(shown)


@pytest.mark.parametrize(
    ("heading", "faults"), [("at Twilio", TWILIO_FAULTS), ("at the mail server", MAIL_FAULTS)]
)
def test_each_line_of_readme_is_a_fault_of_these_tables(
    heading: str, faults: list[TwilioFault] | list[MailFault]
) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    table = readme.partition(f"| {heading} | then |\n|---|---|\n")[2].partition("\n\n")[0]
    lines = [line.split(" | ")[0].removeprefix("| ") for line in table.splitlines()]
    assert len(lines) > 5
    assert set(lines) <= {fault.what for fault in faults}
