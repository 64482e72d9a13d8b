"""Where settings come from, which files are refused, and what is said of a wrong one."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import phone as made_up
import pytest
from conftest import MODULES, guard
from phone import MY_NUMBER, Phone

import textmyself as module
from textmyself import Receipt, textmyself

SetUp = Callable[..., Phone]

MESSAGE = "The boring task is finished."
FI = "5559998888@msg.fi.google.com"  # where MY_CARRIER of the phone's settings leads
API_KEY = {"TWILIO_API_KEY": made_up.API_KEY, "TWILIO_API_SECRET": made_up.API_SECRET}

# What a script elsewhere does: it prints whether the text went, and the problems.
JOB = f"""
import json
from textmyself import textmyself

receipt = textmyself({MESSAGE!r}, confirm=0)
print(json.dumps([receipt.sent, *receipt.problems]))
"""
LEAVE_NO_FOLDER = "import os\nos.rmdir(os.getcwd())\n"
BLOCK_DOTENV = "import sys\nsys.modules['dotenv'] = None\n"  # as if it were not installed
BLOCK_CARRIERS = "import sys\nsys.modules['carriers'] = None\n"

NOTHING = (
    "no way to text is set up. For Twilio, set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and "
    "TWILIO_PHONE_NUMBER; for your carrier's gateway, MY_CARRIER, SMTP_USER and SMTP_PASSWORD; "
    "for both, MY_PHONE_NUMBER. `python -m textmyself --init` writes a file for them."
)
NO_CARRIERS = (
    "gateway: carriers.py is not beside textmyself.py, or another one hides it. Put it there, or "
    "set MY_GATEWAY and SMTP_HOST."
)
PLANTED = "it is somebody else's, where anyone may write. Move yours elsewhere."
NOT_THERE = "it is not there, or sets none of them."

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


def not_read(file: Path, why: str) -> str:
    return f"settings: {file} was not used, as {why}"


def looked(tmp_path: Path) -> str:
    """Return the sentence that names all the places where no setting was found."""
    script, own = tmp_path / "script", Path(module.__file__).parent
    folders = (script, *script.parents, own, tmp_path / "home" / "textmyself")
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


class Elsewhere:
    """A script that runs in a Python of its own, with a copy of textmyself.py that is alone.

    It is a copy, as the folder of the original may hold a developer's own `.env`.
    """

    def __init__(self, tmp_path: Path, phone: Phone) -> None:
        self.phone = phone
        self.script = write(tmp_path / "project" / "jobs" / "job.py")
        self.current = tmp_path / "work" / "today"
        self.current.mkdir(parents=True)
        self.copy = tmp_path / "copy"
        self.copy.mkdir()
        shutil.copy(MODULES / "textmyself.py", self.copy)
        guard(self.copy)

    def run(self, code: str = JOB, *arguments: object, **settings: str | None) -> Any:
        """Run `code` as a file and return what it prints, which is JSON."""
        write(self.script, code)
        return self.python(self.script, *arguments, **settings)

    def python(self, *arguments: object, **settings: str | None) -> Any:
        """Run Python in the current folder, with these settings and (None) without those."""
        all_of_it = self.phone.settings("twilio", "gateway")
        network = {name: all_of_it[name] for name in all_of_it.keys() - only_ours(all_of_it)}
        environment = {**os.environ, **network, "PYTHONPATH": str(self.copy), **settings}
        ran = subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=self.current,
            env={name: value for name, value in environment.items() if value is not None},
            capture_output=True,
            encoding="utf-8",
        )
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    def settings(self, **others: str) -> dict[str, str]:
        """Return what sets up the gateway without carriers.py."""
        settings = only_ours(self.phone.settings("gateway"))
        del settings["MY_CARRIER"]
        return {**settings, "MY_GATEWAY": "you@example.com", **others}

    def file(self, folder: Path, **others: str) -> Path:
        return write(folder / ".env", *as_lines(self.settings(**others)))


@pytest.fixture
def elsewhere(tmp_path: Path, phone: Phone) -> Elsewhere:
    return Elsewhere(tmp_path, phone)


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


def test_textmyself_env_names_a_file(elsewhere: Elsewhere, tmp_path: Path) -> None:
    file = elsewhere.file(tmp_path / "any").rename(tmp_path / "any" / "mine.txt")
    assert elsewhere.run(TEXTMYSELF_ENV=str(file)) == [True]


def test_textmyself_env_may_start_with_the_home(elsewhere: Elsewhere, tmp_path: Path) -> None:
    elsewhere.file(tmp_path / "home" / "secrets")
    assert elsewhere.run(TEXTMYSELF_ENV="~/secrets/.env") == [True]


@pytest.mark.parametrize("named", ["mine.env", "./mine.env", "../today/mine.env"])
def test_textmyself_env_may_start_from_the_current_folder(elsewhere: Elsewhere, named: str) -> None:
    elsewhere.file(elsewhere.current).rename(elsewhere.current / "mine.env")
    assert elsewhere.run(TEXTMYSELF_ENV=named) == [True]


def test_a_script_that_cron_runs_finds_the_file_beside_it(elsewhere: Elsewhere) -> None:
    elsewhere.file(elsewhere.script.parent)
    assert elsewhere.run() == [True]


def test_a_script_finds_the_file_above_it(elsewhere: Elsewhere, tmp_path: Path) -> None:
    elsewhere.file(tmp_path / "project")
    assert elsewhere.run() == [True]


@posix_only
def test_a_link_to_a_script_finds_the_file_beside_the_script(
    elsewhere: Elsewhere, tmp_path: Path
) -> None:
    elsewhere.file(elsewhere.script.parent)
    write(elsewhere.script, JOB)
    (tmp_path / "link").symlink_to(elsewhere.script)
    assert elsewhere.python(tmp_path / "link") == [True]


def test_the_current_folder_has_the_file(elsewhere: Elsewhere) -> None:
    elsewhere.file(elsewhere.current)
    assert elsewhere.run() == [True]


def test_a_folder_above_the_current_one_has_the_file(elsewhere: Elsewhere, tmp_path: Path) -> None:
    elsewhere.file(tmp_path / "work")
    assert elsewhere.run() == [True]


def test_the_file_is_beside_a_copy_of_textmyself_py(elsewhere: Elsewhere) -> None:
    elsewhere.file(elsewhere.copy)
    assert elsewhere.run() == [True]


@pytest.mark.parametrize("config", [None, ""])
def test_the_file_is_in_the_home(elsewhere: Elsewhere, tmp_path: Path, config: str | None) -> None:
    elsewhere.file(tmp_path / "home" / ".config" / "textmyself")
    assert elsewhere.run(XDG_CONFIG_HOME=config) == [True]


def test_the_file_is_where_xdg_config_home_says(elsewhere: Elsewhere, tmp_path: Path) -> None:
    elsewhere.file(tmp_path / "configuration" / "textmyself")
    assert elsewhere.run(XDG_CONFIG_HOME=str(tmp_path / "configuration")) == [True]


def test_of_several_files_the_first_place_wins(elsewhere: Elsewhere, tmp_path: Path) -> None:
    places = [
        tmp_path / "named",
        elsewhere.script.parent,
        elsewhere.script.parent.parent,
        elsewhere.current,
        elsewhere.current.parent,
        elsewhere.copy,
        tmp_path / "home" / "textmyself",
    ]
    files = [elsewhere.file(place, MY_GATEWAY=f"{place.name}@example.com") for place in places]
    code = """
