"""The instruments that ship, read from their declarations."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from fingerpost.instruments.definition import Band, Better, Instrument, Item, Licence, MissingRule, Scoring
from fingerpost.kernel.errors import NotFound
from fingerpost.kernel.words import N_, Phrase

__all__ = ["instrument", "instruments", "parse_instrument"]


def parse_instrument(text: str) -> Instrument:
    """An instrument from its TOML declaration."""
    declared = tomllib.loads(text)
    return Instrument(
        **{
            **declared,
            "items": tuple(map(_item, declared["items"])),
            "scoring": Scoring(declared["scoring"]),
            "missing": MissingRule(declared["missing"]),
            "modes": tuple(declared["modes"]),
            "licence": Licence(**declared["licence"]),
            "better": Better(declared["better"]) if "better" in declared else None,
            "bands": _bands(declared),
        }
    )


def _item(declared: Mapping[str, Any]) -> Item:
    choices = {int(value): label for value, label in declared.get("choices", {}).items()}
    typed = {"better": Better(declared["better"]), "choices": choices, "bands": _bands(declared)}
    return Item(**{**declared, **typed})


def _bands(declared: Mapping[str, Any]) -> tuple[Band, ...]:
    return tuple(Band(**band) for band in declared.get("bands", ()))


@cache
def instruments() -> tuple[Instrument, ...]:
    """Every instrument that ships, by id, version and language."""
    folder = files("fingerpost.instruments") / "data"
    texts = [entry.read_text(encoding="utf-8") for entry in folder.iterdir() if entry.name.endswith(".toml")]
    return tuple(sorted(map(parse_instrument, texts), key=lambda one: (one.id, one.version, one.language)))


def instrument(id: str, *, version: str | None = None, language: str = "en") -> Instrument:
    """One instrument; its newest version unless one is named. An answered occasion names its version."""
    for one in reversed(instruments()):
        if one.id == id and one.language == language and version in (None, one.version):
            return one
    raise NotFound(Phrase(N_("No questionnaire called {id} is known here."), id=id))
