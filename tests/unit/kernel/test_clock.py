import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from fingerpost.kernel import clock
from fingerpost.kernel.errors import InvalidValue

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


def test_clock_left_alone_is_the_machine_s_and_aware() -> None:
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert clock.now().utcoffset() == timedelta(0)
    assert not clock.is_injected()


def test_clock_fixed_stands_still_and_is_let_go() -> None:
    with clock.fixed(NOON):
        assert clock.now() == clock.now() == NOON
        with clock.fixed(NOON + timedelta(days=1)):
            assert clock.today() == date(2026, 3, 4)
        assert clock.today() == date(2026, 3, 3)
    assert not clock.is_injected()


def test_clock_ticking_moves_one_step_at_each_reading() -> None:
    with clock.ticking(NOON, step=timedelta(seconds=1)):
        assert [clock.now() - NOON for _ in range(3)] == [timedelta(seconds=n) for n in range(3)]


def test_today_just_before_midnight_utc_in_summer_is_tomorrow_in_london() -> None:
    with clock.fixed(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)):
        assert clock.today() == date(2026, 7, 2)


def test_clock_given_a_naive_time_refuses() -> None:
    with pytest.raises(InvalidValue), clock.fixed(datetime(2026, 3, 3)):
        pass


def test_clock_fixed_in_one_thread_leaves_others_alone() -> None:
    seen: list[bool] = []
    with clock.fixed(NOON):
        thread = threading.Thread(target=lambda: seen.append(clock.is_injected()))
        thread.start()
        thread.join()
    assert seen == [False]
