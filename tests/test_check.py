"""What stands around texting: --check, which texts nothing, --init and --carriers.

First what --check shows of the settings, of Twilio, of the gateway and of the file that the
settings come from, then what --init writes and where, then the phone book.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from conftest import COPY, run_python
from phone import (
    ACCOUNT_SID,
    API_KEY,
    API_SECRET,
    AUTH_TOKEN,
    MY_NUMBER,
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
posix_only = pytest.mark.skipif(os.name != "posix", reason="Windows has no such files and modes")
to_come = pytest.mark.xfail(reason="to come", strict=False)


@pytest.fixture(autouse=True)
def undo_what_main_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `main` change the environment, and undo that."""
    for name in ("TEXTMYSELF_ENV", "TEXTMYSELF_DRY_RUN"):
        monkeypatch.setenv(name, "")


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Callable[..., list[str]]:
    """What --check prints below its first line, which says where the settings come from."""

    def check(*options: str, status: int = 0) -> list[str]:
        assert module.main(["--check", *options]) == status
        out, err = capsys.readouterr()
        assert err == ""
        first, *lines = out.splitlines()
        assert first.startswith(("Settings come from the environment", "Looked in the environment"))
        # What it says of the sender goes, together with the tests at the end of this file.
        return [line for line in lines if not line.startswith("Twilio: TWILIO_PHONE_NUMBER is ")]

    return check


Check = Callable[..., list[str]]


def of_routes(lines: list[str]) -> list[str]:
    """Return what is said of the routes, without the settings."""
    return [line for line in lines if not line.startswith("  ")]


# --check: the settings


def test_check_shows_the_settings_logs_in_at_both_routes_and_texts_nothing(
    set_up: SetUp, check: Check
) -> None:
    phone = set_up("twilio", "gateway")
    assert check() == [
        "  MY_PHONE_NUMBER=...8888 (environment)",
        "  TWILIO_ACCOUNT_SID=*** (environment)",
        "  TWILIO_AUTH_TOKEN=*** (environment)",
        "  TWILIO_PHONE_NUMBER=...1111 (environment)",
        "  MY_CARRIER=Google Fi (environment)",
        "  SMTP_USER=you@gmail.com (environment)",
        "  SMTP_PASSWORD=*** (environment)",
        "  SMTP_HOST=localhost (environment)",
        f"  SMTP_PORT={phone.implicit_port} (environment)",
        "  SMTP_TLS=implicit (environment)",
        "Twilio: the account is active.",
        "Twilio: ready.",
        "gateway: localhost takes the log-in.",
        "gateway: Google Fi takes texts.",
        "gateway: ready.",
    ]
    assert {request.method for request in phone.requests} == {"GET"}
    assert phone.texts == []


