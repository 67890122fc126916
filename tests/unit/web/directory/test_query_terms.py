from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fingerpost.codes.needs import parse_needs
from fingerpost.web.directory.lay_words import Entry, entries, plain_words, vocabulary
from fingerpost.web.directory.query_terms import MOST_TERMS, parse_query


def _labels(text: str) -> list[str]:
    return [("-" if term.is_unwanted else "") + term.label for term in parse_query(text)]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("choir", ["choir"]),
        ('"men\'s shed" -football', ["mens shed", "-football"]),
        ("I can't pay the electric", ["cant pay the electric"]),
        ("my husband died", ["my husband died"]),
        ("choir or band", ["choir / band"]),
        ("or choir", ["choir"]),
        ("I need help with a choir", ["choir"]),
        ("help", ["help"]),
        ("  ", []),
        ('-""', []),
    ],
)
def test_query_is_read_as_people_mean_it(text: str, labels: list[str]) -> None:
    assert _labels(text) == labels


def test_lay_words_stand_for_needs_and_the_longest_phrase_wins() -> None:
    (term,) = parse_query("can’t pay the gas")
    assert term.needs == ("money",)
    assert [t.needs for t in parse_query("lonely skint")] == [("company",), ("money",)]


def test_correction_is_read_again_for_what_it_means() -> None:
    (term,) = parse_query("lonley", corrections={"lonley": "lonely"})
    assert (term.label, term.needs) == ("lonely", ("company",))


def test_lay_words_name_known_needs_and_each_phrase_stands_once() -> None:
    written = [tuple(plain_words(phrase)) for entry in entries().values() for phrase in entry.phrases]
    assert len(written) == len(set(written)) == len(vocabulary().phrases)
    parse_needs(need for meaning in vocabulary().phrases.values() for need in meaning.needs)


def test_a_system_changes_what_phrases_mean_adds_some_and_switches_some_off() -> None:
    lay = vocabulary([Entry("skint", (), (), ()), Entry("own", ("brassic",), ("money",), ())])
    assert [t.needs for t in parse_query("skint brassic", lay=lay)] == [(), ("money",)]
    assert [t.needs for t in parse_query("skint brassic")] == [("money",), ()]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_read_to_few_plain_terms(text: str) -> None:
    terms = parse_query(text)
    assert len(terms) <= MOST_TERMS
    for term in terms:
        for alternative in term.alternatives:
            plain = alternative.text.replace(" ", "").replace("_", "")
            assert plain.isalnum() and plain == plain.lower()
