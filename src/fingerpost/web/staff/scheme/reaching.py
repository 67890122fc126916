"""How a person must not be contacted: what they asked for, since when, and who may take it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError, NotFound
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pages import forms
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.people import api as people
from fingerpost.web.people.api import ConditionKind, Person
from fingerpost.web.staff.practice.wording import condition_in_words
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme.case_frame import identity, record_seen
from fingerpost.web.staff.scheme.sharing_out import Worker, workers
from fingerpost.web.tenancy.api import Permission

_REVEALS = {
    ConditionKind.ADDRESS: ("address",),
    ConditionKind.WORKER: ("worker",),
    ConditionKind.NOT_BEFORE: ("not_before",),
}


class ConditionForm(forms.PageForm):
    """One thing that must not be done, and why."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What must not be done?"),
        use="stands in red on every page about them, and holds back what is sent",
        missing=gettext_lazy("Say what must not be done"),
        choices=[forms.Choice(one.value, one.label, reveals=_REVEALS.get(one, ())) for one in ConditionKind],
    )
    address = forms.TextField(
        label=gettext_lazy("Which number or address?"),
        use="nothing is sent to it",
        missing=gettext_lazy("Type the number or address that must not be used"),
        max_length=254,
    )
    worker = forms.SelectField(
        label=gettext_lazy("Who may get in touch?"),
        use="nobody else may write to them",
        missing=gettext_lazy("Choose who may get in touch"),
    )
    not_before = forms.DateField(
        label=gettext_lazy("From which day on may they be contacted again?"),
        use="until then nothing is sent",
        missing=gettext_lazy("Type the day"),
    )
    reason = forms.LongTextField(
        label=gettext_lazy("Why? In their words, if you can"),
        use="colleagues understand what is at stake; the person may ask to read it",
        missing=gettext_lazy("Say why, as the person said it"),
        rows=3,
        max_length=500,
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, team: list[Worker], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = {str(one.id): one.name for one in team}
        self.offer("worker", list(self.names.items()))

    def to_condition(self) -> people.NewCondition:
        """Only after `is_valid()`."""
        given = self.cleaned_data
        return people.NewCondition(
            kind=given["kind"],
            reason=given["reason"],
            address=given["address"] or "",
            worker_id=UUID(given["worker"]) if given["worker"] else None,
            worker_name=self.names.get(given["worker"] or "", ""),
            not_before=given["not_before"],
        )


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.CORRECT_RECORDS)
def conditions(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """What holds now, and one more."""
    person, at = people.person(request.actor, person_id=person_id), clock.now()
    record_seen(request.actor, person, page="how they may be contacted")
    form = ConditionForm(
        request.POST if request.method == "POST" else None, team=workers(request.actor, at=at)
    )

    def perform() -> str:
        people.set_condition(person=person, condition=form.to_condition(), by=request.actor, at=at)
        messages.success(
            request,
            _(
                "Saved. It stands in red on every page about them, and what waits to be sent is held back from now on."
            ),
        )
        return reverse("staff:conditions", args=[person.id])

    if request.method == "POST" and form.is_valid():
        try:
            return once(form, by=request.actor, at=at, perform=perform)
        except FingerpostError as refusal:
            form.refuse(refusal)
    held = people.conditions_of(request.actor, person_id=person.id)
    context = {
        "title": _("How they may be contacted"),
        "back": back_to(request.actor, person),
        "form": form,
        "conditions": [(one, condition_in_words(one)) for one in held],
    }
    return render(request, "staff/scheme/conditions.html", identity(request.actor, person) | context)


@require_POST
@for_those_who(Permission.CORRECT_RECORDS)
def lift_condition(request: StaffRequest, person_id: UUID, condition_id: UUID) -> HttpResponse:
    """They may be contacted this way again. What was set, by whom and until when stays in the history."""
    person = people.person(request.actor, person_id=person_id)
    record_seen(request.actor, person, page="take back a condition")
    held = people.conditions_of(request.actor, person_id=person.id)
    condition = next((one for one in held if one.id == condition_id), None)
    if condition is None:
        raise NotFound(_("This was taken back already."), remedy=_("Look at what holds now."))
    people.lift_condition(condition=condition, by=request.actor, at=clock.now())
    messages.success(
        request, _("Taken back: %(what)s. The history keeps it.") % {"what": condition_in_words(condition)}
    )
    return HttpResponseRedirect(reverse("staff:conditions", args=[person.id]))


def back_to(actor: Actor, person: Person) -> NavLink:
    return NavLink(_("Back to %(name)s") % {"name": person.called}, page_of(actor, person))


def page_of(actor: Actor, person: Person) -> str:
    """Where a person is at home for the actor: a scheme has a page about each, a practice a list."""
    if actor.has(Permission.HOLD_CASES):
        return reverse("staff:person", args=[person.id])
    return reverse("staff:my_referrals")
