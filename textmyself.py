#!/usr/bin/env python3
"""Text yourself from any script.

    from textmyself import textmyself

    textmyself('The boring task is finished.')

The text goes by Twilio when that is set up, or else by e-mail to your phone carrier's gateway.
Settings come from the environment and from a file named `.env`: beside your script or above it,
in the current folder or above it, beside this file, or `~/.config/textmyself/.env`.

    MY_PHONE_NUMBER=+15559998888

    TWILIO_ACCOUNT_SID=AC...        Twilio's console shows these three
    TWILIO_AUTH_TOKEN=...
    TWILIO_PHONE_NUMBER=+15550001111

    MY_CARRIER=Google Fi            or MY_GATEWAY, any e-mail address
    SMTP_USER=you@gmail.com         your mailbox and the app password made for it
    SMTP_PASSWORD=...

This file works alone, copied next to a script: `pip install twilio python-dotenv` for Twilio and
for `.env` files; the gateway needs neither. With carriers.py beside it, carriers and mailboxes
are known by name. At the prompt, `textmyself --help` says what the command does. Licence: MIT.
"""

from __future__ import annotations

import os
import sys
import time
from io import StringIO
from itertools import islice
from types import SimpleNamespace
from unicodedata import category, normalize

TYPE_CHECKING = False  # what typing calls so, without the time that importing typing takes
if TYPE_CHECKING:
    import smtplib
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage
    from typing import Any, TypeVar

    T = TypeVar("T")

__version__ = "0.1.0"
__all__ = ["NotSentError", "Receipt", "textmyself"]

TWILIO_LIMIT = 1600  # UTF-16 units a message: twilio.com/docs/api/errors/21617
MOST_PARTS = 10  # of a long message; what is in the middle of a longer one is left out
MOST_PER_HOUR = 30  # texts, unless TEXTMYSELF_MAX_PER_HOUR says otherwise
PAUSE_SECONDS = 1.0  # before something is tried or asked again
STATE_SECONDS = 3.0  # to wait for other processes that count their texts
LOGGING: set[int] = set()  # threads that log a text just now, for handlers that text what is logged
SIDS: set[str] = set()  # of the texts of this process, which are no answer to a later doubt
ANSWER_BYTES = 1_000_000  # of Twilio's answer are read; a list of 100 messages has a quarter
LOOK_SECONDS = 15.0  # for each step of `textmyself --check`
PICTURE_BYTES = 1_000_000  # a larger picture is left out; carriers may drop one of half the size


class Receipt(SimpleNamespace):
    """What became of a text. It is true when the text was sent."""

    sent: bool  # whether Twilio or the mail server has taken the whole message
    route: str  # 'twilio', 'gateway' or ''
    status: str  # Twilio's word ('queued', 'delivered', ...); 'accepted' by the mail server;
    #              'unknown' when it may have gone; 'dry run'; 'not sent'
    parts: int  # how many texts it went in
    ids: tuple[str, ...]  # their SIDs at Twilio, or their Message-IDs
    problems: tuple[str, ...]  # a sentence for each route that failed and each thing left out

    def __bool__(self) -> bool:
        return self.sent


class NotSentError(Exception):
    """Raised by `textmyself(..., strict=True)`; its text says what to do, `receipt` the rest."""

    def __init__(self, words: str, receipt: Receipt | None = None) -> None:
        super().__init__(words)
        self.receipt = receipt


def textmyself(
    message: object,
    *,
    media: str | os.PathLike[str] | None = None,
    confirm: float = 5.0,
    timeout: float = 60.0,
    strict: bool = False,
) -> Receipt:
    """Text `message` to your own phone and return a `Receipt`, which is true when it went.

    `message`  anything; `str()` of it is texted, in up to 10 parts; the middle of a message that
               is longer still is left out
    `media`    a picture: an http(s) address, which goes by Twilio, or a file, which goes by the
               carrier's MMS gateway; the text goes without a picture that cannot go
    `confirm`  seconds to wait, within `timeout`, for what the carrier says of a text that went by
               Twilio; if it was not delivered, it goes by the gateway instead; 0 does not wait
    `timeout`  seconds after which the call comes back, also when a server says nothing
    `strict`   raise `NotSentError` when the text was not sent, or nobody knows

    A text that was not sent is logged whole, as an ERROR on the logger `textmyself`, with what to
    do next. Nothing else is raised, except KeyboardInterrupt and SystemExit.
    """
    receipt = _deliver(_Job(), message, media, confirm, timeout)
    if strict and not receipt and receipt.status != "dry run":
        raise NotSentError("\n  ".join([receipt.status, *receipt.problems]), receipt)
    return receipt


def _deliver(job: _Job, message: object, media: object, confirm: float, timeout: float) -> Receipt:
    """Send a message or say why not, and return the receipt."""
    try:
        job.fill(message, media, confirm, timeout)
        _text(job)
    except _RouteError as error:
        job.problems.append(str(error))
    except Exception as error:  # whatever it is, the notifier must not hurt the job
        fault = f"textmyself itself failed ({type(error).__name__})"
        job.problems.append(f"{fault}. Check its arguments, or report it.")
        job.status = "unknown" if job.ids else job.status
    sent = job.status not in ("not sent", "unknown", "dry run")
    ids, problems = tuple(job.ids), tuple(job.problems)
    receipt = Receipt(
        sent=sent, route=job.route, status=job.status, parts=len(ids), ids=ids, problems=problems
    )
    try:
        _log(receipt, job)
    except Exception:  # as where a logging.py of the user's hides Python's own
        print(f"{receipt.status}: {job.message!r}", *job.problems, sep="\n  ", file=sys.stderr)
    return receipt


def _log(receipt: Receipt, job: _Job) -> None:
    """Log what became of the message: a line, and one for each problem."""
    smooth = receipt and not job.problems
    if smooth and "logging" not in sys.modules:  # so that nobody asked for an INFO
        return
    verdict = f"sent by {receipt.route}, {receipt.status}" if receipt else receipt.status
    verdict = verdict.replace("unknown", "perhaps sent")
    words = "\n  ".join([f"{verdict}: {job.message!r}", *job.plan, *job.problems])
    import logging  # here, as it takes longer to import than this whole file
    from threading import get_ident

    bad = logging.WARNING if receipt or job.plan else logging.ERROR
    me = get_ident()
    if me not in LOGGING:
        LOGGING.add(me)
        try:
            logging.getLogger("textmyself").log(logging.INFO if smooth else bad, "%s", words)
        except Exception:  # the program's own handlers can raise, as on a closed stderr
            pass
        finally:
            LOGGING.discard(me)


class _RouteError(Exception):
    """A route cannot send, or could not; its text is a sentence for the user."""

    def __init__(self, sentence: str, *, unknown: bool = False, pause: float = 0.0) -> None:
        super().__init__(sentence)
        self.unknown = unknown  # whether the text may have gone all the same
        self.pause = pause  # seconds after which it may be tried again; 0: never


