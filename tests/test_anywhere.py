"""Anywhere in a program: at its exit, in a child, given up on, interrupted, half installed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from conftest import MODULES, environment, guard
from phone import (
    AUTH_TOKEN,
    DRIPPING,
    MY_NUMBER,
    SILENT,
    SMTP_PASSWORD,
    Phone,
    stranger,
    twilio_error,
)

import textmyself as module
from textmyself import textmyself

SetUp = Callable[..., Phone]


@contextmanager
def start(folder: Path, code: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """Start an interpreter of its own that has `text`, which texts hello; its output is read."""
    prelude = (
        "from functools import partial\nfrom textmyself import textmyself\n"
        "text = partial(textmyself, 'hello', confirm=0, timeout=5)\n"
    )
    path = os.pathsep.join([str(MODULES), guard(folder)])
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", prelude + code],
        cwd=folder,
        env={**environment(folder), "PYTHONPATH": path, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()  # if it hangs


def run(folder: Path, code: str, **settings: str) -> str:
    """Run `code` likewise, and return what it wrote to stderr."""
    with start(folder, code, **settings) as process:
        out, err = process.communicate(timeout=60)  # a hang; nothing here takes so long
    assert (process.returncode, out) == (0, "")
    return err


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
    assert said.startswith("not sent: 'hello'\n  gateway: localhost")


def test_a_stalled_look_up_does_not_hold_up_the_exit(phone: Phone, tmp_path: Path) -> None:
    stall = "import socket, time; socket.getaddrinfo = lambda *_, **__: time.sleep(3600)\n"
    code = f"{stall}text.keywords['timeout'] = 1\n{PLACES['atexit']}"
    said = run(tmp_path, code, **phone.settings("gateway"))
    assert said.startswith("not sent: 'hello'\n  gateway: localhost")


def test_a_thread_that_outlives_the_main_one_texts(phone: Phone, tmp_path: Path) -> None:
    code = "import threading, time\n"
    code += "threading.Thread(target=lambda: (time.sleep(0.3), text())).start()"
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


@POSIX
def test_ctrl_c_ends_a_stalled_send_at_once(phone: Phone, tmp_path: Path) -> None:
    with stranger(b"") as port:
        settings = {**phone.settings("gateway"), "SMTP_PORT": str(port)}
        code = "text.keywords['timeout'] = 3600\nprint('texting', flush=True)\ntext()"
        with start(tmp_path, code, **settings) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(0.5)  # till it waits for the server, which is silent for ever
            process.send_signal(signal.SIGINT)
            said = process.communicate(timeout=60)[1]
    assert said.endswith("KeyboardInterrupt\n")
    assert process.returncode == -signal.SIGINT
    assert SMTP_PASSWORD not in said
    assert MY_NUMBER[2:] not in said


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
        set_up("gateway", SMTP_PORT=str(port), TEXTMYSELF_MAX_PER_HOUR="0")
        monkeypatch.setattr(threading.Thread, "start", cannot_start)
        before = signal.getsignal(signal.SIGALRM)
        [problem] = textmyself("hello", timeout=0.5).problems
    assert "did not answer in time" in problem
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


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
        assert textmyself("hello", confirm=0, timeout=4).sent
    assert [text.body for text in phone.texts] == ["hello"]


def test_a_logging_py_of_the_users_hurts_nobody(phone: Phone, tmp_path: Path) -> None:
    (tmp_path / "logging.py").write_text("")
    said = run(
        tmp_path, "import sys; sys.path.insert(0, '.'); sys.modules.pop('logging', 0); text()"
    )
    assert said.startswith("not sent: 'hello'\n  no way to text is set up.")


def test_a_logging_py_of_the_users_stops_no_route_but_twilio(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("twilio", "gateway")
    monkeypatch.setitem(sys.modules, "logging", ModuleType("logging"))
    [problem] = textmyself("hello").problems
    assert problem.startswith("Twilio: twilio is missing, or ")
    assert [text.route for text in phone.texts] == ["gateway"]


def test_it_works_in_a_thread_where_no_other_can_start(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("gateway")
    with ThreadPoolExecutor(1) as pool:
        pool.submit(monkeypatch.setattr, threading.Thread, "start", cannot_start).result()
        assert pool.submit(textmyself, "hello").result().sent
    assert [text.body for text in phone.texts] == ["hello"]


@pytest.mark.parametrize("route", ["twilio", "gateway"])
def test_a_text_that_was_given_up_on_does_not_go_later(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, route: str
) -> None:
    look_up = socket.getaddrinfo

    def slow_look_up(*where: Any, **how: Any) -> Any:
        time.sleep(0.6)
        return look_up(*where, **how)

    phone = set_up(route, TEXTMYSELF_MAX_PER_HOUR="0")
    monkeypatch.setattr(socket, "getaddrinfo", slow_look_up)
    before = set(threading.enumerate())
    receipt = textmyself("hello", timeout=0.4)
    assert receipt.status == "not sent"
    for thread in set(threading.enumerate()) - before:
        thread.join()
    assert (phone.messages, phone.texts) == ([], [])


def test_ctrl_c_passes_through_and_its_traceback_shows_no_secret(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    phone = set_up("twilio", "gateway")
    phone.script = [twilio_error(429, 20429, "Too Many Requests")]
    monkeypatch.setattr(time, "sleep", interrupted)
    with pytest.raises(KeyboardInterrupt) as caught:
        textmyself("hello")
    shown = "".join(
        traceback.TracebackException.from_exception(caught.value, capture_locals=True).format()
    )
    assert "<MY_PHONE_NUMBER, " in shown
    assert AUTH_TOKEN not in shown
    assert MY_NUMBER[2:] not in shown
    assert SMTP_PASSWORD not in shown


@pytest.mark.skipif(os.name != "posix", reason="a folder in use cannot be removed here")
def test_a_current_folder_that_is_gone_is_no_matter(set_up: SetUp, tmp_path: Path) -> None:
    phone = set_up("gateway")
    (tmp_path / "gone").mkdir()
    os.chdir(tmp_path / "gone")
    os.rmdir(tmp_path / "gone")
    assert textmyself("hello").sent
    os.chdir(tmp_path)
    assert len(phone.texts) == 1


@pytest.mark.parametrize(
    ("package", "sentence"),
    [
        (
            "dotenv",
            "settings: {env} was not used, as python-dotenv is missing. Run: pip install "
            "python-dotenv.",
        ),
        (
            "carriers",
            "gateway: carriers.py is not beside textmyself.py, or another one hides it. Put it there, or "
            "set MY_GATEWAY and SMTP_HOST.",
        ),
    ],
)
def test_what_is_missing_is_named(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, package: str, sentence: str
) -> None:
    env = tmp_path / "script" / ".env"
    env.write_text(f"MY_PHONE_NUMBER={MY_NUMBER}\n")
    set_up("gateway", MY_PHONE_NUMBER=None)
    monkeypatch.setitem(sys.modules, package, None)
    assert sentence.format(env=env) in textmyself("hello").problems


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


def test_without_carriers_py_an_address_spelled_out_works(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("gateway", MY_CARRIER=None, MY_GATEWAY="5559998888@vtext.com")
    monkeypatch.setitem(sys.modules, "carriers", None)
    assert textmyself("hello").problems == ()
    assert [text.to for text in phone.texts] == ["5559998888@vtext.com"]
