"""Anywhere in a program: at its exit, in a child, given up on, interrupted, half installed."""

from __future__ import annotations

import _thread
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from conftest import run_python, start_python
from phone import (
    AUTH_TOKEN,
    DRIPPING,
    MY_NUMBER,
    SILENT,
    SMTP_PASSWORD,
    Answer,
    Phone,
    stranger,
)

from textmyself import NAMES, textmyself

SetUp = Callable[..., Phone]
# A step that stalls takes half of it. So does one that does not, where the machine is slow. Where
# nothing is sent in either case, less will do.
STALL, SHORT_STALL = 5, 2
PRELUDE = """
from functools import partial
from textmyself import textmyself
text = partial(textmyself, "hello", confirm=0)
"""


def run(folder: Path, code: str, **settings: str) -> str:
    """Run `code`, which has a `text` that texts hello; return what it wrote to stderr."""
    done = run_python(folder, "-W", "error", "-c", PRELUDE + code, settings=settings)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    return done.stderr


POSIX = pytest.mark.skipif(os.name != "posix", reason="this system has no such thing")
PLACES = {
    "atexit": "import atexit; atexit.register(text)",
    "excepthook": "import sys; sys.excepthook = lambda *_: text()\n"
    "try: 1 / 0\nexcept ZeroDivisionError: sys.excepthook(*sys.exc_info())",
    "asyncio": "import asyncio; asyncio.run(asyncio.to_thread(text))",
    "signal handler": "import os, signal; signal.signal(signal.SIGTERM, lambda *_: text()); "
    "os.kill(os.getpid(), signal.SIGTERM)",
    "forked child": "import os\nif os.fork() == 0:\n text(); os._exit(0)\nos.wait()",
    "thread": "from threading import Thread as T; t = T(target=text); t.start(); t.join()",
    "pool": "from multiprocessing import Pool\nwith Pool(1) as pool: pool.apply(text)",
    "spawned pool": "from multiprocessing import get_context\n"
    "with get_context('spawn').Pool(1) as pool: pool.apply(text)",
    "executor": "from concurrent.futures import ProcessPoolExecutor\n"
    "with ProcessPoolExecutor(1) as pool: pool.submit(text).result()",
}
SOME_PLACES = [
    pytest.param(place, marks=POSIX if place in ("signal handler", "forked child") else [])
    for place in PLACES
]


@pytest.mark.parametrize("route", ["twilio", "gateway"])
@pytest.mark.parametrize("place", SOME_PLACES)
def test_it_works_anywhere(phone: Phone, tmp_path: Path, place: str, route: str) -> None:
    assert run(tmp_path, PLACES[place], **phone.settings(route)) == ""
    assert [(text.route, text.body) for text in phone.texts] == [(route, "hello")]


# There no thread can start, so that nothing but the sockets' timeouts ends a step.
NO_THREAD_AT_EXIT = sys.version_info[:2] == (3, 12)


@pytest.mark.parametrize(
    ("place", "then"),
    [
        *[pytest.param(*place.values, DRIPPING, marks=place.marks) for place in SOME_PLACES],
        ("atexit", SILENT),
        ("pool", SILENT),
    ],
)
def test_a_stalled_server_holds_it_up_nowhere(
    phone: Phone, tmp_path: Path, place: str, then: str
) -> None:
    if place == "atexit" and then == DRIPPING and NO_THREAD_AT_EXIT:
        pytest.skip("a socket's timeout starts anew with each byte")
    with stranger(b"2", then) as port:
        settings = {**phone.settings("gateway"), "SMTP_PORT": str(port), "SMTP_TLS": "starttls"}
        said = run(
            tmp_path, f"text.keywords['timeout'] = {SHORT_STALL}\n{PLACES[place]}", **settings
        )
    assert said.startswith("not sent: 'hello'\n  gateway: ")


@pytest.mark.skipif(NO_THREAD_AT_EXIT, reason="a look-up has no timeout")
def test_a_stalled_look_up_does_not_hold_up_the_exit(phone: Phone, tmp_path: Path) -> None:
    stall = "import socket, time; socket.getaddrinfo = lambda *_, **__: time.sleep(3600)\n"
    code = f"{stall}text.keywords['timeout'] = {SHORT_STALL}\n{PLACES['atexit']}"
    said = run(tmp_path, code, **phone.settings("gateway"))
    assert said.startswith("not sent: 'hello'\n  gateway: ")


