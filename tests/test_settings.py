"""The settings: which file they come from, how they are read, and what is said of wrong ones.

First where a `.env` is looked for and which one counts, then how it is read and when it is
refused, then what is said of settings that are missing or wrong and in which shapes they are
taken, at last which of several counts, and how the mail server is found and spoken to.
"""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import socket
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any
from zipfile import ZipFile

import phone as made_up
import pytest
from conftest import COPY, MODULES, guard, run_python
from phone import MY_NUMBER, Phone

import textmyself as module
from textmyself import Receipt, textmyself

SetUp = Callable[..., Phone]

MESSAGE = "The boring task is finished."
FI = "5559998888@msg.fi.google.com"  # where MY_CARRIER of the phone's settings leads
API_KEY = {"TWILIO_API_KEY": made_up.API_KEY, "TWILIO_API_SECRET": made_up.API_SECRET}
WORDS = {name: words for name, _, words in module.SETTINGS}
NO_CARRIERS = "gateway: carriers.py is not beside textmyself.py"

IS_ROOT = os.name == "posix" and os.geteuid() == 0
posix_only = pytest.mark.skipif(os.name != "posix", reason="files have no modes here")


def text() -> Receipt:
    return textmyself(MESSAGE, confirm=0)


def went_to(phone: Phone) -> str:
    """Return where a text goes now; nothing is wrong with it."""
    receipt = text()
    assert (receipt.sent, receipt.problems) == (True, ())
    assert phone.texts[-1].body == MESSAGE
    return phone.texts[-1].to


def went_to_the_one_above(phone: Phone) -> tuple[str, ...]:
    """Return the problems of a text whose address came from the next file, that above."""
    receipt = text()
    assert receipt.sent
    assert [it.to for it in phone.texts] == ["above@example.com"]
    return tuple(receipt.problems)


def refusal(phone: Phone) -> tuple[str, ...]:
    """Return the problems of a text for which nothing was sent, nor shown of a secret."""
    receipt = text()
    assert (receipt.sent, receipt.status, receipt.route) == (False, "not sent", "")
    assert (phone.texts, phone.requests) == ([], [])
    for secret in (made_up.AUTH_TOKEN, made_up.API_SECRET, made_up.SMTP_PASSWORD):
        assert secret not in repr(receipt)
    return tuple(receipt.problems)


def without_folders(problems: Iterable[str], tmp_path: Path) -> str:
    """Return what is said, without the folders in whose names is that of the test."""
    return "\n".join(problems).replace(str(tmp_path), "")


def wrong(name: str) -> str:
    """Return what is said of a setting that has the wrong shape."""
    return f"{name} should be {WORDS[name]}."


def not_read(file: Path, why: str) -> str:
    return f"settings: {file} was not used: {why}"


def looked(tmp_path: Path) -> str:
    """Return the sentence that names all the places where no setting was found."""
    script, own = tmp_path / "script", Path(module.__file__).parent
    above = list(script.parents)
    if os.name == "nt":
        # Not at the top of a drive.
        above.pop()
    folders = (script, *above, own, tmp_path / "home" / "textmyself")
    files = dict.fromkeys(str(folder / ".env") for folder in folders)
    return f"Looked in the environment, {', '.join(files)}."


def write(file: Path, *lines: str, encoding: str = "utf-8") -> Path:
    """Write a file of these lines, and the folders above it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
    return file


def mark(folder: Path, name: str) -> Path:
    """Write a `.env` whose only setting shows on the phone as the address of the text."""
    return write(folder / ".env", f"MY_GATEWAY={name}@example.com")


def only_ours(settings: Mapping[str, str]) -> dict[str, str]:
    """Return those of `Phone.settings` that are textmyself's; the others say how to get there."""
    ours = ("MY_", "TWILIO_", "SMTP_")
    return {name: value for name, value in settings.items() if name.startswith(ours)}


def as_lines(settings: Mapping[str, str]) -> Iterable[str]:
    return (f"{name}={value}" for name, value in settings.items())


def lead(monkeypatch: pytest.MonkeyPatch, server: tuple[str, int], port: int) -> None:
    """Let the look-up of a server lead to a port of this machine."""
    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, wanted: Any, *rest: Any, **options: Any) -> Any:
        if (host, wanted) == server:
            host, wanted = "127.0.0.1", port
        return look_up(host, wanted, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


# What a script does that runs in a Python of its own.
JOB = f"""
import json
from textmyself import textmyself

receipt = textmyself({MESSAGE!r}, confirm=0)
print(json.dumps([receipt.sent, *receipt.problems]), flush=True)
"""
RunJob = Callable[..., Any]


@pytest.fixture
def run_job(tmp_path: Path, phone: Phone) -> RunJob:
    """Run a script in project/jobs from work/today, with textmyself.py alone in copy.

    It returns what that prints, which is JSON: whether its text went, and the problems.
    """
    job = tmp_path / "project" / "jobs" / "job.py"
    for folder in (job.parent, tmp_path / "work" / "today", tmp_path / "copy"):
        folder.mkdir(parents=True)
    shutil.copy(COPY / "textmyself.py", tmp_path / "copy")
    settings = phone.settings("twilio", "gateway")
    network = {name: settings[name] for name in settings.keys() - only_ours(settings)}
    home = str(tmp_path / "home")

    def run_job(*command: object, code: str = JOB, **settings: str) -> Any:
        write(job, code)
        run = run_python(
            tmp_path / "work" / "today",
            *map(str, command or [job]),
            settings={**network, "HOME": home, "USERPROFILE": home, **settings},
            modules=tmp_path / "copy",
        )
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)

    return run_job


@pytest.fixture
def by_mail(phone: Phone) -> dict[str, str]:
    """What sets up the gateway without carriers.py."""
    settings = only_ours(phone.settings("gateway"))
    del settings["MY_CARRIER"]
    return {**settings, "MY_GATEWAY": "you@example.com"}


@pytest.fixture
def mail(set_up: SetUp) -> Phone:
    """All of the gateway but the phone's address, which a `.env` is to add by `mark`."""
    return set_up("gateway", MY_CARRIER=None)


