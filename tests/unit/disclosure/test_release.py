import numpy as np
import pytest

from fingerpost.disclosure import (
    FOR_COUNTS,
    FOR_RATES,
    DisclosurePolicy,
    Suppressed,
    Why,
    nearest,
    release_count,
    release_row,
    release_share,
    release_table,
)
from fingerpost.kernel.errors import InvalidValue

SMALL = Suppressed(7)
BESIDE = Suppressed(7, Why.COMPLEMENT)
SHY = DisclosurePolicy(threshold=7, rounded=nearest, shows_zero=False, shows_extremes=False)


@pytest.mark.parametrize(
    ("count", "released"), [(0, 0), (1, SMALL), (7, SMALL), (8, 10), (12, 10), (13, 15), (22, 20), (23, 25)]
)
def test_count_released_by_the_golden_numbers(count: int, released: object) -> None:
    assert release_count(count) == released
    assert release_count(np.int64(count)) == released


def test_count_of_none_under_a_policy_that_hides_it_is_suppressed() -> None:
    assert release_count(0, SHY) == SMALL


@pytest.mark.parametrize("count", [-1, 2.0, "3", None, True])
def test_count_that_is_no_count_is_refused(count: object) -> None:
    with pytest.raises(InvalidValue):
        release_count(count)  # type: ignore[arg-type]


def test_row_without_small_cells_has_the_sum_of_rounded_cells_as_total() -> None:
    row = release_row({"yes": 12, "no": 12, "unsure": 12})
    assert row.cells == {"yes": 10, "no": 10, "unsure": 10}
    assert (row.total, row.left_out) == (30, 0)  # not 35, the rounded true total


def test_row_with_one_small_cell_loses_its_smallest_neighbour_too() -> None:
    row = release_row({"came": 40, "did not come": 3, "finished": 21, "moved": 0})
    assert row.cells == {"came": 40, "did not come": SMALL, "finished": BESIDE, "moved": 0}
    assert (row.total, row.left_out) == (40, 2)


def test_row_with_two_small_cells_loses_nothing_more() -> None:
    assert release_row({"a": 2, "b": 3, "c": 40}).cells == {"a": SMALL, "b": SMALL, "c": 40}


def test_row_with_nothing_else_to_hide_hides_a_nought_and_its_total() -> None:
    row = release_row({"a": 2, "b": 0, "c": 0})
    assert row.cells == {"a": SMALL, "b": BESIDE, "c": 0}
    assert row.total == BESIDE


def test_row_of_one_small_cell_has_a_suppressed_total() -> None:
    assert release_row({"a": 2}).total == BESIDE


def test_rows_of_nothing_are_nothing() -> None:
    assert release_row({}).total == 0
    assert release_table({}).total == 0


def test_table_with_one_small_cell_hides_a_square_so_that_no_line_gives_it_away() -> None:
    table = release_table(
        {
            "North": {"came": 30, "did not": 3, "waits": 50},
            "South": {"came": 20, "did not": 40, "waits": 50},
            "West": {"came": 25, "did not": 60, "waits": 50},
        }
    )
    assert table.cells["North"] == {"came": BESIDE, "did not": SMALL, "waits": 50}
    assert table.cells["South"] == {"came": BESIDE, "did not": BESIDE, "waits": 50}
    assert table.cells["West"] == {"came": 25, "did not": 60, "waits": 50}
    assert table.row_totals == {"North": 50, "South": 50, "West": 135}
    assert table.column_totals == {"came": 25, "did not": 60, "waits": 150}
    assert table.total == 235


def test_table_with_uneven_rows_is_refused() -> None:
    with pytest.raises(InvalidValue):
        release_table({"North": {"came": 9}, "South": {"did not": 9}})


def test_share_is_the_ratio_of_the_counts_released_with_it() -> None:
    told = release_share(33, 103, FOR_COUNTS)
    assert (told.numerator, told.denominator) == (35, 105)
    assert told.share == pytest.approx(35 / 105)
    alone = release_share(33, 103)
    assert (alone.numerator, alone.denominator) == (33, 105)
    assert alone.share == pytest.approx(33 / 105)


@pytest.mark.parametrize(
    ("part", "whole", "numerator", "denominator"),
    [
        (3, 40, SMALL, 40),  # few in the part
        (37, 40, BESIDE, 40),  # few outside it
        (0, 40, SMALL, 40),  # none
        (40, 40, BESIDE, 40),  # all
        (3, 7, SMALL, SMALL),  # few at all
    ],
)
def test_share_that_describes_few_people_or_everyone_is_suppressed(
    part: int, whole: int, numerator: object, denominator: object
) -> None:
    told = release_share(part, whole, FOR_COUNTS)
    assert (told.numerator, told.denominator, told.share) == (numerator, denominator, BESIDE)


def test_share_of_none_under_a_policy_that_shows_it() -> None:
    frank = DisclosurePolicy(threshold=7, rounded=nearest, shows_zero=True, shows_extremes=True)
    assert release_share(0, 40, frank).share == 0
    assert release_share(40, 40, frank).share == 1


def test_share_of_no_one_is_no_number() -> None:
    assert release_share(0, 0).share is None
    assert release_share(0, 0, SHY).share == BESIDE


def test_share_larger_than_its_whole_is_refused() -> None:
    with pytest.raises(InvalidValue):
        release_share(9, 8, FOR_RATES)
