"""What the carrier says of a text later: how that is asked, what ends the wait, and what then.

A look at a status may be lost where the machine is slow, and then there is another one. So where
the looks or their connections are counted, each has the time that it has in earnest.
"""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable

import pytest
from phone import ACCOUNT_SID, AUTH_TOKEN, Answer, Phone, Request, twilio_error
from test_twilio import CODES as REFUSALS
from test_twilio import MINE, PICTURE_CODES, assert_advice

import textmyself as module
from textmyself import textmyself

SetUp = Callable[..., Phone]
short_pauses = pytest.mark.usefixtures("short_pauses")
MADE = Answer(201, json.dumps({"sid": f"SM{'1' * 32}", "status": "queued"}))


def test_confirm_waits_for_the_last_word_on_the_same_connection(set_up: SetUp) -> None:
    phone = set_up("twilio")
    assert textmyself("hello", confirm=30).status == "delivered"
    assert phone.methods == ["POST", "GET", "GET"]
    assert len({request.connection for request in phone.requests}) == 1


def test_a_text_is_asked_after_once_a_second_at_most(set_up: SetUp) -> None:
    phone = set_up("twilio")
    phone.statuses = ["queued", "sent"]
    textmyself("hello", confirm=2.5)
    assert phone.methods.count("GET") <= 3


@pytest.mark.parametrize("confirm", [0, -1, float("nan")])
def test_a_wait_of_no_time_does_not_ask(set_up: SetUp, confirm: float) -> None:
    phone = set_up("twilio")
    assert textmyself("hello", confirm=confirm).status == "queued"
    assert phone.methods == ["POST"]


@pytest.mark.parametrize("status", ["delivered", "read", "undelivered", "failed", "canceled"])
def test_a_final_status_ends_the_wait(set_up: SetUp, status: str) -> None:
    phone = set_up("twilio")
    phone.statuses = ["queued", status, "not looked at"]
    receipt = textmyself("hello", confirm=3600)
    assert phone.methods == ["POST", "GET"]
    assert (receipt.status, receipt.sent) in [(status, True), ("not sent", False)]


@short_pauses
@pytest.mark.parametrize("status", ["accepted", "scheduled", "queued", "sending", "sent"])
def test_a_status_that_is_not_final_is_waited_on_until_the_time_is_up(
    set_up: SetUp, status: str
) -> None:
    phone = set_up("twilio")
    phone.statuses = ["queued", status]
    receipt = textmyself("hello", confirm=2)
    assert (receipt.sent, receipt.status, receipt.problems) == (True, status, ())
    assert phone.methods.count("GET") > 1


@short_pauses
def test_the_wait_is_inside_the_timeout(set_up: SetUp) -> None:
    phone = set_up("twilio")
    phone.statuses = ["queued", "sent"]
    assert textmyself("hello", confirm=3600, timeout=4).status == "sent"


@short_pauses
def test_an_answer_without_a_status_is_taken_for_queued(set_up: SetUp) -> None:
    phone = set_up("twilio")
    phone.script = [Answer(201, json.dumps({"sid": f"SM{'1' * 32}"}))]
    assert textmyself("hello", confirm=0).status == "queued"


@pytest.mark.parametrize("status", [401, 403])
def test_a_status_that_may_not_be_read_is_asked_for_once_and_changes_nothing(
    set_up: SetUp, status: int
) -> None:
    phone = set_up("twilio")
    phone.script = [MADE, *[twilio_error(status, 70051, "not allowed")] * 50]
    receipt = textmyself("hello", confirm=30)
    assert (receipt.sent, receipt.status, receipt.problems) == (True, "queued", ())
    assert phone.methods == ["POST", "GET"]


@short_pauses
def test_a_status_that_got_lost_is_asked_again(set_up: SetUp) -> None:
    phone = set_up("twilio")
    phone.script = [
        Answer(create=True, body=MADE.body),
        Answer(drop=True),
        Answer(500),
        Answer(200, "<html>"),
        twilio_error(429, 20429, "slow"),
        # As just after it was made.
        twilio_error(404, 20404, "not yet"),
        *[Answer(200, json.dumps({"status": "delivered"}))] * 50,
    ]
    assert textmyself("hello", confirm=30).status == "delivered"


NEVER_TOLD = {
    "silence": Answer(silent=True),
    "a byte now and then": Answer(dripping=True),
    "a hang-up": Answer(drop=True),
    "a web page": Answer(200, "<html>Log in</html>"),
    "no status": Answer(200, "{}"),
    "a status that is no word": Answer(200, '{"status": 7}'),
}


