from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from fingerpost.codes.pathway import EventKind, completion_reason, loss_reason
from fingerpost.kernel.errors import Conflict, FaultList, InvalidValue, NotFound
from fingerpost.kernel.ids import new_id
from fingerpost.kernel.london import to_london
from fingerpost.web.casework import policies
from fingerpost.web.casework.enums import CaseStatus, ContactMode, GoalStatus, Outcome
from fingerpost.web.casework.lifecycle import CASE, GOAL
from fingerpost.web.casework.models import Case, Contact, Goal, Plan
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.lifecycle import check_transition
from fingerpost.web.pathway import api as pathway
from fingerpost.web.people import api as people
from fingerpost.web.referrals import api as referrals
from fingerpost.web.tenancy import api as tenancy

_LONGEST_MINUTES = 720


@transaction.atomic
def accept(*, referral: referrals.Referral, by: Actor, at: datetime, worker_id: UUID | None = None) -> Case:
    """Take a referral on: the case opens in the same transaction, and may go to a link worker at once."""
    held = referrals.mark_accepted(referral=referral, by=by, at=at)
    case = Case(
        id=new_id(at),
        referral=held,
        journey=held.journey,
        person_id=held.person_id,
        scheme_id=held.scheme_id,
        opened_at=at,
        opened_by=by.account,
        status=CaseStatus.OPEN,
        status_at=at,
    )
    case.save(force_insert=True)
    # A referral that waited long, or was taken back and restored, may have lost it on the way.
    people.involve_if_needed(
        person_id=case.person_id,
        organisation_id=case.scheme_id,
        kind=people.InvolvementKind.SCHEME,
        by=by,
        at=at,
    )
    if worker_id is not None:
        return assign(case=case, worker_id=worker_id, by=by, at=at)
    return case


@transaction.atomic
def assign(*, case: Case, worker_id: UUID, by: Actor, at: datetime) -> Case:
    """Give a case to a link worker of the scheme. Raises `InvalidValue` for anybody else."""
    policies.check_can_assign(by, case)
    workers = {
        worker.pk
        for scheme in tenancy.standing_in(case.scheme, on=to_london(at).date())
        for worker in tenancy.colleagues_with(
            permission=tenancy.Permission.HOLD_CASES, organisation_id=scheme.pk, at=at
        )
    }
    if worker_id not in workers:
        raise InvalidValue(
            _("This is not somebody who works with people in your scheme."),
            field="worker",
            remedy=_("Choose a name from the list."),
        )
    held = _lock(case)
    if held.worker_id is not None:
        _end_employers(held, by=by, at=at)
    held.worker_id, held.assigned_at, held.assigned_by = worker_id, at, by.account
    held.save(update_fields=["worker", "assigned_at", "assigned_by"])
    people.involve_employers(person_id=held.person_id, worker_id=worker_id, by=by, at=at)
    return held


@dataclass(frozen=True, kw_only=True)
class ContactDetails:
    """One contact as it is logged. `contacted_on` is when it took place; minutes are 0 to 720."""

    contacted_on: datetime
    mode: str
    outcome: str
    minutes: int
    note: str = ""
    next_step: str = ""
    next_step_on: date | None = None

    def check(self, *, at: datetime) -> None:
        faults = FaultList()
        if self.contacted_on > at:
            faults.add(
                InvalidValue(
                    _("This contact lies in the future."),
                    field="contacted_on",
                    remedy=_("Log it when it has happened, or write it as the next step."),
                )
            )
        if self.next_step_on is not None and self.next_step_on < to_london(self.contacted_on).date():
            faults.add(
                InvalidValue(
                    _("This day lies before the contact."),
                    field="next_step_on",
                    remedy=_("Choose today or a day to come."),
                )
            )
        if self.mode not in ContactMode.values:
            faults.add(InvalidValue(_("It does not say how you were in touch."), field="mode"))
        if self.outcome not in Outcome.values:
            faults.add(InvalidValue(_("It does not say whether you reached them."), field="outcome"))
        if not 0 <= self.minutes <= _LONGEST_MINUTES:
            faults.add(
                InvalidValue(
                    _("The minutes cannot be right."), field="minutes", expected=_("A number from 0 to 720.")
                )
            )
        faults.raise_any()


@transaction.atomic
def log_contact(*, case: Case, details: ContactDetails, by: Actor, at: datetime) -> Contact:
    """Write down a contact or an attempt, and what comes next."""
    policies.check_can_work(by, case)
    details.check(at=at)
    held = _lock(case)
    contact = Contact(
        id=new_id(at),
        case=held,
        person_id=held.person_id,
        scheme_id=held.scheme_id,
        contacted_on=details.contacted_on,
        mode=details.mode,
        outcome=details.outcome,
        minutes=details.minutes,
        note=details.note.strip(),
        logged_at=at,
        logged_by=by.account,
        logged_by_name=by.label,
    )
    contact.save(force_insert=True)
    if details.next_step.strip() or details.next_step_on:
        held.next_step, held.next_step_on = details.next_step.strip(), details.next_step_on
        held.save(update_fields=["next_step", "next_step_on"])
    reached = details.outcome == Outcome.REACHED
    pathway.record(
        journey=held.journey,
        kind=EventKind.CONTACTED if reached else EventKind.CONTACT_ATTEMPTED,
        by=by,
        at=at,
        occurred_at=details.contacted_on,
        subject=("contact", contact.id),
    )
    return contact


