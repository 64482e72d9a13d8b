"""A make-believe phone: it plays Twilio over HTTPS and a carrier's e-mail gateway over SMTP.

    uv run tests/phone.py

shows the real module texting it. Nothing has to be set up, and nothing leaves this machine. In a
test:

    with Phone() as phone:
        for name, value in phone.settings("twilio").items():
            monkeypatch.setenv(name, value)
        textmyself("The boring task is finished.")
        assert phone.texts[-1].body == "The boring task is finished."

The module has no back door for this. The packages that it uses reach the phone as they reach any
server from behind a company's proxy: HTTPS_PROXY says where, REQUESTS_CA_BUNDLE and SSL_CERT_FILE
say whom to trust. Or let the look-up of api.twilio.com lead to the same port.

The rules are those of Twilio's Message resource (twilio.com/docs/messaging/api/message-resource),
of its errors (twilio.com/docs/api/errors) and, for mail, of RFC 5321, 3207, 4954 and 8314.
"""

# ruff: noqa: N802, N815 -- http.server and aiosmtpd find their hooks by such names
from __future__ import annotations

import asyncio
import io
import itertools
import json
import logging
import os
import re
import socket
import socketserver
import ssl
import struct
import sys
import textwrap
import time
import zlib
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.utils import formatdate, parseaddr
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4
from weakref import WeakSet

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

# Nobody has a number with the area code 555, nor a SID or a password made by counting.
MY_NUMBER = "+15559998888"
TWILIO_NUMBER = "+15550001111"
ACCOUNT_SID = "AC" + 2 * "0123456789abcdef"
AUTH_TOKEN = 2 * "456789abcdef0123"
API_KEY = "SK" + 2 * "0123456789abcdef"
API_SECRET = 2 * "89abcdef01234567"
SERVICE_SID = "MG" + 2 * "0123456789abcdef"
SMTP_USER = "you@gmail.com"
SMTP_PASSWORD = "abcdefghijklmnop"

LOGINS = [  # as HTTP's Basic authentication (RFC 7617) writes them
    "Basic " + b64encode(f"{user}:{password}".encode()).decode()
    for user, password in ((ACCOUNT_SID, AUTH_TOKEN), (API_KEY, API_SECRET))
]
FIELDS = {"To", "From", "MessagingServiceSid", "Body", "MediaUrl", "SmartEncoded"}
NUMBER = r"(whatsapp:)?\+[1-9][0-9]{1,14}"  # E.164 of the ITU
LOOKALIKES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
# Instead of a mail server's reply; ENDLESS stands before the line that is said for ever.
SILENT, DRIPPING, ENDLESS = "(silence)", "(a byte now and then)", "(for ever)"
LOST = ("undelivered", "failed")  # the last status of a message that does not reach the phone


class Text(NamedTuple):
    """One text as the phone got it."""

    route: str  # 'twilio' or 'gateway'
    to: str  # a number, or an e-mail address
    sender: str  # likewise
    body: str  # exactly as the phone shows it
    picture: bytes | str = b""  # its bytes, or its address in the web
    raw: bytes = b""  # by the gateway: the mail as it came, its dots no longer doubled


