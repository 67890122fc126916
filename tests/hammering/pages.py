"""Pages that go wrong on purpose, beside those of the product.

Before and after each request the connection is asked whether it carries anybody's settings.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.urls import include, path

from fingerpost.web.foundation.scope import SETTINGS

_COUNTED = {"looked": 0, "carried": 0}
_LOCK = threading.Lock()
_LEFT = " || ".join(f"coalesce(current_setting('fingerpost.{name}', true), '')" for name in SETTINGS)
NAMES = "SELECT given_name || family_name || contact_note FROM people_person"


def _look_for_settings() -> None:
    """Whether the connection in hand carries anything over."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_LEFT}")
        carried = bool(cursor.fetchone()[0])
    with _LOCK:
        _COUNTED["looked"] += 1
        _COUNTED["carried"] += carried


class LookForSettings:
    """The outermost middleware: outside the request's transaction."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith("/hammer/counted/"):
            _look_for_settings()
        try:
            return self.get_response(request)
        finally:
            if not request.path.startswith("/hammer/counted/"):
                _look_for_settings()


def _names() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(NAMES)
        return [name for (name,) in cursor.fetchall()]


def fail(request: HttpRequest) -> HttpResponse:
    """Reads whom it may, then raises."""
    raise RuntimeError(f"on purpose, after {len(_names())} people")


def time_out(request: HttpRequest) -> HttpResponse:
    """Reads whom it may, then a statement takes too long."""
    names = _names()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 30")
        cursor.execute("SELECT pg_sleep(5)")
    return HttpResponse("".join(names))


def stream(request: HttpRequest) -> StreamingHttpResponse:
    """A body in many parts: read within the scope, then asked for again when the scope is over."""
    within = "".join(_names())

    def body() -> Iterator[str]:
        yield within
        for _ in range(20):
            yield "".join(_names()) + " " * 2000

    return StreamingHttpResponse(body(), content_type="text/plain")


@login_not_required
def counted(request: HttpRequest) -> JsonResponse:
    return JsonResponse(_COUNTED)


urlpatterns = [
    path("hammer/fail/", fail),
    path("hammer/time-out/", time_out),
    path("hammer/stream/", stream),
    path("hammer/counted/", counted),
    path("", include("fingerpost.web.config.urls")),
]
