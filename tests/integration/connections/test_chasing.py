"""Silence: one reminder after three working days, back to the worker after seven."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from tests.factories.connecting import (
    EMAIL,
    SECRETS,
    a_listing,
    as_provider,
    connect,
    mails,
    marked_case,
    standing,
)
from tests.factories.world import World, build_world

from fingerpost.kernel import clock
from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.connections import api as connections
from fingerpost.web.connections.api import Chased, ConnectionStatus
from fingerpost.web.connections.tasks import chase_all
from fingerpost.web.directory import api as directory
from fingerpost.web.messaging import api as messaging
from fingerpost.web.messaging.models import Message
from fingerpost.web.pathway import api as pathway

pytestmark = pytest.mark.django_db

# The Wednesday before Easter 2026: Good Friday and Easter Monday lie between.
ASKED_ON = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return build_world(at=ASKED_ON)


@pytest.fixture
def asked(world: World) -> connections.Connection:
    return connect(world, marked_case(world), a_listing(world))


def morning(world: World, day: int) -> Chased:
    """One round of the job on a day of April."""
    world.at = datetime(2026, 4, day, 6, 30, tzinfo=UTC)
    with world.as_(world.job()) as job:
        return connections.chase(by=job, at=world.at)


def test_reminder_waits_for_working_days_and_goes_out_once(
    world: World, asked: connections.Connection
) -> None:
    # Thu 2 Apr is the first working day after, Tue 7 the second, Wed 8 the third.
    assert [morning(world, day).nudged for day in (2, 3, 6, 7, 8, 9)] == [0, 0, 0, 0, 1, 0]
    first, second = mails(world, asked)
    assert "/p/" in second.text
    for part in (second.subject, second.text, second.html):
        assert not [secret for secret in SECRETS if secret in part]
    assert first.text != second.text


def test_silence_goes_back_to_the_worker_with_its_loss(world: World, asked: connections.Connection) -> None:
    assert [morning(world, day).returned for day in (8, 13, 14, 15)] == [0, 0, 1, 0]
    now = standing(world, asked)
    assert (now.status, now.status_reason) == (ConnectionStatus.RETURNED, "provider_no_answer")
    with world.as_("worker") as worker:
        assert [c.id for c in connections.returned(worker, worker_id=worker.user_id)] == [asked.id]
        events = pathway.standing(pathway.events_of(worker, journey_id=asked.journey_id))
        trust = directory.trust_of_listings(worker, [asked.listing_id], at=world.at)
        assert trust[asked.listing_id].doubts == ()  # silence is no fault of the listing
    assert (events[-1].kind, events[-1].after, events[-1].reason) == (
        "lost",
        "connected",
        "provider_no_answer",
    )


def test_late_answer_still_counts(world: World, asked: connections.Connection) -> None:
    morning(world, 8)
    morning(world, 14)
    with as_provider(world, asked) as (provider, row):
        connections.provider_takes_people(connection=row, by=provider, at=world.at)
    assert standing(world, asked).status == ConnectionStatus.DETAILS_SENT


def test_answer_starts_the_next_question_afresh(world: World, asked: connections.Connection) -> None:
    morning(world, 8)
    with as_provider(world, asked) as (provider, row):
        connections.provider_takes_people(connection=row, by=provider, at=world.at)
    assert morning(world, 14) == Chased(nudged=1)
    assert morning(world, 17) == Chased(returned=1)


def test_accepted_is_asked_once_whether_they_came(world: World, asked: connections.Connection) -> None:
    with as_provider(world, asked) as (provider, row):
        connections.provider_takes_people(connection=row, by=provider, at=world.at)
        connections.provider_accepts(connection=row, by=provider, at=world.at)
    assert [morning(world, day).nudged for day in (16, 17, 20)] == [0, 1, 0]
    last = mails(world, asked)[-1]
    assert "came" in last.text
    assert "Planted" not in last.text
    assert standing(world, asked).status == ConnectionStatus.ACCEPTED


def test_refused_address_gives_it_back_at_once_and_raises_a_doubt(
    world: World, asked: connections.Connection
) -> None:
    with world.as_("worker"):
        Message.objects.filter(about_id=asked.id).update(
            state=messaging.State.FAILED, failed_at=world.at, last_fault=messaging.FaultKind.ADDRESS_REFUSED
        )
    assert morning(world, 2) == Chased(bounced=1)
    assert standing(world, asked).status == ConnectionStatus.RETURNED
    with world.as_("worker") as worker:
        trust = directory.trust_of_listings(worker, [asked.listing_id], at=world.at)
        assert trust[asked.listing_id].doubts


def test_address_that_wants_no_mail_gets_no_reminder(world: World, asked: connections.Connection) -> None:
    with world.as_("worker") as worker:
        directory.refuse_email(address=EMAIL, by=worker, at=world.at)
    assert morning(world, 8).nudged == 0
    assert len(mails(world, asked)) == 1


def test_asked_by_phone_comes_back_without_mail(world: World) -> None:
    connection = connect(world, marked_case(world), a_listing(world, email=""), asked_by="phone")
    assert morning(world, 14) == Chased(returned=1)
    assert mails(world, connection) == []


def test_chase_by_hand_is_refused(world: World, asked: connections.Connection) -> None:
    with world.as_("worker") as worker, pytest.raises(NotAllowed):
        connections.chase(by=worker, at=world.at)


@pytest.mark.django_db(transaction=True)
def test_job_walks_every_scheme_of_every_system(real_system: UUID) -> None:
    world = build_world(at=ASKED_ON, system_id=real_system)
    asked = connect(world, marked_case(world), a_listing(world))
    world.at = datetime(2026, 4, 8, 6, 30, tzinfo=UTC)
    with clock.fixed(world.at):
        chase_all(timestamp=0)
    assert standing(world, asked).nudged_at == world.at
