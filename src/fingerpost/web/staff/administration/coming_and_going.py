"""Who came, moved and went, month by month; accounts nobody has used; cases of those who have gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.london import LONDON
from fingerpost.web.casework import api as casework
from fingerpost.web.pages import forms
from fingerpost.web.pages.words import capitalize_first
from fingerpost.web.staff.administration.account_words import links_beside
from fingerpost.web.staff.administration.frame import csv_download
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Movement, Permission

_MONTHS = 12


class MonthFilter(forms.FilterForm):
    month = forms.SelectField(label="", use="chooses the month", empty="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["month"]
        field.label, field.empty = _("Month"), _("This month")  # type: ignore[attr-defined]
        field.offer(  # type: ignore[attr-defined]
            [forms.Choice(f"{first:%Y-%m}", dateformat.format(first, "F Y")) for first in months()]
        )


@dataclass(frozen=True)
class Line:
    """One thing that happened, in words."""

    at: datetime
    what: str
    who: str
    email: str
    role: str
    organisation: str
    organisation_id: UUID
    user_id: UUID


@require_safe
@for_those_who(Permission.ADMINISTER_ACCOUNTS)
def joiners(request: StaffRequest) -> HttpResponse:
    """The report of one month, for what the reader administers."""
    first, filters = _month(request)
    reach = tenancy.administered(request.actor, at=clock.now())
    context = {
        "title": _("Who came and went"),
        "caption": dateformat.format(first, "F Y"),
        "filters": filters,
        "lines": _lines(reach, first),
        "unused": tenancy.never_used(organisation_ids=reach, at=clock.now()),
        "left_with_cases": _left_with_cases(request, reach),
        "download": f"{reverse('staff:joiners_csv')}?month={first:%Y-%m}",
        "subnavigation": links_beside("staff:joiners"),
    }
    return render(request, "staff/administration/joiners.html", context)


@require_safe
@for_those_who(Permission.ADMINISTER_ACCOUNTS)
def joiners_csv(request: StaffRequest) -> HttpResponse:
    """The same month as a file."""
    first, _filters = _month(request)
    reach = tenancy.administered(request.actor, at=clock.now())
    heading = [_("When"), _("What happened"), _("Name"), _("Signs in with"), _("Role"), _("Organisation")]
    rows = [
        (
            one.at.astimezone(LONDON).date().isoformat(),
            one.what,
            one.who,
            one.email,
            one.role,
            one.organisation,
        )
        for one in _lines(reach, first)
    ]
    return csv_download(f"came-and-went-{first:%Y-%m}.csv", heading, rows)


def months() -> list[date]:
    """The first days of this month and of those before it, newest first."""
    today = clock.today()
    count = today.year * 12 + today.month - 1
    return [date(one // 12, one % 12 + 1, 1) for one in range(count, count - _MONTHS, -1)]


def _month(request: StaffRequest) -> tuple[date, MonthFilter]:
    filters = MonthFilter(request.GET)
    known = {f"{first:%Y-%m}": first for first in months()}
    return known.get(request.GET.get("month", ""), months()[0]), filters


def _lines(reach: frozenset[UUID], first: date) -> list[Line]:
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    moves = tenancy.movements(organisation_ids=reach, since=_midnight(first), until=_midnight(after))
    return [_line(one) for one in moves]


def _line(one: Movement) -> Line:
    words = {
        "joined": _("began"),
        "moved": _("has a new role or organisation"),
        "role_ended": _("a role ended, others go on"),
        "left": _("left"),
    }
    held = one.membership
    return Line(
        at=one.at,
        what=words[one.kind],
        who=held.user.name,
        email=held.user.email,
        role=capitalize_first(str(held.get_role_display())),
        organisation=held.organisation.name,
        organisation_id=held.organisation_id,
        user_id=held.user_id,
    )


def _left_with_cases(request: StaffRequest, reach: frozenset[UUID]) -> list[dict[str, Any]]:
    """Accounts that work in a scheme no longer, or are suspended, and still hold open cases there."""
    counted = casework.still_assigned()
    names = tenancy.user_names([worker for worker, _scheme in counted])
    schemes = tenancy.organisations_by_id([scheme for _worker, scheme in counted])
    now, found = clock.now(), []
    for (worker, scheme), cases in counted.items():
        if tenancy.role_in(user_id=worker, organisation_id=scheme, at=now) is None:
            found.append(
                {
                    "who": names.get(worker, ""),
                    "scheme": schemes[scheme].name,
                    "scheme_id": scheme,
                    "user_id": worker,
                    "cases": cases,
                }
            )
    return sorted(found, key=lambda row: (-row["cases"], row["who"]))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LONDON)
