"""Providers edit their own listing, anybody suggests, stewards decide; what was there before can be brought back."""

from __future__ import annotations

import re

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from tests.factories.connecting import a_listing
from tests.factories.listings import land
from tests.factories.owners import ADDRESS, as_owner, letters, token_of
from tests.factories.world import World, build_world

from fingerpost.kernel import clock
from fingerpost.kernel.errors import Faults, FingerpostError, IllegalTransition, InvalidValue, NotAllowed
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import ProposalState, ProposedBy
from fingerpost.web.directory.models import Listing, Proposal
from fingerpost.web.foundation import jobs
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def walkers(world: World) -> directory.Listing:
    return a_listing(world, email=ADDRESS)


@pytest.fixture
def token(world: World, walkers: directory.Listing) -> str:
    return token_of(world, walkers)


def _now(world: World, listing: directory.Listing) -> directory.Listing:
    with world.as_("worker") as worker:
        return directory.listing(worker, listing_id=listing.id)


def _key(page: str) -> str:
    found = re.search(r'name="submission" value="([^"]+)"', page)
    assert found
    return found[1]


def test_low_risk_is_taken_over_at_once_and_the_rest_waits_with_its_diff(
    world: World, walkers: directory.Listing, token: str
) -> None:
    given = {"transport": "Bus 7 stops outside.", "name": "Fell Walkers and Talkers", "cost": ""}
    with as_owner(world, token) as owner:
        made, _changes = directory.propose_as_owner(
            listing_id=walkers.id, fields=given, by=owner, at=world.at
        )
    assert [(one.state, sorted(one.changes)) for one in made] == [
        (ProposalState.APPLIED, ["transport"]),
        (ProposalState.WAITING, ["name"]),
    ]
    now = _now(world, walkers)
    assert (now.transport, now.name) == ("Bus 7 stops outside.", "Fell Walkers")
    with world.as_("administrator") as administrator:
        (waiting,) = directory.waiting_proposals(administrator)
        (change,) = directory.changes_of(waiting)
        assert (change.seen, change.proposed, change.now) == (
            "Fell Walkers",
            "Fell Walkers and Talkers",
            "Fell Walkers",
        )
        directory.decide_proposal(proposal_id=waiting.id, take=["name"], by=administrator, at=world.at)
        with pytest.raises(IllegalTransition):
            directory.decide_proposal(proposal_id=waiting.id, take=[], by=administrator, at=world.at)
    assert _now(world, walkers).name == "Fell Walkers and Talkers"


def test_what_a_provider_said_outlasts_the_next_reading_of_its_source(world: World) -> None:
    land(world)
    with world.as_("worker") as worker:
        lunch = directory.open_listings(worker).get(name="Wednesday Lunch Club")
    with world.as_("worker") as worker:
        directory.vouch_for_email(address="lunch@church.example", by=worker, at=world.at)
    token = token_of(world, lunch)
    with as_owner(world, token) as owner:
        directory.propose_as_owner(
            listing_id=lunch.id, fields={"how_to_join": "Just come."}, by=owner, at=world.at
        )
    world.later(days=1)
    land(world)
    assert _now(world, lunch).how_to_join == "Just come."


def test_value_that_does_not_fit_is_told_to_whoever_gave_it_and_nothing_is_kept(
    world: World, walkers: directory.Listing, token: str
) -> None:
    with as_owner(world, token) as owner, pytest.raises((Faults, FingerpostError)):
        directory.propose_as_owner(
            listing_id=walkers.id,
            fields={"transport": "Bus 7", "email": "not an address", "name": ""},
            by=owner,
            at=world.at,
        )
    with world.as_("worker"):
        assert Proposal.objects.count() == 0
    assert _now(world, walkers).transport == ""


def test_provider_changes_its_listing_on_a_page_and_reads_what_waits(
    world: World, walkers: directory.Listing, token: str
) -> None:
    path = f"/p/listing/{token}/change/"
    with clock.fixed(world.at):
        page = Client().get(path).content.decode()
        sent = {"submission": _key(page), "name": "Fell Walkers", "email": ADDRESS, "transport": "Bus 7"}
        done = Client().post(path, {**sent, "eligibility": "Anyone over 18", "note": "We have moved."})
        assert done.status_code == 302
        shown = Client().get(done.headers["Location"]).content.decode()
    assert "Getting there" in shown and "Who it is for" in shown
    assert _now(world, walkers).transport == "Bus 7"
    with world.as_("administrator") as administrator:
        (waiting,) = directory.waiting_proposals(administrator)
        assert (waiting.origin, waiting.note) == (ProposedBy.PROVIDER, "We have moved.")


