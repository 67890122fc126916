"""Addresses that are kept back until somebody has looked: one press makes one public, another keeps it secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError
from fingerpost.web.directory import api as directory
from fingerpost.web.pages.words import sentences
from fingerpost.web.staff.administration.frame import directory_links
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy.api import Permission

# Whole sentences, by what the word was found in.
_WHY: Mapping[str, Promise] = {
    "listing": gettext_lazy("“%(word)s” stands in the listing “%(name)s”."),
    "provider": gettext_lazy("“%(word)s” stands in the name of the organisation “%(name)s”."),
    "location": gettext_lazy("“%(word)s” stands in the name or the description of the place."),
}


def reason_in_words(word: str, kind: str, name: str) -> str:
    return str(_WHY[kind]) % {"word": word, "name": name}


@require_safe
@for_those_who(Permission.IMPORT_DIRECTORY)
def addresses_kept_back(request: StaffRequest) -> HttpResponse:
    """Every address that is kept back, those that nobody has looked at first."""
    found = directory.addresses_kept_back(request.actor)
    shown: list[dict[str, Any]] = [
        {
            "one": one,
            "why": [reason_in_words(*reason) for reason in one.why],
            "listings": [(reverse("staff:listing", args=[id]), name) for id, name in one.listings],
        }
        for one in found
    ]
    context = {
        "title": _("Addresses kept back"),
        "waiting": [one for one in shown if one["one"].decision is None],
        "decided": [one for one in shown if one["one"].decision is not None],
        "subnavigation": directory_links(request.actor, here="staff:addresses_kept_back"),
    }
    return render(request, "staff/administration/addresses_kept_back.html", context)


@require_POST
@for_those_who(Permission.IMPORT_DIRECTORY)
def make_address_public(request: StaffRequest, location_id: UUID) -> HttpResponse:
    """Show the address of a place from now on."""
    try:
        place = directory.make_address_public(location_id=location_id, by=request.actor, at=clock.now())
        messages.success(request, _("The address of %(place)s is public now.") % {"place": place.name})
    except FingerpostError as refusal:
        messages.error(request, " ".join(sentences(refusal)))
    return HttpResponseRedirect(reverse("staff:addresses_kept_back"))


@require_POST
@for_those_who(Permission.IMPORT_DIRECTORY)
def keep_address_secret(request: StaffRequest, location_id: UUID) -> HttpResponse:
    """Put the address of a place away, now and whenever its source says it again."""
    try:
        directory.keep_address_secret(location_id=location_id, by=request.actor, at=clock.now())
        messages.success(request, _("This address is kept secret, also when its source says it again."))
    except FingerpostError as refusal:
        messages.error(request, " ".join(sentences(refusal)))
    return HttpResponseRedirect(reverse("staff:addresses_kept_back"))
