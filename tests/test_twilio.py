"""The route by Twilio: what is sent, what Twilio's refusals tell, and what a lost answer does."""

from __future__ import annotations

import gzip
import json
import logging
from base64 import b64encode
from collections.abc import Callable

import pytest
from phone import (
    ACCOUNT_SID,
    API_KEY,
    API_SECRET,
    AUTH_TOKEN,
    MY_NUMBER,
    SERVICE_SID,
    TWILIO_NUMBER,
    Answer,
    Phone,
    twilio_error,
)

import textmyself as module
from textmyself import textmyself

SetUp = Callable[..., Phone]
pytestmark = pytest.mark.usefixtures("short_pauses")


def answered(status: int) -> str:
    """Return what is said of an answer that gives no reason."""
    return (
        f"api.twilio.com answered {status}, no reason given. See https://status.twilio.com, or "
        "whether a proxy or a log-in page is in between."
    )


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


def test_an_api_key_logs_in_instead_of_the_token(set_up: SetUp) -> None:
    keys = {"TWILIO_API_KEY": API_KEY, "TWILIO_API_SECRET": API_SECRET}
    phone = set_up("twilio", TWILIO_AUTH_TOKEN=None, **keys)
    assert textmyself("hello", confirm=0).problems == ()
    assert ACCOUNT_SID in phone.requests[0].path


def test_a_messaging_service_sends_instead_of_a_number(set_up: SetUp) -> None:
    phone = set_up("twilio", TWILIO_MESSAGING_SERVICE_SID=SERVICE_SID)
    assert textmyself("hello", confirm=0).status == "accepted"
    assert phone.requests[0].form["MessagingServiceSid"] == SERVICE_SID
    assert "From" not in phone.requests[0].form


def test_a_whatsapp_sender_texts_a_whatsapp_number(set_up: SetUp) -> None:
    phone = set_up("twilio", TWILIO_PHONE_NUMBER=f"whatsapp:{TWILIO_NUMBER}")
    assert textmyself("hello", confirm=0).problems == ()
    assert phone.texts[0].to == f"whatsapp:{MY_NUMBER}"


def test_twilios_region_is_the_packages_business(set_up: SetUp) -> None:
    phone = set_up("twilio", TWILIO_EDGE="dublin", TWILIO_REGION="ie1")
    assert not textmyself("hello", confirm=0)  # the make-believe certificate is api.twilio.com's
    assert phone.texts == []


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


ADVICE = [
    (401, 20003, "Authenticate", "Twilio does not know this account with this password (20003). Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or TWILIO_API_KEY and TWILIO_API_SECRET."),
    (401, 20003, "Account is not active", "your Twilio account is not active (20003). Add funds, or see in the Twilio console what it waits for."),
    (401, 20003, "Primary compliance profile is not approved", "Twilio has not approved your identity check yet (20003). Finish it in the Twilio console under Trust Hub."),
    (404, 20404, "not found", "Twilio has no such account (20404). Check TWILIO_ACCOUNT_SID."),
    (400, 21211, "Invalid To", "nobody has this phone number (21211). Check MY_PHONE_NUMBER: + and the country code, like +15559998888."),
    (400, 21266, "same", "the sender and you have the same number (21266). Set TWILIO_PHONE_NUMBER to a number rented from Twilio, not to your own."),
    (400, 21408, "region", "your Twilio account may not text this country yet (21408). Allow it in the Twilio console under Messaging > Settings > Geo permissions."),
    (400, 21606, "From", "the sender is no number of yours that can text (21606). Set TWILIO_PHONE_NUMBER to one from the Twilio console under Phone Numbers > Active numbers."),
    (400, 21608, "unverified", "a trial account texts verified numbers only (21608). Verify yours in the Twilio console under Phone Numbers > Verified Caller IDs, or upgrade the account."),
    (400, 21610, "unsubscribed", "your phone blocks this sender, as by answering STOP (21610). Text START from your phone to the number in TWILIO_PHONE_NUMBER."),
    (400, 21614, "not mobile", "this number cannot get texts, as a landline cannot (21614). Set MY_PHONE_NUMBER to a mobile number."),
    (400, 21617, "too long", "the text is too long for this Twilio account (21617). Make it shorter, or upgrade a trial account."),
    (400, 21659, "not Twilio's", "the sender is no Twilio number (21659). Set TWILIO_PHONE_NUMBER to a number rented from Twilio, not to your own."),
    (400, 21660, "mismatch", "the sender belongs to another Twilio account (21660). Set TWILIO_ACCOUNT_SID to the account that owns TWILIO_PHONE_NUMBER."),
    (429, 63038, "daily limit", "your Twilio account has sent all it may today (63038). Wait until tomorrow, or ask Twilio's support for more."),
    (403, 70051, "Authorization", "this API key may not send texts (70051). Make a Standard key and set TWILIO_API_KEY and TWILIO_API_SECRET to it."),
    (400, 572006, "template", "this is a trial account, which cannot send your own words any more (572006). Upgrade it in the Twilio console."),
    (400, 21999, "A reason of Twilio's own", "A reason of Twilio's own (21999). See twilio.com/docs/api/errors/21999."),
]  # fmt: skip


