"""How a capacity state ages, and what it is called. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fingerpost.kernel.london import to_london
from fingerpost.web.directory.enums import CapacityState

LASTS = timedelta(days=90)  # after this nobody should rely on what was said, unless the area agreed otherwise


@dataclass(frozen=True, slots=True)
class CapacityNow:
    """Whether there is room, as far as is known at a moment. `set_at` is when it was last said, if ever."""

    state: CapacityState
    waiting_weeks: int | None = None
    full_until: date | None = None
    set_at: datetime | None = None

    @property
    def words(self) -> str:
        """The state in plain words."""
        if self.state is CapacityState.TAKING:
            return _("Taking people")
        if self.state is CapacityState.WAITING_LIST and self.waiting_weeks:
            weeks = self.waiting_weeks
            return ngettext("Waiting list of %(n)s week", "Waiting list of %(n)s weeks", weeks) % {"n": weeks}
        if self.state is CapacityState.WAITING_LIST:
            return _("Has a waiting list")
        if self.state is CapacityState.FULL and self.full_until:
            return _("Full until %(date)s") % {"date": date_format(self.full_until, "j F Y")}
        if self.state is CapacityState.FULL:
            return _("Full")
        return _("Not known whether there is room")


NOT_KNOWN = CapacityNow(CapacityState.UNKNOWN)


def capacity_at(
    state: str,
    *,
    set_at: datetime,
    at: datetime,
    waiting_weeks: int | None = None,
    full_until: date | None = None,
    lasts: timedelta = LASTS,
) -> CapacityNow:
    """What was said, unless it is too old or its own date has passed: then it is not known."""
    ended = full_until is not None and full_until <= to_london(at).date()
    if ended or at - set_at > lasts:
        return CapacityNow(CapacityState.UNKNOWN, set_at=set_at)
    return CapacityNow(CapacityState(state), waiting_weeks, full_until, set_at)
