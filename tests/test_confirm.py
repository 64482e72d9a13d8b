"""What the carrier says of a text later: how long that is waited for, and what then."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from phone import Answer, Phone, twilio_error

import textmyself as module
from textmyself import Receipt, textmyself

SetUp = Callable[..., Phone]
pytestmark = pytest.mark.usefixtures("short_pauses")


@pytest.fixture(autouse=True)
def no_look_comes_late() -> Iterator[None]:
    """Wait for the threads that were left behind, as they would ask the next test's phone."""
    yield
    for thread in threading.enumerate():
        if thread.name.endswith("(run)"):
            thread.join()


def test_confirm_waits_for_the_last_word_on_the_same_connection(set_up: SetUp) -> None:
    phone = set_up("twilio")
    assert textmyself("hello").status == "delivered"
    assert phone.methods == ["POST", "GET", "GET"]
    assert len({request.connection for request in phone.requests}) == 1


def test_confirm_0_does_not_ask(set_up: SetUp) -> None:
    phone = set_up("twilio")
    assert textmyself("hello", confirm=0).status == "queued"
    assert phone.methods == ["POST"]


def test_a_text_that_stays_sent_is_sent(set_up: SetUp) -> None:
    phone = set_up("twilio")
    phone.statuses = ["queued", "sent"]
    receipt = textmyself("hello", confirm=0.3)
    assert (receipt.sent, receipt.status, receipt.problems) == (True, "sent", ())


@pytest.mark.parametrize("status", ["undelivered", "failed"])
def test_a_text_that_was_not_delivered_goes_by_the_gateway(set_up: SetUp, status: str) -> None:
    phone = set_up("twilio", "gateway")
    phone.statuses, phone.error_code = ["queued", status], 30034
    receipt = textmyself("hello")
    assert [(text.route, text.body) for text in phone.texts] == [("gateway", "hello")]
    assert (receipt.route, receipt.parts) == ("gateway", 1)
    assert receipt.problems == (
        "Twilio: your Twilio number is not registered for texting US phones (30034). Register it "
        "(A2P 10DLC, as a Sole Proprietor) in the Twilio console under Messaging > Regulatory "
        "Compliance.",
    )


def test_a_text_that_failed_at_once_needs_no_asking(set_up: SetUp) -> None:
    phone = set_up("twilio")
    phone.statuses, phone.error_code = ["failed"], 30007
    receipt = textmyself("hello")
    assert receipt == Receipt(
        sent=False,
        route="",
        status="not sent",
        parts=0,
        ids=(),
        problems=("Twilio: it was taken for spam (30007). Change the words, and leave links out.",),
    )


