"""The funnel as the page draws it: words, widths and shares, all from numbers that are safe to show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fingerpost.codes.pathway import EventKind
from fingerpost.disclosure import Suppressed, Why
from fingerpost.web.dashboards.wording import BESIDE, ENDINGS, PARTS, STEPS, Named, reason_words
from fingerpost.web.insight.api import Funnel, FunnelStep
from fingerpost.web.pages.words import number

Cell = int | Suppressed
Text = str | Promise


@dataclass(frozen=True)
class Line:
    """One count under a step; `quiet` for what is no loss."""

    words: Text
    value: Cell
    quiet: bool = False


@dataclass(frozen=True)
class Lines:
    """Counts under a step. A number that may not be told gets no line of its own, but a sentence with its like."""

    every: Sequence[Line]

    @property
    def told(self) -> list[Line]:
        return [line for line in self.every if not isinstance(line.value, Suppressed)]

    @property
    def untold(self) -> list[str]:
        by_cell: dict[Suppressed, list[str]] = {}
        for line in self.every:
            if isinstance(line.value, Suppressed):
                by_cell.setdefault(line.value, []).append(str(line.words))
        return [_untold(cell, words) for cell, words in by_cell.items()]


@dataclass(frozen=True)
class StepCard:
    """One step. `width` is 0 to 100; a suppressed number has a bar of fixed length, drawn otherwise."""

    named: Named
    reached: Cell
    share: str
    width: float
    lines: Lines
    setbacks: Lines

    @property
    def hidden(self) -> bool:
        return isinstance(self.reached, Suppressed)


@dataclass(frozen=True)
class Part:
    name: Text
    steps: Sequence[StepCard]


@dataclass(frozen=True)
class Count:
    named: Named
    value: Cell


def parts(funnel: Funnel) -> list[Part]:
    """The steps in the three parts of the pathway."""
    by_kind = {step.kind: step for step in funnel.steps}
    return [Part(name, [_card(by_kind[kind], funnel.journeys) for kind in kinds]) for name, kinds in PARTS]


def endings(funnel: Funnel) -> list[Count]:
    return _counts(funnel.endings, ENDINGS)


def beside(funnel: Funnel) -> list[Count]:
    return _counts(funnel.beside, BESIDE)


def table_rows(shown: Sequence[Part]) -> list[tuple[Text, Text, Cell]]:
    """Every number of the path: step, what, how many."""
    return [row for part in shown for card in part.steps for row in _rows(card)]


def _rows(card: StepCard) -> Iterator[tuple[Text, Text, Cell]]:
    yield card.named.name, _("Got this far or further"), card.reached
    for line in (*card.lines.every, *card.setbacks.every):
        yield card.named.name, line.words, line.value


def _counts(cells: Mapping[EventKind, Cell], named: Mapping[EventKind, Named]) -> list[Count]:
    return [Count(named[kind], cell) for kind, cell in cells.items()]


def _card(step: FunnelStep, begun: Cell) -> StepCard:
    lines = [Line(reason_words(code), cell) for code, cell in step.stopped.items()]
    lines += [
        Line(words, cell, quiet=True)
        for words, cell in ((_("Still on the way"), step.on_the_way), (_("Finished here"), step.finished))
        if isinstance(cell, Suppressed) or cell
    ]
    return StepCard(
        named=STEPS[step.kind],
        reached=step.reached,
        share=_share(step.reached, begun),
        width=_width(step.reached, begun),
        lines=Lines(lines),
        setbacks=Lines([Line(reason_words(code), cell, quiet=True) for code, cell in step.setbacks.items()]),
    )


def _untold(cell: Suppressed, words: list[str]) -> str:
    if cell.why is Why.SMALL:
        told = ngettext(
            "Fewer than %(number)s: %(which)s.", "Fewer than %(number)s each: %(which)s.", len(words)
        )
        return told % {"number": number(cell.threshold + 1), "which": "; ".join(words)}
    return _("Not shown, to protect others: %(which)s.") % {"which": "; ".join(words)}


def _share(reached: Cell, begun: Cell) -> str:
    """Of those that began, from the rounded counts that stand beside it; empty where either may not be said."""
    if isinstance(reached, Suppressed) or isinstance(begun, Suppressed) or not begun:
        return ""
    return _("%(share)s in 100") % {"share": number(round(100 * reached / begun))}


def _width(reached: Cell, begun: Cell) -> float:
    if isinstance(reached, Suppressed) or isinstance(begun, Suppressed):
        return 3.0
    return round(100 * reached / begun, 1) if begun else 0.0
