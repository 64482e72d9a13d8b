"""What every test has: no setting, no `.env`, no way off this machine, and a phone if it asks."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from phone import Phone

import textmyself

# Where the modules that are tested are: in this checkout, or where a wheel was installed.
MODULES = Path(textmyself.__file__).parent

settings.register_profile("short", max_examples=50)
settings.register_profile("long", max_examples=2500)
settings.load_profile("short")

# A job in a shell's background, or under nohup, ignores these, and so would all that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

# For a Python of its own, which runs a file of this name on its path before all else.
GUARD = """
import socket
look_up = socket.getaddrinfo
def getaddrinfo(host, *rest, **options):
    assert host in ("localhost", "127.0.0.1", "::1", None), f"a test looks up {host}"
    return look_up(host, *rest, **options)
socket.getaddrinfo = getaddrinfo
"""


def guard(folder: Path) -> str:
    """Let no Python with `folder` on its path look up any name but localhost; return the folder."""
    (folder / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    return str(folder)


def environment(home: Path) -> dict[str, str]:
    """Return what a Python of its own needs besides settings: a home and, on Windows, its system."""
    needed = {"HOME": str(home), "USERPROFILE": str(home)}
    return needed | {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}


@pytest.fixture(scope="session")
def running_phone() -> Iterator[Phone]:
    with Phone() as phone:
        yield phone


@pytest.fixture(autouse=True)
def nothing_is_set_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Remove every setting, and point all that is looked at to an empty folder."""
    proxies = {"HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"}
    for name in os.environ:
        if name in textmyself.NAMES or name.startswith("TEXTMYSELF") or name.upper() in proxies:
            monkeypatch.delenv(name)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    modules = tmp_path / "modules"  # as the project's own folder may hold a developer's .env
    modules.mkdir()
    monkeypatch.setattr(textmyself, "__file__", str(modules / "textmyself.py"))
    script = tmp_path / "script"
    script.mkdir()
    monkeypatch.setattr("__main__.__file__", str(script / "script.py"), raising=False)
    monkeypatch.chdir(script)


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse to look up any name but localhost."""
    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *rest: Any, **options: Any) -> Any:
        assert host in ("localhost", "127.0.0.1", "::1", None), f"a test looks up {host}"
        return look_up(host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.fixture
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test wait a second before something is tried again."""
    monkeypatch.setattr(textmyself, "PAUSE_SECONDS", 0.05)


@pytest.fixture
def phone(running_phone: Phone) -> Phone:
    """A phone that has got nothing yet, and to which all goes well."""
    fresh = Phone()
    for name in ("texts", "requests", "messages", "script", "statuses", "error_code"):
        setattr(running_phone, name, getattr(fresh, name))
    running_phone.smtp_replies = {}
    running_phone.show_certificate("right")
    return running_phone


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
