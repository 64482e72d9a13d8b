"""What is other on Windows: paths, programs, encodings, Ctrl-C. What can be tried elsewhere, is."""

from __future__ import annotations

import codecs
import errno
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import MODULES, run_python, start_python
from phone import SILENT, Phone

import textmyself as module
from textmyself import Receipt, main, textmyself

on_windows = pytest.mark.skipif(os.name != "nt", reason="Windows only does so")
README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
# A route that a dry run can tell of.
ROUTE = {
    "MY_GATEWAY": "you@example.com",
    "SMTP_HOST": "localhost",
    "SMTP_FROM": "me@example.com",
    "TEXTMYSELF_DRY_RUN": "1",
    "PYTHONIOENCODING": "utf-8",
}
# What a program needs to be found, and to be run, by its name.
PROMPT = {name: os.environ[name] for name in ("PATH", "PATHEXT", "COMSPEC") if name in os.environ}


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command by `textmyself --dry-run --run`, as at the prompt in `folder`."""
    return run_python(folder, "-m", "textmyself", "--run", *words, settings=ROUTE | PROMPT)


def as_on_windows(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run the command with these words as if this were Windows: it looks at os.name for that."""
    for name, value in ROUTE.items():
        monkeypatch.setenv(name, value)
    with monkeypatch.context() as here:
        here.setattr("os.name", "nt")
        return main([*words])


# --run: what is run, and what is said of it


@on_windows
@pytest.mark.parametrize(
    "name", ["build", "BUILD", "build.bat", ".\\build", ".\\build.bat", "./build.bat", "sub\\build"]
)
def test_run_finds_a_batch_file_as_the_prompt_does(tmp_path: Path, name: str) -> None:
    for folder in (tmp_path, tmp_path / "sub"):
        folder.mkdir(exist_ok=True)
        (folder / "build.bat").write_text("@echo built %1\n@exit /b 3\n")
    ran = run(tmp_path, name, "it")
    assert ran.returncode == 3, ran.stderr
    assert "built it\n" in ran.stdout
    assert "failed (exit 3)" in ran.stdout


@on_windows
@pytest.mark.parametrize("word", ["x&echo.y", "x|y", "x^y", "a b&c", "x>y.txt", "x,y;z=0"])
def test_a_batch_file_gets_each_word_as_one(tmp_path: Path, word: str) -> None:
    here = tmp_path / "here"
    here.mkdir()
    (here / "build.bat").write_text("@echo [%1]\n@if not '%2'=='' echo and %2\n")
    ran = run(here, "build", word)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines()[0] == f'["{word}"]'
    assert ran.stdout.splitlines()[1].startswith("dry run: 'build ")
    assert [it.name for it in here.iterdir()] == ["build.bat"]


