"""Whoever runs a listing answers from a telephone, by one press of a link and without an account."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from tests.factories.connecting import a_listing
from tests.factories.owners import ADDRESS, as_owner, ask, report, token_in, token_of, trust
from tests.factories.owners import letters as letters_to
from tests.factories.world import World, build_world

from fingerpost.kernel import clock
from fingerpost.kernel.errors import Faults, IllegalTransition, NotAllowed
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import (
    CapacityState,
    EmailState,
    EvidenceKind,
    ListingStatus,
    OwnerSays,
    TrustState,
)
from fingerpost.web.directory.models import Capacity, OwnerAnswer, OwnerQuestion, Verification
from fingerpost.web.foundation.models import SignedLink

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def walkers(world: World) -> directory.Listing:
    return a_listing(world, email=ADDRESS)


@pytest.fixture
def token(world: World, walkers: directory.Listing) -> str:
    """Out of the mail that a doubt brought about."""
    report(world, walkers, EvidenceKind.NOT_RUNNING)
    ask(world, walkers)
    return token_in(letters_to(world, walkers)[-1])


def _get(world: World, path: str) -> str:
    with clock.fixed(world.at):
        page = Client().get(path)
    assert page.status_code == 200
    return page.content.decode()


def _press(world: World, path: str, page: str, **answers: str) -> str:
    """Press the button of a page that was shown; returns where it leads."""
    key = re.search(r'name="submission" value="([^"]+)"', page)
    assert key
    with clock.fixed(world.at):
        done = Client().post(path, {"submission": key[1], **answers})
    assert done.status_code == 302, done.content.decode()
    return str(done.headers["Location"])


def test_programs_that_follow_every_link_change_nothing(
    world: World, walkers: directory.Listing, token: str
) -> None:
    before = trust(world, walkers.id)
    for path in ("", "say/still_right/", "say/closed/", "say/full/", "say/taking/", "change/"):
        for method in ("get", "head"):
            with clock.fixed(world.at):
                getattr(Client(), method)(f"/p/listing/{token}/{path}")
    assert trust(world, walkers.id) == before
    with world.as_("worker"):
        assert OwnerAnswer.objects.count() == Verification.objects.count() == Capacity.objects.count() == 0
        assert OwnerQuestion.objects.get().settled_at is None


def test_still_right_clears_the_doubt_confirms_the_address_and_can_be_undone(
    world: World, walkers: directory.Listing, token: str
) -> None:
    assert trust(world, walkers.id).state is TrustState.DOUBTFUL
    path = f"/p/listing/{token}/say/still_right/"
    where = _press(world, path, _get(world, path))
    assert trust(world, walkers.id).state is TrustState.CHECKED
    with world.as_("worker") as worker:
        assert OwnerQuestion.objects.get().settled_at == world.at
        assert directory.email_state(worker, address=ADDRESS) is EmailState.CONFIRMED
    page = _get(world, where)
    assert "Thank you: it is still right" in page
    answer = re.search(r'name="answer" value="([^"]+)"', page)
    assert answer
    world.later(minutes=9)
    _press(world, f"/p/listing/{token}/undo/", page, answer=answer[1])
    assert trust(world, walkers.id).state is TrustState.DOUBTFUL
    with world.as_("worker"):
        said = Verification.objects.get()
        assert said.undone_at == world.at and said.undone_by.startswith("link:")
        assert OwnerQuestion.objects.get().settled_at is None


def test_undo_is_offered_for_ten_minutes_and_refused_after_them(
    world: World, walkers: directory.Listing, token: str
) -> None:
    with as_owner(world, token) as owner:
        answer = directory.answer_as_owner(
            listing_id=walkers.id, says=OwnerSays.CLOSED, by=owner, at=world.at
        )
    world.later(minutes=11)
    assert "Undo my answer" not in _get(world, f"/p/listing/{token}/done/")
    with as_owner(world, token) as owner, pytest.raises(NotAllowed):
        directory.undo_answer(answer=answer, by=owner, at=world.at)


def test_closed_leaves_the_directory_and_comes_back_by_the_same_link(
    world: World, walkers: directory.Listing, token: str
) -> None:
    with as_owner(world, token) as owner:
        answer = directory.answer_as_owner(
            listing_id=walkers.id, says=OwnerSays.CLOSED, by=owner, at=world.at
        )
    with world.as_("worker") as worker:
        assert directory.listing(worker, listing_id=walkers.id).status == ListingStatus.INACTIVE
        assert not directory.open_listings(worker).filter(id=walkers.id).exists()
    with as_owner(world, token) as owner:
        directory.undo_answer(answer=answer, by=owner, at=world.later(minutes=1))
    with world.as_("worker") as worker:
        back = directory.listing(worker, listing_id=walkers.id)
        assert (back.status, back.closed_at, back.closed_by) == (walkers.status, None, "")
    with as_owner(world, token) as owner:
        directory.answer_as_owner(listing_id=walkers.id, says=OwnerSays.CLOSED, by=owner, at=world.at)
        directory.answer_as_owner(
            listing_id=walkers.id, says=OwnerSays.STILL_RIGHT, by=owner, at=world.later(days=3)
        )
    assert trust(world, walkers.id).state is TrustState.CHECKED


def test_room_by_one_press_moves_no_trust_ages_as_agreed_and_undoes(
    world: World, walkers: directory.Listing, token: str
) -> None:
    before = trust(world, walkers.id)
    path = f"/p/listing/{token}/say/waiting_list/"
    _press(world, path, _get(world, path), waiting_weeks="6")
    with as_owner(world, token) as owner:
        full = directory.answer_as_owner(
            listing_id=walkers.id,
            says=OwnerSays.FULL,
            full_until=date(2026, 6, 1),
            by=owner,
            at=world.later(minutes=1),
        )
    assert _room(world, walkers).words == "Full until 1 June 2026"
    assert trust(world, walkers.id) == before
    with as_owner(world, token) as owner:
        directory.undo_answer(answer=full, by=owner, at=world.later(minutes=1))
    assert _room(world, walkers).words == "Waiting list of 6 weeks"
    with world.as_("administrator") as administrator:
        directory.agree_rules(
            review_months=12,
            grace_days=60,
            ask_again_days=30,
            capacity_days=14,
            assurance_rule="warn",
            assurance_kinds=[],
            asks_as_id=None,
            by=administrator,
            at=world.at,
        )
    world.later(days=15)
    assert _room(world, walkers).state is CapacityState.UNKNOWN


def _room(world: World, listing: directory.Listing) -> directory.CapacityNow:
    with world.as_("worker") as worker:
        return directory.listing_details(worker, listing_id=listing.id, at=world.at).capacity


def test_weeks_that_cannot_be_are_said_and_nothing_is_kept(
    world: World, walkers: directory.Listing, token: str
) -> None:
    with as_owner(world, token) as owner, pytest.raises(Faults):
        directory.answer_as_owner(
            listing_id=walkers.id, says=OwnerSays.WAITING_LIST, waiting_weeks=900, by=owner, at=world.at
        )
    with world.as_("worker"):
        assert OwnerAnswer.objects.count() == 0


def test_older_answer_is_not_undone_under_a_newer_one(
    world: World, walkers: directory.Listing, token: str
) -> None:
    with as_owner(world, token) as owner:
        first = directory.answer_as_owner(listing_id=walkers.id, says=OwnerSays.TAKING, by=owner, at=world.at)
        directory.answer_as_owner(
            listing_id=walkers.id, says=OwnerSays.FULL, by=owner, at=world.later(minutes=1)
        )
        with pytest.raises(IllegalTransition):
            directory.undo_answer(answer=first, by=owner, at=world.at)


def test_link_to_one_listing_says_nothing_of_another_in_code_and_in_the_database(
    world: World, token: str
) -> None:
    other = a_listing(world, email="other@provider.example", name="Bell Ringers")
    with as_owner(world, token) as owner:
        with pytest.raises(NotAllowed):
            directory.answer_as_owner(listing_id=other.id, says=OwnerSays.CLOSED, by=owner, at=world.at)
        with pytest.raises(NotAllowed):
            directory.propose_as_owner(listing_id=other.id, fields={"name": "Ours"}, by=owner, at=world.at)
        row = Verification(listing=other, how="owner", verified_at=world.at, verified_by=owner.id)
        with pytest.raises(DatabaseError), transaction.atomic():
            row.save(force_insert=True)


def test_link_that_has_ended_opens_nothing_and_says_how_to_get_another(
    world: World, walkers: directory.Listing, token: str
) -> None:
    world.later(days=181)
    with clock.fixed(world.at):
        page = Client().get(f"/p/listing/{token}/")
        pressed = Client().post(f"/p/listing/{token}/say/closed/")
    assert (page.status_code, pressed.status_code) == (410, 410)
    assert f"/p/suggest/{walkers.id}/" in page.content.decode()


def test_link_of_a_connection_opens_no_listing_and_the_other_way_round(world: World, token: str) -> None:
    with clock.fixed(world.at):
        assert Client().get(f"/p/{token}/").status_code == 410
        assert "no-store" in Client().get(f"/p/listing/{token}/").headers["Cache-Control"]


def test_two_letters_have_two_links_and_either_works(
    world: World, walkers: directory.Listing, token: str
) -> None:
    world.at += timedelta(days=2)
    second = token_of(world, walkers)
    assert second != token
    assert "Is it still right?" in _get(world, f"/p/listing/{second}/")
    assert "Is it still right?" in _get(world, f"/p/listing/{token}/")
    with world.as_("worker"):
        assert SignedLink._base_manager.filter(subject_id=walkers.id).count() <= 2
