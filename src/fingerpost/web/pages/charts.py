"""The geometry of small charts, worked out here so that templates only draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fingerpost.disclosure import Suppressed
from fingerpost.web.pages.words import day, number

# The drawing of a line, in its own units.
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM, INSET = 340, 216, 4, 336, 36, 160, 10

Text = str | Promise
Value = int | float | Suppressed


@dataclass(frozen=True)
class Bar:
    """One bar: `width` is 0 to 100; a suppressed value is a faint bar of fixed length, said in words."""

    label: Text
    value: Value
    width: float
    share: str = ""
    note: Text = ""

    @property
    def hidden(self) -> bool:
        return isinstance(self.value, Suppressed)


@dataclass(frozen=True)
class BarChart:
    title: Text
    bars: Sequence[Bar]
    table_head: Sequence[Text]
    table_rows: Sequence[Sequence[Any]]


def bar_chart(
    title: Text, rows: Sequence[tuple[Text, Value, Text]], *, counts: Text, of_first: bool = False
) -> BarChart:
    """Bars from (label, value, note). `of_first` adds each bar's share of the first: the funnel's form.

    A share is left out wherever it would give a suppressed value away.
    """
    shown = [value for _label, value, _note in rows if not isinstance(value, Suppressed)]
    longest = max(shown, default=0) or 1
    first = rows[0][1] if rows else 0
    bars = [
        Bar(label, value, _width(value, longest), _share(value, first) if of_first and at else "", note)
        for at, (label, value, note) in enumerate(rows)
    ]
    return BarChart(title, bars, ["", counts], [(bar.label, bar.value) for bar in bars])


def _width(value: Value, longest: float) -> float:
    return 3.0 if isinstance(value, Suppressed) else round(100 * value / longest, 2)


def _share(value: Value, first: Value) -> str:
    if isinstance(value, Suppressed) or isinstance(first, Suppressed) or not first:
        return ""
    return _("%(share)s in 100") % {"share": number(round(100 * value / first))}


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    value: float
    label: str
    anchor: str = "middle"


@dataclass(frozen=True)
class LineChart:
    """A measure over time within its scale; y grows downwards, units are those of the drawing."""

    title: Text
    points: Sequence[Point]
    high_words: Text
    low_words: Text
    in_words: str
    table_head: Sequence[Text]
    table_rows: Sequence[Sequence[Any]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    top: int = TOP
    bottom: int = BOTTOM
    path: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", " ".join(f"{point.x},{point.y}" for point in self.points))


def line_chart(
    title: Text,
    values: Sequence[tuple[date, float]],
    *,
    low: float,
    high: float,
    low_words: Text,
    high_words: Text,
) -> LineChart:
    """Dots at their true distance in time, within the whole scale from `low` to `high`, both ends worded."""
    ordered = sorted(values)
    points = [_point(at, ordered, low, high) for at in range(len(ordered))]
    said = "; ".join(f"{day(on)}: {number(value)}" for on, value in ordered)
    rows = [(day(on), value) for on, value in ordered]
    return LineChart(title, points, high_words, low_words, f"{title}. {said}", [_("Day"), _("Score")], rows)


def _point(at: int, ordered: Sequence[tuple[date, float]], low: float, high: float) -> Point:
    (on, value), first, last = ordered[at], ordered[0][0], ordered[-1][0]
    span = (last - first).days
    along = (on - first).days / span if span else 0.0
    x = LEFT + INSET + along * (RIGHT - LEFT - 2 * INSET)
    y = BOTTOM - (value - low) / (high - low) * (BOTTOM - TOP)
    anchor = "start" if along < 0.1 else "end" if along > 0.9 else "middle"
    # Days between the ends are left to the table when they would run into each other.
    is_labelled = at in (0, len(ordered) - 1) or (len(ordered) == 3 and 0.33 < along < 0.67)
    return Point(round(x, 1), round(y, 1), value, day(on) if is_labelled else "", anchor)
