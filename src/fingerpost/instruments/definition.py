"""What an instrument is. A declaration that contradicts itself cannot be built, and says all its faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from fingerpost.kernel.errors import FaultList, InvalidValue
from fingerpost.kernel.words import N_, Phrase

__all__ = ["Band", "Better", "Instrument", "Item", "Licence", "MissingRule", "Scoring"]


class Better(StrEnum):
    """Which way is better for the person."""

    HIGHER = "higher"
    LOWER = "lower"

    def is_improvement(self, change: float) -> bool:
        """Whether a change (later minus earlier) goes the better way; no change is none."""
        return change > 0 if self is Better.HIGHER else change < 0


class Scoring(StrEnum):
    """How items make a score: `each_item` is never summed; `sum` adds them up."""

    EACH_ITEM = "each_item"
    SUM = "sum"


class MissingRule(StrEnum):
    """What a skipped question does: it stands for itself, or there is no total."""

    EACH_ITEM_ALONE = "each_item_alone"
    ALL_NEEDED = "all_needed"


@dataclass(frozen=True, slots=True)
class Band:
    """A named span of scores, both ends included. The id is worded by pages."""

    id: str
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Licence:
    """What we may do with the text, where that is said, and when it was looked up."""

    name: str
    may_ship_text: bool
    evidence: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class Item:
    """One question: whole-number answers from `least` to `most`, with worded ends or worded choices."""

    id: str
    short: str
    text: str
    least: int
    most: int
    better: Better
    least_label: str = ""
    most_label: str = ""
    choices: Mapping[int, str] = field(default_factory=dict, hash=False)
    bands: tuple[Band, ...] = ()

    @property
    def answers(self) -> range:
        """The answers that may be given, in order."""
        return range(self.least, self.most + 1)

    def faults(self) -> Iterator[str]:
        """What contradicts itself in this item."""
        if self.least >= self.most:
            yield "least is not below most"
        if bool(self.choices) == bool(self.least_label and self.most_label):
            yield "needs either worded ends or worded choices"
        if self.choices and list(self.choices) != list(self.answers):
            yield "choices do not cover the answers in order"
        yield from band_faults(self.bands, self.least, self.most)


@dataclass(frozen=True, slots=True)
class Instrument:
    """One version of a measure in one language. `better` and `bands` are of the total, when there is one."""

    id: str
    version: str
    language: str
    title: str
    introduction: str
    items: tuple[Item, ...]
    scoring: Scoring
    missing: MissingRule
    in_order: bool
    least_age: int
    modes: tuple[str, ...]
    licence: Licence
    citation: str
    better: Better | None = None
    bands: tuple[Band, ...] = ()

    def __post_init__(self) -> None:
        faults = FaultList()
        for fault in [
            *self._faults(),
            *(f"{item.id}: {fault}" for item in self.items for fault in item.faults()),
        ]:
            faults.add(InvalidValue(Phrase(N_("{instrument}: {fault}"), instrument=self.id, fault=fault)))
        faults.raise_any(N_("An instrument contradicts itself."))

    def _faults(self) -> Iterator[str]:
        if not self.items:
            yield "has no items"
        if len({item.id for item in self.items}) < len(self.items):
            yield "two items have the same id"
        if self.is_summed:
            yield from self._total_faults()
        elif self.better or self.bands or self.missing is MissingRule.ALL_NEEDED:
            yield "is never summed, so it has no direction, bands or missing rule of a total"

    def _total_faults(self) -> Iterator[str]:
        if self.better is None:
            yield "the total has no direction"
        if self.missing is MissingRule.EACH_ITEM_ALONE:
            yield "a total cannot leave items out"
        yield from band_faults(self.bands, self.least_total, self.most_total)

    @property
    def is_summed(self) -> bool:
        """Whether a total is allowed at all."""
        return self.scoring is Scoring.SUM

    @property
    def least_total(self) -> int:
        """The smallest possible sum of all items."""
        return sum(item.least for item in self.items)

    @property
    def most_total(self) -> int:
        """The largest possible sum of all items."""
        return sum(item.most for item in self.items)

    def item(self, id: str) -> Item:
        """The item with this id."""
        for item in self.items:
            if item.id == id:
                return item
        raise InvalidValue(
            Phrase(N_("{instrument} has no question called {item}."), instrument=self.title, item=id),
            field=id,
        )


def band_faults(bands: tuple[Band, ...], least: int, most: int) -> Iterator[str]:
    """What is wrong with bands, which cover `least` to `most` without gap or overlap, or are not there."""
    if not bands:
        return
    covered = [value for band in bands for value in range(band.least, band.most + 1)]
    if covered != list(range(least, most + 1)):
        yield f"bands do not cover {least} to {most} once each and in order"
