"""How many gaps there are, by need, by area and by what would have helped: never fewer than may be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from fingerpost.codes.needs import NEEDS
from fingerpost.disclosure import Suppressed, release_row, release_table
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.gaps.enums import WouldHaveHelped
from fingerpost.web.gaps.models import Gap
from fingerpost.web.gaps.policies import check_can_see_gaps

PERIOD = timedelta(days=365)
Cell = int | Suppressed


@dataclass(frozen=True)
class GapCounts:
    """Gaps of a year as they may be shown. `by_area[need][area]`; an unknown area is the empty text."""

    areas: tuple[str, ...]
    by_area: dict[str, dict[str, Cell]]
    by_need: dict[str, Cell]
    by_help: dict[str, Cell]
    total: Cell


def gap_counts(actor: Actor, *, at: datetime) -> GapCounts:
    """All gaps of the system in the year before `at`, small numbers suppressed and others rounded.

    Every reader is shown the same table of the same period: nothing can be taken from anything.
    """
    check_can_see_gaps(actor)
    # Whole days, so that reloading the page does not move the window past one gap.
    until = at.replace(hour=0, minute=0, second=0, microsecond=0)
    found = Gap.objects.filter(mistake_at=None, recorded_at__gte=until - PERIOD, recorded_at__lt=until)
    pairs = {(need, area): n for need, area, n in found.values_list("need", "area").annotate(Count("id"))}
    helps = dict(found.values_list("helped_by").annotate(Count("id")))
    areas = sorted({area for _need, area in pairs}, key=lambda area: (not area, area))
    needs = [need.id for need in NEEDS if any((need.id, area) in pairs for area in areas)]
    table = release_table({need: {area: pairs.get((need, area), 0) for area in areas} for need in needs})
    return GapCounts(
        areas=tuple(areas),
        by_area=table.cells,
        by_need=table.row_totals,
        by_help=release_row({one.value: helps.get(one.value, 0) for one in WouldHaveHelped}).cells,
        total=table.total,
    )
