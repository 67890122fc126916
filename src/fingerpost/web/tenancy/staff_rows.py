"""What each row of a list of staff means: every fault of a row at once, before the database is asked. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from fingerpost.kernel.contact_route import normalise_email
from fingerpost.kernel.errors import FingerpostError, InvalidValue
from fingerpost.web.tenancy.enums import Role
from fingerpost.web.tenancy.staff_sheets import Problem, SheetRow

_DATE_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y")


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One colleague as the file says it. Without a role it ends all they hold, on the last day."""

    line: int
    name: str
    email: str
    role: Role | None
    organisation: str
    last_day: date | None
    problems: tuple[Problem, ...] = ()


def understand(rows: Sequence[SheetRow], *, today: date) -> list[StaffRow]:
    """Every row read, in the order of the file; what is wrong with one stands in its `problems`."""
    return _only_once([_understand(row, today) for row in rows])


def known_role(text: str) -> Role | None:
    """The role that somebody means by its words, in the reader's language or as the template has them."""
    wanted = _plain(text)
    return next(
        (role for role in Role if wanted in {_plain(str(role.label)), _plain(role.value), _plain(role.name)}),
        None,
    )


def _understand(row: SheetRow, today: date) -> StaffRow:
    problems = list(row.problems)
    faulty = {one.column for one in problems}
    name, email = row.get("name"), row.get("email")
    last_day = _day(row, "last_day", problems)
    first_day = _day(row, "first_day", problems)
    if not name and not last_day and "name" not in faulty:
        problems.append(Problem("name", _("There is no name."), _("Write their name.")))
    elif len(name) > 200:
        problems.append(Problem("name", _("The name is too long."), _("Shorten it to 200 letters.")))
    if "email" not in faulty:
        email = _address(email, problems)
    role = known_role(row.get("role")) if row.get("role") else None
    if role is None and "role" not in faulty and (row.get("role") or not last_day):
        problems.append(_no_such_role(row.get("role")))
    if first_day and last_day and last_day < first_day:
        problems.append(
            Problem("last_day", _("The last day is before the first day."), _("Put the dates right."))
        )
    if first_day and first_day > today:
        problems.append(
            Problem(
                "first_day",
                _("The first day is still to come, and a role opens as soon as it is given."),
                _("Import this row again on their first day."),
            )
        )
    if last_day and last_day.year > today.year + 50:
        problems.append(Problem("last_day", _("This is too far ahead."), _("Check the year.")))
    return StaffRow(row.line, name, email, role, row.get("organisation"), last_day, tuple(problems))


def _address(text: str, problems: list[Problem]) -> str:
    try:
        return normalise_email(text).lower()
    except InvalidValue as fault:
        if text:
            problems.append(problem_of(fault, "email"))
        else:
            problems.append(
                Problem("email", _("There is no e-mail address."), _("Write their address at work."))
            )
    return text


def _no_such_role(text: str) -> Problem:
    roles = "; ".join(str(role.label) for role in Role)
    cause = _("There is no role called “%(role)s”.") % {"role": text} if text else _("There is no role.")
    return Problem("role", cause, _("Write one of: %(roles)s.") % {"roles": roles})


def _day(row: SheetRow, column: str, problems: list[Problem]) -> date | None:
    text = row.get(column)
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day, no moment
        except ValueError:
            continue
    if text:
        problems.append(
            Problem(
                column,
                _("“%(text)s” is no date that can be understood.") % {"text": text[:40]},
                _("Write it as day/month/year, such as 31/03/2027."),
            )
        )
    return None


def _only_once(rows: list[StaffRow]) -> list[StaffRow]:
    """Of one person in one organisation there is one row: of two, none says which is meant."""
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in rows:
        if row.email:
            places[row.email, _plain(row.organisation)].append(row.line)
    return [_told_of_twin(row, places.get((row.email, _plain(row.organisation)), [])) for row in rows]


def _told_of_twin(row: StaffRow, lines: Iterable[int]) -> StaffRow:
    others = [line for line in lines if line != row.line]
    if not others:
        return row
    twin = Problem(
        "email",
        _("The same person stands in row %(lines)s too.") % {"lines": ", ".join(map(str, others[:5]))},
        _("Keep one row for each person in an organisation. Give a second role on their own page."),
    )
    return replace(row, problems=(*row.problems, twin))


def problem_of(fault: FingerpostError, column: str = "") -> Problem:
    """What an action or a type refused, as the problem of a row."""
    first = fault.faults[0] if fault.faults else fault
    words = first.sentences(_)
    named = first.field if isinstance(first, InvalidValue) else ""
    return Problem(column or named, words[0], " ".join(words[1:]))


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold()
