"""The function itself: what it returns, logs and raises, what it takes, and which route it takes.

In this order: the receipt, the routes, the log, `strict`; messages and seconds of all kinds; the
pictures; a dry run; faults of our own and of the program around; the file alone in a folder.
"""

from __future__ import annotations

import inspect
import json
import logging
import os
import pickle
import re
import sys
import threading
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from conftest import MODULES, run_python
from phone import SMTP_USER, Answer, Phone

import textmyself as module
from textmyself import NotSentError, Receipt, textmyself

SetUp = Callable[..., Phone]
PNG = b"\x89PNG\r\n\x1a\n"


def test_a_text_goes_by_twilio_and_the_receipt_says_so(set_up: SetUp) -> None:
    phone = set_up("twilio")
    receipt = textmyself("The boring task is finished.", confirm=0)
    assert [text.body for text in phone.texts] == ["The boring task is finished."]
    assert receipt
    assert (receipt.sent, receipt.route, receipt.status) == (True, "twilio", "queued")
    assert (receipt.parts, receipt.ids) == (1, (phone.messages[0]["sid"],))
    assert receipt.problems == ()


@pytest.mark.parametrize("count", [None, "many", "-1", "1.5", "", [], {}])
def test_a_count_of_segments_that_is_none_changes_nothing(set_up: SetUp, count: object) -> None:
    phone = set_up("twilio")
    made = {"sid": "SM1", "status": "queued", "num_segments": count}
    phone.script = [Answer(201, json.dumps(made))]
    receipt = textmyself("hello", confirm=0)
    assert (receipt.sent, receipt.ids, receipt.segments) == (True, ("SM1",), 0)
    assert receipt.problems == ()


@pytest.mark.parametrize(("message", "segments"), [("hello", 1), ("word " * 40 + "end", 2)])
def test_the_receipt_has_twilios_own_count_of_segments(
    set_up: SetUp, message: str, segments: int
) -> None:
    set_up("twilio")
    assert textmyself(message, confirm=0).segments == segments


def test_the_receipt_has_no_count_of_segments_where_nobody_told_one(set_up: SetUp) -> None:
    set_up("gateway")
    assert textmyself("hello").segments == 0


def test_a_receipt_pickles_and_shows_all_that_it_holds(set_up: SetUp) -> None:
    set_up("gateway")
    receipt = textmyself("hello")
    assert pickle.loads(pickle.dumps(receipt)) == receipt
    shown = repr(receipt)
    assert shown.startswith("Receipt(sent=True, route='gateway', status='accepted', parts=1, ")
    assert f"ids={receipt.ids!r}, " in shown
    assert shown.endswith(", problems=())")


