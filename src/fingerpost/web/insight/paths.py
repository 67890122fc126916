"""Each journey's way in one line, gathered and counted by the database; nothing here may be shown yet.

A journey has a place on the path: the furthest step it reached (or was lost after). It has *stopped* there when its
last word is a loss at that place, *finished* when its case closed otherwise, and is *on its way* in every other case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg, BoolOr
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import (
    Case,
    CharField,
    DateField,
    F,
    Func,
    IntegerField,
    Max,
    Min,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat, TruncMonth

from fingerpost.codes.pathway import BESIDE, STEPS, EventKind, step_number
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.insight.standing import LONDON, standing_before
from fingerpost.web.pathway import api as pathway

PATH: tuple[EventKind, ...] = STEPS[: step_number(EventKind.SUSTAINED) + 1]
"""The steps that stand in a row; closing and telling the referrer end a journey wherever it is."""

ENDINGS = (EventKind.CLOSED, EventKind.REFERRER_TOLD)
ALONGSIDE = tuple(kind for kind in BESIDE if kind is not EventKind.ENTERED_IN_ERROR)
_COLUMNS = ("month", "matches", "furthest", "last_word", "losses", "marks")
_ALIKE = """
SELECT month::date, matches, furthest, last_word, losses, marks, count(*)
FROM ({journeys}) AS journey
GROUP BY month, matches, furthest, last_word, losses, marks
"""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which journeys to count: those that fit every one that is set. `scheme_id`: ever with that scheme."""

    source: str = ""
    referrer_id: UUID | None = None
    scheme_id: UUID | None = None

    @property
    def is_set(self) -> bool:
        return bool(self.source or self.referrer_id or self.scheme_id)


@dataclass(frozen=True)
class Loss:
    """A loss: the step after which it came, and its reason's code."""

    after: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Way:
    """`count` journeys that went alike. `place` is an index into `PATH`, None for one that never was on it.

    `marks`: which endings and which things beside the path it has. `month` is its first day's.
    """

    month: date
    matches: bool
    place: int | None
    last_loss: Loss | None
    losses: tuple[Loss, ...]
    marks: frozenset[str]
    count: int

    @property
    def stopped(self) -> Loss | None:
        """The loss by which it stopped at its place."""
        loss = self.last_loss
        if loss is None or self.place is None:
            return None
        at = PATH.index(EventKind(loss.after)) if loss.after in PATH else len(PATH)
        return loss if at >= self.place else None

    @property
    def has_finished(self) -> bool:
        return self.stopped is None and EventKind.CLOSED in self.marks

    @property
    def setbacks(self) -> tuple[Loss, ...]:
        """Losses that did not stop it."""
        return tuple(loss for loss in self.losses if loss != self.stopped)


def ways(actor: Actor, *, before: datetime, filters: Filters) -> list[Way]:
    """Every journey in the actor's reach, counted by how it went; one query, rows bounded by months and ways."""
    sql, params = _journeys(actor, before, filters).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE.format(journeys=sql), params)
        return [_way(row) for row in cursor.fetchall()]


def _way(row: tuple[date, bool, int | None, str | None, list[str] | None, list[str] | None, int]) -> Way:
    month, matches, furthest, last_word, losses, marks, count = row
    lost = [_loss(text) for text in losses or ()]
    return Way(
        month=month,
        matches=matches,
        place=None if furthest is None else furthest - 1,
        last_loss=_loss(last_word) if last_word else None,
        losses=tuple(lost),
        marks=frozenset(marks or ()),
        count=count,
    )


def _loss(text: str) -> Loss:
    after, _, reason = text.partition("|")
    return Loss(after, reason)


def _journeys(actor: Actor, before: datetime, filters: Filters) -> QuerySet[pathway.PathwayEvent, Any]:
    """One row for each journey, with the columns of `_COLUMNS`."""
    is_loss = Q(kind=EventKind.LOST)
    step = Case(When(is_loss, then=F("after")), default=F("kind"))
    loss = Case(
        When(is_loss, then=Concat("after", Value("|"), "reason")), default=Value(""), output_field=TextField()
    )
    began = Coalesce(
        Min("occurred_at", filter=Q(kind=EventKind.REFERRED)),
        Min("occurred_at", filter=Q(kind__in=PATH)),
        Min("occurred_at"),
    )
    return (
        standing_before(actor, before)
        .order_by()
        .values("journey_id")
        .annotate(
            month=TruncMonth(began, tzinfo=LONDON, output_field=DateField()),
            matches=_matching(filters),
            furthest=Max(_place_of(step)),
            last_word=_last(loss, of=is_loss | Q(kind__in=PATH)),
            losses=ArrayAgg(loss, filter=is_loss, distinct=True),
            marks=ArrayAgg("kind", filter=Q(kind__in=[*ENDINGS, *ALONGSIDE]), distinct=True),
        )
        .values(*_COLUMNS)
    )


def _matching(filters: Filters) -> BoolOr:
    """Whether the journey fits the filters. The journey's own columns are the same at each of its events."""
    wanted = Q(id__isnull=False)
    if filters.source:
        wanted &= Q(journey__source=filters.source)
    if filters.referrer_id:
        wanted &= Q(journey__referrer_id=filters.referrer_id)
    if filters.scheme_id:
        wanted &= Q(scheme_id=filters.scheme_id)
    return BoolOr(wanted, default=False)


def _place_of(step: Case) -> Func:
    """The number of a step on the path, from 1; null for what is no step of it."""
    names: Sequence[str] = [kind.value for kind in PATH]
    return Func(
        Value(names, output_field=ArrayField(CharField())),
        step,
        function="array_position",
        output_field=IntegerField(),
    )


def _last(value: Case, *, of: Q) -> Func:
    """The value of the latest event among `of`, in the order of `pathway.standing`."""
    ordered = ArrayAgg(value, filter=of, order_by=("-occurred_at", "-recorded_at", "-id"))
    return Func(ordered, template="(%(expressions)s)[1]", output_field=TextField())