class Request(NamedTuple):
    """One HTTP request as Twilio got it."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    connection: int  # which of the TCP connections, counted from 1
    headers: Mapping[str, str] = {}


@dataclass(frozen=True)
class Answer:
    """What Twilio answers to a request; a header given here replaces the usual one.

    So a `Content-Length` beyond the body with `Connection: close` is a reply cut short.
    """

    status: int = 200
    body: str | bytes = ""
    headers: dict[str, str] = field(default_factory=dict)
    create: bool = False  # do what the request asks all the same: this answer belies it
    drop: bool = False  # hang up instead of answering
    unread: bool = False  # hang up before the request's body is read
    silent: bool = False  # say nothing, until the other side hangs up
    dripping: bool = False  # say a byte more now and then, until the other side hangs up
    endless: bool = False  # or as many bytes as it takes


def twilio_error(status: int, code: int, words: str) -> Answer:
    """Return a refusal in Twilio's form, with the HTTP `status` and Twilio's own `code`."""
    page = f"https://www.twilio.com/docs/errors/{code}"
    return _as_json({"code": code, "message": words, "more_info": page, "status": status}, status)


def _as_json(content: dict[str, Any], status: int = 200) -> Answer:
    return Answer(status, json.dumps(content))


class Phone:
    """The phone and the servers through which it is texted, on 127.0.0.1, from `with` to its end.

    `ca_file` is the PEM file of the authority to trust; `tls` is what it signed. `twilio_port` takes TLS at once, or a
    proxy's CONNECT first. Of the mail servers, that at `implicit_port` takes TLS at once and that
    at `starttls_port` after STARTTLS, then each wants a login; `plain_port` is a relay's.
    """

    ca_file: str
    tls: ssl.SSLContext
    twilio_port: int
    starttls_port: int
    implicit_port: int
    plain_port: int

    def __init__(self) -> None:
        # What came, newest last: texts, requests to Twilio, its Message resources, and the mail
        # servers' commands, with "." for the end of a mail.
        self.texts: list[Text] = []
        self.requests: list[Request] = []
        self.messages: list[dict[str, Any]] = []
        self.commands: list[str] = []
        # What a test may change of Twilio: answers to the next requests, one each; the statuses of
        # a new message, one further at each look at it, and its error once it is lost.
        self.script: list[Answer] = []
        self.statuses = ["queued", "sent", "delivered"]
        self.error_code: int | None = None
        # And of the mail servers: what is replied to the commands that begin with a key ("RCPT",
        # "EHLO [", "."), always or, from a list, to one each, where None is the usual reply, as it
        # is after the last. '' hangs up; and there are SILENT, DRIPPING and ENDLESS + a line. And
        # the SIZE that is announced (RFC 1870): 552 is said to a larger mail.
        self.smtp_replies: Mapping[str, str | list[str] | list[str | None]] = {}
        self.mail_size = 33_554_432
        self._coming: dict[str, list[str]] = {}  # the statuses to come, by the message's SID
        self._shown = ("", "")  # the kinds of certificates that are shown
        self._lock = Lock()  # as each connection to Twilio has a thread of its own
        self._servers = ExitStack()

    def __enter__(self) -> Phone:
        with ExitStack() as stack:
            folder = stack.enter_context(TemporaryDirectory(prefix="phone-"))
            self.ca_file = os.path.join(folder, "ca.pem")
            self._certificates = _certify(self.ca_file)
            self.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            tls = self._mail_tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self.show_certificate("right")
            twilio = _TwilioServer(self, self.tls)
            starttls = _MailServer(_Gateway(self), tls_context=tls, require_starttls=True)
            implicit = _MailServer(_Gateway(self), ssl_context=tls, auth_require_tls=False)
            plain = _MailServer(_Gateway(self, login=False))
            for server in (twilio, starttls, implicit, plain):
                server.start()
                stack.callback(server.stop)
            self.twilio_port, self.starttls_port = twilio.port, starttls.port
            self.implicit_port, self.plain_port = implicit.port, plain.port
            self._servers = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._servers.close()

    @property
    def methods(self) -> list[str]:
        """The methods of all requests, 'POST' or 'GET'."""
        return [request.method for request in self.requests]

    @property
    def verbs(self) -> list[str]:
        """The first words of all commands to the mail servers, as 'RCPT'."""
        return [command.partition(" ")[0] for command in self.commands]

    def show_certificate(self, twilio: str, mail: str = "right") -> None:
        """Show these from now on: a 'right', 'expired', 'early', 'misnamed' or 'untrusted' one."""
        shown = (twilio, mail)
        # Loading them takes a millisecond, which counts where each test asks for the right ones.
        if shown != self._shown:
            self._certificates[twilio].configure_cert(self.tls)
            self._certificates[mail].configure_cert(self._mail_tls)
            self._shown = shown

    def settings(self, *routes: str) -> dict[str, str]:
        """Return the environment in which `textmyself` reaches this phone by these routes."""
        settings = {"MY_PHONE_NUMBER": MY_NUMBER}
        if "twilio" in routes:
            settings |= {
                "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
                "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
                "TWILIO_PHONE_NUMBER": TWILIO_NUMBER,
                "HTTPS_PROXY": f"http://127.0.0.1:{self.twilio_port}",
                "NO_PROXY": "",
                "REQUESTS_CA_BUNDLE": self.ca_file,
            }
        if "gateway" in routes:
            settings |= {
                "MY_CARRIER": "Google Fi",
                "SMTP_USER": SMTP_USER,
                "SMTP_PASSWORD": SMTP_PASSWORD,
                "SMTP_HOST": "localhost",
                "SMTP_PORT": str(self.implicit_port),
                "SMTP_TLS": "implicit",
                "SSL_CERT_FILE": self.ca_file,
            }
        return settings

    def answer(self, request: Request, login: str) -> Answer:
        """Return what Twilio answers to `request`, whose Authorization header is `login`."""
        with self._lock:
            self.requests.append(request)
            scripted = self.script.pop(0) if self.script else None
            if scripted and not scripted.create:
                return scripted
            usual = self._obey(request, login)
            return scripted or usual

    def reply(self, command: str, commands: list[str]) -> str | None:
        """Return what a test has the mail server say to `command`, or None for the usual reply.

        It is added to `commands`, the list of the test that made this connection.
        """
        with self._lock:
            commands.append(command)
            if commands is not self.commands:
                # It comes late: a client says QUIT and does not wait for what is said to that.
                return None
            start = next((it for it in self.smtp_replies if command.startswith(it)), "")
            scripted = self.smtp_replies.get(start)
            if isinstance(scripted, list):
                return scripted.pop(0) if scripted else None
            return scripted

    def _obey(self, request: Request, login: str) -> Answer:
        if login not in LOGINS:
            return twilio_error(401, 20003, "Authenticate")
        path = request.path.removeprefix(f"/2010-04-01/Accounts/{ACCOUNT_SID}")
        sid = path.removeprefix("/Messages/").removesuffix(".json")
        match request.method, path:
            case "POST", "/Messages.json":
                return self._create(request.form)
            case "GET", "/Messages.json":
                to = request.query.get("To")
                found = [it for it in reversed(self.messages) if to in (None, it["to"])]
                return _as_list("messages", found, request)
            case "GET", _ if sid in (it["sid"] for it in self.messages):
                return self._look(sid)
            case "GET", ".json":
                if login == LOGINS[1]:  # a Standard key, which may not read the account
                    return twilio_error(401, 20003, "Authenticate")
                account = {"sid": ACCOUNT_SID, "friendly_name": "Mine", "type": "Full"}
                return _as_json({**account, "status": "active"})
            case "GET", "/IncomingPhoneNumbers.json":
                abilities = {"sms": True, "mms": True, "voice": True, "fax": False}
                number = {"phone_number": TWILIO_NUMBER, "capabilities": abilities}
                asked = request.query.get("PhoneNumber", TWILIO_NUMBER)
                found = [number] * (asked == TWILIO_NUMBER)
                return _as_list("incoming_phone_numbers", found, request)
        return twilio_error(404, 20404, f"The requested resource {request.path} was not found")

    def _create(self, form: dict[str, str]) -> Answer:
        fault = _fault(form)
        if fault:
            return twilio_error(400, *fault)
        body, first, coming = form.get("Body", ""), self.statuses[0], self.statuses[1:]
        if form.get("SmartEncoded") == "true" and body.translate(LOOKALIKES).isascii():
            body = body.translate(LOOKALIKES)
        if "MessagingServiceSid" in form:  # it looks for a sender first
            first, coming = "accepted", self.statuses.copy()
        message = _message(form, body)
        self._set_status(message, first)
        self.messages.append(message)
        self._coming[message["sid"]] = coming
        if self.statuses[-1] not in LOST:
            sender, picture = form.get("From", TWILIO_NUMBER), form.get("MediaUrl", b"")
            self.texts.append(Text("twilio", form["To"], sender, body, picture))
        return _as_json(message, 201)

    def _look(self, sid: str) -> Answer:
        """Answer with the message, whose status moves on by being looked at."""
        message = next(message for message in self.messages if message["sid"] == sid)
        coming = self._coming.get(sid)
        if coming:
            self._set_status(message, coming.pop(0))
            message["date_sent"] = message["date_updated"]
        return _as_json(message)

    def _set_status(self, message: dict[str, Any], status: str) -> None:
        message.update(status=status, date_updated=_now())
        if status in LOST:
            message["error_code"] = self.error_code


def _certify(ca_file: str) -> dict[str, trustme.LeafCert]:
    """Write a new authority's certificate; return those that servers may show, by their kind."""
    authority, day = trustme.CA(), timedelta(days=1)
    yesterday = datetime.now(timezone.utc) - day
    authority.cert_pem.write_to_path(ca_file)
    names = ("api.twilio.com", "localhost", "127.0.0.1", "smtp.gmail.com")
    return {
        "right": authority.issue_cert(*names),
        "expired": authority.issue_cert(*names, not_after=yesterday),
        "early": authority.issue_cert(
            *names, not_before=yesterday + 2 * day, not_after=yesterday + 3 * day
        ),
        "misnamed": authority.issue_cert("www.example.com"),
        "untrusted": trustme.CA().issue_cert(*names),
    }