def test_a_thread_that_outlives_the_main_one_texts(phone: Phone, tmp_path: Path) -> None:
    code = "import threading; end = threading.main_thread().join\n"
    code += "threading.Thread(target=lambda: (end(), text())).start()"
    assert run(tmp_path, code, **phone.settings("twilio")) == ""
    assert [text.body for text in phone.texts] == ["hello"]


def test_a_daemon_thread_that_texts_while_python_ends_hurts_nobody(
    phone: Phone, tmp_path: Path
) -> None:
    code = "import threading; threading.Thread(target=text, daemon=True).start()"
    assert run(tmp_path, code, **phone.settings("twilio", "gateway")) == ""
    assert len(phone.texts) <= 1


def test_a_receipt_comes_back_from_another_process(phone: Phone, tmp_path: Path) -> None:
    code = "from multiprocessing import Pool\nwith Pool(1) as pool: receipt = pool.apply(text)\n"
    code += "assert receipt.sent and receipt.status == 'queued' and len(receipt.ids) == 1"
    assert run(tmp_path, code, **phone.settings("twilio")) == ""


def test_eight_threads_text_at_once(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway")
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(partial(textmyself, confirm=0), range(8)))
    assert {text.body for text in phone.texts} == set("01234567")
    assert len({receipt.ids for receipt in receipts}) == len(phone.texts) == 8


# What Python 3.12.1 does at its exit, and any Python where the system grants no more threads.
NO_THREADS = """
import _thread

def cannot_start(*_):
    raise RuntimeError("can't start new thread")

_thread.start_new_thread = cannot_start
"""


@pytest.mark.parametrize("route", ["twilio", "gateway"])
def test_it_works_where_no_thread_can_start(phone: Phone, tmp_path: Path, route: str) -> None:
    code = f"{NO_THREADS}\nassert text().sent"
    assert run(tmp_path, code, **phone.settings(route)) == ""
    assert [text.body for text in phone.texts] == ["hello"]


@POSIX
@pytest.mark.parametrize("route", ["twilio", "gateway"])
def test_a_silent_server_is_left_and_the_jobs_own_alarm_kept_where_no_thread_can_start(
    phone: Phone, tmp_path: Path, route: str
) -> None:
    code = f"""{NO_THREADS}
import signal
rings = []
signal.signal(signal.SIGALRM, lambda *_: rings.append("the job's"))
ring = signal.getsignal(signal.SIGALRM)
signal.setitimer(signal.ITIMER_REAL, 0.5, 1000)
text(timeout={STALL})
assert rings == ["the job's"], rings
assert signal.getsignal(signal.SIGALRM) == ring
assert 900 < signal.getitimer(signal.ITIMER_REAL)[0] <= 1000
"""
    with stranger(b"") as port:
        servers = {"HTTPS_PROXY": f"http://127.0.0.1:{port}", "SMTP_PORT": str(port)}
        said = run(tmp_path, code, **(phone.settings(route) | servers))
    assert "did not answer in time" in said


def test_it_works_in_a_thread_where_no_other_can_start(phone: Phone, tmp_path: Path) -> None:
    code = f"""
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(1) as pool:
    pool.submit(int).result()
    exec({NO_THREADS!r})
    assert pool.submit(text).result().sent
"""
    assert run(tmp_path, code, **phone.settings("gateway")) == ""
    assert [text.body for text in phone.texts] == ["hello"]


@pytest.mark.parametrize("route", ["twilio", "gateway"])
def test_a_first_address_that_leads_nowhere_leaves_time_for_the_second(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, route: str
) -> None:
    look_up = socket.getaddrinfo
    with socket.socket() as nowhere, ExitStack() as waiting:
        nowhere.bind(("127.0.0.1", 0))
        nowhere.listen(0)
        # More than it lets in, so that nobody else is answered.
        for _ in range(4):
            other = waiting.enter_context(socket.socket())
            other.setblocking(False)
            other.connect_ex(nowhere.getsockname())

        def two_addresses(host: str, port: int, *rest: Any, **options: Any) -> Any:
            found = look_up("127.0.0.1", port, *rest, **options)
            return look_up(*nowhere.getsockname(), *rest, **options) + found

        phone = set_up(route)
        monkeypatch.setattr(socket, "getaddrinfo", two_addresses)
        assert textmyself("hello", confirm=0, timeout=12).sent
    assert [text.body for text in phone.texts] == ["hello"]


