"""The server under clients that send too slowly, too much, or what two readers could read in two ways."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import pytest

from tests.system.town import Town

HEAD = b"Host: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
UNFINISHED = 24  # more than the threads of the server
SAFE = (
    b"content-security-policy:",
    b"x-frame-options: deny",
    b"x-content-type-options: nosniff",
    b"permissions-policy:",
    b"connection: close",
)


@contextmanager
def talking(town: Town) -> Iterator[socket.socket]:
    parts = urlsplit(town.address)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30) as line:
        yield line


def answer_to(line: socket.socket, *sent: bytes) -> bytes:
    """All that comes back until the server closes the line."""
    for piece in sent:
        line.sendall(piece)
    found = b""
    while piece := line.recv(65536):
        found += piece
    return found


def test_unfinished_uploads_hold_nobody_up(town: Town) -> None:
    with ExitStack() as lines:
        for _ in range(UNFINISHED):
            line = lines.enter_context(talking(town))
            line.sendall(
                b"POST /accounts/login/ HTTP/1.1\r\n" + HEAD + b"Content-Length: 5000\r\n\r\nlogin=a"
            )
        with talking(town) as other:
            said = answer_to(other, b"GET /help/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("told", [True, False])
def test_a_body_that_is_too_large_gets_a_page_before_any_of_it_is_kept(town: Town, told: bool) -> None:
    size = 22 * 1024 * 1024
    piece = b"%x\r\n" % 65536 + b"a" * 65536 + b"\r\n"
    how = b"Content-Length: %d\r\n\r\n" % size if told else b"Transfer-Encoding: chunked\r\n\r\n"
    sent = [b"a" * 65536] * (size // 65536) if told else [*[piece] * (size // 65536), b"0\r\n\r\n"]
    with talking(town) as line:
        said = answer_to(line, b"POST /accounts/login/ HTTP/1.1\r\n" + HEAD + how, *sent)
    assert said.startswith(b"HTTP/1.1 413")
    assert b"This is too large to send" in said
    for header in SAFE:
        assert header in said.lower()


@pytest.mark.parametrize(
    "more",
    [
        b"Host: elsewhere.example\r\n",
        b"Content-Type: text/html\r\n",
    ],
)
def test_a_name_told_twice_gets_a_page(town: Town, more: bytes) -> None:
    with talking(town) as line:
        said = answer_to(line, b"POST /accounts/login/ HTTP/1.1\r\n" + HEAD + more + b"\r\n")
    assert said.startswith(b"HTTP/1.1 400")
    for header in SAFE:
        assert header in said.lower()


@pytest.mark.parametrize(
    "flood", [b"".join(b"X-%d: y\r\n" % n for n in range(2000)), b"X: " + b"y" * 500_000 + b"\r\n"]
)
def test_a_flood_of_headers_is_cut_off(town: Town, flood: bytes) -> None:
    with talking(town) as line:
        try:
            said = answer_to(line, b"GET /help/ HTTP/1.1\r\nHost: 127.0.0.1\r\n" + flood + b"\r\n")
        except ConnectionError:
            return
    assert said.startswith((b"HTTP/1.1 431", b"HTTP/1.1 400")) or said == b""


def test_two_lengths_of_one_body_are_refused(town: Town) -> None:
    with talking(town) as line:
        said = answer_to(
            line,
            b"POST /accounts/login/ HTTP/1.1\r\n"
            + HEAD
            + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        )
    assert said.startswith(b"HTTP/1.1 400")
