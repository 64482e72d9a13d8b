"""Let no Python that a test starts look up any name but localhost: it runs this before all else."""

import socket
from typing import Any

look_up = socket.getaddrinfo


def getaddrinfo(host: Any, *rest: Any, **options: Any) -> Any:
    assert host in ("localhost", "127.0.0.1", "::1", None), f"a test looks up {host}"
    return look_up(host, *rest, **options)


socket.getaddrinfo = getaddrinfo