class _Job:
    """One call: what of its message is still to go, by when, and what has become of it."""

    def __init__(self) -> None:
        self.message = self.text = self.url = ""
        self.picture: tuple[bytes, str] | None = None  # and its MIME subtype
        self.confirm = self.deadline = 0.0
        self.status, self.route = "not sent", ""
        self.counts = False  # whether something of it was taken by somebody, or may have been
        self.ids: list[str] = []
        self.problems: list[str] = []
        self.plan: list[str] = []  # of a dry run
        self.routes: list[_Twilio | _Gateway] = []  # that are set up
        self.watch: Callable[[str], object] = str  # is told each status that a text comes to

    def fill(self, message: object, media: object, confirm: float, timeout: float) -> None:
        self.message = self.text = _clean(message)
        self.confirm = max(0.0, float(confirm))  # NaN is 0, too
        timeout = max(0.0, min(float(timeout), 1e6))  # locks and sockets refuse much more
        self.deadline = time.monotonic() + timeout
        if media is not None:
            self._take_picture(str(media))
        elif not self.text:
            raise _RouteError("the message is empty. Give it a character that can be seen.")

    def _take_picture(self, path: str) -> None:
        """Read the picture that is in a file, or note the address of one in the web."""
        if path.startswith(("http://", "https://")):
            self.url = path
            return
        from mimetypes import guess_type  # only a picture needs it

        kind, subtype, data = "", "", b""
        try:
            kind, _, subtype = (guess_type(path)[0] or "").partition("/")
            with open(path if os.path.isfile(path) else "", "rb") as file:  # a pipe may never end
                data = file.read(PICTURE_BYTES + 1)
        except (OSError, ValueError):  # Python 3.13 takes some paths for a broken URL
            pass
        self.picture = data, subtype
        if kind != "image" or not 0 < len(data) <= PICTURE_BYTES:
            no_picture = f"its file is no picture of up to {PICTURE_BYTES:,} bytes"
            self.leave_out_picture(no_picture if os.path.exists(path) else "there is no such file")
        elif len(data) > PICTURE_BYTES / 2:
            self.problems.append(f"picture: it has {len(data):,} bytes, which carriers may drop.")

    def leave_out_picture(self, why: str) -> None:
        """Let the text go without its picture and say why; raise if there is no text."""
        self.url, self.picture = "", None
        if not self.text:
            raise _RouteError(f"the picture cannot go, as {why}, and there is no text.")
        self.problems.append(f"picture: left out, as {why}.")

    def step(self) -> float:
        """Return the seconds for the next step, so that there is always time for one more."""
        return (self.deadline - time.monotonic()) / 2

    def pause(self, seconds: float) -> bool:
        """Wait, and return True; or return False at once if there is not the time for it."""
        in_time = time.monotonic() + seconds < self.deadline
        time.sleep(seconds if in_time else 0)
        return in_time


def _text(job: _Job) -> None:
    """Send the job, or only say what would be sent, by the routes that are set up."""
    settings = _Settings(job.problems)
    routes = job.routes = _open_routes(job, settings)
    if not routes:
        return
    if settings.get("TEXTMYSELF_DRY_RUN", "0").lower() not in ("0", "no", "off", "false"):
        _dry_run(job, routes[0])
        return
    slot, end = _take_slot(job, settings), job.deadline
    for route in routes:  # the first of two gets six tenths of the time
        job.deadline = end if route is routes[-1] else end - 0.4 * (end - time.monotonic())
        if _send_by(job, route):
            break
    if slot and not job.counts:
        _slots(job, time.time(), 0, forget=slot)


def _open_routes(job: _Job, settings: _Settings) -> list[_Twilio | _Gateway]:
    """Return the routes that are set up, in the order in which they are to be tried."""
    wanted = [route for route in (_Twilio, _Gateway) if route.wanted_by & settings.keys()]
    if not wanted:
        job.problems.append(
            "no way to text is set up. For Twilio, set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and "
            "TWILIO_PHONE_NUMBER; for your carrier's gateway, MY_CARRIER, SMTP_USER and "
            "SMTP_PASSWORD; for both, MY_PHONE_NUMBER. `python -m textmyself --init` writes a file "
            f"for them. {settings.looked}"
        )
    routes: list[_Twilio | _Gateway] = []
    for route in wanted:
        try:
            routes.append(route(settings))
        except _RouteError as error:
            job.problems.append(f"{route.name}: {error}")
    return sorted(routes, key=lambda route: not (job.picture and route.takes_files))


def _dry_run(job: _Job, route: _Twilio | _Gateway) -> None:
    """Say what would be sent, and send nothing."""
    for part in route.parts(job):
        to, (encoding, units, segments) = route.settings.scrub(route.to), _segments(part)
        size = f"{units} {encoding} units, segments: {segments}"
        with_picture = " and a picture" if not job.plan and (job.url or job.picture) else ""
        job.plan.append(f"{route.name} to {to}: {part!r}{with_picture} ({size})")
    job.status, job.route = "dry run", route.name.lower()


def _send_by(job: _Job, route: _Twilio | _Gateway) -> bool:
    """Send by one route what is still to go, and return whether no other route is to send it."""
    parts: list[str] = []
    waiting, tries = parts, 0
    try:
        parts = route.parts(job)
        waiting = list(parts)
        while waiting:
            try:
                job.ids.append(route.put(job, waiting[0]))
                waiting.pop(0)
                job.counts, tries = True, 0
            except _RouteError as error:
                tries += 1
                if not error.pause or tries == route.tries or not job.pause(error.pause):
                    raise
        word = route.finish(job, waiting)
    except _RouteError as error:
        job.problems.append(f"{route.name}: {error}")
        if len(waiting) < len(parts):  # else the next route gets the whole message
            job.text = " ".join(waiting)
            if waiting[0] != parts[0]:
                job.url, job.picture = "", None  # it has gone with the first part
        if error.unknown:
            job.status, job.counts = "unknown", True
        return error.unknown and route.name == "gateway"
    if job.status == "unknown":
        job.problems.append("Twilio: so this text may arrive twice.")
    job.status, job.route = word, route.name.lower()
    return True


_ADDRESS = r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)*"
# Each setting, its shape, and what its owner is told of it: in .env.example and when it is wrong.
SETTINGS = [
    ("MY_PHONE_NUMBER", r"\+1[2-9]\d{9}|\+[2-9]\d{6,14}", "your own phone: + and the country code, like +15559998888"),
    ("TWILIO_ACCOUNT_SID", r"AC[\da-fA-F]{32}", "AC and 32 digits or letters a to f, from https://console.twilio.com (upgraded: a trial account cannot send your words)"),
    ("TWILIO_AUTH_TOKEN", r"[!-~]+", "the word that the console shows below the Account SID"),
    ("TWILIO_API_KEY", r"SK[\da-fA-F]{32}", "SK and 32 digits or letters a to f (API keys & tokens): better than the token, as it can be revoked alone"),
    ("TWILIO_API_SECRET", r"[!-~]+", "the word that the console shows once, when it makes the API key"),
    ("TWILIO_PHONE_NUMBER", r"(whatsapp:)?\+[1-9]\d{6,14}|\d{5,6}|(?=.*[A-Za-z])[A-Za-z\d ]{1,11}", "the sender: a number of yours at Twilio (Phone Numbers > Active numbers), like +15550001111"),
    ("TWILIO_MESSAGING_SERVICE_SID", r"MG[\da-fA-F]{32}", "MG and 32 digits or letters a to f (Messaging > Services): a sender instead of a number"),
    ("MY_CARRIER", r".+", "your carrier's name, like Google Fi (textmyself --carriers lists them)"),
    ("MY_GATEWAY", _ADDRESS, "one e-mail address that reaches you instead: 5559998888@vtext.com, ntfy-mytopic@ntfy.sh, your own mailbox"),
    ("SMTP_USER", rf"[!-?A-~]+|{_ADDRESS}", "the mailbox that it is sent from, like you@gmail.com"),
    ("SMTP_PASSWORD", r"[ -~]+", "an app password made for it, in plain letters (Gmail: https://myaccount.google.com/apppasswords)"),
    ("SMTP_HOST", r"[A-Za-z\d.-]+|[\da-fA-F:]+", "the mail server, like smtp.gmail.com, if carriers.py does not know your mailbox"),
    ("SMTP_PORT", r"[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5]", "a number like 587, if it is not 465"),
    ("SMTP_TLS", r"implicit|starttls|none", "implicit (as on port 465), starttls (as on others), or none (a relay on this machine)"),
    ("SMTP_FROM", _ADDRESS, "the sender's address, like you@gmail.com, if SMTP_USER is not one"),
    ("TEXTMYSELF_DRY_RUN", r".+", "1 to log what would be sent instead of sending it"),
    ("TEXTMYSELF_MAX_PER_HOUR", r"\d{1,9}", "a number of texts if it is not 30, for the day a script is caught in a loop; 0 is no limit"),
]  # fmt: skip
NAMES = [name for name, _, _ in SETTINGS]
SECRETS = ("TWILIO_AUTH_TOKEN", "TWILIO_API_SECRET", "SMTP_PASSWORD")


class _Quiet(dict[str, "Any"]):
    """A dict that shows no values where a traceback shows locals."""

    def __repr__(self) -> str:
        return f"<{', '.join(self)}>"


