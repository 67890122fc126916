"""Pages for what goes wrong: each says what happened in plain words, that nothing was lost, and a way on."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from fingerpost.kernel.errors import FingerpostError, NotAllowed
from fingerpost.web.pages.refusals import Refusal
from fingerpost.web.pages.words import as_words

logger = logging.getLogger(__name__)


def page(request: HttpRequest | None, template: str, status: int, **context: Any) -> HttpResponse:
    """An error page in the usual frame; in a bare frame when even that cannot be drawn."""
    try:
        html: str = loader.render_to_string(f"pages/errors/{template}.html", context, request)
    except Exception:  # the page that reports a failure must not fail itself
        logger.exception("an error page could not be drawn")
        html = _bare(
            _("Sorry, something went wrong"), _("Nothing you had saved is lost. Try again in a minute.")
        )
    return HttpResponse(html, status=status)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return page(request, "too_large", 413)
    return page(request, "bad_request", 400)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the policy's own reason in words, and what to do about it."""
    if not isinstance(exception, FingerpostError):
        return page(request, "not_allowed", 403, reason="", remedy="")
    return page(request, "not_allowed", 403, reason=as_words(exception.message), remedy=_way_on(exception))


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, "not_found", 404)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """500: drawn without the database, without knowing who is signed in."""
    return page(None, "failed", 500)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is missing or old. The browser still holds what was typed: going back shows it."""
    return page(request, "form_expired", 403)


def method_not_allowed(request: HttpRequest) -> HttpResponse:
    return page(request, "method", 405)


def conflict(request: HttpRequest, exception: FingerpostError) -> HttpResponse:
    """409: something changed first, or cannot follow from where it stands now; said in words."""
    return page(request, "conflict", 409, reason=as_words(exception.message), remedy=_way_on(exception))


def turned_away(refusal: Refusal) -> HttpResponse:
    """413, 408, 503 or 400 for what was refused before a page saw it."""
    template, status = _TURNED_AWAY[refusal]
    response = page(None, template, status)
    if status == 503:
        response["Retry-After"] = "30"
    return response


_TURNED_AWAY = {
    Refusal.TOO_LARGE: ("too_large", 413),
    Refusal.TOO_SLOW: ("too_slow", 408),
    Refusal.TOO_MANY: ("too_many", 503),
    Refusal.MALFORMED: ("bad_request", 400),
}


def maintenance(request: HttpRequest) -> HttpResponse:
    response = page(None, "maintenance", 503)
    response["Retry-After"] = "300"
    return response


def refused(request: HttpRequest, exception: FingerpostError) -> HttpResponse | None:
    """The page for one of our own errors that no view caught; None when it is a fault of ours."""
    from fingerpost.kernel.errors import Conflict, Faults, IllegalTransition, InvalidValue, NotFound

    if isinstance(exception, NotAllowed):
        return permission_denied(request, exception)
    if isinstance(exception, NotFound):
        return page_not_found(request, exception)
    if isinstance(exception, Conflict | IllegalTransition):
        return conflict(request, exception)
    if isinstance(exception, InvalidValue | Faults):  # no form of ours sends it: it was made by hand
        return bad_request(request, exception)
    return None


def _way_on(error: FingerpostError) -> str:
    return as_words(error.remedy) or as_words(error.expected)


def _bare(heading: str, text: str) -> str:
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(heading)}</title></head>"
        f"<body><h1>{escape(heading)}</h1><p>{escape(text)}</p></body></html>"
    )
