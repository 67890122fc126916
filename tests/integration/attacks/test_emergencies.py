"""Break-glass as somebody would misuse it: seals of others, words the database does not know, presses without end, and
every page about a person whose record is open for reading alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories.stage import Stage
from tests.factories.world import World, build_world
from tests.integration.walls.about_people import seen_tables

from fingerpost.kernel.ids import new_id
from fingerpost.web.casework import api as casework
from fingerpost.web.messaging import api as messaging
from fingerpost.web.people import api as people
from fingerpost.web.people.models import Identifier
from fingerpost.web.tenancy import api as tenancy

pytestmark = pytest.mark.django_db
O = people.EmergencyOutcome  # noqa: E741 - short beside long lines
CALL = "SELECT * FROM people_open_in_emergency(%s, '', '', %s, %s, %s, %s, %s, %s, 'p', '')"


@pytest.fixture
def stage() -> Stage:
    return Stage(build_world())


@pytest.fixture
def case(stage: Stage) -> casework.Case:
    made = stage.contact().case
    with stage.world.as_("worker"):
        Identifier(person=made.person, kind="nhs_number", value="9990000018").save(force_insert=True)
    return made


def _open(
    world: World, person: people.Person, *, who: str = "other_worker", reason: str = "She fell."
) -> tuple[people.EmergencyOutcome, UUID]:
    with world.as_(who) as by:
        return people.open_in_emergency(
            sought=people.Sought(
                identifier=None,
                given_name=person.given_name,
                family_name=person.family_name,
                birth_date=person.birth_date,
            ),
            reason_kind="danger",
            reason=reason,
            page="emergency",
            by=by,
            at=world.at,
        )


def _seal(world: World, case: casework.Case) -> people.Seal:
    with world.as_("worker") as by:
        assert by.user_id
        return people.seal_person(person=case.person, named={by.user_id}, reason="F.", by=by, at=world.at)


def _told(world: World) -> int:
    with world.as_("other_lead") as by:
        return len([one for one in messaging.outbox(by) if one.about_kind == "emergency"])


def test_a_seal_of_another_organisation_keeps_the_record_shut(stage: Stage, case: casework.Case) -> None:
    _seal(stage.world, case)
    assert _open(stage.world, case.person)[0] == O.NOBODY
    with stage.world.as_("other_worker"):
        assert seen_tables(case) == set()


def test_a_seal_that_is_set_afterwards_shuts_what_is_open(stage: Stage, case: casework.Case) -> None:
    world = stage.world
    _outcome, opening_id = _open(world, case.person)
    _seal(world, case)
    with world.as_("other_worker") as by:
        assert seen_tables(case) <= {"people_emergencyopening"}
        assert people.at_work_with(by, person_id=case.person_id) == []
    with world.as_("worker"):
        assert "people_person" in seen_tables(case)
    with world.as_("governance") as by:
        assert [one.id for one in people.emergencies(by, since=world.at, page="p")] == [opening_id]


def test_they_turn_up_in_no_search(stage: Stage, case: casework.Case) -> None:
    world, person = stage.world, case.person
    _open(world, person)
    with world.as_("other_worker") as by:
        for asked in (
            person.family_name,
            "9990000018",
            f"{person.birth_date:%d/%m/%Y}",
            f"{person.birth_date:%d/%m/%Y} {person.family_name}",
            "QX1 2AB",
        ):
            assert list(people.search(by, query=asked)) == [], asked
    with world.as_("worker") as by:
        assert person in people.search(by, query="9990000018")


@pytest.mark.parametrize("statement", ["opening", "finding"])
def test_words_that_nobody_knows_do_not_break_the_lead_s_list(
    stage: Stage, case: casework.Case, statement: str
) -> None:
    world, person = stage.world, case.person
    _outcome, opening_id = _open(world, person)
    given: tuple[str, str, list[object]] = (
        (
            "other_lead",
            CALL,
            [
                new_id(),
                person.birth_date,
                person.given_name,
                person.family_name,
                world.other_scheme.id,
                "x",
                "why",
            ],
        )
        if statement == "opening"
        else ("governance", "SELECT people_review_emergency(%s, %s, %s)", [opening_id, "x", "note"])
    )
    with (
        world.as_(given[0]),
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(given[1], given[2])
    with world.as_("governance") as by:
        assert len(people.emergencies(by, since=world.at, page="p")) == 1


def test_a_finding_is_not_taken_back(stage: Stage, case: casework.Case) -> None:
    """Empty words would open the review again, and leave no trace on the page."""
    world = stage.world
    _outcome, opening_id = _open(world, case.person)
    with world.as_("governance") as by:
        people.review_emergency(opening_id=opening_id, finding="follow_up", note="Ask her.", by=by)
    with (
        world.as_("governance"),
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT people_review_emergency(%s, '', 'x')", [opening_id])


def test_pressing_again_is_logged_with_its_reason_and_tells_nobody_twice(
    stage: Stage, case: casework.Case
) -> None:
    world = stage.world
    for reason in ("She fell.", "Another reason.", "A third."):
        assert _open(world, case.person, reason=reason)[0] == O.OPENED
    assert _told(world) == 2  # two leads, once each
    person = case.person
    with world.as_("governance") as by:
        traces = people.who_saw(
            by,
            identifier=None,
            given_name=person.given_name,
            family_name=person.family_name,
            birth_date=person.birth_date,
            reason="She asked",
            page="who saw",
        )
    said = [one.reason for one in traces if one.page == "emergency"]
    assert sorted(said) == ["A third.", "Another reason.", "She fell."]


def test_the_third_opening_pressed_twice_is_no_alarm(stage: Stage) -> None:
    world = stage.world
    for _ in range(3):
        last = stage.case().person
        assert _open(world, last)[0] == O.OPENED
    assert _open(world, last)[0] == O.OPENED


def test_refusals_without_end_alarm_once(stage: Stage) -> None:
    world = stage.world
    for _ in range(3):
        _open(world, stage.case().person)
    before, more = _told(world), stage.case().person
    for _ in range(4):
        assert _open(world, more)[0] == O.TOO_MANY
    assert _told(world) == before + 2
    with world.as_("governance") as by:
        outcomes = [one.outcome for one in people.emergencies(by, since=world.at, page="p")]
        assert outcomes.count(O.TOO_MANY) == 4


@pytest.mark.parametrize("column", ["suspended_at", "ends_at"])
def test_whoever_is_suspended_or_leaves_meanwhile_reads_nothing_by_sql_either(
    stage: Stage, case: casework.Case, column: str
) -> None:
    """Also while a web process has not noticed."""
    world = stage.world
    _open(world, case.person)
    account = world.other_worker.user_id
    assert account is not None
    with world.as_(world.job()):
        [held] = tenancy.current_memberships(user_id=account, at=world.at)
        setattr(held, column, world.at)
        held.save(update_fields=[column])
    with world.as_("other_worker"):
        assert seen_tables(case) <= {"people_emergencyopening", "people_involvement"}


def test_who_acts_for_another_organisation_opens_it_anew(stage: Stage, case: casework.Case) -> None:
    """Pressed in a second role: the record of the first is not open to it, so nobody is sent there."""
    world = stage.world
    _outcome, first = _open(world, case.person)
    by = world.other_worker
    assert by.user_id is not None
    with world.as_(world.job()):
        tenancy.Membership(
            id=new_id(world.at),
            user_id=by.user_id,
            organisation_id=world.other_practice.id,
            role="clinician",
            starts_at=world.at,
        ).save(force_insert=True)
    second_role = replace(
        by,
        organisation_ids=frozenset({world.other_practice.id}),
        organisation_id=world.other_practice.id,
    )
    world.actors["second_role"] = second_role
    outcome, second = _open(world, case.person, who="second_role")
    assert (outcome, second == first) == (O.OPENED, False)
    with world.as_("second_role") as again:
        assert people.opening(again, opening_id=second)


HISTORY = "SELECT count(*) FROM people_emergencyopeninghistoryevent"


def test_the_history_tells_colleagues_nothing(stage: Stage, case: casework.Case) -> None:
    world = stage.world
    _open(world, case.person)
    for who in ("other_lead", "lead", "worker", "administrator", "manager"):
        with world.as_(who), connection.cursor() as cursor:
            cursor.execute(HISTORY)
            assert cursor.fetchone() == (0,), who


def test_a_job_opens_nothing(stage: Stage, case: casework.Case) -> None:
    world, person = stage.world, case.person
    given = [
        new_id(),
        person.birth_date,
        person.given_name,
        person.family_name,
        world.scheme.id,
        "danger",
        "w",
    ]
    with (
        world.as_(world.job(permissions=("open_in_emergency",))),
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(CALL, given)


def test_the_end_stands_whatever_is_pressed(stage: Stage, case: casework.Case) -> None:
    """A second press late in the day gives no second day."""
    world = stage.world
    first = _open(world, case.person)
    world.later(hours=23, minutes=59)
    assert _open(world, case.person) == first
    world.later(minutes=1)
    with world.as_("other_worker"):
        assert "people_person" not in seen_tables(case)
    with world.as_("governance") as by:
        [one] = people.emergencies(by, since=world.at - timedelta(days=2), page="p")
        assert one.ends_at == world.at


@pytest.mark.parametrize("kind", people.EmergencyReason.values)
def test_the_database_knows_each_kind_of_emergency(stage: Stage, kind: str) -> None:
    world = stage.world
    with world.as_("other_worker") as by, connection.cursor() as cursor:
        cursor.execute(CALL, [new_id(), world.at.date(), "No", "Body", by.organisation_id, kind, "why"])
        assert cursor.fetchone()[0] == O.NOBODY


@pytest.mark.parametrize("finding", people.EmergencyFinding.values)
def test_the_database_knows_each_finding(stage: Stage, case: casework.Case, finding: str) -> None:
    _outcome, opening_id = _open(stage.world, case.person)
    with stage.world.as_("governance") as by:
        people.review_emergency(opening_id=opening_id, finding=finding, note="x", by=by)


def test_whom_to_ring_is_who_stands_in_for_a_practice_that_closed(stage: Stage, case: casework.Case) -> None:
    world = stage.world
    with world.as_(world.job()) as by:
        tenancy.close_organisation(
            organisation=world.practice,
            closes_on=world.at.date() + timedelta(days=1),
            successors=[world.other_practice],
            by=by,
            at=world.at,
        )
    for name in (world.practice.name, world.other_practice.name):
        _open(world, case.person)
        with world.as_("other_worker") as reader:
            told = {one.name for one in people.at_work_with(reader, person_id=case.person_id)}
        assert told == {world.scheme.name, name}
        world.later(days=1, minutes=1)
