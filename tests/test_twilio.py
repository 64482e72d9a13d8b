"""The route by Twilio: what is sent, what a refusal says and does, and what a lost answer does.

In this order: the request; Twilio's refusals, by their codes and in other forms; when it is asked
again; an answer that got lost, after which Twilio's list of messages is asked; the way to Twilio.
"""

from __future__ import annotations

import gzip
import json
import logging
import sys
import time
from base64 import b64encode
from collections.abc import Callable
from email.utils import formatdate

import pytest
from phone import (
    ACCOUNT_SID,
    API_KEY,
    API_SECRET,
    AUTH_TOKEN,
    MY_NUMBER,
    SERVICE_SID,
    SMTP_USER,
    TWILIO_NUMBER,
    Answer,
    Phone,
    Request,
    twilio_error,
)

from textmyself import textmyself

SetUp = Callable[..., Phone]
pytestmark = pytest.mark.usefixtures("short_pauses")
# Which no example in a sentence is.
MINE = "+15557776666"
SLOW = twilio_error(429, 20429, "Too Many Requests")


def test_each_form_field_is_as_twilio_wants_it(set_up: SetUp) -> None:
    phone = set_up("twilio")
    textmyself("naïve “quotes” & 100% ✓", confirm=0)
    [request] = phone.requests
    assert (request.method, request.path) == (
        "POST",
        f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json",
    )
    assert request.form == {
        "To": MY_NUMBER,
        "From": TWILIO_NUMBER,
        "Body": "naïve “quotes” & 100% ✓",
        "SmartEncoded": "true",
    }


def test_a_messaging_service_sends_instead_of_a_number(set_up: SetUp) -> None:
    service = {"TWILIO_MESSAGING_SERVICE_SID": SERVICE_SID}
    phone = set_up("twilio", TWILIO_PHONE_NUMBER=None, **service)
    assert textmyself("hello", confirm=0).status == "accepted"
    assert phone.requests[0].form["MessagingServiceSid"] == SERVICE_SID
    assert "From" not in phone.requests[0].form


def test_an_api_key_logs_in_instead_of_the_token(set_up: SetUp) -> None:
    key = {"TWILIO_API_KEY": API_KEY, "TWILIO_API_SECRET": API_SECRET}
    phone = set_up("twilio", TWILIO_AUTH_TOKEN="revoked", **key)
    assert textmyself("hello", confirm=0).problems == ()
    assert [text.body for text in phone.texts] == ["hello"]


def test_an_api_secret_is_not_shown(set_up: SetUp) -> None:
    key = {"TWILIO_API_KEY": API_KEY, "TWILIO_API_SECRET": API_SECRET}
    phone = set_up("twilio", **key)
    coded = b64encode(f"{API_KEY}:{API_SECRET}".encode()).decode().rstrip("=")
    phone.script = [twilio_error(400, 21999, f"{API_KEY}, {API_SECRET}, Basic {coded}")]
    assert textmyself("hello").problems == (
        "Twilio: ***, ***, Basic *** (21999). See twilio.com/docs/api/errors/21999.",
    )


def test_a_messaging_service_wins_over_a_number(set_up: SetUp) -> None:
    phone = set_up("twilio", TWILIO_MESSAGING_SERVICE_SID=SERVICE_SID)
    assert textmyself("hello", confirm=0).problems == ()
    assert "From" not in phone.requests[0].form


def test_a_whatsapp_sender_texts_a_whatsapp_number(set_up: SetUp) -> None:
    phone = set_up("twilio", TWILIO_PHONE_NUMBER=f"whatsapp:{TWILIO_NUMBER}")
    assert textmyself("hello", confirm=0).problems == ()
    [text] = phone.texts
    assert (text.to, text.sender) == (f"whatsapp:{MY_NUMBER}", f"whatsapp:{TWILIO_NUMBER}")


