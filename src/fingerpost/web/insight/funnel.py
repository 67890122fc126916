"""The pathway as a funnel: how many reached each step, and where and why the others stopped. Safe to show.

Every number is a count of journeys, rounded once and hidden when small. With a filter or a part of the time chosen, a
number is hidden as well when those left over (the others of the same time, or the same others of another time) are
few: else the page without the filter, less the page with it, would tell of them. See decision 0071.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fingerpost.codes.pathway import EventKind
from fingerpost.disclosure import Suppressed, is_suppressed, release_count, release_row, release_table
from fingerpost.interchange.indicators.specification import next_month
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.insight.paths import ALONGSIDE, ENDINGS, PATH, Filters, Way, ways
from fingerpost.web.insight.policies import check_can_see_counts

__all__ = ["BY_MONTH", "Funnel", "FunnelMonth", "FunnelStep", "Period", "funnel", "funnel_of"]

Cell = int | Suppressed
Count = Callable[[Iterable[Way]], int]

BY_MONTH: tuple[EventKind, ...] = (
    EventKind.REFERRED,
    EventKind.ACCEPTED,
    EventKind.CONTACTED,
    EventKind.CONNECTED,
    EventKind.FIRST_ATTENDED,
)
"""The steps that are also told month by month."""

ON_THE_WAY, FINISHED = "on_the_way", "finished"


@dataclass(frozen=True, kw_only=True)
class Period:
    """Whole months, by their first days, both counted; None leaves that end open."""

    first: date | None = None
    last: date | None = None

    def holds(self, month: date) -> bool:
        return (self.first is None or month >= self.first) and (self.last is None or month <= self.last)

    @property
    def is_set(self) -> bool:
        return self.first is not None or self.last is not None


@dataclass(frozen=True, kw_only=True)
class FunnelStep:
    """A step: journeys that reached it or a later one, and what became of those that got no further.

    `stopped` and `setbacks` are by reason code, commonest first; a setback is a loss after which the journey went on.
    """

    kind: EventKind
    reached: Cell
    stopped: Mapping[str, Cell]
    on_the_way: Cell
    finished: Cell
    setbacks: Mapping[str, Cell]


@dataclass(frozen=True, kw_only=True)
class FunnelMonth:
    """The journeys that began in one month, by step reached."""

    month: date
    reached: Mapping[EventKind, Cell]


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """All that the page tells. `endings` and `beside` count journeys by kind of event."""

    as_of: datetime
    journeys: Cell
    steps: tuple[FunnelStep, ...]
    endings: Mapping[EventKind, Cell]
    beside: Mapping[EventKind, Cell]
    months: tuple[FunnelMonth, ...]
    known_months: tuple[date, ...]


def funnel(
    actor: Actor, *, at: datetime, period: Period | None = None, filters: Filters | None = None
) -> Funnel:
    """The funnel of the journeys in the actor's reach, as recorded before `at`. Raises `NotAllowed`."""
    check_can_see_counts(actor)
    asked = filters or Filters()
    found = ways(actor, before=at, filters=asked)
    return funnel_of(found, at=at, period=period or Period(), is_filtered=asked.is_set)


def funnel_of(found: Sequence[Way], *, at: datetime, period: Period, is_filtered: bool) -> Funnel:
    """The funnel of ways that were counted."""
    parts = _Parts.of(found, period, is_filtered=is_filtered)
    on_path = parts.only(lambda way: way.place is not None)
    known = _without_gaps(way.month for way in found)
    return Funnel(
        as_of=at,
        journeys=on_path.released(_total),
        steps=tuple(_step(on_path, place) for place in range(len(PATH))),
        endings={kind: on_path.released(_marked(kind)) for kind in ENDINGS},
        beside={kind: parts.released(_marked(kind)) for kind in ALONGSIDE},
        months=tuple(_month(on_path, month) for month in known if period.holds(month)),
        known_months=known,
    )


def _without_gaps(found: Iterable[date]) -> tuple[date, ...]:
    """From the first month to the last: a month in which nothing began is a fact, not a gap."""
    held = set(found)
    months, month = [], min(held, default=None)
    while month is not None and month <= max(held):
        months.append(month)
        month = next_month(month)
    return tuple(months)


