from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from fingerpost.disclosure import Suppressed
from fingerpost.kernel import clock
from fingerpost.kernel.errors import InvalidValue
from fingerpost.kernel.person_identifiers import NHSNumber
from fingerpost.web.pages import words


@pytest.fixture(autouse=True)
def on_a_wednesday() -> Iterator[None]:
    with clock.fixed(datetime(2026, 3, 4, 9, 30, tzinfo=UTC)), translation.override("en-gb"):
        yield


def test_day_of_this_year_leaves_the_year_out() -> None:
    assert words.day(date(2026, 3, 3)) == "Tue 3 Mar"
    assert words.day(date(2025, 3, 3)) == "Mon 3 Mar 2025"
    assert words.day(None) == ""


def test_day_of_a_moment_is_the_london_day() -> None:
    assert words.day(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "Wed 1 Jul"


def test_day_in_welsh_uses_the_drafted_words() -> None:
    with translation.override("cy"):
        assert words.day(date(2026, 3, 3)) == "Maw 3 Maw"
        assert words.near_day(date(2026, 3, 4)) == "heddiw"


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [(0, 0, "midnight"), (12, 0, "midday"), (14, 30, "2:30pm"), (9, 0, "9am"), (0, 5, "12:05am")],
)
def test_time_is_said_as_people_say_it(hour: int, minute: int, said: str) -> None:
    assert words.time(datetime(2026, 1, 5, hour, minute, tzinfo=UTC)) == said


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (date(2026, 3, 4), "today"),
        (date(2026, 3, 3), "1 working day"),
        (date(2026, 2, 27), "3 working days"),
        (date(2026, 2, 18), "10 working days"),
    ],
)
def test_wait_is_told_in_working_days(since: date, said: str) -> None:
    assert words.working_days(since) == said


def test_age_of_a_baby_is_told_in_months() -> None:
    assert words.age(date(2025, 12, 5)) == "2 months"
    assert words.age(date(1958, 3, 5)) == "67 years"
    assert words.age(None) == "age not known"


def test_identifier_keeps_its_groups_together() -> None:
    assert words.identifier(NHSNumber.reserved(1)).count("\N{NO-BREAK SPACE}") == 2
    assert words.identifier(None) == "not known"


def test_suppressed_number_is_said_in_words() -> None:
    assert words.shown_number(Suppressed(7)) == "fewer than 8"
    assert words.shown_number(12345) == "12,345"


def test_fault_gives_what_was_wrong_and_the_way_on() -> None:
    assert (
        words.fault(InvalidValue("This is wrong.", expected="Something right."))
        == "This is wrong. Something right."
    )


def test_list_of_words_is_joined_as_a_sentence_would() -> None:
    assert [words.joined(["a"]), words.joined(["a", "b", "c"]), words.joined([])] == ["a", "a, b and c", ""]
