"""The client that asks feeds: one request at a time, slowly, within bounds, and never inside the network."""

from __future__ import annotations

import contextlib
import email.utils
import socket
import threading
import time
import zlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

import requests
import urllib3
from django.utils.translation import gettext as _
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError

from fingerpost.kernel.errors import SourceFault
from fingerpost.web.directory.feeds.addresses import checked, followed, permitted
from fingerpost.web.directory.feeds.json_values import parsed

USER_AGENT = "Fingerpost-directory/1 (reads open service directories; one request at a time)"
_CHUNK = 64 * 1024
_MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_GONE = (404, 410)
_BUSY = (429, 500, 502, 503, 504)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How far one reading of a feed goes. Times in seconds."""

    page_bytes: int = 20 * 1024**2  # unpacked
    all_bytes: int = 1024**3
    requests: int = 50_000
    connect: float = 10
    silence: float = 30
    answer: float = 120  # the whole answer, however it trickles
    between: float = 1
    tries: int = 4
    longest_wait: float = 600


class FeedAbsent(SourceFault):
    """The feed says that there is nothing at an address."""


class _Busy(Exception):
    """The feed could not answer now; `wait` is what it asks for, if it says."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


@dataclass(kw_only=True)
class Fetcher:
    """Asks one feed. `inside`: hosts (`host:port`) that may be private or without https.

    Close it, or use it as a context. `asked` and `read` count requests and bytes for the report.
    """

    inside: Collection[str] = ()
    limits: Limits = field(default_factory=Limits)
    sleep: Callable[[float], None] = time.sleep
    asked: int = 0
    read: int = 0
    _last: float | None = None

    def __post_init__(self) -> None:
        self._open: list[HTTPConnection] = []
        self._was_cut = False
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.update(
            {"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "gzip"}
        )
        adapter = _Adapter(self)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._session.close()

    def json(self, address: str) -> Any:
        """What stands at an address. Raises `FeedAbsent` or `SourceFault`, after trying again where that helps."""
        for attempt in range(1, self.limits.tries + 1):
            try:
                return self._once(address)
            except _Busy as busy:
                wait = busy.wait if busy.wait is not None else 5.0 * 2**attempt
                if attempt == self.limits.tries or wait > self.limits.longest_wait:
                    raise self._given_up(address, str(busy), wait, attempt) from busy
                self.sleep(wait)
        raise AssertionError("the loop above returns or raises")

    def _once(self, address: str) -> Any:
        for _hop in range(_MOST_REDIRECTS + 1):
            checked(address, inside=self.inside)
            self._take_turn()
            to, body = self._answer(address)
            if not to:
                return parsed(body, where=_where(address))
            address = followed(address, to, inside=self.inside)
        raise SourceFault(
            _("%(where)s sends on again and again.") % {"where": _where(address)},
            expected=_("At most %(most)s redirects.") % {"most": _MOST_REDIRECTS},
            remedy=_("Check the address with whoever publishes the feed."),
        )

    def _take_turn(self) -> None:
        """Wait until it is polite to ask, and count the request."""
        if self.asked >= self.limits.requests:
            raise SourceFault(
                _("The feed does not end: it was asked %(times)s times.") % {"times": self.asked},
                expected=_("A feed that can be read with fewer requests."),
                remedy=_("Nothing was imported. Tell whoever publishes the feed."),
            )
        if self._last is not None:
            early = self.limits.between - (time.monotonic() - self._last)
            if early > 0:
                self.sleep(early)
        self.asked += 1

    def _answer(self, address: str) -> tuple[str, bytes]:
        """Where it sends on to, or what it says."""
        self._was_cut = False
        cut = threading.Timer(self.limits.answer, self._cut)
        cut.daemon = True
        cut.start()
        begun = time.monotonic()
        try:
            with self._session.get(
                address,
                timeout=(self.limits.connect, self.limits.silence),
                allow_redirects=False,
                stream=True,
            ) as answer:
                return self._judged(address, answer, begun)
        except requests.exceptions.SSLError as fault:
            raise SourceFault(
                _("%(where)s has no valid certificate.") % {"where": _where(address)},
                expected=_("A certificate of that name, in date, from a known authority."),
                remedy=_("Tell whoever publishes the feed."),
            ) from fault
        except (requests.RequestException, HTTPError, OSError, ValueError) as fault:
            raise _Busy(type(fault).__name__) from fault
        finally:
            cut.cancel()
            self._open.clear()
            self._last = time.monotonic()

    def _cut(self) -> None:
        """End an answer that trickles: a silence ends by itself, one byte now and then would not."""
        self._was_cut = True
        for connection in list(self._open):
            with contextlib.suppress(OSError, AttributeError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    def _judged(self, address: str, answer: requests.Response, begun: float) -> tuple[str, bytes]:
        status = answer.status_code
        if self._was_cut:
            raise _Busy("too slow")  # headers that were cut off look like few headers
        if status in _REDIRECTS and answer.headers.get("Location"):
            return answer.headers["Location"], b""
        if status in _GONE:
            raise FeedAbsent(
                _("There is nothing at %(where)s.") % {"where": _where(address)},
                expected=_("The address of a feed, as its publisher gives it."),
            )
        if status in _BUSY:
            raise _Busy(f"HTTP {status}", _retry_after(answer.headers.get("Retry-After", "")))
        if status != requests.codes.ok:
            raise SourceFault(
                _("%(where)s answered %(status)s.") % {"where": _where(address), "status": status},
                expected=_("An open feed, which anybody may read, and the answer 200."),
                remedy=_("Check the address with whoever publishes the feed."),
            )
        _check_type(address, answer.headers.get("Content-Type", ""))
        return "", self._body(address, answer, begun)

    def _body(self, address: str, answer: requests.Response, begun: float) -> bytes:
        """The answer, unpacked piece by piece so that a small one cannot become a very large one."""
        packing = answer.headers.get("Content-Encoding", "").strip().lower()
        if packing not in ("", "identity", "gzip"):
            raise SourceFault(
                _("%(where)s answers packed in a way that was not asked for: %(packing)s.")
                % {"where": _where(address), "packing": packing[:40]},
                expected=_("JSON as it is, or packed with gzip."),
            )
        unpack = zlib.decompressobj(wbits=31) if packing == "gzip" else None
        most = min(self.limits.page_bytes, self.limits.all_bytes - self.read)
        body = bytearray()
        while piece := answer.raw.read1(_CHUNK, decode_content=False):
            try:
                body += unpack.decompress(piece, most + 1 - len(body)) if unpack else piece
            except zlib.error as fault:
                raise _Busy("damaged gzip") from fault
            if len(body) > most:
                raise self._too_much(address, most)
            if time.monotonic() - begun > self.limits.answer:
                raise _Busy("too slow")
        if (unpack and not unpack.eof) or (not unpack and not _is_whole(answer, len(body))):
            raise _Busy("broke off")
        self.read += len(body)
        return bytes(body)

    def _too_much(self, address: str, most: int) -> SourceFault:
        return SourceFault(
            _("The answer of %(where)s is too large.") % {"where": _where(address)},
            expected=_("At most %(page)s megabytes in one page and %(all)s in all.")
            % {"page": self.limits.page_bytes // 1024**2, "all": self.limits.all_bytes // 1024**2},
            remedy=_("Nothing more was read. Ask for smaller pages, or tell whoever publishes the feed."),
        )

    def _given_up(self, address: str, why: str, wait: float, tries: int) -> SourceFault:
        return SourceFault(
            _(
                "%(where)s did not answer (%(why)s); it was asked %(tries)s times and then asks for %(wait)s seconds."
            )
            % {"where": _where(address), "why": why, "tries": tries, "wait": round(wait)},
            expected=_("An answer within %(seconds)s seconds.") % {"seconds": round(self.limits.answer)},
            remedy=_("What was read so far is kept. Start again later: it goes on where it stopped."),
        )

    def connect(self, connection: HTTPConnection) -> socket.socket:
        """A socket to one of the addresses that a host has, each of them looked at."""
        self._open.append(connection)
        fault: OSError | None = None
        for address in permitted(connection.host, connection.port, inside=self.inside):
            try:
                return socket.create_connection((address, connection.port), self.limits.connect)
            except OSError as refused:
                fault = refused
        raise NewConnectionError(connection, str(fault)) from fault


class _Adapter(HTTPAdapter):
    """Connections of `requests` that are made by `Fetcher.connect`; certificates are still of the name."""

    def __init__(self, fetcher: Fetcher) -> None:
        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return fetcher.connect(self)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return fetcher.connect(self)

        class PlainPool(urllib3.HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(urllib3.HTTPSConnectionPool):
            ConnectionCls = Secure

        self._pools = {"http": PlainPool, "https": SecurePool}
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools


def _check_type(address: str, given: str) -> None:
    kind = given.partition(";")[0].strip().lower()
    if kind in ("application/json", "text/json") or (
        kind.startswith("application/") and kind.endswith("+json")
    ):
        return
    raise SourceFault(
        _("%(where)s does not answer with JSON but with %(kind)s.")
        % {"where": _where(address), "kind": kind[:80] or _("something that it does not name")},
        expected=_("The content type application/json."),
        remedy=_("This may be a page for people, or one that asks to sign in. Check the address."),
    )


def _is_whole(answer: requests.Response, read: int) -> bool:
    said = answer.headers.get("Content-Length", "")
    return not said.isdigit() or int(said) == read


def _retry_after(text: str) -> float | None:
    """Seconds, or a moment, as the feed asks; never less than one."""
    if text.strip().isdigit():
        return max(1.0, float(text[:12]))
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return max(1.0, moment.timestamp() - time.time())


def _where(address: str) -> str:
    return address.partition("?")[0][:200]
