"""The provider of an employer through which accounts may sign in: its name, and what a page must let through."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.response import HttpResponseBase
from django.urls import reverse

from fingerpost.kernel.errors import ConfigurationError
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import LinkedSignIn


def name() -> str:
    """What the button says; empty when none is set up."""
    return str(settings.FINGERPOST_OIDC["name"]) if settings.FINGERPOST_OIDC else ""


def asked() -> dict[str, Any]:
    """All that the settings say of it. Only where one is set up."""
    if settings.FINGERPOST_OIDC is None:
        raise ConfigurationError(
            "No sign-in provider is set up.",
            expected="FINGERPOST_OIDC_ISSUER and what belongs to it",
            remedy="see docs/how-to/sign-in-through-your-employer.md",
        )
    return settings.FINGERPOST_OIDC


def origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower()


def origins() -> list[str]:
    """Where it may be asked: at the issuer's own address, and at those named beside it."""
    return [origin_of(asked()["issuer"]), *asked()["origins"]]


def return_address() -> str:
    """From the settings: a request says in a header what it likes."""
    return f"{settings.FINGERPOST_BASE_URL.rstrip('/')}{reverse('account_provider_back')}"


def link_of(actor: Actor) -> LinkedSignIn | None:
    """What opens the account of whoever asks, at the issuer that is set up now."""
    if not settings.FINGERPOST_OIDC or actor.user_id is None:
        return None
    held = tenancy.linked_sign_in_of(actor, user_id=actor.user_id)
    return held if held and held.issuer == settings.FINGERPOST_OIDC["issuer"] else None


def leads_there(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The page has a form that ends at the provider: browsers hold `form-action` against where it leads, too."""

    @wraps(view)
    def allowed(*args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(*args, **kwargs)
        if settings.FINGERPOST_OIDC:
            response._csp_update = {"form-action": origins()}  # type: ignore[attr-defined]  # read by django-csp
        return response

    return allowed
