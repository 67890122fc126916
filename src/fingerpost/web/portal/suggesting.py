"""For anybody, without an account: say that a listing is wrong, or have its link sent to whoever runs it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError
from fingerpost.web.directory import api as directory
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.cache import is_tried_too_often
from fingerpost.web.foundation.scope import scope
from fingerpost.web.pages.everybody import publishes
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.portal.access import TOO_OFTEN
from fingerpost.web.portal.listing_forms import SayForm, SuggestForm

# One address writes a few times an hour; for one listing a few a day are enough for a steward to look.
FROM_ONE, FROM_ONE_WITHIN = 8, timedelta(hours=1)
FOR_ONE, FOR_ONE_WITHIN = 10, timedelta(days=1)

View = Callable[..., HttpResponse]


def for_anybody(view: View) -> View:
    """Call `view(request, actor, listing)` as somebody who has not signed in, whoever has on this machine."""

    @login_not_required
    @wraps(view)
    def wrapped(request: HttpRequest, listing_id: UUID, **more: Any) -> HttpResponse:
        actor = Actor.public(system_id=directory.system_of_listing(listing_id))
        request.actor = actor  # type: ignore[attr-defined]
        with scope(actor):
            listing = directory.open_listing(actor, listing_id=listing_id)
            return view(request, actor, listing, **more)

    return wrapped


@for_anybody
@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: HttpRequest, actor: Actor, listing: directory.Listing) -> HttpResponse:
    """One box. What is written waits for a steward, and changes nothing by itself."""
    form = SuggestForm(request.POST or None)
    thanks = reverse("portal:suggested", args=[listing.id])
    if request.method == "POST" and form.is_valid():
        if _is_too_often(request, listing.id):
            return _later(request)
        if form.cleaned_data["website"]:
            return HttpResponseRedirect(thanks)  # a program: it is not told that it was found out

        def perform() -> str:
            directory.suggest(listing_id=listing.id, note=form.cleaned_data["note"], by=actor, at=clock.now())
            return thanks

        try:
            return once(form, by=actor, at=clock.now(), perform=perform)
        except FingerpostError as error:
            form.refuse(error)
    context = {
        "title": _("Suggest a change"),
        "caption": listing.name,
        "form": form,
        "own_form": SayForm(),
        "own": reverse("portal:own_listing", args=[listing.id]),
        "back": _public_page(request, listing, _("Back to the listing")),
    }
    return render(request, "portal/suggest.html", context)


@for_anybody
@require_safe
def suggested(request: HttpRequest, actor: Actor, listing: directory.Listing) -> HttpResponse:
    context = {
        "title": _("Thank you"),
        "listing": listing,
        "public_page": _public_page(request, listing, listing.name),
    }
    return render(request, "portal/suggested.html", context)


@for_anybody
@require_http_methods(["POST"])
def own_listing(request: HttpRequest, actor: Actor, listing: directory.Listing) -> HttpResponse:
    """“This is ours”: the link goes to the address that stands in the listing. Whether there is one is not told."""
    form = SayForm(request.POST)
    if not form.is_valid():
        return HttpResponseRedirect(reverse("portal:suggest", args=[listing.id]))
    if _is_too_often(request, listing.id):
        return _later(request)
    directory.put_off_link(listing.id, by=actor)
    return render(request, "portal/link_sent.html", {"title": _("Look in your mailbox"), "listing": listing})


def _public_page(request: HttpRequest, listing: directory.Listing, text: str) -> NavLink | None:
    """Where the listing can be read, if this host publishes it."""
    if not publishes(request, listing.system_id):
        return None
    return NavLink(text, reverse("public:listing", args=[listing.id]))


def _later(request: HttpRequest) -> HttpResponse:
    context = {"title": _("That was a lot in a short time")}
    return render(request, "portal/suggest_later.html", context, status=TOO_OFTEN)


def _is_too_often(request: HttpRequest, listing_id: UUID) -> bool:
    who = request.META.get("REMOTE_ADDR", "")
    from_one = is_tried_too_often("suggest-from", who, most=FROM_ONE, every=FROM_ONE_WITHIN)
    for_one = is_tried_too_often("suggest-for", str(listing_id), most=FOR_ONE, every=FOR_ONE_WITHIN)
    return from_one or for_one
