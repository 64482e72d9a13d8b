"""The command: what it texts, prints and exits with, alone, around another command and to check."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread, Timer
from typing import TextIO

import pytest
from conftest import MODULES, environment, guard
from phone import (
    ACCOUNT_SID,
    API_KEY,
    API_SECRET,
    AUTH_TOKEN,
    SERVICE_SID,
    SMTP_PASSWORD,
    Answer,
    Phone,
    twilio_error,
)

import carriers
import textmyself as module

ROOT = Path(__file__).parents[1]
SetUp = Callable[..., Phone]
USAGE = """\
usage: textmyself [options] MESSAGE...
(textmyself --help says more)
textmyself: error: """
NOTHING_SET_UP = (
    "no way to text is set up. For Twilio, set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN "
    "and TWILIO_PHONE_NUMBER; for your carrier's gateway, MY_CARRIER, SMTP_USER and "
    "SMTP_PASSWORD; for both, MY_PHONE_NUMBER. `python -m textmyself --init` writes a file for them."
)
posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such signals and terminals")


@pytest.fixture(autouse=True)
def no_trace_of_main(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let `main` change what it changes of its process, and undo that."""
    for name in ("TEXTMYSELF_ENV", "TEXTMYSELF_DRY_RUN"):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(module, "PAUSE_SECONDS", 0.05)
    numbers = [it for it in signal.Signals if it.name in ("SIGINT", "SIGTERM", "SIGHUP")]
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


