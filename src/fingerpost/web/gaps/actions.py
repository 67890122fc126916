"""Record that nothing nearby could meet a need, and take it back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from fingerpost.codes.needs import need as known_need
from fingerpost.codes.pathway import EventKind
from fingerpost.kernel.errors import Conflict, InvalidValue, NotFound
from fingerpost.kernel.ids import new_id
from fingerpost.kernel.postcode import Postcode
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.gaps.enums import WouldHaveHelped
from fingerpost.web.gaps.models import Gap
from fingerpost.web.gaps.policies import check_can_record_gap
from fingerpost.web.pathway import api as pathway
from fingerpost.web.pathway.api import Journey, PathwayEvent

SUBJECT = "gaps.gap"


@transaction.atomic
def record_gap(
    *, journey: Journey, need: str, helped_by: WouldHaveHelped, postcode: str, by: Actor, at: datetime
) -> Gap:
    """One gap for a need of a journey: a second is refused, so that every count is one of people.

    Of the postcode only the first half is kept.
    """
    check_can_record_gap(by, journey)
    known_need(need)
    if journey.scheme_id is None or by.user_id is None:
        raise NotFound(_("This journey has no scheme yet."))
    # Two presses at once: the second waits here and then finds the first.
    Journey.objects.select_for_update().get(id=journey.id)
    if need in {gap.need for gap, _event in gaps_of_journey(by, journey_id=journey.id)}:
        raise Conflict(_("This gap has been recorded for them already. One is enough."))
    gap = Gap(
        id=new_id(at),
        scheme_id=journey.scheme_id,
        need=need,
        area=_area(postcode),
        helped_by=WouldHaveHelped(helped_by),
        recorded_at=at,
        recorded_by=by.user_id,
    )
    gap.save(force_insert=True)
    pathway.record(journey=journey, kind=EventKind.GAP_RECORDED, by=by, at=at, subject=(SUBJECT, gap.id))
    return gap


@transaction.atomic
def take_back_gap(*, journey: Journey, gap_id: UUID, by: Actor, at: datetime) -> None:
    """It was a mistake. Both the gap and its event stay and say so."""
    check_can_record_gap(by, journey)
    found = [pair for pair in gaps_of_journey(by, journey_id=journey.id) if pair[0].id == gap_id]
    if not found:
        raise NotFound(_("There is no such gap here, or it has been taken back."))
    ((gap, event),) = found
    gap.mistake_at, gap.mistake_by = at, by.user_id
    gap.save(update_fields=["mistake_at", "mistake_by"])
    pathway.record(journey=journey, kind=EventKind.ENTERED_IN_ERROR, by=by, at=at, corrects=event)


def gaps_of_journey(actor: Actor, *, journey_id: UUID) -> list[tuple[Gap, PathwayEvent]]:
    """The gaps of one journey that stand, oldest first, each with its event."""
    events = pathway.standing(pathway.events_of(actor, journey_id=journey_id))
    named = {event.subject_id: event for event in events if event.subject_kind == SUBJECT}
    rows = Gap.objects.filter(id__in=[key for key in named if key], mistake_at=None)
    return [(gap, named[gap.id]) for gap in rows.order_by("recorded_at", "id")]


def _area(postcode: str) -> str:
    try:
        return Postcode.parse(postcode).value.split()[0] if postcode else ""
    except InvalidValue:
        return ""
