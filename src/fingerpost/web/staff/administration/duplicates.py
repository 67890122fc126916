"""Listings that may be one: looked at side by side, made one, found to be two, made two again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError, InvalidValue
from fingerpost.web.directory import api as directory
from fingerpost.web.pages.forms.base import ErrorItem
from fingerpost.web.pages.words import sentences
from fingerpost.web.staff.administration.frame import directory_links, names_of
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy.api import Permission

SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.IMPORT_DIRECTORY)
def duplicates(request: StaffRequest) -> HttpResponse:
    """The pairs that are most alike, each with why, and what was made one lately."""
    problems: list[ErrorItem] = []
    if request.method == "POST":
        try:
            messages.success(request, _decide(request, request))
            return HttpResponseRedirect(reverse("staff:duplicates"))
        except FingerpostError as refusal:
            problems = [ErrorItem(" ".join(sentences(refusal)))]
    actor = request.actor
    pairs = directory.like_pairs(actor)
    merged = list(directory.merges(actor)[:SHOWN])
    context = {
        "title": _("Listed twice?"),
        "pairs": pairs[:SHOWN],
        "pairs_sum": len(pairs),
        "merges": merged,
        "who": names_of(one.made_by for one in merged),
        "problems": problems,
        "subnavigation": directory_links(actor, here="staff:duplicates"),
    }
    return render(request, "staff/administration/duplicates.html", context)


@require_POST
@for_those_who(Permission.IMPORT_DIRECTORY)
def take_merge_back(request: StaffRequest, merge_id: UUID) -> HttpResponse:
    """Show both again."""
    directory.take_merge_back(merge_id=merge_id, by=request.actor, at=clock.now())
    messages.success(request, _("Both listings are shown again."))
    return HttpResponseRedirect(reverse("staff:duplicates"))


def _decide(request: StaffRequest, sent: HttpRequest) -> str:
    """What the pressed button says of a pair. The words that are shown afterwards."""
    first, second = _id(sent, "first"), _id(sent, "second")
    answer = sent.POST.get("answer", "")
    at = clock.now()
    if answer == "two":
        directory.say_they_are_two(first_id=first, second_id=second, by=request.actor, at=at)
        return _("They are two, and you are not asked again.")
    if answer not in ("first", "second"):
        raise InvalidValue(_("It was not said what they are."), expected=_("One of the three buttons."))
    kept, merged = (first, second) if answer == "first" else (second, first)
    directory.merge_listings(kept_id=kept, merged_id=merged, by=request.actor, at=at)
    return _("They are shown as one from now on. You can take that back below.")


def _id(sent: HttpRequest, name: str) -> UUID:
    try:
        return UUID(sent.POST.get(name, ""))
    except ValueError as fault:
        raise InvalidValue(
            _("It was not said which listings are meant."), expected=_("A pair of the list.")
        ) from fault
