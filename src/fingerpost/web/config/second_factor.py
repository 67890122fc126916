"""The second proof at sign-in: who needs one, and how its secrets are kept (docs/decisions/0080-second-factor.md)."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from fingerpost.kernel.errors import ConfigurationError
from fingerpost.web.config.just_proved import METHOD
from fingerpost.web.config.open_routes import acts_as_link_holder
from fingerpost.web.foundation.middleware import GetResponse
from fingerpost.web.foundation.secrets import cipher
from fingerpost.web.pages import passkeys, provider

_PURPOSE = "second-factor"
# Steps of signing in, and of the first set-up. Everything else about one's account is behind the second proof too:
# a session that has given only a password must not take the telephone away.
_OPEN = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_invitation",
        "account_invitation_provider",
        "account_reauthenticate",
        "account_prove_at_provider",
        "account_provider_back",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "pages:language",
        "pages:help",
        "pages:privacy",
        "pages:accessibility",
        "pages:brand",
        "pages:logo",
    }
)
# Open only to an account that has no proof yet: a session that gave a password alone, before the first one was set up,
# must not add a telephone or a passkey of its own to it.
_FIRST_SET_UP = frozenset({"mfa_activate_totp", "mfa_add_webauthn"})
_SET_UP_TAKES = 60  # seconds: the code of the set-up is right just before what it proves is kept
_PROVING = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class StaffMFAAdapter(DefaultMFAAdapter):
    """Secrets are encrypted with a key that the database does not hold."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _(
            "This code is not right, or it has been used. Wait for the next one and type that."
        ),
    }

    def get_totp_issuer(self) -> str:
        return str(settings.FINGERPOST_BRAND["organisation"])

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        return passkeys.named(user)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """From the settings: a request says in a header what it likes."""
        return {"id": passkeys.domain(), "name": self.get_totp_issuer()}

    def encrypt(self, text: str) -> str:
        return cipher(_PURPOSE).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return cipher(_PURPOSE).decrypt(encrypted_text.encode()).decode()
        except InvalidToken as fault:
            raise ConfigurationError(
                "The second proof of an account cannot be read with the present secret key.",
                expected="the FINGERPOST_SECRET_KEY with which it was set up",
                remedy="put the earlier key back, or let people set up their second proof again",
            ) from fault


def has_proved(request: HttpRequest, user: Any) -> bool:
    """Whether this session has given a second proof with what the account has now, not with what it had before."""
    if _proved_at_provider(request, user):
        return True
    proved = [r for r in get_authentication_records(request, user) if r["method"] == "mfa"]
    if not proved:
        return False
    held = dict(user.authenticator_set.filter(type__in=_PROVING).values_list("pk", "created_at"))
    if not held:
        return False
    since = min(held.values()).timestamp() - _SET_UP_TAKES
    return any(record["at"] >= since and _counts(record, held) for record in proved)


def _proved_at_provider(request: HttpRequest, user: Any) -> bool:
    """Where the settings say that the provider's second proof counts, and while the account is still linked to it."""
    asked = settings.FINGERPOST_OIDC
    if not asked or not asked["second_proof"]:
        return False
    ids = {
        r["id"]
        for r in get_authentication_records(request, user)
        if r["method"] == METHOD and r["second_proof"]
    }
    link = provider.link_of(request.actor) if ids else None  # type: ignore[attr-defined]  # set by the scope middleware
    return link is not None and str(link.pk) in ids


def _counts(record: dict[str, Any], held: dict[int, Any]) -> bool:
    """A session that a passkey has opened is worth nothing more once that passkey is removed: it may be a thief's."""
    return record.get("type") != Authenticator.Type.WEBAUTHN or record.get("id") in held


class SecondFactorMiddleware:
    """Where a second proof is required, nothing but giving or setting up one is open to a session without."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponseBase | None:
        if not settings.FINGERPOST_MFA_REQUIRED or not request.user.is_authenticated or _is_open(request):
            return None
        if has_proved(request, request.user):
            return None
        held = _kinds_held(request.user)
        if not held and _is_first_set_up(request):
            return None
        back = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
        return HttpResponseRedirect(f"{reverse(_next_step(held))}?{urlencode({REDIRECT_FIELD_NAME: back})}")


def _kinds_held(user: Any) -> set[str]:
    return set(user.authenticator_set.filter(type__in=_PROVING).values_list("type", flat=True))


def _next_step(held: set[str]) -> str:
    if not held:
        return "mfa_activate_totp"
    by_passkey_alone = held == {Authenticator.Type.WEBAUTHN} and passkeys.are_possible()
    return "mfa_reauthenticate_webauthn" if by_passkey_alone else "mfa_reauthenticate"


def _is_first_set_up(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name in _FIRST_SET_UP


def _is_open(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and (match.view_name in _OPEN or acts_as_link_holder(request))
