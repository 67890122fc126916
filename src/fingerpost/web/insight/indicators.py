"""A declared indicator counted live, in SQL. Its exact meaning: `interchange.indicators.specification`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg, BoolOr
from django.db import connection
from django.db.models import Min, Q, QuerySet
from django.db.models.functions import TruncDate

from fingerpost.codes.pathway import EventKind
from fingerpost.interchange.indicators.loader import load_indicator
from fingerpost.interchange.indicators.results import IndicatorResult, IndicatorRow, to_result
from fingerpost.interchange.indicators.specification import IndicatorSpec
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.insight.policies import check_can_see_counts
from fingerpost.web.insight.standing import LONDON, end_of, standing_before
from fingerpost.web.pathway import api as pathway

REACHED_FIRST_CONTACT = "reached_first_contact"

_BY_MONTH = """
SELECT date_trunc('month', index_day)::date AS month, count(*),
       count(*) FILTER (WHERE in_time), count(*) FILTER (WHERE early AND NOT in_time)
FROM (
    SELECT index_day,
           EXISTS (SELECT FROM unnest(reached) AS day WHERE day BETWEEN index_day AND index_day + %s) AS in_time,
           EXISTS (SELECT FROM unnest(reached) AS day WHERE day < index_day) AS early
    FROM ({journeys}) AS journey
    WHERE index_day IS NOT NULL AND NOT is_wrong
) AS outcome
GROUP BY month ORDER BY month
"""


def count_reached_first_contact(actor: Actor, *, as_of: date) -> tuple[IndicatorRow, ...]:
    """The journeys in the actor's reach that were referred, and reached a first contact, by month. Unprotected."""
    return count_by_month(actor, load_indicator(REACHED_FIRST_CONTACT), as_of=as_of)


def first_contact(actor: Actor, *, as_of: date) -> IndicatorResult:
    """The same, protected: safe to show to whoever may see counts. Raises `NotAllowed`."""
    check_can_see_counts(actor)
    spec = load_indicator(REACHED_FIRST_CONTACT)
    return to_result(spec, count_by_month(actor, spec, as_of=as_of), as_of=as_of)


def count_by_month(actor: Actor, spec: IndicatorSpec, *, as_of: date) -> tuple[IndicatorRow, ...]:
    """The rows of any declared indicator as known on the day `as_of`, in order of month. Unprotected."""
    sql, params = _journeys(actor, spec, as_of).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_BY_MONTH.format(journeys=sql), [spec.numerator.within_days, *params])
        return tuple(
            IndicatorRow(month=month, denominator=denominator, numerator=numerator, missing=missing)
            for month, denominator, numerator, missing in cursor.fetchall()
        )


def _journeys(actor: Actor, spec: IndicatorSpec, as_of: date) -> QuerySet[pathway.PathwayEvent, Any]:
    """One row for each journey: index_day, is_wrong, and the days on which it was reached."""
    day = TruncDate("occurred_at", tzinfo=LONDON)
    # No loss is without a reason, so the empty one changes nothing; it keeps an empty list valid SQL.
    never = [*spec.denominator.never_lost_for, ""]
    return (
        standing_before(actor, end_of(as_of))
        .order_by()
        .values("journey_id")
        .annotate(
            index_day=Min(day, filter=Q(kind=spec.denominator.index)),
            is_wrong=BoolOr(Q(kind=EventKind.LOST, reason__in=never)),
            reached=ArrayAgg(day, filter=Q(kind__in=spec.numerator.reached)),
        )
        .values("index_day", "is_wrong", "reached")
    )
