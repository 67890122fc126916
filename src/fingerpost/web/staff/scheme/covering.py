"""Cover: another scheme sees and carries on the work while the own workers are away. It ends by itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError
from fingerpost.kernel.london import to_london
from fingerpost.web.audit import api as audit
from fingerpost.web.casework import api as casework
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pages import forms
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.people import api as people
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme.sharing_out import Worker, workers
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Organisation, OrganisationKind, Permission

EVERYBODY = "everybody"


class CoverForm(forms.PageForm):
    """Whose people, by whom, from when to when."""

    worker = forms.SelectField(
        label=gettext_lazy("Whose people?"),
        use="their open cases are what the other scheme sees",
        missing=gettext_lazy("Choose whose people are covered"),
    )
    scheme = forms.SelectField(
        label=gettext_lazy("Which scheme covers for them?"),
        use="its link workers see these cases, log contacts and ring",
        missing=gettext_lazy("Choose the scheme"),
    )
    first_day = forms.DateField(
        label=gettext_lazy("First day"),
        use="from the beginning of this day they see the cases",
        missing=gettext_lazy("Type the first day"),
    )
    last_day = forms.DateField(
        label=gettext_lazy("Last day"),
        use="at the end of this day it is over, by itself",
        missing=gettext_lazy("Type the last day"),
        help_text=gettext_lazy("At most three months"),
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, team: list[Worker], schemes: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        busy = [(str(one.id), f"{one.name}, {one.load}") for one in team if one.open_cases]
        self.offer("worker", [*busy, (EVERYBODY, _("The whole team"))])
        self.offer("scheme", [(str(one.id), one.name) for one in schemes])

    @property
    def worker_id(self) -> UUID | None:
        """None for the whole team; only after `is_valid()`."""
        chosen = self.cleaned_data["worker"]
        return None if chosen == EVERYBODY else UUID(chosen)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.ASSIGN)
def cover(request: StaffRequest) -> HttpResponse:
    """What is covered now or later, and one more."""
    at = clock.now()
    schemes = _other_schemes(request.actor)
    form = CoverForm(
        request.POST if request.method == "POST" else None,
        team=workers(request.actor, at=at),
        schemes=schemes,
    )

    def perform() -> str:
        cases = casework.open_cases(request.actor, worker_id=form.worker_id)
        ids = list(cases.values_list("person_id", flat=True))
        audit.record_list(actor=request.actor, person_ids=ids, page="ask for cover")
        made = people.give_cover(
            person_ids=ids,
            to_scheme_id=UUID(form.cleaned_data["scheme"]),
            first_day=form.cleaned_data["first_day"],
            last_day=form.cleaned_data["last_day"],
            by=request.actor,
            at=at,
        )
        said = ngettext("%(n)s person is covered.", "%(n)s people are covered.", len(made))
        messages.success(request, said % {"n": len(made)})
        return reverse("staff:cover")

    if request.method == "POST" and form.is_valid():
        try:
            return once(form, by=request.actor, at=at, perform=perform)
        except FingerpostError as refusal:
            form.refuse(refusal)
    context = {
        "title": _("Cover by another scheme"),
        "back": NavLink(_("Back to today"), reverse("staff:today")),
        "form": form,
        "covers": _given(request.actor),
        "has_schemes": bool(schemes),
        "sealed": people.sealed_records(request.actor),
    }
    return render(request, "staff/scheme/cover.html", context)


@require_POST
@for_those_who(Permission.ASSIGN)
def end_cover(request: StaffRequest, scheme_id: UUID) -> HttpResponse:
    """The own team is back before the day."""
    people.end_cover(to_scheme_id=scheme_id, by=request.actor, at=clock.now())
    messages.success(request, _("The cover has ended. They see nothing of these people any more."))
    return HttpResponseRedirect(reverse("staff:cover"))


def _last_day(ends: datetime) -> date:
    """It ends at a midnight: the day before is the last."""
    return to_london(ends - timedelta(seconds=1)).date()


def _other_schemes(actor: Actor) -> list[Organisation]:
    found = tenancy.organisations(kind=OrganisationKind.SCHEME)
    return list(found.exclude(id__in=actor.organisation_ids))


def _given(actor: Actor) -> list[dict[str, Any]]:
    """One line for each scheme and span of time, with how many people."""
    counted: dict[tuple[Any, ...], int] = {}
    for one in people.covers_given(actor, at=clock.now()):
        key = (one.organisation, one.starts_at, one.ends_at)
        counted[key] = counted.get(key, 0) + 1
    return [
        {"scheme": scheme, "starts_at": begins, "last_day": _last_day(ends), "people": count}
        for (scheme, begins, ends), count in counted.items()
    ]
