"""One listing: everything known about it in plain words, where it comes from, and what is not known."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fingerpost.kernel import clock
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import EmailState, ListingDetails, ListingStatus, SourceKind
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pages.navigation import NavLink, address_of
from fingerpost.web.staff.administration import listing_words as wording
from fingerpost.web.staff.administration.frame import names_of
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme.cards import trust_in_words
from fingerpost.web.tenancy.api import Permission


@require_safe
@for_those_who(Permission.SEARCH_DIRECTORY)
def listing(request: StaffRequest, listing_id: UUID) -> HttpResponse:
    """For everybody who uses the directory; administrators can close it or say that it runs again."""
    return listing_shown(request, listing_id)


def listing_shown(request: StaffRequest, listing_id: UUID, **changes: Any) -> HttpResponse:
    """The page; `changes` are added to its context (what a refused button has to say)."""
    actor = request.actor
    found = directory.listing_details(actor, listing_id=listing_id, at=clock.now())
    one = found.listing
    search = address_of("staff:directory")
    context = {
        "title": one.name,
        "caption": found.provider.name if found.provider else "",
        "back": NavLink(_("Back to the directory"), search) if search else None,
        "found": found,
        "listing": one,
        "status": wording.status_in_words(one),
        "closed_by": names_of([one.closed_by])[one.closed_by] if one.closed_by else "",
        "trust": trust_in_words(found.trust),
        "about": wording.about(one, found.when),
        "places": [wording.place_in_words(place) for place in found.places],
        "open_places": [place for place in found.places if not place.is_confidential],
        "nowhere": wording.nowhere_in_words(one),
        "phones": [wording.phone_in_words(phone) for phone in found.phones],
        "contacts": wording.contacts_in_words(found.contacts),
        "email_words": wording.email_in_words(found.email_state),
        "may_vouch": found.email_state is EmailState.UNCHECKED and directory.can_vouch_for_email(actor),
        "may_report": actor.has(Permission.SIGNPOST),
        "may_change": directory.can_import(actor),
        "origin": _origin(actor, found),
        "faults": wording.faults_in_words(found.faults),
        "problems": [],
    }
    return render(request, "staff/administration/listing.html", context | changes)


def _origin(actor: Actor, found: ListingDetails) -> list[tuple[str, str]]:
    """Where what is said comes from, and when it was last read there."""
    last = directory.imports(actor).filter(source=found.source).first()
    who = names_of([last.imported_by])[last.imported_by] if last else ""
    rows = wording.origin(found, last, who)
    if found.source.kind == SourceKind.TYPED:
        return rows
    if found.listing.status_by_person and found.listing.status != ListingStatus.NOT_STATED:
        rows.append(
            (_("Whether it is running"), _("A person here has said so; the source no longer decides."))
        )
    return rows
