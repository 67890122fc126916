"""Choosing a port, and waiting until a page answers on it."""

from __future__ import annotations

import errno
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from fingerpost.localstack.failures import LocalFailure

HOST = "127.0.0.1"
FIRST_PORT = 8000
TRIED = 100


def free_port(first: int = FIRST_PORT) -> int:
    """The first port from `first` on that nobody listens on at 127.0.0.1."""
    for port in range(first, min(first + TRIED, 65536)):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError as error:
                if error.errno in (errno.EADDRINUSE, errno.EACCES):
                    continue
                raise
            return port
    raise LocalFailure(
        f"every port from {first} to {first + TRIED - 1} is taken.",
        "choose another with --port, for example 9000.",
    )


def wait_for_page(address: str, *, seconds: float, alive: Callable[[], bool]) -> str | None:
    """Wait until the address answers with a page. None when it does, else why it did not."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline, why = time.monotonic() + seconds, "it did not answer"
    while time.monotonic() < deadline:
        if not alive():
            return "it ended"
        try:
            with opener.open(address, timeout=10):
                return None
        except urllib.error.HTTPError as error:
            return f"its first page answered with status {error.code}"
        except (urllib.error.URLError, OSError) as error:
            why = f"it did not answer within {seconds:.0f} seconds ({error})"
        time.sleep(0.05)
    return why
