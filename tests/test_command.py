"""The command `textmyself MESSAGE...`: what it texts, prints and exits with.

First the words and where they come from, then what is said of the outcome, the options, the help
and wrong usage, at last what whoever reads or does not read its output does to it. What it does
with --run is in test_run.py, with --check, --init and --carriers in test_check.py.
"""

from __future__ import annotations

import io
import os
import re
import runpy
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from conftest import COPY, MODULES, run_python
from phone import Answer, Phone, twilio_error

import textmyself as module

SetUp = Callable[..., Phone]
USAGE = """\
usage: textmyself [options] MESSAGE...
(textmyself --help says more)
textmyself: error: """
SENT = "sent by Twilio, delivered"
SCRIPT = str(COPY / "textmyself.py")
STOPPED = twilio_error(400, 21610, "STOP")
posix_only = pytest.mark.skipif(os.name != "posix", reason="Windows has no such terminals")


@pytest.fixture(autouse=True)
def undo_what_main_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `main` change the environment, and undo that."""
    for name in ("TEXTMYSELF_ENV", "TEXTMYSELF_DRY_RUN"):
        monkeypatch.setenv(name, "")


@pytest.fixture
def phone(phone: Phone) -> Phone:
    """A phone to which texts are delivered at once, as the wait for that is shown elsewhere."""
    phone.statuses = ["delivered"]
    return phone


def bodies(phone: Phone) -> list[str]:
    return [text.body for text in phone.texts]


def type_in(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Let this be what standard input has."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="ascii"))


# The words


@pytest.mark.parametrize("start", [[SCRIPT], ["-m", "textmyself"]], ids=["a file", "-m"])
def test_words_are_texted_and_it_says_by_what_and_how(
    phone: Phone, tmp_path: Path, start: list[str]
) -> None:
    words = ("The", "boring", "task is", "finished.")
    run = run_python(tmp_path, *start, *words, settings=phone.settings("twilio"))
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith(SENT)
    assert len(run.stdout.splitlines()) == 1
    assert bodies(phone) == ["The boring task is finished."]


def test_the_file_run_as_a_script_is_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # In this process, where its coverage is measured.
    monkeypatch.setattr(sys, "argv", ["textmyself.py", "--carriers", "Google Fi"])
    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(MODULES / "textmyself.py"), run_name="__main__")
    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith("Google Fi (US): ")


def test_the_arguments_are_those_of_the_process_unless_it_is_given_some(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("twilio")
    monkeypatch.setattr(sys, "argv", ["textmyself", "hello"])
    assert module.main() == 0
    assert bodies(phone) == ["hello"]


@pytest.mark.parametrize(
    ("words", "body"),
    [
        (["it's", '"done"', "`now`", "$HOME", "\\n", "*"], 'it\'s "done" `now` $HOME \\n *'),
        (["two  blanks", "two\nlines"], "two  blanks two\nlines"),
        (["fünf 🎉 日本"], "fünf 🎉 日本"),
        (["-5", "degrees"], "-5 degrees"),
        (["--", "--help", "-x"], "--help -x"),
        (["--", "help me"], "help me"),
        (["check."], "check."),
        (["a\r\nb\rc\x0b"], "a\nb\nc"),
        (["\x1b[2K\x1b[1G 50% \x1b(B\x1b[m"], "50%"),
        (["\x1b]8;;https://example.com\x1b\\link\x1b]8;;\x1b\\"], "link"),
        (["a", "-", "b"], "a - b"),
        (["--", "see", "--run", "make"], "see --run make"),
        (["help", "me"], "help me"),
        # As Python has an argument that is no UTF-8.
        (["caf\udce9"], "caf\N{REPLACEMENT CHARACTER}"),
        (["a\tb"], "a b"),
        (["\x1b[1;31mred\x1b[0m", "\x1b]0;title\x07x"], "red x"),
    ],
)
def test_words_arrive_as_they_were_typed(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], words: list[str], body: str
) -> None:
    phone = set_up("twilio")
    assert module.main([*words]) == 0
    assert bodies(phone) == [body]
    out, err = capsys.readouterr()
    assert out.startswith(SENT)
    assert err == ""


@pytest.mark.parametrize(
    ("data", "body"),
    [
        ("Grüße\n  two\n".encode(), "Grüße\n  two"),
        (b"one\r\n\r\ntwo\r\n", "one\n\ntwo"),
        # No letter in UTF-8, nor in what Windows has instead.
        (b"caf\x81", "caf\N{REPLACEMENT CHARACTER}"),
        # What a progress bar writes, and what colours its words.
        (b"10%\r50%\r100%\n", "10%\n50%\n100%"),
        (b"\x1b[31mred\x1b[0m\n\x1b[Kleft\n", "red\nleft"),
        (b"a\tb\n\tc\n", "a b\n c"),
        ("\x9b1mfett\x9b0m\n".encode(), "fett"),
        ("\ufeffdone\r\n".encode("utf-16-le"), "done"),
    ],
)
def test_a_dash_reads_standard_input(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, data: bytes, body: str
) -> None:
    phone = set_up("twilio")
    type_in(monkeypatch, data)
    assert module.main(["-"]) == 0
    assert bodies(phone) == [body]


@posix_only
@pytest.mark.parametrize(
    ("source", "beginning", "end"),
    [
        (
            "echo beginning; head -c 200000000 /dev/zero | tr '\\0' x; echo; echo end",
            "begin",
            "end",
        ),
        ("yes", "y\n", "y"),
    ],
    ids=["200 MB", "yes"],
)
def test_standard_input_without_an_end_needs_little_memory(
    phone: Phone, tmp_path: Path, source: str, beginning: str, end: str
) -> None:
    shell = f'({source}) | (ulimit -v 600000; exec "$@")'
    run = run_python(tmp_path, SCRIPT, "-", settings=phone.settings("twilio"), shell=shell)
    assert run.returncode == 0
    # The log has more of it, where it is more than fits into a text.
    assert run.stderr == "" or run.stderr.startswith("sent by twilio, delivered: ")
    assert len(run.stderr) < 1_000_000
    [body] = bodies(phone)
    assert len(body) <= module.TWILIO_LIMIT
    assert body.startswith(beginning)
    assert body.endswith(end)
    assert "left out" in body


@pytest.mark.parametrize("limit", [1 << 28, 250_000])
def test_standard_input_keeps_its_beginning_and_its_end(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, limit: int
) -> None:
    # In this process, where its coverage is measured.
    phone = set_up("twilio")
    monkeypatch.setattr(module, "STDIN_BYTES", limit)
    type_in(monkeypatch, b"beginning\n" + b"x" * 300_000 + b"\nend\n")
    assert module.main(["-"]) == 0
    [body] = bodies(phone)
    assert body.startswith("beginning\nxxx")
    assert body.endswith("xxx\nend" if limit > 300_000 else "xxx")
    assert "characters left out ..." in body
    assert "bytes left out ..." in caplog.messages[0]


@pytest.mark.parametrize("nothing", [[""], ["-"], ["  \n"]])
def test_an_empty_message_is_wrong_usage(
    set_up: SetUp,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    nothing: list[str],
) -> None:
    phone = set_up("twilio")
    # As a daemon has it, whose standard input is closed.
    monkeypatch.setattr(sys, "stdin", None)
    assert module.main(nothing) == 2
    assert caplog.messages == [
        "not sent: ''\n  the message is empty. It needs at least one visible character."
    ]
    assert phone.requests == []


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


def test_ctrl_c_while_it_reads_ends_it_without_a_traceback(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Typed(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, _: object) -> int:
            raise KeyboardInterrupt

    phone = set_up("twilio")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Typed())))
    assert module.main(["-"]) == 130
    assert phone.texts == []


# What is said of the outcome


def test_standard_input_that_is_long_but_kept_whole_goes_to_the_log_whole(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("gateway")
    data = b"word " * 30_000
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="ascii"))
    assert module.main(["-"]) == 0
    assert [len(text.body) <= 1600 for text in phone.texts] == [True]
    assert repr(data.decode().strip()) in caplog.text


def test_a_text_that_is_refused_is_a_sentence_on_stderr(phone: Phone, tmp_path: Path) -> None:
    phone.script = [STOPPED]
    run = run_python(tmp_path, SCRIPT, "hello", settings=phone.settings("twilio"))
    assert (run.returncode, run.stdout) == (1, "")
    first, second = run.stderr.splitlines()
    assert first == "not sent: 'hello'"
    assert second.startswith("  Twilio: your phone or carrier blocks this sender")
    assert "(21610). " in second


def test_a_text_that_went_another_way_says_so_too(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("twilio", "gateway")
    phone.script = [STOPPED]
    assert module.main(["hello"]) == 0
    assert capsys.readouterr().out.startswith("sent by the gateway, accepted")
    [words] = caplog.messages
    assert words.startswith("sent by gateway, accepted: 'hello'\n  Twilio: your phone or carrier ")


def test_a_text_that_may_have_gone_was_not_sent(
    set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {".": ""}
    assert module.main(["hello"]) == 1
    [words] = caplog.messages
    assert words.startswith("perhaps sent: 'hello'\n  gateway: localhost:")


def test_settings_that_are_missing_are_told_and_are_exit_status_2(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert module.main(["hello"]) == 2
    [words] = caplog.messages
    assert words.startswith("not sent: 'hello'\n  no way to text is set up. ")
    assert "--init" in words


# Options


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


def test_confirm_0_does_not_wait(set_up: SetUp, capsys: pytest.CaptureFixture[str]) -> None:
    phone = set_up("twilio")
    phone.statuses = ["queued", "delivered"]
    assert module.main(["--confirm", "0", "hello"]) == 0
    assert capsys.readouterr().out.startswith("sent by Twilio, queued")
    assert phone.methods == ["POST"]


@pytest.mark.usefixtures("short_pauses")
def test_confirm_waits_and_says_the_end_only(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = set_up("twilio")
    phone.statuses = ["queued", "sending", "sent", "delivered"]
    assert module.main(["--confirm", "30", "hello"]) == 0
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith(SENT)


def test_timeout_ends_the_wait_for_a_server_that_says_nothing(
    set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("twilio")
    phone.script = [Answer(silent=True)] * 9
    began = time.monotonic()
    assert module.main(["--timeout", "6", "hello"]) == 1
    # Without it, the first wait of several takes so long.
    assert time.monotonic() - began < 15
    [words] = caplog.messages
    assert words.startswith(("perhaps sent: 'hello'\n  Twilio: ", "not sent: 'hello'\n  Twilio: "))


def test_a_timeout_that_is_none_sends_nothing(
    set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("twilio")
    assert module.main(["--timeout", "0", "hello"]) == 2
    [words] = caplog.messages
    assert words.startswith("not sent: 'hello'\n  settings: there was no time left ")
    assert phone.requests == []


def test_env_names_the_file_with_the_settings(set_up: SetUp, tmp_path: Path) -> None:
    phone = set_up("twilio", MY_PHONE_NUMBER=None)
    (tmp_path / "script" / "my.env").write_text("MY_PHONE_NUMBER=+15559998887\n")
    assert module.main(["--env", "my.env", "hello"]) == 0
    assert [text.to for text in phone.texts] == ["+15559998887"]


@pytest.mark.parametrize("options", [["hello"], ["--check"], ["--run", "touch", "ran"]])
@pytest.mark.parametrize("env", ["", " ", ".", "/dev/null"])
def test_an_env_that_names_no_file_is_wrong_usage_and_no_other_is_used(
    set_up: SetUp, tmp_path: Path, env: str, options: list[str]
) -> None:
    # As `--env "$FILE"` has it, where FILE is not set.
    phone = set_up("twilio", MY_PHONE_NUMBER=None)
    (tmp_path / "script" / ".env").write_text("MY_PHONE_NUMBER=+15559998888\n")
    assert module.main(["--env", env, *options]) == 2
    assert phone.requests == []
    assert not (tmp_path / "script" / "ran").exists()


@pytest.mark.parametrize("content", ["", "DEBUG=1\n", "MY_PHONE_NUBMER=+15559998887\n", None])
def test_a_file_of_env_that_sets_nothing_is_wrong_usage_and_no_other_is_used(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str | None
) -> None:
    phone = set_up("twilio", MY_PHONE_NUMBER=None)
    (tmp_path / "script" / ".env").write_text("MY_PHONE_NUMBER=+15559998888\n")
    file = tmp_path / "script" / "my.env"
    if content is not None:
        file.write_text(content)
    assert module.main(["--env", "my.env", "hello"]) == 2
    why = "sets none of the names" if file.exists() else "is not there"
    assert capsys.readouterr() == ("", f"settings: {file} was not used: it {why}.\n")
    assert phone.requests == []


def test_a_dry_run_shows_what_would_be_sent_and_sends_nothing(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("twilio")
    assert module.main(["hello", "--dry-run"]) == 0
    assert capsys.readouterr() == (
        "dry run: 'hello'\n  Twilio to ...8888: 'hello' (5 characters)\n",
        "",
    )
    assert caplog.messages == []
    assert phone.requests == []


def test_a_dry_run_has_no_tab(set_up: SetUp, capsys: pytest.CaptureFixture[str]) -> None:
    set_up("twilio")
    assert module.main(["--dry-run", "a\tb"]) == 0
    assert "'a b'" in capsys.readouterr().out


def test_version_is_that_of_the_module(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        module.main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr() == (f"textmyself {module.__version__}\n", "")


# Help, and wrong usage


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
    # One of 24 is left for the prompt.
    assert len(lines) < 24
    examples = out.partition("examples:\n")[2].partition("\n\n")[0].splitlines()
    assert [example.count("textmyself") for example in examples] == [1, 1, 1]


def test_help_names_each_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        module.main(["--help"])
    named = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    taken = "help version run check init carriers media confirm timeout env dry-run"
    assert named == {f"--{name}" for name in taken.split()}


def refused(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    """Return what the command says of arguments that it does not take, without the usage."""
    with pytest.raises(SystemExit) as caught:
        module.main([*argv])
    assert caught.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(USAGE)
    return err.removeprefix(USAGE).rstrip("\n")


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
        (["\u2013check"], "did you mean --check, with two hyphens?"),
        (["\u2014run", "make"], "did you mean --run, with two hyphens?"),
        (["\u2013dry-run", "hello"], "did you mean --dry-run, with two hyphens?"),
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


@pytest.mark.parametrize("word", ["help", "check", "init", "run", "carriers", "version"])
def test_an_option_without_its_dashes_is_not_texted_but_told(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], word: str
) -> None:
    phone = set_up("twilio")
    assert f"--{word}" in refused(capsys, word)
    assert phone.requests == []


# What becomes of its output


def test_letters_that_stdout_lacks_are_shown_as_stderr_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stdout = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stdout)
    assert module.main(["--carriers", "Telebec"]) == 0
    stdout.seek(0)
    assert stdout.read().startswith("T\\xe9l\\xe9bec (CA): ")


@contextmanager
def nobody_reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let stdout be a pipe that nobody reads any more."""
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w", encoding="utf-8") as file:
        monkeypatch.setattr(sys, "stdout", file)
        yield


