"""Addresses of confidential places, put where a row policy guards them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from fingerpost.kernel.ids import new_id
from fingerpost.web.directory.actions.fields import Fields
from fingerpost.web.directory.actions.kept_back import withheld_part, withheld_place
from fingerpost.web.directory.guarded import KeptBack
from fingerpost.web.directory.models import PrivateAddress, Source
from fingerpost.web.directory.records import (
    AccessibilityRecord,
    DirectoryRecords,
    PostalAddressRecord,
    Record,
)


def keep_private(
    records: DirectoryRecords,
    fields: Fields,
    origin: Source,
    ids: Mapping[str, UUID],
    kept_back: Mapping[str, KeptBack],
    *,
    import_id: UUID,
    at: datetime,
) -> None:
    """Replace what is known of a source's confidential places; what was is kept until that is final."""
    wanted = list(_wanted(records, fields, ids, kept_back))
    current = PrivateAddress.objects.filter(location__source=origin, replaced_by=None)
    before = [{name: getattr(row, name) for name in _SAID} for row in current.order_by("id")]
    if before == wanted:
        return
    current.update(replaced_by=import_id)
    for values in wanted:
        PrivateAddress(id=new_id(at), landed_by=import_id, **values).save(force_insert=True)


def bring_back_private(import_id: UUID) -> None:
    """What was known of confidential places before an import that is undone."""
    PrivateAddress.objects.filter(landed_by=import_id).delete()
    PrivateAddress.objects.filter(replaced_by=import_id).update(replaced_by=None)


_SAID = ("location_id", "address", "town", "postcode", "source_row", "withheld")


def _wanted(
    records: DirectoryRecords, fields: Fields, ids: Mapping[str, UUID], kept_back: Mapping[str, KeptBack]
) -> Iterator[dict[str, Any]]:
    def part(kind: str, record: Record, location_key: str) -> dict[str, Any]:
        if location_key not in kept_back:
            return {}
        return withheld_part(kind, record.key, fields.of(kind, record), fields.row_of(kind, record))

    for place in records.locations:
        told = (place.address, place.town, place.postcode, place.transportation, place.access)
        if place.key in kept_back:
            away = withheld_place(kept_back[place.key])
            yield _said(ids[place.key], (place.address, place.town, place.postcode), {}, away)
        elif place.is_confidential and any(told):
            way = {"transportation": place.transportation, "access": place.access}
            row = {**place.row, **{name: text for name, text in way.items() if text}}
            yield _said(ids[place.key], (place.address, place.town, place.postcode), row, {})
    for post in fields.kept_private("postal_address"):
        assert isinstance(post, PostalAddressRecord)
        away = part("postal_address", post, post.location_key)
        yield _said(ids[post.location_key], (post.address, post.town, post.postcode), post.row, away)
    for way_in in fields.kept_private("accessibility"):
        assert isinstance(way_in, AccessibilityRecord)
        said = {"description": way_in.description, "details": way_in.details, **way_in.row}
        away = part("accessibility", way_in, way_in.location_key)
        yield _said(ids[way_in.location_key], ("", "", ""), said, away)


def _said(
    location_id: UUID,
    door: tuple[str, str, str],
    row: Mapping[str, str],
    withheld: dict[str, Any],
) -> dict[str, Any]:
    values = (location_id, *door, dict(row), withheld)
    return dict(zip(_SAID, values, strict=True))