@pytest.mark.parametrize("route", ["twilio", "gateway"])
def test_a_text_that_was_given_up_on_does_not_go_later(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, route: str
) -> None:
    look_up, given_up = socket.getaddrinfo, threading.Event()

    def slow_look_up(*where: Any, **how: Any) -> Any:
        given_up.wait()
        return look_up(*where, **how)

    workers: list[str] = []
    start_new_thread = _thread.start_new_thread

    def start_worker(work: Callable[..., object], arguments: tuple[Any, ...]) -> int:
        def run(*arguments: Any) -> None:
            work(*arguments)
            workers.append("ended")

        workers.append("started")
        return start_new_thread(run, arguments)

    phone = set_up(route)
    monkeypatch.setattr(socket, "getaddrinfo", slow_look_up)
    monkeypatch.setattr(_thread, "start_new_thread", start_worker)
    receipt = textmyself("hello", timeout=STALL)
    assert receipt.status == "not sent"
    assert workers.count("ended") < workers.count("started")
    given_up.set()
    deadline = time.monotonic() + 60
    while workers.count("ended") < workers.count("started") and time.monotonic() < deadline:
        time.sleep(0.01)
    assert (phone.messages, phone.texts) == ([], [])


WITH_LOCALS = """
import sys, traceback
try:
    text(timeout=3600)
except KeyboardInterrupt as error:
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    sys.exit("".join(shown.format()))
"""


