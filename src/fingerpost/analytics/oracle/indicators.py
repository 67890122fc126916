"""An indicator counted one journey at a time, in the words of its specification."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from fingerpost.interchange.indicators.results import IndicatorRow
from fingerpost.interchange.indicators.specification import IndicatorSpec

Event = Mapping[str, Any]


def count_by_month(spec: IndicatorSpec, events: Iterable[Event], *, as_of: date) -> tuple[IndicatorRow, ...]:
    """The rows of an indicator from `pathway_event` rows, as known on the day `as_of`, by month."""
    journeys: dict[str, list[Event]] = {}
    for event in events:
        is_known = event["occurred_on"] <= as_of and event["recorded_on"] <= as_of
        is_taken_back = event["taken_back_on"] is not None and event["taken_back_on"] <= as_of
        if is_known and not is_taken_back:
            journeys.setdefault(event["journey_pseudonym"], []).append(event)

    counts: dict[date, list[int]] = {}
    for standing in journeys.values():
        outcome = _outcome(spec, standing)
        if outcome is None:
            continue
        month, is_reached, is_missing = outcome
        row = counts.setdefault(month, [0, 0, 0])
        row[0] += 1
        row[1] += is_reached
        row[2] += is_missing
    return tuple(
        IndicatorRow(month=month, denominator=row[0], numerator=row[1], missing=row[2])
        for month, row in sorted(counts.items())
    )


def _outcome(spec: IndicatorSpec, standing: list[Event]) -> tuple[date, bool, bool] | None:
    """The month, whether reached, whether missing; None for a journey outside the denominator."""
    index_days = [event["occurred_on"] for event in standing if event["event"] == spec.denominator.index]
    for event in standing:
        if event["event"] == "lost" and event["reason"] in spec.denominator.never_lost_for:
            return None
    if not index_days:
        return None

    index_day = min(index_days)
    last_day = index_day + timedelta(days=spec.numerator.within_days)
    reached_days = [event["occurred_on"] for event in standing if event["event"] in spec.numerator.reached]
    is_reached = any(index_day <= day <= last_day for day in reached_days)
    is_missing = not is_reached and any(day < index_day for day in reached_days)
    return date(index_day.year, index_day.month, 1), is_reached, is_missing
