from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.factories.listings import a_listing, found, land, listing_called, names
from tests.factories.world import World, build_world

from fingerpost.kernel.errors import Faults, IllegalTransition, InvalidValue, NotAllowed, NotFound
from fingerpost.kernel.ids import new_id
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import CapacityState, EmailState, EvidenceKind, ListingStatus
from fingerpost.web.directory.models import Capacity
from fingerpost.web.foundation.actor import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = build_world()
    land(world)
    return world


@pytest.fixture
def lunch(world: World) -> directory.Listing:
    return listing_called(world, "Wednesday Lunch Club")


def _link(world: World) -> Actor:
    return Actor(kind="link", id=f"link:{new_id()}", label="the lunch club", system_id=world.system_id)


def _state(world: World, lunch: directory.Listing) -> CapacityState:
    with world.as_("worker") as worker:
        return directory.listing_details(worker, listing_id=lunch.id, at=world.at).capacity.state


# Addresses


def test_route_opens_step_by_step_as_somebody_vouches_and_the_owner_answers(
    world: World, lunch: directory.Listing
) -> None:
    with world.as_("worker") as worker:
        with pytest.raises(NotAllowed, match="Nobody has checked"):
            directory.contact_route(worker, listing_id=lunch.id, purpose="a referral")
        directory.vouch_for_email(address="Lunch@church.example", by=worker, at=world.at)
        route = directory.contact_route(worker, listing_id=lunch.id, purpose="a referral")
        assert (route.address, route.confirmed, route.detail_allowed) == (
            "lunch@church.example",
            False,
            False,
        )
    with world.as_(_link(world)) as link:
        directory.confirm_email(address="lunch@church.example", by=link, at=world.at)
    with world.as_("worker") as worker:
        route = directory.contact_route(worker, listing_id=lunch.id, purpose="a referral")
        assert route.confirmed and route.detail_allowed


def test_refusal_closes_the_route_and_staff_cannot_take_it_back(
    world: World, lunch: directory.Listing
) -> None:
    address = "lunch@church.example"
    with world.as_(_link(world)) as link:
        directory.refuse_email(address=address, by=link, at=world.at)
    with world.as_("worker") as worker:
        with pytest.raises(NotAllowed) as refused:
            directory.contact_route(worker, listing_id=lunch.id, purpose="a referral")
        assert refused.value.reason == "refused"
        with pytest.raises(IllegalTransition):
            directory.vouch_for_email(address=address, by=worker, at=world.at)
    land(world)
    with world.as_("worker") as worker:
        assert directory.email_state(worker, address=address) is EmailState.REFUSED


def test_provider_cannot_vouch_by_link_and_reception_cannot_at_all(world: World) -> None:
    for actor in (_link(world), world.receptionist):
        with world.as_(actor), pytest.raises(NotAllowed):
            directory.vouch_for_email(address="lunch@church.example", by=actor, at=world.at)


def test_route_of_listing_without_address_is_its_providers_or_none(world: World) -> None:
    walks = listing_called(world, "Hill Walks")
    with world.as_("worker") as worker, pytest.raises(NotFound):
        directory.contact_route(worker, listing_id=walks.id, purpose="a referral")


# Room


def test_full_changes_room_and_casts_no_doubt(world: World, lunch: directory.Listing) -> None:
    with world.as_(_link(world)) as link:
        directory.report_evidence(listing_id=lunch.id, kind=EvidenceKind.FULL, by=link, at=world.at)
    assert _state(world, lunch) is CapacityState.FULL
    (hit,) = [h for h in found(world, words="lunch").hits if h.listing.id == lunch.id]
    assert hit.doubts == ()
    assert hit.might_not_fit == ("Full.",)


def test_older_word_that_arrives_late_does_not_undo_a_newer_one(
    world: World, lunch: directory.Listing
) -> None:
    with world.as_("worker") as worker:
        set_to = lambda state, at: directory.set_capacity(listing_id=lunch.id, state=state, by=worker, at=at)  # noqa: E731
        set_to(CapacityState.TAKING, world.at)
        set_to(CapacityState.FULL, world.at - timedelta(days=1))
        assert Capacity.objects.get().state == "taking"
        assert Capacity.objects.get().history.count() == 1


