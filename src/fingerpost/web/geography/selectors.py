from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Avg, QuerySet

from fingerpost.kernel.errors import InvalidValue
from fingerpost.kernel.postcode import Postcode as PostcodeText
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.geography.models import Postcode, PostcodeImport
from fingerpost.web.geography.points import Point


@dataclass(frozen=True, slots=True)
class Area:
    """The small area a postcode lies in. Codes and quintiles mean nothing without their versions."""

    code: str
    version: str
    deprivation_quintile: int | None
    deprivation_version: str


def locate(postcode: str | PostcodeText) -> Point | None:
    """Where a postcode is; None when it is not known, has no place, or is no postcode."""
    return locate_many([postcode]).get(str(postcode))


def locate_many(postcodes: Iterable[str | PostcodeText]) -> dict[str, Point]:
    """The places of those postcodes that have one, by the text that was asked; one query."""
    asked = {str(text): written for text in postcodes if (written := _written(text))}
    rows = Postcode.objects.filter(postcode__in=set(asked.values()), latitude__isnull=False)
    found = {
        p: Point(lat, lon)
        for p, lat, lon in rows.values_list("postcode", "latitude", "longitude")
        if lat is not None and lon is not None
    }
    return {text: found[written] for text, written in asked.items() if written in found}


def middle_of(outward: str) -> Point | None:
    """The middle of the postcodes that begin with a first half, such as QX1; None when none of them has a place."""
    asked = outward.strip().upper()
    if not PostcodeText.is_outward(asked):
        return None
    rows = Postcode.objects.filter(postcode__startswith=f"{asked} ", latitude__isnull=False)
    middle = rows.aggregate(north=Avg("latitude"), east=Avg("longitude"))
    return None if middle["north"] is None else Point(middle["north"], middle["east"])


def area_of(postcode: str | PostcodeText) -> Area | None:
    """The small area of a postcode, when the gazetteer names one."""
    row = Postcode.objects.filter(postcode=_written(postcode)).exclude(area_code="").first()
    if row is None:
        return None
    return Area(row.area_code, row.area_version, row.deprivation_quintile, row.deprivation_version)


def codes_of(postcode: str | PostcodeText) -> tuple[str, ...]:
    """What an area of service may call the place of a postcode: its first half, and its small area's code."""
    written = _written(postcode)
    if not written:
        return ()
    area = area_of(written)
    return (written.split()[0], *([area.code] if area else []))


def postcodes_known() -> int:
    """How many postcodes the gazetteer holds."""
    return Postcode.objects.count()


def postcode_imports(actor: Actor) -> QuerySet[PostcodeImport]:
    """What was imported on the page, newest first."""
    return PostcodeImport.objects.order_by("-imported_at", "-id")


def _written(text: str | PostcodeText) -> str:
    """A postcode in its standard form, or nothing."""
    try:
        return PostcodeText.parse(str(text)).value
    except InvalidValue:
        return ""
