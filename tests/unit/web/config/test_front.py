"""The front of the server: a request reaches the pages whole and within limits, or not at all."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from fingerpost.web.config.front import Front, Limits, in_front
from fingerpost.web.pages.refusals import REFUSED, Refusal

LIMITS = Limits(
    largest=10_000,
    small=1_000,
    large_at_once=2,
    poured_away=50_000,
    patience=0.2,
    slowest=100_000,
    reader_patience=0.2,
)


class Asked:
    """One request as a server hands it over, and what came back."""

    def __init__(
        self,
        *pieces: bytes,
        path: bytes = b"/",
        headers: Iterable[tuple[bytes, bytes]] = (),
        pause: float = 0.0,
        leaves: bool = False,
    ) -> None:
        self.pieces, self.pause, self.leaves = list(pieces) or [b""], pause, leaves
        self.scope: dict[str, Any] = {
            "type": "http",
            "method": "POST",
            "http_version": "1.1",
            "scheme": "http",
            "path": path.decode(errors="replace"),
            "raw_path": path,
            "query_string": b"",
            "root_path": "",
            "headers": [(b"host", b"fingerpost.example"), *headers],
            "server": ("127.0.0.1", 80),
            "client": ("127.0.0.1", 1),
        }
        self.answer: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        if self.pieces:
            await asyncio.sleep(self.pause)
            piece = self.pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(self.pieces) or self.leaves}
        if self.leaves:
            return {"type": "http.disconnect"}
        await asyncio.Event().wait()
        raise AssertionError

    async def send(self, message: dict[str, Any]) -> None:
        self.answer.append(message)

    @property
    def status(self) -> int:
        return int(self.answer[0]["status"])

    @property
    def body(self) -> bytes:
        return b"".join(each.get("body", b"") for each in self.answer)


class Pages:
    """A WSGI application that keeps what it is asked."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        body = environ["wsgi.input"].read()
        self.seen.append({**environ, "body": body})
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"%d bytes" % len(body)]


@pytest.fixture
def pages() -> Pages:
    return Pages()


def ask(pages: Any, *asked: Asked, limits: Limits = LIMITS) -> None:
    async def run() -> None:
        front = in_front(pages, threads=4)
        limited = Front(front.application, limits)
        await asyncio.gather(*(limited(each.scope, each.receive, each.send) for each in asked))  # type: ignore[arg-type]

    asyncio.run(run())


def refusal_of(pages: Pages) -> object:
    [seen] = pages.seen
    return seen["asgi.scope"].get(REFUSED)


def test_a_body_arrives_whole_however_it_was_cut(pages: Pages) -> None:
    asked = Asked(b"a" * 900, b"b" * 900, b"", b"c" * 7)
    ask(pages, asked)
    assert pages.seen[0]["body"] == b"a" * 900 + b"b" * 900 + b"c" * 7
    assert pages.seen[0]["CONTENT_LENGTH"] == "1807"
    assert (asked.status, asked.body) == (200, b"1807 bytes")


def test_a_body_at_the_limit_is_taken_and_one_byte_more_is_not(pages: Pages) -> None:
    ask(pages, Asked(b"a" * 10_000))
    assert refusal_of(pages) is None
    pages.seen.clear()
    ask(pages, Asked(b"a" * 10_000, b"a"))
    assert refusal_of(pages) == Refusal.TOO_LARGE
    assert pages.seen[0]["body"] == b""
    assert "CONTENT_LENGTH" not in pages.seen[0]


def test_what_calls_itself_too_large_is_refused_and_poured_away(pages: Pages) -> None:
    asked = Asked(*[b"a" * 10_000] * 9, headers=[(b"content-length", b"90000")])
    ask(pages, asked)
    assert refusal_of(pages) == Refusal.TOO_LARGE
    assert 0 < len(asked.pieces) < 5, "it reads on so that the sender sees the answer, but not for ever"
    assert (b"connection", b"close") in asked.answer[0]["headers"]


def test_a_body_that_trickles_is_given_up(pages: Pages) -> None:
    ask(pages, Asked(*[b"a"] * 100, pause=0.05))
    assert refusal_of(pages) == Refusal.TOO_SLOW


def test_a_body_that_keeps_the_slowest_rate_is_waited_for(pages: Pages) -> None:
    ask(pages, Asked(*[b"a" * 900] * 8, pause=0.03), limits=Limits(patience=0.2, slowest=20_000))
    assert refusal_of(pages) is None
    assert len(pages.seen[0]["body"]) == 7200


