"""What people say and what listings call it, from `data/lay_words.toml`. Pure."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_APOSTROPHES = re.compile("['’‘ʼ`]")
_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class LayWords:
    """One meaning: needs it stands for, and words to look for in the text of listings."""

    needs: tuple[str, ...]
    words: tuple[str, ...]


def plain_words(text: str) -> list[str]:
    """The words of a text in small letters, without accents or apostrophes: `can’t` is `cant`."""
    unaccented = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _NOT_WORDS.sub(" ", _APOSTROPHES.sub("", unaccented).lower()).split()


@cache
def phrases() -> dict[tuple[str, ...], LayWords]:
    """Every phrase, as its words, with what it means."""
    text = files("fingerpost.web.directory").joinpath("data", "lay_words.toml").read_text(encoding="utf-8")
    found: dict[tuple[str, ...], LayWords] = {}
    for entry in tomllib.loads(text)["entry"]:
        meaning = LayWords(tuple(entry["needs"]), tuple(entry["words"]))
        for phrase in entry["phrases"]:
            found[tuple(plain_words(phrase))] = meaning
    return found


@cache
def longest_phrase() -> int:
    return max(map(len, phrases()))


@cache
def single_words() -> frozenset[str]:
    """The words of all phrases, so that a misspelt one can be put right."""
    return frozenset(word for phrase in phrases() for word in phrase)
