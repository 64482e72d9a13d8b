"""Where settings come from, which files are refused, and what is said of a wrong one."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import phone as made_up
import pytest
from phone import MY_NUMBER, Phone

import textmyself as module
from textmyself import Receipt, textmyself

SetUp = Callable[..., Phone]

MESSAGE = "The boring task is finished."
CODE = f"""
import json
from textmyself import textmyself

receipt = textmyself({MESSAGE!r}, confirm=0)
print(json.dumps([receipt.sent, *receipt.problems]))
"""
BLOCK_DOTENV = """
import sys

class NoDotenv:
    def find_spec(self, name, path=None, target=None):
        if name == "dotenv":
            raise ModuleNotFoundError("No module named 'dotenv'", name=name)

sys.meta_path.insert(0, NoDotenv())
"""
NO_CARRIERS = (
    "carriers.py is not beside textmyself.py, so no carrier and no mailbox is known by name. "
    "Put it there, or set MY_GATEWAY and SMTP_HOST."
)

posix_only = pytest.mark.skipif(os.name != "posix", reason="files have no modes here")
IS_ROOT = os.name == "posix" and os.geteuid() == 0


def text() -> Receipt:
    return textmyself(MESSAGE, confirm=0)


def write(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    """Write a file of these lines, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
    return path


def mark(folder: Path, name: str) -> Path:
    """Write a `.env` whose only setting shows on the phone as the address of the text."""
    return write(folder / ".env", f"MY_GATEWAY={name}@example.com")


def lines_of(settings: dict[str, str]) -> Iterable[str]:
    return (f"{name}={value}" for name, value in settings.items())


def split_settings(settings: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the settings of textmyself, and those by which the phone is reached."""
    ours = ("MY_", "TWILIO_", "SMTP_")
    mine = {name: value for name, value in settings.items() if name.startswith(ours)}
    return mine, {name: value for name, value in settings.items() if name not in mine}


def went_to(phone: Phone) -> str:
    """Return where a text goes now; nothing is wrong with it."""
    receipt = text()
    assert (receipt.sent, receipt.problems) == (True, ())
    assert phone.texts[-1].body == MESSAGE
    return phone.texts[-1].to


def refusal(phone: Phone) -> tuple[str, ...]:
    """Return the problems of a text for which nothing was sent, nor shown of a secret."""
    receipt = text()
    assert (receipt.sent, receipt.status, receipt.route) == (False, "not sent", "")
    assert (phone.texts, phone.requests) == ([], [])
    for secret in (made_up.AUTH_TOKEN, made_up.API_SECRET, made_up.SMTP_PASSWORD):
        assert secret not in repr(receipt)
    return tuple(receipt.problems)


def looked(tmp_path: Path) -> str:
    """Return the sentence that names all the places where no setting was found."""
    script = (tmp_path / "script").resolve()
    folders = [script, *script.parents, Path(module.__file__).parent, tmp_path / "home/textmyself"]
    files = dict.fromkeys(str(folder / ".env") for folder in folders)
    return f"Looked in the environment, {', '.join(files)}."


class Elsewhere:
    """A script that runs in a Python of its own, with a copy of textmyself.py that is alone."""

    def __init__(self, tmp_path: Path, phone: Phone) -> None:
        self.phone = phone
        self.script = tmp_path / "project" / "jobs" / "job.py"
        self.current = tmp_path / "work" / "today"
        self.copy = tmp_path / "copy"
        for folder in (self.script.parent, self.current, self.copy):
            folder.mkdir(parents=True)
        shutil.copy(module.__file__, self.copy)

    def run(self, code: str = CODE, *arguments: str, **settings: str | None) -> Any:
        """Run `code` as a file and return what it prints, which is JSON."""
        self.script.write_text(code, encoding="utf-8")
        return self.python(str(self.script), *arguments, **settings)

    def python(self, *arguments: str, **settings: str | None) -> Any:
        _, environment = split_settings(self.phone.settings("twilio", "gateway"))
        environment = {**os.environ, **environment, "PYTHONPATH": str(self.copy)}
        for name, value in settings.items():
            environment.pop(name, None)
            if value is not None:
                environment[name] = value
        ran = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.current,
            env=environment,
            capture_output=True,
            encoding="utf-8",
        )
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    def file(self, folder: Path, **settings: str) -> Path:
        """Write a `.env` that sets up the gateway without carriers.py."""
        mine, _ = split_settings(self.phone.settings("gateway"))
        mine |= {"MY_GATEWAY": "you@example.com", **settings}
        del mine["MY_CARRIER"]
        return write(folder / ".env", *lines_of(mine))


@pytest.fixture
def elsewhere(tmp_path: Path, phone: Phone) -> Elsewhere:
    return Elsewhere(tmp_path, phone)


@pytest.fixture
def mail(set_up: SetUp) -> Phone:
    """A phone to which all is set up but where it is: a `.env` is to say so by MY_GATEWAY."""
    return set_up("gateway", MY_CARRIER=None)


@pytest.fixture
def give_away(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Give a file to another user or, where only root may do that, be another user."""

    def give_away(path: Path) -> None:
        if IS_ROOT:
            os.chown(path, 12345, -1)
        else:
            monkeypatch.setattr(os, "getuid", lambda: os.geteuid() + 1)

    return give_away


# The places, each in a Python of its own.


def test_a_file_that_textmyself_env_names_is_read(elsewhere: Elsewhere, tmp_path: Path) -> None:
    file = elsewhere.file(tmp_path / "any").rename(tmp_path / "any" / "mine.txt")
    assert elsewhere.run(TEXTMYSELF_ENV=str(file)) == [True]


def test_textmyself_env_may_start_with_the_home(elsewhere: Elsewhere, tmp_path: Path) -> None:
    elsewhere.file(tmp_path / "home" / "secrets")
    assert elsewhere.run(TEXTMYSELF_ENV="~/secrets/.env") == [True]


@pytest.mark.parametrize("named", [".env.mine", "./.env.mine", "../today/.env.mine"])
def test_textmyself_env_may_be_a_path_from_the_current_folder(
    elsewhere: Elsewhere, named: str
) -> None:
    elsewhere.file(elsewhere.current).rename(elsewhere.current / ".env.mine")
    assert elsewhere.run(TEXTMYSELF_ENV=named) == [True]


def test_a_script_that_cron_runs_finds_the_file_beside_it(elsewhere: Elsewhere) -> None:
    elsewhere.file(elsewhere.script.parent)
    assert elsewhere.run() == [True]


def test_a_script_finds_a_file_above_it(elsewhere: Elsewhere, tmp_path: Path) -> None:
    elsewhere.file(tmp_path / "project")
    assert elsewhere.run() == [True]


@posix_only
def test_a_script_that_is_a_link_finds_the_file_beside_the_real_one(
    elsewhere: Elsewhere, tmp_path: Path
) -> None:
    elsewhere.file(elsewhere.script.parent)
    elsewhere.script.write_text(CODE)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "job").symlink_to(elsewhere.script)
    assert elsewhere.python(str(tmp_path / "bin" / "job")) == [True]


