"""Addresses of confidential places, put where a row policy guards them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from fingerpost.kernel.ids import new_id
from fingerpost.web.directory.actions.fields import Fields
from fingerpost.web.directory.models import PrivateAddress, Source
from fingerpost.web.directory.records import AccessibilityRecord, DirectoryRecords, PostalAddressRecord


def keep_private(
    records: DirectoryRecords,
    fields: Fields,
    origin: Source,
    ids: Mapping[str, UUID],
    *,
    import_id: UUID,
    at: datetime,
) -> None:
    """Replace what is known of a source's confidential places; what was is kept until that is final."""
    wanted = list(_wanted(records, fields, ids))
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


_SAID = ("location_id", "address", "town", "postcode", "source_row")


def _wanted(records: DirectoryRecords, fields: Fields, ids: Mapping[str, UUID]) -> Iterator[dict[str, Any]]:
    for place in records.locations:
        told = (place.address, place.town, place.postcode, place.transportation, place.access)
        if place.is_confidential and any(told):
            way = {"transportation": place.transportation, "access": place.access}
            row = {**place.row, **{name: text for name, text in way.items() if text}}
            yield _said(ids[place.key], place.address, place.town, place.postcode, row)
    for post in fields.kept_private("postal_address"):
        assert isinstance(post, PostalAddressRecord)
        yield _said(ids[post.location_key], post.address, post.town, post.postcode, post.row)
    for way_in in fields.kept_private("accessibility"):
        assert isinstance(way_in, AccessibilityRecord)
        said = {"description": way_in.description, "details": way_in.details, **way_in.row}
        yield _said(ids[way_in.location_key], "", "", "", said)


def _said(
    location_id: UUID, address: str, town: str, postcode: str, row: Mapping[str, str]
) -> dict[str, Any]:
    values = (location_id, address, town, postcode, dict(row))
    return dict(zip(_SAID, values, strict=True))
