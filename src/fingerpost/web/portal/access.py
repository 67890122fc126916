"""From a token in an address to the scope of whoever holds it. The only place that does this.

A page is drawn inside that scope, so nothing on it can come from beyond the one connection. A link that is
no more gets a page that says whom to ring and tells nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fingerpost.kernel import clock
from fingerpost.kernel.errors import NotFound
from fingerpost.web.connections import api as connections
from fingerpost.web.foundation import links
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.models import SignedLink
from fingerpost.web.foundation.scope import scope
from fingerpost.web.tenancy import api as tenancy

GONE, TOO_OFTEN = 410, 429
# Two volunteers who are unsure press perhaps ten times; a program presses hundreds.
PRESSES, PRESSED_WITHIN = 60, timedelta(minutes=10)


@dataclass(frozen=True)
class Holder:
    """Whoever opened the page: their token, who they act as, and the one connection they reach."""

    token: str
    actor: Actor
    connection: connections.Connection
    scheme: tenancy.Organisation


View = Callable[..., HttpResponse]


def for_link_holders(view: View) -> View:
    """Open the link named in the address and call `view(request, holder, ...)` in its scope."""

    @login_not_required
    @wraps(view)
    def wrapped(request: HttpRequest, token: str, **more: Any) -> HttpResponse:
        return guarded(_answer(request, token, view, more))

    return wrapped


def _answer(request: HttpRequest, token: str, view: View, more: dict[str, Any]) -> HttpResponse:
    try:
        link = links.read(token)
    except NotFound:
        return broken(request)
    # Whoever signed in earlier on this machine, the page is for the holder of the link.
    request.actor = actor = link.actor()  # type: ignore[attr-defined]
    with scope(actor):
        scheme = tenancy.organisation(organisation_id=link.organisation_id)
        is_ours = link.purpose == connections.LINK_PURPOSE and link.is_live(clock.now())
        found = connections.connection_for_link(actor) if is_ours else None
        if found is None:
            return _ended(request, link, scheme)
        # Only what is pressed is counted: following changes nothing, and what it shows names nobody.
        if request.method == "POST" and links.is_tried_too_often("press", most=PRESSES, every=PRESSED_WITHIN):
            return too_often(request, scheme)
        return view(request, Holder(token, actor, found, scheme), **more)


def broken(request: HttpRequest) -> HttpResponse:
    request.actor = Actor.public()  # type: ignore[attr-defined]
    return render(request, "portal/broken.html", {"title": _("This link does not open anything")}, status=404)


def _ended(request: HttpRequest, link: SignedLink, scheme: tenancy.Organisation) -> HttpResponse:
    has_expired = link.revoked_at is None and not link.is_live(clock.now())
    context = {"title": _("This link has ended"), "scheme": scheme, "has_expired": has_expired}
    return render(request, "portal/ended.html", context, status=GONE)


def too_often(request: HttpRequest, scheme: tenancy.Organisation) -> HttpResponse:
    context = {"title": _("That was a lot of presses"), "scheme": scheme}
    return render(request, "portal/too_often.html", context, status=TOO_OFTEN)


def guarded(response: HttpResponse) -> HttpResponse:
    """Nothing keeps, lists or passes on the address, which is the key."""
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    # Not "no-referrer": with it browsers post our own forms with "Origin: null", which the CSRF check must
    # refuse.
    response["Referrer-Policy"] = "same-origin"
    return response