class _Settings(_Quiet):
    """The settings that are not empty: the environment's, and below them those of one `.env`."""

    def __init__(self, problems: list[str]) -> None:
        places = _places()
        self.path = ""  # of the file that has some
        looks = [f"{it} (which sets none)" if os.path.isfile(it) else it for it in places]
        self.looked = f"Looked in the environment, {', '.join(looks)}."
        for path in places:
            try:
                self.update(_read_env(path))
                if not self and path is places[0] and os.environ.get("TEXTMYSELF_ENV"):
                    raise _RouteError("it is not there, or sets none of them")
            except _RouteError as error:
                problems.append(f"settings: {path} was not used, as {error}.")
            if self:
                self.path = path
                self.looked = f"Settings come from the environment and {path}."
                break
        for name in NAMES:
            value = os.environ.get(name, self.pop(name, "")).strip()
            value = value.encode(errors="surrogatepass").decode(errors="replace")  # as in a file
            digits = "".join(letter for letter in value if letter.isalnum() or letter == "+")
            if name.endswith("PHONE_NUMBER") and digits.lstrip("+").isdecimal():
                value = f"+1{digits}" if len(digits) == 10 and digits[0] not in "+01" else digits
            if value:
                self[name] = value
        letters = self.get("SMTP_PASSWORD", "").split()
        if [len(word) for word in letters] == [4, 4, 4, 4]:  # as Google shows an app password
            self["SMTP_PASSWORD"] = "".join(letters)

    def check(self, *names: str, optional: tuple[str, ...] = ()) -> None:
        """Raise `_RouteError` that names all that is missing and all that has the wrong shape."""
        import re  # here, as it takes longer to import than this whole file

        missing = [name for name in NAMES if name in names and name not in self]
        wrong = [f"{' and '.join(missing)} not set. {self.looked}"] if missing else []
        for name, shape, words in SETTINGS:
            asked = name in self and name in (*names, *optional)
            if asked and not re.fullmatch(shape, self[name], re.A):
                wrong.append(f"{name} should be {words}.")
        if wrong:
            raise _RouteError(" ".join(wrong))

    def scrub(self, words: str) -> str:
        """Return somebody else's words as one line, without secrets and whole phone numbers."""
        import re
        from base64 import b64encode
        from urllib.parse import quote_plus

        for secret in [self[name] for name in SECRETS if name in self]:
            # as a log-in sends them: SMTP's PLAIN (RFC 4616) and HTTP's Basic (RFC 7617)
            smtp = [f"\0{user}\0{secret}" for user in self.values()]
            http = [f"{user}:{secret}" for user in self.values()]
            for plain in (*smtp, *http, secret):
                coded = b64encode(plain.encode()).decode().rstrip("=")
                for form in (plain, coded, quote_plus(plain)):
                    words = words.replace(form, "***")
        words = re.sub(r"[\w+=-]{24,}", "***", words)  # SIDs, keys
        words = re.sub(r"\+?\d{3,}(\d{4})(?!\d)", r"...\1", words)
        digits = re.sub(r"\D", "", self.get("MY_PHONE_NUMBER", ""))[-10:]
        if digits:
            words = re.sub(r"\D{0,2}".join(digits), f"...{digits[-4:]}", words)
        return " ".join("".join(c if c.isprintable() else " " for c in words).split())[:200]


def _places() -> list[str]:
    """Return the files that may hold the settings, in the order in which they count."""
    try:
        here = os.getcwd()
    except OSError:  # the current folder was deleted
        here = os.sep
    script = getattr(sys.modules.get("__main__"), "__file__", None) or "-c"
    folders: list[str] = []
    for path in (os.path.realpath(os.path.join(here, script)), os.path.join(here, ".env")):
        while (path := os.path.dirname(path)) not in folders:
            folders.append(path)
    config = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    folders += [os.path.dirname(os.path.abspath(__file__)), os.path.join(config, "textmyself")]
    files = [os.path.join(folder, ".env") for folder in folders]
    named = os.path.expanduser(os.environ.get("TEXTMYSELF_ENV", ""))
    return list(dict.fromkeys([os.path.join(here, named), *files] if named else files))


def _read_env(path: str) -> dict[str, str]:
    """Return our settings in the file at `path`, if there are any and nobody else planted them."""
    try:
        if not os.path.isfile(path):
            return {}
        with open(path, encoding="utf-8", errors="replace") as file:  # then a check tells it
            text, status = file.read().replace("\0", ""), os.fstat(file.fileno())
        if not any(name in text for name in NAMES):
            return {}
        modes = status.st_mode | os.stat(os.path.dirname(path)).st_mode
        if hasattr(os, "getuid") and status.st_uid not in (0, os.getuid()) and modes & 0o002:
            raise _RouteError("it is somebody else's, where anyone may write. Move yours elsewhere")
    except OSError as error:
        raise _RouteError(f"the system says: {error.strerror}") from None
    try:
        from dotenv import dotenv_values
    except (Exception, SystemExit):  # it is not there, broken, or another script of that name
        raise _RouteError("python-dotenv is missing. Run: pip install python-dotenv") from None
    text = text.lstrip("\ufeff\ufffd")  # of UTF-8 or, its zeros being gone, UTF-16 on Windows
    values = dotenv_values(stream=StringIO(text), interpolate=False)
    return {n: v.strip() for n, v in values.items() if n in NAMES and v and v.strip()}


class _Gate:
    """The last door on this machine: what passed it and was not answered may have been sent.

    As the body of a request it gives its form once the connection stands, not before.
    """

    unanswered = shut = False
    form = b""

    def go(self) -> None:
        """Pass the gate, or raise TimeoutError if nobody waits for the outcome any more."""
        self.unanswered = True  # before the look at `shut`, so that one side always sees the other
        if self.shut:
            raise TimeoutError

    def __len__(self) -> int:
        return len(self.form)

    def __iter__(self) -> Iterator[bytes]:
        self.go()
        yield self.form


def _bounded(work: Callable[[_Gate], T], seconds: float, host: str = "") -> T:
    """Return `work(gate)`, or raise `_RouteError` that says what `host` did, in at most `seconds`.

    A socket's timeout starts anew with each byte, and a name look-up has none. So the work is done
    in a thread, which is left behind when time is up: whatever it does then, the gate is shut.
    """
    if seconds <= 0:
        raise _RouteError(f"there was no time left for {host}. Give it a longer timeout.")
    from threading import Thread

    gate = _Gate()
    ends: list[T | Exception] = []

    def run() -> None:
        try:
            ends.append(work(gate))
        except Exception as error:
            ends.append(error)

    thread = Thread(target=run, daemon=True)
    try:
        thread.start()
    except RuntimeError:  # Python 3.12 starts no thread while the interpreter exits
        _ring(run, seconds, ends)
    try:
        if thread.ident:
            thread.join(seconds)
    finally:
        gate.shut = True  # before the look at `unanswered`, as in `go`; also when Ctrl-C ends it
    end = ends.pop() if ends else TimeoutError()  # not [0]: its traceback would hold itself
    if not isinstance(end, Exception):
        return end
    from traceback import format_exception

    trace = "".join(format_exception(end, limit=0))  # with what it was raised from
    if gate.unanswered:  # the connection stood, so it was no proxy's fault
        trace = trace.replace("ProxyError", "")
    why = next(words for names, words in WHY.items() if any(it in trace for it in names.split("|")))
    raise _RouteError(f"{host} {why}.", unknown=gate.unanswered, pause=PAUSE_SECONDS) from end


def _ring(run: Callable[[], None], seconds: float, ends: list[Any]) -> None:
    """Do `run()` where no thread can start, and raise TimeoutError in it when time is up."""
    import signal

    def ring(*_: object) -> None:
        if not ends:  # else it would end what comes after the work
            raise TimeoutError

    try:
        before = signal.signal(signal.SIGALRM, ring) or signal.SIG_DFL
    except (AttributeError, ValueError):  # on Windows, or not in the main thread
        run()
        return
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, 0.1)  # if a package swallows the first
        run()
    except TimeoutError:  # which `run` had no chance to catch
        pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# What goes wrong on the way to a server, by what the exceptions say, and what to do.
