"""How every answer of the interface is written: JSON for anybody anywhere, problems too."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from fingerpost.kernel.errors import NotFound
from fingerpost.web.directory import api as directory
from fingerpost.web.openreferral.objects import Object
from fingerpost.web.openreferral.parameters import BadParameter, Route, read
from fingerpost.web.pages.everybody import TooOften, as_anybody

METHODS = "GET, HEAD, OPTIONS"
_FRESH_SECONDS = 60
R = TypeVar("R", bound=HttpResponseBase)
View = Callable[..., HttpResponseBase]


def answering(route: Route) -> Callable[[View], View]:
    """A view that acts as anybody: `view(actor, asked, **arguments)`."""

    def decorate(view: View) -> View:
        @login_not_required
        @wraps(view)
        def wrapped(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
            return open_to_all(_answer(request, route, view, arguments))

        return wrapped

    return decorate


def _answer(request: HttpRequest, route: Route, view: View, arguments: dict[str, Any]) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return _preflight()
    if request.method not in ("GET", "HEAD"):
        return problem(405, "Only reading is possible here.", allow=METHODS)
    asked = read(route, request.GET)
    asked.who, asked.is_head = request.META.get("REMOTE_ADDR", ""), request.method == "HEAD"
    if asked.faults:
        return problem(400, "The question cannot be answered as it stands.", asked.faults)
    try:
        with as_anybody(request) as actor:
            return view(actor, asked, **arguments)
    except NotFound as fault:
        return problem(404, str(fault.message))
    except TooOften:
        response = problem(429, "That was a lot of questions from one address. Wait for a minute.")
        response["Retry-After"] = "60"
        return response


def written(found: Object, *, status: int = 200) -> HttpResponse:
    """JSON, kept by whoever asked for a minute."""
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    response = HttpResponse(text, content_type="application/json", status=status)
    response["Cache-Control"] = f"public, max-age={_FRESH_SECONDS}" if status == 200 else "no-store"
    return response


def envelope(page: directory.Page[Any], contents: Sequence[Object]) -> Object:
    """The page that lists come in."""
    pages = -(-page.total // page.per_page)
    return {
        "total_items": page.total,
        "total_pages": pages,
        "page_number": page.number,
        "size": len(contents),
        "first_page": page.number == 1,
        "last_page": page.number >= pages,
        "empty": not contents,
        "contents": list(contents),
    }


def problem(status: int, title: str, faults: Iterable[BadParameter] = (), *, allow: str = "") -> HttpResponse:
    """Why there is no answer, with every fault at once."""
    told = [{"parameter": f.name, "wrong": f.wrong, "expected": f.expected} for f in faults]
    found: Object = {"status": status, "title": title, **({"faults": told} if told else {})}
    response = open_to_all(written(found, status=status))
    if allow:
        response["Allow"] = allow
    return response


def open_to_all(response: R) -> R:
    """Any page of any site may read it: it is published, and no cookie plays a part in it."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "Retry-After"
    return response


def _preflight() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Allow"] = METHODS
    response["Access-Control-Allow-Methods"] = METHODS
    response["Access-Control-Allow-Headers"] = "*"
    response["Access-Control-Max-Age"] = "86400"
    return response