def test_the_current_folder_has_the_file(elsewhere: Elsewhere) -> None:
    elsewhere.file(elsewhere.current)
    assert elsewhere.run() == [True]


def test_a_folder_above_the_current_one_has_the_file(elsewhere: Elsewhere, tmp_path: Path) -> None:
    elsewhere.file(tmp_path / "work")
    assert elsewhere.run() == [True]


def test_the_file_is_beside_a_copy_of_textmyself_py(elsewhere: Elsewhere) -> None:
    elsewhere.file(elsewhere.copy)
    assert elsewhere.run() == [True]


def test_the_file_is_among_the_configuration_of_the_home(
    elsewhere: Elsewhere, tmp_path: Path
) -> None:
    elsewhere.file(tmp_path / "home" / ".config" / "textmyself")
    assert elsewhere.run(XDG_CONFIG_HOME=None) == [True]
    assert elsewhere.run(XDG_CONFIG_HOME="") == [True]


def test_the_file_is_where_xdg_config_home_says(elsewhere: Elsewhere, tmp_path: Path) -> None:
    elsewhere.file(tmp_path / "settings" / "textmyself")
    assert elsewhere.run(XDG_CONFIG_HOME=str(tmp_path / "settings")) == [True]


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
import json, os, sys
from textmyself import textmyself

for file in sys.argv[1:]:
    assert textmyself(file, confirm=0)
    os.remove(file)
