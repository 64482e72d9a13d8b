"""What texting costs: seconds and memory, side by side with what else does the same.

    uv run tests/bench.py

prints a table: the medians of ours and of theirs, their ratio, and the goal that it should not
exceed. It takes about a minute, on Linux or macOS. All programs text the make-believe phone of
phone.py, and nothing leaves this machine. They take turns, each in a process of its own, and the
exit status is 1 if a text does not arrive.

All take their settings from the environment and go straight to the phone: through a proxy, urllib3
leaves Nagle's algorithm on, and its 40 milliseconds would be most of what is compared. They trust
the phone's one authority, so none loads the system's many. A long message is shaped in a dry run.
The rows without a goal are there to compare.

On Linux with Python 3.11 and two quiet cores, the ratios of 30 rounds were: import 0.08 of smtplib's
(goal 0.06: missed, as the one file has grown); by Twilio 0.75 of the book's way and 0.81 of its
memory, 2.5 of bare http.client; by the gateway 1.4 of bare smtplib and 1.13 of its memory; shaping
10 MB 9.2 of 1 MB.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from phone import Phone

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 30
# After which no other round begins.
SECONDS = 50
MESSAGE = "The boring task is finished."

# A process starts with the peak memory of the one that it was forked from, so that is a small one.
LAUNCHER = """
import os, sys, time
started = time.perf_counter()
process = os.posix_spawn(sys.executable, [sys.executable, *sys.argv[1:]], os.environ)
_, status, usage = os.wait4(process, 0)
seconds = time.perf_counter() - started
print(seconds, usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10))
sys.exit(status != 0)
"""
# All that go by Twilio begin so, ours and theirs: as if the network led to the phone.
WAY = """
import os, socket
look_up = socket.getaddrinfo
def getaddrinfo(host, port, *rest, **options):
    if host == "api.twilio.com":
        host, port = "127.0.0.1", os.environ["PHONE_PORT"]
    assert host in ("localhost", "127.0.0.1"), f"looks up {host}"
    return look_up(host, port, *rest, **options)
socket.getaddrinfo = getaddrinfo
"""
OURS = "from textmyself import textmyself\ntextmyself('The boring task is finished.', confirm=0)"
BOOK = """
from os import environ
from twilio.rest import Client
client = Client(environ["TWILIO_ACCOUNT_SID"], environ["TWILIO_AUTH_TOKEN"])
sender, to = environ["TWILIO_PHONE_NUMBER"], environ["MY_PHONE_NUMBER"]
client.messages.create(body="The boring task is finished.", from_=sender, to=to)
"""
HTTP_CLIENT = """
from base64 import b64encode
from http.client import HTTPSConnection
from os import environ
from ssl import create_default_context
from urllib.parse import urlencode
account, to = environ["TWILIO_ACCOUNT_SID"], environ["MY_PHONE_NUMBER"]
login = b64encode(f"{account}:{environ['TWILIO_AUTH_TOKEN']}".encode()).decode()
form = {"To": to, "From": environ["TWILIO_PHONE_NUMBER"], "Body": "The boring task is finished."}
kind = "application/x-www-form-urlencoded"
context = create_default_context(cafile=environ["REQUESTS_CA_BUNDLE"])
connection = HTTPSConnection("api.twilio.com", context=context)
path = f"/2010-04-01/Accounts/{account}/Messages.json"
headers = {"Authorization": f"Basic {login}", "Content-Type": kind}
connection.request("POST", path, urlencode(form), headers)
connection.getresponse().read()
"""
SMTPLIB = """
from os import environ
from smtplib import SMTP_SSL
from ssl import create_default_context
user, to = environ["SMTP_USER"], environ["MY_PHONE_NUMBER"][2:] + "@msg.fi.google.com"
where = (environ["SMTP_HOST"], int(environ["SMTP_PORT"]), "localhost")
with SMTP_SSL(*where, context=create_default_context()) as server:
    server.login(user, environ["SMTP_PASSWORD"])
    server.sendmail(user, to, f"From: {user}\\nTo: {to}\\n\\nThe boring task is finished.\\n")
