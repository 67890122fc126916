"""What the holder of a link reaches, asked of the database as the application role, past all our own code."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories.connecting import (
    a_listing,
    as_provider,
    connect,
    holder_of,
    mails,
    marked_case,
    token_in,
)
from tests.factories.world import World, a_case, build_world

from fingerpost.kernel import clock
from fingerpost.web.casework import api as casework
from fingerpost.web.connections import api as connections
from fingerpost.web.connections.api import ConnectionStatus
from fingerpost.web.connections.lifecycle import DETAILS_SHOWN
from fingerpost.web.connections.models import SharedDetails
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope

pytestmark = pytest.mark.django_db

ABOUT_PEOPLE = (
    "people_person",
    "people_identifier",
    "people_involvement",
    "people_consent",
    "people_personhistoryevent",
    "referrals_referral",
    "casework_case",
    "casework_contact",
    "casework_plan",
    "casework_goal",
    "measures_occasion",
    "messaging_message",
)


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def asked(world: World) -> connections.Connection:
    """One connection among several, of which a link must reach only its own."""
    case, listing = marked_case(world), a_listing(world)
    other = a_case(world, given_name="Bertha", birth_date=date(1970, 1, 1))
    with world.as_("worker") as worker:
        other = casework.case(worker, case_id=other.id)
    connect(world, other, listing, fields={"name"})
    connect(world, case, a_listing(world, name="Elsewhere"))
    return connect(world, case, listing)


def rows(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def newest_holder(world: World, of: connections.Connection) -> Actor:
    return holder_of(world, token_in(mails(world, of)[-1]))


def test_link_reaches_one_connection_and_nothing_of_the_person(
    world: World, asked: connections.Connection
) -> None:
    with clock.fixed(world.at), scope(newest_holder(world, asked)):
        assert rows("connections_connection") == 1
        assert rows("foundation_signedlink") == 1
        assert rows("connections_shareddetails") == 0
        assert {table: rows(table) for table in ABOUT_PEOPLE} == dict.fromkeys(ABOUT_PEOPLE, 0)


def test_details_are_out_of_reach_until_they_take_people(world: World, asked: connections.Connection) -> None:
    with as_provider(world, asked) as (provider, row):
        assert rows("connections_shareddetails") == 0
        connections.provider_takes_people(connection=row, by=provider, at=world.at)
        assert rows("connections_shareddetails") == 1
        connections.provider_declines(
            connection=row, reason="provider_not_suitable", by=provider, at=world.at
        )
        assert rows("connections_shareddetails") == 0
        assert {table: rows(table) for table in ABOUT_PEOPLE} == dict.fromkeys(ABOUT_PEOPLE, 0)


@pytest.mark.parametrize("how", ["revoked", "expired", "entered in error"])
def test_link_that_is_no_more_reaches_nothing(world: World, asked: connections.Connection, how: str) -> None:
    holder = newest_holder(world, asked)
    with world.as_("worker") as worker:
        if how == "revoked":
            connections.withdraw(connection=asked, reason="changed_mind", by=worker, at=world.at)
        elif how == "entered in error":
            connections.mark_entered_in_error(connection=asked, by=worker, at=world.at)
    if how == "expired":
        world.later(days=91)
    with clock.fixed(world.at), scope(holder):
        assert rows("connections_connection") == 0
        assert rows("connections_shareddetails") == 0
        assert rows("connections_providerreply") == 0
        assert rows("pathway_journey") == 0
        assert connections.connection_for_link(holder) is None


def test_link_cannot_write_beyond_its_connection(world: World, asked: connections.Connection) -> None:
    with clock.fixed(world.at), scope(newest_holder(world, asked)), connection.cursor() as cursor:
        cursor.execute("UPDATE connections_connection SET status_note = 'x'")
        assert cursor.rowcount == 1
        for statement in (
            "UPDATE connections_shareddetails SET first_name = 'x'",
            "DELETE FROM connections_connection",
            "INSERT INTO connections_shareddetails SELECT * FROM connections_shareddetails",
            "UPDATE foundation_signedlink SET system_id = gen_random_uuid(), id = gen_random_uuid()",
        ):
            with transaction.atomic():
                try:
                    with transaction.atomic():
                        cursor.execute(statement)
                    assert cursor.rowcount == 0, statement
                except DatabaseError:
                    pass


def test_scheme_of_somebody_else_reaches_nothing(world: World, asked: connections.Connection) -> None:
    for who in ("other_worker", "gp", "manager"):
        with world.as_(who):
            assert rows("connections_connection") == 0
            assert rows("connections_shareddetails") == 0
    with world.as_("second_worker"):
        assert rows("connections_connection") == 3


def test_details_wall_names_the_statuses_of_the_lifecycle() -> None:
    condition = SharedDetails.wall.rows or ""
    shown = {status for status in ConnectionStatus if f"'{status.value}'" in condition}
    assert shown == set(DETAILS_SHOWN)


def test_earlier_link_still_opens_the_same_connection(world: World, asked: connections.Connection) -> None:
    first = newest_holder(world, asked)
    world.later(days=7)
    with world.as_(world.job(permissions=("connect",))) as job:
        connections.chase_one(connection=asked, by=job, at=world.at - timedelta(days=3))
    second = newest_holder(world, asked)
    assert first.link_id != second.link_id
    for holder in (first, second):
        with clock.fixed(world.at), scope(holder):
            assert connections.connection_for_link(holder) == asked
