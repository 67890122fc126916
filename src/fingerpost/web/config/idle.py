"""Signing out whoever has gone away, and keeping what they had typed. Why: docs/decisions/0081-idle-sessions.md."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, SESSION_KEY
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.errors import NotFound
from fingerpost.web.config.open_routes import acts_as_link_holder
from fingerpost.web.foundation.middleware import GetResponse
from fingerpost.web.foundation.secrets import cipher

SEEN_KEY = "fingerpost_seen"
# Whose session ended here: a form that another window still holds is kept for them too.
AWAY_COOKIE = "fingerpost_away"
KEPT_FOR = timedelta(minutes=30)
_MOST_KEPT = 200_000  # characters of a form: more than any page of ours can send without a file
_NOTED_EVERY = timedelta(minutes=1)
_PURPOSE = "kept-form"


class IdleMiddleware:
    """Ends a session in which nothing has been asked for `FINGERPOST_IDLE_MINUTES` (0: never)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_: Any) -> HttpResponseBase | None:
        """After the check of the form's token, so that only what this browser's pages sent is ever kept."""
        limit, user_id = timedelta(minutes=settings.FINGERPOST_IDLE_MINUTES), request.session.get(SESSION_KEY)
        if user_id is None and getattr(view, "login_required", True):
            return _keep_for_whoever_left(request)
        if not limit or user_id is None or is_for_everybody(request):
            return None
        now, seen = clock.now(), request.session.get(SEEN_KEY)
        away = now - datetime.fromisoformat(seen) if seen else timedelta(0)
        if away < limit:
            if not seen or away >= _NOTED_EVERY:
                request.session[SEEN_KEY] = now.isoformat()
            return None
        return sign_out(request, why="idle")


@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """Asked by the warning's button: being asked is all it takes."""
    return HttpResponse(status=204)


@require_safe
def resume(request: HttpRequest, key: UUID) -> HttpResponse:
    """What was typed before the session ended, for the account that typed it."""
    sealed = cache.get(_name(key))
    kept = json.loads(cipher(_PURPOSE).decrypt(sealed.encode())) if sealed else None
    if kept is None or kept["user_id"] != request.session.get(SESSION_KEY):
        raise NotFound(
            _("What you typed is no longer kept."),
            expected=_("the account that typed it, within half an hour"),
            remedy=_("Open the page again and type it once more."),
        )
    context = {
        "title": _("Nothing you typed is lost"),
        "path": kept["path"],
        "fields": kept["fields"],
        "texts": [value for _name, value in kept["fields"] if " " in value.strip()],
    }
    return render(request, "account/resume.html", context)


def sign_out(request: HttpRequest, *, why: str) -> HttpResponseBase:
    """End the session and lead to signing in, keeping what was typed; `why` chooses what is said there."""
    user_id = request.session[SESSION_KEY]
    back = _keep(request, user_id) if _is_worth_keeping(request) else _back(request)
    request.session.flush()
    answer = _to_sign_in(back, why)
    answer.set_signed_cookie(
        AWAY_COOKIE,
        user_id,
        salt=_PURPOSE,
        max_age=int(KEPT_FOR.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


def _keep_for_whoever_left(request: HttpRequest) -> HttpResponseBase | None:
    """The session ended by a look in another window, or by the warning's own button pressed too late."""
    user_id = request.get_signed_cookie(
        AWAY_COOKIE, default="", salt=_PURPOSE, max_age=int(KEPT_FOR.total_seconds())
    )
    if not user_id or is_for_everybody(request) or not _is_worth_keeping(request):
        return None
    return _to_sign_in(_keep(request, user_id), "idle")


def _to_sign_in(back: str, why: str) -> HttpResponseRedirect:
    query = urlencode({REDIRECT_FIELD_NAME: back, why: "1"})
    return HttpResponseRedirect(f"{reverse('account_login')}?{query}")


def is_for_everybody(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and (match.app_name == "pages" or acts_as_link_holder(request))


def _is_worth_keeping(request: HttpRequest) -> bool:
    """Never a password or a code; and a file is chosen again."""
    if request.method != "POST" or request.path.startswith(settings.FINGERPOST_SIGN_IN_PATHS):
        return False
    return sum(len(name) + len(value) for name, value in _fields(request)) <= _MOST_KEPT


def _keep(request: HttpRequest, user_id: str) -> str:
    key = uuid4()
    kept = {"user_id": user_id, "path": request.get_full_path(), "fields": _fields(request)}
    sealed = cipher(_PURPOSE).encrypt(json.dumps(kept).encode()).decode()
    cache.set(_name(key), sealed, timeout=KEPT_FOR.total_seconds())
    return reverse("account_resume", kwargs={"key": key})


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, str(value))
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]


def _name(key: UUID) -> str:
    return f"{_PURPOSE}:{key}"


def _back(request: HttpRequest) -> str:
    return request.get_full_path() if request.method in ("GET", "HEAD") else "/"