def test_a_receipt_is_shown_in_ascii_whatever_its_sentences_are_about(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    set_up("gateway")
    monkeypatch.setenv("TEXTMYSELF_ENV", str(tmp_path / "Straße 道.env"))
    receipt = textmyself("hello")
    assert "Straße 道.env was not used" in receipt.problems[0]
    assert repr(receipt).isascii()
    assert "Stra\\xdfe \\u9053.env was not used" in repr(receipt)
    assert f"{receipt}" == str(receipt) == repr(receipt)


def test_a_receipt_that_nobody_filled_in_says_that_nothing_was_sent() -> None:
    receipt = Receipt()
    assert not receipt
    assert repr(receipt) == (
        "Receipt(sent=False, route='', status='not sent', parts=0, ids=(), segments=0, problems=())"
    )
    assert receipt == Receipt()
    assert receipt != Receipt(sent=True)
    assert receipt != "not sent"


def test_twilio_is_tried_first_when_both_are_set_up(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway")
    assert textmyself("hello", confirm=0).route == "twilio"
    assert [text.route for text in phone.texts] == ["twilio"]


def test_without_twilio_a_text_goes_by_the_gateway(
    set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("gateway")
    caplog.set_level(logging.INFO, "textmyself")
    receipt = textmyself("The boring task is finished.")
    [text] = phone.texts
    assert (text.to, text.sender) == ("5559998888@msg.fi.google.com", SMTP_USER)
    assert text.body == "The boring task is finished."
    assert receipt.ids[0].encode() in text.raw
    assert (receipt.route, receipt.status, receipt.problems) == ("gateway", "accepted", ())
    assert [(record.levelname, record.message) for record in caplog.records] == [
        ("INFO", "sent by gateway, accepted: 'The boring task is finished.'")
    ]


def test_a_route_that_failed_before_the_other_is_told_and_logged(
    set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("twilio", "gateway", TWILIO_AUTH_TOKEN="wrong")
    words = "x" * 300
    receipt = textmyself(words)
    assert [text.route for text in phone.texts] == ["gateway"]
    [problem] = receipt.problems
    assert problem.startswith("Twilio: ")
    assert "(20003)" in problem
    assert [(record.levelname, record.message) for record in caplog.records] == [
        ("WARNING", f"sent by gateway, accepted: {words!r}\n  {problem}")
    ]


def test_a_text_that_no_route_sends_is_logged_whole_and_the_receipt_is_false(
    set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("twilio", "gateway", TWILIO_AUTH_TOKEN="wrong")
    phone.smtp_replies = {"RCPT": "550 5.1.1 nobody here"}
    words = "hello " * 500
    receipt = textmyself(words)
    assert not receipt
    assert (receipt.sent, receipt.route, receipt.status) == (False, "", "not sent")
    assert (receipt.parts, receipt.ids) == (0, ())
    twilio, gateway = [problem for problem in receipt.problems if "left out" not in problem]
    assert twilio.startswith("Twilio: ")
    assert gateway.startswith("gateway: localhost ")
    [record] = caplog.records
    assert record.levelname == "ERROR"
    lines = [f"not sent: {words.strip()!r}", *receipt.problems]
    assert record.message == "\n  ".join(lines)


def test_strict_raises_with_the_words_and_the_receipt(set_up: SetUp) -> None:
    set_up("twilio", TWILIO_AUTH_TOKEN="wrong")
    with pytest.raises(NotSentError) as caught:
        textmyself("hello", strict=True)
    receipt = caught.value.receipt
    assert receipt is not None
    [problem] = receipt.problems
    assert "(20003)" in problem
    assert str(caught.value) == f"not sent\n  {problem}"
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.receipt) == (str(caught.value), receipt)


def test_strict_does_not_raise_when_the_text_went(set_up: SetUp) -> None:
    set_up("twilio")
    assert textmyself("hello", confirm=0, strict=True).sent


@pytest.mark.parametrize(
    ("message", "body"),
    [
        (None, "None"),
        (42, "42"),
        (0.1, "0.1"),
        (ValueError("disk full"), "disk full"),
        (b"\xff", r"b'\xff'"),
        ("🇺🇸 👩‍👩‍👧 שלום", "🇺🇸 👩‍👩‍👧 שלום"),
        (".\n.dot\n..", ".\n.dot\n.."),
        (
            "> NOTIFY=NEVER <\nBcc: you@example.com\n\nhello",
            "> NOTIFY=NEVER <\nBcc: you@example.com\n\nhello",
        ),
        pytest.param(*["".join(map(chr, range(0x21, 0x7F)))] * 2, id="the keyboard"),
    ],
)
@pytest.mark.parametrize("route", ["twilio", "gateway"])
def test_whatever_is_texted_arrives_as_its_str(
    set_up: SetUp, route: str, message: object, body: str
) -> None:
    phone = set_up(route)
    assert textmyself(message, confirm=0)
    assert [(text.route, text.body) for text in phone.texts] == [(route, body)]


class Unspeakable:
    def __str__(self) -> str:
        raise RuntimeError("no words")

    __repr__ = __float__ = __fspath__ = __index__ = __str__


def test_a_message_that_cannot_be_made_a_text_is_said() -> None:
    receipt = textmyself(Unspeakable())
    assert receipt.problems == ("str() of the message raises RuntimeError.",)


NO_SECONDS = [None, "soon", 10**400, 1j, [5], Decimal("sNaN"), object(), Unspeakable()]


@pytest.mark.parametrize("seconds", NO_SECONDS, ids=lambda it: type(it).__name__)
@pytest.mark.parametrize(("name", "default"), [("confirm", "5"), ("timeout", "60")])
def test_seconds_that_are_no_number_are_said_and_the_usual_ones_are_taken(
    set_up: SetUp, name: str, default: str, seconds: object
) -> None:
    phone = set_up("gateway")
    receipt = textmyself("hello", **{name: seconds})  # type: ignore[arg-type]
    assert receipt.sent
    assert receipt.problems == (f"{name}: it is not a number of seconds, so {default} is used.",)
    assert [text.body for text in phone.texts] == ["hello"]


def test_a_wait_that_is_no_number_is_the_usual_one(set_up: SetUp) -> None:
    phone = set_up("twilio")
    phone.statuses = ["queued", "delivered"]
    assert textmyself("hello", confirm=None).status == "delivered"  # type: ignore[arg-type]
    assert phone.methods == ["POST", "GET"]


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), 1e-9])
def test_no_time_sends_nothing_and_loses_nothing(
    set_up: SetUp, caplog: pytest.LogCaptureFixture, timeout: float
) -> None:
    phone = set_up("twilio", "gateway")
    receipt = textmyself("my result", timeout=timeout)
    assert (receipt.sent, receipt.status) == (False, "not sent")
    assert "there was no time left for " in receipt.problems[-1]
    assert receipt.problems[-1].endswith(". Try a longer timeout.")
    assert caplog.records[0].message.startswith("not sent: 'my result'\n")
    assert (phone.requests, phone.texts) == ([], [])


@pytest.mark.parametrize("timeout", [float("inf"), 1e300])
def test_all_the_time_in_the_world_is_fine(set_up: SetUp, timeout: float) -> None:
    set_up("gateway")
    assert textmyself("hello", timeout=timeout, confirm=timeout).sent


def test_times_may_be_numbers_of_any_kind(set_up: SetUp) -> None:
    phone = set_up("twilio")
    phone.statuses = ["queued", "delivered"]
    assert textmyself("hello", confirm=Decimal(5), timeout=Fraction(60)).status == "delivered"  # type: ignore[arg-type]
    assert len(phone.texts) == 1


def test_a_picture_in_a_file_goes_by_the_gateway_first(set_up: SetUp, tmp_path: Path) -> None:
    phone = set_up("twilio", "gateway")
    (tmp_path / "plot.png").write_bytes(PNG)
    receipt = textmyself("the plot", media=tmp_path / "plot.png")
    [text] = phone.texts
    assert (text.route, text.body, text.picture) == ("gateway", "the plot", PNG)
    assert receipt.problems == ()


def test_a_picture_in_a_file_is_left_out_by_twilio(set_up: SetUp, tmp_path: Path) -> None:
    phone = set_up("twilio")
    (tmp_path / "plot.png").write_bytes(PNG)
    receipt = textmyself("the plot", media=tmp_path / "plot.png", confirm=0)
    [text] = phone.texts
    assert (text.body, text.picture) == ("the plot", b"")
    assert receipt.problems == ("picture: left out: Twilio takes no file from this machine.",)


def test_a_picture_in_the_web_goes_by_twilio(set_up: SetUp) -> None:
    phone = set_up("twilio")
    assert textmyself("a cat", media="https://example.com/cat.jpg", confirm=0).problems == ()
    assert phone.texts[0].picture == "https://example.com/cat.jpg"


def test_a_picture_in_the_web_needs_no_words(set_up: SetUp) -> None:
    phone = set_up("twilio")
    assert textmyself("", media="https://example.com/cat.jpg", confirm=0)
    assert phone.requests[0].form.get("Body") is None


def test_a_picture_in_the_web_is_left_out_by_the_gateway(set_up: SetUp) -> None:
    phone = set_up("gateway")
    receipt = textmyself("a cat", media="http://example.com/cat.jpg")
    assert phone.texts[0].body == "a cat"
    assert receipt.problems == ("picture: left out: a picture from the web goes by Twilio only.",)


def test_a_picture_that_cannot_go_and_no_words_is_not_sent(set_up: SetUp) -> None:
    phone = set_up("gateway")
    receipt = textmyself("", media="http://example.com/cat.jpg")
    assert phone.texts == []
    assert receipt.problems == (
        "gateway: the picture cannot go: a picture from the web goes by Twilio only; and there "
        "is no text.",
    )


def test_a_carrier_without_an_mms_gateway_gets_the_words_alone(
    set_up: SetUp, tmp_path: Path
) -> None:
    phone = set_up("gateway", MY_CARRIER="Koodo")
    (tmp_path / "plot.png").write_bytes(PNG)
    receipt = textmyself("the plot", media=tmp_path / "plot.png")
    assert (phone.texts[0].to, phone.texts[0].picture) == ("5559998888@msg.koodomobile.com", b"")
    picture, gateway = receipt.problems
    assert picture == "picture: left out: this gateway takes no pictures."
    assert gateway.startswith("gateway: nobody has shown lately that Koodo's SMS gateway delivers ")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("plot.png", bytes(1_000_001), "its file is not a picture of up to 1,000,000 bytes"),
        ("plot.png", b"", "its file is not a picture of up to 1,000,000 bytes"),
        ("plot.txt", b"1 2 3", "its file is not a picture of up to 1,000,000 bytes"),
        ("+15559998888.png", None, "there is no such file"),
        ("null\0.png", None, "there is no such file"),
    ],
)
def test_a_picture_that_cannot_be_sent_is_left_out_and_said(
    set_up: SetUp, tmp_path: Path, name: str, content: bytes | None, why: str
) -> None:
    phone = set_up("twilio", "gateway")
    path = str(tmp_path / name)
    if content is not None:
        Path(path).write_bytes(content)
    receipt = textmyself("the plot", media=path, confirm=0)
    assert [text.route for text in phone.texts] == ["twilio"]
    assert receipt.problems == (f"picture: left out: {why}.",)


