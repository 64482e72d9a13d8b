"""The hourly cap: it counts what went, over processes, and never stops a text by failing."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from conftest import MODULES, environment, guard
from phone import Phone

import textmyself as module
from textmyself import textmyself

SetUp = Callable[..., Phone]


def state(tmp_path: Path) -> Path:
    return tmp_path / "home" / "textmyself" / "texts.sqlite3"


def count(tmp_path: Path) -> int:
    database = sqlite3.connect(state(tmp_path))
    try:
        return int(database.execute("SELECT count(*) FROM texts").fetchone()[0])
    finally:
        database.close()


def an_hour_after_the_first(tmp_path: Path) -> str:
    database = sqlite3.connect(state(tmp_path))
    try:
        [first] = database.execute("SELECT min(at) FROM texts").fetchone()
    finally:
        database.close()
    return time.strftime("%H:%M", time.localtime(first + 3600))


def test_the_text_that_reaches_the_cap_says_when_the_next_can_go(
    set_up: SetUp, tmp_path: Path
) -> None:
    phone = set_up("twilio", TEXTMYSELF_MAX_PER_HOUR="2")
    for _ in range(3):
        receipt = textmyself("hello", confirm=0)
    when = an_hour_after_the_first(tmp_path)
    note = f"[text 2 of 2 in an hour: the next can go at {when}]"
    assert [text.body for text in phone.texts] == ["hello", f"hello\n{note}"]
    assert receipt.problems == (
        f"2 texts went in the last hour, which is the most; the next can go at {when}. "
        "Look for a loop in your script, or set TEXTMYSELF_MAX_PER_HOUR.",
    )


def test_thirty_texts_an_hour_go_unless_it_is_set(set_up: SetUp, tmp_path: Path) -> None:
    phone = set_up("twilio")
    textmyself("hello", confirm=0)
    database = sqlite3.connect(state(tmp_path))
    database.executemany("INSERT INTO texts VALUES (?)", [(time.time(),)] * 28)
    database.commit()
    database.close()
    assert textmyself("the thirtieth", confirm=0).sent
    assert not textmyself("one more", confirm=0).sent
    assert [text.body[:13] for text in phone.texts] == ["hello", "the thirtieth"]


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
def test_nobody_else_can_read_when_texts_went(set_up: SetUp, tmp_path: Path) -> None:
    set_up("twilio")
    textmyself("hello", confirm=0)
    assert state(tmp_path).parent.stat().st_mode & 0o077 == 0


def test_no_cap_counts_nothing(set_up: SetUp, tmp_path: Path) -> None:
    set_up("twilio", TEXTMYSELF_MAX_PER_HOUR="0")
    assert textmyself("hello", confirm=0).sent
    set_up("twilio", TEXTMYSELF_MAX_PER_HOUR="0", TWILIO_AUTH_TOKEN="wrong")
    assert not textmyself("hello")
    assert not state(tmp_path).exists()


def test_a_text_that_did_not_go_is_not_counted(set_up: SetUp, tmp_path: Path) -> None:
    set_up("twilio", TWILIO_AUTH_TOKEN="wrong")
    assert not textmyself("hello")
    assert count(tmp_path) == 0


def test_a_text_that_did_not_go_leaves_the_others_counted(set_up: SetUp, tmp_path: Path) -> None:
    set_up("twilio")
    textmyself("hello", confirm=0)
    set_up("twilio", TWILIO_AUTH_TOKEN="wrong")
    textmyself("hello", confirm=0)
    assert count(tmp_path) == 1


@pytest.mark.parametrize("most", ["many", "-1", "9" * 5000])
def test_a_cap_that_is_no_number_is_said_and_thirty_counts(set_up: SetUp, most: str) -> None:
    phone = set_up("twilio", TEXTMYSELF_MAX_PER_HOUR=most)
    receipt = textmyself("hello", confirm=0)
    assert len(phone.texts) == 1
    assert receipt.problems == (
        "settings: TEXTMYSELF_MAX_PER_HOUR should be a number of texts if it is not 30, for the "
        "day a script is caught in a loop; 0 is no limit.",
    )


@pytest.mark.parametrize("age", [3601, -3600 * 24 * 365])
def test_texts_of_another_hour_or_of_a_clock_set_back_are_forgotten(
    set_up: SetUp, tmp_path: Path, age: float
) -> None:
    set_up("twilio", TEXTMYSELF_MAX_PER_HOUR="1")
    textmyself("hello", confirm=0)
    database = sqlite3.connect(state(tmp_path))
    database.execute("UPDATE texts SET at = at - ?", (age,))
    database.commit()
    database.close()
    assert textmyself("hello again", confirm=0).sent
    assert count(tmp_path) == 1


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + bytes(10_000)])
def test_a_broken_state_file_stops_no_text(set_up: SetUp, tmp_path: Path, content: bytes) -> None:
    set_up("twilio", TEXTMYSELF_MAX_PER_HOUR="1")
    state(tmp_path).parent.mkdir(parents=True)
    state(tmp_path).write_bytes(content)
    assert textmyself("hello", confirm=0).problems == ()


def test_a_state_of_other_things_than_times_stops_no_text(set_up: SetUp, tmp_path: Path) -> None:
    set_up("twilio")
    state(tmp_path).parent.mkdir(parents=True)
    with closing(sqlite3.connect(state(tmp_path))) as database, database:
        database.execute("CREATE TABLE texts (at TEXT)")
        database.execute("INSERT INTO texts VALUES (?)", (f"{time.time()} or so",))
    assert textmyself("hello", confirm=0).problems == ()


def test_a_huge_state_file_stops_no_text(set_up: SetUp, tmp_path: Path) -> None:
    set_up("twilio", TEXTMYSELF_MAX_PER_HOUR="1")
    state(tmp_path).parent.mkdir(parents=True)
    state(tmp_path).touch()
    os.truncate(state(tmp_path), 1 << 30)
    assert textmyself("hello", confirm=0).problems == ()


def test_a_state_of_very_many_texts_stops_no_text(set_up: SetUp, tmp_path: Path) -> None:
    set_up("twilio")
    textmyself("hello", confirm=0)
    database = sqlite3.connect(state(tmp_path))
    database.executemany("INSERT INTO texts VALUES (?)", [(at,) for at in range(200_000)])
    database.commit()
    database.close()
    assert textmyself("hello", confirm=0).problems == ()
    assert count(tmp_path) == 2


def test_a_state_that_cannot_be_written_stops_no_text(set_up: SetUp, tmp_path: Path) -> None:
    set_up("twilio", TEXTMYSELF_MAX_PER_HOUR="1")
    (tmp_path / "home").write_text("a file where the folder should be")
    assert textmyself("hello", confirm=0).problems == ()
    assert textmyself("hello", confirm=0).problems == ()


def test_a_locked_state_stops_no_text(
    set_up: SetUp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STATE_SECONDS", 0.2)
    set_up("twilio", TEXTMYSELF_MAX_PER_HOUR="1")
    textmyself("hello", confirm=0)
    database = sqlite3.connect(state(tmp_path), isolation_level=None)
    database.execute("BEGIN EXCLUSIVE")
    assert textmyself("hello again", confirm=0).problems == ()
    database.close()


def test_processes_that_race_share_one_cap(phone: Phone, tmp_path: Path) -> None:
    settings = {**phone.settings("twilio"), "TEXTMYSELF_MAX_PER_HOUR": "10"}
    code = "from textmyself import textmyself; textmyself('hello', confirm=0)"
    path = os.pathsep.join([str(MODULES), guard(tmp_path)])
    variables = {**environment(tmp_path), "PYTHONPATH": path, **settings}
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code], env=variables, cwd=tmp_path, stderr=subprocess.DEVNULL
        )
        for _ in range(20)
    ]
    for run in runs:
        assert run.wait() == 0
    assert len(phone.texts) == 10
    assert sum("text 10 of 10 in an hour" in text.body for text in phone.texts) == 1


def test_a_text_that_was_taken_counts_even_when_it_was_not_delivered(
    set_up: SetUp, tmp_path: Path
) -> None:
    phone = set_up("twilio")
    phone.statuses = ["failed"]
    assert not textmyself("hello")
    assert count(tmp_path) == 1


def test_a_text_that_may_have_gone_counts(set_up: SetUp, tmp_path: Path) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {".": ""}
    assert textmyself("hello").status == "unknown"
    assert count(tmp_path) == 1


def test_without_a_home_nothing_is_counted_and_nothing_written(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    set_up("twilio")
    for name in ("XDG_STATE_HOME", "HOME", "USERPROFILE"):
        monkeypatch.delenv(name)
    monkeypatch.setattr("os.path.expanduser", str)  # as for a user that the system does not know
    assert textmyself("hello", confirm=0).sent
    assert [path.name for path in (tmp_path / "script").iterdir()] == []


def test_where_more_went_than_the_cap_the_next_waits_for_them_all(
    set_up: SetUp, tmp_path: Path
) -> None:
    set_up("twilio", TEXTMYSELF_MAX_PER_HOUR="2")
    textmyself("hello", confirm=0)
    now = time.time()
    database = sqlite3.connect(state(tmp_path))
    ages = [(now - age,) for age in (3500, 600, 500)]
    database.executemany("INSERT INTO texts VALUES (?)", ages)
    database.commit()
    database.close()
    [problem] = textmyself("hello", confirm=0).problems
    when = time.strftime("%H:%M", time.localtime(now - 500 + 3600))
    assert f"the next can go at {when}." in problem