def _as_list(name: str, items: list[dict[str, Any]], request: Request) -> Answer:
    """Answer with the first page of a list; there is no second one."""
    size = int(request.query.get("PageSize", "50"))
    pages = {"page": 0, "page_size": size, "uri": request.path, "next_page_uri": None}
    return _as_json({name: items[:size], **pages})


def _fault(form: dict[str, str]) -> tuple[int, str] | None:
    """Return Twilio's code for what is wrong with a new message, if anything is, and words."""
    to, sender, service = (form.get(name, "") for name in ("To", "From", "MessagingServiceSid"))
    body, url = form.get("Body", ""), form.get("MediaUrl", "http://")
    unknown = sorted(form.keys() - FIELDS)
    checks: list[tuple[object, int, str]] = [
        (unknown, 20001, f"No such parameters: {unknown}"),
        (form.get("SmartEncoded", "true") not in ("true", "false"), 20001, "Bad SmartEncoded"),
        (not to, 21604, "To is missing"),
        (not re.fullmatch(NUMBER, to), 21211, f"To is no phone number: {to}"),
        (not (sender or service), 21603, "From is missing"),
        (sender and service, 20001, "There are both From and MessagingServiceSid"),
        (service and service != SERVICE_SID, 21705, f"No such Messaging Service: {service}"),
        (sender == to, 21266, f"From and To are the same: {to}"),
        (sender and not re.fullmatch(NUMBER, sender), 21606, f"From cannot text: {sender}"),
        (sender and sender.split(":")[-1] != TWILIO_NUMBER, 21659, f"From is not ours: {sender}"),
        (sender and (":" in sender) != (":" in to), 21910, "Only one of From and To is WhatsApp's"),
        (form.keys().isdisjoint({"Body", "MediaUrl"}), 21619, "Neither Body nor MediaUrl"),
        (not body and "MediaUrl" not in form, 21602, "Body is empty"),
        (_units(body) > 1600, 21617, "Body has more than 1600 characters"),
        (not url.startswith(("http://", "https://")), 21620, f"MediaUrl is no address: {url}"),
    ]
    return next(((code, words) for wrong, code, words in checks if wrong), None)