@pytest.mark.parametrize("terminal", [False, True], ids=["a pipe", "what was a terminal"])
def test_a_text_is_sent_though_nobody_reads_that(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    phone = set_up("twilio")
    with nobody_reads(monkeypatch):
        monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
        assert module.main(["--confirm", "5", "hello"]) == 0
    assert bodies(phone) == ["hello"]


def test_a_stdout_that_is_closed_is_no_matter(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("twilio")
    closed = io.TextIOWrapper(io.BytesIO())
    closed.close()
    monkeypatch.setattr(sys, "stdout", closed)
    assert module.main(["hello"]) == 0
    assert bodies(phone) == ["hello"]


def test_without_a_stdout_it_texts(set_up: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = set_up("twilio")
    monkeypatch.setattr(sys, "stdout", None)
    assert module.main(["hello"]) == 0
    assert bodies(phone) == ["hello"]


def test_a_list_that_nobody_reads_ends(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with nobody_reads(monkeypatch):
        module.main(["--carriers"])
    assert capsys.readouterr().err == ""


@posix_only
@pytest.mark.parametrize("words", ["--carriers", "hello"])
@pytest.mark.parametrize("reader", ["head -n 1", "true"])
def test_head_ends_it_without_a_traceback(
    phone: Phone, tmp_path: Path, words: str, reader: str
) -> None:
    shell = f'"$@" | {reader}'
    run = run_python(tmp_path, SCRIPT, words, settings=phone.settings("twilio"), shell=shell)
    assert len(run.stdout.splitlines()) <= 1
    assert run.stderr == ""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /dev/full")
def test_a_disk_that_is_full_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with open("/dev/full", "w", encoding="utf-8") as file:
        monkeypatch.setattr(sys, "stdout", file)
        assert module.main(["--carriers"]) == 1
    assert capsys.readouterr().err == "textmyself: No space left on device.\n"


@posix_only
@pytest.mark.parametrize(
    "stderr",
    [
        "2>/dev/full",
        "2>&-",
        "2>&1 >&3 | true",
    ],
)
def test_a_stderr_that_takes_nothing_does_not_change_the_exit_status(
    tmp_path: Path, stderr: str
) -> None:
    shell = f'exec 3>&1; {{ "$@"; echo "exit $?" >&3; }} {stderr}'
    run = run_python(tmp_path, SCRIPT, "hello", shell=shell)
    assert run.stdout == "exit 2\n"


class Terminal:
    """A pseudo-terminal, and the file of whoever is on it."""

    def __init__(self) -> None:
        self.master, slave = os.openpty()
        self.file = open(slave, "w", encoding="utf-8")  # noqa: SIM115 -- until `shown`

    def shown(self) -> list[str]:
        """Return the lines that are on it; nobody else is any more."""
        self.file.close()
        shown = b""
        with suppress(OSError):
            # Which Linux raises at the end.
            while more := os.read(self.master, 1000):
                shown += more
        os.close(self.master)
        return shown.decode().splitlines()


@posix_only
def test_on_a_terminal_there_is_one_line(set_up: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up("twilio")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal.file)
    assert module.main(["hello"]) == 0
    [line] = terminal.shown()
    assert line.startswith(SENT)


@pytest.mark.parametrize(
    ("route", "message", "line"),
    [
        ("twilio", "hello", "sent by Twilio, delivered, 1 segment\n"),
        ("twilio", "a" * 161, "sent by Twilio, delivered, 2 segments\n"),
        # What is longer keeps its beginning and its end.
        ("twilio", "word " * 700, "sent by Twilio, delivered, 11 segments\n"),
        ("gateway", "hello", "sent by the gateway, accepted, 1 e-mail\n"),
        ("gateway", "a" * 1601, "sent by the gateway, accepted, 1 e-mail\n"),
    ],
)
def test_the_segments_that_twilio_bills_are_counted_or_else_the_mails(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], route: str, message: str, line: str
) -> None:
    set_up(route)
    assert module.main([message]) == 0
    assert capsys.readouterr().out == line