def test_only_the_part_that_failed_goes_by_the_gateway(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway")
    first, second = "a" * 1592, "b" * 200
    lost = {"sid": "SM" + "0" * 32, "status": "failed", "error_code": 30007}
    phone.script = [
        Answer(create=True, body=json.dumps({"sid": "SM" + "1" * 32, "status": "delivered"}))
    ]
    phone.script.append(Answer(201, json.dumps(lost)))
    receipt = textmyself(f"{first} {second}")
    assert [text.route for text in phone.texts] == ["twilio", "gateway"]
    assert phone.texts[1].body == f"(2/2) {second}"
    assert (receipt.sent, receipt.route, receipt.parts) == (True, "gateway", 2)
    assert receipt.ids[0] == "SM" + "1" * 32


@pytest.mark.parametrize("status", [401, 403])
def test_a_status_that_cannot_be_read_changes_nothing(set_up: SetUp, status: int) -> None:
    phone = set_up("twilio")
    sent = {"sid": "SM" + "1" * 32, "status": "queued"}
    phone.script = [Answer(201, json.dumps(sent)), twilio_error(status, 70051, "not allowed")]
    receipt = textmyself("hello")
    assert (receipt.sent, receipt.status, receipt.problems) == (True, "queued", ())
    assert phone.methods == ["POST", "GET"]


def test_a_status_that_got_lost_is_asked_again(set_up: SetUp) -> None:
    phone = set_up("twilio")
    sent = {"sid": "SM" + "1" * 32, "status": "queued"}
    lost = [Answer(drop=True), Answer(500), Answer(200, "<html>"), twilio_error(429, 20429, "slow")]
    lost.append(twilio_error(404, 20404, "not yet"))  # as just after it was made
    phone.script = [
        Answer(201, json.dumps(sent)),
        *lost,
        Answer(200, json.dumps({**sent, "status": "delivered"})),
    ]
    assert textmyself("hello").status == "delivered"


def test_an_answer_without_a_status_is_taken_for_queued(set_up: SetUp) -> None:
    phone = set_up("twilio")
    phone.script = [Answer(201, json.dumps({"sid": "SM" + "1" * 32}))]
    assert textmyself("hello", confirm=0).status == "queued"


@pytest.mark.parametrize("confirm", [float("nan"), -1])
def test_a_wait_that_is_no_time_is_none(set_up: SetUp, confirm: float) -> None:
    phone = set_up("twilio")
    phone.statuses = ["queued", "sent"]
    assert textmyself("hello", confirm=confirm, timeout=3).status == "queued"


def test_a_signal_handler_that_raises_while_waiting_leaves_it_unknown(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raises(_: float) -> None:
        raise RuntimeError("soft time limit exceeded")

    phone = set_up("twilio")
    monkeypatch.setattr("time.sleep", raises)
    receipt = textmyself("hello")
    assert (receipt.status, len(receipt.ids), len(phone.texts)) == ("unknown", 1, 1)


def test_a_picture_whose_part_was_lost_is_told(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway")
    lost = {"sid": "SM1", "status": "failed", "error_code": 30007}
    phone.script = [Answer(201, json.dumps(lost)), Answer(create=True, body='{"sid": "SM2"}')]
    receipt = textmyself("word " * 400, media="https://example.com/cat.jpg", confirm=0.1)
    assert receipt.problems[1] == (
        "picture: left out, as a picture from the web goes by Twilio only."
    )
    assert [text.route for text in phone.texts] == ["twilio", "gateway"]
    assert receipt.ids[0] == "SM2"


LATER = [
    (14107, "so many texts in so short a time look like a loop (14107). Find it, and wait half a minute."),
    (30001, "too many texts of yours wait at Twilio (30001). Wait until they have gone."),
    (30002, "your Twilio account is suspended or closed (30002). Look in the Twilio console, or ask Twilio's support."),
    (30003, "your phone could not be reached (30003). Switch it on and see that it has signal."),
    (30004, "your phone blocks this sender, as by answering STOP (30004). Text START from your phone to the number in TWILIO_PHONE_NUMBER."),
    (30005, "nobody has this phone number (30005). Check MY_PHONE_NUMBER: + and the country code, like +15559998888."),
    (30006, "this number cannot get texts, as a landline cannot (30006). Set MY_PHONE_NUMBER to a mobile number."),
    (30007, "it was taken for spam (30007). Change the words, and leave links out."),
    (30008, "it got lost on the way and nobody says why (30008). Text again later."),
    (30017, "it got lost on the way and nobody says why (30017). Text again later."),
    (30022, "Twilio was asked too often (30022). Wait some minutes before the next text."),
    (30023, "your Twilio account has sent all it may today (30023). Wait until tomorrow, or ask Twilio's support for more."),
    (30024, "your Twilio number is still being set up for texting (30024). Wait some days."),
    (30032, "your toll-free number is not verified (30032). Have it verified in the Twilio console, or use another number."),
    (30033, "the registration of your Twilio number is suspended (30033). Ask Twilio's support about the campaign."),
    (30034, "your Twilio number is not registered for texting US phones (30034). Register it (A2P 10DLC, as a Sole Proprietor) in the Twilio console under Messaging > Regulatory Compliance."),
    (30035, "your Twilio number is still being set up for texting (30035). Wait some days."),
    (30036, "it waited too long at Twilio (30036). Text again."),
    (30037, "your Twilio account is suspended or closed (30037). Look in the Twilio console, or ask Twilio's support."),
    (30039, "so many texts in so short a time look like a loop (30039). Find it, and wait half a minute."),
    (30044, "the text is too long for this Twilio account (30044). Make it shorter, or upgrade a trial account."),
    (30410, "it got lost on the way and nobody says why (30410). Text again later."),
    (30450, "Twilio's fraud protection holds back texts to your number (30450). Wait some hours."),
    (30453, "Twilio's fraud protection holds back texts to your number (30453). Wait some hours."),
    (30454, "Twilio was asked too often (30454). Wait some minutes before the next text."),
    (30500, "it got lost on the way and nobody says why (30500). Text again later."),
    (39999, "no reason given (39999). See twilio.com/docs/api/errors/39999."),
    (None, "the text was undelivered. See why in the Twilio console's log."),
]  # fmt: skip


@pytest.mark.parametrize(("code", "sentence"), LATER)
def test_a_text_that_failed_later_says_what_to_do_and_goes_by_the_gateway(
    set_up: SetUp, code: int | None, sentence: str
) -> None:
    phone = set_up("twilio", "gateway")
    phone.statuses, phone.error_code = ["queued", "undelivered"], code
    assert textmyself("hello").problems == (f"Twilio: {sentence}",)
    assert [text.route for text in phone.texts] == ["gateway"]


@pytest.mark.parametrize("status", ["delivered", "read", "undelivered", "failed", "canceled"])
def test_a_final_status_ends_the_wait(set_up: SetUp, status: str) -> None:
    phone = set_up("twilio")
    phone.statuses = ["queued", status, "not looked at"]
    receipt = textmyself("hello", confirm=3600)
    assert phone.methods == ["POST", "GET"]
    assert (receipt.status, receipt.sent) in [(status, True), ("not sent", False)]


@pytest.mark.parametrize("status", ["accepted", "scheduled", "queued", "sending", "sent"])
def test_a_status_that_is_not_final_is_waited_on_until_the_time_is_up(
    set_up: SetUp, status: str
) -> None:
    phone = set_up("twilio")
    phone.statuses = ["queued", status]
    assert textmyself("hello", confirm=0.3).status == status
    assert phone.methods.count("GET") > 1


def test_the_wait_is_inside_the_timeout(set_up: SetUp) -> None:
    phone = set_up("twilio")
    phone.statuses = ["queued", "sent"]
    assert textmyself("hello", confirm=3600, timeout=1).status == "sent"


def test_many_parts_whose_status_is_never_told_are_not_waited_for_one_by_one(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAUSE_SECONDS", 0.5)
    phone = set_up("twilio")
    made = [Answer(create=True, body=json.dumps({"sid": f"SM{n}"})) for n in range(10)]
    phone.script = made + [Answer(silent=True)] * 50
    assert textmyself("word " * 3100, confirm=1).parts == 10
    assert phone.methods.count("GET") < 10  # half a second each


@pytest.mark.parametrize(
    "fault",
    [
        Answer(silent=True),
        Answer(dripping=True),
        Answer(drop=True),
        Answer(200, "<html>Log in</html>"),
        Answer(200, "{}"),
        Answer(200, '{"status": 7}'),
    ],
)
def test_a_status_that_is_never_told_changes_nothing(set_up: SetUp, fault: Answer) -> None:
    phone = set_up("twilio", "gateway")
    phone.script = [Answer(create=True, body='{"sid": "SM1", "status": "queued"}')] + [fault] * 50
    receipt = textmyself("hello", confirm=0.5)
    assert (receipt.sent, receipt.status, receipt.problems) == (True, "queued", ())
    assert [text.route for text in phone.texts] == ["twilio"]


def test_each_text_is_asked_after_once_a_second_at_most_and_on_one_connection(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAUSE_SECONDS", 1.0)
    phone = set_up("twilio", TEXTMYSELF_MAX_PER_HOUR="0")
    phone.statuses = ["queued", "sent"]
    textmyself("word " * 700, confirm=2.5)
    looks = Counter(request.path for request in phone.requests if request.method == "GET")
    assert len(looks) == 3
    assert max(looks.values()) <= 3
    assert len({request.connection for request in phone.requests}) == 1