def _message(form: dict[str, str], body: str) -> dict[str, Any]:
    """Return a new Message resource; its segments take ASCII for the GSM 7-bit alphabet."""
    sid = f"SM{uuid4().hex}"
    uri = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{sid}"
    alone, in_series = (160, 153) if body.isascii() else (70, 67)  # 3GPP TS 23.040
    segments = 1 if _units(body) <= alone else -(-_units(body) // in_series)
    return dict.fromkeys(("date_sent", "error_code", "error_message", "price")) | {
        "sid": sid,
        "account_sid": ACCOUNT_SID,
        "api_version": "2010-04-01",
        "body": body,
        "date_created": _now(),
        "direction": "outbound-api",
        "from": form.get("From"),
        "messaging_service_sid": form.get("MessagingServiceSid"),
        "num_media": str(int("MediaUrl" in form)),
        "num_segments": str(segments),
        "price_unit": "USD",
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": form["To"],
        "uri": f"{uri}.json",
    }


def _units(text: str) -> int:
    """Return the length in UTF-16 code units, which is what Twilio counts."""
    return len(text.encode("utf-16-le")) // 2


def _now() -> str:
    """Return the time, in UTC and to the second, as Twilio writes it (RFC 2822)."""
    return formatdate().replace("-0000", "+0000")


class _TwilioServer(socketserver.ThreadingTCPServer):
    """Twilio, and the proxy before it (http.server's own class would ask DNS who we are)."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, phone: Phone, tls: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.phone, self.tls, self.port = phone, tls, int(self.server_address[1])
        self.numbers = itertools.count(1)
        self.connections: WeakSet[socket.socket] = WeakSet()

    def start(self) -> None:
        seconds = 0.02  # between two looks at whether to stop
        Thread(target=self.serve_forever, args=(seconds,), daemon=True).start()

    def stop(self) -> None:
        """Take no more connections, and hang up those that there are."""
        self.shutdown()
        self.server_close()
        _hang_up(self.connections)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that hung up or did not trust us, as some are made to do."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def _hang_up(connections: WeakSet[socket.socket]) -> None:
    for connection in list(connections):
        with suppress(OSError):  # it is closed already
            socket.socket.shutdown(connection, socket.SHUT_RDWR)  # of TLS as well, without its bye


class _Connection(BaseHTTPRequestHandler):
    """One TCP connection to Twilio, in plain text until TLS starts."""

    server: _TwilioServer
    protocol_version = "HTTP/1.1"  # which keeps it open between requests
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def handle(self) -> None:
        self.number = next(self.server.numbers)
        # The list of the test that made this connection, as the next test gets another one.
        self.texts = self.server.phone.texts
        if self.connection.recv(1, socket.MSG_PEEK) == b"\x16":  # a TLS handshake: RFC 8446, 5.1
            self._start_tls()
        super().handle()

    def finish(self) -> None:
        with self.connection:
            super().finish()

    def _start_tls(self) -> None:
        self.request.getpeername()  # raises if he is gone, of whom ssl would leave a socket open
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        self.setup()

    def do_CONNECT(self) -> None:
        """Play the proxy (RFC 9110, 9.3.6), behind which there is nothing but Twilio."""
        if self.path != "api.twilio.com:443":
            self.send_error(403, "No way to any other server")
            return
        self.send_response_only(200, "Connection established")
        self.end_headers()
        self.close_connection = False
        self._start_tls()

    def do_GET(self) -> None:
        if not isinstance(self.connection, ssl.SSLSocket):
            self.send_error(403, "Not without TLS")
            return
        if self.texts is not self.server.phone.texts:
            # It comes late, from a call that its test has left behind.
            self.close_connection = True
            return
        script = self.server.phone.script
        if script and script[0].unread:
            self.close_connection = bool(script.pop(0))
            return
        address = urlsplit(self.path)
        data = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        if self.headers.get_content_type() != "application/x-www-form-urlencoded":
            data = ""
        query, form = (dict(parse_qsl(it, keep_blank_values=True)) for it in (address.query, data))
        headers = dict(self.headers)
        request = Request(self.command, address.path, query, form, self.number, headers)
        self._give(self.server.phone.answer(request, self.headers.get("Authorization", "")))

    do_POST = do_GET

    def _give(self, answer: Answer) -> None:
        if answer.drop or answer.silent:
            self.close_connection = True
            if answer.silent:
                self.connection.recv(1)
            return
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        headers = {"Date": self.date_time_string(), "Content-Type": "application/json"}
        size = 1 << 40 if answer.dripping or answer.endless else len(body)
        headers |= {"Content-Length": str(size), **answer.headers}
        self.send_response_only(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        while answer.dripping or answer.endless:
            self.wfile.write(b" " * (1 if answer.dripping else 65536))
            time.sleep(0.05 if answer.dripping else 0)

    def log_message(self, *_: object) -> None:
        """Log nothing: a test reads `Phone.requests`."""


class _Listener(socket.socket):
    """A listening socket on a free port of 127.0.0.1 that remembers whom it let in."""

    def __init__(self) -> None:
        super().__init__(proto=socket.IPPROTO_TCP)  # else asyncio leaves Nagle's algorithm on
        self.bind(("127.0.0.1", 0))
        self.connections: WeakSet[socket.socket] = WeakSet()

    def accept(self) -> tuple[socket.socket, Any]:
        connection, address = super().accept()
        self.connections.add(connection)
        return connection, address


class _MailServer(Controller):
    """An SMTP server in a thread of its own."""

    def __init__(self, gateway: _Gateway, **how: Any) -> None:
        logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd warns of its own habits
        # As everywhere but on Windows, where asyncio's own kind of loop would not let go of sockets.
        how |= {"authenticator": _check_login, "server_hostname": "localhost"}
        how["loop"] = asyncio.SelectorEventLoop()
        how["loop"].set_exception_handler(_say_nothing_of_hang_ups)
        super().__init__(gateway, "127.0.0.1", **how)
        self.listener = _Listener()
        self.port = self.listener.getsockname()[1]

    def factory(self) -> SMTP:
        self.SMTP_kwargs["data_size_limit"] = self.handler.phone.mail_size
        return _Server(self.handler, **self.SMTP_kwargs)

    def _create_server(self) -> Any:
        factory, tls = self._factory_invoker, self.ssl_context
        return self.loop.create_server(factory, sock=self.listener, ssl=tls)

    def stop(self, no_assert: bool = False) -> None:
        _hang_up(self.listener.connections)  # else Python 3.12 and later wait for them to go
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0.01), self.loop).result()  # to notice it
        super().stop(no_assert)


def _say_nothing_of_hang_ups(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Leave out what asyncio says of a client that hung up before TLS's goodbye."""
    if not isinstance(context.get("exception"), OSError):
        loop.default_exception_handler(context)


def _check_login(_1: SMTP, _2: Session, _3: Envelope, _4: str, login: LoginPassword) -> AuthResult:
    known = (login.login, login.password) == (SMTP_USER.encode(), SMTP_PASSWORD.encode())
    return AuthResult(success=known, handled=False)  # not handled: aiosmtpd is to say 535


class _Gateway:
    """What a mail server does for the phone: aiosmtpd calls these methods by their names."""

    def __init__(self, phone: Phone, *, login: bool = True) -> None:
        self.phone = phone
        self._login = login  # whether mail is taken only after a login

    async def handle_MAIL(self, _: SMTP, session: Session, envelope: Envelope, *it: Any) -> Any:
        if self._login and not session.authenticated:
            return "530 5.7.0 Authentication required"  # RFC 4954, 6
        envelope.mail_from = it[0]
        return "250 OK"

    async def handle_DATA(self, server: _Server, _: Session, envelope: Envelope) -> Any:
        reply = self.phone.reply(".", server.commands)
        if reply is None:
            reply = "250 OK"
        if reply.removeprefix(ENDLESS)[:1] not in ("4", "5"):
            raw = envelope.original_content or b""
            server.texts += [_read_mail(raw, to) for to in envelope.rcpt_tos]
        if not reply[:1].isalnum():
            await _say(server, reply)
            raise asyncio.CancelledError  # which makes aiosmtpd hang up
        return reply


class _Server(SMTP):
    """aiosmtpd's server, which looks first whether a test has a reply to a command."""

    def __init__(self, gateway: _Gateway, **how: Any) -> None:
        super().__init__(gateway, **how)
        # The lists of the test that made this connection, as the next test gets others.
        self.commands, self.texts = gateway.phone.commands, gateway.phone.texts
        for verb, obey in self._smtp_methods.items():
            self._smtp_methods[verb] = partial(self._obey, gateway.phone, verb, obey)

    async def _obey(self, phone: Phone, verb: str, obey: Any, argument: str) -> None:
        reply = phone.reply(f"{verb} {argument or ''}".rstrip(), self.commands)
        if reply is None:
            await obey(argument)
        else:
            await _say(self, reply)


async def _say(server: SMTP, reply: str) -> None:
    """Give a reply of a test's, or do what it has instead of one."""
    transport: Any = server.transport
    if not reply:
        transport.close()
    if reply in (SILENT, DRIPPING) or reply.startswith(ENDLESS):
        while not transport.is_closing():
            # A client that reads no more lets nothing pile up here.
            if not transport.get_write_buffer_size():
                transport.write(_portion(reply))
            await asyncio.sleep(0.05)
    if not transport.is_closing():
        transport.write(f"{reply}\r\n".encode())
    # Which says that the server hangs up (RFC 5321, 3.8).
    if reply.startswith("421"):
        transport.close()


def _portion(reply: str) -> bytes:
    """Return what is said at once of a reply that does not end."""
    if reply.startswith(ENDLESS):
        line = f"{reply.removeprefix(ENDLESS)}\r\n".encode()
        return line * (1 + 262144 // len(line))
    return b"2" if reply == DRIPPING else b""


@contextmanager
def stranger(
    greeting: bytes, then: str = SILENT, tls: ssl.SSLContext | None = None
) -> Iterator[int]:
    """Serve somebody who is neither Twilio nor a mail server, on the port that is returned.

    He says `greeting`, and then nothing (SILENT), a byte now and then (DRIPPING), a line for ever
    (ENDLESS + the line) or, with '', hangs up. All of it by TLS, if that is given.
    """

    class Handler(socketserver.StreamRequestHandler):
        def setup(self) -> None:
            if tls:
                self.request = tls.wrap_socket(self.request, server_side=True)
            super().setup()

        def finish(self) -> None:
            # It is not the server's own socket any more, if that is TLS's.
            with self.request:
                super().finish()

        def handle(self) -> None:
            self.wfile.write(greeting)
            if then == SILENT:
                self.rfile.read()
            while then not in ("", SILENT):
                self.wfile.write(_portion(then))
                # What has no end comes as fast as it is read.
                time.sleep(0.05 if then == DRIPPING else 0)

    with _Strangers(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()


class _Strangers(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that hung up."""


def _read_mail(raw: bytes, to: str) -> Text:
    """Return the text that a gateway makes of a mail; it shows a subject as well, in brackets."""
    mail = message_from_bytes(raw, policy=policy.default)
    words = mail.get_body(("plain",))
    body = words.get_content().replace("\r\n", "\n").removesuffix("\n") if words else ""
    if mail["Subject"]:
        body = f"({mail['Subject']}) {body}"
    pictures = (it.get_content() for it in mail.walk() if it.get_content_maintype() == "image")
    return Text("gateway", to, parseaddr(str(mail["From"]))[1], body, next(pictures, b""), raw)


NOT_ACTIVE = twilio_error(401, 20003, "Authenticate: the account is not active")
SCENES = [
    ("By Twilio", "textmyself('The boring task is finished.')", []),
    ("Its account is not active: by the gateway", "textmyself('The tests fail.')", [NOT_ACTIVE]),
    ("A picture", "textmyself('Today in one picture:', media='picture.png')", []),
]
PICTURE = ("  ####  ", " #    # ", "# #  # #", "#      #", "# #  # #", "#  ##  #", " #    # ")


def main() -> int:
    """Show the real module texting this phone; return 0 if each text arrived, else 1."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # where it is not UTF-8
    with ExitStack() as stack:
        home = stack.enter_context(TemporaryDirectory(prefix="home-"))
        phone = stack.enter_context(Phone())
        stack.callback(os.chdir, os.getcwd())
        _move_to(home, phone.settings("twilio", "gateway"))
        Path("picture.png").write_bytes(_png(PICTURE))
        arrived = [_play(phone, *scene) for scene in SCENES]
    return 0 if all(arrived) else 1


def _move_to(home: str, settings: dict[str, str]) -> None:
    """Leave behind the settings and the folders of whoever runs this: theirs are not to be used."""
    for name in list(os.environ):
        if re.match(r"(MY|TWILIO|SMTP|TEXTMYSELF)_|.*_PROXY$", name.upper()):
            del os.environ[name]
    for name in ("HOME", "USERPROFILE", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        os.environ[name] = home
    os.chdir(home)
    Path(".env").write_text(f"MY_PHONE_NUMBER={MY_NUMBER}\n")  # where this is read, no other is
    os.environ.update(settings, TEXTMYSELF_ENV=str(Path(".env").resolve()))


def _play(phone: Phone, title: str, code: str, script: list[Answer]) -> bool:
    """Run a line of code; show it, the phone and the receipt; return whether the text arrived."""
    from textmyself import textmyself

    handler = logging.StreamHandler(io.StringIO())
    logging.getLogger("textmyself").addHandler(handler)
    phone.texts.clear()
    phone.script = list(script)
    receipt = eval(code, {"textmyself": textmyself})  # so that it is the very line that is shown
    logging.getLogger("textmyself").removeHandler(handler)
    print(f"\n{title}\n\n  >>> {code}\n")
    print(*map(_bubble, phone.texts), sep="\n", end="\n\n")
    fields = ("sent", "route", "status", "parts", "problems")
    words = "  ".join(f"{name}={getattr(receipt, name)!r}" for name in fields)
    log = handler.stream.getvalue()
    for line in (words, *(f"the log says: {log}" if log else "").splitlines()):
        print(textwrap.fill(line, 80, initial_indent="  ", subsequent_indent="    "))
    return bool(receipt and phone.texts)


def _bubble(text: Text) -> str:
    """Return a drawing of the text as the phone shows it."""
    lines = [row for line in text.body.split("\n") for row in textwrap.wrap(line, 40)]
    if text.picture:
        lines.append(f"[picture.png, {len(text.picture)} bytes]")
    width = max(map(len, lines))
    edge = "─" * (width + 2)
    rows = [f"╭{edge}╮", *(f"│ {line:{width}} │" for line in lines), f"╰{edge}╯"]
    drawing = textwrap.indent("\n".join([text.sender, *rows]), " " * 8)
    try:
        drawing.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        drawing = drawing.translate(str.maketrans("╭╮╰╯│─", "++++|-"))
    return drawing


def _png(rows: tuple[str, ...]) -> bytes:
    """Return a picture with a pixel for each letter, black for '#' (RFC 2083)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(f">I4s{len(data)}sI", len(data), kind, data, zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)  # 8 bits of grey
    pixels = b"".join(bytes([0, *(255 * (letter != "#") for letter in row)]) for row in rows)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


if __name__ == "__main__":
    sys.exit(main())
