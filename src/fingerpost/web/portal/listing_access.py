"""From a token in an address to the scope of whoever runs a listing. The only place that does this."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fingerpost.kernel import clock
from fingerpost.kernel.errors import NotFound
from fingerpost.web.directory import api as directory
from fingerpost.web.foundation import links
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.models import SignedLink
from fingerpost.web.foundation.scope import scope
from fingerpost.web.portal.access import GONE, PRESSED_WITHIN, PRESSES, broken, guarded, too_often
from fingerpost.web.tenancy import api as tenancy


@dataclass(frozen=True)
class ListingHolder:
    """Whoever opened the page: their token, who they act as, the one listing they keep, and who keeps the directory."""

    token: str
    actor: Actor
    listing: directory.Listing
    keeper: tenancy.Organisation


View = Callable[..., HttpResponse]


def for_listing_holders(view: View) -> View:
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
        keeper = tenancy.organisation(organisation_id=link.organisation_id)
        is_ours = link.purpose == directory.LINK_PURPOSE and link.is_live(clock.now())
        found = _listing(actor, link.subject_id) if is_ours else None
        if found is None:
            return _ended(request, link, keeper)
        if request.method == "POST" and links.is_tried_too_often("press", most=PRESSES, every=PRESSED_WITHIN):
            return too_often(request, keeper)
        return view(request, ListingHolder(token, actor, found, keeper), **more)


def _listing(actor: Actor, listing_id: UUID) -> directory.Listing | None:
    try:
        return directory.listing(actor, listing_id=listing_id)
    except NotFound:
        return None


def _ended(request: HttpRequest, link: SignedLink, keeper: tenancy.Organisation) -> HttpResponse:
    may_ask_again = link.purpose == directory.LINK_PURPOSE
    context = {
        "title": _("This link has ended"),
        "scheme": keeper,
        "listing_id": link.subject_id if may_ask_again else None,
    }
    return render(request, "portal/listing_ended.html", context, status=GONE)
