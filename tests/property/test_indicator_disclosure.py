"""What a reader of results can work out, even one who sees two of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fingerpost.disclosure import is_suppressed
from fingerpost.interchange.indicators.loader import load_indicator
from fingerpost.interchange.indicators.protection import protected_counts
from fingerpost.interchange.indicators.results import IndicatorResult, IndicatorRow, Status, to_result

SPEC = load_indicator("reached_first_contact")
AS_OF = date(2026, 12, 31)


@st.composite
def rows(draw: st.DrawFn, month: date = date(2026, 1, 1)) -> IndicatorRow:
    denominator = draw(st.integers(0, 70))
    numerator = draw(st.integers(0, denominator))
    missing = draw(st.integers(0, denominator - numerator))
    return IndicatorRow(month=month, denominator=denominator, numerator=numerator, missing=missing)


@st.composite
def years(draw: st.DrawFn) -> list[IndicatorRow]:
    months = draw(st.sets(st.integers(1, 12), min_size=1))
    return [draw(rows(month=date(2026, month, 1))) for month in sorted(months)]


def _cells(result: IndicatorResult) -> list[Any]:
    return [cell for row in result.rows for cell in (row.denominator, row.numerator, row.missing)]


@settings(max_examples=100)
@given(year=years())
def test_result_shows_only_rounded_counts_above_the_threshold(year: list[IndicatorRow]) -> None:
    for cell in _cells(to_result(SPEC, year, as_of=AS_OF)):
        assert is_suppressed(cell) or cell == 0 or (cell > 7 and cell % 5 == 0)


@settings(max_examples=100)
@given(year=years())
def test_shares_and_totals_tell_nothing_beyond_the_shown_counts(year: list[IndicatorRow]) -> None:
    result = to_result(SPEC, year, as_of=AS_OF)
    told = [row for row in result.rows if row.status in (Status.SHOWN, Status.TOO_FEW)]

    for row in result.rows:
        assert row.share is None or row.share == row.numerator / row.denominator  # type: ignore[operator]
    if result.total:
        assert result.total.denominator == sum(row.denominator for row in told)  # type: ignore[misc]
        assert result.total.numerator == sum(row.numerator for row in told)  # type: ignore[misc]


@settings(max_examples=150)
@given(one=rows(), another=rows())
def test_two_months_with_the_same_protected_counts_give_the_same_result(
    one: IndicatorRow, another: IndicatorRow
) -> None:
    shown = [
        protected_counts(
            {"denominator": row.denominator, "numerator": row.numerator, "missing": row.missing},
            SPEC.disclosure,
        )
        for row in (one, another)
    ]
    if shown[0] == shown[1]:
        assert to_result(SPEC, [one], as_of=AS_OF).rows == to_result(SPEC, [another], as_of=AS_OF).rows


@settings(max_examples=150)
@given(row=rows())
def test_two_releases_that_differ_by_one_person_never_tell_one(row: IndicatorRow) -> None:
    # The differencing attack of evaluation note 12.9: take one release from the next.
    more = IndicatorRow(
        month=row.month, denominator=row.denominator + 1, numerator=row.numerator + 1, missing=row.missing
    )
    before, after = (to_result(SPEC, [each], as_of=AS_OF) for each in (row, more))

    for old, new in zip(_cells(before), _cells(after), strict=False):
        if not is_suppressed(old) and not is_suppressed(new):
            assert new - old in (0, 5) or old == 0
