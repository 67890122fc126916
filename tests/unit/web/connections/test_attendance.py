from __future__ import annotations

from datetime import date, timedelta

import pytest

from fingerpost.web.connections.actions.attendance import kept_going

FIRST = date(2026, 3, 3)


def _days(*offsets: int) -> list[date]:
    return [FIRST + timedelta(days=offset) for offset in offsets]


@pytest.mark.parametrize(
    ("visits", "end", "kept"),
    [
        ([], None, False),
        ([], 30, False),
        ([0], None, False),
        ([0], 0, False),
        ([0], 13, False),
        ([0], 14, True),
        ([0, 0], 0, False),
        ([0, 0, 0, 0], None, False),
        ([0, 1], None, False),
        ([0, 1], 1, True),
        ([0, 7, 14], None, False),
        ([0, 7, 14, 21], None, True),
        ([21, 7, 0, 14], None, True),
    ],
)
def test_kept_going_needs_different_days_or_two_weeks(visits: list[int], end: int | None, kept: bool) -> None:
    ended_on = None if end is None else FIRST + timedelta(days=end)
    assert kept_going(set(_days(*visits)), ended_on=ended_on) is kept
