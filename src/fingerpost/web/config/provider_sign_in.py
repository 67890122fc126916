"""Signing in, linking and unlinking through the provider of an employer (docs/decisions/0085)."""

from __future__ import annotations

import hmac
import logging
import secrets
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import (
    clear_authentication_records,
    perform_login,
    record_authentication,
)
from allauth.account.models import Login
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError, SourceFault
from fingerpost.web.config import provider_tokens
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope
from fingerpost.web.pages import provider
from fingerpost.web.tenancy import api as tenancy

_BEGUN_KEY = "fingerpost_provider"
_GOOD_FOR = 600  # seconds between leaving for the provider and coming back
_BEGINS = "300/m/ip"
METHOD = "provider"
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
    return cast(HttpResponse, refused) if refused else _leave(request, back="account_login", account="")


@never_cache
@require_POST
@_where_set_up
@reauthentication_required
def link(request: HttpRequest) -> HttpResponse:
    """Leave for the provider, to link what is there with the account that has just proved who it is here."""
    return _leave(request, back="mfa_index", account=str(request.user.pk))


@never_cache
@require_POST
@_where_set_up
@reauthentication_required
def unlink(request: HttpRequest) -> HttpResponse:
    """Never the last way in."""
    user: Any = request.user
    keys = user.authenticator_set.filter(type=Authenticator.Type.WEBAUTHN)
    if not user.has_usable_password() and not keys.exists():
        messages.error(request, _("This is the only way into your account. Choose a password first."))
    elif tenancy.unlink_sign_in(by=_actor(request), at=clock.now()):
        messages.success(
            request, _("%(name)s does not open your account any more.") % {"name": provider.name()}
        )
    return HttpResponseRedirect(reverse("mfa_index"))


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
    return _linked(request, begun, found) if begun["account"] else _signed_in(request, begun, found)


def _leave(request: HttpRequest, *, back: str, account: str) -> HttpResponse:
    begun: dict[str, Any] = {
        "state": secrets.token_urlsafe(32),
        "nonce": secrets.token_urlsafe(32),
        "verifier": secrets.token_urlsafe(48),
        "at": time.time(),
        "back": back,
        "account": account,
        "next": request.POST.get(REDIRECT_FIELD_NAME, ""),
    }
    try:
        address = provider_tokens.authorisation_address(
            state=begun["state"], nonce=begun["nonce"], verifier=begun["verifier"]
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
    account = str(request.user.pk) if request.user.is_authenticated else ""
    given = request.GET.get("state", "").encode()
    return account == begun["account"] and hmac.compare_digest(given, begun["state"].encode())


def _linked(request: HttpRequest, begun: dict[str, Any], found: provider_tokens.Identity) -> HttpResponse:
    try:
        tenancy.link_sign_in(issuer=found.issuer, subject=found.subject, by=_actor(request), at=clock.now())
    except FingerpostError as refusal:
        return _say(request, " ".join(refusal.sentences(_)), begun)
    messages.success(request, _("From now on you can sign in with %(name)s.") % {"name": provider.name()})
    return HttpResponseRedirect(reverse("mfa_index"))


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
    record_authentication(request, user, METHOD, id=str(held.pk), second_proof=found.second_proof)
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
    back = begun["back"] if begun else "account_login"
    return HttpResponseRedirect(reverse(back))


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the scope middleware
    return actor