def test_check_says_which_settings_are_from_which_file(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    set_up("twilio", MY_PHONE_NUMBER=None, TWILIO_AUTH_TOKEN=None)
    file = tmp_path / "my.env"
    file.touch(mode=0o600)
    file.write_text(
        f"MY_PHONE_NUMBER=5559998888\nTWILIO_AUTH_TOKEN={AUTH_TOKEN}\nTWILIO_ACCOUNT_SID=other\n"
    )
    assert module.main(["--env", str(file), "--check"]) == 0
    assert capsys.readouterr().out.splitlines()[:5] == [
        f"Settings come from the environment and {file}.",
        "  MY_PHONE_NUMBER=...8888 (file)",
        "  TWILIO_ACCOUNT_SID=*** (environment)",
        "  TWILIO_AUTH_TOKEN=*** (file)",
        "  TWILIO_PHONE_NUMBER=...1111 (environment)",
    ]


def test_check_shows_no_secret_and_no_whole_number(set_up: SetUp, check: Check) -> None:
    set_up(
        "twilio",
        "gateway",
        TWILIO_API_KEY=API_KEY,
        TWILIO_API_SECRET=API_SECRET,
        TWILIO_MESSAGING_SERVICE_SID=SERVICE_SID,
        MY_GATEWAY="5559998888@vtext.com",
        SMTP_FROM="5559998888@example.com",
    )
    shown = "\n".join(check())
    for secret in (ACCOUNT_SID, AUTH_TOKEN, API_KEY, API_SECRET, SERVICE_SID, SMTP_PASSWORD):
        assert secret not in shown
    assert "9998888" not in shown
    assert "0001111" not in shown
    assert "  MY_GATEWAY=...8888@vtext.com (environment)\n" in shown


def test_check_of_nothing_says_what_to_set_and_where_it_looked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert module.main(["--check"]) == 2
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith("no way to text is set up. ")
    assert "Looked in the environment, " in line


def test_check_of_half_a_route_says_what_is_missing(set_up: SetUp, check: Check) -> None:
    phone = set_up("twilio", TWILIO_AUTH_TOKEN=None)
    [line] = of_routes(check(status=2))
    assert line.startswith("Twilio: TWILIO_AUTH_TOKEN not set. Looked in the environment, ")
    assert phone.requests == []


@to_come
@pytest.mark.parametrize(
    ("near", "name"), [("TWILIO_SID", "TWILIO_ACCOUNT_SID"), ("SMTP_PASS", "SMTP_PASSWORD")]
)
def test_check_points_out_a_name_that_is_nearly_that_of_a_setting(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], tmp_path: Path, near: str, name: str
) -> None:
    set_up("twilio", "gateway", **{name: None})
    (tmp_path / "script" / ".env").write_text(f"{near}=hush\nMY_GATEWAY=you@example.com\n")
    module.main(["--check"])
    words = capsys.readouterr().out
    assert near in words.replace(name, "").replace("=", " ").replace(".", " ").split()
    assert "hush" not in words


@to_come
@pytest.mark.parametrize("name", ["TWILIO_REGION", "TWILIO_EDGE"])
def test_check_says_that_a_region_in_a_file_is_not_read(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    set_up("twilio", MY_PHONE_NUMBER=None)
    (tmp_path / "script" / ".env").write_text(f"{name}=ie1\nMY_PHONE_NUMBER={MY_NUMBER}\n")
    assert module.main(["--check"]) == 0
    assert name in capsys.readouterr().out


# --check: Twilio


def answers(**content: object) -> list[Answer]:
    """Return an answer to each of the questions of --check, whichever is asked first."""
    return [Answer(200, json.dumps({"messages": [], **content}))] * 3


def test_check_tells_a_log_in_that_twilio_refuses_and_is_glad_of_the_other_route(
    set_up: SetUp, check: Check
) -> None:
    phone = set_up("twilio", "gateway", TWILIO_AUTH_TOKEN="wrong")
    first, *others = of_routes(check())
    assert first.startswith("Twilio: not ready: ")
    assert "(20003)" in first
    assert "TWILIO_AUTH_TOKEN" in first
    assert others == [
        "gateway: localhost takes the log-in.",
        "gateway: Google Fi takes texts.",
        "gateway: ready.",
    ]
    assert phone.texts == []


def test_check_tells_an_api_key_that_is_wrong(set_up: SetUp, check: Check) -> None:
    set_up("twilio", TWILIO_API_KEY=API_KEY, TWILIO_API_SECRET="wrong")
    [line] = of_routes(check(status=2))
    assert line.startswith("Twilio: not ready: ")
    assert "TWILIO_API_SECRET" in line


def test_check_is_content_with_an_api_key_that_may_not_read_the_account(
    set_up: SetUp, check: Check
) -> None:
    set_up("twilio", TWILIO_AUTH_TOKEN=None, TWILIO_API_KEY=API_KEY, TWILIO_API_SECRET=API_SECRET)
    assert of_routes(check()) == [
        "Twilio: the API key is taken, but may not read what state the account is in.",
        "Twilio: ready.",
    ]


def test_check_tells_a_trial_account(set_up: SetUp, check: Check) -> None:
    phone = set_up("twilio")
    phone.script = answers(type="Trial", status="active")
    assert of_routes(check()) == [
        "Twilio: the account is active, but a trial, which cannot send your own words: upgrade it.",
        "Twilio: ready.",
    ]


def test_check_tells_an_account_that_cannot_be_read(set_up: SetUp, check: Check) -> None:
    phone = set_up("twilio")
    phone.script = [*answers()[:1], *[Answer(503, "<html>")] * 2]
    [line] = of_routes(check(status=2))
    assert line.startswith("Twilio: not ready: api.twilio.com answered 503")


def test_check_takes_no_web_page_for_twilio(set_up: SetUp, check: Check) -> None:
    phone = set_up("twilio")
    phone.script = [Answer(200, "<html>Log in</html>")] * 3
    [line] = of_routes(check(status=2))
    assert line.startswith("Twilio: not ready: api.twilio.com answered 200")


def test_check_tells_a_server_that_says_nothing(set_up: SetUp, check: Check) -> None:
    phone = set_up("twilio")
    phone.script = [Answer(silent=True)] * 3
    [line] = of_routes(check("--timeout", "1", status=2))
    assert line.startswith("Twilio: not ready: ")
    assert "in time" in line


@to_come
@pytest.mark.parametrize("status", ["act\x1b[31mive", "\x9b31mactive", "active\x07\r\n\tx"])
def test_check_shows_what_the_account_says_without_secrets_and_control_characters(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], status: str
) -> None:
    phone = set_up("twilio")
    phone.script = answers(type="Full", status=f"{status} {AUTH_TOKEN} {MY_NUMBER}")
    module.main(["--check"])
    shown = capsys.readouterr().out
    assert "act" in shown
    assert [letter for letter in shown if not letter.isprintable() and letter != "\n"] == []
    assert AUTH_TOKEN not in shown
    assert MY_NUMBER[2:] not in shown


