"""Declared outcome measures: what is asked, how it is scored, which way is better, under what licence.

An instrument is data; scoring is a pure function. The wording of an instrument is verbatim and is not
translated by gettext: another language is another declaration, with its own source.
"""

from fingerpost.instruments.definition import (
    Band,
    Better,
    Instrument,
    Item,
    Licence,
    MissingRule,
    Scoring,
)
from fingerpost.instruments.loading import instrument, instruments
from fingerpost.instruments.scoring import ItemScore, Score, score

__all__ = [
    "Band",
    "Better",
    "Instrument",
    "Item",
    "ItemScore",
    "Licence",
    "MissingRule",
    "Score",
    "Scoring",
    "instrument",
    "instruments",
    "score",
]
