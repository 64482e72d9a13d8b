"""Late imports: what lies beside the script hides no module, runs by no text, and holds up none."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from importlib.machinery import PathFinder
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from conftest import COPY, GUARD, run_python, start_python
from phone import AUTH_TOKEN, MY_NUMBER, SMTP_PASSWORD, Phone

POSIX = pytest.mark.skipif(os.name != "posix", reason="this system has no such thing")
PICTURE = b"\x89PNG\r\n\x1a\n"
# A text by each route, that by mail with a picture; one in parts; one that fails. It says which
# went, by what route, and it says twice that it runs if it runs twice.
TOUR = """
import os
from textmyself import textmyself

def say(receipt):
    print(receipt.route or receipt.status)

print("the script runs")
say(textmyself("by Twilio", confirm=0.1))
say(textmyself("by mail", media=os.environ["PICTURE"]))
for name in list(os.environ):
    if name.startswith("TWILIO_"):
        del os.environ[name]
os.environ["MY_CARRIER"] = "Koodo"
say(textmyself(20 * "in parts "))
os.environ["SMTP_PASSWORD"] = "wrong"
say(textmyself("to nobody"))
"""
TOLD = ["the script runs", "twilio", "gateway", "gateway", "not sent"]
DECOY = "print(f'{__name__} of the user runs')\n"


def tour_settings(phone: Phone, folder: Path) -> dict[str, str]:
    """Return the settings of a tour; one of them stands in a file, whose name the others have."""
    (folder / "picture.png").write_bytes(PICTURE)
    (folder / "settings.env").write_text(f"MY_PHONE_NUMBER={MY_NUMBER}\n")
    settings = phone.settings("twilio", "gateway")
    del settings["MY_PHONE_NUMBER"]
    files = {"PICTURE": folder / "picture.png", "TEXTMYSELF_ENV": folder / "settings.env"}
    return settings | {name: str(path) for name, path in files.items()}


def assert_toured(phone: Phone) -> None:
    first, second, *parts = phone.texts
    assert (first.route, first.body) == ("twilio", "by Twilio")
    assert (second.route, second.body, second.picture) == ("gateway", "by mail", PICTURE)
    assert [part.body[:6] for part in parts] == ["(1/2) ", "(2/2) "]


def every_module() -> set[str]:
    """Return the names of all modules and packages that are installed, Python's own among them."""
    names = {*sys.stdlib_module_names, *packages_distributions()} - {"textmyself", "carriers"}
    # Some are another system's.
    return {name for name in names if PathFinder.find_spec(name)}


def modules_at_start(folder: Path) -> set[str]:
    """Return the modules that Python itself imports before the script runs.

    Besides what it has at once, that is what runs a module and what reads a traceback's lines.
    """
    (folder / "at_start.py").write_text("import linecache, sys; print(*sys.modules)")
    return set(run_python(folder, "-m", "at_start").stdout.split())


def put_decoys(folder: Path, names: set[str]) -> Path:
    """Make a folder with a file of the user's for each of these modules; return the folder."""
    folder.mkdir()
    for name in names:
        (folder / f"{name}.py").write_text(DECOY)
    return folder


def put_modules(folder: Path) -> Path:
    """Copy textmyself.py and carriers.py into a folder; return the folder."""
    folder.mkdir(exist_ok=True)
    for name in ("textmyself.py", "carriers.py"):
        shutil.copy(COPY / name, folder)
    return folder


def python_path(*folders: Path) -> dict[str, str]:
    return {"PYTHONPATH": os.pathsep.join(map(str, folders))}


