"""Turns our own refusals, and answers without a page, into pages that help."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from fingerpost.kernel.errors import FingerpostError
from fingerpost.web.foundation.middleware import mark_failed
from fingerpost.web.pages import errors
from fingerpost.web.pages.refusals import REFUSED


class ErrorPagesMiddleware:
    """Stands innermost, so that a refusal still has the scope in which it was made.

    A refused action rolls back: the response is made after the view raised, and carries its own status.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            helpful = errors.method_not_allowed(request)
            helpful["Allow"] = response["Allow"]
            return helpful
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, FingerpostError):
            return None
        # Answering here keeps the transaction's own middleware from seeing the exception: tell it.
        mark_failed(request)
        return errors.refused(request, exception)


class BrowserLimitsMiddleware:
    """What no page of ours uses, the browser is told to refuse: also for static files and for errors."""

    _LIMITS = ", ".join(
        f"{feature}=()"
        for feature in ("camera", "microphone", "geolocation", "payment", "usb", "serial", "bluetooth")
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", self._LIMITS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class RefusedRequestMiddleware:
    """A request that was turned away at the door is answered by a page, before anything reads the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        refusal = request.META.get("asgi.scope", {}).get(REFUSED)
        if refusal:
            return errors.turned_away(refusal)
        return self.get_response(request)


class MaintenanceMiddleware:
    """Before anything reads the database: while `FINGERPOST_MAINTENANCE` is set, every page says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.FINGERPOST_MAINTENANCE:
            return errors.maintenance(request)
        return self.get_response(request)
