"""A declared indicator as one Ibis expression over pathway events."""

from __future__ import annotations

from datetime import date

import ibis.expr.types as ir

from fingerpost.analytics.engine.connection import Engine
from fingerpost.analytics.evaluation.funnel.standing_events import standing_on
from fingerpost.analytics.tables.extract import pathway_event
from fingerpost.codes.pathway import EventKind
from fingerpost.interchange.indicators.results import IndicatorRow
from fingerpost.interchange.indicators.specification import IndicatorSpec


def count_by_month(engine: Engine, spec: IndicatorSpec, *, as_of: date) -> tuple[IndicatorRow, ...]:
    """The rows of an indicator as known on the day `as_of`, in order of month."""
    rows = engine.rows(months(spec, pathway_event, as_of=as_of))
    return tuple(IndicatorRow(**row) for row in rows)  # type: ignore[arg-type]


def months(spec: IndicatorSpec, events: ir.Table, *, as_of: date) -> ir.Table:
    """month, denominator, numerator, missing; one row for each month with a journey in the denominator."""
    outcomes = _outcomes(spec, standing_on(events, as_of))
    return (
        outcomes.mutate(month=outcomes.index_day.truncate("M"))
        .group_by("month")
        .aggregate(
            # Cast, because engines differ in the type of a sum.
            denominator=lambda t: t.count().cast("int64"),
            numerator=lambda t: t.in_time.sum().cast("int64"),
            missing=lambda t: t.too_early.sum().cast("int64"),
        )
        .order_by("month")
    )


def _outcomes(spec: IndicatorSpec, events: ir.Table) -> ir.Table:
    """One row for each journey in the denominator: index_day, in_time and too_early (0 or 1)."""
    indexed = _indexed(spec, events)
    reached = events.filter(events.event.isin([kind.value for kind in spec.numerator.reached]))
    reached = reached.select("journey_pseudonym", reached_on=reached.occurred_on)
    joined = indexed.left_join(reached, "journey_pseudonym")
    joined = joined.select("journey_pseudonym", "index_day", "reached_on")
    after = joined.reached_on.delta(joined.index_day, unit="day")
    in_time = (after >= 0) & (after <= spec.numerator.within_days)
    return (
        joined.mutate(in_time=in_time.ifelse(1, 0), early=(after < 0).ifelse(1, 0))
        .group_by("journey_pseudonym", "index_day")
        .aggregate(
            in_time=lambda t: t.in_time.max(),
            too_early=lambda t: ((t.early.max() == 1) & (t.in_time.max() == 0)).ifelse(1, 0),
        )
    )


def _indexed(spec: IndicatorSpec, events: ir.Table) -> ir.Table:
    """journey_pseudonym and index_day of the denominator."""
    wrong = events.filter(
        events.event == EventKind.LOST.value, events.reason.isin(list(spec.denominator.never_lost_for))
    )
    indexed = events.filter(events.event == spec.denominator.index.value)
    days = indexed.group_by("journey_pseudonym").aggregate(index_day=indexed.occurred_on.min())
    return days.anti_join(wrong.select("journey_pseudonym").distinct(), "journey_pseudonym")
