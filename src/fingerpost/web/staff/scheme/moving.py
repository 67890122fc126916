"""A person has moved to another practice: the old one closes, the new one opens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError
from fingerpost.web.pages import forms
from fingerpost.web.pages.submission import once
from fingerpost.web.people import api as people
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme.case_frame import identity, record_seen
from fingerpost.web.staff.scheme.reaching import back_to, page_of
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import OrganisationKind, Permission


class PracticeForm(forms.PageForm):
    practice = forms.SelectField(
        label=gettext_lazy("Their practice now"),
        use="the practice that is told what came of the work, and sees who they are",
        missing=gettext_lazy("Choose the practice"),
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, but: UUID | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [one for one in tenancy.organisations(kind=OrganisationKind.PRACTICE) if one.id != but]
        self.offer("practice", [(str(one.id), one.name) for one in found])


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.CORRECT_RECORDS)
def change_practice(request: StaffRequest, person_id: UUID) -> HttpResponse:
    person, at = people.person(request.actor, person_id=person_id), clock.now()
    record_seen(request.actor, person, page="change of practice")
    form = PracticeForm(request.POST if request.method == "POST" else None, but=person.practice_id)

    def perform() -> str:
        held = people.change_practice(
            person=person, practice_id=UUID(form.cleaned_data["practice"]), by=request.actor, at=at
        )
        name = held.practice.name if held.practice else ""
        messages.success(
            request,
            _("%(practice)s is their practice now. The old one sees nothing of them any more.")
            % {"practice": name},
        )
        return page_of(request.actor, person)

    if request.method == "POST" and form.is_valid():
        try:
            return once(form, by=request.actor, at=at, perform=perform)
        except FingerpostError as refusal:
            form.refuse(refusal)
    practice = person.practice.name if person.practice else _("none that we know of")
    context = {
        "title": _("They have moved to another practice"),
        "back": back_to(request.actor, person),
        "form": form,
        "fields": ["practice"],
        "button": _("Save the new practice"),
        "explanation": _(
            "Their practice so far: %(practice)s. It stops seeing them at once, its own referral included; the new one "
            "sees who they are, and nothing of the work. Your work with them goes on."
        )
        % {"practice": practice},
    }
    return render(request, "staff/scheme/decide.html", identity(request.actor, person) | context)
