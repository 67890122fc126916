"""What search goes by is what is computed, whatever happens; for many in a fixed number of queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.listings import a_listing, a_town, land, listing_called
from tests.factories.owners import keeper, report, trust
from tests.factories.world import World, build_world

from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import CapacityState, EvidenceKind, ListingStatus, TrustState
from fingerpost.web.directory.models import ListingTrust

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = build_world()
    land(world)
    return world


@pytest.fixture
def lunch(world: World) -> directory.Listing:
    return listing_called(world, "Wednesday Lunch Club")


def _check_kept(world: World) -> None:
    """Every listing's row says what the pure function says now."""
    with world.as_("worker") as worker:
        kept = {one.listing_id: one for one in ListingTrust.objects.all()}
        computed = directory.trust_of_listings(worker, list(kept), at=world.at)
        assert len(kept) == 5
        for listing_id, one in kept.items():
            now = computed[listing_id]
            assert (one.state, one.points, one.weight, one.reasons) == (
                now.state,
                now.points,
                now.weight,
                [reason.value for reason in now.reasons],
            )


def test_kept_trust_is_the_computed_one_after_everything_that_may_change_it(
    world: World, lunch: directory.Listing
) -> None:
    _check_kept(world)
    report(world, lunch, EvidenceKind.NOT_RUNNING)
    _check_kept(world)
    with world.as_("administrator") as administrator:
        directory.verify(listing_id=lunch.id, by=administrator, at=world.later(hours=1))
    _check_kept(world)
    with world.as_("administrator") as administrator:
        directory.set_status(listing_id=lunch.id, status=ListingStatus.DEFUNCT, by=administrator, at=world.at)
    _check_kept(world)
    assert trust(world, lunch.id).state is TrustState.CLOSED
    records = a_town()
    records.listings.append(a_listing("new", "Quilting"))
    records.listings[:] = [one for one in records.listings if one.key != "bare"]
    world.later(days=1)
    land(world, records)
    with world.as_("worker"):
        assert ListingTrust.objects.count() == 6
        assert ListingTrust.objects.get(listing__source_key="bare").state == TrustState.CLOSED


def test_night_follows_the_time_that_has_passed(world: World, lunch: directory.Listing) -> None:
    with world.as_("administrator") as administrator:
        directory.verify(listing_id=lunch.id, by=administrator, at=world.at)
    world.later(days=500)
    with world.as_("worker"):
        assert ListingTrust.objects.get(listing=lunch).state == TrustState.CHECKED
    with world.as_(keeper(world)) as job:
        night = directory.keep_true(by=job, at=world.at)
    assert night.recomputed == 5
    _check_kept(world)
    assert trust(world, lunch.id).state is TrustState.ASK_FIRST


def test_verified_is_not_edited(world: World, lunch: directory.Listing) -> None:
    before = trust(world, lunch.id)
    with world.as_("administrator") as administrator:
        directory.say(
            kind="listing",
            row_id=lunch.id,
            fields={"description": "A hot lunch, newly described."},
            voice=directory.SourceKind.STEWARD,
            by=administrator,
            at=world.at,
        )
    assert trust(world, lunch.id) == before
    with world.as_("administrator") as administrator:
        directory.verify(listing_id=lunch.id, by=administrator, at=world.at)
    assert trust(world, lunch.id).sentences == ("Administrator checked it on 3 March 2026.",)


def test_many_cost_as_many_queries_as_one(world: World) -> None:
    with world.as_("worker") as worker:
        ids = list(ListingTrust.objects.values_list("listing_id", flat=True))
        with CaptureQueriesContext(
            connection,
        ) as one:
            directory.trust_of_listings(worker, ids[:1], at=world.at)
        with CaptureQueriesContext(connection) as many:
            directory.trust_of_listings(worker, ids, at=world.at)
    assert len(many) == len(one) <= 6


WORDS = [CapacityState.FULL, CapacityState.WAITING_LIST, CapacityState.TAKING]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(st.sampled_from([*WORDS, EvidenceKind.FULL]), min_size=1, max_size=4))
def test_whatever_is_said_of_room_moves_no_trust(
    world: World, lunch: directory.Listing, said: list[CapacityState | EvidenceKind]
) -> None:
    before = trust(world, lunch.id)
    for word in said:
        world.at += timedelta(minutes=1)
        with world.as_("worker") as worker:
            if isinstance(word, CapacityState):
                directory.set_capacity(listing_id=lunch.id, state=word, by=worker, at=world.at)
            else:
                directory.report_evidence(listing_id=lunch.id, kind=word, by=worker, at=world.at)
    assert trust(world, lunch.id) == before
    _check_kept(world)
