"""Whose word counts: by rank while fresh, then by freshness; always the same one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from fingerpost.web.directory.field_words import FRESH_FOR, SAYABLE, Word, winner
from fingerpost.web.directory.models import Listing, Location, Provider

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def word(source: str, rank: int, *, days_ago: float = 0, value: str = "") -> Word:
    return Word(source=source, rank=rank, value=value or source, said_at=NOW - days_ago * DAY)


def test_the_provider_counts_before_a_feed_that_was_read_today() -> None:
    assert winner([word("feed", 50), word("provider", 10, days_ago=300)], at=NOW).source == "provider"


def test_a_word_of_long_ago_gives_way_to_any_fresher_one() -> None:
    old = word("provider", 10, days_ago=FRESH_FOR.days + 1)
    assert winner([word("feed", 50), old], at=NOW).source == "feed"
    assert winner([old, word("feed", 50, days_ago=FRESH_FOR.days + 2)], at=NOW).source == "provider"


def test_an_empty_word_is_a_word() -> None:
    assert (
        winner([word("feed", 50, value="x"), Word(source="p", rank=10, value="", said_at=NOW)], at=NOW).value
        == ""
    )


@given(
    st.lists(
        st.builds(word, st.sampled_from("abcd"), st.integers(0, 3), days_ago=st.integers(0, 900).map(float)),
        min_size=1,
        max_size=4,
        unique_by=lambda w: w.source,
    )
)
def test_the_order_in_which_words_come_does_not_matter(words: list[Word]) -> None:
    assert len({winner(order, at=NOW).source for order in permutations(words)}) == 1


def test_what_may_be_said_are_fields_of_the_row() -> None:
    for kind, model in (("listing", Listing), ("provider", Provider), ("location", Location)):
        assert set(SAYABLE[kind]) <= {f.name for f in model._meta.concrete_fields}
