"""Let no Python that a test starts look up any name but localhost: it runs this before all else.

It imports no module that a test may want to see imported later: `sys` is there anyway.
"""

from __future__ import annotations

import sys


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
        assert host in ("localhost", "127.0.0.1", "::1", None), f"a test looks up {host!r}"


sys.addaudithook(refuse)
