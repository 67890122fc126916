"""Search and its tables are the same wherever a refuge is; what lies in a circle is what a slow reckoning says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.factories.listings import a_listing, a_town, found, land
from tests.factories.world import World, build_world

from fingerpost.web.directory import api as directory
from fingerpost.web.directory.models import SearchFacts, SearchLexeme
from fingerpost.web.directory.selectors import search
from fingerpost.web.geography.api import Point, distance_km

pytestmark = pytest.mark.django_db

PLACES = ((54.5, 1.4), (54.9, 1.9), (53.9, 0.7))
RADII = (None, 0.01, 0.1, 1, 3, 5, 8, 16, 32, 60, 100, 200, 500)


def _everything(world: World, place: tuple[float, float]) -> list[object]:
    town = a_town()
    town.locations[2] = replace(town.locations[2], latitude=place[0], longitude=place[1])
    town.listings.append(a_listing("both", "Haven Drop In"))
    town.at_locations += [
        directory.ListingAtLocationRecord(key="b1", listing_key="both", location_key="hall"),
        directory.ListingAtLocationRecord(key="b2", listing_key="both", location_key="refuge"),
    ]
    land(world, town)
    told: list[object] = []
    for near in PLACES:
        for max_km in RADII:
            results = found(world, near=Point(*near), max_km=max_km)
            told.append(
                (results.total, [(hit.listing.name, hit.distance_km, hit.place) for hit in results.hits])
            )
    with world.as_("worker"):
        told += SearchFacts.objects.order_by("name").values_list(
            "name", "title", "words", "places", "latitude", "longitude", "south", "west"
        )
        told += SearchLexeme.objects.order_by("lexeme").values_list("lexeme", flat=True)
    return told


@pytest.mark.parametrize("counted", [search.MOST_COUNTED, 0])
def test_nothing_tells_where_the_refuge_is(
    world: World, monkeypatch: pytest.MonkeyPatch, counted: int
) -> None:
    monkeypatch.setattr(search, "MOST_COUNTED", counted)
    first = _everything(world, PLACES[0])
    for place in PLACES[1:]:
        world.later(minutes=5)
        assert _everything(world, place) == first


def test_circle_holds_what_a_slow_reckoning_says(world: World) -> None:
    at = {f"Place {n:02}": (54.0 + n % 7 / 25, 1.0 + n // 7 / 15) for n in range(42)}  # on edges of squares
    land(
        world,
        directory.DirectoryRecords(
            listings=[a_listing(name, name) for name in at],
            locations=[
                directory.LocationRecord(key=name, name=name, latitude=where[0], longitude=where[1])
                for name, where in at.items()
            ],
            at_locations=[
                directory.ListingAtLocationRecord(key=name, listing_key=name, location_key=name)
                for name in at
            ],
        ),
    )
    for centre in (Point(54.12, 1.2), Point(54.1199, 1.1999), Point(54.0, 1.0), Point(54.3, 1.5)):
        for max_km in (0.01, 2, 4.5, 9, 16, 40):
            within = {name for name, where in at.items() if distance_km(centre, Point(*where)) <= max_km}
            hits = found(world, near=centre, max_km=max_km, per_page=100).hits
            assert {hit.listing.name for hit in hits} == within


@pytest.mark.parametrize("asked", [{}, {"age": 30}])
def test_pages_of_very_many_hold_each_once(
    world: World, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any]
) -> None:
    listings = [a_listing(f"n{n}", f"Group {n:02}", minimum_age=60 if n % 3 else None) for n in range(31)]
    land(world, directory.DirectoryRecords(listings=listings))
    whole = [hit.listing.name for hit in found(world, per_page=100, **asked).hits]
    monkeypatch.setattr(search, "MOST_COUNTED", 5)
    paged: list[str] = []
    for page in range(1, 9):
        paged += [hit.listing.name for hit in found(world, page=page, per_page=4, **asked).hits]
    assert paged == whole and len(set(paged)) == 31


@pytest.fixture
def world() -> World:
    return build_world()
