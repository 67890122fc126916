"""An indicator's shares by month as a drawing: the line, its 95% intervals, and months without a share left open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import dateformat
from django.utils.translation import gettext as _

from fingerpost.interchange.indicators.results import IndicatorResult, MonthResult, Status
from fingerpost.web.dashboards.forms import month_words
from fingerpost.web.dashboards.wording import MONTH_NOTES
from fingerpost.web.pages.words import day as day_words
from fingerpost.web.pages.words import number, shown_number

# In the drawing's own units.
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 340, 216, 14, 326, 36, 160


@dataclass(frozen=True)
class Dot:
    """One month's share; `low_y` and `high_y` are the ends of its interval. `label` where there is room."""

    x: float
    y: float
    low_y: float
    high_y: float
    label: str
    anchor: str


@dataclass(frozen=True)
class MonthRow:
    """One month in words."""

    month: str
    referred: str
    reached: str
    share: str
    interval: str
    note: str


@dataclass(frozen=True)
class ShareChart:
    """`lines`: points of each unbroken run of months with a share. `open_x`: where months have none."""

    dots: Sequence[Dot]
    lines: Sequence[str]
    open_x: Sequence[float]
    first: str
    last: str
    in_words: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    top: int = TOP
    bottom: int = BOTTOM


def percent(share: float | None) -> str:
    """ "84%"; empty for None."""
    return "" if share is None else _("%(number)s%%") % {"number": number(round(100 * share))}


def interval(low: float | None, high: float | None) -> str:
    """ "76% to 90%"; empty for None."""
    return "" if low is None else _("%(low)s to %(high)s") % {"low": percent(low), "high": percent(high)}


def share_chart(result: IndicatorResult) -> ShareChart:
    rows = result.rows
    placed = list(zip(_places(len(rows)), rows, strict=True))
    shown = [(x, row) for x, row in placed if row.share is not None]
    return ShareChart(
        dots=[_dot(x, row, is_end=at in (0, len(shown) - 1)) for at, (x, row) in enumerate(shown)],
        lines=_runs(placed),
        open_x=[x for x, row in placed if row.share is None],
        first=_short(rows[0]) if rows else "",
        last=_short(rows[-1]) if rows else "",
        in_words="; ".join(f"{month_words(row.month)}: {percent(row.share)}" for _x, row in shown),
    )


def month_rows(result: IndicatorResult) -> list[MonthRow]:
    """The table beside the drawing, newest month first."""
    return [
        MonthRow(
            month=month_words(row.month),
            referred=shown_number(row.denominator),
            reached=_so_far(row),
            share=percent(row.share),
            interval=interval(row.low, row.high),
            note=str(MONTH_NOTES[row.status]) % {"day": day_words(result.spec.complete_from(row.month))},
        )
        for row in reversed(result.rows)
    ]


def _so_far(row: MonthResult) -> str:
    reached = shown_number(row.numerator)
    return _("%(number)s so far") % {"number": reached} if row.status is Status.MATURING else reached


def _places(count: int) -> list[float]:
    if count == 1:
        return [(LEFT + RIGHT) / 2]
    return [round(LEFT + at * (RIGHT - LEFT) / (count - 1), 1) for at in range(count)]


def _y(share: float) -> float:
    return round(BOTTOM - share * (BOTTOM - TOP), 1)


def _dot(x: float, row: MonthResult, *, is_end: bool) -> Dot:
    assert row.share is not None and row.low is not None and row.high is not None
    anchor = "start" if x < LEFT + 20 else "end" if x > RIGHT - 20 else "middle"
    label = percent(row.share) if is_end else ""
    return Dot(x, _y(row.share), _y(row.low), _y(row.high), label, anchor)


def _runs(placed: Sequence[tuple[float, MonthResult]]) -> list[str]:
    """Points of each run of neighbouring months with a share; a line across a gap would invent what lies in it."""
    runs: list[list[str]] = [[]]
    for x, row in placed:
        if row.share is None:
            runs.append([])
        else:
            runs[-1].append(f"{x},{_y(row.share)}")
    return [" ".join(run) for run in runs if len(run) > 1]


def _short(row: MonthResult) -> str:
    return dateformat.format(row.month, "M Y")
