"""Areas as GeoJSON: a square with a hole, worked by hand, and shapes that are none."""

from __future__ import annotations

from typing import Any

import pytest

from fingerpost.web.directory.shapes import box_of, checked_extent, contains

SQUARE = [[0, 50], [4, 50], [4, 54], [0, 54], [0, 50]]
HOLE = [[1, 51], [2, 51], [2, 52], [1, 52], [1, 51]]
SHAPE = {"type": "Polygon", "coordinates": [SQUARE, HOLE]}


@pytest.mark.parametrize(
    ("latitude", "longitude", "inside"),
    [(50.5, 0.5, True), (51.5, 1.5, False), (53, 3.9, True), (55, 1, False), (53, -1, False)],
)
def test_a_point_is_inside_the_ring_and_not_in_its_hole(
    latitude: float, longitude: float, inside: bool
) -> None:
    assert contains(SHAPE, latitude=latitude, longitude=longitude) is inside
    several = {"type": "MultiPolygon", "coordinates": [SHAPE["coordinates"]]}
    assert contains(several, latitude=latitude, longitude=longitude) is inside


def test_the_box_of_a_shape_and_of_none() -> None:
    assert box_of(SHAPE) == (50, 0, 54, 4)
    assert box_of(None) == (None, None, None, None)


def test_a_feature_is_read_as_its_shape() -> None:
    assert checked_extent({"type": "Feature", "properties": {}, "geometry": SHAPE}) == SHAPE


@pytest.mark.parametrize(
    "given",
    [
        None,
        "POLYGON((0 0))",
        {"type": "Point", "coordinates": [0, 0]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 500], [1, 1], [1, 0], [0, 500]]]},
        {"type": "Polygon", "coordinates": [[["a", 0], [1, 1], [1, 0], ["a", 0]]]},
        {"type": "Polygon", "coordinates": 7},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": [[[0, 0]] * 30_000]},
    ],
)
def test_what_is_no_shape_is_refused(given: Any) -> None:
    with pytest.raises(ValueError):  # the reader names it, so only the kind matters
        checked_extent(given)