@pytest.mark.parametrize(
    "body",
    [
        pytest.param('{"messages": null}', marks=to_come),
        pytest.param('{"messages": 5}', marks=to_come),
        pytest.param('{"messages": [null]}', marks=to_come),
        pytest.param('{"messages": {"a": 1}}', marks=to_come),
        pytest.param('{"messages": [[]], "status": null}', marks=to_come),
        '{"messages": [{"to": null, "status": {}, "error_code": "x"}], "status": []}',
        "null",
        "5",
        "[null]",
        '"active"',
    ],
)
def test_an_answer_in_no_form_of_twilios_hurts_no_check_of_the_other_route(
    set_up: SetUp, check: Check, body: str
) -> None:
    phone = set_up("twilio", "gateway")
    phone.script = [Answer(200, body)] * 3
    lines = of_routes(check())
    assert [line for line in lines if line.startswith("Twilio: ")]
    assert lines[-1] == "gateway: ready."


def test_check_tells_of_the_last_five_texts_and_why_one_did_not_arrive(
    set_up: SetUp, check: Check
) -> None:
    phone = set_up("twilio")
    texts = [
        {"to": "+15550009999", "date_created": "Fri", "status": "delivered"},
        {"to": MY_NUMBER, "date_created": "Thu", "status": "delivered"},
        {"to": MY_NUMBER, "date_created": "Wed", "status": "undelivered", "error_code": 30034},
        {"to": MY_NUMBER, "date_created": "Tue", "status": "failed", "error_code": None},
        *[{"to": MY_NUMBER, "date_created": "Mon", "status": "sent"}] * 4,
    ]
    phone.script = answers(messages=texts, type="Full", status="active")
    first, thursday, wednesday, tuesday, *others = of_routes(check())
    assert first == "Twilio: the account is active."
    assert thursday == "Twilio: the text of Thu was delivered."
    assert wednesday.startswith("Twilio: the text of Wed was undelivered: ")
    assert "(30034). " in wednesday
    assert tuesday.startswith("Twilio: the text of Tue was failed: ")
    assert others == [*["Twilio: the text of Mon was sent."] * 2, "Twilio: ready."]


