"""A refuge in a list of others lands without its address until a steward has looked; a false alarm costs a press."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from tests.factories.listings import found, importer, names
from tests.factories.world import World, build_world
from tests.integration.routes.planted import sign_in

from fingerpost.kernel import clock
from fingerpost.kernel.errors import Conflict, NotAllowed
from fingerpost.web.directory import api as directory
from fingerpost.web.directory import models

pytestmark = pytest.mark.django_db

COUNTY = directory.SourceDetails(name="county", label="The county", kind=directory.SourceKind.HSDS_CSV)
SECRETS = ("Hidden", "Secretown", "QX9", "PO Box 77", "green door", "54.9")
FILES = {
    "organizations.csv": b"id,name\np,Friends of the Valley\n",
    "services.csv": b"id,organization_id,name,description,status\n"
    b"s,p,Valley Homes,A refuge for women and children,active\nc,p,Valley Choir,We sing,active\n",
    "locations.csv": b"id,name,description,transportation,latitude,longitude\n"
    b"l,5 Hidden Street,Behind the green door,Bus to Secretown,54.9,1.9\nh,Bell Hall,,,54.5,1.4\n",
    "addresses.csv": b"location_id,address_1,city,postal_code\nl,5 Hidden Street,Secretown,QX9 9ZZ\n"
    b"l,6 Hidden Street,Secretown,QX9 9ZZ\nh,1 Bell Street,Allerwold,QX1 1AA\n",
    "postal_addresses.csv": b"id,location_id,address_1,city\no,l,PO Box 77,Secretown\n",
    "accessibility.csv": b"id,location_id,description\na,l,A ramp behind the green door\n",
    "service_at_locations.csv": b"id,service_id,location_id\nx,s,l\ny,c,h\n",
}


@pytest.fixture
def world() -> World:
    return build_world()


def _land(world: World, **changes: bytes) -> directory.ImportReport:
    files = {**FILES, **{f"{name}.csv": content for name, content in changes.items()}}
    with world.as_(importer(world)) as job:
        return directory.import_directory(files=files, source=COUNTY, by=job, at=world.at)


def _place(world: World, key: str = "l") -> models.Location:
    with world.as_(importer(world)):
        return models.Location.objects.get(source_key=key)


def _press(world: World, action: Any, key: str = "l") -> None:
    place = _place(world, key)
    with world.as_("administrator") as steward:
        action(location_id=place.id, by=steward, at=world.at)


def _open_tables(world: World) -> str:
    """Everything in the tables that have no policy of their own, and what every account may see of the import."""
    with world.as_("worker"):
        kinds: list[Any] = [
            models.Location,
            models.Listing,
            models.PostalAddress,
            models.Accessibility,
            models.SearchFacts,
            models.SourceFault,
            models.RejectedRow,
            models.SourceImport,
        ]
        return str([list(kind.objects.values()) for kind in kinds])


def test_report_of_the_try_names_the_place_and_why_and_nothing_of_where_it_is(world: World) -> None:
    with world.as_("administrator") as steward:
        tried = directory.try_import(files=FILES, settings={}, source=COUNTY, by=steward, at=world.at)
    (kept,) = tried.counts["kept_back"]
    assert kept["name"] == "Valley Homes"
    assert kept["why"] == [{"word": "refuge", "kind": "listing", "name": "Valley Homes"}]
    with clock.fixed(world.at):
        page = _client(world).get(f"/directory/imports/{tried.pk}/").content.decode()
    assert "“refuge” stands in the listing “Valley Homes”." in page.replace("&#34;", '"')
    assert not [word for word in SECRETS if word in str(tried.counts)]


def test_it_lands_without_its_address_in_any_open_table(world: World) -> None:
    report = _land(world)
    assert [one.shown_as for one in report.kept_back] == ["Valley Homes"]
    assert _place(world).is_confidential and not _place(world, "h").is_confidential
    said = _open_tables(world)
    assert not [word for word in SECRETS if word in said]
    assert names(found(world, words="Secretown")) == [] and "Valley Homes" in names(
        found(world, words="valley")
    )


def test_one_press_makes_it_public_and_so_it_stays(world: World) -> None:
    _land(world)
    _press(world, directory.make_address_public)
    for _time in range(2):
        place = _place(world)
        assert (place.name, place.address, place.town) == ("5 Hidden Street", "5 Hidden Street", "Secretown")
        assert (place.latitude, place.longitude, place.placed_by) == (54.9, 1.9, "source")
        with world.as_(importer(world)):
            assert models.PostalAddress.objects.get().address == "PO Box 77"
            assert models.Accessibility.objects.get().description == "A ramp behind the green door"
        assert names(found(world, words="Secretown")) == ["Valley Homes"]
        world.later(days=1)
        assert not _land(world).kept_back
    assert _land(world).changes == 0


def test_what_a_steward_keeps_secret_stays_so_whatever_its_source_says_and_whatever_is_undone(
    world: World,
) -> None:
    """Also a place in neutral words, of which only a person can know."""
    _land(world)
    world.later(minutes=5)
    with world.as_("administrator") as steward:
        renamed = {**FILES, "locations.csv": FILES["locations.csv"].replace(b"Bell Hall", b"Bell House")}
        tried = directory.try_import(files=renamed, settings={}, source=COUNTY, by=steward, at=world.at)
        applied = directory.apply_import(import_id=tried.pk, by=steward, at=world.at)
    _press(world, directory.keep_address_secret, "h")
    assert "Allerwold" not in _open_tables(world) and _place(world, "h").name == "Valley Choir"
    assert names(found(world, words="Allerwold")) == []
    with world.as_("administrator") as steward:
        directory.undo_import(import_id=applied.pk, by=steward, at=world.at)
    assert _place(world, "h").is_confidential and "Allerwold" not in _open_tables(world)
    world.later(days=1)
    _land(world)
    assert _place(world, "h").is_confidential and "Bell Street" not in _open_tables(world)
    _press(world, directory.make_address_public, "h")
    assert _place(world, "h").address == "1 Bell Street"


def test_address_that_is_public_stays_so_when_a_later_import_is_undone(world: World) -> None:
    _land(world)
    world.later(minutes=5)
    moved = {**FILES, "addresses.csv": FILES["addresses.csv"].replace(b"5 Hidden", b"9 Hidden")}
    with world.as_("administrator") as steward:
        tried = directory.try_import(files=moved, settings={}, source=COUNTY, by=steward, at=world.at)
        applied = directory.apply_import(import_id=tried.pk, by=steward, at=world.at)
    _press(world, directory.make_address_public)
    assert _place(world).address == "9 Hidden Street"
    with world.as_("administrator") as steward:
        directory.undo_import(import_id=applied.pk, by=steward, at=world.at)
    assert (_place(world).is_confidential, _place(world).address) == (False, "5 Hidden Street")


def test_place_that_gets_such_words_later_is_put_away(world: World) -> None:
    once = FILES["addresses.csv"].replace(b"l,6 Hidden Street,Secretown,QX9 9ZZ\n", b"")  # nothing refused
    _land(world, services=FILES["services.csv"].replace(b"A refuge for", b"Homes for"), addresses=once)
    assert _place(world).town == "Secretown"
    world.later(days=1)
    _land(world, addresses=once)
    said = _open_tables(world)
    assert not [word for word in SECRETS if word in said]


def test_place_that_its_source_keeps_secret_is_not_opened_by_a_press(world: World) -> None:
    with world.as_("administrator") as steward:
        directory.register_listing(
            listing=directory.ListingRecord(key="", name="Haven"),
            place=directory.LocationRecord(key="", name="Haven", town="Secretown", is_confidential=True),
            by=steward,
            at=world.at,
        )
        with pytest.raises(Conflict):
            directory.make_address_public(
                location_id=models.Location.objects.get().id, by=steward, at=world.at
            )


def test_only_stewards_see_and_decide(world: World) -> None:
    _land(world)
    place = _place(world)
    for who in ("worker", "gp"):
        with world.as_(who) as actor:
            with pytest.raises(NotAllowed):
                directory.addresses_kept_back(actor)
            for action in (directory.make_address_public, directory.keep_address_secret):
                with pytest.raises(NotAllowed):
                    action(location_id=place.id, by=actor, at=world.at)


def test_page_shows_the_address_to_stewards_with_a_button_for_each_answer(world: World) -> None:
    _land(world)
    client, place = _client(world), _place(world)
    with clock.fixed(world.at):
        page = client.get("/directory/kept-back/").content.decode()
        assert "5 Hidden Street" in page and "Valley Homes" in page and "refuge" in page
        client.post(f"/directory/kept-back/{place.id}/secret/")
        page = client.get("/directory/kept-back/").content.decode()
        assert "that it stays a secret" in page and "nothing is waiting" in page
        client.post(f"/directory/kept-back/{place.id}/public/", follow=True)
        page = client.get("/directory/kept-back/").content.decode()
        listing = client.get(f"/directory/listings/{_listing(world)}/").content.decode()
    assert "Hidden" not in page
    assert "5 Hidden Street" in listing and f"/directory/kept-back/{place.id}/secret/" in listing


def _client(world: World) -> Client:
    with clock.fixed(world.at):
        client = sign_in(world.administrator, world.at)
    client.handler.enforce_csrf_checks = False
    return client


def _listing(world: World) -> object:
    with world.as_(importer(world)):
        return models.Listing.objects.get(source_key="s").id
