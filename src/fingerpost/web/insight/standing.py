"""Which events count on a day, in SQL: the meaning of `pathway.standing`, bounded by what was known."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from fingerpost.codes.pathway import EventKind
from fingerpost.kernel.london import to_london
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pathway import api as pathway

# Django hands the zone to PostgreSQL by its name.
LONDON = ZoneInfo("Europe/London")


def end_of(day: date) -> datetime:
    """The moment at which a day in London is over."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=LONDON)


def day_of(moment: datetime) -> date:
    return to_london(moment).date()


def standing_before(actor: Actor, before: datetime) -> QuerySet[pathway.PathwayEvent]:
    """Events that had occurred and been recorded before a moment, and had not been taken back by then.

    A mark names the event it takes back; a mark that names none takes back its whole journey, whenever recorded.
    """
    known = pathway.events_for_counting(actor).filter(recorded_at__lt=before)
    marks = known.filter(kind=EventKind.ENTERED_IN_ERROR).order_by()
    # Lists that do not depend on the row, so that PostgreSQL makes each once, however little it knows of the table.
    single = marks.filter(corrects_id__isnull=False).values("corrects_id")
    whole = marks.filter(corrects_id=None).values("journey_id")
    standing = known.filter(occurred_at__lt=before).exclude(kind=EventKind.ENTERED_IN_ERROR)
    return standing.exclude(id__in=single).exclude(journey_id__in=whole)
