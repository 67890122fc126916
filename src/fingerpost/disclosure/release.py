"""Counts, rows, tables and shares as they may leave.

Totals are sums of what is shown, never of what is not, so nothing can be got back by taking away. Where one
cell of a row or column is suppressed alone, a second goes with it: the total may be known from elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import SupportsIndex

from fingerpost.disclosure.policy import (
    FOR_COUNTS,
    FOR_RATES,
    DisclosurePolicy,
    Suppressed,
    Why,
    is_suppressed,
    whole_count,
)
from fingerpost.kernel.errors import InvalidValue
from fingerpost.kernel.words import N_

__all__ = [
    "ReleasedRow",
    "ReleasedShare",
    "ReleasedTable",
    "release_count",
    "release_row",
    "release_share",
    "release_table",
]

Cell = int | Suppressed
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ReleasedRow:
    """Parts of one whole. `total` sums the shown cells; `left_out` says how many are not in it.

    `total` is itself suppressed when nothing but noughts is shown beside a suppressed cell.
    """

    cells: dict[str, Cell]
    total: Cell
    left_out: int


@dataclass(frozen=True, slots=True)
class ReleasedTable:
    """Rows by columns of one whole. `cells[row][column]`; each total sums the shown cells along its line."""

    cells: dict[str, dict[str, Cell]]
    row_totals: dict[str, Cell]
    column_totals: dict[str, Cell]
    total: Cell


@dataclass(frozen=True, slots=True)
class ReleasedShare:
    """A share with the rounded counts it is taken from. `share` is 0 to 1, or None when there is no one.

    All three are suppressed when any would describe a small group, its complement, or everyone.
    """

    numerator: Cell
    denominator: Cell
    share: float | Suppressed | None


def release_count(count: SupportsIndex, policy: DisclosurePolicy = FOR_COUNTS) -> Cell:
    """One count of people, rounded, or `Suppressed`."""
    number = whole_count(count)
    return Suppressed(policy.threshold) if policy.is_small(number) else policy.rounded(number)


def release_row(counts: Mapping[str, SupportsIndex], policy: DisclosurePolicy = FOR_COUNTS) -> ReleasedRow:
    """The parts of one whole: counts of different people by label."""
    cells = _released([list(counts.values())], policy)[0]
    left_out = sum(map(is_suppressed, cells))
    return ReleasedRow(dict(zip(counts, cells, strict=True)), _total(cells, policy), left_out)


def release_table(
    counts: Mapping[str, Mapping[str, SupportsIndex]], policy: DisclosurePolicy = FOR_COUNTS
) -> ReleasedTable:
    """A table of counts of different people; every row must have the same columns, in the same order."""
    columns = list(next(iter(counts.values()), {}))
    if any(list(row) != columns for row in counts.values()):
        raise InvalidValue(
            N_("The rows of this table do not have the same columns."),
            expected=N_("The same columns in every row, with 0 where there is no one."),
        )
    cells = _released([list(row.values()) for row in counts.values()], policy)
    by_row = dict(zip(counts, cells, strict=True))
    by_column = dict(zip(columns, zip(*cells, strict=True), strict=True))
    return ReleasedTable(
        cells={name: dict(zip(columns, row, strict=True)) for name, row in by_row.items()},
        row_totals={name: _total(row, policy) for name, row in by_row.items()},
        column_totals={name: _total(column, policy) for name, column in by_column.items()},
        total=_total([cell for row in cells for cell in row], policy),
    )


def release_share(
    numerator: SupportsIndex, denominator: SupportsIndex, policy: DisclosurePolicy = FOR_RATES
) -> ReleasedShare:
    """A share of people, taken from the same rounded counts that are released with it.

    Give the policy under which the page releases its counts: `FOR_COUNTS` when they stand beside the share.
    """
    part, whole = whole_count(numerator), whole_count(denominator)
    if part > whole:
        raise InvalidValue(
            N_("The part of a share is larger than the whole."), expected=N_("A part within its whole.")
        )
    if whole == 0 and policy.shows_zero:
        return ReleasedShare(0, 0, None)
    if not _may_tell_share(part, whole, policy):
        why = Why.SMALL if part <= policy.threshold else Why.COMPLEMENT
        hidden = Suppressed(policy.threshold, Why.COMPLEMENT)
        return ReleasedShare(Suppressed(policy.threshold, why), release_count(whole, policy), hidden)
    top, bottom = policy.rounded(part), policy.rounded(whole)
    return ReleasedShare(top, bottom, top / bottom)


def _may_tell_share(part: int, whole: int, policy: DisclosurePolicy) -> bool:
    """Neither the whole, nor those in the part, nor those outside it, may be a small group."""
    if policy.is_small(whole):
        return False
    if part in (0, whole):
        return policy.shows_extremes
    return not (policy.is_small(part) or policy.is_small(whole - part))


def _released(counts: Sequence[Sequence[SupportsIndex]], policy: DisclosurePolicy) -> list[list[Cell]]:
    """Every cell by itself; then each line with one suppressed cell gets a second, until there is none.

    Choices look at rounded values only, so that a release does not change while its rounded counts do not.
    """
    cells = [[release_count(count, policy) for count in row] for row in counts]
    lines = _lines(len(cells), len(cells[0]) if cells else 0)
    while True:
        lonely = next((line for line in lines if _is_lonely(cells, line)), None)
        if lonely is None:
            return cells
        row, column = min(_shown(cells, lonely), key=lambda at: _order_of_hiding(cells[at[0]][at[1]]))
        cells[row][column] = Suppressed(policy.threshold, Why.COMPLEMENT)


def _lines(rows: int, columns: int) -> list[list[Place]]:
    """The rows and columns of two cells or more, each as its places."""
    across = [[(row, column) for column in range(columns)] for row in range(rows)]
    down = [[(row, column) for row in range(rows)] for column in range(columns)]
    return [line for line in across + down if len(line) > 1]


def _shown(cells: list[list[Cell]], line: list[Place]) -> list[Place]:
    return [(row, column) for row, column in line if not is_suppressed(cells[row][column])]


def _is_lonely(cells: list[list[Cell]], line: list[Place]) -> bool:
    return len(_shown(cells, line)) == len(line) - 1


def _order_of_hiding(cell: Cell) -> tuple[bool, int]:
    """The smallest count goes first; a nought only when there is nothing else."""
    count = 0 if isinstance(cell, Suppressed) else cell
    return count == 0, count


def _total(cells: Sequence[Cell], policy: DisclosurePolicy) -> Cell:
    """The sum of what is shown; never a nought that stands for suppressed people."""
    shown = [cell for cell in cells if not isinstance(cell, Suppressed)]
    if len(shown) < len(cells) and not sum(shown):
        return Suppressed(policy.threshold, Why.COMPLEMENT)
    return sum(shown)
