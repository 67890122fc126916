"""What every page about one case shares: finding it, saying that it was looked at, and its frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from fingerpost.web.audit import api as audit
from fingerpost.web.casework import api as casework
from fingerpost.web.casework.api import Case, CaseStatus
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pages import words
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pathway import api as pathway
from fingerpost.web.pathway.api import PathwayEvent
from fingerpost.web.people import api as people
from fingerpost.web.people.api import Person, SealKind
from fingerpost.web.staff.practice.wording import safe_contact
from fingerpost.web.staff.requests import StaffRequest
from fingerpost.web.staff.scheme.wording import stage_in_words


def open_case(request: StaffRequest, case_id: UUID, *, page: str) -> Case:
    """The case, its opening logged. Raises `NotFound` for another scheme's, `NotAllowed` for another role."""
    case = casework.case(request.actor, case_id=case_id)
    casework.check_can_see(request.actor, case)
    record_seen(request.actor, case.person, page=page)
    return case


def case_to_work_on(request: StaffRequest, case_id: UUID, *, page: str) -> Case:
    """The same for a page that changes something: a closed case says how to go on instead."""
    case = open_case(request, case_id, page=page)
    casework.check_can_work(request.actor, case)
    return case


def case_to_settle(request: StaffRequest, case_id: UUID, *, page: str) -> Case:
    """The same for what binds the scheme towards others or ends the work: not for one that covers."""
    case = open_case(request, case_id, page=page)
    casework.check_can_close(request.actor, case)
    return case


def record_seen(actor: Actor, person: Person, *, page: str) -> None:
    audit.record_view(actor=actor, person_id=person.id, label=person.full_name, page=page)


def render_case(
    request: StaffRequest,
    template: str,
    case: Case,
    context: dict[str, Any],
    *,
    events: Sequence[PathwayEvent] | None = None,
) -> HttpResponse:
    """A page about a case, in its frame: identity bar, the way back, what else there is for this person."""
    frame = {
        **identity(request.actor, case.person),
        "case": case,
        "worker": case.worker.name if case.worker else _("nobody yet"),
        "stage": _stage(request.actor, case, events),
        "subnavigation": _subnavigation(request, case),
        "person_href": reverse("staff:case", args=[case.id]),
        "may_work": casework.can_work(request.actor, case),
        "may_settle": casework.can_close(request.actor, case),
    }
    return render(request, f"staff/scheme/{template}.html", frame | context)


def identity(actor: Actor, person: Person) -> dict[str, Any]:
    """The identity bar's part: who, how to reach them safely, and whether they have died."""
    contact, warning = safe_contact(actor, person)
    died = [_("Died %(day)s") % {"day": words.day(person.died_on)}] if person.died_on else []
    wrong = [_("Entered in error")] if person.entered_in_error_at else []
    seals = people.live_seals_of(actor, person_id=person.id)
    sealed = [_("Sealed")] if any(one.kind == SealKind.PERSON for one in seals) else []
    opening = people.live_opening_of(actor, person_id=person.id)
    until = words.moment(opening.ends_at) if opening else ""
    emergency = [_("Opened in an emergency, until %(until)s") % {"until": until}] if opening else []
    return {
        "person": person,
        "contact": contact,
        "contact_warning": "" if person.died_on else warning,
        "marks": emergency + died + wrong + sealed,
        "worker": "",
        "stage": "",
        "person_href": "",
    }


def back_to_person(case: Case) -> NavLink:
    return NavLink(
        _("Back to %(name)s") % {"name": case.person.called}, reverse("staff:case", args=[case.id])
    )


def _stage(actor: Actor, case: Case, events: Sequence[PathwayEvent] | None) -> str:
    if case.status == CaseStatus.ENTERED_IN_ERROR:
        return _("entered in error")
    if case.status == CaseStatus.CLOSED:
        return _("ended")
    seen = events if events is not None else pathway.events_of(actor, journey_id=case.journey_id)
    return stage_in_words(pathway.last_step(seen))


def _subnavigation(request: StaffRequest, case: Case) -> list[NavLink]:
    offered = [("staff:case", _("Overview"))]
    if casework.can_work(request.actor, case):
        offered += [
            ("staff:plan", _("Plan and goals")),
            ("staff:measure", _("How life feels")),
        ]
    if casework.can_close(request.actor, case):
        offered += [("staff:find", _("Find a group")), ("staff:close", _("End the work"))]
    if casework.can_correct(request.actor, case) and case.status != CaseStatus.ENTERED_IN_ERROR:
        offered.append(("staff:put_right", _("Put something right")))
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [NavLink(text, reverse(route, args=[case.id]), route == here) for route, text in offered]