@pytest.mark.parametrize(("status", "code", "words", "sentence"), ADVICE)
def test_a_refusal_says_what_to_do_and_the_gateway_takes_over(
    set_up: SetUp, status: int, code: int, words: str, sentence: str
) -> None:
    phone = set_up("twilio", "gateway")
    phone.script = [twilio_error(status, code, words)]
    receipt = textmyself("hello", confirm=0)
    assert receipt.problems == (f"Twilio: {sentence}",)
    assert [text.route for text in phone.texts] == ["gateway"]


def test_every_code_of_the_table_has_two_sentences() -> None:
    seen = set()
    for codes, clue, advice in module.TWILIO_ADVICE:
        what, dot, act = advice.partition(". ")
        assert all((what, dot, act))
        assert not advice.endswith(".")
        for code in codes.split():
            assert code.isdecimal()
            assert (code, clue) not in seen
            seen.add((code, clue))


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


@pytest.mark.parametrize("status", [300, 301, 400, 403, 407, 499])
def test_an_answer_that_is_not_twilios_is_told(set_up: SetUp, status: int) -> None:
    phone = set_up("twilio")
    phone.script = [Answer(status, "<html>Log in</html>", {"Location": "http://example.com/"})]
    assert textmyself("hello").problems == (f"Twilio: {answered(status)}",)
    assert phone.methods == ["POST"]


def test_an_answer_may_be_compressed(set_up: SetUp) -> None:
    phone = set_up("twilio")
    sid = "SM0123456789abcdef0123456789abcdef"
    packed = gzip.compress(json.dumps({"sid": sid, "status": "queued"}).encode())
    phone.script = [Answer(201, packed, {"Content-Encoding": "gzip"})]
    assert textmyself("hello", confirm=0).ids == (sid,)


@pytest.mark.parametrize("status", [300, 400])
def test_a_refusal_counts_as_one_though_it_looks_like_a_message(set_up: SetUp, status: int) -> None:
    phone = set_up("twilio")
    phone.script = [Answer(status, '{"sid": "SM0123456789abcdef0123456789abcdef"}')]
    assert textmyself("hello", confirm=0).status == "not sent"


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "0"}, {"Retry-After": "soon"}])
def test_too_many_requests_are_tried_again_twice(set_up: SetUp, headers: dict[str, str]) -> None:
    phone = set_up("twilio")
    slow = twilio_error(429, 20429, "Too Many Requests")
    phone.script = [Answer(429, slow.body, headers)] * 2
    assert textmyself("hello", confirm=0).problems == ()
    assert phone.methods == ["POST"] * 3
    assert len(phone.texts) == 1


