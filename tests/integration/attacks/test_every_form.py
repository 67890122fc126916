"""Every form and every query that the pages show, filled with what no person would type: never a fault of ours."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.http import HttpResponse
from tests.integration.attacks.forms_found import Form, body, forms_found
from tests.integration.routes.asking import address, ask, expected, routes
from tests.integration.routes.planted import CSRF, Planted
from tests.integration.routes.table import ANYBODY, TABLE, Row

import fingerpost.web
from fingerpost.kernel import clock

# The long form (run.py prove forms) tries each name by itself with all of these; the suite all boxes of a
# form at once, each form with another of them.
IS_LONG = os.environ.get("FINGERPOST_LONG_ATTACKS") == "yes"
_FORM = "application/x-www-form-urlencoded"
HOSTILE = {
    "null byte": "raw:a%00b",
    "huge number": "9" * 5000,
    "digits that are none": "²",
    "not UTF-8": "raw:%ff%fe%80%ed%a0%80",
    "long": "x" * 200_000,
    "too large a number": "99999999999",
    "negative": "-99999999999999999999",
    "not a number": "NaN",
    "other digits": "١٢٣",
    "exponent": "1e999",
    "lines": "a\r\nX-Injected: 1\r\n\r\n<b>",
    "controls": "\x01\x1b[2J\x7f\u202e",
    "template": "{{7*7}}{% debug %}${7*7}%s%n",
    "half a pair": "raw:%ed%a0%80",
    "wide": "\U0001f9d1\u200d\U0001f9bd" * 300,
    "list": "[]",
}
IN_TURN = "each in turn"
KINDS = tuple(HOSTILE) if IS_LONG else (IN_TURN,)
# What views read from an address beside the forms: found in the source, so that a new one is tried too.
_READ = re.compile(r'request\.GET(?:\.get\(|\[|\.getlist\()"(\w+)"')


@pytest.fixture(scope="module")
def forms(planted: Planted) -> list[Form]:
    return forms_found(planted)


def send(planted: Planted, form: Form, pairs: list[tuple[str, str]], token: str = CSRF) -> HttpResponse:
    """One form as it would be sent, undone afterwards."""
    client = planted.clients[form.who]
    cookies = client.cookies.copy()
    try:
        with clock.fixed(planted.world.at), transaction.atomic():
            if form.method == "GET":
                path = urlsplit(form.action).path
                response = client.get(f"{path}?{body(pairs).decode()}")
            else:
                given = body([*pairs, ("csrfmiddlewaretoken", token)] if token else pairs)
                response = client.post(form.action, given, content_type=_FORM)
            transaction.set_rollback(True)
    finally:
        client.cookies = cookies
    return response


def test_forms_of_every_kind_were_found(forms: list[Form]) -> None:
    """So that what follows is not empty: three forms that must be among them, and one that only a POST shows."""
    found = {form.route for form in forms}
    assert {"staff:refer", "staff:log_contact", "staff:register_listing", "pages:language"} <= found
    assert len(forms) > 60 and sum(len(form.typed) for form in forms) > 80


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_value_in_every_form_is_refused_or_kept_but_never_a_fault(
    planted: Planted, forms: list[Form], kind: str
) -> None:
    faults = []
    values = list(HOSTILE.values())
    for number, form in enumerate(forms):
        value = values[number % len(values)] if kind == IN_TURN else HOSTILE[kind]
        for which, pairs in _attacks(form, value):
            status = send(planted, form, pairs).status_code
            if status >= 500:
                faults.append(f"{status} {form.method} {form.action} ({form.route}) as {form.who}: {which}")
    assert not faults, "\n" + "\n".join(faults)


def _attacks(form: Form, value: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """What is typed, then what is chosen or carried along, then everything: each would hide the others' faults."""
    carried = [name for name in dict.fromkeys(form.names) if name not in form.typed]
    groups = [form.typed, carried, *([name] for name in dict.fromkeys(form.names) if IS_LONG)]
    for names in filter(None, groups):
        yield ", ".join(names), form.with_value(value, names)
    if IS_LONG:
        yield "every name", form.with_value(value, form.names)


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_value_in_every_query_is_never_a_fault(planted: Planted, kind: str) -> None:
    faults = []
    values = list(HOSTILE.values())
    for number, row in enumerate(TABLE):
        if row.get != 200 or row.route not in routes():
            continue
        # One value under some names would be refused before those under others are read.
        turn = enumerate(sorted(_names_read() | {"next", "page", "sort"}), start=number)
        pairs = [(name, HOSTILE[kind] if IS_LONG else values[at % len(values)]) for at, name in turn]
        who = ANYBODY if row.is_public else sorted(row.who)[0]
        query = body([(name, value[:5000]) for name, value in pairs]).decode()
        status = ask(planted, who, f"{address(planted, row)}?{query}", "GET").status
        if status >= 500:
            faults.append(f"{status} {row.route} as {who}")
    assert not faults, "\n" + "\n".join(faults)