@POSIX
@pytest.mark.parametrize(
    ("route", "code"),
    [
        ("twilio", "text(timeout=3600)"),
        ("gateway", "text(timeout=3600)"),
        ("twilio", WITH_LOCALS),
        ("gateway", WITH_LOCALS),
    ],
    ids=["twilio", "gateway", "twilio, with locals", "gateway, with locals"],
)
def test_ctrl_c_ends_a_stalled_send_at_once_and_shows_no_secret(
    phone: Phone, tmp_path: Path, route: str, code: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = str(silent.getsockname()[1])
        servers = {"HTTPS_PROXY": f"http://127.0.0.1:{port}", "SMTP_PORT": port}
        settings = phone.settings(route) | servers
        with start_python(tmp_path, "-c", PRELUDE + code, settings=settings) as process:
            connection, _ = silent.accept()
            process.send_signal(signal.SIGINT)
            said = process.communicate()[1]
            connection.close()
    assert "KeyboardInterrupt" in said.splitlines()
    assert process.returncode == (1 if code == WITH_LOCALS else -signal.SIGINT)
    assert ("    message = 'hello'" in said.splitlines()) == (code == WITH_LOCALS)
    assert_no_secret(said)


@POSIX
def test_ctrl_c_ends_a_pause_before_another_try_at_once_and_shows_no_secret(
    phone: Phone, tmp_path: Path
) -> None:
    phone.script = [Answer(429, "{}", {"Retry-After": "1000"})]
    settings = phone.settings("twilio", "gateway")
    with start_python(tmp_path, "-c", PRELUDE + WITH_LOCALS, settings=settings) as process:
        while not phone.requests:
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        said = process.communicate()[1]
    assert "KeyboardInterrupt" in said.splitlines()
    assert_no_secret(said)


def assert_no_secret(said: str) -> None:
    # The module's own example of a number.
    said = said.replace(f"like {MY_NUMBER}", "")
    assert AUTH_TOKEN not in said
    assert SMTP_PASSWORD not in said
    assert MY_NUMBER[2:] not in said


@pytest.mark.skipif(os.name != "posix", reason="a folder in use cannot be removed here")
def test_a_current_folder_that_is_gone_is_no_matter(set_up: SetUp, tmp_path: Path) -> None:
    phone = set_up("gateway")
    (tmp_path / "gone").mkdir()
    os.chdir(tmp_path / "gone")
    os.rmdir(tmp_path / "gone")
    assert textmyself("hello").sent
    os.chdir(tmp_path)
    assert len(phone.texts) == 1


# Ctrl-C at each line of the module's in the caller's thread, while no server can be looked up. With
# "in place" it is each line at all, as no thread can start and the work is done in the caller's.
AT_EACH_LINE = """
import _thread, os, socket, sys, time, traceback
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from textmyself import textmyself

look_up, may_go_on, stalls = socket.getaddrinfo, Event(), Event()

def slow_look_up(*where, **how):
    if in_place:
        raise OSError("no look-up")
    stalls.set()
    may_go_on.wait()
    return look_up(*where, **how)

def cannot_start(*_):
    raise RuntimeError("can't start new thread")

def text_until(number):
    # Ctrl-C at the line that is the number-th to be new, or once a wait has no end.
    seen, visits = set(), {}
    stalls.clear()
    def trace(frame, event, _):
        if frame.f_code.co_filename != textmyself.__code__.co_filename:
            return None
        if event == "line":
            seen.add(frame.f_lineno)
            visit = (frame, frame.f_lineno)
            visits[visit] = visits.get(visit, 0) + stalls.is_set()
            if len(seen) == number or visits[visit] == 5:
                sys.settrace(None)
                raise KeyboardInterrupt
        return trace
    sys.settrace(trace)
    try:
        receipt = textmyself("hello", confirm=0, timeout=3600)
        sys.settrace(None)
        assert in_place, receipt
    except KeyboardInterrupt as error:
        shown = traceback.TracebackException.from_exception(error, capture_locals=True)
        print(*shown.format())
        return len(seen) == number
    finally:
        sys.settrace(None)
    return False

in_place = sys.argv[1] == "in place"
socket.getaddrinfo = slow_look_up
before = _thread._count()
if in_place:
    _thread.start_new_thread = cannot_start
    # No pause before another try: each try has the same lines.
    time.sleep = lambda _: None
def text_in_its_own_thread(number):
    # As Python 3.11 may leave a handled exception behind in a thread where a trace raises another.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(text_until, number).result()

number = 1
while text_in_its_own_thread(number):
    # Each third line, and another one in each version of the file.
    number += 3
may_go_on.set()
while _thread._count() > before:
    time.sleep(0.02)
print("lines:", number)
"""


@pytest.mark.parametrize("how", ["", "in place"])
@pytest.mark.parametrize("route", ["twilio", "gateway"])
def test_ctrl_c_at_any_line_shows_no_secret_and_nothing_goes_later(
    phone: Phone, tmp_path: Path, route: str, how: str
) -> None:
    others = put_env(tmp_path, phone.settings(route))
    # A name, so that it is looked up.
    others["HTTPS_PROXY"] = f"http://localhost:{phone.twilio_port}"
    done = run_python(tmp_path, "-c", AT_EACH_LINE, how, settings=others)
    *_, last = done.stdout.splitlines()
    assert last.startswith("lines: "), done.stderr
    assert int(last.split()[1]) > 100
    assert done.stdout.count("\nKeyboardInterrupt") > 30 or "\n KeyboardInterrupt" in done.stdout
    assert_no_secret(done.stdout)
    assert (phone.messages, phone.texts) == ([], [])


def test_threads_that_are_all_one_are_not_waited_for(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As gevent has it.
    set_up("gateway")
    slept: list[float] = []
    monkeypatch.setattr(_thread, "start_new_thread", lambda work, arguments: work(*arguments))
    monkeypatch.setattr(time, "sleep", slept.append)
    assert textmyself("hello").sent
    assert slept == []


def fail(*_: object) -> None:
    raise AssertionError


@pytest.mark.parametrize("sleep", [time.sleep, fail], ids=["", "a clock of the user's raises"])
def test_a_worker_whose_thread_takes_long_to_end_holds_nobody_up(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, sleep: Callable[[float], None]
) -> None:
    has_returned = threading.Event()

    class Slow:
        def __del__(self) -> None:
            has_returned.wait(60)

    # What a thread has of its own is deleted at its end.
    of_thread, look_up = threading.local(), socket.getaddrinfo

    def look_up_and_linger(*where: Any, **how: Any) -> Any:
        of_thread.slow = Slow()
        return look_up(*where, **how)

    set_up("gateway")
    monkeypatch.setattr(socket, "getaddrinfo", look_up_and_linger)
    monkeypatch.setattr(time, "sleep", sleep)
    assert textmyself("hello").sent
    assert not has_returned.is_set()
    has_returned.set()


# First texts, each in a child of its own and each interrupted at a moment of its own.
AT_RANDOM_MOMENTS = """
import os, random, signal, sys, time, traceback
from textmyself import textmyself

signal.signal(signal.SIGALRM, signal.default_int_handler)

def text_until(moment):
    if os.fork():
        assert os.wait()[1] == 0
        return
    try:
        signal.setitimer(signal.ITIMER_REAL, moment)
        textmyself("hello", confirm=0)
        signal.setitimer(signal.ITIMER_REAL, 0)
    except KeyboardInterrupt as error:
        print(*traceback.format_exception(error))
        for frame, _ in traceback.walk_tb(error.__traceback__):
            for name, value in frame.f_locals.items():
                try:
                    print(name, "=", repr(value))
                except Exception:
                    # An object that Ctrl-C left half made, as threading's first thread: nobody can
                    # show that. Ours can be shown at any time.
                    assert type(value).__module__ != "textmyself", type(value)
    sys.stdout.flush()
    os._exit(0)

start = time.monotonic()
text_until(3600)
whole = time.monotonic() - start
for number in range(24):
    text_until(random.uniform(number, number + 1) / 24 * whole + 0.0001)
"""


@POSIX
@pytest.mark.parametrize("route", ["twilio", "gateway"])
def test_ctrl_c_at_any_moment_of_a_first_text_shows_no_secret(
    phone: Phone, tmp_path: Path, route: str
) -> None:
    done = run_python(tmp_path, "-c", AT_RANDOM_MOMENTS, settings=phone.settings(route))
    # Python itself says so where Ctrl-C strikes in a callback of its own.
    assert done.returncode == 0, done.stderr
    assert "KeyboardInterrupt" in done.stdout
    assert_no_secret(done.stdout + done.stderr)


# Any look at such a path takes an hour.
STALLED_FILES = """
import builtins, os, sys, time

def stalling(function):
    def call(path, *rest, **options):
        if "far" in str(path):
            time.sleep(3600)
        return function(path, *rest, **options)
    return call

os.stat, os.lstat, os.open = map(stalling, (os.stat, os.lstat, os.open))
# On Windows these do without those.
os.path.isfile, os.path.lexists = map(stalling, (os.path.isfile, os.path.lexists))
builtins.open = stalling(open)
start = time.monotonic()
receipt = text(timeout=10, **({"media": "far/picture.png"} if sys.argv[1:] else {}))
assert time.monotonic() - start < 20
assert receipt.sent
"""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [([], "the search for a .env took too long"), (["far"], "the picture's file took too long")],
    ids=["home", "picture"],
)
def test_a_file_system_that_stalls_does_not_hold_up_a_text(
    phone: Phone, tmp_path: Path, arguments: list[str], told: str
) -> None:
    settings = phone.settings("gateway")
    if not arguments:
        settings["XDG_CONFIG_HOME"] = str(tmp_path / "far")
    done = run_python(tmp_path, "-c", PRELUDE + STALLED_FILES, *arguments, settings=settings)
    assert done.returncode == 0, done.stderr
    assert told in done.stderr
    assert [(text.body, text.picture) for text in phone.texts] == [("hello", b"")]


STOPPED_CLOCK = """
import time
time.monotonic = time.perf_counter = lambda: 5.0
time.time = lambda: 1.8e9
"""


def test_a_clock_that_is_stopped_holds_up_no_text(phone: Phone, tmp_path: Path) -> None:
    phone.statuses = ["queued", "sent"]
    code = f"{STOPPED_CLOCK}assert text(confirm=2).status == 'sent'"
    assert run(tmp_path, code, **phone.settings("twilio")) == ""
    assert [text.body for text in phone.texts] == ["hello"]


@pytest.mark.parametrize("then", [SILENT, DRIPPING])
@pytest.mark.parametrize("route", ["twilio", "gateway"])
def test_a_clock_that_is_stopped_holds_up_no_failure(
    phone: Phone, tmp_path: Path, route: str, then: str
) -> None:
    with stranger(b"2", then) as port:
        servers = {"HTTPS_PROXY": f"http://127.0.0.1:{port}", "SMTP_PORT": str(port)}
        servers["SMTP_TLS"] = "starttls"
        code = f"{STOPPED_CLOCK}assert not text(timeout={SHORT_STALL})"
        said = run(tmp_path, code, **(phone.settings(route) | servers))
    assert said.startswith("not sent: 'hello'\n")


SUBINTERPRETER = """
import sys
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
it = interpreters.create()
run = getattr(interpreters, "exec", interpreters.run_string)
failed = run(it, "from textmyself import textmyself; print(textmyself('hello', confirm=0), flush=True)")
assert failed is None, failed
"""


@pytest.mark.skipif(
    not (find_spec("_interpreters") or find_spec("_xxsubinterpreters")),
    reason="this Python has no subinterpreters",
)
@pytest.mark.skipif(sys.version_info[:2] == (3, 12), reason="3.12.1 itself crashes: import json")
@pytest.mark.parametrize("route", ["twilio", "gateway"])
def test_a_subinterpreter_texts_or_says_why_not(phone: Phone, tmp_path: Path, route: str) -> None:
    done = run_python(tmp_path, "-c", SUBINTERPRETER, settings=phone.settings(route))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Receipt(sent=")
    assert "itself failed" not in done.stdout
    went = len(phone.texts) == 1
    assert done.stdout.startswith(f"Receipt(sent={went}, ")
    assert went or "not sent: 'hello'" in done.stderr


def put_env(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    """Write our settings into the `.env` of a folder; return the rest of them."""
    folder.mkdir(exist_ok=True)
    ours = {name: value for name, value in settings.items() if name in NAMES}
    (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in ours.items()))
    return {name: value for name, value in settings.items() if name not in NAMES}


def test_the_folder_it_was_started_in_is_looked_in_after_a_change(
    phone: Phone, tmp_path: Path
) -> None:
    settings = put_env(tmp_path / "start", phone.settings("gateway"))
    code = f"import os; os.chdir({str(tmp_path)!r}); assert text().sent"
    assert run(tmp_path / "start", code, **settings) == ""
    assert [text.body for text in phone.texts] == ["hello"]


def test_the_folder_of_a_frozen_program_is_looked_in(phone: Phone, tmp_path: Path) -> None:
    settings = put_env(tmp_path / "program", phone.settings("gateway"))
    program = str(tmp_path / "program" / "job")
    code = f"import sys; sys.frozen = True; sys.executable = {program!r}; assert text().sent"
    assert run(tmp_path, code, **settings) == ""
    assert [text.body for text in phone.texts] == ["hello"]


def test_a_logger_that_was_disabled_hides_no_failure(phone: Phone, tmp_path: Path) -> None:
    code = """
assert text().sent
import logging.config, os
logging.config.dictConfig({"version": 1, "disable_existing_loggers": True})
assert logging.getLogger("textmyself").disabled
del os.environ["MY_CARRIER"]
assert not text()
"""
    # It is there before the set-up, as after any first text that logged.
    code = "import logging; logging.getLogger('textmyself')\n" + code
    said = run(tmp_path, code, **phone.settings("gateway"))
    assert said.startswith("not sent: 'hello'\n  ")
    assert [text.body for text in phone.texts] == ["hello"]


def test_a_message_that_is_worded_like_a_failure_is_logged_like_any_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    textmyself("3 mails not sent: quota exceeded")
    [words] = caplog.messages
    assert words.startswith("not sent: '3 mails not sent: quota exceeded'\n  ")


TEXTING_LOG = """
import json, logging, logging.handlers, queue, sys

class Texting(logging.Handler):
    count = 0
    def emit(self, record):
        self.count += 1
        assert self.count < 20
        message = self.format(record)
        shape = {"whole": str, "line": lambda it: it.splitlines()[0], "json": json.dumps, "upper": str.upper}
        textmyself(shape[sys.argv[2]](message), confirm=0, timeout=10)

handler, records = Texting("ERROR"), queue.Queue()
if sys.argv[1] == "directly":
    logging.basicConfig(handlers=[handler])
    logging.error("the disk is full")
else:
    logging.basicConfig(handlers=[logging.handlers.QueueHandler(records)])
    listener = logging.handlers.QueueListener(records, handler)
    listener.start()
    logging.error("the disk is full")
    listener.stop()
    # What is logged of a text comes behind the end of the queue, and so do the texts of that.
    for _ in range(5):
        listener.start()
        listener.stop()
    assert records.empty()
print(handler.count)
"""


@pytest.mark.parametrize(
    ("how", "shape", "outcome"),
    [
        *(("directly", "whole", outcome) for outcome in ("not set up", "refused", "unknown")),
        *(("by a queue", "whole", outcome) for outcome in ("not set up", "refused", "unknown")),
        *(("by a queue", shape, "not set up") for shape in ("line", "json", "upper")),
    ],
)
def test_a_handler_that_texts_errors_comes_to_an_end(
    phone: Phone, tmp_path: Path, how: str, shape: str, outcome: str
) -> None:
    settings = {} if outcome == "not set up" else phone.settings("gateway")
    phone.smtp_replies = {".": "" if outcome == "unknown" else "554 no"}
    done = run_python(tmp_path, "-c", PRELUDE + TEXTING_LOG, how, shape, settings=settings)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) <= 2
    # Where nobody knows, the handler's own text says so.
    assert outcome == "unknown" or "the disk is full" in done.stderr.lower()