@pytest.mark.skipif(os.name == "nt", reason="there a line is not the name of one program")
@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["x&y"], '"x&y"'),
        (["x", "y z"], 'x "y z"'),
        (["y z&"], '"y z&"'),
        (["x,y", "(z)"], '"x,y" "(z)"'),
    ],
)
def test_the_line_for_a_batch_file_has_quotes_around_what_cmd_would_take(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    words: list[str],
    line: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    # The batch file is found. What is started is a line, which names one program here.
    for name in ("build.bat", f"build.bat {line}"):
        Path(name).write_text('#!/bin/sh\necho built "$0"\n')
        Path(name).chmod(0o700)
    assert as_on_windows(monkeypatch, "--run", "./build.bat", *words) == 0
    assert f"built ./build.bat {line}\n" in capfd.readouterr().out


def test_run_runs_a_python_script_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tool.PY").write_text("import sys\nprint('ran with', *sys.argv[1:])\nsys.exit(4)\n")
    assert as_on_windows(monkeypatch, "--run", "tool.PY", "it") == 4
    out = capfd.readouterr().out
    assert out.startswith("ran with it")
    assert "'tool.PY it on " in out


def test_a_command_of_the_prompt_itself_is_pointed_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    # 'dir' is a program elsewhere.
    assert as_on_windows(monkeypatch, "--run", "mklink", "a", "b") == 127
    assert "--run cmd /c mklink" in capfd.readouterr().err


def test_a_line_for_the_shell_is_one_for_cmd_there(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert as_on_windows(monkeypatch, "--run", "dir && echo done") == 127
    assert '--run cmd /c "dir && echo done"' in capfd.readouterr().err


def test_a_name_that_windows_takes_for_none_gets_the_hint_for_a_shell(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **options: object) -> None:
        # WinError 123 is one of these to Python.
        raise OSError(errno.EINVAL, "The filename, directory name, or volume label is incorrect")

    monkeypatch.setattr(subprocess.Popen, "__init__", refuse)
    monkeypatch.setattr(subprocess.Popen, "__del__", lambda process: None)
    assert as_on_windows(monkeypatch, "--run", "dir | more") == 127
    assert '--run cmd /c "dir | more"' in capfd.readouterr().err


@on_windows
@pytest.mark.parametrize("name", ["tool.sh", "tool.ps1", "tool"])
def test_a_file_that_is_no_program_is_told_as_one(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("echo hello\n")
    ran = run(tmp_path, name)
    assert ran.returncode == 126
    assert "%1" not in ran.stdout + ran.stderr
    assert "cmd /c" not in ran.stderr
    assert name in ran.stderr


@on_windows
def test_a_status_of_windows_own_is_taken_over_and_told_in_its_known_form(tmp_path: Path) -> None:
    # Of an access violation. Python's own way out takes 31 bits and a sign.
    code = f"import os; os._exit({0xC0000005 - (1 << 32)})"
    ran = run(tmp_path, sys.executable, "-c", code)
    assert ran.returncode == 0xC0000005
    assert "failed (exit 0xC0000005)" in ran.stdout


@pytest.mark.parametrize("code", [0xC0000005, 0xC000013A, 0x80000003, 0xFFFFFFFF])
def test_a_status_beyond_31_bits_is_one_that_python_can_end_with(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], code: int
) -> None:
    end = subprocess.Popen.wait

    def wait(process: subprocess.Popen[bytes], timeout: float | None = None) -> int:
        return end(process, timeout) or code

    monkeypatch.setattr(subprocess.Popen, "wait", wait)
    status = as_on_windows(monkeypatch, "--run", sys.executable, "-c", "")
    assert -(1 << 31) <= status < 0
    assert status % (1 << 32) == code
    assert f"failed (exit 0x{code:08X})" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["cmd", "/c", ".\\build.bat"], "cmd /c .\\build.bat on "),
        (["cmd", "/c", "C:\\my files\\build.bat"], 'cmd /c "C:\\\\my files\\\\build.bat" on '),
        (["cmd", "/c", "it's"], "cmd /c it's on "),
    ],
)
def test_the_phone_shows_the_command_as_it_is_typed_there(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], words: list[str], line: str
) -> None:
    as_on_windows(monkeypatch, "--run", *words)
    shown = capfd.readouterr().out
    assert line.replace(".\\", ".\\\\") in shown


# Paths


def test_a_tilde_in_the_name_of_a_file_is_the_home(tmp_path: Path) -> None:
    (tmp_path / "my.env").write_text("MY_GATEWAY=you@example.com\nSMTP_FROM=a@example.com\n")
    settings = {"SMTP_HOST": "localhost", "HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    # As nothing expands it at the prompt of Windows.
    name = os.path.join("~", "my.env")
    by_option = ("-m", "textmyself", "--env", name, "--dry-run", "hello")
    shown = run_python(elsewhere, *by_option, settings=settings)
    assert (shown.returncode, shown.stderr) == (0, "")
    by_variable = ("-m", "textmyself", "--dry-run", "hello")
    settings["TEXTMYSELF_ENV"] = name
    assert run_python(elsewhere, *by_variable, settings=settings).stdout == shown.stdout
    assert "gateway to you@example.com: 'hello'" in shown.stdout


@on_windows
def test_init_makes_no_folder_called_tilde_where_there_is_no_home(tmp_path: Path) -> None:
    homes = ("HOME", "USERPROFILE", "HOMEDRIVE", "HOMEPATH", "XDG_CONFIG_HOME")
    variables = {name: value for name, value in os.environ.items() if name.upper() not in homes}
    here = tmp_path / "here"
    here.mkdir()
    ended = subprocess.run(
        [sys.executable, MODULES / "textmyself.py", "--init"],
        cwd=here,
        env=variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "there is no home folder" in ended.stderr
    assert "--env" in ended.stderr
    assert list(here.iterdir()) == []


@on_windows
@pytest.mark.parametrize("arguments", [["hello"], ["--check"], ["--init"]])
def test_the_command_works_from_another_drive(tmp_path: Path, arguments: list[str]) -> None:
    # Which this is, as ntpath has it: there is a second letter for a drive not everywhere.
    copied = Path(f"\\\\?\\{MODULES / 'textmyself.py'}")
    ended = run_python(tmp_path, str(copied), *arguments)
    assert "failed on this machine" not in ended.stdout + ended.stderr
    assert "textmyself.py" in ended.stdout + ended.stderr


@pytest.fixture
def in_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Start in a folder of the user's, above whose profile somebody else has put a `.env`."""
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in ROUTE.items()))
    job = tmp_path / "home" / "job"
    job.mkdir(parents=True)
    monkeypatch.setattr("textmyself.START_FOLDER", str(job))
    monkeypatch.setattr("__main__.__file__", str(job / "script.py"), raising=False)
    # This file, too, is in the profile, as a checkout is.
    monkeypatch.setattr("textmyself.__file__", str(job / "textmyself.py"))
    monkeypatch.chdir(job)
    return job