def test_page_of_any_number_of_digits_is_a_page(planted: Planted) -> None:
    for page in ("9" * 5000, "0" * 5000, "000000001" + "9" * 5000, "²", "-1"):
        for path in ("/directory/", "/cases/", "/queue/"):
            assert ask(planted, "lead", f"{path}?page={page}", "GET").status == 200


def test_search_that_was_kept_with_a_page_of_many_digits_opens_again(planted: Planted) -> None:
    """It is kept in the session: a fault there would come back at every look."""
    find = f"/cases/{planted.ids['case_id']}/find/"
    client = planted.clients["worker"]
    with clock.fixed(planted.world.at), transaction.atomic():
        client.post(find, {"page": "9" * 5000, "csrfmiddlewaretoken": CSRF})
        status = client.get(find).status_code
        transaction.set_rollback(True)
    assert status == 200


@cache
def _names_read() -> set[str]:
    files = Path(next(iter(fingerpost.web.__path__))).rglob("*.py")
    return {name for file in files for name in _READ.findall(file.read_text("utf-8"))}


def test_every_form_without_its_token_is_refused_and_writes_nothing(
    planted: Planted, forms: list[Form]
) -> None:
    faults = []
    for number, form in enumerate(form for form in forms if form.method == "POST"):
        for token in ("", "d" * 32) if IS_LONG else (("", "d" * 32)[number % 2],):
            response = send(planted, form, form.honest, token)
            if response.status_code != 403:
                faults.append(f"{response.status_code} {form.action} ({form.route}) with {token!r}")
    assert not faults, "\n" + "\n".join(faults)


# Asked by a machine that has no form: a signed token stands in its place, and cookies are not looked at.
_BY_MACHINES = {"account_provider_logout"}


@pytest.mark.parametrize(
    "row",
    [row for row in TABLE if row.post != 405 and row.route not in _BY_MACHINES],
    ids=lambda row: row.route,
)
def test_every_changing_route_asks_for_the_token_of_the_form(planted: Planted, row: Row) -> None:
    who = ANYBODY if row.is_public else sorted(row.who)[0]
    client = planted.clients[who]
    with clock.fixed(planted.world.at), transaction.atomic():
        response = client.post(address(planted, row), {"note": "x"})
        transaction.set_rollback(True)
    assert response.status_code == 403


ELSEWHERE = (
    "//evil.example/",
    "https://evil.example/",
    "/\\evil.example",
    "javascript:alert(1)",
    "\t//evil.example",
)
_WAYS = ("next", "url", "redirect", "redirect_to", "return", "return_to", "back", "goto", "continue", "to")


def test_no_form_and_no_query_leads_to_another_site(planted: Planted, forms: list[Form]) -> None:
    """Each name that might lead somewhere, on every form; the values take turns, in the long form all are tried."""
    faults = []
    for number, form in enumerate(forms):
        for place in ELSEWHERE if IS_LONG else (ELSEWHERE[number % len(ELSEWHERE)],):
            kept = [(name, value) for name, value in form.honest if name not in _WAYS]
            response = send(planted, form, [*kept, *((name, place) for name in _WAYS)])
            if _leads_away(response):
                faults.append(f"{form.route} with {place!r}: {response.get('Location', 'a link')}")
    assert not faults, "\n" + "\n".join(faults)


def _leads_away(response: HttpResponse) -> bool:
    goes = response.get("Location", "")
    if goes and (urlsplit(goes).netloc not in ("", "testserver") or goes.startswith(("//", "/\\", "java"))):
        return True
    if response.streaming:
        return False
    links = re.findall(r'\b(?:href|action)="\s*([^"]*)"', response.content.decode("utf-8", "replace"))
    return any(link.startswith(("//evil", "https://evil", "/\\evil", "javascript:")) for link in links)


def test_no_other_method_does_what_a_form_does(planted: Planted) -> None:
    """A method in a header or a field is not believed, and the methods of no page are refused.

    The suite takes every fifth page, so that each method comes; in the long form all are tried.
    """
    faults = []
    changing = [
        row
        for row in TABLE
        if row.post != 405
        and row.get != 302
        and not (row.is_public or row.route.startswith(("mfa_", "account_")))
    ]
    for number, row in enumerate(changing if IS_LONG else changing[::5]):
        who, path = sorted(row.who)[0], address(planted, row)
        client = planted.clients[who]
        with clock.fixed(planted.world.at), transaction.atomic():
            heads = {"HTTP_X_CSRFTOKEN": CSRF, "HTTP_X_HTTP_METHOD_OVERRIDE": "POST"}
            got = client.get(path, {"_method": "POST"}, **heads).status_code
            method = ("PUT", "DELETE", "PATCH")[number % 3]
            other = client.generic(method, path, b"", _FORM, HTTP_X_CSRFTOKEN=CSRF).status_code
            transaction.set_rollback(True)
        if other != 405 or got != expected(row, who, "GET"):
            faults.append(f"{row.route}: {got} {method} {other}")
    assert not faults, "\n" + "\n".join(faults)
