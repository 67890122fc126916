"""Our own package, brought into an empty directory of somebody else, gives the same directory.

Two things are compared: what is published of both, and every field of every row in the database. A field may
differ only when `LEFT_OUT` names it with its reason.
"""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Model
from hypothesis import HealthCheck, example, given, settings
from tests.factories.listings import importer
from tests.factories.said import directories
from tests.factories.said_in_full import everything
from tests.factories.world import NOW, World, build_world

from fingerpost.web.directory import api as directory
from fingerpost.web.directory import models
from fingerpost.web.directory.actions.landing import MODELS
from fingerpost.web.directory.records import RoomRecord
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.openreferral.left_out import LEFT_OUT
from fingerpost.web.openreferral.package import package
from fingerpost.web.openreferral.tables import TABLES

EXAMPLES = int(os.environ.get("FINGERPOST_PUBLISHED_EXAMPLES", "2"))
pytestmark = pytest.mark.django_db
KEPT: Mapping[str, type[Model]] = {**MODELS, "capacity": models.Capacity}
_LEFT_OUT = {what for one in LEFT_OUT for what in one.what}
Rows = dict[str, list[tuple[tuple[str, Any], ...]]]


@pytest.fixture
def both(db: None) -> tuple[World, World]:
    return build_world(), build_world(mark="other")


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
@given(records=directories(at=NOW))
@example(records=everything(at=NOW))
def test_reading_our_own_package_gives_the_same_directory(
    both: tuple[World, World], records: directory.DirectoryRecords
) -> None:
    first, second = both
    with transaction.atomic():
        _land(first, records)
        sent, rows = _sent(first), _rows_of(first, {})
        _bring_in(second, sent)
        named = _original_ids(second)
        assert _rows_of(second, named) == rows
        assert _told_apart(_sent(second), named) == _told_apart(sent, {})
        transaction.set_rollback(True)


def test_full_directory_fills_every_column_and_says_every_detail(both: tuple[World, World]) -> None:
    """What is compared above is never compared empty: a column that nothing fills would prove nothing."""
    first, _second = both
    _land(first, everything(at=NOW))
    rows = _told_apart(_sent(first), {})
    filled = {(file, column) for file, found in rows.items() for row in found for column, text in row if text}
    columns = {(t.file, c.name) for t in TABLES for c in t.columns if c.name != "last_modified"}
    assert not columns - filled
    said = {text for row in rows["attributes.csv"] for column, text in row if column == "taxonomy_term_id"}
    unsaid = {one.code for one in directory.OWN_TERMS if not one.parent and str(one.id) not in said}
    narrower = {one.parent for one in directory.OWN_TERMS if str(one.id) in said}
    assert unsaid - narrower == {"room-weeks"}  # that of a waiting list, and this one is full


def test_every_field_is_published_or_left_out_for_a_reason() -> None:
    """`KEPT` is what the property compares; nothing else of the directory may be unnamed."""
    ours = {
        model
        for model in apps.get_app_config("directory").get_models()
        if not model.__name__.endswith("Historyevent")
    }
    missing = {one.__name__ for one in ours - set(KEPT.values())} - _LEFT_OUT
    assert not missing
    fields = {f"{m.__name__}.{f.name}" for m in ours for f in m._meta.get_fields()}
    names = {model.__name__ for model in ours}
    unknown = {w for w in _LEFT_OUT if not w.startswith("*.") and w not in fields | names}
    assert not unknown, "fields that are not there any more"


def test_what_was_said_about_room_comes_along_and_nothing_later_is_overwritten(
    both: tuple[World, World],
) -> None:
    first, second = both
    full = directory.CapacityState.FULL
    _land(first, _one(RoomRecord(listing_key="s", state=full, said_at=NOW, full_until=date(2099, 1, 1))))
    sent = _sent(first)
    _bring_in(second, sent)
    with second.as_(importer(second)) as job:
        room = models.Capacity.objects.get()
        assert (room.state, room.full_until) == ("full", date(2099, 1, 1))
        taking = directory.CapacityState.TAKING
        later = NOW + timedelta(hours=1)
        directory.set_capacity(listing_id=room.listing_id, state=taking, by=job, at=later)
    _bring_in(second, sent)
    with second.as_(importer(second)):
        assert models.Capacity.objects.get().state == "taking"


def test_undoing_an_import_brings_back_what_was_known_of_room(both: tuple[World, World]) -> None:
    first, second = both
    _bring_in(second, _sent_of(first, directory.CapacityState.TAKING, NOW - timedelta(days=2)))
    files = _sent_of(first, directory.CapacityState.FULL, NOW)
    with second.as_(importer(second)) as job:
        tried = directory.try_import(files=files, settings={}, source=_PACKAGE, by=job, at=NOW)
        assert models.Capacity.objects.get().state == "taking"
        later = NOW + timedelta(minutes=1)
        done = directory.apply_import(import_id=tried.pk, by=job, at=later)
        assert models.Capacity.objects.get().state == "full"
        directory.undo_import(import_id=done.pk, by=job, at=later)
        room = models.Capacity.objects.get()
        assert (room.state, room.set_at) == ("taking", NOW - timedelta(days=2))


