"""What people say and what listings call it: `data/lay_words.toml`, and what a system has changed of it. Pure."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files

_APOSTROPHES = re.compile("['’‘ʼ`]")
_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class LayWords:
    """One meaning: needs it stands for, and words to look for in the text of listings."""

    needs: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """Phrases that mean the same. Without phrases it means nothing any more."""

    key: str
    phrases: tuple[str, ...]
    needs: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """Every phrase, as its words, with what it means."""

    phrases: Mapping[tuple[str, ...], LayWords]

    @cached_property
    def longest(self) -> int:
        return max(map(len, self.phrases), default=0)

    @cached_property
    def single_words(self) -> frozenset[str]:
        """The words of all phrases, so that a misspelt one can be put right."""
        return frozenset(word for phrase in self.phrases for word in phrase)


def plain_words(text: str) -> list[str]:
    """The words of a text in small letters, without accents or apostrophes: `can’t` is `cant`."""
    unaccented = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _NOT_WORDS.sub(" ", _APOSTROPHES.sub("", unaccented).lower()).split()


def vocabulary(changed: Iterable[Entry] = ()) -> Vocabulary:
    """Our entries with those of a system in their places, and beside them. The system's word stands."""
    return _with_changed(tuple(changed))


@cache
def entries() -> dict[str, Entry]:
    """Our entries by key: the first phrase of each, in small letters with strokes."""
    text = files("fingerpost.web.directory").joinpath("data", "lay_words.toml").read_text(encoding="utf-8")
    found = {}
    for one in tomllib.loads(text)["entry"]:
        key = "-".join(plain_words(one["phrases"][0]))
        found[key] = Entry(key, tuple(one["phrases"]), tuple(one["needs"]), tuple(one["words"]))
    return found


@lru_cache(maxsize=64)  # some systems of one server, each search of which reads by it
def _with_changed(own: tuple[Entry, ...]) -> Vocabulary:
    changed = {one.key for one in own}
    return _vocabulary([*(entry for key, entry in entries().items() if key not in changed), *own])


def _vocabulary(given: Iterable[Entry]) -> Vocabulary:
    found: dict[tuple[str, ...], LayWords] = {}
    for entry in given:
        meaning = LayWords(entry.needs, entry.words)
        found.update((tuple(plain_words(phrase)), meaning) for phrase in entry.phrases)
    return Vocabulary(found)
