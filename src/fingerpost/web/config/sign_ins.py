"""Where one is signed in: each session is a row that its account can see and end.

The row's id stands in the session, whose own key stands in no row. Why: docs/decisions/0084-who-is-signed-in.md.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.errors import NotFound
from fingerpost.web.config import devices, idle, provider_logout
from fingerpost.web.foundation import jobs
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.middleware import GetResponse
from fingerpost.web.staff.tasks import SEND_NEW_DEVICE
from fingerpost.web.tenancy import api as tenancy

KEY = "fingerpost_sign_in"
_NOTED_EVERY = timedelta(minutes=1)


class SignInMiddleware:
    """A session that its account has ended or cannot see, or that is older than a working day, opens nothing more."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponseBase | None:
        key, actor = request.session.get(KEY), _actor(request)
        if actor.user_id is None or idle.is_for_everybody(request):
            return None
        # One that was begun in another way than ours is in no list, so that nobody could end it.
        held, now = tenancy.sign_in_of(actor, sign_in_id=UUID(key)) if key else None, clock.now()
        if held is None or now - held.signed_in_at >= _longest():
            return idle.sign_out(request, why="ended")
        if now - held.last_used_at >= _NOTED_EVERY:
            tenancy.note_sign_in(sign_in=held, by=actor, at=now)
        return None


def begin(request: HttpRequest, response: HttpResponseBase, user: Any) -> None:
    """Called at the end of every way of signing in. Tells the account when the browser is new to it."""
    browser, system = devices.described(request)
    link_id, session, is_over = provider_logout.made_by(request, user)
    begun, is_new = tenancy.begin_sign_in(
        user_id=user.pk,
        devices=devices.shown_by(request),
        browser=browser,
        system=system,
        link_id=link_id,
        provider_session=session,
        is_over=is_over,
        by=_actor(request),
        at=clock.now(),
    )
    request.session[KEY] = str(begun.pk)
    devices.keep(request, response, begun.device_id)
    if is_new:
        jobs.defer(SEND_NEW_DEVICE, key=str(begun.device_id), device_id=begun.device_id)


def end(request: HttpRequest) -> None:
    """This session has been left by its holder."""
    key, actor = request.session.get(KEY), _actor(request)
    if key is not None and actor.user_id is not None:
        tenancy.end_sign_in(sign_in_id=UUID(key), by=actor, at=clock.now())


def end_others(request: HttpRequest, user_id: UUID) -> int:
    """Every session of the account but this one (which may be nobody's: a password is chosen anew)."""
    key = request.session.get(KEY)
    return tenancy.end_sign_ins(
        user_id=user_id, but=UUID(key) if key else None, by=_actor(request), at=clock.now()
    )


@require_safe
def sign_ins(request: HttpRequest) -> HttpResponse:
    """Where one's account is signed in now."""
    own, now = request.session.get(KEY, ""), clock.now()
    shown = [
        {"id": one.pk, "device": devices.in_words(one.device), "one": one, "here": str(one.pk) == own}
        for one in tenancy.sign_ins_of(_actor(request), since=_oldest(now))
        if now - one.signed_in_at < _longest()
    ]
    return render(request, "account/sign_ins.html", {"title": _("Where you are signed in"), "shown": shown})


@require_POST
def end_one(request: HttpRequest, sign_in_id: UUID) -> HttpResponse:
    if not tenancy.end_sign_in(sign_in_id=sign_in_id, by=_actor(request), at=clock.now()):
        raise NotFound(_("You are not signed in there any more."))
    messages.success(request, _("That browser is signed out."))
    return HttpResponseRedirect(reverse("account_sign_ins"))


@require_POST
def end_everywhere(request: HttpRequest) -> HttpResponse:
    """Everywhere else; with the other button here as well."""
    actor = _actor(request)
    end_others(request, actor.account)
    if request.POST.get("here"):
        end(request)
        request.session.flush()
        return HttpResponseRedirect(reverse("account_login"))
    messages.success(request, _("You are signed out everywhere but here."))
    return HttpResponseRedirect(reverse("account_sign_ins"))


def _longest() -> timedelta:
    return timedelta(seconds=settings.SESSION_COOKIE_AGE)


def _oldest(now: datetime) -> datetime:
    """Whatever was last used before that has ended by itself."""
    return now - (timedelta(minutes=settings.FINGERPOST_IDLE_MINUTES) or _longest())


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the scope middleware
    return actor
