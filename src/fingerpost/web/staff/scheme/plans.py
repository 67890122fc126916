"""The plan in the person's words, and their goals. Two who write at once lose nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from fingerpost.kernel import clock
from fingerpost.kernel.errors import Conflict, FingerpostError, InvalidValue
from fingerpost.kernel.whole_number import whole_number
from fingerpost.web.casework import api as casework
from fingerpost.web.casework.api import Case, Goal, GoalStatus, Plan
from fingerpost.web.pages import forms
from fingerpost.web.pages.submission import once
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme.case_frame import back_to_person, case_to_work_on, render_case
from fingerpost.web.staff.scheme.wording import GOAL_TONES
from fingerpost.web.tenancy.api import Permission


class PlanForm(forms.PageForm):
    """What matters and what helps; `version` is the plan that the writer saw, 0 for none."""

    what_matters = forms.LongTextField(
        label=gettext_lazy("What matters to them, in their words"),
        use="stands on top of their page; everything is measured by it",
        missing=gettext_lazy("Write what matters, as they said it; a few words are enough"),
        rows=5,
        max_length=4000,
    )
    strengths = forms.LongTextField(
        label=gettext_lazy("Who and what already helps"),
        use="built upon before anything new is looked for",
        required=False,
        rows=3,
        max_length=2000,
    )
    version = forms.VersionField()
    submission = forms.SubmissionKeyField()


class GoalForm(forms.PageForm):
    words = forms.TextField(
        label=gettext_lazy("A goal, as they would say it"),
        use="stands on their page; reached or let go by their own word",
        missing=gettext_lazy("Write the goal as they would say it"),
        max_length=300,
        help_text=gettext_lazy("For example: sing with others again"),
    )
    submission = forms.SubmissionKeyField()


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.HOLD_CASES)
def plan(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Write or change the plan."""
    case, at = case_to_work_on(request, case_id, page="plan"), clock.now()
    if request.method != "POST":
        return _page(request, case)
    form = PlanForm(request.POST)

    def perform() -> str:
        given = form.cleaned_data
        casework.agree_plan(
            case=case,
            what_matters=given["what_matters"],
            strengths=given["strengths"],
            version=_version(given["version"]),
            by=request.actor,
            at=at,
        )
        messages.success(request, _("The plan is saved."))
        return reverse("staff:plan", args=[case.id])

    if form.is_valid():
        try:
            return once(form, by=request.actor, at=at, perform=perform)
        except Conflict as refusal:
            return _page(request, case, form=_with_newer_version(request, case, refusal), conflict=refusal)
        except FingerpostError as refusal:
            form.refuse(refusal)
    return _page(request, case, form=form)


@require_POST
@for_those_who(Permission.HOLD_CASES)
def add_goal(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """One more goal; it needs a plan to belong to."""
    case, at = case_to_work_on(request, case_id, page="set a goal"), clock.now()
    form = GoalForm(request.POST)
    held = casework.plan_of(request.actor, case_id=case.id)

    def perform() -> str:
        if held is None:
            raise InvalidValue(
                _("A goal belongs to a plan, and there is none yet."),
                field="words",
                remedy=_("Write first what matters to them."),
            )
        casework.set_goal(plan=held, words=form.cleaned_data["words"], by=request.actor, at=at)
        messages.success(request, _("The goal is set."))
        return reverse("staff:plan", args=[case.id]) + "#goals"

    if form.is_valid():
        try:
            return once(form, by=request.actor, at=at, perform=perform)
        except FingerpostError as refusal:
            form.refuse(refusal)
    return _page(request, case, goal_form=form)


@require_POST
@for_those_who(Permission.HOLD_CASES)
def move_goal(request: StaffRequest, goal_id: UUID) -> HttpResponse:
    """Say where a goal stands now. Saying the same twice changes nothing."""
    goal = casework.goal(request.actor, goal_id=goal_id)
    case = case_to_work_on(request, goal.plan.case_id, page="move a goal")
    wanted = request.POST.get("to", "")
    if wanted not in GoalStatus.values:
        raise InvalidValue(_("It does not say where the goal stands."), remedy=_("Press one of the buttons."))
    if wanted != goal.status:
        casework.move_goal(goal=goal, to=GoalStatus(wanted), by=request.actor, at=clock.now())
        messages.success(request, _("Saved: “%(goal)s” is %(status)s.") % _said(goal, GoalStatus(wanted)))
    return HttpResponseRedirect(reverse("staff:plan", args=[case.id]) + "#goals")


def _page(
    request: StaffRequest,
    case: Case,
    *,
    form: PlanForm | None = None,
    goal_form: GoalForm | None = None,
    conflict: Conflict | None = None,
) -> HttpResponse:
    held = casework.plan_of(request.actor, case_id=case.id)
    plan_form = form or PlanForm(initial=_initial(held))
    context = {
        "title": _("Plan and goals"),
        "back": back_to_person(case),
        "form": form or goal_form,
        "plan_form": plan_form,
        "goal_form": goal_form or GoalForm(),
        "plan": held,
        "goals": [
            (goal, GOAL_TONES[GoalStatus(goal.status)], _moves(goal))
            for goal in casework.goals_of(request.actor, case_id=case.id)
        ],
        "conflict_text": forms.conflict_notice(conflict) if conflict else "",
        "conflict_rows": _conflict_rows(conflict, plan_form) if conflict else [],
    }
    return render_case(request, "plan", case, context)


def _initial(held: Plan | None) -> dict[str, Any]:
    if held is None:
        return {"version": "0"}
    return {"what_matters": held.what_matters, "strengths": held.strengths, "version": str(held.version)}


def _with_newer_version(request: StaffRequest, case: Case, refusal: Conflict) -> PlanForm:
    """The form with everything typed, and the token of the text that is now shown beside it."""
    typed = request.POST.copy()
    held = casework.plan_of(request.actor, case_id=case.id)
    typed["version"] = str(held.version if held else 0)
    form = PlanForm(typed)
    form.is_valid()
    form.refuse(refusal)
    return form


def _conflict_rows(conflict: Conflict, form: PlanForm) -> list[tuple[str, str, str]]:
    """Each question that differs: what it says now, and what was typed."""
    return [
        (str(form.fields[name].label), str(now), str(form[name].value() or ""))
        for name, now in conflict.changed.items()
        if name in form.fields and str(now) != str(form[name].value() or "").strip()
    ]


def _version(text: str) -> int:
    return whole_number(text, most=2**31 - 1, otherwise=0)


def _moves(goal: Goal) -> list[tuple[str, str]]:
    """Where this goal may go from here, in words."""
    leads = casework.GOAL_TRANSITIONS[GoalStatus(goal.status)]
    return [(status.value, str(status.label)) for status in GoalStatus if status in leads]


def _said(goal: Goal, status: GoalStatus) -> dict[str, str]:
    return {"goal": goal.words, "status": str(status.label).lower()}
