"""Feeds of our own on loopback: servers that publish what a test gives them, as councils and clubs would."""

from __future__ import annotations

import gzip
import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import ceil
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from fingerpost.web.directory.api import Fetcher
from fingerpost.web.directory.feeds.fetching import Limits
from fingerpost.web.directory.records import DirectoryRecords, Record

JSON = {"Content-Type": "application/json; charset=utf-8"}
QUICK = Limits(between=0, connect=3, silence=3, answer=5, tries=2)


@dataclass
class Reply:
    """What a server answers. `body` may be something that becomes JSON, or bytes as they are."""

    body: Any = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: dict(JSON))

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


Answer = Callable[[str, dict[str, str]], Reply]  # of a path and its parameters


@dataclass
class Server:
    """A server that is up. `asked` are the paths it was asked for, with their parameters, in order."""

    address: str
    host: str
    asked: list[str]
    headers: list[Mapping[str, str]]

    def fetcher(self, **changes: Any) -> Fetcher:
        values: dict[str, Any] = {"inside": [self.host], "limits": QUICK, "sleep": lambda _seconds: None}
        return Fetcher(**{**values, **changes})


@contextmanager
def serving(answer: Answer, *, certificate: Path | None = None) -> Iterator[Server]:
    """Serve on a free port of loopback until the block ends: in plain HTTP, or with a certificate and its key."""
    asked: list[str] = []
    headers: list[Mapping[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(self.path)
            headers.append(dict(self.headers))
            parts = urlsplit(self.path)
            asked_for = {name: found[-1] for name, found in parse_qs(parts.query).items()}
            reply = answer(unquote(parts.path), asked_for)
            self.send_response(reply.status)
            for name, value in {"Content-Length": str(len(reply.content)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.content)

        def log_message(self, *_words: object) -> None:
            """Nothing: tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    # Who does not trust it, or has had enough, hangs up.
    server.handle_error = lambda *_words: None  # type: ignore[method-assign]  # readers that hang up are no news
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)

    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        port = server.server_address[1]
        yield Server(f"http://127.0.0.1:{port}", f"127.0.0.1:{port}", asked, headers)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


_SUMMARY = (
    "service_id",
    "location_id",
    "service",
    "location",
    "id",
    "name",
    "description",
    "url",
    "email",
    "status",
    "last_modified",
    "organization",
)


@dataclass
class OrukFeed:
    """A feed of Open Referral UK. `whole`: its list says everything; `lies`: what its pages say instead."""

    services: list[dict[str, Any]]
    per_page: int = 10
    version: int = 3
    whole: bool = False
    from_nought: bool = False
    locations: list[dict[str, Any]] | None = None
    at_places: list[dict[str, Any]] | None = None
    root: Mapping[str, Any] | None = None
    lies: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, path: str, asked: dict[str, str]) -> Reply:
        if path.strip("/") == "" and self.root is not None:
            return Reply(dict(self.root))
        collection, _slash, key = path.strip("/").partition("/")
        things = {
            "services": self.services,
            "locations": self.locations,
            "service_at_locations": self.at_places,
        }.get(collection)
        if things is None:
            return Reply({"error": "not found"}, 404)
        if key:
            found = [thing for thing in things if str(thing.get("id")) == key]
            return Reply(found[0]) if found else Reply({"error": "not found"}, 404)
        if "modified_after" in asked:
            things = [t for t in things if t.get("last_modified", "") > asked["modified_after"]]
        return Reply(self._page(things, int(asked.get("page", "1")), collection != "locations"))

    def _page(self, things: list[dict[str, Any]], number: int, summarised: bool) -> dict[str, Any]:
        pages = max(1, ceil(len(things) / self.per_page))
        index = number if self.from_nought else number - 1
        shown = things[index * self.per_page : (index + 1) * self.per_page] if index >= 0 else []
        if summarised and not self.whole:
            shown = [{name: thing[name] for name in _SUMMARY if name in thing} for thing in shown]
        said = {
            "total_items": len(things),
            "total_pages": pages,
            "page_number": number,
            "size": len(shown),
            "first_page": index == 0,
            "last_page": index >= pages - 1,
            "empty": not shown,
            "contents": shown,
        }
        if self.version == 1:
            names = {"total_items": "totalElements", "total_pages": "totalPages", "page_number": "number"}
            names |= {"first_page": "first", "last_page": "last", "contents": "content"}
            said = {names.get(name, name): value for name, value in said.items()}
        return {**said, **self.lies}


@dataclass
class RpdeFeed:
    """A feed of RPDE: items in the order in which they changed; `next` asks for what changed after the last."""

    items: list[dict[str, Any]] = field(default_factory=list)
    per_page: int = 10
    clock: int = 0

    def update(self, key: str, data: Mapping[str, Any], kind: str = "SessionSeries") -> None:
        self._change({"id": key, "kind": kind, "state": "updated", "data": dict(data)})

    def delete(self, key: str, kind: str = "SessionSeries") -> None:
        self._change({"id": key, "kind": kind, "state": "deleted"})

    def _change(self, item: dict[str, Any]) -> None:
        """A changed item moves to the end, as RPDE asks."""
        self.clock += 1
        self.items = [old for old in self.items if (old["id"], old["kind"]) != (item["id"], item["kind"])]
        self.items.append({**item, "modified": self.clock})

    def __call__(self, path: str, asked: dict[str, str]) -> Reply:
        after = int(asked.get("afterTimestamp", "0"))
        shown = [item for item in self.items if item["modified"] > after][: self.per_page]
        last = shown[-1]["modified"] if shown else after
        following = f"{path}?afterTimestamp={last}&afterId={quote(shown[-1]['id'])}" if shown else None
        here = f"{path}?afterTimestamp={after}" + (
            f"&afterId={quote(asked['afterId'])}" if "afterId" in asked else ""
        )
        body = {
            "next": following or (here if after else path),
            "items": shown,
            "license": "https://example.org/cc-by",
        }
        headers = {"Content-Type": "application/vnd.openactive.rpde+json; version=1"}
        return Reply(body, headers=headers)


def said(records: DirectoryRecords) -> dict[str, list[Record]]:
    """The records by list, in the order of their keys, without the rows that they were made from."""
    found = {}
    for each in fields(records):
        value = getattr(records, each.name)
        if isinstance(value, list) and each.name not in ("faults", "rejects"):
            found[each.name] = sorted((replace(record, row={}) for record in value), key=lambda r: r.key)
    return found


def packed(reply: Reply) -> Reply:
    return Reply(gzip.compress(reply.content), reply.status, {**reply.headers, "Content-Encoding": "gzip"})
