"""Our rules against the `holidays` package, an independent list of proclaimed days."""

import holidays
import pytest

from fingerpost.kernel.working_days import bank_holidays


@pytest.mark.parametrize("year", range(1978, 2051))
def test_bank_holidays_of_england_agree_with_an_independent_list(year: int) -> None:
    listed = holidays.country_holidays("GB", subdiv="ENG", years=year)
    assert bank_holidays(year) == {day for day in listed if day.weekday() < 5}
