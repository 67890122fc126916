"""A sealed record is not there for whoever it does not name: in any table, selector, search or export."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories.stage import Stage
from tests.factories.world import World, build_world
from tests.integration.walls.about_people import lived, seen_tables

from fingerpost.kernel import clock
from fingerpost.web.audit import api as audit
from fingerpost.web.casework import api as casework
from fingerpost.web.messaging import api as messaging
from fingerpost.web.people import api as people
from fingerpost.web.people.models import Seal
from fingerpost.web.referrals import api as referrals

pytestmark = pytest.mark.django_db

# Numbers without names: what is counted must not change on the day on which somebody is sealed (decision 0090).
COUNTED = {"pathway_journey", "pathway_pathwayevent"}
REASON = "Her sister works here."


@pytest.fixture
def stage() -> Stage:
    return Stage(build_world())


@pytest.fixture
def case(stage: Stage) -> casework.Case:
    """Somebody about whom every table has a row, and at whom somebody looked."""
    made = lived(stage)
    with stage.world.as_("worker") as by:
        audit.record_view(actor=by, person_id=made.person_id, label="Somebody", page="person")
    return made


def _seal(world: World, case: casework.Case, *names: str) -> people.Seal:
    with world.as_("worker") as by:
        return people.seal_person(
            person=people.person(by, person_id=case.person_id),
            named={_account(world, name) for name in names},
            reason=REASON,
            by=by,
            at=world.at,
        )


def _account(world: World, name: str) -> UUID:
    found = world.actors[name].user_id
    assert found is not None
    return found


def test_no_table_says_anything_to_a_colleague_who_is_not_named(stage: Stage, case: casework.Case) -> None:
    world = stage.world
    with world.as_("second_worker"):
        before = seen_tables(case)
    _seal(world, case, "worker")
    for who in ("second_worker", "lead"):
        with world.as_(who):
            assert seen_tables(case) == COUNTED
    with world.as_("worker"):
        assert seen_tables(case) == before | {"people_seal"}


def test_the_access_log_of_a_sealed_person_is_shut_as_well(stage: Stage, case: casework.Case) -> None:
    _seal(stage.world, case, "worker")
    for who, there in (("worker", True), ("second_worker", False), ("lead", False)):
        with stage.world.as_(who):
            looks = audit.Access.objects.filter(person_ids__contains=[case.person_id])
            assert looks.exists() is there, who


def test_no_selector_search_or_list_finds_them(stage: Stage, case: casework.Case) -> None:
    world = stage.world
    with world.as_("worker") as by:
        person = people.person(by, person_id=case.person_id)
    queries = (
        person.full_name,
        person.family_name,
        "9990000018",
        f"{person.birth_date:%d/%m/%Y} {person.family_name}",
        "QX1 2AB",
    )
    with world.as_("second_worker") as by:
        for asked in queries:
            assert case.person_id in {one.id for one in people.search(by, query=asked)}, asked
    with world.as_("lead") as by:
        assert case.person_id in {one.person_id for one in messaging.outbox(by)}
    _seal(world, case, "worker")
    with world.as_("second_worker") as by:
        for asked in queries:
            assert case.person_id not in {one.id for one in people.search(by, query=asked)}, asked
        assert case.person_id not in {one.person_id for one in casework.open_cases(by, worker_id=None)}
        assert list(referrals.referrals_of_person(by, person_id=case.person_id)) == []
        assert casework.last_contacts(by, case_ids=[case.id]) == {}
        assert people.people_by_id(by, [case.person_id]) == {}
    with world.as_("lead") as by:
        assert case.person_id not in {one.person_id for one in messaging.outbox(by)}


def test_a_practice_goes_on_seeing_its_own_and_nobody_covers_what_is_sealed(
    stage: Stage, case: casework.Case
) -> None:
    world = stage.world
    with world.as_("lead") as by:
        people.give_cover(
            person_ids=[case.person_id],
            to_scheme_id=world.other_scheme.id,
            first_day=world.at.date(),
            last_day=world.at.date(),
            by=by,
            at=world.at,
        )
    with world.as_("other_worker"):
        assert "casework_case" in seen_tables(case)
    _seal(world, case, "worker")
    with world.as_("other_worker"):
        assert seen_tables(case) <= COUNTED | {"people_involvement"}
    with world.as_("gp") as by:
        assert people.person(by, person_id=case.person_id)


def test_lifting_gives_everything_back_and_keeps_why(stage: Stage, case: casework.Case) -> None:
    world = stage.world
    with world.as_("second_worker"):
        before = seen_tables(case)
    seal = _seal(world, case, "worker")
    with world.as_("lead") as by:
        people.lift_seal(seal_id=seal.id, reason="The worker is ill.", by=by, at=world.at)
    with world.as_("second_worker"):
        assert seen_tables(case) == before
    with world.as_("worker"):
        held = Seal.objects.get(id=seal.id)
        assert (held.lifted_reason, held.lifted_by) == ("The worker is ill.", _account(world, "lead"))


SQL = {
    "change who is named": "UPDATE people_seal SET named = array_append(named, %(me)s)",
    "lift it by hand": "UPDATE people_seal SET lifted_at = now(), lifted_by = %(me)s, lifted_reason = 'x'",
    "remove it": "DELETE FROM people_seal",
    "write in its history": "DELETE FROM people_sealhistoryevent",
}


@pytest.mark.parametrize("what", SQL)
@pytest.mark.parametrize("who", ["worker", "second_worker", "lead"])
def test_a_seal_is_not_changed_by_sql(stage: Stage, case: casework.Case, who: str, what: str) -> None:
    world = stage.world
    seal = _seal(world, case, "worker")
    with (
        world.as_(who) as by,
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(SQL[what], {"me": by.user_id})
    with world.as_("worker"):
        assert Seal.objects.get(id=seal.id).named == [_account(world, "worker")]


def test_the_function_that_lifts_asks_who_by_membership(stage: Stage, case: casework.Case) -> None:
    """Whatever the web process believes of a role: a colleague, another scheme's lead, another system's lead."""
    world, away = stage.world, build_world(mark=" 2")
    seal = _seal(world, case, "worker")
    for place, who in (
        (world, "second_worker"),
        (world, "other_lead"),
        (world, "manager"),
        (world, "gp"),
        (away, "lead"),
    ):
        with place.as_(who), connection.cursor() as cursor:
            cursor.execute("SELECT people_lift_seal(%s, 'I want to see')", [seal.id])
            assert cursor.fetchone() == (False,), who
    with world.as_("lead"), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT people_lift_seal(%s, ' ')", [seal.id])


def test_what_is_told_of_a_seal_names_nobody(stage: Stage, case: casework.Case) -> None:
    _seal(stage.world, case, "worker")
    with stage.world.as_("second_worker"), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_seals_here()")
        [row] = cursor.fetchall()
        assert str(case.person_id) not in str(row) and REASON not in str(row)
        cursor.execute("SELECT count(*) FROM people_sealed_persons()")
        assert cursor.fetchone() == (0,), "who is sealed is told to jobs alone"
    with stage.world.as_("other_lead"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_seals_here()")
        assert cursor.fetchone() == (0,)


def test_a_sealed_conversation_is_shut_in_every_door(stage: Stage) -> None:
    world, contact = stage.world, stage.contact()
    with world.as_("worker") as by:
        casework.seal_contact(
            contact=contact, named={_account(world, "worker")}, reason=REASON, by=by, at=world.at
        )
    with world.as_("second_worker") as by:
        assert casework.contacts_of(by, case_id=contact.case_id, mistakes=True) == []
        assert casework.last_contacts(by, case_ids=[contact.case_id]) == {}
        assert people.sealed_contacts(by, person_id=contact.person_id) == 1
        assert casework.case(by, case_id=contact.case_id)
    with world.as_("other_lead") as by:
        assert people.sealed_contacts(by, person_id=contact.person_id) == 0
    with world.as_("worker") as by:
        assert len(casework.contacts_of(by, case_id=contact.case_id)) == 1


def test_jobs_go_on_for_a_sealed_person(stage: Stage, case: casework.Case) -> None:
    """Letters are set and messages sent: a job is nobody's colleague."""
    _seal(stage.world, case, "worker")
    with stage.world.as_(stage.world.job()) as by, clock.fixed(stage.world.at):
        assert people.person(by, person_id=case.person_id)
        assert people.sealed_persons(by) == [case.person_id]
