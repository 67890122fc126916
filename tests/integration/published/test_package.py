"""The package: everything that is published and nothing else; read again it gives the same directory."""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from collections.abc import Mapping
from datetime import date, time
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.listings import importer
from tests.factories.published import ROOT
from tests.factories.world import World, build_world

from fingerpost.kernel import clock
from fingerpost.web.directory import api as directory
from fingerpost.web.directory import models
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.openreferral.package import package

EXAMPLES = int(os.environ.get("FINGERPOST_PUBLISHED_EXAMPLES", "4"))
pytestmark = pytest.mark.django_db
Rows = dict[str, list[dict[str, str]]]


def _files(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def _rows(files: Mapping[str, bytes]) -> Rows:
    return {
        name: list(csv.DictReader(io.StringIO(content.decode(), newline="")))
        for name, content in files.items()
        if name.endswith(".csv")
    }


def test_package_is_sent_to_anybody_with_a_description_of_each_table(world: World) -> None:
    with clock.fixed(world.at):
        response = Client().get(ROOT + "/package.zip")
        files = _files(response.getvalue())
    described = json.loads(files["datapackage.json"])
    for resource in described["resources"]:
        heading = files[resource["path"]].decode().splitlines()[0].split(",")
        assert heading == [one["name"] for one in resource["schema"]["fields"]]
    rows = _rows(files)
    assert len(rows["services.csv"]) == 5
    assert [row["name"] for row in rows["locations.csv"]] == ["Bell Hall", "Hill Barn"]
    assert rows["attributes.csv"] and rows["cost_options.csv"][0]["amount"] == "4.50"
    assert response["Access-Control-Allow-Origin"] == "*"


def test_package_may_be_taken_only_so_often(world: World) -> None:
    with clock.fixed(world.at):
        answers = [Client().get(ROOT + "/package.zip").status_code for _ in range(7)]
    assert answers == [200] * 6 + [429]


def test_cell_that_a_spreadsheet_would_run_is_guarded(world: World) -> None:
    with world.as_(importer(world)):
        models.Listing.objects.filter(source_key="lunch").update(description='=HYPERLINK("http://x","y")')
    with world.as_(Actor.public(system_id=world.system_id)) as anybody:
        files = _files(b"".join(package(anybody, title="Here", at=world.at)))
    cells = [cell for rows in _rows(files).values() for row in rows for cell in row.values()]
    assert '\'=HYPERLINK("http://x","y")' in cells
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+"))]


# Text as sources write it, without what CSV reading takes off on purpose: space around, and NUL.
_WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=("Cs", "Cc", "Zl", "Zp")),
    max_size=30,
).map(str.strip)
_NAMES = _WORDS.filter(bool)
_TIMES = st.none() | st.times().map(lambda t: t.replace(microsecond=0, second=0))
_DAYS = st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))
_URLS = st.sampled_from(["", "https://example.org/a?b=c", "http://example.org/ü"])
_EMAILS = st.sampled_from(["", "hello@example.org"])
_FORMULAS = st.sampled_from(["=1+1", "+44 1632 960001", "'=x", "''@y", "-", "@a"])


@st.composite
def directories(draw: st.DrawFn) -> directory.DirectoryRecords:
    """Anything that a source may say in fields that HSDS has."""
    said = _WORDS | _FORMULAS
    providers = [
        directory.ProviderRecord(
            key=f"p{n}",
            name=draw(_NAMES | _FORMULAS),
            alternate_name=draw(said),
            description=draw(said),
            email=draw(_EMAILS),
            url=draw(_URLS),
        )
        for n in range(draw(st.integers(0, 2)))
    ]
    keys = st.sampled_from(["", *(p.key for p in providers)])
    locations = [_location(draw, n, said) for n in range(draw(st.integers(0, 2)))]
    listings = [_listing(draw, n, said, draw(keys)) for n in range(draw(st.integers(1, 3)))]
    some_listing = st.sampled_from([one.key for one in listings])
    pairs = {(draw(some_listing), one.key) for one in locations if draw(st.booleans())}
    return directory.DirectoryRecords(
        providers=providers,
        locations=locations,
        listings=listings,
        at_locations=[
            directory.ListingAtLocationRecord(
                key=f"{a}@{b}", listing_key=a, location_key=b, description=draw(said)
            )
            for a, b in sorted(pairs)
        ],
        schedules=[_schedule(draw, n, draw(some_listing), said) for n in range(draw(st.integers(0, 2)))],
        contacts=[
            directory.ContactRecord(
                key="c",
                listing_key=draw(some_listing),
                name=draw(said),
                title=draw(said),
                email=draw(_EMAILS),
            )
        ],
        phones=[
            directory.PhoneRecord(
                key="t", listing_key=draw(some_listing), number="+44 1632 960001", description=draw(said)
            )
        ],
    )


