"""Who sees which row, asked of the database itself as the application role."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories.world import World, a_case, a_referral, build_world

from fingerpost.kernel.errors import NoScopeError, NotFound
from fingerpost.web.casework import api as casework
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import current_actor, scope
from fingerpost.web.pathway import api as pathway
from fingerpost.web.people import api as people
from fingerpost.web.referrals import api as referrals

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def _names(actor: Actor) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT given_name FROM people_person")
        return {row[0] for row in cursor.fetchall()}


def test_person_without_scope_is_not_there(world: World) -> None:
    a_referral(world)
    with pytest.raises(NoScopeError):
        people.search(world.gp, query="Amina")
    assert _names(world.gp) == set()


@pytest.mark.parametrize("who", ["gp", "receptionist", "lead", "worker", "second_worker"])
def test_person_is_seen_by_those_involved(world: World, who: str) -> None:
    a_referral(world)
    with world.as_(who) as actor:
        assert _names(actor) == {"Amina"}


@pytest.mark.parametrize("who", ["other_gp", "other_lead", "other_worker", "manager", "administrator"])
def test_person_is_not_seen_by_anybody_else(world: World, who: str) -> None:
    referral = a_referral(world)
    with world.as_(who) as actor:
        assert _names(actor) == set()
        with pytest.raises(NotFound):
            people.person(actor, person_id=referral.person_id)
        with pytest.raises(NotFound):
            referrals.referral(actor, referral_id=referral.id)


def test_person_of_another_system_is_not_seen_and_cannot_be_touched(world: World) -> None:
    referral = a_referral(world)
    elsewhere = build_world(mark=" 2")
    with elsewhere.as_("lead"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM people_person")
            assert cursor.fetchone() == (0,)
            cursor.execute("UPDATE people_person SET given_name = 'X' WHERE id = %s", [referral.person_id])
            assert cursor.rowcount == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            _insert_person_into(world)


def _insert_person_into(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_involvement (id, system_id, person_id, organisation_id, kind, starts_at, ended_reason)"
            " VALUES (gen_random_uuid(), %s, gen_random_uuid(), %s, 'scheme', now(), '')",
            [world.system_id, world.scheme.id],
        )


def test_manager_counts_events_but_sees_no_person(world: World) -> None:
    a_referral(world)
    with world.as_("manager") as manager:
        assert pathway.events_for_counting(manager).count() == 3
        assert _names(manager) == set()


def test_case_notes_are_not_seen_by_the_practice(world: World) -> None:
    case = a_case(world)
    with world.as_("gp") as gp:
        assert casework.cases_of_person(gp, person_id=case.person_id).count() == 0
        assert referrals.sent_by(gp).count() == 1


def test_another_scheme_involved_with_the_same_person_does_not_see_the_case(world: World) -> None:
    case = a_case(world)
    with world.as_("gp") as gp:
        people.involve(
            person_id=case.person_id,
            organisation_id=world.other_scheme.id,
            kind=people.InvolvementKind.SCHEME,
            by=gp,
            at=world.at,
        )
    with world.as_("other_lead") as other:
        assert _names(other) == {"Amina"}
        assert casework.cases_of_person(other, person_id=case.person_id).count() == 0
        assert referrals.referrals_of_person(other, person_id=case.person_id).count() == 0


def test_involvement_that_has_ended_shows_nothing(world: World) -> None:
    case = a_case(world)
    with world.as_("worker") as worker:
        held = casework.case(worker, case_id=case.id)
        casework.close(case=held, reason="goals_met", story="", by=worker, at=world.at)
    world.at += timedelta(days=89)
    with world.as_("worker") as worker:
        assert _names(worker) == {"Amina"}
    world.at += timedelta(days=2)
    with world.as_("worker") as worker:
        assert _names(worker) == set()
        assert casework.open_cases(worker).count() == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pathway_pathwayevent SET reason = ''",
        "DELETE FROM pathway_pathwayevent",
        "DELETE FROM people_person",
        "TRUNCATE people_person CASCADE",
        "UPDATE people_personhistoryevent SET given_name = ''",
        "DELETE FROM audit_access",
        "UPDATE audit_access SET page = ''",
        "INSERT INTO audit_access (id) VALUES (gen_random_uuid())",
        "ALTER TABLE people_person NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY fp_read ON people_person",
        "CREATE TABLE mine (a int)",
        "SET ROLE fingerpost_owner",
        "SET ROLE fingerpost_maintenance",
        "ALTER ROLE fingerpost_app BYPASSRLS",
    ],
)
def test_application_role_may_not(world: World, statement: str) -> None:
    a_referral(world)
    with world.as_("lead"), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_write_without_an_actor_fails_in_the_database(world: World) -> None:
    a_referral(world)
    with world.as_("lead"), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('fingerpost.actor_id', '', true)")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("UPDATE people_person SET known_as = 'X'")


def test_history_names_who_changed_what(world: World) -> None:
    referral = a_referral(world)
    with world.as_("lead"), connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET known_as = 'Mina'")
        cursor.execute(
            "SELECT pgh_label, actor_id, actor_label, known_as FROM people_personhistoryevent"
            " WHERE pgh_obj_id = %s ORDER BY pgh_id",
            [referral.person_id],
        )
        assert cursor.fetchall() == [
            ("insert", world.gp.id, "Gp", ""),
            ("update", world.lead.id, "Lead", "Mina"),
        ]


def test_history_stands_behind_the_same_wall(world: World) -> None:
    a_referral(world)
    with world.as_("other_gp"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_personhistoryevent")
        assert cursor.fetchone() == (0,)


def test_scope_nested_in_another_gives_way_and_comes_back(world: World) -> None:
    a_referral(world)
    with world.as_("gp") as gp:
        with scope(world.other_gp):
            assert _names(world.other_gp) == set()
        assert current_actor() == gp
        assert _names(gp) == {"Amina"}


def test_scope_that_fails_leaves_the_outer_one_whole(world: World) -> None:
    a_referral(world)
    with world.as_("gp") as gp:
        with pytest.raises(ZeroDivisionError), scope(world.other_gp):
            raise ZeroDivisionError
        assert current_actor() == gp
        assert _names(gp) == {"Amina"}


def test_known_to_the_network_tells_an_outsider_no_more_than_that(world: World) -> None:
    referral = a_referral(world)
    with world.as_("other_gp") as other:
        known = people.known_in_network(
            other,
            kind="",
            value="",
            birth_date=referral.person.birth_date,
            given_name="amina",
            family_name="OKAFOR",
        )
        assert known is not None and not known.is_certain
        with pytest.raises(NotFound):
            people.person(other, person_id=known.person_id)
    with world.as_("manager") as manager:
        assert (
            people.known_in_network(
                manager,
                kind="",
                value="",
                birth_date=referral.person.birth_date,
                given_name="Amina",
                family_name="Okafor",
            )
            is None
        )
