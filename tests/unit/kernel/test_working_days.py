from datetime import UTC, date, datetime

import pytest

from fingerpost.kernel.errors import InvalidValue
from fingerpost.kernel.working_days import (
    WorkingCalendar,
    add_working_days,
    age_in_working_days,
    bank_holidays,
    is_working_day,
    working_days_between,
)


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (date(2026, 3, 6), date(2026, 3, 6), 0),
        (date(2026, 3, 6), date(2026, 3, 8), 0),
        (date(2026, 3, 6), date(2026, 3, 9), 1),
        (date(2026, 3, 7), date(2026, 3, 9), 1),
        (date(2026, 4, 2), date(2026, 4, 7), 1),  # over Good Friday and Easter Monday
        (date(2025, 12, 24), date(2026, 1, 2), 4),
        (date(2021, 12, 24), date(2022, 1, 4), 4),  # substitute days 27 and 28 December, 3 January
        (date(2022, 6, 1), date(2022, 6, 6), 1),  # spring holiday moved, and the Jubilee
        (date(2026, 3, 9), date(2026, 3, 6), -1),
    ],
)
def test_working_days_between_two_days(start: date, end: date, count: int) -> None:
    assert working_days_between(start, end) == count


def test_days_proclaimed_once_are_bank_holidays() -> None:
    for day in (date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)):
        assert not is_working_day(day)
    assert is_working_day(date(2022, 5, 30))


def test_calendar_given_an_added_and_a_removed_day_follows_them() -> None:
    calendar = WorkingCalendar(added=frozenset({date(2026, 7, 15)}), removed=frozenset({date(2026, 8, 31)}))
    assert not is_working_day(date(2026, 7, 15), calendar)
    assert is_working_day(date(2026, 8, 31), calendar)
    assert working_days_between(date(2026, 7, 14), date(2026, 7, 16), calendar) == 1


def test_add_working_days_of_none_stays_and_of_ten_skips_easter() -> None:
    assert add_working_days(date(2026, 3, 28), 0) == date(2026, 3, 28)
    assert add_working_days(date(2026, 3, 30), 10) == date(2026, 4, 15)


def test_add_working_days_backward_is_refused() -> None:
    with pytest.raises(InvalidValue):
        add_working_days(date(2026, 3, 30), -1)


def test_bank_holidays_before_the_rules_are_refused() -> None:
    with pytest.raises(InvalidValue):
        bank_holidays(1977)


def test_age_counts_london_days_across_the_clock_change() -> None:
    friday_night = datetime(2026, 3, 27, 23, 30, tzinfo=UTC)  # before the clocks go forward
    monday_in_london = datetime(2026, 3, 29, 23, 30, tzinfo=UTC)  # 00:30 on Monday by London clocks
    assert age_in_working_days(friday_night, monday_in_london) == 1


def test_age_of_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidValue):
        age_in_working_days(datetime(2026, 3, 27), datetime(2026, 3, 29, tzinfo=UTC))
