"""Putting things right: wrong person or double entry, details, a death. Each says what is kept."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from fingerpost.codes.pathway import EventKind, Owner, reasons_after
from fingerpost.kernel import clock
from fingerpost.kernel.errors import Conflict, FingerpostError, NotAllowed
from fingerpost.web.casework import api as casework
from fingerpost.web.casework.api import Case, CaseStatus
from fingerpost.web.feedback import api as feedback
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pages import forms
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.pages.words import as_words
from fingerpost.web.people import api as people
from fingerpost.web.people.api import Person
from fingerpost.web.staff.practice.wording import identifiers_in_words
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme.case_frame import (
    back_to_person,
    identity,
    open_case,
    record_seen,
    render_case,
)
from fingerpost.web.staff.scheme.closing_forms import DeathForm
from fingerpost.web.staff.scheme.details_form import DetailsForm
from fingerpost.web.tenancy.api import Permission

DIED = "died"


class MistakeForm(forms.PageForm):
    reason = forms.ChoiceField(
        label=gettext_lazy("What happened?"),
        use="kept with the case and its referral",
        missing=gettext_lazy("Say what happened"),
        legend_size="m",
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = reasons_after(EventKind.ACCEPTED, on=clock.today(), owners=[Owner.RECORD])
        self.offer("reason", [(one.code, as_words(one.label)) for one in offered])


@require_safe
@for_those_who(Permission.CORRECT_RECORDS)
def put_right(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """What can be put right here, and what is kept of it."""
    case = open_case(request, case_id, page="put something right")
    context = {
        "title": _("Put something right"),
        "back": back_to_person(case),
        "is_open": case.status == CaseStatus.OPEN,
        "may_seal": people.can_seal(request.actor),
        "may_mark": casework.can_correct(request.actor, case) and case.status != CaseStatus.ENTERED_IN_ERROR,
    }
    return render_case(request, "put_right", case, context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.CORRECT_RECORDS)
def case_mistake(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Wrong person or the same referral twice: the case and its referral should never have been."""
    case, at = open_case(request, case_id, page="mark a case as a mistake"), clock.now()
    form = MistakeForm(request.POST if request.method == "POST" else None)

    def perform() -> str:
        feedback.mark_case_entered_in_error(
            case=case, reason=form.cleaned_data["reason"], by=request.actor, at=at
        )
        messages.success(request, _("Marked as a mistake. It stays in the record and counts nowhere."))
        return reverse("staff:case", args=[case.id])

    if request.method == "POST" and form.is_valid():
        try:
            return once(form, by=request.actor, at=at, perform=perform)
        except FingerpostError as refusal:
            form.refuse(refusal)
    context = {
        "title": _("Wrong person, or the same twice"),
        "back": NavLink(_("Back"), reverse("staff:put_right", args=[case.id])),
        "form": form,
        "fields": ["reason"],
        "button": _("Mark as a mistake"),
        "explanation": _(
            "For a case that should never have been. The case, its referral and its connections are marked as "
            "entered in error; links that were sent stop working. All of it is kept, with who marked it and when, "
            "and counts nowhere. This cannot be undone."
        ),
    }
    return render_case(request, "decide", case, context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.CORRECT_RECORDS)
def correct_details(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Name, birth date, ways of contact. Two who write at once lose nothing."""
    person, at = _person_of_ours(request.actor, person_id), clock.now()
    if request.method != "POST":
        return _details_page(request, person, DetailsForm.of(person))
    form = DetailsForm(request.POST)

    def perform() -> str:
        people.correct_person(
            person=person,
            details=form.to_details(person),
            version=form.version_seen(),
            by=request.actor,
            at=at,
        )
        messages.success(request, _("The details are saved. What stood there before is kept in the history."))
        return reverse("staff:person", args=[person.id])

    if form.is_valid():
        try:
            return once(form, by=request.actor, at=at, perform=perform)
        except Conflict as refusal:
            rows = form.conflict_rows(refusal)
            return _details_page(
                request, person, DetailsForm.again(request.POST, person, refusal), refusal=refusal, rows=rows
            )
        except FingerpostError as refusal:
            form.refuse(refusal)
    return _details_page(request, person, form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.CORRECT_RECORDS)
def record_death(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """They have died: it stands on the record, the work and its connections end, the practice is told."""
    case, at = open_case(request, case_id, page="record a death"), clock.now()
    person = case.person
    form = DeathForm(
        request.POST if request.method == "POST" else None,
        born=person.birth_date,
        initial={"told": _first_words(case), "died_on": person.died_on},
    )

    def perform() -> str:
        with transaction.atomic():
            people.record_death(person=person, died_on=form.cleaned_data["died_on"], by=request.actor, at=at)
            if case.status == CaseStatus.OPEN:
                feedback.close(
                    case=case, reason=DIED, story="", told=form.cleaned_data["told"], by=request.actor, at=at
                )
        messages.success(
            request, _("Recorded. The work has ended, and nobody will be asked to ring or write.")
        )
        return reverse("staff:case", args=[case.id])

    if request.method == "POST" and form.is_valid():
        try:
            return once(form, by=request.actor, at=at, perform=perform)
        except FingerpostError as refusal:
            form.refuse(refusal)
    context = {
        "title": _("Record a death"),
        "back": NavLink(_("Back"), reverse("staff:put_right", args=[case.id])),
        "form": form,
        "fields": ["died_on", "told"],
        "button": _("Record it and end the work"),
        "explanation": _(
            "The day stands on their record. The work ends, groups that were waiting are told that nobody is coming, "
            "and the practice reads your words. Everything that was done stays in the record."
        ),
    }
    return render_case(request, "decide", case, context)


def _person_of_ours(actor: Actor, person_id: UUID) -> Person:
    """A person whom the actor's scheme works or worked with; a practice's own people are not corrected here."""
    person = people.person(actor, person_id=person_id)
    if not people.can_correct(actor, person):
        raise NotAllowed(_("This record is already marked as a mistake."), reason="already_marked")
    return person


def _first_words(case: Case) -> str:
    return _("We are sorry to tell you that %(name)s has died. Our work with them has ended.") % {
        "name": case.person.full_name
    }


def _details_page(
    request: StaffRequest,
    person: Person,
    form: DetailsForm,
    *,
    refusal: Conflict | None = None,
    rows: list[tuple[str, str, str]] | None = None,
) -> HttpResponse:
    record_seen(request.actor, person, page="correct details")
    context = {
        "title": _("Correct their details"),
        "back": NavLink(
            _("Back to %(name)s") % {"name": person.called}, reverse("staff:person", args=[person.id])
        ),
        "form": form,
        "conflict_text": forms.conflict_notice(refusal) if refusal else "",
        "conflict_rows": rows or [],
        "identifiers": identifiers_in_words(request.actor, person),
    }
    return render(request, "staff/scheme/correct_details.html", identity(request.actor, person) | context)
