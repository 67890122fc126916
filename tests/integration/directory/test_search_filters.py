from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.db import connection
from tests.factories.listings import SOURCE, a_listing, found, importer, land, listing_called, names
from tests.factories.world import World, build_world

from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import Day, ForGender, PartOfDay
from fingerpost.web.directory.models import Listing, SearchFacts, ServiceArea, Source
from fingerpost.web.geography.api import Point

pytestmark = pytest.mark.django_db

HALL = Point(54.5, 1.4)


def _records() -> directory.DirectoryRecords:
    """Five listings that each say something else of who, when, how and where."""
    place = directory.LocationRecord(
        key="hall", name="Bell Hall", latitude=54.5, longitude=1.4, access="Step-free from the car park."
    )
    loft = directory.LocationRecord(
        key="loft", name="The Loft", latitude=54.51, longitude=1.4, access="Up two flights of stairs."
    )
    return directory.DirectoryRecords(
        locations=[place, loft],
        listings=[
            a_listing("choir", "Choir", languages=("en", "pl"), cost="£3", cost_pence=300),
            a_listing("women", "Women's Room", for_gender=ForGender.WOMEN, cost="Free", cost_pence=0),
            a_listing("rest", "Time Off", description="For carers who need a rest.", needs=("caring",)),
            a_listing("talk", "Talk Line", ways=(directory.Way.BY_PHONE,)),
            a_listing("visits", "Home Visits", ways=(directory.Way.AT_HOME,)),
        ],
        at_locations=[
            directory.ListingAtLocationRecord(key="1", listing_key="choir", location_key="hall"),
            directory.ListingAtLocationRecord(key="2", listing_key="women", location_key="loft"),
        ],
        schedules=[
            directory.ScheduleRecord(
                key="choir", listing_key="choir", byday="TU,FR", opens_at=time(18, 30), closes_at=time(20)
            ),
            directory.ScheduleRecord(
                key="women", listing_key="women", byday="1TU", opens_at=time(10), closes_at=time(13)
            ),
        ],
    )


@pytest.fixture
def world() -> World:
    world = build_world()
    land(world, _records())
    return world


def _area(world: World, of: str, **fields: object) -> None:
    with world.as_(importer(world)):
        one = Listing.objects.get(name=of)
        ServiceArea.objects.create(
            system_id=world.system_id, source=Source.objects.get(name=SOURCE.name), source_key=of,
            fingerprint="", listing=one, **fields,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "expected", "why"),
    [
        ({"days": (Day.TUESDAY,)}, {"Choir", "Women's Room"}, "It is on Tuesday."),
        ({"days": (Day.FRIDAY, Day.MONDAY)}, {"Choir"}, "It is on Friday."),
        ({"part_of_day": PartOfDay.MORNING}, {"Women's Room"}, "It is on in the morning."),
        (
            {"days": (Day.TUESDAY,), "part_of_day": PartOfDay.EVENING},
            {"Choir"},
            "It is on Tuesday in the evening.",
        ),
        ({"max_cost_pence": 200}, {"Women's Room"}, "It is free."),
        ({"max_cost_pence": 300}, {"Women's Room", "Choir"}, None),
        ({"speaks": "Polish"}, {"Choir"}, "Polish is spoken there."),
        ({"speaks": "pl"}, {"Choir"}, "Polish is spoken there."),
        ({"only_for": ForGender.WOMEN}, {"Women's Room"}, "For women only."),
        (
            {"step_free_only": True},
            {"Choir"},
            "It says that it is step-free or can be reached in a wheelchair.",
        ),
        (
            {"for_carers_only": True},
            {"Time Off"},
            "It is for people who look after somebody, or speaks of them.",
        ),
        ({"accompaniment_only": True}, set(), None),
        ({"trusted_only": True}, set(), None),
    ],
)
def test_a_filter_shows_only_what_says_so_and_says_why(
    world: World, asked: dict[str, object], expected: set[str], why: str | None
) -> None:
    results = found(world, **asked)
    assert set(names(results)) == expected
    assert why is None or all(why in hit.why for hit in results.hits)


def test_filters_together_narrow(world: World) -> None:
    assert names(found(world, days=(Day.TUESDAY,), free_only=True, near=HALL, max_km=5)) == ["Women's Room"]
    assert found(world, days=(Day.FRIDAY,), free_only=True).total == 0