@pytest.fixture
def give_away(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Give a file to another user or, where only root may do that, be another user."""

    def give_away(file: Path) -> None:
        if IS_ROOT:
            os.chown(file, 12345, -1)
        else:
            monkeypatch.setattr(os, "getuid", lambda: os.geteuid() + 1)

    return give_away


# Where a file is looked for


def test_of_several_files_the_first_place_wins(
    run_job: RunJob, phone: Phone, by_mail: dict[str, str], tmp_path: Path
) -> None:
    folders = [
        "named",
        "project/jobs",
        "project",
        "work/today",
        "work",
        "copy",
        "home/.config/textmyself",
    ]
    files = []
    for folder in folders:
        settings = by_mail | {"MY_GATEWAY": f"{Path(folder).name}@example.com"}
        files.append(write(tmp_path / folder / ".env", *as_lines(settings)))
    # Each is gone once it was used: so each of the places is found without those before it.
    code = f"""
import json, os, sys
from textmyself import textmyself

os.environ["TEXTMYSELF_ENV"] = {str(files[0])!r}
for file in {[str(file) for file in files]!r}:
    assert textmyself(file, confirm=0)
    os.remove(file)
    os.environ["TEXTMYSELF_ENV"] = ""
print(0)
"""
    run_job(code=code)
    assert [it.to for it in phone.texts] == [f"{Path(it).name}@example.com" for it in folders]


@pytest.mark.parametrize(
    "named",
    [
        *("{folder}/mine.txt", "~/secrets/.env", "mine.env", "./mine.env", "../script/mine.env"),
        # As in a crontab.
        *("$HOME/secrets/.env", "${{HOME}}/secrets/.env"),
        # This is its name.
        "a$HOME.env",
    ],
)
def test_textmyself_env_names_a_file(
    set_up: SetUp, mail: Phone, tmp_path: Path, named: str
) -> None:
    named = named.format(folder=tmp_path)
    home = str(tmp_path / "home")
    path = named
    for start in ("~", "$HOME", "${HOME}"):
        path = home + path.removeprefix(start) if path.startswith(start) else path
    file = os.path.join(tmp_path, "script", path)
    write(Path(file), "MY_GATEWAY=named@example.com")
    mark(tmp_path / "script", "beside")
    set_up(TEXTMYSELF_ENV=named)
    assert went_to(mail) == "named@example.com"


@pytest.mark.parametrize(
    ("config", "folder"), [(None, "home/.config"), ("", "home/.config"), ("{}/config", "config")]
)
def test_a_user_s_file_is_where_xdg_config_home_says(
    set_up: SetUp, mail: Phone, tmp_path: Path, config: str | None, folder: str
) -> None:
    set_up(XDG_CONFIG_HOME=config and config.format(tmp_path))
    mark(tmp_path / folder / "textmyself", "user")
    assert went_to(mail) == "user@example.com"


@posix_only
def test_where_there_is_no_home_no_file_is_looked_for_in_it(
    set_up: SetUp, phone: Phone, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def unknown(_: object) -> None:
        raise KeyError

    # As `docker run --user 23456` has it.
    monkeypatch.setattr("pwd.getpwuid", unknown)
    set_up("gateway", HOME=None, XDG_CONFIG_HOME=None)
    assert went_to(phone) == FI
    assert os.listdir(tmp_path / "script") == []
    set_up(SMTP_PASSWORD=None)
    assert not text()
    assert text().problems[0].endswith(" There is no home folder to look in.")


@posix_only
def test_a_link_to_a_script_finds_the_file_beside_the_script(
    run_job: RunJob, by_mail: dict[str, str], tmp_path: Path
) -> None:
    write(tmp_path / "project" / "jobs" / ".env", *as_lines(by_mail))
    (tmp_path / "link").symlink_to(tmp_path / "project" / "jobs" / "job.py")
    assert run_job(tmp_path / "link") == [True]


@posix_only
def test_a_link_to_a_script_finds_the_file_beside_the_link(
    run_job: RunJob, by_mail: dict[str, str], tmp_path: Path
) -> None:
    link = tmp_path / "bin" / "job"
    write(link.parent / ".env", *as_lines(by_mail))
    link.symlink_to(tmp_path / "project" / "jobs" / "job.py")
    assert run_job(link) == [True]


def test_a_zip_file_that_is_run_finds_the_file_beside_it(
    run_job: RunJob, by_mail: dict[str, str], tmp_path: Path
) -> None:
    program = tmp_path / "bin" / "job.pyz"
    write(program.parent / ".env", *as_lines(by_mail))
    with ZipFile(program, "w") as file:
        file.writestr("__main__.py", JOB)
    assert run_job(program) == [True]


@pytest.mark.parametrize("folder", ["source", "source/package"])
def test_a_package_that_is_run_finds_the_file_in_it_or_above(
    run_job: RunJob, by_mail: dict[str, str], tmp_path: Path, folder: str
) -> None:
    write(tmp_path / "source" / "package" / "__main__.py", JOB)
    write(tmp_path / folder / ".env", *as_lines(by_mail))
    path = os.pathsep.join([guard(tmp_path / "copy"), str(tmp_path / "source")])
    assert run_job("-m", "package", PYTHONPATH=path) == [True]


def test_an_installed_command_finds_the_file_above_its_environment(
    run_job: RunJob, by_mail: dict[str, str], tmp_path: Path
) -> None:
    write(tmp_path / "project" / ".env", *as_lines(by_mail))
    command = write(tmp_path / "project" / ".venv" / "bin" / "job", JOB)
    assert run_job(command) == [True]


def test_a_frozen_program_finds_the_file_beside_it(
    run_job: RunJob, by_mail: dict[str, str], tmp_path: Path
) -> None:
    # As PyInstaller's --onefile has it, which unpacks the script somewhere else.
    program = tmp_path / "bin" / "job"
    write(program.parent / ".env", *as_lines(by_mail))
    frozen = f"import sys; sys.frozen, sys.executable = True, {str(program)!r}\n"
    assert run_job(code=frozen + JOB) == [True]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_job_that_changes_its_folder_finds_the_file_where_it_started(
    run_job: RunJob, by_mail: dict[str, str], tmp_path: Path, when: str
) -> None:
    write(tmp_path / "work" / "today" / ".env", *as_lines(by_mail))
    # As in a notebook, which has no file.
    moved = "import textmyself, os; del __file__; os.chdir('/')\n"
    if when == "before":
        # What it is called by is relative to where it started.
        write(tmp_path / "work" / "today" / "job.py", f"import os; os.chdir('/')\n{JOB}")
        assert run_job("job.py") == [True]
    else:
        assert run_job(code=moved + JOB) == [True]


def test_a_relative_textmyself_env_is_where_the_job_started(
    run_job: RunJob, by_mail: dict[str, str], tmp_path: Path
) -> None:
    write(tmp_path / "work" / "today" / "mine.env", *as_lines(by_mail))
    moved = "import textmyself, os; os.chdir('/')\n"
    assert run_job(code=moved + JOB, TEXTMYSELF_ENV="mine.env") == [True]


@pytest.mark.parametrize("quote", ['"', "'"])
def test_quotes_round_textmyself_env_do_not_count(
    set_up: SetUp, mail: Phone, tmp_path: Path, quote: str
) -> None:
    file = write(tmp_path / "mine.env", "MY_GATEWAY=named@example.com")
    set_up(TEXTMYSELF_ENV=f"{quote}{file}{quote}")
    assert went_to(mail) == "named@example.com"


def test_python_c_has_no_script_but_a_current_folder(
    run_job: RunJob, by_mail: dict[str, str], tmp_path: Path
) -> None:
    write(tmp_path / "work" / "today" / ".env", *as_lines(by_mail))
    assert run_job("-c", JOB) == [True]


@posix_only
def test_a_script_outlives_its_current_folder(
    mail: Phone, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mark(tmp_path / "script", "beside")
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert went_to(mail) == "beside@example.com"


def test_without_a_script_the_current_folder_counts(
    mail: Phone, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # In this process, where its coverage is measured, as are the next ones.
    monkeypatch.delattr("__main__.__file__")
    mark(tmp_path / "script", "current")
    assert went_to(mail) == "current@example.com"


def test_a_script_inside_of_a_file_counts_as_one_beside_it(
    mail: Phone, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "job.pyz").touch()
    monkeypatch.setattr("__main__.__file__", str(tmp_path / "bin" / "job.pyz" / "__main__.py"))
    mark(tmp_path / "bin", "beside")
    assert went_to(mail) == "beside@example.com"


def test_a_frozen_program_s_own_folder_counts_and_its_own_phone_book(
    set_up: SetUp, phone: Phone, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    set_up("gateway", MY_CARRIER=None)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "job"))
    monkeypatch.delitem(sys.modules, "textmyself.carriers")
    write(tmp_path / "bin" / ".env", "MY_CARRIER=Google Fi")
    assert went_to(phone) == FI


@posix_only
def test_a_link_that_leads_nowhere_is_passed_over(mail: Phone, tmp_path: Path) -> None:
    (tmp_path / "script" / ".env").symlink_to(tmp_path / "not mounted" / ".env")
    mark(tmp_path, "above")
    assert went_to_the_one_above(mail) == ()


@posix_only
def test_an_import_in_a_folder_that_is_gone_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # In this process, where its coverage is measured.
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    anew = runpy.run_path(str(MODULES / "textmyself.py"), run_name="anew")
    assert anew["START_FOLDER"] == os.sep


@posix_only
def test_it_can_be_imported_where_the_current_folder_is_gone(
    run_job: RunJob, by_mail: dict[str, str], tmp_path: Path
) -> None:
    write(tmp_path / "project" / "jobs" / ".env", *as_lines(by_mail))
    gone = "import os; os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')\n"
    assert run_job(code=gone + JOB) == [True]


# Which file counts, and what the environment has to do with it


@pytest.mark.parametrize(("route", "address"), [("twilio", MY_NUMBER), ("gateway", FI)])
def test_a_file_alone_sets_up_a_route(
    set_up: SetUp, phone: Phone, tmp_path: Path, route: str, address: str
) -> None:
    ours = only_ours(phone.settings(route))
    set_up(route, **dict.fromkeys(ours))
    write(tmp_path / "script" / ".env", *as_lines(ours))
    assert went_to(phone) == address


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16"])
def test_a_project_s_own_file_hides_nothing(mail: Phone, tmp_path: Path, encoding: str) -> None:
    lines = "DATABASE_URL=postgres://localhost", "GREETING=Grüße"
    write(tmp_path / "script" / ".env", *lines, encoding=encoding)
    mark(tmp_path, "above")
    assert went_to_the_one_above(mail) == ()


@pytest.mark.parametrize(
    "line", ["MY_GATEWAY=", 'MY_GATEWAY=""', 'MY_GATEWAY=" "', "# MY_GATEWAY=a@b.com", "MY_GATEWAY"]
)
def test_a_file_with_nothing_filled_in_hides_nothing(
    mail: Phone, tmp_path: Path, line: str
) -> None:
    write(tmp_path / "script" / ".env", line)
    mark(tmp_path, "above")
    assert went_to_the_one_above(mail) == ()


def test_a_folder_called_env_is_passed_over(mail: Phone, tmp_path: Path) -> None:
    (tmp_path / "script" / ".env").mkdir()
    mark(tmp_path, "above")
    assert went_to_the_one_above(mail) == ()


def test_files_are_not_mixed(mail: Phone, tmp_path: Path) -> None:
    file = write(tmp_path / "script" / ".env", f"MY_PHONE_NUMBER={MY_NUMBER}")
    mark(tmp_path, "above")
    [problem] = refusal(mail)
    assert problem.startswith("no way to text is set up. ")
    assert problem.endswith(f" Settings come from the environment and {file}.")


def test_the_environment_wins_over_the_file(set_up: SetUp, mail: Phone, tmp_path: Path) -> None:
    mark(tmp_path / "script", "file")
    assert went_to(mail) == "file@example.com"
    set_up(MY_GATEWAY="environment@example.com")
    assert went_to(mail) == "environment@example.com"


def test_an_empty_variable_switches_a_setting_of_the_file_off(
    set_up: SetUp, tmp_path: Path
) -> None:
    mark(tmp_path / "script", "file")
    phone = set_up("gateway")
    assert went_to(phone) == "file@example.com"
    set_up(MY_GATEWAY="")
    assert went_to(phone) == FI


def test_the_environment_stays_as_it_was(mail: Phone, tmp_path: Path) -> None:
    mark(tmp_path / "script", "file")
    before = dict(os.environ)
    assert went_to(mail) == "file@example.com"
    assert dict(os.environ) == before


# How a file is read


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("MY_GATEWAY=a$HOME${HOME}b@example.com", "a$HOME${HOME}b@example.com"),
        ('MY_GATEWAY="a$HOME@example.com"', "a$HOME@example.com"),
        ("MY_GATEWAY='you@example.com'", "you@example.com"),
        ('MY_GATEWAY="you@example.com"', "you@example.com"),
        ('MY_GATEWAY="you@example.com "', "you@example.com"),
        ("export MY_GATEWAY=you@example.com", "you@example.com"),
        ("export  MY_GATEWAY='you@example.com'  # mine", "you@example.com"),
        ("[sms]\nMY_GATEWAY=you@example.com", "you@example.com"),
        ("MY_GATEWAY=You <you@example.com>", "you@example.com"),
        ("MY_GATEWAY=mailto:you@example.com", "you@example.com"),
        ("MY_GATEWAY = you@example.com  # mine", "you@example.com"),
        ("  MY_GATEWAY=you@example.com \t\r", "you@example.com"),
        ("\ufeffMY_GATEWAY=you@example.com", "you@example.com"),
        ("MY_GATEWAY=no@example.com\nMY_GATEWAY=you@example.com", "you@example.com"),
    ],
)
def test_a_value_is_read_as_it_is_meant(
    mail: Phone, tmp_path: Path, line: str, address: str
) -> None:
    write(tmp_path / "script" / ".env", line)
    assert went_to(mail) == address


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_file_that_notepad_saved_as_unicode_is_read(
    mail: Phone, tmp_path: Path, encoding: str
) -> None:
    lines = "\ufeffMY_GATEWAY=me@example.com\r", "# Über mich\r"
    write(tmp_path / "script" / ".env", *lines, encoding=encoding)
    assert went_to(mail) == "me@example.com"


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_that_is_not_utf_8_is_read_where_it_is_plain(
    mail: Phone, tmp_path: Path, encoding: str
) -> None:
    lines = "MY_GATEWAY=me@example.com", "# Über mich"
    write(tmp_path / "script" / ".env", *lines, encoding=encoding)
    assert went_to(mail) == "me@example.com"


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_setting_that_is_not_utf_8_is_told(set_up: SetUp, tmp_path: Path, encoding: str) -> None:
    phone = set_up("gateway", SMTP_PASSWORD=None)
    write(tmp_path / "script" / ".env", "SMTP_PASSWORD=hüsh", encoding=encoding)
    assert refusal(phone) == (f"gateway: {wrong('SMTP_PASSWORD')}",)


@pytest.mark.parametrize("line", ["PASSWORD", 'PASSWORD="hush', "PASSWORD='hush", "PASSWORD:hush"])
def test_half_a_line_sets_nothing_and_shows_nothing(
    set_up: SetUp, tmp_path: Path, caplog: pytest.LogCaptureFixture, line: str
) -> None:
    phone = set_up("gateway", SMTP_PASSWORD=None)
    file = write(tmp_path / "script" / ".env", "MY_GATEWAY=you@example.com", f"SMTP_{line}")
    problems = "\n".join(refusal(phone))
    assert "gateway: SMTP_PASSWORD not set. " in problems
    assert f"Settings come from the environment and {file}." in problems
    assert "hush" not in caplog.text


def test_a_quote_that_stays_open_is_told_by_its_line_and_shows_nothing(
    set_up: SetUp, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("gateway", SMTP_USER=None, SMTP_PASSWORD=None)
    lines = "MY_GATEWAY=you@example.com", 'SMTP_PASSWORD="hush', 'SMTP_USER="you@gmail.com"'
    write(tmp_path / "script" / ".env", *lines)
    refusal(phone)
    assert "line 2" in caplog.text
    assert "hush" not in caplog.text


@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize("above", [True, False])
def test_a_quote_that_stays_open_is_pointed_out(
    set_up: SetUp, tmp_path: Path, quote: str, above: bool
) -> None:
    phone = set_up("gateway", SMTP_PASSWORD=None, MY_CARRIER=None)
    lines = [f"SMTP_PASSWORD={quote}hush", "MY_CARRIER=Google Fi"]
    write(tmp_path / "script" / ".env", *(lines if above else reversed(lines)))
    problems = without_folders(refusal(phone), tmp_path)
    assert "quote" in problems
    assert "SMTP_PASSWORD" in problems
    assert "hush" not in problems


@pytest.mark.parametrize(
    "lines",
    [
        # The quote is closed by that of the next line, which is no longer read as one.
        ['SMTP_PASSWORD="hush', 'MY_CARRIER="Google Fi"'],
        ["SMTP_PASSWORD='hush", "MY_CARRIER='Google Fi'"],
        ['MY_CARRIER="Google Fi', "MY_GATEWAY="],
        ["export MY_CARRIER='Google Fi"],
    ],
)
def test_a_quote_that_stays_open_above_or_in_a_setting_is_pointed_out(
    set_up: SetUp, tmp_path: Path, lines: list[str]
) -> None:
    phone = set_up("gateway", SMTP_PASSWORD=None, MY_CARRIER=None)
    file = write(tmp_path / "script" / ".env", *lines)
    problems = "\n".join(refusal(phone))
    assert re.search(
        rf"(MY_CARRIER|SMTP_PASSWORD) in {re.escape(str(file))} cannot be read\. Look for a quote",
        problems,
    )
    assert "hush" not in problems


# Which files are refused


@posix_only
@pytest.mark.skipif(IS_ROOT, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(mail: Phone, tmp_path: Path) -> None:
    file = mark(tmp_path / "script", "file")
    file.chmod(0o000)
    mark(tmp_path, "above")
    why = "the system says: Permission denied."
    assert went_to_the_one_above(mail) == (not_read(file, why),)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has it")
def test_a_file_that_cannot_be_read_is_told(mail: Phone, tmp_path: Path) -> None:
    # It has nothing at its beginning, even for root.
    (tmp_path / "script" / ".env").symlink_to("/proc/self/mem")
    mark(tmp_path, "above")
    why = "the system says: Input/output error."
    assert went_to_the_one_above(mail) == (not_read(tmp_path / "script" / ".env", why),)


def test_without_python_dotenv_a_file_is_told_with_the_command(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    phone = set_up("gateway", MY_CARRIER=None)
    file = mark(tmp_path / "script", "file")
    monkeypatch.setitem(sys.modules, "dotenv", None)
    problem, nothing = refusal(phone)
    assert problem == not_read(file, "python-dotenv is missing. Run: pip install python-dotenv.")
    assert nothing.startswith("no way to text is set up. ")


def test_a_python_dotenv_that_is_too_old_is_told_with_the_command(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def dotenv_values(stream: object) -> dict[str, str]:
        raise AssertionError("it is called with what it does not take")

    phone = set_up("gateway", MY_CARRIER=None)
    file = mark(tmp_path / "script", "file")
    old = ModuleType("dotenv")
    # As 0.10 has it.
    old.dotenv_values = dotenv_values  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "dotenv", old)
    problem, _ = refusal(phone)
    why = "python-dotenv is too old. Run: pip install --upgrade python-dotenv."
    assert problem == not_read(file, why)


def test_without_python_dotenv_the_environment_is_enough(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    phone = set_up("gateway")
    write(tmp_path / "script" / ".env", "DATABASE_URL=postgres://localhost")
    monkeypatch.setitem(sys.modules, "dotenv", None)
    assert went_to(phone) == FI


def test_of_a_file_that_was_refused_it_is_not_said_that_it_sets_nothing(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    phone = set_up("gateway", MY_CARRIER=None)
    file = mark(tmp_path / "script", "file")
    monkeypatch.setitem(sys.modules, "dotenv", None)
    assert f"{file} (which sets none)" not in "\n".join(refusal(phone))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has it")
def test_of_a_file_that_cannot_be_read_it_is_not_said_that_it_sets_nothing(
    phone: Phone, tmp_path: Path
) -> None:
    (tmp_path / "script" / ".env").symlink_to("/proc/self/mem")
    write(tmp_path / ".env", "DEBUG=1")
    problems = "\n".join(refusal(phone))
    assert f"{tmp_path / 'script' / '.env'}, {tmp_path / '.env'} (which sets none), " in problems


@posix_only
def test_of_a_planted_file_it_is_not_said_that_it_sets_nothing(
    phone: Phone, tmp_path: Path, give_away: Callable[[Path], None]
) -> None:
    file = mark(tmp_path / "script", "planted")
    file.chmod(0o666)
    give_away(file)
    problems = "\n".join(refusal(phone))
    assert str(file) in problems
    assert f"{file} (which sets none)" not in problems


@posix_only
@pytest.mark.parametrize(
    ("mode", "folder_mode"),
    [
        (0o666, 0o755),
        (0o644, 0o777),
        (0o644, 0o1777),
        # As in his own home, below which somebody has changed to.
        (0o644, 0o755),
        (0o664, 0o775),
    ],
)
@pytest.mark.parametrize("link", [False, True])
def test_somebody_else_s_file_is_refused(
    mail: Phone,
    tmp_path: Path,
    give_away: Callable[[Path], None],
    mode: int,
    folder_mode: int,
    link: bool,
) -> None:
    folder = tmp_path / ("theirs" if link else "script")
    planted = mark(folder, "planted")
    planted.chmod(mode)
    folder.chmod(folder_mode)
    found = tmp_path / "script" / ".env"
    if link:
        found.symlink_to(planted)
    give_away(planted)
    [problem, _] = refusal(mail)
    assert problem.startswith(not_read(found, "it is somebody else's"))


@posix_only
def test_somebody_else_s_mail_server_gets_no_password_of_mine(
    set_up: SetUp,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    give_away: Callable[[Path], None],
) -> None:
    phone = set_up("gateway", SMTP_HOST=None, SMTP_PORT=None, SMTP_TLS=None)
    lead(monkeypatch, ("smtp.gmail.com", 465), phone.implicit_port)
    file = write(tmp_path / "script" / ".env", "SMTP_HOST=smtp.example.com")
    give_away(file)
    receipt = text()
    assert [it.to for it in phone.texts] == [FI]
    assert any(problem.startswith(not_read(file, "")) for problem in receipt.problems)


@posix_only
@pytest.mark.parametrize("mode", [0o755, 0o777, 0o1777])
def test_somebody_else_s_file_is_used_where_textmyself_env_names_it(
    set_up: SetUp, mail: Phone, tmp_path: Path, give_away: Callable[[Path], None], mode: int
) -> None:
    # As one that is mounted into a container, from its host.
    file = mark(tmp_path / "shared", "mounted")
    file.parent.chmod(mode)
    set_up(TEXTMYSELF_ENV=str(file))
    give_away(file)
    assert went_to(mail) == "mounted@example.com"


@posix_only
def test_my_own_file_is_read_wherever_it_is(mail: Phone, tmp_path: Path) -> None:
    file = mark(tmp_path / "script", "mine")
    file.chmod(0o666)
    file.parent.chmod(0o777)
    assert went_to(mail) == "mine@example.com"


@pytest.mark.skipif(not IS_ROOT, reason="only root can make a file that is root's")
def test_root_s_file_is_read_wherever_it_is(
    mail: Phone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = mark(tmp_path / "script", "root")
    file.chmod(0o666)
    file.parent.chmod(0o777)
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    assert went_to(mail) == "root@example.com"


def test_a_named_file_that_sets_nothing_is_told(set_up: SetUp, tmp_path: Path) -> None:
    file = write(tmp_path / "mine.env", "MY_PHONE_NUBMER=+15559998888")
    phone = set_up(TEXTMYSELF_ENV=str(file), MY_PHONE_NUMBER=None)
    assert refusal(phone)[0].startswith(not_read(file, ""))


@pytest.mark.parametrize("named", ["a folder", "nothing", "nothing of ours", "what has no bytes"])
def test_a_named_file_that_cannot_be_used_is_an_error_and_no_other_is_used(
    set_up: SetUp, mail: Phone, tmp_path: Path, named: str
) -> None:
    file = tmp_path / "named"
    if named == "a folder":
        file.mkdir()
    elif named == "nothing of ours":
        write(file, "DEBUG=1")
    elif named == "what has no bytes":
        file.symlink_to("/proc/self/mem")
    whys = {"a folder": "it is a folder.", "nothing": "it is not there."}
    set_up(TEXTMYSELF_ENV=str(file))
    mark(tmp_path / "script", "beside")
    problem, nothing = refusal(mail)
    assert problem.startswith(not_read(file, whys.get(named, "")))
    assert nothing.endswith(f" Looked in the environment, {file}.")


@contextmanager
def said_once(fifo: Path, line: str) -> Iterator[None]:
    """Let the first who reads a pipe get a line, as of a vault that mounts the pipe."""

    def say() -> None:
        with suppress(OSError), open(fifo, "w", encoding="utf-8") as file:
            file.write(f"{line}\n")

    os.mkfifo(fifo, 0o600)
    thread = Thread(target=say, daemon=True)
    thread.start()
    yield
    # Where nobody has read it, the thread waits for somebody still.
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    thread.join()
    os.close(reader)


@posix_only
def test_a_pipe_that_textmyself_env_names_is_read(
    set_up: SetUp, mail: Phone, tmp_path: Path
) -> None:
    set_up(TEXTMYSELF_ENV=str(tmp_path / "pipe"))
    with said_once(tmp_path / "pipe", "MY_GATEWAY=piped@example.com"):
        assert went_to(mail) == "piped@example.com"


@posix_only
def test_a_pipe_that_is_found_is_read_or_told(mail: Phone, tmp_path: Path) -> None:
    with said_once(tmp_path / "script" / ".env", "MY_GATEWAY=piped@example.com"):
        receipt = text()
    assert receipt.sent or "pipe" in without_folders(receipt.problems, tmp_path)


@posix_only
def test_a_file_that_a_shell_substitutes_is_read(set_up: SetUp, mail: Phone) -> None:
    # As TEXTMYSELF_ENV=<(pass show textmyself) has it.
    reader, writer = os.pipe()
    os.write(writer, b"MY_GATEWAY=piped@example.com\n")
    os.close(writer)
    set_up(TEXTMYSELF_ENV=f"/dev/fd/{reader}")
    try:
        assert went_to(mail) == "piped@example.com"
    finally:
        os.close(reader)


@posix_only
def test_a_pipe_of_which_nothing_comes_does_not_hold_it_up(
    set_up: SetUp, mail: Phone, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    set_up(TEXTMYSELF_ENV=str(tmp_path / "pipe"))
    assert not textmyself(MESSAGE, timeout=1).sent
    # Which ends the wait of the one that was left behind.
    os.close(os.open(tmp_path / "pipe", os.O_RDWR))
    assert mail.texts == []


@pytest.mark.parametrize("rest", ["5 GB", "blanks", "comments"])
def test_of_a_file_that_is_huge_only_the_beginning_is_read_and_that_is_told(
    mail: Phone, tmp_path: Path, rest: str
) -> None:
    file = mark(tmp_path / "script", "beginning")
    if rest == "5 GB":
        os.truncate(file, 5_000_000_000)
    else:
        blanks = " " * 200_000 + "word\n"
        with open(file, "a", encoding="utf-8") as more:
            more.write(blanks if rest == "blanks" else "# a comment\n" * 300_000)
    receipt = text()
    assert receipt.problems == (f"settings: only the first 100,000 bytes of {file} were read.",)
    assert (receipt.sent, mail.texts[0].to) == (True, "beginning@example.com")


@pytest.mark.parametrize("blank", [" ", "\x1f", "\x0c", "\xa0"])
def test_a_file_with_very_many_blanks_in_a_row_is_read_at_once(
    mail: Phone, tmp_path: Path, blank: str
) -> None:
    file = mark(tmp_path / "script", "beginning")
    with open(file, "a", encoding="utf-8") as more:
        more.write(f"OTHER=a{blank * 49_000}b\n")
    receipt = text()
    assert (receipt.sent, receipt.problems) == (True, ())
    assert mail.texts[0].to == "beginning@example.com"


# What is said of settings that are missing


def test_nothing_set_up_tells_what_to_set_and_where_it_looked(phone: Phone, tmp_path: Path) -> None:
    assert refusal(phone) == (
        "no way to text is set up. For Twilio, set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and "
        "TWILIO_PHONE_NUMBER; for your carrier's gateway, MY_CARRIER, SMTP_USER and "
        "SMTP_PASSWORD; for both, MY_PHONE_NUMBER. In place of MY_CARRIER, MY_GATEWAY may be any "
        f"e-mail address that reaches you. `python {module.__file__} --init` writes a file for them. "
        f"{looked(tmp_path)}",
    )


@pytest.mark.parametrize(
    ("started_as", "folder", "command"),
    [
        ("/usr/local/bin/textmyself", "modules", "textmyself"),
        (r"textmyself.exe", "modules", "textmyself"),
        ("job.py", "site-packages", "python -m textmyself"),
        ("job.py", "dist-packages", "python -m textmyself"),
    ],
)
def test_the_command_is_named_as_it_can_be_typed(
    phone: Phone,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    started_as: str,
    folder: str,
    command: str,
) -> None:
    monkeypatch.setattr(sys, "argv", [started_as])
    monkeypatch.setattr("textmyself.__file__", str(tmp_path / folder / "textmyself.py"))
    assert f" `{command} --init` writes " in refusal(phone)[0]


def test_a_file_that_sets_none_is_told_among_the_places(phone: Phone, tmp_path: Path) -> None:
    file = write(tmp_path / "script" / ".env", "DEBUG=1")
    assert f"Looked in the environment, {file} (which sets none), " in refusal(phone)[0]


@pytest.mark.parametrize(
    "carrier",
    [
        *("Cox Mobile", "Helium Mobile", "Optimum Mobile", "Good2Go Mobile", "SafeLink Wireless"),
        *("Twigby", "Boom Wireless", "Mobile", "wireless", "My Own Cellular"),
    ],
)
def test_a_carrier_that_nobody_knows_is_told_without_a_wrong_guess(
    set_up: SetUp, carrier: str
) -> None:
    assert refusal(set_up("gateway", MY_CARRIER=carrier)) == (
        "gateway: MY_CARRIER is no carrier that carriers.py knows. Set MY_GATEWAY to an e-mail "
        "address that reaches you.",
    )


@pytest.mark.parametrize(
    ("carrier", "meant"),
    [("Verison", "Verizon"), ("Goggle Fi", "Google Fi"), ("T Moble", "T-Mobile")],
)
def test_a_carrier_that_is_misspelled_is_told_with_the_one_that_was_meant(
    set_up: SetUp, carrier: str, meant: str
) -> None:
    [problem] = refusal(set_up("gateway", MY_CARRIER=carrier))
    assert f" Did you mean {meant}" in problem


MY_GATEWAY = {"MY_GATEWAY": "you@example.com"}


@pytest.mark.parametrize(
    ("settings", "missing"),
    [
        (
            {"TWILIO_ACCOUNT_SID": made_up.ACCOUNT_SID},
            "Twilio: MY_PHONE_NUMBER and TWILIO_AUTH_TOKEN and TWILIO_PHONE_NUMBER",
        ),
        (
            {"TWILIO_PHONE_NUMBER": made_up.TWILIO_NUMBER},
            "Twilio: MY_PHONE_NUMBER and TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN",
        ),
        (
            {"TWILIO_MESSAGING_SERVICE_SID": made_up.SERVICE_SID, "MY_PHONE_NUMBER": MY_NUMBER},
            "Twilio: TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN",
        ),
        (
            {"TWILIO_API_KEY": made_up.API_KEY},
            "Twilio: MY_PHONE_NUMBER and TWILIO_ACCOUNT_SID and TWILIO_API_SECRET and "
            "TWILIO_PHONE_NUMBER",
        ),
        (
            {"TWILIO_API_SECRET": made_up.API_SECRET, "TWILIO_AUTH_TOKEN": made_up.AUTH_TOKEN},
            "Twilio: MY_PHONE_NUMBER and TWILIO_ACCOUNT_SID and TWILIO_API_KEY and "
            "TWILIO_PHONE_NUMBER",
        ),
        ({"MY_CARRIER": "Verizon"}, "gateway: MY_PHONE_NUMBER and SMTP_USER and SMTP_PASSWORD"),
        (MY_GATEWAY, "gateway: SMTP_USER and SMTP_PASSWORD"),
        ({**MY_GATEWAY, "SMTP_PASSWORD": made_up.SMTP_PASSWORD}, "gateway: SMTP_USER"),
        ({**MY_GATEWAY, "SMTP_HOST": "localhost"}, "gateway: SMTP_FROM"),
        (
            {**MY_GATEWAY, "SMTP_HOST": "localhost", "SMTP_USER": "you@gmail.com"},
            "gateway: SMTP_PASSWORD",
        ),
    ],
)
def test_all_that_is_missing_is_told_at_once(
    set_up: SetUp, tmp_path: Path, settings: dict[str, str], missing: str
) -> None:
    phone = set_up(**{"MY_PHONE_NUMBER": None, **settings})
    assert refusal(phone) == (f"{missing} not set. {looked(tmp_path)}",)


def test_each_route_tells_what_it_misses(set_up: SetUp, tmp_path: Path) -> None:
    phone = set_up(TWILIO_ACCOUNT_SID=made_up.ACCOUNT_SID, MY_CARRIER="Verizon")
    assert refusal(phone) == (
        f"Twilio: TWILIO_AUTH_TOKEN and TWILIO_PHONE_NUMBER not set. {looked(tmp_path)}",
        f"gateway: SMTP_USER and SMTP_PASSWORD not set. {looked(tmp_path)}",
    )


def test_a_mailbox_without_a_carrier_or_an_address_is_told_which_of_them_to_set(
    set_up: SetUp, tmp_path: Path
) -> None:
    phone = set_up("gateway", MY_CARRIER=None, CARRIER="Google Fi")
    [problem] = refusal(phone)
    assert problem.startswith("no way to text is set up. Set MY_CARRIER to your carrier's name, ")
    assert ", or MY_GATEWAY to one e-mail address that reaches you" in problem
    assert problem.endswith("CARRIER is set, but textmyself calls it MY_CARRIER.")
    assert "TWILIO" not in without_folders((problem,), tmp_path)


NEAR = [
    ("SMTP_PASS", "SMTP_PASSWORD"),
    ("SMTP_USERNAME", "SMTP_USER"),
    ("TWILIO_SID", "TWILIO_ACCOUNT_SID"),
    ("TWILIO_NUMBER", "TWILIO_PHONE_NUMBER"),
    ("TWILIO_FROM", "TWILIO_PHONE_NUMBER"),
    ("TWILIO_API_KEY_SID", "TWILIO_API_KEY"),
    # Of other programs, and misspelled.
    ("EMAIL_HOST_PASSWORD", "SMTP_PASSWORD"),
    ("GMAIL_USER", "SMTP_USER"),
    ("TWILIO_TOKEN", "TWILIO_AUTH_TOKEN"),
    ("TWILIO_ACOUNT_SID", "TWILIO_ACCOUNT_SID"),
    ("MY_PHONE_NUBMER", "MY_PHONE_NUMBER"),
    ("MY_CELL", "MY_PHONE_NUMBER"),
    ("GMAIL_ADDRESS", "SMTP_USER"),
    ("MAIL_USER", "SMTP_USER"),
    ("APP_PASSWORD", "SMTP_PASSWORD"),
    ("EMAIL_PASS", "SMTP_PASSWORD"),
    ("SMTP_APP_PASSWORD", "SMTP_PASSWORD"),
    ("TWILIO_PHONE", "TWILIO_PHONE_NUMBER"),
    ("TWILIO_FROM_PHONE", "TWILIO_PHONE_NUMBER"),
    ("TWILIO_WHATSAPP_NUMBER", "TWILIO_PHONE_NUMBER"),
    ("TWILIO_AUTH", "TWILIO_AUTH_TOKEN"),
    ("ACCOUNT_SID", "TWILIO_ACCOUNT_SID"),
    ("MY_MOBILE", "MY_PHONE_NUMBER"),
    ("MOBILE_NUMBER", "MY_PHONE_NUMBER"),
    ("TWILIO_TO_NUMBER", "MY_PHONE_NUMBER"),
    ("SENDER_EMAIL", "SMTP_USER"),
    ("EMAIL_SENDER", "SMTP_USER"),
    ("SENDER_PASSWORD", "SMTP_PASSWORD"),
    ("SMTP_AUTH_PASS", "SMTP_PASSWORD"),
    ("EMAIL_PW", "SMTP_PASSWORD"),
]


@pytest.mark.parametrize("where", ["environment", "file"])
@pytest.mark.parametrize(("near", "name"), NEAR, ids=[near for near, _ in NEAR])
def test_a_name_that_is_nearly_that_of_a_setting_is_pointed_out(
    set_up: SetUp, tmp_path: Path, near: str, name: str, where: str
) -> None:
    key = API_KEY if name in API_KEY else {}
    value = "hush" if name == "SMTP_PASSWORD" else "you@gmail.com"
    write(tmp_path / "script" / ".env", f"{near}={value}" if where == "file" else "DEBUG=1")
    others = {near: value} if where == "environment" else {}
    route = "gateway" if name.startswith("SMTP") else "twilio"
    phone = set_up(route, **{**key, name: None, **others})
    problems = without_folders(refusal(phone), tmp_path)
    assert f"{name} not set" in problems
    assert re.search(rf"\b{near}\b", problems)
    assert value not in problems


@pytest.mark.parametrize(
    "near", ["TWILIO_SERVICE_SID", "TWILIO_MESSAGING_SID", "MESSAGING_SERVICE_SID"]
)
def test_another_name_of_the_service_that_may_send_instead_is_pointed_out(
    set_up: SetUp, near: str
) -> None:
    phone = set_up("twilio", TWILIO_PHONE_NUMBER=None, **{near: f"MG{'0' * 32}"})
    [problem] = refusal(phone)
    assert problem.startswith("Twilio: TWILIO_PHONE_NUMBER not set. ")
    assert problem.endswith(f"{near} is set, but textmyself calls it TWILIO_MESSAGING_SERVICE_SID.")


@pytest.mark.parametrize("near", ["SMTP_SERVER", "EMAIL_HOST", "MAIL_HOST", "SMTP_ADDRESS"])
def test_another_name_of_the_server_of_an_unknown_mailbox_is_pointed_out(
    set_up: SetUp, near: str
) -> None:
    phone = set_up(
        "gateway", SMTP_USER="you@example.org", SMTP_HOST=None, **{near: "mail.example.org"}
    )
    [problem] = refusal(phone)
    assert problem.endswith(f" {near} is set, but textmyself calls it SMTP_HOST.")


@pytest.mark.parametrize("near", ["EMAIL_FROM", "SMTP_SENDER", "DEFAULT_FROM_EMAIL", "FROM_EMAIL"])
def test_another_name_of_the_sender_is_pointed_out(set_up: SetUp, near: str) -> None:
    phone = set_up("gateway", SMTP_USER="apikey", **{near: "you@example.org"})
    [problem] = refusal(phone)
    assert problem.startswith("gateway: SMTP_FROM not set. ")
    assert problem.endswith(f" {near} is set, but textmyself calls it SMTP_FROM.")


@pytest.mark.parametrize(
    "name",
    [
        *("PWD", "PASSWORD_STORE_DIR", "DEFAULT_GATEWAY", "MAIL", "APP_KEY", "NUMBER", "TOKEN"),
        *("SID", "MAIL_HOSTNAME", "AUTH_TOKEN"),
    ],
)
def test_a_name_that_means_something_else_is_not_pointed_out(set_up: SetUp, name: str) -> None:
    phone = set_up("gateway", SMTP_PASSWORD=None, MY_PHONE_NUMBER=None, **{name: "/home/you"})
    assert not re.search(rf"\b{name}\b", " ".join(refusal(phone)))


def test_a_name_that_is_empty_in_the_environment_is_pointed_out(
    set_up: SetUp, tmp_path: Path
) -> None:
    write(tmp_path / "script" / ".env", "SMTP_PASSWORD=hush")
    phone = set_up("gateway", SMTP_PASSWORD="")
    [problem] = refusal(phone)
    assert problem.startswith("gateway: SMTP_PASSWORD not set. ")
    assert problem.endswith(
        "SMTP_PASSWORD is empty in the environment, which takes precedence over the file: unset it there."
    )


@pytest.mark.parametrize("write_name", [str.lower, str.title])
def test_names_in_other_letters_are_pointed_out(
    set_up: SetUp, tmp_path: Path, write_name: Callable[[str], str]
) -> None:
    phone = set_up("gateway", SMTP_PASSWORD=None)
    near = write_name("SMTP_PASSWORD")
    write(tmp_path / "script" / ".env", f"{near}=hush")
    problems = without_folders(refusal(phone), tmp_path)
    assert re.search(rf"\b{near}\b", problems)
    assert "hush" not in problems


@pytest.mark.parametrize("where", ["script", ".", "home/textmyself"])
def test_a_file_called_env_txt_is_pointed_out_wherever_it_counted(
    phone: Phone, tmp_path: Path, where: str
) -> None:
    file = write(tmp_path / where / ".env.txt", "MY_GATEWAY=you@example.com")
    assert f"{file} is there: rename it to .env." in refusal(phone)[0]


@pytest.mark.parametrize("name", ["TWILIO_REGION", "TWILIO_EDGE"])
def test_a_region_in_a_file_is_pointed_out(set_up: SetUp, tmp_path: Path, name: str) -> None:
    phone = set_up("twilio", MY_PHONE_NUMBER=None, TWILIO_AUTH_TOKEN=None)
    write(tmp_path / "script" / ".env", f"{name}=ie1", f"MY_PHONE_NUMBER={MY_NUMBER}")
    assert f"{name} counts in the environment only, not in a .env." in refusal(phone)[0]


def test_a_file_called_env_txt_is_pointed_out(phone: Phone, tmp_path: Path) -> None:
    # As Notepad saves it.
    write(tmp_path / "script" / ".env.txt", "MY_GATEWAY=you@example.com")
    assert ".env.txt" in "\n".join(refusal(phone))


# In which shapes they are taken, and what is said of others

# fmt: off
A_SECRET = ["hush hush", "hush\nhush", "hush-hüsh"]
AN_ADDRESS = [
    "example.com", "you@", "hüsh@example.com",
    "hush@example.com, them@example.com", "hush@example.com them@example.com",
    "hush@example.com;them@example.com", "hush@example.com> NOTIFY=NEVER <",
    "hush@example.com\nBcc: them@example.com", "hush@example.com\r\nBcc: them@example.com",
    "You <hush@example.com>\nBcc: them@example.com", "You <hush@example.com>, them@example.com",
]
WRONG = {
    "MY_PHONE_NUMBER": [
        "555-CALL-NOW", "555 999 8888 ext. 5", "+", "9998888", "+1 999 8888", "25559998888",
        "020 7946 0958", "+1 055 999 8888", "+1234567890123456", "+44 07911 123456",
        "+49 0170 1234567", "+610412345678", "+353 086 123 4567", "+972 050-123-4567",
        "+15559998888, +15559997777", "whatsapp:+15559998888", "+1٥٥٥٩٩٩٨٨٨٨",
    ],
    "TWILIO_ACCOUNT_SID": [
        "AC...", made_up.API_KEY, f"{made_up.ACCOUNT_SID}0", f"{made_up.ACCOUNT_SID[:-1]}g",
        f"{made_up.ACCOUNT_SID[:-1]}/",
    ],
    "TWILIO_AUTH_TOKEN": A_SECRET,
    "TWILIO_API_KEY": [made_up.ACCOUNT_SID],
    "TWILIO_API_SECRET": A_SECRET,
    "TWILIO_PHONE_NUMBER": ["+1 555", "0612345678", "A name that is too long"],
    "TWILIO_MESSAGING_SERVICE_SID": [made_up.ACCOUNT_SID],
    "MY_GATEWAY": AN_ADDRESS,
    "SMTP_USER": ["you@gmail.com you@gmail.com", "hüsh"],
    "SMTP_PASSWORD": ["hush\nhush", "hush-hüsh"],
    "SMTP_HOST": ["smtp gmail.com", "smtp.gmail.com\nx", "[hush"],
    "SMTP_PORT": ["abc", "0", "-1", "65536", "70000", "465.0", "٤٦٥"],
    "SMTP_TLS": ["sometimes", "2"],
    "SMTP_FROM": AN_ADDRESS,
}
# fmt: on


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values]
)
def test_a_wrong_value_is_told_by_what_it_should_be(
    set_up: SetUp, caplog: pytest.LogCaptureFixture, name: str, value: str
) -> None:
    route = "gateway" if name.startswith(("SMTP_", "MY_GATEWAY")) else "Twilio"
    others = {"SMTP_FROM": "you@example.com"} if name == "SMTP_USER" else {}
    others |= API_KEY if name in API_KEY else {}
    phone = set_up(route.lower(), **{**others, name: value})
    assert refusal(phone) == (f"{route}: {wrong(name)}",)
    assert "hush" not in caplog.text


def test_all_that_is_missing_or_wrong_is_told_at_once(set_up: SetUp, tmp_path: Path) -> None:
    phone = set_up("gateway", SMTP_USER=None, SMTP_PORT="abc", SMTP_TLS="sometimes")
    assert refusal(phone) == (
        f"gateway: SMTP_USER not set. {looked(tmp_path)} "
        "SMTP_PORT should be a number like 587, if it is not 465. "
        "SMTP_TLS should be implicit (as on port 465), starttls (as on others), or none (a relay "
        "on this machine).",
    )


@pytest.mark.parametrize(
    "number",
    [
        "5559998888",
        "555-999-8888",
        "555.999.8888",
        "(555) 999-8888",
        "+1 555 999 8888",
        "+1 (555) 999–8888",
        "+1\u00a0555\u00a0999\u00a08888",
        # As some address books copy it.
        "\u202a+1 (555) 999\u20118888\u202c",
        " +15559998888 \t",
        "1-555-999-8888",
        "15559998888",
        "1 (555) 999-8888",
        "001 555 999 8888",
        "(+1) 555 999 8888",
        "1.555.999.8888",
        "+1 555/999-8888",
        "<+15559998888>",
        # As contacts and web pages copy it.
        "tel:+1-555-999-8888",
        "\u200e+1 (555) 999\u20118888\u200f",
    ],
)
def test_a_number_may_be_written_as_people_write_it(set_up: SetUp, number: str) -> None:
    sender = number.replace("999", "000").replace("8888", "1111")
    phone = set_up("twilio", MY_PHONE_NUMBER=number, TWILIO_PHONE_NUMBER=sender)
    assert went_to(phone) == MY_NUMBER
    assert phone.texts[0].sender == made_up.TWILIO_NUMBER


@pytest.mark.parametrize(
    ("number", "to"),
    [
        ("+44 20 7946 0958", "+442079460958"),
        ("0044 20 7946 0958", "+442079460958"),
        ("+44 (20) 7946-0958", "+442079460958"),
        ("+298 201234", "+298201234"),
        # Italy's keep their zero.
        ("+39 00 0000 0000", "+390000000000"),
    ],
)
def test_a_number_of_another_country_keeps_its_digits(set_up: SetUp, number: str, to: str) -> None:
    phone = set_up("twilio", MY_PHONE_NUMBER=number)
    assert went_to(phone) == to


@pytest.mark.parametrize("sender", ["whatsapp:+1 555 000 1111", "WhatsApp:+1 (555) 000-1111"])
def test_a_whatsapp_number_may_be_written_as_people_write_it(set_up: SetUp, sender: str) -> None:
    phone = set_up("twilio", TWILIO_PHONE_NUMBER=sender)
    assert went_to(phone) == f"whatsapp:{MY_NUMBER}"
    assert phone.texts[0].sender == f"whatsapp:{made_up.TWILIO_NUMBER}"


@pytest.mark.parametrize(
    "number",
    ["+44 (0)7911 123456", "+49 (0) 151 23456789", "+44(0)2079460958", "0044 (0)7911 123456"],
)
def test_a_zero_in_brackets_is_no_part_of_a_number_abroad(set_up: SetUp, number: str) -> None:
    assert refusal(set_up("twilio", MY_PHONE_NUMBER=number)) == (
        f"Twilio: {wrong('MY_PHONE_NUMBER')}",
    )


@pytest.mark.parametrize(("route", "address"), [("twilio", MY_NUMBER), ("gateway", FI)])
def test_blanks_round_a_value_do_not_count(
    set_up: SetUp, phone: Phone, route: str, address: str
) -> None:
    settings = only_ours(phone.settings(route))
    set_up(route, **{name: f" {value}\t " for name, value in settings.items()})
    assert went_to(phone) == address


@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize(("route", "address"), [("twilio", MY_NUMBER), ("gateway", FI)])
def test_quotes_round_a_variable_do_not_count(
    set_up: SetUp, phone: Phone, route: str, address: str, quote: str
) -> None:
    # As `docker run --env-file` keeps them.
    settings = only_ours(phone.settings(route))
    set_up(route, **{name: f"{quote}{value}{quote}" for name, value in settings.items()})
    assert went_to(phone) == address


@pytest.mark.parametrize("quotes", ["“”", "‘’", "„“"])
def test_curly_quotes_round_a_value_do_not_count(
    set_up: SetUp, phone: Phone, tmp_path: Path, quotes: str
) -> None:
    ours = only_ours(phone.settings("gateway"))
    lines = [f"{name}={quotes[0]}{value}{quotes[1]}" for name, value in ours.items()]
    write(tmp_path / "script" / ".env", *lines)
    set_up("gateway", **dict.fromkeys(ours))
    assert went_to(phone) == FI


@pytest.mark.parametrize(
    "line",
    [
        "SMTP_PASSWORD: hush",
        "set SMTP_PASSWORD=hush",
        "setx SMTP_PASSWORD hush",
        "setenv SMTP_PASSWORD hush",
        '$env:SMTP_PASSWORD = "hush"',
        "  - SMTP_PASSWORD=hush",
        '"SMTP_PASSWORD"="hush"',
        '{"SMTP_PASSWORD": "hush"}',
    ],
)
def test_a_line_as_of_another_program_is_pointed_out(
    set_up: SetUp, tmp_path: Path, line: str
) -> None:
    file = write(tmp_path / "script" / ".env", "DEBUG=1", line)
    problems = refusal(set_up("gateway", SMTP_PASSWORD=None))
    assert problems[0] == f"settings: write SMTP_PASSWORD= at the beginning of its line in {file}."
    assert "hush" not in " ".join(problems)


def test_a_name_in_quotes_is_fine(set_up: SetUp, tmp_path: Path) -> None:
    write(tmp_path / "script" / ".env", f"'SMTP_PASSWORD'='{made_up.SMTP_PASSWORD}'")
    phone = set_up("gateway", SMTP_PASSWORD=None)
    assert text().problems == ()
    assert len(phone.texts) == 1


def test_a_line_that_is_switched_off_is_not_pointed_out(set_up: SetUp, tmp_path: Path) -> None:
    write(tmp_path / "script" / ".env", "DEBUG=1", "# SMTP_PASSWORD: hush", "# set SMTP_PASSWORD=x")
    [problem] = refusal(set_up("gateway", SMTP_PASSWORD=None))
    assert problem.startswith("gateway: SMTP_PASSWORD not set. ")


@pytest.mark.parametrize("name", ["MY_CARRIER", "SMTP_PASSWORD"])
def test_a_variable_that_is_not_utf_8_does_not_hurt_the_other_route(
    set_up: SetUp, name: str
) -> None:
    phone = set_up("twilio", "gateway", **{name: "h\udcfcsh"})  # as os.environ has it
    assert text().sent
    assert [it.route for it in phone.texts] == ["twilio"]


@pytest.mark.parametrize("gap", [" ", "\u00a0", "  "])
def test_google_s_blanks_in_an_app_password_do_not_count(set_up: SetUp, gap: str) -> None:
    password = gap.join(made_up.SMTP_PASSWORD[start : start + 4] for start in range(0, 16, 4))
    assert went_to(set_up("gateway", SMTP_PASSWORD=password)) == FI


def test_blanks_in_another_password_belong_to_it(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made_up, "SMTP_PASSWORD", "correct horse battery")  # what the phone takes
    assert went_to(set_up("gateway")) == FI


@pytest.mark.parametrize("port", [1, 25, 9999, 59999, 60000, 65535])
def test_any_port_will_do(set_up: SetUp, monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    phone = set_up("gateway", SMTP_PORT=str(port))
    lead(monkeypatch, ("localhost", port), phone.implicit_port)
    assert went_to(phone) == FI


@pytest.mark.parametrize(
    "value",
    [
        "Folio <no-reply@example.com>",
        '"Folio, Inc." <no-reply@example.com>',
        "<no-reply@example.com>",
        "Folio<no-reply@example.com>",
        "  Folio  < no-reply@example.com > ",
        "no-reply@example.com <no-reply@example.com>",
        "mailto:no-reply@example.com",
        "'Folio <no-reply@example.com>'",
        "Folio – Berichte <no-reply@example.com>",
    ],
)
def test_a_sender_may_have_a_name(set_up: SetUp, value: str) -> None:
    phone = set_up("gateway", SMTP_FROM=value)
    assert went_to(phone) == FI
    assert phone.texts[0].sender == "no-reply@example.com"


# Which of several counts


def test_a_wrong_twilio_does_not_stop_the_gateway(
    set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("twilio", "gateway", TWILIO_AUTH_TOKEN="two words")
    receipt = text()
    problem = f"Twilio: TWILIO_AUTH_TOKEN should be {WORDS['TWILIO_AUTH_TOKEN']}."
    assert (receipt.route, receipt.problems) == ("gateway", (problem,))
    assert [it.route for it in phone.texts] == ["gateway"]
    assert [(it.levelname, it.getMessage()) for it in caplog.records] == [
        ("WARNING", f"sent by gateway, accepted: {MESSAGE!r}\n  {problem}")
    ]


def test_a_wrong_gateway_is_told_when_it_is_wanted(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway", SMTP_PORT="0")
    receipt = text()
    assert (receipt.route, receipt.problems) == ("twilio", ())
    phone.script = [made_up.twilio_error(400, 21610, "STOP")]
    receipt = text()
    assert (receipt.sent, receipt.status) == (False, "not sent")
    blocked, wrong_port = receipt.problems
    assert blocked.startswith("Twilio: your phone or carrier blocks this sender")
    assert wrong_port == f"gateway: {wrong('SMTP_PORT')}"
    assert [it.route for it in phone.texts] == ["twilio"]


def test_half_a_twilio_does_not_stop_the_gateway(set_up: SetUp, tmp_path: Path) -> None:
    phone = set_up("gateway", TWILIO_ACCOUNT_SID=made_up.ACCOUNT_SID)
    receipt = text()
    missing = "TWILIO_AUTH_TOKEN and TWILIO_PHONE_NUMBER"
    problem = f"Twilio: {missing} not set. {looked(tmp_path)}"
    assert (receipt.route, receipt.problems) == ("gateway", (problem,))
    assert [it.route for it in phone.texts] == ["gateway"]


@pytest.mark.parametrize("token", ["f" * 32, None])
def test_an_api_key_is_used_rather_than_the_token(set_up: SetUp, token: str | None) -> None:
    phone = set_up("twilio", TWILIO_AUTH_TOKEN=token, **API_KEY)  # a token that Twilio refuses
    assert went_to(phone) == MY_NUMBER


@pytest.mark.parametrize("half", API_KEY)
def test_the_token_does_not_stand_in_for_half_an_api_key(
    set_up: SetUp, tmp_path: Path, half: str
) -> None:
    phone = set_up("twilio", **{**API_KEY, half: None})
    assert refusal(phone) == (f"Twilio: {half} not set. {looked(tmp_path)}",)


def test_an_address_is_used_rather_than_a_carrier_be_that_closed(set_up: SetUp) -> None:
    phone = set_up("gateway", MY_CARRIER="AT&T", MY_GATEWAY="you@example.com")
    assert textmyself("hello").problems == ()
    assert [text.to for text in phone.texts] == ["you@example.com"]


# The mail server


def test_a_mailbox_s_server_is_known_by_its_domain(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("gateway", SMTP_HOST=None, SMTP_PORT=None, SMTP_TLS=None)
    lead(monkeypatch, ("smtp.gmail.com", 465), phone.implicit_port)
    assert went_to(phone) == FI
    assert phone.texts[0].sender == "you@gmail.com"


def test_outlook_takes_no_password(set_up: SetUp) -> None:
    phone = set_up("gateway", SMTP_USER="you@outlook.com", SMTP_HOST=None)
    assert refusal(phone) == (
        "gateway: Outlook.com, Hotmail, Live and MSN have taken no password from programs since "
        "2024-09-16, app passwords included. Set SMTP_USER to another mailbox, such as Gmail.",
    )


def test_a_mailbox_that_is_not_known_needs_its_server(set_up: SetUp) -> None:
    phone = set_up("gateway", SMTP_USER="you@example.org", SMTP_HOST=None)
    assert refusal(phone) == (
        "gateway: carriers.py knows no mail server for example.org. Set SMTP_HOST to the one that "
        "your mail provider's help names as its outgoing (SMTP) server; with Google Workspace that is "
        "smtp.gmail.com, with Microsoft 365 smtp.office365.com and SMTP_PORT=587, if your "
        "administrator allows it (passwords are off by default from the end of December 2026).",
    )


def test_a_user_that_is_no_address_needs_a_sender(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made_up, "SMTP_USER", "you")  # what the phone takes
    phone = set_up("gateway")
    assert refusal(phone) == (f"gateway: SMTP_FROM not set. It should be {WORDS['SMTP_FROM']}.",)
    set_up(SMTP_FROM="you@example.com")
    assert went_to(phone) == FI
    assert phone.texts[0].sender == "you@example.com"


def test_the_sender_s_domain_tells_the_server_of_a_user_that_is_no_address(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made_up, "SMTP_USER", "you")
    phone = set_up("gateway", SMTP_HOST=None, SMTP_PORT=None, SMTP_FROM="you@gmail.com")
    lead(monkeypatch, ("smtp.gmail.com", 465), phone.implicit_port)
    assert went_to(phone) == FI


@pytest.mark.parametrize("value", ["[::1]", "::1", "[::1]:{}", "smtp://[::1]:{}/"])
def test_a_mail_server_may_be_an_ipv6_address(
    set_up: SetUp, phone: Phone, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    port = None if "{}" in value else str(phone.plain_port)
    host = value.format(phone.plain_port)
    set_up("gateway", SMTP_HOST=host, SMTP_PORT=port, SMTP_TLS="none", **RELAY)
    lead(monkeypatch, ("::1", phone.plain_port), phone.plain_port)
    assert went_to(phone) == FI


@pytest.mark.parametrize("host", ["mail_relay", "mail_relay.my_net.internal"])
def test_a_mail_server_s_name_may_have_underscores(
    set_up: SetUp, phone: Phone, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    set_up("gateway", SMTP_HOST=host, SMTP_PORT="465", SMTP_TLS=None)
    lead(monkeypatch, (host, 465), phone.implicit_port)
    # It is asked, and shows the certificate of another one.
    [problem] = refusal(phone)
    assert "certificate" in problem


@pytest.mark.parametrize(
    ("port", "server"),
    [(None, "implicit_port"), ("465", "implicit_port"), ("587", "starttls_port")],
)
@pytest.mark.parametrize("host", ["localhost", None])
def test_the_port_tells_how_tls_starts(
    set_up: SetUp,
    monkeypatch: pytest.MonkeyPatch,
    host: str | None,
    port: str | None,
    server: str,
) -> None:
    phone = set_up("gateway", SMTP_HOST=host, SMTP_PORT=port, SMTP_TLS=None)
    lead(monkeypatch, (host or "smtp.gmail.com", int(port or 465)), getattr(phone, server))
    assert went_to(phone) == FI


@pytest.mark.parametrize(
    ("value", "port", "server"),
    [
        ("https://smtp.gmail.com", 465, "implicit_port"),
        ("smtps://smtp.gmail.com:465", 465, "implicit_port"),
        ("ssl://smtp.gmail.com:465/", 465, "implicit_port"),
        ("smtp://smtp.gmail.com:587/", 587, "starttls_port"),
        ("smtp.gmail.com:587", 587, "starttls_port"),
        ("[smtp.gmail.com]:587", 587, "starttls_port"),
        ("SMTP.Gmail.com", 465, "implicit_port"),
        ("smtp.gmail.com/", 465, "implicit_port"),
        ("smtp.gmail.com.", 465, "implicit_port"),
    ],
)
def test_a_mail_server_may_be_written_with_more_than_its_name(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, value: str, port: int, server: str
) -> None:
    phone = set_up("gateway", SMTP_HOST=value, SMTP_PORT=None, SMTP_TLS=None)
    lead(monkeypatch, ("smtp.gmail.com", port), getattr(phone, server))
    assert went_to(phone) == FI


def test_smtp_port_counts_rather_than_the_port_of_smtp_host(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("gateway", SMTP_HOST="smtp.gmail.com:465", SMTP_PORT="587", SMTP_TLS=None)
    lead(monkeypatch, ("smtp.gmail.com", 587), phone.starttls_port)
    assert went_to(phone) == FI


@pytest.mark.parametrize(
    ("tls", "server"),
    [
        *((tls, "implicit_port") for tls in ("ssl", "tls", "SSL", "Implicit", "SSL/TLS", "SMTPS")),
        *((tls, "implicit_port") for tls in ("tls/ssl",)),
        *((tls, "starttls_port") for tls in ("STARTTLS", "StartTLS", "' starttls '", "Explicit")),
    ],
)
def test_how_tls_starts_may_be_written_as_people_write_it(
    set_up: SetUp, phone: Phone, tls: str, server: str
) -> None:
    set_up("gateway", SMTP_PORT=str(getattr(phone, server)), SMTP_TLS=tls)
    assert went_to(phone) == FI


@pytest.mark.parametrize(("port", "server"), [("465", "implicit_port"), ("587", "starttls_port")])
@pytest.mark.parametrize(
    "tls",
    ["true", "True", "1", "yes", "ON", "y", "required", "tls", "false", "0", "no", "disabled"],
)
def test_tls_that_is_true_starts_as_the_port_has_it(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, tls: str, port: str, server: str
) -> None:
    phone = set_up("gateway", SMTP_PORT=port, SMTP_TLS=tls)
    lead(monkeypatch, ("localhost", int(port)), getattr(phone, server))
    assert went_to(phone) == FI


RELAY = {"SMTP_USER": None, "SMTP_PASSWORD": None, "SMTP_FROM": "you@example.com"}
NEEDS_TLS = (
    "gateway: SMTP_TLS=none works only with a mail server on this machine and without a password. "
    "Set it to implicit or starttls."
)


@pytest.mark.parametrize(
    "tls",
    [
        None,
        "none",
        "NONE",
        "false",
        "False",
        "0",
        "no",
        "Off",
    ],
)
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_relay_on_this_machine_takes_mail_without_tls_and_password(
    set_up: SetUp, phone: Phone, host: str, tls: str | None
) -> None:
    set_up("gateway", SMTP_HOST=host, SMTP_PORT=str(phone.plain_port), SMTP_TLS=tls, **RELAY)
    assert went_to(phone) == FI
    assert phone.texts[0].sender == "you@example.com"


def test_a_relay_s_port_is_25(set_up: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = set_up("gateway", SMTP_PORT=None, SMTP_TLS=None, **RELAY)
    lead(monkeypatch, ("localhost", 25), phone.plain_port)
    assert went_to(phone) == FI


def test_no_password_goes_without_tls(set_up: SetUp, phone: Phone) -> None:
    set_up("gateway", SMTP_PORT=str(phone.plain_port), SMTP_TLS="none")
    assert refusal(phone) == (NEEDS_TLS,)


@pytest.mark.parametrize("host", ["smtp.gmail.com", "192.0.2.1", "localhost.example.com"])
def test_no_mail_goes_to_another_machine_without_tls(set_up: SetUp, host: str) -> None:
    phone = set_up("gateway", SMTP_HOST=host, SMTP_TLS="none", **RELAY)
    assert refusal(phone) == (NEEDS_TLS,)


# Without carriers.py


def test_alone_it_knows_no_carrier_and_no_mailbox(
    run_job: RunJob, phone: Phone, by_mail: dict[str, str]
) -> None:
    # Neither as this suite's own Python would find it.
    alone = "import sys\nsys.modules['carriers'] = None\n" + JOB
    carrier = run_job(code=alone, **only_ours(phone.settings("gateway")))
    mailbox = run_job(code=alone, **{**by_mail, "SMTP_HOST": ""})
    for sent, problem in (carrier, mailbox):
        assert not sent
        assert problem.startswith(NO_CARRIERS)
        assert "MY_GATEWAY" in problem
        assert "SMTP_HOST" in problem
    assert phone.texts == []


def test_alone_it_goes_by_what_is_spelled_out(
    run_job: RunJob, phone: Phone, by_mail: dict[str, str]
) -> None:
    assert run_job(**by_mail) == [True]
    assert [it.to for it in phone.texts] == ["you@example.com"]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (None, "carriers.py is not beside textmyself.py."),
        ("CARRIERS = ['UPS']", "{} is not the carriers.py of textmyself."),
        ("x = (", "{} is not the carriers.py of textmyself."),
        ("def find_route(): ...", "{} is older than textmyself.py. Copy both files together,"),
        ("def find_route(): ...\nraise SystemExit", "carriers.py is broken. Download it again,"),
        ("def find_route(: ...", "carriers.py is broken. Download it again,"),
    ],
)
def test_a_phone_book_that_is_none_is_told_and_spelled_out_settings_do(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str | None, said: str
) -> None:
    # In this process, where its coverage is measured.
    phone = set_up("gateway")
    monkeypatch.delitem(sys.modules, "textmyself.carriers")
    file = tmp_path / "modules" / "carriers.py"
    if code is not None:
        write(file, code)
    [problem] = refusal(phone)
    assert problem.startswith(f"gateway: {said.format(file)}")
    assert "MY_GATEWAY and SMTP_HOST." in problem
    set_up(MY_GATEWAY="you@example.com", MY_CARRIER=None)
    assert went_to(phone) == "you@example.com"


def test_with_carriers_py_beside_it_names_are_known(
    run_job: RunJob, phone: Phone, tmp_path: Path
) -> None:
    shutil.copy(COPY / "carriers.py", tmp_path / "copy")
    assert run_job(**only_ours(phone.settings("gateway"))) == [True]
    assert [it.to for it in phone.texts] == [FI]


@pytest.mark.parametrize("code", ["CARRIERS = ['UPS']", "import no_such_module", "1 / 0", "x = ("])
def test_another_carriers_py_in_the_way_is_not_taken_for_ours(
    run_job: RunJob, phone: Phone, tmp_path: Path, code: str
) -> None:
    write(tmp_path / "project" / "jobs" / "carriers.py", code)
    settings = only_ours(phone.settings("twilio", "gateway"))
    assert run_job(**settings) == [True]
    assert [it.route for it in phone.texts] == ["twilio"]
    phone.script = [made_up.twilio_error(400, 21610, "STOP")]
    sent, _, problem = run_job(**settings)
    assert not sent
    assert problem.startswith(NO_CARRIERS)
