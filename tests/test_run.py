"""The command `textmyself --run CMD...`: it runs CMD, texts how that ended, and exits as it did.

First how CMD may end and what cannot be run, then the words of the text, what is left as it was
(input, output, exit status), the options, at last signals and the terminal, which are CMD's.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread, Timer
from typing import Any

import pytest
from conftest import COPY, environment, run_python, start_python
from phone import Answer, Phone, twilio_error

import textmyself as module

SetUp = Callable[..., Phone]
SCRIPT = str(COPY / "textmyself.py")
STOPPED = twilio_error(400, 21610, "STOP")
posix_only = pytest.mark.skipif(os.name != "posix", reason="Windows has no such signals and shells")


@pytest.fixture(autouse=True)
def undo_what_main_sets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let `main` change the environment and what signals do, and undo that."""
    for name in ("TEXTMYSELF_ENV", "TEXTMYSELF_DRY_RUN"):
        monkeypatch.setenv(name, "")
    before = {number: signal.getsignal(number) for number in signal.valid_signals()}
    yield
    for number, handler in before.items():
        if signal.getsignal(number) != handler:
            signal.signal(number, handler)


@pytest.fixture
def phone(phone: Phone) -> Phone:
    """A phone to which texts are delivered at once, as the wait for that is shown elsewhere."""
    phone.statuses = ["delivered"]
    return phone


def bodies(phone: Phone) -> list[str]:
    """Return what was texted, without the machine's name and how many seconds it took."""
    on = f" on {re.escape(socket.gethostname().partition('.')[0])}[^:]*: "
    return [re.sub(r" \d+ s$", " N s", re.sub(on, ": ", text.body)) for text in phone.texts]


def not_there() -> str:
    """Return what this system says of a command that is not there."""
    with pytest.raises(FileNotFoundError) as caught:
        subprocess.run(["no-such-command"])
    return str(caught.value.strerror)


# How it ended


@posix_only
@pytest.mark.parametrize(
    ("words", "status", "body"),
    [
        (["true"], 0, "true: done in N s"),
        (["true", "two words"], 0, "true 'two words': done in N s"),
        (["sh", "-c", "exit 3"], 3, "sh -c 'exit 3': failed (exit 3) after N s"),
        (
            ["sh", "-c", "kill -9 $$"],
            137,
            "sh -c 'kill -9 $$': killed by SIGKILL (out of memory?) after N s",
        ),
        (["sh", "-c", "kill -15 $$"], 143, "sh -c 'kill -15 $$': killed by SIGTERM after N s"),
        (["sh", "-c", "kill -6 $$"], 134, "sh -c 'kill -6 $$': killed by SIGABRT after N s"),
        # What looks like an option of textmyself's is CMD's.
        (["--", "true", "--", "x"], 0, "true -- x: done in N s"),
        (["true", "a", "--", "--run"], 0, "true a -- --run: done in N s"),
        (["true", "--dry-run", "--c", "-x"], 0, "true --dry-run --c -x: done in N s"),
    ],
    ids=lambda it: " ".join(it) if isinstance(it, list) else "",
)
def test_it_texts_how_the_command_ended_and_exits_as_it_did(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], words: list[str], status: int, body: str
) -> None:
    phone = set_up("twilio")
    assert module.main(["--run", *words]) == status
    assert bodies(phone) == [body]
    assert capsys.readouterr() == ("", "")


@posix_only
def test_a_command_that_takes_its_time_is_waited_for(set_up: SetUp) -> None:
    phone = set_up("twilio")
    assert module.main(["--run", "sh", "-c", "sleep 0.5; exit 3"]) == 3
    assert bodies(phone) == ["sh -c 'sleep 0.5; exit 3': failed (exit 3) after N s"]


@pytest.mark.skipif(not hasattr(signal, "SIGRTMIN"), reason="there are no real-time signals")
def test_a_signal_that_has_no_name_is_told_by_its_number(set_up: SetUp) -> None:
    phone = set_up("twilio")
    number = signal.SIGRTMIN + 5
    assert module.main(["--run", "sh", "-c", f"kill -{number} $$"]) == 128 + number
    assert bodies(phone)[0].endswith(f": killed by signal {number} after N s")


