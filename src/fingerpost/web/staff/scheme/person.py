"""The person's page: what matters, what comes next, and what has happened."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from fingerpost.kernel import clock
from fingerpost.web.casework import api as casework
from fingerpost.web.casework.api import Case, CaseStatus, GoalStatus
from fingerpost.web.connections import api as connections
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.measures import api as measures
from fingerpost.web.pages import timeline
from fingerpost.web.pages.messages import Notice
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pathway import api as pathway
from fingerpost.web.people import api as people
from fingerpost.web.referrals import api as referrals
from fingerpost.web.staff.practice.wording import needs_in_words, standing
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme import measure_words, story
from fingerpost.web.staff.scheme.case_frame import identity, open_case, record_seen, render_case
from fingerpost.web.staff.scheme.contact_form import ContactForm
from fingerpost.web.staff.scheme.wording import GOAL_TONES, case_standing, connection_standing
from fingerpost.web.tenancy.api import Permission

RECENT = 40  # entries of the timeline shown at first


@require_safe
@for_those_who(Permission.HOLD_CASES)
def person(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """The case that is going on with this person, else the latest; without one, what is known."""
    found = people.person(request.actor, person_id=person_id)
    case = current_case(request.actor, person_id)
    if case is not None:
        record_seen(request.actor, found, page="person")
        return person_page(request, case)
    record_seen(request.actor, found, page="person without a case")
    sent = [
        (one, *standing(one.status))
        for one in referrals.referrals_of_person(request.actor, person_id=person_id)
        if one.scheme_id in request.actor.organisation_ids
    ]
    context = {
        "title": found.full_name,
        "referrals": sent,
        "back": NavLink(_("Today"), reverse("staff:today")),
    }
    return render(request, "staff/scheme/person_without_case.html", identity(request.actor, found) | context)


@require_safe
@for_those_who(Permission.HOLD_CASES)
def case(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """One case by itself, going on or long ended."""
    return person_page(request, open_case(request, case_id, page="person"))


def current_case(actor: Actor, person_id: UUID) -> Case | None:
    """The open case of the actor's scheme, or that it covers, else the latest that was no mistake."""
    found = [
        one for one in casework.cases_of_person(actor, person_id=person_id) if casework.can_see(actor, one)
    ]
    ranked = sorted(found, key=lambda one: _RANK[CaseStatus(one.status)])
    return ranked[0] if ranked else None


_RANK = {CaseStatus.OPEN: 0, CaseStatus.CLOSED: 1, CaseStatus.ENTERED_IN_ERROR: 2}


def person_page(request: StaffRequest, case: Case, *, form: ContactForm | None = None) -> HttpResponse:
    """The page; `form` is a contact that was filled in and could not be saved."""
    actor = request.actor
    events = pathway.events_of(actor, journey_id=case.journey_id)
    plan, goals = casework.plan_of(actor, case_id=case.id), casework.goals_of(actor, case_id=case.id)
    occasions = measures.occasions_of(actor, case_id=case.id, mistakes=True)
    all_connections = connections.connections_of_case(actor, case_id=case.id, mistakes=True)
    told = story.Story(
        events=events,
        contacts=casework.contacts_of(actor, case_id=case.id, mistakes=True),
        connections=all_connections,
        occasions=occasions,
        lists=connections.lists_sent(actor, case_id=case.id),
        plan=plan,
        goals=goals,
        may_correct=casework.can_correct(actor, case),
        may_seal=casework.can_close(actor, case),
    )
    may_work = casework.can_work(actor, case)
    context = {
        "title": case.person.full_name,
        "form": form,
        "contact_form": (form or ContactForm(case=case)) if may_work else None,
        "standing": case_standing(case),
        "plan": plan,
        "goals": [(goal, GOAL_TONES[GoalStatus(goal.status)]) for goal in goals],
        "connections": [
            (one, *connection_standing(one)) for one in all_connections if one.status != "entered_in_error"
        ],
        "charts": measure_words.charts(occasions),
        "latest": next((one for one in occasions if one.entered_in_error_at is None), None),
        "needs": needs_in_words(case.referral.needs),
        "notices": _notices(actor, case),
        "is_overdue": bool(case.next_step_on and case.next_step_on < clock.today()),
        "may_assign": casework.can_assign(actor, case),
        "may_reopen": case.status == CaseStatus.CLOSED and casework.can_reopen(actor, case),
        "others": _other_cases(actor, case),
        **_timeline(request, case, told),
    }
    return render_case(request, "person", case, context, events=events)


def _timeline(request: StaffRequest, case: Case, told: story.Story) -> dict[str, Any]:
    show = request.GET.get("show", "")
    show = show if show in story.KINDS else ""
    entries = sorted(story.entries_of(told, show=show), key=lambda one: one.at, reverse=True)
    whole = request.GET.get("whole") == "yes" or len(entries) <= RECENT
    here = reverse("staff:case", args=[case.id])
    kinds = [NavLink(_("Everything"), f"{here}?#story", not show)]
    kinds += [
        NavLink(text, f"{here}?show={kind}#story", kind == show) for kind, text in story.kind_words().items()
    ]
    return {
        "days": timeline.by_day(entries if whole else entries[:RECENT]),
        "kinds": kinds,
        "whole_href": "" if whole else f"{here}?show={show}&whole=yes#story",
        "how_many": len(entries),
    }


def _notices(actor: Actor, case: Case) -> list[Notice]:
    found = []
    if case.scheme_id not in actor.organisation_ids:
        scheme = case.scheme.name
        found.append(
            Notice(_("You cover for %(scheme)s. It ends the work, and passes it on.") % {"scheme": scheme})
        )
    sealed = people.sealed_contacts(actor, person_id=case.person_id)
    if sealed:
        said = ngettext("%(n)s conversation is sealed.", "%(n)s conversations are sealed.", sealed)
        found.append(Notice(said % {"n": sealed}))
    if case.person.died_on and case.status == CaseStatus.OPEN:
        found.append(Notice(_("This person has died. End the work, so that nobody rings.")))
    if case.referral.maybe_known:
        found.append(
            Notice(
                _(
                    "Somebody with the same name and birth date is known to the network. Is it the same person?"
                )
            )
        )
    return found


def _other_cases(actor: Actor, case: Case) -> list[Case]:
    return [
        one
        for one in casework.cases_of_person(actor, person_id=case.person_id)
        if one.id != case.id and casework.can_see(actor, one)
    ]
