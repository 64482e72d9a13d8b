"""Anywhere in a program: at its exit, in a child, given up on, interrupted, half installed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import guard
from phone import AUTH_TOKEN, MY_NUMBER, SMTP_PASSWORD, Phone, twilio_error

from textmyself import textmyself

SetUp = Callable[..., Phone]
ROOT = Path(__file__).parents[1]


def run(phone: Phone, folder: Path, code: str, *routes: str) -> str:
    """Run `code` in an interpreter of its own, and return what it wrote to stderr."""
    path = os.pathsep.join([str(ROOT), guard(folder)])
    environment = {"PYTHONPATH": path, "HOME": str(folder), **phone.settings(*routes)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"from textmyself import textmyself\n{code}"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stderr


PLACES = {
    "atexit": "import atexit; atexit.register(textmyself, 'hello', confirm=0)",
    "excepthook": "import sys; sys.excepthook = lambda *_: textmyself('hello', confirm=0)\n"
    "try: 1 / 0\nexcept ZeroDivisionError: sys.excepthook(*sys.exc_info())",
    "asyncio": "import asyncio; asyncio.run(asyncio.to_thread(textmyself, 'hello', confirm=0))",
    "signal": "import os, signal; signal.signal(signal.SIGTERM, lambda *_: "
    "textmyself('hello', confirm=0)); os.kill(os.getpid(), signal.SIGTERM)",
    "fork": "import os\nif os.fork() == 0:\n textmyself('hello', confirm=0); os._exit(0)\nos.wait()",
}


@pytest.mark.parametrize("route", ["twilio", "gateway"])
@pytest.mark.parametrize("place", PLACES)
def test_it_works_anywhere(phone: Phone, tmp_path: Path, place: str, route: str) -> None:
    assert run(phone, tmp_path, PLACES[place], route) == ""
    assert [(text.route, text.body) for text in phone.texts] == [(route, "hello")]


def test_it_works_where_no_thread_can_start(set_up: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot_start(_: threading.Thread) -> None:
        raise RuntimeError("can't create new thread at interpreter shutdown")

    phone = set_up("gateway")
    monkeypatch.setattr(threading.Thread, "start", cannot_start)
    assert textmyself("hello").sent
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
    assert SMTP_PASSWORD not in shown


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
            "settings: {env} was not read, as python-dotenv is missing. Run: pip install "
            "python-dotenv.",
        ),
        (
            "carriers",
            "gateway: carriers.py is not beside textmyself.py, so no carrier and no mailbox is "
            "known by name. Put it there, or set MY_GATEWAY and SMTP_HOST.",
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


def test_without_carriers_py_an_address_spelled_out_works(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("gateway", MY_CARRIER=None, MY_GATEWAY="5559998888@vtext.com")
    monkeypatch.setitem(sys.modules, "carriers", None)
    assert textmyself("hello").problems == ()
    assert [text.to for text in phone.texts] == ["5559998888@vtext.com"]
