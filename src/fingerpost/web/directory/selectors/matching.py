"""Terms as PostgreSQL text queries, and misspelt words put right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from fingerpost.web.directory.query_terms import Alternative, Term, parse_query
from fingerpost.web.directory.selectors.meanings import current_vocabulary
from fingerpost.web.directory.spelling import nearest_word

_FORMS = {
    "words": "plainto_tsquery('fingerpost_english', %s)",
    "phrase": "phraseto_tsquery('fingerpost_english', %s)",
    "prefix": "to_tsquery('fingerpost_english', %s)",
    "need": "%s::tsquery",
}
_FEWEST_LETTERS = 4
# Trigrams find candidates by index, letters decide: "lonley" shares only 0.27 of its trigrams with "lonely".
_CANDIDATE_SIMILARITY = "0.2"

_KNOWN = "ARRAY(SELECT word FROM directory_searchword WHERE system_id = %s AND word = ANY (%s))"
# Words that no open listing has, each with words that some have and that look like it.
_CANDIDATES = """
SELECT asked.word, near.word FROM unnest(%(words)s::text[], %(queries)s::text[]) AS asked (word, query)
CROSS JOIN LATERAL (
    SELECT w.word, similarity(w.word, asked.word) AS likeness FROM directory_searchword w
    WHERE w.system_id = %(system)s AND w.word %% asked.word
    ORDER BY likeness DESC, w.word LIMIT 60
) AS near
WHERE NOT EXISTS (SELECT 1 FROM directory_searchfacts f WHERE f.system_id = %(system)s
                  AND f.words @@ asked.query::tsquery)
ORDER BY asked.word, near.likeness DESC, near.word
"""


@dataclass(frozen=True)
class Compiled:
    """A term as text queries of PostgreSQL; terms of stop words alone are left out.

    `query` ranks. `whole` finds: the beginning of a word is spelt out as the words that begin so, which one index
    answers ten times as fast; ranked by, each of them would count for less. `is_known`: its word stands in the list.
    """

    term: Term
    query: str
    whole: str
    is_known: bool


@dataclass(frozen=True)
class Wanted:
    """What a search looks for in the text of listings."""

    terms: tuple[Compiled, ...] = ()
    unwanted: tuple[Compiled, ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()

    def every_term(self) -> str:
        return self._with_unwanted(" & ".join(f"({c.whole})" for c in self.terms))

    def any_term(self) -> str:
        return self._with_unwanted(" | ".join(f"({c.whole})" for c in self.terms))

    def ranking_words(self) -> str:
        return " | ".join(f"({c.query})" for c in self.terms)

    def _with_unwanted(self, query: str) -> str:
        parts = ([f"({query})"] if query else []) + [f"!({c.whole})" for c in self.unwanted]
        return " & ".join(parts)


def understand(text: str, *, system_id: UUID | None) -> Wanted:
    """What was typed, with words that no listing knows read as the nearest that one does."""
    if not text.strip():
        return Wanted()
    lay = current_vocabulary()
    compiled = _compile(parse_query(text, lay=lay), system_id)
    corrections = _corrections(compiled, system_id)
    if corrections:
        compiled = _compile(parse_query(text, corrections=corrections, lay=lay), system_id)
    return Wanted(
        tuple(c for c in compiled if not c.term.is_unwanted),
        tuple(c for c in compiled if c.term.is_unwanted),
        tuple(sorted(corrections.items())),
    )


def _compile(terms: Sequence[Term], system_id: UUID | None) -> list[Compiled]:
    if not terms:
        return []
    parts: list[str] = []
    values: list[object] = []
    for term in terms:
        for spelt_out in (False, True):
            parts.append(
                "(" + " || ".join(_form(a, spelt_out=spelt_out) for a in term.alternatives) + ")::text"
            )
            for one in term.alternatives:
                values += (
                    [_operand(one), system_id] if spelt_out and one.form == "prefix" else [_operand(one)]
                )
    parts.append(_KNOWN)
    values += [system_id, [term.word for term in terms]]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        *found, known = cursor.fetchone()
    pairs = zip(terms, found[::2], found[1::2], strict=True)
    return [Compiled(term, query, whole, term.word in known) for term, query, whole in pairs if query]


def _form(one: Alternative, *, spelt_out: bool) -> str:
    form = _FORMS[one.form]
    return f"directory_spelt_out({form}, %s)" if spelt_out and one.form == "prefix" else form


def _operand(alternative: Alternative) -> str:
    if alternative.form == "prefix":
        return f"{alternative.text}:*"
    if alternative.form == "need":
        return f"'need/{alternative.text}'"
    return alternative.text


def _corrections(compiled: Sequence[Compiled], system_id: UUID | None) -> dict[str, str]:
    # To look for words that are like one costs more than the search: only for those that stand in no list of words.
    single = [c for c in compiled if len(c.term.word) >= _FEWEST_LETTERS and not c.is_known]
    if not single:
        return {}
    values = {
        "words": [c.term.word for c in single],
        "queries": [c.query for c in single],
        "system": system_id,
    }
    candidates: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [_CANDIDATE_SIMILARITY])
        cursor.execute(_CANDIDATES, values)
        for word, near in cursor.fetchall():
            candidates.setdefault(word, []).append(near)
    found = {word: nearest_word(word, near) for word, near in candidates.items()}
    return {word: near for word, near in found.items() if near}
