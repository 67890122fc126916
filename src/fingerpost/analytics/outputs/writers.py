"""A released indicator as CSV, JSON or text for people."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import date

from fingerpost.analytics.outputs.release import ReleasedCell, released_rows
from fingerpost.disclosure import is_suppressed
from fingerpost.interchange.indicators.result_schema import RESULT_COLUMNS
from fingerpost.interchange.indicators.results import IndicatorResult, Status

__all__ = ["WRITERS", "as_csv", "as_json", "as_text"]

SUPPRESSED = "suppressed"
"""A word, so that no program can add it up or take it for nought."""

_NOTES = {
    Status.SHOWN: "",
    Status.MATURING: "still maturing: complete from {complete_from}",
    Status.TOO_FEW: "too few for a share",
    Status.SUPPRESSED: "small numbers hidden",
    Status.NONE_REFERRED: "none",
}


def as_csv(result: IndicatorResult) -> str:
    """One line for each month, with the columns of the result schema."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [column.name for column in RESULT_COLUMNS], lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _plain(cell) for name, cell in row.items()} for row in released_rows(result))
    return text.getvalue()


def as_json(result: IndicatorResult) -> str:
    """The result with what is needed to read it: the indicator, its version, the day and the grade."""
    spec, total = result.spec, result.total
    content = {
        "indicator": spec.name,
        "version": spec.version,
        "title": spec.title,
        "as_of": result.as_of.isoformat(),
        "grade": result.grade,
        "within_days": spec.numerator.within_days,
        "minimum_n": spec.minimum_n,
        "rows": [{name: _plain(cell) for name, cell in row.items()} for row in released_rows(result)],
        "total": None if total is None else vars(total),
    }
    return json.dumps(content, indent=2) + "\n"


def as_text(result: IndicatorResult) -> str:
    """The result for reading: what was asked, the numbers, and what they do not say."""
    return "\n".join([*_opening(result), *_table(result), "", *_closing(result)]) + "\n"


WRITERS: dict[str, Callable[[IndicatorResult], str]] = {"text": as_text, "csv": as_csv, "json": as_json}


def _plain(cell: ReleasedCell) -> object:
    if is_suppressed(cell):
        return SUPPRESSED
    if isinstance(cell, float):
        return round(cell, 4)
    return cell.isoformat() if isinstance(cell, date) else cell


def _opening(result: IndicatorResult) -> Iterator[str]:
    spec, total = result.spec, result.total
    yield f"{spec.title} ({spec.name}, version {spec.version})"
    yield spec.question
    yield f"As known on {result.as_of.isoformat()}."
    yield ""
    if total is None:
        yield "No complete months with enough journeys to give one share for all of them."
    else:
        yield (
            f"Complete months that can be told: {total.months} (left out: {total.months_left_out}). "
            f"Journeys: {total.denominator} -> reached: {total.numerator}, "
            f"{_percent(total.share)} ({_percent(total.low)} to {_percent(total.high)})."
        )
    yield ""


def _table(result: IndicatorResult) -> Iterator[str]:
    line = "{:<9}{:>11}{:>11}{:>13}  {:<22}{}"
    yield line.format("Month", "Journeys", "Reached", "Unreadable", "Share (95% interval)", "").rstrip()
    for row, cells in zip(result.rows, released_rows(result), strict=True):
        counts = ["hidden" if is_suppressed(cells[name]) else str(cells[name]) for name in _COUNTS]
        share = "-"
        if row.share is not None and row.low is not None and row.high is not None:
            share = f"{_percent(row.share)} ({_percent(row.low)} to {_percent(row.high)})"
        note = _NOTES[row.status].format(complete_from=result.spec.complete_from(row.month))
        yield line.format(f"{row.month:%Y-%m}", *counts, share, note).rstrip()


_COUNTS = ("denominator", "numerator", "missing")


def _closing(result: IndicatorResult) -> Iterator[str]:
    spec = result.spec
    yield f"Journeys: {spec.denominator.meaning}"
    yield f"Reached: {spec.numerator.meaning} {spec.numerator.why}"
    yield f"Unreadable: {spec.missing_meaning}"
    yield f"Time: {spec.time_rule}"
    yield "Left out: " + " ".join(spec.exclusions)
    yield "Counts are rounded to the nearest 5 and small ones hidden; shares come from rounded counts."
    yield f"Evidence grade {result.grade}: counts only. It says what was delivered, not what that changed."
    if spec.benchmark:
        kind = "comparable" if spec.benchmark.comparable else "not comparable"
        yield (
            f"Elsewhere ({kind}): {_percent(spec.benchmark.value)}. {spec.benchmark.meaning} "
            f"({spec.benchmark.source})"
        )


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"
