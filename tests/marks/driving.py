"""Asking every page in every way that can go wrong, with a mark in all that is sent, and reading what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import Any
from unittest.mock import patch

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from fingerpost.kernel import clock
from tests.integration.routes.asking import address
from tests.integration.routes.planted import CSRF, Planted
from tests.integration.routes.table import TABLE, Row
from tests.marks.catching import caught
from tests.marks.planting import Marks

FILE = "name,email\n{word},{word}@person.example\n"

ASKED_FOR = {
    "a query",
    "a path",
}  # the address itself, given back to the browser that asked for it; never a log
OWN_NAME = {"tenancy_user.name"}  # above every page that somebody who is signed in sees: their own


@dataclass
class Findings:
    """Where a mark stood that nobody may read there."""

    found: list[str] = field(default_factory=list)
    asked: int = 0
    failed: int = 0
    lines: int = 0

    def add(self, where: str, marks: set[str]) -> None:
        self.found += [f"{where}: {mark}" for mark in sorted(marks)]


@dataclass
class _Form(HTMLParser):
    """Names and values of a page's form fields, and where the page leads."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    leads: list[str] = field(default_factory=list)
    _select: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.leads += [str(given[name]) for name in ("href", "src", "action") if given.get(name)]
        name = given.get("name") or ""
        if tag == "select":
            self._select = name
        if tag == "option" and self._select and given.get("value"):
            self.fields.setdefault(self._select, []).append(str(given["value"]))
            self.kinds[self._select] = "choice"
        if tag in ("input", "textarea", "button") and name and given.get("type") != "submit":
            kind = given.get("type") or "text"
            chosen = kind in ("radio", "checkbox", "hidden")
            self.kinds.setdefault(name, "choice" if chosen else kind)
            self.fields.setdefault(name, []).append(str(given.get("value") or ""))


def read(html: str) -> _Form:
    form = _Form()
    form.feed(html)
    return form


def asker(row: Row) -> str:
    """Somebody whom the page is for."""
    for who in ("worker", "lead", "gp", "administrator", "governance", "manager"):
        if who in row.who and who not in row.but:
            return who
    return "visitor" if row.is_public else sorted(row.who)[0]