def test_few_large_bodies_at_once_and_small_ones_never_wait(pages: Pages) -> None:
    large = [Asked(*[b"a" * 1_500] * 2, pause=0.05) for _ in range(4)]
    small = Asked(b"a" * 500)
    ask(pages, *large, small)
    refused = [each["asgi.scope"].get(REFUSED) for each in pages.seen]
    assert refused.count(Refusal.TOO_MANY) == 2
    assert small.body == b"500 bytes"
    pages.seen.clear()
    ask(pages, Asked(b"a" * 1_500))
    assert refusal_of(pages) is None, "a place is given back"


def test_nobody_is_answered_who_went_away_while_sending(pages: Pages) -> None:
    asked = Asked(b"a" * 10, leaves=True)
    ask(pages, asked)
    assert pages.seen == []
    assert asked.answer == []


@pytest.mark.parametrize("path", [b"/%ff", b"/a%80b"])
def test_a_path_that_is_no_text_is_refused(pages: Pages, path: bytes) -> None:
    ask(pages, Asked(path=path))
    assert refusal_of(pages) == Refusal.MALFORMED


def test_a_path_is_read_once_and_keeps_its_letters(pages: Pages) -> None:
    ask(pages, Asked(path=b"/caf%C3%A9/%2541"))
    assert pages.seen[0]["PATH_INFO"].encode("latin-1").decode() == "/café/%41"


@pytest.mark.parametrize("name", [b"host", b"content-length", b"content-type", b"authorization"])
def test_a_header_of_the_house_told_twice_is_refused(pages: Pages, name: bytes) -> None:
    given = [(name, b"1"), (name, b"1")]
    ask(pages, Asked(headers=given))
    assert refusal_of(pages) == Refusal.MALFORMED


def test_two_ways_to_say_where_a_body_ends_are_refused(pages: Pages) -> None:
    ask(pages, Asked(b"abc", headers=[(b"transfer-encoding", b"chunked"), (b"content-length", b"3")]))
    assert refusal_of(pages) == Refusal.MALFORMED


def test_a_header_with_underscores_never_passes_for_another(pages: Pages) -> None:
    given = [(b"x_forwarded_proto", b"https"), (b"x-real", b"yes"), (b"cookie", b"a=1"), (b"cookie", b"b=2")]
    ask(pages, Asked(headers=given))
    assert "HTTP_X_FORWARDED_PROTO" not in pages.seen[0]
    assert pages.seen[0]["HTTP_X_REAL"] == "yes"
    assert pages.seen[0]["HTTP_COOKIE"] == "a=1; b=2"


class Endless:
    """Pages that would go on for ever; `closed` tells that what they hold was let go."""

    def __init__(self) -> None:
        self.made, self.closed = 0, threading.Event()

    def __call__(self, _environ: dict[str, Any], start_response: Callable[..., Any]) -> Endless:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return self

    def __iter__(self) -> Iterator[bytes]:
        while True:
            self.made += 1
            yield b"more"

    def close(self) -> None:
        self.closed.set()


def test_a_reader_who_stops_reading_does_not_hold_a_thread() -> None:
    class Stuck(Asked):
        async def send(self, message: dict[str, Any]) -> None:
            await super().send(message)
            if len(self.answer) > 3:
                await asyncio.Event().wait()

    endless, asked = Endless(), Stuck()
    ask(endless, asked)
    assert endless.closed.is_set()
    assert len(asked.answer) == 4


def test_a_reader_who_goes_away_ends_a_long_answer() -> None:
    class Leaving(Asked):
        async def receive(self) -> dict[str, Any]:
            if self.pieces:
                return await super().receive()
            while len(self.answer) < 5:
                await asyncio.sleep(0)
            return {"type": "http.disconnect"}

        async def send(self, message: dict[str, Any]) -> None:
            await asyncio.sleep(0.001)
            await super().send(message)

    endless, asked = Endless(), Leaving()
    ask(endless, asked)
    assert endless.closed.is_set()


def test_pages_are_not_begun_for_somebody_who_went_away_while_waiting_for_a_thread() -> None:
    class Slow(Pages):
        def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
            threading.Event().wait(0.1)
            return super().__call__(environ, start_response)

    class Leaving(Asked):
        async def receive(self) -> dict[str, Any]:
            if self.pieces:
                return await super().receive()
            return {"type": "http.disconnect"}

    slow = Slow()
    stay, leave = [Asked() for _ in range(4)], [Leaving() for _ in range(6)]
    ask(slow, *stay, *leave)
    assert len(slow.seen) == 4
    assert all(each.status == 200 for each in stay)


def test_other_protocols_are_refused() -> None:
    async def run() -> None:
        await Front(Pages())({"type": "websocket"}, None, None)  # type: ignore[arg-type]

    with pytest.raises(ValueError, match="websocket"):
        asyncio.run(run())
