"""Every form that a page of the route table shows, read off its HTML, so that none is forgotten in an attack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote_plus, urljoin, urlsplit
from uuid import UUID

from django.http import HttpResponse
from django.urls import Resolver404, resolve
from tests.integration.routes.asking import address, ask, expected, routes
from tests.integration.routes.planted import Planted
from tests.integration.routes.table import ANYBODY, TABLE, Row

# What a person types; everything else is chosen, carried along or sent with a button.
_TYPED = {"text", "email", "tel", "number", "password", "search", "url", "date", "time", "textarea"}
_PASSED_OVER = {"csrfmiddlewaretoken"}


@dataclass
class Form:
    """One form: who may send it, where to, and what an honest person would have sent first."""

    who: str
    action: str
    method: str
    is_files: bool = False
    honest: list[tuple[str, str]] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    @property
    def route(self) -> str:
        try:
            return resolve(urlsplit(self.action).path).view_name
        except Resolver404:
            return ""

    def with_value(self, value: str, names: Iterable[str]) -> list[tuple[str, str]]:
        """The honest answers, with `value` under these names, also where nobody would have chosen anything."""
        rest = [(name, honest) for name, honest in self.honest if name not in set(names)]
        return [*rest, *((name, value) for name in dict.fromkeys(names))]


class _Reader(HTMLParser):
    def __init__(self, who: str, path: str) -> None:
        super().__init__()
        self.who, self.path = who, path
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._select = ""
        self._radios: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urljoin(self.path, given.get("action") or self.path)
            self._open = Form(self.who, action, given.get("method", "get").upper())
            self._open.is_files = given.get("enctype") == "multipart/form-data"
            self._radios = set()
            self.forms.append(self._open)
        elif self._open is not None:
            self._control(self._open, tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "select":
            self._select = ""

    def _control(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "select":
            self._select = name
        if tag == "option" and self._select and value and self._select not in form.names:
            form.names.append(self._select)
            form.honest.append((self._select, value))
        if tag not in ("input", "textarea", "button") or not name or name in _PASSED_OVER:
            return
        kind = given.get("type", "text") if tag == "input" else tag
        form.names.append(name)
        if kind in _TYPED:
            form.typed.append(name)
            form.honest.append((name, value or _an_answer(name)))
        elif kind in ("checkbox", "hidden") or (kind == "radio" and name not in self._radios):
            self._radios.add(name)
            form.honest.append((name, value))
        elif kind == "button" and value and name not in dict(form.honest):
            form.honest.append((name, value))


def _an_answer(name: str) -> str:
    parts = {"day": "2", "month": "3", "year": "2027"}
    return parts.get(name.rpartition("_")[2].rpartition("-")[2], "3")


def forms_of(response: HttpResponse, who: str, path: str) -> list[Form]:
    if not response.get("Content-Type", "").startswith("text/html") or response.streaming:
        return []
    reader = _Reader(who, path)
    reader.feed(response.content.decode())
    return reader.forms


def welcome(row: Row) -> str:
    """Somebody whom the page is for."""
    who = sorted(row.who)[0] if not row.is_public else ANYBODY
    served = [one for one in sorted(row.who) if expected(row, one, "GET") == 200]
    return served[0] if served and not row.is_public else who


_FOUND: dict[UUID, list[Form]] = {}  # by the planted system: every page is read once in a process


def forms_found(planted: Planted) -> list[Form]:
    """Each form once for each route that it is sent to and set of names that it asks for."""
    system_id = planted.world.system_id
    if system_id not in _FOUND:
        _FOUND[system_id] = _read_forms(planted)
    return list(_FOUND[system_id])


def _read_forms(planted: Planted) -> list[Form]:
    found: dict[tuple[str, str, tuple[str, ...]], Form] = {}
    for row in TABLE:
        if row.get != 200 or row.route not in routes():
            continue
        who, path = welcome(row), address(planted, row)
        for form in forms_of(ask(planted, who, path, "GET").response, who, path):
            found.setdefault((form.method, form.route, tuple(sorted(set(form.names)))), form)
    return [form for form in found.values() if form.route and not form.route.startswith("account_log")]


def body(pairs: list[tuple[str, str]]) -> bytes:
    """Pairs as a browser sends them. A value of hostile bytes is given percent-encoded, after a "raw:"."""
    return "&".join(f"{quote_plus(name)}={_encoded(value)}" for name, value in pairs).encode()


def _encoded(value: str) -> str:
    return value.removeprefix("raw:") if value.startswith("raw:") else quote_plus(value)
