from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from fingerpost.codes.pathway import EventKind
from fingerpost.instruments import Instrument, Score, instrument, score
from fingerpost.kernel.errors import FaultList, InvalidValue
from fingerpost.kernel.ids import new_id
from fingerpost.web.casework import api as casework
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.measures import policies
from fingerpost.web.measures.enums import AnsweredHow, OccasionKind
from fingerpost.web.measures.models import Occasion
from fingerpost.web.pathway import api as pathway

SUBJECT = "occasion"
TOTAL = "total"


@transaction.atomic
def take(
    *,
    case: casework.Case,
    instrument_id: str,
    kind: str,
    answers: Mapping[str, int | None],
    mode: str,
    by: Actor,
    at: datetime,
    taken_at: datetime | None = None,
    language: str = "en",
) -> Occasion:
    """Write down answers by item id (None, or left out: skipped) and score them; `taken_at` if earlier.

    The first baseline with enough answers makes the case assessed. Raises `Faults` with all that is wrong.
    """
    policies.check_can_take(by, case)
    asked = instrument(instrument_id, language=language)
    taken = taken_at or at
    scored = _checked(asked, answers, kind=kind, mode=mode, case=case, taken_at=taken, at=at)
    occasion = Occasion(
        id=new_id(at),
        case=case,
        person_id=case.person_id,
        scheme_id=case.scheme_id,
        instrument_id=scored.instrument,
        instrument_version=scored.version,
        kind=kind,
        answers={item.id: answers.get(item.id) for item in asked.items},
        scores=_scores(asked, scored),
        missing=list(scored.missing),
        answered_how=mode,
        taken_at=taken,
        taken_by=policies.account_of(by),
        taken_by_name=by.label,
    )
    occasion.save(force_insert=True)
    _note_assessed(case, by=by, at=at)
    return occasion


@transaction.atomic
def mark_entered_in_error(*, occasion: Occasion, by: Actor, at: datetime) -> Occasion:
    """Answered for the wrong person, or written down twice. Kept, shown struck through, counted nowhere."""
    policies.check_can_mark_error(by, occasion)
    held = (
        Occasion.objects.select_for_update(of=("self",))
        .select_related("case", "case__journey")
        .get(id=occasion.id)
    )
    if held.entered_in_error_at:
        return held
    held.entered_in_error_at, held.entered_in_error_by = at, by.user_id
    held.save(update_fields=["entered_in_error_at", "entered_in_error_by"])
    for event in pathway.standing(pathway.events_of(by, journey_id=held.case.journey_id)):
        if event.subject_id == held.id:
            pathway.record(
                journey=held.case.journey, kind=EventKind.ENTERED_IN_ERROR, by=by, at=at, corrects=event
            )
    _note_assessed(held.case, by=by, at=at)
    return held


def is_enough(occasion: Occasion) -> bool:
    """Whether a baseline says enough to call the person assessed: at least half of the questions answered."""
    return 2 * len(occasion.missing) <= len(occasion.answers)


def _checked(
    asked: Instrument,
    answers: Mapping[str, int | None],
    *,
    kind: str,
    mode: str,
    case: casework.Case,
    taken_at: datetime,
    at: datetime,
) -> Score:
    faults = FaultList()
    if kind not in OccasionKind.values:
        faults.add(InvalidValue(_("It does not say when in the work this was asked."), field="kind"))
    if mode not in AnsweredHow.values:
        faults.add(InvalidValue(_("It does not say how they answered."), field="mode"))
    if not case.opened_at <= taken_at <= at:
        faults.add(
            InvalidValue(
                _("This time cannot be right."),
                field="taken_at",
                expected=_("A time since the work began, up to now."),
            )
        )
    scored = score(asked, {})
    with faults.catching():
        scored = score(asked, answers)
    if not faults and scored.is_empty:
        faults.add(
            InvalidValue(
                _("No question is answered."),
                field=asked.items[0].id,
                remedy=_("Answer at least one, or leave the questionnaire for another day."),
            )
        )
    faults.raise_any()
    return scored


def _scores(asked: Instrument, scored: Score) -> dict[str, int | None]:
    found: dict[str, int | None] = {item.id: item.value for item in scored.items}
    return found | {TOTAL: scored.total} if asked.is_summed else found


def _note_assessed(case: casework.Case, *, by: Actor, at: datetime) -> None:
    """Write the step once for each case, from the first baseline that still stands and says enough."""
    standing = Occasion.objects.filter(case=case, kind=OccasionKind.BASELINE, entered_in_error_at=None)
    baselines = [one for one in standing.order_by("taken_at", "id") if is_enough(one)]
    events = pathway.standing(pathway.events_of(by, journey_id=case.journey_id))
    written = {event.subject_id for event in events if event.kind == EventKind.ASSESSED}
    ours = set(Occasion.objects.filter(case=case).values_list("id", flat=True))
    if baselines and not written & ours:
        pathway.record(
            journey=case.journey,
            kind=EventKind.ASSESSED,
            by=by,
            at=at,
            occurred_at=baselines[0].taken_at,
            subject=(SUBJECT, baselines[0].id),
        )
