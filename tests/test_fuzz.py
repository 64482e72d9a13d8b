"""Whatever is set, texted or answered: only what is documented comes of it.

    uv run pytest tests/test_fuzz.py --hypothesis-profile=long

tries more than the few examples of an ordinary run.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from phone import MY_NUMBER, Answer, Phone

import textmyself as module
from textmyself import Receipt, textmyself

SetUp = Callable[..., Phone]
SECRETS = ("TWILIO_AUTH_TOKEN", "TWILIO_API_SECRET", "SMTP_PASSWORD")
# Whoever is told one of these may send the text again.
LOST = ("undelivered", "failed", "canceled")
SIDS = st.from_regex(r"SM[0-9a-f]{32}", fullmatch=True)
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
STATUSES = ["accepted", "queued", "sending", "sent", "delivered", "undelivered", "failed", "read"]
LIVES = st.tuples(st.lists(st.sampled_from(STATUSES[:4])), st.sampled_from(STATUSES))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner) | st.dictionaries(WORDS, inner),
    max_leaves=5,
)
MESSAGES = st.fixed_dictionaries(
    {"sid": SIDS | JSON, "status": st.sampled_from(STATUSES) | JSON},
    optional={"error_code": st.integers(10000, 40000) | JSON, "code": JSON, "message": JSON},
)
LISTED = st.fixed_dictionaries(
    {"sid": SIDS, "status": st.sampled_from(STATUSES) | JSON, "to": st.just(MY_NUMBER) | JSON},
    optional={"body": st.just("hello") | JSON, "date_created": WORDS},
)
BODIES = (
    st.binary()
    | MESSAGES.map(json.dumps)
    | JSON.map(json.dumps)
    | st.lists(LISTED).map(lambda messages: json.dumps({"messages": messages}))
)
HEADERS = st.dictionaries(
    st.sampled_from(["Date", "Retry-After", "Content-Type", "Content-Encoding", "Location"]),
    st.text("0123456789abc ,:GMT/", max_size=30),
)
ANSWERS = st.builds(
    Answer,
    st.sampled_from([200, 201, 204, 301, 400, 401, 404, 429, 500, 503]) | st.integers(101, 999),
    BODIES,
    HEADERS,
    create=st.booleans(),
    drop=st.booleans(),
).filter(
    # A refusal is true.
    lambda answer: not (answer.create and 300 <= answer.status < 500)
)
VERBS = st.sampled_from(["EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", ".", "QUIT", "RSET"])
REPLIES = WORDS | st.integers(100, 999).map(lambda code: f"{code} words") | st.just("")

# The phone is hung up on at every point, where ssl itself may leave a socket to be collected.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
fuzz = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE_SECONDS", 0.001)


def assert_documented(receipt: Receipt, phone: Phone, most: int = 1) -> None:
    assert receipt.sent == bool(receipt) == (receipt.route != "")
    assert receipt.route in ("twilio", "gateway", "")
    assert receipt.sent or receipt.status in ("not sent", "unknown")
    assert receipt.sent or receipt.problems
    assert receipt.parts == len(receipt.ids)
    assert not any("itself failed" in problem for problem in receipt.problems)
    doubts = sum("goes once more" in it or "arrive twice" in it for it in receipt.problems)
    assert len(phone.texts) <= most + doubts


def forget(phone: Phone) -> None:
    phone.texts.clear()
    phone.requests.clear()
    phone.messages.clear()
    phone.commands.clear()
    phone.script.clear()
    phone.smtp_replies = {}


@fuzz
@given(script=st.lists(ANSWERS, max_size=4), statuses=LIVES)
def test_whatever_twilio_answers(
    set_up: SetUp, script: list[Answer], statuses: tuple[list[str], str]
) -> None:
    phone = set_up("twilio", "gateway")
    forget(phone)
    phone.script, phone.statuses = list(script), ["queued", *statuses[0], statuses[1]]
    receipt = textmyself("hello", confirm=0.01, timeout=8)
    told_lost = any(word in str(answer.body) for word in LOST for answer in script)
    assert_documented(receipt, phone, most=1 + told_lost)


@fuzz
@given(replies=st.dictionaries(VERBS, REPLIES, max_size=3), starttls=st.booleans())
def test_whatever_the_mail_server_replies(
    set_up: SetUp, phone: Phone, replies: dict[str, str], starttls: bool
) -> None:
    tls = {"SMTP_TLS": "starttls", "SMTP_PORT": str(phone.starttls_port)} if starttls else {}
    set_up("gateway", **tls)
    forget(phone)
    phone.smtp_replies = replies
    assert_documented(textmyself("hello", timeout=8), phone)


@fuzz
@given(values=st.dictionaries(st.sampled_from(module.NAMES), WORDS, min_size=1))
def test_whatever_is_set(set_up: SetUp, values: dict[str, str]) -> None:
    values = {name: it for name, it in values.items() if not name.startswith("TEXTMYSELF_")}
    phone = set_up("twilio", "gateway")
    forget(phone)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in values.items():
            patch.setenv(name, value)
        receipt = textmyself("hello", confirm=0, timeout=8)
    assert_documented(receipt, phone)
    for name in SECRETS:
        secret = values.get(name, "").strip()
        assert len(secret) < 8 or secret in str(module.NAMES) or secret not in repr(receipt)


@fuzz
@given(
    content=st.binary()
    | st.lists(st.tuples(st.sampled_from(module.NAMES), WORDS)).map(
        lambda rows: "\n".join(f"{name}={value}" for name, value in rows).encode()
    )
)
def test_whatever_is_in_the_env_file(phone: Phone, tmp_path: Path, content: bytes) -> None:
    forget(phone)
    (tmp_path / "script" / ".env").write_bytes(content)
    receipt = textmyself("hello", confirm=0, timeout=8)
    assert receipt.status in ("not sent", "dry run")
    assert receipt.problems or receipt.status == "dry run"
    assert phone.texts == []


@fuzz
@given(
    message=st.text() | st.binary() | st.integers() | st.floats() | JSON,
    media=st.none() | st.text() | st.from_regex(r"https?://[a-z]*", fullmatch=True),
)
def test_whatever_is_texted(set_up: SetUp, message: Any, media: str | None) -> None:
    phone = set_up("twilio", "gateway")
    forget(phone)
    receipt = textmyself(message, media=media, confirm=0)
    assert_documented(receipt, phone)
    assert receipt.sent or not str(message).strip() or receipt.problems
