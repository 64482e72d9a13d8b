"""Anywhere in a program: at its exit, in a child, given up on, interrupted, half installed."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from types import ModuleType
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

import textmyself as module
from textmyself import textmyself

SetUp = Callable[..., Phone]
PRELUDE = """
from functools import partial
from textmyself import textmyself
text = partial(textmyself, "hello", confirm=0)
"""


def run(folder: Path, code: str, **settings: str) -> str:
    """Run `code`, which has a `text` that texts hello; return what it wrote to stderr."""
    done = run_python(folder, "-W", "error", "-c", PRELUDE + code, settings=settings)
    assert (done.returncode, done.stdout) == (0, "")
    return done.stderr


to_come = pytest.mark.xfail(reason="to come", strict=False)
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


@pytest.mark.parametrize("then", [SILENT, DRIPPING])
@pytest.mark.parametrize("place", SOME_PLACES)
def test_a_stalled_server_holds_it_up_nowhere(
    phone: Phone, tmp_path: Path, place: str, then: str
) -> None:
    with stranger(b"2", then) as port:
        settings = {**phone.settings("gateway"), "SMTP_PORT": str(port), "SMTP_TLS": "starttls"}
        said = run(tmp_path, f"text.keywords['timeout'] = 1\n{PLACES[place]}", **settings)
    assert said.startswith("not sent: 'hello'\n  gateway: ")


def test_a_stalled_look_up_does_not_hold_up_the_exit(phone: Phone, tmp_path: Path) -> None:
    stall = "import socket, time; socket.getaddrinfo = lambda *_, **__: time.sleep(3600)\n"
    code = f"{stall}text.keywords['timeout'] = 1\n{PLACES['atexit']}"
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


start_thread = threading.Thread.start


def cannot_start(thread: threading.Thread) -> None:
    """Start only the threads of the make-believe servers."""
    if "serve_forever" not in threading.current_thread().name:
        raise RuntimeError("can't create new thread at interpreter shutdown")
    start_thread(thread)


def test_it_works_where_no_thread_can_start(set_up: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = set_up("gateway")
    monkeypatch.setattr(threading.Thread, "start", cannot_start)
    assert textmyself("hello").sent
    assert [text.body for text in phone.texts] == ["hello"]


@POSIX
def test_a_silent_server_is_left_even_where_no_thread_can_start(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stranger(b"") as port:
        set_up("gateway", SMTP_PORT=str(port))
        monkeypatch.setattr(threading.Thread, "start", cannot_start)
        before = signal.getsignal(signal.SIGALRM)
        [problem] = textmyself("hello", timeout=1).problems
    assert "did not answer in time" in problem
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_it_works_in_a_thread_where_no_other_can_start(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("gateway")
    with ThreadPoolExecutor(1) as pool:
        pool.submit(monkeypatch.setattr, threading.Thread, "start", cannot_start).result()
        assert pool.submit(textmyself, "hello").result().sent
    assert [text.body for text in phone.texts] == ["hello"]


@pytest.mark.parametrize("route", ["twilio", "gateway"])
def test_a_first_address_that_leads_nowhere_leaves_time_for_the_second(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, route: str
) -> None:
    look_up = socket.getaddrinfo
    with socket.socket() as nowhere, ExitStack() as waiting:
        nowhere.bind(("127.0.0.1", 0))
        nowhere.listen(0)
        for _ in range(4):  # more than it lets in, so that nobody else is answered
            other = waiting.enter_context(socket.socket())
            other.setblocking(False)
            other.connect_ex(nowhere.getsockname())

        def two_addresses(host: str, port: int, *rest: Any, **options: Any) -> Any:
            found = look_up("127.0.0.1", port, *rest, **options)
            return look_up(*nowhere.getsockname(), *rest, **options) + found

        phone = set_up(route)
        monkeypatch.setattr(socket, "getaddrinfo", two_addresses)
        assert textmyself("hello", confirm=0, timeout=8).sent
    assert [text.body for text in phone.texts] == ["hello"]


@pytest.mark.parametrize("route", ["twilio", "gateway"])
def test_a_text_that_was_given_up_on_does_not_go_later(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, route: str
) -> None:
    look_up, given_up = socket.getaddrinfo, threading.Event()

    def slow_look_up(*where: Any, **how: Any) -> Any:
        given_up.wait()
        return look_up(*where, **how)

    phone = set_up(route)
    monkeypatch.setattr(socket, "getaddrinfo", slow_look_up)
    before = set(threading.enumerate())
    receipt = textmyself("hello", timeout=0.5)
    assert receipt.status == "not sent"
    given_up.set()
    for thread in set(threading.enumerate()) - before:
        thread.join()
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
        pytest.param("gateway", WITH_LOCALS, marks=to_come),
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
    assert AUTH_TOKEN not in said
    assert SMTP_PASSWORD not in said
    assert MY_NUMBER[2:] not in said


def test_a_logging_py_of_the_users_hurts_nobody(phone: Phone, tmp_path: Path) -> None:
    (tmp_path / "logging.py").write_text("")
    code = "import sys; sys.path.insert(0, '.'); sys.modules.pop('logging', 0); text()"
    said = run(tmp_path, code)
    assert said.startswith("not sent: 'hello'\n  no way to text is set up.")


def test_a_logging_py_of_the_users_stops_no_route_but_twilio(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("twilio", "gateway")
    monkeypatch.setitem(sys.modules, "logging", ModuleType("logging"))
    [problem] = textmyself("hello").problems
    assert problem.startswith("Twilio: ")
    assert [text.route for text in phone.texts] == ["gateway"]


@pytest.mark.parametrize("fault", ["raise AttributeError('X509')", "raise SystemExit(3)"])
@pytest.mark.parametrize("package", ["twilio", "dotenv"])
def test_a_package_that_is_broken_is_named_and_hurts_no_other_route(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, package: str, fault: str
) -> None:
    phone = set_up("twilio", "gateway")
    (tmp_path / "script" / ".env").write_text(f"MY_PHONE_NUMBER={MY_NUMBER}\n")
    (tmp_path / f"{package}.py").write_text(fault)
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    [problem] = textmyself("hello", confirm=0).problems
    assert f"{package} is missing" in problem
    assert [text.route for text in phone.texts] == ["gateway" if package == "twilio" else "twilio"]


@pytest.mark.skipif(os.name != "posix", reason="a folder in use cannot be removed here")
def test_a_current_folder_that_is_gone_is_no_matter(set_up: SetUp, tmp_path: Path) -> None:
    phone = set_up("gateway")
    (tmp_path / "gone").mkdir()
    os.chdir(tmp_path / "gone")
    os.rmdir(tmp_path / "gone")
    assert textmyself("hello").sent
    os.chdir(tmp_path)
    assert len(phone.texts) == 1


@POSIX
def test_a_ring_at_the_very_end_hurts_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading.Thread, "start", cannot_start)
    before = signal.getsignal(signal.SIGALRM)
    for tenth in range(300):

        def work(_: object, end: float = time.monotonic() + 0.001 + (tenth - 150) / 1e6) -> str:
            while time.monotonic() < end:
                pass
            return "done"

        with suppress(module._RouteError):  # which says that it did not answer in time
            assert module._bounded(work, 0.001) == "done"
        assert signal.getsignal(signal.SIGALRM) == before


@POSIX
def test_a_ring_that_the_work_does_not_catch_ends_there() -> None:
    def spin() -> None:
        while True:
            pass

    before = signal.getsignal(signal.SIGALRM)
    module._ring(spin, 0.01, [])
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