# --check: the gateway


def test_check_tells_a_log_in_that_the_mail_server_refuses(set_up: SetUp, check: Check) -> None:
    phone = set_up("gateway", SMTP_PASSWORD="wrong")
    [line] = of_routes(check(status=2))
    assert line.startswith("gateway: not ready: localhost does not take SMTP_USER with ")
    assert "(535 5.7.8 Authentication credentials invalid). " in line
    assert phone.texts == []


def test_check_tells_a_mail_server_that_is_not_at_ease_after_the_log_in(
    set_up: SetUp, check: Check
) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {"NOOP": "421 4.3.2 going down"}
    [line] = of_routes(check(status=2))
    assert line.startswith("gateway: not ready: localhost ")
    assert "(421 4.3.2 going down)" in line


def test_check_tells_a_carrier_whose_gateway_is_closed(set_up: SetUp, check: Check) -> None:
    phone = set_up("gateway", MY_CARRIER="AT&T")
    [line] = of_routes(check(status=2))
    assert line.startswith("gateway: AT&T closed its gateway on 2025-06-17 ")
    assert phone.commands == []


def test_check_tells_an_address_at_a_gateway_that_is_closed(set_up: SetUp, check: Check) -> None:
    set_up("gateway", MY_GATEWAY="5559998888@txt.att.net")
    log_in, closed, *_ = of_routes(check())
    assert log_in == "gateway: localhost takes the log-in."
    assert closed.startswith("gateway: txt.att.net was a gateway of AT&T and FirstNet, and is ")


@to_come
@pytest.mark.parametrize(
    "gateway", [{"MY_CARRIER": "Verizon"}, {"MY_GATEWAY": "5559998888@vtext.com"}]
)
def test_check_tells_a_gateway_that_will_close_and_when(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], gateway: dict[str, str]
) -> None:
    set_up("gateway", **gateway)
    module.main(["--check"])
    last_day = carriers.find_gateway("Verizon", date(2023, 1, 1)).last_day
    assert last_day in capsys.readouterr().out


def test_check_tells_a_carrier_of_which_little_is_known(set_up: SetUp, check: Check) -> None:
    set_up("gateway", MY_CARRIER="Kajeet")
    assert of_routes(check()) == [
        "gateway: localhost takes the log-in.",
        "gateway: nobody has shown lately that Kajeet's SMS gateway delivers "
        "(github.com/mfitzp/List_of_SMS_gateways). See whether the text arrives.",
        "gateway: ready.",
    ]


def test_check_of_a_relay_speaks_of_no_log_in(set_up: SetUp, phone: Phone, check: Check) -> None:
    set_up(
        "gateway",
        SMTP_USER=None,
        SMTP_PASSWORD=None,
        SMTP_FROM="you@example.com",
        SMTP_TLS="none",
        SMTP_PORT=str(phone.plain_port),
        MY_GATEWAY="you@example.org",
    )
    assert of_routes(check()) == ["gateway: localhost.", "gateway: ready."]


# --check: the file