@short_pauses
# One that is left behind in its handshake has a socket that ssl itself leaves to be collected.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("fault", NEVER_TOLD.values(), ids=NEVER_TOLD)
def test_a_status_that_is_never_told_changes_nothing(set_up: SetUp, fault: Answer) -> None:
    phone = set_up("twilio", "gateway")
    phone.script = [Answer(create=True, body=MADE.body)] + [fault] * 50
    receipt = textmyself("hello", confirm=0.5)
    assert (receipt.sent, receipt.status, receipt.problems) == (True, "queued", ())
    assert [text.route for text in phone.texts] == ["twilio"]


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="Windows has no such signals")
def test_a_signal_handler_that_raises_while_waiting_leaves_it_unknown(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raises(*_: object) -> None:
        raise RuntimeError("soft time limit exceeded")

    def answer_with_a_signal(request: Request, login: str) -> Answer:
        if request.method == "GET":
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)
        return answer(request, login)

    phone = set_up("twilio")
    answer = phone.answer
    monkeypatch.setattr(phone, "answer", answer_with_a_signal)
    before = signal.signal(signal.SIGUSR1, raises)
    try:
        receipt = textmyself("hello", confirm=30)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert (receipt.status, len(receipt.ids), len(phone.texts)) == ("unknown", 1, 1)


@short_pauses
@pytest.mark.parametrize("status", ["undelivered", "failed"])
def test_a_text_that_was_not_delivered_goes_by_the_gateway(set_up: SetUp, status: str) -> None:
    phone = set_up("twilio", "gateway")
    phone.statuses, phone.error_code = ["queued", status], 30007
    receipt = textmyself("hello", confirm=30)
    assert [(text.route, text.body) for text in phone.texts] == [("gateway", "hello")]
    assert (receipt.sent, receipt.route, receipt.status) == (True, "gateway", "accepted")
    assert (receipt.parts, len(receipt.ids)) == (1, 1)
    assert receipt.ids[0].encode() in phone.texts[0].raw


@short_pauses
def test_a_text_that_failed_at_once_needs_no_asking(set_up: SetUp) -> None:
    phone = set_up("twilio")
    phone.statuses, phone.error_code = ["failed"], 30007
    receipt = textmyself("hello", confirm=30)
    assert (receipt.sent, receipt.route, receipt.status) == (False, "", "not sent")
    assert (receipt.parts, receipt.ids) == (0, ())
    assert phone.methods == ["POST"]


# With these a text is lost after Twilio took it; test_twilio.py has those of a refusal at once.
CODES = (
    "14107 30001 30002 30003 30004 30005 30006 30007 30008 30017 30022 30023 30024 30032 30033 "
    "30034 30035 30036 30037 30039 30044 30410 30450 30453 30454 30500 63003 63007 63015 63016 "
    "63024"
)


def test_each_code_that_the_module_knows_is_tried() -> None:
    known = {code for codes, *_ in module.TWILIO_ADVICE for code in codes.split()}
    tried = {*CODES.split(), *REFUSALS.split(), *PICTURE_CODES.split()}
    assert known == tried


@short_pauses
@pytest.mark.parametrize("code", [*map(int, CODES.split())])
def test_a_text_that_was_lost_says_what_to_do_and_goes_by_the_gateway(
    set_up: SetUp, code: int
) -> None:
    phone = set_up("twilio", "gateway", MY_PHONE_NUMBER=MINE)
    lost = {"error_code": code, "error_message": f"{MINE} of {ACCOUNT_SID}, {AUTH_TOKEN}"}
    lost |= {"sid": f"SM{'1' * 32}", "status": "undelivered"}
    phone.script = [Answer(201, json.dumps(lost))]
    [problem] = textmyself("hello").problems
    assert_advice(problem, code)
    assert [text.route for text in phone.texts] == ["gateway"]


@short_pauses
@pytest.mark.parametrize(
    ("code", "sentences"),
    [
        (30003, "your phone could not be reached (30003). Switch it on and see that it has signal."),
        (30007, "the text was taken for spam (30007). Change its words, and leave links out."),
        (30036, "the text waited too long at Twilio (30036). Text again."),
        (30032, "carriers in the US and Canada block unverified toll-free numbers; Twilio verifies businesses, but no personal use (30032). To text only yourself, set MY_CARRIER, or MY_GATEWAY to a push address like ntfy's."),
        (30034, "US carriers block unregistered numbers; Twilio registers businesses, even of one person, but no personal use (30034). To text only yourself, set MY_CARRIER, or MY_GATEWAY to a push address like ntfy's."),
        (39999, "no reason given (39999). See twilio.com/docs/api/errors/39999."),
        (None, "the text was undelivered. See why in the Twilio console's log."),
    ],
)  # fmt: skip
def test_the_words_of_some_losses(set_up: SetUp, code: int | None, sentences: str) -> None:
    phone = set_up("twilio")
    phone.statuses, phone.error_code = ["queued", "undelivered"], code
    receipt = textmyself("hello", confirm=30)
    assert (receipt.status, receipt.problems) == ("not sent", (f"Twilio: {sentences}",))


CAT = "https://example.com/cat.jpg"
# Each code, and late every second one.
LOST_PICTURES = [(int(code), number % 2 == 1) for number, code in enumerate(PICTURE_CODES.split())]


def lost_picture(phone: Phone, code: int, *, late: bool) -> None:
    """Let Twilio take a text with a picture and lose it, at once or by the time it is asked."""
    lost = {"sid": f"SM{'1' * 32}", "status": "undelivered", "error_code": code}
    answer = Answer(200, json.dumps(lost))
    phone.script = [MADE, answer] if late else [answer]


