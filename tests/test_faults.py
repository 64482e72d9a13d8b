"""What can go wrong on the way, and what then: each fault is made to happen, on real sockets.

A row is a fault. Whatever it is, a call comes back in time and raises nothing unless it is strict,
and neither the receipt nor the log nor an exception shows a secret or the whole phone number.
"""

from __future__ import annotations

import gzip
import html
import json
import logging
import re
import socket
import socketserver
import ssl
import sys
import time
import traceback
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from email.utils import formatdate
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus

import pytest
from conftest import run_python
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
pytestmark = [
    pytest.mark.usefixtures("short_pauses"),
    # One that is left behind in its handshake has a socket that ssl itself leaves to be collected.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
# Nothing is waited for where nobody stalls. A stalled step has half of the time that is left, so
# this is what a row that stalls takes, and leaves to the steps before and after it. Where there are
# none that send anything, less will do.
PLENTY, STALL, SHORT_STALL = 60.0, 5.0, 2.0
# Which no example of a number is.
MINE = "+15557776666"
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
    # By which of the routes, where both are set up.
    arrives: tuple[str, ...]
    # A pattern of what the receipt says of it.
    says: str
    script: tuple[Answer, ...] = ()
    # Of Twilio, or of the proxy.
    instead: Callable[[], AbstractContextManager[int]] | None = None
    certificate: str = "right"
    look_up: str = "works"
    timeout: float = PLENTY


# fmt: off
TWILIO_FAULTS = [
    TwilioFault("nobody is there", GATEWAY, "refused the connection|the proxy does not answer", instead=nobody),
    TwilioFault("its name is not found", GATEWAY, "not found", look_up="fails"),
    TwilioFault("the look-up of its name stalls", GATEWAY, "did not answer in time", look_up="stalls", timeout=STALL),
    TwilioFault("its certificate is of an unknown authority", GATEWAY, "certificate from an authority that is not trusted here", certificate="untrusted"),
    TwilioFault("its certificate has another name", GATEWAY, "certificate for another name", certificate="misnamed"),
    TwilioFault("its certificate has expired", GATEWAY, "certificate that is not valid today", certificate="expired"),
    TwilioFault("its certificate is not valid yet", GATEWAY, "certificate that is not valid today", certificate="early"),
    TwilioFault("it says nothing", GATEWAY, "did not answer in time", instead=some_stranger(b""), timeout=STALL),
    TwilioFault("it says a byte now and then", GATEWAY, "did not answer in time|does not speak TLS", instead=some_stranger(b"\x16\x03\x03@", DRIPPING), timeout=STALL),
    TwilioFault("it hangs up at once", GATEWAY, "broke off|does not speak TLS", instead=some_stranger(b"", "")),
    TwilioFault("a proxy wants a login", GATEWAY, "does not speak TLS|the proxy rejects the user name or password", instead=some_stranger(b"HTTP/1.1 407 Who are you?\r\nContent-Length: 0\r\n\r\n")),
    TwilioFault("a proxy forbids it", GATEWAY, "does not speak TLS|the proxy does not let this machine through", instead=some_stranger(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")),
    TwilioFault("it is another kind of server", GATEWAY, "does not speak TLS|broke off", instead=some_stranger(b"220 hello\r\n")),
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
    TwilioFault("a Wi-Fi's login page answers instead", TWILIO, "goes once more", (Answer(200, "<html>Welcome to our Wi-Fi</html>"),)),
    TwilioFault("201 with a web page, though the text was made", TWILIO, "", (Answer(201, HTML, create=True),)),
    TwilioFault("201 with nothing", TWILIO, "", (Answer(201, "", create=True),)),
    TwilioFault("201 with broken JSON", TWILIO, "", (Answer(201, '{"sid": "SM', create=True),)),
    TwilioFault("201 with an answer that is compressed", TWILIO, "", (Answer(201, gzip.compress(bytes(20_000_000)), {"Content-Encoding": "gzip"}, create=True),)),
    TwilioFault("301, to elsewhere", GATEWAY, "answered 301", (Answer(301, "", {"Location": "https://example.com/"}),)),
    TwilioFault("400 with Twilio's words", GATEWAY, "nobody can be reached at this phone number", (twilio_error(400, 21211, QUOTED),)),
    TwilioFault("400 with a web page", GATEWAY, "answered 400", (Answer(400, HTML),)),
    TwilioFault("400 in the newer form (RFC 9457)", GATEWAY, "you answer STOP", (Answer(400, PROBLEM),)),
    TwilioFault("400 that quotes the login and the number", GATEWAY, r"\*\*\*.*\(29999\)", (twilio_error(400, 29999, QUOTED),)),
    TwilioFault("401 with Twilio's words", GATEWAY, "does not know this account", (twilio_error(401, 20003, "Authenticate"),)),
    TwilioFault("401 without a word", GATEWAY, "answered 401", (Answer(401),)),
    TwilioFault("403 with Twilio's words", GATEWAY, "not let this API key send", (twilio_error(403, 70051, "no"),)),
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
    # All that a person, or a stranger with the log, gets to see of it.
    shown: str


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


def time_for(fault: TwilioFault | MailFault, sends: bool) -> float:
    """Return the seconds that a call gets, in which one of the routes may send it something."""
    return SHORT_STALL if fault.timeout == STALL and not sends else fault.timeout


# Behind a proxy all is the same once the connection stands.
TWILIO_WAYS = [
    pytest.param(fault, alone, proxy, id=f"{fault.what}-{way}")
    for alone, proxy, way in [
        (False, None, "with the gateway"),
        (False, "http://proxy.example.com:3128", "with the gateway, by a proxy"),
        (True, None, "alone, strict"),
    ]
    for fault in TWILIO_FAULTS
    if not (proxy and fault.script and fault.what[0].isdigit())
]


@pytest.mark.parametrize(("fault", "alone", "proxy"), TWILIO_WAYS)
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
        sends = not alone or "twilio" in fault.arrives
        timeout = time_for(fault, sends)
        if fault.arrives == TWILIO and fault.timeout != PLENTY and not alone:
            # The first of two routes has half of the time, and has to send it after the stall: two
            # steps that have an eighth of it, or less, on a machine that may be busy.
            timeout *= 3
        receipt, shown = call(alone, timeout)
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
    # 'accepted', 'not sent' or 'unknown'.
    status: str
    # A pattern of what the receipt says of it.
    says: str
    replies: dict[str, str] = {}  # noqa: RUF012 -- nobody changes it
    # Of the mail server.
    instead: Callable[[], AbstractContextManager[int]] | None = None
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
    MailFault("it is another kind of server", "not sent", "does not speak (TLS|SMTP)", instead=some_stranger(b"HTTP/1.1 400 Bad Request\r\n\r\n")),
    MailFault("its certificate is of an unknown authority", "not sent", "certificate from an authority that is not trusted here", certificate="untrusted"),
    MailFault("its certificate has another name", "not sent", "certificate for another name", certificate="misnamed"),
    MailFault("its certificate has expired", "not sent", "certificate that is not valid today", certificate="expired"),
    MailFault("its certificate is not valid yet", "not sent", "certificate that is not valid today", certificate="early"),
    MailFault("it offers nothing, so neither TLS nor a login", "not sent", "offers no encryption, or no login", {"EHLO": "250 localhost"}),
    MailFault("it wants a password made for programs (534)", "not sent", "Make an app password", {"AUTH": "534-5.7.9 Application-specific password required.\r\n534 5.7.9 https://support.google.com/mail/?p=InvalidSecondFactor"}),
    MailFault("it does not take the password (Gmail's words)", "not sent", "does not take this user name and password", {"AUTH": "535-5.7.8 Username and Password not accepted.\r\n535 5.7.8 https://support.google.com/mail/?p=BadCredentials"}),
    MailFault("it does not take the password (Outlook's words)", "not sent", "no longer takes passwords", {"AUTH": "535 5.7.139 Authentication unsuccessful, basic authentication is disabled."}),
    MailFault("it quotes the login and the number", "not sent", r"\*\*\*", {"AUTH": f"535 5.7.8 {SMTP_USER} {SMTP_PASSWORD} {MINE} {SECRETS[-1]}"}),
    MailFault("a password with letters that are none of ASCII's", "not sent", "SMTP_PASSWORD should be an app password", settings={"SMTP_PASSWORD": "pässwort"}),
    MailFault("an app password with the blanks of a web page", "accepted", "", settings={"SMTP_PASSWORD": "abcd\u00a0efgh\u00a0ijkl\u00a0mnop"}),
    MailFault("450 for the phone's address", "not sent", "does not take it now", {"RCPT": "450 4.2.1 greylisted"}),
    MailFault("452 for the phone's address", "not sent", "should get it is full", {"RCPT": "452 4.2.2 full"}),
    MailFault("550 for the phone's address", "not sent", "says that this address does not exist", {"RCPT": f"550 5.1.1 no such user {MINE[2:]}"}),
    MailFault("552 for the sender", "not sent", "is full", {"MAIL": "552 5.2.2 full"}),
    MailFault("552 after the text", "not sent", "finds the mail too large", {".": "552 5.3.4 too big"}),
    MailFault("554 after the text", "not sent", "rejected it as spam", {".": "554 5.7.1 spam"}),
    *[MailFault(f"421 to {stage}", "not sent", "does not take it now", {stage: BUSY}) for stage in STAGES if stage != "EHLO"],
    MailFault("421 after the text", "not sent", "does not take it now", {".": BUSY}),
    *[MailFault(f"it hangs up at {stage}", "not sent", "broke off the connection", {stage: ""}) for stage in STAGES],
    *[MailFault(f"it says nothing to {stage}", "not sent", "did not answer in time", {stage: SILENT}, timeout=STALL) for stage in STAGES],
    *[MailFault(f"it says a byte now and then to {stage}", "not sent", "did not answer in time", {stage: DRIPPING}, timeout=STALL) for stage in STAGES],
    MailFault("it hangs up after the text", "unknown", "may already have the text", {".": ""}),
    MailFault("it says nothing after the text", "unknown", "may already have the text", {".": SILENT}, timeout=STALL),
    MailFault("it says a byte now and then after the text", "unknown", "may already have the text", {".": DRIPPING}, timeout=STALL),
    MailFault("a yes without an end after the text", "accepted", "", {".": f"{ENDLESS}250-yes"}, timeout=STALL),
    MailFault("a no without an end after the text", "not sent", "rejected it as spam", {".": f"{ENDLESS}554-spam"}),
    MailFault("nonsense after the text", "unknown", "neither yes nor no when it had the text", {".": "HTTP/1.1 200 OK"}),
    MailFault("300 after the text", "unknown", "neither yes nor no when it had the text", {".": "300 what?"}),
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
        MailFault("it turns us away (554)", "not sent", "rejected this machine", instead=some_stranger(b"554 5.7.1 not you\r\n")),
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
    pytest.param(fault, tls, is_alone, id=f"{fault.what}-{tls}")
    for tls in TLS_FAULTS
    for fault in MAIL_FAULTS + TLS_FAULTS[tls]
    # By STARTTLS after a refusal of Twilio's, but for what stalls and sends nothing.
    for is_alone in [tls == "implicit" or (fault.timeout, fault.status) == (STALL, "not sent")]
]


@pytest.mark.parametrize(("fault", "tls", "is_alone"), MAIL_WAYS)
def test_mail(
    fault: MailFault,
    tls: str,
    is_alone: bool,
    set_up: SetUp,
    phone: Phone,
    roads: Callable[[str, int], None],
    call: Callable[..., Call],
) -> None:
    settings = {"SMTP_HOST": "smtp.gmail.com", "SMTP_TLS": tls, "SMTP_PORT": tls, **fault.settings}
    ports = {"implicit": phone.implicit_port, "starttls": phone.starttls_port}
    right_port = ports[settings["SMTP_PORT"]]
    set_up(
        *(GATEWAY if is_alone else BOTH),
        **{**settings, "SMTP_PORT": "2525", "MY_PHONE_NUMBER": MINE},
    )
    phone.script = [] if is_alone else [twilio_error(400, 21610, "STOP")]
    phone.smtp_replies = fault.replies
    phone.show_certificate("right", fault.certificate)
    with fault.instead() if fault.instead else nullcontext(right_port) as port:
        roads(fault.look_up, port)
        sends = not is_alone or fault.status != "not sent"
        receipt, shown = call(is_alone, time_for(fault, sends))
    assert len(phone.texts) == (fault.status != "not sent")
    assert (receipt.status, receipt.sent) == (fault.status, fault.status == "accepted")
    problems = [problem for problem in receipt.problems if problem.startswith("gateway: ")]
    assert [problem for problem in problems if re.search(fault.says, problem)] == problems
    assert len(problems) == (fault.status != "accepted")
    assert_nothing_is_shown(shown)


def problem_of(receipt: Receipt, route: str) -> str:
    """Return the one sentence that a receipt has of a route, which has not sent the text."""
    assert not receipt.sent
    [problem] = [it for it in receipt.problems if it.startswith(f"{route}: ")]
    return problem


# What no fault of this machine's own may be told as.
OTHERS_FAULTS = "broke off|refused the connection|proxy|TLS|SMTP_HOST|Text again|password|login"


class BlockedError(BaseException):
    """As of a library that lets no program catch it by accident."""


@pytest.mark.parametrize(
    "error", [RecursionError("deep"), MemoryError(), TypeError("patched"), BlockedError()]
)
@pytest.mark.parametrize("route", ["Twilio", "gateway"])
def test_an_exception_of_this_machines_own_is_told_by_its_class_and_blames_nobody(
    route: str, error: BaseException, set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrap_socket = ssl.SSLContext.wrap_socket

    def fail(self: ssl.SSLContext, sock: Any, server_side: bool = False, **options: Any) -> Any:
        if server_side:
            # The phone, which is Twilio, is at the same machine.
            return wrap_socket(self, sock, server_side, **options)
        raise error

    phone = set_up(route.lower())
    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", fail)
    problem = problem_of(textmyself("hello"), route)
    assert f"({type(error).__name__})" in problem
    assert not re.search(OTHERS_FAULTS, problem)
    assert phone.texts == []


@pytest.mark.parametrize("proxy", [None, "http://127.0.0.1:3128"], ids=["direct", "proxy"])
@pytest.mark.parametrize(
    ("error", "says"),
    [
        (PermissionError(1, "Operation not permitted"), "this machine blocks the connection"),
        (OSError(24, "Too many open files"), r"\(OSError: Too many open files\)"),
        (OSError(99, "Cannot assign requested address"), r"\(OSError: Cannot assign .*\)"),
    ],
    ids=["a sandbox", "too many open files", "no address of its own"],
)
@pytest.mark.parametrize("route", ["Twilio", "gateway"])
def test_a_connection_that_this_machine_does_not_make_is_its_own_fault(
    route: str,
    error: OSError,
    says: str,
    proxy: str | None,
    set_up: SetUp,
    roads: Callable[[str, int], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise error

    set_up(route.lower(), HTTPS_PROXY=proxy)
    roads("works", 9)
    monkeypatch.setattr(socket.socket, "connect", fail)
    problem = problem_of(textmyself("hello"), route)
    assert re.search(says, problem)
    assert not re.search(OTHERS_FAULTS, problem)


@pytest.mark.parametrize(
    ("route", "setting", "other"),
    [
        ("Twilio", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"),
        ("gateway", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"),
    ],
)
def test_an_authority_that_is_set_for_the_other_route_only_is_told_with_the_setting_of_this_one(
    route: str, setting: str, other: str, set_up: SetUp, phone: Phone
) -> None:
    set_up(route.lower(), **{setting: None, other: phone.ca_file})
    problem = problem_of(textmyself("hello"), route)
    assert re.search(
        f"an authority that is not trusted here.* set {setting} to"
        f"|this Python knows no authorities.* Set {setting} to",
        problem,
    )
    assert "clock" not in problem
    assert phone.texts == []


def test_a_certificate_that_is_not_for_an_address_is_told_as_one_with_another_name(
    set_up: SetUp, phone: Phone
) -> None:
    set_up("gateway", SMTP_HOST="127.0.0.1")
    phone.show_certificate("right", "misnamed")
    assert "certificate for another name" in problem_of(textmyself("hello"), "gateway")


@pytest.mark.skipif(sys.platform == "win32", reason="the system's own authorities count there, too")
@pytest.mark.parametrize("kind", ["empty", "missing", "no certificate"])
def test_a_python_that_knows_no_authorities_says_so(
    kind: str, set_up: SetUp, tmp_path: Path
) -> None:
    file = tmp_path / "authorities.pem"
    if kind != "missing":
        file.write_text("" if kind == "empty" else "hello")
    phone = set_up("gateway", SSL_CERT_FILE=str(file), SSL_CERT_DIR=str(tmp_path / "none"))
    problem = problem_of(textmyself("hello"), "gateway")
    assert "this Python knows no authorities" in problem
    assert "SSL_CERT_FILE" in problem
    assert phone.commands == []


def test_authorities_in_a_folder_are_authorities(set_up: SetUp, tmp_path: Path) -> None:
    (tmp_path / "authorities").mkdir()
    # As OpenSSL looks for it: by a hash of its name, which this one has not.
    (tmp_path / "authorities" / "12345678.0").write_text("")
    no_file = str(tmp_path / "none.pem")
    set_up("gateway", SSL_CERT_FILE=no_file, SSL_CERT_DIR=str(tmp_path / "authorities"))
    problem = problem_of(textmyself("hello"), "gateway")
    assert "an authority that is not trusted here" in problem


@pytest.mark.parametrize("kind", ["empty", "missing", "no certificate"])
@pytest.mark.parametrize("setting", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_file_of_authorities_for_twilio_that_is_none_is_named(
    setting: str, kind: str, set_up: SetUp, tmp_path: Path
) -> None:
    file = tmp_path / "authorities.pem"
    if kind != "missing":
        file.write_text("" if kind == "empty" else "hello")
    phone = set_up("twilio", **{"REQUESTS_CA_BUNDLE": None, setting: str(file)})
    problem = problem_of(textmyself("hello"), "Twilio")
    assert setting in problem
    assert not re.search("clock|Check the port|Text again", problem)
    assert phone.requests == []


def test_a_file_of_authorities_that_may_not_be_read_is_named(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        # As the system does, though never to root.
        raise PermissionError(13, "Permission denied")

    phone = set_up("twilio")
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", refuse)
    problem = problem_of(textmyself("hello"), "Twilio")
    assert "REQUESTS_CA_BUNDLE" in problem
    assert "firewall" not in problem
    assert phone.requests == []


@contextmanager
def proxy(answer: bytes) -> Iterator[tuple[int, list[str]]]:
    """Serve a proxy that answers so to whatever it is asked; give its port, and its logins."""
    logins: list[str] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            # A TLS handshake ends for it with the first line feed, or when it has had enough.
            lines = iter(lambda: self.rfile.readline(200), b"")
            if not next(lines, b"").startswith(b"CONNECT"):
                lines = iter(())
            for line in lines:
                if line.lower().startswith(b"proxy-authorization:"):
                    logins.append(line.split()[-1].decode())
                if line == b"\r\n":
                    break
            self.wfile.write(answer)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Say nothing of a client that hung up."""

    with Server(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield int(server.server_address[1]), logins
        server.shutdown()


@pytest.mark.parametrize(
    ("status", "says", "times"),
    [
        ("407 Proxy Authentication Required", r"rejects the user name or password \(407\).*HTTPS_PROXY", 1),
        ("403 Forbidden", "does not let this machine through", 1),
        ("401 Unauthorized", "does not let this machine through", 1),
        ("503 Service Unavailable", "not reached by the proxy", 3),
    ],
)  # fmt: skip
def test_a_proxy_that_refuses_has_its_sentence_and_gets_one_log_in(
    status: str, says: str, times: int, set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with proxy(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode()) as (port, logins):
        set_up("twilio", HTTPS_PROXY=f"http://me:0123456789abcdef@127.0.0.1:{port}")
        problem = problem_of(textmyself("hello"), "Twilio")
    assert re.search(says, problem)
    assert logins == [b64encode(b"me:0123456789abcdef").decode()] * times
    assert "0123456789abcdef@" not in f"{problem} {caplog.text}"


def test_a_proxy_that_wants_a_log_in_leaves_the_text_to_the_gateway(set_up: SetUp) -> None:
    with proxy(b"HTTP/1.1 407 Who are you?\r\nContent-Length: 0\r\n\r\n") as (port, logins):
        phone = set_up("twilio", "gateway", HTTPS_PROXY=f"http://127.0.0.1:{port}")
        receipt = textmyself("hello")
    assert (receipt.route, receipt.status, logins) == ("gateway", "accepted", [])
    assert [text.route for text in phone.texts] == ["gateway"]
    [problem] = receipt.problems
    assert "user name or password (407)" in problem


def test_https_before_a_plain_proxy_is_told_as_that(set_up: SetUp) -> None:
    with proxy(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n") as (port, _):
        set_up("twilio", HTTPS_PROXY=f"https://127.0.0.1:{port}")
        problem = problem_of(textmyself("hello"), "Twilio")
    assert "the proxy takes plain connections" in problem
    assert "http://" in problem


@pytest.mark.parametrize("scheme", ["http", "https", "socks5", "socks5h", "socks4"])
def test_a_proxy_that_is_not_there_is_told_as_that(scheme: str, set_up: SetUp) -> None:
    with nobody() as port:
        set_up("twilio", HTTPS_PROXY=f"{scheme}://127.0.0.1:{port}")
        problem = problem_of(textmyself("hello"), "Twilio")
    assert "the proxy does not answer" in problem
    assert "HTTPS_PROXY" in problem
    assert "pip install" not in problem


def test_a_proxy_with_gnomes_scheme_is_told_which_one_to_write(set_up: SetUp) -> None:
    set_up("twilio", HTTPS_PROXY="socks://127.0.0.1:1080/")
    problem = problem_of(textmyself("hello"), "Twilio")
    assert "Write socks5h:// instead of socks:// in HTTPS_PROXY or ALL_PROXY." in problem


@pytest.mark.parametrize("scheme", ["http", "https", "socks5h"])
def test_a_proxy_whose_name_is_not_found_is_told_as_that(
    scheme: str, set_up: SetUp, roads: Callable[[str, int], None]
) -> None:
    set_up("twilio", HTTPS_PROXY=f"{scheme}://proxy.example.com:3128")
    roads("fails", 9)
    problem = problem_of(textmyself("hello"), "Twilio")
    assert "the proxy's name was not found" in problem
    assert "HTTPS_PROXY" in problem


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (b"\x05\xff", "user name or password"),
        (b"\x05\x00\x05\x02\x00\x01" + bytes(6), "does not let this machine through"),
        (b"\x05\x00\x05\x04\x00\x01" + bytes(6), "not reached by the proxy|broke off"),
    ],
    ids=["a login is wanted", "its rules forbid it", "it does not reach Twilio"],
)
def test_a_socks_proxy_that_refuses_is_there(reply: bytes, says: str, set_up: SetUp) -> None:
    with stranger(reply) as port:
        set_up("twilio", HTTPS_PROXY=f"socks5h://127.0.0.1:{port}")
        problem = problem_of(textmyself("hello"), "Twilio")
    assert re.search(says, problem)
    assert "nobody answers" not in problem


def test_a_socks_proxy_needs_a_package(tmp_path: Path, phone: Phone) -> None:
    script = tmp_path / "job.py"
    script.write_text(
        "import sys\nsys.modules['socks'] = None\nfrom textmyself import textmyself\n"
        "print(*textmyself('hello').problems)\n"
    )
    settings = {**phone.settings("twilio"), "HTTPS_PROXY": "socks5h://127.0.0.1:9"}
    ran = run_python(tmp_path, script, settings=settings)
    assert "Run: pip install pysocks" in ran.stdout


def test_both_routes_in_doubt_say_that_the_text_may_arrive_twice(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway")
    phone.script = [Answer(503, HTML, create=True), Answer(drop=True)]
    phone.smtp_replies = {".": ""}
    receipt = textmyself("hello", confirm=0)
    assert (receipt.sent, receipt.status) == (False, "unknown")
    assert [text.route for text in phone.texts] == ["twilio", "gateway"]
    assert "twice" in " ".join(receipt.problems)


@pytest.mark.parametrize("routes", [TWILIO, GATEWAY])
def test_one_route_in_doubt_says_nothing_of_twice(routes: tuple[str], set_up: SetUp) -> None:
    phone = set_up(*routes)
    phone.script = [Answer(503, HTML, create=True), Answer(drop=True)]
    phone.smtp_replies = {".": ""}
    receipt = textmyself("hello", confirm=0)
    assert (receipt.status, len(phone.texts)) == ("unknown", 1)
    assert "twice" not in " ".join(receipt.problems)


# A secret that each kind of text writes in another way.
SECRET = """0123"4567'89&ab<cd>ef/gh+ij=kl%mn\\op"""
ECHOES = {
    "as it is": SECRET,
    "in a query": quote(SECRET),
    "in a query, in lower case": re.sub("%..", lambda it: it[0].lower(), quote(SECRET)),
    "in a query, all of it": quote(SECRET, safe=""),
    "in a form": quote_plus(SECRET),
    "in HTML": html.escape(SECRET),
    "in HTML, but for the quotes": html.escape(SECRET, quote=False),
    "in HTML, with numbers in decimal": html.escape(SECRET).replace("&#x27;", "&#39;"),
    "in XML": html.escape(SECRET).replace("&#x27;", "&apos;"),
    "in JSON": json.dumps(SECRET)[1:-1],
    "in JSON, as PHP writes it": json.dumps(SECRET)[1:-1].replace("/", "\\/"),
    "as Python shows it": repr(SECRET)[1:-1],
    "as Python shows its bytes": repr(SECRET.encode())[2:-1],
    "in base64": b64encode(SECRET.encode()).decode(),
}


@pytest.mark.parametrize("echo", ECHOES.values(), ids=ECHOES)
def test_a_mail_servers_words_show_no_secret_however_they_write_it(
    echo: str, set_up: SetUp
) -> None:
    phone = set_up("gateway", SMTP_PASSWORD=SECRET)
    phone.smtp_replies = {"AUTH": f"535 5.7.8 no: {echo}."}
    problem = problem_of(textmyself("hello"), "gateway")
    assert "(535 5.7.8 no: ***" in problem
    assert echo[4:12] not in problem
    assert echo[-8:] not in problem


@pytest.mark.parametrize("echo", ECHOES.values(), ids=ECHOES)
def test_twilios_words_show_no_secret_however_they_write_it(echo: str, set_up: SetUp) -> None:
    phone = set_up("twilio", TWILIO_AUTH_TOKEN=SECRET)
    phone.script = [twilio_error(400, 29999, f"no: {echo}.")]
    problem = problem_of(textmyself("hello"), "Twilio")
    assert "no: ***" in problem
    assert echo[4:12] not in problem
    assert echo[-8:] not in problem


@pytest.mark.parametrize(
    ("secret", "echo"),
    [
        ("my  secret pass", "my secret pass"),
        ("my  secret pass", "my&nbsp;&nbsp;secret&nbsp;pass"),
        ("correct horse+battery", "correct+horse%2Bbattery"),
    ],
)
def test_a_secret_with_blanks_is_hidden_however_they_are_written(
    set_up: SetUp, secret: str, echo: str
) -> None:
    phone = set_up("gateway", SMTP_PASSWORD=secret)
    phone.smtp_replies = {"AUTH": f"535 5.7.8 no: {echo}."}
    assert "(535 5.7.8 no: ***.)" in problem_of(textmyself("hello"), "gateway")


@pytest.mark.parametrize("blanks", [170, 190, 9970, 9990, 63_990])
def test_words_that_are_cut_show_no_part_of_a_secret(blanks: int, set_up: SetUp) -> None:
    phone = set_up("twilio")
    phone.script = [twilio_error(400, 29999, " " * blanks + AUTH_TOKEN)]
    problem = problem_of(textmyself("hello"), "Twilio")
    assert "(29999)" in problem
    assert AUTH_TOKEN[:4] not in problem


@pytest.mark.parametrize(
    "number",
    [
        "555 - 777 - 6666",
        "(555) 777-6666",
        "555.777.6666",
        "555 777 6666",
        "1-555-777-6666",
        "+1 (555) 777 6666",
        "+15557776666",
        "%2B15557776666",
        "tel:+1-555-777-6666",
        "5 5 5 7 7 7 6 6 6 6",
        "555%20777%206666",
        "(555)&nbsp;777&nbsp;6666",
        "5557776666@msg.fi.google.com",
        "(555)\u00a0777\u20116666",
    ],
)
@pytest.mark.parametrize("route", ["Twilio", "gateway"])
def test_no_ones_words_show_the_whole_number_however_they_write_it(
    route: str, number: str, set_up: SetUp
) -> None:
    phone = set_up(route.lower(), MY_PHONE_NUMBER=MINE)
    phone.smtp_replies = {"RCPT": f"550 who is {number}?"}
    phone.script = [twilio_error(400, 29999, f"who is {number}?")]
    problem = problem_of(textmyself("hello"), route)
    assert "6666" in problem
    digits = re.sub(r"\D", "", problem.partition("who is")[2].partition("?")[0])
    assert "777" not in digits


def test_twilio_is_asked_for_answers_that_are_not_compressed(set_up: SetUp) -> None:
    phone = set_up("twilio")
    # Its answer is lost, so that the list is asked for as well, and then the status.
    phone.script = [Answer(503, HTML, create=True)]
    assert textmyself("hello", confirm=1).sent
    assert {"POST", "GET"} <= set(phone.methods)
    assert {it.headers.get("Accept-Encoding") for it in phone.requests} == {"identity"}


# Prints the outcome, by how many MB the process grew, and how many threads and sockets stay.
GREEDY = """
import _thread, gc, json, os, resource, sys, time
import smtplib, ssl, email.message, twilio.rest
from textmyself import textmyself

def resident():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

def files():
    return set(os.listdir('/proc/self/fd')) if os.path.isdir('/proc/self/fd') else set()

times, timeout = int(sys.argv[1]), float(sys.argv[2])
textmyself('This has no time, and loads what a text needs.', timeout=0)
threads, open_before, before = _thread._count(), len(files()), resident()
started = time.monotonic()
receipts = [textmyself('hello', timeout=timeout) for _ in range(times)]
took = time.monotonic() - started
# Each step has been left behind by now; its thread may take a moment to notice.
for _ in range(3000):
    # One that is left behind before its handshake has a socket that ssl leaves to be collected.
    gc.collect()
    if _thread._count() <= threads and len(files()) <= open_before:
        break
    time.sleep(0.02)
print(json.dumps({
    'statuses': sorted({it.status for it in receipts}), 'took': took, 'grew': resident() - before,
    'threads': _thread._count() - threads, 'files': len(files()) - open_before,
}))
"""
TUNNEL = b"HTTP/1.1 200 OK\r\n\r\n"


def run_greedy(tmp_path: Path, settings: dict[str, str], times: int, timeout: float) -> Any:
    ran = run_python(tmp_path, "-c", GREEDY, str(times), str(timeout), settings=settings)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


# What a relay says up to the words of the mail.
TAKES_MAIL = b"220 hello\r\n250 localhost\r\n250 so\r\n250 so\r\n354 go on\r\n"


@pytest.mark.skipif(sys.platform == "win32", reason="there is no resource there")
@pytest.mark.parametrize(
    ("greeting", "then", "status"),
    [
        (b"220-hello\r\n", f"{ENDLESS}220-hello", "not sent"),
        (b"220-hello\r\n", f"{ENDLESS}{'220-' * 2000}", "not sent"),
        (b"220 hello\r\n", f"{ENDLESS}250-AUTH PLAIN", "not sent"),
        (TAKES_MAIL, f"{ENDLESS}554-no", "not sent"),
        (TAKES_MAIL, f"{ENDLESS}250-yes", "accepted"),
        (TAKES_MAIL, f"{ENDLESS}hello", "unknown"),
    ],
    ids=["a greeting", "long lines", "EHLO", "a no", "a yes", "nonsense"],
)
def test_a_reply_without_an_end_takes_neither_memory_nor_time(
    greeting: bytes, then: str, status: str, tmp_path: Path, phone: Phone
) -> None:
    with stranger(greeting, then) as port:
        settings = phone.settings("gateway") | {"SMTP_PORT": str(port), "SMTP_TLS": "starttls"}
        if greeting == TAKES_MAIL:
            settings |= {"SMTP_TLS": "none", "SMTP_FROM": "you@example.com"}
            del settings["SMTP_USER"], settings["SMTP_PASSWORD"]
        did = run_greedy(tmp_path, settings, 1, 10)
    assert did["statuses"] == [status]
    assert did["grew"] < 50
    assert did["took"] < 10 + 10
    assert (did["threads"], did["files"]) == (0, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no resource there")
@pytest.mark.parametrize("beginning", [b"", b"220-"], ids=["of nothing else", "of a reply"])
def test_a_line_without_an_end_takes_neither_memory_nor_time(
    beginning: bytes, tmp_path: Path, phone: Phone
) -> None:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(beginning)
            while True:
                self.wfile.write(b"2" * 65536)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Say nothing of a client that hung up, as it should."""

    with Server(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        where = {"SMTP_PORT": str(server.server_address[1]), "SMTP_TLS": "starttls"}
        did = run_greedy(tmp_path, phone.settings("gateway") | where, 1, 10)
        server.shutdown()
    assert did["statuses"] == ["not sent"]
    assert did["grew"] < 50
    assert did["took"] < 10 + 10
    assert (did["threads"], did["files"]) == (0, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="nothing lists the open files")
@pytest.mark.parametrize(
    ("route", "greeting", "tls"),
    [
        ("gateway", b"\x16\x03\x03@", "implicit"),
        ("gateway", b"220-", "starttls"),
        ("gateway", b"220 hello\r\n250-localhost\r\n250 STARTTLS\r\n220 go\r\n\x16\x03\x03@", "starttls"),
        ("twilio", TUNNEL + b"\x16\x03\x03@", ""),
        ("twilio", b"HTTP/1.1 ", ""),
        ("twilio", TUNNEL + b"\x16\x03\x03@", "proxy"),
    ],
    ids=["TLS", "a greeting", "STARTTLS", "Twilio", "a proxy", "Twilio behind a proxy by TLS"],
)  # fmt: skip
def test_many_texts_to_a_server_that_drips_leave_no_thread_and_no_socket(
    route: str, greeting: bytes, tls: str, tmp_path: Path, phone: Phone
) -> None:
    with stranger(greeting, DRIPPING, phone.tls if tls == "proxy" else None) as port:
        scheme = "https" if tls == "proxy" else "http"
        server = {"HTTPS_PROXY": f"{scheme}://127.0.0.1:{port}"}
        if route == "gateway":
            server = {"SMTP_PORT": str(port), "SMTP_TLS": tls}
        did = run_greedy(tmp_path, phone.settings(route) | server, 20, 0.2)
    assert did["statuses"] == ["not sent"]
    assert (did["threads"], did["files"]) == (0, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="nothing lists the open files")
@pytest.mark.parametrize("route", ["twilio", "gateway"])
def test_texts_leave_no_socket_even_where_no_garbage_is_collected(
    route: str, tmp_path: Path, phone: Phone
) -> None:
    code = """
import gc, os
from textmyself import textmyself

def text():
    assert textmyself("hello", confirm=0).sent
    return len(os.listdir("/proc/self/fd"))

gc.disable()
print(text() - text())
"""
    done = run_python(tmp_path, "-c", code, settings=phone.settings(route))
    assert (done.stdout, done.stderr) == ("0\n", "")


@contextmanager
def tls_proxy(phone: Phone) -> Iterator[int]:
    """Serve a proxy that is spoken to by TLS, with nothing behind it but Twilio; give its port."""

    def pump(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                socket.socket.shutdown(end, socket.SHUT_RDWR)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with (
                suppress(OSError),
                phone.tls.wrap_socket(self.request, server_side=True) as client,
                socket.create_connection(("127.0.0.1", phone.twilio_port)) as twilio,
            ):
                asked = b""
                while not asked.endswith(b"\r\n\r\n"):
                    asked += client.recv(1)
                client.sendall(TUNNEL)
                answers = Thread(target=pump, args=(twilio, client), daemon=True)
                answers.start()
                pump(client, twilio)
                answers.join()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()


def test_a_text_goes_through_a_proxy_that_is_spoken_to_by_tls(set_up: SetUp, phone: Phone) -> None:
    with tls_proxy(phone) as port:
        set_up("twilio", HTTPS_PROXY=f"https://127.0.0.1:{port}")
        receipt = textmyself("hello", confirm=0)
    assert (receipt.status, receipt.problems) == ("queued", ())
    assert [text.body for text in phone.texts] == ["hello"]


@pytest.mark.skipif(sys.platform != "linux", reason="nothing lists the open files")
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_texts_whose_answer_drips_leave_no_thread_and_no_socket(
    scheme: str, tmp_path: Path, phone: Phone
) -> None:
    phone.script = [Answer(201, dripping=True)] * 20
    with tls_proxy(phone) if scheme == "https" else nullcontext(phone.twilio_port) as port:
        server = {"HTTPS_PROXY": f"{scheme}://127.0.0.1:{port}"}
        did = run_greedy(tmp_path, phone.settings("twilio") | server, 1, 5)
    assert did["statuses"] == ["unknown"]
    assert (did["threads"], did["files"]) == (0, 0)
