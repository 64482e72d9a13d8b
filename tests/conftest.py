"""What every test has: no setting, no `.env`, no way off this machine, and a phone if it asks."""

from __future__ import annotations

import _thread
import atexit
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from phone import Phone

# Where the modules that are tested are: in this checkout, or where a wheel was installed. Nothing
# here imports them before a test does, since a worker of pytest-xdist reads this file before it
# begins to measure what is covered.
spec = find_spec("textmyself")
assert spec
assert spec.origin
MODULES = Path(spec.origin).parent

# An ordinary run has the same examples each time; the long one looks for others.
settings.register_profile("short", max_examples=25, derandomize=True)
settings.register_profile("long", max_examples=2500)
settings.load_profile("short")


def pytest_configure(config: pytest.Config) -> None:
    """Ask for no line to be covered on Windows: some are for systems whose files have owners."""
    plugin = config.pluginmanager.getplugin("_cov")
    if os.name == "nt" and plugin is not None:
        plugin.options.cov_fail_under = 0


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Measure nothing while tests are collected, which takes twice as long if it is measured.

    The modules that are tested are imported before, and that is measured.
    """
    import_module("carriers")
    import_module("textmyself")
    trace = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(trace)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mix the tests that wait with those that compute, where there are several workers.

    Each worker has to have the same order. Without workers it is that of the files.
    """
    if hasattr(config, "workerinput"):
        random.Random(0).shuffle(items)


def is_wine() -> bool:
    """Return whether this Windows is wine, which does some things in a way of its own."""
    if sys.platform != "win32":
        return False
    import ctypes

    return hasattr(ctypes.windll.ntdll, "wine_get_version")


# A job in a shell's background, or under nohup, ignores these, and so would all that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
for name in ("SIGHUP", "SIGQUIT"):
    if hasattr(signal, name):
        signal.signal(getattr(signal, name), signal.SIG_DFL)

start_new_thread = _thread.start_new_thread
# The threads that were started so and have not ended; the module threading has its own way.
workers: set[object] = set()


def start_traced_thread(work: Callable[..., object], arguments: tuple[Any, ...]) -> int:
    """Start a thread that is measured like those of the module threading: coverage knows no other."""

    worker = object()

    def run(*arguments: Any) -> None:
        if threading.gettrace():
            sys.settrace(threading.gettrace())
        try:
            work(*arguments)
        finally:
            workers.discard(worker)

    workers.add(worker)
    return start_new_thread(run, arguments)


_thread.start_new_thread = start_traced_thread  # type: ignore[assignment]

# On the path of each Python that a test starts: it runs the file in there before all else.
GUARD = Path(__file__).parent / "guard"

# Each such Python imports a copy, as a developer's own `.env` may lie beside the originals.
COPY = Path(tempfile.mkdtemp(prefix="modules-"))
atexit.register(shutil.rmtree, COPY, ignore_errors=True)
for name in ("textmyself.py", "carriers.py"):
    shutil.copy(MODULES / name, COPY)