WHY = {
    "Proxy URL|InvalidURL|LocationParseError": "was not reached, as HTTPS_PROXY is no address. Correct or remove it",
    "CA certificate bundle": "cannot be trusted, as REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names no file. Correct or remove it",
    "SOCKS": "was not reached, as the SOCKS proxy needs a package. Run: pip install pysocks",
    "unreachable": "was not reached. Check whether this machine is online",
    "ProxyError": "was not reached, as a proxy refused. Check the setting HTTPS_PROXY",
    "SSLCertVerificationError": "shows a certificate that cannot be trusted. Check this machine's clock and network",
    "Timeout": "did not answer in time. Check this machine's network",
    "SSLError": "does not speak TLS as it should. Check the port and the network",
    "gaierror": "was not found. Check whether this machine is online",
    "ConnectionRefusedError": "refused the connection. Check whether a firewall forbids it",
    "SMTPNotSupportedError|No suitable auth": "offers no encryption, or no log-in, so it got no password",
    "": "broke off the connection. Text again later",
}  # fmt: skip


# What Twilio's error codes mean (twilio.com/docs/api/errors/CODE) and what to do, in two
# sentences. A row counts when Twilio's words hold its second column; the first that counts wins.
# fmt: off
TWILIO_ADVICE = [
    ("20003", "profile", "Twilio has not approved your identity check yet. Finish it in the Twilio console under Trust Hub"),
    ("20003 20005 10001", "activ", "your Twilio account is not active. Add funds, or see in the Twilio console what it waits for"),
    ("20003", "", "Twilio does not know this account with this password. Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or TWILIO_API_KEY and TWILIO_API_SECRET"),
    ("20005 10001 20403 30002 30037", "", "your Twilio account is suspended or closed. Look in the Twilio console, or ask Twilio's support"),
    ("20404", "", "Twilio has no such account. Check TWILIO_ACCOUNT_SID"),
    ("20429 30022 30454", "", "Twilio was asked too often. Wait some minutes before the next text"),
    ("10002 21654 572006", "", "this is a trial account, which cannot send your own words any more. Upgrade it in the Twilio console"),
    ("21211 21604 30005", "", "nobody has this phone number. Check MY_PHONE_NUMBER: + and the country code, like +15559998888"),
    ("21212 21603 21606 21661", "", "the sender is no number of yours that can text. Set TWILIO_PHONE_NUMBER to one from the Twilio console under Phone Numbers > Active numbers"),
    ("21265 21614 21635 30006", "", "this number cannot get texts, as a landline cannot. Set MY_PHONE_NUMBER to a mobile number"),
    ("21266", "", "the sender and you have the same number. Set TWILIO_PHONE_NUMBER to a number rented from Twilio, not to your own"),
    ("21408", "", "your Twilio account may not text this country yet. Allow it in the Twilio console under Messaging > Settings > Geo permissions"),
    ("21608", "", "a trial account texts verified numbers only. Verify yours in the Twilio console under Phone Numbers > Verified Caller IDs, or upgrade the account"),
    ("21610 30004", "", "your phone blocks this sender, as by answering STOP. Text START from your phone to the number in TWILIO_PHONE_NUMBER"),
    ("21611 30001", "", "too many texts of yours wait at Twilio. Wait until they have gone"),
    ("21612", "", "this sender cannot reach your country or carrier. Set TWILIO_PHONE_NUMBER to a Twilio number of your own country"),
    ("21617 30044", "", "the text is too long for this Twilio account. Make it shorter, or upgrade a trial account"),
    ("21620", "", "Twilio cannot fetch the picture. Its address has to be open to everyone"),
    ("21659", "", "the sender is no Twilio number. Set TWILIO_PHONE_NUMBER to a number rented from Twilio, not to your own"),
    ("21660", "", "the sender belongs to another Twilio account. Set TWILIO_ACCOUNT_SID to the account that owns TWILIO_PHONE_NUMBER"),
    ("21703 21704", "", "the Messaging Service has no number to send from. Add one to its sender pool in the Twilio console"),
    ("21705", "", "Twilio has no such Messaging Service. Check TWILIO_MESSAGING_SERVICE_SID"),
    ("63038 30023", "", "your Twilio account has sent all it may today. Wait until tomorrow, or ask Twilio's support for more"),
    ("70051", "", "this API key may not send texts. Make a Standard key and set TWILIO_API_KEY and TWILIO_API_SECRET to it"),
    ("572005", "", "your number is not verified yet. Enter the code that Twilio sent to your phone, then text again"),
    ("30003", "", "your phone could not be reached. Switch it on and see that it has signal"),
    ("30007", "", "it was taken for spam. Change the words, and leave links out"),
    ("30008 30017 30410 30500", "", "it got lost on the way and nobody says why. Text again later"),
    ("30024 30035", "", "your Twilio number is still being set up for texting. Wait some days"),
    ("30032", "", "your toll-free number is not verified. Have it verified in the Twilio console, or use another number"),
    ("30033", "", "the registration of your Twilio number is suspended. Ask Twilio's support about the campaign"),
    ("30034", "", "your Twilio number is not registered for texting US phones. Register it (A2P 10DLC, as a Sole Proprietor) in the Twilio console under Messaging > Regulatory Compliance"),
    ("30036", "", "it waited too long at Twilio. Text again"),
    ("14107 30039", "", "so many texts in so short a time look like a loop. Find it, and wait half a minute"),
    ("30450 30453", "", "Twilio's fraud protection holds back texts to your number. Wait some hours"),
]
# fmt: on
LOST = ("undelivered", "failed", "canceled")
ARRIVED = ("delivered", "read")


