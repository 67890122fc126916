"""The computers that an organisation remembers, for whoever administers it: which there are, and an end to any."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fingerpost.kernel import clock
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.staff.practice.devices import Remembered, remembered
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Organisation, Permission


def computers_here(actor: Actor, found: Organisation) -> list[Remembered]:
    """What stands on the page of an organisation."""
    at = clock.now()
    return [remembered(one, at) for one in tenancy.computers_of(actor, organisation_id=found.pk, at=at)]


@require_POST
@for_those_who(Permission.ADMINISTER_ACCOUNTS)
def end_computer(request: StaffRequest, link_id: UUID) -> HttpResponse:
    """Forget a computer, whoever set it up: from the next press on it refers nobody."""
    ended = tenancy.end_computer(link_id=link_id, by=request.actor, at=clock.now())
    messages.success(request, _("The computer is forgotten. It refers nobody any more."))
    return HttpResponseRedirect(reverse("staff:organisation", args=[ended.organisation_id]))