def test_a_dry_run_by_whatsapp_shows_that_it_is_and_not_the_whole_number(
    set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    sender = f"whatsapp:{TWILIO_NUMBER}"
    phone = set_up("twilio", TWILIO_PHONE_NUMBER=sender, TEXTMYSELF_DRY_RUN="1")
    assert textmyself("hello").status == "dry run"
    assert "Twilio to whatsapp:...8888: 'hello' (" in caplog.text
    assert phone.requests == []


def test_a_whatsapp_text_whose_answer_got_lost_is_found_again(set_up: SetUp) -> None:
    phone = set_up("twilio", TWILIO_PHONE_NUMBER=f"whatsapp:{TWILIO_NUMBER}")
    phone.script = [Answer(503, create=True)]
    receipt = textmyself("hello", confirm=0)
    assert (len(phone.texts), receipt.problems) == (1, ())
    assert receipt.ids == (phone.messages[0]["sid"],)


def test_whatsapp_takes_own_words_for_a_day_only_and_then_the_gateway_sends(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway", TWILIO_PHONE_NUMBER=f"whatsapp:{TWILIO_NUMBER}")
    phone.statuses, phone.error_code = ["queued", "failed"], 63016
    receipt = textmyself("hello", confirm=30)
    assert [text.route for text in phone.texts] == ["gateway"]
    assert receipt.problems == (
        "Twilio: WhatsApp takes your own words only for 24 hours after you wrote to the sender "
        "(63016). Write to it in WhatsApp, then text again.",
    )


@pytest.mark.parametrize(
    ("settings", "host"),
    [
        ({"TWILIO_EDGE": "dublin", "TWILIO_REGION": "ie1"}, "api.dublin.ie1.twilio.com"),
        ({"TWILIO_EDGE": "sydney"}, "api.sydney.us1.twilio.com"),
        ({"TWILIO_REGION": "au1"}, "api.au1.twilio.com"),
    ],
)
def test_an_error_names_the_host_to_which_twilios_package_leads(
    set_up: SetUp, settings: dict[str, str], host: str
) -> None:
    # Its proxy knows no way to any host but api.twilio.com.
    phone = set_up("twilio", "gateway", **settings)
    receipt = textmyself("hello", confirm=0)
    [problem] = receipt.problems
    assert problem.startswith(f"Twilio: {host} was not reached, ")
    assert "api.twilio.com" not in problem
    assert [text.route for text in phone.texts] == ["gateway"]


def test_an_answer_that_is_compressed_unasked_is_as_good_as_lost(set_up: SetUp) -> None:
    phone = set_up("twilio")
    packed = gzip.compress(b'{"sid": "SM1", "status": "queued"}')
    phone.script = [Answer(201, packed, {"Content-Encoding": "gzip"}, create=True)]
    receipt = textmyself("hello", confirm=0)
    assert (len(phone.texts), receipt.problems) == (1, ())
    assert receipt.ids == (phone.messages[0]["sid"],)


def test_a_status_that_is_none_is_queued_and_a_secret_in_it_is_hidden(set_up: SetUp) -> None:
    phone = set_up("twilio")
    phone.script = [Answer(201, '{"sid": "SM1", "status": null}')]
    assert textmyself("hello", confirm=0).status == "queued"
    phone.script = [Answer(201, json.dumps({"sid": "SM2", "status": f"\x1b[31m{AUTH_TOKEN}\n"}))]
    assert textmyself("hello", confirm=0).status == "[31m***"


def test_a_status_that_is_a_secret_of_letters_only_is_hidden(set_up: SetUp) -> None:
    token = "abcdefgh" * 4
    phone = set_up("twilio", TWILIO_AUTH_TOKEN=token)
    phone.script = [Answer(201, json.dumps({"sid": "SM1", "status": token}))]
    assert textmyself("hello", confirm=0).status == "***"


def test_a_status_without_an_end_is_cut(set_up: SetUp) -> None:
    phone = set_up("twilio")
    phone.script = [Answer(201, json.dumps({"sid": "SM1", "status": "q" * 100_000}))]
    assert len(textmyself("hello", confirm=0).status) <= 200


def assert_advice(problem: str, code: int) -> None:
    """Fail unless `problem` is what Twilio's `code` means, and then what to do: a sentence each."""
    what, act = problem.split(". ")
    assert what.startswith("Twilio: ")
    assert what.endswith(f" ({code})")
    assert act.endswith(".")
    # For a code that it does not know the module has no better advice than this.
    assert act != f"See twilio.com/docs/api/errors/{code}."
    assert AUTH_TOKEN not in problem
    assert ACCOUNT_SID not in problem
    assert MINE[2:] not in problem


# With these Twilio refuses a text at once; test_confirm.py has those with which it is lost later.
CODES = (
    "10001 10002 20003 20005 20008 20403 20404 20429 21211 21212 21265 21266 21408 21603 21604 21606 "
    "21608 21610 21611 21612 21614 21617 21635 21654 21659 21660 21661 21663 21701 21703 21704 "
    "21705 63003 63007 63015 63024 63038 70051 572005 572006"
)
# With these it refuses a picture, or else that is said later.
PICTURE_CODES = "11200 11751 12300 21620 21621 21623 30011 30019 63019 63021 63034"


@pytest.mark.parametrize("code", [*map(int, CODES.split())])
def test_a_refusal_says_what_to_do_and_the_gateway_takes_over(set_up: SetUp, code: int) -> None:
    phone = set_up("twilio", "gateway", MY_PHONE_NUMBER=MINE)
    words = f"{MINE} of {ACCOUNT_SID}, {AUTH_TOKEN}"
    phone.script = [twilio_error(400, code, words)]
    [problem] = textmyself("hello", confirm=0).problems
    assert_advice(problem, code)
    assert [text.route for text in phone.texts] == ["gateway"]


@pytest.mark.parametrize("code", [*map(int, PICTURE_CODES.split())])
def test_a_picture_that_twilio_refuses_is_left_out_and_said(set_up: SetUp, code: int) -> None:
    phone = set_up("twilio", "gateway")
    phone.script = [twilio_error(400, code, f"Unable to fetch media, {AUTH_TOKEN}")]
    receipt = textmyself("a cat", media="https://example.com/cat.jpg", confirm=0)
    assert [(text.route, text.body, text.picture) for text in phone.texts] == [
        ("twilio", "a cat", b"")
    ]
    assert (receipt.sent, receipt.route, receipt.parts) == (True, "twilio", 1)
    assert receipt.ids == (phone.messages[0]["sid"],)
    [problem] = receipt.problems
    assert problem.startswith("picture: left out: Twilio says: ")
    assert f" ({code}). " in problem
    assert AUTH_TOKEN not in problem


def test_the_words_on_a_picture_that_twilio_cannot_fetch(set_up: SetUp) -> None:
    phone = set_up("twilio")
    phone.script = [twilio_error(400, 21620, "Invalid media URL(s)")]
    assert textmyself("a cat", media="https://example.com/cat.jpg", confirm=0).problems == (
        "picture: left out: Twilio says: Twilio cannot fetch or use the picture (21620). Its "
        "address has to be open to everyone and to give a JPEG, PNG or GIF.",
    )


def test_a_picture_without_words_that_twilio_refuses_is_not_sent(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway")
    phone.script = [twilio_error(400, 21620, "Invalid media URL(s)")]
    receipt = textmyself("", media="https://example.com/cat.jpg", confirm=0)
    assert (receipt.sent, receipt.status, receipt.ids) == (False, "not sent", ())
    assert (phone.texts, phone.methods) == ([], ["POST"])
    assert "(21620)" in receipt.problems[0]
    assert "there is no text" in receipt.problems[0]


def test_a_picture_that_is_refused_and_words_that_are_refused_as_well_go_by_the_gateway(
    set_up: SetUp,
) -> None:
    phone = set_up("twilio", "gateway")
    phone.script = [twilio_error(400, 21620, "Invalid media URL(s)"), twilio_error(400, 21610, "")]
    receipt = textmyself("a cat", media="https://example.com/cat.jpg", confirm=0)
    assert [(text.route, text.body) for text in phone.texts] == [("gateway", "a cat")]
    picture, twilio = receipt.problems
    assert picture.startswith("picture: left out: ")
    assert_advice(twilio, 21610)


@pytest.mark.parametrize(
    ("code", "sentences"),
    [
        (20003, "Twilio does not know this account with this password (20003). Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or TWILIO_API_KEY and TWILIO_API_SECRET."),
        (20404, "Twilio has no such account (20404). Check TWILIO_ACCOUNT_SID."),
        (21211, "nobody can be reached at this phone number (21211). Check MY_PHONE_NUMBER: + and the country code, like +15559998888."),
        (21266, "the sender and you have the same number (21266). Set TWILIO_PHONE_NUMBER to a number rented from Twilio, not to your own."),
        (21610, "your phone or carrier blocks this sender, as it does after you answer STOP (21610). Text START from your phone to the number in TWILIO_PHONE_NUMBER."),
        (70051, "Twilio does not let this API key send texts for this account (70051). Make a Standard key there and set TWILIO_API_KEY and TWILIO_API_SECRET to it."),
        (21663, "the sender belongs to another Twilio region (21663). Remove TWILIO_REGION and TWILIO_EDGE from the environment, or take a number of that region."),
        (63015, "your phone has not joined this WhatsApp sandbox, or no longer takes part (63015). Search the Twilio console for Try WhatsApp and send its join code from your phone."),
        (572006, "this is a trial account, which cannot send your own words (572006). Upgrade it in the Twilio console."),
        (21999, "A reason of Twilio's own (21999). See twilio.com/docs/api/errors/21999."),
    ],
)  # fmt: skip
def test_the_words_of_some_refusals(set_up: SetUp, code: int, sentences: str) -> None:
    phone = set_up("twilio")
    phone.script = [twilio_error(400, code, "A reason of Twilio's own")]
    assert textmyself("hello").problems == (f"Twilio: {sentences}",)


def test_one_code_for_three_reasons_has_three_sentences(set_up: SetUp) -> None:
    phone, told = set_up("twilio"), set()
    for words in ("Authenticate", "Account is not active", "Primary compliance profile is missing"):
        phone.script = [twilio_error(401, 20003, words)]
        [problem] = textmyself("hello").problems
        assert_advice(problem, 20003)
        told.add(problem)
    assert len(told) == 3


def test_the_newer_form_of_errors_is_understood(set_up: SetUp) -> None:
    phone = set_up("twilio")
    problem = {"type": "https://www.twilio.com/docs/errors/21999", "title": "Bad", "status": 400}
    phone.script = [Answer(400, json.dumps({**problem, "code": 21999, "detail": "Worse"}))]
    assert textmyself("hello").problems == (
        "Twilio: Bad Worse (21999). See twilio.com/docs/api/errors/21999.",
    )


def test_somebody_elses_words_show_no_secret_and_no_whole_number(set_up: SetUp) -> None:
    phone = set_up("twilio")
    words = f"To {MY_NUMBER}\n account {ACCOUNT_SID} token {AUTH_TOKEN} \x1b[31m{'x' * 300}"
    phone.script = [twilio_error(400, 21999, words)]
    [problem] = textmyself("hello").problems
    assert problem.startswith("Twilio: To ...8888 account *** token *** [31mxxx")
    assert problem.isprintable()
    assert len(problem) < 300


@pytest.mark.parametrize("form", ["{}:{}", "\0{}\0{}"])
def test_a_log_in_that_is_quoted_back_is_hidden(set_up: SetUp, form: str) -> None:
    token = "???" * 10  # whose base64 is full of slashes, and so no long word
    phone = set_up("twilio", TWILIO_AUTH_TOKEN=token)
    coded = b64encode(form.format(ACCOUNT_SID, token).encode()).decode().rstrip("=")
    phone.script = [twilio_error(400, 21999, f"you said {coded}")]
    assert textmyself("hello").problems == (
        "Twilio: you said *** (21999). See twilio.com/docs/api/errors/21999.",
    )


def test_a_code_that_is_a_number_of_a_phone_is_not_shown(set_up: SetUp) -> None:
    phone = set_up("twilio")
    phone.script = [twilio_error(400, int(MY_NUMBER), "no")]
    assert MY_NUMBER[2:] not in str(textmyself("hello"))


@pytest.mark.parametrize("status", [300, 301, 400, 403, 407, 499])
def test_an_answer_that_is_not_twilios_is_told(set_up: SetUp, status: int) -> None:
    phone = set_up("twilio")
    phone.script = [Answer(status, "<html>Log in</html>", {"Location": "http://example.com/"})]
    assert textmyself("hello").problems == (f"Twilio: {answered(status)}",)
    assert phone.methods == ["POST"]


def answered(status: int) -> str:
    """Return what is said of an answer that gives no reason."""
    return (
        f"Twilio answered {status}, no reason given. See https://status.twilio.com, or "
        "whether a proxy or a login page is in between."
    )


@pytest.mark.parametrize("status", [300, 400])
def test_a_refusal_counts_as_one_though_it_looks_like_a_message(set_up: SetUp, status: int) -> None:
    phone = set_up("twilio")
    phone.script = [Answer(status, '{"sid": "SM0123456789abcdef0123456789abcdef"}')]
    assert textmyself("hello", confirm=0).status == "not sent"


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "0"}, {"Retry-After": "soon"}])
def test_too_many_requests_are_tried_again_twice(set_up: SetUp, headers: dict[str, str]) -> None:
    phone = set_up("twilio")
    phone.script = [Answer(429, SLOW.body, headers)] * 2
    assert textmyself("hello", confirm=0).problems == ()
    assert phone.methods == ["POST"] * 3
    assert len(phone.texts) == 1


