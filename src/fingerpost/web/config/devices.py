"""Which browsers an account has signed in with: what the browser keeps, and what it is in plain words.

The browser keeps the ids of its rows, one for each account that has signed in there, signed. Whoever reads the table
can make no such cookie. It is sent to the pages of signing in only, and opens nothing by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from fingerpost.web.tenancy import api as tenancy

COOKIE = "fingerpost_devices"
PATH = "/accounts/"
_MOST = 20  # accounts of one browser: a shared computer at a front desk, and no cookie without end
# In this order, as most browsers also name those that they descend from.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def shown_by(request: HttpRequest) -> list[UUID]:
    """The ids that this browser keeps; none when somebody has written them by hand."""
    try:
        kept = _signer().unsign(request.COOKIES.get(COOKIE, ""))
        return [UUID(one) for one in kept.split(".")][:_MOST]
    except (signing.BadSignature, ValueError):
        return []


def known_to(request: HttpRequest, email: str) -> UUID | None:
    """The id of this browser for the account of this address, if it has signed in here before."""
    ids = shown_by(request)
    return tenancy.known_device(email=email.strip(), devices=ids) if ids and email else None


def keep(request: HttpRequest, response: HttpResponseBase, device_id: UUID) -> None:
    """Let the browser keep it, together with those of other accounts."""
    ids = [device_id, *(one for one in shown_by(request) if one != device_id)][:_MOST]
    response.set_cookie(
        COOKIE,
        _signer().sign(".".join(one.hex for one in ids)),
        max_age=tenancy.DEVICE_KNOWN_FOR,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def described(request: HttpRequest) -> tuple[str, str]:
    """Browser and system as the browser says, by their own names; empty where it says nothing we know."""
    said = request.META.get("HTTP_USER_AGENT", "")
    return _first(said, _BROWSERS), _first(said, _SYSTEMS)


def in_words(device: tenancy.KnownDevice) -> str:
    if device.browser and device.system:
        return _("%(browser)s on %(system)s") % {"browser": device.browser, "system": device.system}
    return device.browser or device.system or _("A browser that does not say what it is")


def _first(said: str, known: Sequence[tuple[str, str]]) -> str:
    return next((name for mark, name in known if mark in said), "")


def _signer() -> signing.Signer:
    return signing.Signer(salt="fingerpost.devices")