@transaction.atomic
def mark_contact_entered_in_error(*, contact: Contact, by: Actor, at: datetime) -> Contact:
    """It was logged for the wrong person, or twice. Kept, shown struck through, counted nowhere."""
    policies.check_can_correct(by, contact.case)
    held = Contact.objects.select_for_update().get(id=contact.id)
    if held.entered_in_error_at:
        return held
    held.entered_in_error_at, held.entered_in_error_by = at, by.user_id
    held.save(update_fields=["entered_in_error_at", "entered_in_error_by"])
    _mark_events_of(contact.case, subject_id=held.id, by=by, at=at)
    return held


def plan_next_step(*, case: Case, next_step: str, next_step_on: date | None, by: Actor, at: datetime) -> Case:
    policies.check_can_work(by, case)
    held = _lock(case)
    held.next_step, held.next_step_on = next_step.strip(), next_step_on
    held.save(update_fields=["next_step", "next_step_on"])
    return held


@transaction.atomic
def agree_plan(
    *, case: Case, what_matters: str, strengths: str, version: int, by: Actor, at: datetime
) -> Plan:
    """Write or change the plan. `version` is the one the editor saw (0: none yet).

    Raises `Conflict`, saving nothing, with what stands there now when somebody else changed it meanwhile.
    """
    policies.check_can_work(by, case)
    if not what_matters.strip():
        raise InvalidValue(
            _("It does not say what matters."),
            field="what_matters",
            remedy=_("Write it as the person said it, even a few words."),
        )
    held = _lock(case)
    plan = Plan.objects.filter(case=held).select_for_update().first()
    _check_version(plan, version)
    values = {"what_matters": what_matters.strip(), "strengths": strengths.strip()}
    changed = {"changed_at": at, "changed_by": by.account, "changed_by_name": by.label}
    if plan is not None:
        for name, value in {**values, **changed, "version": plan.version + 1}.items():
            setattr(plan, name, value)
        plan.save()
        return plan
    plan = Plan(
        id=new_id(at),
        case=held,
        person_id=held.person_id,
        scheme_id=held.scheme_id,
        agreed_at=at,
        agreed_by=by.account,
        **values,
        **changed,
    )
    plan.save(force_insert=True)
    pathway.record(journey=held.journey, kind=EventKind.PLAN_AGREED, by=by, at=at, subject=("plan", plan.id))
    return plan


def _check_version(plan: Plan | None, version: int) -> None:
    if plan is not None and plan.version != version:
        raise Conflict(
            _("%(name)s changed this plan while you had it open.") % {"name": plan.changed_by_name},
            changed={"what_matters": plan.what_matters, "strengths": plan.strengths},
            changed_by=plan.changed_by_name,
            changed_at=plan.changed_at,
            remedy=_("Your words are still here, beside theirs. Bring them together and save again."),
        )


@transaction.atomic
def set_goal(*, plan: Plan, words: str, by: Actor, at: datetime) -> Goal:
    policies.check_can_work(by, plan.case)
    if not words.strip():
        raise InvalidValue(
            _("The goal has no words."), field="words", remedy=_("Write it as the person would.")
        )
    goal = Goal(
        id=new_id(at),
        plan=plan,
        person_id=plan.person_id,
        scheme_id=plan.scheme_id,
        words=words.strip(),
        status=GoalStatus.SET,
        set_at=at,
        set_by=by.account,
        status_at=at,
        status_by=by.account,
    )
    goal.save(force_insert=True)
    return goal


@transaction.atomic
def move_goal(*, goal: Goal, to: GoalStatus, by: Actor, at: datetime) -> Goal:
    policies.check_can_work(by, goal.plan.case)
    held = Goal.objects.select_for_update().get(id=goal.id)
    check_transition(GOAL, now=GoalStatus(held.status), to=to, what=_("This goal"))
    held.status, held.status_at, held.status_by = to, at, by.account
    held.save(update_fields=["status", "status_at", "status_by"])
    return held


