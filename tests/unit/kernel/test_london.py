from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fingerpost.kernel.london import LondonByRule, to_london


def test_london_by_rule_agrees_with_the_time_zone_database_around_every_change() -> None:
    ruled, known = LondonByRule(), ZoneInfo("Europe/London")
    for year in range(1996, 2038):
        for month in (1, 3, 10):
            start = datetime(year, month, 24, tzinfo=UTC)
            for quarter_hours in range(8 * 24 * 4):
                moment = start + timedelta(minutes=15 * quarter_hours)
                mine, theirs = moment.astimezone(ruled), moment.astimezone(known)
                assert (mine.replace(tzinfo=None), mine.fold, mine.utcoffset()) == (
                    theirs.replace(tzinfo=None),
                    theirs.fold,
                    theirs.utcoffset(),
                )
                if year == 2026:
                    assert mine.astimezone(UTC) == moment


@pytest.mark.parametrize("fold", [0, 1])
@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 6, 1)])
def test_london_by_rule_reads_a_wall_time_as_the_database_does(day: date, fold: int) -> None:
    for minutes in range(0, 24 * 60, 15):
        wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)
        mine = wall.replace(tzinfo=LondonByRule(), fold=fold)
        theirs = wall.replace(tzinfo=ZoneInfo("Europe/London"), fold=fold)
        assert mine.utcoffset() == theirs.utcoffset()
        assert mine.tzname() == theirs.tzname()


def test_to_london_in_the_hour_that_comes_twice_keeps_the_two_apart() -> None:
    first = to_london(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    second = to_london(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    assert first.hour == second.hour == 1
    assert (first.fold, second.fold) == (0, 1)