class _Twilio:
    """The route by Twilio's Message resource (twilio.com/docs/messaging/api/message-resource)."""

    name, tries, takes_files = "Twilio", 3, False
    wanted_by = frozenset(name for name in NAMES if name.startswith("TWILIO_"))

    def __init__(self, settings: _Settings) -> None:
        self.settings = settings
        self.login = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")
        if "TWILIO_API_KEY" in settings or "TWILIO_API_SECRET" in settings:
            self.login = ("TWILIO_API_KEY", "TWILIO_API_SECRET")
        field, sender = "From", "TWILIO_PHONE_NUMBER"
        if "TWILIO_MESSAGING_SERVICE_SID" in settings:
            field, sender = "MessagingServiceSid", "TWILIO_MESSAGING_SERVICE_SID"
        settings.check("MY_PHONE_NUMBER", "TWILIO_ACCOUNT_SID", *self.login, sender)
        whatsapp = "whatsapp:" if settings[sender].startswith("whatsapp:") else ""
        self.to = whatsapp + settings["MY_PHONE_NUMBER"]
        self.fields = {"To": self.to, field: settings[sender], "SmartEncoded": "true"}
        self.made: list[dict[str, Any]] = []  # Message resources, and of each the part
        self.doubted = False
        user, password = (settings[name] for name in self.login)
        try:
            import logging

            from twilio.http.http_client import TwilioHttpClient
            from twilio.rest import Client  # 0.1 seconds, nearly all of them for requests

            silent = logging.Logger("twilio", logging.CRITICAL)  # its own shows the whole number
            # no max_retries: behind a proxy it texts twice
            http = TwilioHttpClient(logger=silent, request_hooks={"response": _shorten})
            account = settings["TWILIO_ACCOUNT_SID"]
            self.client: Any = Client(user, password, account, http_client=http)
        except (Exception, SystemExit):  # it is not there, broken, or another script of that name
            raise _RouteError(
                "twilio is missing, or a twilio.py of yours hides it. Run: pip install twilio."
            ) from None

    def parts(self, job: _Job) -> list[str]:
        """Return the texts that the job makes, each of at most 1600 UTF-16 units."""
        if job.picture:
            job.leave_out_picture("Twilio takes no file from this machine")
        return _split(job.text, TWILIO_LIMIT, job.problems)

    def put(self, job: _Job, part: str) -> str:
        """Return the SID of the one message that Twilio made of a part; raise `_RouteError`."""
        started = time.monotonic()
        fields = {**self.fields, "Body": part, "MediaUrl": "" if self.made else job.url}
        fields = _Quiet((name, value) for name, value in fields.items() if value)
        try:
            message = self._request(job.step(), "/Messages.json", fields)
        except _RouteError as error:
            if not error.unknown:
                raise
            message = self._find(job, fields, started, error)
        status = str(message.get("status") or "queued")
        self.made.append(_Quiet(message, status=status, part=part))
        SIDS.add(str(message["sid"]))
        self.doubted = False  # of the next part
        return str(message["sid"])

    def finish(self, job: _Job, waiting: list[str]) -> str:
        """Return Twilio's word once the carrier had its say; raise `_RouteError` if it was bad."""
        self._confirm(job)
        lost = [message for message in self.made if message["status"] in LOST]
        for message in lost:
            job.ids.remove(message["sid"])
            waiting.append(message["part"])
        if lost:
            raise _RouteError(self._advice(lost[0]))
        words = [message["status"] for message in self.made]
        return self.settings.scrub(min(words, key=lambda word: word in ARRIVED))

    def _find(self, job: _Job, fields: _Quiet, started: float, error: _RouteError) -> _Quiet:
        """Return the message that Twilio has made of `fields` since `started`, or raise.

        Twilio knows no idempotency key: its list of messages is the only witness, and its own
        clock tells a message of this call from an older one with the same words.
        """
        from email.utils import parsedate_to_datetime

        job.pause(PAUSE_SECONDS)  # a message may take a moment to be listed
        try:
            reply = self._request(job.step(), "/Messages.json?PageSize=100")
            body = _letters(fields["Body"])
            now = parsedate_to_datetime(reply["Date"]).timestamp()
            since = now - (time.monotonic() - started) - 2  # both dates drop parts of seconds
            for message in reply["messages"]:
                made = parsedate_to_datetime(message["date_created"]).timestamp()
                mine = message["to"] == fields["To"] and message["sid"] not in SIDS
                if mine and made >= since and _letters(message["body"]) == body:
                    return _Quiet(message)
            if len(reply["messages"]) == 100 and made >= since:
                raise LookupError("there may be more messages of this time")
        except Exception:  # whatever Twilio answers instead of a list
            why = f"{error} Whether the text went cannot be found out."
            raise _RouteError(why, unknown=True) from None
        if self.doubted:
            raise _RouteError(f"{error} It did not list the text, which may yet arrive.")
        self.doubted = True
        job.problems.append(f"Twilio: {error} It did not list the text, which goes once more.")
        raise _RouteError(str(error), pause=PAUSE_SECONDS)

    def _confirm(self, job: _Job) -> None:
        """Bring the messages up to date, for `job.confirm` seconds or until each is final."""
        end = min(time.monotonic() + job.confirm, job.deadline - PAUSE_SECONDS)
        while watched := [it for it in self.made if it["status"] not in (*LOST, *ARRIVED)]:
            wait = min(PAUSE_SECONDS, end - time.monotonic())
            if wait <= 0:
                return
            time.sleep(wait)
            for message in watched:
                left = end + PAUSE_SECONDS - time.monotonic()  # none ends it, like a refusal
                try:
                    path = f"/Messages/{message['sid']}.json"
                    reply = self._request(min(left, PAUSE_SECONDS), path)
                except _RouteError as error:
                    if not (error.unknown or error.pause):  # such as a key that may only send has
                        return
                    continue
                if isinstance(reply.get("status"), str):
                    message.update(status=reply["status"], error_code=reply.get("error_code"))
                    job.watch(reply["status"])

    def look(self) -> Iterator[str]:
        """Log in without texting, and give what is worth knowing; raise `_RouteError`."""
        listed = self._request(LOOK_SECONDS, "/Messages.json?PageSize=100").get("messages", [])
        try:
            account = self._request(LOOK_SECONDS, ".json")
            trial = ", but a trial, which cannot send your own words: upgrade it"
            trial *= account.get("type") == "Trial"
            yield f"the account is {account.get('status')}{trial}"
        except _RouteError:
            if "TWILIO_API_KEY" not in self.login:
                raise
            yield "the API key is taken, but may not read what state the account is in"
        sender = self.fields.get("From", "")
        if sender.startswith("+"):
            path = f"/IncomingPhoneNumbers.json?PhoneNumber=%2B{sender[1:]}"
            try:
                mine = self._request(LOOK_SECONDS, path).get("incoming_phone_numbers")
                it = "a number of this account" if mine else "no number of this account: correct it"
                yield f"TWILIO_PHONE_NUMBER is {it}"
            except _RouteError:
                yield "TWILIO_PHONE_NUMBER cannot be looked up"
        for text in [text for text in listed if text.get("to") == self.to][:5]:
            why = f": {self._advice(text)}" if text.get("status") in LOST else ""
            yield f"the text of {text.get('date_created')} was {text.get('status')}{why}"

    def _request(self, seconds: float, path: str, fields: _Quiet | None = None) -> _Quiet:
        """Return the JSON object that Twilio answers, and its `Date`; raise `_RouteError`."""
        import json
        from urllib.parse import urlencode

        url = f"https://api.twilio.com/2010-04-01/Accounts/{self.client.account_sid}{path}"

        def work(gate: _Gate) -> Any:
            gate.form = urlencode(fields or {}).encode()
            method, body = ("POST", gate) if fields else ("GET", None)
            # half, so that a second address is tried where the first one leads nowhere
            return self.client.request(method, url, data=body, timeout=seconds / 2)

        answer = _bounded(work, seconds, "api.twilio.com")
        status, headers = answer.status_code, answer.headers
        try:
            reply = _Quiet(**json.loads(answer.text, object_hook=_Quiet), Date=headers.get("Date"))
        except (ValueError, TypeError, RecursionError):  # it is no JSON, or no object
            reply = _Quiet()
        if status < 300 and reply and (not fields or isinstance(reply.get("sid"), str)):
            return reply
        pause = 0.0
        if status == 429 and reply.get("code") != 63038:  # the others pass, that one takes a day
            wait = str(headers.get("Retry-After", ""))
            pause = max(PAUSE_SECONDS, float(wait) if wait.isdecimal() else 0.0)
        refused = 300 <= status < 500 and (fields or status != 404)  # it may be too new to be found
        raise _RouteError(self._advice(reply, status), unknown=not refused, pause=pause)

    def _advice(self, reply: dict[str, Any], status: int = 0) -> str:
        """Return sentences for an error that Twilio answers now, or reports of a message later."""
        code = str(reply.get("code") or reply.get("error_code") or "")
        keys = ("message", "error_message", "title", "detail")
        words = " ".join(str(reply[key]) for key in keys if reply.get(key))
        for codes, clue, advice in TWILIO_ADVICE:
            if code in codes.split() and clue in words.lower():
                return advice.replace(". ", f" ({code}). ", 1) + "."
        words = self.settings.scrub(words) or "no reason given"
        if code.isdecimal() and len(code) < 8:
            return f"{words} ({code}). See twilio.com/docs/api/errors/{code}."
        if not status:
            return f"the text was {reply.get('status')}. See why in the Twilio console's log."
        look = "See https://status.twilio.com, or whether a proxy or a log-in page is in between."
        return f"api.twilio.com answered {status}, {words}. {look}"


def _shorten(response: Any, **_: Any) -> None:
    """Leave no more of an answer to be read than a list of messages has: it might never end."""
    from io import BytesIO

    raw = response.raw
    response.raw = BytesIO(raw.read(ANSWER_BYTES, decode_content=True))
    raw.close()  # which ends the connection only where more was to come


def _letters(text: str) -> str:
    """Return what SmartEncoded leaves of a text whatever it replaces: no punctuation, no blanks."""
    dropped = {"P", "Z", "M", "C"}
    kept = (c for c in normalize("NFKD", text) if category(c)[0] not in dropped or c in "-–—‒")
    return "".join("-" if category(c) == "Pd" else c for c in kept if category(c) != "Lm")


# What a mail server's no means, by the command or the code, and what to do, in two sentences.
SMTP_ADVICE = {
    "AUTH": "does not take SMTP_USER with SMTP_PASSWORD. Make an app password for this program",
    "MAIL": "does not let you send from this address. Set SMTP_FROM to your own address there",
    "RCPT": "takes no mail for your phone. Check MY_PHONE_NUMBER and MY_CARRIER, or MY_GATEWAY",
    "DATA": "did not take the text. Change its words, or set SMTP_USER to another mailbox",
    "530": "wants a log-in or encryption first. Set SMTP_USER and SMTP_PASSWORD, and check SMTP_TLS",
    "later": "does not take it now. Text again later",
    "": "turned this machine away. Text again later, or set SMTP_HOST to another server",
}