def test_what_is_known_of_a_person_hides_nothing_and_is_said(world: World) -> None:
    results = found(world, rather_speaks="Polish", needs_step_free=True)
    assert results.total == 5
    by_name = {hit.listing.name: hit for hit in results.hits}
    assert "Polish is spoken there." in by_name["Choir"].why
    assert by_name["Choir"].might_not_fit == ()
    assert by_name["Women's Room"].might_not_fit == (
        "It does not say that Polish is spoken there.",
        "It is not step-free, or not all of it.",
    )
    assert names(results)[-1] == "Women's Room"
    assert "It does not say whether it is step-free." in by_name["Talk Line"].might_not_fit


def test_the_area_that_a_listing_serves_is_respected(world: World) -> None:
    _area(world, "Choir", name="Easton", codes=["QX1"])
    _area(world, "Home Visits", name="Weston", codes=["QX2"])
    near = {"near": HALL, "lives_in": ("QX2",)}
    hits = {hit.listing.name: hit for hit in found(world, **near).hits}
    assert hits["Choir"].might_not_fit == ("It serves people of Easton; this place may be outside.",)
    assert hits["Home Visits"].might_not_fit == ()
    assert names(found(world, **near))[-1] == "Choir"
    within = names(found(world, **near, max_km=5))
    assert "Choir" not in within and "Home Visits" in within
    assert "Home Visits" not in names(found(world, near=HALL, lives_in=("QX1",), max_km=5))


def test_an_area_that_is_drawn_is_looked_at_exactly(world: World) -> None:
    corner = [[[1.0, 54.0], [2.0, 54.0], [1.0, 55.0], [1.0, 54.0]]]
    box = {"south": 54.0, "north": 55.0, "west": 1.0, "east": 2.0}
    _area(world, "Talk Line", name="The Corner", extent={"type": "Polygon", "coordinates": corner}, **box)
    inside, outside = Point(54.2, 1.2), Point(54.9, 1.9)
    assert found(world, words="talk", near=inside).hits[0].might_not_fit == ()
    (hit,) = found(world, words="talk", near=outside).hits
    assert hit.might_not_fit == ("It serves people of The Corner; this place may be outside.",)


def test_an_area_of_which_only_the_name_is_known_hides_nothing(world: World) -> None:
    _area(world, "Choir", name="The valley")
    (hit,) = found(world, words="choir", near=HALL, lives_in=("QX2",), max_km=5).hits
    assert hit.might_not_fit == ()


def test_trusted_means_checked_lately_and_not_doubted_since(world: World) -> None:
    with world.as_(importer(world)) as job:
        choir = Listing.objects.get(name="Choir")
        directory.verify(listing_id=choir.id, by=job, at=world.at)
        assert names(found(world, trusted_only=True)) == ["Choir"]
        # A listing that closes and opens again is trusted as before.
        Listing.objects.filter(id=choir.id).update(status=directory.ListingStatus.DEFUNCT)
        Listing.objects.filter(id=choir.id).update(status=directory.ListingStatus.ACTIVE)
        assert names(found(world, trusted_only=True)) == ["Choir"]
        directory.report_evidence(
            listing_id=choir.id,
            kind=directory.EvidenceKind.NOT_RUNNING,
            by=job,
            at=world.at + timedelta(days=1),
        )
    assert found(world, trusted_only=True).total == 0


def test_facts_follow_every_change_of_what_they_are_made_of(world: World) -> None:
    choir = listing_called(world, "Choir")
    with world.as_(importer(world)):
        Listing.objects.filter(id=choir.id).update(languages=["so"])
        assert names(found(world, speaks="Somali")) == ["Choir"]
        choir.schedules.all().delete()
        assert names(found(world, days=(Day.TUESDAY,))) == ["Women's Room"]
        choir.at_locations.get().location.__class__.objects.filter(name="Bell Hall").update(latitude=50)
        assert found(world, words="choir", near=HALL).hits[0].distance_km == pytest.approx(500.4, abs=0.5)
        Listing.objects.filter(id=choir.id).update(status=directory.ListingStatus.DEFUNCT)
        assert not SearchFacts.objects.filter(listing_id=choir.id).exists()
        Listing.objects.filter(id=choir.id).update(status=directory.ListingStatus.ACTIVE)
        assert SearchFacts.objects.filter(listing_id=choir.id).exists()


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("Step-free throughout", "yes"),
        ("Wheelchair accessible", "yes"),
        ("There is a ramp", "yes"),
        ("Not wheelchair accessible", "no"),
        ("No lift", "no"),
        ("Up a flight of stairs", "no"),
        ("Hearing loop", ""),
        ("", ""),
    ],
)
def test_words_about_steps_are_read(world: World, said: str, means: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT directory_step_free(%s)", [said])
        assert cursor.fetchone() == (means,)