import os, sys
from textmyself import textmyself

for file in sys.argv[1:]:
    assert textmyself(file, confirm=0)
    os.remove(file)
print(0)
"""
    elsewhere.run(code, *files, TEXTMYSELF_ENV=str(files[0]))
    addresses = [it.to for it in elsewhere.phone.texts]
    assert addresses == [f"{place.name}@example.com" for place in places]


def test_python_c_has_no_script_but_a_current_folder(elsewhere: Elsewhere) -> None:
    elsewhere.file(elsewhere.current)
    assert elsewhere.python("-c", JOB) == [True]


@posix_only
def test_a_script_outlives_its_current_folder(elsewhere: Elsewhere) -> None:
    elsewhere.file(elsewhere.script.parent)
    assert elsewhere.run(LEAVE_NO_FOLDER + JOB) == [True]


@posix_only
def test_textmyself_env_is_told_when_it_starts_from_a_folder_that_is_gone(
    elsewhere: Elsewhere,
) -> None:
    elsewhere.file(elsewhere.script.parent)
    sent, problem = elsewhere.run(LEAVE_NO_FOLDER + JOB, TEXTMYSELF_ENV="mine.env")
    assert sent
    assert problem.endswith(f"mine.env was not used, as {NOT_THERE}")


def test_a_file_alone_sets_up_twilio(elsewhere: Elsewhere) -> None:
    settings = only_ours(elsewhere.phone.settings("twilio"))
    write(elsewhere.script.parent / ".env", *as_lines(settings))
    assert elsewhere.run() == [True]
    assert [it.route for it in elsewhere.phone.texts] == ["twilio"]


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


def test_files_are_not_mixed(mail: Phone, tmp_path: Path) -> None:
    file = write(tmp_path / "script" / ".env", f"MY_PHONE_NUMBER={MY_NUMBER}")
    mark(tmp_path, "above")
    assert refusal(mail) == (f"{NOTHING} Settings come from the environment and {file}.",)


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


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("MY_GATEWAY=a$HOME${HOME}b@example.com", "a$HOME${HOME}b@example.com"),
        ('MY_GATEWAY="a$HOME@example.com"', "a$HOME@example.com"),
        ("MY_GATEWAY='you@example.com'", "you@example.com"),
        ('MY_GATEWAY="you@example.com"', "you@example.com"),
        ('MY_GATEWAY="you@example.com "', "you@example.com"),
        ("export MY_GATEWAY=you@example.com", "you@example.com"),
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


def test_a_folder_called_env_is_passed_over(mail: Phone, tmp_path: Path) -> None:
    (tmp_path / "script" / ".env").mkdir()
    mark(tmp_path, "above")
    assert went_to_the_one_above(mail) == ()


@pytest.mark.parametrize("name", ["home", "nothing"])
def test_textmyself_env_is_told_when_it_names_a_folder_or_nothing(
    set_up: SetUp, mail: Phone, tmp_path: Path, name: str
) -> None:
    (tmp_path / "home").mkdir()
    set_up(TEXTMYSELF_ENV=str(tmp_path / name))
    mark(tmp_path, "above")
    assert went_to_the_one_above(mail) == (not_read(tmp_path / name, NOT_THERE),)


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
    assert refusal(phone) == (f"gateway: SMTP_PASSWORD should be {SHOULD_BE['SMTP_PASSWORD']}.",)


@pytest.mark.parametrize("line", ["PASSWORD", 'PASSWORD="hush', "PASSWORD='hush", "PASSWORD:hush"])
def test_half_a_line_sets_nothing(
    set_up: SetUp, tmp_path: Path, caplog: pytest.LogCaptureFixture, line: str
) -> None:
    phone = set_up("gateway", SMTP_PASSWORD=None)
    file = write(tmp_path / "script" / ".env", "MY_GATEWAY=you@example.com", f"SMTP_{line}")
    assert refusal(phone) == (
        f"gateway: SMTP_PASSWORD not set. Settings come from the environment and {file}.",
    )
    assert "hush" not in caplog.text


def test_a_quote_that_stays_open_is_told_by_its_line_and_shows_nothing(
    set_up: SetUp, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("gateway", SMTP_USER=None, SMTP_PASSWORD=None)
    lines = "MY_GATEWAY=you@example.com", 'SMTP_PASSWORD="hush', 'SMTP_USER="you@gmail.com"'
    write(tmp_path / "script" / ".env", *lines)
    assert len(refusal(phone)) == 1
    assert "line 2" in caplog.text
    assert "hush" not in caplog.text


@posix_only
@pytest.mark.skipif(IS_ROOT, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(mail: Phone, tmp_path: Path) -> None:
    file = mark(tmp_path / "script", "file")
    file.chmod(0o000)
    mark(tmp_path, "above")
    why = "the system says: Permission denied."
    assert went_to_the_one_above(mail) == (not_read(file, why),)


@pytest.mark.skipif(not Path("/proc/self/mem").is_file(), reason="only Linux has it")
def test_a_file_that_cannot_be_read_is_told(set_up: SetUp, mail: Phone, tmp_path: Path) -> None:
    file = Path("/proc/self/mem")  # which has nothing at its beginning, even for root
    set_up(TEXTMYSELF_ENV=str(file))
    mark(tmp_path, "above")
    why = "the system says: Input/output error."
    assert went_to_the_one_above(mail) == (not_read(file, why),)


def test_without_python_dotenv_a_file_is_told_with_the_command(elsewhere: Elsewhere) -> None:
    file = elsewhere.file(elsewhere.current)
    sent, problem, nothing = elsewhere.run(BLOCK_DOTENV + JOB)
    why = "python-dotenv is missing. Run: pip install python-dotenv."
    assert (sent, problem) == (False, not_read(file, why))
    assert nothing.startswith(NOTHING)


def test_without_python_dotenv_the_environment_is_enough(elsewhere: Elsewhere) -> None:
    write(elsewhere.current / ".env", "DATABASE_URL=postgres://localhost")
    assert elsewhere.run(BLOCK_DOTENV + JOB, **elsewhere.settings()) == [True]


@posix_only
@pytest.mark.parametrize(("mode", "folder_mode"), [(0o666, 0o755), (0o644, 0o777), (0o644, 0o1777)])
def test_somebody_else_s_file_where_anyone_may_write_is_refused(
    mail: Phone, tmp_path: Path, give_away: Callable[[Path], None], mode: int, folder_mode: int
) -> None:
    file = mark(tmp_path / "script", "planted")
    file.chmod(mode)
    file.parent.chmod(folder_mode)
    mark(tmp_path, "above")
    give_away(file)
    assert went_to_the_one_above(mail) == (not_read(file, PLANTED),)


@posix_only
def test_a_planted_file_is_refused_even_to_textmyself_env(
    set_up: SetUp, mail: Phone, tmp_path: Path, give_away: Callable[[Path], None]
) -> None:
    file = mark(tmp_path / "shared", "planted")
    file.parent.chmod(0o777)
    set_up(TEXTMYSELF_ENV=str(file))
    give_away(file)
    problem, missing = refusal(mail)
    assert problem == not_read(file, PLANTED)
    assert missing.startswith(f"{NOTHING} Looked in ")


@posix_only
def test_somebody_else_s_file_is_read_where_not_everyone_may_write(
    mail: Phone, tmp_path: Path, give_away: Callable[[Path], None]
) -> None:
    file = mark(tmp_path / "script", "mounted")  # as into a container, from the host
    file.chmod(0o664)
    file.parent.chmod(0o775)
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


def test_nothing_set_up_tells_what_to_set_and_where_it_looked(phone: Phone, tmp_path: Path) -> None:
    assert refusal(phone) == (f"{NOTHING} {looked(tmp_path)}",)


def test_where_it_looked_begins_with_textmyself_env(
    set_up: SetUp, phone: Phone, tmp_path: Path
) -> None:
    file = write(tmp_path / "named", "DEBUG=1")
    set_up(TEXTMYSELF_ENV=str(file), MY_PHONE_NUMBER=None)
    places = looked(tmp_path).replace("environment, ", f"environment, {file} (which sets none), ")
    none = f"settings: {file} was not used, as {NOT_THERE}"
    assert refusal(phone) == (none, f"{NOTHING} {places}")


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


# What each setting should be, and values that it should not.
# fmt: off
SHOULD_BE = {
    "MY_PHONE_NUMBER": "your own phone: + and the country code, like +15559998888",
    "TWILIO_ACCOUNT_SID": "AC and 32 digits or letters a to f, from https://console.twilio.com (upgraded: a trial account cannot send your words)",
    "TWILIO_AUTH_TOKEN": "the word that the console shows below the Account SID",
    "TWILIO_API_KEY": "SK and 32 digits or letters a to f (API keys & tokens): better than the token, as it can be revoked alone",
    "TWILIO_API_SECRET": "the word that the console shows once, when it makes the API key",
    "TWILIO_PHONE_NUMBER": "the sender: a number of yours at Twilio (Phone Numbers > Active numbers), like +15550001111",
    "TWILIO_MESSAGING_SERVICE_SID": "MG and 32 digits or letters a to f (Messaging > Services): a sender instead of a number",
    "MY_GATEWAY": "one e-mail address that reaches you instead: 5559998888@vtext.com, ntfy-mytopic@ntfy.sh, your own mailbox",
    "SMTP_USER": "the mailbox that it is sent from, like you@gmail.com",
    "SMTP_PASSWORD": "an app password made for it, in plain letters (Gmail: https://myaccount.google.com/apppasswords)",
    "SMTP_HOST": "the mail server, like smtp.gmail.com, if carriers.py does not know your mailbox",
    "SMTP_PORT": "a number like 587, if it is not 465",
    "SMTP_TLS": "implicit (as on port 465), starttls (as on others), or none (a relay on this machine)",
    "SMTP_FROM": "the sender's address, like you@gmail.com, if SMTP_USER is not one",
}
A_SECRET = ["hush hush", "hush\nhush", "hush-hüsh"]
AN_ADDRESS = [
    "example.com", "you@", "hüsh@example.com", "You <hush@example.com>",
    "hush@example.com, them@example.com", "hush@example.com them@example.com",
    "hush@example.com;them@example.com", "hush@example.com> NOTIFY=NEVER <",
    "hush@example.com\nBcc: them@example.com", "hush@example.com\r\nBcc: them@example.com",
]
WRONG = {
    "MY_PHONE_NUMBER": [
        "555-CALL-NOW", "555 999 8888 ext. 5", "+", "9998888", "+1 999 8888", "15559998888",
        "020 7946 0958", "0044 20 7946 0958", "+1 055 999 8888", "+1234567890123456",
        "+15559998888, +15559997777", "whatsapp:+15559998888", "+1٥٥٥٩٩٩٨٨٨٨",
    ],
    "TWILIO_ACCOUNT_SID": [
        "AC...", made_up.API_KEY, f"{made_up.ACCOUNT_SID}0", f"{made_up.ACCOUNT_SID[:-1]}g",
        f"{made_up.ACCOUNT_SID[:-1]}/",
    ],
    "TWILIO_AUTH_TOKEN": A_SECRET,
    "TWILIO_API_KEY": [made_up.ACCOUNT_SID],
    "TWILIO_API_SECRET": A_SECRET,
    "TWILIO_PHONE_NUMBER": ["+1 555", "15550001111", "0612345678", "A name that is too long"],
    "TWILIO_MESSAGING_SERVICE_SID": [made_up.ACCOUNT_SID],
    "MY_GATEWAY": AN_ADDRESS,
    "SMTP_USER": ["you@gmail.com you@gmail.com", "hüsh"],
    "SMTP_PASSWORD": ["hush\nhush", "hush-hüsh"],
    "SMTP_HOST": ["smtp gmail.com", "https://smtp.gmail.com", "smtp.gmail.com\nx"],
    "SMTP_PORT": ["abc", "0", "-1", "65536", "70000", "465.0", "٤٦٥"],
    "SMTP_TLS": ["ssl", "1"],
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
    assert refusal(phone) == (f"{route}: {name} should be {SHOULD_BE[name]}.",)
    assert "hush" not in caplog.text


def test_all_that_is_missing_or_wrong_is_told_at_once(set_up: SetUp, tmp_path: Path) -> None:
    phone = set_up("gateway", SMTP_USER=None, SMTP_PORT="abc", SMTP_TLS="ssl")
    assert refusal(phone) == (
        f"gateway: SMTP_USER not set. {looked(tmp_path)} "
        f"SMTP_PORT should be {SHOULD_BE['SMTP_PORT']}. "
        f"SMTP_TLS should be {SHOULD_BE['SMTP_TLS']}.",
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
        "\u202a+1 (555) 999\u20118888\u202c",  # as some address books copy it
        " +15559998888 \t",
    ],
)
def test_a_number_may_be_written_as_people_write_it(set_up: SetUp, number: str) -> None:
    phone = set_up("twilio", MY_PHONE_NUMBER=number, TWILIO_PHONE_NUMBER="(555) 000-1111")
    assert went_to(phone) == MY_NUMBER
    assert phone.texts[0].sender == made_up.TWILIO_NUMBER


@pytest.mark.parametrize("number", ["+44 20 7946 0958", "+298 201234"])
def test_a_number_of_another_country_keeps_its_digits(set_up: SetUp, number: str) -> None:
    phone = set_up("twilio", MY_PHONE_NUMBER=number)
    assert went_to(phone) == number.replace(" ", "")


def test_a_whatsapp_sender_texts_by_whatsapp(set_up: SetUp) -> None:
    phone = set_up("twilio", TWILIO_PHONE_NUMBER=f"whatsapp:{made_up.TWILIO_NUMBER}")
    assert went_to(phone) == f"whatsapp:{MY_NUMBER}"


def test_a_messaging_service_sends_instead_of_a_number(set_up: SetUp) -> None:
    service = {"TWILIO_MESSAGING_SERVICE_SID": made_up.SERVICE_SID}
    phone = set_up("twilio", TWILIO_PHONE_NUMBER=None, **service)
    assert went_to(phone) == MY_NUMBER
    assert phone.requests[0].form["MessagingServiceSid"] == made_up.SERVICE_SID


@pytest.mark.parametrize(("route", "address"), [("twilio", MY_NUMBER), ("gateway", FI)])
def test_blanks_round_a_value_do_not_count(
    set_up: SetUp, phone: Phone, route: str, address: str
) -> None:
    settings = only_ours(phone.settings(route))
    set_up(route, **{name: f" {value}\t " for name, value in settings.items()})
    assert went_to(phone) == address


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


def test_a_wrong_twilio_does_not_stop_the_gateway(
    set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("twilio", "gateway", TWILIO_AUTH_TOKEN="two words")
    receipt = text()
    problem = f"Twilio: TWILIO_AUTH_TOKEN should be {SHOULD_BE['TWILIO_AUTH_TOKEN']}."
    assert (receipt.route, receipt.problems) == ("gateway", (problem,))
    assert [it.route for it in phone.texts] == ["gateway"]
    assert [(it.levelname, it.getMessage()) for it in caplog.records] == [
        ("WARNING", f"sent by gateway, accepted: {MESSAGE!r}\n  {problem}")
    ]


def test_a_wrong_gateway_does_not_stop_twilio(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway", SMTP_PORT="0")
    receipt = text()
    problem = f"gateway: SMTP_PORT should be {SHOULD_BE['SMTP_PORT']}."
    assert (receipt.route, receipt.problems) == ("twilio", (problem,))
    assert [it.route for it in phone.texts] == ["twilio"]


def test_an_address_is_used_rather_than_a_carrier_be_that_closed(set_up: SetUp) -> None:
    phone = set_up("gateway", MY_CARRIER="AT&T", MY_GATEWAY="you@example.com")
    assert textmyself("hello").problems == ()
    assert [text.to for text in phone.texts] == ["you@example.com"]


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


def test_a_mailbox_s_server_is_known_by_its_domain(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("gateway", SMTP_HOST=None, SMTP_PORT=None, SMTP_TLS=None)
    lead(monkeypatch, ("smtp.gmail.com", 465), phone.implicit_port)
    assert went_to(phone) == FI
    assert phone.texts[0].sender == "you@gmail.com"


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


def test_outlook_takes_no_password(set_up: SetUp) -> None:
    phone = set_up("gateway", SMTP_USER="you@outlook.com", SMTP_HOST=None)
    assert refusal(phone) == (
        "gateway: Outlook.com, Hotmail, Live and MSN take no password from programs since "
        "2024-09-16, app passwords included. Set SMTP_USER to another mailbox, such as Gmail.",
    )


def test_a_mailbox_that_is_not_known_needs_its_server(set_up: SetUp) -> None:
    phone = set_up("gateway", SMTP_USER="you@example.org", SMTP_HOST=None)
    assert refusal(phone) == (
        "gateway: carriers.py knows no mail server for example.org. Set SMTP_HOST to the one that "
        "your mail provider's help names as its outgoing (SMTP) server.",
    )


def test_a_user_that_is_no_address_needs_a_sender(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made_up, "SMTP_USER", "you")  # what the phone takes
    phone = set_up("gateway")
    assert refusal(phone) == (f"gateway: SMTP_FROM should be {SHOULD_BE['SMTP_FROM']}.",)
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


RELAY = {"SMTP_USER": None, "SMTP_PASSWORD": None, "SMTP_FROM": "you@example.com"}
NEEDS_TLS = (
    "gateway: SMTP_TLS=none works only with a mail server on this machine and without a password. "
    "Set it to implicit or starttls."
)


@pytest.mark.parametrize("tls", [None, "none"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_relay_on_this_machine_takes_mail_without_a_password(
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


def test_without_carriers_py_no_carrier_is_known(elsewhere: Elsewhere) -> None:
    settings = only_ours(elsewhere.phone.settings("gateway"))
    assert elsewhere.run(BLOCK_CARRIERS + JOB, **settings) == [False, NO_CARRIERS]
    assert elsewhere.phone.texts == []


def test_without_carriers_py_no_mailbox_is_known(elsewhere: Elsewhere) -> None:
    no_host = elsewhere.settings(SMTP_HOST="")
    assert elsewhere.run(BLOCK_CARRIERS + JOB, **no_host) == [False, NO_CARRIERS]
    assert elsewhere.phone.texts == []


def test_without_carriers_py_all_can_be_spelled_out(elsewhere: Elsewhere) -> None:
    assert elsewhere.run(**elsewhere.settings()) == [True]
    assert [it.to for it in elsewhere.phone.texts] == ["you@example.com"]


def test_with_carriers_py_beside_it_names_are_known(elsewhere: Elsewhere) -> None:
    shutil.copy(MODULES / "carriers.py", elsewhere.copy)
    assert elsewhere.run(**only_ours(elsewhere.phone.settings("gateway"))) == [True]
    assert [it.to for it in elsewhere.phone.texts] == [FI]


@pytest.mark.parametrize("code", ["CARRIERS = ['UPS']", "import no_such_module", "1 / 0", "x = ("])
def test_another_carriers_py_in_the_way_is_not_taken_for_ours(
    elsewhere: Elsewhere, code: str
) -> None:
    write(elsewhere.script.parent / "carriers.py", code)
    settings = only_ours(elsewhere.phone.settings("twilio", "gateway"))
    assert elsewhere.run(**settings) == [True, NO_CARRIERS]
    assert [it.route for it in elsewhere.phone.texts] == ["twilio"]


def test_a_named_file_that_sets_nothing_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "mine.env"
    path.write_text("MY_PHONE_NUBMER=+15559998888\n")
    monkeypatch.setenv("TEXTMYSELF_ENV", str(path))
    problems = textmyself("hello").problems
    assert f"settings: {path} was not used, as {NOT_THERE}" in problems