@posix_only
def test_check_warns_of_a_file_that_others_may_read(
    check: Check, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "my script" / ".env"
    file.parent.mkdir()
    file.write_text("MY_GATEWAY=you@example.org\n")
    monkeypatch.setenv("TEXTMYSELF_ENV", str(file))
    warning = f"warning: others can read {file}. Run: chmod 600 '{file}'"
    for mode in (0o644, 0o640, 0o604):
        file.chmod(mode)
        assert warning in check(status=2)
    file.chmod(0o600)
    assert [line for line in check(status=2) if "warning" in line] == []


@to_come
@posix_only
@pytest.mark.skipif(not shutil.which("git"), reason="there is no git")
def test_check_starts_no_program_that_a_project_names(
    check: Check, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "script"
    file = folder / ".env"
    file.touch(mode=0o600)
    file.write_text("MY_GATEWAY=you@example.org\n")
    monitor = folder / "monitor"
    monitor.write_text('#!/bin/sh\ntouch "$(dirname "$0")/started"\n')
    monitor.chmod(0o755)
    (folder / ".git" / "objects").mkdir(parents=True)
    (folder / ".git" / "refs").mkdir()
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / ".git" / "config").write_text(f"[core]\nfsmonitor = {monitor}\n")
    check(status=2)
    assert not (folder / "started").exists()


# --init


def test_init_writes_the_commented_settings_for_nobody_else_to_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "home" / "textmyself" / ".env"
    assert module.main(["--init"]) == 0
    out, err = capsys.readouterr()
    assert (len(out.splitlines()), err) == (1, "")
    assert out.startswith(f"{file} is written. ")
    assert out.endswith(f'--env "{file}" --check\n')
    assert file.read_text() == (ROOT / ".env.example").read_text()
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.parent.stat().st_mode & 0o777 == 0o700


def test_what_init_writes_sets_nothing_until_it_is_filled_in(set_up: SetUp, tmp_path: Path) -> None:
    phone = set_up("twilio", MY_PHONE_NUMBER=None)
    phone.statuses = ["delivered"]
    module.main(["--init"])
    assert module.main(["hello"]) == 2
    file = tmp_path / "home" / "textmyself" / ".env"
    file.write_text(file.read_text().replace("NUMBER=\n", "NUMBER=5559998888\n", 1))
    assert module.main(["hello"]) == 0
    assert [text.body for text in phone.texts] == ["hello"]


@pytest.mark.parametrize("called", ["textmyself", "textmyself.py", "-m textmyself"])
def test_init_says_the_next_command_as_this_one_was_called(
    tmp_path: Path, request: pytest.FixtureRequest, called: str
) -> None:
    if called == "textmyself":
        # As pip installs it.
        (tmp_path / called).write_text("import sys, textmyself; sys.exit(textmyself.main())")
        start, hint = [str(tmp_path / called)], "run: textmyself --env"
    elif called == "textmyself.py":
        request.applymarker(to_come)
        start, hint = [str(COPY / called)], "textmyself.py --env"
    else:
        request.applymarker(to_come)
        start, hint = called.split(), "-m textmyself --env"
    run = run_python(tmp_path, *start, "--init")
    assert (run.returncode, run.stderr) == (0, "")
    assert hint in run.stdout


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


@to_come
@pytest.mark.parametrize(
    ("named", "written"),
    [
        ("my.env", "script/my.env"),
        ("~/.config/textmyself/.env", "home/.config/textmyself/.env"),
        ("~/secrets/my.env", "home/secrets/my.env"),
    ],
)
def test_init_writes_the_file_that_textmyself_env_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, named: str, written: str
) -> None:
    monkeypatch.setenv("TEXTMYSELF_ENV", named)
    monkeypatch.delenv("XDG_CONFIG_HOME")
    assert module.main(["--init"]) == 0
    assert [str(it.relative_to(tmp_path)) for it in tmp_path.rglob("*.env")] == [str(Path(written))]


@posix_only
@pytest.mark.parametrize(
    "command", [pytest.param(["--init"], marks=to_come), ["--env", "my.env", "--init"]]
)
def test_init_where_there_is_no_home_needs_the_name_of_a_file(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    command: list[str],
) -> None:
    def unknown(_: object) -> None:
        raise KeyError

    # As `docker run --user 23456` has it.
    monkeypatch.setattr("pwd.getpwuid", unknown)
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name)
    named = "--env" in command
    assert module.main(command) == (0 if named else 2)
    assert os.listdir(tmp_path / "script") == (["my.env"] if named else [])
    assert ("--env" in capsys.readouterr().err) == (not named)


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


