from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from fingerpost.instruments import Item, instrument
from fingerpost.kernel.errors import NotFound
from fingerpost.kernel.london import to_london
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.measures.models import Occasion


@dataclass(frozen=True)
class Series:
    """One question over time: what a small chart draws. `points` oldest first, without the skipped ones."""

    item: Item
    points: tuple[tuple[date, int], ...]


def occasion(actor: Actor, *, occasion_id: UUID) -> Occasion:
    found = Occasion.objects.filter(id=occasion_id).select_related("case", "case__journey", "person").first()
    if found is None:
        raise NotFound(_("There are no such answers here."))
    return found


def occasions_of(actor: Actor, *, case_id: UUID, mistakes: bool = False) -> list[Occasion]:
    """Every occasion of a case, newest first."""
    found = Occasion.objects.filter(case_id=case_id).select_related("case")
    if not mistakes:
        found = found.filter(entered_in_error_at=None)
    return list(found.order_by("-taken_at", "-id"))


def latest(actor: Actor, *, case_id: UUID, instrument_id: str, kind: str = "") -> Occasion | None:
    """The newest standing occasion of an instrument (of one kind, if named)."""
    found = Occasion.objects.filter(case_id=case_id, instrument_id=instrument_id, entered_in_error_at=None)
    if kind:
        found = found.filter(kind=kind)
    return found.order_by("-taken_at", "-id").first()


def series(occasions: Iterable[Occasion], *, instrument_id: str, version: str | None = None) -> list[Series]:
    """One series for each question of an instrument, from one version only: others do not compare.

    Without a `version`, the version of the newest occasion.
    """
    standing = [o for o in occasions if o.instrument_id == instrument_id and o.entered_in_error_at is None]
    ordered = sorted(standing, key=lambda o: (o.taken_at, o.id))
    if not ordered:
        return []
    chosen = version or ordered[-1].instrument_version
    compared = [o for o in ordered if o.instrument_version == chosen]
    return [
        Series(item, tuple(_points(compared, item.id)))
        for item in instrument(instrument_id, version=chosen).items
    ]


def _points(occasions: Iterable[Occasion], item_id: str) -> Iterable[tuple[date, int]]:
    for one in occasions:
        value = one.scores.get(item_id)
        if value is not None:
            yield to_london(one.taken_at).date(), value
