"""Places as latitude and longitude, and the distance between two. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fingerpost.kernel.errors import InvalidValue

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG
_KM_PER_DEGREE = math.pi * EARTH_RADIUS_KM / 180


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the globe in decimal degrees (WGS 84). Raises `InvalidValue` when it is on no globe."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        # `not (a <= x <= b)` is also true of a NaN.
        if not (-90 <= self.latitude <= 90) or not (-180 <= self.longitude <= 180):
            raise InvalidValue(
                _("This is not a place on the globe."),
                expected=_("A latitude from -90 to 90 and a longitude from -180 to 180."),
            )


@dataclass(frozen=True, slots=True)
class Box:
    """The smallest latitude and longitude ranges that hold every point within a distance."""

    south: float
    north: float
    west: float
    east: float


def distance_km(a: Point, b: Point) -> float:
    """Great-circle distance in kilometres (haversine; at most 0.6% from the ellipsoid)."""
    phi_a, phi_b = math.radians(a.latitude), math.radians(b.latitude)
    half = (
        math.sin((phi_b - phi_a) / 2) ** 2
        + math.cos(phi_a) * math.cos(phi_b) * math.sin(math.radians(b.longitude - a.longitude) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, half)))


def box_around(centre: Point, km: float) -> Box:
    """A box that holds the circle of `km` around `centre`: every longitude near a pole or the date line."""
    up = km / _KM_PER_DEGREE
    south, north = centre.latitude - up, centre.latitude + up
    if south <= -90 or north >= 90:
        return Box(max(south, -90), min(north, 90), -180, 180)
    across = math.degrees(
        math.asin(min(1.0, math.sin(km / EARTH_RADIUS_KM) / math.cos(math.radians(centre.latitude))))
    )
    west, east = centre.longitude - across, centre.longitude + across
    if west < -180 or east > 180:
        return Box(south, north, -180, 180)
    return Box(south, north, west, east)