def test_no_env_above_the_users_profile_is_looked_for_there(
    in_profile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as here:
        here.setattr("os.name", "nt")
        receipt = textmyself("hello")
    [problem] = receipt.problems
    assert receipt == Receipt(problems=receipt.problems)
    looked = problem[problem.index("Looked in the environment") :]
    assert f", {in_profile / '.env'}, {in_profile.parent / '.env'}, " in looked
    assert str(tmp_path / ".env") not in looked


def test_above_a_folder_that_is_in_no_profile_all_but_the_drives_top_is_looked_at(
    in_profile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "other"))
    (tmp_path / ".env").unlink()
    with monkeypatch.context() as here:
        here.setattr("os.name", "nt")
        [problem] = textmyself("hello").problems
    *_, top, drive = tmp_path.parents
    assert f", {tmp_path / '.env'}, " in problem
    assert f", {top / '.env'}, " in problem
    assert f", {drive / '.env'}" not in problem


@on_windows
def test_the_profile_is_the_same_in_other_letters(in_profile: Path) -> None:
    # The prompt keeps the letters in which a folder was typed.
    folder = Path(str(in_profile).swapcase())
    settings = {name: str(in_profile.parent) for name in ("HOME", "USERPROFILE")}
    ended = run_python(folder, "-m", "textmyself", "hello", settings=settings)
    assert ended.returncode == 2
    assert "no way to text is set up" in ended.stderr


@on_windows
def test_what_is_looked_at_is_told_with_one_kind_of_slash(tmp_path: Path) -> None:
    settings = {"TEXTMYSELF_ENV": "~/some/my.env"}
    ended = run_python(tmp_path, "-m", "textmyself", "hello", settings=settings)
    assert str(tmp_path / "some" / "my.env") in ended.stderr
    settings = {"XDG_CONFIG_HOME": tmp_path.as_posix()}
    ended = run_python(tmp_path, "-m", "textmyself", "hello", settings=settings)
    assert str(tmp_path / "textmyself" / ".env") in ended.stderr


def test_a_program_is_no_folder_to_look_in(tmp_path: Path) -> None:
    # As textmyself.exe of pip's is, with __main__.py inside of it.
    program = tmp_path / "textmyself.exe"
    import zipfile

    with zipfile.ZipFile(program, "w") as archive:
        archive.writestr("__main__.py", "import sys, textmyself\nsys.exit(textmyself.main())\n")
    ended = run_python(tmp_path, program, "hello")
    assert ended.returncode == 2
    assert str(tmp_path / ".env") in ended.stderr
    assert "textmyself.exe" not in ended.stderr
    assert "`textmyself --init`" in ended.stderr


# Encodings


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("Größe".encode("utf-16"), id="PowerShell 5"),
        pytest.param(codecs.BOM_UTF16_BE + "Größe".encode("utf-16-be"), id="big end first"),
        pytest.param("Größe".encode("utf-16-le"), id="UTF-16 without a mark"),
        pytest.param("Größe".encode("utf-8-sig"), id="Notepad"),
        pytest.param("Größe".encode(), id="UTF-8"),
        pytest.param("Größe".encode("cp1252"), id="ANSI"),
        pytest.param("Größe\r\n".encode("cp1252"), id="a line"),
    ],
)
@pytest.mark.parametrize("mode", ["utf8=0", "utf8=1"])
def test_what_another_program_writes_keeps_its_letters(
    tmp_path: Path, data: bytes, mode: str
) -> None:
    # What Windows says, whether or not Python is in UTF-8 mode, as 3.15 is (PEP 686).
    code = (
        "import locale, sys, textmyself\n"
        "locale.getencoding = lambda: 'cp1252'\n"
        "if sys.version_info < (3, 11) or not sys.flags.utf8_mode:\n"
        "    locale.getpreferredencoding = lambda *_: 'cp1252'\n"
        "sys.exit(textmyself.main(['-']))"
    )
    written = data.decode("utf-8", "surrogateescape")
    ended = run_python(tmp_path, "-X", mode, "-c", code, settings=ROUTE, input=written)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "gateway to you@example.com: 'Größe' (5 characters)" in ended.stdout


