"""Shapes of areas as GeoJSON: well-formed, their box, and whether a point is inside. Pure.

Polygons are read as on a flat map, which is near enough for the areas that a listing serves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

MOST_POINTS = 20_000
Ring = Sequence[Sequence[float]]
Box = tuple[float | None, float | None, float | None, float | None]


def checked_extent(given: Any) -> dict[str, Any]:
    """A Polygon or MultiPolygon (also inside a Feature), its numbers checked. Raises `ValueError`."""
    if isinstance(given, Mapping) and given.get("type") == "Feature":
        given = given.get("geometry")
    if not isinstance(given, Mapping) or given.get("type") not in ("Polygon", "MultiPolygon"):
        raise ValueError("not a Polygon or MultiPolygon of GeoJSON")
    shape = {"type": given["type"], "coordinates": given.get("coordinates")}
    number = 0
    try:
        for polygon in _polygons(shape):
            for ring in polygon:
                number += len(ring)
                if len(ring) < 4 or number > MOST_POINTS or not all(map(_is_on_earth, ring)):
                    raise ValueError("a ring is not closed, not on earth, or has too many points")
    except (TypeError, IndexError, KeyError) as fault:
        raise ValueError("the coordinates are not those of a shape") from fault
    if not number:
        raise ValueError("the shape is empty")
    return shape


def box_of(extent: Mapping[str, Any] | None) -> Box:
    """South, west, north and east of a checked shape; four times None when there is none."""
    if extent is None:
        return (None, None, None, None)
    points = [point for polygon in _polygons(extent) for ring in polygon for point in ring]
    longitudes, latitudes = [p[0] for p in points], [p[1] for p in points]
    return (min(latitudes), min(longitudes), max(latitudes), max(longitudes))


def contains(extent: Mapping[str, Any], *, latitude: float, longitude: float) -> bool:
    """Whether a checked shape holds the point: inside an outer ring and inside none of its holes."""
    return any(
        _in_ring(outer, longitude, latitude)
        and not any(_in_ring(hole, longitude, latitude) for hole in holes)
        for outer, *holes in _polygons(extent)
    )


def _polygons(shape: Mapping[str, Any]) -> Iterator[Sequence[Ring]]:
    if shape["type"] == "Polygon":
        yield shape["coordinates"]
    else:
        yield from shape["coordinates"]


def _is_on_earth(point: Sequence[Any]) -> bool:
    longitude, latitude = float(point[0]), float(point[1])
    return -180 <= longitude <= 180 and -90 <= latitude <= 90


def _in_ring(ring: Ring, x: float, y: float) -> bool:
    """Count how often a ray to the east crosses the ring."""
    inside = False
    for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
        ax, ay, bx, by = a[0], a[1], b[0], b[1]  # a height may follow
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside
