"""Asking how life feels: all the questions of an instrument on one page, each answered or left out by choice."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from fingerpost.instruments import Instrument, instrument
from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError
from fingerpost.kernel.london import LONDON, to_london
from fingerpost.web.casework.api import Case
from fingerpost.web.measures import api as measures
from fingerpost.web.measures.api import AnsweredHow, Occasion, OccasionKind
from fingerpost.web.pages import forms
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme.case_frame import back_to_person, case_to_work_on, open_case, render_case
from fingerpost.web.staff.scheme.measure_words import ONS4, charts, results
from fingerpost.web.tenancy.api import Permission

SKIP = "skip"


class MeasureForm(forms.PageForm):
    """When and how it was asked, then one answer to each question."""

    kind = forms.ChoiceField(
        label=gettext_lazy("When in your work together?"),
        use="the first and the last are compared",
        missing=gettext_lazy("Say when in your work together this is asked"),
        choices=[(kind.value, kind.label) for kind in OccasionKind],
        inline=True,
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("How did they answer?"),
        use="answers given alone and read out do not compare well",
        missing=gettext_lazy("Say how they answered"),
        choices=[(how.value, how.label) for how in AnsweredHow],
    )
    taken_on = forms.DateField(
        label=gettext_lazy("On which day, if not today?"), use="place on the chart", required=False
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, asked: Instrument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        self.fields["taken_on"].latest = clock.today()  # type: ignore[attr-defined]
        self._ask(asked)
        # Faults are told in the order of the page: the questions come first.
        self.order_fields([item.id for item in asked.items])

    def _ask(self, asked: Instrument) -> None:
        for item in asked.items:
            answers = [(str(value), str(value)) for value in item.answers]
            self.fields[item.id] = forms.ChoiceField(
                label=item.text,
                use="shows how the person feels over time",
                choices=[*answers, (SKIP, SKIP)],
                missing=_("Answer “%(question)s”, or say that they would rather not")
                % {"question": item.short},
            )

    def answers(self) -> dict[str, int | None]:
        """Answer by question, None where they would rather not; only after `is_valid()`."""
        given = {item.id: self.cleaned_data[item.id] for item in self.asked.items}
        return {name: None if value == SKIP else int(value) for name, value in given.items()}

    def taken_at(self, case: Case, *, at: datetime) -> datetime:
        """Midday of the day that was typed, within the time of the case; this moment without one."""
        day = self.cleaned_data["taken_on"]
        if day is None or day == to_london(at).date():
            return at
        midday = datetime.combine(day, time(12), tzinfo=LONDON)
        same_day = to_london(case.opened_at).date() == day
        return max(midday, case.opened_at) if same_day else midday


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.HOLD_CASES)
def measure(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """The four questions."""
    case, at = case_to_work_on(request, case_id, page="ask how life feels"), clock.now()
    asked = instrument(ONS4)
    first = measures.latest(request.actor, case_id=case.id, instrument_id=ONS4, kind=OccasionKind.BASELINE)
    form = MeasureForm(
        request.POST if request.method == "POST" else None,
        asked=asked,
        initial={"kind": OccasionKind.REVIEW if first else OccasionKind.BASELINE},
    )

    def perform() -> str:
        taken = measures.take(
            case=case,
            instrument_id=asked.id,
            kind=form.cleaned_data["kind"],
            answers=form.answers(),
            mode=form.cleaned_data["mode"],
            taken_at=form.taken_at(case, at=at),
            by=request.actor,
            at=at,
        )
        messages.success(request, _("The answers are saved."))
        return reverse("staff:occasion", args=[taken.id])

    if request.method == "POST" and form.is_valid():
        try:
            return once(form, by=request.actor, at=at, perform=perform)
        except FingerpostError as refusal:
            form.refuse(refusal)
    context = {
        "title": _("How life feels"),
        "back": back_to_person(case),
        "form": form,
        "asked": asked,
        "answered": {item.id: form[item.id].value() or "" for item in asked.items},
        "faults": {
            item.id: " ".join(map(str, form[item.id].errors)) if form.is_bound else "" for item in asked.items
        },
        "notices": [],
    }
    return render_case(request, "measure", case, context)


@require_safe
@for_those_who(Permission.HOLD_CASES)
def occasion(request: StaffRequest, occasion_id: UUID) -> HttpResponse:
    """What was answered, question by question, and how it stands to the first time."""
    found, case = _own(request, occasion_id, page="answers")
    every = measures.occasions_of(request.actor, case_id=case.id)
    asked = instrument(found.instrument_id, version=found.instrument_version)
    context = {
        "title": _("How life feels"),
        "back": back_to_person(case),
        "occasion": found,
        "results": results(asked.items, found, _first(every, found)),
        "charts": charts(every),
        "citation": asked.citation,
        "may_correct": measures.can_mark_error(request.actor, found) and not found.entered_in_error_at,
    }
    return render_case(request, "occasion", case, context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.CORRECT_RECORDS)
def occasion_mistake(request: StaffRequest, occasion_id: UUID) -> HttpResponse:
    """Answered for the wrong person, or written down twice."""
    found, case = _own(request, occasion_id, page="mark answers as a mistake")
    if request.method == "POST":
        measures.mark_entered_in_error(occasion=found, by=request.actor, at=clock.now())
        messages.success(request, _("The answers are marked as a mistake. They count nowhere."))
        return HttpResponseRedirect(reverse("staff:case", args=[case.id]))
    context = {
        "title": _("Mark the answers as a mistake"),
        "back": NavLink(_("Back to the answers"), reverse("staff:occasion", args=[found.id])),
        "question": _("Answered %(when)s, written down by %(who)s.")
        % {"when": found.get_kind_display(), "who": found.taken_by_name},
        "quote": "",
        "explanation": _(
            "For answers of somebody else, or written down twice. They are kept, struck through, with who marked "
            "them and when, and leave every chart. This cannot be undone."
        ),
        "button": _("Mark as a mistake"),
    }
    return render_case(request, "confirm", case, context)


def _own(request: StaffRequest, occasion_id: UUID, *, page: str) -> tuple[Occasion, Case]:
    found = measures.occasion(request.actor, occasion_id=occasion_id)
    return found, open_case(request, found.case_id, page=page)


def _first(every: list[Occasion], shown: Occasion) -> Occasion | None:
    """The earliest standing occasion of the same version, when it is not the one shown."""
    same = [
        one
        for one in every
        if (one.instrument_id, one.instrument_version) == (shown.instrument_id, shown.instrument_version)
    ]
    earliest = min(same, key=lambda one: (one.taken_at, one.id), default=None)
    return earliest if earliest is not None and earliest.id != shown.id else None
