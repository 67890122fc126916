"""The directory for everybody: look, read, put the sessions into one's own calendar. Nobody signs in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.errors import NotFound
from fingerpost.kernel.whole_number import whole_number
from fingerpost.web.directory import api as directory
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.links import absolute
from fingerpost.web.pages.errors import page_not_found
from fingerpost.web.pages.everybody import TooOften, as_anybody
from fingerpost.web.public.calendars import calendar_of
from fingerpost.web.public.forms import LookForm
from fingerpost.web.public.presenting import card, sheet
from fingerpost.web.public.structured import structured

LAST_PAGE = 1000
View = Callable[..., HttpResponse]


def for_anybody(view: View) -> View:
    """Call `view(request, actor, ...)` as somebody not signed in, whoever is."""

    @login_not_required
    @require_safe
    @wraps(view)
    def wrapped(request: HttpRequest, **arguments: Any) -> HttpResponse:
        try:
            with as_anybody(request) as actor:
                return view(request, actor, **arguments)
        except NotFound:
            return page_not_found(request)
        except TooOften:
            context = {"title": _("That was a lot of pages")}
            response = render(request, "public/too_often.html", context, status=429)
            response["Retry-After"] = "60"
            return response

    return wrapped


@for_anybody
def look(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Search, or everything there is, page by page."""
    form = LookForm(request.GET)
    page = max(1, whole_number(request.GET.get("page", ""), most=LAST_PAGE, otherwise=1))
    results = directory.search(actor, form.criteria(page=page))
    shown = directory.published_by_id(actor, [hit.listing.id for hit in results.hits])
    cards = [card(shown[hit.listing.id], hit) for hit in results.hits if hit.listing.id in shown]
    asked_where = bool(request.GET.get("near", "").strip())
    context = {
        "title": _("Find help and things to do near you"),
        "look": form,
        "results": results,
        "cards": cards,
        "is_lost": asked_where and results.criteria.near is None,
        "is_first_look": not request.GET,
        "before": _page_href(request, page - 1) if page > 1 else "",
        "after": _page_href(request, page + 1) if page < min(results.pages, LAST_PAGE) else "",
        "page": page,
    }
    return render(request, "public/look.html", context)


@for_anybody
def listing(request: HttpRequest, actor: Actor, listing_id: UUID) -> HttpResponse:
    """One listing with everything that is published of it."""
    found = directory.published_listing(actor, listing_id=listing_id)
    capacity = directory.capacities_of([listing_id], at=clock.now()).get(listing_id, directory.NOT_KNOWN)
    context = {
        "title": found.listing.name,
        "sheet": sheet(found, capacity),
        "structured": structured(found, address=_address(listing_id)),
        "calendar": reverse("public:sessions", args=[listing_id]),
        "suggest": reverse("portal:suggest", args=[listing_id]),
        "back": {"text": _("All help and things to do"), "href": reverse("public:look")},
    }
    return render(request, "public/listing.html", context)


@for_anybody
def sessions(request: HttpRequest, actor: Actor, listing_id: UUID) -> HttpResponse:
    """When it takes place, for one's own calendar."""
    found = directory.published_listing(actor, listing_id=listing_id)
    host = urlsplit(settings.FINGERPOST_BASE_URL).hostname or "localhost"
    content = calendar_of(found, address=_address(listing_id), host=host, today=clock.today())
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="sessions.ics"'
    return response


def _address(listing_id: UUID) -> str:
    return absolute(reverse("public:listing", args=[listing_id]))


def _page_href(request: HttpRequest, page: int) -> str:
    asked = [(name, value) for name, values in request.GET.lists() for value in values if name != "page"]
    return "?" + urlencode([*asked, ("page", str(page))])
