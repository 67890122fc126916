from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from tests.factories.listings import (
    SOURCE,
    a_listing,
    a_town,
    found,
    hsds,
    importer,
    land,
    listing_called,
    names,
)
from tests.factories.world import World, build_world

from fingerpost.kernel.errors import Faults, NotAllowed
from fingerpost.kernel.postcode import Postcode
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.models import Listing, ListingPhone, Location, PrivateAddress, Schedule
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.geography import api as geography

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def _tally(report: directory.ImportReport, file: str = "listing") -> tuple[int, int, int, int]:
    (tally,) = [f.tally for f in report.files if f.file == file]
    return tally.new, tally.changed, tally.unchanged, tally.gone


def test_landing_again_changes_nothing(world: World) -> None:
    assert _tally(land(world)) == (5, 0, 0, 0)
    assert land(world).changes == 0


def test_changed_and_gone_rows_are_counted_and_what_is_gone_comes_back(world: World) -> None:
    land(world)
    kept = listing_called(world, "Hill Walks").id
    town = a_town()
    town.listings = [replace(town.listings[0], cost="Free"), *town.listings[2:]]
    town.at_locations = [link for link in town.at_locations if link.listing_key != "walks"]
    world.later(days=1)
    report = land(world, town)
    assert _tally(report) == (0, 1, 3, 1)
    assert "Hill Walks" not in names(found(world))
    with world.as_("worker") as worker:
        gone = directory.listing(worker, listing_id=kept)
        assert gone.gone_at == world.at
    assert _tally(land(world)) == (0, 2, 3, 0)
    assert listing_called(world, "Hill Walks").id == kept


def test_row_rejected_this_time_is_not_gone(world: World) -> None:
    files = hsds(services="id,name\n1,Choir\n2,Band\n")
    source = directory.SourceDetails(name="feed", label="A feed")
    with world.as_(importer(world)) as job:
        directory.import_directory(files=files, source=source, by=job, at=world.at)
        broken = hsds(services="id,name\n1,Choir\n2,\n")
        report = directory.import_directory(files=broken, source=source, by=job, at=world.at)
    assert _tally(report, "services.csv") == (0, 0, 1, 0)
    assert names(found(world, words="band")) == ["Band"]


def test_parts_without_ids_follow_what_the_source_says(world: World) -> None:
    source = directory.SourceDetails(name="feed", label="A feed")
    first = "number,service_id\n01632 960001,1\n01632 960001,1\n01632 960002,1\n"
    second = "number,service_id\n01632 960001,1\n01632 960003,1\n"
    with world.as_(importer(world)) as job:
        for phones in (first, second):
            files = hsds(services="id,name\n1,Choir\n", phones=phones)
            report = directory.import_directory(files=files, source=source, by=job, at=world.at)
        assert sorted(ListingPhone.objects.values_list("number", flat=True)) == [
            "01632 960001",
            "01632 960003",
        ]
    assert _tally(report, "phones.csv") == (1, 0, 1, 2)


def test_two_sources_with_the_same_ids_stand_side_by_side(world: World) -> None:
    land(world)
    other = replace(SOURCE, name="other")
    assert _tally(
        land(world, directory.DirectoryRecords(listings=[a_listing("lunch", "Other Lunch")]), other)
    ) == (
        1,
        0,
        0,
        0,
    )
    assert land(world).changes == 0


def test_directory_of_another_system_is_not_touched_or_found(world: World) -> None:
    land(world)
    elsewhere = build_world(mark=" 2")
    assert found(elsewhere).total == 0
    land(elsewhere, directory.DirectoryRecords(listings=[a_listing("lunch", "Their Lunch")]))
    assert names(found(elsewhere)) == ["Their Lunch"]
    assert found(world).total == 5


def test_unknown_need_lands_nothing(world: World) -> None:
    records = directory.DirectoryRecords(
        listings=[a_listing("a", "Choir"), a_listing("b", "Band", needs=("noise",))]
    )
    with pytest.raises(Faults):
        land(world, records)
    assert found(world).total == 0


