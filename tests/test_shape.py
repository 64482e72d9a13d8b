"""The shape of texts: what is kept of a message, where it is cut and how many texts it costs."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from textmyself import _clean, _RouteError, _segments, _split

FAMILY = "👨\u200d👩\u200d👧\u200d👦"
LIMITS = st.sampled_from([140, 1600])
PIECES = st.one_of(
    st.sampled_from(["word", "https://example.org/a/b", "-" * 150, "漢字かな", "שלום", "𝔘𝔫𝔦"]),
    st.sampled_from(
        [FAMILY, "👩🏽\u200d💻", "👍🏿", "🇩🇪", "🏴\U000e0067\U000e0062\U000e007f", "❤\ufe0f"]
    ),
    st.sampled_from(
        ["e\u0301", "n\u0303\u0323", "क्षि", "1\ufe0f\u20e3", "🇫", "🏾", "\u0308", "\u200d"]
    ),
    st.sampled_from([" ", " ", " ", "\n", "\t", "\u3000", "\n\n  \n", " " * 170]),
    st.text(st.characters(exclude_categories=["M", "Cs"]), max_size=6),
)
# As a reader sees it: with what is put on it or joined to it. Blanks are none.
ON_IT = "\u0300-\u036f\u093e-\u094d\u20e3\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\u200d"
CHARACTER = re.compile(rf"\S(?:[{ON_IT}]|(?<=\u200d)\S)*")
BARE = re.compile(rf"(?<=\s)(?=[{ON_IT}])")  # nobody puts an accent on a blank
MESSAGES = st.builds(
    lambda pieces, times: _clean(BARE.sub("x", "".join(pieces * times))),
    st.lists(PIECES, min_size=1, max_size=30),
    st.integers(1, 150),
)
LEFT_OUT = re.compile(r"\[\.\.\. ([\d,]+) characters left out \.\.\.\]")


def units(text: str) -> int:
    return sum(2 if letter > "\uffff" else 1 for letter in text)


def without_numbers(parts: list[str]) -> list[str]:
    """Take `(1/3) ` off the parts, which must be there if there are several, and right."""
    if len(parts) == 1:
        return parts
    numbers = [f"({number}/{len(parts)}) " for number in range(1, len(parts) + 1)]
    assert [part[: len(number)] for number, part in zip(numbers, parts, strict=True)] == numbers
    return [part[len(number) :] for number, part in zip(numbers, parts, strict=True)]


def halves(parts: list[str]) -> tuple[list[str], int | None, list[str]]:
    """Return what is kept of the beginning, how many characters were left out, and the end."""
    bodies = without_numbers(parts)
    for at, body in enumerate(bodies):
        if found := LEFT_OUT.match(body):
            count = found[1].replace(",", "")
            assert found[1] == f"{int(count):,}"
            end = [body[found.end() :].lstrip(), *bodies[at + 1 :]]
            return bodies[:at], int(count), end if end[0] else end[1:]
    return bodies, None, []


def rest(text: str, parts: list[str]) -> str:
    """Return what follows in `text` when the parts are taken off, and the blanks before each."""
    for part in parts:
        assert text.lstrip().startswith(part)
        text = text.lstrip()[len(part) :]
    return text


def characters(*parts: str) -> list[str]:
    return [character for part in parts for character in CHARACTER.findall(part)]


class Broken:
    def __str__(self) -> str:
        raise ZeroDivisionError("secret")


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("The boring task is finished.", "The boring task is finished."),
        (None, "None"),
        (0.1, "0.1"),
        (b"\xff", r"b'\xff'"),
        (OSError(28, "No space left"), "[Errno 28] No space left"),
        ("a\ud83d\ude00b", "a😀b"),
        ("\ude00a\ud83d", "\N{REPLACEMENT CHARACTER}a\N{REPLACEMENT CHARACTER}"),
        ("\ud83d\ud83d\ude00", "\N{REPLACEMENT CHARACTER}😀"),
        ("a\r\nb\n\tc", "a\nb\n\tc"),
        ("a\0b\x1b[1mc\x7fd\x85e\x9ff", "ab[1mcdef"),
        ("\0 \u3000\n a  b \t\x1f\u00a0", "a  b"),
        ("\N{BYTE ORDER MARK}a", "\N{BYTE ORDER MARK}a"),
        (f"{FAMILY} 🇩🇪 e\u0301", f"{FAMILY} 🇩🇪 e\u0301"),
        ("שלום \u200fعالم\u202c", "שלום \u200fعالم\u202c"),
        ("\0\r\n\t \x1f", ""),
    ],
)
def test_a_message_loses_what_no_phone_can_show(message: object, text: str) -> None:
    assert _clean(message) == text


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters()))
def test_a_clean_message_can_be_sent_and_cleaning_it_again_changes_nothing(message: str) -> None:
    text = _clean(message)
    assert text.encode().decode() == text == _clean(text) == text.strip()
    assert {letter for letter in text if unicodedata.category(letter) == "Cc"} <= {"\n", "\t"}


def test_a_message_that_cannot_be_made_text_is_said_without_its_words() -> None:
    with pytest.raises(_RouteError) as caught:
        _clean(Broken())
    assert str(caught.value) == "str() of the message raises ZeroDivisionError."


@pytest.mark.parametrize("limit", [140, 1600])
@pytest.mark.parametrize("letter", ["x", "漢", "😀"])
def test_what_fits_into_one_text_has_no_number_and_one_unit_more_makes_two(
    letter: str, limit: int
) -> None:
    text = letter * (limit // units(letter))
    assert _split(text, limit) == [text]
    assert "".join(without_numbers(_split(f"{text}y", limit))) == f"{text}y"
    assert len(_split(f"{text}y", limit)) == 2


def test_a_text_is_cut_between_words() -> None:
    text = f"{'second ' * 25}\n\n  {'three ' * 20}end"
    assert _split(text, 140) == [
        f"(1/3) {'second ' * 18}second",
        f"(2/3) {'second ' * 6}\n\n  {'three ' * 13}three",
        f"(3/3) {'three ' * 6}end",
    ]


def test_a_word_that_fits_into_no_part_is_cut_between_characters() -> None:
    thumbs = "👍🏿" * 40  # of 4 units each
    assert _split(f"See x{thumbs}", 140) == [
        "(1/3) See",
        f"(2/3) x{thumbs[:64]}",
        f"(3/3) {thumbs[64:]}",
    ]


@settings(max_examples=100, deadline=None)
@given(MESSAGES, LIMITS)
@example("x" * 1319 + "😀", 140)
@example(f"a {'😀' * 66} " * 6 + "b", 140)
def test_there_are_ten_parts_at_most_and_none_is_too_long_or_empty(
    message: str, limit: int
) -> None:
    parts = _split(message, limit)
    assert 1 <= len(parts) <= 10
    assert max(map(units, parts)) <= limit
    assert all(without_numbers(parts)) or not message


@settings(max_examples=100, deadline=None)
@given(MESSAGES, LIMITS)
@example("x" + "👍🏿" * 100, 140)
@example("x" + FAMILY * 50, 140)
@example("x" + "1\ufe0f\u20e3" * 150, 140)
@example("x" + "y\u0308" * 150, 140)
@example("x" + "कि" * 150, 140)
def test_nothing_is_lost_or_doubled_and_no_character_is_cut(message: str, limit: int) -> None:
    room = limit - units("(10/10) ")
    message = _clean(message[: 5 * room // 2])  # of two units each: half of ten parts at most
    assume(all(units(character) <= room for character in characters(message)))
    beginning, left_out, _ = halves(_split(message, limit))
    assert left_out is None
    assert rest(message, beginning) == ""
    assert characters(*beginning) == characters(message)


@settings(max_examples=100, deadline=None)
@given(MESSAGES, LIMITS)
@example("x" + "👍🏿" * 1000, 140)
@example("x" + FAMILY * 500, 140)
@example("x" * 1320, 140)
@example("x" * 1321, 140)
@example(f"a {'😀' * 66} " * 6 + "b", 140)
def test_what_is_left_out_of_a_long_message_is_counted(message: str, limit: int) -> None:
    room = limit - units("(10/10) ")
    assume(all(units(character) <= room // 4 for character in characters(message)))
    beginning, left_out, end = halves(_split(message, limit))
    middle = rest(message, beginning).lstrip()
    middle = rest(middle[::-1], [part[::-1] for part in reversed(end)])[::-1]
    assert middle[left_out or 0 :].strip() == ""  # blanks at a cut count neither here nor there
    assert len(middle) >= (left_out or 0)
    shown = characters(message)
    assert shown[: len(characters(*beginning))] == characters(*beginning)
    assert shown[len(shown) - len(characters(*end)) :] == characters(*end)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.builds(str.__mul__, st.sampled_from(["x", "é", "漢", "😀"]), st.integers(1, 66))),
    st.sampled_from([" ", "\n", "   ", "\t\u3000"]),
)
def test_a_word_that_fits_is_not_cut(words: list[str], blank: str) -> None:
    parts = without_numbers(_split(blank.join(words[:7]), 140))
    assert " ".join(parts).split() == words[:7]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 30), min_size=1, max_size=20), LIMITS)
def test_a_long_message_keeps_whole_words_of_its_beginning_and_its_end(
    lengths: list[int], limit: int
) -> None:
    words = ["x" * length for length in lengths] * (10 * limit)
    beginning, left_out, end = halves(_split(" ".join(words), limit))
    first, last = " ".join(beginning).split(), " ".join(end).split()
    assert words[: len(first)] == first != []
    assert words[-len(last) :] == last != []
    middle = " ".join(words[len(first) : -len(last)])
    assert left_out == len(f"{middle} ")


@pytest.mark.parametrize("letter", ["x", "漢", "😀"])
def test_a_message_of_ten_megabytes_keeps_what_ten_texts_can_hold(letter: str) -> None:
    message = letter * (10_000_000 // len(letter.encode()))
    parts = _split(message, 1600)
    beginning, left_out, end = halves(parts)
    assert len(parts) == 10
    assert sum(map(units, parts)) > 13_000
    assert left_out
    assert len("".join(beginning) + "".join(end)) + left_out == len(message)


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("", ("GSM-7", 0, 1)),
        ("a" * 160, ("GSM-7", 160, 1)),
        ("a" * 161, ("GSM-7", 161, 2)),
        ("a" * 306, ("GSM-7", 306, 2)),
        ("a" * 307, ("GSM-7", 307, 3)),
        ("a" * 1530, ("GSM-7", 1530, 10)),
        ("@£$¥èéùìòÇØøÅåΔΩÆæßÉ¤¡ÄÖÑÜ§¿äöñüà\n\r", ("GSM-7", 35, 1)),
        ("^{}\\[~]|€\f", ("GSM-7", 20, 1)),
        ("€" * 80, ("GSM-7", 160, 1)),
        ("€" * 81, ("GSM-7", 162, 2)),
        ("€" * 152, ("GSM-7", 304, 2)),
        ("€" * 153, ("GSM-7", 306, 3)),  # 76 are 152 units: the next one would be cut in two
        ("a" * 152 + "€" + "a" * 151, ("GSM-7", 305, 2)),
        ("a" * 152 + "€" + "a" * 152, ("GSM-7", 306, 3)),
        ("ç" * 70, ("UCS-2", 70, 1)),
        ("ç" * 71, ("UCS-2", 71, 2)),
        ("ç" * 134, ("UCS-2", 134, 2)),
        ("ç" * 135, ("UCS-2", 135, 3)),
        ("😀" * 35, ("UCS-2", 70, 1)),
        ("😀" * 36, ("UCS-2", 72, 2)),
        ("😀" * 66, ("UCS-2", 132, 2)),
        ("😀" * 67, ("UCS-2", 134, 3)),  # 33 are 66 units
        ("ç" * 66 + "😀" + "ç" * 65, ("UCS-2", 133, 2)),
        ("ç" * 66 + "😀" + "ç" * 66, ("UCS-2", 134, 3)),
        ("a" * 69 + "’", ("UCS-2", 70, 1)),
        ("a" * 69 + "’€", ("UCS-2", 71, 2)),  # one unit here
        ("`", ("UCS-2", 1, 1)),
        ("\t", ("UCS-2", 1, 1)),
        ("Ç", ("GSM-7", 1, 1)),
        (FAMILY, ("UCS-2", 11, 1)),
    ],
)
def test_a_text_costs_what_carriers_bill(text: str, cost: tuple[str, int, int]) -> None:
    assert _segments(text) == cost


def test_of_all_letters_127_cost_one_unit_of_seven_bits_and_ten_cost_two() -> None:
    costs = [_segments(letter)[:2] for letter in map(chr, range(0xD800))]
    assert [costs.count(("GSM-7", units)) for units in (1, 2)] == [127, 10]
    assert costs.count(("UCS-2", 1)) == 0xD800 - 137
