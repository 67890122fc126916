"""Signing in, linking and unlinking through the provider of an employer (docs/decisions/0085)."""

from __future__ import annotations

import hmac
import logging
import secrets
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account import views
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import (
    clear_authentication_records,
    perform_login,
    record_authentication,
)
from allauth.account.models import Login
from allauth.core.exceptions import ReauthenticationRequired
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError, SourceFault
from fingerpost.web.config import just_proved, provider_invitation, provider_tokens
from fingerpost.web.config.just_proved import METHOD
from fingerpost.web.foundation import jobs
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope
from fingerpost.web.pages import provider
from fingerpost.web.staff.tasks import PROVIDER_LINKED, PROVIDER_UNLINKED
from fingerpost.web.tenancy import api as tenancy

_BEGUN_KEY = "fingerpost_provider"
_GOOD_FOR = 600  # seconds between leaving for the provider and coming back
_BEGINS = "300/m/ip"
_log = logging.getLogger(__name__)


def _where_set_up(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    @wraps(view)
    def found(request: HttpRequest) -> HttpResponse:
        if not settings.FINGERPOST_OIDC:
            raise Http404
        return view(request)

    return found


@never_cache
@login_not_required
@require_POST
@_where_set_up
def begin(request: HttpRequest) -> HttpResponse:
    """Leave for the provider, to sign in."""
    if request.user.is_authenticated:
        return HttpResponseRedirect("/")
    config = {"provider_begin": _BEGINS}
    refused = ratelimit.consume_or_429(request, app="allauth.account", action="provider_begin", config=config)
    return (
        cast(HttpResponse, refused)
        if refused
        else _leave(request, what="sign_in", back=reverse("account_login"))
    )


@never_cache
@login_not_required
@require_POST
def begin_invited(request: HttpRequest, token: str) -> HttpResponse:
    """Leave for the provider, to accept an invitation with what is there instead of a password."""
    if not settings.FINGERPOST_OIDC:
        raise Http404
    config = {"provider_begin": _BEGINS}
    refused = ratelimit.consume_or_429(request, app="allauth.account", action="provider_begin", config=config)
    if refused:
        return cast(HttpResponse, refused)
    provider_invitation.check_is_open(token)
    return _leave(request, what="invitation", back=reverse("account_invitation", args=[token]), token=token)


@never_cache
@require_POST
@_where_set_up
def link(request: HttpRequest) -> HttpResponse:
    """Leave for the provider, to link what is there with the account that has just proved who it is here.

    Having signed in through the provider is no such proof: whoever sits down at an open session of a colleague would
    link an account of their own.
    """
    if not just_proved.has_own_way(request.user):
        messages.error(
            request, _("Choose a password first: an account is linked by somebody who has just typed theirs.")
        )
        return HttpResponseRedirect(reverse("mfa_index"))
    _ask_for_own_proof(request)
    return _leave(request, what="link", back=reverse("mfa_index"))


@never_cache
@require_POST
@_where_set_up
def unlink(request: HttpRequest) -> HttpResponse:
    """Never the last way in."""
    user: Any = request.user
    keys = user.authenticator_set.filter(type=Authenticator.Type.WEBAUTHN)
    if not user.has_usable_password() and not keys.exists():
        messages.error(request, _("This is the only way into your account. Choose a password first."))
        return HttpResponseRedirect(reverse("mfa_index"))
    _ask_for_own_proof(request)
    if tenancy.unlink_sign_in(by=_actor(request), at=clock.now()):
        jobs.defer(PROVIDER_UNLINKED, key=str(user.pk), user_id=user.pk)
        messages.success(
            request, _("%(name)s does not open your account any more.") % {"name": provider.name()}
        )
    return HttpResponseRedirect(reverse("mfa_index"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_where_set_up
def prove(request: HttpRequest) -> HttpResponse:
    """For an account that has nothing but the provider: sign in there anew, before what opens it is changed here."""
    if provider.link_of(_actor(request)) is None or just_proved.has_own_way(request.user):
        return HttpResponseRedirect(reverse("account_reauthenticate"))
    if request.method == "POST":
        return _leave(request, what="prove", back=reverse("account_prove_at_provider"))
    wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
    return render(
        request, "account/prove_at_provider.html", {"next_name": REDIRECT_FIELD_NAME, "next": wanted}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponseBase:
    """Who came in through the provider may have none yet: the first is chosen by a link to the address."""
    user: Any = request.user
    if not user.has_usable_password():
        return HttpResponseRedirect(reverse("account_reset_password"))
    return cast(HttpResponseBase, views.password_change(request))


@never_cache
@login_not_required
@require_safe
@_where_set_up
def come_back(request: HttpRequest) -> HttpResponse:
    """The provider sends the browser here. What was begun is good for one answer, whatever the answer is."""
    begun = request.session.pop(_BEGUN_KEY, None)
    if not _is_answer_to(request, begun):
        return _say(
            request,
            _("This sign-in was not begun here, or it was begun too long ago. Please begin again."),
            begun,
        )
    if "code" not in request.GET:
        return _say(request, _("%(name)s did not sign you in.") % {"name": provider.name()}, begun)
    try:
        found = provider_tokens.identity(
            answer=request.GET.dict(), nonce=begun["nonce"], verifier=begun["verifier"]
        )
    except SourceFault as fault:
        _log.warning("%s", str(fault.message))  # made of our own words and the settings only
        return _say(request, _not_possible(), begun)
    return _GOES_ON[begun["what"]](request, begun, found)


def _ask_for_own_proof(request: HttpRequest) -> None:
    if not just_proved.here(request):
        raise ReauthenticationRequired


def _leave(request: HttpRequest, *, what: str, back: str, token: str = "") -> HttpResponse:
    begun: dict[str, Any] = {
        "state": secrets.token_urlsafe(32),
        "nonce": secrets.token_urlsafe(32),
        "verifier": secrets.token_urlsafe(48),
        "at": time.time(),
        "what": what,
        "back": back,
        "token": token,
        "account": _account(request),
        "next": request.POST.get(REDIRECT_FIELD_NAME, ""),
    }
    try:
        address = provider_tokens.authorisation_address(
            state=begun["state"],
            nonce=begun["nonce"],
            verifier=begun["verifier"],
            anew=what == "prove",
        )
    except SourceFault as fault:
        _log.warning("%s", str(fault.message))  # made of our own words and the settings only
        return _say(request, _not_possible(), begun)
    request.session[_BEGUN_KEY] = begun
    return HttpResponseRedirect(address)


def _is_answer_to(request: HttpRequest, begun: dict[str, Any] | None) -> bool:
    """The answer belongs to what this very browser began, as this very account, and not long ago."""
    if begun is None or time.time() - begun["at"] > _GOOD_FOR:
        return False
    given = request.GET.get("state", "").encode()
    return _account(request) == begun["account"] and hmac.compare_digest(given, begun["state"].encode())


def _account(request: HttpRequest) -> str:
    return str(request.user.pk) if request.user.is_authenticated else ""


def _linked(request: HttpRequest, begun: dict[str, Any], found: provider_tokens.Identity) -> HttpResponse:
    try:
        tenancy.link_sign_in(issuer=found.issuer, subject=found.subject, by=_actor(request), at=clock.now())
    except FingerpostError as refusal:
        return _say(request, " ".join(refusal.sentences(_)), begun)
    account = _actor(request).account
    jobs.defer(PROVIDER_LINKED, key=str(account), user_id=account)
    messages.success(request, _("From now on you can sign in with %(name)s.") % {"name": provider.name()})
    return HttpResponseRedirect(reverse("mfa_index"))


def _proved(request: HttpRequest, begun: dict[str, Any], found: provider_tokens.Identity) -> HttpResponse:
    """By the very account there that is linked, and by a sign-in made since the button was pressed."""
    held = provider.link_of(_actor(request))
    if held is None or held.subject != found.subject:
        return _say(request, _("That is another account than the one that is linked with yours."), begun)
    if not provider_tokens.signed_in_anew(found, since=begun["at"]):
        _log.warning("The sign-in provider: it does not say that somebody has just signed in (auth_time).")
        return _say(
            request,
            _("%(name)s did not say that you have just signed in there. Choose a password here instead.")
            % {"name": provider.name()},
            begun,
        )
    record_authentication(
        request,
        request.user,
        METHOD,
        id=str(held.pk),
        second_proof=found.second_proof,
        subject=found.subject,
        session=found.session,
        anew=True,
    )
    return HttpResponseRedirect(_next(request, begun) or reverse("mfa_index"))


def _invited(request: HttpRequest, begun: dict[str, Any], found: provider_tokens.Identity) -> HttpResponse:
    try:
        provider_invitation.accept(begun["token"], found)
    except FingerpostError as refusal:
        return _say(request, " ".join(refusal.sentences(_)), begun)
    messages.success(
        request, _("Welcome. Your role is open: sign in with %(name)s to begin.") % {"name": provider.name()}
    )
    return HttpResponseRedirect(reverse("account_login"))


def _signed_in(request: HttpRequest, begun: dict[str, Any], found: provider_tokens.Identity) -> HttpResponse:
    held = tenancy.linked_sign_in(issuer=found.issuer, subject=found.subject)
    if held is None:
        return _say(
            request,
            _(
                "%(name)s is not linked to an account here. Sign in with your password, and link it on the page"
                " “Signing in and security”. If you have no account, ask your administrator."
            )
            % {"name": provider.name()},
            begun,
        )
    user = held.user
    if not user.is_active or not _has_a_role(user):
        return _say(request, _("This account is closed or suspended. Ask your administrator."), begun)
    clear_authentication_records(
        request
    )  # what was proved as somebody else, or for another try, is not for this
    record_authentication(
        request,
        user,
        METHOD,
        id=str(held.pk),
        second_proof=found.second_proof,
        subject=found.subject,
        session=found.session,
    )
    login = Login(user=user, redirect_url=_next(request, begun))
    if found.second_proof:
        # The settings say that the provider's counts: the step in which ours would be asked is left out.
        get_adapter().login(request, user)
        return cast(
            HttpResponse,
            get_adapter().post_login(
                request,
                user,
                email_verification=login.email_verification,
                redirect_url=login.redirect_url,
                signal_kwargs=None,
                signup=False,
                email=None,
            ),
        )
    return perform_login(request, login)


def _has_a_role(user: Any) -> bool:
    own = Actor(kind="user", id=f"user:{user.pk}", label="signing in", user_id=user.pk)
    with scope(own, signing_in=True):
        return bool(tenancy.current_memberships(user_id=user.pk, at=clock.now()))


def _next(request: HttpRequest, begun: dict[str, Any]) -> str | None:
    wanted = begun["next"]
    allowed = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed, require_https=request.is_secure())
    return wanted if wanted and is_ours else None


def _not_possible() -> str:
    return _(
        "Signing in with %(name)s did not work this time. Try again, or use your password. If it goes on,"
        " tell your administrator."
    ) % {"name": provider.name()}


def _say(request: HttpRequest, words: str, begun: dict[str, Any] | None) -> HttpResponse:
    messages.error(request, words)
    return HttpResponseRedirect(begun["back"] if begun else reverse("account_login"))


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the scope middleware
    return actor


_GOES_ON: dict[str, Callable[[HttpRequest, dict[str, Any], provider_tokens.Identity], HttpResponse]] = {
    "sign_in": _signed_in,
    "link": _linked,
    "prove": _proved,
    "invitation": _invited,
}
