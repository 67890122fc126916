"""The first page: each role is sent to the page that its day begins with."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pages.navigation import address_of, items_for
from fingerpost.web.tenancy.api import Permission

# The first permission that an actor holds decides: a team lead also holds cases, so queue before today.
FIRST_PAGES: tuple[tuple[Permission, str], ...] = (
    (Permission.TRIAGE, "staff:queue"),
    (Permission.HOLD_CASES, "staff:today"),
    (Permission.SEE_OWN_REFERRALS, "staff:my_referrals"),
    (Permission.IMPORT_DIRECTORY, "staff:imports"),
    (Permission.SEE_WHO_SAW, "staff:who_saw"),
    (Permission.SEE_FUNNEL, "dashboards:funnel"),
)


def home(request: HttpRequest) -> HttpResponse:
    """Redirect to the role's first page; say so when the account has none."""
    address = first_page(request.actor)  # type: ignore[attr-defined]
    if address:
        return HttpResponseRedirect(address)
    return render(request, "staff/no_pages.html", {"title": _("Nothing is open to your account yet")})


def first_page(actor: Actor) -> str:
    """The address of the page that this actor's day begins with; empty when there is none."""
    offered = (address_of(route) for permission, route in FIRST_PAGES if actor.has(permission))
    return next((address for address in offered if address), "") or _first_of_navigation(actor)


def _first_of_navigation(actor: Actor) -> str:
    links = items_for(actor.permissions) if actor.membership_id else []
    return links[0].href if links else ""