def test_a_command_that_is_not_there_is_a_sentence_and_a_text(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = set_up("twilio")
    assert module.main(["--run", "no-such-command", "x"]) == 127
    assert bodies(phone) == [f"no-such-command x: {not_there()} (exit 127)"]
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("no-such-command: ")
    assert len(err.splitlines()) == 1


@posix_only
def test_a_file_that_is_not_executable_is_a_sentence_and_a_text(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    phone = set_up("twilio")
    notes = tmp_path / "notes"
    notes.touch(mode=0o644)
    told = (
        f"{notes}: Permission denied. Name the program that runs it first: --run PROGRAM {notes}\n"
    )
    assert module.main(["--run", str(notes)]) == 126
    assert bodies(phone)[0].endswith("notes: Permission denied (exit 126)")
    assert capsys.readouterr() == ("", told)


@posix_only
@pytest.mark.parametrize(
    ("content", "status"), [('test "$1" = "a b" && exit 7', 7), ("exit 0\n", 0), ("", 0)]
)
def test_a_script_without_its_interpreter_s_line_is_run_by_sh(
    set_up: SetUp, tmp_path: Path, content: str, status: int
) -> None:
    phone = set_up("twilio")
    script = tmp_path / "script" / "backup.sh"
    script.write_text(content)
    script.chmod(0o755)
    assert module.main(["--run", "./backup.sh", "a b"]) == status
    how = f"failed (exit {status}) after" if status else "done in"
    assert bodies(phone) == [f"./backup.sh 'a b': {how} N s"]


@posix_only
def test_a_script_without_that_line_is_found_on_the_path_and_gets_its_input(
    phone: Phone, tmp_path: Path
) -> None:
    script = tmp_path / "bin" / "back up"
    script.parent.mkdir()
    script.write_text('read -r line; echo "$line $*"; kill -USR1 $$\n')
    script.chmod(0o755)
    run = run_python(
        tmp_path,
        *(SCRIPT, "--run", "back up", "-x"),
        settings={**phone.settings("twilio"), "PATH": f"{script.parent}:{os.defpath}"},
        input="in\n",
    )
    assert (run.returncode, run.stdout, run.stderr) == (128 + signal.SIGUSR1, "in -x\n", "")
    assert bodies(phone) == ["'back up' -x: killed by SIGUSR1 after N s"]


@posix_only
@pytest.mark.parametrize("name", [".", "notes.d"])
def test_a_folder_is_no_command(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    phone = set_up("twilio")
    (tmp_path / "script" / "notes.d").mkdir()
    assert module.main(["--run", f"./{name}"]) == 126
    assert capsys.readouterr() == ("", f"./{name}: Permission denied.\n")
    assert len(phone.texts) == 1


@posix_only
@pytest.mark.parametrize("first", ["#!/bin/sh\r", "#!/no/such/python3"])
def test_an_interpreter_that_is_not_there_is_told_as_that(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], tmp_path: Path, first: str
) -> None:
    phone = set_up("twilio")
    script = tmp_path / "script" / "backup.sh"
    script.write_bytes(f"{first}\nexit 0\n".encode())
    script.chmod(0o755)
    assert module.main(["--run", "./backup.sh"]) == 127
    assert "interpreter" in capsys.readouterr().err
    assert len(phone.texts) == 1


@pytest.mark.parametrize(
    "line",
    [
        "make && make test",
        "cd /tmp; ls",
        "ls | wc",
        "X=1 make",
        "sleep 1 &",
        "make >log",
        "ls -la",
        "$HOME/backup",
        "./*.sh",
    ],
)
def test_a_line_for_a_shell_gets_a_hint(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    phone = set_up("twilio")
    assert module.main(["--run", line]) == 127
    assert f"--run {'cmd /c' if os.name == 'nt' else 'sh -c'} " in capsys.readouterr().err
    assert len(phone.texts) == 1


@posix_only
def test_a_path_that_leads_nowhere_gets_no_hint(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("twilio")
    assert module.main(["--run", "./nox.sh", "fast"]) == 127
    assert capsys.readouterr().err == "./nox.sh: No such file or directory.\n"


@posix_only
@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["nox.sh"], "To run the file in this folder: --run ./nox.sh"),
        (["cd", "data"], "If it is a command of the shell's: --run sh -c 'cd data'"),
        (["CC=gcc", "make"], "If it is a command of the shell's: --run sh -c 'CC=gcc make'"),
    ],
)
def test_what_only_a_shell_would_find_gets_a_hint(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], words: list[str], hint: str
) -> None:
    phone = set_up("twilio")
    Path("nox.sh").touch(mode=0o755)
    assert module.main(["--run", *words]) == 127
    assert capsys.readouterr().err == f"{words[0]}: No such file or directory. {hint}\n"
    assert len(phone.texts) == 1


