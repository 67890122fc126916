"""The computers from which a practice refers without signing in: list, set up, forget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fingerpost.kernel import clock
from fingerpost.web.foundation import links
from fingerpost.web.foundation.models import SignedLink
from fingerpost.web.pages import words
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Permission


@dataclass(frozen=True)
class Waiting:
    """A practice link that was not opened yet, with what its maker reads out."""

    id: UUID
    address: str
    code: str
    until: str


@dataclass(frozen=True)
class Remembered:
    """A computer as the list shows it."""

    id: UUID
    name: str
    since: str
    until: str
    works: bool


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.SET_UP_DEVICES)
def devices(request: StaffRequest) -> HttpResponse:
    """What is remembered; a press makes a practice link, shown here with its code until it is used."""
    at = clock.now()
    if request.method == "POST":
        tenancy.make_practice_link(by=request.actor, at=at)
        return HttpResponseRedirect(reverse("staff:devices"))
    context = {
        "title": _("Refer without signing in"),
        "practice": tenancy.organisation(organisation_id=request.actor.organisation_id),  # type: ignore[arg-type]
        "waiting": _waiting(request, at),
        "remembered": [
            remembered(one, at) for one in tenancy.live_links(request.actor, purpose=tenancy.DEVICE, at=at)
        ],
    }
    return render(request, "staff/practice/devices.html", context)


@require_POST
@for_those_who(Permission.SET_UP_DEVICES)
def end_device(request: StaffRequest, link_id: UUID) -> HttpResponse:
    """Forget a computer, or take back a link: from the next press on it refers nobody."""
    tenancy.end_device(link_id=link_id, by=request.actor, at=clock.now())
    messages.success(request, _("Forgotten: nobody refers from it any more without signing in."))
    return HttpResponseRedirect(reverse("staff:devices"))


def _waiting(request: StaffRequest, at: datetime) -> list[Waiting]:
    return [
        Waiting(
            one.id,
            links.absolute(reverse("staff:set_up_desk", kwargs={"token": links.token_of(one)})),
            _in_two(tenancy.code_of(one)),
            words.moment(one.expires_at),
        )
        for one in tenancy.live_links(request.actor, purpose=tenancy.PRACTICE_LINK, at=at)
    ]


def remembered(one: SignedLink, at: datetime) -> Remembered:
    """A computer as a list shows it, and whether it still works."""
    return Remembered(
        one.id,
        one.holder_label,
        words.day(one.issued_at),
        words.day(one.expires_at),
        tenancy.is_answered_for(one, at=at),
    )


def _in_two(code: str) -> str:
    return f"{code[:4]} {code[4:]}"
