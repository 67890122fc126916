"""A steward's work in the order that helps most people; ended papers warn or stop, and a risk has a name."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from tests.factories.connecting import a_listing, connect, marked_case
from tests.factories.owners import report
from tests.factories.world import World, a_case, build_world
from tests.integration.routes.planted import sign_in

from fingerpost.kernel import clock
from fingerpost.kernel.errors import Conflict, Faults, NotAllowed
from fingerpost.web.connections import api as connections
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import AssuranceKind, AssuranceRule, EvidenceKind, WithdrawnWhy
from fingerpost.web.directory.models import Assurance, ListingUse, RiskTaken

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def _agree(world: World, **changes: object) -> None:
    values: dict[str, object] = {
        "review_months": 12,
        "grace_days": 60,
        "ask_again_days": 30,
        "capacity_days": 90,
        "assurance_rule": AssuranceRule.WARN,
        "assurance_kinds": [],
        "asks_as_id": None,
    }
    with world.as_("administrator") as administrator:
        directory.agree_rules(**{**values, **changes}, by=administrator, at=world.at)  # type: ignore[arg-type]


def _seen(world: World, listing: directory.Listing, expires_on: date | None, **changes: object) -> None:
    values: dict[str, object] = {"kind": AssuranceKind.INSURANCE, "for_provider": True}
    with world.as_("administrator") as administrator:
        directory.record_assurance(
            **{**values, **changes},  # type: ignore[arg-type]
            listing_id=listing.id,
            checked_on=date(2025, 1, 1),
            expires_on=expires_on,
            by=administrator,
            at=world.at,
        )


def _connect(world: World, listing: directory.Listing, who: str, because: str = "") -> connections.Connection:
    case = a_case(world)
    with world.as_(who) as by:
        return connections.connect(
            case=case,
            listing_id=listing.id,
            kind=connections.ConnectionKind.ONWARD_REFERRAL,
            shared_fields=["name"],
            consent_how="in_person",
            risk_because=because,
            by=by,
            at=world.at,
        )


# The work


def test_much_used_and_doubtful_comes_before_more_doubtful_and_forgotten(world: World) -> None:
    used = a_listing(world, email="used@provider.example", name="Fell Walkers")
    forgotten = a_listing(world, email="forgotten@provider.example", name="Bell Ringers")
    with world.as_("worker"):
        for _time in range(4):
            directory.count_use(listing_id=used.id, at=world.at)
        assert ListingUse.objects.get().times == 4
    report(world, forgotten, EvidenceKind.NOT_RUNNING)
    with world.as_("administrator") as administrator:
        rows = list(directory.doubtful_listings(administrator, at=world.at))
    # Never verified and not stated whether it runs cost 40 of 100, not running 60 more: 5 x 40 before 1 x 100.
    assert [(one.listing.name, one.use, one.worth) for one in rows] == [
        ("Fell Walkers", 4, 200),
        ("Bell Ringers", 0, 100),
    ]
    with world.as_("administrator") as administrator:
        directory.verify(listing_id=used.id, by=administrator, at=world.at)
        (left,) = directory.doubtful_listings(administrator, at=world.at)
    assert left.listing_id == forgotten.id


def test_connecting_counts_one_use_and_names_nobody(world: World) -> None:
    listing = a_listing(world)
    connect(world, marked_case(world), listing)
    with world.as_("administrator"):
        use = ListingUse.objects.get()
        assert (use.listing_id, use.times, use.month) == (listing.id, 1, date(2026, 3, 1))


def test_use_of_more_than_a_year_ago_orders_nothing(world: World) -> None:
    listing = a_listing(world)
    with world.as_("worker"):
        directory.count_use(listing_id=listing.id, at=world.at - timedelta(days=500))
    with world.as_("administrator") as administrator:
        (row,) = directory.doubtful_listings(administrator, at=world.at)
    assert row.use == 0


def test_only_stewards_see_the_work(world: World) -> None:
    for who in ("worker", "manager", "gp"):
        with world.as_(who) as actor:
            with pytest.raises(NotAllowed):
                directory.doubtful_listings(actor, at=world.at)
            with pytest.raises(NotAllowed):
                directory.waiting_proposals(actor)


# What is agreed


def test_agreed_rules_move_what_trust_says_at_once(world: World) -> None:
    listing = a_listing(world)
    with world.as_("administrator") as administrator:
        directory.verify(listing_id=listing.id, by=administrator, at=world.at)
    world.later(days=100)
    _agree(world, review_months=1, grace_days=7)
    with world.as_("administrator") as administrator:
        (row,) = directory.doubtful_listings(administrator, at=world.at)
        assert row.points == 75


def test_rules_that_cannot_be_are_told_all_at_once(world: World) -> None:
    with pytest.raises(Faults) as refused:
        _agree(world, review_months=0, ask_again_days=1, assurance_rule="perhaps")
    assert {fault.field for fault in refused.value.faults} == {  # type: ignore[attr-defined]
        "review_months",
        "ask_again_days",
        "assurance_rule",
    }


# Papers


def test_ended_papers_warn_and_newer_ones_mend(world: World) -> None:
    listing = a_listing(world)
    _seen(world, listing, date(2026, 3, 2))
    with world.as_("worker") as worker:
        standing = directory.standing_of(worker, listing_id=listing.id, on=world.at.date())
    assert (standing.warns, standing.blocks) == (True, False)
    assert standing.sentences == ("Insurance: ended on 2 March 2026.",)
    assert _connect(world, listing, "worker")
    _seen(world, listing, date(2027, 3, 2), for_provider=False)
    with world.as_("worker") as worker:
        assert not directory.standing_of(worker, listing_id=listing.id, on=world.at.date()).warns


def test_paper_holds_on_its_last_day(world: World) -> None:
    listing = a_listing(world)
    _seen(world, listing, world.at.date())
    with world.as_("worker") as worker:
        assert not directory.standing_of(worker, listing_id=listing.id, on=world.at.date()).lapsed


def test_rule_that_blocks_stops_a_worker_and_a_lead_takes_the_risk_by_name(world: World) -> None:
    listing = a_listing(world)
    _agree(world, assurance_rule=AssuranceRule.BLOCK, assurance_kinds=["dbs"])
    with pytest.raises(NotAllowed) as stopped:
        _connect(world, listing, "worker")
    assert stopped.value.reason == "assurance"
    with pytest.raises(NotAllowed):
        _connect(world, listing, "worker", because="They told me it is fine.")
    made = _connect(world, listing, "lead", because="Seen on paper today.")
    with world.as_("administrator"):
        taken = RiskTaken.objects.get()
        assert (taken.about_id, taken.lapsed, taken.because, taken.taken_by_name) == (
            made.id,
            ["dbs"],
            "Seen on paper today.",
            "Lead",
        )
        taken.because = "Nobody did."
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            taken.save()


# Pages


def _page(world: World, who: str, path: str) -> str:
    client: Client = sign_in(world.actors[who], world.at)
    with clock.fixed(world.at):
        page = client.get(path)
    assert page.status_code == 200, page.status_code
    return page.content.decode()


def test_pages_say_what_the_rules_say(world: World) -> None:
    listing = a_listing(world)
    report(world, listing, EvidenceKind.NOT_RUNNING)
    _seen(world, listing, date(2026, 3, 2))
    work = _page(world, "administrator", "/directory/work/")
    assert "Fell Walkers" in work and "Doubtful" in work and "is not running any more" in work
    found = _page(world, "worker", "/directory/?words=fell")
    assert "Doubtful" in found and "Somebody said on 3 March 2026" in found
    one = _page(world, "worker", f"/directory/{listing.id}/")
    assert "Doubtful" in one
    papers = _page(world, "administrator", f"/directory/listings/{listing.id}/papers/")
    assert "Insurance: ended on 2 March 2026." in papers
    history = _page(world, "administrator", f"/directory/listings/{listing.id}/history/")
    assert "It came into the directory." in history
    case = a_case(world)
    asked = _page(world, "worker", f"/cases/{case.id}/connect/{listing.id}/")
    assert "Papers of this group have ended or are missing." in asked


def test_worker_says_what_is_wrong_in_two_presses(world: World) -> None:
    listing = a_listing(world)
    path = f"/directory/listings/{listing.id}/wrong/"
    key = re.search(r'name="submission" value="([^"]+)"', _page(world, "worker", path))
    assert key
    sent = {"submission": key[1], "kind": "wrong_details", "note": "Tuesdays now."}
    client = sign_in(world.actors["worker"], world.at)
    client.handler.enforce_csrf_checks = False
    with clock.fixed(world.at):
        assert client.post(path, sent).status_code == 302
    with world.as_("administrator") as administrator:
        (row,) = directory.doubtful_listings(administrator, at=world.at)
        assert "wrong_details" in row.reasons
        (waiting,) = directory.waiting_proposals(administrator)
        assert waiting.note == "Tuesdays now."


# Papers that hold no more


def _withdraw(world: World, why: WithdrawnWhy, note: str = "") -> None:
    with world.as_("administrator") as administrator:
        paper = Assurance.objects.get(withdrawn_at=None)
        directory.withdraw_assurance(assurance_id=paper.id, why=why, note=note, by=administrator, at=world.at)


def _standing(world: World, listing: directory.Listing) -> directory.AssuranceStanding:
    with world.as_("worker") as worker:
        return directory.standing_of(worker, listing_id=listing.id, on=world.at.date())


def test_revoked_paper_ended_that_day_and_one_by_mistake_was_never_there(world: World) -> None:
    listing = a_listing(world)
    _agree(world, assurance_rule=AssuranceRule.BLOCK)
    _seen(world, listing, None)
    assert not _standing(world, listing).lapsed
    _withdraw(world, WithdrawnWhy.REVOKED, "The insurer told us")
    assert _standing(world, listing).lapsed == ((AssuranceKind.INSURANCE, world.at.date()),)
    with pytest.raises(NotAllowed):
        _connect(world, listing, "worker")
    _seen(world, listing, None)
    assert not _standing(world, listing).lapsed
    _withdraw(world, WithdrawnWhy.MISTAKE)
    assert _standing(world, listing).lapsed == ((AssuranceKind.INSURANCE, world.at.date()),)


def test_paper_by_mistake_alone_leaves_nothing_but_the_trace(world: World) -> None:
    listing = a_listing(world)
    _seen(world, listing, date(2025, 6, 1))
    assert _standing(world, listing).lapsed
    _withdraw(world, WithdrawnWhy.MISTAKE)
    assert not _standing(world, listing).lapsed
    with world.as_("administrator") as administrator:
        (row,) = directory.withdrawn_assurances_of(administrator, listing_id=listing.id)
        assert (row.withdrawn_by, row.withdrawn_why) == (administrator.id, "mistake")
        with pytest.raises(Conflict):
            directory.withdraw_assurance(
                assurance_id=row.id, why=WithdrawnWhy.REVOKED, by=administrator, at=world.at
            )
        with pytest.raises(DatabaseError), transaction.atomic():
            row.delete()
    with world.as_("worker") as worker, pytest.raises(NotAllowed):
        directory.withdraw_assurance(assurance_id=row.id, why=WithdrawnWhy.REVOKED, by=worker, at=world.at)


def test_paper_is_withdrawn_on_its_page_and_stays_there_with_the_reason(world: World) -> None:
    listing = a_listing(world)
    _seen(world, listing, None, detail="Policy 77")
    client = sign_in(world.administrator, world.at)
    client.handler.enforce_csrf_checks = False
    with clock.fixed(world.at):
        page = client.get(f"/directory/listings/{listing.id}/papers/").content.decode()
        (link,) = set(re.findall(r"/directory/listings/[^\"]+/withdraw/", page))
        form = client.get(link).content.decode()
        key = re.search(r'name="submission" value="([^"]+)"', form)
        assert key
        refused = client.post(link, {"submission": key[1]})
        assert "Say why it holds no more" in refused.content.decode()
        given = {"why": "revoked", "note": "The insurer told us", "submission": key[1]}
        done = client.post(link, given, follow=True).content.decode()
        assert "The insurer told us" in done and "whoever gave it has taken it back" in done
        assert "/withdraw/" not in done
        assert client.get(link).status_code == 404
