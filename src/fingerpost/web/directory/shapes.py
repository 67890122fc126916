"""Whether an area drawn on a map (GeoJSON Polygon or MultiPolygon) holds a point. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fingerpost.web.geography.api import Point

Ring = Sequence[Sequence[float]]


def covers(extent: dict[str, Any], point: Point) -> bool:
    """True when the point is inside, and in none of its holes. Anything that is no polygon covers nothing."""
    shapes = extent.get("coordinates") or []
    if extent.get("type") == "Polygon":
        shapes = [shapes]
    elif extent.get("type") != "MultiPolygon":
        return False
    return any(_in_polygon(rings, point) for rings in shapes)


def _in_polygon(rings: Sequence[Ring], point: Point) -> bool:
    return bool(rings) and _in_ring(rings[0], point) and not any(_in_ring(hole, point) for hole in rings[1:])


def _in_ring(ring: Ring, point: Point) -> bool:
    """Odd or even: how often a line to the east crosses the edge."""
    inside = False
    for (x1, y1, *_a), (x2, y2, *_b) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > point.latitude) != (y2 > point.latitude):
            crossing = x1 + (point.latitude - y1) * (x2 - x1) / (y2 - y1)
            inside ^= point.longitude < crossing
    return inside
