"""Turns our own refusals, and answers without a page, into pages that help."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.middleware.security import SecurityMiddleware

from fingerpost.kernel.errors import FingerpostError
from fingerpost.web.foundation.middleware import mark_failed
from fingerpost.web.pages import errors
from fingerpost.web.pages.refusals import REFUSED

logger = logging.getLogger(__name__)


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


class UnknownHostMiddleware:
    """A name that is not ours is refused before anything asks for it, with one line in a minute in the log.

    Django writes a traceback for each, with which a stranger fills the disk.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._secured = SecurityMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            request.get_host()
        except DisallowedHost:
            _UNKNOWN_HOSTS.count()
            refused = errors.bad_request(request)
            refused._has_been_logged = True  # type: ignore[attr-defined]  # or Django writes a line for each
            # What Django's own middleware adds to every answer further in: it asks for the name itself.
            return self._secured.process_response(request, refused)
        return self.get_response(request)


class _Counted:
    """Of what happens too often to be told each time: the first, and once a minute how many there were since."""

    def __init__(self) -> None:
        self._lock, self._told_at, self._since = threading.Lock(), -math.inf, 0

    def count(self) -> None:
        with self._lock:
            self._since += 1
            now, number = time.monotonic(), self._since
            if now - self._told_at < _TOLD_EVERY:
                return
            self._told_at, self._since = now, 0
        # Never the name itself: it is whatever somebody sent.
        logger.warning(
            "%d requests for a name that is not in FINGERPOST_HOSTS were refused since this was last said.",
            number,
        )


_TOLD_EVERY = 60.0  # seconds
_UNKNOWN_HOSTS = _Counted()


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