class _Gateway:
    """The route by SMTP (RFC 5321, 3207, 8314) to an address at which a carrier takes texts."""

    name, tries, takes_files = "gateway", 2, True
    wanted_by = frozenset({"MY_CARRIER", "MY_GATEWAY"})

    def __init__(self, settings: _Settings) -> None:
        from datetime import date

        self.settings, self.to = settings, settings.get("MY_GATEWAY", "")
        self.today = date.today()  # for the phone book
        if "SMTP_USER" in settings:
            settings.setdefault("SMTP_FROM", settings["SMTP_USER"])
        if "MY_CARRIER" in settings and not self.to:  # first, as it may be closed
            self.takes_files = self._route("", picture=True).pictures
        needed = ["MY_GATEWAY"] if self.to else ["MY_PHONE_NUMBER", "MY_CARRIER"]
        login = ["SMTP_USER", "SMTP_PASSWORD"]
        if "SMTP_HOST" in settings and settings.keys().isdisjoint(login):
            login = ["SMTP_FROM"]  # is enough for a relay that wants no password
        optional = ("SMTP_HOST", "SMTP_PORT", "SMTP_TLS", "SMTP_FROM")
        settings.check(*needed, *login, optional=optional)
        self._find_server(settings)

    def _find_server(self, settings: _Settings) -> None:
        """Note the mail server's host, port and TLS, and the page for an app password."""
        import re

        self.page = ""
        if "SMTP_HOST" not in settings:
            user = settings["SMTP_USER"]
            row = _look_up("find_mail_server", user if "@" in user else settings["SMTP_FROM"])
            settings["SMTP_HOST"], self.page = row.host, row.page
            if settings.setdefault("SMTP_PORT", str(row.port)) == str(row.port):
                settings.setdefault("SMTP_TLS", row.tls)
        self.host = settings["SMTP_HOST"]
        here = re.fullmatch(r"localhost|127(\.\d{1,3}){3}|[0:]*:0*1", self.host)
        alone = here and "SMTP_PASSWORD" not in settings
        self.port = int(settings.get("SMTP_PORT", 25 if alone else 465))
        usual = "implicit" if self.port == 465 else "none" if alone else "starttls"
        self.tls = settings.get("SMTP_TLS", usual)
        if self.tls == "none" and not alone:
            raise _RouteError(
                "SMTP_TLS=none works only with a mail server on this machine and without a "
                "password. Set it to implicit or starttls."
            )

    def _route(self, text: str, *, picture: bool) -> Any:
        """Return the row of carriers.py by which such a message gets to the phone."""
        self.settings.check(optional=("MY_PHONE_NUMBER",))
        if not self.settings.get("MY_PHONE_NUMBER", "+1").startswith("+1"):
            raise _RouteError(
                "carriers' gateways take numbers of the US and Canada only. "
                "Set MY_GATEWAY to an e-mail address that reaches you."
            )
        name, length = self.settings["MY_CARRIER"], _units(text)
        return _look_up("find_route", name, self.today, length=length, picture=picture)

    def parts(self, job: _Job) -> list[str]:
        """Return the texts that the job makes, and settle the address that they go to."""
        if job.url:
            job.leave_out_picture("a picture from the web goes by Twilio only")
        if job.picture and not self.takes_files:
            job.leave_out_picture("the carrier has no gateway for pictures")
        if "MY_GATEWAY" in self.settings:
            try:
                job.problems += _look_up("find_closed_domain", self.to, self.today)
            except _RouteError:  # without carriers.py nobody knows
                pass
            return [job.text]
        route = self._route(job.text, picture=job.picture is not None)
        if route.note:
            job.problems.append(f"gateway: {route.note}")
        self.to = f"{self.settings['MY_PHONE_NUMBER'][2:]}@{route.domain}"
        return _split(job.text, route.limit, job.problems)

    def put(self, job: _Job, part: str) -> str:
        """Hand a part to the mail server and return its Message-ID; raise `_RouteError`."""
        mail = self._mail(part, None if job.ids else job.picture)
        self._talk(job.step(), mail.as_bytes())
        return str(mail["Message-ID"])

    def finish(self, job: _Job, waiting: list[str]) -> str:
        """Return the only word that a mail server has for a mail that it took."""
        return "accepted"

    def look(self) -> Iterator[str]:
        """Log in without mailing, and give what is worth knowing; raise `_RouteError`."""
        self._talk(LOOK_SECONDS)
        yield f"{self.host} takes the log-in" if "SMTP_PASSWORD" in self.settings else self.host
        job = _Job()
        self.parts(job)
        yield from (problem.removeprefix("gateway: ") for problem in job.problems)
        if "MY_GATEWAY" not in self.settings and not job.problems:
            yield f"{self.settings['MY_CARRIER']} takes texts"

    def _mail(self, part: str, picture: tuple[bytes, str] | None) -> EmailMessage:
        """Return a mail that a gateway turns into nothing but `part`: no Subject, no HTML."""
        from email import policy
        from email.message import EmailMessage
        from email.utils import formatdate, make_msgid

        sender = self.settings["SMTP_FROM"]
        # 7bit and a long line: else the text arrives as it was encoded, with = at the line ends
        mail = EmailMessage(policy.SMTP.clone(max_line_length=998, cte_type="7bit"))
        mail["From"], mail["To"], mail["Date"] = sender, self.to, formatdate()
        mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
        mail.set_content(part, charset="us-ascii" if part.isascii() else "utf-8")
        if picture:
            data, subtype = picture
            mail.add_attachment(data, "image", subtype, filename=f"picture.{subtype}")
        return mail

    def _talk(self, seconds: float, mail: bytes = b"") -> None:
        """Log in to the mail server and hand over a mail; raise `_RouteError` with what to do."""
        import smtplib
        import ssl
        from contextlib import closing, suppress

        stage = [""]  # of this conversation alone, as a thread that is left behind goes on

        def work(gate: _Gate) -> None:
            context = ssl.create_default_context()  # without one, smtplib trusts anybody
            where = (self.host, self.port, "[127.0.0.1]")  # instead of this machine's own name
            half = seconds / 2  # so that a second address is tried where the first leads nowhere
            if self.tls == "implicit":
                server: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=half, context=context)
            else:
                server = smtplib.SMTP(*where, timeout=half)
            with closing(server):
                server.sock.settimeout(seconds)  # type: ignore[union-attr]
                if self.tls == "starttls":
                    server.starttls(context=context)
                self._converse(server, mail, gate, stage)
                with suppress(OSError):  # whatever comes of that, it has the mail
                    server.putcmd("quit")

        try:
            _bounded(work, seconds, f"{self.host}:{self.port}")
        except _RouteError as error:
            raise self._advice(error, stage[0]) from None

    def _converse(self, server: smtplib.SMTP, mail: bytes, gate: _Gate, stage: list[str]) -> None:
        """Log in and hand over the mail, its words through the gate; note the stage of it."""
        from smtplib import SMTPResponseException

        def expect(yes: range, command: str, reply: tuple[int, bytes]) -> None:
            stage[0], (code, words) = command, reply
            gate.unanswered &= code < 400
            if code not in yes:
                raise SMTPResponseException(code, words)

        done = range(200, 300)
        server.ehlo_or_helo_if_needed()
        if "SMTP_PASSWORD" in self.settings:
            stage[0] = "AUTH"
            if "PLAIN" in server.esmtp_features.get("auth", "").split():
                server.esmtp_features["auth"] = "PLAIN"  # many hang up at a second way to log in
            server.login(self.settings["SMTP_USER"], self.settings["SMTP_PASSWORD"])
        if not mail:
            expect(done, "", server.noop())
            return
        expect(done, "MAIL", server.mail(self.settings["SMTP_FROM"]))
        expect(done, "RCPT", server.rcpt(self.to))
        expect(range(354, 355), "DATA", server.docmd("DATA"))
        gate.go()
        server.send(mail.replace(b"\n.", b"\n..") + b".\r\n")
        expect(done, "DATA", server.getreply())

    def _advice(self, error: _RouteError, stage: str) -> _RouteError:
        """Return the error with what the mail server said of it, and what to do."""
        cause = error.__cause__
        if cause is None:  # there was no time to do anything
            return error
        code, words = getattr(cause, "smtp_code", 0), getattr(cause, "smtp_error", "")
        if error.unknown:
            broke_off = f"{self.host} broke off when it had got the text, which may arrive."
            return _RouteError(broke_off, unknown=True)
        if code < 200 or isinstance(words, str):  # smtplib's own, of a line without an end
            check = f"{error} Check SMTP_HOST, SMTP_PORT and SMTP_TLS."
            return _RouteError(check, pause=error.pause)
        kind = "530" if code == 530 else "later" if code < 500 else stage
        words = self.settings.scrub(words.decode("utf-8", "replace"))
        advice = SMTP_ADVICE[kind].replace(". ", f" ({code} {words}). ", 1)
        if self.page:
            where = f"at {self.page} and set SMTP_PASSWORD to it"
            advice = advice.replace("for this program", where)
        return _RouteError(f"{self.host} {advice}.", pause=error.pause if code < 500 else 0.0)


