"""What stands before the pages: it takes in each request whole, within limits, before a thread is spent on it.

The server calls it as an ASGI application. What is too large, too slow or malformed reaches the pages without its
body and with a mark in the scope: the refusal is a page like any other (`pages.middleware.RefusedRequestMiddleware`).
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from a2wsgi import WSGIMiddleware

from fingerpost.web.pages.refusals import REFUSED, Refusal

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

    Application = Callable[[Any, Any, Any], Awaitable[None]]

_MEGABYTE = 1024 * 1024
_PIECE = _MEGABYTE  # what the pages are handed at a time; each piece costs a change of threads
_GONE = "fingerpost.gone"
_ONCE = frozenset({b"host", b"content-type", b"content-length", b"authorization"})
_REWRITTEN = frozenset({b"cookie", b"content-length"})


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, seconds, and bytes a second. A body may take `patience` and what its size takes at the slowest rate."""

    largest: int = 21 * _MEGABYTE  # the largest upload, and the fields that stand beside it
    small: int = 256 * 1024  # a form: kept in memory, never made to wait for others
    large_at_once: int = 16
    poured_away: int = 100 * _MEGABYTE
    patience: float = 20.0
    slowest: float = 16 * 1024
    reader_patience: float = 30.0


class Front:
    """An ASGI application around another."""

    def __init__(self, application: Application, limits: Limits | None = None) -> None:
        self.application, self.limits = application, limits or Limits()
        self._large = 0

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] != "http":
            raise ValueError(f"only HTTP requests are answered here, not {scope['type']!r}")
        with ExitStack() as held:
            body = held.enter_context(SpooledTemporaryFile(max_size=self.limits.small))
            try:
                refusal, length = None, await self._take_in(scope, body, receive, held)
            except _Refused as refused:
                refusal, length = refused.why, body.truncate(0)
                if refusal != Refusal.TOO_SLOW:
                    await self._pour_away(receive)
            except _SenderGone:
                return  # nobody waits for an answer
            cleaned = _cleaned(scope, length, refusal)
            reader = _Reader(cleaned, send, self.limits.reader_patience, is_last=refusal is not None)
            body.seek(0)
            async with _watching(cleaned, receive):
                await self.application(cleaned, _replay(body, length), reader.send)

    async def _take_in(
        self, scope: HTTPScope, body: IO[bytes], receive: ASGIReceiveCallable, held: ExitStack
    ) -> int:
        """The length of the body, once it is there. A large one holds a place among few until it is answered."""
        _check_form(scope)
        limits, began, length, is_more = self.limits, time.monotonic(), 0, True
        if _declared_length(scope) > limits.largest:
            raise _Refused(Refusal.TOO_LARGE)
        while is_more:
            left = began + limits.patience + length / limits.slowest - time.monotonic()
            piece, is_more = await _receive(receive, left)
            if length <= limits.small < length + len(piece):
                held.enter_context(self._place_for_large())
            length += len(piece)
            if length > limits.largest:
                raise _Refused(Refusal.TOO_LARGE)
            body.write(piece)
        return length

    @contextmanager
    def _place_for_large(self) -> Iterator[None]:
        if self._large >= self.limits.large_at_once:
            raise _Refused(Refusal.TOO_MANY)
        self._large += 1
        try:
            yield
        finally:
            self._large -= 1

    async def _pour_away(self, receive: ASGIReceiveCallable) -> None:
        """Read on for a while, keeping nothing: a browser shows our answer only when it could send all it had."""
        until, length, is_more = time.monotonic() + self.limits.patience, 0, True
        with suppress(_Refused, _SenderGone):
            while is_more and length < self.limits.poured_away:
                piece, is_more = await _receive(receive, until - time.monotonic())
                length += len(piece)


class _Refused(Exception):
    def __init__(self, why: Refusal) -> None:
        self.why = why


class _SenderGone(Exception):
    pass


async def _receive(receive: ASGIReceiveCallable, seconds: float) -> tuple[bytes, bool]:
    """The next piece of a body, and whether more follows."""
    try:
        message = await asyncio.wait_for(receive(), max(seconds, 0))
    except TimeoutError:
        raise _Refused(Refusal.TOO_SLOW) from None
    if message["type"] != "http.request":
        raise _SenderGone
    return message["body"], message["more_body"]


