"""Real lists that nobody here wrote, by column mapping: counts in and out reconcile, and nothing ended is shown."""

from __future__ import annotations

import csv
from collections import Counter

import pytest
from tests.factories.listings import found, importer, shared_data
from tests.factories.world import World, build_world

from fingerpost.web.directory import api as directory
from fingerpost.web.directory.models import Attribute, Identifier, Listing, SourceFault, TaxonomyTerm

pytestmark = pytest.mark.django_db

HARROW = directory.SourceDetails(
    name="harrow", label="Charity register, Harrow", kind=directory.SourceKind.SHEET
)
HARROW_COLUMNS = {
    "title": "listing.name",
    "charity_number": "provider.identifier",
    "activities": "listing.description",
    "postcode": "location.postcode",
    "website": "listing.url",
    "classification": "term.codes",
    "removed": "listing.ended_on",
}
ACTIVITIES = directory.SourceDetails(
    name="activities", label="OpenActive activities", kind=directory.SourceKind.VOCABULARY
)


@pytest.fixture
def world() -> World:
    return build_world()


def test_the_charity_register_of_harrow_reconciles_and_shows_nothing_that_was_removed(world: World) -> None:
    path = shared_data("directories/harrow-charities/charities.csv")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    removed = {row["title"] for row in rows if row["removed"]}
    with world.as_(importer(world)) as job:
        done = directory.try_import(
            files={"charities.csv": path.read_bytes()},
            settings={"columns": {"charities.csv": HARROW_COLUMNS}},
            source=HARROW,
            by=job,
            at=world.at,
        )
        directory.apply_import(import_id=done.pk, by=job, at=world.at)
        (counts,) = [f for f in done.counts["files"] if f["file"] == "charities.csv"]
        assert (counts["read"], counts["landed"], counts["rejected"]) == (1008, 1008, 0)
        statuses = Counter(Listing.objects.filter(source__name="harrow").values_list("status", flat=True))
        assert statuses == {"defunct": 364, "not_stated": 644}
        ended = SourceFault.objects.filter(source__name="harrow", kind="ended")
        assert ended.count() == 364
        assert Attribute.objects.filter(source__name="harrow").exists()
    with world.as_("worker") as worker:
        shown = set(directory.open_listings(worker).values_list("name", flat=True))
    kept = Counter(row["title"] for row in rows if not row["removed"])
    assert len(shown) == len(kept)
    assert not (removed - set(kept)) & shown
    assert not any(hit.listing.name in removed - set(kept) for hit in found(world, words="fund").hits)


ILLINOIS = directory.SourceDetails(name="illinois-own", label="Illinois", kind=directory.SourceKind.SHEET)
ILLINOIS_COLUMNS = {
    "services.csv": {
        "services-id": "listing.key",
        "title": "listing.name",
        "service type": "listing.description",
        "is this service open?": "listing.status",
        "phone number": "phone.number",
        "website address": "listing.url",
        "organization id": "provider.key",
        "location id": "location.key",
    },
    "locations.csv": {
        "location_id": "location.key",
        "field 2": "location.name",
        "phone number": "phone.number",
        "organization id": "provider.key",
    },
    "organizations.csv": {
        "organization id": "provider.key",
        "title": "provider.name",
        "body": "provider.description",
        "website address": "provider.url",
        "email": "provider.email",
    },
}


def test_illinois_by_mapping_agrees_with_its_hsds_where_they_overlap(world: World) -> None:
    """The same lists, once as their keepers wrote them and once as others turned them into HSDS."""
    base = shared_data("directories/illinois-legal-aid")
    own = directory.read_files(
        directory.SourceKind.SHEET,
        {name: (base / "input" / name).read_bytes() for name in ILLINOIS_COLUMNS},
        {"columns": ILLINOIS_COLUMNS},
    )
    hsds = directory.read_hsds(directory.files_at(base / "output"))
    for kind, fields in (
        ("listings", ("name", "provider_key", "description")),
        ("locations", ("name", "provider_key")),
        ("providers", ("name", "url", "email")),
    ):
        ours, theirs = ({one.key: one for one in getattr(found, kind)} for found in (own, hsds))
        assert ours.keys() == theirs.keys()
        differing = {
            (key, field, getattr(ours[key], field), getattr(theirs[key], field))
            for key in ours
            for field in fields
            if _plain(getattr(ours[key], field)) != _plain(getattr(theirs[key], field))
        }
        assert differing == set()
    for name in ILLINOIS_COLUMNS:
        landed = {
            "services.csv": own.listings,
            "locations.csv": own.locations,
            "organizations.csv": own.providers,
        }
        rejected = [one for one in own.rejects if one.file == name]
        assert own.rows_read[name] == len(landed[name]) + len(rejected)


def _plain(text: str) -> str:
    return " ".join(text.split())


def test_openactive_activities_become_terms_below_their_broader_ones(world: World) -> None:
    path = shared_data("openactive/data/activity-list.jsonld")
    with world.as_(importer(world)) as job:
        report = directory.import_directory(
            files={"activity-list.jsonld": path.read_bytes()}, source=ACTIVITIES, by=job, at=world.at
        )
        (counts,) = report.files[:1] if report.files[0].file.endswith("jsonld") else report.files[1:2]
        assert (counts.read, counts.landed, counts.rejected) == (768, 768, 0)
        term = TaxonomyTerm.objects.get(name="20-20-20")
        assert term.parent is not None
        assert TaxonomyTerm.objects.exclude(parent=None).count() > 600
        again = directory.import_directory(
            files={"activity-list.jsonld": path.read_bytes()}, source=ACTIVITIES, by=job, at=world.at
        )
        assert again.changes == 0
        assert not Identifier.objects.exists()