def test_too_many_requests_three_times_are_too_many(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway")
    phone.script = [twilio_error(429, 20429, "Too Many Requests")] * 3
    receipt = textmyself("hello", confirm=0)
    assert receipt.problems == (
        "Twilio: Twilio was asked too often (20429). Wait some minutes before the next text.",
    )
    assert [text.route for text in phone.texts] == ["gateway"]


def test_a_retry_after_longer_than_the_timeout_is_not_waited_for(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway")
    slow = twilio_error(429, 20429, "Too Many Requests")
    phone.script = [Answer(429, slow.body, {"Retry-After": "3600"})]
    assert textmyself("hello", confirm=0).route == "gateway"
    assert phone.methods == ["POST"]


def test_a_retry_after_that_would_leave_the_gateway_little_time_is_not_waited_for(
    set_up: SetUp,
) -> None:
    phone = set_up("twilio", "gateway")
    slow = twilio_error(429, 20429, "Too Many Requests")
    phone.script = [Answer(429, slow.body, {"Retry-After": "7"})]
    assert textmyself("hello", confirm=0, timeout=10).route == "gateway"
    assert phone.methods == ["POST"]


AMBIGUOUS = [
    Answer(500, "<html>"),
    Answer(503, '{"code": 20503, "message": "Service unavailable"}'),
    Answer(200, "<html>Welcome to our Wi-Fi</html>"),
    Answer(201, ""),
    Answer(201, '{"sid": '),
    Answer(201, "[" * 100_000),
    Answer(201, '["no object"]'),
    Answer(201, '{"sid": null}'),
    Answer(drop=True),
]


@pytest.mark.parametrize("answer", AMBIGUOUS)
def test_a_lost_answer_to_a_text_that_went_sends_no_second_one(
    set_up: SetUp, answer: Answer
) -> None:
    phone = set_up("twilio", "gateway")
    phone.script = [Answer(answer.status, answer.body, create=True, drop=answer.drop)]
    receipt = textmyself("hello “you”", confirm=0)
    assert [text.route for text in phone.texts] == ["twilio"]
    assert receipt.ids == (phone.messages[0]["sid"],)
    assert receipt.problems == ()


@pytest.mark.parametrize("answer", AMBIGUOUS)
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


def test_a_doubt_about_one_part_is_none_about_the_next(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway")
    nothing = Answer(200, '{"messages": []}')
    made = Answer(create=True, body='{"sid": "SM1", "status": "queued"}')
    phone.script = [Answer(503), nothing, made, Answer(503), nothing]
    receipt = textmyself("word " * 400, confirm=0)
    assert [text.body[:6] for text in phone.texts] == ["(1/2) ", "(2/2) "]
    assert sum("goes once more" in problem for problem in receipt.problems) == 2


def test_a_status_that_is_none_is_queued_and_a_secret_in_it_is_hidden(set_up: SetUp) -> None:
    phone = set_up("twilio")
    phone.script = [Answer(201, '{"sid": "SM1", "status": null}')]
    assert textmyself("hello", confirm=0).status == "queued"
    phone.script = [Answer(201, json.dumps({"sid": "SM2", "status": AUTH_TOKEN}))]
    assert textmyself("hello", confirm=0).status == "***"


def test_a_code_that_is_a_number_of_a_phone_is_not_shown(set_up: SetUp) -> None:
    phone = set_up("twilio")
    phone.script = [twilio_error(400, int(MY_NUMBER), "no")]
    assert MY_NUMBER[2:] not in str(textmyself("hello"))


@pytest.mark.parametrize("proxy", ["ftp://h:1", "http://h:99999", "http://[::1"])
def test_a_proxy_that_is_no_address_is_named(set_up: SetUp, proxy: str) -> None:
    set_up("twilio", HTTPS_PROXY=proxy)
    [problem] = textmyself("hello").problems
    assert "as HTTPS_PROXY is no address. Correct or remove it." in problem


CANNOT_TELL = [
    Answer(403, '{"code": 70051}'),
    Answer(500),
    Answer(drop=True),
    Answer(200, "<html>"),
    Answer(200, '{"messages": 7}'),
    Answer(200, '{"messages": [{}]}'),
    Answer(200, '{"messages": [{"to": 1, "body": 2, "sid": 3, "date_created": "yesterday"}]}'),
    Answer(200, '{"messages": []}', {"Date": "yesterday"}),
]


@pytest.mark.parametrize("answer", CANNOT_TELL)
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
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert caplog.text.partition("perhaps sent: 'hello'")[1]


def test_an_older_text_with_the_same_words_is_not_taken_for_this_one(set_up: SetUp) -> None:
    phone = set_up("twilio")
    textmyself("hello", confirm=0)
    phone.messages[0]["date_created"] = "Sat, 21 Nov 2026 07:28:00 +0000"
    module.SIDS.clear()  # as if another process had sent it
    phone.script = [Answer(503)]
    receipt = textmyself("hello", confirm=0)
    assert len(phone.texts) == 2
    assert receipt.ids == (phone.messages[1]["sid"],)


def test_another_text_to_another_number_is_not_taken_for_this_one(set_up: SetUp) -> None:
    phone = set_up("twilio")
    textmyself("hello", confirm=0)
    phone.messages[0]["to"] = "+15557776666"
    module.SIDS.clear()  # as if another process had sent it
    phone.script = [Answer(503)]
    textmyself("hello", confirm=0)
    assert len(phone.texts) == 2


def test_a_text_of_emoji_alone_is_found_again(set_up: SetUp) -> None:
    phone = set_up("twilio")
    phone.script = [Answer(503, create=True)]
    assert textmyself("👋 👋", confirm=0).problems == ()
    assert len(phone.texts) == 1


def test_no_connection_is_tried_again_and_then_the_gateway_takes_over(set_up: SetUp) -> None:
    phone = set_up("twilio", "gateway", HTTPS_PROXY="http://127.0.0.1:9")
    receipt = textmyself("hello")
    assert receipt.problems == (
        "Twilio: api.twilio.com was not reached, as a proxy refused. "
        "Check the setting HTTPS_PROXY.",
    )
    assert [text.route for text in phone.texts] == ["gateway"]


def test_an_untrusted_certificate_gets_nothing(set_up: SetUp) -> None:
    phone = set_up("twilio", REQUESTS_CA_BUNDLE=None)
    receipt = textmyself("hello")
    assert receipt.problems == (
        "Twilio: api.twilio.com shows a certificate that cannot be trusted. "
        "Check this machine's clock and network.",
    )
    assert phone.requests == []


def test_the_missing_package_is_named_with_its_command(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up("twilio", "gateway")
    monkeypatch.setitem(__import__("sys").modules, "twilio.rest", None)
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


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("done", "not done"), ("done", "gone"), ("Profit: 5", "Profit: -5"), ("a1", "a11")],
)
def test_other_words_are_not_taken_for_these(set_up: SetUp, ours: str, theirs: str) -> None:
    phone = set_up("twilio")
    textmyself(theirs, confirm=0)
    module.SIDS.clear()  # as if another process had sent them
    phone.script = [Answer(503)]
    textmyself(ours, confirm=0)
    assert [text.body for text in phone.texts] == [theirs, ours]


@pytest.mark.parametrize("words", ["Hawai\u02bbi – “done”…", "naïve\u00a0café", "-5 °C"])
def test_words_that_twilio_has_made_plainer_are_found_again(set_up: SetUp, words: str) -> None:
    phone = set_up("twilio", "gateway")
    phone.script = [Answer(503, create=True)]
    plain = words.translate(str.maketrans("\u02bb–“”\u00a0", '\'-"" ')).replace("…", "...")

    def get_plainer(request: object, login: str) -> Answer:
        phone.messages[0]["body"] = plain
        return answer(request, login)  # type: ignore[arg-type]

    answer = phone.answer
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            phone, "answer", lambda *it: get_plainer(*it) if phone.messages else answer(*it)
        )
        assert textmyself(words, confirm=0).problems == ()
    assert len(phone.texts) == 1


def test_a_picture_without_words_cannot_be_found_again(set_up: SetUp) -> None:
    phone = set_up("twilio")
    phone.script = [Answer(503, create=True)]
    assert textmyself("", media="https://example.com/cat.jpg", confirm=0).status == "unknown"


def test_a_page_full_of_newer_messages_tells_nothing(set_up: SetUp) -> None:
    phone = set_up("twilio")
    textmyself("another text", confirm=0)
    page = {"messages": [{**phone.messages[0], "body": "another"}] * 100}
    phone.script = [Answer(503), Answer(200, json.dumps(page))]
    assert textmyself("hello", confirm=0).status == "unknown"


def test_each_part_has_its_own_tries(set_up: SetUp) -> None:
    phone = set_up("twilio")
    slow = twilio_error(429, 20429, "Too Many Requests")
    phone.script = [slow, slow, Answer(create=True, body='{"sid": "SM1"}'), slow, slow]
    assert textmyself("word " * 400, confirm=0).parts == 2
    assert len(phone.texts) == 2


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


@pytest.mark.parametrize("form", ["{}:{}", "\0{}\0{}"])
def test_a_log_in_that_is_quoted_back_is_hidden(set_up: SetUp, form: str) -> None:
    token = "???" * 10  # whose base64 is full of slashes, and so no long word
    phone = set_up("twilio", TWILIO_AUTH_TOKEN=token)
    coded = b64encode(form.format(ACCOUNT_SID, token).encode()).decode().rstrip("=")
    phone.script = [twilio_error(400, 21999, f"you said {coded}")]
    assert textmyself("hello").problems == (
        "Twilio: you said *** (21999). See twilio.com/docs/api/errors/21999.",
    )
