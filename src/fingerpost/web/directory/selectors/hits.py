"""From rows found to hits that say why each is shown and what might not fit."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from fingerpost.web.directory.capacity import NOT_KNOWN, CapacityNow, capacity_at
from fingerpost.web.directory.enums import Way
from fingerpost.web.directory.models import (
    Capacity,
    Listing,
    ServiceArea,
)
from fingerpost.web.directory.search_types import DistanceState, SearchCriteria, SearchHit
from fingerpost.web.directory.selectors.matching import Wanted
from fingerpost.web.directory.selectors.reasons import Known, might_not_fit, speaks_theirs, why
from fingerpost.web.directory.selectors.trust import area_rules, capacity_lasts, trust_of_listings
from fingerpost.web.directory.trust import Trust
from fingerpost.web.foundation.scope import current_actor
from fingerpost.web.geography.api import Point, distance_km


@dataclass(frozen=True)
class FoundRow:
    """One row of the search statement; `has` tells for each term whether the listing matches it."""

    listing_id: UUID
    km: float | None
    has: tuple[bool, ...]


@dataclass(frozen=True)
class _Place:
    """One open place of a listing, as far as search tells of it."""

    id: str
    name: str
    town: str
    is_confidential: bool
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class _Around:
    """What search tells of a listing beside its own row."""

    has_area: bool = False
    offers: frozenset[str] = frozenset()
    capacity: CapacityNow = NOT_KNOWN
    places: tuple[_Place, ...] = ()


@dataclass(frozen=True)
class _Asked:
    """What was asked, and what is known of the listings found."""

    criteria: SearchCriteria
    wanted: Wanted
    trusts: dict[UUID, Trust]
    around: dict[UUID, _Around]
    areas: dict[UUID, list[ServiceArea]]


def explain(
    rows: Sequence[FoundRow], criteria: SearchCriteria, wanted: Wanted, *, at: datetime
) -> tuple[SearchHit, ...]:
    """The hits of one page, in the order of the rows; a fixed number of queries."""
    ids = [row.listing_id for row in rows]
    listings = {one.id: one for one in Listing.objects.raw(_LISTINGS, [ids])} if ids else {}
    actor = current_actor()
    rules = area_rules(actor)
    around = _around(ids, at=at, lasts=capacity_lasts(actor, rules))
    bound = [one for one, known in around.items() if known.has_area] if criteria.near else []
    asked = _Asked(
        criteria,
        wanted,
        trust_of_listings(actor, ids, at=at, rules=rules),
        around,
        _areas_of(bound) if bound else {},
    )
    return tuple(_hit(row, listings[row.listing_id], asked) for row in rows)


def _hit(row: FoundRow, listing: Listing, asked: _Asked) -> SearchHit:
    around = asked.around.get(listing.id, _Around())
    state = _distance_state(row, listing, asked.criteria, around.places)
    known = Known(offers=around.offers, capacity=around.capacity, areas=asked.areas.get(listing.id, ()))
    return SearchHit(
        listing=listing,
        provider_name=listing.provider_label or "",  # type: ignore[attr-defined]  # a column that the statement adds
        place=_place_name(asked.criteria.near, around.places),
        distance_km=round(row.km, 3) if row.km is not None else None,
        distance_state=state,
        distance_words=_distance_words(state, row.km),
        capacity=around.capacity,
        trust=asked.trusts[listing.id],
        why=tuple(why(listing, known, row.has, asked.criteria, asked.wanted)),
        might_not_fit=tuple(might_not_fit(listing, known, asked.criteria)),
        doubts=asked.trusts[listing.id].doubts,
        speaks_theirs=speaks_theirs(known, asked.criteria.rather_speaks),
        is_step_free=asked.criteria.needs_step_free and "stepfree/yes" in known.offers,
    )


def capacities_of(
    ids: Iterable[UUID], *, at: datetime, lasts: timedelta | None = None
) -> dict[UUID, CapacityNow]:
    """Whether each listing has room, as far as is known at `at`; left out where nothing was said."""
    lasts = lasts or capacity_lasts(current_actor())
    return {
        c.listing_id: capacity_at(
            c.state,
            set_at=c.set_at,
            at=at,
            waiting_weeks=c.waiting_weeks,
            full_until=c.full_until,
            lasts=lasts,
        )
        for c in Capacity.objects.filter(listing_id__in=list(ids))
    }


# Written out: to have a query of sixty columns made takes longer than to read ten rows of it.
_LISTINGS = (
    "SELECT "  # noqa: S608 - names of our own columns
    + ", ".join(
        f"l.{field.column}"
        for field in Listing._meta.concrete_fields
        if field.name not in ("search_vector", "source_row")
    )
    + ", p.name AS provider_label FROM directory_listing l LEFT JOIN directory_provider p ON p.id = l.provider_id"
    " WHERE l.id = ANY (%s)"
)
# What each listing offers: the words of its facts that hold a stroke. Room, and open places by name.
_AROUND = """
SELECT f.listing_id, f.has_area,
    array(SELECT w FROM unnest(tsvector_to_array(f.words)) AS w WHERE strpos(w, '/') > 0),
    c.state, c.set_at, c.waiting_weeks, c.full_until,
    (SELECT json_agg(json_build_array(o.id, o.name, o.town, o.is_confidential, o.latitude, o.longitude)
        ORDER BY o.name, al.id) FROM directory_listingatlocation al JOIN directory_location o ON o.id = al.location_id
        WHERE al.listing_id = f.listing_id AND o.gone_at IS NULL)
