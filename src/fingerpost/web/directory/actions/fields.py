"""From records to the fields of rows: links resolved, places looked up, confidential addresses taken out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fingerpost.codes.needs import parse_needs
from fingerpost.web.directory.records import (
    DirectoryRecords,
    ListingRecord,
    LocationRecord,
    Record,
    ServiceAreaRecord,
)
from fingerpost.web.directory.shapes import box_of
from fingerpost.web.geography.api import Point, locate_many

_LISTS = {
    "provider": "providers",
    "location": "locations",
    "listing": "listings",
    "at_location": "at_locations",
    "taxonomy": "taxonomies",
    "term": "terms",
    "schedule": "schedules",
    "schedule_exception": "schedule_exceptions",
    "service_area": "service_areas",
    "cost_option": "cost_options",
    "funding": "funding",
    "accessibility": "accessibility",
    "language": "languages",
    "identifier": "identifiers",
    "room_count": "room_counts",
    "attribute": "attributes",
    "contact": "contacts",
    "phone": "phones",
    "postal_address": "postal_addresses",
}
_KIND_OF = {"parent": "term"}  # links that are not called after what they point to
_BOX = ("south", "west", "north", "east")
_ADDRESS = ("address", "town", "region", "postcode", "country")
# Beside its address: words that tell the way to a place.
_WAY_THERE = ("transportation", "access")
# Parts of a place that tell where it is.
TELLING = ("postal_address", "accessibility")


def place_of(
    postcode: str, *, latitude: float | None, longitude: float | None
) -> tuple[float | None, float | None, str]:
    """Where a place is, and who says so: its source, else the gazetteer by its postcode, else nobody."""
    if latitude is not None:
        return latitude, longitude, "source"
    point = locate_many([postcode]).get(postcode) if postcode else None
    return (point.latitude, point.longitude, "postcode") if point else (None, None, "")


def confidential_keys(records: DirectoryRecords) -> set[str]:
    return {record.key for record in records.locations if record.is_confidential}


class Fields:
    """Fields by kind of record. `ids` is filled as each kind lands, so that later kinds can point to it."""

    def __init__(self, records: DirectoryRecords) -> None:
        self._records = records
        self.ids: dict[str, Mapping[str, UUID]] = {}
        self._secret = confidential_keys(records)
        self._points = self._looked_up()
        self._related = self._related_words()

    def records(self, kind: str) -> Sequence[Record]:
        found: Sequence[Record] = getattr(self._records, _LISTS[kind])
        if kind in TELLING:
            return [r for r in found if getattr(r, "location_key", "") not in self._secret]
        return found

    def of(self, kind: str, record: Record) -> dict[str, Any]:
        """The fields of a row, with links as ids."""
        fields = {name: value for name, value in vars(record).items() if name not in ("key", "row")}
        for name in [name for name in fields if name.endswith("_key")]:
            target = name.removesuffix("_key")
            fields[f"{target}_id"] = self.ids[_KIND_OF.get(target, target)].get(fields.pop(name))
        if isinstance(record, LocationRecord):
            self._place(fields, record)
        if isinstance(record, ListingRecord):
            self._complete(fields, record)
        if isinstance(record, ServiceAreaRecord):
            fields["codes"] = list(record.codes)
            fields.update(zip(_BOX, box_of(record.extent), strict=True))
        if fields.get("email"):
            fields["email"] = fields["email"].lower()
        return fields

    def kept_private(self, kind: str) -> Sequence[Record]:
        """Records of a kind that tell where a confidential place is."""
        found: Sequence[Record] = getattr(self._records, _LISTS[kind])
        return [r for r in found if kind in TELLING and getattr(r, "location_key", "") in self._secret]

    def row_of(self, kind: str, record: Record) -> Mapping[str, str]:
        """What the source wrote; of a confidential place nothing, because its address may be in it."""
        return {} if kind == "location" and record.key in self._secret else record.row

    def _place(self, fields: dict[str, Any], record: LocationRecord) -> None:
        if record.is_confidential:
            fields.update(
                dict.fromkeys((*_ADDRESS, *_WAY_THERE), ""), latitude=None, longitude=None, placed_by=""
            )
            return
        fields["placed_by"] = "source" if record.latitude is not None else ""
        point = self._points.get(record.postcode)
        if record.latitude is None and point:
            fields.update(latitude=point.latitude, longitude=point.longitude, placed_by="postcode")

    def _complete(self, fields: dict[str, Any], record: ListingRecord) -> None:
        fields["needs"] = [need.id for need in parse_needs(record.needs)]
        fields["languages"] = list(record.languages)
        fields["ways"] = list(record.ways)
        fields["additional_urls"] = list(record.additional_urls)
        fields["search_words"] = "\n".join(record.search_words)
        fields["related_words"] = self._related.get(record.key, "")

    def _looked_up(self) -> dict[str, Point]:
        places = self._records.locations
        return locate_many(
            r.postcode for r in places if r.postcode and r.latitude is None and not r.is_confidential
        )

    def _related_words(self) -> dict[str, str]:
        """Names of the provider and of the open places of each listing, so that search finds it by them."""
        providers = {r.key: r.name for r in self._records.providers}
        places = {r.key: r for r in self._records.locations if not r.is_confidential}
        words: dict[str, list[str]] = defaultdict(list)
        for listing in self._records.listings:
            words[listing.key].append(providers.get(listing.provider_key, ""))
        for link in self._records.at_locations:
            place = places.get(link.location_key)
            if place:
                words[link.listing_key] += [place.name, place.town]
        return {key: "\n".join(dict.fromkeys(w for w in found if w)) for key, found in words.items()}