print(json.dumps("done"))
"""
    named = str(files[0])
    assert elsewhere.run(code, *map(str, files), TEXTMYSELF_ENV=named) == "done"
    took = [address.to for address in elsewhere.phone.texts]
    assert took == [f"{place.name}@example.com" for place in places]


def test_python_c_has_no_script_but_a_current_folder(elsewhere: Elsewhere) -> None:
    elsewhere.file(elsewhere.current)
    assert elsewhere.python("-c", CODE) == [True]


@posix_only
def test_a_script_outlives_its_current_folder(elsewhere: Elsewhere) -> None:
    elsewhere.file(elsewhere.script.parent)
    assert elsewhere.run("import os\nos.rmdir(os.getcwd())\n" + CODE) == [True]


@posix_only
def test_python_c_outlives_its_current_folder(elsewhere: Elsewhere, tmp_path: Path) -> None:
    elsewhere.file(tmp_path / "home" / "textmyself")
    assert elsewhere.python("-c", "import os\nos.rmdir(os.getcwd())\n" + CODE) == [True]


def test_twilio_too_is_set_up_by_a_file_alone(elsewhere: Elsewhere) -> None:
    mine, _ = split_settings(elsewhere.phone.settings("twilio"))
    write(elsewhere.script.parent / ".env", *lines_of(mine))
    assert elsewhere.run() == [True]
    assert [it.route for it in elsewhere.phone.texts] == ["twilio"]


# What of a file counts.


def test_a_project_s_own_file_hides_nothing(mail: Phone, tmp_path: Path) -> None:
    write(tmp_path / "script" / ".env", "DATABASE_URL=postgres://localhost", "DEBUG=1")
    mark(tmp_path, "above")
    assert went_to(mail) == "above@example.com"


def test_a_project_s_own_file_may_be_in_any_encoding(mail: Phone, tmp_path: Path) -> None:
    write(tmp_path / "script" / ".env", "GREETING=Grüße", encoding="latin-1")
    mark(tmp_path, "above")
    assert went_to(mail) == "above@example.com"


@pytest.mark.parametrize(
    "line", ["MY_GATEWAY=", 'MY_GATEWAY=""', 'MY_GATEWAY=" "', "# MY_GATEWAY=a@b.com", "MY_GATEWAY"]
)
def test_a_file_with_nothing_filled_in_hides_nothing(
    mail: Phone, tmp_path: Path, line: str
) -> None:
    write(tmp_path / "script" / ".env", line)
    mark(tmp_path, "above")
    assert went_to(mail) == "above@example.com"


def test_files_are_not_mixed(mail: Phone, tmp_path: Path) -> None:
    file = write(tmp_path / "script" / ".env", "MY_PHONE_NUMBER=+15551112222")
    mark(tmp_path, "above")
    assert refusal(mail) == (
        "nothing is set up. Set MY_PHONE_NUMBER and, for Twilio, TWILIO_ACCOUNT_SID, "
        "TWILIO_AUTH_TOKEN and TWILIO_PHONE_NUMBER; or, for your carrier's gateway, MY_CARRIER, "
        f"SMTP_USER and SMTP_PASSWORD. Settings come from the environment and {file.resolve()}.",
    )


def test_the_environment_wins_over_the_file(
    mail: Phone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark(tmp_path / "script", "file")
    monkeypatch.setenv("MY_GATEWAY", "environment@example.com")
    assert went_to(mail) == "environment@example.com"


def test_an_empty_variable_switches_the_file_s_setting_off(
    set_up: SetUp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("gateway")
    mark(tmp_path / "script", "file")
    assert went_to(phone) == "file@example.com"
    monkeypatch.setenv("MY_GATEWAY", "")
    assert went_to(phone) == "5559998888@msg.fi.google.com"


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
        ("export MY_GATEWAY=you@example.com", "you@example.com"),
        ("MY_GATEWAY = you@example.com  # mine", "you@example.com"),
        ("  MY_GATEWAY=you@example.com \t\r", "you@example.com"),
        ('MY_GATEWAY="you@example.com "', "you@example.com"),
        ("\ufeffMY_GATEWAY=you@example.com", "you@example.com"),
        ("MY_GATEWAY=no@example.com\nMY_GATEWAY=you@example.com", "you@example.com"),
    ],
)
def test_a_value_is_read_as_it_is_meant(
    mail: Phone, tmp_path: Path, line: str, address: str
) -> None:
    write(tmp_path / "script" / ".env", line)
    assert went_to(mail) == address


# Files that cannot be read.


def test_a_folder_called_env_is_passed_over(mail: Phone, tmp_path: Path) -> None:
    (tmp_path / "script" / ".env").mkdir()
    mark(tmp_path, "above")
    assert went_to(mail) == "above@example.com"


@pytest.mark.parametrize("kind", ["folder", "nothing"])
def test_a_file_that_textmyself_env_names_in_vain_is_named(
    mail: Phone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    if kind == "folder":
        (tmp_path / "named").mkdir()
    mark(tmp_path, "above")
    monkeypatch.setenv("TEXTMYSELF_ENV", str(tmp_path / "named"))
    receipt = text()
    assert receipt.problems == (
        f"settings: {tmp_path / 'named'} was not read, as there is no such file, though "
        "TEXTMYSELF_ENV names it.",
    )
    assert (receipt.sent, mail.texts[-1].to) == (True, "above@example.com")


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_that_is_not_utf_8_is_named(mail: Phone, tmp_path: Path, encoding: str) -> None:
    lines = ["# Über mich", "MY_GATEWAY=file@example.com"]
    file = write(tmp_path / "script" / ".env", *lines, encoding=encoding)
    mark(tmp_path, "above")
    receipt = text()
    assert receipt.problems == (
        f"settings: {file.resolve()} was not read, as it is not UTF-8 text. Save it as UTF-8.",
    )
    assert (receipt.sent, mail.texts[-1].to) == (True, "above@example.com")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_and_in_plain_letters_is_named(
    mail: Phone, tmp_path: Path, encoding: str
) -> None:
    file = write(tmp_path / "script" / ".env", "MY_GATEWAY=file@example.com", encoding=encoding)
    mark(tmp_path, "above")
    assert text().problems == (
        f"settings: {file.resolve()} was not read, as it is not UTF-8 text. Save it as UTF-8.",
    )


@pytest.mark.parametrize(
    "line", ["SMTP_PASSWORD", 'SMTP_PASSWORD="abcd', "SMTP_PASSWORD='abcd", "SMTP_PASSWORD:abcd"]
)
def test_half_a_line_counts_as_not_set(
    set_up: SetUp, tmp_path: Path, caplog: pytest.LogCaptureFixture, line: str
) -> None:
    phone = set_up("gateway", SMTP_PASSWORD=None)
    lines = ["MY_GATEWAY=file@example.com", line]
    file = write(tmp_path / "script" / ".env", *lines)
    assert refusal(phone) == (
        f"gateway: SMTP_PASSWORD not set. Settings come from the environment and {file.resolve()}.",
    )
    assert "abcd" not in caplog.text


def test_an_open_quote_that_swallows_the_next_line_shows_neither(
    set_up: SetUp, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("gateway", SMTP_USER=None, SMTP_PASSWORD=None)
    lines = ['SMTP_PASSWORD="abcd', 'SMTP_USER="you@gmail.com"', "MY_GATEWAY=file@example.com"]
    file = write(tmp_path / "script" / ".env", *lines)
    assert refusal(phone) == (
        "gateway: SMTP_USER and SMTP_PASSWORD not set. "
        f"Settings come from the environment and {file.resolve()}.",
    )
    assert "abcd" not in caplog.text


@posix_only
@pytest.mark.skipif(IS_ROOT, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(mail: Phone, tmp_path: Path) -> None:
    file = mark(tmp_path / "script", "file")
    file.chmod(0o000)
    mark(tmp_path, "above")
    receipt = text()
    assert receipt.problems == (
        f"settings: {file.resolve()} was not read, as the system says: Permission denied.",
    )
    assert (receipt.sent, mail.texts[-1].to) == (True, "above@example.com")


@pytest.mark.skipif(not Path("/proc/self/mem").is_file(), reason="this is Linux's")
def test_a_file_whose_reading_fails_is_named(
    mail: Phone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTMYSELF_ENV", "/proc/self/mem")  # it has nothing at its beginning
    mark(tmp_path, "above")
    receipt = text()
    assert receipt.problems == (
        "settings: /proc/self/mem was not read, as the system says: Input/output error.",
    )
    assert (receipt.sent, mail.texts[-1].to) == (True, "above@example.com")


def test_without_python_dotenv_a_file_is_named_with_the_command(elsewhere: Elsewhere) -> None:
    file = elsewhere.file(elsewhere.current)
    sent, missing, nothing = elsewhere.run(BLOCK_DOTENV + CODE)
    assert not sent
    assert missing == (
        f"settings: {file.resolve()} was not read, as python-dotenv is missing. "
        "Run: pip install python-dotenv."
    )
    assert nothing.startswith("nothing is set up. Set MY_PHONE_NUMBER and, for Twilio, ")


def test_without_python_dotenv_the_environment_is_enough(elsewhere: Elsewhere) -> None:
    settings = elsewhere.phone.settings("gateway") | {"MY_GATEWAY": "you@example.com"}
    assert elsewhere.run(BLOCK_DOTENV + CODE, **settings) == [True]
    write(elsewhere.current / ".env", "DATABASE_URL=postgres://localhost")
    assert elsewhere.run(BLOCK_DOTENV + CODE, **settings) == [True]


# Files that somebody may have planted.


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
    receipt = text()
    assert receipt.problems == (
        f"settings: {file.resolve()} was not read, as it is somebody else's, where anyone may "
        "write. Move yours elsewhere.",
    )
    assert (receipt.sent, [it.to for it in mail.texts]) == (True, ["above@example.com"])


@posix_only
def test_a_planted_file_is_refused_even_where_textmyself_env_names_it(
    mail: Phone,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    give_away: Callable[[Path], None],
) -> None:
    file = mark(tmp_path / "shared", "planted")
    file.parent.chmod(0o777)
    monkeypatch.setenv("TEXTMYSELF_ENV", str(file))
    give_away(file)
    problem, nothing = refusal(mail)
    assert problem == (
        f"settings: {file} was not read, as it is somebody else's, where anyone may write. "
        "Move yours elsewhere."
    )
    assert nothing.startswith("nothing is set up. ")


@posix_only
def test_somebody_else_s_file_that_not_everyone_may_write_is_read(
    mail: Phone, tmp_path: Path, give_away: Callable[[Path], None]
) -> None:
    file = mark(tmp_path / "script", "mounted")  # into a container, from the host
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


@pytest.mark.skipif(not IS_ROOT, reason="only root makes files of root's")
def test_root_s_file_is_read_wherever_it_is(
    mail: Phone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = mark(tmp_path / "script", "root")
    file.chmod(0o666)
    file.parent.chmod(0o777)
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    assert went_to(mail) == "root@example.com"


# What is missing.


def test_nothing_set_up_says_what_to_set_and_where_it_looked(phone: Phone, tmp_path: Path) -> None:
    assert refusal(phone) == (
        "nothing is set up. Set MY_PHONE_NUMBER and, for Twilio, TWILIO_ACCOUNT_SID, "
        "TWILIO_AUTH_TOKEN and TWILIO_PHONE_NUMBER; or, for your carrier's gateway, MY_CARRIER, "
        f"SMTP_USER and SMTP_PASSWORD. {looked(tmp_path)}",
    )


def test_where_it_looked_starts_with_the_file_that_textmyself_env_names(
    phone: Phone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / "named", "DEBUG=1")
    monkeypatch.setenv("TEXTMYSELF_ENV", str(file))
    (problem,) = refusal(phone)
    assert f"Looked in the environment, {file}, {tmp_path.resolve()}/script/.env, " in problem


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
        ({"MY_GATEWAY": "you@example.com"}, "gateway: SMTP_USER and SMTP_PASSWORD"),
        (
            {"MY_GATEWAY": "you@example.com", "SMTP_HOST": "localhost", "SMTP_USER": "you"},
            "gateway: SMTP_PASSWORD and SMTP_FROM",
        ),
        (
            {"MY_GATEWAY": "you@example.com", "SMTP_PASSWORD": made_up.SMTP_PASSWORD},
            "gateway: SMTP_USER",
        ),
        ({"MY_GATEWAY": "you@example.com", "SMTP_HOST": "localhost"}, "gateway: SMTP_FROM"),
    ],
)
def test_all_that_is_missing_is_named_at_once(
    set_up: SetUp, tmp_path: Path, settings: dict[str, str], missing: str
) -> None:
    phone = set_up(**{"MY_PHONE_NUMBER": None, **settings})
    assert refusal(phone) == (f"{missing} not set. {looked(tmp_path)}",)


def test_both_routes_say_what_they_miss(set_up: SetUp, tmp_path: Path) -> None:
    phone = set_up(TWILIO_ACCOUNT_SID=made_up.ACCOUNT_SID, MY_CARRIER="Verizon")
    assert refusal(phone) == (
        f"Twilio: TWILIO_AUTH_TOKEN and TWILIO_PHONE_NUMBER not set. {looked(tmp_path)}",
        f"gateway: SMTP_USER and SMTP_PASSWORD not set. {looked(tmp_path)}",
    )


def test_what_is_missing_and_what_is_wrong_stand_together(set_up: SetUp, tmp_path: Path) -> None:
    phone = set_up("gateway", SMTP_USER=None, SMTP_PORT="abc", SMTP_TLS="ssl")
    assert refusal(phone) == (
        f"gateway: SMTP_USER not set. {looked(tmp_path)} "
        "SMTP_PORT should be a number like 587, if it is not 465. "
        "SMTP_TLS should be implicit (as on port 465), starttls (as on others), or none (a relay "
        "on this machine).",
    )


# What has the wrong shape.


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("MY_PHONE_NUMBER", "your own phone: + and the country code, like +15559998888"),
        (
            "TWILIO_ACCOUNT_SID",
            "AC and 32 digits or letters a to f, from https://console.twilio.com (upgraded: a "
            "trial account cannot send your words)",
        ),
        ("TWILIO_AUTH_TOKEN", "the word that the console shows below the Account SID"),
        (
            "TWILIO_PHONE_NUMBER",
            "the sender: a number of yours at Twilio (Phone Numbers > Active numbers), like "
            "+15550001111",
        ),
    ],
)
def test_a_wrong_setting_of_twilio_s_says_what_it_should_be(
    set_up: SetUp, name: str, words: str
) -> None:
    phone = set_up("twilio", **{name: "Ä" * 32})
    assert refusal(phone) == (f"Twilio: {name} should be {words}.",)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "TWILIO_API_KEY",
            "SK and 32 digits or letters a to f (API keys & tokens): better than the token, as it "
            "can be revoked alone",
        ),
        (
            "TWILIO_API_SECRET",
            "the word that the console shows once, when it makes the API key",
        ),
        (
            "TWILIO_MESSAGING_SERVICE_SID",
            "MG and 32 digits or letters a to f (Messaging > Services): a sender instead of a "
            "number",
        ),
    ],
)
def test_a_wrong_setting_of_an_api_key_says_what_it_should_be(
    set_up: SetUp, name: str, words: str
) -> None:
    key = {"TWILIO_API_KEY": made_up.API_KEY, "TWILIO_API_SECRET": made_up.API_SECRET}
    phone = set_up("twilio", **{**key, name: "Ä" * 32})
    assert refusal(phone) == (f"Twilio: {name} should be {words}.",)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "MY_GATEWAY",
            "one e-mail address that reaches you instead: 5559998888@vtext.com, "
            "ntfy-mytopic@ntfy.sh, your own mailbox",
        ),
        ("SMTP_USER", "the mailbox that it is sent from, like you@gmail.com"),
        (
            "SMTP_PASSWORD",
            "an app password made for it, in plain letters (Gmail: "
            "https://myaccount.google.com/apppasswords)",
        ),
        (
            "SMTP_HOST",
            "the mail server, like smtp.gmail.com, if carriers.py does not know your mailbox",
        ),
        ("SMTP_PORT", "a number like 587, if it is not 465"),
        (
            "SMTP_TLS",
            "implicit (as on port 465), starttls (as on others), or none (a relay on this machine)",
        ),
        ("SMTP_FROM", "the sender's address, like you@gmail.com, if SMTP_USER is not one"),
    ],
)
def test_a_wrong_setting_of_the_gateway_s_says_what_it_should_be(
    set_up: SetUp, name: str, words: str
) -> None:
    phone = set_up("gateway", **{"SMTP_FROM": "you@example.com", name: "Ä B"})
    assert refusal(phone) == (f"gateway: {name} should be {words}.",)


@pytest.mark.parametrize(
    ("route", "name", "value"),
    [
        ("twilio", "MY_PHONE_NUMBER", "555-CALL-NOW"),
        ("twilio", "MY_PHONE_NUMBER", "555 999 8888 ext. 5"),
        ("twilio", "MY_PHONE_NUMBER", "9998888"),
        ("twilio", "MY_PHONE_NUMBER", "+1 999 8888"),
        ("twilio", "MY_PHONE_NUMBER", "15559998888"),
        ("twilio", "MY_PHONE_NUMBER", "020 7946 0958"),
        ("twilio", "MY_PHONE_NUMBER", "0044 20 7946 0958"),
        ("twilio", "MY_PHONE_NUMBER", "+1 055 999 8888"),
        ("twilio", "MY_PHONE_NUMBER", "+1234567890123456"),
        ("twilio", "MY_PHONE_NUMBER", "+15559998888, +15559997777"),
        ("twilio", "MY_PHONE_NUMBER", "whatsapp:+15559998888"),
        ("twilio", "MY_PHONE_NUMBER", "+"),
        ("twilio", "MY_PHONE_NUMBER", "+1٥٥٥٩٩٩٨٨٨٨"),
        ("gateway", "MY_PHONE_NUMBER", "15559998888"),
        ("twilio", "TWILIO_PHONE_NUMBER", "+1 555"),
        ("twilio", "TWILIO_PHONE_NUMBER", "15550001111"),
        ("twilio", "TWILIO_PHONE_NUMBER", "A name that is too long"),
        ("twilio", "TWILIO_ACCOUNT_SID", "AC..."),
        ("twilio", "TWILIO_ACCOUNT_SID", made_up.API_KEY),
        ("twilio", "TWILIO_ACCOUNT_SID", made_up.ACCOUNT_SID + "0"),
        ("twilio", "TWILIO_ACCOUNT_SID", made_up.ACCOUNT_SID[:-1] + "g"),
        ("twilio", "TWILIO_ACCOUNT_SID", made_up.ACCOUNT_SID[:-1] + "/"),
        ("twilio", "TWILIO_AUTH_TOKEN", "two words"),
        ("twilio", "TWILIO_AUTH_TOKEN", "two\nlines"),
        ("twilio", "TWILIO_AUTH_TOKEN", "tök€n"),
        ("gateway", "SMTP_PASSWORD", "pässword"),
        ("gateway", "SMTP_PASSWORD", "two\r\nlines"),
        ("gateway", "SMTP_PORT", "abc"),
        ("gateway", "SMTP_PORT", "0"),
        ("gateway", "SMTP_PORT", "-1"),
        ("gateway", "SMTP_PORT", "65536"),
        ("gateway", "SMTP_PORT", "70000"),
        ("gateway", "SMTP_PORT", "465.0"),
        ("gateway", "SMTP_PORT", "٤٦٥"),
        ("gateway", "SMTP_TLS", "ssl"),
        ("gateway", "SMTP_TLS", "1"),
        ("gateway", "MY_GATEWAY", "you@example.com\nBcc: them@example.com"),
        ("gateway", "MY_GATEWAY", "you@example.com> NOTIFY=NEVER <"),
        ("gateway", "MY_GATEWAY", "a@example.com, b@example.com"),
        ("gateway", "MY_GATEWAY", "a@example.com b@example.com"),
        ("gateway", "MY_GATEWAY", "a@example.com;b@example.com"),
        ("gateway", "MY_GATEWAY", "You <you@example.com>"),
        ("gateway", "MY_GATEWAY", "example.com"),
        ("gateway", "MY_GATEWAY", "you@"),
        ("gateway", "MY_GATEWAY", "jürgen@example.com"),
        ("gateway", "SMTP_FROM", "you@example.com\r\nBcc: them@example.com"),
        ("gateway", "SMTP_FROM", "you@example.com> SIZE=1 <"),
        ("gateway", "SMTP_USER", "you@gmail.com you@gmail.com"),
        ("gateway", "SMTP_USER", "jürgen"),
        ("gateway", "SMTP_HOST", "smtp gmail.com"),
        ("gateway", "SMTP_HOST", "https://smtp.gmail.com"),
        ("gateway", "SMTP_HOST", "smtp.gmail.com\nx"),
    ],
)
def test_a_wrong_value_is_not_used_and_not_shown(
    set_up: SetUp, caplog: pytest.LogCaptureFixture, route: str, name: str, value: str
) -> None:
    phone = set_up(route, **{name: value})
    (problem,) = refusal(phone)
    label = "Twilio" if route == "twilio" else "gateway"
    assert problem.startswith(f"{label}: {name} should be ")
    assert len(value) < 6 or value not in caplog.text


@pytest.mark.parametrize("name", ["TWILIO_AUTH_TOKEN", "TWILIO_API_SECRET", "SMTP_PASSWORD"])
def test_a_secret_with_an_accent_is_named_and_not_shown(
    set_up: SetUp, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    route = "gateway" if name == "SMTP_PASSWORD" else "twilio"
    key = {"TWILIO_API_KEY": made_up.API_KEY} if name == "TWILIO_API_SECRET" else {}
    phone = set_up(route, **key, **{name: "hushhushhüsh"})
    (problem,) = refusal(phone)
    assert f": {name} should be " in problem
    assert "hush" not in problem + caplog.text


def test_two_wrong_values_are_named_at_once(set_up: SetUp) -> None:
    phone = set_up("twilio", MY_PHONE_NUMBER="911", TWILIO_ACCOUNT_SID="AC")
    assert refusal(phone) == (
        "Twilio: MY_PHONE_NUMBER should be your own phone: + and the country code, like "
        "+15559998888. TWILIO_ACCOUNT_SID should be AC and 32 digits or letters a to f, from "
        "https://console.twilio.com (upgraded: a trial account cannot send your words).",
    )


# What has a shape that is put right.


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


def test_a_number_of_another_country_is_left_as_it_is(set_up: SetUp) -> None:
    phone = set_up("twilio", MY_PHONE_NUMBER="+44 20 7946 0958")
    assert went_to(phone) == "+442079460958"


def test_whatsapp_s_sender_makes_the_text_a_whatsapp(set_up: SetUp) -> None:
    phone = set_up("twilio", TWILIO_PHONE_NUMBER=f"whatsapp:{made_up.TWILIO_NUMBER}")
    assert went_to(phone) == f"whatsapp:{MY_NUMBER}"


def test_a_messaging_service_sends_instead_of_a_number(set_up: SetUp) -> None:
    service = made_up.SERVICE_SID
    phone = set_up("twilio", TWILIO_PHONE_NUMBER=None, TWILIO_MESSAGING_SERVICE_SID=service)
    assert went_to(phone) == MY_NUMBER
    assert phone.requests[0].form["MessagingServiceSid"] == service


def test_a_blank_after_a_value_does_not_count(set_up: SetUp) -> None:
    settings = Phone.settings  # of both routes, each value with blanks round it
    phone = set_up("twilio", "gateway")
    for routes in (("twilio",), ("gateway",)):
        mine, _ = split_settings(settings(phone, *routes))
        set_up(**{name: f" {value}\t " for name, value in mine.items()})
    assert went_to(phone) == MY_NUMBER
    set_up(**{name: None for name in split_settings(settings(phone, "twilio"))[0]})
    set_up(MY_PHONE_NUMBER=f"{MY_NUMBER} ")
    assert went_to(phone) == "5559998888@msg.fi.google.com"


@pytest.mark.parametrize("gap", [" ", "\u00a0", "  "])
def test_google_s_blanks_in_an_app_password_are_taken_out(set_up: SetUp, gap: str) -> None:
    password = gap.join(made_up.SMTP_PASSWORD[i : i + 4] for i in range(0, 16, 4))
    phone = set_up("gateway", SMTP_PASSWORD=password)
    assert went_to(phone) == "5559998888@msg.fi.google.com"


def test_blanks_in_another_password_belong_to_it(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made_up, "SMTP_PASSWORD", "correct horse battery")
    phone = set_up("gateway", SMTP_PASSWORD="correct horse battery")
    assert went_to(phone) == "5559998888@msg.fi.google.com"


@pytest.mark.parametrize("port", ["1", "25", "9999", "59999", "60999", "65535"])
def test_every_port_is_a_port(set_up: SetUp, monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    phone = set_up("gateway", SMTP_PORT=port)
    lead(monkeypatch, ("localhost", int(port)), phone.implicit_port)
    assert went_to(phone) == "5559998888@msg.fi.google.com"


# One route wrong, the other right.


def test_a_wrong_twilio_does_not_stop_the_gateway(
    set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("twilio", "gateway", TWILIO_AUTH_TOKEN="two words")
    receipt = text()
    problem = (
        "Twilio: TWILIO_AUTH_TOKEN should be the word that the console shows below the Account SID."
    )
    assert (receipt.route, receipt.problems) == ("gateway", (problem,))
    assert [it.route for it in phone.texts] == ["gateway"]
    assert [(it.levelname, it.getMessage()) for it in caplog.records] == [
        ("WARNING", f"sent by gateway, accepted: {MESSAGE!r}\n  {problem}")
    ]


def test_a_wrong_gateway_does_not_stop_twilio(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway", SMTP_PORT="0")
    receipt = text()
    assert (receipt.route, receipt.problems) == (
        "twilio",
        ("gateway: SMTP_PORT should be a number like 587, if it is not 465.",),
    )
    assert [it.route for it in phone.texts] == ["twilio"]


def test_half_a_twilio_does_not_stop_the_gateway(set_up: SetUp, tmp_path: Path) -> None:
    phone = set_up("gateway", TWILIO_ACCOUNT_SID=made_up.ACCOUNT_SID)
    receipt = text()
    assert (receipt.route, receipt.problems) == (
        "gateway",
        (f"Twilio: TWILIO_AUTH_TOKEN and TWILIO_PHONE_NUMBER not set. {looked(tmp_path)}",),
    )
    assert [it.route for it in phone.texts] == ["gateway"]


# Twilio's API key.


def test_an_api_key_is_used_rather_than_the_token(set_up: SetUp) -> None:
    key = {"TWILIO_API_KEY": made_up.API_KEY, "TWILIO_API_SECRET": made_up.API_SECRET}
    phone = set_up("twilio", TWILIO_AUTH_TOKEN="f" * 32, **key)  # which Twilio does not take
    assert went_to(phone) == MY_NUMBER
    set_up(TWILIO_AUTH_TOKEN=None)
    assert went_to(phone) == MY_NUMBER


def test_half_an_api_key_is_not_replaced_by_the_token(set_up: SetUp, tmp_path: Path) -> None:
    phone = set_up("twilio", TWILIO_API_KEY=made_up.API_KEY)
    assert refusal(phone) == (f"Twilio: TWILIO_API_SECRET not set. {looked(tmp_path)}",)
    set_up(TWILIO_API_KEY=None, TWILIO_API_SECRET=made_up.API_SECRET)
    assert refusal(phone) == (f"Twilio: TWILIO_API_KEY not set. {looked(tmp_path)}",)


# The mail server.


def lead(monkeypatch: pytest.MonkeyPatch, server: tuple[str, int], port: int) -> None:
    """Let the look-up of a server lead to a port of this machine."""
    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, wanted: Any, *rest: Any, **options: Any) -> Any:
        if (host, wanted) == server:
            host, wanted = "127.0.0.1", port
        return look_up(host, wanted, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def test_a_mailbox_s_server_is_known_by_its_domain(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("gateway", SMTP_HOST=None, SMTP_PORT=None, SMTP_TLS=None)
    lead(monkeypatch, ("smtp.gmail.com", 465), phone.implicit_port)
    assert went_to(phone) == "5559998888@msg.fi.google.com"
    assert phone.texts[0].sender == "you@gmail.com"


def test_another_port_of_a_known_server_takes_starttls(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("gateway", SMTP_HOST=None, SMTP_PORT="587", SMTP_TLS=None)
    lead(monkeypatch, ("smtp.gmail.com", 587), phone.starttls_port)
    assert went_to(phone) == "5559998888@msg.fi.google.com"


@pytest.mark.parametrize(
    ("port", "server"),
    [("465", "implicit_port"), (None, "implicit_port"), ("587", "starttls_port")],
)
def test_the_port_tells_how_tls_starts(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, port: str | None, server: str
) -> None:
    phone = set_up("gateway", SMTP_PORT=port, SMTP_TLS=None)
    lead(monkeypatch, ("localhost", int(port or 465)), getattr(phone, server))
    assert went_to(phone) == "5559998888@msg.fi.google.com"


def test_outlook_takes_no_password(set_up: SetUp) -> None:
    phone = set_up("gateway", SMTP_USER="you@outlook.com", SMTP_HOST=None)
    assert refusal(phone) == (
        "gateway: Outlook.com, Hotmail, Live and MSN take no password from programs since "
        "2024-09-16, app passwords included. Set SMTP_USER to another mailbox, such as Gmail.",
    )


def test_a_mailbox_that_nobody_knows_asks_for_its_server(set_up: SetUp) -> None:
    phone = set_up("gateway", SMTP_USER="you@example.org", SMTP_HOST=None)
    assert refusal(phone) == (
        "gateway: carriers.py knows no mail server for example.org. Set SMTP_HOST to the one that "
        "your mail provider's help names as its outgoing (SMTP) server.",
    )


def test_a_user_that_is_no_address_needs_a_sender(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(made_up, "SMTP_USER", "you")
    phone = set_up("gateway")
    assert refusal(phone) == (f"gateway: SMTP_FROM not set. {looked(tmp_path)}",)
    set_up(SMTP_FROM="you@example.com")
    assert went_to(phone) == "5559998888@msg.fi.google.com"
    assert phone.texts[0].sender == "you@example.com"


def test_the_sender_s_domain_tells_the_server_of_a_user_that_is_no_address(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made_up, "SMTP_USER", "you")
    phone = set_up("gateway", SMTP_HOST=None, SMTP_PORT=None, SMTP_FROM="you@gmail.com")
    lead(monkeypatch, ("smtp.gmail.com", 465), phone.implicit_port)
    assert went_to(phone) == "5559998888@msg.fi.google.com"


RELAY: dict[str, str | None] = {
    "SMTP_USER": None,
    "SMTP_PASSWORD": None,
    "SMTP_TLS": None,
    "SMTP_FROM": "you@example.com",
}


@pytest.mark.parametrize("tls", [None, "none"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_relay_on_this_machine_takes_mail_without_a_password(
    set_up: SetUp, phone: Phone, host: str, tls: str | None
) -> None:
    port = str(phone.plain_port)
    set_up("gateway", **{**RELAY, "SMTP_HOST": host, "SMTP_PORT": port, "SMTP_TLS": tls})
    assert went_to(phone) == "5559998888@msg.fi.google.com"
    assert phone.texts[0].sender == "you@example.com"


def test_a_relay_s_port_is_25(set_up: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = set_up("gateway", **{**RELAY, "SMTP_PORT": None})
    lead(monkeypatch, ("localhost", 25), phone.plain_port)
    assert went_to(phone) == "5559998888@msg.fi.google.com"


def test_no_password_goes_without_tls(set_up: SetUp, phone: Phone) -> None:
    set_up("gateway", SMTP_PORT=str(phone.plain_port), SMTP_TLS="none")
    assert refusal(phone) == (
        "gateway: SMTP_TLS may be none only for this machine's relay, no password.",
    )


@pytest.mark.parametrize("host", ["smtp.gmail.com", "192.0.2.1", "localhost.example.com"])
def test_no_mail_goes_to_another_machine_without_tls(set_up: SetUp, host: str) -> None:
    phone = set_up("gateway", **{**RELAY, "SMTP_HOST": host, "SMTP_TLS": "none"})
    assert refusal(phone) == (
        "gateway: SMTP_TLS may be none only for this machine's relay, no password.",
    )


# Without carriers.py.


def test_without_carriers_py_no_carrier_is_known(elsewhere: Elsewhere) -> None:
    settings = elsewhere.phone.settings("gateway")
    assert elsewhere.run(**settings) == [False, f"gateway: {NO_CARRIERS}"]
    assert elsewhere.phone.texts == []


def test_without_carriers_py_no_mailbox_is_known(elsewhere: Elsewhere) -> None:
    settings = elsewhere.phone.settings("gateway") | {"MY_GATEWAY": "you@example.com"}
    answer = elsewhere.run(**{**settings, "SMTP_HOST": None})
    assert answer == [False, f"gateway: {NO_CARRIERS}"]


def test_without_carriers_py_all_can_be_spelled_out(elsewhere: Elsewhere) -> None:
    mine, reach = split_settings(elsewhere.phone.settings("gateway"))
    del mine["MY_CARRIER"]
    assert elsewhere.run(**mine, **reach, MY_GATEWAY="you@example.com") == [True]
    assert [it.to for it in elsewhere.phone.texts] == ["you@example.com"]


def test_with_carriers_py_beside_it_names_are_known(elsewhere: Elsewhere) -> None:
    shutil.copy(Path(module.__file__).with_name("carriers.py"), elsewhere.copy)
    assert elsewhere.run(**elsewhere.phone.settings("gateway")) == [True]
    assert [it.to for it in elsewhere.phone.texts] == ["5559998888@msg.fi.google.com"]


@pytest.mark.parametrize("code", ["CARRIERS = ['UPS', 'DHL']", "import no_such_module"])
def test_another_carriers_py_in_the_way_is_not_taken_for_ours(
    elsewhere: Elsewhere, code: str
) -> None:
    write(elsewhere.script.parent / "carriers.py", code)
    answer = elsewhere.run(**elsewhere.phone.settings("gateway"))
    assert answer == [False, f"gateway: {NO_CARRIERS}"]
