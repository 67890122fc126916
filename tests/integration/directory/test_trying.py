"""Imports that are looked at first, applied as they were looked at, and undone without a trace of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from tests.factories.listings import importer
from tests.factories.world import World, build_world

from fingerpost.kernel.errors import Conflict, InvalidValue, NotAllowed
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.actions.landing import MODELS
from fingerpost.web.directory.models import (
    FieldWord,
    ImportedChange,
    Listing,
    PrivateAddress,
    SourceImport,
    TriedFiles,
)

pytestmark = pytest.mark.django_db

COLUMNS = {
    "list.csv": {
        "title": "listing.name",
        "about": "listing.description",
        "tel": "phone.number",
        "venue": "location.name",
        "post code": "location.postcode",
    }
}
SHEET = directory.SourceDetails(name="groups", label="Groups of the town", kind=directory.SourceKind.SHEET)
FIRST = "title,about,tel,venue,post code\n" + "".join(
    f"Group {n},What group {n} does,01632 9600{n:02},Hall {n % 3},TS1 1AA\n" for n in range(20)
)


@pytest.fixture
def world() -> World:
    return build_world()


def tried(world: World, text: str) -> SourceImport:
    world.later(minutes=1)
    with world.as_(importer(world)) as job:
        return directory.try_import(
            files={"list.csv": text.encode()},
            settings={"columns": COLUMNS},
            source=SHEET,
            by=job,
            at=world.at,
        )


def applied(world: World, done: SourceImport, *, although_held: bool = False) -> SourceImport:
    world.later(minutes=1)
    with world.as_(importer(world)) as job:
        return directory.apply_import(import_id=done.pk, although_held=although_held, by=job, at=world.at)


def undone(world: World, done: SourceImport) -> SourceImport:
    world.later(minutes=1)
    with world.as_(importer(world)) as job:
        return directory.undo_import(import_id=done.pk, by=job, at=world.at)


def everything(world: World) -> Mapping[str, Any]:
    """Every row of every kind that a reader can see, without what only says when it was read."""
    with world.as_(importer(world)):
        return {
            kind: sorted(
                str({k: v for k, v in row.items() if k not in ("id", "landed_by", "search_vector")})
                for row in model.objects.values()
                if not row.get("gone_at")
            )
            for kind, model in MODELS.items()
        }


def test_trying_changes_nothing_and_says_everything(world: World) -> None:
    before = everything(world)
    done = tried(world, FIRST)
    assert done.state == directory.ImportState.TRIED
    assert everything(world) == before
    (listings,) = [f for f in done.counts["files"] if f["file"] == "list.csv"]
    assert (listings["read"], listings["new"], listings["rejected"]) == (20, 20, 0)
    with world.as_(importer(world)):
        assert ImportedChange.objects.filter(source_import=done, what="new").count() == 20


def test_what_was_looked_at_is_what_is_applied_and_the_files_are_not_kept(world: World) -> None:
    done = applied(world, tried(world, FIRST))
    assert done.state == directory.ImportState.APPLIED
    with world.as_(importer(world)):
        assert Listing.objects.filter(source__name="groups", gone_at=None).count() == 20
        assert not TriedFiles.objects.exists()
    with pytest.raises(InvalidValue, match="not waiting"):
        applied(world, done)


def test_several_lists_of_one_kind_are_counted_together(world: World) -> None:
    """As the sheets of a workbook, one for each part of the town; organisations that a list names are counted too."""
    files = {
        "north.csv": b"title,org\nWalks,Ramblers\nChoir,Singers\n,Nobody\n",
        "south.csv": b"title,org\nBowls,Bowlers\nWalks,Ramblers\n",
        "orgs.csv": b"name\nSingers\n",
    }
    columns = {file: {"title": "listing.name", "org": "provider.name"} for file in ("north.csv", "south.csv")}
    with world.as_(importer(world)) as job:
        done = directory.try_import(
            files=files,
            settings={"columns": {**columns, "orgs.csv": {"name": "provider.name"}}},
            source=SHEET,
            by=job,
            at=world.at,
        )
    counts = {one["kind"]: one for one in done.counts["files"]}
    said = [counts["listing"][name] for name in ("file", "read", "new", "rejected")]
    assert said == ["north.csv, south.csv", 5, 3, 2]
    assert [counts["provider"][name] for name in ("file", "read", "new")] == ["orgs.csv", 3, 3]


def test_changes_are_told_field_by_field(world: World) -> None:
    applied(world, tried(world, FIRST))
    text = FIRST.replace("What group 3 does", "Something else").replace("Group 19,", "Group 20,")
    done = tried(world, text)
    with world.as_(importer(world)):
        changed = ImportedChange.objects.get(source_import=done, kind="listing", what="changed")
        assert (changed.name, changed.fields) == (
            "Group 3",
            {"description": ["What group 3 does", "Something else"]},
        )
        told = ImportedChange.objects.filter(source_import=done, kind="listing").exclude(what="changed")
        assert {(one.what, one.name) for one in told} == {("new", "Group 20"), ("gone", "Group 19")}


@pytest.mark.parametrize(
    "second",
    [
        FIRST.replace("What group 3 does", "Something else").replace("01632 960005", "01632 960999"),
        FIRST.replace("Group 19,", "Group 20,").replace("Hall 1", "Chapel"),
        FIRST + "Group 30,New,01632 960030,Barn,TS1 1AB\n",
        "\n".join(FIRST.split("\n")[:18]) + "\n",
        FIRST,
    ],
)
def test_undoing_brings_back_exactly_what_was_there(world: World, second: str) -> None:
    applied(world, tried(world, FIRST))
    before = everything(world)
    done = applied(world, tried(world, second))
    assert (everything(world) == before) is (second == FIRST)
    assert undone(world, done).state == directory.ImportState.UNDONE
    assert everything(world) == before


def test_undoing_the_first_import_leaves_nothing_to_be_seen(world: World) -> None:
    before = everything(world)
    undone(world, applied(world, tried(world, FIRST)))
    assert everything(world) == before


def test_an_import_on_which_another_stands_is_not_undone(world: World) -> None:
    first = applied(world, tried(world, FIRST))
    applied(world, tried(world, FIRST + "Group 30,New,,,\n"))
    with pytest.raises(Conflict, match="later import"):
        undone(world, first)


def test_a_list_that_shrank_is_held_until_somebody_has_looked(world: World) -> None:
    applied(world, tried(world, FIRST))
    before = everything(world)
    done = tried(world, "\n".join(FIRST.split("\n")[:15]) + "\n")
    assert done.state == directory.ImportState.HELD
    assert "6 of the 20 listings" in done.held_because
    with pytest.raises(NotAllowed, match="6 of the 20"):
        applied(world, done)
    assert everything(world) == before
    assert applied(world, done, although_held=True).state == directory.ImportState.APPLIED


def test_when_the_directory_has_changed_since_nothing_is_applied(world: World) -> None:
    applied(world, tried(world, FIRST))
    done = tried(world, FIRST.replace("What group 3 does", "Something else"))
    applied(world, tried(world, FIRST.replace("What group 4 does", "Something else")))
    before = everything(world)
    with pytest.raises(Conflict, match="changed since"):
        applied(world, done)
    assert everything(world) == before


def test_what_a_provider_says_outlasts_its_feed_and_is_shown_with_who_and_when(world: World) -> None:
    applied(world, tried(world, FIRST))
    with world.as_(importer(world)) as job:
        listing = Listing.objects.get(name="Group 3")
        directory.say(
            kind="listing",
            row_id=listing.pk,
            fields={"description": "Tea and talk"},
            voice=directory.SourceKind.PROVIDER,
            by=job,
            at=world.at,
        )
    applied(world, tried(world, FIRST.replace("What group 3 does", "The council thinks so")))
    with world.as_(importer(world)) as job:
        assert Listing.objects.get(pk=listing.pk).description == "Tea and talk"
        said = {w.source.kind: w.value for w in FieldWord.objects.filter(listing=listing)}
        assert said == {"sheet": "The council thinks so", "provider": "Tea and talk"}
        directory.take_back(
            kind="listing",
            row_id=listing.pk,
            fields=["description"],
            voice=directory.SourceKind.PROVIDER,
            by=job,
            at=world.at,
        )
        assert Listing.objects.get(pk=listing.pk).description == "The council thinks so"


def test_undoing_an_import_leaves_what_people_said(world: World) -> None:
    applied(world, tried(world, FIRST))
    second = applied(world, tried(world, FIRST.replace("What group 3 does", "Something else")))
    with world.as_(importer(world)) as job:
        listing = Listing.objects.get(name="Group 3")
        directory.say(
            kind="listing",
            row_id=listing.pk,
            fields={"eligibility": "Anyone over 50"},
            voice=directory.SourceKind.STEWARD,
            by=job,
            at=world.at,
        )
    undone(world, second)
    with world.as_(importer(world)):
        now = Listing.objects.get(pk=listing.pk)
        assert (now.description, now.eligibility) == ("What group 3 does", "Anyone over 50")


def test_files_that_nobody_applied_are_not_kept_for_ever(world: World) -> None:
    tried(world, FIRST)
    with world.as_(importer(world)) as job:
        assert directory.drop_old_tries(by=job, at=world.at + timedelta(days=29)) == 0
        assert directory.drop_old_tries(by=job, at=world.at + timedelta(days=31)) == 1
        assert not TriedFiles.objects.exists()
        assert not PrivateAddress.objects.exists()
