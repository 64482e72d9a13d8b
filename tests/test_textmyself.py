"""The function itself: what it returns, logs and raises."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from phone import Phone

from textmyself import NotSentError, Receipt, textmyself

SetUp = Callable[..., Phone]


def test_a_text_goes_by_twilio_and_the_receipt_says_so(set_up: SetUp) -> None:
    phone = set_up("twilio")
    receipt = textmyself("The boring task is finished.", confirm=0)
    assert [text.body for text in phone.texts] == ["The boring task is finished."]
    assert receipt == Receipt(
        sent=True,
        route="twilio",
        status="queued",
        parts=1,
        ids=(phone.messages[0]["sid"],),
        problems=(),
    )
    assert receipt