FROM directory_searchfacts f LEFT JOIN directory_capacity c ON c.listing_id = f.listing_id
WHERE f.listing_id = ANY (%s)
"""


def _around(ids: Sequence[UUID], *, at: datetime, lasts: timedelta) -> dict[UUID, _Around]:
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, [list(ids)])
        rows = cursor.fetchall()
    return {
        listing_id: _Around(
            has_area,
            frozenset(offers),
            capacity_at(state, set_at=set_at, at=at, waiting_weeks=weeks, full_until=until, lasts=lasts)
            if state
            else NOT_KNOWN,
            tuple(_Place(*place) for place in places or ()),
        )
        for listing_id, has_area, offers, state, set_at, weeks, until, places in rows
    }


def _areas_of(ids: Iterable[UUID]) -> dict[UUID, list[ServiceArea]]:
    found: dict[UUID, list[ServiceArea]] = defaultdict(list)
    for area in ServiceArea.objects.filter(listing_id__in=list(ids)).order_by("name", "id"):
        found[area.listing_id].append(area)
    return found


def _place_name(near: Point | None, here: Sequence[_Place]) -> str:
    """The nearest place that is no secret, else the first by name."""
    places = [place for place in here if not place.is_confidential]
    if near and len(places) > 1:
        places.sort(key=lambda place: (_km(near, place), place.name, place.id))
    return ", ".join(part for part in (places[0].name, places[0].town) if part) if places else ""


def _km(near: Point, place: _Place) -> float:
    if place.latitude is None or place.longitude is None:
        return math.inf
    return distance_km(near, Point(place.latitude, place.longitude))


def _distance_state(
    row: FoundRow, listing: Listing, criteria: SearchCriteria, here: Sequence[_Place]
) -> DistanceState:
    if row.km is not None:
        return "known"
    if here and all(place.is_confidential for place in here):
        return "confidential"
    if listing.ways and Way.IN_PERSON not in listing.ways:
        return "no_travel"
    return "unknown" if criteria.near or not here else "not_asked"


def _distance_words(state: DistanceState, km: float | None) -> str:
    if state == "known" and km is not None:
        return distance_in_words(km)
    if state == "confidential":
        return _("the address is kept confidential")
    if state == "no_travel":
        return _("no travel needed")
    return _("no location known") if state == "unknown" else ""


def distance_in_words(km: float) -> str:
    """In miles, as distances are given on roads in the United Kingdom."""
    miles = km / 1.609344
    if miles < 0.1:
        return _("less than 0.1 miles away")
    return _("%(miles)s miles away") % {"miles": f"{miles:.1f}" if miles < 10 else f"{miles:.0f}"}
