"""The reading of events that judges random journeys must itself see what is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from tests.factories.replay import Change, Fact, connection, faults_of

ONE = uuid4()
AT = datetime(2026, 3, 3, 10, tzinfo=UTC)


def fact(kind: str, *, minute: int = 0, reason: str = "", corrects: Fact | None = None) -> Fact:
    return Fact(
        uuid4(),
        kind,
        reason,
        AT + timedelta(minutes=minute),
        None if corrects else ONE,
        corrects and corrects.id,
    )


CONNECTED, ACCEPTED = fact("connected"), fact("provider_accepted", minute=1)
CAME, STOPPED = fact("first_attended", minute=2), fact("lost", minute=3, reason="stopped_coming")
STOOD = [CONNECTED, ACCEPTED, CAME, STOPPED]


@pytest.mark.parametrize(
    ("was", "now", "before", "written"),
    [
        ("details_sent", "accepted", [CONNECTED], [ACCEPTED]),
        ("accepted", "attended", [CONNECTED, ACCEPTED], [CAME]),
        ("attended", "stopped", STOOD[:3], [STOPPED]),
        ("stopped", "attended", STOOD, [fact("entered_in_error", minute=4, corrects=STOPPED)]),
    ],
)
def test_change_with_its_one_fact_is_right_and_with_none_or_two_wrong(
    was: str, now: str, before: list[Fact], written: list[Fact]
) -> None:
    change = Change(was=was, now=now)
    assert faults_of(change, ONE, before, written) == []
    assert faults_of(change, ONE, before, [])
    assert faults_of(change, ONE, before, [*written, fact("lost", minute=5, reason="moved_away")])


def test_stop_may_be_silent_only_when_the_case_closed() -> None:
    assert faults_of(Change(was="attended", now="stopped", with_case=True), ONE, STOOD[:3], []) == []
    assert faults_of(Change(was="attended", now="stopped"), ONE, STOOD[:3], [])


def test_mistake_takes_back_all_that_stood() -> None:
    marks = [fact("entered_in_error", minute=5, corrects=one) for one in STOOD]
    change = Change(was="stopped", now="entered_in_error")
    assert faults_of(change, ONE, STOOD, marks) == []
    assert faults_of(change, ONE, STOOD, marks[1:])


def test_events_after_a_return_say_attended() -> None:
    back = fact("entered_in_error", minute=4, corrects=STOPPED)
    assert "attended" in connection([*STOOD, back], UUID(str(ONE)))
    assert "attended" not in connection(STOOD, ONE)