def test_a_path_that_python_takes_for_a_broken_url_is_no_picture(set_up: SetUp) -> None:
    set_up("twilio")
    receipt = textmyself("the plot", media="//[plot.png", confirm=0)
    assert receipt.problems == ("picture: left out: there is no such file.",)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has such a file")
def test_a_picture_whose_file_cannot_be_read_is_left_out_and_said(set_up: SetUp) -> None:
    phone = set_up("gateway")
    # Whose first byte nobody can read, not even root.
    os.symlink("/proc/self/mem", "plot.png")
    receipt = textmyself("the plot", media="plot.png")
    assert receipt.problems == ("picture: left out: its file cannot be read.",)
    assert [text.body for text in phone.texts] == ["the plot"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such pipes")
def test_a_pipe_is_no_picture_that_is_waited_for(set_up: SetUp, tmp_path: Path) -> None:
    phone = set_up("twilio")
    os.mkfifo(tmp_path / "plot.png")
    assert textmyself("the plot", media=tmp_path / "plot.png", confirm=0).sent
    assert [text.body for text in phone.texts] == ["the plot"]


@pytest.mark.parametrize(
    "media",
    [Unspeakable(), object(), 0, False, 3.5, ["plot.png"], PNG],
    ids=lambda it: type(it).__name__,
)
@pytest.mark.parametrize("route", ["twilio", "gateway"])
def test_what_is_no_picture_at_all_is_left_out_and_said(
    set_up: SetUp, route: str, media: Any
) -> None:
    phone = set_up(route)
    receipt = textmyself("the plot", media=media, confirm=0)
    assert [(text.route, text.body, text.picture) for text in phone.texts] == [
        (route, "the plot", b"")
    ]
    [problem] = receipt.problems
    assert problem.startswith("picture: left out: ")


def test_what_is_no_picture_and_no_words_is_not_sent(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway")
    receipt = textmyself("", media=Unspeakable())
    assert (receipt.sent, receipt.status) == (False, "not sent")
    [problem] = receipt.problems
    assert problem.startswith("the picture cannot go: ")
    assert (phone.requests, phone.texts) == ([], [])


class Upload:
    """A file of some framework's: os.PathLike, and no pathlib.Path."""

    def __fspath__(self) -> str:
        return "plot.png"


@pytest.mark.parametrize(
    "media", ["plot.png", b"plot.png", Path("plot.png"), Upload()], ids=lambda it: type(it).__name__
)
def test_a_picture_is_named_by_a_path_of_any_kind(set_up: SetUp, media: Any) -> None:
    phone = set_up("gateway")
    Path("plot.png").write_bytes(PNG)
    assert textmyself("the plot", media=media).problems == ()
    assert [(text.body, text.picture) for text in phone.texts] == [("the plot", PNG)]


@pytest.mark.parametrize(
    "address",
    ["https://example.com/cat.jpg", b"http://example.com/cat.jpg", "HTTPS://example.com/Cat.jpg"],
)
def test_an_address_of_a_picture_may_be_bytes_and_in_capitals(set_up: SetUp, address: Any) -> None:
    phone = set_up("twilio")
    phone.script = [Answer(201, '{"sid": "SM1"}')]
    assert textmyself("a cat", media=address, confirm=0).problems == ()
    assert phone.requests[0].form["MediaUrl"] == os.fsdecode(address)


@pytest.mark.parametrize(
    "address",
    ["https://example.com/\udc80.jpg", b"https://example.com/\xff.jpg"],
    ids=["a lone surrogate", "no UTF-8"],
)
def test_an_address_that_cannot_be_written_costs_no_more_than_the_picture(
    set_up: SetUp, address: Any
) -> None:
    phone = set_up("twilio")
    assert textmyself("a cat", media=address, confirm=0).sent
    assert [text.body for text in phone.texts] == ["a cat"]


def test_a_folder_is_no_picture(set_up: SetUp, tmp_path: Path) -> None:
    phone = set_up("gateway")
    receipt = textmyself("the plot", media=tmp_path)
    assert receipt.problems == ("picture: left out: there is no such file.",)
    assert [text.body for text in phone.texts] == ["the plot"]


def test_a_picture_that_is_too_large_for_the_mail_server_is_left_out_and_said(
    set_up: SetUp, tmp_path: Path
) -> None:
    phone = set_up("gateway")
    phone.mail_size = 300_000
    (tmp_path / "plot.png").write_bytes(bytes(750_000))
    receipt = textmyself("the plot", media=tmp_path / "plot.png")
    assert (receipt.sent, receipt.route, receipt.parts) == (True, "gateway", 1)
    assert [(text.body, text.picture) for text in phone.texts] == [("the plot", b"")]
    [problem] = receipt.problems
    assert problem.startswith("picture: left out: gateway says: localhost finds the mail too large")


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "."])
@pytest.mark.parametrize("reply", ["552 5.3.4 Message size exceeds limit", "554 5.3.4 Too big"])
def test_wherever_a_mail_server_finds_a_picture_too_large_the_text_goes_without_it(
    set_up: SetUp, command: str, reply: str
) -> None:
    phone = set_up("gateway")
    phone.smtp_replies = {command: [reply]}
    Path("plot.png").write_bytes(PNG)
    receipt = textmyself("the plot", media="plot.png")
    assert (receipt.sent, receipt.route, receipt.parts) == (True, "gateway", 1)
    assert [(text.body, text.picture) for text in phone.texts] == [("the plot", b"")]
    [problem] = receipt.problems
    assert problem.startswith("picture: left out: gateway says: localhost finds the mail too large")


