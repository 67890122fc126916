"""Small pure parts: spelling, schedules, capacity, lifecycles, the report."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fingerpost.kernel.errors import FingerpostError
from fingerpost.kernel.ids import new_id
from fingerpost.web.directory.capacity import LASTS, capacity_at
from fingerpost.web.directory.enums import CapacityState, EmailState, ListingStatus
from fingerpost.web.directory.lifecycle import EMAIL_TRANSITIONS, LISTING_TRANSITIONS
from fingerpost.web.directory.records import Reject
from fingerpost.web.directory.report import FileCounts, ImportReport, Tally, rejects_csv
from fingerpost.web.directory.schedule_words import when_words
from fingerpost.web.directory.spelling import letters_wrong, nearest_word
from fingerpost.web.foundation.lifecycle import unreachable

AT = datetime(2026, 3, 3, 10, tzinfo=UTC)
WORDS = st.text("abc", max_size=6)


@pytest.mark.parametrize(
    ("one", "other", "wrong"),
    [
        ("lonley", "lonely", 1),
        ("bereavment", "bereavement", 1),
        ("lawer", "lawyer", 1),
        ("", "abc", 3),
        ("ab", "ba", 1),
    ],
)
def test_letters_wrong_counts_changes_gaps_and_swaps(one: str, other: str, wrong: int) -> None:
    assert letters_wrong(one, other) == wrong


@settings(max_examples=100, deadline=None)
@given(WORDS, WORDS)
def test_letters_wrong_is_a_symmetric_difference(one: str, other: str) -> None:
    assert letters_wrong(one, other) == letters_wrong(other, one)
    assert (letters_wrong(one, other) == 0) == (one == other)
    assert letters_wrong(one, other) <= max(len(one), len(other))


def test_nearest_word_too_far_away_is_none() -> None:
    assert nearest_word("lonley", ["long", "lonely"]) == "lonely"
    assert nearest_word("choir", ["chair", "cat"]) == "chair"
    assert nearest_word("choir", ["chain"]) == ""
    assert nearest_word("choir", []) == ""


@pytest.mark.parametrize(
    ("frequency", "byday", "opens", "closes", "words"),
    [
        ("WEEKLY", "WE", time(12), time(14), "Wednesdays, midday to 2pm"),
        ("WEEKLY", "MO,WE,FR", time(9, 30), time(16), "Mondays, Wednesdays and Fridays, 9:30am to 4pm"),
        ("MONTHLY", "1WE", time(19), None, "first Wednesday of the month, from 7pm"),
        ("MONTHLY", "-1SA", time(0), time(1), "last Saturday of the month, midnight to 1am"),
        ("WEEKLY", "SU", None, None, "Sundays, times not given"),
        ("", "", None, None, ""),
    ],
)
def test_schedule_is_said_in_plain_words(
    frequency: str, byday: str, opens: time | None, closes: time | None, words: str
) -> None:
    assert when_words(frequency=frequency, byday=byday, opens_at=opens, closes_at=closes) == words


def test_capacity_is_not_known_once_it_is_old_or_its_date_is_past() -> None:
    def state(**given: object) -> CapacityState:
        return capacity_at(**{"state": "taking", "set_at": AT, "at": AT, **given}).state  # type: ignore[arg-type]

    assert state(at=AT + LASTS) is CapacityState.TAKING
    assert state(at=AT + LASTS + timedelta(seconds=1)) is CapacityState.UNKNOWN
    assert state(state="full", full_until=date(2026, 3, 4)) is CapacityState.FULL
    assert state(state="full", full_until=date(2026, 3, 3)) is CapacityState.UNKNOWN


def test_capacity_words_say_how_long() -> None:
    def words(**given: object) -> str:
        return capacity_at(**{"set_at": AT, "at": AT, **given}).words  # type: ignore[arg-type]

    assert words(state="waiting_list", waiting_weeks=1) == "Waiting list of 1 week"
    assert words(state="waiting_list", waiting_weeks=6) == "Waiting list of 6 weeks"
    assert words(state="full", full_until=date(2026, 5, 1)) == "Full until 1 May 2026"


def test_lifecycles_are_total_and_reach_everything() -> None:
    assert set(LISTING_TRANSITIONS) == set(ListingStatus)
    assert set(EMAIL_TRANSITIONS) == set(EmailState)
    assert not unreachable(LISTING_TRANSITIONS, start=[ListingStatus.NOT_STATED])
    assert not unreachable(EMAIL_TRANSITIONS, start=[EmailState.UNCHECKED])


def test_refused_address_is_never_made_right_by_staff() -> None:
    assert EMAIL_TRANSITIONS[EmailState.REFUSED] == {EmailState.CONFIRMED}


def _report(**counts: int) -> ImportReport:
    tally = Tally(new=counts.pop("new", 0))
    return ImportReport(
        source="s",
        import_id=new_id(),
        files=(FileCounts(file="a.csv", tally=tally, **counts),),
        faults={},
        rejects=(),
    )


def test_report_that_does_not_add_up_stops_the_import() -> None:
    _report(read=3, rejected=1, new=1, merged=1).check()
    with pytest.raises(FingerpostError, match=r"a\.csv"):
        _report(read=3, rejected=1, new=1).check()


def test_rejects_file_carries_no_formula() -> None:
    reject = Reject(
        file="a.csv", line=2, column="name", value="=HYPERLINK(1)", reason="why", row={"name": "=1"}
    )
    _heading, row = csv.reader(io.StringIO(rejects_csv([reject])))
    assert row[:5] == ["a.csv", "2", "name", "'=HYPERLINK(1)", "why"]