class Drive:
    """All of it, on one planted world."""

    def __init__(self, planted: Planted, marks: Marks, *, is_short: bool = False) -> None:
        self.planted, self.marks, self.findings = planted, marks, Findings()
        self.routes = 0
        self.is_short = is_short  # not every page in every way, but every page and every way

    def everything(self, rows: list[Row] | None = None) -> Findings:
        with caught() as log:
            for row in rows or TABLE:
                self.route(row)
            for where, ask in _BAD_REQUESTS.items():
                self._ask(f"{where}", "worker", lambda client, ask=ask: ask(client, self))
        self.findings.lines = len(log.lines)
        for line in log.lines:
            self.findings.add(f"log: {line.splitlines()[0][:160]}", self.marks.found(line))
        return self.findings

    def route(self, row: Row) -> None:
        """The page; its form with a mark in each field; and both while the database or the template fails."""
        who, path = asker(row), address(self.planted, row)
        page = self._ask(f"GET {row.route}", who, self.get(path))
        filled = self.filled(row.route, read(page.content.decode("utf-8", "replace")))
        ways: list[tuple[str, Callable[[], AbstractContextManager[None]]]] = [
            ("", nullcontext),
            (" (database fails)", self.database_fails),
            (" (template fails)", self.template_fails),
        ]
        # In the short form one failure for each page: of the database or of the template, looked at or sent, in turn.
        turn = self.routes % 4
        self.routes += 1
        for number, (name, failing) in enumerate(ways):
            is_turn = not self.is_short or number == 1 + turn % 2
            if row.get != 405 and name and is_turn and (not self.is_short or turn < 2 or row.post == 405):
                self._ask(f"GET {row.route}{name}", who, self.get(path), failing)
            if row.post != 405 and (
                not name or (is_turn and (not self.is_short or turn > 1 or row.get == 405))
            ):
                self._ask(f"POST {row.route}{name}", who, self.post(path, filled), failing)
        if "file" in filled:
            words = self.new(f"a file of the form of {row.route}")
            self._ask(f"POST {row.route} (file)", who, self.upload(path, words))

    def new(self, what: str) -> str:
        return self.marks.new(what)

    def filled(self, route: str, form: _Form) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for name, values in form.fields.items():
            kind = form.kinds[name]
            word = self.new(f"form field {name} of {route}")
            fits = [value for value in values if value]
            given[name] = fits[0] if kind == "choice" and fits else word
            if kind == "email":
                given[name] = f"{word}@person.example"
        given["unasked"] = self.new(f"a field that {route} does not have")
        given["csrfmiddlewaretoken"] = CSRF
        return given

    def heads(self) -> dict[str, str]:
        word = self.new("a header")
        return {
            "HTTP_USER_AGENT": f"Browser {word}",
            "HTTP_REFERER": f"http://testserver/?who={word}",
            "HTTP_X_REQUEST_ID": word,
            "HTTP_ACCEPT_LANGUAGE": f"{word}, en",
        }

    def get(self, path: str) -> Callable[[Client], HttpResponse]:
        word = self.new("a query")
        query = {"page": word, "q": word, "words": word, "near": word, "state": word, word: word}
        return lambda client: client.get(path, query, **self.heads())  # type: ignore[arg-type]

    def post(self, path: str, given: dict[str, Any]) -> Callable[[Client], HttpResponse]:
        return lambda client: client.post(path, given, **self.heads())  # type: ignore[arg-type]

    def upload(self, path: str, word: str) -> Callable[[Client], HttpResponse]:
        def send(client: Client) -> HttpResponse:
            file = SimpleUploadedFile(f"{word}.csv", FILE.format(word=word).encode())
            given = {"file": file, "csrfmiddlewaretoken": CSRF}
            return client.post(path, given, **self.heads())  # type: ignore[arg-type]

        return send

    @contextmanager
    def database_fails(self) -> Iterator[None]:
        """A statement of the page fails as statements do: its error repeats the value that it was given."""
        word = next(iter(self.marks.meaning))
        count = 0

        def fail(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            nonlocal count
            count += "set_config" not in sql and "SAVEPOINT" not in sql
            if count == 9:
                sql, params, many = "SELECT %s::uuid", [word], False
            return execute(sql, params, many, context)

        with connection.execute_wrapper(fail):
            yield

    @contextmanager
    def template_fails(self) -> Iterator[None]:
        """A page that cannot be drawn: the error repeats what it was to show. Error pages are drawn as always."""
        from django.template.backends.jinja2 import Template

        whole = Template.render

        def fail(template: Any, context: Any = None, request: Any = None) -> Any:
            if "/errors/" in str(template.template.name):
                return whole(template, context, request)
            raise ValueError(f"cannot show {context!r} {next(iter(self.marks.meaning))}")

        with patch.object(Template, "render", fail):
            yield

    def _ask(
        self,
        where: str,
        who: str,
        send: Callable[[Client], HttpResponse],
        failing: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> HttpResponse:
        client = self.planted.clients[who]
        cookies, client.cookies = (
            client.cookies,
            SimpleCookie(
                {name: each.value for name, each in client.cookies.items()} | {"said": self.new("a cookie")}
            ),
        )
        try:
            with clock.fixed(self.planted.world.at), transaction.atomic():
                with failing():
                    response = send(client)
                self._read_rows(where)
                transaction.set_rollback(True)
        finally:
            client.cookies = cookies
        self.findings.asked += 1
        self.findings.failed += response.status_code >= 500
        self._read_answer(where, response)
        return response

    def _read_answer(self, where: str, response: HttpResponse) -> None:
        body = b"".join(response.streaming_content) if response.streaming else response.content
        text = body.decode("utf-8", "replace")
        if response.status_code >= 400:
            own = OWN_NAME if response.status_code < 500 else set()
            self.findings.add(
                f"{where}, page {response.status_code}", self.marks.found(text) - ASKED_FOR - own
            )
        heads = "\n".join(f"{name}: {value}" for name, value in response.items())
        told = self.marks.found(f"{heads}\n{response.cookies.output()}", also_encoded=True)
        self.findings.add(f"{where}, headers", told - ASKED_FOR)
        for lead in read(text).leads:
            if not lead.startswith(("mailto:", "tel:")):
                self.findings.add(f"{where}, leads to {lead[:80]}", self.marks.found(lead) - ASKED_FOR)

    def _read_rows(self, where: str) -> None:
        """What any process of the product may read, behind no wall: jobs, sessions, the cache."""
        if connection.needs_rollback:
            return
        with connection.cursor() as cursor:
            for table, columns in _OPEN_TABLES.items():
                cursor.execute(f"SELECT {columns} FROM {table}")
                text = "\n".join(str(row) for row in cursor.fetchall())
                self.findings.add(f"{where}, {table}", self.marks.found(text, also_encoded=True))


_OPEN_TABLES = {
    "procrastinate_jobs": "args::text, lock, queueing_lock",
    "django_session": "session_data",
    "foundation_cacheentry": "key, value",
}


def _raw(client: Client, drive: Drive, body: bytes, kind: str) -> HttpResponse:
    return client.post("/find-person/", body, content_type=kind, HTTP_X_CSRFTOKEN=CSRF, **drive.heads())  # type: ignore[arg-type]


_BAD_REQUESTS: dict[str, Callable[[Client, Drive], HttpResponse]] = {
    "no such page": lambda c, d: c.get(f"/{d.new('a path')}/", **d.heads()),  # type: ignore[arg-type]
    "no such case": lambda c, d: c.get(f"/cases/{d.new('a path')}/", **d.heads()),  # type: ignore[arg-type]
    "no such token": lambda c, d: c.get(f"/p/{d.new('a path')}/", **d.heads()),  # type: ignore[arg-type]
    "no such host": lambda c, d: c.get("/today/", HTTP_HOST=f"{d.new('a host')}.example"),
    "host of no form": lambda c, d: c.get("/today/", HTTP_HOST=f"{d.new('a host')}?<>"),
    "foreign origin": lambda c, d: c.post(
        "/find-person/", {}, HTTP_ORIGIN=f"https://{d.new('a header')}.example"
    ),
    "foreign referer": lambda c, d: c.post(
        "/find-person/", {}, secure=True, HTTP_REFERER=f"https://other.example/{d.new('a header')}"
    ),
    "broken form": lambda c, d: _raw(
        c, d, f"--x\r\n{d.new('a body')}".encode(), "multipart/form-data; boundary=x"
    ),
    "broken boundary": lambda c, d: _raw(
        c, d, b"x", f"multipart/form-data; boundary={d.new('a header') * 30}"
    ),
    "many fields": lambda c, d: _raw(
        c,
        d,
        "&".join(f"{d.new('a body')}=1" for _ in range(1200)).encode(),
        "application/x-www-form-urlencoded",
    ),
    "unknown charset": lambda c, d: c.generic(
        "POST", "/find-person/", b"words=1", f"application/x-www-form-urlencoded; charset={d.new('a header')}"
    ),
    "wrong password": lambda c, d: c.post(
        "/accounts/login/",
        {"login": f"{d.new('what was typed')}@staff.example", "password": d.new("what was typed")},
        HTTP_X_CSRFTOKEN=CSRF,
    ),
}