def test_a_picture_that_no_route_takes_is_left_out_once_and_the_text_goes(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway")
    phone.smtp_replies = {"DATA": "552 5.3.4 Message size exceeds limit"}
    Path("plot.png").write_bytes(PNG)
    receipt = textmyself("the plot", media="plot.png", confirm=0)
    assert [(text.route, text.body, text.picture) for text in phone.texts] == [
        ("twilio", "the plot", b"")
    ]
    picture, gateway = receipt.problems
    assert picture.startswith("picture: left out: ")
    assert gateway.startswith("gateway: localhost ")


@pytest.mark.parametrize("value", ["1", "yes", "true"])
def test_a_dry_run_logs_what_would_go_and_sends_nothing(
    set_up: SetUp, caplog: pytest.LogCaptureFixture, value: str
) -> None:
    phone = set_up("twilio", "gateway", TEXTMYSELF_DRY_RUN=value)
    receipt = textmyself("hello {there}", strict=True)
    assert (receipt.sent, receipt.route, receipt.status) == (False, "twilio", "dry run")
    assert (phone.requests, phone.texts) == ([], [])
    [record] = caplog.records
    assert record.levelname == "WARNING"
    first, plan = record.message.split("\n  ")
    assert first == "dry run: 'hello {there}'"
    assert plan.startswith("Twilio to ...8888: 'hello {there}' (")


def test_a_dry_run_names_the_picture(set_up: SetUp, caplog: pytest.LogCaptureFixture) -> None:
    set_up("twilio", TEXTMYSELF_DRY_RUN="1")
    textmyself("hello", media="https://example.com/cat.jpg")
    assert "Twilio to ...8888: 'hello' and a picture (" in caplog.text


def test_a_dry_run_by_the_gateway_names_the_address_by_its_last_digits(
    set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    set_up("gateway", TEXTMYSELF_DRY_RUN="1")
    textmyself("hello 👋")
    assert "gateway to ...8888@msg.fi.google.com: 'hello 👋' (" in caplog.text


def test_a_dry_run_goes_by_the_next_route_where_the_first_is_set_up_by_half(
    set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("twilio", "gateway", TWILIO_AUTH_TOKEN=None, TEXTMYSELF_DRY_RUN="1")
    receipt = textmyself("hello")
    assert (receipt.sent, receipt.route, receipt.status) == (False, "gateway", "dry run")
    [problem] = receipt.problems
    assert problem.startswith("Twilio: TWILIO_AUTH_TOKEN not set. ")
    assert "gateway to ...8888@msg.fi.google.com: 'hello' (" in caplog.text
    assert phone.texts == []


def test_a_dry_run_that_no_route_would_send_is_an_error(
    set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    set_up("twilio", "gateway", TWILIO_AUTH_TOKEN=None, MY_CARRIER="AT&T", TEXTMYSELF_DRY_RUN="1")
    receipt = textmyself("hello")
    assert (receipt.sent, receipt.route, receipt.status) == (False, "", "not sent")
    assert [problem.partition(":")[0] for problem in receipt.problems] == ["Twilio", "gateway"]
    assert [record.levelname for record in caplog.records] == ["ERROR"]


@pytest.mark.parametrize("length", [1600, 1601, 3000])
def test_a_dry_run_shows_the_one_text_that_would_go(
    set_up: SetUp, caplog: pytest.LogCaptureFixture, length: int
) -> None:
    phone = set_up("twilio", TEXTMYSELF_DRY_RUN="1")
    receipt = textmyself("x" * length)
    assert ("left out" in str(receipt.problems)) == (length > 1600)
    shown = re.search(r"Twilio to \.\.\.8888: '(.*)' \(1,([\d]+) characters\)", caplog.text)
    assert shown
    assert len(shown[1].replace(r"\n", "\n")) == 1000 + int(shown[2]) <= 1600
    assert (phone.requests, phone.texts) == ([], [])


@pytest.mark.parametrize("value", ["0", "no", "off", "False"])
def test_a_dry_run_that_is_off_sends(set_up: SetUp, value: str) -> None:
    phone = set_up("twilio", TEXTMYSELF_DRY_RUN=value)
    assert textmyself("hello", confirm=0).sent
    assert len(phone.texts) == 1


def test_a_fault_of_our_own_is_told_and_not_raised(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("twilio")
    # Which is not callable, and so a TypeError.
    monkeypatch.setattr("_thread.start_new_thread", None)
    receipt = textmyself("my result", confirm=0)
    assert (receipt.sent, receipt.status) == (False, "not sent")
    assert receipt.problems == (
        "textmyself itself failed (TypeError). Check its arguments, or report it.",
    )
    # Nor can the log be imported in a thread.
    assert capsys.readouterr().err == f"not sent: 'my result'\n  {receipt.problems[0]}\n"


def test_a_log_that_is_no_log_is_replaced_by_stderr(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "logging", None)
    assert not textmyself("hello")
    assert capsys.readouterr().err.startswith("not sent: 'hello'\n  no way to text is set up.")


def test_a_program_that_does_not_log_pays_nothing_for_it(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("gateway")
    monkeypatch.delitem(sys.modules, "logging")
    assert textmyself("hello").sent
    assert "logging" not in sys.modules
    assert len(phone.texts) == 1


def test_a_logging_set_up_that_raises_changes_nothing(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Broken(logging.Handler):
        def handle(self, record: logging.LogRecord) -> bool:
            raise RuntimeError("no log today")

    set_up("twilio")
    with open(tmp_path / "closed", "w", encoding="utf-8") as closed:
        monkeypatch.setattr(sys, "stderr", closed)
    handler = Broken()
    logging.getLogger("textmyself").addHandler(handler)
    try:
        assert textmyself("hello", confirm=0).sent
        assert not textmyself("").sent
    finally:
        logging.getLogger("textmyself").removeHandler(handler)


def test_a_handler_that_texts_errors_does_not_text_its_own(set_up: SetUp) -> None:
    calls = []

    class Texting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            calls.append(textmyself(record.getMessage()))

    set_up("twilio", TWILIO_AUTH_TOKEN="wrong")
    handler = Texting(logging.ERROR)
    logging.getLogger().addHandler(handler)
    try:
        logging.getLogger("job").error("disk full")
    finally:
        logging.getLogger().removeHandler(handler)
    assert [receipt.status for receipt in calls] == ["not sent"] * 2


def test_it_works_from_a_thread(set_up: SetUp) -> None:
    phone = set_up("twilio")
    thread = threading.Thread(target=textmyself, args=("hello",), kwargs={"confirm": 0})
    thread.start()
    thread.join()
    assert [text.body for text in phone.texts] == ["hello"]


ALONE = "import textmyself; print(textmyself.textmyself('hello', confirm=0))"


@pytest.mark.parametrize("route", ["twilio", "gateway"])
def test_the_file_alone_in_an_empty_folder_sends(phone: Phone, tmp_path: Path, route: str) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "textmyself.py").write_bytes((MODULES / "textmyself.py").read_bytes())
    settings = phone.settings(route)
    if route == "gateway":
        del settings["MY_CARRIER"]
        settings["MY_GATEWAY"] = "5559998888@vtext.com"
    run = run_python(alone, "-c", ALONE, settings=settings, modules=None)
    assert (run.returncode, run.stderr) == (0, "")
    assert f"Receipt(sent=True, route='{route}'" in run.stdout
    assert [(text.route, text.body) for text in phone.texts] == [(route, "hello")]


def test_the_public_names_are_documented() -> None:
    for name in module.__all__:
        assert inspect.getdoc(getattr(module, name))
