"""Directories small enough to read, as records and as HSDS files."""

from __future__ import annotations

import os
from datetime import time
from pathlib import Path

import pytest
from tests.factories.world import World

from fingerpost.web.directory import api as directory
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.tenancy.api import Permission

SOURCE = directory.SourceDetails(name="town", label="The town's list", kind=directory.SourceKind.DEMO)


def shared_data(path: str) -> Path:
    """A real file or folder that lies beside the checkout; the test is skipped where it is not."""
    root = Path(os.environ.get("FINGERPOST_SHARED_DATA") or Path(__file__).parents[3] / "shared" / "data")
    found = root / path
    if not found.exists():
        pytest.skip(f"the shared data has no {path}: set FINGERPOST_SHARED_DATA to where it is")
    return found


def importer(world: World) -> Actor:
    """A job that may import directories and postcodes and sees no people."""
    return Actor.system(
        reason="an import in a test",
        system_id=world.system_id,
        permissions={Permission.IMPORT_DIRECTORY, Permission.IMPORT_GEOGRAPHY, Permission.SEARCH_DIRECTORY},
        sees_people=False,
    )


def a_listing(key: str, name: str, **fields: object) -> directory.ListingRecord:
    values: dict[str, object] = {"status": directory.ListingStatus.ACTIVE, "ways": (directory.Way.IN_PERSON,)}
    return directory.ListingRecord(key=key, name=name, **{**values, **fields})  # type: ignore[arg-type]


def a_town() -> directory.DirectoryRecords:
    """Five listings: two with places, one by phone, one in a refuge, one of which only the name is known."""
    return directory.DirectoryRecords(
        providers=[
            directory.ProviderRecord(key="church", name="St Botolph's Church", email="hello@church.example"),
            directory.ProviderRecord(key="haven", name="Haven"),
        ],
        locations=[
            directory.LocationRecord(
                key="hall", name="Bell Hall", town="Allerwold", latitude=54.5, longitude=1.4
            ),
            directory.LocationRecord(
                key="far", name="Hill Barn", town="Farwold", latitude=54.8, longitude=1.4
            ),
            directory.LocationRecord(
                key="refuge",
                name="Larkrise",
                address="5 Hidden Street",
                town="Secretown",
                postcode="QX9 9ZZ",
                latitude=54.5001,
                longitude=1.4001,
                is_confidential=True,
                row={"address_1": "5 Hidden Street"},
            ),
        ],
        listings=[
            a_listing(
                "lunch",
                "Wednesday Lunch Club",
                provider_key="church",
                description="A hot lunch at long tables for anyone who would like company.",
                needs=("company", "food"),
                email="lunch@church.example",
                minimum_age=60,
                cost="£5",
                cost_pence=500,
            ),
            a_listing(
                "walks",
                "Hill Walks",
                description="Slow walks with a flask of tea.",
                cost="Free",
                cost_pence=0,
            ),
            a_listing("calls", "Phone Friends", needs=("company",), ways=(directory.Way.BY_PHONE,)),
            a_listing("safe", "Larkrise Refuge", provider_key="haven", needs=("safety_at_home",)),
            a_listing("bare", "Crochet Circle", ways=()),
        ],
        at_locations=[
            directory.ListingAtLocationRecord(key="lunch@hall", listing_key="lunch", location_key="hall"),
            directory.ListingAtLocationRecord(key="walks@far", listing_key="walks", location_key="far"),
            directory.ListingAtLocationRecord(key="safe@refuge", listing_key="safe", location_key="refuge"),
        ],
        schedules=[
            directory.ScheduleRecord(
                key="lunch", listing_key="lunch", byday="WE", opens_at=time(12), closes_at=time(14)
            )
        ],
        phones=[directory.PhoneRecord(key="church", provider_key="church", number="01632 960201")],
    )


def land(
    world: World, records: directory.DirectoryRecords | None = None, source: directory.SourceDetails = SOURCE
) -> directory.ImportReport:
    with world.as_(importer(world)) as job:
        return directory.land(records or a_town(), source=source, by=job, at=world.at)


def found(world: World, who: str = "worker", **criteria: object) -> directory.SearchResults:
    with world.as_(who) as actor:
        return directory.search(actor, directory.SearchCriteria(**criteria), at=world.at)  # type: ignore[arg-type]


def names(results: directory.SearchResults) -> list[str]:
    return [hit.listing.name for hit in results.hits]


def listing_called(world: World, name: str) -> directory.Listing:
    with world.as_("worker") as actor:
        return directory.open_listings(actor).get(name=name)


def hsds(**tables: str) -> dict[str, bytes]:
    """HSDS files from text: `hsds(services="id,name\\n1,Choir\\n")`."""
    return {f"{name}.csv": text.encode() for name, text in tables.items()}
