"""The product's own queries, as the application role in its scope, are answered by the indexes made for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from fingerpost.kernel import clock
from fingerpost.localstack.postgres import OWNER, Cluster
from fingerpost.localstack.templates import Clones

if TYPE_CHECKING:  # the settings are not chosen yet when pytest reads this
    from tests.factories.masses import Masses

PEOPLE = 8_000


@pytest.fixture(scope="module")
def masses(
    django_db_setup: None, django_db_blocker: Any, database_cluster: Cluster, database_clones: Clones
) -> Iterator[Masses]:
    """Eight thousand people, committed; the database is renewed afterwards."""
    from django.db import connections
    from tests.factories.masses import found_organisations, load

    with django_db_blocker.unblock():
        made = found_organisations(practices=60, schemes=30)
        load(database_cluster, Clones.name(0), made, PEOPLE)
        yield made
        connections.close_all()
        database_clones.renew(Clones.name(0))


@pytest.fixture
def as_owner(masses: Masses, database_cluster: Cluster) -> Iterator[psycopg.Cursor[Any]]:
    with psycopg.connect(database_cluster.url(OWNER, Clones.name(0))) as held:
        yield held.cursor()


def plans(masses: Masses, name: str) -> tuple[str, tuple[str, ...]]:
    from tests.factories.masses import NOW
    from tests.factories.masses_asked import QUESTIONS, known_lives, plans_of

    from fingerpost.web.foundation.scope import scope

    [question] = [each for each in QUESTIONS if each.name == name]
    life = known_lives(masses, question.who)[0]
    with clock.fixed(NOW), scope(getattr(masses, question.who)) as actor:
        found = plans_of(lambda: question.ask(actor, life))
    return "\n".join(found), question.indexes


def names_of_questions() -> list[str]:
    """Written out: the module that holds the questions needs the settings."""
    return [
        "search: name and birth date",
        "search: identifier",
        "search: postcode",
        "search: both names, by practice",
        "search: family name, by scheme",
        "queue",
        "my referrals",
        "today: steps that are due",
        "caseload",
        "person's page: person",
        "person's page: cases",
        "person's page: events",
        "funnel: journeys counted",
    ]


def test_every_question_of_the_benchmark_is_tried_here() -> None:
    from tests.factories.masses_asked import QUESTIONS

    assert [each.name for each in QUESTIONS] == names_of_questions()


@pytest.mark.parametrize("name", names_of_questions())
def test_plan_names_its_indexes(masses: Masses, name: str, django_db_blocker: Any) -> None:
    from tests.factories.masses_asked import missing

    with django_db_blocker.unblock():
        plan, indexes = plans(masses, name)
    assert plan
    assert missing(indexes, plan) == [], plan


@pytest.mark.parametrize(
    ("name", "owns"),
    [
        ("search: name and birth date", "practices"),
        ("search: identifier", "practices"),
        ("queue", "schemes"),
        ("caseload", "schemes"),
        ("my referrals", "practices"),
    ],
)
def test_plan_is_the_same_for_who_stands_in_for_others(
    masses: Masses, name: str, owns: str, django_db_blocker: Any
) -> None:
    """A merger adds ids to the scope and no condition to a policy. The newest of several have an index of their own."""
    from tests.factories.masses import NOW
    from tests.factories.masses_asked import QUESTIONS, known_lives, missing, plans_of

    from fingerpost.web.foundation.scope import scope

    [question] = [each for each in QUESTIONS if each.name == name]
    alone = getattr(masses, question.who)
    heir = replace(alone, organisation_ids=alone.organisation_ids | set(getattr(masses, owns)[:3]))
    life = known_lives(masses, question.who)[0]
    with django_db_blocker.unblock(), clock.fixed(NOW), scope(heir) as actor:
        plan = "\n".join(plans_of(lambda: question.ask(actor, life)))
    indexes = question.indexes_of_several or question.indexes
    assert missing(indexes, plan) == [], plan


@pytest.mark.parametrize("name", names_of_questions())
def test_answer_is_what_the_walls_written_by_hand_give(
    masses: Masses, name: str, django_db_blocker: Any, database_cluster: Cluster
) -> None:
    from tests.factories.masses import NOW
    from tests.factories.masses_asked import QUESTIONS, known_lives

    from fingerpost.localstack.postgres import MAINTENANCE
    from fingerpost.web.foundation.scope import scope

    [question] = [each for each in QUESTIONS if each.name == name]
    with (
        django_db_blocker.unblock(),
        psycopg.connect(database_cluster.url(MAINTENANCE, Clones.name(0))) as held,
    ):
        for life in known_lives(masses, question.who)[:10]:
            with clock.fixed(NOW), scope(getattr(masses, question.who)) as actor:
                own = question.ask(actor, life)
            wanted = [row[0] for row in held.execute(question.peer, question.given(masses, life))]
            assert sorted(map(str, own)) == sorted(map(str, wanted))
            assert own


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("search: name and birth date", "people_person_name_birth"),
        ("search: postcode", "people_person_postcode"),
        ("caseload", "casework_case_caseload"),
    ],
)
def test_lost_index_would_be_seen(
    masses: Masses, as_owner: psycopg.Cursor[Any], name: str, index: str, django_db_blocker: Any
) -> None:
    from django.db import connection

    with django_db_blocker.unblock():
        assert index in plans(masses, name)[0]
    definition = as_owner.execute("SELECT pg_get_indexdef(%s::regclass)", [index]).fetchone()
    assert definition is not None
    as_owner.execute(f"DROP INDEX {index}")
    as_owner.connection.commit()
    try:
        with django_db_blocker.unblock():
            plan, _ = plans(masses, name)
        assert index not in plan
    finally:
        with django_db_blocker.unblock():
            connection.close()
        as_owner.execute(definition[0])
        as_owner.connection.commit()


def _plan_of_names(masses: Masses, cursor: psycopg.Cursor[Any], word: str) -> str:
    """How the statement within the function is answered, as the role that the function runs as."""
    from tests.factories.masses import NOW

    [statement] = cursor.execute("SELECT people_named_statement(%s)", [[word]]).fetchone() or ()
    cursor.execute(f"PREPARE named (uuid, uuid[], timestamptz, int, uuid[]) AS {statement}")
    try:
        scope = f"'{masses.system_id}', '{{{masses.schemes[0]}}}', '{NOW.isoformat()}', 100, '{{}}'"
        return "\n".join(line for (line,) in cursor.execute(f"EXPLAIN EXECUTE named ({scope})"))
    finally:
        cursor.execute("DEALLOCATE named")


def test_names_and_who_is_seen_are_read_from_indexes_alone(
    masses: Masses, as_owner: psycopg.Cursor[Any]
) -> None:
    """However many bear a name, and however many an organisation sees."""
    plan = _plan_of_names(masses, as_owner, "aldor")
    for index in ("people_person_family_begins", "people_person_given_begins", "people_involvement_whom"):
        assert f"Index Only Scan using {index}" in plan, plan
    for index in ("people_person_family_begins", "people_involvement_whom"):
        as_owner.execute(f"DROP INDEX {index}")
        assert index not in _plan_of_names(masses, as_owner, "aldor"), "a lost index would be seen"
        as_owner.connection.rollback()


@pytest.mark.parametrize("name", names_of_questions())
def test_plan_is_the_same_where_the_moment_is_the_databases_own(
    masses: Masses, name: str, django_db_blocker: Any, database_cluster: Cluster
) -> None:
    """As production migrates: policies ask `now()`, and no setting."""
    from tests.factories.masses_asked import missing

    sql = files("fingerpost.web.foundation").joinpath("sql")

    def put(which: str) -> None:
        database_cluster.ask(sql.joinpath(which).read_text(), database=Clones.name(0), role=OWNER)

    with django_db_blocker.unblock():
        of_tests, indexes = plans(masses, name)
        put("functions.sql")
        try:
            own, _indexes = plans(masses, name)
        finally:
            put("clock_of_tests.sql")
    assert shape(own) == shape(of_tests)
    assert missing(indexes, own) == [], own


def shape(plan: str) -> list[str]:
    """The steps of a plan and their indexes, without costs and conditions."""
    return [line.partition("(")[0].strip() for line in plan.splitlines() if "->" in line or "Scan" in line]
