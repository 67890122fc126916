"""Opening a record in an emergency: who is meant and why, what stands open, and closing it again."""

from __future__ import annotations

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError
from fingerpost.kernel.ids import new_id
from fingerpost.web.audit import api as audit
from fingerpost.web.pages import forms, words
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.people import api as people
from fingerpost.web.people.api import EmergencyOutcome, EmergencyReason
from fingerpost.web.staff.practice.wording import identifiers_in_words
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme.case_frame import identity
from fingerpost.web.staff.seeking import SoughtForm
from fingerpost.web.tenancy.api import Permission

# What the access log calls them; the list of who looked knows an emergency by it.
OPENED_PAGE = "open a record in an emergency"
READ_PAGE = "record opened in an emergency"


class EmergencyForm(SoughtForm):
    reason_kind = forms.ChoiceField(
        label=gettext_lazy("What kind of emergency is it?"),
        use="the information governance lead reviews it",
        missing=gettext_lazy("Say what kind of emergency it is"),
        choices=EmergencyReason.choices,
    )
    reason = forms.LongTextField(
        label=gettext_lazy("What has happened, and why can it not wait?"),
        use="the information governance lead reviews it, and the person may ask to read it",
        missing=gettext_lazy("Say what has happened and why it cannot wait"),
        rows=4,
        max_length=1000,
    )
    submission = forms.SubmissionKeyField()

    def to_sought(self) -> people.Sought:
        """Only after `is_valid()`."""
        given = self.cleaned_data
        return people.Sought(
            identifier=self.identifier,
            given_name=given["given_name"] or "",
            family_name=given["family_name"] or "",
            birth_date=given["birth_date"],
        )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.OPEN_IN_EMERGENCY)
@reauthentication_required
def emergency(request: StaffRequest) -> HttpResponse:
    """Asked for by whoever has only just proved who they are; what they ask is written down, found or not."""
    form, at = EmergencyForm(request.POST if request.method == "POST" else None), clock.now()

    def perform() -> str:
        outcome, opening_id = people.open_in_emergency(
            sought=form.to_sought(),
            reason_kind=form.cleaned_data["reason_kind"],
            reason=form.cleaned_data["reason"],
            page=OPENED_PAGE,
            by=request.actor,
            at=at,
        )
        if outcome == EmergencyOutcome.OPENED:
            return reverse("staff:emergency_record", args=[opening_id])
        return f"{reverse('staff:emergency')}#{outcome}"

    if request.method == "POST" and form.is_valid():
        try:
            done = once(form, by=request.actor, at=at, perform=perform)
            missed = done.url.partition("#")[2]
            if not missed:
                return done
            form = _once_more(request, EmergencyOutcome(missed))
        except FingerpostError as refusal:
            form.refuse(refusal)
    context = {
        "title": _("Open a record in an emergency"),
        "back": NavLink(_("Find a person"), reverse("staff:find_person")),
        "form": form,
    }
    return render(request, "staff/scheme/emergency.html", context)


def _once_more(request: StaffRequest, outcome: EmergencyOutcome) -> EmergencyForm:
    """What was typed, to be put right: nobody writes a reason twice while somebody is in danger."""
    typed = request.POST.copy()
    typed["submission"] = str(new_id())
    form = EmergencyForm(typed)
    form.add_error(None, _not_opened(outcome))
    return form


@never_cache
@require_safe
@for_those_who(Permission.OPEN_IN_EMERGENCY)
def emergency_record(request: StaffRequest, opening_id: UUID) -> HttpResponse:
    """Who they are, how they may be reached, and whom to ring. Nothing here changes anything."""
    opening = people.opening(request.actor, opening_id=opening_id)
    person = opening.person
    assert person is not None, "an opening without a person is not found"
    audit.record_view(
        actor=request.actor,
        person_id=person.id,
        label=person.full_name,
        page=READ_PAGE,
        reason=opening.reason,
    )
    context = {
        **identity(request.actor, person),
        "title": person.full_name,
        "back": NavLink(_("Find a person"), reverse("staff:find_person")),
        "opening": opening,
        "until": words.moment(opening.ends_at),
        "identifiers": identifiers_in_words(request.actor, person),
        "at_work": people.at_work_with(request.actor, person_id=person.id),
    }
    return render(request, "staff/scheme/emergency_record.html", context)


@require_POST
@for_those_who(Permission.OPEN_IN_EMERGENCY)
def close_emergency(request: StaffRequest, opening_id: UUID) -> HttpResponse:
    people.close_emergency(opening_id=opening_id, by=request.actor)
    messages.success(request, _("The record is closed to you again. What you wrote is kept for the lead."))
    return HttpResponseRedirect(reverse("staff:emergency"))


def _not_opened(outcome: EmergencyOutcome) -> str:
    if outcome == EmergencyOutcome.TOO_MANY:
        return _(
            "Nothing was opened: you have asked too often in one day, and the information governance lead is told. "
            "Ring the person's practice, or 999 if somebody is in danger."
        )
    return _(
        "Nothing was opened. Nobody is known by exactly these details, or the record is not opened this way. Check the "
        "number, the spelling and the date of birth, or ring the person's practice."
    )
