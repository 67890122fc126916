"""How dates, waits, ages and numbers are written on every page; the filters of the templates.

Days as "Tue 3 Mar", the year only when it is not this one; moments in London time; waits in working days.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import dateformat, translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fingerpost.disclosure import Suppressed
from fingerpost.kernel import clock
from fingerpost.kernel.dates import age_on, day_in_words
from fingerpost.kernel.errors import FingerpostError
from fingerpost.kernel.london import to_london
from fingerpost.kernel.person_identifiers import PersonIdentifier
from fingerpost.kernel.words import in_words
from fingerpost.kernel.working_days import working_days_between


def day(value: date | datetime | None) -> str:
    """ "Tue 3 Mar", or "Tue 3 Mar 2025" when that is not this year; empty for None."""
    if value is None:
        return ""
    return day_in_words(as_day(value), today=clock.today(), translate=translation.gettext)


def full_day(value: date | datetime | None) -> str:
    """ "Tuesday 3 March 2026": for letters, headings of a day and birth dates; empty for None."""
    return "" if value is None else dateformat.format(as_day(value), "l j F Y")


def birth_date(value: date | None) -> str:
    """ "3 March 1958", never shortened; empty for None."""
    return "" if value is None else dateformat.format(value, "j F Y")


def time(value: datetime | None) -> str:
    """ "2:30pm", London time; "midday" and "midnight" in words; empty for None."""
    if value is None:
        return ""
    local = to_london(value)
    if (local.hour, local.minute) in ((0, 0), (12, 0)):
        return _("midnight") if local.hour == 0 else _("midday")
    hour = local.hour % 12 or 12
    minutes = f":{local.minute:02d}" if local.minute else ""
    return f"{hour}{minutes}{'am' if local.hour < 12 else 'pm'}"


def moment(value: datetime | None) -> str:
    """ "Tue 3 Mar at 2:30pm"; empty for None."""
    if value is None:
        return ""
    return _("%(day)s at %(time)s") % {"day": day(value), "time": time(value)}


def near_day(value: date | datetime | None) -> str:
    """ "today", "yesterday" or "tomorrow" when it is one, else the day."""
    if value is None:
        return ""
    distance = as_day(value) - clock.today()
    named = {timedelta(0): _("today"), timedelta(1): _("tomorrow"), timedelta(-1): _("yesterday")}
    return named.get(distance) or day(value)


def working_days(value: date | datetime | None) -> str:
    """How long ago in working days: "today", "1 working day", "12 working days"; empty for None."""
    if value is None:
        return ""
    since, today = as_day(value), clock.today()
    waited = working_days_between(since, today)
    if waited <= 0:
        return _("today") if since == today else _("less than a working day")
    return ngettext("%(count)s working day", "%(count)s working days", waited) % {"count": waited}


def age(born: date | None) -> str:
    """ "67 years"; under two, in months; "age not known" for None."""
    if born is None:
        return _("age not known")
    today = clock.today()
    years = age_on(born, today)
    if years >= 2:
        return ngettext("%(count)s year", "%(count)s years", years) % {"count": years}
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}


def identifier(value: PersonIdentifier | None) -> str:
    """A person's number with its spaces kept together; "not known" for None."""
    return value.display.replace(" ", "\N{NO-BREAK SPACE}") if value is not None else _("not known")


def number(value: float | int | None, decimals: int = 0) -> str:
    """With thousands marked as the language does; empty for None."""
    return "" if value is None else number_format(value, decimals, use_l10n=True, force_grouping=True)


def sentences(error: FingerpostError) -> list[str]:
    """What was wrong, what was expected, what to do, in the reader's language."""
    return error.sentences(translation.gettext)


def fault(error: FingerpostError) -> str:
    """One fault as it stands beside a box: what was wrong, then the way to put it right."""
    way_on = error.remedy or error.expected
    return " ".join(text for part in (error.message, way_on) if (text := as_words(part)))


def as_words(value: object) -> str:
    """A marked text of the kernel or of a domain app, in the reader's language."""
    return in_words(value, translation.gettext)


def shown_number(value: Any) -> str:
    """A count or its words: "fewer than 8" for a suppressed one, digits marked as the language does."""
    if isinstance(value, Suppressed):
        return as_words(str(value))
    return number(value) if isinstance(value, int | float) else str(value)


def capitalize_first(text: str) -> str:
    """The first letter large, the rest as it is (names keep their capitals)."""
    return text[:1].upper() + text[1:]


def joined(items: list[object]) -> str:
    """ "a, b and c" in the reader's language."""
    *first, last = [str(item) for item in items] or [""]
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last


def as_day(value: date | datetime) -> date:
    return to_london(value).date() if isinstance(value, datetime) else value


FILTERS: dict[str, Callable[..., Any]] = {
    "day": day,
    "full_day": full_day,
    "birth_date": birth_date,
    "time": time,
    "moment": moment,
    "near_day": near_day,
    "working_days": working_days,
    "age": age,
    "identifier": identifier,
    "number": number,
    "sentences": sentences,
    "as_words": as_words,
    "joined": joined,
    "shown_number": shown_number,
    "capitalize_first": capitalize_first,
}