"""
# What comes of a long message by the time it is planned; the short one before loads what is needed.
SHAPE = """
import logging
from time import perf_counter
from textmyself import textmyself
log = logging.getLogger("textmyself")
log.propagate = False
log.addHandler(logging.NullHandler())
for size in (1_000, 1_000_000, 10_000_000):
    message = ("The boring task is finished. " * (size // 29 + 1))[:size]
    started = perf_counter()
    receipt = textmyself(message)
    print(perf_counter() - started)
    assert receipt.status == "dry run"
"""


@dataclass(frozen=True)
class Program:
    """A program: its routes that are set up, those by which its texts arrive, and what differs."""

    source: str
    routes: tuple[str, ...] = ()
    arrivals: tuple[str, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)


TWILIO, GATEWAY = ("twilio",), ("gateway",)
# Which is -X importtime.
TIMED = {"PYTHONPROFILEIMPORTTIME": "1"}
PROGRAMS = {
    "nothing": Program("pass"),
    "import textmyself": Program("import textmyself", settings=TIMED),
    "import smtplib": Program("import smtplib", settings=TIMED),
    "Twilio": Program(OURS, TWILIO, TWILIO),
    "book": Program(BOOK, TWILIO, TWILIO),
    "http.client": Program(HTTP_CLIENT, TWILIO, TWILIO),
    "gateway": Program(OURS, GATEWAY, GATEWAY),
    "smtplib": Program(SMTPLIB, GATEWAY, GATEWAY),
    "shape": Program(SHAPE, GATEWAY, settings={"TEXTMYSELF_DRY_RUN": "1"}),
}


class Row(NamedTuple):
    """Two figures to compare; theirs is a sum if there are several."""

    title: str
    unit: str
    ours: str
    theirs: tuple[str, ...] = ()
    # 0: there is none.
    goal: float = 0.0


TABLE = [
    Row("import textmyself, against smtplib", "ms", "textmyself alone", ("smtplib alone",), 0.06),
    Row("a text by Twilio, against the book's way", "ms", "Twilio", ("book",), 0.80),
    Row("  against bare http.client", "ms", "Twilio", ("http.client",)),
    Row("  memory, against the book's way", "MiB", "Twilio", ("book",)),
    Row("a text by the gateway, against bare smtplib", "ms", "gateway", ("smtplib",), 1.4),
    Row("  memory, against bare smtplib", "MiB", "gateway", ("smtplib",)),
    Row("shaping 10 MB, against 1 MB", "ms", "10 MB", ("1 MB",), 12),
    Row("an empty interpreter", "ms", "nothing"),
    Row("  memory", "MiB", "nothing"),
]


class Bench:
    """All that is measured: `figures` has lists of milliseconds and MiB, by what and unit."""

    def __init__(self, phone: Phone, folder: Path) -> None:
        self.phone, self.folder = phone, folder
        self.figures: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
        # As beside the originals there may be a real .env.
        for module in ("textmyself.py", "carriers.py"):
            shutil.copy(ROOT / module, folder)

    def measure(self, name: str) -> None:
        """Run a program and take its figures; exit if a text of it did not arrive."""
        program, texts = PROGRAMS[name], self.phone.texts
        texts.clear()
        done = self._run(program)
        arrived = tuple(text.route for text in texts if MESSAGE in text.body)
        if done.returncode or len(texts) != len(arrived) or arrived != program.arrivals:
            sys.exit(f"{name}: not all arrived that was to arrive.\n{done.stderr}")
        *own, last = done.stdout.splitlines()
        seconds, peak = map(float, last.split())
        self.figures[name, "ms"].append(seconds * 1000)
        self.figures[name, "MiB"].append(peak)
        for what, milliseconds in _own_figures(name, own, done.stderr):
            self.figures[what, "ms"].append(milliseconds)

    def _run(self, program: Program) -> subprocess.CompletedProcess[str]:
        folder, way = str(self.folder), WAY if "twilio" in program.routes else ""
        settings = {
            **self.phone.settings(*program.routes),
            "HTTPS_PROXY": "",
            "PHONE_PORT": str(self.phone.twilio_port),
            "HOME": folder,
            "PYTHONPATH": folder,
            **program.settings,
        }
        command = [sys.executable, "-I", "-S", "-c", LAUNCHER, "-c", way + program.source]
        return subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True)

    def line(self, row: Row) -> str:
        """Return a line of the table: title, medians, ratio, goal."""
        ours = median(self.figures[row.ours, row.unit])
        words = f"{row.title:46}{ours:8.1f} {row.unit}"
        if not row.theirs:
            return words
        theirs = sum(median(self.figures[name, row.unit]) for name in row.theirs)
        words = f"{words:58}{theirs:9.1f} {row.unit:3}{ours / theirs:8.2f}"
        verdict = "met" if ours <= row.goal * theirs else "MISSED"
        return words + (f"{row.goal:7.2f}  {verdict}" if row.goal else "")


def _own_figures(name: str, lines: list[str], log: str) -> Iterator[tuple[str, float]]:
    """Give the milliseconds that a program says itself."""
    if name.startswith("import "):
        # Its last line: "import time: own | cumulative | name".
        _, cumulative, module = log.splitlines()[-1].split("|")
        yield f"{module.strip()} alone", float(cumulative) / 1000
    elif name == "shape":
        yield "1 MB", float(lines[1]) * 1000
        yield "10 MB", float(lines[2]) * 1000


def main() -> None:
    """Measure round after round, and print the table."""
    phone = Phone()
    with phone, TemporaryDirectory(prefix="bench-") as folder:
        bench = Bench(phone, Path(folder))
        rounds, end = -1, time.monotonic() + SECONDS
        while rounds < 1 or (rounds < ROUNDS and time.monotonic() < end):
            for name in PROGRAMS:
                bench.measure(name)
            rounds += 1
            if rounds == 0:
                # It has filled the caches.
                bench.figures.clear()
            if sys.stderr.isatty():
                print(f"round {rounds} of {ROUNDS}", end="\r", file=sys.stderr, flush=True)
    print(f"{f'medians of {rounds} rounds':46}{'ours':>12}{'theirs':>13}{'ratio':>8}{'goal':>7}")
    print(*map(bench.line, TABLE), sep="\n")


if __name__ == "__main__":
    main()