# On Windows, as far as another system can show it


def main_on_windows(monkeypatch: pytest.MonkeyPatch, *argv: str) -> int:
    """Run the command while os.name is Windows'; pytest must not see that, as its paths do not."""
    with monkeypatch.context() as context:
        context.setattr(os, "name", "nt")
        return module.main([*argv])


@posix_only
def test_windows_runs_a_script_of_pythons_by_python(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("twilio")
    Path("job.py").write_text("import sys; sys.exit(int(sys.argv[1]))")
    assert main_on_windows(monkeypatch, "--run", "job.py", "5") == 5
    assert bodies(phone) == ["job.py 5: failed (exit 5) after N s"]


@posix_only
@pytest.mark.parametrize(
    ("line", "hint"), [("ver", "--run cmd /c ver"), ("ver && cd", '--run cmd /c "ver && cd"')]
)
def test_windows_own_commands_get_a_hint(
    set_up: SetUp,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    line: str,
    hint: str,
) -> None:
    set_up("twilio")
    assert main_on_windows(monkeypatch, "--run", line) == 127
    assert capsys.readouterr().err.endswith(f" {hint}\n")


@posix_only
def test_a_script_without_an_interpreter_s_line_is_not_run_by_sh_on_windows(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("twilio")
    script = Path("backup.sh")
    script.write_text("exit 0")
    script.chmod(0o755)
    assert main_on_windows(monkeypatch, "--run", "./backup.sh") == 126
    assert capsys.readouterr().err.startswith("./backup.sh: Exec format error.")


@posix_only
def test_windows_own_exit_statuses_are_told_as_they_are_known(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Crashed(subprocess.Popen[bytes]):
        def wait(self, timeout: float | None = None) -> int:
            super().wait(timeout)
            # STATUS_ACCESS_VIOLATION, as only Windows has it.
            self.returncode = 0xC0000005
            return self.returncode

    phone = set_up("twilio")
    monkeypatch.setattr(subprocess, "Popen", Crashed)
    assert main_on_windows(monkeypatch, "--run", "true") == 0xC0000005 - (1 << 32)
    assert bodies(phone) == ["true: failed (exit 0xC0000005) after N s"]


@posix_only
def test_a_key_on_windows_reaches_the_command_by_itself(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("twilio")
    assert main_on_windows(monkeypatch, "--run", "sh", "-c", "kill -INT $PPID; exit 4") == 4
    assert bodies(phone)[0].endswith(": failed (exit 4) after N s")


# The words of the text


@posix_only
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
def test_how_long_it_took_is_said_in_its_two_largest_units(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, seconds: float, words: str
) -> None:
    phone = set_up("twilio")
    # A clock that stands still, and is so much later once the command is done.
    done, began = tmp_path / "done", time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: began + seconds * done.exists())
    assert module.main(["--run", "touch", str(done)]) == 0
    assert phone.texts[0].body.endswith(f": done in {words}")


def test_a_long_command_line_is_shortened_in_its_middle(set_up: SetUp) -> None:
    phone = set_up("twilio")
    words = ["none", *map(str, range(100, 200))]
    assert module.main(["--run", *words]) == 127
    assert module.main(["--run", "none", "x" * 95]) == 127
    whole = " ".join(words)
    assert bodies(phone) == [
        f"{whole[:60]} ... {whole[-35:]}: {not_there()} (exit 127)",
        f"none {'x' * 95}: {not_there()} (exit 127)",
    ]


@posix_only
@pytest.mark.parametrize("words", [["true"], ["false"], ["no-such-command"]])
def test_the_text_names_the_machine(set_up: SetUp, words: list[str]) -> None:
    phone = set_up("twilio")
    module.main(["--run", *words])
    host = socket.gethostname().partition(".")[0]
    assert phone.texts[0].body.startswith(f"{words[0]} on {host}")


# What is left as it was


@posix_only
def test_input_output_and_exit_status_are_the_command_s(phone: Phone, tmp_path: Path) -> None:
    script = r"cat > got; printf 'a\0b'; echo no >&2; exit 5"
    run = run_python(
        tmp_path,
        *(SCRIPT, "--run", "sh", "-c", script),
        settings=phone.settings("twilio"),
        input="in\r\n\n",
    )
    assert (run.returncode, run.stdout, run.stderr) == (5, "a\0b", "no\n")
    assert (tmp_path / "got").read_bytes() == b"in\r\n\n"
    assert len(phone.texts) == 1


@posix_only
def test_the_exit_status_is_the_command_s_also_if_it_cannot_be_texted(
    set_up: SetUp, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("twilio")
    phone.script = [STOPPED]
    assert module.main(["--run", "sh", "-c", "echo out; exit 5"]) == 5
    assert capfd.readouterr() == ("out\n", "")
    [words] = caplog.messages
    assert words.startswith("not sent: \"sh -c 'echo out; exit 5'")
    assert "\n  Twilio: your phone or carrier blocks this sender" in words


@posix_only
def test_without_settings_it_runs_all_the_same(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    assert module.main(["--run", "sh", "-c", "echo out; exit 5"]) == 5
    assert capfd.readouterr().out == "out\n"
    [words] = caplog.messages
    assert words.startswith("not sent: \"sh -c 'echo out; exit 5'")
    assert "no way to text is set up. " in words


@posix_only
@pytest.mark.parametrize("status", [0, 5])
@pytest.mark.parametrize(
    "stderr",
    [
        "2>/dev/full",
        "2>&-",
        "2>&1 >&3 | true",
    ],
)
def test_a_stderr_that_takes_nothing_does_not_change_the_exit_status(
    tmp_path: Path, stderr: str, status: int
) -> None:
    shell = f'exec 3>&1; {{ "$@"; echo "exit $?" >&3; }} {stderr}'
    run = run_python(tmp_path, SCRIPT, "--run", "sh", "-c", f"exit {status}", shell=shell)
    assert run.stdout == f"exit {status}\n"


@posix_only
@pytest.mark.parametrize("stdout", [">/dev/full", ">&-", "| true"])
@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_a_stdout_that_takes_nothing_does_not_change_the_exit_status(
    phone: Phone, tmp_path: Path, stdout: str, options: list[str]
) -> None:
    shell = f'exec 3>&2; {{ "$@"; echo "exit $?" >&3; }} {stdout}'
    command = [SCRIPT, *options, "--run", "sh", "-c", "exit 5"]
    run = run_python(tmp_path, *command, settings=phone.settings("twilio"), shell=shell)
    # That a disk is full may be said.
    assert run.stderr.splitlines()[-1] == "exit 5"
    assert "Traceback" not in run.stderr
    assert len(phone.texts) == (0 if options else 1)


# Options


@posix_only
def test_a_dry_run_runs_it_and_shows_what_would_be_texted(
    set_up: SetUp, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("twilio")
    assert module.main(["--dry-run", "--run", "sh", "-c", "exit 4"]) == 4
    shown = "".join([*capfd.readouterr(), *caplog.messages])
    assert "dry run: \"sh -c 'exit 4'" in shown
    assert "failed (exit 4) after " in shown
    assert phone.requests == []


@posix_only
@pytest.mark.parametrize("named", ["mine.env", "../script/mine.env"])
def test_a_command_in_another_folder_finds_the_file_of_env(
    set_up: SetUp, tmp_path: Path, named: str
) -> None:
    set_up("twilio", MY_PHONE_NUMBER=None)
    (tmp_path / "script" / "mine.env").write_text("MY_PHONE_NUMBER=+15559998888\n")
    look = 'cd / && test -f "$TEXTMYSELF_ENV"'
    assert module.main(["--env", named, "--run", "sh", "-c", look]) == 0


@posix_only
def test_a_pipe_of_env_is_not_named_to_the_command(set_up: SetUp, tmp_path: Path) -> None:
    phone = set_up("twilio", MY_PHONE_NUMBER=None)
    reader, writer = os.pipe()
    os.write(writer, b"MY_PHONE_NUMBER=+15559998888\n")
    os.close(writer)
    look = 'test -z "$TEXTMYSELF_ENV"'
    assert module.main(["--env", f"/dev/fd/{reader}", "--run", "sh", "-c", look]) == 0
    os.close(reader)
    assert len(phone.texts) == 1


@posix_only
def test_a_pipe_of_env_sets_up_the_text_and_does_not_reach_the_command(
    phone: Phone, tmp_path: Path
) -> None:
    # As `--env <(pass show textmyself)` has it: what is read once cannot be read by another.
    settings = phone.settings("twilio")
    number = settings.pop("MY_PHONE_NUMBER")
    shell = f'echo MY_PHONE_NUMBER={number} | "$@" 3<&0 </dev/null'
    look = 'test -z "$TEXTMYSELF_ENV" || test -f "$TEXTMYSELF_ENV"'
    command = [SCRIPT, "--env", "/dev/fd/3", "--run", "sh", "-c", look]
    run = run_python(tmp_path, *command, settings=settings, shell=shell)
    assert len(phone.texts) == 1, run.stderr
    assert run.returncode == 0


@posix_only
def test_a_phone_book_that_stalls_does_not_keep_it_from_running(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # In this process, where its coverage is measured.
    phone, over = set_up("gateway"), tmp_path / "over"
    monkeypatch.delitem(sys.modules, "textmyself.carriers")
    (tmp_path / "modules" / "carriers.py").write_text(
        "import os, time\n"
        f"while not os.path.exists({str(over)!r}):\n"
        "    time.sleep(0.02)\n"
        "def find_route(): ...\n"
    )
    try:
        assert module.main(["--timeout", "1", "--run", "sh", "-c", "exit 6"]) == 6
    finally:
        over.touch()
    assert phone.texts == []


@posix_only
@pytest.mark.parametrize("seconds", ["0", "-1", "nan"])
def test_a_timeout_that_is_none_does_not_keep_it_from_running(set_up: SetUp, seconds: str) -> None:
    phone = set_up("twilio")
    assert module.main(["--timeout", seconds, "--run", "sh", "-c", "exit 6"]) == 6
    assert phone.requests == []


@posix_only
def test_a_file_of_settings_that_is_huge_does_not_keep_it_from_running(
    set_up: SetUp, tmp_path: Path
) -> None:
    set_up("twilio", MY_PHONE_NUMBER=None)
    file = tmp_path / "script" / ".env"
    file.write_text("MY_PHONE_NUMBER=+15559998888\n")
    os.truncate(file, 5_000_000_000)
    assert module.main(["--run", "sh", "-c", "exit 6"]) == 6


# Signals

# Says which signals come. When each but the last has, it asks its parent for that, and ends at it.
NOTE_SIGNALS = """
import os, signal, sys, time

*numbers, last = map(int, sys.argv[1:])
came, parent = set(), os.getppid()

def note(number, _):
    os.write(1, f"{number}\\n".encode())
    is_new = number not in came
    came.add(number)
    if is_new and came == {*numbers}:
        os.kill(parent, last)

for number in (*numbers, last):
    signal.signal(number, note)
os.write(1, b"ready\\n")
while last not in came and os.getppid() == parent:
    time.sleep(0.02)
sys.exit(3)
"""
# The highest: of several that have come, Python handles it at last.
LAST = int(max(signal.valid_signals())) if os.name == "posix" else 0


def note_signals(folder: Path, *numbers: int) -> list[str]:
    """Return a command that says each signal that it gets until, after these, the last one comes.

    That takes the same way as the others, and later: whatever has not come until then, will not.
    """
    (folder / "note.py").write_text(NOTE_SIGNALS)
    # As a number: until Python 3.11, str() of a signal is its name.
    words = [str(int(number)) for number in (*numbers, LAST)]
    return [sys.executable, "-I", "-S", "note.py", *words]


# All that end a process, but those that a fault of its own raises, and those that Python ignores.
ENDING_NAMES = """
    SIGHUP SIGINT SIGQUIT SIGUSR1 SIGUSR2 SIGALRM SIGTERM SIGXCPU SIGVTALRM SIGPROF SIGIO SIGPWR
    SIGSTKFLT SIGEMT
"""
ENDING = [getattr(signal, name) for name in ENDING_NAMES.split() if hasattr(signal, name)]
if hasattr(signal, "SIGRTMIN"):
    ENDING += [signal.SIGRTMIN, signal.SIGRTMIN + 3, signal.SIGRTMAX - 1]
# Those with which a debugger, a watchdog (as systemd's) and a sandbox end a process.
ABORTING = [
    getattr(signal, name) for name in ("SIGABRT", "SIGTRAP", "SIGSYS") if hasattr(signal, name)
]
# Without a terminal, as under a batch system, and in a group to all of which a signal may be sent.
OWN_SESSION = (
    "import os, sys; os.setsid(); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)


@posix_only
@pytest.mark.parametrize("send", ["kill", "killpg"])
@pytest.mark.parametrize("numbers", [ENDING, ABORTING], ids=["ending", "aborting"])
def test_a_signal_reaches_the_command_once(
    phone: Phone, tmp_path: Path, numbers: list[int], send: str
) -> None:
    # To all of the group is how Slurm sends it before the time of a job is up.
    command = ["-c", OWN_SESSION, SCRIPT, "--run", *note_signals(tmp_path, *numbers)]
    with start_python(tmp_path, *command, settings=phone.settings("twilio")) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        came = []
        for number in numbers:
            getattr(os, send)(process.pid, number)
            came.append(process.stdout.readline())
        came += process.stdout.readlines()
    assert [int(line) for line in came] == [*numbers, LAST]
    assert process.returncode == 3
    assert bodies(phone)[0].endswith(": failed (exit 3) after N s")


@posix_only
@pytest.mark.parametrize(
    "name", ["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT", "SIGUSR1", "SIGALRM", "SIGXCPU", "SIGABRT"]
)
def test_a_command_that_a_signal_ends_is_told_of(phone: Phone, tmp_path: Path, name: str) -> None:
    words = "echo ready; exec sleep 20"
    command = ["-c", OWN_SESSION, SCRIPT, "--run", "sh", "-c", words]
    with start_python(tmp_path, *command, settings=phone.settings("twilio")) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        process.send_signal(getattr(signal, name))
    assert process.returncode == 128 + getattr(signal, name)
    assert bodies(phone) == [f"sh -c '{words}': killed by {name} after N s"]


@posix_only
def test_several_signals_at_once_reach_the_command_once_each(phone: Phone, tmp_path: Path) -> None:
    numbers = [signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM]
    command = ["-c", OWN_SESSION, SCRIPT, "--run", *note_signals(tmp_path, *numbers)]
    with start_python(tmp_path, *command, settings=phone.settings("twilio")) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        for number in numbers:
            os.killpg(process.pid, number)
        came = [int(line) for line in process.stdout]
    assert sorted(came) == sorted([*numbers, LAST])


@posix_only
def test_it_works_where_there_are_no_real_time_signals(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("twilio")
    monkeypatch.delattr(signal, "SIGRTMIN", raising=False)
    assert module.main(["--run", "sh", "-c", "kill -USR1 $PPID; exec sleep 20"]) == 138
    assert bodies(phone)[0].endswith(": killed by SIGUSR1 after N s")


@posix_only
def test_a_signal_while_the_command_is_being_started_reaches_it(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = subprocess.Popen

    def start_late(*arguments: object, **options: object) -> object:
        process = start(*arguments, **options)  # type: ignore[call-overload]
        os.kill(os.getpid(), signal.SIGTERM)
        return process

    phone = set_up("twilio")
    monkeypatch.setattr(subprocess, "Popen", start_late)
    assert module.main(["--run", "sleep", "60"]) == 143
    assert bodies(phone) == ["sleep 60: killed by SIGTERM after N s"]


@posix_only
def test_a_signal_that_is_ignored_stays_so(set_up: SetUp) -> None:
    set_up("twilio")
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    assert module.main(["--run", "sh", "-c", "kill -HUP $$; exit 4"]) == 4
    assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN


@posix_only
def test_what_nohup_ignores_the_command_ignores_too(phone: Phone, tmp_path: Path) -> None:
    command = [SCRIPT, "--run", "sh", "-c", "kill -HUP $$ $PPID; exit 4"]
    shell = "trap '' HUP; exec \"$@\""
    run = run_python(tmp_path, *command, settings=phone.settings("twilio"), shell=shell)
    assert run.returncode == 4
    assert len(phone.texts) == 1


# A group without a parent in its session, as under setsid, takes no SIGTSTP.
OWN_GROUP = (
    "import os, sys; os.setpgrp(); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)


@posix_only
@pytest.mark.parametrize("name", ["SIGSTOP", "SIGTSTP"])
def test_it_ends_rightly_after_a_stop_of_both(phone: Phone, tmp_path: Path, name: str) -> None:
    words = "echo $$; kill -STOP $$; echo goes on; exit 6"
    command = ["-c", OWN_GROUP, SCRIPT, "--run", "sh", "-c", words]
    with start_python(tmp_path, *command, settings=phone.settings("twilio")) as process:
        assert process.stdout
        child = int(process.stdout.readline())
        process.send_signal(getattr(signal, name))
        for pid in (process.pid, child):
            while "T" not in state_of(pid):
                time.sleep(0.02)
        assert phone.texts == []
        for pid in (process.pid, child):
            os.kill(pid, signal.SIGCONT)
        assert process.stdout.read() == "goes on\n"
    assert process.returncode == 6
    assert bodies(phone) == [f"sh -c '{words}': failed (exit 6) after N s"]


def state_of(pid: int) -> str:
    """Return a process's state, as T for one that is stopped."""
    return subprocess.check_output(["ps", "-o", "stat=", "-p", str(pid)], text=True)


@posix_only
def test_ctrl_c_while_it_texts_ends_that_but_not_how_the_command_ended(
    set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("twilio")
    phone.script = [Answer(silent=True)] * 9

    over = Event()

    def interrupt() -> None:
        while not phone.requests:
            if over.wait(0.01):
                return
        os.kill(os.getpid(), signal.SIGINT)

    thread = Thread(target=interrupt)
    thread.start()
    assert module.main(["--run", "sh", "-c", "exit 3"]) == 3
    over.set()
    thread.join()
    # As it would say in the end that there was no answer.
    assert caplog.messages == []


# On a terminal


class Terminal:
    """A pseudo-terminal with the command on it, which gets what is typed there."""

    def __init__(self, phone: Phone, folder: Path, *words: str, shell: str = 'exec "$@"') -> None:
        # Whoever starts it makes it the terminal that Ctrl-C comes from, which Popen cannot.
        claim = (
            "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
            "os.execvp('sh', ['sh', '-c', *sys.argv[1:]])"
        )
        self.master, slave = os.openpty()
        self.shown = b""
        self.process = subprocess.Popen(
            [sys.executable, "-c", claim, shell, "sh", sys.executable, SCRIPT, *words],
            cwd=folder,
            env=environment(folder, phone.settings("twilio")),
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
        except OSError:
            # As Linux has it when nobody is on it any more.
            pass
        os.close(self.master)
        status = self.process.wait()
        self.watchdog.cancel()
        return status, self.shown.decode().replace("\r\n", "\n").splitlines()


@posix_only
@pytest.mark.parametrize(
    ("key", "name"), [(b"\x03", "SIGINT"), (b"\x1c", "SIGQUIT")], ids=["Ctrl-C", "Ctrl-\\"]
)
@pytest.mark.parametrize(
    "shell",
    ['exec "$@"', 'trap : INT QUIT; cat /dev/null | "$@"'],
    ids=["all of it", "stdin is a pipe"],
)
def test_a_key_on_a_terminal_reaches_the_command_once(
    phone: Phone, tmp_path: Path, shell: str, key: bytes, name: str
) -> None:
    number = getattr(signal, name)
    terminal = Terminal(phone, tmp_path, "--run", *note_signals(tmp_path, number), shell=shell)
    terminal.read_until(b"ready\r\n")
    terminal.type(key)
    status, lines = terminal.end()
    shown = [line.removeprefix("^C").removeprefix("^\\") for line in lines]
    assert shown[:3] == ["ready", str(int(number)), str(LAST)]
    assert (status, len(shown)) == (3, 3)
    assert bodies(phone)[0].endswith(": failed (exit 3) after N s")


@posix_only
def test_ctrl_c_on_a_terminal_is_not_passed_on(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In this process, where its coverage is measured: for /dev/tty it opens another terminal.
    phone = set_up("twilio")
    master, slave = os.openpty()
    open_file = os.open

    def open_terminal(path: Any, *rest: Any, **options: Any) -> int:
        return os.dup(slave) if path == "/dev/tty" else open_file(path, *rest, **options)

    monkeypatch.setattr(os, "open", open_terminal)
    assert module.main(["--run", "sh", "-c", "kill -INT $PPID; kill -TERM $PPID; sleep 20"]) == 143
    os.close(master)
    os.close(slave)
    assert bodies(phone)[0].endswith(": killed by SIGTERM after N s")


@posix_only
@pytest.mark.parametrize("name", ["SIGTERM", "SIGUSR1", "SIGHUP"])
def test_a_signal_to_it_on_a_terminal_reaches_the_command_once(
    phone: Phone, tmp_path: Path, name: str
) -> None:
    number = getattr(signal, name)
    terminal = Terminal(phone, tmp_path, "--run", *note_signals(tmp_path, number))
    terminal.read_until(b"ready\r\n")
    terminal.process.send_signal(number)
    assert terminal.end() == (3, ["ready", str(int(number)), str(LAST)])


@posix_only
def test_a_terminal_that_is_closed_ends_the_command_with_a_text(
    phone: Phone, tmp_path: Path
) -> None:
    terminal = Terminal(phone, tmp_path, "--run", "sh", "-c", "echo ready; exec sleep 20")
    terminal.read_until(b"ready\r\n")
    os.close(terminal.master)
    assert terminal.process.wait() == 128 + signal.SIGHUP
    terminal.watchdog.cancel()
    assert bodies(phone)[0].endswith(": killed by SIGHUP after N s")


@posix_only
def test_the_command_is_on_the_terminal(phone: Phone, tmp_path: Path) -> None:
    code = "import sys; print(*(it.isatty() for it in (sys.stdin, sys.stdout, sys.stderr)))"
    terminal = Terminal(phone, tmp_path, "--run", sys.executable, "-I", "-S", "-c", code)
    assert terminal.end() == (0, ["True True True"])


# What it says before the command


@posix_only
def test_it_says_before_the_command_that_nothing_will_be_texted(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert module.main(["--run", "sh", "-c", "echo worked >&2"]) == 0
    before, worked, _ = capfd.readouterr().err.partition("worked\n")
    assert before.startswith("the result cannot be texted:\n  no way to text is set up.")
    assert worked


@posix_only
def test_it_says_before_the_command_which_settings_are_missing(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MY_CARRIER", "Google Fi")
    assert module.main(["--run", "true"]) == 0
    said = capfd.readouterr().err
    assert said.startswith("the result cannot be texted:\n  gateway: MY_PHONE_NUMBER and SMTP_USER")


@posix_only
def test_it_runs_the_command_though_nobody_reads_what_will_not_be_texted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w", encoding="utf-8") as file:
        monkeypatch.setattr(sys, "stdout", file)
        monkeypatch.setattr(sys, "stderr", file)
        assert module.main(["--run", "touch", str(tmp_path / "done")]) == 0
    assert (tmp_path / "done").exists()
