"""Days: a birth date that can be true, an age, a date typed in three boxes, a day in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from fingerpost.kernel.errors import FaultList, Faults, InvalidValue
from fingerpost.kernel.words import N_, Phrase

__all__ = ["OLDEST_AGE", "age_on", "checked_birth_date", "day_in_words", "parse_day_month_year"]

OLDEST_AGE = 130
"""Years. Nobody is known to have lived longer than 122."""

_DAY_NAMES = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
_MONTH_NAMES = (
    N_("Jan"),
    N_("Feb"),
    N_("Mar"),
    N_("Apr"),
    N_("May"),
    N_("Jun"),
    N_("Jul"),
    N_("Aug"),
    N_("Sep"),
    N_("Oct"),
    N_("Nov"),
    N_("Dec"),
)
_MONTHS_TYPED = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)


def age_on(born: date, day: date) -> int:
    """Age in whole years; someone born on 29 February is a year older on 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def checked_birth_date(born: date, *, today: date) -> date:
    """The same date, or `InvalidValue` when nobody alive can have been born on it."""
    if born > today:
        raise InvalidValue(
            N_("This birth date is in the future."),
            field="year",
            expected=N_("A date of birth that is today or in the past."),
            remedy=N_("Check the year."),
        )
    if age_on(born, today) > OLDEST_AGE:
        raise InvalidValue(
            Phrase(N_("This birth date is more than {years} years ago."), years=OLDEST_AGE),
            field="year",
            expected=Phrase(N_("A birth date within the last {years} years."), years=OLDEST_AGE),
            remedy=N_("Check the year."),
        )
    return born


def parse_day_month_year(day: str, month: str, year: str) -> date:
    """A date typed in three boxes; the month also by its English name.

    Raises `Faults` with one fault for each box that is wrong; each fault's `field` is day, month or year.
    """
    faults = FaultList()
    numbers = [0, 0, 0]
    with faults.catching():
        numbers[0] = _number(day, "day", 31, N_("The day must be a number from 1 to 31."))
    with faults.catching():
        numbers[1] = _number(
            _month_number(month), "month", 12, N_("The month must be from 1 to 12, or a name.")
        )
    with faults.catching():
        numbers[2] = _year(year)
    faults.raise_any(N_("This date needs to be put right."))
    try:
        return date(numbers[2], numbers[1], numbers[0])
    except ValueError:
        no_such_day = InvalidValue(
            N_("There is no such day in that month."),
            field="day",
            expected=N_("A real date, such as 31 3 1980."),
            remedy=N_("Check the day and the month."),
        )
        raise Faults(N_("This date needs to be put right."), faults=[no_such_day]) from None


def _number(text: str, field: str, last: int, message: str) -> int:
    typed = text.strip()
    if not typed:
        missing = {"day": N_("The day is missing."), "month": N_("The month is missing.")}[field]
        raise InvalidValue(missing, field=field, expected=N_("A date such as 31 3 1980."))
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 2 and 1 <= int(typed) <= last):
        raise InvalidValue(message, field=field, expected=N_("A date such as 31 3 1980."))
    return int(typed)


def _month_number(text: str) -> str:
    """A month typed by name as its number; anything else as it was typed."""
    typed = text.strip().lower().rstrip(".")
    for number, name in enumerate(_MONTHS_TYPED, start=1):
        if len(typed) >= 3 and name.startswith(typed):
            return str(number)
    return text


def _year(text: str) -> int:
    typed = text.strip()
    if not typed:
        raise InvalidValue(N_("The year is missing."), field="year", expected=N_("A date such as 31 3 1980."))
    if not (typed.isascii() and typed.isdigit() and len(typed) == 4 and int(typed) > 0):
        raise InvalidValue(
            N_("The year must have four digits."), field="year", expected=N_("A year such as 1980.")
        )
    return int(typed)


def day_in_words(day: date, *, today: date, translate: Callable[[str], str] = str) -> str:
    """`Tue 3 Mar`, with the year when it is not this one; `translate` is a gettext function."""
    names = {
        "weekday": translate(_DAY_NAMES[day.weekday()]),
        "day": day.day,
        "month": translate(_MONTH_NAMES[day.month - 1]),
    }
    if day.year == today.year:
        return translate(N_("{weekday} {day} {month}")).format(**names)
    return translate(N_("{weekday} {day} {month} {year}")).format(**names, year=day.year)
