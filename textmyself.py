#!/usr/bin/env python3
"""Text yourself from any script.

    from textmyself import textmyself

    textmyself('The boring task is finished.')

The text goes through Twilio if that is set up, or else by e-mail to your phone carrier's gateway.
Settings come from the environment and from a file named `.env`: beside your script or above it,
in the current folder or above it, beside this file, or `~/.config/textmyself/.env`.

    MY_PHONE_NUMBER=+15559998888

    # either Twilio, whose console shows these three
    TWILIO_ACCOUNT_SID=AC...
    TWILIO_AUTH_TOKEN=...
    TWILIO_PHONE_NUMBER=+15550001111

    # or your carrier (or MY_GATEWAY, any e-mail address), your mailbox and an app password for it
    MY_CARRIER=Google Fi
    SMTP_USER=you@gmail.com
    SMTP_PASSWORD=...

This file works alone, copied next to a script: `pip install twilio python-dotenv` for Twilio and
for `.env` files; the gateway needs neither. With carriers.py beside it, carriers and mailboxes
are known by name. At the prompt, `textmyself --help` says what the command does. Licence: MIT.
"""

from __future__ import annotations

# Only what Python has loaded already, or has built in. Everything else is imported where it is
# used: that keeps `import textmyself` fast, and no file of the user's can shadow it (see
# _InstalledFirst).
import _thread
import codecs
import errno
import io
import os
import stat
import sys
import time
from _frozen_importlib import module_from_spec
from _frozen_importlib_external import PathFinder

if sys.version_info < (3, 10):
    raise ImportError(f"textmyself needs Python 3.10 or later; this is {sys.version.split()[0]}.")

# Type checkers take a name like this for true, as they do typing's, which takes long to import.
TYPE_CHECKING = False
if TYPE_CHECKING:
    import smtplib
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage
    from types import ModuleType
    from typing import Any, ClassVar, Protocol, TypeVar

    T = TypeVar("T")

    class _Route(Protocol):
        """A way to the phone: Twilio, the gateway, or one that is only partly set up."""

        name: str
        is_usable: bool
        # Whether it takes a picture in a file.
        accepts_files: bool

        def send(self, call: _Call) -> None:
            """Send the text of a call, or raise `_Failed`."""

        def plan(self, call: _Call) -> list[str]:
            """Return lines on what would be sent, or raise `_Failed`."""

        def check(self, call: _Call) -> Iterator[str]:
            """Log in without texting, and yield what is worth knowing, or raise `_Failed`."""


__version__ = "0.2.0"
__all__ = ["NotSentError", "Receipt", "textmyself"]

# The defaults, in seconds; the docstring of textmyself() says of what.
DEFAULT_CONFIRM = 5.0
DEFAULT_TIMEOUT = 60.0
# Longer times count as this one: locks and sockets refuse those that are much longer.
MAX_SECONDS = 1e6
# The time budget of a step: at most this many seconds, and half of what is left.
STEP_SECONDS = 15.0
# Waits are cut into slices, between which signals are handled: on Windows, waiting for a lock
# ignores Ctrl-C.
SLICE_SECONDS = 0.2
# The pause before a retry, and between two requests for a text's status. The last such request may
# take this long after `confirm` is over, and the log after `timeout`.
PAUSE_SECONDS = 1.0
# The longest message that Twilio takes, in UTF-16 units: twilio.com/docs/api/errors/21617
TWILIO_LIMIT = 1600
# The most texts into which a message is split for an SMS gateway.
MAX_PARTS = 5
# A larger picture is left out.
PICTURE_BYTES = 1_000_000
# Read at most this much of a `.env`.
ENV_BYTES = 100_000
# Read at most this much of an answer of Twilio's; a list of 100 messages takes a quarter of it.
ANSWER_BYTES = 1_000_000
# Messages on one page of Twilio's list.
PAGE_SIZE = 100
# Read at most this much of a mail server's reply.
REPLY_LINES = 100
REPLY_LINE_BYTES = 4_000
REPLY_BYTES = 64_000
# Show at most this many characters of what a server said.
SHOWN_CHARACTERS = 200


# Not a dataclass: that module takes long to import.
class Receipt:
    """What became of a text. It is true when the text was sent.

    sent      whether Twilio or the mail server has taken the whole message
    route     'twilio', 'gateway' or ''
    status    Twilio's status ('queued', 'delivered', ...); 'accepted' by the mail server;
              'unknown' when nobody can tell whether it was sent; 'dry run'; 'not sent'
    parts     how many texts were sent
    ids       their SIDs at Twilio, or their Message-IDs
    segments  how many segments Twilio bills (its `num_segments`), or 0 if that is not known
    problems  a sentence for each route that failed and for each thing left out
    """

    def __init__(
        self,
        sent: bool = False,
        route: str = "",
        status: str = "not sent",
        parts: int = 0,
        ids: tuple[str, ...] = (),
        segments: int = 0,
        problems: tuple[str, ...] = (),
    ) -> None:
        self.sent = sent
        self.route = route
        self.status = status
        self.parts = parts
        self.ids = ids
        self.segments = segments
        self.problems = problems

    def __bool__(self) -> bool:
        return self.sent

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Receipt) and vars(self) == vars(other)

    def __repr__(self) -> str:
        # ASCII, so that any terminal or file can show it.
        return f"Receipt({', '.join(f'{name}={value!a}' for name, value in vars(self).items())})"


class NotSentError(Exception):
    """Raised by `textmyself(..., strict=True)`. Its text says what to do; `receipt` has the rest."""

    # With a default, because pickle passes the text only.
    def __init__(self, text: str, receipt: Receipt | None = None) -> None:
        super().__init__(text)
        self.receipt = receipt


def textmyself(
    message: object,
    *,
    media: str | os.PathLike[str] | None = None,
    confirm: float = DEFAULT_CONFIRM,
    timeout: float = DEFAULT_TIMEOUT,
    strict: bool = False,
) -> Receipt:
    """Text `message` to your own phone and return a `Receipt`, which is true when it was sent.

    message  anything; `str()` of it is sent as one text, or as up to five numbered ones where a
             carrier takes only short texts. If it is too long for its route (1,600 characters for
             Twilio), the middle is left out.
    media    a picture: an http(s) URL, which goes through Twilio, or the path of a file, which goes
             by e-mail. Where the picture cannot go, the text goes without it.
    confirm  seconds to wait, within `timeout`, for the carrier to report on a text that went through
             Twilio. If it was not delivered, the gateway gets it instead. 0 does not wait.
    timeout  seconds after which the call returns, whatever the network does. A network step gets
             at most 15 seconds and half of what is left; the first of two routes gets half.
    strict   raise `NotSentError` if the text was not sent, or if nobody knows. A dry run that
             finds a way to send the text raises nothing.

    A text that was not sent is logged whole, as an ERROR on the logger `textmyself`, with what to
    do next. Nothing else is raised, except KeyboardInterrupt and SystemExit.
    """
    call = _Call(confirm, timeout)
    receipt = _deliver(call, message, media)
    _log(call, receipt)
    call.step.wait_for_thread()
    if strict and not receipt and receipt.status != "dry run":
        raise NotSentError("\n  ".join([receipt.status, *receipt.problems]), receipt)
    return receipt


def _deliver(
    call: _Call, message: object, media: object, settings: _Settings | None = None
) -> Receipt:
    """Send a message, or find out why it cannot be sent, and return the receipt.

    `settings` comes from the command, which has read them already.
    """
    try:
        call.message = _to_str(message)
        if settings is None:
            settings = _read_settings(call)
        call.text = call.run("the message", lambda: _clean(call.message))
        if not call.text and isinstance(message, BaseException):
            # Such as the AssertionError of a bare assert.
            call.message = repr(message)
            call.text = _clean(call.message)
        _load_picture(call, media)
        if not call.text and not call.has_picture():
            raise _Failed("the message is empty. It needs at least one visible character.")
        routes = _find_routes(call, settings)
        if settings.is_dry_run():
            route_name, call.plan = _plan(call, routes)
            if call.plan:
                call.status, call.route = "dry run", route_name.lower()
        else:
            _send(call, routes)
    except _Failed as error:
        call.note(str(error))
    except Exception as error:
        # A fault of ours must never break the caller's job.
        call.note(
            f"textmyself itself failed ({type(error).__name__}). Check its arguments, or report it."
        )
        if call.ids or call.step.in_doubt:
            call.status = "unknown"
    return call.receipt()


def _send(call: _Call, routes: list[_Route]) -> None:
    """Try the routes in turn, until one has sent the text or has it without answering."""
    for index, route in enumerate(routes):
        call.route_deadline = call.deadline
        has_fallback = any(later.is_usable for later in routes[index + 1 :])
        if has_fallback:
            # The first of two routes may use half of the time.
            now = time.monotonic()
            call.route_deadline = now + (call.deadline - now) / 2
        try:
            _send_by(call, route)
        except _Failed as error:
            call.note(f"{route.name}: {error}")
            if isinstance(error, _Unknown):
                call.status = "unknown"
                call.possible_deliveries += 1
            if isinstance(error, _Unanswered):
                break
        else:
            call.sent = True
            call.route = route.name.lower()
            call.possible_deliveries += 1
            break
    if call.possible_deliveries > 1:
        call.note("text: this text may arrive twice.")


def _send_by(call: _Call, route: _Route) -> None:
    """Send by one route, and once more without the picture if the picture is refused."""
    try:
        route.send(call)
        return
    except _PictureRefused as error:
        if not call.has_picture():
            raise
        reason = str(error)
    # Not in the handler: whatever is raised there has this failure as its context.
    call.leave_out_picture(f"{route.name} says: {reason}")
    route.send(call)


def _plan(call: _Call, routes: list[_Route]) -> tuple[str, list[str]]:
    """Return the name of the first route that works, and lines on what it would send; or ('', [])."""
    for route in routes:
        try:
            return route.name, route.plan(call)
        except _Failed as error:
            call.note(f"{route.name}: {error}")
    return "", []


class _Call:
    """One call: what to send, by when, and what has become of it.

    Only the caller's thread writes to it. Its repr shows nothing, for tracebacks with locals.
    """

    def __init__(self, confirm: object, timeout: object) -> None:
        # The message as it was given, for the log, and as it is sent.
        self.message = ""
        self.text = ""
        # A picture: the bytes of a file and their MIME subtype, or a URL.
        self.picture: tuple[bytes, str] | None = None
        self.picture_url = ""
        self.problems: list[str] = []
        self.confirm = self._seconds("confirm", confirm, DEFAULT_CONFIRM)
        # By time.monotonic(), like all deadlines.
        self.deadline = time.monotonic() + self._seconds("timeout", timeout, DEFAULT_TIMEOUT)
        self.route_deadline = self.deadline
        # Whether any route is set up well enough to be tried.
        self.has_route = False
        self.sent = False
        self.status = "not sent"
        self.route = ""
        self.ids: list[str] = []
        self.segments = 0
        # How many routes have the text, or may have it.
        self.possible_deliveries = 0
        # What a dry run would send.
        self.plan: list[str] = []
        # The latest step of this call, which tells whether the text may have been sent.
        self.step = _Step("the message")

    def _seconds(self, name: str, value: Any, default: float) -> float:
        """Return `value` as seconds; if it is not a number, note that and return the default."""
        try:
            seconds = float(value)
        except Exception:
            self.note(f"{name}: it is not a number of seconds, so {default:g} is used.")
            return default
        if seconds != seconds:
            # NaN, the only number that differs from itself.
            return 0.0
        return min(max(seconds, 0.0), MAX_SECONDS)

    def note(self, *problems: str) -> None:
        self.problems += [problem for problem in problems if problem not in self.problems]

    def run(self, subject: str, work: Callable[[], T]) -> T:
        """Return `work()`, done in a worker within the time budget, or raise `_Failed`."""
        return self.run_step(_Step(subject), work, self.step_seconds())

    def run_step(self, step: _Step, work: Callable[[], T], seconds: float) -> T:
        """Return `work()`, done as this step within so many seconds, or raise `_Failed`."""
        self.step = step
        return step.run(work, seconds)

    def seconds_left(self) -> float:
        return self.route_deadline - time.monotonic()

    def step_seconds(self) -> float:
        """Return how many seconds the next step may take."""
        return min(STEP_SECONDS, self.seconds_left() / 2)

    def pause(self, seconds: float) -> bool:
        """Wait and return True, or return False at once if there is not enough time for it."""
        if seconds >= self.seconds_left():
            return False
        time.sleep(seconds)
        return True

    def has_picture(self) -> bool:
        return self.picture is not None or self.picture_url != ""

    def leave_out_picture(self, reason: str) -> None:
        """Let the text go without its picture and note why; raise `_Failed` if there is no text."""
        reason = reason.rstrip(".")
        if not self.text:
            raise _Failed(f"the picture cannot go: {reason}; and there is no text.")
        self.picture, self.picture_url = None, ""
        self.note(f"picture: left out: {reason}.")

    def receipt(self) -> Receipt:
        return Receipt(
            sent=self.sent,
            route=self.route,
            status=self.status,
            parts=len(self.ids),
            ids=tuple(self.ids),
            segments=self.segments,
            problems=tuple(self.problems),
        )


class _Failed(Exception):
    """A text or a step failed, and its message tells the user why. The next route may try."""


class _Retryable(_Failed):
    """A failure that may pass: the same route may try again, after `seconds`."""

    def __init__(self, sentence: str, seconds: float = 0.0) -> None:
        super().__init__(sentence)
        self.seconds = max(seconds, PAUSE_SECONDS)


class _LocalFault(_Failed):
    """Something failed on this machine: neither a server nor its settings are to blame.

    So its sentence tells of a module in the way, in place of settings to check.
    """


class _PictureRefused(_Failed):
    """The picture was refused, and nothing reached the phone: the text may go without it."""


class _Unknown(_Failed):
    """There was no usable answer, so nobody can know what the server did.

    If it was asked to send the text, the next route sends that, perhaps again.
    """


class _Unanswered(_Unknown):
    """The server has the whole text and only its answer is missing: it is not sent again."""


def _retry(call: _Call, attempt: Callable[[], T], retries: int) -> T:
    """Return `attempt()`; if it raises `_Retryable`, try again, at most `retries` times."""
    while True:
        try:
            return attempt()
        except _Retryable as error:
            if retries == 0 or not call.pause(error.seconds):
                raise
            retries -= 1


