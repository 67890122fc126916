from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fingerpost.disclosure import is_suppressed
from fingerpost.interchange.indicators.loader import load_indicator
from fingerpost.interchange.indicators.results import IndicatorRow, MonthResult, Status, to_result
from fingerpost.interchange.indicators.specification import DisclosureClass

SPEC = load_indicator("reached_first_contact")
JANUARY, LATER = date(2026, 1, 1), date(2026, 12, 31)


def _row(denominator: int, numerator: int, missing: int = 0, month: date = JANUARY) -> IndicatorRow:
    return IndicatorRow(month=month, denominator=denominator, numerator=numerator, missing=missing)


def _january(row: IndicatorRow, as_of: date = LATER) -> MonthResult:
    return to_result(SPEC, [row], as_of=as_of).rows[0]


def test_month_with_enough_journeys_has_a_share_of_the_rounded_counts() -> None:
    month = _january(_row(101, 66))

    assert (month.status, month.denominator, month.numerator) == (Status.SHOWN, 100, 65)
    assert month.share == 0.65
    # Wilson for 65 of 100, computed in evaluation note 12.8.
    assert month.low == pytest.approx(0.5525, abs=5e-5)
    assert month.high == pytest.approx(0.7364, abs=5e-5)


def test_month_still_maturing_has_counts_so_far_and_no_share() -> None:
    # 31 January, 42 days to be reached and 14 for late entry: complete from 28 March.
    before, then = _january(_row(100, 65), date(2026, 3, 27)), _january(_row(100, 65), date(2026, 3, 28))

    assert (before.status, before.numerator, before.share) == (Status.MATURING, 65, None)
    assert (then.status, then.share) == (Status.SHOWN, 0.65)


@pytest.mark.parametrize(
    "row", [_row(7, 3), _row(1, 0), _row(60, 7), _row(60, 1), _row(60, 53), _row(60, 59)]
)
def test_month_with_a_small_number_in_or_out_tells_no_share(row: IndicatorRow) -> None:
    month = _january(row)

    assert (month.status, month.share) == (Status.SUPPRESSED, None)
    assert is_suppressed(month.numerator)


def test_month_with_few_journeys_has_counts_and_no_share() -> None:
    month = _january(_row(17, 9))

    assert (month.status, month.denominator, month.numerator, month.share) == (Status.TOO_FEW, 15, 10, None)


def test_month_where_none_or_all_were_reached_is_told_unless_the_indicator_is_sensitive() -> None:
    sensitive = replace(SPEC, disclosure=DisclosureClass.SENSITIVE)

    for numerator in (0, 60):
        assert _january(_row(60, numerator)).share == numerator / 60
        month = to_result(sensitive, [_row(60, numerator)], as_of=LATER).rows[0]
        assert (month.status, month.share) == (Status.SUPPRESSED, None)
        assert is_suppressed(month.numerator)


def test_months_without_a_referral_are_told_as_such_up_to_the_last_day() -> None:
    rows = [_row(40, 30, month=date(2026, 4, 1)), _row(40, 30, month=date(2026, 1, 1))]
    result = to_result(SPEC, rows, as_of=date(2026, 6, 15))

    assert [row.month.month for row in result.rows] == [1, 2, 3, 4, 5, 6]
    assert [row.status for row in result.rows if row.month.month in (2, 3, 5, 6)] == [
        Status.NONE_REFERRED
    ] * 4


def test_result_of_nothing_has_no_rows_and_no_total() -> None:
    result = to_result(SPEC, [], as_of=LATER)

    assert (result.rows, result.total, result.grade) == ((), None, "E0")


def test_total_sums_only_complete_months_that_are_told() -> None:
    rows = [
        _row(40, 30, month=date(2026, 1, 1)),
        _row(17, 9, month=date(2026, 2, 1)),
        _row(60, 57, month=date(2026, 3, 1)),  # three not reached: hidden
        _row(40, 5, month=date(2026, 12, 1)),  # maturing
    ]
    total = to_result(SPEC, rows, as_of=LATER).total

    assert total is not None
    assert (total.months, total.months_left_out) == (2, 1)
    assert (total.denominator, total.numerator) == (40 + 15, 30 + 10)


@pytest.mark.parametrize(
    ("month", "counts"),
    [(date(2026, 1, 2), (3, 1, 0)), (JANUARY, (3, 4, 0)), (JANUARY, (3, 2, 2)), (JANUARY, (3, -1, 0))],
)
def test_row_with_counts_that_do_not_fit_is_refused(month: date, counts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="fit each other"):
        _row(*counts, month=month)