@pytest.mark.parametrize("way", ["a script", "-c", "-m", "runpy", "sys.path", "a zip file"])
def test_what_lies_beside_the_script_is_not_taken_for_what_is_installed(
    phone: Phone, tmp_path: Path, way: str
) -> None:
    by_python = way in ("-c", "-m", "a zip file")
    at_start = modules_at_start(tmp_path) if by_python else set()
    own = put_decoys(tmp_path / "own", {*every_module(), "carriers"} - at_start)
    (own / "job.py").write_text(TOUR)
    (own / "package").mkdir()
    (own / "package" / "job.py").write_text(TOUR)
    first = f"import pkgutil, runpy, sys; sys.path.insert(0, {str(own)!r})\n"
    if way == "runpy":
        (tmp_path / "start.py").write_text(f"{first}runpy.run_path({str(own / 'job.py')!r})")
    elif way == "sys.path":
        (tmp_path / "start.py").write_text(f"{first}{TOUR}")
    elif way == "a zip file":
        with zipfile.ZipFile(tmp_path / "job.zip", "w") as file:
            file.writestr("__main__.py", TOUR)
            for path in own.glob("*.py"):
                file.write(path, path.name)
    ways: dict[str, list[str | Path]] = {
        "a script": [own / "job.py"],
        "-c": ["-c", TOUR],
        "-m": ["-m", "package.job"],
        "a zip file": [tmp_path / "job.zip"],
    }
    arguments = ways.get(way, [tmp_path / "start.py"])
    done = run_python(own, *arguments, settings=tour_settings(phone, tmp_path))
    assert done.stdout.splitlines() == TOLD
    assert_toured(phone)


def test_what_lies_beside_the_script_is_not_run_by_a_first_text_in_parts(
    phone: Phone, tmp_path: Path
) -> None:
    own = put_decoys(tmp_path / "own", every_module())
    (own / "job.py").write_text(
        "from textmyself import textmyself\nprint(textmyself(20 * 'in parts ').parts)"
    )
    settings = phone.settings("gateway") | {"MY_CARRIER": "Koodo"}
    done = run_python(tmp_path, own / "job.py", settings=settings)
    assert done.stdout == "2\n"
    assert len(phone.texts) == 2


def test_what_is_in_pythonpath_is_not_taken_for_what_is_installed(
    phone: Phone, tmp_path: Path
) -> None:
    own = put_decoys(tmp_path / "own", every_module() - modules_at_start(tmp_path))
    (tmp_path / "job.py").write_text(TOUR)
    settings = tour_settings(phone, tmp_path) | python_path(GUARD, own, COPY)
    done = run_python(tmp_path, tmp_path / "job.py", settings=settings)
    assert done.stdout.splitlines() == TOLD
    assert_toured(phone)


# Of Python's own, of packages, and of what a package would use if it were installed.
SCRIPTS = [
    *("calendar", "email", "logging"),
    *("requests", "twilio"),
    *("chardet", "socks"),
]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_that_is_called_like_a_module_runs_once(
    phone: Phone, tmp_path: Path, name: str
) -> None:
    own = put_modules(tmp_path / "own")
    (own / f"{name}.py").write_text(TOUR)
    settings = tour_settings(phone, tmp_path)
    done = run_python(tmp_path, own / f"{name}.py", settings=settings, modules=None)
    assert done.stdout.splitlines() == TOLD
    assert_toured(phone)


def test_a_script_called_carriers_is_not_run_as_the_phone_book(
    phone: Phone, tmp_path: Path
) -> None:
    shutil.copy(COPY / "textmyself.py", tmp_path)
    script = tmp_path / "carriers.py"
    script.write_text(TOUR)
    settings = tour_settings(phone, tmp_path)
    done = run_python(tmp_path, script, settings=settings, modules=None)
    assert done.stdout.splitlines() == ["the script runs", "twilio", "twilio", *2 * ["not sent"]]
    assert [text.body for text in phone.texts] == ["by Twilio", "by mail"]
    assert f"{script} is not the carriers.py of textmyself." in done.stderr


def test_a_script_called_carriers_texts_by_a_gateway_that_is_spelled_out(
    phone: Phone, tmp_path: Path
) -> None:
    shutil.copy(COPY / "textmyself.py", tmp_path)
    (tmp_path / "carriers.py").write_text(
        "from textmyself import textmyself\nprint(textmyself('hello'))"
    )
    settings = phone.settings("gateway") | {"MY_GATEWAY": "5559998888@msg.fi.google.com"}
    del settings["MY_CARRIER"]
    done = run_python(tmp_path, tmp_path / "carriers.py", settings=settings, modules=None)
    assert done.stdout.startswith("Receipt(sent=True, ")
    assert done.stdout.count("Receipt") == 1
    assert [text.body for text in phone.texts] == ["hello"]


