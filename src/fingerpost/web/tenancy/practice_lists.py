"""The national list of prescribing organisations: which of its lines are practices to take in. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from django.utils.translation import gettext as _

from fingerpost.web.tenancy.enums import OrganisationKind
from fingerpost.web.tenancy.listed import (
    Listed,
    ReadList,
    check_code,
    check_days,
    check_name,
    check_postcode,
)

PRACTICE = "GP Practice"
STATUSES = ("Active", "Closed", "Dormant", "Proposed")
OTHER_SETTING, ELSEWHERE, CLOSED_BEFORE, DORMANT = "other_setting", "elsewhere", "closed_before", "dormant"
_AREA = re.compile(r"[A-Z]{1,2}")

Row = Mapping[str, str | date | None]


def areas_in(text: str) -> frozenset[str]:
    """Postcode areas as they are typed: `TS, DL`. Raises `ValueError` naming what is none."""
    found = [part for part in re.split(r"[\s,;]+", text.upper()) if part]
    wrong = [part for part in found if not _AREA.fullmatch(part)]
    if wrong:
        raise ValueError(", ".join(wrong))
    return frozenset(found)


def practices_in(
    rows: Iterable[Row], *, known: Collection[str], areas: Collection[str], today: date
) -> ReadList:
    """`known` are the codes that are here already: what is told of them counts wherever they are."""
    found = ReadList()
    seen: dict[str, int] = {}
    for line, row in enumerate(rows, start=2):
        found.read += 1
        code = _text(row, "OrganisationCode").upper()
        found.codes.add(code)
        reason = _left_out(row, code in known, areas, today)
        if reason:
            found.left_out[reason] += 1
            continue
        faults = _faults(row, code)
        if code in seen:
            faults.append(
                (
                    "OrganisationCode",
                    code,
                    _("line %(line)s has this code already") % {"line": seen[code]},
                    _("Keep one of the two lines."),
                )
            )
        seen.setdefault(code, line)
        if faults:
            for fault in faults:
                found.refuse(line, *fault)
            continue
        found.rows.append(_listed(line, code, row))
    return found


def _left_out(row: Row, is_known: bool, areas: Collection[str], today: date) -> str:
    if _text(row, "PrescribingSetting") != PRACTICE and not is_known:
        return OTHER_SETTING
    if is_known:
        return ""
    area = _AREA.match(_text(row, "PCDS").upper())
    if areas and (area is None or area[0] not in areas):
        return ELSEWHERE
    closes, status = _closes(row), _text(row, "Status")
    if status == "Closed" and (closes is None or closes <= today):
        return CLOSED_BEFORE
    return DORMANT if status == "Dormant" else ""


def _faults(row: Row, code: str) -> list[tuple[str, str, str, str]]:
    faults = check_code(code, "OrganisationCode")
    faults += check_name(_text(row, "OrganisationName"), "OrganisationName")
    faults += check_postcode(_text(row, "PCDS"), "PCDS")[1]
    for column in ("OpenDate", "CloseDate"):
        if isinstance(row[column], str) and row[column]:
            faults.append((column, str(row[column]), _("this is no day"), _("Give a date.")))
    faults += check_days(_day(row, "OpenDate"), _closes(row), "OpenDate, CloseDate")
    if _text(row, "Status") not in STATUSES:
        faults.append(
            (
                "Status",
                _text(row, "Status"),
                _("this status is not known"),
                _("Give one of: %(all)s.") % {"all": ", ".join(STATUSES)},
            )
        )
    elif _text(row, "Status") == "Closed" and _closes(row) is None:
        faults.append(("CloseDate", "", _("it is closed, and no day is given"), _("Give the day it closed.")))
    return faults


def _listed(line: int, code: str, row: Row) -> Listed:
    return Listed(
        line=line,
        code=code,
        name=" ".join(_text(row, "OrganisationName").split()),
        kind=OrganisationKind.PRACTICE,
        postcode=check_postcode(_text(row, "PCDS"), "")[0],
        opens_on=_day(row, "OpenDate"),
        closes_on=_closes(row),
    )


def _closes(row: Row) -> date | None:
    """The list gives the last day on which it was open."""
    last = _day(row, "CloseDate")
    return last + timedelta(days=1) if last else None


def _day(row: Row, column: str) -> date | None:
    value = row[column]
    return value if isinstance(value, date) else None


def _text(row: Row, column: str) -> str:
    return str(row[column] or "").strip()
