"""Each drop asks the owner one question: by e-mail, about nobody, never twice within the agreed days."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.connecting import a_listing, an_imported_listing
from tests.factories.owners import ADDRESS, ask, keeper, letters, report
from tests.factories.world import World, build_world

from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import EvidenceKind
from fingerpost.web.directory.models import Evidence, ListingTrust, OwnerQuestion
from fingerpost.web.foundation import jobs
from fingerpost.web.messaging import api as messaging
from fingerpost.web.messaging.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def walkers(world: World) -> directory.Listing:
    return a_listing(world, email=ADDRESS)


def test_drop_puts_off_one_question_in_the_same_transaction(world: World, walkers: directory.Listing) -> None:
    with jobs.held() as waiting:
        report(world, walkers, EvidenceKind.NOT_RUNNING)
        report(world, walkers, EvidenceKind.NOT_RUNNING)
        report(world, walkers, EvidenceKind.FULL)
        waiting.run_due()
    (letter,) = letters(world, walkers)
    assert (letter.address, letter.carries_personal_data, letter.person_id) == (ADDRESS, False, None)
    assert "may not be running any more" in letter.text
    for answer in ("say/still_right/", "change/", "say/closed/"):
        assert answer in letter.text and answer in letter.html
    assert "Worker" not in letter.text + letter.html + letter.subject


def test_full_asks_nothing(world: World, walkers: directory.Listing) -> None:
    with jobs.held() as waiting:
        report(world, walkers, EvidenceKind.FULL)
        waiting.run_due()
    assert letters(world, walkers) == []


def test_next_drop_within_the_agreed_days_waits_and_is_asked_after_them(
    world: World, walkers: directory.Listing
) -> None:
    report(world, walkers, EvidenceKind.NOT_RUNNING)
    ask(world, walkers)
    world.later(days=10)
    report(world, walkers, EvidenceKind.WRONG_DETAILS)
    ask(world, walkers)
    assert len(letters(world, walkers)) == 1
    world.later(days=21)
    with world.as_(keeper(world)) as job:
        assert directory.keep_true(by=job, at=world.at).asked == 1
        assert directory.keep_true(by=job, at=world.at).asked == 0
    assert len(letters(world, walkers)) == 2


def test_nobody_is_asked_at_an_address_that_no_one_checked_that_refused_or_that_came_back(
    world: World,
) -> None:
    imported = an_imported_listing(world, email="unchecked@provider.example")
    report(world, imported, EvidenceKind.NOT_RUNNING)
    ask(world, imported)
    bounced = a_listing(world, email="bounced@provider.example", name="Bell Ringers")
    report(world, bounced, EvidenceKind.BOUNCED)
    ask(world, bounced)
    with world.as_("worker"):
        assert OwnerQuestion.objects.count() == 0
        assert ListingTrust.objects.filter(dropped_at__isnull=False).count() == 2


def test_reminder_goes_once_after_two_weeks_and_not_to_who_asked_for_the_link(
    world: World, walkers: directory.Listing
) -> None:
    other = a_listing(world, email="other@provider.example", name="Bell Ringers")
    report(world, walkers, EvidenceKind.NOT_RUNNING)
    ask(world, walkers)
    with world.as_(keeper(world)) as job:
        directory.send_link(listing_id=other.id, by=job, at=world.at)
    nights = []
    for days in (13, 1, 1):
        world.later(days=days)
        with world.as_(keeper(world)) as job:
            nights.append(directory.keep_true(by=job, at=world.at).reminded)
    assert nights == [0, 1, 0]
    assert "We do not write about this again." in letters(world, walkers)[-1].text
    assert len(letters(world, other)) == 1


def test_question_that_comes_back_is_evidence_once(world: World, walkers: directory.Listing) -> None:
    report(world, walkers, EvidenceKind.WRONG_DETAILS)
    ask(world, walkers)
    (letter,) = letters(world, walkers)
    world.later(days=1)
    with world.as_(keeper(world)) as job:
        Message.objects.filter(id=letter.id).update(
            state=messaging.State.FAILED, failed_at=world.at, last_fault=messaging.FaultKind.ADDRESS_REFUSED
        )
        assert directory.keep_true(by=job, at=world.at).bounced == 1
        assert directory.keep_true(by=job, at=world.at).bounced == 0
        assert Evidence.objects.filter(kind=EvidenceKind.BOUNCED).count() == 1


def test_yearly_check_is_asked_in_the_days_of_grace_so_many_a_night(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        one = a_listing(world, email=f"group{number}@provider.example", name=f"Group {number}")
        with world.as_("administrator") as administrator:
            directory.verify(listing_id=one.id, by=administrator, at=world.at)
    world.later(days=370)
    monkeypatch.setattr("fingerpost.web.directory.actions.asking.MOST_A_NIGHT", 2)
    asked = []
    for _night in range(3):
        with world.as_(keeper(world)) as job:
            asked.append(directory.keep_true(by=job, at=world.at).asked)
        world.later(days=1)
    assert asked == [2, 1, 0]


def test_link_on_request_goes_to_the_listed_address_once_a_day(
    world: World, walkers: directory.Listing
) -> None:
    with world.as_(keeper(world)) as job:
        assert directory.send_link(listing_id=walkers.id, by=job, at=world.at)
        assert directory.send_link(listing_id=walkers.id, by=job, at=world.at) is None
    assert [letter.address for letter in letters(world, walkers)] == [ADDRESS]


def test_owners_who_cannot_be_asked_cost_the_night_nothing(world: World) -> None:
    """Of an area's listings thousands have an address that nobody checked: the night asks no question for each."""

    def asked() -> int:
        with world.as_(keeper(world)) as job, CaptureQueriesContext(connection) as questions:
            directory.keep_true(by=job, at=world.at)
        return len(questions)

    def fallen(names: range) -> None:
        records = directory.DirectoryRecords(
            listings=[
                directory.ListingRecord(key=str(n), name=f"Club {n}", email=f"c{n}@x.example") for n in names
            ]
        )
        source = directory.SourceDetails(name=f"from-{names[0]}", label="File")
        with world.as_("administrator") as administrator:
            directory.land(records, source=source, by=administrator, at=world.at)
            found = list(directory.open_listings(administrator).filter(source__name=source.name))
        for one in found:
            report(world, one, EvidenceKind.NOT_RUNNING)

    with jobs.held():
        fallen(range(1))
        few = asked()
        fallen(range(1, 12))
        assert asked() <= few + 2
