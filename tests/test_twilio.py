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
    AUTH_TOKEN,
    MY_NUMBER,
    SERVICE_SID,
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
COMING = pytest.mark.xfail(reason="one of the codes that are to be known", strict=False)


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


def test_a_messaging_service_wins_over_a_number(set_up: SetUp) -> None:
    phone = set_up("twilio", TWILIO_MESSAGING_SERVICE_SID=SERVICE_SID)
    assert textmyself("hello", confirm=0).problems == ()
    assert "From" not in phone.requests[0].form


def test_a_whatsapp_sender_texts_a_whatsapp_number(set_up: SetUp) -> None:
    phone = set_up("twilio", TWILIO_PHONE_NUMBER=f"whatsapp:{TWILIO_NUMBER}")
    assert textmyself("hello", confirm=0).problems == ()
    assert phone.texts[0].to == f"whatsapp:{MY_NUMBER}"


def test_twilios_region_is_the_packages_business(set_up: SetUp) -> None:
    phone = set_up("twilio", TWILIO_EDGE="dublin", TWILIO_REGION="ie1")
    assert not textmyself("hello", confirm=0)  # the make-believe certificate is api.twilio.com's
    assert phone.texts == []


def test_an_answer_may_be_compressed(set_up: SetUp) -> None:
    phone = set_up("twilio")
    sid = "SM0123456789abcdef0123456789abcdef"
    packed = gzip.compress(json.dumps({"sid": sid, "status": "queued"}).encode())
    phone.script = [Answer(201, packed, {"Content-Encoding": "gzip"})]
    assert textmyself("hello", confirm=0).ids == (sid,)


def test_a_status_that_is_none_is_queued_and_a_secret_in_it_is_hidden(set_up: SetUp) -> None:
    phone = set_up("twilio")
    phone.script = [Answer(201, '{"sid": "SM1", "status": null}')]
    assert textmyself("hello", confirm=0).status == "queued"
    phone.script = [Answer(201, json.dumps({"sid": "SM2", "status": AUTH_TOKEN}))]
    assert textmyself("hello", confirm=0).status == "***"


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
    "10001 10002 20003 20005 20403 20404 20429 21211 21212 21265 21266 21408 21603 21604 21606 "
    "21608 21610 21611 21612 21614 21617 21635 21654 21659 21660 21661 21703 21704 21705 63038 "
    "70051 572005 572006"
)


@pytest.mark.parametrize("code", [*map(int, CODES.split()), pytest.param(21663, marks=COMING)])
def test_a_refusal_says_what_to_do_and_the_gateway_takes_over(set_up: SetUp, code: int) -> None:
    phone = set_up("twilio", "gateway", MY_PHONE_NUMBER=MINE)
    words = f"{MINE} of {ACCOUNT_SID}, {AUTH_TOKEN}"
    phone.script = [twilio_error(400, code, words)]
    [problem] = textmyself("hello", confirm=0).problems
    assert_advice(problem, code)
    assert [text.route for text in phone.texts] == ["gateway"]


