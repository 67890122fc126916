"""Read what somebody typed into a search box: words, "quoted phrases", -unwanted, either or other. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from fingerpost.web.directory.lay_words import Vocabulary, plain_words, vocabulary

MOST_TERMS = 12
_LONGEST_QUERY = 300
_PARTS = re.compile(r'(?P<minus>-)?(?:"(?P<quoted>[^"]*)"?|(?P<word>\S+))')
_EITHER = {"or"}
# Said around what is meant; they count only when nothing else was typed.
_FILLERS = frozenset(
    {"i", "im", "a", "an", "the", "my", "me", "for", "and", "with", "to", "of", "in", "need", "needs", "help"}
    | {
        "helping",
        "want",
        "wants",
        "please",
        "looking",
        "find",
        "some",
        "someone",
        "somebody",
        "get",
        "getting",
    }
    | {"near", "nearby", "local", "who", "what", "where", "can", "is", "are"}
)

Form = Literal["words", "phrase", "prefix", "need"]


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to match a term: by words, by a phrase, by the beginning of a word, or by a need's id."""

    form: Form
    text: str


@dataclass(frozen=True)
class Term:
    """One thing looked for. `label` is what was typed; `word` is set when it is a single plain word."""

    label: str
    alternatives: tuple[Alternative, ...]
    is_unwanted: bool = False
    word: str = ""
    needs: tuple[str, ...] = field(default=())


def parse_query(
    text: str, *, corrections: Mapping[str, str] | None = None, lay: Vocabulary | None = None
) -> list[Term]:
    """The terms of a query, at most twelve. Lay words are recognised longest first."""
    lay = lay or vocabulary()
    terms: list[Term] = []
    run: list[str] = []
    for part in _PARTS.finditer(text[:_LONGEST_QUERY]):
        quoted = part["quoted"]
        if quoted is None and not part["minus"]:
            run += _corrected(plain_words(part["word"]), corrections or {})
            continue
        terms += _terms_of_run(run, lay)
        run = []
        words = " ".join(plain_words(quoted if quoted is not None else part["word"]))
        if words:
            terms.append(Term(words, (Alternative("phrase", words),), is_unwanted=bool(part["minus"])))
    terms += _terms_of_run(run, lay)
    telling = [term for term in terms if term.word not in _FILLERS]
    return (telling or terms)[:MOST_TERMS]


def _corrected(words: list[str], corrections: Mapping[str, str]) -> list[str]:
    return [corrections.get(word, word) for word in words]


def _terms_of_run(words: list[str], lay: Vocabulary) -> list[Term]:
    terms: list[Term] = []
    at, is_other = 0, False
    while at < len(words):
        if words[at] in _EITHER:
            is_other, at = bool(terms), at + 1
            continue
        term, length = _term_at(words, at, lay)
        if is_other:
            terms[-1] = _either(terms[-1], term)
        else:
            terms.append(term)
        at, is_other = at + length, False
    return terms


def _term_at(words: list[str], at: int, lay: Vocabulary) -> tuple[Term, int]:
    for length in range(min(lay.longest, len(words) - at), 0, -1):
        run = tuple(words[at : at + length])
        meaning = lay.phrases.get(run)
        if meaning:
            label = " ".join(run)
            own: Form = "phrase" if length > 1 else "prefix"
            alternatives = (
                Alternative(own, label),
                *(Alternative("need", need) for need in meaning.needs),
                *(Alternative("phrase", word) for word in meaning.words),
            )
            return Term(label, alternatives, needs=meaning.needs), length
    word = words[at]
    return Term(word, (Alternative("prefix" if len(word) > 2 else "words", word),), word=word), 1


def _either(one: Term, other: Term) -> Term:
    return Term(
        f"{one.label} / {other.label}", one.alternatives + other.alternatives, needs=one.needs + other.needs
    )