# All others that are installed have been tried once.
HIDDEN = [
    *("calendar", "email", "html", "json", "logging", "queue", "random", "ssl", "token", "typing"),
    *("unicodedata", "certifi", "twilio", "urllib3"),
]
AFTER_AN_IMPORT = """
import os
import {name}
from textmyself import textmyself

assert {name}.__file__.startswith(os.environ["HOME"])
print(textmyself("hello", confirm=0))
"""


@pytest.mark.parametrize(
    ("name", "route"),
    [*((name, "twilio") for name in HIDDEN), *((name, "gateway") for name in HIDDEN[:10])],
)
def test_a_module_that_the_users_file_hides_is_done_without_or_the_file_is_named(
    phone: Phone, tmp_path: Path, name: str, route: str
) -> None:
    (tmp_path / f"{name}.py").write_text("x = 1\n")
    (tmp_path / "job.py").write_text(AFTER_AN_IMPORT.format(name=name))
    done = run_python(tmp_path, "job.py", settings=phone.settings(route))
    assert done.returncode == 0
    went = [text.body for text in phone.texts] == ["hello"]
    assert done.stdout.startswith(f"Receipt(sent={went}, ")
    sentence = f"{tmp_path / name}.py is in the way of the module {name} that this needs."
    assert went or (phone.texts == [] and sentence in done.stderr)


# Where the two files may lie, as the user's names of them, and the line that imports them.
PLACES = {
    "beside the script": ("textmyself", "from textmyself import textmyself"),
    "a package": ("utils/textmyself", "from utils.textmyself import textmyself"),
    "the book's name": ("textMyself", "from textMyself import textmyself"),
    "a path": (
        "lib/textmyself",
        "import importlib.util as u; s = u.spec_from_file_location('t', 'lib/textmyself.py'); "
        "m = u.module_from_spec(s); s.loader.exec_module(m); textmyself = m.textmyself",
    ),
    "a path, run": (
        "lib/textmyself",
        "from runpy import run_path; textmyself = run_path('lib/textmyself.py')['textmyself']",
    ),
    "a zip file": (
        "lib/textmyself",
        "import sys; sys.path.insert(0, 'lib.zip'); from textmyself import textmyself",
    ),
}


@pytest.mark.parametrize("own", [False, True], ids=["", "own carriers.py"])
@pytest.mark.parametrize("place", PLACES)
def test_the_phone_book_is_found_wherever_the_two_files_lie(
    phone: Phone, tmp_path: Path, place: str, own: bool
) -> None:
    name, line = PLACES[place]
    file = tmp_path / f"{name}.py"
    put_modules(file.parent)
    # In two steps, as the two names may be the same to this system.
    (file.parent / "textmyself.py").rename(file.with_suffix(".new")).rename(file)
    if place == "a zip file":
        shutil.make_archive(str(tmp_path / "lib"), "zip", file.parent)
        shutil.rmtree(file.parent)
    if own and file.parent != tmp_path:
        (tmp_path / "carriers.py").write_text("raise SystemExit('the carriers of the user run')")
    (tmp_path / "job.py").write_text(f"{line}\nprint(textmyself('hello'))")
    done = run_python(tmp_path, "job.py", settings=phone.settings("gateway"), modules=None)
    assert done.stdout.startswith("Receipt(sent=True, route='gateway', status='accepted', ")
    assert [(text.to, text.body) for text in phone.texts] == [
        ("5559998888@msg.fi.google.com", "hello")
    ]


def put_installed(folder: Path, name: str, code: str) -> dict[str, str]:
    """Install a package of this code, before any other; return the settings for it."""
    package = folder / "venv" / "site-packages" / name
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(code)
    return python_path(GUARD, package.parent, COPY)


