"""What an indicator's counts come to, for both halves.

A half counts (`IndicatorRow`); `to_result` does the rest, the same for both: months without a
referral, months still maturing, disclosure control, the share and its interval. Everything in a result is
worked out from counts that are already protected, so a result tells nothing that its counts do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fingerpost.disclosure import Suppressed
from fingerpost.interchange.indicators.protection import Cell, protected_counts
from fingerpost.interchange.indicators.specification import (
    IndicatorSpec,
    month_of,
    next_month,
)
from fingerpost.stats import Proportion, proportion

__all__ = ["GRADE", "IndicatorResult", "IndicatorRow", "MonthResult", "Status", "Total", "to_result"]

GRADE = "E0"
"""Counts only: it says what was delivered, and nothing about what that changed."""


@dataclass(frozen=True, kw_only=True)
class IndicatorRow:
    """What one half counted for the month that begins on `month`. Not for anyone's eyes: unprotected.

    `missing` journeys are in the denominator and not in the numerator.
    """

    month: date
    denominator: int
    numerator: int
    missing: int

    def __post_init__(self) -> None:
        if self.month.day != 1 or not 0 <= self.numerator + self.missing <= self.denominator:
            raise ValueError("an indicator row needs the first day of a month and counts that fit each other")


class Status(StrEnum):
    """Why a month has a share, or why it has none."""

    SHOWN = "shown"
    MATURING = "maturing"
    TOO_FEW = "too_few"
    SUPPRESSED = "suppressed"
    NONE_REFERRED = "none_referred"


@dataclass(frozen=True, kw_only=True)
class MonthResult:
    """One month, protected. Shares are 0 to 1, and None unless `status` is `shown`."""

    month: date
    status: Status
    denominator: Cell
    numerator: Cell
    missing: Cell
    share: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, kw_only=True)
class Total:
    """The complete months whose counts are both told, as sums of the rounded counts.

    `months_left_out`: complete months with referrals that could not be told.
    """

    months: int
    months_left_out: int
    denominator: int
    numerator: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class IndicatorResult:
    """An indicator as known on the day `as_of`: safe to show to whoever may see the indicator.

    `rows` run without a gap from the first month counted to that of `as_of`. `total` is None when there are
    fewer than the specification's `minimum_n` journeys to sum.
    """

    spec: IndicatorSpec
    as_of: date
    rows: tuple[MonthResult, ...]
    total: Total | None
    grade: str = GRADE


def to_result(spec: IndicatorSpec, rows: Iterable[IndicatorRow], *, as_of: date) -> IndicatorResult:
    """The result of what a half counted as known on the day `as_of`; one row for each month, in any order."""
    counted = {row.month: row for row in rows}
    results = tuple(
        _month_result(spec, counted.get(month) or _nothing(month), as_of) for month in _months(counted, as_of)
    )
    return IndicatorResult(spec=spec, as_of=as_of, rows=results, total=_total(spec, results, as_of))


def _nothing(month: date) -> IndicatorRow:
    return IndicatorRow(month=month, denominator=0, numerator=0, missing=0)


def _months(counted: Iterable[date], as_of: date) -> Iterator[date]:
    """From the first month counted to that of `as_of`. A month without a referral is a fact, not a gap."""
    month = min(counted, default=None)
    while month is not None and month <= month_of(as_of):
        yield month
        month = next_month(month)


def _month_result(spec: IndicatorSpec, row: IndicatorRow, as_of: date) -> MonthResult:
    counts = {"denominator": row.denominator, "numerator": row.numerator, "missing": row.missing}
    cells = protected_counts(counts, spec.disclosure)
    status = _status(spec, row.month, cells, as_of)
    told = _share(cells["numerator"], cells["denominator"]) if status is Status.SHOWN else None
    return MonthResult(
        month=row.month,
        status=status,
        denominator=cells["denominator"],
        numerator=cells["numerator"],
        missing=cells["missing"],
        share=told.estimate if told else None,
        low=told.low if told else None,
        high=told.high if told else None,
    )


def _status(spec: IndicatorSpec, month: date, cells: dict[str, Cell], as_of: date) -> Status:
    """Decided on the protected counts alone, so that the status cannot tell what they hide."""
    denominator, numerator = cells["denominator"], cells["numerator"]
    if isinstance(denominator, Suppressed):
        return Status.SUPPRESSED
    if denominator == 0:
        return Status.NONE_REFERRED
    if spec.is_maturing(month, as_of):
        return Status.MATURING
    if isinstance(numerator, Suppressed):
        return Status.SUPPRESSED
    return Status.TOO_FEW if denominator < spec.minimum_n else Status.SHOWN


def _total(spec: IndicatorSpec, rows: tuple[MonthResult, ...], as_of: date) -> Total | None:
    rows_told = [row for row in rows if row.status in (Status.SHOWN, Status.TOO_FEW)]
    denominator = sum(row.denominator for row in rows_told if isinstance(row.denominator, int))
    numerator = sum(row.numerator for row in rows_told if isinstance(row.numerator, int))
    if denominator < spec.minimum_n:
        return None
    told = _share(numerator, denominator)
    return Total(
        months=len(rows_told),
        months_left_out=sum(
            row.status is Status.SUPPRESSED and not spec.is_maturing(row.month, as_of) for row in rows
        ),
        denominator=denominator,
        numerator=numerator,
        share=told.estimate,
        low=told.low,
        high=told.high,
    )


def _share(numerator: Cell, denominator: Cell) -> Proportion:
    """The share and its 95% interval, from the rounded counts."""
    assert isinstance(numerator, int) and isinstance(denominator, int)
    return proportion(numerator, denominator)
