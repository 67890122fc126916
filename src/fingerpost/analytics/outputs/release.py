"""The exit. A result leaves as plain cells, after a last look at every count that the schema flags.

`to_result` has protected the counts already. This looks again, from the flags alone, because whatever leaves
cannot be called back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from fingerpost.disclosure import FOR_COUNTS, Suppressed, is_suppressed
from fingerpost.interchange.indicators.result_schema import RESULT_COLUMNS, Flag
from fingerpost.interchange.indicators.results import IndicatorResult, MonthResult
from fingerpost.kernel.errors import NotAllowed
from fingerpost.kernel.words import N_, Phrase

__all__ = ["ReleasedCell", "released_rows"]

ReleasedCell = int | float | str | date | Suppressed | None
ReleasedRow = dict[str, ReleasedCell]


def released_rows(result: IndicatorResult) -> tuple[ReleasedRow, ...]:
    """The rows of a result by column name. `NotAllowed` for a count that disclosure control cannot give."""
    return tuple(_released(row) for row in result.rows)


def _released(row: MonthResult) -> ReleasedRow:
    counts = [column.name for column in RESULT_COLUMNS if column.flag is Flag.COUNT]
    raw = [name for name in counts if _is_raw(getattr(row, name))]
    # A derived number beside a hidden count would tell it.
    raw += _derived_from_hidden(row)
    if raw:
        raise NotAllowed(
            Phrase(
                N_("These have not passed disclosure control and cannot leave: {columns}."),
                columns=", ".join(raw),
            ),
            reason="unprotected_count",
            remedy=N_("Make the result with fingerpost.interchange.indicators.results.to_result."),
        )
    return {column.name: getattr(row, column.name) for column in RESULT_COLUMNS}


def _is_raw(count: object) -> bool:
    """Whether disclosure control could not have given this cell."""
    if is_suppressed(count):
        return False
    return not isinstance(count, int) or FOR_COUNTS.is_small(count) or FOR_COUNTS.rounded(count) != count


def _derived_from_hidden(row: MonthResult) -> Iterator[str]:
    hides = any(is_suppressed(getattr(row, name)) for name in ("denominator", "numerator"))
    for name in ("share", "low", "high"):
        if hides and getattr(row, name) is not None:
            yield name