@POSIX
def test_a_file_that_is_called_like_another_systems_module_is_not_run(
    phone: Phone, tmp_path: Path
) -> None:
    for name in ("winreg", "_winapi", "backports", "org"):
        (tmp_path / f"{name}.py").write_text("print('the file runs')\nraise SystemExit(9)\n")
    (tmp_path / "job.py").write_text(TOUR)
    done = run_python(tmp_path, "job.py", settings=tour_settings(phone, tmp_path))
    assert (done.returncode, done.stdout.splitlines()) == (0, TOLD)
    assert_toured(phone)


@pytest.mark.parametrize("route", ["twilio", "gateway"])
def test_what_is_no_folder_in_the_search_path_is_skipped_as_python_does(
    phone: Phone, tmp_path: Path, route: str
) -> None:
    code = """
import pathlib, sys
sys.path += [pathlib.Path("lib"), None]
from textmyself import textmyself
print(textmyself("hello", confirm=0).problems)
"""
    done = run_python(tmp_path, "-c", code, settings=phone.settings(route))
    assert (done.stdout, done.stderr) == ("()\n", "")
    assert [text.body for text in phone.texts] == ["hello"]


OLD_DOTENV = "def dotenv_values(dotenv_path=None, stream=None, verbose=False): return {}"


def test_an_old_python_dotenv_is_told_and_the_environment_counts(
    phone: Phone, tmp_path: Path
) -> None:
    path = put_installed(tmp_path, "dotenv", OLD_DOTENV)
    (tmp_path / ".env").write_text("SMTP_FROM=you@gmail.com\n")
    code = "from textmyself import textmyself; print(textmyself('hello').sent)"
    done = run_python(tmp_path, "-c", code, settings=phone.settings("gateway") | path)
    assert done.stdout == "True\n"
    assert "python-dotenv is too old. Run: pip install --upgrade python-dotenv." in done.stderr
    assert [text.body for text in phone.texts] == ["hello"]


@pytest.mark.parametrize("fault", ["raise AttributeError('X509')", "raise SystemExit(3)", "x = 1"])
@pytest.mark.parametrize("package", ["twilio", "dotenv"])
def test_an_installed_package_that_is_broken_is_named_and_hurts_no_other_route(
    phone: Phone, tmp_path: Path, package: str, fault: str
) -> None:
    path = put_installed(tmp_path, package, fault)
    (tmp_path / ".env").write_text("SMTP_FROM=you@gmail.com\n")
    settings = phone.settings("twilio", "gateway") | path
    code = "from textmyself import textmyself; print(textmyself('hello', confirm=0).route)"
    done = run_python(tmp_path, "-c", code, settings=settings)
    route = "gateway" if package == "twilio" else "twilio"
    assert (done.stdout, done.returncode) == (f"{route}\n", 0)
    assert f"{package} is missing" in done.stderr
    assert [(text.route, text.body) for text in phone.texts] == [(route, "hello")]


OLD_PYTHONS = sorted(Path.home().glob(".pyenv/versions/3.[789].*/bin/python"))


@pytest.mark.skipif(not OLD_PYTHONS, reason="there is no older Python here")
@pytest.mark.parametrize("use", ["import textmyself", "from textmyself import textmyself"])
def test_an_older_python_is_told_which_one_is_needed(tmp_path: Path, use: str) -> None:
    put_modules(tmp_path)
    for python in OLD_PYTHONS:
        command = [str(python), "-c", use]
        done = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True)
        *_, last = done.stderr.splitlines()
        assert re.fullmatch(
            r"ImportError: textmyself needs Python 3\.10 or later; this is 3\.[789]\.\d+\.", last
        )
        assert done.returncode == 1
        assert "SyntaxError" not in done.stderr