class _Step:
    """A piece of work that may stall: a worker thread does it, and the caller only waits.

    A socket's timeout starts anew with each byte, and a name lookup, an import or a remote file
    system has none. So the worker is abandoned when time is up. Then its sockets are shut down,
    and the point of no return is closed to it: nothing is sent late.
    """

    def __init__(self, subject: str) -> None:
        # What the step is about, for a sentence: a server, or a thing.
        self.subject = subject
        # Whether the text may have been sent: true between the point of no return and an answer.
        self.in_doubt = False
        self.abandoned = False
        self.finished = False
        # Objects whose `sock` is shut down when the worker is abandoned.
        self.connections: list[Any] = []
        # What the worker leaves when it is finished.
        self._result: Any = None
        self._error: _Failed | None = None
        # The system's number of the worker's thread.
        self._thread_number = 0

    def run(self, work: Callable[[], T], seconds: float) -> T:
        """Return `work()`, or raise `_Failed`, within `seconds`. A step runs once."""
        if seconds <= 0:
            raise _Failed(f"there was no time left for {self.subject}. Try a longer timeout.")
        done = _thread.allocate_lock()
        done.acquire()
        try:
            self._start(work, done)
            self._wait(done, seconds)
            # Before it is abandoned, which may make the worker fail in its own way.
            in_time = self.finished
        finally:
            # Also when Ctrl-C ends the wait.
            self._abandon()
        if not in_time:
            raise self.timeout_failure()
        self.in_doubt = isinstance(self._error, _Unknown)
        if self._error is not None:
            raise self._error
        result: T = self._result
        return result

    def pass_point_of_no_return(self) -> None:
        """Note that the text may be sent from now on; raise if the caller has given up."""
        # First the note, then the look; _abandon does it the other way round. So at least one side
        # sees what the other did.
        self.in_doubt = True
        if self.abandoned:
            raise TimeoutError

    def wait_for_thread(self) -> None:
        """Wait for at most about a second until a finished worker's thread is gone as well.

        The job may fork a child next. As a thread ends, it holds a lock of OpenSSL's, and a child
        that is forked just then waits for that lock for ever. Python 3.12 also warns of any thread.
        """
        if not self.finished or self._thread_number == _thread_number():
            # The caller's own thread: no other could start, or gevent has made them all one.
            return
        try:
            for _ in range(2000):
                # On Linux it is there as long as the thread is.
                os.stat(f"/proc/self/task/{self._thread_number}")
                time.sleep(0.0005)
        except Exception:
            # It is gone. Or a test of the user's has replaced one of these two; the text is sent, so
            # nothing may be raised.
            pass

    def explain(self, error: BaseException) -> _Failed:
        """Return the failure, with a sentence for the user, that an exception amounts to."""
        return _LocalFault(_with_shadowing_hint(str(self.explain_plainly(error))))

    def explain_plainly(self, error: BaseException) -> _Failed:
        """Return it as a failure of this machine, by means that cannot fail themselves."""
        return _LocalFault(f"{self.subject} failed on this machine ({type(error).__name__}).")

    def timeout_failure(self) -> _Failed:
        return _Failed(f"{self.subject} took too long. Try a longer timeout.")

    def _start(self, work: Callable[[], T], done: _thread.LockType) -> None:
        _load_threading()
        try:
            _thread.start_new_thread(self._work, (work, done))
            return
        except (RuntimeError, MemoryError):
            # No thread can start, as while Python 3.12 exits: only socket timeouts bound this.
            pass
        try:
            self._work(work, done)
        except KeyboardInterrupt as error:
            # Without its frames, which may hold secrets.
            raise error.with_traceback(None) from None

    def _work(self, work: Callable[[], T], done: _thread.LockType) -> None:
        self._thread_number = _thread_number()
        try:
            with _InstalledFirst():
                self._result = work()
        except _Failed as error:
            self._error = error
        except KeyboardInterrupt:
            # Only where the worker is the caller's own thread.
            raise
        except BaseException as error:
            try:
                self._error = self.explain(error)
            except Exception:
                # Also what it takes to explain may fail, such as an import.
                self._error = self.explain_plainly(error)
        if self._error is not None:
            # Its frames may hold secrets.
            self._error.__traceback__ = self._error.__context__ = self._error.__cause__ = None
        self.finished = True
        done.release()

    def _wait(self, done: _thread.LockType, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        # Counted as well, because a test of the user's may have frozen the clock.
        for _ in range(int(seconds / SLICE_SECONDS) + 1):
            slice_seconds = min(SLICE_SECONDS, deadline - time.monotonic())
            if done.acquire(timeout=max(slice_seconds, 0)) or slice_seconds <= 0:
                return

    def _abandon(self) -> None:
        self.abandoned = True
        if not self.finished:
            for connection in list(self.connections):
                _shut_down(connection)


def _thread_number() -> int:
    """Return the system's number of this thread, if the system has one."""
    number: int = getattr(_thread, "get_native_id", _thread.get_ident)()
    return number


def _load_threading() -> None:
    """Import threading in the caller's thread: the first thread to import it becomes its main one."""
    if "threading" not in sys.modules:
        with _InstalledFirst():
            __import__("threading")


def _shut_down(connection: Any) -> None:
    """Stop an abandoned worker from reading from a connection, or writing to it."""
    sock = getattr(connection, "sock", None)
    if sock is None:
        return
    # Not imported, as an import can stall: where there is a socket, it is loaded.
    socket: Any = sys.modules["socket"]
    # urllib3's TLS within TLS has the outer socket inside.
    sock = getattr(sock, "socket", sock)
    try:
        # The method of the plain socket: that of a TLS socket would change what the worker uses.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        # It is closed already.
        pass


class _ServerStep(_Step):
    """A step that talks to a server."""

    def __init__(
        self, host: str, seconds: float, ca_setting: str, hint: str, in_doubt_error: type[_Unknown]
    ) -> None:
        super().__init__(host)
        # How long the step may take, from which its sockets get their timeouts.
        self.seconds = seconds
        # The variable that names the certificate authorities to trust on this route.
        self.ca_setting = ca_setting
        # A sentence on what else to check if the server cannot be reached.
        self.hint = hint
        # How it failed if the server has the text and does not answer.
        self.in_doubt_error = in_doubt_error

    def explain(self, error: BaseException) -> _Failed:
        import re
        from traceback import format_exception

        # With all that it was raised from, such as "socket.gaierror: ... urllib3...ProxyError: ...":
        # the types alone miss what urllib3 hides in its messages.
        trace = "".join(format_exception(error, limit=0))
        if self.connections and getattr(self.connections[-1], "was_connected", False):
            # urllib3 may still blame the proxy, which has done its work.
            trace = trace.replace("ProxyError", "")
        _, failure_class, meaning, advice = next(
            row for row in NETWORK_FAULTS if re.search(row[0], trace, re.S)
        )
        meaning = meaning.format(error=_root_cause(error))
        if self.in_doubt:
            meaning = meaning.replace("was not reached", "was no longer reached")
            return self.in_doubt_error(f"{self.subject} {meaning}; it may already have the text.")
        hint = _shadowing_hint() if failure_class is _LocalFault else self.hint
        advice = advice.format(ca_setting=self.ca_setting)
        return failure_class(f"{self.subject} {meaning}. {advice}. {hint}".rstrip())

    def explain_plainly(self, error: BaseException) -> _Failed:
        if self.in_doubt:
            return self.in_doubt_error(
                f"{self.subject} may already have the text: something failed on this "
                f"machine ({type(error).__name__})."
            )
        return super().explain_plainly(error)

    def timeout_failure(self) -> _Failed:
        # Nothing is imported here, because a stalled import may be what took so long.
        if self.in_doubt:
            return self.in_doubt_error(
                f"{self.subject} did not answer in time; it may already have the text."
            )
        return _Retryable(f"{self.subject} did not answer in time. Check this machine's network.")


def _root_cause(error: BaseException) -> str:
    """Return the class of the first exception in a chain, and the system's words for it."""
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__  # type: ignore[assignment]
    reason = getattr(error, "strerror", None)
    return f"{type(error).__name__}: {reason}" if reason else type(error).__name__


# What goes wrong on the way to a server. Of the rows whose pattern occurs in the exceptions' text,
# the first counts.
# fmt: off
NETWORK_FAULTS: list[tuple[str, type[_Failed], str, str]] = [
    # pattern, failure to raise, what it means, what to do
    (r"Proxy URL|InvalidURL|LocationParseError|InvalidProxyURL|ProxySchemeUnknown", _Failed,
     "was not reached, because HTTPS_PROXY is not a valid URL",
     "Correct or remove it"),
    (r"CA certificate bundle|(?i:no.certificate.or.crl.found)|PEM lib|\[X509"
     r"|SSLError\(PermissionError", _Failed,
     "cannot be trusted, because REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE does not name a file of certificates that can be read",
     "Correct or remove it"),
    (r"determine SOCKS version", _Failed,
     "was not reached, because requests does not know the scheme of the proxy",
     "Write socks5h:// instead of socks:// in HTTPS_PROXY or ALL_PROXY"),
    (r"SOCKS support|PySocks", _Failed, "was not reached, because the SOCKS proxy needs a package",
     "Run: pip install pysocks"),
    (r"SOCKS5AuthError|authentication methods were rejected", _Failed,
     "was not reached, because the SOCKS proxy rejects the user name or password",
     "Correct them in HTTPS_PROXY, as socks5h://user:password@host:port"),
    (r"not allowed by ruleset", _Failed,
     "was not reached, because the proxy does not let this machine through",
     "Ask its administrator, or remove HTTPS_PROXY"),
    (r"SOCKS[45]Error", _Retryable, "was not reached by the proxy",
     "Text again later, or remove HTTPS_PROXY"),
    # One try: three wrong logins lock an account at many companies.
    (r"Tunnel connection failed: 407", _Failed,
     "was not reached, because the proxy rejects the user name or password (407)",
     "Correct them in HTTPS_PROXY, as http://user:password@host:port"),
    (r"Tunnel connection failed: 4", _Failed,
     "was not reached, because the proxy does not let this machine through",
     "Ask its administrator, or remove HTTPS_PROXY"),
    (r"Tunnel connection failed", _Retryable, "was not reached by the proxy",
     "Text again later, or remove HTTPS_PROXY"),
    (r"use HTTP and not HTTPS|WRONG_VERSION_NUMBER.*ProxyError"
     r"|UNKNOWN_PROTOCOL.*ProxyError", _Failed,
     "was not reached, because the proxy takes plain connections",
     "Write http:// instead of https:// in HTTPS_PROXY"),
    (r"gaierror.*(ProxyError|SOCKS)|(ProxyError|SOCKS).*gaierror", _Retryable,
     "was not reached, because the proxy's name was not found",
     "Correct or remove HTTPS_PROXY or the system's proxy"),
    (r"SSLCertVerificationError.*ProxyError", _Failed,
     "was not reached, because the proxy shows a certificate that cannot be trusted",
     "Set {ca_setting} to the file of its authority's certificate"),
    (r"PermissionError", _LocalFault, "was not reached, because this machine blocks the connection",
     "Look for a firewall or a sandbox here"),
    (r"Too many open files|Cannot assign|No buffer space|Cannot allocate", _LocalFault,
     "was not reached, because something failed on this machine ({error})", "The server is not to blame"),
    (r"ProxyError|SOCKS", _Retryable, "was not reached, because the proxy does not answer",
     "Correct or remove HTTPS_PROXY, ALL_PROXY or the system's proxy"),
    (r"unreachable|No route to host|WinError 100(5[01]|6[45])\b", _Retryable, "was not reached",
     "Check whether this machine is online"),
    (r"Hostname mismatch|IP address mismatch|doesn't match", _Failed,
     "shows a certificate for another name",
     "Check the name of the server, and whether a login page is in between"),
    (r"certificate has expired|not yet valid", _Failed,
     "shows a certificate that is not valid today",
     "Check this machine's clock"),
    (r"SSLCertVerificationError|CERTIFICATE_VERIFY_FAILED", _Failed,
     "shows a certificate from an authority that is not trusted here",
     "If a company's proxy issued it, set {ca_setting} to the file of its authority's"
     " certificate (SSL_CERT_FILE counts for mail, REQUESTS_CA_BUNDLE for Twilio)"),
    (r"Timeout|timed out", _Retryable, "did not answer in time",
     "Check this machine's network"),
    (r"ConnectionRefusedError", _Retryable, "refused the connection",
     "Check whether a firewall blocks it"),
    (r"gaierror|NameResolutionError", _Retryable, "was not found",
     "Check whether this machine is online"),
    (r"SMTPNotSupportedError|No suitable auth", _Failed,
     "offers no encryption, or no login, so it got no password",
     "Use the mail server that your mailbox's help names"),
    (r"ConnectionResetError|ConnectionAbortedError|BrokenPipeError|RemoteDisconnected"
     r"|ProtocolError|IncompleteRead|BadStatusLine|SMTPServerDisconnected|EOF occurred"
     r"|SSLZeroReturnError", _Retryable,
     "broke off the connection",
     "Text again later"),
    (r"SSLError", _Retryable, "does not speak TLS as it should",
     "Check the port and the network"),
    (r"", _LocalFault, "was not reached, because something failed on this machine ({error})",
     "The server is not to blame"),
]
# fmt: on


# What requests and urllib3 use if it is installed.
OPTIONAL_MODULES = ("brotli", "brotlicffi", "chardet", "simplejson")
# What the standard library asks for on other systems or other Pythons than this one.
FOREIGN_MODULES = ("_winapi", "_wmi", "backports", "org", "winreg")


class _InstalledFirst:
    """A context in which imports find installed modules, whatever lies beside the user's script.

    Within `with`, the imports of this thread look first where the standard library and the
    installed packages are. So a script called email.py is not run a second time by an import of
    ours, and a calendar.py beside it is not taken for Python's own.
    """

    # The folders to look in first, by thread.
    folders: ClassVar[dict[int, list[str]]] = {}

    def __enter__(self) -> None:
        if _InstalledFirst not in sys.meta_path:
            # It stays there: removing it could hide the next finder from another thread.
            sys.meta_path.insert(0, _InstalledFirst)
        thread = _thread.get_ident()
        self._previous = self.folders.get(thread)
        self.folders[thread] = _installed_folders()

    def __exit__(self, *_: object) -> None:
        thread = _thread.get_ident()
        if self._previous is None:
            del self.folders[thread]
        else:
            self.folders[thread] = self._previous

    @classmethod
    def find_spec(cls, name: str, path: object = None, target: object = None) -> Any:
        """Find a module (PEP 451). A submodule is found by the path of its package as usual."""
        folders = cls.folders.get(_thread.get_ident())
        if folders is None or path is not None:
            return None
        spec = PathFinder.find_spec(name, folders)
        is_script = os.path.splitext(os.path.basename(_script_path()))[0] == name
        is_foreign = name in FOREIGN_MODULES and name not in sys.builtin_module_names
        if spec is None and (is_script or is_foreign or name in OPTIONAL_MODULES):
            # The other finders would find the script itself, which must not run again, or a file of
            # the user's where requests and urllib3 can do without.
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return spec


def _script_path() -> str:
    """Return the path of the user's script, or '' if there is none, as at the prompt."""
    return getattr(sys.modules.get("__main__"), "__file__", None) or ""


def _installed_folders() -> list[str]:
    """Return the part of the search path with the standard library and installed packages."""
    # A frozen program may have no __file__ here, and then everything counts as installed.
    library = os.path.dirname(getattr(os, "__file__", ""))
    packages = ("site-packages", "dist-packages", "DLLs")
    return [
        folder
        for folder in sys.path
        # Whatever else is in there, Python skips it as well.
        if isinstance(folder, str)
        and (folder.startswith(library) or os.path.basename(folder) in packages)
    ]


def _shadowing_hint() -> str:
    """Return a sentence that names a file of the user's that shadows an installed module, or ''."""
    folders = _installed_folders()
    beside = os.path.dirname(os.path.abspath(_script_path()))
    for name, module in sorted(sys.modules.items()):
        path = getattr(module, "__file__", None) or ""
        if not path or "." in name or path.startswith(tuple(folders)):
            continue
        # Elsewhere it may be a package that was installed there on purpose.
        may_shadow = name in sys.stdlib_module_names or os.path.dirname(path) == beside
        if may_shadow and PathFinder.find_spec(name, folders) is not None:
            return f"{path} is in the way of the module {name} that this needs. Rename it."
    return ""


def _with_shadowing_hint(sentence: str) -> str:
    """Return a sentence, followed by the hint on a shadowing file if there is one."""
    return f"{sentence} {_shadowing_hint()}".rstrip()


def _load_carriers() -> ModuleType:
    """Return carriers.py from the folder of this file, whatever else has that name."""
    name = f"{__name__}.carriers"
    if name in sys.modules:
        return sys.modules[name]
    advice = "Put it there, or set MY_GATEWAY and SMTP_HOST."
    if getattr(sys, "frozen", False):
        try:
            # A frozen program contains it.
            import carriers

            return carriers
        except ImportError:
            raise _Failed(f"carriers.py is not in this program. {advice}") from None
    spec = PathFinder.find_spec("carriers", [os.path.dirname(os.path.abspath(__file__))])
    if spec is None:
        raise _Failed(f"carriers.py is not beside textmyself.py. {advice}")
    try:
        # Looked at before it is run: the user's own script may be called carriers.py, too.
        if "def find_route(" not in (spec.loader.get_source("carriers") or ""):  # type: ignore[union-attr]
            raise _Failed(f"{spec.origin} is not the carriers.py of textmyself. {advice}")
        module = module_from_spec(spec)
        spec.loader.exec_module(module)  # type: ignore[union-attr]
    except _Failed:
        raise
    except (Exception, SystemExit):
        advice = "Download it again, or set MY_GATEWAY and SMTP_HOST."
        raise _Failed(_with_shadowing_hint(f"carriers.py is broken. {advice}")) from None
    if not hasattr(module, "find_last_day"):
        advice = "Copy both files together, or set MY_GATEWAY and SMTP_HOST."
        raise _Failed(f"{spec.origin} is older than textmyself.py. {advice}")
    sys.modules[name] = module
    return module


def _look_up(find: Callable[[ModuleType], T]) -> T:
    """Return what `find` finds in carriers.py; if it finds nothing, raise `_Failed` with the reason."""
    carriers = _load_carriers()
    try:
        return find(carriers)
    except LookupError as error:
        raise _Failed(str(error)) from None


def _look_up_if_present(find: Callable[[ModuleType], T]) -> T | None:
    """Return what `find` finds in carriers.py, or None if that is missing or cannot be used."""
    try:
        return _look_up(find)
    except _Failed:
        return None


_ADDRESS = r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)*"
# A country code and the 0 that is dialled only within the country; not Italy's and some others',
# which keep it (ITU-T E.164, and its list of country codes).
_TRUNK_ZERO = (
    "(2[07]|3[0-46]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|21[23]|23[34]|25[4-6]|35[3589]"
    "|38[0157]|421|880|886|96[1-46]|97[127]|99[4-6])0"
)
# Each setting, its shape, and what its owner is told of it: in .env.example and when it is wrong.
SETTINGS = [
    ("MY_PHONE_NUMBER", rf"\+1[2-9]\d{{9}}|\+(?!{_TRUNK_ZERO})[2-9]\d{{6,14}}", "your own phone: + and the country code, then no 0, like +15559998888"),
    ("TWILIO_ACCOUNT_SID", r"AC[\da-fA-F]{32}", "AC and 32 digits or letters a to f, from https://console.twilio.com (upgraded: a trial account cannot send your words)"),
    ("TWILIO_AUTH_TOKEN", r"[!-~]+", "the token that the console shows below the Account SID"),
    ("TWILIO_API_KEY", r"SK[\da-fA-F]{32}", "SK and 32 digits or letters a to f (API keys & tokens): better than the token, as it can be revoked on its own"),
    ("TWILIO_API_SECRET", r"[!-~]+", "the secret that the console shows once, when it makes the API key"),
    ("TWILIO_PHONE_NUMBER", r"(whatsapp:)?\+[1-9]\d{6,14}|\d{5,6}|(?=.*[A-Za-z])[A-Za-z\d ]{1,11}", "the sender: a number of yours at Twilio (Active numbers), like +15550001111"),
    ("TWILIO_MESSAGING_SERVICE_SID", r"MG[\da-fA-F]{32}", "MG and 32 digits or letters a to f (Messaging Services): a sender instead of a number"),
    ("MY_CARRIER", r".+", "your carrier's name, like Google Fi (textmyself --carriers lists them)"),
    ("MY_GATEWAY", _ADDRESS, "one e-mail address that reaches you instead: 5559998888@vtext.com, ntfy-mytopic@ntfy.sh, your own mailbox"),
    ("SMTP_USER", rf"[!-?A-~]+|{_ADDRESS}", "the mailbox that it is sent from, like you@gmail.com"),
    ("SMTP_PASSWORD", r"[ -~]+", "an app password for that mailbox, in ASCII (Gmail: https://myaccount.google.com/apppasswords)"),
    ("SMTP_HOST", r"[\w-]+(\.[\w-]+)*\.?|[\da-fA-F:.]+", "the mail server, like smtp.gmail.com, if carriers.py does not know your mailbox"),
    ("SMTP_PORT", r"[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5]", "a number like 587, if it is not 465"),
    ("SMTP_TLS", r"implicit|starttls|tls|none", "implicit (as on port 465), starttls (as on others), or none (a relay on this machine)"),
    ("SMTP_FROM", _ADDRESS, "the sender's address, like you@gmail.com, if SMTP_USER is not one"),
    ("TEXTMYSELF_DRY_RUN", r".+", "1 to log what would be sent instead of sending it"),
]  # fmt: skip
NAMES = [name for name, _, _ in SETTINGS]
# The settings that are never shown, even if a server quotes them.
SECRETS = [
    "TWILIO_AUTH_TOKEN", "TWILIO_API_SECRET", "SMTP_PASSWORD", "TWILIO_ACCOUNT_SID",
    "TWILIO_API_KEY", "TWILIO_MESSAGING_SERVICE_SID",
]  # fmt: skip
# What people call settings elsewhere, as patterns.
ALIASES = {
    "MY_PHONE_NUMBER": r"(MY|USER|TO|TWILIO_TO|RECIPIENT|CELL|MOBILE)_?"
        r"(PHONE|NUMBER|CELL|CELLPHONE|MOBILE)(_NUMBER)?|PHONE_NUMBER|TWILIO_TO",
    "TWILIO_ACCOUNT_SID": r"TWILIO_(ACCOUNT|SID)|ACCOUNT_?SID",
    "TWILIO_AUTH_TOKEN": r"TWILIO_(SECRET|TOKEN|AUTH)",
    "TWILIO_PHONE_NUMBER": r"TWILIO_((SMS|WHATSAPP)_)?(FROM|NUMBER|SENDER|PHONE)(_PHONE)?(_NUMBER)?",
    "TWILIO_MESSAGING_SERVICE_SID": r"(TWILIO_)?(MESSAGING|(MESSAG(ING|E)_)?SERVICE)_SID",
    "MY_CARRIER": r"(\w+_)?CARRIER(_NAME)?",
    "MY_GATEWAY": r"((SMS|MMS|E?MAIL)_)?GATEWAY",
    "SMTP_USER": r"(?!SMTP_ADDRESS)(SMTP|E?MAIL|GMAIL|SENDER|FROM)_(HOST_|AUTH_)?"
        r"(USER(NAME)?|LOGIN|E?MAIL|ADDRESS|ACCOUNT)|E?MAIL_SENDER",
    "SMTP_PASSWORD": r"(SMTP|E?MAIL|GMAIL|GOOGLE|APP|SENDER)_((HOST|APP|AUTH)_)?(PASS(WD|WORD)?|PWD?)"
        r"|SMTP_(KEY|TOKEN)",
    "SMTP_HOST": r"(SMTP|E?MAIL)_(HOST|SERVER)|SMTP_(HOSTNAME|ADDRESS)",
    "SMTP_PORT": r"E?MAIL_PORT",
    "SMTP_FROM": r"(SMTP|E?MAIL)_SENDER|(SENDER|FROM)_(E?MAIL|ADDRESS)"
        r"|(SMTP|E?MAIL|DEFAULT)_FROM(_E?MAIL|_ADDRESS)?",
}  # fmt: skip
# How people write SMTP_TLS, besides its own words; '' leaves it to the port.
TLS_WORDS = {
    "ssl": "implicit", "smtps": "implicit", "ssl/tls": "implicit", "tls/ssl": "implicit",
    "start_tls": "starttls", "start-tls": "starttls", "start tls": "starttls",
    "explicit": "starttls",
    "true": "", "t": "", "1": "", "yes": "", "y": "", "on": "", "auto": "", "enabled": "",
    "required": "",
    "false": "", "f": "", "0": "", "no": "", "n": "", "off": "", "disabled": "",
}  # fmt: skip
OFF_WORDS = ("", "0", "no", "n", "off", "false", "f", "none")
# The folder that was current when this was imported: a notebook may change it later.
try:
    START_FOLDER = os.getcwd()
