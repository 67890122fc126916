"""What whoever runs a listing says with one press of its link, and its undoing for ten minutes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import IllegalTransition, NotAllowed
from fingerpost.kernel.ids import new_id
from fingerpost.web.directory.actions.emails import confirm_email
from fingerpost.web.directory.actions.keeping import change_status, report_evidence, set_capacity
from fingerpost.web.directory.actions.trusting import keep_trust, verify
from fingerpost.web.directory.enums import CapacityState, EmailState, EvidenceKind, ListingStatus
from fingerpost.web.directory.lifecycle import CLOSED_STATUSES
from fingerpost.web.directory.models import (
    Capacity,
    Listing,
    ListingTrust,
    OwnerAnswer,
    OwnerQuestion,
    Verification,
)
from fingerpost.web.directory.policies import check_owns
from fingerpost.web.directory.selectors.listings import email_state
from fingerpost.web.directory.trust_enums import ABOUT_ROOM, HowVerified, OwnerSays
from fingerpost.web.foundation.actor import Actor

UNDO_WITHIN = timedelta(minutes=10)
_ROOM = {
    OwnerSays.TAKING: CapacityState.TAKING,
    OwnerSays.WAITING_LIST: CapacityState.WAITING_LIST,
    OwnerSays.FULL: CapacityState.FULL,
}
_CAPACITY = ("state", "waiting_weeks", "full_until", "set_at", "set_by")
_STATUS = ("status", "status_by_person", "closed_at", "closed_by", "closed_reason")


@transaction.atomic
def answer_as_owner(
    *,
    listing_id: UUID,
    says: OwnerSays,
    by: Actor,
    at: datetime,
    waiting_weeks: int | None = None,
    full_until: date | None = None,
) -> OwnerAnswer:
    """Take one press. Raises `NotAllowed` for a link to something else, `Faults` when weeks or date make no sense."""
    check_owns(by, listing_id)
    listing = Listing.objects.select_for_update().get(id=listing_id)
    answer = OwnerAnswer(id=new_id(at), listing=listing, says=says, answered_at=at, answered_by=by.id)
    answer.question = settle_question(by, at)
    if says in ABOUT_ROOM:
        answer.before = {"capacity": _capacity(listing_id)}
        report_evidence(listing_id=listing_id, kind=EvidenceKind.ANSWERED, by=by, at=at)
        set_capacity(
            listing_id=listing_id,
            state=_ROOM[says],
            waiting_weeks=waiting_weeks,
            full_until=full_until,
            by=by,
            at=at,
        )
    elif says is OwnerSays.CLOSED:
        answer.before = {"status": _as_json(listing, _STATUS)}
        change_status(listing, ListingStatus.INACTIVE, reason=_("Its provider said so."), by=by, at=at)
    else:
        answer.before = {"status": _as_json(listing, _STATUS)}
        if listing.status in CLOSED_STATUSES:
            change_status(listing, ListingStatus.ACTIVE, by=by, at=at)
        said = verify(listing_id=listing_id, how=HowVerified.OWNER, by=by, at=at)
        answer.before["verification"] = str(said.id)
    answer.save(force_insert=True)
    return answer


@transaction.atomic
def undo_answer(*, answer: OwnerAnswer, by: Actor, at: datetime) -> OwnerAnswer:
    """Take back the latest answer within ten minutes: everything stands as before, and the trace stays."""
    check_owns(by, answer.listing_id)
    held = OwnerAnswer.objects.select_for_update().get(id=answer.id)
    listing = Listing.objects.select_for_update().get(id=held.listing_id)
    _check_undoable(held, at)
    if "capacity" in held.before:
        _put_back_capacity(held)
    if "status" in held.before and listing.status != held.before["status"]["status"]:
        _put_back_status(listing, held.before["status"])
    if "verification" in held.before:
        said = Verification.objects.filter(id=held.before["verification"])
        said.update(undone_at=at, undone_by=by.id)
    held.undone_at, held.undone_by = at, by.id
    held.save(update_fields=["undone_at", "undone_by"])
    if held.question_id:
        OwnerQuestion.objects.filter(id=held.question_id).update(settled_at=None)
    keep_trust([listing.id], by=by, at=at)
    return held


def can_undo_answer(answer: OwnerAnswer, at: datetime) -> bool:
    return answer.undone_at is None and at - answer.answered_at <= UNDO_WITHIN


def _check_undoable(answer: OwnerAnswer, at: datetime) -> None:
    if not can_undo_answer(answer, at):
        raise NotAllowed(
            _("An answer can be undone for ten minutes."),
            reason="too_late",
            remedy=_("Give the answer that is right now."),
        )
    newer = OwnerAnswer.objects.filter(listing_id=answer.listing_id, undone_at=None, id__gt=answer.id)
    if newer.exists():
        raise IllegalTransition(
            _("Something else has been answered since, so this cannot be undone."),
            remedy=_("Give the answer that is right now."),
        )


def settle_question(by: Actor, at: datetime) -> OwnerQuestion | None:
    """The question whose link was used is answered, and its address has shown to be theirs."""
    question = OwnerQuestion.objects.filter(link_id=by.link_id).first()
    if question is None:
        return None
    if question.settled_at is None:
        question.settled_at = at
        question.save(update_fields=["settled_at"])
    if email_state(by, address=question.sent_to) is not EmailState.REFUSED:
        confirm_email(address=question.sent_to, by=by, at=at)
    ListingTrust.objects.filter(listing_id=question.listing_id).update(dropped_at=None)
    return question


def _capacity(listing_id: UUID) -> dict[str, Any] | None:
    found = Capacity.objects.filter(listing_id=listing_id).first()
    return _as_json(found, _CAPACITY) if found else None


def _as_json(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {name: v.isoformat() if isinstance(v, date) else v for name, v in values.items()}


def _put_back_capacity(answer: OwnerAnswer) -> None:
    now = Capacity.objects.select_for_update().get(listing_id=answer.listing_id)
    if now.set_at != answer.answered_at:
        return  # somebody has said something newer, which stands
    before = answer.before["capacity"]
    if before is None:
        now.state, now.waiting_weeks, now.full_until = CapacityState.UNKNOWN, None, None
    else:
        _restore(now, before)
    now.save()


def _put_back_status(listing: Listing, before: dict[str, Any]) -> None:
    _restore(listing, before)
    listing.save(update_fields=list(_STATUS))


def _restore(row: Any, before: dict[str, Any]) -> None:
    for name, value in before.items():
        setattr(row, name, row._meta.get_field(name).to_python(value))
