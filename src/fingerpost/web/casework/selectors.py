from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from fingerpost.kernel import clock
from fingerpost.kernel.errors import NotFound
from fingerpost.web.casework.enums import CaseStatus, Outcome
from fingerpost.web.casework.models import Case, Contact, Goal, Plan
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.people import api as people
from fingerpost.web.tenancy import api as tenancy

_WITH = ("person", "worker", "scheme", "referral", "journey")


def case(actor: Actor, *, case_id: UUID) -> Case:
    found = Case.objects.filter(id=case_id).select_related(*_WITH).first()
    if found is None:
        raise NotFound(
            _("There is no such case here, or it is not your scheme's."),
            remedy=_("Look for the person by name, or in your list."),
        )
    return found


def open_cases(actor: Actor, *, worker_id: UUID | None = None) -> QuerySet[Case]:
    """Open cases of the actor's scheme (or one worker's), next promised step first."""
    found = Case.objects.filter(scheme_id__in=actor.organisation_ids, status=CaseStatus.OPEN)
    if worker_id:
        found = found.filter(worker_id=worker_id)
    return found.select_related(*_WITH).order_by("next_step_on", "opened_at", "id")


def without_worker(actor: Actor) -> QuerySet[Case]:
    """Open cases that nobody has: never given, or given to somebody who does not work in the scheme any more."""
    if actor.organisation_id is None:
        return open_cases(actor).filter(worker=None)
    team = tenancy.colleagues_with(
        permission=tenancy.Permission.HOLD_CASES, organisation_id=actor.organisation_id, at=clock.now()
    )
    return open_cases(actor).filter(Q(worker=None) | ~Q(worker_id__in=[one.pk for one in team]))


def covered_cases(actor: Actor) -> QuerySet[Case]:
    """Open cases of other schemes that the actor's scheme covers now, next promised step first."""
    condition = Q(pk__in=[])
    for person_id, scheme_id in people.covered_pairs(actor, at=clock.now()):
        condition |= Q(person_id=person_id, scheme_id=scheme_id)
    found = Case.objects.filter(condition, status=CaseStatus.OPEN)
    return found.select_related(*_WITH).order_by("next_step_on", "opened_at", "id")


def due_cases(actor: Actor, *, worker_id: UUID, on: date) -> QuerySet[Case]:
    """A worker's cases whose next step was promised for this day or earlier."""
    return open_cases(actor, worker_id=worker_id).filter(next_step_on__lte=on)


def not_yet_reached(actor: Actor, *, worker_id: UUID) -> QuerySet[Case]:
    """A worker's cases where nobody has spoken with the person yet, oldest first."""
    spoken = Contact.objects.filter(outcome=Outcome.REACHED, entered_in_error_at=None)
    mine = open_cases(actor, worker_id=worker_id)
    return mine.exclude(id__in=spoken.values("case_id")).order_by("opened_at", "id")


def caseloads(actor: Actor) -> dict[UUID, int]:
    """Open cases by worker, in the actor's scheme."""
    found = open_cases(actor).exclude(worker=None).order_by().values("worker_id").annotate(n=Count("id"))
    return {row["worker_id"]: row["n"] for row in found}


def cases_of_person(actor: Actor, *, person_id: UUID) -> QuerySet[Case]:
    return Case.objects.filter(person_id=person_id).select_related(*_WITH).order_by("-opened_at", "id")


def case_of_referral(actor: Actor, *, referral_id: UUID) -> Case | None:
    return Case.objects.filter(referral_id=referral_id).select_related(*_WITH).first()


def contacts_of(actor: Actor, *, case_id: UUID, mistakes: bool = False) -> list[Contact]:
    """Contacts of a case, newest first."""
    found = Contact.objects.filter(case_id=case_id)
    if not mistakes:
        found = found.filter(entered_in_error_at=None)
    return list(found.order_by("-contacted_on", "-logged_at"))


def contact(actor: Actor, *, contact_id: UUID) -> Contact:
    found = Contact.objects.filter(id=contact_id).select_related("case", "case__journey").first()
    if found is None:
        raise NotFound(_("There is no such contact here."))
    return found


def plan_of(actor: Actor, *, case_id: UUID) -> Plan | None:
    return Plan.objects.filter(case_id=case_id).select_related("case", "case__journey").first()


def goals_of(actor: Actor, *, case_id: UUID) -> list[Goal]:
    return list(Goal.objects.filter(plan__case_id=case_id).select_related("plan").order_by("set_at", "id"))


def goal(actor: Actor, *, goal_id: UUID) -> Goal:
    found = Goal.objects.filter(id=goal_id).select_related("plan", "plan__case").first()
    if found is None:
        raise NotFound(_("There is no such goal here."))
    return found


def last_contacts(actor: Actor, *, case_ids: Sequence[UUID]) -> dict[UUID, Contact]:
    """The latest contact of each case: what a worklist line says."""
    found = Contact.objects.filter(Q(entered_in_error_at=None), case_id__in=case_ids)
    return {c.case_id: c for c in found.order_by("case_id", "-contacted_on").distinct("case_id")}


def still_assigned() -> dict[tuple[UUID, UUID], int]:
    """Open cases by worker and scheme, counted for whoever administers the scheme; never the cases themselves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT worker, scheme, cases FROM casework_still_assigned()")
        return {(worker, scheme): cases for worker, scheme, cases in cursor.fetchall()}
