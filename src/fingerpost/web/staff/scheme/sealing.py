"""Seals: a record, or one conversation, that only named colleagues of the scheme go on seeing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError
from fingerpost.web.casework import api as casework
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pages import forms
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.people import api as people
from fingerpost.web.people.api import Person
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme.case_frame import (
    back_to_person,
    identity,
    open_case,
    record_seen,
    render_case,
)
from fingerpost.web.staff.scheme.reaching import back_to
from fingerpost.web.staff.scheme.sharing_out import Worker, workers
from fingerpost.web.tenancy.api import Permission


class SealForm(forms.PageForm):
    """Who goes on seeing it, and why."""

    named = forms.ChoicesField(
        label=gettext_lazy("Who goes on seeing it?"),
        use="nobody else of your scheme finds it, neither in lists nor by its address",
        missing=gettext_lazy("Choose at least one colleague"),
        legend_size="m",
    )
    reason = forms.LongTextField(
        label=gettext_lazy("Why is it sealed?"),
        use="read by those you name, and kept; the person may ask to read it",
        missing=gettext_lazy("Say in a few words what the person asked for"),
        rows=3,
        max_length=500,
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, team: list[Worker], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("named", [(str(one.id), one.name) for one in team])

    def named_accounts(self) -> set[UUID]:
        """Only after `is_valid()`."""
        return {UUID(one) for one in self.cleaned_data["named"]}


class LiftForm(forms.PageForm):
    reason = forms.LongTextField(
        label=gettext_lazy("Why is it opened?"),
        use="kept in the history; the person may ask to read it",
        missing=gettext_lazy("Say in a few words why it is opened"),
        rows=3,
        max_length=500,
    )
    submission = forms.SubmissionKeyField()


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.HOLD_CASES)
def seal_person(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """The whole record: also out of lists, searches and messages to colleagues who are not named."""
    person, at = people.person(request.actor, person_id=person_id), clock.now()
    record_seen(request.actor, person, page="seal a record")
    form = _form(request, person)

    def perform() -> str:
        people.seal_person(
            person=person,
            named=form.named_accounts(),
            reason=form.cleaned_data["reason"],
            by=request.actor,
            at=at,
        )
        messages.success(request, _("Sealed. Only those you named see this record now."))
        return _after_sealing(request.actor, form, reverse("staff:person", args=[person.id]))

    if request.method == "POST" and form.is_valid():
        try:
            return once(form, by=request.actor, at=at, perform=perform)
        except FingerpostError as refusal:
            form.refuse(refusal)
    context = {
        "title": _("Seal this record"),
        "back": back_to(request.actor, person),
        "form": form,
        "fields": ["named", "reason"],
        "button": _("Seal the record"),
        "explanation": _(
            "For somebody whom a colleague must not find: a neighbour, a relative, a former partner who works "
            "here. The record leaves every list and search of those you do not name. The practice that referred them "
            "goes on seeing its own referral. A team lead can open the seal, and must say why."
        ),
    }
    return render(request, "staff/scheme/decide.html", identity(request.actor, person) | context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.HOLD_CASES)
def seal_contact(request: StaffRequest, contact_id: UUID) -> HttpResponse:
    """One conversation; the rest of the record stays as it was."""
    contact, at = casework.contact(request.actor, contact_id=contact_id), clock.now()
    case = open_case(request, contact.case_id, page="seal a contact")
    form = _form(request, case.person, worker_id=case.worker_id)

    def perform() -> str:
        casework.seal_contact(
            contact=contact,
            named=form.named_accounts(),
            reason=form.cleaned_data["reason"],
            by=request.actor,
            at=at,
        )
        messages.success(request, _("Sealed. Only those you named read this conversation now."))
        return reverse("staff:case", args=[case.id])

    if request.method == "POST" and form.is_valid():
        try:
            return once(form, by=request.actor, at=at, perform=perform)
        except FingerpostError as refusal:
            form.refuse(refusal)
    context = {
        "title": _("Seal this conversation"),
        "back": back_to_person(case),
        "form": form,
        "fields": ["named", "reason"],
        "button": _("Seal the conversation"),
        "explanation": _(
            "Colleagues whom you do not name see on the timeline that something is sealed, and nothing of it. "
            "%(how)s, %(minutes)s minutes, logged by %(who)s."
        )
        % {"how": contact.get_mode_display(), "minutes": contact.minutes, "who": contact.logged_by_name},
    }
    return render_case(request, "decide", case, context)


@require_safe
@for_those_who(Permission.HOLD_CASES)
def sealed(request: StaffRequest) -> HttpResponse:
    """That something is sealed here, since when and by whom; not about whom, and not why."""
    context = {
        "title": _("What is sealed here"),
        "back": NavLink(_("Back to today"), reverse("staff:today")),
        "seals": people.seals_here(request.actor),
    }
    return render(request, "staff/scheme/sealed.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.HOLD_CASES)
def lift_seal(request: StaffRequest, seal_id: UUID) -> HttpResponse:
    """Open a seal. Those whom it names may, and a team lead; both say why."""
    thing, at = people.sealed_thing(request.actor, seal_id=seal_id), clock.now()
    form = LiftForm(request.POST if request.method == "POST" else None)

    def perform() -> str:
        people.lift_seal(seal_id=thing.id, reason=form.cleaned_data["reason"], by=request.actor, at=at)
        messages.success(request, _("Opened. Everybody of the scheme sees it as before; the reason is kept."))
        return reverse("staff:sealed")

    if request.method == "POST" and form.is_valid():
        try:
            return once(form, by=request.actor, at=at, perform=perform)
        except FingerpostError as refusal:
            form.refuse(refusal)
    context = {
        "title": _("Open a seal"),
        "back": NavLink(_("What is sealed here"), reverse("staff:sealed")),
        "seal": thing,
        "form": form,
        "may_lift": people.can_lift(request.actor, thing),
    }
    return render(request, "staff/scheme/lift_seal.html", context)


def _form(request: StaffRequest, person: Person, *, worker_id: UUID | None = None) -> SealForm:
    """Those who see it by their work are ticked already: oneself, and whoever has the case."""
    held = {worker_id} if worker_id else _workers_of(request.actor, person)
    return SealForm(
        request.POST if request.method == "POST" else None,
        team=workers(request.actor, at=clock.now()),
        initial={"named": [str(one) for one in {request.actor.user_id, *held} if one]},
    )


def _workers_of(actor: Actor, person: Person) -> set[UUID]:
    found = casework.cases_of_person(actor, person_id=person.id)
    return {one.worker_id for one in found if one.worker_id and one.scheme_id in actor.organisation_ids}


def _after_sealing(actor: Actor, form: SealForm, page: str) -> str:
    """Whoever left themselves out does not see the record any more."""
    return page if actor.user_id in form.named_accounts() else reverse("staff:sealed")