class Command:
    """The command in a Python of its own, from a copy, as the checkout may hold a `.env`."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.folder, copy = folder, folder / "copy"
        copy.mkdir()
        for name in ("textmyself.py", "carriers.py"):
            shutil.copy(MODULES / name, copy)
        self.start = [sys.executable, str(copy / "textmyself.py")]
        path = os.pathsep.join([guard(folder), str(copy)])
        self.env = {**environment(folder), "PYTHONPATH": path, "PATH": os.defpath, **settings}

    def __call__(
        self,
        *words: str | bytes,
        stdin: bytes = b"",
        status: int = 0,
        start: list[str] | None = None,
    ) -> tuple[str, str]:
        """Run it, and return what it wrote to stdout and to stderr."""
        done = subprocess.run(
            [*(start or self.start), *words],
            cwd=self.folder,
            env=self.env,
            input=stdin,
            capture_output=True,
            timeout=60,
        )
        out, err = (it.decode().replace(os.linesep, "\n") for it in (done.stdout, done.stderr))
        assert "Traceback" not in err
        assert (done.returncode, out, err) == (status, out, err)
        return out, err

    @contextmanager
    def started(self, *words: str) -> Iterator[subprocess.Popen[bytes]]:
        """Start it without a terminal, once CMD has said that it is ready."""
        with subprocess.Popen(
            [*self.start, *words],
            cwd=self.folder,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            watchdog = Timer(60, process.kill)
            watchdog.start()
            assert process.stdout
            assert process.stdout.readline() == b"ready\n"
            yield process
            process.wait()
            watchdog.cancel()


@pytest.fixture
def command(phone: Phone, tmp_path: Path) -> Command:
    return Command(tmp_path, phone.settings("twilio"))


def bodies(phone: Phone) -> list[str]:
    """Return what was texted; how many seconds a command took is not ours to say."""
    return [re.sub(r" \d+ s$", " N s", text.body) for text in phone.texts]


def refused(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    """Return what the command says of arguments that it does not take, without the usage."""
    with pytest.raises(SystemExit) as caught:
        module.main([*argv])
    assert caught.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(USAGE)
    return err.removeprefix(USAGE).rstrip("\n")


# Texting


def test_words_are_texted_and_it_says_by_what_and_how(command: Command, phone: Phone) -> None:
    out, err = command("The", "boring", "task is", "finished.")
    assert (out, err) == ("sent by Twilio, delivered, 1 segment\n", "")
    assert bodies(phone) == ["The boring task is finished."]


def test_python_m_textmyself_does_the_same(command: Command, phone: Phone) -> None:
    out, err = command("hello", start=[sys.executable, "-m", "textmyself"])
    assert (out, err) == ("sent by Twilio, delivered, 1 segment\n", "")
    assert bodies(phone) == ["hello"]


@pytest.mark.parametrize(
    ("words", "body"),
    [
        (["it's", '"done"', "`now`", "$HOME", "\\n", "*"], 'it\'s "done" `now` $HOME \\n *'),
        (["two  blanks", "two\nlines"], "two  blanks two\nlines"),
        (["fünf 🎉 日本"], "fünf 🎉 日本"),
        (["-5", "degrees"], "-5 degrees"),
        (["--", "--help", "-x"], "--help -x"),
        (["a", "-", "b"], "a - b"),
        (["--", "see", "--run", "make"], "see --run make"),
    ],
)
def test_words_arrive_as_they_were_typed(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], words: list[str], body: str
) -> None:
    phone = set_up("twilio")
    assert module.main([*words]) == 0
    assert [text.body for text in phone.texts] == [body]
    assert capsys.readouterr() == ("sent by Twilio, delivered, 1 segment\n", "")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no words that are not Unicode")
def test_a_word_that_is_no_unicode_is_texted_as_far_as_it_goes(
    command: Command, phone: Phone
) -> None:
    command.env["PYTHONUTF8"] = "1"
    command(b"caf\xe9")
    assert bodies(phone) == ["caf\N{REPLACEMENT CHARACTER}"]


def test_a_dash_reads_standard_input(command: Command, phone: Phone) -> None:
    out, _ = command("-", stdin="Gr\N{LATIN SMALL LETTER U WITH DIAERESIS}ße\n  two\n".encode())
    assert out == "sent by Twilio, delivered, 1 segment\n"
    assert bodies(phone) == ["Grüße\n  two"]


def test_standard_input_that_is_no_unicode_is_texted_as_far_as_it_goes(
    command: Command, phone: Phone
) -> None:
    command("-", stdin=b"caf\xe9")
    assert bodies(phone) == ["caf\N{REPLACEMENT CHARACTER}"]


def test_standard_input_that_is_closed_is_empty(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("twilio")
    monkeypatch.setattr(sys, "stdin", None)
    assert module.main(["-"]) == 2
    assert caplog.messages == [
        "not sent: ''\n  the message is empty. Give it a character that can be seen."
    ]
    assert phone.texts == []


def test_the_arguments_are_those_of_the_process_unless_it_is_given_some(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("twilio")
    monkeypatch.setattr(sys, "argv", ["textmyself", "hello"])
    assert module.main() == 0
    assert bodies(phone) == ["hello"]


@pytest.mark.parametrize(
    ("route", "message", "line"),
    [
        ("twilio", "a" * 161, "sent by Twilio, delivered, 2 segments\n"),
        ("twilio", "word " * 700, "sent by Twilio, delivered, 25 segments\n"),
        ("gateway", "hello", "sent by the gateway, accepted, 1 mail\n"),
        ("gateway", "a" * 1601, "sent by the gateway, accepted, 2 mails\n"),
    ],
)
def test_the_segments_that_are_billed_are_counted_or_else_the_mails(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], route: str, message: str, line: str
) -> None:
    set_up(route)
    assert module.main([message]) == 0
    assert capsys.readouterr().out == line


def test_a_text_that_is_refused_is_a_sentence_on_stderr(command: Command, phone: Phone) -> None:
    phone.script = [twilio_error(400, 21610, "STOP")]
    assert command("hello", status=1) == (
        "",
        "not sent: 'hello'\n"
        "  Twilio: your phone blocks this sender, as by answering STOP (21610). Text START from "
        "your phone to the number in TWILIO_PHONE_NUMBER.\n",
    )


def test_a_text_that_went_another_way_says_so_on_stderr(command: Command, phone: Phone) -> None:
    command.env |= phone.settings("gateway")
    phone.script = [twilio_error(400, 21610, "STOP")]
    assert command("hello") == (
        "sent by the gateway, accepted, 1 mail\n",
        "sent by gateway, accepted: 'hello'\n"
        "  Twilio: your phone blocks this sender, as by answering STOP (21610). Text START from "
        "your phone to the number in TWILIO_PHONE_NUMBER.\n",
    )


def test_a_text_that_may_have_gone_was_not_sent(
    set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {".": ""}
    assert module.main(["hello"]) == 1
    assert caplog.messages == [
        "perhaps sent: 'hello'\n"
        "  gateway: localhost broke off when it had got the text, which may arrive."
    ]


def test_one_text_too_many_in_an_hour_is_not_sent(set_up: SetUp) -> None:
    phone = set_up("twilio", TEXTMYSELF_MAX_PER_HOUR="1")
    assert [module.main(["hello"]), module.main(["again"])] == [0, 1]
    assert len(phone.texts) == 1


def test_without_settings_it_says_what_to_set(tmp_path: Path) -> None:
    out, err = Command(tmp_path, {})("hello", status=2)
    assert out == ""
    first, second = err.splitlines()
    assert first == "not sent: 'hello'"
    assert second.startswith("  " + NOTHING_SET_UP)


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ([], "there is nothing to text or to run"),
        (["--dry-run"], "there is nothing to text or to run"),
        (["--run"], "there is nothing to text or to run"),
        (["--media", "picture.png", "--run", "--"], "there is nothing to text or to run"),
        (["hello", "--nothing"], "unrecognized arguments: --nothing"),
        (["--dry", "hello"], "unrecognized arguments: --dry"),
        (["--confirm", "x", "hello"], "argument --confirm: invalid float value: 'x'"),
        (["--timeout", "x", "hello"], "argument --timeout: invalid float value: 'x'"),
        (["--media"], "argument --media: expected one argument"),
        (["--env", "none.env", "hello"], "--env: there is no such file"),
        (["--check", "hello"], "there is no use for 'hello'"),
        (["--init", "hello"], "there is no use for 'hello'"),
        (["hello", "--run", "make"], "there is no use for 'hello'"),
        (["--check", "--init"], "argument --init: not allowed with argument --check"),
        (["--check", "--run", "make"], "argument --run: not allowed with argument --check"),
        (["--run", "--dry-run", "make"], "options go before --run"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_a_sentence(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], argv: list[str], words: str
) -> None:
    phone = set_up("twilio")
    assert refused(capsys, *argv) == words
    assert phone.requests == []


def test_a_message_that_is_empty_is_wrong_usage_and_a_time_that_is_none_sends_nothing(
    set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("twilio")
    assert [module.main([""]), module.main(["--timeout", "0", "hello"])] == [2, 1]
    no_time = "Twilio: there was no time left for api.twilio.com. Give it a longer timeout."
    assert caplog.messages == [
        "not sent: ''\n  the message is empty. Give it a character that can be seen.",
        f"not sent: 'hello'\n  {no_time}",
    ]
    assert phone.requests == []


def test_media_is_a_picture_or_its_address(set_up: SetUp, tmp_path: Path) -> None:
    phone = set_up("twilio", "gateway")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    assert module.main(["--media", str(tmp_path / "picture.png"), "look"]) == 0
    assert module.main(["look", "--media", "https://example.com/picture.png"]) == 0
    assert module.main(["--media", "https://example.com/picture.png"]) == 0
    assert [(text.route, text.body, text.picture) for text in phone.texts] == [
        ("gateway", "look", b"\x89PNG"),
        ("twilio", "look", "https://example.com/picture.png"),
        ("twilio", "", "https://example.com/picture.png"),
    ]


def test_timeout_ends_the_wait_for_a_server_that_says_nothing(
    set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("twilio")
    phone.script = [Answer(silent=True)] * 9
    assert module.main(["--timeout", "1", "hello"]) == 1
    assert caplog.messages == [
        "perhaps sent: 'hello'\n"
        "  Twilio: api.twilio.com did not answer in time. Check this machine's network. "
        "Whether the text went cannot be found out."
    ]


def test_confirm_0_does_not_wait(set_up: SetUp, capsys: pytest.CaptureFixture[str]) -> None:
    set_up("twilio")
    assert module.main(["--confirm", "0", "hello"]) == 0
    assert capsys.readouterr().out == "sent by Twilio, queued, 1 segment\n"


def test_confirm_in_a_pipe_says_the_end_only(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = set_up("twilio")
    phone.statuses = ["queued", "sending", "sent", "delivered"]
    assert module.main(["--confirm", "30", "hello"]) == 0
    assert capsys.readouterr().out == "sent by Twilio, delivered, 1 segment\n"


def test_env_names_the_file_with_the_settings(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    phone = set_up("twilio", MY_PHONE_NUMBER=None)
    (tmp_path / "my.env").write_text("MY_PHONE_NUMBER=+15559998887\n")
    monkeypatch.chdir(tmp_path)
    assert module.main(["--env", "my.env", "hello"]) == 0
    assert [text.to for text in phone.texts] == ["+15559998887"]


def test_dry_run_shows_what_would_be_sent(command: Command, phone: Phone) -> None:
    assert command("--dry-run", "hello") == (
        "",
        "dry run: 'hello'\n  Twilio to ...8888: 'hello' (5 GSM-7 units, segments: 1)\n",
    )
    assert phone.requests == []


def test_letters_that_stdout_lacks_are_shown_as_stderr_does(command: Command) -> None:
    command.env |= {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    assert command("--carriers", "Telebec")[0].startswith("T\\xe9l\\xe9bec (CA): ")


def test_version_is_that_of_the_module(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        module.main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr() == (f"textmyself {module.__version__}\n", "")


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_fits_a_small_terminal_and_has_three_examples(
    capsys: pytest.CaptureFixture[str], option: str
) -> None:
    with pytest.raises(SystemExit) as caught:
        module.main([option])
    assert caught.value.code == 0
    out, err = capsys.readouterr()
    assert err == ""
    lines = out.splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) < 24  # one is left for the prompt
    examples = out.partition("examples:\n")[2].partition("\n\n")[0].splitlines()
    assert [example.count("textmyself") for example in examples] == [1, 1, 1]


def test_help_names_each_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        module.main(["--help"])
    named = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    taken = "help version run check init carriers media confirm timeout env dry-run"
    assert named == {f"--{name}" for name in taken.split()}


def test_ctrl_c_ends_it_without_a_traceback(monkeypatch: pytest.MonkeyPatch, set_up: SetUp) -> None:
    class Typed:
        class buffer:  # noqa: N801 -- as sys.stdin has it
            @staticmethod
            def read() -> bytes:
                raise KeyboardInterrupt

    phone = set_up("twilio")
    monkeypatch.setattr(sys, "stdin", Typed)
    assert module.main(["-"]) == 130
    assert phone.texts == []


# What a reader of stdout does, and a disk


@contextmanager
def nobody_reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let stdout be a pipe that nobody reads any more."""
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w", encoding="utf-8") as file:
        monkeypatch.setattr(sys, "stdout", file)
        yield


