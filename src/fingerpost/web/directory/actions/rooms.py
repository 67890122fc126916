"""What a source says about room, where nobody has said it later; undone with the import that brought it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from fingerpost.kernel.ids import new_id
from fingerpost.web.directory.actions.rows import Change
from fingerpost.web.directory.enums import CapacityState, ChangeKind
from fingerpost.web.directory.models import Capacity, ImportedChange, Listing, SourceImport
from fingerpost.web.directory.records import DirectoryRecords, RoomRecord

KIND = "room"
_TOLD = ("state", "waiting_weeks", "full_until", "set_at")


def keep_rooms(
    records: DirectoryRecords, ids: Mapping[str, UUID], *, import_id: UUID, at: datetime
) -> list[Change]:
    """Write what is newer than what is known. A moment that is still to come is taken as now."""
    if not records.rooms:
        return []
    said = {ids[room.listing_key]: room for room in records.rooms}
    known = {one.listing_id: one for one in Capacity.objects.filter(listing__in=said).select_for_update()}
    listings = Listing.objects.filter(id__in=said).only("name", "landed_by").in_bulk()
    changes = []
    for listing_id, room in said.items():
        now = known.get(listing_id)
        said_at = min(room.said_at, at)
        if now is None or now.set_at < said_at:
            one = listings[listing_id]
            change = _keep(room, now or _unknown(one, said_at), one, said_at, import_id)
            # Of a listing that is new itself there is nothing to bring back.
            changes += [change] if one.landed_by != import_id else []
    return changes


def bring_back_rooms(done: SourceImport) -> None:
    """What was known of room before an import that is undone, unless somebody has said something since."""
    for change in ImportedChange.objects.filter(source_import=done, kind=KIND).exclude(what=ChangeKind.NEW):
        now = Capacity.objects.filter(id=change.row_id, set_by=_voice(done.pk)).select_for_update().first()
        if now is not None:
            for name, value in change.before.items():
                field: Any = Capacity._meta.get_field(name)
                setattr(now, name, field.to_python(value))
            now.save()


def _unknown(listing: Listing, at: datetime) -> Capacity:
    return Capacity(id=new_id(), listing=listing, state=CapacityState.UNKNOWN, set_at=at)


def _keep(room: RoomRecord, one: Capacity, listing: Listing, said_at: datetime, import_id: UUID) -> Change:
    before = {**_plain(one), "set_by": one.set_by or _voice(import_id)}
    one.state, one.waiting_weeks, one.full_until = room.state, room.waiting_weeks, room.full_until
    one.set_at, one.set_by = said_at, _voice(import_id)
    one.save()
    after = _plain(one)
    return Change(
        what=ChangeKind.CHANGED,
        kind=KIND,
        row_id=one.pk,
        key=room.listing_key,
        name=listing.name,
        mark="",
        fields={field: (before[field], after[field]) for field in _TOLD if before[field] != after[field]},
        before=before,
    )


def _plain(one: Capacity) -> dict[str, Any]:
    return {
        "state": str(one.state),
        "waiting_weeks": one.waiting_weeks,
        "full_until": one.full_until.isoformat() if one.full_until else None,
        "set_at": one.set_at.isoformat(),
    }


def _voice(import_id: UUID) -> str:
    """Who said it: the import, so that undoing it knows its own word again."""
    return f"import:{import_id}"