def test_a_receipt_can_be_printed_into_a_file_of_any_encoding(tmp_path: Path) -> None:
    code = "import textmyself; print(textmyself.textmyself('x'))"
    settings = {"TEXTMYSELF_ENV": "файл.env", "PYTHONIOENCODING": "ascii"}
    ended = run_python(tmp_path, "-c", code, settings=settings)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("Receipt(sent=False, ")
    assert "\\u0444\\u0430\\u0439\\u043b.env" in ended.stdout


@pytest.mark.parametrize(
    ("extension", "wrong", "right"),
    [(".png", "image/x-png", "png"), (".jpg", "image/pjpeg", "jpeg"), (".webp", "", "webp")],
)
def test_a_registry_with_odd_kinds_of_pictures_changes_none(
    set_up: Callable[..., Phone],
    monkeypatch: pytest.MonkeyPatch,
    extension: str,
    wrong: str,
    right: str,
) -> None:
    import mimetypes

    mimetypes.init()
    # Which is what the functions of the module read, and what the registry is read into.
    monkeypatch.setitem(mimetypes.types_map, extension, wrong)
    assert mimetypes.guess_type(f"a{extension}")[0] == wrong
    phone = set_up("gateway")
    Path(f"picture{extension}").write_bytes(b"a picture")
    receipt = textmyself("look", media=f"picture{extension}")
    assert (receipt.sent, receipt.problems) == (True, ())
    assert phone.texts[-1].picture == b"a picture"
    assert f"Content-Type: image/{right}".encode() in phone.texts[-1].raw


# Ctrl-C, and the ends of pipes


def test_ctrl_c_ends_a_text_at_once(set_up: Callable[..., Phone], tmp_path: Path) -> None:
    # On Windows a wait for a lock is deaf to it; so it is everywhere to this kind of Ctrl-C.
    code = (
        "import _thread, sys, threading, time\n"
        "from textmyself import textmyself\n"
        "def interrupt():\n"
        "    global began\n"
        "    sys.stdin.readline()\n"
        "    began = time.monotonic()\n"
        "    _thread.interrupt_main()\n"
        "threading.Thread(target=interrupt, daemon=True).start()\n"
        "try:\n"
        "    textmyself('hello')\n"
        "except KeyboardInterrupt:\n"
        "    print(time.monotonic() - began)\n"
    )
    phone = set_up()
    phone.smtp_replies = {"EHLO": SILENT}
    with start_python(tmp_path, "-c", code, settings=phone.settings("gateway")) as process:
        while not phone.commands:
            assert process.poll() is None
            time.sleep(0.01)
        out, err = process.communicate("now\n")
    # A step takes 15 seconds.
    assert out, err
    assert float(out) < 10
    assert phone.texts == []


@on_windows
@pytest.mark.parametrize("name", ["SIGINT", "SIGBREAK"])
def test_ctrl_c_and_ctrl_break_are_the_commands_own(tmp_path: Path, name: str) -> None:
    # Windows gives them to each program of a console; here this one alone gets it.
    code = (
        "import signal, subprocess, sys, textmyself\n"
        "end, rings = subprocess.Popen.wait, [1]\n"
        "def wait(process, timeout=None):\n"
        "    for _ in range(len(rings)):\n"
        f"        rings.pop(), signal.raise_signal(signal.{name})\n"
        "    return end(process, timeout)\n"
        "subprocess.Popen.wait = wait\n"
        "command = [sys.executable, '-c', 'import time; time.sleep(1); print(\"ended\")']\n"
        "sys.exit(textmyself.main(['--run', *command]))"
    )
    ended = run_python(tmp_path, "-c", code, settings=ROUTE)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("ended\n")
    assert "done in" in ended.stdout