def environment(
    folder: Path, settings: Mapping[str, str] | None = None, modules: Path | None = COPY
) -> dict[str, str]:
    """Return the whole environment of a Python whose home is `folder`, `settings` and no others.

    It imports textmyself from `modules`, or with None from wherever it is started, and looks up no
    name but localhost. `settings` may replace whatever there is besides, such as HOME or PATH.
    """
    path = os.pathsep.join(map(str, [GUARD] if modules is None else [GUARD, modules]))
    variables = {"HOME": str(folder), "USERPROFILE": str(folder), "PYTHONPATH": path}
    variables["PATH"] = os.defpath
    if "SYSTEMROOT" in os.environ:
        # Without which Windows gives no program a socket.
        variables["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    return variables | dict(settings or {})


@contextmanager
def start_python(
    folder: Path,
    *arguments: str | os.PathLike[str] | bytes,
    settings: Mapping[str, str] | None = None,
    modules: Path | None = COPY,
    shell: str = "",
    timeout: float = 120,
) -> Iterator[subprocess.Popen[str]]:
    """Start Python with `arguments` in `folder`, and in the `environment` that these make.

    `shell` is a line for sh in which "$@" is the command that starts it. Its standard streams are
    pipes. When the block ends, so does Python: by itself or, after an exception, by being killed.
    It is killed as well when it hangs, which is when it has run for `timeout` seconds.
    """
    command = [sys.executable, *arguments]
    with subprocess.Popen(
        ["sh", "-c", shell, "sh", *command] if shell else command,
        cwd=folder,
        env=environment(folder, settings, modules),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        # Bytes that are no UTF-8 get in and out all the same.
        errors="surrogateescape",
    ) as process:
        watchdog = threading.Timer(timeout, process.kill)
        watchdog.start()
        try:
            yield process
            process.wait()
        finally:
            process.kill()
            watchdog.cancel()


def run_python(
    folder: Path,
    *arguments: str | os.PathLike[str] | bytes,
    settings: Mapping[str, str] | None = None,
    input: str = "",  # noqa: A002 -- as subprocess.run has it
    modules: Path | None = COPY,
    shell: str = "",
    timeout: float = 120,
) -> subprocess.CompletedProcess[str]:
    """Run Python likewise to its end, with `input`; return its exit status and what it wrote."""
    start = partial(start_python, settings=settings, modules=modules, shell=shell, timeout=timeout)
    with start(folder, *arguments) as process:
        out, err = process.communicate(input)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def guard(folder: Path) -> str:
    """Let no Python with `folder` on its path look up any name but localhost; return the folder."""
    shutil.copy(GUARD / "sitecustomize.py", folder)
    return str(folder)


@pytest.fixture(scope="session")
def running_phone() -> Iterator[Phone]:
    # Else the first test to text would wait for this as well: it takes a second, or several.
    import_module("twilio.rest")
    with Phone() as phone:
        yield phone


@pytest.fixture(autouse=True)
def nothing_is_set_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Remove every setting, and point all that is looked at to an empty folder."""
    from textmyself import NAMES

    proxies = {"HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"}
    for name in os.environ:
        if name in NAMES or name.startswith("TEXTMYSELF") or name.upper() in proxies:
            monkeypatch.delenv(name)
    for name in ("HOME", "XDG_CONFIG_HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    # As the project's own folder may hold a developer's `.env`.
    modules = tmp_path / "modules"
    modules.mkdir()
    monkeypatch.setattr("textmyself.__file__", str(modules / "textmyself.py"))
    # Else carriers.py would be looked for in there.
    monkeypatch.setitem(sys.modules, "textmyself.carriers", import_module("carriers"))
    script = tmp_path / "script"
    script.mkdir()
    monkeypatch.setattr("textmyself.START_FOLDER", str(script))
    monkeypatch.setattr("__main__.__file__", str(script / "script.py"), raising=False)
    monkeypatch.chdir(script)


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse to look up any name but localhost."""
    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *rest: Any, **options: Any) -> Any:
        assert host in ("localhost", "127.0.0.1", "::1", None), f"a test looks up {host}"
        found = look_up(host, *rest, **options)
        if os.name == "nt" and host == "localhost":
            # Where it takes two seconds to find that nobody listens by IPv6, as the phone does not.
            found = [address for address in found if address[0] == socket.AF_INET]
        return found

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.fixture
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test wait a second before something is tried again."""
    monkeypatch.setattr("textmyself.PAUSE_SECONDS", 0.05)


@pytest.fixture
def phone(running_phone: Phone) -> Iterator[Phone]:
    """A phone that has got nothing yet, and to which all goes well."""
    before = set(workers)
    fresh = Phone()
    for name in ("texts", "requests", "messages", "commands", "script", "statuses", "error_code"):
        setattr(running_phone, name, getattr(fresh, name))
    running_phone.smtp_replies, running_phone.mail_size = {}, fresh.mail_size
    running_phone.show_certificate("right")
    yield running_phone
    # One that was left behind would ask the next test's phone. Some stall for longer than that.
    deadline = time.monotonic() + 5
    while workers - before and time.monotonic() < deadline:
        time.sleep(0.005)


@pytest.fixture
def set_up(monkeypatch: pytest.MonkeyPatch, phone: Phone) -> Callable[..., Phone]:
    """Set up routes to the phone, and with keywords other settings (None removes one)."""

    def set_up(*routes: str, **settings: str | None) -> Phone:
        for name, value in {**phone.settings(*routes), **settings}.items():
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)
        return phone

    return set_up