def _location(draw: st.DrawFn, n: int, said: st.SearchStrategy[str]) -> directory.LocationRecord:
    place = draw(
        st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180)).filter(lambda p: p != (0, 0))
    )
    return directory.LocationRecord(
        key=f"l{n}",
        name=draw(_NAMES),
        kind=draw(st.sampled_from(list(directory.LocationKind))),
        description=draw(said),
        transportation=draw(said),
        address=draw(st.sampled_from(["", "1 Bell Street", "Flat 2\n1 Bell Street"])),
        town=draw(said),
        region=draw(said),
        postcode=draw(st.sampled_from(["", "QX1 1AA"])),
        latitude=place[0] if place else None,
        longitude=place[1] if place else None,
        is_confidential=draw(st.booleans()),
    )


def _listing(draw: st.DrawFn, n: int, said: st.SearchStrategy[str], provider: str) -> directory.ListingRecord:
    low, high = sorted([draw(st.integers(0, 130)), draw(st.integers(0, 130))])
    return directory.ListingRecord(
        key=f"s{n}",
        name=draw(_NAMES | _FORMULAS),
        provider_key=provider,
        status=draw(st.sampled_from(list(directory.ListingStatus))),
        alternate_name=draw(said),
        description=draw(said),
        url=draw(_URLS),
        email=draw(_EMAILS),
        how_to_join=draw(said),
        eligibility=draw(said),
        minimum_age=draw(st.sampled_from([None, low])),
        maximum_age=draw(st.sampled_from([None, high])),
        cost=draw(said),
        wait_time=draw(said),
        interpretation=draw(said),
        accreditations=draw(said),
        licences=draw(said),
        alert=draw(said),
        assured_on=draw(_DAYS),
        assured_by=draw(_EMAILS),
    )


def _schedule(
    draw: st.DrawFn, n: int, listing: str, said: st.SearchStrategy[str]
) -> directory.ScheduleRecord:
    return directory.ScheduleRecord(
        key=f"t{n}",
        listing_key=listing,
        frequency=draw(st.sampled_from(["WEEKLY", "MONTHLY"])),
        byday=draw(st.sampled_from(["", "WE", "MO,-1FR"])),
        bymonthday=draw(st.sampled_from(["", "1,15"])),
        interval=draw(st.integers(1, 9)),
        starts_on=draw(_DAYS),
        until=draw(_DAYS),
        valid_from=draw(_DAYS),
        valid_to=draw(_DAYS),
        opens_at=draw(_TIMES),
        closes_at=draw(_TIMES | st.just(time(14))),
        description=draw(said),
    )


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
@given(records=directories())
def test_reading_our_own_package_gives_the_same_directory(
    both: tuple[World, World], records: directory.DirectoryRecords
) -> None:
    first, second = both
    with transaction.atomic():
        with first.as_(importer(first)) as job:
            source = directory.SourceDetails(name="made", label="Made")
            directory.land(records, source=source, by=job, at=first.at)
        sent = _sent(first)
        with second.as_(importer(second)) as job:
            source = directory.SourceDetails(name="package", label="Our own package")
            report = directory.import_directory(files=sent, source=source, by=job, at=second.at)
            assert not report.rejects
            again = _rows(_sent(second))
            named = _original_ids()
        assert _told_apart(again, named) == _told_apart(_rows(sent), {})
        transaction.set_rollback(True)


def _sent(world: World) -> dict[str, bytes]:
    with world.as_(Actor.public(system_id=world.system_id)) as anybody:
        files = _files(b"".join(package(anybody, title="Here", at=world.at)))
    return {name: content for name, content in files.items() if name.endswith(".csv")}


def _original_ids() -> dict[str, str]:
    """The ids of what was read, each with the id that it had in the package it was read from."""
    kinds: list[Any] = [
        models.Provider,
        models.Location,
        models.Listing,
        models.ListingAtLocation,
        models.Schedule,
        models.ListingContact,
        models.ListingPhone,
    ]
    return {str(id): key for kind in kinds for id, key in kind.objects.values_list("id", "source_key")}


def _told_apart(rows: Rows, ids: Mapping[str, str]) -> dict[str, list[tuple[tuple[str, str], ...]]]:
    """The rows in an order that is theirs alone, without the ids of parts that have none and the date of change."""
    return {
        name: sorted(
            tuple(
                (column, ids.get(text, text))
                for column, text in row.items()
                if column != "last_modified" and not (name == "addresses.csv" and column == "id")
            )
            for row in found
        )
        for name, found in rows.items()
    }


def test_id_of_a_part_is_lasting() -> None:
    from fingerpost.web.openreferral.objects import part_id

    owner = UUID(int=7)
    assert part_id(owner, "address") == part_id(owner, "address") != part_id(owner, "access")
