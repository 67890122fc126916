from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fingerpost.kernel.errors import InvalidValue
from fingerpost.web.geography.points import EARTH_RADIUS_KM, Point, box_around, distance_km

POINTS = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


def test_distance_london_to_paris_is_as_published() -> None:
    # 343.5 km between these two points on a sphere of the mean radius (hand-checked with the cosine rule).
    london, paris = Point(51.5074, -0.1278), Point(48.8566, 2.3522)
    by_cosine = EARTH_RADIUS_KM * math.acos(
        math.sin(math.radians(51.5074)) * math.sin(math.radians(48.8566))
        + math.cos(math.radians(51.5074)) * math.cos(math.radians(48.8566)) * math.cos(math.radians(2.48))
    )
    assert distance_km(london, paris) == pytest.approx(by_cosine, abs=1e-6)
    assert distance_km(london, paris) == pytest.approx(343.5, abs=0.2)


@settings(max_examples=60, deadline=None)
@given(POINTS, POINTS)
def test_distance_is_symmetric_and_at_most_half_way_round(a: Point, b: Point) -> None:
    assert distance_km(a, b) == pytest.approx(distance_km(b, a), abs=1e-6)
    assert 0 <= distance_km(a, b) <= math.pi * EARTH_RADIUS_KM + 1e-6
    assert distance_km(a, a) == 0


@settings(max_examples=150, deadline=None)
@given(POINTS, st.floats(0.1, 500), st.floats(0, 360), st.floats(0, 1))
def test_box_holds_every_point_of_its_circle(centre: Point, km: float, bearing: float, share: float) -> None:
    box = box_around(centre, km)
    other = _travel(centre, km * share, bearing)
    assert box.south - 1e-9 <= other.latitude <= box.north + 1e-9
    assert box.west - 1e-9 <= other.longitude <= box.east + 1e-9


def _travel(start: Point, km: float, bearing: float) -> Point:
    angle, way = km / EARTH_RADIUS_KM, math.radians(bearing)
    north, east = math.radians(start.latitude), math.radians(start.longitude)
    to_north = math.asin(
        max(-1, min(1, math.sin(north) * math.cos(angle) + math.cos(north) * math.sin(angle) * math.cos(way)))
    )
    to_east = east + math.atan2(
        math.sin(way) * math.sin(angle) * math.cos(north),
        math.cos(angle) - math.sin(north) * math.sin(to_north),
    )
    return Point(math.degrees(to_north), (math.degrees(to_east) + 540) % 360 - 180)


@pytest.mark.parametrize(("latitude", "longitude"), [(91, 0), (0, 181), (math.nan, 0), (0, math.inf)])
def test_point_off_the_globe_is_refused(latitude: float, longitude: float) -> None:
    with pytest.raises(InvalidValue):
        Point(latitude, longitude)
