"""What is known of somebody's coming, and whether that is enough to say that they kept going."""

from __future__ import annotations

from datetime import date, timedelta

from fingerpost.web.connections.enums import ReplyKind
from fingerpost.web.connections.models import Connection, ProviderReply

# docs/decisions/0067-sustained.md and 0095-kept-going-takes-more-than-a-day.md
DAYS_THAT_ARE_ENOUGH = 4
DAYS_BEFORE_AN_END = 2
TIME_BEFORE_AN_END = timedelta(days=14)


def days_came(connection: Connection) -> set[date]:
    """The different days on which they are said to have come; what was undone does not count."""
    said = ProviderReply.objects.filter(connection=connection, kind=ReplyKind.CAME, undone_at=None)
    return {day for day in said.values_list("happened_on", flat=True) if day is not None}


def kept_going(days: set[date], *, ended_on: date | None = None) -> bool:
    """Whether days of coming, and a good end if there is one, show that somebody kept going."""
    if len(days) >= DAYS_THAT_ARE_ENOUGH:
        return True
    if ended_on is None or not days:
        return False
    return len(days) >= DAYS_BEFORE_AN_END or ended_on - min(days) >= TIME_BEFORE_AN_END