@to_come
@posix_only
@pytest.mark.parametrize("folder", ["", "new/folder/"])
def test_init_on_a_disk_that_is_full_leaves_nothing_and_says_so(
    tmp_path: Path, folder: str
) -> None:
    # As full as a disk can be made without root: no file may have a single byte.
    file = tmp_path / f"{folder}my.env"
    command = ["-B", "-m", "textmyself", "--env", str(file), "--init"]
    run = run_python(tmp_path, *command, shell='ulimit -f 0; exec "$@"')
    assert (run.returncode, run.stdout) == (2, "")
    assert "File too large" in run.stderr
    assert "already" not in run.stderr
    assert not file.exists()
    assert run_python(tmp_path, *command).returncode == 0


# --carriers


def test_carriers_lists_the_whole_phone_book(capsys: pytest.CaptureFixture[str]) -> None:
    assert module.main(["--carriers"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert len(out.splitlines()) == len(carriers.GATEWAYS)


@pytest.mark.parametrize(
    ("words", "name"),
    [(["Google", "Fi"], "Google Fi"), (["verizon", "prep"], "Verizon"), (["Verison"], "Verizon")],
)
def test_carriers_finds_a_name_be_it_misspelled(
    capsys: pytest.CaptureFixture[str], words: list[str], name: str
) -> None:
    assert module.main(["--carriers", *words]) == 0
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith(f"{name} (US): ")


def test_carriers_that_nobody_knows_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert module.main(["--carriers", "Banana Phone Company"]) == 2
    assert capsys.readouterr() == (
        "",
        "carriers.py knows no such carrier. Set MY_GATEWAY to an e-mail address that reaches you.\n",
    )


def test_carriers_without_the_phone_book_is_a_sentence(tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(COPY / "textmyself.py", alone)
    # What lies beside it is another one's.
    (alone / "carriers.py").write_text("raise ImportError")
    run = run_python(tmp_path, str(alone / "textmyself.py"), "--carriers", modules=alone)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("carriers.py is not beside textmyself.py")


# What goes: that --check looks up the sender, and whether git tracks the file.


def of_sender(capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert module.main(["--check"]) == 0
    lines = capsys.readouterr().out.splitlines()
    return [line for line in lines if line.startswith("Twilio: TWILIO_PHONE_NUMBER ")]


def test_check_tells_whose_the_sender_is(set_up: SetUp, capsys: pytest.CaptureFixture[str]) -> None:
    set_up("twilio")
    assert of_sender(capsys) == ["Twilio: TWILIO_PHONE_NUMBER is a number of this account."]
    set_up("twilio", TWILIO_PHONE_NUMBER="+15550002222")
    assert of_sender(capsys) == [
        "Twilio: TWILIO_PHONE_NUMBER is no number of this account: correct it."
    ]


def test_check_does_not_blame_a_sender_that_could_not_be_looked_up(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = set_up("twilio")
    account = answers(type="Full", status="active")[:2]
    phone.script = [*account, twilio_error(403, 70051, "not allowed")]
    assert of_sender(capsys) == ["Twilio: TWILIO_PHONE_NUMBER cannot be looked up."]


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
    assert of_sender(capsys) == []


@pytest.mark.skipif(not shutil.which("git"), reason="there is no git")
def test_check_warns_of_a_file_that_git_tracks(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "script" / ".env"
    file.touch(mode=0o600)
    file.write_text("MY_GATEWAY=you@example.org\n")
    os.system("git init -q .")
    assert module.main(["--check"]) == 2
    before = capfd.readouterr().out.splitlines()
    os.system("git add .env")
    assert module.main(["--check"]) == 2
    warning = f"warning: git tracks {file}. Run: git rm --cached {file}"
    assert [it for it in capfd.readouterr().out.splitlines() if it not in before] == [warning]


def test_check_needs_no_git(check: Check, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "script" / ".env"
    file.touch(mode=0o600)
    file.write_text("MY_GATEWAY=you@example.org\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert [line for line in check(status=2) if "git tracks" in line] == []