def test_capacity_that_contradicts_itself_is_told_whole(world: World, lunch: directory.Listing) -> None:
    with world.as_("worker") as worker, pytest.raises(Faults) as caught:
        directory.set_capacity(
            listing_id=lunch.id,
            state=CapacityState.TAKING,
            waiting_weeks=3,
            full_until=date(2026, 5, 1),
            by=worker,
            at=world.at,
        )
    assert [fault.field for fault in caught.value.faults] == ["waiting_weeks", "full_until"]  # type: ignore[attr-defined]


# What is learnt


def test_doubts_are_said_until_the_provider_says_it_is_right(world: World, lunch: directory.Listing) -> None:
    with world.as_("worker") as worker:
        directory.report_evidence(listing_id=lunch.id, kind=EvidenceKind.NOT_RUNNING, by=worker, at=world.at)
    (hit,) = found(world, words="lunch").hits
    assert hit.doubts == ("Somebody said on 3 March 2026 that it is not running any more.",)
    with world.as_(_link(world)) as link:
        directory.report_evidence(
            listing_id=lunch.id, kind=EvidenceKind.STILL_RIGHT, by=link, at=world.later(days=1)
        )
    assert found(world, words="lunch").hits[0].doubts == ()


def test_public_and_managers_report_nothing(world: World, lunch: directory.Listing) -> None:
    for actor in (Actor.public(system_id=world.system_id), world.manager):
        with world.as_(actor), pytest.raises(NotAllowed):
            directory.report_evidence(listing_id=lunch.id, kind=EvidenceKind.BOUNCED, by=actor, at=world.at)


# Entering and closing


def test_listing_entered_by_hand_is_found_and_its_address_vouched_for(world: World) -> None:
    with world.as_("administrator") as administrator:
        choir = directory.register_listing(
            listing=a_listing("", "Evening Choir", email="sing@choir.example", needs=("company",)),
            provider=directory.ProviderRecord(key="", name="Town Choir"),
            by=administrator,
            at=world.at,
        )
        assert directory.email_state(administrator, address="sing@choir.example") is EmailState.CHECKED
        with pytest.raises(InvalidValue):
            directory.register_listing(listing=a_listing("", " "), by=administrator, at=world.at)
    (hit,) = found(world, words="evening choir").hits
    assert (hit.listing.id, hit.provider_name) == (choir.id, "Town Choir")


def test_closed_listing_leaves_search_and_can_open_again(world: World, lunch: directory.Listing) -> None:
    with world.as_("administrator") as administrator:

        def to(status: ListingStatus) -> directory.Listing:
            return directory.set_status(
                listing_id=lunch.id, status=status, reason="summer", by=administrator, at=world.at
            )

        closed = to(ListingStatus.DEFUNCT)
        assert (closed.closed_at, closed.closed_by) == (world.at, administrator.id)
        with pytest.raises(IllegalTransition):
            to(ListingStatus.TEMPORARILY_CLOSED)
        assert "Wednesday Lunch Club" not in names(found(world))
        assert to(ListingStatus.ACTIVE).closed_at is None
    assert "Wednesday Lunch Club" in names(found(world))


def test_listing_closed_for_a_while_is_shown_with_a_warning(world: World, lunch: directory.Listing) -> None:
    with world.as_("administrator") as administrator:
        directory.set_status(
            listing_id=lunch.id, status=ListingStatus.TEMPORARILY_CLOSED, by=administrator, at=world.at
        )
    assert found(world, words="lunch").hits[0].might_not_fit == ("It is closed for a while.",)


# A listing's page


def test_details_hold_what_a_page_shows_in_few_queries(
    world: World, lunch: directory.Listing, django_assert_max_num_queries: object
) -> None:
    with world.as_("worker") as worker, django_assert_max_num_queries(14):  # type: ignore[operator]
        details = directory.listing_details(worker, listing_id=lunch.id, at=world.at)
    assert details.when == ("Wednesdays, midday to 2pm",)
    assert [place.name for place in details.places] == ["Bell Hall"]
    assert [phone.number for phone in details.phones] == ["01632 960201"]
    assert (details.email, details.email_state) == ("lunch@church.example", EmailState.UNCHECKED)


def test_listing_of_another_system_is_not_found(world: World, lunch: directory.Listing) -> None:
    elsewhere = build_world(mark=" 2")
    with elsewhere.as_("worker") as worker, pytest.raises(NotFound):
        directory.listing(worker, listing_id=lunch.id)
