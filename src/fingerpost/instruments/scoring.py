"""Answers in, scores out: one pure function for every declared instrument."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fingerpost.instruments.definition import Band, Instrument, Item
from fingerpost.kernel.errors import FaultList, InvalidValue
from fingerpost.kernel.words import N_, Phrase

__all__ = ["ItemScore", "Score", "score"]


@dataclass(frozen=True, slots=True)
class ItemScore:
    """One answered or skipped item: `value` and `band` are None when it was skipped or has no bands."""

    id: str
    value: int | None
    band: str | None


@dataclass(frozen=True, slots=True)
class Score:
    """What one set of answers comes to, naming the instrument and version that scored it.

    `items` in the instrument's order; `missing` the ids skipped; `total` None when items are never summed or
    too few were answered, and `band` its band.
    """

    instrument: str
    version: str
    items: tuple[ItemScore, ...]
    missing: tuple[str, ...]
    total: int | None
    band: str | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered."""
        return len(self.missing) == len(self.items)

    def item(self, id: str) -> ItemScore:
        """The score of one item."""
        for item in self.items:
            if item.id == id:
                return item
        raise InvalidValue(Phrase(N_("This score has no question called {item}."), item=id), field=id)


def score(instrument: Instrument, answers: Mapping[str, int | None]) -> Score:
    """Score whole-number answers by item id; an id left out, or None, is a skipped question.

    Raises `Faults` naming every unknown id (`field`) and every answer that may not be given.
    """
    _check(instrument, answers)
    items = tuple(_item_score(item, answers.get(item.id)) for item in instrument.items)
    missing = tuple(item.id for item in items if item.value is None)
    values = [item.value for item in items if item.value is not None]
    total = sum(values) if instrument.is_summed and not missing else None
    return Score(
        instrument=instrument.id,
        version=instrument.version,
        items=items,
        missing=missing,
        total=total,
        band=_band(instrument.bands, total),
    )


def _check(instrument: Instrument, answers: Mapping[str, int | None]) -> None:
    faults = FaultList()
    for id, answer in answers.items():
        with faults.catching():
            _check_answer(instrument.item(id), answer)
    faults.raise_any(N_("Some answers need to be put right."))


def _check_answer(item: Item, answer: object) -> None:
    is_whole = isinstance(answer, int) and not isinstance(answer, bool)
    if answer is not None and not (is_whole and answer in item.answers):
        raise InvalidValue(
            Phrase(N_("This answer is not one that “{question}” allows."), question=item.short),
            field=item.id,
            expected=Phrase(
                N_("A whole number from {least} to {most}, or no answer."), least=item.least, most=item.most
            ),
        )


def _item_score(item: Item, value: int | None) -> ItemScore:
    return ItemScore(item.id, value, _band(item.bands, value))


def _band(bands: tuple[Band, ...], value: int | None) -> str | None:
    if value is None:
        return None
    return next((band.id for band in bands if band.least <= value <= band.most), None)
