"""A hostile place to be called in: no thread starts, a module is hidden, nothing can be written.

The other tests of this kind start a process of their own; these are calls in this one, so that it
is seen that they reach the lines that are there for such a place.
"""

from __future__ import annotations

import io
import logging
import runpy
import signal
import socket
import socketserver
import struct
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from conftest import MODULES, run_python
from phone import MY_NUMBER, SMTP_PASSWORD, Answer, Phone, twilio_error

import textmyself as module
from textmyself import textmyself

SetUp = Callable[..., Phone]


@pytest.fixture
def no_thread_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no thread start by _thread, as while Python exits; the phone's are those of threading."""

    def start_new_thread(*_: object) -> int:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("_thread.start_new_thread", start_new_thread)


def test_a_text_goes_where_there_is_no_memory_for_a_thread(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start_new_thread(*_: object) -> int:
        raise MemoryError

    phone = set_up("gateway")
    monkeypatch.setattr("_thread.start_new_thread", start_new_thread)
    assert textmyself("hello").sent
    assert [text.body for text in phone.texts] == ["hello"]


def test_an_old_python_is_told_which_one_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    with pytest.raises(ImportError, match=r"textmyself needs Python 3\.10 or later"):
        runpy.run_path(str(MODULES / "textmyself.py"))


@pytest.mark.parametrize("route", ["twilio", "gateway"])
def test_a_text_goes_where_no_thread_can_start(
    set_up: SetUp, no_thread_starts: None, route: str
) -> None:
    phone = set_up(route)
    assert textmyself("hello", confirm=0).sent
    assert [text.body for text in phone.texts] == ["hello"]


def test_the_command_texts_where_no_thread_can_start(
    set_up: SetUp, no_thread_starts: None, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = set_up("gateway")
    assert module.main(["hello"]) == 0
    assert [text.body for text in phone.texts] == ["hello"]
    assert capsys.readouterr().out == "sent by the gateway, accepted, 1 e-mail\n"


def test_ctrl_c_where_no_thread_can_start_shows_neither_number_nor_password(
    set_up: SetUp, no_thread_starts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> Any:
        raise KeyboardInterrupt

    phone = set_up("gateway")
    monkeypatch.setattr("socket.getaddrinfo", interrupt)
    with pytest.raises(KeyboardInterrupt) as caught:
        textmyself("hello")
    shown = "".join(
        traceback.TracebackException.from_exception(caught.value, capture_locals=True).format()
    )
    assert "address = '***'" in shown
    assert MY_NUMBER[2:] not in shown
    assert SMTP_PASSWORD not in shown
    assert phone.texts == []


def test_a_traceback_module_that_fails_hides_no_failure(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("no traceback today")

    set_up("gateway", SMTP_PORT="9")
    monkeypatch.setattr("traceback.format_exception", fail)
    [problem] = textmyself("hello").problems
    assert problem == "gateway: localhost:9 failed on this machine (ConnectionRefusedError)."


@pytest.mark.parametrize("route", ["twilio", "gateway"])
def test_a_traceback_module_that_fails_hides_no_doubt(
    route: str, set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("no traceback today")

    phone = set_up(route)
    phone.script = [Answer(drop=True, create=True)] * 9
    phone.smtp_replies = {".": ""}
    monkeypatch.setattr("traceback.format_exception", fail)
    receipt = textmyself("hello")
    assert receipt.status == "unknown"
    assert "may already have the text" in receipt.problems[0]
    assert len(phone.texts) == 1


def test_modules_that_cannot_be_looked_at_hide_no_failure(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Lazy:
        def __getattr__(self, name: str) -> None:
            raise RuntimeError("not loaded yet")

    def fail(*_: object, **__: object) -> None:
        raise ValueError("patched")

    phone = set_up("gateway")
    monkeypatch.setitem(sys.modules, "lazy", Lazy())
    monkeypatch.setattr("socket.create_connection", fail)
    [problem] = textmyself("hello").problems
    assert (
        problem == f"gateway: localhost:{phone.implicit_port} failed on this machine (ValueError)."
    )


def test_a_program_without_arguments_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(sys, "argv")
    [problem] = textmyself("hello").problems
    assert problem.startswith("no way to text is set up. ")


def test_a_message_with_methods_of_its_own_is_sent(set_up: SetUp) -> None:
    class Own(str):
        __slots__ = ()

        def __str__(self) -> str:
            return self

        def strip(self, *_: object) -> None:  # type: ignore[override]
            return None

    phone = set_up("gateway")
    assert textmyself(Own("hello")).sent
    assert [text.body for text in phone.texts] == ["hello"]


def test_threading_is_imported_by_the_thread_that_calls(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("gateway")
    monkeypatch.delitem(sys.modules, "threading")
    assert textmyself("hello").sent
    # Another one than is kept here, and it knows this thread as the main one.
    again = sys.modules["threading"]
    assert again.current_thread() is again.main_thread()
    assert len(phone.texts) == 1


def test_a_script_called_dotenv_does_not_run_again_where_python_dotenv_is_missing(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "script" / "dotenv.py"
    script.write_text("raise AssertionError('it runs again')\n")
    (tmp_path / "script" / ".env").write_text("MY_CARRIER=Koodo\n")
    set_up("gateway")
    monkeypatch.setattr("__main__.__file__", str(script))
    for name in [name for name in sys.modules if name.partition(".")[0] == "dotenv"]:
        monkeypatch.delitem(sys.modules, name)
    others = [path for path in sys.path if not path.endswith("-packages")]
    monkeypatch.setattr(sys, "path", [str(script.parent), *others])
    problems = textmyself("hello").problems
    assert any("Run: pip install python-dotenv." in problem for problem in problems)


def test_a_module_of_the_script_that_hides_an_installed_one_is_named(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = ModuleType("dotenv")
    own.__file__ = str(tmp_path / "script" / "dotenv.py")
    monkeypatch.setitem(sys.modules, "dotenv", own)
    (tmp_path / "script" / ".env").write_text("MY_CARRIER=Koodo\n")
    set_up("gateway")
    problems = " ".join(textmyself("hello").problems)
    assert f"{own.__file__} is in the way of the module dotenv that this needs." in problems


def test_a_handler_that_texts_whatever_is_logged_texts_once(set_up: SetUp) -> None:
    receipts = []

    class Texting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            receipts.append(textmyself("trouble"))

    set_up("twilio", TWILIO_AUTH_TOKEN="wrong")
    handler = Texting(logging.ERROR)
    logging.getLogger("textmyself").addHandler(handler)
    try:
        assert not textmyself("hello")
    finally:
        logging.getLogger("textmyself").removeHandler(handler)
    assert [receipt.status for receipt in receipts] == ["not sent"]


class Broken(io.StringIO):
    """An output that takes nothing, and is no file of the system's."""

    def flush(self) -> None:
        raise OSError("no space left")


def test_a_stderr_of_the_programs_own_that_takes_nothing_hurts_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stderr", Broken())
    monkeypatch.setattr(logging.getLogger("textmyself"), "disabled", True)
    receipt = textmyself("hello")
    assert receipt.status == "not sent"
    assert receipt.problems[0].startswith("no way to text is set up.")


def test_a_connection_that_is_closed_already_is_left_like_any_other(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_up = threading.Event()

    def close_and_stall(server: Any, *_: object) -> None:
        server.file.close()
        server.sock.close()
        given_up.wait(60)
        raise OSError

    phone = set_up("gateway")
    monkeypatch.setattr("smtplib.SMTP.ehlo", close_and_stall)
    [problem] = textmyself("hello", timeout=4).problems
    given_up.set()
    assert f"localhost:{phone.implicit_port} did not answer in time." in problem
    assert phone.texts == []


def test_a_frozen_program_without_the_phone_book_says_what_to_do(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("gateway")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.delitem(sys.modules, "textmyself.carriers")
    # So that there is none to import.
    monkeypatch.setitem(sys.modules, "carriers", None)
    problems = " ".join(textmyself("hello").problems)
    assert "carriers.py is not in this program." in problems
    assert "set MY_GATEWAY and SMTP_HOST" in problems
    assert phone.texts == []


def test_port_465_begins_with_tls_whatever_is_usual_at_that_mail_server(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("gateway", SMTP_USER="you@icloud.com", SMTP_PORT="465", SMTP_HOST=None)
    monkeypatch.delenv("SMTP_TLS")
    look_up = sys.modules["socket"].getaddrinfo

    def lead_to_the_phone(host: str, port: int, *rest: Any, **options: Any) -> Any:
        assert (host, port) == ("smtp.mail.me.com", 465)
        return look_up("127.0.0.1", phone.implicit_port, *rest, **options)

    monkeypatch.setattr("socket.getaddrinfo", lead_to_the_phone)
    [problem] = textmyself("hello").problems
    # The phone's certificate has another name, and is shown only where TLS has begun.
    assert "smtp.mail.me.com:465 shows a certificate for another name." in problem


def test_a_second_try_that_is_refused_asks_once_more_for_the_first(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway")
    # The first was made, and is listed late.
    phone.script = [
        Answer(503, create=True),
        Answer(200, '{"messages": []}'),
        twilio_error(400, 21610, "STOP"),
    ]
    receipt = textmyself("hello", confirm=0)
    assert [text.route for text in phone.texts] == ["twilio"]
    assert (receipt.sent, receipt.ids) == (True, (phone.messages[0]["sid"],))


def test_a_second_try_that_is_lost_at_once_goes_by_the_gateway(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway")
    lost = '{"sid": "SM1", "status": "failed", "error_code": 30007}'
    phone.script = [Answer(503), Answer(200, '{"messages": []}'), Answer(201, lost)]
    receipt = textmyself("hello", confirm=0)
    assert [text.route for text in phone.texts] == ["gateway"]
    assert receipt.route == "gateway"
    assert "(30007)" in receipt.problems[-1]


@pytest.mark.skipif(not hasattr(signal, "SIGCHLD"), reason="this system has no such signal")
def test_run_knows_how_it_ended_where_children_are_ignored(set_up: SetUp) -> None:
    phone = set_up("gateway")
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert module.main(["--run", sys.executable, "-c", "raise SystemExit(7)"]) == 7
        assert signal.getsignal(signal.SIGCHLD) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGCHLD, before)
    assert "failed (exit 7)" in phone.texts[0].body


def test_an_address_shows_no_whole_number_of_mine(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("gateway", MY_PHONE_NUMBER=None, MY_CARRIER=None, MY_GATEWAY="5559998888@vtext.com")
    assert module.main(["--dry-run", "hello"]) == 0
    module.main(["--check"])
    shown = capsys.readouterr().out
    assert "...8888@vtext.com" in shown
    assert "5559998888" not in shown


def test_a_password_in_a_broken_address_of_a_server_is_not_shown(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("gateway", SMTP_HOST="smtp://me:p#ssw0rd77@127.0.0.1:9")
    module.main(["--check", "--timeout", "10"])
    assert "ssw0rd77" not in "".join(capsys.readouterr())


def test_where_all_of_logging_is_disabled_stderr_has_what_was_not_sent(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logging.disable(logging.CRITICAL)
    try:
        textmyself("hello")
    finally:
        logging.disable(logging.NOTSET)
    assert capsys.readouterr().err.startswith("not sent: 'hello'")


def test_a_stderr_that_is_no_file_and_full_hurts_nobody(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Tee:
        def write(self, text: str) -> int:
            return len(text)

        def flush(self) -> None:
            raise OSError("no space left")

    phone = set_up("gateway", MY_CARRIER="Koodo")
    monkeypatch.setattr(sys, "stderr", Tee())
    assert textmyself("hello").sent
    assert len(phone.texts) == 1


def test_a_module_that_packages_can_do_without_is_not_taken_from_the_scripts_folder(
    phone: Phone, tmp_path: Path
) -> None:
    (tmp_path / "brotli.py").write_text("print('mine')\nraise SystemExit\n")
    (tmp_path / "job.py").write_text(
        "from textmyself import textmyself\nprint(textmyself('hello', confirm=0).sent)\n"
    )
    done = run_python(tmp_path, "job.py", settings=phone.settings("twilio"))
    assert (done.stdout, done.returncode) == ("True\n", 0)


class Resetting(socketserver.StreamRequestHandler):
    """A mail server that hangs up in the middle of a mail."""

    connections = 0

    def handle(self) -> None:
        Resetting.connections += 1
        self.wfile.write(b"220 hello\r\n")
        for line in self.rfile:
            is_data = line.upper().startswith(b"DATA")
            self.wfile.write(b"354 go on\r\n" if is_data else b"250 fine\r\n")
            if is_data:
                self.rfile.read(1000)
                # So that what was not read is no orderly end.
                self.request.setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                )
                return


def test_a_mail_that_is_lost_before_its_end_is_tried_again_and_was_not_sent(set_up: SetUp) -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Resetting) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        set_up(
            "gateway",
            MY_GATEWAY="you@example.org",
            SMTP_HOST="127.0.0.1",
            SMTP_PORT=str(server.server_address[1]),
            SMTP_TLS="none",
            SMTP_USER=None,
            SMTP_PASSWORD=None,
            SMTP_FROM="you@example.com",
        )
        # More than the buffers in between can hold.
        receipt = textmyself("x" * 20_000_000)
        server.shutdown()
    assert receipt.status == "not sent"
    assert Resetting.connections == 2