@short_pauses
@pytest.mark.parametrize(("code", "late"), LOST_PICTURES)
def test_a_picture_with_which_a_text_was_lost_is_left_out_and_said(
    set_up: SetUp, code: int, late: bool
) -> None:
    phone = set_up("twilio", "gateway")
    lost_picture(phone, code, late=late)
    receipt = textmyself("a cat", media=CAT, confirm=30)
    assert [(text.route, text.body, text.picture) for text in phone.texts] == [
        ("twilio", "a cat", b"")
    ]
    # The second one is asked after as well.
    assert (receipt.sent, receipt.route, receipt.status) == (True, "twilio", "delivered")
    assert (receipt.parts, receipt.ids) == (1, (phone.messages[0]["sid"],))
    [problem] = receipt.problems
    assert problem.startswith("picture: left out: Twilio says: ")
    assert f" ({code}). " in problem


@short_pauses
@pytest.mark.parametrize(("code", "late"), LOST_PICTURES)
def test_a_picture_without_words_that_was_lost_is_not_sent(
    set_up: SetUp, code: int, late: bool
) -> None:
    phone = set_up("twilio", "gateway")
    lost_picture(phone, code, late=late)
    receipt = textmyself("", media=CAT, confirm=30)
    assert (receipt.sent, receipt.route, receipt.status) == (False, "", "not sent")
    assert (receipt.parts, receipt.ids, receipt.segments) == (0, (), 0)
    assert (phone.texts, phone.methods.count("POST")) == ([], 1)
    assert f" ({code}). " in receipt.problems[0]
    assert "there is no text" in receipt.problems[0]


@short_pauses
@pytest.mark.parametrize("late", [False, True])
def test_a_text_without_a_picture_that_is_too_large_goes_by_the_gateway(
    set_up: SetUp, late: bool
) -> None:
    phone = set_up("twilio", "gateway")
    lost_picture(phone, 30019, late=late)
    receipt = textmyself("hello", confirm=30)
    assert [(text.route, text.body) for text in phone.texts] == [("gateway", "hello")]
    [problem] = receipt.problems
    assert problem == (
        "Twilio: the message is too large for the carrier (30019). Take a smaller picture, or "
        "less text."
    )
    assert phone.methods.count("POST") == 1


@short_pauses
def test_a_picture_and_then_the_text_that_are_lost_go_by_the_gateway_without_the_picture(
    set_up: SetUp,
) -> None:
    phone = set_up("twilio", "gateway")
    phone.statuses, phone.error_code = ["queued", "undelivered"], 30007
    phone.script = [
        Answer(200, json.dumps({"sid": "SM1", "status": "failed", "error_code": 30019}))
    ]
    receipt = textmyself("a cat", media=CAT, confirm=30)
    assert [(text.route, text.body) for text in phone.texts] == [("gateway", "a cat")]
    picture, twilio = receipt.problems
    assert picture.startswith("picture: left out: ")
    assert_advice(twilio, 30007)


@short_pauses
def test_a_lost_text_that_the_gateway_refuses_is_not_sent(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway")
    phone.statuses, phone.error_code = ["queued", "undelivered"], 30003
    phone.smtp_replies = {"RCPT": "550 5.1.1 nobody here"}
    receipt = textmyself("hello", confirm=30)
    assert (receipt.sent, receipt.route, receipt.status) == (False, "", "not sent")
    assert (receipt.parts, receipt.ids, receipt.segments) == (0, (), 0)
    assert [problem.partition(":")[0] for problem in receipt.problems] == ["Twilio", "gateway"]


@short_pauses
@pytest.mark.parametrize("told", ["null", "5", "[null]", '{"status": null}', '{"status": []}'])
def test_a_status_that_is_nonsense_changes_nothing(set_up: SetUp, told: str) -> None:
    phone = set_up("twilio", "gateway")
    phone.script = [Answer(create=True, body=MADE.body)] + [Answer(200, told)] * 50
    receipt = textmyself("hello", confirm=0.5)
    assert (receipt.sent, receipt.status, receipt.problems) == (True, "queued", ())
    assert [text.route for text in phone.texts] == ["twilio"]


@short_pauses
def test_a_status_is_shown_without_secrets_and_escape_sequences(set_up: SetUp) -> None:
    phone = set_up("twilio")
    told = json.dumps({"status": f"\x1b[31m{AUTH_TOKEN}\n{MINE}\x07"})
    phone.script = [MADE, *[Answer(200, told)] * 50]
    status = textmyself("hello", confirm=0.5).status
    assert "***" in status
    assert AUTH_TOKEN not in status
    assert status.isprintable()


@short_pauses
def test_the_count_of_segments_is_the_latest(set_up: SetUp) -> None:
    phone = set_up("twilio")
    told = json.dumps({"status": "delivered", "num_segments": "3"})
    phone.script = [MADE, *[Answer(200, told)] * 50]
    receipt = textmyself("hello", confirm=30)
    assert (receipt.status, receipt.segments) == ("delivered", 3)
