"""Answers to a questionnaire in words and as small charts. What changed is said; why, nobody knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fingerpost.instruments import Item
from fingerpost.web.measures import api as measures
from fingerpost.web.measures.api import Occasion
from fingerpost.web.pages import words
from fingerpost.web.pages.charts import LineChart, line_chart

ONS4 = "ons4"


@dataclass(frozen=True)
class ItemResult:
    """One question: its own words, the answer, and how it stands to the first time it was asked."""

    question: str
    answer: str
    compared: str


def charts(occasions: Iterable[Occasion]) -> list[LineChart]:
    """One small chart for each question that was answered at least once."""
    return [
        line_chart(
            one.item.short,
            list(one.points),
            low=one.item.least,
            high=one.item.most,
            low_words=_end_words(one.item.least, one.item.least_label),
            high_words=_end_words(one.item.most, one.item.most_label),
        )
        for one in measures.series(occasions, instrument_id=ONS4)
        if one.points
    ]


def results(items: Iterable[Item], occasion: Occasion, first: Occasion | None) -> list[ItemResult]:
    """Each question's answer in words, beside the first time's when that is another occasion."""
    return [_result(item, occasion, first) for item in items]


def _result(item: Item, occasion: Occasion, first: Occasion | None) -> ItemResult:
    value = occasion.scores.get(item.id)
    if value is None:
        return ItemResult(item.text, _("Would rather not answer"), "")
    band = next((band.id for band in item.bands if band.least <= value <= band.most), "")
    values = {"value": value, "most": item.most, "band": _band_words(band)}
    said = _("%(value)s of %(most)s: %(band)s") if band else _("%(value)s of %(most)s")
    return ItemResult(item.text, said % values, _compared(item, value, first))


def _compared(item: Item, value: int, first: Occasion | None) -> str:
    before = first.scores.get(item.id) if first else None
    if before is None or first is None:
        return ""
    said = {"before": before, "day": words.day(first.taken_at)}
    if before == value:
        return _("The same as on %(day)s.") % said
    if item.better.is_improvement(value - before):
        return _("%(before)s on %(day)s: better now.") % said
    return _("%(before)s on %(day)s: worse now.") % said


def _band_words(band: str) -> str:
    return {
        "very_low": _("very low"),
        "low": _("low"),
        "medium": _("medium"),
        "high": _("high"),
        "very_high": _("very high"),
    }.get(band, "")


def _end_words(value: int, label: str) -> str:
    return _("%(value)s: %(label)s") % {"value": value, "label": label}
