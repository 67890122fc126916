"""A few listings on paper for a person: plain words, large print, and a code that a phone can read.

What is on the list is kept in the session, as searches for a person are; the paper bears a first name and no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from fingerpost.kernel import clock
from fingerpost.web.casework.api import Case
from fingerpost.web.connections import api as connections
from fingerpost.web.directory import api as directory
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme import cards
from fingerpost.web.staff.scheme.case_frame import case_to_settle
from fingerpost.web.tenancy.api import Permission

SESSION_KEY = "fingerpost_short_lists"
_KEPT = 5  # lists of so many people are kept, the oldest forgotten


@dataclass(frozen=True, kw_only=True)
class Printed:
    """One listing as it stands on paper."""

    id: UUID
    name: str
    line: str
    facts: tuple[tuple[str, str], ...]
    code: SafeString | None
    code_words: str


@never_cache
@require_safe
@for_those_who(Permission.CONNECT)
def short_list(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """The list, to look at and print."""
    case = case_to_settle(request, case_id, page="a short list")
    at = clock.now()
    still_open, closed = open_and_closed(request, case)
    found = [directory.listing_details(request.actor, listing_id=each, at=at) for each in still_open]
    name = case.person.known_as or case.person.given_name
    context = {
        "title": _("Places for %(name)s") % {"name": name},
        "back": NavLink(_("Back to the search"), reverse("staff:find", args=[case.id])),
        "case": case,
        "printed": [_printed(one) for one in found],
        "closed": closed,
    }
    return render(request, "staff/scheme/short_list.html", context)


@require_POST
@for_those_who(Permission.CONNECT)
def change_short_list(request: StaffRequest, case_id: UUID, listing_id: UUID) -> HttpResponse:
    """Put a listing on the list, or take it off when it is there."""
    case = case_to_settle(request, case_id, page="a short list")
    one = directory.listing(request.actor, listing_id=listing_id)
    on_list = ids_on_list(request, case)
    if one.id in on_list:
        _keep(request, case, [each for each in on_list if each != one.id])
        messages.success(request, _("%(listing)s is no longer on their list.") % {"listing": one.name})
        return HttpResponseRedirect(reverse("staff:short_list", args=[case.id]))
    if len(on_list) >= connections.MOST_ON_LIST:
        messages.error(
            request,
            _("A list holds %(most)s at most. Take one off first.") % {"most": connections.MOST_ON_LIST},
        )
        return HttpResponseRedirect(reverse("staff:short_list", args=[case.id]))
    _keep(request, case, [*on_list, one.id])
    messages.success(
        request, _("%(listing)s is on their list, ready to print or send.") % {"listing": one.name}
    )
    return HttpResponseRedirect(reverse("staff:find", args=[case.id]))


def ids_on_list(request: StaffRequest, case: Case) -> list[UUID]:
    """The listings on the list for this person, in the order in which they were put there."""
    return [UUID(text) for text in request.session.get(SESSION_KEY, {}).get(str(case.id), [])]


def open_and_closed(request: StaffRequest, case: Case) -> tuple[list[UUID], list[directory.Listing]]:
    """What is on the list and open, in its order, and what has closed since: that is handed to nobody."""
    on_list = ids_on_list(request, case)
    is_open = set(directory.open_listings(request.actor).filter(id__in=on_list).values_list("id", flat=True))
    named = directory.listings_by_id(request.actor, [each for each in on_list if each not in is_open])
    return [each for each in on_list if each in is_open], [named[each] for each in on_list if each in named]


def _keep(request: StaffRequest, case: Case, ids: list[UUID]) -> None:
    kept = {key: value for key, value in request.session.get(SESSION_KEY, {}).items() if key != str(case.id)}
    kept[str(case.id)] = [str(each) for each in ids]
    request.session[SESSION_KEY] = dict(list(kept.items())[-_KEPT:])


def _printed(details: directory.ListingDetails) -> Printed:
    one = details.listing
    phone = details.phones[0].number if details.phones else ""
    facts = [
        (_("When"), "; ".join(details.when)),
        (_("Where"), "; ".join(cards.place_in_words(place) for place in details.places)),
        (_("Cost"), cards.cost_in_words(one)),
        (_("Who it is for"), one.eligibility),
        (_("The first visit"), one.what_to_expect),
        (_("How to join"), one.how_to_join),
        (_("Phone"), phone),
    ]
    target, words = _target(one.url, phone)
    return Printed(
        id=one.id,
        name=one.name,
        line=Truncator(" ".join(one.description.split())).chars(200),
        facts=tuple((question, answer) for question, answer in facts if answer),
        code=_code(target) if target else None,
        code_words=words,
    )


def _target(url: str, phone: str) -> tuple[str, str]:
    """What the code opens: their own page, else a call."""
    if url.startswith(("https://", "http://")) and len(url) <= 300:
        return url, _("Point a phone's camera at this to open their page")
    digits = "".join(c for c in phone if c.isdigit() or c == "+")
    return (f"tel:{digits}", _("Point a phone's camera at this to ring them")) if digits else ("", "")


def _code(target: str) -> SafeString:
    drawn = segno.make(target, error="m", micro=False).svg_inline(scale=4, border=2, omitsize=False)
    return mark_safe(drawn)  # noqa: S308  (drawn by segno of modules alone; the target is not in it)