def _look_up(lookup: str, *arguments: Any, **options: Any) -> Any:
    """Ask carriers.py, which may be missing where textmyself.py was copied alone."""
    try:
        import carriers

        return getattr(carriers, lookup)(*arguments, **options)
    except LookupError as error:
        raise _RouteError(str(error)) from None
    except (Exception, SystemExit):  # it is not there, or it is another script of that name
        raise _RouteError(
            "carriers.py is not beside textmyself.py, or another one hides it. Put it there, or set "
            "MY_GATEWAY and SMTP_HOST."
        ) from None


def _clean(message: object) -> str:
    """Return `str(message)` without what no phone can show."""
    try:
        text = str(message)
    except Exception as error:
        raise _RouteError(f"str() of the message raises {type(error).__name__}.") from None
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    controls = {*range(0x20), *range(0x7F, 0xA0)} - {ord("\n"), ord("\t")}
    return text.translate(dict.fromkeys(controls)).strip()


def _split(text: str, limit: int, problems: list[str] | None = None) -> list[str]:
    """Return `text` in parts of at most `limit` UTF-16 units, numbered if there are several.

    What does not fit into `MOST_PARTS` keeps its beginning and its end; `problems` says so.
    """
    if _units(text) <= limit:
        return [text]
    room, half = limit - len("(10/10) "), MOST_PARTS // 2
    parts = list(islice(_fill(text, room), MOST_PARTS + 1))
    if len(parts) > MOST_PARTS:
        _, *end = _fill(text[-MOST_PARTS * room :], room)  # the first of these begins anywhere
        kept = [*parts[: half - 1], *end[-half:]]
        left_out = f"{len(text) + 1 - sum(map(len, kept)):,} characters left out"
        parts = [*kept[: half - 1], f"[... {left_out} ...]", *kept[half - 1 :]]
        if problems is not None:
            problems.append(f"text: {left_out} in the middle, as it is too long.")
    return [f"({number}/{len(parts)}) {part.rstrip()}" for number, part in enumerate(parts, 1)]


def _units(text: str) -> int:
    """Return the length in UTF-16 code units, as Twilio and phones count it."""
    return len(text.encode("utf-16-le")) // 2


def _fill(text: str, room: int) -> Iterator[str]:
    """Give `text` in parts of at most `room` UTF-16 units, each with the blanks after it.

    They are cut between words, or at least between characters as a reader sees them.
    """
    start, text = 0, f"{text} "  # so that the last word, too, has a blank after it
    while start < len(text):
        units = text[start : start + room].encode("utf-16-le")[: 2 * room]
        end = start + len(units.decode("utf-16-le", "ignore"))  # without half a surrogate pair
        back = range(end, start, -1)
        blanks = (at for at in back if text[at : at + 1].isspace())
        marks = ("Mn", "Mc", "Me", "Cf", "Sk")  # accents, joiners, skin tones: not before those
        others = (at for at in back if category(text[at]) not in marks and text[at - 1] != "\u200d")
        end = next(blanks, 0) or next(others, end)
        while text[end : end + 1].isspace():
            end += 1
        yield text[start:end]
        start = end


# 3GPP TS 23.038, 6.2.1; those of the extension table take two units each.
GSM7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_EXTENSION = set("\f^{}\\[~]|€")


def _segments(text: str) -> tuple[str, int, int]:
    """Return encoding, units and segments of a text, by which carriers bill (3GPP TS 23.040)."""
    encoding, alone, series = "UCS-2", 70, 67
    widths = [_units(letter) for letter in text]
    if set(text) <= GSM7 | GSM7_EXTENSION:
        encoding, alone, series = "GSM-7", 160, 153
        widths = [2 if letter in GSM7_EXTENSION else 1 for letter in text]
    segments, used = 1, 0
    for width in widths:  # none of two units is cut in two
        if used + width > series:
            segments, used = segments + 1, 0
        used += width
    return encoding, sum(widths), segments if sum(widths) > alone else 1


def _take_slot(job: _Job, settings: _Settings) -> float:
    """Count this text and return when that was; raise `_RouteError` if it is one too many.

    A script that restarts for ever would cost money and get the number blocked. But a state file
    that cannot be written, read or locked never stops a text.
    """
    most = MOST_PER_HOUR
    try:
        settings.check(optional=("TEXTMYSELF_MAX_PER_HOUR",))
        most = int(settings.get("TEXTMYSELF_MAX_PER_HOUR", most))
    except _RouteError as error:
        job.problems.append(f"settings: {error}")
    if most == 0:
        return 0.0
    now = time.time()
    went = _slots(job, now, most)
    if len(went) < most:
        return now
    free = time.strftime("%H:%M", time.localtime(went[-most] + 3600))
    if now not in went:
        raise _RouteError(
            f"{most} texts went in the last hour, which is the most; the next can go at {free}. "
            "Look for a loop in your script, or set TEXTMYSELF_MAX_PER_HOUR."
        )
    job.text += f"\n[text {most} of {most} in an hour: the next can go at {free}]"
    return now


def _slots(job: _Job, now: float, most: int, forget: float = 0.0) -> list[float]:
    """Count a text, unless `most` went in the last hour; return when those of the hour went."""

    def work(_: _Gate) -> list[float]:
        import sqlite3  # it locks on every system
        from contextlib import closing
        from pathlib import Path

        home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
        path = Path(home, "textmyself", "texts.sqlite3")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=STATE_SECONDS)) as state, state:
            state.execute("CREATE TABLE IF NOT EXISTS texts (at REAL)")
            old = (forget, now - 3600, now + 60)  # later: the clock was set back
            state.execute("DELETE FROM texts WHERE at = ? OR at NOT BETWEEN ? AND ?", old)
            went = [float(at) for [at] in state.execute("SELECT at FROM texts ORDER BY at")]
            if len(went) < most:
                state.execute("INSERT INTO texts VALUES (?)", (now,))
                went.append(now)
        return went

    try:
        return _bounded(work, min(2 * STATE_SECONDS, job.step() / 2))
    except _RouteError:
        return []


HELP = """\
usage: textmyself [options] MESSAGE...    text it; '-' reads standard input
       textmyself [options] --run CMD...  run CMD, text how it ended, exit alike
       textmyself --check                 show settings and log in, text nothing
       textmyself --init                  write a commented .env to be filled in
       textmyself --carriers [NAME]       the phone book as of today

  --media FILE         a picture, or the address of one in the web
  --confirm SECONDS    wait for what the carrier says (5); 0 does not wait
  --timeout SECONDS    give up after so long (60)
  --env FILE           the file with the settings
  --dry-run            show what would be sent, and send nothing
  --version, --help

examples:
  textmyself The boring task is finished.
  textmyself --run make test
  df -h | textmyself -

Exit status: 0 sent, 1 not sent, 2 wrong usage or settings; with --run, CMD's.
"""


def main(argv: list[str] | None = None) -> int:
    """Run the command with these arguments, and return its exit status."""
    status = 1
    try:
        options = _parse(sys.argv[1:] if argv is None else argv)
        if hasattr(sys.stdout, "reconfigure"):  # as stderr does, where it is not UTF-8
            sys.stdout.reconfigure(errors="backslashreplace")
        if options.env:
            os.environ["TEXTMYSELF_ENV"] = options.env
        if options.dry_run:
            os.environ["TEXTMYSELF_DRY_RUN"] = "1"
        status = options.do(options) or 0
        print(end="", flush=True)  # now, as nobody catches what is raised at the exit
    except _RouteError as error:
        print(error, file=sys.stderr)
        status = 2
    except OSError as error:
        if not isinstance(error, BrokenPipeError):  # which `textmyself --carriers | head` has
            print(f"textmyself: {error.strerror}.", file=sys.stderr)
        if sys.stdout:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        status = 130
    return status