@dataclass(frozen=True)
class _Parts:
    """What was asked for, and the parts from which it could be had by taking away."""

    chosen: tuple[Way, ...]
    left_over: tuple[tuple[Way, ...], ...]

    @classmethod
    def of(cls, found: Sequence[Way], period: Period, *, is_filtered: bool) -> _Parts:
        within = [way for way in found if period.holds(way.month)]
        left_over = []
        if is_filtered:
            left_over.append(tuple(way for way in within if not way.matches))
        if period.is_set:
            left_over.append(tuple(way for way in found if way.matches and not period.holds(way.month)))
        return cls(tuple(way for way in within if way.matches), tuple(left_over))

    def only(self, keep: Callable[[Way], bool]) -> _Parts:
        return _Parts(
            tuple(filter(keep, self.chosen)), tuple(tuple(filter(keep, part)) for part in self.left_over)
        )

    def released(self, count: Count) -> Cell:
        """One count, rounded; hidden when it or what is left over is small."""
        asked = count(self.chosen)
        pairs = [release_row({"asked": asked, "left": count(part)}) for part in self.left_over]
        return next(
            (row.cells["asked"] for row in pairs if is_suppressed(row.cells["asked"])), release_count(asked)
        )

    def released_row(self, tally: Callable[[Iterable[Way]], Counter[str]]) -> dict[str, Cell]:
        """Counts of different journeys by label, as parts of one whole."""
        asked = tally(self.chosen)
        cells = release_row(asked).cells
        for part in self.left_over:
            left = tally(part)
            table = release_table({"asked": asked, "left": {label: left[label] for label in asked}})
            for label, cell in table.cells["asked"].items():
                cells[label] = cells[label] if is_suppressed(cells[label]) else cell
        return cells


def _total(found: Iterable[Way]) -> int:
    return sum(way.count for way in found)


def _reached(place: int) -> Count:
    return lambda found: sum(way.count for way in found if way.place is not None and way.place >= place)


def _marked(kind: EventKind) -> Count:
    return lambda found: sum(way.count for way in found if kind in way.marks)


def _step(parts: _Parts, place: int) -> FunnelStep:
    kind = PATH[place]
    row = parts.only(lambda way: way.place == place).released_row(_what_became)
    on_the_way, finished = row.pop(ON_THE_WAY, 0), row.pop(FINISHED, 0)
    return FunnelStep(
        kind=kind,
        reached=parts.released(_reached(place)),
        stopped=_commonest_first(row),
        on_the_way=on_the_way,
        finished=finished,
        setbacks=_commonest_first(_setbacks(parts, kind)),
    )


def _what_became(found: Iterable[Way]) -> Counter[str]:
    """Journeys at one place by the reason for which they stopped; each is in one cell, and none is empty."""
    tally: Counter[str] = Counter()
    for way in found:
        rest = FINISHED if way.has_finished else ON_THE_WAY
        tally[way.stopped.reason if way.stopped else rest] += way.count
    return tally


def _setbacks(parts: _Parts, kind: EventKind) -> dict[str, Cell]:
    reasons = {loss.reason for way in parts.chosen for loss in way.setbacks if loss.after == kind}
    return {reason: parts.released(_set_back(kind, reason)) for reason in sorted(reasons)}


def _set_back(kind: EventKind, reason: str) -> Count:
    return lambda found: sum(
        way.count
        for way in found
        if any(loss.after == kind and loss.reason == reason for loss in way.setbacks)
    )


def _commonest_first(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """By what is shown, so that the order tells no more than the numbers do."""
    return dict(sorted(cells.items(), key=lambda item: (_shown(item[1]), item[0])))


def _shown(cell: Cell) -> int:
    return 1 if isinstance(cell, Suppressed) else -cell


def _month(parts: _Parts, month: date) -> FunnelMonth:
    # Within one month nothing is left over from another time.
    here = parts.only(lambda way: way.month == month)
    return FunnelMonth(
        month=month, reached={kind: here.released(_reached(PATH.index(kind))) for kind in BY_MONTH}
    )