def test_too_many_requests_three_times_are_too_many(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway")
    phone.script = [SLOW] * 3
    [problem] = textmyself("hello", confirm=0).problems
    assert_advice(problem, 20429)
    assert phone.methods == ["POST"] * 3
    assert [text.route for text in phone.texts] == ["gateway"]


@pytest.mark.parametrize(
    "wait", ["3600", pytest.param("25", id="25, which would leave the gateway little time")]
)
def test_a_long_retry_after_is_not_waited_for(set_up: SetUp, wait: str) -> None:
    phone = set_up("twilio", "gateway")
    phone.script = [Answer(429, SLOW.body, {"Retry-After": wait})]
    assert textmyself("hello", confirm=0, timeout=30).route == "gateway"
    assert phone.methods == ["POST"]


def test_a_daily_limit_is_not_tried_again(set_up: SetUp) -> None:
    phone = set_up("twilio")
    phone.script = [twilio_error(429, 63038, "daily limit")]
    [problem] = textmyself("hello").problems
    assert_advice(problem, 63038)
    assert phone.methods == ["POST"]


AMBIGUOUS = {
    "500 with a web page": Answer(500, "<html>"),
    "503 in Twilio's form": Answer(503, '{"code": 20503, "message": "Service unavailable"}'),
    "a web page": Answer(200, "<html>Welcome to our Wi-Fi</html>"),
    "nothing": Answer(201, ""),
    "half of JSON": Answer(201, '{"sid": '),
    "too deep JSON": Answer(201, "[" * 100_000),
    "no object": Answer(201, '["no object"]'),
    "no SID": Answer(201, '{"sid": null}'),
    "an empty SID": Answer(201, '{"sid": ""}'),
    "a hang-up": Answer(drop=True),
}


@pytest.mark.parametrize("answer", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_a_lost_answer_to_a_text_that_went_sends_no_second_one(
    set_up: SetUp, answer: Answer
) -> None:
    phone = set_up("twilio", "gateway")
    phone.script = [Answer(answer.status, answer.body, create=True, drop=answer.drop)]
    receipt = textmyself("hello “you”", confirm=0)
    assert [text.route for text in phone.texts] == ["twilio"]
    assert receipt.ids == (phone.messages[0]["sid"],)
    assert receipt.problems == ()


@pytest.mark.parametrize("answer", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_a_lost_answer_to_a_text_that_did_not_go_sends_it_once_more(
    set_up: SetUp, answer: Answer
) -> None:
    phone = set_up("twilio")
    phone.script = [answer]
    [problem] = textmyself("hello", confirm=0).problems
    assert problem.endswith(" It did not list the text, which goes once more.")
    assert phone.methods == ["POST", "GET", "POST"]
    assert len(phone.texts) == 1


def test_a_second_lost_answer_is_asked_after_and_then_the_gateway_takes_over(
    set_up: SetUp,
) -> None:
    phone = set_up("twilio", "gateway")
    nothing = Answer(200, '{"messages": []}', {"Date": "Sat, 21 Nov 2026 07:28:00 GMT"})
    phone.script = [Answer(503), nothing, Answer(503), nothing]
    receipt = textmyself("hello", confirm=0)
    assert phone.methods == ["POST", "GET"] * 2
    assert [text.route for text in phone.texts] == ["gateway"]
    assert receipt.problems == (
        f"Twilio: {answered(503)} It did not list the text, which goes once more.",
        f"Twilio: {answered(503)} Twice it did not list the text, which may yet arrive.",
    )


@pytest.mark.parametrize(
    "words", ["Hawai\u02bbi – “done”…", "― done", "naïve\u00a0café", "-5 °C", "👋 👋"]
)
def test_words_that_twilio_has_made_plainer_are_found_again(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    phone = set_up("twilio", "gateway")
    phone.script = [Answer(503, create=True)]
    answer, plainer = phone.answer, str.maketrans("\u02bb–“”\u00a0", '\'-"" ')

    def answer_plainly(request: Request, login: str) -> Answer:
        for message in phone.messages:
            message["body"] = words.translate(plainer).replace("…", "...")
        return answer(request, login)

    monkeypatch.setattr(phone, "answer", answer_plainly)
    receipt = textmyself(words, confirm=0)
    assert receipt.problems == ()
    assert receipt.ids == (phone.messages[0]["sid"],)
    assert len(phone.texts) == 1


def sent_elsewhere(phone: Phone, words: str, **fields: str) -> None:
    """Let Twilio list a text of another process, with these fields instead of the usual ones."""
    textmyself(words, confirm=0)
    phone.messages[0].update({"sid": f"SM{'f' * 32}", **fields})


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("done", "not done"), ("done", "gone"), ("Profit: 5", "Profit: -5"), ("a1", "a11")],
)
def test_other_words_are_not_taken_for_these(set_up: SetUp, ours: str, theirs: str) -> None:
    phone = set_up("twilio")
    sent_elsewhere(phone, theirs)
    phone.script = [Answer(503)]
    textmyself(ours, confirm=0)
    assert [text.body for text in phone.texts] == [theirs, ours]


@pytest.mark.parametrize(
    ("field", "value"),
    [("date_created", "Sat, 21 Nov 2026 07:28:00 +0000"), ("to", "+15557776666")],
)
def test_the_same_words_of_another_day_or_to_somebody_else_are_not_taken_for_these(
    set_up: SetUp, field: str, value: str
) -> None:
    phone = set_up("twilio")
    sent_elsewhere(phone, "hello", **{field: value})
    phone.script = [Answer(503)]
    receipt = textmyself("hello", confirm=0)
    assert len(phone.texts) == 2
    assert receipt.ids == (phone.messages[1]["sid"],)


def listed_as_lost(words: str, code: int) -> list[Answer]:
    """Return Twilio's answers when that to a text is lost, and the text is then listed as lost."""
    lost: dict[str, object] = {"sid": "SM1", "to": MY_NUMBER, "body": words}
    lost["date_created"] = formatdate()
    lost |= {"status": "failed", "error_code": code}
    return [Answer(503), Answer(200, json.dumps({"messages": [lost]}))]


def test_a_text_that_is_listed_as_lost_goes_by_the_gateway(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway")
    phone.script = listed_as_lost("hello", 30007)
    [problem] = textmyself("hello", confirm=0).problems
    assert_advice(problem, 30007)
    assert [text.route for text in phone.texts] == ["gateway"]
    assert phone.methods == ["POST", "GET"]


def test_a_picture_with_which_a_text_is_listed_as_lost_is_left_out_and_said(
    set_up: SetUp,
) -> None:
    phone = set_up("twilio", "gateway")
    phone.script = listed_as_lost("a cat", 63019)
    receipt = textmyself("a cat", media="https://example.com/cat.jpg", confirm=0)
    assert [(text.route, text.body, text.picture) for text in phone.texts] == [
        ("twilio", "a cat", b"")
    ]
    [problem] = receipt.problems
    assert problem.startswith("picture: left out: ")
    assert "(63019)" in problem


def test_a_picture_that_is_refused_after_a_lost_answer_is_left_out_and_said(
    set_up: SetUp,
) -> None:
    phone = set_up("twilio", "gateway")
    refusal = twilio_error(400, 21620, "Invalid media URL(s)")
    phone.script = [Answer(503), Answer(200, '{"messages": []}'), refusal]
    receipt = textmyself("a cat", media="https://example.com/cat.jpg", confirm=0)
    assert [(text.route, text.body, text.picture) for text in phone.texts] == [
        ("twilio", "a cat", b"")
    ]
    lost, picture = receipt.problems
    assert lost.endswith(" It did not list the text, which goes once more.")
    assert picture.startswith("picture: left out: ")


NO_LIST = "its answer is not a list of messages."
CANNOT_TELL = {
    "it may not be asked": (Answer(403, '{"code": 70051}'), "Twilio does not let this API key send texts"),
    "500": (Answer(500), "Twilio answered 500"),
    "a hang-up": (Answer(drop=True), "api.twilio.com broke off the connection."),
    "a web page": (Answer(200, "<html>"), "Twilio answered 200"),
    "a number": (Answer(200, "5"), "Twilio answered 200"),
    "no list": (Answer(200, '{"messages": 7}'), NO_LIST),
    "no list at all": (Answer(200, '{"messages": null}'), NO_LIST),
    "a list of null": (Answer(200, '{"messages": [null]}'), NO_LIST),
    "a list of something else": (Answer(200, '{"messages": {"to": 5}}'), NO_LIST),
    "a list of nothing": (Answer(200, '{"messages": [{}]}'), NO_LIST),
    "a list of nonsense": (Answer(200, '{"messages": [{"to": 1, "body": 2, "sid": 3, "date_created": "yesterday"}]}'), NO_LIST),
    "no time of day": (Answer(200, '{"messages": []}', {"Date": "yesterday"}), NO_LIST),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "reason"), CANNOT_TELL.values(), ids=CANNOT_TELL)
def test_when_nobody_can_tell_the_gateway_sends_and_says_it_may_arrive_twice(
    set_up: SetUp, answer: Answer, reason: str
) -> None:
    phone = set_up("twilio", "gateway")
    phone.script = [Answer(503, create=True), answer]
    receipt = textmyself("hello", confirm=0)
    assert [text.route for text in phone.texts] == ["twilio", "gateway"]
    twilio, twice = receipt.problems
    assert twilio.startswith(
        f"Twilio: {answered(503)} Whether it has the text cannot be found out: {reason}"
    )
    assert twice == "text: this text may arrive twice."


def test_when_nobody_can_tell_and_there_is_no_gateway_the_status_is_unknown(
    set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("twilio")
    phone.script = [Answer(503, create=True), Answer(403, "{}")]
    receipt = textmyself("hello", confirm=0)
    assert (receipt.sent, receipt.route, receipt.status) == (False, "", "unknown")
    [record] = caplog.records
    assert record.levelname == "ERROR"
    assert record.message.startswith("perhaps sent: 'hello'\n")


def test_two_routes_in_doubt_say_that_the_text_may_arrive_twice(
    set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("twilio", "gateway")
    phone.script = [Answer(503, create=True), Answer(503)]
    # It takes the mail, and hangs up instead of saying so.
    phone.smtp_replies = {".": ""}
    receipt = textmyself("hello", confirm=0)
    assert [text.route for text in phone.texts] == ["twilio", "gateway"]
    assert (receipt.sent, receipt.route, receipt.status) == (False, "", "unknown")
    twilio, gateway, twice = receipt.problems
    assert " Whether it has the text cannot be found out: Twilio answered 503" in twilio
    assert "may already have the text" in gateway
    assert twice == "text: this text may arrive twice."
    assert caplog.records[0].message.startswith("perhaps sent: 'hello'\n")


def test_a_doubt_and_a_refusal_do_not_say_that_the_text_may_arrive_twice(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway")
    phone.script = [Answer(503, create=True), Answer(503)]
    phone.smtp_replies = {"RCPT": "550 5.1.1 nobody here"}
    receipt = textmyself("hello", confirm=0)
    assert [text.route for text in phone.texts] == ["twilio"]
    assert (receipt.sent, receipt.status) == (False, "unknown")
    assert not any("twice" in problem for problem in receipt.problems)


@pytest.mark.parametrize("letter", ["\u0301", "\ufdfa", "\u0f71\u0f72"])
def test_a_list_with_very_long_words_in_it_is_read_in_time(set_up: SetUp, letter: str) -> None:
    phone = set_up("twilio", "gateway")
    # To sort so many marks takes minutes.
    long = {"sid": "SM1", "to": MY_NUMBER, "status": "sent", "date_created": formatdate()}
    long["body"] = "another" + letter * (320_000 // len(letter))
    ours = {**long, "sid": "SM2", "body": "hello"}
    listed = json.dumps({"messages": [long, ours]}, ensure_ascii=False)
    phone.script = [Answer(503), Answer(200, listed)]
    receipt = textmyself("hello", confirm=0)
    assert (receipt.sent, receipt.ids, receipt.problems) == (True, ("SM2",), ())
    assert phone.methods == ["POST", "GET"]


def test_a_list_that_is_too_long_to_be_read_tells_nothing(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway")
    long = {"sid": "SM1", "to": MY_NUMBER, "body": "\u0301" * 320_000}
    # Of six letters each, as JSON has them in ASCII.
    phone.script = [Answer(503), Answer(200, json.dumps({"messages": [long]}))]
    receipt = textmyself("hello", confirm=0)
    assert [text.route for text in phone.texts] == ["gateway"]
    assert receipt.problems[-1] == "text: this text may arrive twice."


def test_a_picture_without_words_cannot_be_found_again(set_up: SetUp) -> None:
    phone = set_up("twilio")
    phone.script = [Answer(503, create=True)]
    assert textmyself("", media="https://example.com/cat.jpg", confirm=0).status == "unknown"


def test_a_page_full_of_newer_messages_tells_nothing(set_up: SetUp) -> None:
    phone = set_up("twilio")
    newer = {"sid": f"SM{'f' * 32}", "to": MY_NUMBER, "body": "another", "status": "sent"}
    newer["date_created"] = formatdate(time.time() + 60)
    phone.script = [Answer(503), Answer(200, json.dumps({"messages": [newer] * 100}))]
    assert textmyself("hello", confirm=0).status == "unknown"


def test_no_connection_is_tried_again_and_then_the_gateway_takes_over(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway", HTTPS_PROXY="http://127.0.0.1:9")
    [problem] = textmyself("hello").problems
    assert problem.startswith("Twilio: api.twilio.com was not reached, because ")
    assert "HTTPS_PROXY" in problem
    assert [text.route for text in phone.texts] == ["gateway"]


@pytest.mark.parametrize("proxy", ["ftp://h:1", "http://h:99999", "http://[::1"])
def test_a_proxy_that_is_no_address_is_named(set_up: SetUp, proxy: str) -> None:
    set_up("twilio", HTTPS_PROXY=proxy)
    [problem] = textmyself("hello").problems
    assert "because HTTPS_PROXY is not a valid URL. Correct or remove it." in problem


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_file_of_authorities_that_is_not_there_is_named_by_its_settings(
    set_up: SetUp, name: str
) -> None:
    set_up("twilio", **{"REQUESTS_CA_BUNDLE": None, name: "/no/such/file"})
    assert textmyself("hello").problems == (
        "Twilio: api.twilio.com cannot be trusted, because REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE "
        "does not name a file of certificates that can be read. Correct or remove it.",
    )


@pytest.mark.parametrize("kind", ["untrusted", "misnamed", "expired"])
def test_a_server_whose_certificate_is_not_trusted_gets_nothing(set_up: SetUp, kind: str) -> None:
    phone = set_up("twilio")
    phone.show_certificate(kind)
    [problem] = textmyself("hello").problems
    assert "certificate" in problem
    assert phone.requests == []


def test_the_missing_package_is_named_with_its_command(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("twilio", "gateway")
    monkeypatch.setitem(sys.modules, "twilio.rest", None)
    receipt = textmyself("hello")
    assert receipt.problems == (
        "Twilio: twilio is missing, broken or too old. Run: pip install --upgrade twilio.",
    )
    assert [text.route for text in phone.texts] == ["gateway"]


def test_the_log_at_its_lowest_level_shows_no_secret_and_no_whole_number(
    set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    phone = set_up("twilio")
    caplog.set_level(logging.DEBUG)
    phone.script = [Answer(503, create=True)]
    textmyself("hello")
    assert "api.twilio.com" in caplog.text
    assert AUTH_TOKEN not in caplog.text
    assert MY_NUMBER[1:] not in caplog.text


@pytest.mark.parametrize("answer", [SLOW, Answer(503), Answer(503, create=True)])
def test_a_long_message_is_one_text_with_its_middle_left_out_however_often_it_is_tried(
    set_up: SetUp, answer: Answer
) -> None:
    phone = set_up("twilio")
    phone.script = [answer]
    message = f"begin {'word ' * 1000}end"
    receipt = textmyself(message, media="https://example.com/cat.jpg", confirm=0)
    [text] = phone.texts
    assert text.body.startswith("begin word ")
    assert text.body.endswith(" word end")
    assert "characters left out ...]" in text.body
    assert (receipt.sent, receipt.parts) == (True, 1)
    assert receipt.ids == (phone.messages[0]["sid"],)
    assert {request.form["Body"] for request in phone.requests if request.form} == {text.body}


def test_the_gateway_gets_the_whole_message_though_twilio_would_have_cut_it(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway", MY_CARRIER=None, MY_GATEWAY=SMTP_USER)
    message = f"begin {'word ' * 1000}end"
    phone.script = [twilio_error(400, 21610, "STOP")]
    assert textmyself(message).route == "gateway"
    assert [text.body for text in phone.texts] == [message]
