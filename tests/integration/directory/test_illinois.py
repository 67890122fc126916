"""A real directory that nobody here wrote, all the way into the database and out of the search box."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.factories.listings import found, importer, shared_data
from tests.factories.world import World, build_world

from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.models import (
    EmailAddress,
    Listing,
    Location,
    PostalAddress,
    Provider,
    RejectedRow,
    Schedule,
    SourceFault,
)
from fingerpost.web.geography.api import Point

pytestmark = pytest.mark.django_db

SOURCE = directory.SourceDetails(name="illinois", label="Illinois Legal Aid")


@pytest.fixture
def world() -> World:
    return build_world()


def _import(world: World) -> directory.ImportReport:
    files = directory.files_at(shared_data("directories/illinois-legal-aid/output"))
    with world.as_(importer(world)) as job:
        return directory.import_directory(files=files, source=SOURCE, by=job, at=world.at)


def test_illinois_lands_whole_reconciles_and_lands_again_unchanged(world: World) -> None:
    first = _import(world)
    assert {f.file: (f.read, f.landed, f.rejected) for f in first.files} == {
        "organizations.csv": (33, 33, 0),
        "locations.csv": (520, 520, 0),
        "services.csv": (430, 429, 1),
        "regular_schedules.csv": (2492, 2492, 0),
        "phones.csv": (982, 955, 27),
        "postal_addresses.csv": (33, 33, 0),
    }
    again = _import(world)
    assert again.changes == 0
    assert [f.tally.unchanged for f in again.files] == [33, 520, 429, 2492, 955, 33]
    with world.as_("administrator"):
        assert Listing.objects.filter(gone_at=None).count() == 429
        assert Location.objects.count() == 520
        assert Schedule.objects.filter(listing=None).count() == 2492
        assert RejectedRow.objects.count() == 2 * 28
        row = RejectedRow.objects.filter(file="services.csv").first()
        assert (row.line, row.column, row.source_row) == (431, "id, name", {"organization_id": "24441"})


def test_illinois_is_found_for_what_it_is_and_nothing_is_made_up_for_it(world: World) -> None:
    _import(world)
    with world.as_("administrator"):
        _check_what_is_missing()
    results = found(world, words="domestic violence", near=Point(41.88, -87.63), max_km=10)
    assert results.total > 5
    assert {hit.distance_words for hit in results.hits} == {"no location known"}
    assert all(hit.why for hit in results.hits)
    assert found(world, words="evicted").total > 5
    assert found(world, words="forclosure").total > 0
    with world.as_("worker") as worker:
        listed = Listing.objects.filter(provider__email__gt="").first()
        with pytest.raises(NotAllowed) as refused:
            directory.contact_route(worker, listing_id=listed.id, purpose="referral")
        assert refused.value.reason == "unchecked"


def _check_what_is_missing() -> None:
    faults = SourceFault.objects.filter(source__name="illinois")
    absent = faults.filter(kind=directory.FaultKind.PROVIDER_ABSENT, file="services.csv")
    assert absent.count() == 341
    assert absent.filter(listing=None).count() == 1  # the row that was rejected
    assert Listing.objects.filter(provider=None).count() == 340
    assert set(Listing.objects.values_list("status", flat=True)) == {"not_stated"}
    assert set(Location.objects.values_list("latitude", "placed_by")) == {(None, "")}
    assert set(PostalAddress.objects.values_list("town", flat=True)) == {""}
    assert faults.filter(kind=directory.FaultKind.PHONE_NUMBER_MISSING).count() == 19
    assert set(EmailAddress.objects.values_list("state", flat=True)) == {"unchecked"}
    assert EmailAddress.objects.count() == Provider.objects.exclude(email="").count() == 33


def test_command_imports_prints_the_table_and_writes_the_rejects(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], make_system: str
) -> None:
    from fingerpost.cli.main import main

    rejects = tmp_path / "rejects.csv"
    folder = str(shared_data("directories/illinois-legal-aid/output"))
    arguments = ["directory", "import", folder, "--system", make_system, "--rejects", str(rejects)]
    assert main(arguments) == 0
    printed = capsys.readouterr().out
    assert "services.csv" in printed and "430     429         1" in printed
    with rejects.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 28
    assert (rows[0]["file"], rows[0]["line"], rows[0]["column"]) == ("services.csv", "431", "id, name")
    assert main(["directory", "import", str(tmp_path)]) in (3, 6)