# Each import of a module that is not there yet takes 10 ms, as on a far file system; one of twilio's
# many modules takes a second, so that they are never there in time, however slow the rest is.
SLOW_IMPORTS = """
import sys, time
from textmyself import textmyself

def slow_down(event, arguments):
    if event == "import":
        time.sleep(1 if arguments[0].startswith("twilio") else 0.01)

sys.addaudithook(slow_down)
start = time.monotonic()
receipt = textmyself("hello", confirm=0, timeout=float(sys.argv[1]))
print(receipt.route, time.monotonic() - start)
"""


def test_slow_imports_are_within_the_time_of_their_route(phone: Phone, tmp_path: Path) -> None:
    def text(timeout: float, *routes: str) -> tuple[str, float]:
        arguments = ("-c", SLOW_IMPORTS, str(timeout))
        done = run_python(tmp_path, *arguments, settings=phone.settings(*routes))
        route, seconds = done.stdout.split()
        return route, float(seconds)

    timeout = 8
    alone, _ = text(60, "gateway")
    route, in_all = text(timeout, "twilio", "gateway")
    assert (alone, route) == ("gateway", "gateway")
    assert in_all < timeout + 10
    assert [text.body for text in phone.texts] == ["hello", "hello"]


# An import of twilio that comes to no end.
STALLED_TWILIO = "import time\ntime.sleep(3600)\n"


def test_an_import_that_stalls_leaves_half_of_the_time_to_the_gateway(
    phone: Phone, tmp_path: Path
) -> None:
    path = put_installed(tmp_path, "twilio", STALLED_TWILIO)
    code = "from textmyself import textmyself; print(textmyself('hello', timeout=12).problems)"
    settings = phone.settings("twilio", "gateway") | path
    done = run_python(tmp_path, "-c", code, settings=settings, timeout=60)
    assert done.returncode == 0
    assert done.stdout.startswith("('Twilio: the import of twilio took too long. ")
    assert [text.route for text in phone.texts] == ["gateway"]


# The first import of one of these modules makes a signal, whose handler texts as well.
TEXTING_HANDLER = """
import os, signal, sys
from textmyself import textmyself

receipts = []
def texting(*_):
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    receipts.append(textmyself("by the handler", confirm=0))

signal.signal(signal.SIGUSR1, texting)
def hook(event, arguments):
    if event == "import" and arguments[0] == sys.argv[1] and not receipts:
        os.kill(os.getpid(), signal.SIGUSR1)

sys.addaudithook(hook)
receipts.append(textmyself("by the main program", confirm=0))
print([receipt.problems for receipt in receipts])
"""


@POSIX
@pytest.mark.parametrize(
    ("route", "name"),
    [
        *(("twilio", name) for name in ("twilio.rest", "requests", "http")),
        *(("gateway", name) for name in ("datetime", "smtplib", "email.message")),
    ],
)
def test_a_signals_handler_texts_while_the_first_text_imports(
    phone: Phone, tmp_path: Path, route: str, name: str
) -> None:
    arguments = ("-c", TEXTING_HANDLER, name)
    done = run_python(tmp_path, *arguments, settings=phone.settings(route))
    assert (done.stdout, done.stderr) == ("[(), ()]\n", "")
    assert sorted(text.body for text in phone.texts) == ["by the handler", "by the main program"]


# Children that are forked right after a first text, and use TLS.
FORKS_AFTERWARDS = """
import os, time
from textmyself import textmyself

assert textmyself("the job starts", confirm=0)
children = []
for _ in range(6):
    children.append(os.fork())
    if children[-1] == 0:
        import ssl
        ssl.create_default_context()
        os._exit(0)
end = time.monotonic() + 30
while children and time.monotonic() < end:
    time.sleep(0.01)
    children = [child for child in children if not os.waitpid(child, os.WNOHANG)[0]]
for child in children:
    os.kill(child, 9)
print(len(children))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no such thing")
@pytest.mark.parametrize("route", ["twilio", "gateway"])
def test_no_child_that_is_forked_right_after_a_first_text_hangs(
    phone: Phone, tmp_path: Path, route: str
) -> None:
    settings = phone.settings(route)
    for _ in range(3):
        # OpenSSL's lock is held for a moment only, so one time says little.
        done = run_python(tmp_path, "-c", FORKS_AFTERWARDS, settings=settings)
        assert (done.stdout, done.stderr) == ("0\n", "")


# A thread sends its first text, and its imports are slow; meanwhile the main thread forks.
FORKS = """
import os, sys, threading, time
from textmyself import textmyself

