"""What was opened in emergencies: read and reviewed by the information governance lead."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError, NotFound
from fingerpost.web.pages import forms
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.people import api as people
from fingerpost.web.people.api import Emergency, EmergencyFinding
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy.api import Permission

LOOKED_BACK = timedelta(days=365)
PAGE = "emergencies"


class FindingForm(forms.PageForm):
    finding = forms.ChoiceField(
        label=gettext_lazy("What did you find?"),
        use="stands with the opening; the person may ask to read it",
        missing=gettext_lazy("Say what you found"),
        choices=EmergencyFinding.choices,
    )
    note = forms.LongTextField(
        label=gettext_lazy("In words: whom you asked, and what they said"),
        use="stands with the opening; the person may ask to read it",
        missing=gettext_lazy("Say it in words"),
        rows=4,
        max_length=1000,
    )


@never_cache
@require_safe
@for_those_who(Permission.REVIEW_EMERGENCIES)
def emergencies(request: StaffRequest) -> HttpResponse:
    """A year of them, those that wait for a review first."""
    found = _found(request)
    context = {
        "title": _("Opened in emergencies"),
        "waiting": [one for one in found if one.is_to_review],
        "others": [one for one in found if not one.is_to_review],
    }
    return render(request, "staff/administration/emergencies.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.REVIEW_EMERGENCIES)
def review_emergency(request: StaffRequest, opening_id: UUID) -> HttpResponse:
    one = next((each for each in _found(request) if each.id == opening_id), None)
    if one is None:
        raise NotFound(_("There is no such opening in the last year."))
    form = FindingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            people.review_emergency(opening_id=one.id, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Written down. It is kept with the opening."))
            return HttpResponseRedirect(reverse("staff:emergencies"))
        except FingerpostError as refusal:
            form.refuse(refusal)
    context: dict[str, Any] = {
        "title": _("Review an opening"),
        "back": NavLink(_("Opened in emergencies"), reverse("staff:emergencies")),
        "one": one,
        "form": form,
    }
    return render(request, "staff/administration/review_emergency.html", context)


def _found(request: StaffRequest) -> list[Emergency]:
    return people.emergencies(request.actor, since=clock.now() - LOOKED_BACK, page=PAGE)
