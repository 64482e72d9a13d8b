"""What stands around texting: --check, which texts nothing, --init and --carriers.

First what --check shows of the settings, of Twilio, of the gateway and of the file that the
settings come from, then what --init writes and where, then the phone book.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

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
)

import carriers
import textmyself as module

ROOT = Path(__file__).parents[1]
SetUp = Callable[..., Phone]
posix_only = pytest.mark.skipif(os.name != "posix", reason="Windows has no such files and modes")


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
        return lines

    return check


Check = Callable[..., list[str]]


def of_routes(lines: list[str]) -> list[str]:
    """Return what is said of the routes, without the settings."""
    return [line for line in lines if not line.startswith("  ")]


# --check: the settings


def test_check_without_time_says_so(set_up: SetUp, capsys: pytest.CaptureFixture[str]) -> None:
    set_up("gateway")
    assert module.main(["--check", "--timeout", "0"]) == 2
    assert "there was no time left for the search for settings." in capsys.readouterr().err


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
        "gateway: localhost accepts the login.",
        "gateway: Google Fi takes texts.",
        "gateway: ready.",
    ]
    assert {request.method for request in phone.requests} == {"GET"}
    assert phone.texts == []


@pytest.mark.parametrize("source", ["environment", "file"])
def test_check_says_of_a_port_in_smtp_host_where_that_is_from(
    set_up: SetUp, check: Check, tmp_path: Path, source: str
) -> None:
    port = set_up("gateway").implicit_port
    host = f"localhost:{port}"
    set_up("gateway", SMTP_HOST=host if source == "environment" else None, SMTP_PORT=None)
    file = tmp_path / "my.env"
    file.touch(mode=0o600)
    file.write_text(f"SMTP_HOST={host}\n")
    assert f"  SMTP_PORT={port} ({source})" in check("--env", str(file))


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


def test_check_shows_no_secret_that_is_short(set_up: SetUp, check: Check) -> None:
    set_up("twilio", "gateway", SMTP_PASSWORD="xyz", TWILIO_AUTH_TOKEN="12")
    lines = check(status=2)
    assert {"  SMTP_PASSWORD=*** (environment)", "  TWILIO_AUTH_TOKEN=*** (environment)"} <= {
        *lines
    }


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
    assert line.startswith("Twilio: not ready: TWILIO_AUTH_TOKEN not set. Looked in the ")
    assert phone.requests == []


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


@pytest.mark.parametrize("name", ["TWILIO_REGION", "TWILIO_EDGE"])
def test_check_says_that_a_region_in_a_file_is_not_read(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    set_up("twilio", MY_PHONE_NUMBER=None)
    (tmp_path / "script" / ".env").write_text(f"{name}=ie1\nMY_PHONE_NUMBER={MY_NUMBER}\n")
    assert module.main(["--check"]) == 0
    words = f"{name} counts in the environment only, not in a .env."
    assert words in capsys.readouterr().out.splitlines()


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
        "gateway: localhost accepts the login.",
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
        "Twilio: the API key is accepted, but may not read the state of the account.",
        "Twilio: ready.",
    ]


def test_check_is_not_ready_with_a_stopped_account_and_an_api_key(
    set_up: SetUp, check: Check
) -> None:
    phone = set_up(
        "twilio", TWILIO_AUTH_TOKEN=None, TWILIO_API_KEY=API_KEY, TWILIO_API_SECRET=API_SECRET
    )
    phone.script = answers(type="Full", status="suspended")
    [line] = of_routes(check(status=2))
    assert line.startswith("Twilio: not ready: the account is suspended. ")


def test_check_tells_a_trial_account(set_up: SetUp, check: Check) -> None:
    phone = set_up("twilio")
    phone.script = answers(type="Trial", status="active")
    assert of_routes(check()) == [
        "Twilio: the account is active, but a trial, which cannot send your own words: upgrade it.",
        "Twilio: ready.",
    ]


@pytest.mark.parametrize("status", ["suspended", "closed"])
def test_check_is_not_ready_with_an_account_that_was_stopped(
    set_up: SetUp, check: Check, status: str
) -> None:
    phone = set_up("twilio")
    phone.script = answers(type="Full", status=status)
    assert of_routes(check(status=2)) == [
        f"Twilio: not ready: the account is {status}. Look for an e-mail from Twilio, then ask "
        "Twilio's support.",
    ]


def test_check_tells_an_account_that_cannot_be_read(set_up: SetUp, check: Check) -> None:
    phone = set_up("twilio")
    phone.script = [*answers()[:1], *[Answer(503, "<html>")] * 2]
    [line] = of_routes(check(status=2))
    assert line.startswith("Twilio: not ready: Twilio answered 503")


def test_check_takes_no_web_page_for_twilio(set_up: SetUp, check: Check) -> None:
    phone = set_up("twilio")
    phone.script = [Answer(200, "<html>Log in</html>")] * 3
    [line] = of_routes(check(status=2))
    assert line.startswith("Twilio: not ready: Twilio answered 200")


def test_check_tells_a_server_that_says_nothing(set_up: SetUp, check: Check) -> None:
    phone = set_up("twilio")
    phone.script = [Answer(silent=True)] * 3
    [line] = of_routes(check("--timeout", "6", status=2))
    assert line.startswith("Twilio: not ready: ")
    assert "in time" in line


@pytest.mark.parametrize(
    "status",
    ["act\x1b[31mive", "\x9b31mactive", "active\x07\r\n\tx", "act\u202eive", "act\u2028ive"],
)
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
        '{"messages": null}',
        '{"messages": 5}',
        '{"messages": [null]}',
        '{"messages": {"a": 1}}',
        '{"messages": [[]], "status": null}',
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


@pytest.mark.parametrize("key", ["date_created", "status", "error_message"])
def test_check_shows_of_the_last_texts_no_secrets_and_no_control_characters(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], key: str
) -> None:
    phone = set_up("twilio")
    text = {"to": MY_NUMBER, "date_created": "Thu", "status": "failed"}
    text[key] = f"{text.get(key, '')}\x1b]0;x\x07 {AUTH_TOKEN} {MY_NUMBER}"
    phone.script = answers(messages=[text], type="Full", status="active")
    assert module.main(["--check"]) == 0
    shown = capsys.readouterr().out
    assert "the text of Thu" in shown
    assert [letter for letter in shown if not letter.isprintable() and letter != "\n"] == []
    assert AUTH_TOKEN not in shown
    assert MY_NUMBER[2:] not in shown


# --check: the gateway


def test_check_tells_a_log_in_that_the_mail_server_refuses(set_up: SetUp, check: Check) -> None:
    phone = set_up("gateway", SMTP_PASSWORD="wrong")
    [line] = of_routes(check(status=2))
    assert line.startswith("gateway: not ready: localhost does not take this user name ")
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
    assert line.startswith("gateway: not ready: AT&T closed its gateway on 2025-06-17 ")
    assert phone.commands == []


def test_check_tells_an_address_at_a_gateway_that_is_closed(set_up: SetUp, check: Check) -> None:
    set_up("gateway", MY_GATEWAY="5559998888@txt.att.net")
    log_in, closed = of_routes(check(status=2))
    assert log_in == "gateway: localhost accepts the login."
    assert closed.startswith("gateway: not ready: txt.att.net was a gateway of AT&T and FirstNet, ")
    assert closed.endswith(" Set MY_GATEWAY to another address.")


def test_check_tells_an_address_of_ntfy_that_ntfy_does_not_take(
    set_up: SetUp, check: Check
) -> None:
    set_up("gateway", MY_GATEWAY="mytopic0123456789@ntfy.sh")
    assert of_routes(check(status=2))[-1] == (
        "gateway: not ready: ntfy takes no such address. Set MY_GATEWAY to ntfy-mytopic@ntfy.sh."
    )


@pytest.mark.parametrize(
    "gateway",
    [
        {"MY_CARRIER": "Verizon"},
        {"MY_CARRIER": "vzw"},
        {"MY_CARRIER": "Visible"},
        {"MY_CARRIER": "US Mobile"},
        {"MY_GATEWAY": "5559998888@vtext.com"},
        {"MY_GATEWAY": "5559998888@VZWPIX.com"},
    ],
    ids=lambda it: next(iter(it.values())),
)
def test_check_tells_a_gateway_that_will_close_and_when(
    set_up: SetUp, check: Check, gateway: dict[str, str]
) -> None:
    set_up("gateway", **gateway)
    last_day = carriers.find_gateway("Verizon", date(2023, 1, 1)).last_day
    *_, closes, ready = of_routes(check())
    assert closes == f"gateway: this gateway closes by about {last_day}."
    assert ready == "gateway: ready."


@pytest.mark.parametrize("address", ["you@example.com", "5559998888@tmomail.net"])
def test_check_says_nothing_of_a_gateway_that_stays_or_is_not_known(
    set_up: SetUp, check: Check, address: str
) -> None:
    set_up("gateway", MY_GATEWAY=address)
    assert of_routes(check()) == ["gateway: localhost accepts the login.", "gateway: ready."]


# --check: relays and push services


@pytest.fixture
def lead_to_the_phone(monkeypatch: pytest.MonkeyPatch, phone: Phone) -> Callable[[str, int], None]:
    """Let the look-up of a mail server lead to the phone, whose certificate may have another name."""
    look_up = socket.getaddrinfo

    def lead(server: str, port: int) -> None:
        def getaddrinfo(host: Any, wanted: Any, *rest: Any, **options: Any) -> Any:
            if (host, wanted) == (server, port):
                host = "127.0.0.1"
                wanted = phone.implicit_port if port == 465 else phone.starttls_port
            return look_up(host, wanted, *rest, **options)

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    return lead


def test_check_tells_the_trap_of_a_mail_server_that_the_phone_book_knows(
    set_up: SetUp, check: Check, lead_to_the_phone: Callable[[str, int], None]
) -> None:
    relay = carriers.find_relay("smtp.gmail.com")
    assert relay
    set_up("gateway", SMTP_HOST="smtp.gmail.com", SMTP_PORT=None, SMTP_TLS=None)
    lead_to_the_phone("smtp.gmail.com", relay.port)
    assert of_routes(check()) == [
        f"gateway: {relay.trap}",
        "gateway: smtp.gmail.com accepts the login.",
        "gateway: Google Fi takes texts.",
        "gateway: ready.",
    ]


@pytest.mark.parametrize("row", carriers.RELAYS, ids=lambda row: row.name)
def test_a_relay_s_usual_port_and_tls_are_known(
    set_up: SetUp,
    check: Check,
    lead_to_the_phone: Callable[[str, int], None],
    phone: Phone,
    row: carriers.Relay,
) -> None:
    host = row.hosts.split()[0].replace("*", "us-east-1")
    user = {"SMTP_USER": row.user, "SMTP_FROM": "you@example.com"} if row.user else {}
    set_up("gateway", SMTP_HOST=host, SMTP_PORT=None, SMTP_TLS=None, **user)
    phone.show_certificate("right", "misnamed")
    # Any other port is not looked up, as that would leave this machine.
    lead_to_the_phone(host, row.port)
    words = "\n".join(of_routes(check(status=2)))
    assert f"{host}:{row.port} shows a certificate for another name" in words


@pytest.mark.parametrize(
    "row", [row for row in carriers.RELAYS if row.user], ids=lambda row: row.name
)
def test_check_tells_the_user_name_that_a_relay_wants(
    set_up: SetUp, check: Check, phone: Phone, row: carriers.Relay
) -> None:
    set_up("gateway", SMTP_HOST=row.hosts.split()[0])
    [line] = of_routes(check(status=2))
    assert line == (f"gateway: not ready: {row.name} wants SMTP_USER={row.user}. {row.trap}")
    assert phone.commands == []


def test_check_tells_the_trap_of_a_relay_also_where_the_log_in_is_refused(
    set_up: SetUp, check: Check, lead_to_the_phone: Callable[[str, int], None]
) -> None:
    relay = carriers.find_relay("smtp.gmail.com")
    assert relay
    set_up("gateway", SMTP_HOST="smtp.gmail.com", SMTP_PORT=None, SMTP_PASSWORD="wrong")
    lead_to_the_phone("smtp.gmail.com", relay.port)
    words = "\n".join(of_routes(check(status=2)))
    assert "gateway: not ready: smtp.gmail.com does not take this user name" in words
    assert relay.trap in words


@pytest.mark.parametrize(
    ("address", "is_guessable"),
    [
        ("ntfy-backup@ntfy.sh", True),
        ("ntfy-my-texts@ntfy.sh", True),
        ("ntfy-johnsmithbackupserver@NTFY.sh", True),
        ("ntfy-0123456789abcdef01234567@ntfy.sh", False),
        ("ntfy-backup+tk_0123456789abcdef@ntfy.sh", False),
        ("abcdefghij@pomail.net", False),
    ],
)
def test_check_tells_of_a_push_service_and_of_a_topic_that_can_be_guessed(
    set_up: SetUp, check: Check, address: str, is_guessable: bool
) -> None:
    set_up("gateway", MY_GATEWAY=address)
    push = carriers.find_push(address)
    assert push
    lines = of_routes(check())
    guessable = ["gateway: this topic is easy to guess. Take a long and random one."]
    assert lines == [
        "gateway: localhost accepts the login.",
        f"gateway: {push.note}",
        *(guessable if is_guessable else []),
        "gateway: ready.",
    ]


def test_check_shows_no_token_of_a_protected_topic(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("gateway", MY_GATEWAY="ntfy-backup+tk_0123456789abcdef@ntfy.sh")
    assert module.main(["--check"]) == 0
    shown = capsys.readouterr().out
    assert "MY_GATEWAY=ntfy-backup+***@ntfy.sh" in shown
    assert "0123456789abcdef" not in shown


def test_check_shows_no_password_of_a_mail_server_s_address(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("gateway", SMTP_HOST="smtps://you%40gmail.com:hush@localhost:465")
    module.main(["--check"])
    assert "hush" not in capsys.readouterr().out


def test_check_tells_a_carrier_of_which_little_is_known(set_up: SetUp, check: Check) -> None:
    set_up("gateway", MY_CARRIER="Kajeet")
    assert of_routes(check()) == [
        "gateway: localhost accepts the login.",
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
    assert of_routes(check()) == [
        "gateway: localhost accepts mail without a login.",
        "gateway: ready.",
    ]


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


def with_the_topic_of_the_example(written: str) -> str:
    """Return what --init wrote with the ntfy topic that stands in .env.example."""
    return re.sub(r"ntfy-[0-9a-f]{24}@", "ntfy-mytopic@", written)


def test_init_offers_a_topic_that_nobody_can_guess(tmp_path: Path) -> None:
    offered = []
    for name in ("one.env", "two.env"):
        module.main(["--env", name, "--init"])
        [address] = re.findall(r"ntfy-\S+@ntfy\.sh", (tmp_path / "script" / name).read_text())
        assert not carriers.is_guessable_topic(address)
        offered.append(address)
    assert offered[0] != offered[1]


def test_init_writes_the_commented_settings_for_nobody_else_to_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "home" / "textmyself" / ".env"
    assert module.main(["--init"]) == 0
    out, err = capsys.readouterr()
    assert (len(out.splitlines()), err) == (1, "")
    assert out.startswith(f"{file} is written. ")
    assert out.endswith(f"--env {file} --check\n")
    assert with_the_topic_of_the_example(file.read_text()) == (ROOT / ".env.example").read_text()
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
def test_init_says_the_next_command_as_this_one_was_called(tmp_path: Path, called: str) -> None:
    if called == "textmyself":
        # As pip installs it.
        (tmp_path / called).write_text("import sys, textmyself; sys.exit(textmyself.main())")
        start, hint = [str(tmp_path / called)], "run: textmyself --env"
    elif called == "textmyself.py":
        start, hint = [str(COPY / called)], "textmyself.py --env"
    else:
        start, hint = called.split(), "-m textmyself --env"
    run = run_python(tmp_path, *start, "--init")
    assert (run.returncode, run.stderr) == (0, "")
    assert hint in run.stdout


@posix_only
@pytest.mark.parametrize(
    ("called", "folder"),
    [
        ("textmyself.py", "."),
        ("textMyself.py", "."),
        ("./textmyself.py", "."),
        ("../lib/textmyself.py", "lib"),
        ("a b/textmyself.py", "a b"),
        ("it's $HOME/textmyself.py", "it's $HOME"),
    ],
)
def test_what_init_says_can_be_typed_as_it_is(tmp_path: Path, called: str, folder: str) -> None:
    start = tmp_path / "lib"
    start.mkdir()
    copy = start / called
    copy.parent.mkdir(exist_ok=True)
    shutil.copy(COPY / "textmyself.py", copy)
    file = start / "it's my.env"
    run = run_python(start, called, "--env", str(file), "--init")
    assert (run.returncode, run.stderr) == (0, "")
    command = run.stdout.partition("then run: ")[2].rstrip("\n")
    assert command.startswith("python ")
    file.write_text("MY_GATEWAY=you@example.com\n")
    # With this Python for any.
    typed = command.replace("python", '"$1"', 1)
    check = run_python(start, shell=f"cd {shlex.quote(str(start))}; {typed}")
    assert check.stderr == ""
    assert "MY_GATEWAY=you@example.com (file)" in check.stdout


@pytest.mark.parametrize("config", ["~/.config", "relative", ""])
def test_init_makes_no_folder_that_is_called_as_a_home_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, config: str
) -> None:
    # As systemd and docker have it, which expand nothing.
    monkeypatch.setenv("XDG_CONFIG_HOME", config)
    assert module.main(["--init"]) == 0
    assert os.listdir(tmp_path / "script") == []
    assert (tmp_path / "home" / ".config" / "textmyself" / ".env").is_file()


def test_init_wants_a_file_in_a_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert module.main(["--env", str(tmp_path), "--init"]) == 2
    assert capsys.readouterr() == ("", f"{tmp_path} is a folder. Name a file in it.\n")


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
    assert with_the_topic_of_the_example(file.read_text()) == (ROOT / ".env.example").read_text()


@pytest.mark.parametrize(
    ("named", "written"),
    [
        ("my.env", "script/my.env"),
        ("'my.env'", "script/my.env"),
        ("./new/folder/my.env", "script/new/folder/my.env"),
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
@pytest.mark.parametrize("home", [None, ""])
@pytest.mark.parametrize("command", [["--init"], ["--env", "my.env", "--init"]])
def test_init_where_there_is_no_home_needs_the_name_of_a_file(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    command: list[str],
    home: str | None,
) -> None:
    def unknown(_: object) -> None:
        raise KeyError

    # As `docker run --user 23456` has it.
    monkeypatch.setattr("pwd.getpwuid", unknown)
    monkeypatch.delenv("XDG_CONFIG_HOME")
    if home is None:
        monkeypatch.delenv("HOME")
    else:
        monkeypatch.setenv("HOME", home)
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


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /dev/full")
def test_init_leaves_nothing_of_a_file_that_could_not_be_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    open_file = os.open

    def open_on_a_full_disk(path: Any, flags: int, *rest: Any, **options: Any) -> int:
        descriptor = open_file(path, flags, *rest, **options)
        if not flags & os.O_EXCL:
            return descriptor
        os.close(descriptor)
        return open_file("/dev/full", os.O_WRONLY)

    monkeypatch.setattr(os, "open", open_on_a_full_disk)
    file = tmp_path / "my.env"
    assert module.main(["--env", str(file), "--init"]) == 2
    why = f"{file} cannot be written: No space left on device.\n"
    assert capsys.readouterr() == ("", why)
    assert not file.exists()


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
    first, *details = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{name} (US): ")
    # All about the one that was meant, and no line for another one.
    assert [line for line in details if not line.startswith("  ")] == []
    assert any("looked up on" in line for line in details)


@pytest.mark.parametrize("status", ["open", "Closing", "closed", "UNVERIFIED"])
def test_carriers_with_a_status_lists_those_in_it(
    capsys: pytest.CaptureFixture[str], status: str
) -> None:
    assert module.main(["--carriers", status]) == 0
    today = date.today()
    rows = [row for row in carriers.GATEWAYS if row.best_status(today) == status.lower()]
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(rows) > 0
    assert [line for line in lines if status.lower() not in line] == []


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
    assert run.stderr.startswith(f"{alone / 'carriers.py'} is not the carriers.py of textmyself.")