def test_steward_brings_back_what_it_said_before_also_over_the_providers_word(
    world: World, walkers: directory.Listing, token: str
) -> None:
    with as_owner(world, token) as owner:
        for number, words in enumerate(("Bus 7", "Bus 9")):
            directory.propose_as_owner(
                listing_id=walkers.id, fields={"transport": words}, by=owner, at=world.later(hours=number + 1)
            )
    with world.as_("administrator") as administrator:
        newest, older, _first = directory.history_of(administrator, listing_id=walkers.id)
        assert [(c.field, c.seen, c.proposed) for c in newest.changes] == [("transport", "Bus 7", "Bus 9")]
        values = directory.values_at(administrator, listing_id=walkers.id, event_id=older.event_id)
        directory.restore_fields(listing_id=walkers.id, values=values, by=administrator, at=world.at)
    assert _now(world, walkers).transport == "Bus 7"
    with world.as_("worker") as worker, pytest.raises(NotAllowed):
        directory.restore_fields(listing_id=walkers.id, values={}, by=worker, at=world.at)


def test_anybody_suggests_without_an_account_and_changes_nothing(
    world: World, walkers: directory.Listing
) -> None:
    path = f"/p/suggest/{walkers.id}/"
    with clock.fixed(world.at):
        page = Client().get(path).content.decode()
        done = Client().post(path, {"submission": _key(page), "note": "It meets on Tuesdays now."})
    assert done.status_code == 302
    with world.as_("administrator") as administrator:
        (waiting,) = directory.waiting_proposals(administrator)
        assert (waiting.origin, waiting.note, waiting.changes) == (
            ProposedBy.PUBLIC,
            "It meets on Tuesdays now.",
            {},
        )
        assert Listing.objects.get(id=walkers.id).description == walkers.description


def test_box_is_limited_and_a_program_that_fills_everything_is_not_told(
    world: World, walkers: directory.Listing
) -> None:
    path = f"/p/suggest/{walkers.id}/"
    statuses = []
    with clock.fixed(world.at):
        page = Client().get(path).content.decode()
        trap = Client().post(path, {"submission": _key(page), "note": "Buy!", "website": "x.example"})
        for _try in range(9):
            page = Client().get(path).content.decode()
            done = Client().post(path, {"submission": _key(page), "note": "Wrong."})
            statuses.append(done.status_code)
    assert trap.status_code == 302
    assert statuses == [302] * 7 + [429] * 2
    with world.as_("worker"):
        assert Proposal.objects.count() == 7
        assert not Proposal.objects.filter(note="Buy!").exists()


def test_whoever_says_it_is_theirs_gets_the_link_at_the_listed_address_only(
    world: World, walkers: directory.Listing
) -> None:
    with jobs.held() as waiting, clock.fixed(world.at):
        page = Client().get(f"/p/suggest/{walkers.id}/").content.decode()
        done = Client().post(f"/p/suggest/{walkers.id}/ours/", {"submission": _key(page)})
        waiting.run_due()
    assert done.status_code == 200
    assert [letter.address for letter in letters(world, walkers)] == [ADDRESS]
    assert ADDRESS not in done.content.decode()


def test_stranger_neither_reads_nor_decides_nor_writes_as_another(
    world: World, walkers: directory.Listing
) -> None:
    public = Actor.public(system_id=world.system_id)
    with clock.fixed(world.at), scope(public):
        made = directory.suggest(listing_id=walkers.id, note="Wrong.", by=public, at=world.at)
        assert list(Proposal.objects.all()) == []
        with pytest.raises(NotAllowed):
            directory.decide_proposal(proposal_id=made.id, take=[], by=public, at=world.at)
        forged = Proposal(
            listing_id=walkers.id,
            origin="provider",
            changes={},
            note="Ours",
            proposed_at=world.at,
            proposed_by="public",
        )
        with pytest.raises(DatabaseError), transaction.atomic():
            forged.save(force_insert=True)
        with pytest.raises(InvalidValue):
            directory.suggest(listing_id=walkers.id, note=" ", by=public, at=world.at)


def test_closed_listing_has_no_box(world: World, walkers: directory.Listing) -> None:
    with world.as_("administrator") as administrator:
        directory.set_status(
            listing_id=walkers.id,
            status=directory.ListingStatus.DEFUNCT,
            by=administrator,
            at=world.at,
        )
    with clock.fixed(world.at):
        assert Client().get(f"/p/suggest/{walkers.id}/").status_code == 404


def test_provider_reads_nothing_of_what_others_wrote_about_it(
    world: World, walkers: directory.Listing, token: str
) -> None:
    public = Actor.public(system_id=world.system_id)
    with clock.fixed(world.at), scope(public):
        directory.suggest(listing_id=walkers.id, note="They were rude to me.", by=public, at=world.at)
    with as_owner(world, token) as owner:
        directory.propose_as_owner(
            listing_id=walkers.id, fields={"name": "Fell Walkers Club"}, by=owner, at=world.at
        )
        assert [one.origin for one in Proposal.objects.all()] == ["provider"]