@transaction.atomic
def close(*, case: Case, reason: str, story: str, by: Actor, at: datetime) -> Case:
    """End the work, with a reason. Called by feedback, which ends what is open and tells the referrer.

    A loss reason also writes the loss; a completion reason does not.
    """
    policies.check_can_close(by, case)
    lost = is_loss(reason)
    held = _lock(case)
    check_transition(CASE, now=CaseStatus(held.status), to=CaseStatus.CLOSED, what=_("This case"))
    if lost:
        events = pathway.events_of(by, journey_id=held.journey_id)
        pathway.record(
            journey=held.journey,
            kind=EventKind.LOST,
            by=by,
            at=at,
            after=pathway.last_step(events) or EventKind.ACCEPTED,
            reason=reason,
            subject=("case", held.id),
        )
    held.status, held.status_at = CaseStatus.CLOSED, at
    held.closed_at, held.closed_by, held.closed_reason, held.closed_story = (
        at,
        by.user_id,
        reason,
        story.strip(),
    )
    held.next_step, held.next_step_on = "", None
    held.save()
    pathway.record(
        journey=held.journey, kind=EventKind.CLOSED, by=by, at=at, reason=reason, subject=("case", held.id)
    )
    _end_of_work(held, by=by, at=at)
    return held


def _end_of_work(case: Case, *, by: Actor, at: datetime) -> None:
    """Who sees the person because of this work sees them no longer than it takes to ask and to undo."""
    if case.worker_id is not None:
        _end_employers(case, by=by, at=at)
    referrals.end_involvements_of_work(case.referral, by=by, at=at)


def _end_employers(case: Case, *, by: Actor, at: datetime) -> None:
    """Whoever employs its worker sees the person no longer, unless another open case sends somebody of theirs."""
    assert case.worker_id is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT casework_still_visiting(%s, %s)", [case.person_id, case.id])
        still = {row[0] for row in cursor.fetchall()}
    people.end_employers(
        person_id=case.person_id, worker_id=case.worker_id, still_visiting=still, by=by, at=at
    )


def is_loss(code: str) -> bool:
    """Whether a reason for closing is a loss. Raises `InvalidValue` for a code the vocabulary does not know."""
    try:
        completion_reason(code)
        return False
    except NotFound:
        pass
    try:
        loss_reason(code)
    except NotFound as fault:
        raise InvalidValue(_("Choose a reason from the list."), field="reason") from fault
    return True


@transaction.atomic
def reopen(*, case: Case, by: Actor, at: datetime) -> Case:
    """The work goes on after all. The closing is marked as a mistake on the pathway; its trace stays."""
    policies.check_can_reopen(by, case)
    held = _lock(case)
    check_transition(CASE, now=CaseStatus(held.status), to=CaseStatus.OPEN, what=_("This case"))
    held.status, held.status_at = CaseStatus.OPEN, at
    held.closed_at = held.closed_by = None
    held.closed_reason = ""
    held.save()
    _mark_events_of(held, subject_id=held.id, by=by, at=at)
    people.involve_if_needed(
        person_id=held.person_id,
        organisation_id=held.scheme_id,
        kind=people.InvolvementKind.SCHEME,
        by=by,
        at=at,
    )
    if held.worker_id is not None:
        people.involve_employers(person_id=held.person_id, worker_id=held.worker_id, by=by, at=at)
    return held


@transaction.atomic
def seal_contact(
    *, contact: Contact, named: Collection[UUID], reason: str, by: Actor, at: datetime
) -> people.Seal:
    """One conversation that only `named` of the scheme read from now on; who wrote it down stays in their hands."""
    policies.check_can_close(by, contact.case)
    person = people.person(by, person_id=contact.person_id)
    return people.seal(
        kind=people.SealKind.CONTACT,
        subject_id=contact.id,
        person=person,
        named=named,
        reason=reason,
        by=by,
        at=at,
    )


@transaction.atomic
def mark_case_entered_in_error(*, case: Case, reason: str, by: Actor, at: datetime) -> Case:
    """The case and its referral should never have been. Kept with the trace, counted nowhere.

    Called by `feedback.mark_case_entered_in_error`, which first marks what stands on the case.
    """
    policies.check_can_correct(by, case)
    held = _lock(case)
    check_transition(CASE, now=CaseStatus(held.status), to=CaseStatus.ENTERED_IN_ERROR, what=_("This case"))
    held.status, held.status_at = CaseStatus.ENTERED_IN_ERROR, at
    held.save(update_fields=["status", "status_at"])
    if held.worker_id is not None:
        _end_employers(held, by=by, at=at)
    referrals.mark_accepted_entered_in_error(referral=held.referral, reason=reason, by=by, at=at)
    return held


def _lock(case: Case) -> Case:
    return Case.objects.select_for_update(of=("self",)).select_related("journey", "referral").get(id=case.id)


def _mark_events_of(case: Case, *, subject_id: UUID, by: Actor, at: datetime) -> None:
    """Mark every standing event about one subject as a mistake."""
    for event in pathway.standing(pathway.events_of(by, journey_id=case.journey_id)):
        if event.subject_id == subject_id:
            pathway.record(
                journey=case.journey, kind=EventKind.ENTERED_IN_ERROR, by=by, at=at, corrects=event
            )