def _declared_length(scope: HTTPScope) -> int:
    """What the request says of its own size, which the server has checked to be a number; 0 if it says nothing."""
    return max((int(value) for name, value in scope["headers"] if name == b"content-length"), default=0)


def _check_form(scope: HTTPScope) -> None:
    """What two readers could read in two ways is refused: a path that is no text, a name of the house told twice."""
    names = Counter(name for name, _ in scope["headers"])
    try:
        unquote_to_bytes(scope["raw_path"]).decode()
        scope["query_string"].decode("ascii")
    except UnicodeDecodeError:
        raise _Refused(Refusal.MALFORMED) from None
    has_two_lengths = bool(names[b"transfer-encoding"] and names[b"content-length"])
    if has_two_lengths or any(names[once] > 1 for once in _ONCE):
        raise _Refused(Refusal.MALFORMED)


def _cleaned(scope: HTTPScope, length: int, refusal: Refusal | None) -> dict[str, Any]:
    """The request as the pages see it: with its true length, and without what passes for another header."""
    # The pages' standard joins "a_b" and "a-b" to one name: who may not send the one could send the other.
    sent = [(name, value) for name, value in scope["headers"] if b"_" not in name]
    cookies = [value for name, value in sent if name == b"cookie"]
    headers = [(name, value) for name, value in sent if name not in _REWRITTEN]
    if cookies:
        headers.append((b"cookie", b"; ".join(cookies)))
    if length:
        headers.append((b"content-length", str(length).encode()))
    path = unquote_to_bytes(scope["raw_path"]).decode(errors="replace")
    marks = {REFUSED: refusal} if refusal else {}
    return {**scope, "path": path, "headers": headers, **marks}


def _replay(body: IO[bytes], length: int) -> Callable[[], Awaitable[Any]]:
    async def receive() -> dict[str, Any]:
        piece = body.read(_PIECE)
        return {"type": "http.request", "body": piece, "more_body": body.tell() < length}

    return receive


@asynccontextmanager
async def _watching(scope: dict[str, Any], receive: ASGIReceiveCallable) -> AsyncIterator[None]:
    """Marks the scope when the one who asked goes away before the answer is complete."""

    async def watch() -> None:
        message = await receive()
        if message["type"] == "http.disconnect":
            scope[_GONE] = True

    watcher = asyncio.create_task(watch())
    try:
        yield
    finally:
        watcher.cancel()


class _Reader:
    """The one who is answered. When they stop reading, the rest is thrown away and the pages are told to stop."""

    def __init__(
        self, scope: dict[str, Any], send: ASGISendCallable, patience: float, *, is_last: bool
    ) -> None:
        self._scope, self._send, self._patience, self._is_last = scope, send, patience, is_last

    async def send(self, message: Any) -> None:
        if _GONE in self._scope:
            return
        if self._is_last and message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], (b"connection", b"close")]}
        try:
            await asyncio.wait_for(self._send(message), self._patience)
        except TimeoutError:
            self._scope[_GONE] = True


def in_front(pages: WSGIApplication, *, threads: int) -> Front:
    """The front of an application whose pages are made by so many threads."""
    adapted: Any = _stopping_when_gone(pages)  # the library types the standard's own shapes more narrowly
    return Front(WSGIMiddleware(adapted, workers=threads))


def _stopping_when_gone(application: WSGIApplication) -> WSGIApplication:
    """Once nobody waits for an answer it is not begun, or not made any further, and what it holds is let go."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        scope = environ["asgi.scope"]
        if _GONE in scope:
            start_response("400 Bad Request", [])
            return []
        return _Until(application(environ, start_response), lambda: _GONE in scope)

    return answer


class _Until:
    def __init__(self, made: Iterable[bytes], is_over: Callable[[], bool]) -> None:
        self._made, self._is_over = made, is_over

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._made:
            if self._is_over():
                return
            yield piece

    def close(self) -> None:
        getattr(self._made, "close", lambda: None)()
