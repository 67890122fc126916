"""Today: what was promised, what came back, who is new, and who is being waited for. One line, one button each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fingerpost.kernel import clock
from fingerpost.web.audit import api as audit
from fingerpost.web.casework import api as casework
from fingerpost.web.casework.api import Case, Contact
from fingerpost.web.connections import api as connections
from fingerpost.web.connections.api import Connection, ConnectionStatus
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pages import words
from fingerpost.web.people import api as people
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme.wording import connection_standing, is_to_be_rung
from fingerpost.web.tenancy.api import Permission

SHOWN = 4  # lines of a part that stand open; the rest is one tap away, so that a morning fits a phone
MOST = 100  # lines of a part at all; whoever has more finds them in the list of open cases


@dataclass(frozen=True)
class Line:
    """One thing to do: about whom, what, since when, and the button."""

    person_id: UUID
    name: str
    href: str
    what: str
    since: str
    button: str = ""
    button_href: str = ""


@dataclass
class Part:
    """Some lines under a heading; those beyond `shown` are folded away."""

    heading: str
    lines: list[Line] = field(default_factory=list)
    shown: int = SHOWN

    @property
    def open_lines(self) -> list[Line]:
        return self.lines[: self.shown]

    @property
    def folded(self) -> list[Line]:
        return self.lines[self.shown :]


@require_safe
@for_those_who(Permission.HOLD_CASES)
def today(request: StaffRequest) -> HttpResponse:
    """A worker's day; a team lead also sees the cases that nobody has."""
    parts = [part for part in parts_of(request.actor, on=clock.today()) if part.lines]
    people_shown = {line.person_id for part in parts for line in part.lines}
    audit.record_list(actor=request.actor, person_ids=people_shown, page="today")
    context = {
        "title": _("Today"),
        "caption": words.full_day(clock.today()),
        "parts": parts,
        "may_see_queue": request.actor.has(Permission.SEE_QUEUE),
        "sealed": len(people.seals_here(request.actor)),
        "may_ask_for_cover": request.actor.has(Permission.ASSIGN),
    }
    return render(request, "staff/scheme/today.html", context)


def parts_of(actor: Actor, *, on: date) -> list[Part]:
    """The parts of the day in the order in which they press. Nobody stands in two of the first ones."""
    if actor.user_id is None:
        return []
    due = list(casework.due_cases(actor, worker_id=actor.user_id, on=on)[:MOST])
    new = list(casework.not_yet_reached(actor, worker_id=actor.user_id)[:MOST])
    alone = list(casework.without_worker(actor)[:MOST]) if actor.has(Permission.ASSIGN) else []
    covered = list(casework.covered_cases(actor)[:MOST])
    promised = {case.id for case in due}
    last = casework.last_contacts(actor, case_ids=[case.id for case in (*due, *new)])
    back = connections.returned(actor, worker_id=actor.user_id)[:MOST]
    asked = list(connections.waiting_on_others(actor, worker_id=actor.user_id)[:MOST])
    to_ring = [one for one in asked if is_to_be_rung(one)]
    return [
        Part(_("Overdue"), [_promise(case, last) for case in due if _on(case) < on]),
        Part(_("Promised for today"), [_promise(case, last) for case in due if _on(case) == on]),
        Part(_("Back with you"), [_returned(one) for one in back]),
        Part(_("Not spoken to yet"), [_newcomer(case, last) for case in new if case.id not in promised]),
        Part(_("Nobody has them yet"), [_without(case) for case in alone]),
        Part(_("You cover for others"), [_covered(case) for case in covered]),
        Part(_("Groups to ring"), [_to_ring(one) for one in to_ring]),
        # Nothing to do about these today: a count, and the rest one tap away.
        Part(_("Waiting for others"), [_waiting(one) for one in asked if not is_to_be_rung(one)], shown=0),
    ]


def _on(case: Case) -> date:
    return case.next_step_on or date.max


def _promise(case: Case, last: dict[UUID, Contact]) -> Line:
    return Line(
        case.person_id,
        case.person.full_name,
        reverse("staff:case", args=[case.id]),
        case.next_step or _("Get in touch"),
        _since_promise(case) or _tried(last.get(case.id)),
        _("Log"),
        reverse("staff:case", args=[case.id]) + "#log",
    )


def _since_promise(case: Case) -> str:
    if case.next_step_on and case.next_step_on < clock.today():
        return _("was promised for %(day)s") % {"day": words.near_day(case.next_step_on)}
    return ""


def _newcomer(case: Case, last: dict[UUID, Contact]) -> Line:
    said = _promised_later(case) or _tried(last.get(case.id))
    return Line(
        case.person_id,
        case.person.full_name,
        reverse("staff:case", args=[case.id]),
        said or _("A first conversation"),
        _("yours since %(day)s") % {"day": words.near_day(case.assigned_at or case.opened_at)},
        _("Log"),
        reverse("staff:case", args=[case.id]) + "#log",
    )


def _promised_later(case: Case) -> str:
    if not case.next_step_on:
        return ""
    values = {"what": case.next_step or _("Get in touch"), "day": words.day(case.next_step_on)}
    return _("%(what)s, promised for %(day)s") % values


def _tried(contact: Contact | None) -> str:
    if contact is None:
        return ""
    day = {"day": words.near_day(contact.contacted_on)}
    if contact.outcome == casework.Outcome.REACHED:
        return _("last spoke %(day)s") % day
    return _("tried %(day)s, not reached") % day


def _without(case: Case) -> Line:
    return Line(
        case.person_id,
        case.person.full_name,
        reverse("staff:case", args=[case.id]),
        _("Needs a link worker"),
        _("taken on %(day)s") % {"day": words.near_day(case.opened_at)},
        _("Give to someone"),
        reverse("staff:assign", args=[case.id]),
    )


def _covered(case: Case) -> Line:
    said = case.next_step or _("Nothing is promised")
    return Line(
        case.person_id,
        case.person.full_name,
        reverse("staff:case", args=[case.id]),
        _("%(what)s, for %(scheme)s") % {"what": said, "scheme": case.scheme.name},
        words.near_day(case.next_step_on) if case.next_step_on else "",
        _("Log"),
        reverse("staff:case", args=[case.id]) + "#log",
    )


def _returned(connection: Connection) -> Line:
    _word, _tone, sentence = connection_standing(connection)
    return _of_connection(connection, sentence, words.near_day(connection.status_at), _("Look"))


def _to_ring(connection: Connection) -> Line:
    since = _("since %(day)s") % {"day": words.near_day(connection.asked_at or connection.status_at)}
    return _of_connection(connection, _("Ring and ask"), since, _("Look"))


def _waiting(connection: Connection) -> Line:
    since = _("asked %(day)s") % {"day": words.near_day(connection.asked_at or connection.status_at)}
    what = {
        ConnectionStatus.WAITING_LIST: _("On their waiting list"),
        ConnectionStatus.DETAILS_SENT: _("Have not said yet whether they can come"),
    }.get(ConnectionStatus(connection.status), _("Have not said yet whether they take people"))
    return _of_connection(connection, what, since, _("Look"))


def _of_connection(connection: Connection, what: str, since: str, button: str) -> Line:
    said = _("%(listing)s: %(what)s") % {"listing": connection.listing_name, "what": what}
    return Line(
        connection.person_id,
        connection.person.full_name,
        reverse("staff:case", args=[connection.case_id]),
        said,
        since,
        button,
        reverse("staff:connection", args=[connection.id]),
    )