def test_a_text_is_sent_though_nobody_reads_that(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("twilio")
    with nobody_reads(monkeypatch):
        assert module.main(["hello"]) == 0
    with nobody_reads(monkeypatch):  # of what was a terminal
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        assert module.main(["--confirm", "5", "hello again"]) == 0
    assert bodies(phone) == ["hello", "hello again"]


def test_a_command_is_run_though_nobody_reads_what_will_not_be_texted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with nobody_reads(monkeypatch):
        monkeypatch.setattr(sys, "stderr", sys.stdout)
        assert module.main(["--run", "touch", str(tmp_path / "done")]) == 0
    assert (tmp_path / "done").exists()


def test_a_list_that_nobody_reads_ends(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with nobody_reads(monkeypatch):
        module.main(["--carriers"])
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
def test_a_disk_that_is_full_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with open("/dev/full", "w", encoding="utf-8") as file:
        monkeypatch.setattr(sys, "stdout", file)
        assert module.main(["--carriers"]) == 1
    assert capsys.readouterr().err == "textmyself: No space left on device.\n"


def test_without_a_stdout_it_texts(set_up: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = set_up("twilio")
    monkeypatch.setattr(sys, "stdout", None)
    assert module.main(["hello"]) == 0
    assert bodies(phone) == ["hello"]


@pytest.mark.parametrize("stdout", [True, False])
def test_standard_input_that_cannot_be_read_is_a_sentence(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, stdout: bool
) -> None:
    phone = set_up("twilio")
    with (
        open(os.open(tmp_path / "in", os.O_WRONLY | os.O_CREAT)) as write_only,
        open(tmp_path / "out", "w", encoding="utf-8") as out,
        open(tmp_path / "err", "w", encoding="utf-8") as err,
    ):
        monkeypatch.setattr(sys, "stdin", write_only)
        monkeypatch.setattr(sys, "stdout", out if stdout else None)
        monkeypatch.setattr(sys, "stderr", err)
        assert module.main(["-"]) == 1
    assert (tmp_path / "err").read_text() == "textmyself: Bad file descriptor.\n"
    assert phone.texts == []


@posix
@pytest.mark.parametrize("words", ["--carriers", "hello"])
def test_head_ends_it_without_a_traceback(command: Command, words: str) -> None:
    line = f'"$0" "$1" {words} | head -n 1 >&2; echo >&2'
    for head in (line, line.replace("head -n 1", "true")):
        _, err = command(start=["sh", "-c", head, *command.start])
        assert len(err.splitlines()) <= 2


# On a terminal


class Terminal:
    """A pseudo-terminal with the command on it, which gets what is typed there."""

    def __init__(self, command: Command, *words: str) -> None:
        # Whoever starts it makes it the terminal that Ctrl-C comes from, which Popen cannot.
        claim = (
            "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
            "os.execvp(sys.argv[1], sys.argv[1:])"
        )
        self.master, slave = os.openpty()
        self.shown = b""
        self.process = subprocess.Popen(
            [sys.executable, "-c", claim, *command.start, *words],
            cwd=command.folder,
            env=command.env,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self.watchdog = Timer(60, self.process.kill)
        self.watchdog.start()

    def read_until(self, words: bytes) -> None:
        while words not in self.shown:
            self.shown += os.read(self.master, 1024)

    def type(self, letters: bytes) -> None:
        os.write(self.master, letters)

    def end(self) -> tuple[int, list[str]]:
        """Return the exit status, and the lines that were shown."""
        try:
            while more := os.read(self.master, 1024):
                self.shown += more
        except OSError:  # as Linux has it when nobody is on it any more
            pass
        os.close(self.master)
        status = self.process.wait()
        self.watchdog.cancel()
        return status, self.shown.decode().replace("\r\n", "\n").splitlines()


@posix
def test_confirm_on_a_terminal_shows_each_status_as_it_comes(
    command: Command, phone: Phone
) -> None:
    phone.statuses = ["queued", "sending", "sent", "delivered"]
    status, lines = Terminal(command, "--confirm", "30", "hello").end()
    assert status == 0
    assert lines[:-1] == ["sending ...", "sent ...", "delivered ..."]
    assert re.fullmatch(r"sent by Twilio, delivered, 1 segment, after \d+\.\d s", lines[-1])


@posix
def test_on_a_terminal_without_confirm_there_is_one_line(command: Command) -> None:
    assert Terminal(command, "hello").end() == (0, ["sent by Twilio, delivered, 1 segment"])


def state_of(pid: int) -> str:
    """Return a process's state, as T for one that is stopped."""
    return subprocess.check_output(["ps", "-o", "stat=", "-p", str(pid)], text=True)


# Around another command

COUNT_SIGNALS = """
import signal, sys, time
name = sys.argv[1]
came = []
signal.signal(getattr(signal, name), lambda *_: came.append(name))
print("ready", flush=True)
while not came:
    time.sleep(0.02)
time.sleep(0.5)  # in which a second one would come
print(*came)
sys.exit(3)
"""


@pytest.fixture
def counter(command: Command) -> list[str]:
    """A command that counts the signals that it gets."""
    (command.folder / "count.py").write_text(COUNT_SIGNALS)
    return [sys.executable, "-I", "-S", "count.py"]


@posix
@pytest.mark.parametrize(
    ("words", "status", "body"),
    [
        (["true"], 0, "true: done in N s"),
        (["sh", "-c", "exit 3"], 3, "sh -c 'exit 3': failed (exit 3) after N s"),
        (["sh", "-c", "kill -9 $$"], 137, "killed by SIGKILL (out of memory?) after N s"),
        (["sh", "-c", "kill -15 $$"], 143, "killed by SIGTERM after N s"),
        (["sh", "-c", "kill -6 $$"], 134, "killed by SIGABRT after N s"),
        (["--", "true", "--", "x"], 0, "true -- x: done in N s"),
        (["true", "a", "--", "--run"], 0, "true a -- --run: done in N s"),
        (["true", "--dry-run", "--c", "-x"], 0, "true --dry-run --c -x: done in N s"),
        (["true", "two words"], 0, "true 'two words': done in N s"),
    ],
    ids=lambda it: " ".join(it) if isinstance(it, list) else "",
)
def test_run_texts_how_it_ended_and_exits_as_it_did(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], words: list[str], status: int, body: str
) -> None:
    phone = set_up("twilio")
    assert module.main(["--run", *words]) == status
    [texted] = bodies(phone)
    assert texted.endswith(body)
    assert texted.startswith(words[0] if words[0] != "--" else words[1])
    assert capsys.readouterr() == ("", "")


@pytest.mark.skipif(not hasattr(signal, "SIGRTMIN"), reason="there are no real-time signals")
def test_run_knows_a_signal_that_has_no_name(set_up: SetUp) -> None:
    phone = set_up("twilio")
    number = signal.SIGRTMIN + 5
    assert module.main(["--run", "sh", "-c", f"kill -{number} $$"]) == 128 + number
    assert bodies(phone)[0].endswith(f": killed by signal {number} after N s")


def test_run_of_what_is_not_there(set_up: SetUp, capsys: pytest.CaptureFixture[str]) -> None:
    phone = set_up("twilio")
    assert module.main(["--run", "no-such-command", "x"]) == 127
    assert bodies(phone) == ["no-such-command x: No such file or directory (exit 127)"]
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("no-such-command: ")
    assert len(err.splitlines()) == 1


@posix
def test_run_of_what_is_not_executable(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    phone = set_up("twilio")
    (tmp_path / "notes").touch(mode=0o644)
    assert module.main(["--run", str(tmp_path / "notes")]) == 126
    assert bodies(phone)[0].endswith("notes: Permission denied (exit 126)")
    assert capsys.readouterr() == ("", f"{tmp_path / 'notes'}: Permission denied.\n")


def test_run_shortens_a_long_command_line(set_up: SetUp) -> None:
    phone = set_up("twilio")
    words = ["none", *map(str, range(100, 200))]
    assert module.main(["--run", *words]) == 127
    whole = " ".join(words)
    assert bodies(phone) == [
        f"{whole[:60]} ... {whole[-35:]}: No such file or directory (exit 127)"
    ]
    assert module.main(["--run", "none", "x" * 95]) == 127
    assert bodies(phone)[1] == f"none {'x' * 95}: No such file or directory (exit 127)"


@posix
def test_run_leaves_input_output_and_exit_status_alone(command: Command, phone: Phone) -> None:
    script = r"cat; printf 'a\0b'; echo no >&2; exit 5"
    out, err = command("--run", "sh", "-c", script, stdin=b"in\r\n\n", status=5)
    assert (out, err) == ("in\r\n\na\0b", "no\n")
    assert len(phone.texts) == 1


@posix
def test_run_exits_as_the_command_did_also_if_it_cannot_text(
    command: Command, phone: Phone
) -> None:
    phone.script = [twilio_error(400, 21610, "STOP")]
    out, err = command("--run", "sh", "-c", "echo out; exit 5", status=5)
    assert out == "out\n"
    first, second = err.splitlines()
    assert first.startswith("not sent: \"sh -c 'echo out; exit 5': failed (exit 5) after ")
    assert second.startswith("  Twilio: your phone blocks this sender")


@posix
def test_run_without_settings_runs_all_the_same(tmp_path: Path) -> None:
    out, err = Command(tmp_path, {})("--run", "echo", "out")
    assert out == "out\n"
    first, _, last = err.partition("not sent: 'echo out: done in ")
    assert first.startswith("this will not be texted:\n  no way to text is set up.")
    assert "no way to text is set up." in last


@posix
def test_run_dry_shows_what_would_be_texted(command: Command, phone: Phone) -> None:
    out, err = command("--dry-run", "--run", "sh", "-c", "exit 4", status=4)
    assert out == ""
    assert err.startswith("dry run: \"sh -c 'exit 4': failed (exit 4) after ")
    assert phone.requests == []


@posix
def test_ctrl_c_while_it_texts_ends_that_but_not_how_the_command_ended(
    set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("twilio")
    phone.script = [Answer(silent=True)]

    def interrupt() -> None:
        while not phone.requests:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    thread = Thread(target=interrupt)
    thread.start()
    assert module.main(["--timeout", "4", "--run", "sh", "-c", "exit 3"]) == 3
    thread.join()
    assert caplog.messages == []  # as it would say in the end that there was no answer


@posix
def test_a_signal_that_is_ignored_stays_so(set_up: SetUp) -> None:
    set_up("twilio")
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    assert module.main(["--run", "sh", "-c", "kill -HUP $$; exit 4"]) == 4
    assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN


@posix
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_reaches_the_command_once(
    command: Command, phone: Phone, counter: list[str], name: str
) -> None:
    with command.started("--run", *counter, name) as process:
        process.send_signal(getattr(signal, name))
        assert process.communicate(timeout=60) == (f"{name}\n".encode(), b"")
    assert process.returncode == 3
    assert bodies(phone)[0].endswith(f"count.py {name}: failed (exit 3) after N s")


@posix
@pytest.mark.parametrize(("name", "status"), [("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_command_that_a_signal_ends_is_told_of(
    command: Command, phone: Phone, name: str, status: int
) -> None:
    words = "echo ready; exec sleep 60"
    with command.started("--run", "sh", "-c", words) as process:
        process.send_signal(getattr(signal, name))
    assert process.returncode == status
    assert bodies(phone) == [f"sh -c '{words}': killed by {name} after N s"]


@posix
def test_a_signal_while_the_command_is_being_started_reaches_it(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = subprocess.Popen

    def start_late(command: list[str]) -> object:
        process = start(command)
        os.kill(os.getpid(), signal.SIGTERM)
        return process

    phone = set_up("twilio")
    monkeypatch.setattr(subprocess, "Popen", start_late)
    assert module.main(["--run", "sleep", "60"]) == 143
    assert bodies(phone) == ["sleep 60: killed by SIGTERM after N s"]


@posix
def test_what_nohup_ignores_the_command_ignores_too(command: Command, phone: Phone) -> None:
    script = 'trap \'\' HUP; exec "$0" "$@"'
    command.start = ["sh", "-c", script, *command.start]
    with command.started("--run", "sh", "-c", "echo ready; kill -HUP $$ $PPID; exit 4") as process:
        pass
    assert process.returncode == 4
    assert len(phone.texts) == 1


@posix
def test_ctrl_c_on_a_terminal_reaches_the_command_once(
    command: Command, phone: Phone, counter: list[str]
) -> None:
    terminal = Terminal(command, "--run", *counter, "SIGINT")
    terminal.read_until(b"ready")
    terminal.type(b"\x03")
    status, lines = terminal.end()
    assert (status, lines) == (3, ["ready", "^CSIGINT"])
    assert bodies(phone)[0].endswith(": failed (exit 3) after N s")


@posix
def test_ctrl_c_reaches_it_once_also_if_standard_input_is_a_pipe(
    command: Command, phone: Phone, counter: list[str]
) -> None:
    command.start = ["sh", "-c", 'cat /dev/null | "$0" "$@"', *command.start]
    terminal = Terminal(command, "--run", *counter, "SIGINT")
    terminal.read_until(b"ready")
    terminal.type(b"\x03")
    _, lines = terminal.end()
    assert lines == ["ready", "^CSIGINT"]


@posix
def test_the_command_is_on_the_terminal(command: Command) -> None:
    code = "import sys; print(*(it.isatty() for it in (sys.stdin, sys.stdout, sys.stderr)))"
    status, lines = Terminal(command, "--run", sys.executable, "-I", "-S", "-c", code).end()
    assert (status, lines) == (0, ["True True True"])


@posix
@pytest.mark.parametrize("name", ["SIGSTOP", "SIGTSTP"])
def test_it_ends_rightly_after_a_stop_of_both(command: Command, phone: Phone, name: str) -> None:
    # A group without a parent in its session, as under setsid, takes no SIGTSTP.
    group = "import os, sys; os.setpgrp(); os.execvp(sys.argv[1], sys.argv[1:])"
    command.start = [sys.executable, "-c", group, *command.start]
    words = "echo $$ > pid; echo ready; kill -STOP $$; echo goes on; exit 6"
    with command.started("--run", "sh", "-c", words) as process:
        process.send_signal(getattr(signal, name))
        child = int((command.folder / "pid").read_text())
        for pid in (process.pid, child):
            while "T" not in state_of(pid):
                time.sleep(0.02)
        assert phone.texts == []
        for pid in (process.pid, child):
            os.kill(pid, signal.SIGCONT)
        assert process.communicate(timeout=60) == (b"goes on\n", b"")
    assert process.returncode == 6
    assert bodies(phone) == [f"sh -c '{words}': failed (exit 6) after N s"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (0.4, "0 s"),
        (59, "59 s"),
        (59.6, "1 m 0 s"),
        (60, "1 m 0 s"),
        (123, "2 m 3 s"),
        (3600, "1 h 0 m"),
        (7980, "2 h 13 m"),
        (86399, "23 h 59 m"),
        (90000, "1 d 1 h"),
        (8640000, "100 d 0 h"),
    ],
)
def test_a_time_is_said_in_its_two_largest_units(seconds: float, words: str) -> None:
    assert module._duration(seconds) == words


# --check


def check(capsys: pytest.CaptureFixture[str], status: int = 0) -> list[str]:
    """Return what `--check` prints below the line with the places that it looked at."""
    assert module.main(["--check"]) == status
    out, err = capsys.readouterr()
    assert err == ""
    first, *lines = out.splitlines()
    assert first.startswith(("Settings come from the environment", "Looked in the environment"))
    return lines


TWILIO_SETTINGS = [
    "  MY_PHONE_NUMBER=...8888 (environment)",
    "  TWILIO_ACCOUNT_SID=*** (environment)",
    "  TWILIO_AUTH_TOKEN=*** (environment)",
    "  TWILIO_PHONE_NUMBER=...1111 (environment)",
]
GATEWAY_SETTINGS = [
    "  MY_PHONE_NUMBER=...8888 (environment)",
    "  MY_CARRIER=Google Fi (environment)",
    "  SMTP_USER=you@gmail.com (environment)",
    "  SMTP_PASSWORD=*** (environment)",
    "  SMTP_HOST=localhost (environment)",
]
OWNED = "Twilio: TWILIO_PHONE_NUMBER is a number of this account."


def after_settings(lines: list[str]) -> list[str]:
    return [line for line in lines if not line.startswith("  ")]


def test_check_logs_in_at_both_routes_and_texts_nothing(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = set_up("twilio", "gateway")
    lines = check(capsys)
    assert lines[:4] == TWILIO_SETTINGS
    assert lines[4:8] == GATEWAY_SETTINGS[1:]
    assert lines[8:] == [
        f"  SMTP_PORT={phone_port(lines)} (environment)",
        "  SMTP_TLS=implicit (environment)",
        "Twilio: the account is active.",
        OWNED,
        "Twilio: ready.",
        "gateway: localhost takes the log-in.",
        "gateway: Google Fi takes texts.",
        "gateway: ready.",
    ]
    assert {request.method for request in phone.requests} == {"GET"}
    assert phone.texts == []


def phone_port(lines: list[str]) -> str:
    """Return the mail server's port, which looks like a phone number."""
    return next(line for line in lines if "SMTP_PORT" in line).partition("=")[2].split()[0]


def test_check_says_where_each_setting_is_from(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    set_up("twilio", MY_PHONE_NUMBER=None, TWILIO_AUTH_TOKEN=None)
    file = tmp_path / "my.env"
    file.touch(mode=0o600)
    file.write_text(
        f"MY_PHONE_NUMBER=5559998888\nTWILIO_AUTH_TOKEN={AUTH_TOKEN}\nTWILIO_ACCOUNT_SID=other\n"
    )
    assert module.main(["--env", str(file), "--check"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"Settings come from the environment and {file}.",
        "  MY_PHONE_NUMBER=...8888 (file)",
        "  TWILIO_ACCOUNT_SID=*** (environment)",
        "  TWILIO_AUTH_TOKEN=*** (file)",
        "  TWILIO_PHONE_NUMBER=...1111 (environment)",
        "Twilio: the account is active.",
        OWNED,
        "Twilio: ready.",
    ]


def test_check_shows_no_secret_and_no_whole_number(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(
        "twilio",
        "gateway",
        TWILIO_API_KEY=API_KEY,
        TWILIO_API_SECRET=API_SECRET,
        TWILIO_MESSAGING_SERVICE_SID=SERVICE_SID,
        MY_GATEWAY="5559998888@vtext.com",
        SMTP_FROM="5559998888@example.com",
    )
    shown = "\n".join(check(capsys))
    for secret in (ACCOUNT_SID, AUTH_TOKEN, API_KEY, API_SECRET, SERVICE_SID, SMTP_PASSWORD):
        assert secret not in shown
    assert "9998888" not in shown
    assert "0001111" not in shown
    assert "  MY_GATEWAY=...8888@vtext.com (environment)\n" in shown


def test_check_of_nothing_says_what_to_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert module.main(["--check"]) == 2
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith(f"{NOTHING_SET_UP} Looked in the environment, ")


def test_check_of_half_a_route_says_what_is_missing(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = set_up("twilio", TWILIO_AUTH_TOKEN=None)
    [line] = after_settings(check(capsys, 2))
    assert line.startswith("Twilio: TWILIO_AUTH_TOKEN not set. Looked in the environment, ")
    assert phone.requests == []


def test_check_is_glad_of_one_route_that_is_ready(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = set_up("twilio", "gateway", TWILIO_AUTH_TOKEN="wrong")
    assert after_settings(check(capsys)) == [
        "Twilio: not ready: Twilio does not know this account with this password (20003). Check "
        "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or TWILIO_API_KEY and TWILIO_API_SECRET.",
        "gateway: localhost takes the log-in.",
        "gateway: Google Fi takes texts.",
        "gateway: ready.",
    ]
    assert phone.texts == []


NO_TEXTS = Answer(200, '{"messages": []}')


def test_check_tells_a_trial_account(set_up: SetUp, capsys: pytest.CaptureFixture[str]) -> None:
    phone = set_up("twilio")
    phone.script = [NO_TEXTS, Answer(200, '{"type": "Trial", "status": "active"}')]
    assert after_settings(check(capsys)) == [
        "Twilio: the account is active, but a trial, which cannot send your own words: upgrade it.",
        OWNED,
        "Twilio: ready.",
    ]


def test_check_tells_an_account_that_cannot_be_read(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = set_up("twilio")
    phone.script = [NO_TEXTS, Answer(503, "<html>")]
    assert after_settings(check(capsys, 2)) == [
        "Twilio: not ready: api.twilio.com answered 503, no reason given. "
        "See https://status.twilio.com, or whether a proxy or a log-in page is in between.",
    ]


def test_check_takes_no_web_page_for_twilio(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = set_up("twilio")
    phone.script = [Answer(200, "<html>Log in</html>")] * 3
    [line] = after_settings(check(capsys, 2))
    assert line.startswith("Twilio: not ready: api.twilio.com answered 200, no reason given. See ")


def test_check_tells_a_server_that_says_nothing(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("twilio")
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.5)
    phone.script = [Answer(silent=True)]
    assert after_settings(check(capsys, 2)) == [
        "Twilio: not ready: api.twilio.com did not answer in time. Check this machine's network."
    ]


def test_check_is_content_with_an_api_key_that_may_not_read_the_account(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("twilio", TWILIO_AUTH_TOKEN=None, TWILIO_API_KEY=API_KEY, TWILIO_API_SECRET=API_SECRET)
    assert after_settings(check(capsys)) == [
        "Twilio: the API key is taken, but may not read what state the account is in.",
        OWNED,
        "Twilio: ready.",
    ]


def test_check_tells_an_api_key_that_is_wrong(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("twilio", TWILIO_API_KEY=API_KEY, TWILIO_API_SECRET="wrong")
    [line] = after_settings(check(capsys, 2))
    assert line.startswith("Twilio: not ready: Twilio does not know this account with this ")


def test_check_tells_a_sender_that_is_not_the_accounts(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("twilio", TWILIO_PHONE_NUMBER="+15550002222")
    assert after_settings(check(capsys)) == [
        "Twilio: the account is active.",
        "Twilio: TWILIO_PHONE_NUMBER is no number of this account: correct it.",
        "Twilio: ready.",
    ]


def test_check_does_not_blame_a_sender_that_could_not_be_looked_up(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = set_up("twilio")
    account = Answer(200, '{"type": "Full", "status": "active"}')
    phone.script = [NO_TEXTS, account, twilio_error(403, 70051, "not allowed")]
    assert after_settings(check(capsys))[1] == ("Twilio: TWILIO_PHONE_NUMBER cannot be looked up.")


@pytest.mark.parametrize(
    "sender",
    [
        {"TWILIO_PHONE_NUMBER": "whatsapp:+15550001111"},
        {"TWILIO_PHONE_NUMBER": "Textmyself"},
        {"TWILIO_MESSAGING_SERVICE_SID": SERVICE_SID},
    ],
    ids=["WhatsApp", "a name", "a service"],
)
def test_check_looks_up_no_sender_that_is_no_plain_number(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], sender: dict[str, str]
) -> None:
    set_up("twilio", **sender)
    assert after_settings(check(capsys)) == ["Twilio: the account is active.", "Twilio: ready."]


def test_check_tells_of_the_last_five_texts_and_why_one_did_not_arrive(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = set_up("twilio")
    texts = [
        {"to": "+15550009999", "date_created": "Fri", "status": "delivered"},
        {"to": "+15559998888", "date_created": "Thu", "status": "delivered"},
        {
            "to": "+15559998888",
            "date_created": "Wed",
            "status": "undelivered",
            "error_code": 30034,
        },
        {"to": "+15559998888", "date_created": "Tue", "status": "failed", "error_code": None},
        *[{"to": "+15559998888", "date_created": "Mon", "status": "sent"}] * 4,
    ]
    phone.script = [Answer(200, json.dumps({"messages": texts}))]
    assert after_settings(check(capsys)) == [
        "Twilio: the account is active.",
        OWNED,
        "Twilio: the text of Thu was delivered.",
        "Twilio: the text of Wed was undelivered: your Twilio number is not registered for texting "
        "US phones (30034). Register it (A2P 10DLC, as a Sole Proprietor) in the Twilio console "
        "under Messaging > Regulatory Compliance.",
        "Twilio: the text of Tue was failed: the text was failed. See why in the Twilio console's "
        "log.",
        "Twilio: the text of Mon was sent.",
        "Twilio: the text of Mon was sent.",
        "Twilio: ready.",
    ]


def test_check_tells_a_log_in_that_the_mail_server_refuses(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = set_up("gateway", SMTP_PASSWORD="wrong")
    assert after_settings(check(capsys, 2)) == [
        "gateway: not ready: localhost does not take SMTP_USER with SMTP_PASSWORD (535 5.7.8 "
        "Authentication credentials invalid). Make an app password for this program.",
    ]
    assert phone.texts == []


def test_check_tells_a_mail_server_that_is_not_at_ease_after_the_log_in(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {"NOOP": "421 4.3.2 going down"}
    [line] = after_settings(check(capsys, 2))
    assert line == (
        "gateway: not ready: localhost does not take it now (421 4.3.2 going down). Text again "
        "later."
    )


def test_check_tells_a_carrier_whose_gateway_is_closed(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("gateway", MY_CARRIER="AT&T")
    assert after_settings(check(capsys, 2)) == [
        "gateway: AT&T closed its gateway on 2025-06-17 "
        "(att.com/support/article/wireless/KM1061254). "
        "Set MY_GATEWAY to an e-mail address that reaches you."
    ]


def test_check_tells_an_address_at_a_gateway_that_is_closed(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("gateway", MY_GATEWAY="5559998888@txt.att.net")
    assert after_settings(check(capsys))[:2] == [
        "gateway: localhost takes the log-in.",
        "gateway: txt.att.net was a gateway of AT&T and FirstNet, and is closed "
        "(att.com/support/article/wireless/KM1061254).",
    ]


def test_check_tells_a_carrier_of_which_little_is_known(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = set_up("gateway", MY_CARRIER="Kajeet")
    assert after_settings(check(capsys)) == [
        "gateway: localhost takes the log-in.",
        "gateway: nobody has shown lately that Kajeet's SMS gateway delivers "
        "(github.com/mfitzp/List_of_SMS_gateways). See whether the text arrives.",
        "gateway: ready.",
    ]
    assert phone.texts == []


def test_check_of_a_relay_that_wants_no_password(
    set_up: SetUp, phone: Phone, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(
        "gateway",
        SMTP_USER=None,
        SMTP_PASSWORD=None,
        SMTP_FROM="you@example.com",
        SMTP_TLS="none",
        SMTP_PORT=str(phone.plain_port),
        MY_GATEWAY="you@example.org",
    )
    assert after_settings(check(capsys)) == ["gateway: localhost.", "gateway: ready."]


@posix
def test_check_warns_of_a_file_that_others_may_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "my script" / ".env"
    file.parent.mkdir()
    file.write_text("MY_GATEWAY=you@example.org\n")
    monkeypatch.setenv("TEXTMYSELF_ENV", str(file))
    warning = f"warning: others can read {file}. Run: chmod 600 '{file}'"
    for mode in (0o644, 0o640, 0o604):
        file.chmod(mode)
        assert warning in check(capsys, 2)
    file.chmod(0o600)
    assert [line for line in check(capsys, 2) if "warning" in line] == []


@pytest.mark.skipif(not shutil.which("git"), reason="there is no git")
def test_check_warns_of_a_file_that_git_tracks(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "script" / ".env"
    file.touch(mode=0o600)
    file.write_text("MY_GATEWAY=you@example.org\n")
    subprocess.run(["git", "init", "-q", "."], check=True)
    before = check(capfd, 2)
    subprocess.run(["git", "add", ".env"], check=True)
    warning = f"warning: git tracks {file}. Run: git rm --cached {file}"
    assert [line for line in check(capfd, 2) if line not in before] == [warning]


def test_check_needs_no_git(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "script" / ".env"
    file.touch(mode=0o600)
    file.write_text("MY_GATEWAY=you@example.org\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert [line for line in check(capsys, 2) if "git tracks" in line] == []


# --init


def test_init_writes_the_commented_settings_for_nobody_else_to_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "home" / "textmyself" / ".env"
    assert module.main(["--init"]) == 0
    assert capsys.readouterr() == (
        f'{file} is written. Fill in one route, then run: textmyself --env "{file}" --check\n',
        "",
    )
    assert file.read_text() == (ROOT / ".env.example").read_text()
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.parent.stat().st_mode & 0o777 == 0o700


def test_what_init_writes_sets_nothing_and_says_so_until_it_is_filled_in(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    phone = set_up("twilio", MY_PHONE_NUMBER=None)
    module.main(["--init"])
    assert module.main(["hello"]) == 2
    file = tmp_path / "home" / "textmyself" / ".env"
    file.write_text(file.read_text().replace("NUMBER=\n", "NUMBER=5559998888\n", 1))
    assert module.main(["hello"]) == 0
    assert bodies(phone) == ["hello"]


def test_init_leaves_a_file_that_is_there_as_it_is(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "my.env"
    file.write_text("mine")
    assert module.main(["--env", str(file), "--init"]) == 2
    assert capsys.readouterr() == ("", f"{file} is there already, and left as it is. Fill it in.\n")
    assert file.read_text() == "mine"


def test_init_writes_the_file_that_env_names(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert module.main(["--init", "--env", "new.env"]) == 0
    file = tmp_path / "script" / "new.env"
    assert capsys.readouterr().out.startswith(f"{file} is written. ")
    assert file.read_text() == (ROOT / ".env.example").read_text()


@pytest.mark.parametrize("where", ["file/.env", "file/folder/.env"])
def test_init_where_no_folder_can_be_made_is_a_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, where: str
) -> None:
    (tmp_path / "file").touch()
    path = os.path.join(tmp_path, *where.split("/"))
    assert module.main(["--env", path, "--init"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"{path} cannot be written: ")
    assert len(err.splitlines()) == 1


# --carriers


def test_carriers_lists_the_whole_phone_book(capsys: pytest.CaptureFixture[str]) -> None:
    assert module.main(["--carriers"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert len(out.splitlines()) == len(carriers.GATEWAYS)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["Google", "Fi"], ["Google Fi"]),
        (["verizon", "prep"], ["Verizon"]),
        (["Verison"], ["Verizon"]),
    ],
)
def test_carriers_finds_a_name_be_it_misspelled(
    capsys: pytest.CaptureFixture[str], words: list[str], names: list[str]
) -> None:
    assert module.main(["--carriers", *words]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(" (")[0] for line in lines] == names


def test_carriers_that_nobody_knows_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert module.main(["--carriers", "Banana Phone Company"]) == 2
    assert capsys.readouterr() == (
        "",
        "carriers.py knows no such carrier. Set MY_GATEWAY to an e-mail address that reaches you.\n",
    )


def test_carriers_without_the_phone_book_is_a_sentence(tmp_path: Path) -> None:
    command = Command(tmp_path, {})
    os.remove(tmp_path / "copy" / "carriers.py")
    (tmp_path / "carriers.py").write_text("raise ImportError")
    out, err = command("--carriers", status=2)
    assert out == ""
    assert err.startswith("carriers.py is not beside textmyself.py, ")


def test_run_says_before_the_command_that_nothing_will_be_texted(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert module.main(["--run", "sh", "-c", "echo worked >&2"]) == 0
    before, worked, _ = capfd.readouterr().err.partition("worked\n")
    assert before.startswith("this will not be texted:\n  no way to text is set up.")
    assert worked


def test_run_says_before_the_command_which_settings_are_missing(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MY_CARRIER", "Google Fi")
    assert module.main(["--run", "true"]) == 0
    said = capfd.readouterr().err
    assert said.startswith("this will not be texted:\n  gateway: MY_PHONE_NUMBER and SMTP_USER")


# The same in this process, where coverage sees it


@pytest.fixture
def terminal_file() -> Iterator[tuple[int, TextIO]]:
    """A pseudo-terminal: its master's descriptor, and the file of whoever is on it."""
    master, slave = os.openpty()
    with open(slave, "w", encoding="utf-8") as file:
        yield master, file
    os.close(master)


@posix
def test_confirm_shows_each_status_where_stdout_is_a_terminal(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, terminal_file: tuple[int, TextIO]
) -> None:
    set_up("twilio")
    master, file = terminal_file
    monkeypatch.setattr(sys, "stdout", file)
    assert module.main(["--confirm", "30", "hello"]) == 0
    shown = b""
    while b" s\r\n" not in shown:
        shown += os.read(master, 1000)
    assert shown.startswith(b"sent ...\r\ndelivered ...\r\nsent by Twilio, ")


def test_dry_run_texts_nothing(set_up: SetUp, caplog: pytest.LogCaptureFixture) -> None:
    phone = set_up("twilio")
    assert module.main(["hello", "--dry-run"]) == 0
    assert caplog.messages[0].startswith("dry run: 'hello'\n  Twilio to ...8888: 'hello' (")
    assert phone.requests == []


@posix
def test_a_signal_is_passed_on_unless_the_terminal_does_that(set_up: SetUp) -> None:
    set_up("twilio")
    words = "sleep 1; kill -{} $PPID; sleep 1; exit 4"
    assert module.main(["--run", "sh", "-c", words.format("TERM")]) == 143
    assert module.main(["--run", "sh", "-c", words.format("INT")]) == 4


def test_the_file_run_as_a_script_is_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["textmyself.py", "--carriers", "Google Fi"])
    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(MODULES / "textmyself.py"), run_name="__main__")
    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith("Google Fi (US): ")
