"""Finds text in templates that no translator would ever see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Attributes whose value is read or heard by somebody.
SPOKEN = ("aria-label", "alt", "title", "placeholder", "aria-description", "aria-roledescription")

_COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->|<!doctype[^>]*>", re.DOTALL | re.IGNORECASE)
_TRANSLATED = re.compile(r"\{%-?\s*trans\b.*?\{%-?\s*endtrans\s*-?%\}", re.DOTALL)
_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_NOT_READ = re.compile(r"<(script|style)\b[^>]*>.*?</\1>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/](?:\"[^\"]*\"|'[^']*'|[^>\"'])*>", re.DOTALL)
_SPOKEN = re.compile(rf"\b(?:{'|'.join(SPOKEN)})\s*=\s*(\"[^\"]*\"|'[^']*')", re.IGNORECASE)
_ENTITY = re.compile(r"&#?\w+;")
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Unmarked:
    """Words that stand in a template outside `_()` and `trans`."""

    path: Path
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.words!r} is not marked for translation"


def unmarked_in(path: Path) -> list[Unmarked]:
    """Every unmarked word of one template, in order."""
    return [Unmarked(path, line, words) for line, words in unmarked_words(path.read_text(encoding="utf-8"))]


def unmarked_words(template: str) -> Iterator[tuple[int, str]]:
    """Line numbers and words of visible text and spoken attributes that no translator would see."""
    text = template
    for pattern in (_COMMENT, _TRANSLATED, _CODE, _NOT_READ):
        text = pattern.sub(_blank, text)
    spoken = [(match.start(1), match[1][1:-1]) for tag in _TAG.finditer(text) for match in _spoken(text, tag)]
    shown = [(match.start(), match[0]) for match in re.finditer(r"[^\n]+", _TAG.sub(_blank, text))]
    for at, words in sorted(spoken + shown):
        if _WORD.search(_ENTITY.sub("", words)):
            yield text.count("\n", 0, at) + 1, " ".join(words.split())


def _spoken(text: str, tag: re.Match[str]) -> Iterator[re.Match[str]]:
    return _SPOKEN.finditer(text, tag.start(), tag.end())


def _blank(match: re.Match[str]) -> str:
    """The same length and the same lines, without a word: positions stay true."""
    return re.sub(r"[^\n]", " ", match[0])
