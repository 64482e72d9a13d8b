"""The shape of texts: what is cleaned from a message, what of a long one is left out, which parts.

All of it as it is on the wire. By Twilio, and by a gateway that takes a message whole, one call is
one text; only an SMS gateway with a limit of 140 gets numbered parts.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from phone import Phone

from textmyself import TWILIO_LIMIT, Receipt, textmyself

SetUp = Callable[..., Phone]
# Each example has the same settings, and forgets what came before it.
fuzz = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FAMILY = "👨\u200d👩\u200d👧\u200d👦"
THUMB = "👍🏿"
MARK = re.compile(r"\[\.\.\. ([\d,]+) characters left out \.\.\.\]")


def units(text: str) -> int:
    """Return the length in UTF-16 units, by which Twilio and phones count."""
    return len(text.encode("utf-16-le")) // 2


def by_twilio(phone: Phone, message: object) -> tuple[str, Receipt]:
    """Return what is sent as the body of the one text, before Twilio makes it plainer."""
    phone.requests.clear()
    receipt = textmyself(message, confirm=0)
    [request] = phone.requests
    return request.form["Body"], receipt


def by_sms(phone: Phone, message: str) -> tuple[list[str], Receipt]:
    """Return the parts as the phone shows them, without the `(1/3) ` before each if right."""
    phone.texts.clear()
    receipt = textmyself(message)
    bodies = [text.body for text in phone.texts]
    assert max(map(units, bodies)) <= 140
    assert receipt.parts == len(receipt.ids) == len(bodies)
    if len(bodies) == 1:
        return bodies, receipt
    numbers = [f"({number}/{len(bodies)}) " for number in range(1, len(bodies) + 1)]
    assert [body[: len(numbers[0])] for body in bodies] == numbers
    return [body[len(numbers[0]) :] for body in bodies], receipt


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("The boring task is finished.", "The boring task is finished."),
        ("a\r\nb", "a\nb"),
        ("a\0b\x1fc\x7fd\x85e\x9ff", "abcdef"),
        ("\0 \u3000\n a  b \t\x1f\u00a0", "a  b"),
        ("a\ud83d\ude00b", "a😀b"),
        ("\ude00a\ud83d", "\N{REPLACEMENT CHARACTER}a\N{REPLACEMENT CHARACTER}"),
        ("\ud83d\ud83d\ude00", "\N{REPLACEMENT CHARACTER}😀"),
        ("\N{BYTE ORDER MARK}a", "\N{BYTE ORDER MARK}a"),
        (f"{FAMILY} 🇩🇪 e\u0301", f"{FAMILY} 🇩🇪 e\u0301"),
        ("שלום \u200fعالم\u202c", "שלום \u200fعالم\u202c"),
        ("a\tb\n\tc", "a b\n c"),
        ("10%\r50%\r100%\n", "10%\n50%\n100%"),
        ("page 1\fpage 2\vhere", "page 1\npage 2\nhere"),
        # Bold print as of man, and a spinner.
        ("N\bNA\bAM\bME\bE", "NAME"),
        ("|\b/\b-\bdone", "done"),
        ("Done: 10%\b\b\b20%\b\b\b30%", "Done: 30%"),
        ("99%\b\b\b100%\b\b\b\b", "100%"),
        ("\b\babc\b\b\nd", "abc\nd"),
        ("\r10%\r\x1b[K100%\r\n\tdone\r", "10%\n100%\n done"),
        ("\x1b[31mred\x1b[0m and \x1b[1;38;5;9mbold", "red and bold"),
        ("\x1b[38:2::255:0:0mred\x1b[m, \x9b31mred\x9bm", "red, red"),
        ("\x1b[2K\x1b[1Gdone\x1b[?25h", "done"),
        ("\x1b(B\x1b7done\x1b8\x1b=", "done"),
        ("\x1b]0;a title\x07done", "done"),
        ("\x1b]0;a title\x9cdone", "done"),
        ("\x1b]8;;https://example.com\x1b\\page\x1b]8;;\x1b\\", "page"),
        ("\x1bPq#0;2;0;0;0~~@@\x1b\\plot", "plot"),
        ("\x1b]a title without an end", "a title without an end"),
        ("done\x1b[3", "done"),
        ("done\x1b", "done"),
    ],
)
def test_a_message_loses_what_no_phone_can_show(set_up: SetUp, message: str, text: str) -> None:
    assert by_twilio(set_up("twilio"), message)[0] == text


def test_what_no_phone_can_show_is_lost_by_the_gateway_as_well(set_up: SetUp) -> None:
    phone = set_up("gateway")
    assert textmyself("10%\r100%\r\n\x1b[32mdone:\x1b[0m\t5 files").problems == ()
    assert [text.body for text in phone.texts] == ["10%\n100%\ndone: 5 files"]


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (OSError(28, "No space left"), "[Errno 28] No space left"),
        (ValueError("disk full"), "disk full"),
        (AssertionError(), "AssertionError()"),
        (TimeoutError(), "TimeoutError()"),
        (KeyboardInterrupt(), "KeyboardInterrupt()"),
        (ValueError(" \n"), r"ValueError(' \n')"),
        (ValueError("\x1b[0m"), r"ValueError('\x1b[0m')"),
    ],
    ids=repr,
)
@pytest.mark.parametrize("route", ["twilio", "gateway"])
def test_an_exception_without_words_is_texted_as_what_it_is(
    set_up: SetUp, caplog: pytest.LogCaptureFixture, route: str, error: BaseException, text: str
) -> None:
    caplog.set_level(logging.INFO, "textmyself")
    phone = set_up(route)
    assert textmyself(error, confirm=0).problems == ()
    assert [text.body for text in phone.texts] == [text]
    assert f"sent by {route}, " in caplog.text
    assert caplog.text.rstrip().endswith(f": {text!r}")


def test_what_an_exception_says_it_is_is_cleaned_as_well(set_up: SetUp) -> None:
    class Coloured(Exception):
        def __str__(self) -> str:
            return ""

        def __repr__(self) -> str:
            return "\x1b[31mOut of memory\x1b[0m\0"

    assert by_twilio(set_up("twilio"), Coloured())[0] == "Out of memory"


@pytest.mark.parametrize(
    "message", ["", "  \n\t ", "\0\x07", "\r\n", "\0\r\n\t \x1f", "\u200b \ufeff"]
)
def test_a_message_of_nothing_that_can_be_seen_is_not_sent_and_said(
    set_up: SetUp, message: str
) -> None:
    phone = set_up("twilio", "gateway")
    receipt = textmyself(message)
    assert receipt.problems == ("the message is empty. It needs at least one visible character.",)
    assert (phone.requests, phone.texts) == ([], [])


@fuzz
@given(st.text(st.characters(), max_size=700))
def test_a_clean_message_can_be_sent_and_cleaning_it_again_changes_nothing(
    set_up: SetUp, message: str
) -> None:
    phone = set_up("twilio")
    phone.requests.clear()
    receipt = textmyself(message, confirm=0)
    assume(receipt.sent)
    text = phone.requests[0].form["Body"]
    assert by_twilio(phone, text)[0] == text == text.strip()
    assert {letter for letter in text if unicodedata.category(letter) == "Cc"} <= {"\n", "\t"}


def halves(message: str, body: str, limit: int) -> tuple[str, int, str]:
    """Return what is kept of the beginning and of the end, and how many characters are left out.

    Both halves have to be the message's, about equally long, and the number has to be right.
    """
    assert units(body) <= limit
    [mark] = [mark for mark in MARK.finditer(body) if body[mark.start() - 1] == "\n"]
    beginning, end = body[: mark.start() - 1], body[mark.end() + 1 :]
    assert body == f"{beginning}\n{mark[0]}\n{end}"
    assert beginning
    assert end
    assert message.startswith(beginning)
    assert message.endswith(end)
    number = int(mark[1].replace(",", ""))
    assert mark[1] == f"{number:,}"
    assert number == len(message) - len(beginning) - len(end)
    return beginning, number, end


@pytest.mark.parametrize("letter", ["x", "漢", "😀"])
def test_what_twilio_takes_as_one_text_is_sent_as_it_is(set_up: SetUp, letter: str) -> None:
    text = letter * (TWILIO_LIMIT // units(letter))
    body, receipt = by_twilio(set_up("twilio"), text)
    assert (body, receipt.parts, receipt.problems) == (text, 1, ())


@pytest.mark.parametrize("letter", ["x", "漢", "😀"])
@pytest.mark.parametrize("more", [1, 10_000_000])
def test_a_longer_message_keeps_its_beginning_and_its_end_in_one_text(
    set_up: SetUp, caplog: pytest.LogCaptureFixture, letter: str, more: int
) -> None:
    phone = set_up("twilio")
    message = letter * (TWILIO_LIMIT // units(letter) + more // len(letter.encode()))
    message += "y"
    body, receipt = by_twilio(phone, message)
    beginning, number, end = halves(message, body, TWILIO_LIMIT)
    # None of it is a word's end, so that all the room is used.
    assert units(body) >= TWILIO_LIMIT - 10
    assert abs(units(beginning) - units(end)) <= 10
    assert (receipt.sent, receipt.parts, len(receipt.ids)) == (True, 1, 1)
    assert receipt.problems == (
        f"text: {number:,} characters left out in the middle, as it is too long.",
    )
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert message in record.message


WORDS = st.text("aé漢😀", min_size=1, max_size=30)


@fuzz
@given(st.lists(WORDS, min_size=1, max_size=20), st.sampled_from([" ", "\n", "   ", "\u3000"]))
@example(["word"], " ")
@example(["😀" * 30], " ")
def test_a_long_message_is_cut_between_words(set_up: SetUp, words: list[str], blank: str) -> None:
    all_words = words * (1 + 3000 // len(blank.join([*words, ""])))
    message = blank.join(all_words)
    assume(units(message) > TWILIO_LIMIT)
    body, _ = by_twilio(set_up("twilio"), message)
    beginning, _, end = halves(message, body, TWILIO_LIMIT)
    first, last = beginning.split(), end.split()
    assert all_words[: len(first)] == first
    assert all_words[-len(last) :] == last
    # A word of 30 letters, and the blanks round it, may not have fitted on either side.
    assert abs(units(beginning) - units(end)) <= 140
    assert units(body) >= TWILIO_LIMIT - 140


@fuzz
@given(
    st.lists(st.sampled_from(["word", " ", "\n", "😀", "漢" * 200, "x" * 900, FAMILY]), min_size=1)
)
def test_whatever_a_long_message_is_its_halves_are_right(set_up: SetUp, pieces: list[str]) -> None:
    message = "".join(pieces).strip() * 20
    assume(units(message) > TWILIO_LIMIT)
    body, _ = by_twilio(set_up("twilio"), message)
    halves(message, body, TWILIO_LIMIT)


@pytest.mark.parametrize("shift", ["", "x", "xx", "xxx"])
@pytest.mark.parametrize("letter", [THUMB, "e\u0301", "☀️", "👩\u200d🔧"])
def test_a_long_message_is_cut_between_characters_as_they_are_seen(
    set_up: SetUp, letter: str, shift: str
) -> None:
    message = shift + letter * 1500 + shift
    beginning, _, end = halves(message, by_twilio(set_up("twilio"), message)[0], TWILIO_LIMIT)
    assert beginning.removeprefix(shift).replace(letter, "") == ""
    assert end.removesuffix(shift).replace(letter, "") == ""


def test_a_letter_with_more_marks_than_fit_is_cut_all_the_same(set_up: SetUp) -> None:
    message = "e" + "\u0301" * 5000
    body, _ = by_twilio(set_up("twilio"), message)
    halves(message, body, TWILIO_LIMIT)
    assert units(body) >= TWILIO_LIMIT - 100


def test_a_letter_with_more_marks_than_fit_into_a_part_is_cut_all_the_same(set_up: SetUp) -> None:
    phone = set_up("gateway", MY_CARRIER="Koodo")
    message = "e" + "\u0301" * 300
    parts, _ = by_sms(phone, message)
    assert "".join(parts) == message
    assert len(parts) == 3


def test_a_short_word_before_words_that_fill_a_part_loses_none_of_them(set_up: SetUp) -> None:
    phone = set_up("gateway", MY_CARRIER="Koodo")
    message = f"a {'x' * 134} b {'y' * 134} c"
    parts, receipt = by_sms(phone, message)
    assert " ".join(parts).split() == message.split()
    assert not any("left out" in problem for problem in receipt.problems)


def test_a_gateway_for_pictures_takes_one_text_of_its_limit(set_up: SetUp) -> None:
    phone = set_up("gateway")
    message = "word " * 999 + "word"
    receipt = textmyself(message)
    [text] = phone.texts
    _, number, _ = halves(message, text.body, 1600)
    assert (receipt.parts, receipt.problems) == (
        1,
        (f"text: {number:,} characters left out in the middle, as it is too long.",),
    )


def length(text: str, unit: str) -> int:
    return len(text.encode()) if unit == "bytes" else units(text)


PUSH = pytest.mark.parametrize(
    ("address", "limit", "unit"),
    [("ntfy-my-topic@ntfy.sh", 4096, "bytes"), ("abc123@pomail.net", 1024, "characters")],
    ids=["ntfy", "Pushover"],
)


@PUSH
@pytest.mark.parametrize("letter", ["x", "漢", "😀"])
def test_what_a_push_service_takes_is_sent_as_it_is(
    set_up: SetUp, address: str, limit: int, unit: str, letter: str
) -> None:
    phone = set_up("gateway", MY_CARRIER=None, MY_GATEWAY=address)
    message = letter * (limit // length(letter, unit))
    assert textmyself(message).problems == ()
    assert [(text.to, text.body) for text in phone.texts] == [(address, message)]


@PUSH
@pytest.mark.parametrize("letter", ["x", "漢", "😀"])
@pytest.mark.parametrize("more", [1, 10_000])
def test_a_push_service_gets_the_beginning_and_the_end_of_what_is_too_long_for_it(
    set_up: SetUp, address: str, limit: int, unit: str, letter: str, more: int
) -> None:
    phone = set_up("gateway", MY_CARRIER=None, MY_GATEWAY=address)
    message = letter * (limit // length(letter, unit) + more)
    receipt = textmyself(message)
    [text] = phone.texts
    beginning, number, end = halves(message, text.body, 5000)
    assert limit - 10 <= length(text.body, unit) <= limit
    assert abs(length(beginning, unit) - length(end, unit)) <= 10
    assert (receipt.sent, receipt.parts) == (True, 1)
    assert receipt.problems == (
        f"text: {number:,} characters left out in the middle, as it is too long.",
    )


@pytest.mark.parametrize("media", ["plot.png", "https://example.com/plot.png"])
def test_a_push_service_without_pictures_gets_the_text_and_that_is_said(
    set_up: SetUp, media: str
) -> None:
    phone = set_up("gateway", MY_CARRIER=None, MY_GATEWAY="ntfy-my-topic@ntfy.sh")
    Path("plot.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    receipt = textmyself("the plot", media=media)
    assert [(text.body, text.picture) for text in phone.texts] == [("the plot", b"")]
    assert receipt.sent
    [problem] = receipt.problems
    assert problem.startswith("picture: left out: ")


def test_a_push_service_with_pictures_gets_them(set_up: SetUp) -> None:
    phone = set_up("gateway", MY_CARRIER=None, MY_GATEWAY="abc123@pomail.net")
    Path("plot.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert textmyself("the plot", media="plot.png").problems == ()
    assert phone.texts[0].picture == b"\x89PNG\r\n\x1a\n"


TOKEN = "tk_0123456789abcdef0123456789abc"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("ntfy-0123456789abcdef@ntfy.sh", "ntfy-***@ntfy.sh"),
        (f"ntfy-my-topic+{TOKEN}@ntfy.sh", "ntfy-my-topic+***@ntfy.sh"),
        (f"ntfy-my-topic+{TOKEN}@ntfy.example.org", "ntfy-my-topic+***@ntfy.example.org"),
    ],
    ids=["a topic that is read by whoever knows it", "a token", "a server of one's own"],
)
def test_what_is_secret_in_a_push_address_is_used_and_not_shown(
    set_up: SetUp, address: str, shown: str
) -> None:
    phone = set_up("gateway", MY_CARRIER=None, MY_GATEWAY=address)
    assert textmyself("hello").sent
    assert phone.texts[0].to == address
    phone.smtp_replies = {"RCPT": f"550 5.1.1 <{address}>: nobody here"}
    [problem] = textmyself("hello").problems
    assert f"<{shown}>" in problem


@pytest.mark.parametrize("letter", ["x", "漢", "word "])
def test_an_address_of_ones_own_gets_all_of_a_long_message(set_up: SetUp, letter: str) -> None:
    phone = set_up("gateway", MY_CARRIER=None, MY_GATEWAY="me@example.com")
    message = f"begin {letter * 50_000}end"
    receipt = textmyself(message)
    assert [text.body for text in phone.texts] == [message]
    assert (receipt.parts, receipt.problems) == (1, ())


@pytest.mark.parametrize("letter", ["x", "漢", "😀"])
def test_what_fits_into_one_sms_has_no_number_and_one_unit_more_makes_two(
    set_up: SetUp, letter: str
) -> None:
    phone = set_up("gateway", MY_CARRIER="Koodo")
    text = letter * (140 // units(letter))
    assert by_sms(phone, text)[0] == [text]
    parts, _ = by_sms(phone, f"{text}y")
    assert len(parts) == 2
    assert "".join(parts) == f"{text}y"


def test_parts_are_cut_between_words(set_up: SetUp) -> None:
    text = f"{'second ' * 25}\n\n  {'three ' * 20}end"
    assert by_sms(set_up("gateway", MY_CARRIER="Koodo"), text)[0] == [
        "second " * 18 + "second",
        f"{'second ' * 6}\n\n  {'three ' * 13}three",
        f"{'three ' * 6}end",
    ]


def test_a_word_that_fits_into_no_part_is_cut_between_characters_as_they_are_seen(
    set_up: SetUp,
) -> None:
    parts, _ = by_sms(set_up("gateway", MY_CARRIER="Koodo"), f"See x{THUMB * 70}")
    assert len(parts) > 2
    assert {part.removeprefix("See").strip().lstrip("x").replace(THUMB, "") for part in parts} == {
        ""
    }
    assert sum(part.count(THUMB) for part in parts) == 70


@fuzz
@given(
    st.lists(st.builds(str.__mul__, st.sampled_from(["x", "é", "漢", "😀"]), st.integers(1, 60))),
    st.sampled_from([" ", "\n", "   ", "\u3000"]),
)
def test_what_fits_into_five_parts_has_all_its_words_and_cuts_none(
    set_up: SetUp, words: list[str], blank: str
) -> None:
    # Two of the longest words, with the blanks between, go into each part.
    message = blank.join(words[:5])
    assume(message)
    parts, receipt = by_sms(set_up("gateway", MY_CARRIER="Koodo"), message)
    assert len(parts) <= 5
    assert " ".join(parts).split() == message.split()
    assert not any("left out" in problem for problem in receipt.problems)


@pytest.mark.parametrize("letter", ["x", "漢", "😀"])
@pytest.mark.parametrize("words", [80, 5000])
def test_what_does_not_fit_into_five_parts_keeps_its_beginning_and_its_end(
    set_up: SetUp, letter: str, words: int
) -> None:
    message = " ".join([letter * 9] * words)
    parts, receipt = by_sms(set_up("gateway", MY_CARRIER="Koodo"), message)
    assert 4 <= len(parts) <= 5
    text = " ".join(" ".join(parts).split())
    [mark] = MARK.finditer(text)
    beginning, end = text[: mark.start()].split(), text[mark.end() :].split()
    assert {*beginning, *end} == {letter * 9}
    assert abs(len(beginning) - len(end)) <= 140 // 10
    # Each word is of ten characters with its blank; blanks at the cuts count here or there.
    number = int(mark[1].replace(",", ""))
    assert abs(number - 10 * (words - len(beginning) - len(end))) <= 5
    told = f"text: {mark[1]} characters left out in the middle, as it is too long."
    assert told in receipt.problems