@pytest.mark.parametrize("who", ["worker", "gp", "manager"])
def test_import_without_the_permission_is_refused(world: World, who: str) -> None:
    with world.as_(who) as actor, pytest.raises(NotAllowed):
        directory.land(a_town(), source=SOURCE, by=actor, at=world.at)


def test_place_with_a_postcode_is_found_in_the_gazetteer_and_says_so(world: World) -> None:
    hall = directory.LocationRecord(key="hall", name="Hall", postcode="QX1 1JY")
    with world.as_(importer(world)) as job:
        row = geography.PostcodeRow(Postcode.parse("QX1 1JY"), 54.5, 1.4)
        geography.import_postcodes([row], source="test", by=job, at=world.at)
        directory.land(directory.DirectoryRecords(locations=[hall]), source=SOURCE, by=job, at=world.at)
        assert Location.objects.values_list("latitude", "placed_by").get() == (54.5, "postcode")


def test_history_keeps_what_a_listing_said_before_and_who_changed_it(world: World) -> None:
    land(world)
    town = a_town()
    town.listings[0] = replace(town.listings[0], cost="Free")
    land(world, town)
    with world.as_("administrator"):
        history = Listing.history.rel.related_model.objects.filter(name="Wednesday Lunch Club")
        assert list(history.order_by("pgh_id").values_list("cost", "actor_label")) == [
            ("£5", "an import in a test"),
            ("Free", "an import in a test"),
        ]


# Confidential places


def test_confidential_address_is_nowhere_but_behind_the_policy(world: World) -> None:
    land(world)
    with connection.cursor() as cursor, world.as_("worker"):
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'directory_%'")
        tables = {row[0] for row in cursor.fetchall()}
        holding = set()
        for table in tables:
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text ~ %s', ["Hidden|QX9|54.5001|Secretown"]
            )
            if cursor.fetchone()[0]:
                holding.add(table)
        assert holding == {"directory_privateaddress"}


def test_private_address_is_read_by_staff_and_by_nobody_else(world: World) -> None:
    land(world)
    link = Actor(kind="link", id="link:1", label="a provider", system_id=world.system_id)
    elsewhere = build_world(mark=" 2")
    with world.as_("worker"):
        assert PrivateAddress.objects.get().address == "5 Hidden Street"
    for actor in (Actor.public(system_id=world.system_id), link, elsewhere.worker):
        with world.as_(actor):
            assert PrivateAddress._base_manager.count() == 0


def test_confidential_place_cannot_be_given_an_address_by_anybody(world: World) -> None:
    land(world)
    with world.as_(importer(world)):
        place = Location.objects.get(name="Larkrise")
        with pytest.raises(IntegrityError), transaction.atomic():
            Location.objects.filter(id=place.id).update(address="5 Hidden Street")


def test_place_made_confidential_later_loses_its_open_address(world: World) -> None:
    open_place = directory.LocationRecord(key="x", name="House", address="1 Old Road", postcode="QX1 1AA")
    land(world, directory.DirectoryRecords(locations=[open_place]))
    land(world, directory.DirectoryRecords(locations=[replace(open_place, is_confidential=True)]))
    with world.as_("worker"):
        assert Location.objects.get().address == ""
        assert PrivateAddress.objects.get().address == "1 Old Road"


def test_schedule_of_nothing_cannot_exist(world: World) -> None:
    land(world)
    with world.as_(importer(world)), pytest.raises(IntegrityError), transaction.atomic():
        Schedule.objects.update(listing=None, location=None)


def test_status_set_by_a_person_outlasts_the_source(world: World) -> None:
    land(world)
    lunch = listing_called(world, "Wednesday Lunch Club")
    with world.as_("administrator") as administrator:
        directory.set_status(
            listing_id=lunch.id,
            status=directory.ListingStatus.DEFUNCT,
            reason="ended",
            by=administrator,
            at=world.at,
        )
    town = a_town()
    town.listings[0] = replace(town.listings[0], cost="£6")
    world.at += timedelta(days=1)
    land(world, town)
    with world.as_("worker") as worker:
        now = directory.listing(worker, listing_id=lunch.id)
        assert (now.status, now.cost, now.closed_reason) == ("defunct", "£6", "ended")
    assert "Wednesday Lunch Club" not in names(found(world))