def _parse(argv: list[str]) -> Any:
    """Return the options, with what they ask for as `do`; or exit, as argparse does."""
    import argparse

    usage = "textmyself [options] MESSAGE...\n(textmyself --help says more)"
    parser = argparse.ArgumentParser("textmyself", usage, add_help=False, allow_abbrev=False)
    parser.format_help = lambda: HELP  # type: ignore[method-assign]
    parser.add_argument("--help", "-h", action="help")
    parser.add_argument("--version", action="version", version=f"textmyself {__version__}")
    parser.add_argument("words", nargs="*")
    modes = parser.add_mutually_exclusive_group()
    does = {"--run": _run, "--check": _check, "--init": _init, "--carriers": _list_carriers}
    for flag, do in does.items():
        modes.add_argument(flag, dest="do", action="store_const", const=do, default=_send_message)
    parser.add_argument("--media")
    parser.add_argument("--confirm", type=float)
    parser.add_argument("--timeout", type=float, default=60.0)
    parser.add_argument("--env")
    parser.add_argument("--dry-run", action="store_true")
    end = argv.index("--run") + 1 if "--run" in argv else len(argv)
    options = parser.parse_args(argv[:end])
    if options.words and options.do in (_run, _check, _init):
        parser.error(f"there is no use for {options.words[0]!r}")
    command = argv[end:]  # whole: argparse would end it at a `--` of its own
    if command[:1] == ["--"]:
        command = command[1:]
    elif options.do is _run and "".join(command[:1]).startswith("-"):
        parser.error("options go before --run")
    options.words += command
    options.watched = options.confirm is not None
    options.confirm = options.confirm if options.watched else 5.0
    needs_words = options.do is _run or (options.do is _send_message and not options.media)
    if needs_words and not options.words:
        parser.error("there is nothing to text or to run")
    if options.env and options.do is not _init and not os.path.isfile(options.env):
        parser.error("--env: there is no such file")
    return options


def _send_message(options: Any) -> int:
    """Text the words of the command line, or standard input."""
    message = " ".join(options.words)
    if message == "-":
        message = sys.stdin.buffer.read().decode("utf-8", "replace") if sys.stdin else ""
    job, began = _Job(), time.monotonic()
    watching = options.watched and sys.stdout and sys.stdout.isatty()
    if watching:
        job.watch = lambda status: _say(f"{status} ...")
    receipt = _deliver(job, message, options.media, options.confirm, options.timeout)
    if receipt:
        route, size, unit = "the gateway", receipt.parts, "mail"
        if receipt.route == "twilio":
            parts = _split(job.message, TWILIO_LIMIT)
            route, size, unit = "Twilio", sum(_segments(part)[2] for part in parts), "segment"
        after = f", after {time.monotonic() - began:.1f} s" if watching else ""
        _say(f"sent by {route}, {receipt.status}, {size} {unit}{'s' * (size != 1)}{after}")
    return 0 if receipt or job.plan else 1 if job.routes else 2


def _say(*lines: str, file: Any = None) -> None:
    """Print, though nobody may be there to read it: what is done goes on."""
    try:
        print(*lines, sep="\n  ", file=file, flush=True)
    except OSError:
        pass


def _run(options: Any) -> int:
    """Run a command, text how it ended and how long it took, and return its exit status."""
    import shlex

    job = _Job()
    if not _open_routes(job, _Settings(job.problems)):  # told now, rather than after hours
        _say("this will not be texted:", *job.problems, file=sys.stderr)
    status, how = _run_to_the_end(options.words)
    words = shlex.join(options.words)
    if len(words) > 100:
        words = f"{words[:60]} ... {words[-35:]}"
    text = f"{words}: {how}"
    try:
        textmyself(text, media=options.media, confirm=options.confirm, timeout=options.timeout)
    except KeyboardInterrupt:  # the text does not change how the command ended
        pass
    return status


def _run_to_the_end(command: list[str]) -> tuple[int, str]:
    """Run a command that has the terminal for itself; return exit status and words for it."""
    import signal
    import subprocess

    process: Any = None
    early: list[int] = []  # signals that came while the command was being started

    def pass_on(number: int, _: object = None) -> None:
        if process is None:
            early.append(number)
        elif process.returncode is not None:  # it has ended, and now that is texted
            raise KeyboardInterrupt
        elif number != signal.SIGINT:  # as the terminal tells that to both
            process.send_signal(number)

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        it = getattr(signal, name, signal.SIGINT)  # as Windows has no SIGHUP
        if signal.getsignal(it) != signal.SIG_IGN:  # as nohup has it
            signal.signal(it, pass_on)
    began = time.monotonic()  # a clock that nobody sets
    try:
        process = subprocess.Popen(command)
    except OSError as error:
        _say(f"{command[0]}: {error.strerror}.", file=sys.stderr)
        status = 127 if isinstance(error, FileNotFoundError) else 126
        return status, f"{error.strerror} (exit {status})"
    for number in early:
        pass_on(number)
    status = process.wait()
    lasted = _duration(time.monotonic() - began)
    if status >= 0:
        return status, f"failed (exit {status}) after {lasted}" if status else f"done in {lasted}"
    by = next((it.name for it in signal.Signals if it == -status), f"signal {-status}")
    guess = " (out of memory?)" if by == "SIGKILL" else ""
    return 128 - status, f"killed by {by}{guess} after {lasted}"


def _duration(seconds: float) -> str:
    """Return a time as people say it, in the two largest units that count."""
    words: list[str] = []
    rest = round(seconds)
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m"), (1, "s")):
        count, rest = divmod(rest, size)
        if count or words:
            words.append(f"{count} {unit}")
    return " ".join(words[:2]) or "0 s"


def _check(options: Any) -> int:
    """Show the settings and what each route says to a log-in; texts nothing."""
    job = _Job()
    settings = _Settings(job.problems)
    if settings:
        print(settings.looked)
    for name, value in settings.items():
        where = "environment" if os.environ.get(name, "").strip() else "file"
        print(f"  {name}={settings.scrub(value)} ({where})")
    routes = _open_routes(job, settings)
    for problem in job.problems:
        print(problem)
    _warn_of_file(settings.path)
    ready = False
    for route in routes:
        try:
            for line in route.look():
                print(f"{route.name}: {line.rstrip('.')}.")
            print(f"{route.name}: ready.")
            ready = True
        except _RouteError as error:
            print(f"{route.name}: not ready: {error}")
    return 0 if ready else 2


def _warn_of_file(path: str) -> None:
    """Warn of a `.env` that others may read, or that git would give away."""
    import subprocess
    from shlex import quote

    if path and hasattr(os, "getuid") and os.stat(path).st_mode & 0o077:
        print(f"warning: others can read {path}. Run: chmod 600 {quote(path)}")
    folder, name = os.path.split(path)
    git = ["git", "-C", folder, "ls-files", "--error-unmatch", name]
    try:
        if path and subprocess.run(git, capture_output=True).returncode == 0:
            print(f"warning: git tracks {path}. Run: git rm --cached {quote(path)}")
    except OSError:  # there is no git
        pass


def _init(options: Any) -> None:
    """Write what `.env.example` has, for nobody else to read."""
    path = os.path.abspath(options.env or _places()[-1])
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("# textmyself reads this file. Fill in what you have; keep it secret.\n")
            file.writelines(f"\n# {words}\n{name}=\n" for name, _, words in SETTINGS)
    except OSError as error:
        there = "is there already, and left as it is. Fill it in"
        why = there if os.path.lexists(path) else f"cannot be written: {error.strerror}"
        raise _RouteError(f"{path} {why}.") from None
    print(f'{path} is written. Fill in one route, then run: textmyself --env "{path}" --check')


def _list_carriers(options: Any) -> None:
    """Print the phone book, or what of it a name finds."""
    from datetime import date

    lines = _look_up("list_gateways", " ".join(options.words), date.today())
    print("\n".join(lines), flush=True)  # here, so that what nobody got is no success


if __name__ == "__main__":
    sys.exit(main())