@on_windows
@pytest.mark.parametrize("name", ["SIGINT", "SIGBREAK"])
def test_ctrl_c_that_reaches_the_command_first_is_texted(tmp_path: Path, name: str) -> None:
    # Each program gets it by a thread of its own, in any order: here, when the command has ended.
    code = (
        "import signal, subprocess, sys, textmyself\n"
        "end = subprocess.Popen.wait\n"
        "def wait(process, timeout=None):\n"
        "    status = end(process, timeout)\n"
        f"    signal.raise_signal(signal.{name})\n"
        "    return status\n"
        "subprocess.Popen.wait = wait\n"
        f"command = [sys.executable, '-c', 'import os; os._exit({0xC000013A - (1 << 32)})']\n"
        "sys.exit(textmyself.main(['--run', *command]))"
    )
    ended = run_python(tmp_path, "-c", code, settings=ROUTE)
    assert (ended.returncode, ended.stderr) == (0xC000013A, "")
    assert "failed (exit 0xC000013A)" in ended.stdout


def test_a_pager_that_is_left_is_no_error(tmp_path: Path) -> None:
    # `textmyself --carriers | more`, and q. On Windows the pipe is then an invalid argument.
    with start_python(tmp_path, "-m", "textmyself", "--carriers") as process:
        assert process.stdout
        process.stdout.close()
        assert process.stderr
        assert process.stderr.read() == ""


def test_an_argument_that_is_invalid_is_a_broken_pipe_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **options: object) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    with monkeypatch.context() as here:
        here.setattr("builtins.print", broken)
        as_on_windows(here, "--carriers")
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(os.name == "nt", reason="there is no pseudo-terminal there")
def test_a_message_that_is_typed_ends_with_the_first_end_of_file(tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    try:
        os.write(ours, b"hello\n\x04")
        ended = subprocess.run(
            [sys.executable, MODULES / "textmyself.py", "-"],
            cwd=tmp_path,
            env={"HOME": str(tmp_path), **ROUTE},
            stdin=theirs,
            capture_output=True,
            text=True,
            timeout=60,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert "you@example.com: 'hello'" in ended.stdout


# The network


@pytest.mark.parametrize("code", [10050, 10051, 10064, 10065])
def test_a_network_that_is_not_there_is_known_in_every_language(
    set_up: Callable[..., Phone], monkeypatch: pytest.MonkeyPatch, code: int, short_pauses: None
) -> None:
    def connect(*_: object) -> None:
        raise OSError(f"[WinError {code}] Dieses Netzwerk ist nicht verfügbar")

    set_up("gateway")
    monkeypatch.setattr(socket.socket, "connect", connect)
    receipt = textmyself("hello")
    assert not receipt
    assert "Check whether this machine is online" in receipt.problems[0]


def test_check_starts_no_program(tmp_path: Path) -> None:
    code = (
        "import os, sys, textmyself\n"
        "starts = ('subprocess.Popen', 'os.system', 'os.exec', 'os.posix_spawn', 'os.fork')\n"
        "sys.addaudithook(lambda event, _: event in starts and os._exit(99))\n"
        "sys.exit(textmyself.main(['--check']))"
    )
    assert run_python(tmp_path, "-c", code).returncode == 2


# README


@pytest.mark.parametrize(
    "words",
    [
        "`C:\\Users\\you\\.config\\textmyself\\.env`",
        "`.env.txt`",
        "Microsoft Store's Python cannot install twilio unless long paths are enabled",
        "Windows has no Unix file owners",
        "Task Scheduler, the action is `textmyself --run backup.bat`",
        "In PowerShell 5, write `;` in place of `&&`",
        "Where no thread can start",
    ],
)
def test_readme_says_what_is_other_on_windows(words: str) -> None:
    assert words in README


def test_readme_and_the_code_agree_on_where_the_file_lies_there(tmp_path: Path) -> None:
    shown = run_python(tmp_path, "-m", "textmyself", "hello").stderr
    assert os.path.join(str(tmp_path), ".config", "textmyself", ".env") in shown
    assert module.__version__


@pytest.mark.parametrize("command", ["uv run tests/phone.py", "uv run pytest"])
def test_the_workflow_types_the_commands_of_readme_at_each_prompt(command: str) -> None:
    workflow = (Path(__file__).parents[1] / ".github" / "workflows" / "ci.yml").read_text()
    assert f"`pip install uv && {command}`" in README
    for_others, for_powershell = (
        "if: matrix.shell != 'powershell'",
        "if: matrix.shell == 'powershell'",
    )
    assert f"- run: pip install uv && {command}\n        {for_others}\n" in workflow
    # Of whose PowerShell README says so.
    assert f"- run: pip install uv; {command}\n        {for_powershell}\n" in workflow
    for system, shell in (("macos", "bash"), ("windows", "cmd"), ("windows", "powershell")):
        assert f"{{ system: {system}-latest, shell: {shell} }}" in workflow
