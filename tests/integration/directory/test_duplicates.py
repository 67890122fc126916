"""Two listings of one thing: found, made one by a person, filled from one another, made two again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from tests.factories.listings import importer
from tests.factories.world import World, build_world

from fingerpost.kernel.errors import InvalidValue, NotAllowed, NotFound
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.models import FieldWord, Listing

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def land(world: World, source: str, *rows: Mapping[str, Any]) -> None:
    records = directory.DirectoryRecords()
    for place, row in enumerate(rows):
        key = f"{source}{place}"
        phone = row.get("phone")
        fields = {name: value for name, value in row.items() if name != "phone"}
        records.listings.append(directory.ListingRecord(key=key, **fields))
        if phone:
            records.phones.append(directory.PhoneRecord(key=key, listing_key=key, number=phone))
    world.later(minutes=1)
    with world.as_(importer(world)) as job:
        directory.land(
            records,
            source=directory.SourceDetails(name=source, label=source.title()),
            although_it_shrank=True,
            by=job,
            at=world.at,
        )


def ids(world: World, name: str) -> list[UUID]:
    with world.as_(importer(world)):
        return list(Listing.objects.filter(name=name).order_by("source__name").values_list("id", flat=True))


@pytest.fixture
def twice(world: World) -> tuple[UUID, UUID]:
    """One choir of two sources: the feed says more, the list has its cost."""
    land(
        world,
        "feed",
        {"name": "Town choir", "phone": "01632 960001", "description": "We sing", "eligibility": "Anyone"},
        {"name": "Bowls", "phone": "01632 960009"},
    )
    land(world, "list", {"name": "Town Choir", "phone": "+44 1632 960001", "cost": "£2"}, {"name": "Bowls"})
    (first,), (second,) = ids(world, "Town choir"), ids(world, "Town Choir")
    return first, second


def test_like_listings_of_two_sources_are_found_with_why(world: World, twice: tuple[UUID, UUID]) -> None:
    with world.as_("administrator") as actor:
        (pair,) = directory.like_pairs(actor)
    assert {pair.first.pk, pair.second.pk} == set(twice)
    assert [reason.code for reason in pair.reasons] == ["same_name", "same_phone"]
    assert pair.points == 70


def test_one_is_shown_and_filled_from_the_other_and_both_come_back(
    world: World, twice: tuple[UUID, UUID]
) -> None:
    kept, merged = twice
    with world.as_("administrator") as actor:
        made = directory.merge_listings(kept_id=kept, merged_id=merged, by=actor, at=world.at)
        shown = {one.pk: one for one in directory.open_listings(actor)}
        assert merged not in shown
        assert (shown[kept].cost, shown[kept].description) == ("£2", "We sing")
        assert directory.like_pairs(actor) == []
        assert [one.pk for one in directory.merges(actor)] == [made.pk]
        directory.take_merge_back(merge_id=made.pk, by=actor, at=world.at)
        again = {one.pk: one for one in directory.open_listings(actor)}
        assert again[kept].cost == "" and again[merged].cost == "£2"
        assert not FieldWord.objects.exclude(source__name="feed").exists()
        with pytest.raises(NotFound):
            directory.take_merge_back(merge_id=made.pk, by=actor, at=world.at)


def test_what_was_filled_stays_when_the_source_is_read_again(world: World, twice: tuple[UUID, UUID]) -> None:
    kept, merged = twice
    with world.as_("administrator") as actor:
        directory.merge_listings(kept_id=kept, merged_id=merged, by=actor, at=world.at)
    land(world, "feed", {"name": "Town choir", "phone": "01632 960001", "description": "We hum"})
    with world.as_("administrator") as actor:
        one = directory.listing(actor, listing_id=kept)
        assert (one.cost, one.description) == ("£2", "We hum")
        assert merged not in {row.pk for row in directory.open_listings(actor)}


def test_two_that_are_two_are_not_asked_about_again(world: World, twice: tuple[UUID, UUID]) -> None:
    with world.as_("administrator") as actor:
        directory.say_they_are_two(first_id=twice[1], second_id=twice[0], by=actor, at=world.at)
        directory.say_they_are_two(first_id=twice[0], second_id=twice[1], by=actor, at=world.at)
        assert directory.like_pairs(actor) == []


def test_what_is_not_shown_or_is_one_already_is_not_merged(world: World, twice: tuple[UUID, UUID]) -> None:
    kept, merged = twice
    with world.as_("administrator") as actor:
        with pytest.raises(InvalidValue, match="one listing already"):
            directory.merge_listings(kept_id=kept, merged_id=kept, by=actor, at=world.at)
        directory.merge_listings(kept_id=kept, merged_id=merged, by=actor, at=world.at)
        with pytest.raises(InvalidValue, match="not shown any more"):
            directory.merge_listings(kept_id=merged, merged_id=kept, by=actor, at=world.at)
    with world.as_("worker") as worker, pytest.raises(NotAllowed):
        directory.merge_listings(kept_id=kept, merged_id=merged, by=worker, at=world.at)
