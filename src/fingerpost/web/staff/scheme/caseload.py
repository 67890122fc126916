"""Open cases by worker, and giving a case to somebody."""

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
from fingerpost.web.audit import api as audit
from fingerpost.web.casework import api as casework
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pages import forms
from fingerpost.web.pages.listing import Column, Listing
from fingerpost.web.pages.submission import once
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme.case_frame import back_to_person, open_case, render_case
from fingerpost.web.staff.scheme.queue import queue_links
from fingerpost.web.staff.scheme.sharing_out import Worker, workers
from fingerpost.web.tenancy.api import Permission

NOBODY = "nobody"


class WorkerFilter(forms.FilterForm):
    worker = forms.SelectField(
        label=gettext_lazy("Link worker"), use="narrows the list", empty=gettext_lazy("Everybody")
    )

    def __init__(self, *args: Any, team: list[Worker], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(one.id), one.name) for one in team]
        self.offer("worker", [*offered, (NOBODY, _("Nobody yet"))])


class AssignForm(forms.PageForm):
    worker = forms.ChoiceField(
        label=gettext_lazy("Who will work with them?"),
        use="it moves to that worker's list at once",
        missing=gettext_lazy("Choose who will work with them"),
        legend_size="m",
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, team: list[Worker], now: UUID | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ordered = sorted(team, key=lambda one: (one.leads, one.open_cases, one.name))
        offered = [forms.Choice(str(one.id), one.name, hint=one.load) for one in ordered if one.id != now]
        self.offer("worker", offered)


@require_safe
@for_those_who(Permission.HOLD_CASES)
def caseload(request: StaffRequest) -> HttpResponse:
    """A lead sees everybody's open cases with their number; a link worker their own."""
    actor = request.actor
    team = workers(actor, at=clock.now()) if actor.has(Permission.ASSIGN) else []
    listing = Listing(
        request,
        columns=[
            Column(
                "person", gettext_lazy("Person"), order=("person__family_name", "person__given_name", "id")
            ),
            Column("worker", gettext_lazy("Link worker"), order=("worker__name", "opened_at", "id")),
            Column("next", gettext_lazy("Next step"), order=("next_step_on", "opened_at", "id")),
            Column("open", gettext_lazy("Open for"), order=("opened_at", "id"), numeric=True),
        ],
        default_sort="next",
        filters=WorkerFilter(request.GET, team=team) if team else None,
    )
    page = listing.page(_cases(actor, **listing.chosen).order_by(*listing.order))
    audit.record_list(actor=actor, person_ids=[row.person_id for row in page.rows], page="open cases")
    context = {
        "title": _("Open cases") if team else _("My open cases"),
        "listing": listing,
        "page": page,
        "team": team,
        "last": casework.last_contacts(actor, case_ids=[row.id for row in page.rows]),
        "may_assign": actor.has(Permission.ASSIGN),
        "subnavigation": queue_links(actor, here="staff:caseload") if actor.has(Permission.SEE_QUEUE) else [],
        "today": clock.today(),
    }
    return render(request, "staff/scheme/caseload.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.ASSIGN)
def assign(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Give a case to a worker, or to another one. What was done so far stays with the case."""
    case, at = open_case(request, case_id, page="give a case to a worker"), clock.now()
    form = AssignForm(
        request.POST if request.method == "POST" else None,
        team=workers(request.actor, at=at),
        now=case.worker_id,
    )

    def perform() -> str:
        held = casework.assign(
            case=case, worker_id=UUID(form.cleaned_data["worker"]), by=request.actor, at=at
        )
        said = _("%(worker)s now has the case of %(name)s.")
        worker = held.worker.name if held.worker else ""
        messages.success(request, said % {"worker": worker, "name": case.person.full_name})
        return reverse("staff:case", args=[case.id])

    if request.method == "POST" and form.is_valid():
        try:
            return once(form, by=request.actor, at=at, perform=perform)
        except FingerpostError as refusal:
            form.refuse(refusal)
    context = {
        "title": _("Give the case to someone else") if case.worker else _("Give the case to someone"),
        "back": back_to_person(case),
        "form": form,
        "button": _("Give it to them"),
        "explanation": _(
            "It is on their Today page at once. Everything that was done and said stays with the case."
        ),
        "fields": ["worker"],
        "subnavigation": [],
    }
    return render_case(request, "decide", case, context)


def _cases(actor: Actor, *, worker: str = "") -> Any:
    if not actor.has(Permission.SEE_ALL_CASES):
        return casework.open_cases(actor, worker_id=actor.user_id)
    if worker == NOBODY:
        return casework.without_worker(actor)
    return casework.open_cases(actor, worker_id=UUID(worker) if worker else None)
