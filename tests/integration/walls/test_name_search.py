"""The search by name asks beyond the wall, and must show no more than the wall does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from tests.factories.world import World, a_case, a_referral, build_world

from fingerpost.web.casework import api as casework
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.people import api as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = build_world()
    a_referral(world)
    a_referral(
        world, given_name="Amir", family_name="Al-Okafor 100%", known_as="Mo", birth_date=date(1970, 1, 2)
    )
    return world


def named(actor: Actor, query: str) -> set[str]:
    return {one.given_name for one in people.search(actor, query=query)}


def by_function(*words: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_named(%s, 100)", [list(words)])
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("am", {"Amina", "Amir"}),
        ("AM okaf", {"Amina"}),
        ("okafor amina", {"Amina"}),
        ("mo", {"Amir"}),
        ("mina", set()),
        ("%", set()),
        ("_mina", set()),
        ("100%", set()),
        ("al-okafor", {"Amir"}),
        ("'; DROP TABLE people_person; --", set()),
        ("\\", set()),
        ("amina 2/6/1958", {"Amina"}),
        ("2.6.1958 OKA", {"Amina"}),
        ("1970-01-02", {"Amir"}),
        ("amina 1970-01-02", set()),
        ("amina 31/2/1970", set()),
    ],
)
def test_search_by_name_birth_date_or_both(world: World, query: str, found: set[str]) -> None:
    with world.as_("gp") as gp:
        assert named(gp, query) == found


@pytest.mark.parametrize("who", ["other_gp", "other_lead", "manager", "administrator"])
def test_function_gives_nobody_to_those_who_are_not_involved(world: World, who: str) -> None:
    with world.as_(who) as actor:
        assert named(actor, "am") == set()
        assert by_function("am") == 0


def test_function_gives_nobody_in_another_system_or_without_a_scope(world: World) -> None:
    with build_world(mark=" 2").as_("gp"):
        assert by_function("am") == 0
    assert by_function("am") == 0
    with world.as_("gp"):
        assert by_function("am") == 2
        assert by_function() == 0


def test_function_gives_nobody_whose_involvement_has_ended(world: World) -> None:
    case = a_case(world, given_name="Zeb", birth_date=date(1940, 1, 1))
    with world.as_("worker") as worker:
        assert named(worker, "zeb") == {"Zeb"}
        casework.close(
            case=casework.case(worker, case_id=case.id), reason="goals_met", story="", by=worker, at=world.at
        )
    world.at += timedelta(days=92)
    with world.as_("worker"):
        assert by_function("zeb") == 0