@pytest.mark.parametrize(
    ("code", "sentences"),
    [
        (20003, "Twilio does not know this account with this password (20003). Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or TWILIO_API_KEY and TWILIO_API_SECRET."),
        (20404, "Twilio has no such account (20404). Check TWILIO_ACCOUNT_SID."),
        (21211, "nobody has this phone number (21211). Check MY_PHONE_NUMBER: + and the country code, like +15559998888."),
        (21266, "the sender and you have the same number (21266). Set TWILIO_PHONE_NUMBER to a number rented from Twilio, not to your own."),
        (21610, "your phone blocks this sender, as by answering STOP (21610). Text START from your phone to the number in TWILIO_PHONE_NUMBER."),
        (70051, "this API key may not send texts (70051). Make a Standard key and set TWILIO_API_KEY and TWILIO_API_SECRET to it."),
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
    assert problem.startswith("Twilio: To ...8888 account *** token *** [***")


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
        f"api.twilio.com answered {status}, no reason given. See https://status.twilio.com, or "
        "whether a proxy or a log-in page is in between."
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
        f"Twilio: {answered(503)} It did not list the text, which may yet arrive.",
    )


@pytest.mark.parametrize("words", ["Hawai\u02bbi – “done”…", "naïve\u00a0café", "-5 °C", "👋 👋"])
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


CANNOT_TELL = {
    "it may not be asked": Answer(403, '{"code": 70051}'),
    "500": Answer(500),
    "a hang-up": Answer(drop=True),
    "a web page": Answer(200, "<html>"),
    "no list": Answer(200, '{"messages": 7}'),
    "a list of nothing": Answer(200, '{"messages": [{}]}'),
    "a list of nonsense": Answer(200, '{"messages": [{"to": 1, "body": 2, "sid": 3, "date_created": "yesterday"}]}'),
    "no time of day": Answer(200, '{"messages": []}', {"Date": "yesterday"}),
}  # fmt: skip


@pytest.mark.parametrize("answer", CANNOT_TELL.values(), ids=CANNOT_TELL)
def test_when_nobody_can_tell_the_gateway_sends_and_says_it_may_arrive_twice(
    set_up: SetUp, answer: Answer
) -> None:
    phone = set_up("twilio", "gateway")
    phone.script = [Answer(503, create=True), answer]
    receipt = textmyself("hello", confirm=0)
    assert [text.route for text in phone.texts] == ["twilio", "gateway"]
    assert receipt.problems == (
        f"Twilio: {answered(503)} Whether the text went cannot be found out.",
        "Twilio: so this text may arrive twice.",
    )


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
    assert problem.startswith("Twilio: api.twilio.com was not reached, as ")
    assert "HTTPS_PROXY" in problem
    assert [text.route for text in phone.texts] == ["gateway"]


@pytest.mark.parametrize("proxy", ["ftp://h:1", "http://h:99999", "http://[::1"])
def test_a_proxy_that_is_no_address_is_named(set_up: SetUp, proxy: str) -> None:
    set_up("twilio", HTTPS_PROXY=proxy)
    [problem] = textmyself("hello").problems
    assert "as HTTPS_PROXY is no address. Correct or remove it." in problem


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("REQUESTS_CA_BUNDLE", "/no/such/file", "cannot be trusted, as REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names no file. Correct or remove it."),
        ("HTTPS_PROXY", "socks5://127.0.0.1:9", "was not reached, as the SOCKS proxy needs a package. Run: pip install pysocks."),
    ],
)  # fmt: skip
def test_a_setting_of_the_network_that_is_wrong_is_named(
    set_up: SetUp, name: str, value: str, sentence: str
) -> None:
    set_up("twilio", **{name: value})
    assert textmyself("hello").problems == (f"Twilio: api.twilio.com {sentence}",)


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
        "Twilio: twilio is missing, or a twilio.py of yours hides it. Run: pip install twilio.",
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


def test_a_long_message_goes_in_parts_on_one_connection(set_up: SetUp) -> None:
    phone = set_up("twilio")
    receipt = textmyself("word " * 1000, media="https://example.com/cat.jpg", confirm=0)
    assert receipt.parts == 4
    assert [text.body[:6] for text in phone.texts] == ["(1/4) ", "(2/4) ", "(3/4) ", "(4/4) "]
    assert [text.picture for text in phone.texts] == ["https://example.com/cat.jpg", b"", b"", b""]
    assert len({request.connection for request in phone.requests}) == 1


def test_what_is_left_after_a_refusal_goes_by_the_gateway(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway")
    sent = {"sid": "SM" + "1" * 32, "status": "queued"}
    phone.script = [Answer(create=True, body=json.dumps(sent)), twilio_error(400, 21610, "STOP")]
    receipt = textmyself("word " * 400, confirm=0)
    assert [text.route for text in phone.texts] == ["twilio", "gateway"]
    assert phone.texts[0].body.startswith("(1/2) word")
    assert phone.texts[1].body.startswith("(2/2) word")
    assert receipt.parts == 2


def test_a_doubt_about_one_part_is_none_about_the_next(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway")
    nothing = Answer(200, '{"messages": []}')
    made = Answer(create=True, body='{"sid": "SM1", "status": "queued"}')
    phone.script = [Answer(503), nothing, made, Answer(503), nothing]
    receipt = textmyself("word " * 400, confirm=0)
    assert [text.body[:6] for text in phone.texts] == ["(1/2) ", "(2/2) "]
    assert sum("goes once more" in problem for problem in receipt.problems) == 2


def test_each_part_has_its_own_tries(set_up: SetUp) -> None:
    phone = set_up("twilio")
    phone.script = [SLOW, SLOW, Answer(create=True, body='{"sid": "SM1"}'), SLOW, SLOW]
    assert textmyself("word " * 400, confirm=0).parts == 2
    assert len(phone.texts) == 2