def test_details_of_ours_that_make_no_sense_are_named_and_harm_nothing(both: tuple[World, World]) -> None:
    first, second = both
    records = _one(
        RoomRecord(listing_key="s", state=directory.CapacityState.WAITING_LIST, said_at=NOW, waiting_weeks=3),
        cost_pence=5,
    )
    records.cost_options += [
        directory.CostOptionRecord(key=key, listing_key="s", amount_pence=nth) for nth, key in enumerate("ab")
    ]
    _land(first, records)
    sent = _sent(first)
    wrong = sent["attributes.csv"].replace(b",fingerpost,3,", b",fingerpost,never,")
    wrong = wrong.replace(b",fingerpost,5,", b",fingerpost,-7e999,")
    assert wrong.count(b"never") == wrong.count(b"-7e999") == 1
    for term in ("need:company", "price", "room"):
        own = next(str(one.id) for one in directory.OWN_TERMS if one.code == term)
        wrong += f"x-{term},nowhere,service,{own},,,\n".encode()
    done = _bring_in(second, {**sent, "attributes.csv": wrong}, rejects=3)
    assert {kind for _file, kind in done.faults} >= {directory.FaultKind.VALUE_MALFORMED}
    with second.as_(importer(second)):
        room = models.Capacity.objects.get()
        assert (room.state, room.waiting_weeks) == ("waiting_list", None)
        assert models.Listing.objects.get().cost_pence is None


_PACKAGE = directory.SourceDetails(
    name="package", label="Our own package", kind=directory.SourceKind.HSDS_PACKAGE
)


def _one(room: RoomRecord, **fields: Any) -> directory.DirectoryRecords:
    listing = directory.ListingRecord(key="s", name="Choir", status=directory.ListingStatus.ACTIVE, **fields)
    return directory.DirectoryRecords(listings=[listing], rooms=[room])


def _sent_of(world: World, state: directory.CapacityState, at: datetime) -> dict[str, bytes]:
    _land(world, _one(RoomRecord(listing_key="s", state=state, said_at=at)))
    return _sent(world)


def _land(world: World, records: directory.DirectoryRecords) -> None:
    with world.as_(importer(world)) as job:
        source = directory.SourceDetails(name="made", label="Made")
        directory.land(records, source=source, by=job, at=world.at)


def _bring_in(world: World, files: dict[str, bytes], *, rejects: int = 0) -> directory.ImportReport:
    with world.as_(importer(world)) as job:
        report = directory.import_directory(files=files, source=_PACKAGE, by=job, at=world.at)
        assert len(report.rejects) == rejects, report.rejects
        return report


def _sent(world: World) -> dict[str, bytes]:
    with world.as_(Actor.public(system_id=world.system_id)) as anybody:
        content = b"".join(package(anybody, title="Here", at=world.at))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _original_ids(world: World) -> dict[str, str]:
    """The ids of what was read, and of parts made of them, each with the id that it had before."""
    with world.as_(importer(world)):
        return {
            str(id): key
            for kind in MODELS.values()
            for id, key in kind.objects.values_list("id", "source_key")  # type: ignore[attr-defined]  # of a kind of row
        }


def _rows_of(world: World, ids: Mapping[str, str]) -> Rows:
    """Every published row, field by field, without the fields that are left out."""
    found: Rows = {}
    with world.as_(Actor.public(system_id=world.system_id)) as anybody:
        listings = set(directory.published_listings(anybody).values_list("id", flat=True))
        for kind in MODELS:
            rows = [row for row in directory.published_rows(anybody, kind, at=world.at) if _is_kept(row)]
            found[kind] = sorted((_fields(row, ids) for row in rows), key=str)
        rooms = models.Capacity.objects.filter(listing__in=listings)
        found["capacity"] = sorted((_fields(row, ids) for row in rooms), key=str)
    return found


def _is_kept(row: Any) -> bool:
    return isinstance(row, Model) and not row._state.adding


def _fields(row: Any, ids: Mapping[str, str]) -> tuple[tuple[str, Any], ...]:
    name = type(row).__name__
    told = [("id", ids.get(str(row.pk), str(row.pk)))] if name != "Capacity" else []
    for field in type(row)._meta.concrete_fields:
        if not {name, f"{name}.{field.name}", f"*.{field.name}"} & _LEFT_OUT:
            attribute = f"shown_{field.attname}"  # links to what is not published are left out
            value = getattr(row, attribute if hasattr(row, attribute) else field.attname)
            told.append(
                (field.attname, ids.get(str(value), str(value)) if isinstance(value, UUID) else value)
            )
    return tuple(told)


def _told_apart(files: Mapping[str, bytes], ids: Mapping[str, str]) -> Rows:
    """The rows of each table in an order that is theirs alone, without the moment of change."""
    return {
        name: sorted(
            tuple((column, _named(text, ids)) for column, text in row.items() if column != "last_modified")
            for row in csv.DictReader(io.StringIO(content.decode(), newline=""))
        )
        for name, content in files.items()
        if name.endswith(".csv")
    }


_EVERYWHERE = {
    *(str(one.id) for one in directory.OWN_TERMS),
    *(directory.unit_id(name) for name in ("beds", "places")),
    str(directory.TAXONOMY_ID),
}


def _named(text: str, ids: Mapping[str, str]) -> str:
    """An id as the first directory has it; one made of that of its owner must differ."""
    if text in ids or text in _EVERYWHERE or len(text) != 36:
        return ids.get(text, text)
    try:
        return "made" if UUID(text).version == 5 else text
    except ValueError:
        return text