except OSError:
    START_FOLDER = os.sep


def _meaning(name: str) -> str:
    """Return what the owner of a setting is told of it."""
    return SETTINGS[NAMES.index(name)][2]


class _Hidden(str):
    """A setting's value. Its repr hides it, for tracebacks with locals."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


class _EnvFile:
    """The one `.env` that counts, and what there is to say about the search for it."""

    def __init__(self) -> None:
        self.path = ""
        self.values: dict[str, _Hidden] = {}
        # All names that are set in the files that were read, ours or not.
        self.names: list[str] = []
        # The files that were looked for, and those among them that set none of our names.
        self.places: list[str] = []
        self.without_settings: list[str] = []
        self.problems: list[str] = []

    def find(self) -> _EnvFile:
        """Find the file that TEXTMYSELF_ENV names, or else the first that sets any of our names."""
        named = _named_env()
        if named:
            self._use_named(named)
        else:
            self._search()
        return self

    def _use_named(self, path: str) -> None:
        self.places = [path]
        try:
            self._load(path, _read_named_env(path))
            if not self.values:
                raise _Failed("it sets none of the names.")
        except _Failed as error:
            self._note_unused(path, error)

    def _search(self) -> None:
        self.places = _env_places()
        for path in self.places:
            try:
                data = _read_found_env(path)
                if data is None:
                    continue
                self._load(path, data)
            except _Failed as error:
                self._note_unused(path, error)
                continue
            if self.values:
                return
            self.without_settings.append(path)

    def _note_unused(self, path: str, error: _Failed) -> None:
        self.problems.append(f"settings: {path} was not used: {error}")

    def _load(self, path: str, data: bytes) -> None:
        """Take over the settings of a file; raise `_Failed` if it cannot be used."""
        text = _decode(data[:ENV_BYTES], is_cut=len(data) > ENV_BYTES)
        names = _names_set_in(text)
        self.names += names
        # Without any of our names, python-dotenv may be missing.
        values = _parse_env(text) if any(name in names for name in NAMES) else {}
        self.values = {name: value for name, value in values.items() if value.strip()}
        if self.values:
            self.path = path
        for name in _names_written_otherwise(text):
            if name not in (*names, *values):
                self.problems.append(
                    f"settings: write {name}= at the beginning of its line in {path}."
                )
        unread = [name for name in NAMES if name in names and name not in values]
        if unread:
            self.problems.append(
                f"settings: {unread[0]} in {path} cannot be read. Look for a quote that is left "
                "open there, or above it."
            )
        if self.values and len(data) > ENV_BYTES:
            self.problems.append(
                f"settings: only the first {ENV_BYTES:,} bytes of {path} were read."
            )

    def summary(self) -> str:
        """Return a sentence on where the settings come from, or where they were looked for."""
        if self.path:
            return f"Settings come from the environment and {self.path}."
        places = [
            f"{place} (which sets none)" if place in self.without_settings else place
            for place in self.places
        ]
        summary = f"Looked in {', '.join(['the environment', *places])}."
        if not _home_env():
            summary += " There is no home folder to look in."
        return summary


def _current_folder() -> str:
    try:
        return os.getcwd()
    except OSError:
        # It was deleted.
        return START_FOLDER


def _named_env() -> str:
    """Return the path that TEXTMYSELF_ENV names, or ''."""
    named: str = _unquote(os.environ.get("TEXTMYSELF_ENV", ""))
    # A shell expands it, but cron and systemd do not.
    for home in ("$HOME", "${HOME}"):
        if named.startswith(home):
            named = "~" + named.removeprefix(home)
    named = os.path.expanduser(named)
    if not named:
        return ""
    # Windows takes both slashes.
    named = named.replace("/", os.sep)
    # The job may have changed its folder since it started.
    at_start = os.path.join(START_FOLDER, named)
    return at_start if os.path.lexists(at_start) else os.path.join(_current_folder(), named)


def _env_places() -> list[str]:
    """Return the files that may hold the settings, in the order in which they count."""
    script = _script_path()
    if getattr(sys, "frozen", False):
        script = sys.executable
    folders: list[str] = []
    if script:
        script = os.path.abspath(os.path.join(START_FOLDER, script))
        folders += _folder_and_parents(os.path.dirname(script))
        # The script may be a link.
        folders += _folder_and_parents(os.path.dirname(os.path.realpath(script)))
    folders += _folder_and_parents(START_FOLDER)
    folders += _folder_and_parents(_current_folder())
    folders.append(os.path.dirname(os.path.abspath(__file__)))
    files = [os.path.join(folder, ".env") for folder in folders]
    if _home_env():
        files.append(_home_env())
    return list(dict.fromkeys(files))


def _folder_and_parents(folder: str) -> list[str]:
    """Return a folder and its parents."""
    folders = []
    home = _canonical(os.path.expanduser("~"))
    while True:
        # What contains a script may be a file: a zip file, or a program.
        if not os.path.isfile(folder):
            folders.append(folder)
        above = os.path.dirname(folder)
        # On Windows the search ends at the home folder, or just below the root of the drive: anyone
        # may write to the root, and owners are not checked there.
        is_outermost = os.path.dirname(above) == above or _canonical(folder) == home
        if above == folder or (os.name == "nt" and is_outermost):
            return folders
        folder = above


def _canonical(path: str) -> str:
    return os.path.normcase(os.path.realpath(path))


def _home_env() -> str:
    """Return the path of the `.env` in the user's home, or '' if there is no home."""
    config = os.environ.get("XDG_CONFIG_HOME", "")
    if not os.path.isabs(config):
        config = os.path.expanduser(os.path.join("~", ".config"))
        # expanduser takes an empty HOME for the root.
        if os.environ.get("HOME") == "" or not os.path.isabs(config):
            return ""
    return os.path.join(config, "textmyself", ".env").replace("/", os.sep)


def _read_named_env(path: str) -> bytes:
    """Return the beginning of the file that TEXTMYSELF_ENV names, or raise `_Failed`."""
    try:
        if os.path.isdir(path):
            raise _Failed("it is a folder.")
        # It may be a pipe.
        with open(path, "rb") as file:
            return file.read(ENV_BYTES + 1)
    except FileNotFoundError:
        raise _Failed("it is not there.") from None
    except (OSError, ValueError) as error:
        raise _system_says(error) from None


def _read_found_env(path: str) -> bytes | None:
    """Return the beginning of a file that the search has found, None if there is none, or raise.

    It has to be a file of the user's, or of root's: somebody else could have put it there.
    """
    # False, too, where this user may not look.
    if not os.path.lexists(path) or os.path.isdir(path):
        return None
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise _Failed("it is a pipe. Name it in TEXTMYSELF_ENV if it is yours.")
        with open(path, "rb") as file:
            owner = os.fstat(file.fileno()).st_uid
            if hasattr(os, "getuid") and owner not in (0, os.getuid()):
                raise _Failed("it is somebody else's. Name it in TEXTMYSELF_ENV if you trust it.")
            return file.read(ENV_BYTES + 1)
    except FileNotFoundError:
        # A link to nowhere, or it was deleted in between.
        return None
    except (OSError, ValueError) as error:
        raise _system_says(error) from None


def _system_says(error: OSError | ValueError) -> _Failed:
    return _Failed(f"the system says: {getattr(error, 'strerror', error)}.")