parent = os.getpid()
def hook(event, _):
    if event == "import" and os.getpid() == parent and threading.current_thread() is not main:
        time.sleep(0.005)

main = threading.current_thread()
sys.addaudithook(hook)
thread = threading.Thread(target=textmyself, args=("by the parent",), kwargs={"confirm": 0})
thread.start()
children = []
for number in range(12):
    time.sleep(0.05)
    children.append(os.fork())
    if children[-1] == 0:
        start = time.monotonic()
        receipt = textmyself(f"by child {number}", confirm=0, timeout=5)
        seconds = time.monotonic() - start
        status = receipt.status.replace(" ", "-")
        os.write(1, f"{status} {bool(receipt.problems)} {seconds}\\n".encode())
        os._exit(0)
end = time.monotonic() + 60
while children and time.monotonic() < end:
    time.sleep(0.05)
    children = [child for child in children if not os.waitpid(child, os.WNOHANG)[0]]
for child in children:
    os.kill(child, 9)
thread.join()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no such thing")
@pytest.mark.parametrize("route", ["twilio", "gateway"])
def test_a_child_that_is_forked_while_a_thread_imports_comes_back_in_time(
    phone: Phone, tmp_path: Path, route: str
) -> None:
    (tmp_path / "job.py").write_text(FORKS)
    # Python 3.12 and later warn of forks, and deadlock themselves where a thread imports what it
    # takes to show that.
    arguments = ("-W", "ignore::DeprecationWarning", "job.py")
    done = run_python(tmp_path, *arguments, settings=phone.settings(route))
    assert done.returncode == 0
    children = [line.split() for line in done.stdout.splitlines()]
    assert len(children) == 12
    # Not for ever: the log may take a second more, and a busy machine some.
    assert all(float(seconds) < 30 for _, _, seconds in children)
    failed, unknown = ([it for it in children if it[0] == what] for what in ("not-sent", "unknown"))
    assert all(has_problems == "True" for _, has_problems, _ in failed + unknown)
    sent = len(children) - len(failed) - len(unknown)
    assert sent <= len(phone.texts) - 1 <= sent + len(unknown)
    assert "by the parent" in [text.body for text in phone.texts]


@pytest.mark.parametrize("route", ["twilio", "gateway"])
def test_the_main_thread_is_still_the_main_thread_after_a_text(
    phone: Phone, tmp_path: Path, route: str
) -> None:
    code = """
import sys
from textmyself import textmyself
textmyself("hello", confirm=0)
import threading
print(threading.current_thread() is threading.main_thread(), threading.active_count())
"""
    done = run_python(tmp_path, "-c", code, settings=phone.settings(route))
    assert (done.stdout, done.stderr) == ("True 1\n", "")


# As a debugger or an error reporter shows it.
WITH_LOCALS = """
import sys, traceback
from textmyself import textmyself
try:
    textmyself("hello", timeout=3600)
except KeyboardInterrupt as error:
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    sys.exit("".join(shown.format()))
"""


@POSIX
def test_ctrl_c_ends_a_stalled_import_at_once_and_shows_no_secret(
    phone: Phone, tmp_path: Path
) -> None:
    here = tmp_path / "here"
    path = put_installed(tmp_path, "twilio", f"open({str(here)!r}, 'w').close()\n{STALLED_TWILIO}")
    settings = phone.settings("twilio", "gateway") | path
    with start_python(tmp_path, "-c", WITH_LOCALS, settings=settings, timeout=60) as process:
        while not here.exists():
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        said = process.communicate()[1]
    assert "KeyboardInterrupt" in said
    assert process.returncode == 1
    assert AUTH_TOKEN not in said
    assert SMTP_PASSWORD not in said
    assert MY_NUMBER[2:] not in said
    assert phone.texts == []