def _decode(data: bytes, is_cut: bool = False) -> str:
    """Return text that an editor or a program wrote; on Windows there are several encodings.

    If its bytes were cut off, the last character may be cut in two, and is dropped.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    if b"\0" in data[:2]:
        return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", "replace")
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(data, final=not is_cut)
    except UnicodeDecodeError:
        import locale

        # Python 3.11 and later: the encoding of the system, even in UTF-8 mode.
        get_encoding = getattr(locale, "getencoding", locale.getpreferredencoding)
        return data.decode(get_encoding(), "replace")


def _names_set_in(text: str) -> list[str]:
    """Return the names that stand at the beginning of a line, before a `=`."""
    import re

    return re.findall(r"^[ \t]*(?:export[ \t]+)?'?([A-Za-z_]\w*)'?[ \t]*=", text, re.M | re.A)


def _names_written_otherwise(text: str) -> list[str]:
    """Return those of our names that are set as in YAML, JSON, PowerShell, cmd or the C shell."""
    import re

    start = r"""^[ \t]{0,20}(?:export|set|setx|setenv|-|\$env:|\{)?[ \t]{0,20}["']?"""
    end = r"""["']?[ \t]{0,20}[:= ]"""
    return re.findall(f"{start}({'|'.join(NAMES)}){end}", text, re.M)


def _parse_env(text: str) -> dict[str, _Hidden]:
    """Return our settings in the text of a `.env`; nothing in it is executed or expanded."""
    import re

    try:
        from dotenv import dotenv_values
    except (Exception, SystemExit):
        advice = "python-dotenv is missing. Run: pip install python-dotenv."
        raise _Failed(_with_shadowing_hint(advice)) from None
    # Nobody's value has so many blanks in a row, which would take python-dotenv minutes.
    text = re.sub(r"[^\S\r\n]{200,}", " ", text.replace("\0", ""))
    try:
        values = dotenv_values(stream=io.StringIO(text), interpolate=False)
    except TypeError:
        advice = "python-dotenv is too old. Run: pip install --upgrade python-dotenv."
        raise _Failed(advice) from None
    return {name: _Hidden(value or "") for name, value in values.items() if name in NAMES}


class _Settings:
    """The settings of one call: the environment's, and below them those of one `.env`.

    They are read once and never written to.
    """

    def __init__(self, file: _EnvFile) -> None:
        self.file = file
        self.from_environment = [name for name in NAMES if name in os.environ]
        # A variable that is set but empty switches the setting of the file off.
        values = {
            **file.values,
            **{name: _unquote(os.environ[name]) for name in self.from_environment},
        }
        host, port = _split_host(values.pop("SMTP_HOST", _Hidden()))
        values["SMTP_HOST"] = host
        if port and not values.get("SMTP_PORT"):
            values["SMTP_PORT"] = port
            if "SMTP_HOST" in self.from_environment:
                self.from_environment.append("SMTP_PORT")
        normalized = {name: _normalize(name, value) for name, value in values.items()}
        self._values = {name: value for name, value in normalized.items() if value}

    def get(self, name: str) -> _Hidden:
        """Return the value of a setting, or '' if it is not set."""
        return self._values.get(name, _Hidden())

    def names(self) -> list[str]:
        """Return the names that are set."""
        return [name for name in NAMES if name in self._values]

    def missing(self) -> list[str]:
        """Return the names that are not set."""
        return [name for name in NAMES if name not in self._values]

    def is_dry_run(self) -> bool:
        return self.get("TEXTMYSELF_DRY_RUN").lower() not in OFF_WORDS

    def require(self, *names: str, optional: tuple[str, ...] = ()) -> None:
        """Raise `_Failed` that names all settings that are missing or have a wrong value."""
        import re

        sentences = []
        missing = [name for name in self.missing() if name in names]
        if missing:
            sentences.append(f"{' and '.join(missing)} not set. {self.file.summary()}")
            if "TWILIO_PHONE_NUMBER" in missing:
                # Which may stand in its place.
                missing.append("TWILIO_MESSAGING_SERVICE_SID")
            sentences += self.hints(missing)
        for name, pattern, meaning in SETTINGS:
            value = self.get(name)
            if value and name in (*names, *optional) and not re.fullmatch(pattern, value, re.A):
                sentences.append(f"{name} should be {meaning}.")
        if sentences:
            raise _Failed(" ".join(sentences))

    def hints(self, missing: list[str]) -> list[str]:
        """Return sentences on settings that seem to be there, but under another name."""
        import re
        from difflib import get_close_matches

        hints = [
            f"{name} is empty in the environment, which takes precedence over the file: unset it there."
            for name in missing
            if name in self.from_environment and self.file.values.get(name)
        ]
        others = dict.fromkeys(
            other for other in (*self.file.names, *os.environ) if other not in NAMES
        )
        for name in missing:
            pattern = f"{name}|{ALIASES.get(name, name)}"
            close = get_close_matches(name, others, 1, 0.85)
            for other in others:
                if other in close or re.fullmatch(pattern, other.upper()):
                    hints.append(f"{other} is set, but textmyself calls it {name}.")
        for place in self.file.places:
            if os.path.isfile(f"{place}.txt"):
                hints.append(f"{place}.txt is there: rename it to {os.path.basename(place)}.")
                break
        for name in ("TWILIO_REGION", "TWILIO_EDGE"):
            if name in self.file.names:
                hints.append(f"{name} counts in the environment only, not in a .env.")
        return hints

    def redact(self, text: str) -> str:
        """Return a text as one short line, without secrets and whole phone numbers."""
        import re

        # Cut only after blanks are collapsed, and far beyond what is shown, so that half a secret at
        # the cut is never seen.
        printable = "".join(char if char.isprintable() else " " for char in text)
        text = " ".join(printable.split())[:10_000]
        for secret in sorted(self._secrets(), key=len, reverse=True):
            text = re.sub(_secret_pattern(secret), "***", text, flags=re.I)
        for name in ("MY_PHONE_NUMBER", "TWILIO_PHONE_NUMBER", "MY_GATEWAY"):
            digits = re.sub(r"\D", "", self.get(name).partition("@")[0])[-10:]
            if len(digits) >= 7:
                gap = r"(?:[^\w@]|%[0-9a-fA-F]{2}|&#?\w+;){0,3}"
                number = gap.join(digits)
                text = re.sub(rf"(\+\d{{0,3}}{gap})?{number}", f"...{digits[-4:]}", text)
        return text[:SHOWN_CHARACTERS].strip()

    def _secrets(self) -> list[str]:
        """Return what must not be shown, also in the form in which a login sends it."""
        from base64 import b64encode

        # Anything shorter is no secret, and hiding it would hide letters everywhere.
        secrets = [str(self.get(name)) for name in SECRETS if len(self.get(name)) >= 4]
        # Whoever knows a topic at ntfy can read its texts, unless it needs the token behind a +. A
        # server of one's own takes such a token, too.
        address, _, domain = self.get("MY_GATEWAY").partition("@")
        topic, _, token = address.removeprefix("ntfy-").partition("+")
        if len(token) >= 8:
            secrets.append(token)
        elif domain.lower() == "ntfy.sh" and len(topic) >= 8:
            secrets.append(topic)
        encoded = [secret.encode() for secret in secrets]
        for name in ("TWILIO_ACCOUNT_SID", "TWILIO_API_KEY", "SMTP_USER"):
            user = self.get(name).encode()
            for secret in secrets:
                # PLAIN of SMTP (RFC 4616) and Basic of HTTP (RFC 7617).
                encoded.append(b"\0%b\0%b" % (user, secret.encode()))
                encoded.append(b"%b:%b" % (user, secret.encode()))
        return secrets + [b64encode(plain).decode().rstrip("=") for plain in encoded]


def _secret_pattern(secret: str) -> str:
    """Return a pattern for a secret as it may stand in plain text, a URL, HTML, JSON or Python."""
    import re

    html_names = {" ": "nbsp", "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}
    patterns = []
    # Blanks are collapsed, as they are in the text.
    for char in " ".join(secret.split()):
        plain, code = re.escape(char), ord(char)
        if char.isascii() and char.isalnum():
            # Nothing escapes these, and a short pattern compiles fast.
            patterns.append(plain)
            continue
        forms = [plain, rf"\\{plain}", rf"\\u{code:04x}", f"%{code:02x}"]
        forms += [f"&#0*{code};", f"&#x0*{code:x};"]
        if char in html_names:
            forms.append(f"&{html_names[char]};")
        if char == " ":
            # In a form. Where they are escaped, several were not collapsed.
            forms.append(r"\+")
        repeat = "+" if char == " " else ""
        patterns.append(f"(?:{'|'.join(forms)}){repeat}")
    return "".join(patterns)


def _unquote(value: str) -> _Hidden:
    """Return a variable's value without the quotes that `docker --env-file` keeps."""
    # A variable may hold any bytes; what is not UTF-8 then fails its check, and is not shown.
    value = value.strip().encode(errors="surrogatepass").decode(errors="replace")
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return _Hidden(value)


def _normalize(name: str, value: str) -> _Hidden:
    """Return a value in the one form that is used here, whichever of the usual ones it has."""
    # A word processor or a web page makes quotes curly.
    value = value.strip().strip("“”„‘’")
    if name.endswith("PHONE_NUMBER"):
        value = _normalize_number(value)
    elif name in ("SMTP_FROM", "MY_GATEWAY", "SMTP_USER"):
        # "You <you@example.com>", and a link to it.
        value = value.removeprefix("mailto:")
        if value.endswith(">") and "<" in value:
            value = value[value.rindex("<") + 1 : -1].strip()
    elif name == "SMTP_TLS":
        value = TLS_WORDS.get(value.lower(), value.lower())
    elif name == "SMTP_PASSWORD":
        groups = value.split()
        if [len(group) for group in groups] == [4, 4, 4, 4]:
            # The way Google shows an app password.
            value = "".join(groups)
    return _Hidden(value)


def _normalize_number(value: str) -> str:
    """Return a phone number in E.164 form; ten digits are a number of North America's.

    What cannot be a number is returned as it is, and fails its check.
    """
    if value.lower().startswith("whatsapp:"):
        return f"whatsapp:{_normalize_number(value[len('whatsapp:') :])}"
    value = value.removeprefix("tel:")
    digits = "".join(char for char in value if char.isalnum() or char == "+")
    # A zero in brackets is dialled only within the country.
    if "(0)" in value or not digits.lstrip("+").isdecimal():
        return value
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    if len(digits) == 10 and digits[0] not in "+01":
        return f"+1{digits}"
    if len(digits) == 11 and digits[0] == "1":
        return f"+{digits}"
    return digits


def _split_host(value: _Hidden) -> tuple[_Hidden, _Hidden]:
    """Return the host and the port of a mail server that may be written as a URL."""
    from urllib.parse import urlsplit

    bare = value.partition("://")[2] or value
    if any(char.isspace() for char in bare):
        # Not by urlsplit, which drops white space silently. What stands before an @ may be a
        # password.
        return _Hidden(bare.rpartition("@")[2]), _Hidden()
    name, bracket, rest = bare.removeprefix("[").partition("]")
    if bare.startswith("[") and bracket and ":" not in name:
        # As Postfix writes a name.
        bare = name + rest
    if bare.count(":") > 1 and not bare.startswith("[") and "@" not in bare:
        # An IPv6 address.
        return _Hidden(bare), _Hidden()
    try:
        address = urlsplit(f"//{bare}")
        port = str(address.port or "")
    except ValueError:
        return _Hidden(bare.rpartition("@")[2]), _Hidden()
    # A name may end with a dot, but no certificate has it so.
    return _Hidden((address.hostname or bare).rstrip(".")), _Hidden(port)


def _read_settings(call: _Call) -> _Settings:
    """Return the settings. If the search for a `.env` stalls, those of the environment count."""
    try:
        file = call.run("the search for a .env", lambda: _EnvFile().find())
    except _Failed as error:
        call.note(f"settings: {error}")
        file = _EnvFile()
    call.note(*file.problems)
    return call.run("the search for settings", lambda: _Settings(file))


class _MisconfiguredRoute:
    """A route that is only partly configured: in its turn it says what is missing or wrong."""

    is_usable = False
    accepts_files = False

    def __init__(self, name: str, sentence: str) -> None:
        self.name = name
        self._sentence = sentence

    def send(self, call: _Call) -> None:
        raise _Failed(self._sentence)

    def plan(self, call: _Call) -> list[str]:
        raise _Failed(self._sentence)

    def check(self, call: _Call) -> Iterator[str]:
        raise _Failed(self._sentence)


def _find_routes(call: _Call, settings: _Settings) -> list[_Route]:
    """Return the routes that are set up, in the order in which to try them."""
    routes = call.run("the settings", lambda: _make_routes(settings))
    if not routes:
        call.note(call.run("the settings", lambda: _setup_advice(settings)))
    call.has_route = any(route.is_usable for route in routes)
    if call.picture and any(route.accepts_files for route in routes):
        # Twilio takes no files, so the gateway goes first.
        routes.reverse()
    return routes


def _make_routes(settings: _Settings) -> list[_Route]:
    routes: list[_Route] = []
    for route_class in (_Twilio, _Gateway):
        if not any(settings.get(name) for name in route_class.trigger_settings):
            continue
        try:
            routes.append(route_class(settings))
        except _Failed as error:
            routes.append(_MisconfiguredRoute(route_class.name, str(error)))
    return routes


def _setup_advice(settings: _Settings) -> str:
    """Return sentences on what to set where no route is set up."""
    if settings.get("SMTP_USER") or settings.get("SMTP_PASSWORD"):
        hints = settings.hints(["MY_CARRIER", "MY_GATEWAY"])
        sentence = (
            f"no way to text is set up. Set MY_CARRIER to {_meaning('MY_CARRIER')}, or MY_GATEWAY "
            f"to {_meaning('MY_GATEWAY')}. {settings.file.summary()}"
        )
        return " ".join([sentence, *hints])
    sentence = (
        "no way to text is set up. For Twilio, set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and "
        "TWILIO_PHONE_NUMBER; for your carrier's gateway, MY_CARRIER, SMTP_USER and "
        "SMTP_PASSWORD; for both, MY_PHONE_NUMBER. In place of MY_CARRIER, MY_GATEWAY may be any "
        f"e-mail address that reaches you. `{_command_name()} --init` writes a file for them. "
        f"{settings.file.summary()}"
    )
    return " ".join([sentence, *settings.hints(settings.missing())])


def _command_name() -> str:
    """Return what to type at the prompt to run this module's command."""
    arguments = getattr(sys, "argv", None) or [""]
    started_as = os.path.basename(arguments[0])
    if os.path.splitext(started_as)[0] == "textmyself" and started_as != "textmyself.py":
        return "textmyself"
    is_installed = os.path.dirname(os.path.abspath(__file__)).endswith("-packages")
    if is_installed or (__name__ == "__main__" and __spec__ is not None):
        return "python -m textmyself"
    path = arguments[0] if __name__ == "__main__" else os.path.abspath(__file__)
    return f"python {_shell_line([path])}"


def _to_str(message: object) -> str:
    try:
        # By the method of str, as a class of the user's may have another one.
        return str.strip(str(message))
    except Exception as error:
        raise _Failed(f"str() of the message raises {type(error).__name__}.") from None


def _clean(message: str) -> str:
    """Return a message without what a phone cannot show."""
    import re

    # Half of a surrogate pair, which cannot be encoded.
    text = message.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    # The escape sequences of a terminal (ECMA-48): colours, titles, and the rest.
    text = re.sub(r"(\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?", "", text)
    text = re.sub(r"\x1b[\]PX^_][^\x07\x1b\x9c]*(\x07|\x1b\\|\x9c)", "", text)
    text = re.sub(r"\x1b[ -/]*[0-~]", "", text)
    # A lone carriage return ends a line, as in a progress bar; a tab would triple the price.
    text = re.sub(r"\r\n|[\r\v\f]", "\n", text).replace("\t", " ")
    if "\b" in text:
        text = "\n".join(_print_over(line) for line in text.split("\n"))
    controls = {*range(0x20), *range(0x7F, 0xA0)} - {ord("\n")}
    text = text.translate(dict.fromkeys(controls)).strip()
    # A message of zero-width characters only is empty, too.
    is_visible = any(char.isprintable() and not char.isspace() for char in text)
    return text if is_visible else ""


def _print_over(line: str) -> str:
    """Return a line as a terminal shows it after its backspaces, as of a spinner or in bold print."""
    shown: list[str] = []
    column = 0
    for char in line:
        if char == "\b":
            column = max(column - 1, 0)
        else:
            shown[column : column + 1] = [char]
            column += 1
    return "".join(shown)


def _units(text: str) -> int:
    """Return the length in UTF-16 code units, which Twilio and phones count."""
    return len(text.encode("utf-16-le")) // 2


def _shorten_to_units(text: str, max_units: int) -> tuple[str, list[str]]:
    """Return a text of at most `max_units` UTF-16 units, and a list of problems."""
    # A unit is two bytes.
    return _shorten(text, 2 * max_units, "utf-16-le")


def _shorten(text: str, max_bytes: int, codec: str) -> tuple[str, list[str]]:
    """Return a text of at most `max_bytes` in `codec`, and a list of problems.

    If it is too long, the middle is left out.
    """
    if len(text.encode(codec)) <= max_bytes:
        return text, []
    mark = "\n[... {:,} characters left out ...]\n"
    # Half of the room for each end, and an even number, so that no UTF-16 unit is cut in two.
    half = (max_bytes - len(mark.format(len(text)).encode(codec))) // 2
    half -= half % 2
    # A character takes a byte at least, so no more than `half` of them have to be encoded. One that
    # is cut in two is ignored.
    beginning = text[:half].encode(codec)[:half].decode(codec, "ignore")
    end = text[-half:].encode(codec)[-half:].decode(codec, "ignore")
    beginning = text[: _find_cut(text, len(beginning), -1, reach=40)].rstrip()
    end = text[_find_cut(text, len(text) - len(end), 1, reach=40) :].lstrip()
    left_out = len(text) - len(beginning) - len(end)
    problem = f"text: {left_out:,} characters left out in the middle, as it is too long."
    return f"{beginning}{mark.format(left_out)}{end}", [problem]


def _find_cut(text: str, at: int, step: int, reach: int) -> int:
    """Return where to cut a text: at `at`, or further along in steps of 1 or -1.

    The cut is between words if there is a blank within reach, or else between characters as they
    are seen (but for flags): an accent, a skin tone or a joiner stays with its letter.
    """
    from unicodedata import category

    places = [place for place in range(at, at + step * reach, step) if 0 < place < len(text)]
    for place in places:
        if text[place].isspace() or text[place - 1].isspace():
            return place
    for place in places:
        is_mark = category(text[place]) in ("Mn", "Mc", "Me", "Cf", "Sk")
        if not is_mark and text[place - 1] != "\u200d":
            return place
    return at


def _split(text: str, max_units: int) -> tuple[list[str], list[str]]:
    """Return a text in numbered parts of at most `max_units` UTF-16 units, and a list of problems."""
    if _units(text) <= max_units:
        return [text], []
    room = max_units - len(f"({MAX_PARTS}/{MAX_PARTS}) ")
    total = MAX_PARTS * room
    while True:
        shortened, problems = _shorten_to_units(text, total)
        parts = _wrap(shortened, room)
        if len(parts) <= MAX_PARTS:
            break
        # Whole words do not fill the parts.
        total -= 10
    return [f"({number}/{len(parts)}) {part}" for number, part in enumerate(parts, 1)], problems


def _wrap(text: str, room: int) -> list[str]:
    """Return a text in parts of at most `room` UTF-16 units."""
    parts = []
    while text:
        part = text[:room].encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore")
        end = len(part)
        if end < len(text):
            end = _find_cut(text, end, -1, reach=room)
        parts.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return parts


def _load_picture(call: _Call, media: object) -> None:
    """Read the file of a picture, or note its URL."""
    if media is None:
        return
    try:
        path = os.fsdecode(media)  # type: ignore[arg-type]
    except Exception:
        call.leave_out_picture("it is neither a path nor a URL")
        return
    if path.lower().startswith(("http://", "https://")):
        call.picture_url = path.encode(errors="replace").decode()
        return
    try:
        call.picture = call.run("the picture's file", lambda: _read_picture(path))
    except _Failed as error:
        call.leave_out_picture(str(error))


def _read_picture(path: str) -> tuple[bytes, str]:
    """Return the bytes of a picture's file and its MIME subtype, or raise `_Failed`."""
    from mimetypes import MimeTypes

    path = os.path.expanduser(path)
    try:
        # Anything else, such as a pipe, may never end.
        if not os.path.isfile(path):
            raise _Failed("there is no such file")
        # A new object knows Python's own table only, not what Windows has in its registry.
        types = MimeTypes()
        # Python before 3.13 does not know it.
        types.add_type("image/webp", ".webp")
        kind, _, subtype = (types.guess_type(path)[0] or "").partition("/")
        with open(path, "rb") as file:
            data = file.read(PICTURE_BYTES + 1)
    except (OSError, ValueError):
        # Python 3.13 takes some paths for a broken URL.
        raise _Failed("its file cannot be read") from None
    if kind != "image" or not 0 < len(data) <= PICTURE_BYTES:
        raise _Failed(f"its file is not a picture of up to {PICTURE_BYTES:,} bytes")
    return data, subtype


# fmt: off
# What Twilio's error codes mean (twilio.com/docs/api/errors/CODE, read on 2026-11-25), and what to
# do. The first row counts that has the code and whose clue occurs in Twilio's words, in lower case.
TWILIO_ADVICE = [
    # codes, clue, what it means, what to do
    ("20003", "profile", "Twilio has not approved your identity check yet",
     "Search the Twilio console for Primary profile and finish it"),
    ("20003 20005 10001", "activ", "your Twilio account is not active, perhaps because its balance is used up",
     "Add funds, or see in the Twilio console what it is waiting for"),
    ("20003", "", "Twilio does not know this account with this password",
     "Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or TWILIO_API_KEY and TWILIO_API_SECRET"),
    ("20005 10001 20403 30002 30037", "", "your Twilio account was stopped",
     "Check its balance, look for an e-mail from Twilio, then ask Twilio's support"),
    ("20008", "", "these are Twilio's test credentials, which send nothing",
     "Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN to the live ones of the Twilio console"),
    ("20404", "", "Twilio has no such account", "Check TWILIO_ACCOUNT_SID"),
    ("20429 30022 30454", "", "Twilio was asked too often",
     "Wait some minutes before the next text"),
    ("10002 21654 572005 572006", "", "this is a trial account, which cannot send your own words",
     "Upgrade it in the Twilio console"),
    ("21211 21604 30005", "", "nobody can be reached at this phone number",
     "Check MY_PHONE_NUMBER: + and the country code, like +15559998888"),
    ("21212 21603 21606 21661", "", "the sender is not one of your numbers that can text",
     "Search the Twilio console for Active numbers and set TWILIO_PHONE_NUMBER to one of them"),
    ("21265 21614 21635 30006", "", "this number cannot receive texts; it may be a landline",
     "Set MY_PHONE_NUMBER to a mobile number"),
    ("21266", "", "the sender and you have the same number",
     "Set TWILIO_PHONE_NUMBER to a number rented from Twilio, not to your own"),
    ("21408", "", "your Twilio account may not text this country",
     "Check MY_PHONE_NUMBER; if it is right, search the Twilio console for Geo permissions"),
    ("21608", "", "a trial, or an account without an identity check, texts verified numbers only",
     "Upgrade a trial; else search the Twilio console for Verified and add your number,"
     " or for Primary profile and finish it"),
    ("21610 30004", "", "your phone or carrier blocks this sender, as it does after you answer STOP",
     "Text START from your phone to the number in TWILIO_PHONE_NUMBER"),
    ("21611 30001", "", "too many of your texts are waiting at Twilio", "Wait until they have gone"),
    ("21612", "", "this sender cannot reach your country or carrier",
     "Set TWILIO_PHONE_NUMBER to a Twilio number of your own country"),
    ("21617 30044", "", "the text is too long for this Twilio account",
     "Make it shorter, or upgrade a trial account"),
    ("21621 30011", "", "this sender, or your phone, takes no pictures",
     "Leave the picture out, or set TWILIO_PHONE_NUMBER to a number that has MMS"),
    ("21620 11200 11751 12300 21623 63019 63021 63034", "",
     "Twilio cannot fetch or use the picture",
     "Its address has to be open to everyone and to give a JPEG, PNG or GIF"),
    ("30019", "", "the message is too large for the carrier",
     "Take a smaller picture, or less text"),
    ("21659", "", "the sender is no Twilio number",
     "Set TWILIO_PHONE_NUMBER to a number rented from Twilio, not to your own"),
    ("21660", "", "the sender belongs to another Twilio account",
     "Set TWILIO_ACCOUNT_SID to the account that owns TWILIO_PHONE_NUMBER"),
    ("21663", "", "the sender belongs to another Twilio region",
     "Remove TWILIO_REGION and TWILIO_EDGE from the environment, or take a number of that region"),
    ("21703 21704", "", "the Messaging Service has no number to send from",
     "Search the Twilio console for Messaging Services and add a number to its sender pool"),
    ("21701 21705", "", "Twilio has no such Messaging Service", "Check TWILIO_MESSAGING_SERVICE_SID"),
    ("63038 30023", "", "your Twilio account has sent all it may in a day",
     "Wait a day, or ask Twilio's support for more"),
    ("70051", "", "Twilio does not let this API key send texts for this account",
     "Make a Standard key there and set TWILIO_API_KEY and TWILIO_API_SECRET to it"),
    ("30003", "", "your phone could not be reached", "Switch it on and see that it has signal"),
    ("30007", "", "the text was taken for spam", "Change its words, and leave links out"),
    ("30008 30017 30410 30500", "", "the text got lost at Twilio or at the carrier",
     "Text again later"),
    ("30024 30035", "", "the carrier does not know your Twilio number yet",
     "Wait some days, then ask Twilio's support"),
    # Personal use cannot be registered: twilio.com/docs/api/errors/30532 (2026-09-14).
    ("30032", "", "carriers in the US and Canada block unverified toll-free numbers; Twilio"
     " verifies businesses, but no personal use",
     "To text only yourself, set MY_CARRIER, or MY_GATEWAY to a push address like ntfy's"),
    ("30034", "", "US carriers block unregistered numbers; Twilio registers businesses, even of"
     " one person, but no personal use",
     "To text only yourself, set MY_CARRIER, or MY_GATEWAY to a push address like ntfy's"),
    ("30033", "", "the registration of your Twilio number is suspended",
     "Ask Twilio's support why, or set MY_CARRIER or MY_GATEWAY"),
    ("30036", "", "the text waited too long at Twilio", "Text again"),
    ("14107", "", "so many texts in so short a time look like a loop",
     "Find the loop, and wait half a minute"),
    ("30039", "", "Twilio took this for one machine that answers another",
     "Check that MY_PHONE_NUMBER is your own phone's, not one of Twilio's"),
    ("30450 30453", "", "Twilio's fraud protection holds back texts to your number",
     "Wait some hours"),
    ("63007", "", "Twilio has no such WhatsApp sender in this account",
     "Check TWILIO_PHONE_NUMBER, or search the Twilio console for WhatsApp senders"),
    ("63015", "", "your phone has not joined this WhatsApp sandbox, or no longer takes part",
     "Search the Twilio console for Try WhatsApp and send its join code from your phone"),
    ("63016", "", "WhatsApp takes your own words only for 24 hours after you wrote to the sender",
     "Write to it in WhatsApp, then text again"),
    ("63003 63024", "", "nobody has WhatsApp with this number",
     "Check MY_PHONE_NUMBER, or set TWILIO_PHONE_NUMBER to an SMS number, without whatsapp:"),
]
# Twilio cannot fetch or use the picture: the text goes once more without it.
PICTURE_CODES = (
    "11200", "11751", "12300", "21620", "21621", "21623", "30011", "30019", "63019", "63021",
    "63034",
)
# fmt: on
# The statuses of a message at Twilio. After these nothing more happens: the text did not reach the
# phone, or it did.
FAILED_STATUSES = ("undelivered", "failed", "canceled")
DELIVERED_STATUSES = ("delivered", "read")
TWILIO_STATUSES = (
    "accepted", "scheduled", "queued", "sending", "sent", *FAILED_STATUSES, *DELIVERED_STATUSES,
)  # fmt: skip


class _Message:
    """What is kept of a Message resource.

    sid       its SID
    status    what has become of it so far, such as 'queued'
    segments  how many segments Twilio bills, or 0 if that is not known
    failure   why it did not reach the phone, or None if it may yet do so, or has
    """

    def __init__(self, sid: str, status: str, segments: int, failure: _Failed | None) -> None:
        self.sid = sid
        self.status = status
        self.segments = segments
        self.failure = failure

    def update(self, latest: _Message) -> None:
        """Take over what Twilio says of it by now."""
        self.status, self.failure = latest.status, latest.failure
        # It may be missing there.
        self.segments = latest.segments or self.segments


class _Form:
    """The body of a request: a sequence of bytes that requests asks for once it is connected.

    So that is when it passes the point of no return. Its length becomes the Content-Length.
    """

    def __init__(self, content: bytes, step: _Step) -> None:
        self._content = content
        self._step = step

    def __len__(self) -> int:
        return len(self._content)

    def __iter__(self) -> Iterator[bytes]:
        self._step.pass_point_of_no_return()
        yield self._content


class _Twilio:
    """The route by Twilio's Message resource (twilio.com/docs/messaging/api/message-resource)."""

    name = "Twilio"
    is_usable = True
    accepts_files = False
    # Any of these shows that the route is wanted.
    trigger_settings = tuple(name for name in NAMES if name.startswith("TWILIO_"))

    def __init__(self, settings: _Settings) -> None:
        self._settings = settings
        self._login_settings = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")
        if settings.get("TWILIO_API_KEY") or settings.get("TWILIO_API_SECRET"):
            self._login_settings = ("TWILIO_API_KEY", "TWILIO_API_SECRET")
        self._sender_field, self._sender_setting = "From", "TWILIO_PHONE_NUMBER"
        if settings.get("TWILIO_MESSAGING_SERVICE_SID"):
            self._sender_field = "MessagingServiceSid"
            self._sender_setting = "TWILIO_MESSAGING_SERVICE_SID"
        settings.require(
            "MY_PHONE_NUMBER", "TWILIO_ACCOUNT_SID", *self._login_settings, self._sender_setting
        )
        self._to = settings.get("MY_PHONE_NUMBER")
        if settings.get(self._sender_setting).startswith("whatsapp:"):
            self._to = _Hidden(f"whatsapp:{self._to}")
        # Made by the first step of a call, as are the connections that the client keeps open.
        self._client: Any = None
        self._connections: list[Any] = []
        self._host = "api.twilio.com"

    def send(self, call: _Call) -> None:
        """Send the text as one message; raise `_Failed` if it was not sent or not delivered."""
        body = self._body(call)
        self._prepare_client(call)
        try:
            message = self._create(call, body)
            # Twilio has the text, whatever happens while its delivery is awaited.
            call.ids = [message.sid]
            self._confirm(call, message)
            if message.failure is not None:
                call.ids = []
                raise message.failure
            call.status, call.segments = message.status, message.segments
        finally:
            self._close(call)

    def _close(self, call: _Call) -> None:
        """Close the connections, unless a worker that was given up on still uses them."""
        if call.step.finished:
            for connection in self._connections:
                connection.close()

    def plan(self, call: _Call) -> list[str]:
        """Return lines on what would be sent."""
        body = self._body(call)
        # So that a missing package is noticed now.
        self._prepare_client(call)
        picture = " and a picture" if call.picture_url else ""
        to = call.run("the recipient", lambda: self._settings.redact(self._to))
        return [f"Twilio to {to}: {body!r}{picture} ({_count(len(body), 'character')})"]

    def check(self, call: _Call) -> Iterator[str]:
        """Log in without texting, and yield what is worth knowing, or raise `_Failed`."""
        self._prepare_client(call)
        # First, because an API key may be allowed to read no more than these.
        texts = self._ask(call, self._list_texts)
        try:
            account = self._ask(call, self._read_account)
        except _Failed:
            if "TWILIO_API_KEY" not in self._login_settings:
                raise
            yield "the API key is accepted, but may not read the state of the account"
        else:
            yield self._describe(account)
        yield from texts

    def _body(self, call: _Call) -> str:
        if call.picture:
            call.leave_out_picture("Twilio takes no file from this machine")
        body, problems = call.run("the text", lambda: _shorten_to_units(call.text, TWILIO_LIMIT))
        call.note(*problems)
        return body

    def _prepare_client(self, call: _Call) -> None:
        """Import Twilio's package, which may take all the time of this route."""
        call.run_step(_Step("the import of twilio"), self._open_client, call.seconds_left())

    def _open_client(self) -> None:
        """Make one client for all requests of this call (in the worker)."""
        user, password = (self._settings.get(name) for name in self._login_settings)
        account = self._settings.get("TWILIO_ACCOUNT_SID")
        try:
            import logging
            from urllib.parse import urlsplit

            from requests.adapters import HTTPAdapter
            from twilio.http.http_client import TwilioHttpClient
            from twilio.rest import Client

            # Its own logger would show the whole number.
            silent = logging.Logger("twilio", logging.CRITICAL)
            # Without max_retries, which sends twice behind a proxy.
            http = TwilioHttpClient(logger=silent, request_hooks={"response": _cut_answer})
            adapter = HTTPAdapter()
            _record_connections(adapter, self._connections)
            http.session.mount("https://", adapter)
            self._client = Client(user, password, account, http_client=http)
            # TWILIO_REGION and TWILIO_EDGE lead to other hosts.
            url = self._client.get_hostname(f"https://{self._host}")
            self._host = urlsplit(url).hostname or self._host
        except (Exception, SystemExit):
            advice = "twilio is missing, broken or too old. Run: pip install --upgrade twilio."
            raise _Failed(_with_shadowing_hint(advice)) from None

    def _ask(
        self, call: _Call, exchange: Callable[[_ServerStep], T], max_seconds: float = STEP_SECONDS
    ) -> T:
        """Return `exchange(step)`, which talks to Twilio in a worker, or raise `_Failed`."""
        seconds = min(call.step_seconds(), max_seconds)
        step = _ServerStep(self._host, seconds, "REQUESTS_CA_BUNDLE", "", _Unknown)
        step.connections = self._connections
        return call.run_step(step, lambda: exchange(step), seconds)

    def _create(self, call: _Call, body: str) -> _Message:
        """Return the one message that Twilio made of the text, or raise `_Failed`.

        Twilio has no idempotency key (twilio.com/docs/api/errors/20500). So if its answer is lost,
        ask whether it has the text before sending that once more.
        """
        started = time.monotonic()
        try:
            return self._post(call, body)
        except _Unknown as error:
            first_failure = str(error)
        message = self._find(call, body, started, first_failure)
        if message is not None:
            return message
        call.note(f"Twilio: {first_failure} It did not list the text, which goes once more.")
        try:
            return self._post(call, body)
        except _PictureRefused:
            # It goes again without the picture, whatever became of the first try.
            raise
        except _Failed as error:
            failure = error
        # Whatever became of the second try, the first may be listed by now.
        message = self._find(call, body, started, str(failure))
        if message is not None:
            return message
        # Not _Unknown: two looks at the list have found no such text, so it counts as not sent.
        raise _Failed(f"{failure} Twice it did not list the text, which may yet arrive.")

    def _post(self, call: _Call, body: str) -> _Message:
        """Ask Twilio to make a message, and return it, or raise `_Failed`."""

        def post(step: _ServerStep) -> _Message:
            from urllib.parse import urlencode

            form = {
                "To": self._to,
                self._sender_field: self._settings.get(self._sender_setting),
                "Body": body,
                "MediaUrl": call.picture_url,
                "SmartEncoded": "true",
            }
            content = urlencode({name: it for name, it in form.items() if it}).encode()
            reply, _ = self._request(step, "/Messages.json", content)
            return self._parse_message(reply, needed="sid")

        return _retry(call, lambda: self._ask(call, post), retries=2)

    def _find(self, call: _Call, body: str, started: float, failure: str) -> _Message | None:
        """Return the message that Twilio has made of `body`, or None if it has not, or raise `_Failed`."""
        # A message may take a moment to be listed.
        call.pause(PAUSE_SECONDS)
        try:
            return self._ask(call, lambda step: self._search(step, body, started))
        except _Failed as error:
            problem = f"{failure} Whether it has the text cannot be found out: {error}"
            raise _Unknown(problem) from None

    def _search(self, step: _ServerStep, body: str, started: float) -> _Message | None:
        """Look through Twilio's list for a message with this body that was made since `started`.

        Twilio's own clock tells it from an older one with the same words (in the worker).
        """
        from email.utils import parsedate_to_datetime

        if not body:
            raise _Unknown("one picture without words cannot be told from another.")
        reply, date = self._request(step, f"/Messages.json?PageSize={PAGE_SIZE}")
        try:
            now = parsedate_to_datetime(date).timestamp()
            # Both dates drop fractions of a second.
            since = now - (time.monotonic() - started) - 2
            messages = reply["messages"]
            dates = [message["date_created"] for message in messages]
            times = [parsedate_to_datetime(created).timestamp() for created in dates]
            mine = [
                message
                for message, made in zip(messages, times, strict=True)
                if made >= since
                and message["to"] == self._to
                and _comparable(message["body"]) == _comparable(body)
            ]
        except (LookupError, TypeError, ValueError, AttributeError):
            raise _Unknown("its answer is not a list of messages.") from None
        if mine:
            return self._parse_message(mine[0], needed="sid")
        if len(messages) == PAGE_SIZE and times[-1] >= since:
            raise _Unknown("there may be more messages of that time than one page lists.")
        return None

    def _confirm(self, call: _Call, message: _Message) -> None:
        """Update a message until its status is final.

        The last request begins within `call.confirm` seconds. A status that cannot be read
        changes nothing.
        """

        def look(step: _ServerStep) -> _Message:
            reply, _ = self._request(step, f"/Messages/{message.sid}.json")
            return self._parse_message(reply, needed="status")

        end = min(time.monotonic() + call.confirm, call.route_deadline - PAUSE_SECONDS)
        # Counted as well, because a test of the user's may have frozen the clock.
        for _ in range(int(call.confirm / PAUSE_SECONDS) + 1):
            pause = min(PAUSE_SECONDS, end - time.monotonic())
            if message.status in (*FAILED_STATUSES, *DELIVERED_STATUSES) or pause <= 0:
                return
            time.sleep(pause)
            try:
                message.update(self._ask(call, look, max(PAUSE_SECONDS, end - time.monotonic())))
            except (_Retryable, _Unknown):
                continue
            except _Failed:
                # Such as with an API key that may only send.
                return

    def _parse_message(self, reply: dict[str, Any], needed: str) -> _Message:
        """Return what is kept of a Message resource; raise `_Unknown` if it is not one."""
        if not reply.get(needed) or not isinstance(reply[needed], str):
            raise _Unknown(self._explain_answer(reply, f"without a {needed}"))
        status = reply.get("status")
        failure: _Failed | None = None
        if status in FAILED_STATUSES:
            was_picture = str(reply.get("error_code")) in PICTURE_CODES
            failure_class = _PictureRefused if was_picture else _Failed
            failure = failure_class(self._explain_message(reply))
        if not status or not isinstance(status, str):
            status = "queued"
        if status not in TWILIO_STATUSES:
            status = self._settings.redact(status)
        segments = str(reply.get("num_segments"))
        is_number = segments.isdecimal() and len(segments) < 5
        return _Message(str(reply.get("sid")), status, int(segments) if is_number else 0, failure)

    def _list_texts(self, step: _ServerStep) -> list[str]:
        """Return a line for each of the last five texts to this phone."""
        reply, _ = self._request(step, f"/Messages.json?PageSize={PAGE_SIZE}")
        listed = reply.get("messages")
        if not isinstance(listed, list):
            return ["what became of the last texts cannot be read"]
        messages = [
            message
            for message in listed
            if isinstance(message, dict) and message.get("to") == self._to
        ]
        lines = []
        for message in messages[:5]:
            day, status = message.get("date_created"), message.get("status")
            reason = f": {self._explain_message(message)}" if status in FAILED_STATUSES else ""
            lines.append(self._settings.redact(f"the text of {day} was {status}") + reason)
        return lines

    def _read_account(self, step: _ServerStep) -> dict[str, Any]:
        account, _ = self._request(step, ".json")
        return account

    def _describe(self, account: dict[str, Any]) -> str:
        """Return words on an account that can send texts, or raise `_Failed`."""
        description = self._settings.redact(f"the account is {account.get('status')}")
        if account.get("status") in ("suspended", "closed"):
            raise _Failed(
                f"{description}. Look for an e-mail from Twilio, then ask Twilio's support."
            )
        if account.get("type") == "Trial":
            description += ", but a trial, which cannot send your own words: upgrade it"
        return description

    def _request(
        self, step: _ServerStep, path: str, form: bytes = b""
    ) -> tuple[dict[str, Any], str]:
        """Return the JSON object that Twilio answers, and the answer's date; or raise `_Failed`."""
        # Imported before the text is sent, so that nothing can fail afterwards.
        import json

        account = self._settings.get("TWILIO_ACCOUNT_SID")
        answer = self._client.request(
            "POST" if form else "GET",
            # The client makes another host of it if TWILIO_REGION or TWILIO_EDGE is set.
            f"https://api.twilio.com/2010-04-01/Accounts/{account}{path}",
            data=_Form(form, step) if form else None,
            # A small compressed answer could be a very large one.
            headers={"Accept-Encoding": "identity"},
            # Half, so that a second address is tried if the first one leads nowhere.
            timeout=step.seconds / 2,
        )
        try:
            reply = json.loads(answer.text)
        except (ValueError, RecursionError):
            reply = None
        if not isinstance(reply, dict):
            reply = {}
        if reply and 200 <= answer.status_code < 300:
            return reply, str(answer.headers.get("Date"))
        raise self._refusal(answer, reply, is_post=bool(form))

    def _refusal(self, answer: Any, reply: dict[str, Any], is_post: bool) -> _Failed:
        """Return the failure that an answer which is not a yes amounts to."""
        status = answer.status_code
        sentence = self._explain_answer(reply, str(status))
        code = str(reply.get("code"))
        if status == 429 and code != "63038":
            # It was not processed, and may be soon. 63038 lasts a day.
            wait = str(answer.headers.get("Retry-After", ""))
            return _Retryable(sentence, float(wait) if wait.isdecimal() else 0.0)
        if status < 300 or status >= 500:
            # A success that is not JSON, or a fault of the server's: it may have been processed.
            return _Unknown(sentence)
        if status == 404 and not is_post:
            # It may be too new to be found.
            return _Retryable(sentence)
        if code in PICTURE_CODES:
            return _PictureRefused(sentence)
        return _Failed(sentence)

    def _explain_answer(self, reply: dict[str, Any], answer: str) -> str:
        """Return sentences on an answer that is not a yes: a status code, or another description."""
        return self._explain_code(reply) or (
            f"Twilio answered {answer}, {self._reason(reply)}. See https://status.twilio.com, or "
            "whether a proxy or a login page is in between."
        )

    def _explain_message(self, message: dict[str, Any]) -> str:
        """Return sentences on why a message did not reach the phone."""
        return self._explain_code(message) or (
            f"the text was {self._settings.redact(str(message.get('status')))}. "
            "See why in the Twilio console's log."
        )

    def _explain_code(self, reply: dict[str, Any]) -> str:
        """Return sentences on the error code in what Twilio says, or '' if there is none."""
        code = str(reply.get("code") or reply.get("error_code") or "")
        text = _text_of(reply).lower()
        for codes, clue, meaning, advice in TWILIO_ADVICE:
            if code in codes.split() and clue in text:
                return f"{meaning} ({code}). {advice}."
        if code.isdecimal() and len(code) < 8:
            return f"{self._reason(reply)} ({code}). See twilio.com/docs/api/errors/{code}."
        return ""

    def _reason(self, reply: dict[str, Any]) -> str:
        return self._settings.redact(_text_of(reply)) or "no reason given"


def _text_of(reply: dict[str, Any]) -> str:
    """Return the sentences in what Twilio says of an error."""
    keys = ("message", "error_message", "title", "detail")
    return " ".join(str(reply[key]) for key in keys if reply.get(key))


def _record_connections(adapter: Any, connections: list[Any]) -> None:
    """Append to `connections` each one that an adapter of requests opens, to shut it down later.

    urllib3 keeps its connections in pools, and the pools in a manager for each proxy.
    """

    make_proxy_manager = adapter.proxy_manager_for

    def recording_pool(pool_class: Any) -> Any:
        class Connection(pool_class.ConnectionCls):  # type: ignore[misc]
            was_connected = False

            def connect(self) -> None:
                connections.append(self)
                super().connect()
                self.was_connected = True

        return type(pool_class.__name__, (pool_class,), {"ConnectionCls": Connection})

    def record_pools_of(manager: Any) -> None:
        manager.pool_classes_by_scheme = {
            scheme: recording_pool(pool_class)
            for scheme, pool_class in manager.pool_classes_by_scheme.items()
        }

    def recording_proxy_manager_for(proxy: str, **options: Any) -> Any:
        is_new = proxy not in adapter.proxy_manager
        manager = make_proxy_manager(proxy, **options)
        if is_new:
            record_pools_of(manager)
        return manager

    record_pools_of(adapter.poolmanager)
    adapter.proxy_manager_for = recording_proxy_manager_for


def _cut_answer(response: Any, **_: Any) -> None:
    """Leave only as much of an answer to be read as a list of messages takes: it might never end."""
    raw = response.raw
    response.raw = io.BytesIO(raw.read(ANSWER_BYTES, decode_content=False))
    # This ends the connection only if there was more to come.
    raw.close()


def _comparable(text: str) -> str:
    """Return what is left of a text when all is left out that SmartEncoded may change.

    Twilio lists a text as it was sent to the carrier: with plain quotes, blanks and accents, say.
    """
    from unicodedata import category, normalize

    kept = []
    # Longer than any text that Twilio takes; a very long one takes long to normalize.
    for char in normalize("NFKD", text[: 2 * TWILIO_LIMIT]):
        kind = category(char)
        if kind == "Pd":
            # All dashes become the same one, if they are such as SmartEncoded replaces.
            if char in "-–—‒":
                kept.append("-")
        elif kind[0] not in "PZMC" and kind != "Lm":
            kept.append(char)
    # Nothing is left of '!!!'.
    return "".join(kept) or text


class _Gateway:
    """The route by SMTP (RFC 5321, 3207, 8314) to an address where a carrier takes texts."""

    name = "gateway"
    is_usable = True
    # Either of these shows that the route is wanted.
    trigger_settings = ("MY_CARRIER", "MY_GATEWAY")

    def __init__(self, settings: _Settings) -> None:
        from datetime import date

        self._settings = settings
        # For carriers.py, because gateways close.
        self._today = date.today()
        self._address = settings.get("MY_GATEWAY")
        self._push = _look_up_if_present(lambda carriers: carriers.find_push(self._address))
        if self._address:
            self.accepts_files = self._push is None or self._push.pictures
        else:
            # First of all, because it raises if the gateway has closed.
            self.accepts_files = self._find_gateway_row("", with_picture=True).pictures
        self._sender = settings.get("SMTP_FROM") or settings.get("SMTP_USER")
        self._sender_domain = self._sender.rpartition("@")[2]
        self._has_login = bool(settings.get("SMTP_PASSWORD"))
        self._require_settings()
        # The rows of carriers.py for the mailbox, or for the relay that SMTP_HOST names.
        self._mailbox: Any = None
        self._relay: Any = None
        if settings.get("SMTP_HOST"):
            self._relay = self._find_relay()
        else:
            self._mailbox = self._find_mailbox()
        self._host, self._port, self._tls = self._find_server()

    def send(self, call: _Call) -> None:
        """Mail the text, in numbered parts if the gateway takes short ones, or raise `_Failed`."""
        address, parts = self._address_and_parts(call)
        # Importing them again later costs nothing and cannot stall.
        modules = ("smtplib", "ssl", "email.message")
        step = _Step("the import of smtplib")
        call.run_step(step, lambda: [__import__(name) for name in modules], call.seconds_left())
        for index, part in enumerate(parts):
            picture = None if index else call.picture
            try:
                call.ids.append(self._mail(call, address, part, picture))
            except _Failed:
                if index:
                    call.note(f"gateway: {index} of {len(parts)} parts went before it failed.")
                raise
        call.status = "accepted"

    def plan(self, call: _Call) -> list[str]:
        """Return lines on what would be sent."""
        address, parts = self._address_and_parts(call)
        to = call.run("the recipient", lambda: self._settings.redact(address))
        lines = []
        for index, part in enumerate(parts):
            picture = " and a picture" if call.picture and index == 0 else ""
            size = _count(len(part), "character")
            lines.append(f"gateway to {to}: {part!r}{picture} ({size})")
        return lines

    def check(self, call: _Call) -> Iterator[str]:
        """Log in without mailing, and yield what is worth knowing, or raise `_Failed`."""
        if self._relay is not None:
            # Before the login, whose failure it may explain.
            yield self._relay.trap
        self._ask(call, lambda step: self._talk(step, _say_noop, has_picture=False))
        yield f"{self._host} accepts {'the login' if self._has_login else 'mail without a login'}"
        closed = self._closed_notes()
        if closed:
            raise _Failed(
                f"{closed[0].removeprefix('gateway: ')} Set MY_GATEWAY to another address."
            )
        if self._push is not None:
            if self._push.name == "ntfy" and not self._address.startswith("ntfy-"):
                raise _Failed("ntfy takes no such address. Set MY_GATEWAY to ntfy-mytopic@ntfy.sh.")
            yield self._push.note
            if _look_up(lambda carriers: carriers.is_guessable_topic(self._address)):
                yield "this topic is easy to guess. Take a long and random one"
        address, _ = self._address_and_parts(call)
        yield from (problem.removeprefix("gateway: ") for problem in call.problems)
        if not self._address and not call.problems:
            yield f"{self._settings.get('MY_CARRIER')} takes texts"
        last_day = _look_up_if_present(
            lambda carriers: carriers.find_last_day(address, self._today)
        )
        if last_day:
            yield f"this gateway closes by about {last_day}"

    def _closed_notes(self) -> list[str]:
        """Return a sentence if MY_GATEWAY is at a carrier's gateway that has closed, or none."""
        notes = _look_up_if_present(
            lambda carriers: carriers.find_closed_domain(self._address, self._today)
        )
        return notes or []

    def _require_settings(self) -> None:
        settings = self._settings
        needed = ["MY_GATEWAY"] if self._address else ["MY_PHONE_NUMBER", "MY_CARRIER"]
        login = ["SMTP_USER", "SMTP_PASSWORD"]
        if settings.get("SMTP_HOST") and not any(settings.get(name) for name in login):
            # A relay that needs no password needs a sender all the same.
            login = ["SMTP_FROM"]
        optional = ("SMTP_HOST", "SMTP_PORT", "SMTP_TLS", "SMTP_FROM")
        settings.require(*needed, *login, optional=optional)
        if "@" not in self._sender:
            sentence = f"SMTP_FROM not set. It should be {_meaning('SMTP_FROM')}."
            raise _Failed(" ".join([sentence, *settings.hints(["SMTP_FROM"])]))

    def _find_mailbox(self) -> Any:
        """Return the row of carriers.py for the mailbox that it is sent from."""
        user = self._settings.get("SMTP_USER")
        address = user if "@" in user else self._sender
        try:
            return _look_up(lambda carriers: carriers.find_mail_server(address))
        except _Failed as error:
            hints = self._settings.hints(["SMTP_HOST"])
            raise _Failed(" ".join([str(error), *hints])) from None

    def _find_relay(self) -> Any:
        """Return the row of carriers.py for the mail server SMTP_HOST, or None if it has none."""
        host = self._settings.get("SMTP_HOST")
        relay: Any = _look_up_if_present(lambda carriers: carriers.find_relay(host))
        if relay and relay.user and relay.user != self._settings.get("SMTP_USER"):
            raise _Failed(f"{relay.name} wants SMTP_USER={relay.user}. {relay.trap}")
        return relay

    def _find_server(self) -> tuple[str, int, str]:
        """Return the mail server's host, port and TLS; raise `_Failed` if they are not safe."""
        import re

        host, usual_port, usual_tls = self._usual_server()
        here = r"localhost|127(\.\d{1,3}){3}|[0:]*:0*1"
        # Without a password, plain text may go to a server on this machine.
        may_be_plain = not self._has_login and bool(re.fullmatch(here, host))
        if may_be_plain:
            usual_port, usual_tls = 25, "none"
        port = int(self._settings.get("SMTP_PORT") or usual_port)
        if port == usual_port:
            tls = usual_tls
        elif port == 465:
            tls = "implicit"
        elif may_be_plain:
            tls = "none"
        else:
            tls = "starttls"
        tls = str(self._settings.get("SMTP_TLS") or tls)
        if tls == "tls":
            # Many programs call STARTTLS so, and use the port for it (RFC 6409).
            tls = "starttls" if port == 587 else "implicit"
        if tls == "none" and not may_be_plain:
            raise _Failed(
                "SMTP_TLS=none works only with a mail server on this machine and without a "
                "password. Set it to implicit or starttls."
            )
        return host, port, tls

    def _usual_server(self) -> tuple[str, int, str]:
        """Return the host, and the port and TLS that are usual there (RFC 8314)."""
        if self._mailbox is not None:
            return self._mailbox.host, self._mailbox.port, self._mailbox.tls
        host = self._settings.get("SMTP_HOST")
        if self._relay is not None:
            return host, self._relay.port, self._relay.tls
        return host, 465, "implicit"

    def _find_gateway_row(self, text: str, *, with_picture: bool) -> Any:
        """Return the row of carriers.py by which such a message gets to the phone."""
        self._settings.require(optional=("MY_PHONE_NUMBER",))
        phone = self._settings.get("MY_PHONE_NUMBER")
        if phone and not phone.startswith("+1"):
            raise _Failed(
                "carriers' gateways take numbers in the US and Canada only. "
                "Set MY_GATEWAY to an e-mail address that reaches you."
            )
        carrier, length = self._settings.get("MY_CARRIER"), _units(text)
        return _look_up(
            lambda carriers: carriers.find_route(
                carrier, self._today, length=length, picture=with_picture
            )
        )

    def _address_and_parts(self, call: _Call) -> tuple[str, list[str]]:
        """Return the address that the text goes to, and the text in parts that fit there."""
        if call.picture_url:
            call.leave_out_picture("a picture from the web goes by Twilio only")
        if call.picture and not self.accepts_files:
            call.leave_out_picture("this gateway takes no pictures")
        address, parts, problems = call.run("the address of the gateway", lambda: self._fit(call))
        call.note(*problems)
        return address, parts

    def _fit(self, call: _Call) -> tuple[str, list[str], list[str]]:
        """Return an address, the parts to send there, and a list of problems."""
        if self._address:
            return self._fit_address(call.text)
        return self._fit_carrier(call.text, with_picture=call.picture is not None)

    def _fit_carrier(self, text: str, *, with_picture: bool) -> tuple[str, list[str], list[str]]:
        """Return an address at the gateway of MY_CARRIER, the parts, and a list of problems."""
        row = self._find_gateway_row(text, with_picture=with_picture)
        address = _Hidden(f"{self._settings.get('MY_PHONE_NUMBER')[2:]}@{row.domain}")
        notes = [f"gateway: {row.note}"] if row.note else []
        # MMS gateways take as much as Twilio does; for one of SMS, a long text is split.
        if row.limit < TWILIO_LIMIT:
            parts, problems = _split(text, row.limit)
            return address, parts, notes + problems
        shortened, problems = _shorten_to_units(text, row.limit)
        return address, [shortened], notes + problems

    def _fit_address(self, text: str) -> tuple[str, list[str], list[str]]:
        """Return MY_GATEWAY, the text in one part, and a list of problems.

        An address takes a text of any length, unless it is one of a push service's.
        """
        notes = self._closed_notes()
        if self._push is None:
            return self._address, [text], notes
        if self._push.unit == "bytes":
            shortened, problems = _shorten(text, self._push.limit, "utf-8")
        else:
            shortened, problems = _shorten_to_units(text, self._push.limit)
        return self._address, [shortened], notes + problems

    def _ask(self, call: _Call, exchange: Callable[[_ServerStep], T]) -> T:
        """Return `exchange(step)`, which talks to the mail server in a worker, or raise `_Failed`."""
        host, seconds = f"{self._host}:{self._port}", call.step_seconds()
        # Otherwise carriers.py knows the server, and is right about it.
        is_set = any(self._settings.get(name) for name in ("SMTP_HOST", "SMTP_PORT", "SMTP_TLS"))
        hint = "Check SMTP_HOST, SMTP_PORT and SMTP_TLS." if is_set else ""
        step = _ServerStep(host, seconds, "SSL_CERT_FILE", hint, _Unanswered)
        return call.run_step(step, lambda: exchange(step), seconds)

    def _mail(self, call: _Call, address: str, text: str, picture: tuple[bytes, str] | None) -> str:
        """Hand one e-mail to the mail server and return its Message-ID, or raise `_Failed`."""

        def hand_over(step: _ServerStep) -> str:
            mail = self._compose(address, text, picture)
            content, envelope = mail.as_bytes(), (self._sender, [address])
            self._talk(step, lambda server: server.sendmail(*envelope, content), bool(picture))
            return str(mail["Message-ID"])

        return _retry(call, lambda: self._ask(call, hand_over), retries=1)

    def _compose(self, address: str, text: str, picture: tuple[bytes, str] | None) -> EmailMessage:
        """Return an e-mail that a gateway turns into nothing but `text`: no Subject, no HTML."""
        from email.message import EmailMessage
        from email.policy import SMTP
        from email.utils import formatdate

        mail = EmailMessage(SMTP.clone(cte_type="7bit"))
        mail["From"], mail["To"], mail["Date"] = self._sender, address, formatdate()
        # Not by email's own means, which would change the job's random numbers; nor the boundary.
        mail["Message-ID"] = f"<{os.urandom(16).hex()}@{self._sender_domain}>"
        if text.isascii() and max(len(line) for line in text.split("\n")) < 998:
            # Not encoded, or gateways show a = at the end of long lines (RFC 5322, 2.1.1).
            mail.set_content(text, charset="us-ascii", cte="7bit")
        else:
            mail.set_content(text, charset="utf-8")
        if picture:
            data, subtype = picture
            mail.add_attachment(data, "image", subtype, filename=f"picture.{subtype}")
            mail.set_boundary(os.urandom(16).hex())
        return mail

    def _talk(
        self, step: _ServerStep, use: Callable[[smtplib.SMTP], object], has_picture: bool
    ) -> None:
        """Connect, log in and `use` the mail server (in the worker), or raise `_Failed`."""
        import smtplib
        from contextlib import closing

        options: dict[str, Any] = {"host": self._host, "port": self._port}
        # In EHLO: smtp-relay.gmail.com and others turn away an address literal.
        options["local_hostname"] = self._sender_domain
        # Half, so that a second address is tried if the first one leads nowhere.
        options["timeout"] = step.seconds / 2
        context = _tls_context() if self._tls != "none" else None
        if self._tls == "implicit":
            options["context"] = context
        server_class = _server_class(self._tls == "implicit", step)
        try:
            with closing(server_class(**options)) as server:
                server.sock.settimeout(step.seconds)
                self._log_in(server, context)
                use(server)
                try:
                    server.putcmd("quit")
                except OSError:
                    # Whatever comes of that, it has the e-mail.
                    pass
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
            raise self._refusal(step, error, has_picture) from None

    def _log_in(self, server: smtplib.SMTP, context: Any) -> None:
        """Say EHLO, start TLS and log in, as the settings have it."""
        _say_hello(server)
        if self._tls == "starttls":
            server.starttls(context=context)
            _say_hello(server)
        if self._has_login:
            if "PLAIN" in server.esmtp_features.get("auth", "").split():
                # Many servers hang up if another way to log in is tried after the first.
                server.esmtp_features["auth"] = "PLAIN"
            user, password = self._settings.get("SMTP_USER"), self._settings.get("SMTP_PASSWORD")
            server.login(user, password)

    def _refusal(self, step: _ServerStep, error: Any, has_picture: bool) -> _Failed:
        """Return the failure that a mail server's refusal amounts to."""
        command = SMTP_COMMANDS.get(type(error).__name__, "")
        if hasattr(error, "recipients"):
            code, reply = next(iter(error.recipients.values()))
        else:
            code, reply = error.smtp_code, error.smtp_error
        text = reply.decode("utf-8", "replace")
        if step.in_doubt and code < 400:
            return step.in_doubt_error(
                f"{step.subject} answered neither yes nor no when it had the text."
            )
        if code < 200:
            # smtplib's code for a line that is not a reply.
            return _Retryable(
                f"{step.subject} does not speak SMTP as it should. {step.hint}".rstrip()
            )
        meaning, advice = _advise_on_reply(command, code, text)
        if self._mailbox is not None and self._mailbox.page:
            where = f"an app password at {self._mailbox.page}"
            advice = advice.replace("an app password", where, 1)
        sentence = f"{self._host} {meaning} ({self._settings.redact(f'{code} {text}')}). {advice}."
        if has_picture and meaning == TOO_LARGE:
            return _PictureRefused(sentence)
        if code < 500:
            return _Retryable(sentence)
        if has_picture and command == "DATA":
            return _PictureRefused(sentence)
        return _Failed(sentence)


# What it means in SMTP_ADVICE that the picture is to be left out.
TOO_LARGE = "finds the mail too large"
# fmt: off
# What a mail server's refusal means, and what to do, by enhanced status codes (RFC 3463 and the
# IANA registry) and the words of the big mailboxes. A row counts if its command is "" or the
# refused one, and one of its clues (separated by bars) occurs in the reply. That is in lower case,
# with single blanks, and one at each end, so that " 5.7.1 " does not match 5.7.139. After the code
# of a temporary refusal it has 4yz, RFC 5321's name for those.
SMTP_ADVICE = [
    # command, clues, what it means, what to do
    ("", "starttls|encryption", "wants an encrypted connection first",
     "Set SMTP_TLS to starttls, or leave it out"),
    # Outlook.com and Hotmail: no password works since 2024-09-16.
    ("", "basic authentication is disabled", "no longer takes passwords, not even app passwords",
     "Set SMTP_HOST, SMTP_USER and SMTP_PASSWORD to another mailbox, such as Gmail"),
    # Microsoft 365 at work or university.
    ("AUTH", "credentials were incorrect", "does not take this user name and password",
     "Check SMTP_USER and SMTP_PASSWORD; where a second factor is asked for, make an app password"),
    ("", "smtpclientauthentication| 5.7.139 | 5.7.30 ",
     "takes no passwords from programs, as your organization or Microsoft does not allow it",
     "Ask the administrator to allow SMTP AUTH, or use another mailbox; no app password helps"),
    ("AUTH", " 5.7.14 |web browser| locked|verify your account", "wants you to log in with a browser first",
     "Log in to the mailbox there, make an app password and set SMTP_PASSWORD to it"),
    ("AUTH", " 534 |application-specific|two-factor|two-step", "takes nothing but an app password",
     "Make an app password and set SMTP_PASSWORD to it"),
    ("", "greylist|concurrent|too many connections|connection rate|thread limit"
     "|maximum sending rate",
     "does not take it now", "Text again later"),
    ("AUTH", "too many", "has seen too many wrong logins and takes none for a while",
     "Make an app password, set SMTP_PASSWORD to it, and wait an hour"),
    ("", "bad outbound sender|sending denied|sending paused|suspended|suspension"
     "|is suspend |outgoing blocked|tenant has exceeded|account is not yet activated"
     "|unusual sending",
     "has stopped your mailbox from sending",
     "Ask its support or administrator why, or set SMTP_USER to another mailbox"),
    ("", "unauthorized ip", "takes no login from this machine's address",
     "Allow the address there, among its authorized IPs"),
    ("", "authenticated user must|not allowed in header|from this header address"
     "|incorrect sender header|sender name is not valid",
     "does not let you send from this address",
     "Set SMTP_FROM to your own address there, or leave it out"),
    ("AUTH", " 502 | 504 |auth command", "takes no password in any way that this program knows",
     "Use the mail server that your mailbox's help names"),
    ("", " 530 | 5.7.57 |authentication required|authentication is required|auth is required"
     "|authorization required| 550 must be authenticated|you must be authenticated"
     "|authenticate first|auth command|unauthenticated senders|unauthenticated mail not allowed"
     "|not logged in|authenticated users only|client host rejected: access denied",
     "wants a login first", "Set SMTP_USER and SMTP_PASSWORD"),
    ("", "aup#", "meets the carrier's filter, which refuses this sender",
     "Set SMTP_USER to another mailbox, such as Gmail, or set MY_GATEWAY"),
    ("", "spamhaus|blocked using|dnsbl|blacklist|blocklist|reputation|reverse dns"
     "|reverse hostname|find your hostname| 5.7.26 |spf |dkim|your ip address|ip you're using| 4.7.28 "
     "|helo command rejected|invalid helo|client host rejected| rbl|block list|ip is blocked"
     "|from this ip|ptr record",
     "rejects this machine's network or the sender's domain as a source of spam",
     "Set SMTP_HOST, SMTP_USER and SMTP_PASSWORD to another mailbox, or send from elsewhere"),
    ("", " 4.2.2 | 5.2.2 |over quota|overquota|mailbox is full|mailbox full|storage allocation",
     "says that the mailbox that should get it is full",
     "Empty it, or set MY_GATEWAY to another address"),
    ("", " 5.3.4 | 5.2.3 |message size|message exceeded|too large|too big|bytes long", TOO_LARGE,
     "Take a smaller picture, or none"),
    ("", " 5.4.5 |quota| daily |sending limit|limit exceeded|throttling|too many messages"
     "|credits exceeded|hour limit| per hour| per day|too many emails|rate limit",
     "takes no more e-mails from you for now, as there were too many",
     "Wait until tomorrow, or set SMTP_USER to another mailbox"),
    ("", "relaying disallowed as|not allowed to relay|sender verify",
     "does not let you send from this address",
     "Set SMTP_FROM to your own address there, or leave it out"),
    ("", "relay access|relay not|not relay|relaying|to relay|for relay|a relay|relay denied"
     "|rcpthosts",
     "passes on mail only after a login",
     "Set SMTP_USER and SMTP_PASSWORD, SMTP_HOST to that mailbox's server, and SMTP_FROM to its"
     " address"),
    ("", "not verified|unverified|verified sender|verify a domain|sandbox|authorized recipients", "sends only for addresses verified there",
     "Verify the address in SMTP_FROM there; in Amazon SES's sandbox the receiving one, too"),
    ("", "not authorized to perform", "does not let this user send",
     "Allow it there; in Amazon's IAM that is ses:SendRawEmail"),
    ("", "not owned by|of your addresses|sendasdenied|send as this sender|sender address"
     "| 5.1.7 | 5.1.8 | 5.7.60 ",
     "does not let you send from this address",
     "Set SMTP_FROM to your own address there, or leave it out"),
    ("", " 5.1.1 | 5.1.2 | 4.1.2 |no such user|user unknown|unknown user|mailbox not found"
     "|invalid recipient|recipient address rejected: domain not found",
     "says that this address does not exist",
     "Check MY_PHONE_NUMBER and MY_CARRIER, or MY_GATEWAY"),
    ("", "spam|unsolicited|suspicious|dmarc|phish|virus|security issue", "rejected it as spam",
     "Change the words, leave links out, or set SMTP_USER to another mailbox"),
    ("", " 552 ", TOO_LARGE, "Take a smaller picture, or none"),
    ("EHLO", "", "refused to talk with this machine",
     "Text again later, or set SMTP_HOST to another server"),
    ("", " 4yz ", "does not take it now", "Text again later"),
    ("AUTH", "", "does not take this user name and password",
     "Check SMTP_USER, make an app password and set SMTP_PASSWORD to it"),
    ("MAIL", "", "does not take mail from this address", "Set SMTP_FROM to your own address there"),
    ("RCPT", "", "takes no mail for your phone",
     "Check MY_PHONE_NUMBER and MY_CARRIER, or MY_GATEWAY"),
    ("DATA", "", "did not take the text, by a rule of its own",
     "Change its words, or set SMTP_USER to another mailbox"),
    ("", "", "rejected this machine", "Text again later, or set SMTP_HOST to another server"),
]
# fmt: on
# The command that was refused, by the class of smtplib's exception.
SMTP_COMMANDS = {
    "SMTPHeloError": "EHLO",
    "SMTPAuthenticationError": "AUTH",
    "SMTPSenderRefused": "MAIL",
    "SMTPRecipientsRefused": "RCPT",
    "SMTPDataError": "DATA",
}


def _advise_on_reply(command: str, code: int, text: str) -> tuple[str, str]:
    """Return what a mail server's refusal means, and what to do."""
    import re

    # Without addresses: they are no words of the server's.
    words = re.sub(r"\S+@\S+", "", text[:10_000]).lower()
    kind = "4yz" if 400 <= code < 500 else ""
    reply = " ".join(f"{code} {kind} {words}".split())
    return next(
        (meaning, advice)
        for refused, clues, meaning, advice in SMTP_ADVICE
        if refused in ("", command) and any(clue in f" {reply} " for clue in clues.split("|"))
    )


def _say_hello(server: smtplib.SMTP) -> None:
    """Say EHLO, or HELO to an old server; raise SMTPHeloError with the text of a refusal."""
    from smtplib import SMTPHeloError, SMTPServerDisconnected

    code, reply = server.ehlo()
    if 500 <= code < 600:
        try:
            code, reply = server.helo()
        except SMTPServerDisconnected:
            # It hung up with its refusal of EHLO.
            pass
    if not 200 <= code < 300:
        raise SMTPHeloError(code, reply)


def _say_noop(server: smtplib.SMTP) -> None:
    from smtplib import SMTPResponseException

    code, reply = server.noop()
    if code >= 400:
        raise SMTPResponseException(code, reply)


def _tls_context() -> Any:
    """Return a context that verifies certificates: without one, smtplib trusts any server."""
    import ssl

    context = ssl.create_default_context()
    folder = ssl.get_default_verify_paths().capath
    if not context.cert_store_stats()["x509_ca"] and not (folder and os.listdir(folder)):
        raise _Failed(
            "this Python knows no authorities (CA certificates), so it cannot trust any mail "
            "server. Set SSL_CERT_FILE to a file of them, such as that of the package certifi."
        )
    return context


def _send_data(server: smtplib.SMTP, mail: bytes, step: _ServerStep) -> tuple[int, bytes]:
    """Say DATA and send the mail through the point of no return; return the server's reply."""
    from smtplib import SMTPDataError

    code, reply = server.docmd("data")
    if code != 354:
        raise SMTPDataError(code, reply)
    content = mail.replace(b"\n.", b"\n..") + b".\r\n"
    # Without its last five bytes, the server discards a mail (RFC 5321, 4.1.1.4). So a long one
    # passes the point of no return only before those; a short one goes in a single packet.
    start_of_end = len(content) - 5 if len(content) > 16_000 else 0
    server.send(content[:start_of_end])
    step.pass_point_of_no_return()
    server.send(content[start_of_end:])
    code, reply = server.getreply()
    if code >= 400:
        # It is refused, even if time is up before that is reported.
        step.in_doubt = False
    # Every 2xx is a yes (RFC 5321, 4.2.1), but smtplib knows only 250.
    return (250, reply) if 200 <= code < 300 else (code, reply)


def _server_class(implicit_tls: bool, step: _ServerStep) -> Any:
    """Return smtplib's class with a point of no return, and with a limit to every reply."""
    import smtplib

    base = smtplib.SMTP_SSL if implicit_tls else smtplib.SMTP

    class Server(base):  # type: ignore[misc, valid-type]
        def connect(self, *where: Any, **options: Any) -> Any:
            step.connections.append(self)
            return super().connect(*where, **options)

        def _get_socket(self, *where: Any) -> Any:
            sock = super()._get_socket(*where)
            if step.abandoned:
                # There was no socket yet that could be shut down.
                sock.close()
                raise TimeoutError
            return sock

        def getreply(self) -> tuple[int, bytes]:
            lines: Any = self.file or self.sock.makefile("rb")
            self.file: Any = _ReplyLines(lines)
            reply: tuple[int, bytes] = super().getreply()
            self.file = lines
            return reply

        def data(self, mail: bytes) -> tuple[int, bytes]:
            return _send_data(self, mail, step)

        def rset(self) -> tuple[int, bytes]:
            # After a refusal the conversation is over, so there is nothing to reset.
            return 250, b""

    return Server


class _ReplyLines:
    """The lines of one reply of a mail server, which ends even if the server does not end it."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._lines = 0
        self._bytes = 0

    def readline(self, size: int) -> bytes:
        line: bytes = self._file.readline(size)
        self._lines += 1
        self._bytes += len(line)
        is_long = len(line) > REPLY_LINE_BYTES
        if is_long or self._lines >= REPLY_LINES or self._bytes >= REPLY_BYTES:
            # A space after the code marks the last line (RFC 5321, 4.2.1).
            return line[:3] + b" " + line[4:REPLY_LINE_BYTES]
        return line

    def close(self) -> None:
        self._file.close()


def _log(call: _Call, receipt: Receipt) -> None:
    """Log what became of the message: a line for it, and one for each problem.

    If the logger raises, or would show an ERROR to nobody, that goes to stderr instead.
    """
    level = "ERROR"
    if receipt and not call.problems:
        level = "INFO"
    elif receipt or receipt.status == "dry run":
        level = "WARNING"
    if level == "INFO" and "logging" not in sys.modules:
        # There is no handler, so nobody would see it.
        return
    text = _log_text(call, receipt)
    is_handled = not _quotes_log(call.message) and _log_to_logger(call, level, text)
    if not is_handled and level != "INFO":
        _print_error(text)
    _discard_unwritten(sys.stderr)


def _quotes_log(message: str) -> bool:
    """Return whether a message holds what _log_text writes of a text that was not sent.

    A handler may text the errors that it is given, perhaps in a thread of its own. If that text
    fails, too, it must not be logged again, or the two go on for ever.
    """
    # The quote, or the backslash before it, is part of it: a job may say "not sent:" as well.
    quotes = [f"{verdict}: {mark}" for verdict in ("not sent", "perhaps sent") for mark in "'\"\\"]
    return any(quote in message.lower() for quote in quotes)


def _log_text(call: _Call, receipt: Receipt) -> str:
    verdict = receipt.status
    if receipt:
        verdict = f"sent by {receipt.route}, {receipt.status}"
    elif receipt.status == "unknown":
        verdict = "perhaps sent"
    return "\n  ".join([f"{verdict}: {call.message!r}", *call.plan, *call.problems])


# The threads that are logging: a handler may text what it is given, in words of its own.
_logging_threads: set[int] = set()


def _log_to_logger(call: _Call, level: str, text: str) -> bool:
    """Log on the logger `textmyself`; return False if it raised, or showed an ERROR to nobody."""
    thread = _thread.get_ident()
    if thread in _logging_threads:
        # This text was sent by a handler. What the handler was given is the one that counts.
        return True
    _logging_threads.add(thread)
    try:
        # In a worker, because the import never ends in a child that was forked at the wrong moment.
        seconds = min(STEP_SECONDS, max(call.seconds_left(), PAUSE_SECONDS))
        step = _Step("the log")
        logging = step.run(lambda: __import__("logging"), seconds)
        step.wait_for_thread()
        logger = logging.getLogger("textmyself")
        logger.log(getattr(logging, level), "%s", text)
        # Also false where all of logging is disabled.
        return level != "ERROR" or bool(logger.isEnabledFor(logging.ERROR))
    except Exception:
        # The handlers of the program can raise, as on a closed stderr.
        return False
    finally:
        _logging_threads.discard(thread)


def _print(*lines: str) -> None:
    """Print on stdout, though nobody may be there to read it: what is done goes on."""
    _print_to(sys.stdout, lines)


def _print_error(*lines: str) -> None:
    """Print on stderr, though nobody may be there to read it."""
    _print_to(sys.stderr, lines)


def _print_to(stream: Any, lines: tuple[str, ...]) -> None:
    if stream is None:
        # It was closed when Python started.
        return
    try:
        print(*lines, sep="\n  ", file=stream, flush=True)
    except Exception:
        # It is closed or full, or a pipe that nobody reads.
        pass


def _discard_unwritten(stream: Any) -> None:
    """Discard what could not be written, or Python would end with exit status 120."""
    try:
        stream.flush()
        return
    except OSError:
        pass
    except Exception:
        # There is no such stream, or it is closed.
        return
    try:
        descriptor = stream.fileno()
        saved, nowhere = os.dup(descriptor), os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        stream.flush()
        os.dup2(saved, descriptor)
        os.close(saved)
        os.close(nowhere)
    except Exception:
        # It is no file of the system's.
        pass


HELP = """\
usage: textmyself [options] MESSAGE...    text MESSAGE; '-' reads standard input
       textmyself [options] --run CMD...  run CMD, and text how it ended
       textmyself --check                 show settings, log in, text nothing
       textmyself --init                  write a commented .env to fill in
       textmyself --carriers [NAME]       list carriers, all or just 'open'

  --media FILE         a picture, or its URL
  --confirm SECONDS    wait for a delivery report (5); 0 does not wait
  --timeout SECONDS    give up texting after this long (60)
  --env FILE           the file with the settings
  --dry-run            show what would be sent; --run still runs CMD
  --version, --help

examples:
  textmyself The boring task is finished.
  textmyself --run make test
  df -h | textmyself -

Exit status: 0 sent or ready, 1 not sent, 2 wrong usage, settings or login; with
--run, CMD's.
"""
# The options that are whole commands.
FLAGS = ("run", "check", "init", "carriers", "help", "version")
# Read at most this much of standard input, and keep this much of its beginning and its end.
STDIN_BYTES = 1 << 28
STDIN_KEPT = 100_000


def main(argv: list[str] | None = None) -> int:
    """Run the command with these arguments, and return its exit status."""
    status = 1
    try:
        with _InstalledFirst():
            options = _parse(sys.argv[1:] if argv is None else argv)
            if hasattr(sys.stdout, "reconfigure") and not sys.stdout.closed:
                # Like stderr, if its encoding is not UTF-8.
                sys.stdout.reconfigure(errors="backslashreplace")
            _export(options)
            status = options.handler(options)
        # Now, because nobody catches what is raised at the exit.
        print(end="", flush=True)
    except _Failed as error:
        _print_error(str(error))
        status = 2
    except OSError as error:
        if not _is_broken_pipe(error):
            _print_error(f"textmyself: {error.strerror}.")
    except ValueError:
        # Standard output is closed.
        pass
    except KeyboardInterrupt:
        status = 130
    _discard_unwritten(sys.stdout)
    _discard_unwritten(sys.stderr)
    return status


def _is_broken_pipe(error: OSError) -> bool:
    """Return whether nobody reads any more, as in `textmyself --carriers | head`."""
    # On Windows it is an invalid argument.
    return isinstance(error, BrokenPipeError) or (os.name == "nt" and error.errno == errno.EINVAL)


def _parse(argv: list[str]) -> Any:
    """Return the options, with the function that does the work as `handler`; or exit."""
    import argparse

    usage = "textmyself [options] MESSAGE...\n(textmyself --help says more)"
    parser = argparse.ArgumentParser("textmyself", usage, add_help=False, allow_abbrev=False)
    parser.format_help = lambda: HELP  # type: ignore[method-assign]
    parser.add_argument("--help", "-h", action="help")
    parser.add_argument("--version", action="version", version=f"textmyself {__version__}")
    parser.add_argument("words", nargs="*")
    modes = parser.add_mutually_exclusive_group()
    handlers = {
        "--run": _run_command,
        "--check": _check_setup,
        "--init": _write_env_file,
        "--carriers": _list_carriers,
    }
    for flag, handler in handlers.items():
        modes.add_argument(flag, dest="handler", action="store_const", const=handler)
    parser.set_defaults(handler=_send_message)
    parser.add_argument("--media")
    parser.add_argument("--confirm", type=float, default=DEFAULT_CONFIRM)
    parser.add_argument("--timeout", type=float, default=DEFAULT_TIMEOUT)
    parser.add_argument("--env")
    parser.add_argument("--dry-run", action="store_true")
    # What follows --run is CMD's, all of it: argparse would take a `--` out of it.
    end = argv.index("--run") + 1 if "--run" in argv else len(argv)
    options = parser.parse_args(argv[:end])
    _refuse_words(parser, options)
    command = argv[end:]
    if command[:1] == ["--"]:
        command = command[1:]
    elif options.handler is _run_command and command and command[0].startswith("-"):
        parser.error("options go before --run")
    options.words += command
    needs_words = options.handler is _run_command or (
        options.handler is _send_message and not options.media
    )
    if needs_words and not options.words:
        parser.error("there is nothing to text or to run")
    return options


def _refuse_words(parser: Any, options: Any) -> None:
    """Exit if the words on the command line are certainly not what was meant."""
    words = options.words
    if words and options.handler in (_run_command, _check_setup, _write_env_file):
        parser.error(f"there is no use for {words[0]!r}")
    if not words or options.handler is not _send_message:
        return
    if len(words) == 1 and words[0] in FLAGS:
        parser.error(f"did you mean --{words[0]}? To text that one word, add another")
    # A web page makes one dash of two hyphens.
    flag = words[0].lstrip("–—")
    if flag != words[0] and flag in (*FLAGS, "media", "confirm", "timeout", "env", "dry-run"):
        parser.error(f"did you mean --{flag}, with two hyphens?")


def _export(options: Any) -> None:
    """Put options into the environment, from which CMD gets them as well."""
    if options.env == "":
        raise _Failed("--env names no file.")
    if options.env:
        # Absolute, because CMD may change its folder.
        options.env = os.path.abspath(os.path.expanduser(options.env))
        os.environ["TEXTMYSELF_ENV"] = options.env
    if options.dry_run:
        os.environ["TEXTMYSELF_DRY_RUN"] = "1"


def _start_call(options: Any) -> tuple[_Call, _Settings | None]:
    """Return a call, and its settings if they can be read in time.

    Raises `_Failed` if those of --env are unusable.
    """
    call = _Call(options.confirm, options.timeout)
    try:
        settings = _read_settings(call)
    except _Failed as error:
        # Such as with a timeout of 0, which does not keep --run from running CMD.
        call.note(str(error))
        return call, None
    if options.env and not settings.file.path:
        raise _Failed(" ".join(call.problems))
    if options.env and not os.path.isfile(options.env):
        # A pipe can be read only once, so CMD cannot use it.
        del os.environ["TEXTMYSELF_ENV"]
    return call, settings


def _send_message(options: Any) -> int:
    """Text the words of the command line, or standard input."""
    message = " ".join(options.words)
    if message == "-":
        message = _read_stdin()
    call, settings = _start_call(options)
    receipt = _deliver(call, message, options.media, settings)
    if receipt.status == "dry run":
        print(_log_text(call, receipt))
        return 0
    _log(call, receipt)
    if receipt:
        _print(_verdict(receipt))
        return 0
    return 1 if call.has_route else 2


def _verdict(receipt: Receipt) -> str:
    """Return a line on a text that was sent."""
    if receipt.route == "gateway":
        return f"sent by the gateway, {receipt.status}, {_count(receipt.parts, 'e-mail')}"
    size = f", {_count(receipt.segments, 'segment')}" if receipt.segments else ""
    return f"sent by Twilio, {receipt.status}{size}"


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number:,} {unit}s"


def _read_stdin() -> str:
    """Return standard input, or its beginning and its end if it is very long."""
    if not sys.stdin:
        return ""
    beginning = sys.stdin.buffer.read(STDIN_KEPT)
    if len(beginning) < STDIN_KEPT:
        # It has ended: a terminal is not to be asked again.
        return _decode(beginning)
    end, total, block = b"", len(beginning), beginning
    while block and total < STDIN_BYTES:
        block = sys.stdin.buffer.read(1 << 16)
        total += len(block)
        end = (end + block)[-STDIN_KEPT:]
    left_out = total - len(beginning) - len(end)
    if left_out == 0:
        return _decode(beginning + end)
    # The rest of a character that is cut in two.
    end = end.lstrip(bytes(range(0x80, 0xC0)))
    start = _decode(beginning, is_cut=True)
    return f"{start}\n[... {left_out:,} bytes left out ...]\n{_decode(end)}"


def _run_command(options: Any) -> int:
    """Run a command, text how it ended and how long it took, and return its exit status."""
    call, settings = _start_call(options)
    can_text = False
    try:
        if settings is not None:
            _, plan = _plan(call, _find_routes(call, settings))
            can_text = plan != []
    except _Failed as error:
        call.note(str(error))
    if not can_text:
        # Said now, rather than after hours.
        _print_error("the result cannot be texted:", *call.problems)
        # To be read again: the user may correct them while CMD runs. Those that work are kept, as a
        # pipe cannot be read twice.
        settings = None
    with _Command(options.words) as command:
        try:
            result = command.run()
            name = _shorten_line(_shell_line(options.words))
            # Only CMD's end begins the call that texts it.
            call = _Call(options.confirm, options.timeout)
            message = f"{name} on {_machine()}: {result}"
            receipt = _deliver(call, message, options.media, settings)
            if receipt.status == "dry run":
                _print(_log_text(call, receipt))
            else:
                _log(call, receipt)
        except KeyboardInterrupt:
            # It ends the texting, and does not change how CMD ended.
            pass
    return command.status


# The signals that end a process, besides the real-time ones.
ENDING_SIGNALS = [
    "INT", "TERM", "HUP", "QUIT", "USR1", "USR2", "ALRM", "VTALRM", "PROF", "IO", "PWR", "STKFLT",
    "XCPU", "XFSZ", "EMT", "LOST", "BREAK", "ABRT", "TRAP", "SYS",
]  # fmt: skip


class _Command:
    """A command that is run, and to which signals are passed on."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.status = 1
        self._process: Any = None
        self._is_over = False
        # Signals that came while the command was being started.
        self._pending: list[int] = []
        self._previous_handlers: dict[int, Any] = {}
        self._has_terminal = _has_terminal()

    def __enter__(self) -> _Command:
        self._handle_signals()
        return self

    def __exit__(self, *_: object) -> None:
        import signal

        for signum, handler in self._previous_handlers.items():
            signal.signal(signum, handler)

    def run(self) -> str:
        """Run the command to its end, set `status`, and return how it ended."""
        started = time.monotonic()
        try:
            self._process = _start_process(self.words, new_session=not self._has_terminal)
        except OSError as error:
            # Windows calls a name that cannot be a file's an invalid argument.
            is_missing = isinstance(error, FileNotFoundError) or error.errno == errno.EINVAL
            self.status = 127 if is_missing else 126
            self._is_over = True
            # Windows has a place for the name in some of its messages.
            reason = str(error.strerror).replace("%1", self.words[0])
            _print_error(f"{self.words[0]}: {reason}.{_start_hint(self.words, error)}")
            return f"{reason} (exit {self.status})"
        for signum in self._pending:
            self._pass_on(signum)
        code = _wait_for(self._process)
        seconds = time.monotonic() - started
        self.status, how = _how_it_ended(code)
        if os.name == "nt" and code:
            # Windows tells each process of a Ctrl-C separately, and in any order.
            time.sleep(SLICE_SECONDS)
        self._is_over = True
        return f"{how} {'in' if code == 0 else 'after'} {_duration(seconds)}"

    def _handle_signals(self) -> None:
        import signal

        names = [f"SIG{name}" for name in ENDING_SIGNALS]
        signums = {getattr(signal, name) for name in names if hasattr(signal, name)}
        if hasattr(signal, "SIGRTMIN"):
            signums |= set(range(signal.SIGRTMIN, signal.SIGRTMAX + 1))
        for signum in signums:
            # None is a handler that is not Python's; what is ignored stays ignored, as by nohup.
            if signal.getsignal(signum) not in (signal.SIG_IGN, None):
                self._previous_handlers[signum] = signal.signal(signum, self._pass_on)
        if hasattr(signal, "SIGCHLD") and signal.getsignal(signal.SIGCHLD) == signal.SIG_IGN:
            # Then the system would not keep how a process ended.
            self._previous_handlers[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, signal.SIG_DFL)

    def _pass_on(self, signum: int, _: object = None) -> None:
        """Handle a signal: pass it on to the command, or end the texting once that is over."""
        if self._is_over:
            raise KeyboardInterrupt
        if self._process is None:
            self._pending.append(signum)
        elif not self._reaches_command(signum):
            self._process.send_signal(signum)

    def _reaches_command(self, signum: int) -> bool:
        """Return whether the command gets a signal anyway: a terminal sends it to both."""
        import signal

        if os.name == "nt":
            return True
        return self._has_terminal and signum in (signal.SIGINT, signal.SIGQUIT)


def _has_terminal() -> bool:
    """Return whether this process has a terminal, which sends signals to the command as well."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR))
    except OSError:
        return False
    return True


def _start_process(words: list[str], new_session: bool) -> Any:
    """Start a command as a shell does.

    Without a terminal it gets a session of its own: otherwise a signal to all processes of a job,
    which batch systems send, would reach it twice.
    """
    import shutil
    import subprocess

    if os.name == "nt":
        return subprocess.Popen(_windows_command(words))
    try:
        return subprocess.Popen(words, start_new_session=new_session)
    except OSError as error:
        if error.errno != errno.ENOEXEC:
            raise
    # A script whose first line names no interpreter is for the shell (POSIX, execvp).
    script = shutil.which(words[0]) or words[0]
    return subprocess.Popen(["/bin/sh", script, *words[1:]], start_new_session=new_session)


def _windows_command(words: list[str]) -> list[str] | str:
    """Return a command for Windows, which by itself finds nothing but .exe files."""
    import shutil
    from subprocess import list2cmdline

    endings = ["", *os.environ.get("PATHEXT", "").split(os.pathsep)]
    found = [shutil.which(words[0] + ending) for ending in endings]
    program = next((path for path in found if path), words[0])
    if program.lower().endswith(".py"):
        return [sys.executable, program, *words[1:]]
    if not program.lower().endswith((".bat", ".cmd")):
        return [program, *words[1:]]
    # cmd runs these, and takes unquoted special characters for its own.
    quoted = []
    for word in [program, *words[1:]]:
        line = list2cmdline([word])
        is_special = any(char in "&|<>^()!,;=" for char in word)
        quoted.append(f'"{word}"' if is_special and not line.startswith('"') else line)
    return " ".join(quoted)


def _wait_for(process: Any) -> int:
    """Return the code with which a process ends."""
    from subprocess import TimeoutExpired

    while True:
        try:
            # In slices, because a signal that comes just before a wait is handled only after it.
            code: int = process.wait(SLICE_SECONDS)
            return code
        except TimeoutExpired:
            pass


def _start_hint(words: list[str], error: OSError) -> str:
    """Return a sentence on why a command cannot be run, if the reason is easily overlooked."""
    import shutil

    cannot_run = error.errno == errno.EACCES and os.path.isfile(words[0])
    if cannot_run or error.errno == errno.ENOEXEC:
        return f" Name the program that runs it first: --run PROGRAM {words[0]}"
    if len(words) == 1 and any(char in words[0] for char in " |&;<>$*?"):
        shell = "cmd /c" if os.name == "nt" else "sh -c"
        return f" To have a shell run it: --run {shell} {_shell_line(words)}"
    if not isinstance(error, FileNotFoundError):
        return ""
    if shutil.which(words[0]):
        return " It is there, but not the interpreter that its first line names."
    if os.path.isfile(words[0]):
        return f" To run the file in this folder: --run .{os.sep}{words[0]}"
    if os.path.dirname(words[0]):
        return ""
    if os.name == "nt":
        return f" If it is a command of the prompt's: --run cmd /c {words[0]}"
    return f" If it is a command of the shell's: --run sh -c {_shell_line([_shell_line(words)])}"


def _how_it_ended(code: int) -> tuple[int, str]:
    """Return the exit status to take over from a process that ended with `code`, and words."""
    import signal

    if code == 0:
        return 0, "done"
    if code >= 1 << 31:
        # Windows' own codes are known in hexadecimal; Python exits with a signed number.
        return code - (1 << 32), f"failed (exit 0x{code:08X})"
    if code > 0:
        return code, f"failed (exit {code})"
    known = [signum.name for signum in signal.Signals if signum == -code]
    name = known[0] if known else f"signal {-code}"
    guess = " (out of memory?)" if name == "SIGKILL" else ""
    return 128 - code, f"killed by {name}{guess}"


def _shell_line(words: list[str]) -> str:
    """Return a command line as it is typed at the prompt."""
    if os.name == "nt":
        from subprocess import list2cmdline

        return list2cmdline(words)
    from shlex import join

    return join(words)


def _shorten_line(line: str) -> str:
    return f"{line[:60]} ... {line[-35:]}" if len(line) > 100 else line


def _machine() -> str:
    """Return the name of this machine, without its domain."""
    from socket import gethostname

    return gethostname().partition(".")[0] or "this machine"


def _duration(seconds: float) -> str:
    """Return a time in its two largest units, like '2 h 13 m'."""
    parts: list[str] = []
    rest = round(seconds)
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m"), (1, "s")):
        count, rest = divmod(rest, size)
        if count or parts:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"


def _check_setup(options: Any) -> int:
    """Show the settings, and what each route says to a login; text nothing."""
    call, settings = _start_call(options)
    if settings is None:
        raise _Failed(" ".join(call.problems))
    if settings.names():
        print(settings.file.summary())
    for name in settings.names():
        source = "environment" if name in settings.from_environment else "file"
        # Whatever its length: redact leaves out those of fewer than four characters.
        value = "***" if name in SECRETS else settings.redact(settings.get(name))
        print(f"  {name}={value} ({source})")
    for hint in settings.hints(settings.missing()):
        print(hint)
    routes = _find_routes(call, settings)
    for problem in call.problems:
        print(problem)
    _warn_of_file(settings.file.path)
    ready = [_check_route(options, route) for route in routes]
    return 0 if any(ready) else 2


def _check_route(options: Any, route: _Route) -> bool:
    """Print what a route says to a login, and return whether it is ready."""
    try:
        for line in route.check(_Call(options.confirm, options.timeout)):
            print(f"{route.name}: {line.rstrip('.')}.")
    except _Failed as error:
        print(f"{route.name}: not ready: {error}")
        return False
    print(f"{route.name}: ready.")
    return True


def _warn_of_file(path: str) -> None:
    """Warn of a `.env` that others can read."""
    if path and hasattr(os, "getuid") and os.stat(path).st_mode & 0o077:
        print(f"warning: others can read {path}. Run: chmod 600 {_shell_line([path])}")


def _write_env_file(options: Any) -> int:
    """Write a commented `.env`, readable only by its owner."""
    path = os.path.abspath(_named_env()) if _named_env() else _home_env()
    if not path:
        raise _Failed("there is no home folder. Name a file with --env.")
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        reason = f"cannot be written: {error.strerror}"
        if os.path.isdir(path):
            reason = "is a folder. Name a file in it"
        elif os.path.lexists(path):
            reason = "is there already, and left as it is. Fill it in"
        raise _Failed(f"{path} {reason}.") from None
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(_example())
    except OSError as error:
        os.unlink(path)
        raise _Failed(f"{path} cannot be written: {error.strerror}.") from None
    # With --env, as another file may be nearer.
    command = f"{_command_name()} --env {_shell_line([path])} --check"
    print(f"{path} is written. Fill in Twilio's lines or the gateway's, then run: {command}")
    return 0


def _example() -> str:
    """Return a `.env` to be filled in, with a topic for ntfy that nobody can guess."""
    topic = f"ntfy-{os.urandom(12).hex()}@ntfy.sh"
    lines = ["# textmyself reads this file. Fill in what you have; keep it secret.\n"]
    for name, _, meaning in SETTINGS:
        lines.append(f"\n# {meaning.replace('ntfy-mytopic@ntfy.sh', topic)}\n{name}=\n")
    return "".join(lines)


def _list_carriers(options: Any) -> int:
    """Print the phone book, or the part of it that a name finds."""
    from datetime import date

    name, today = " ".join(options.words), date.today()
    lines: list[str] = _look_up(lambda carriers: carriers.list_gateways(name, today))
    # Flushed here, because a list that could not be written is a failure.
    print("\n".join(lines), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
