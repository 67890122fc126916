"""Break-glass: a record opened in an emergency, by one account, for one day, for reading, and never unseen."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories.stage import Stage
from tests.factories.world import World, build_world
from tests.integration.walls.about_people import seen_tables

from fingerpost.kernel.errors import Faults, NotAllowed, NotFound
from fingerpost.kernel.ids import new_id
from fingerpost.kernel.person_identifiers import parse_identifier
from fingerpost.web.audit import api as audit
from fingerpost.web.casework import api as casework
from fingerpost.web.messaging import api as messaging
from fingerpost.web.people import api as people
from fingerpost.web.people.models import Identifier
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Permission
from fingerpost.web.tenancy.permissions import ROLE_PERMISSIONS

pytestmark = pytest.mark.django_db
O = people.EmergencyOutcome  # noqa: E741 - short beside long lines

WHO = {"people_person", "people_identifier", "people_contactcondition"}
OWN = {"people_involvement", "people_emergencyopening"}
WHY = "Found at the bus stop, cold and confused."


@pytest.fixture
def stage() -> Stage:
    return Stage(build_world())


@pytest.fixture
def case(stage: Stage) -> casework.Case:
    made = stage.contact().case
    with stage.world.as_("worker") as by:
        Identifier(person=made.person, kind="nhs_number", value="9990000018").save(force_insert=True)
        people.set_condition(
            person=made.person,
            condition=people.NewCondition(kind="phone", reason="He listens in."),
            by=by,
            at=stage.world.at,
        )
    return made


def _open(
    world: World, person: people.Person, *, who: str = "other_worker", **changes: object
) -> tuple[people.EmergencyOutcome, UUID]:
    given: dict[str, object] = {
        "identifier": None,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "birth_date": person.birth_date,
    }
    with world.as_(who) as by:
        return people.open_in_emergency(
            sought=people.Sought(**{**given, **changes}),  # type: ignore[arg-type]
            reason_kind="danger",
            reason=WHY,
            page="emergency",
            by=by,
            at=world.at,
        )


def test_it_opens_who_they_are_to_one_account_for_a_day(stage: Stage, case: casework.Case) -> None:
    world = stage.world
    assert _open(world, case.person)[0] == O.OPENED
    with world.as_("other_worker") as by:
        assert seen_tables(case) == WHO | OWN
        assert [rule.kind for rule in people.rules_of(case.person_id)] == ["phone"]
        assert {one.name for one in people.at_work_with(by, person_id=case.person_id)} == {
            "Link Up",
            "Elm Street Surgery",
        }
        assert case.person_id not in {one.id for one in people.search(by, query=case.person.family_name)}
    for colleague in ("other_lead", "other_gp", "other_governance"):
        with world.as_(colleague):
            assert seen_tables(case) == set(), colleague
    world.later(hours=23, minutes=59, seconds=59)
    with world.as_("other_worker"):
        assert "people_person" in seen_tables(case)
    world.later(seconds=1)
    with world.as_("other_worker") as by:
        assert seen_tables(case) == {"people_emergencyopening", "people_involvement"}
        assert people.at_work_with(by, person_id=case.person_id) == []


def test_the_number_with_the_birth_date_is_enough(stage: Stage, case: casework.Case) -> None:
    number = parse_identifier("nhs_number", "9990000018")
    assert _open(stage.world, case.person, identifier=number, given_name="", family_name="")[0] == O.OPENED


@pytest.mark.parametrize(
    "change",
    [
        {"birth_date": date(1911, 1, 1)},
        {"given_name": "Some"},
        {"family_name": "%"},
        {"given_name": "", "family_name": ""},
        {"identifier": parse_identifier("nhs_number", "9990000026")},
    ],
)
def test_a_miss_opens_nothing_and_is_written_down(
    stage: Stage, case: casework.Case, change: dict[str, object]
) -> None:
    outcome, _id = _open(stage.world, case.person, **change)
    assert outcome == O.NOBODY
    with stage.world.as_("other_worker"):
        assert seen_tables(case) == set()
    with stage.world.as_("governance") as by:
        [one] = people.emergencies(by, since=stage.world.at - timedelta(days=1), page="p")
        assert (one.outcome, one.person, one.reason) == (O.NOBODY, "", WHY)


def test_another_system_is_never_reached(stage: Stage, case: casework.Case) -> None:
    away = build_world(mark=" 2")
    assert _open(away, case.person, who="worker")[0] == O.NOBODY


def test_a_sealed_record_stays_shut_and_looks_like_a_miss(stage: Stage, case: casework.Case) -> None:
    world = stage.world
    with world.as_("worker") as by:
        assert by.user_id
        people.seal_person(person=case.person, named={by.user_id}, reason="Family.", by=by, at=world.at)
    assert _open(world, case.person, who="second_worker")[0] == O.NOBODY
    with world.as_("second_worker"):
        assert seen_tables(case) <= {"pathway_journey", "pathway_pathwayevent"}


def test_two_people_of_one_name_and_birth_date_are_told_apart_by_number_alone(
    stage: Stage, case: casework.Case
) -> None:
    person = case.person
    with stage.world.as_("gp") as by:
        people.record_person(
            details=people.PersonDetails(
                given_name=person.given_name,
                family_name=person.family_name,
                birth_date=person.birth_date,
                phone="07700 900555",
            ),
            identifier=None,
            practice_id=by.organisation_id,
            by=by,
            at=stage.world.at,
        )
    assert _open(stage.world, person)[0] == O.NOBODY


def test_it_is_for_reading(stage: Stage, case: casework.Case) -> None:
    """By the doors in words, by SQL with an error; and it begins nothing that lasts."""
    world = stage.world
    _outcome, opening_id = _open(world, case.person)
    with world.as_("other_worker") as by:
        with pytest.raises(NotAllowed, match="emergency"):
            people.person(by, person_id=case.person_id)
        person = people.opening(by, opening_id=opening_id).person
        assert person is not None
        with pytest.raises(NotAllowed, match="emergency"):
            people.record_death(person=person, died_on=date(2026, 3, 1), by=by, at=world.at)
        with pytest.raises(NotAllowed, match="emergency"):
            people.set_condition(
                person=person,
                condition=people.NewCondition(kind="nothing", reason="x"),
                by=by,
                at=world.at,
            )
    statements = (
        f"UPDATE people_person SET given_name = 'X' WHERE id = '{case.person_id}'",
        "INSERT INTO people_identifier (id, system_id, person_id, kind, value) VALUES (gen_random_uuid(), fp_system(),"
        f" '{case.person_id}', 'chi_number', '0101010101')",
        "INSERT INTO people_involvement (id, system_id, person_id, organisation_id, kind, starts_at, ended_reason)"
        f" VALUES (gen_random_uuid(), fp_system(), '{case.person_id}', '{world.other_scheme.id}', 'scheme', fp_now(),"
        " '')",
        "UPDATE people_involvement SET ends_at = ends_at + interval '1 hour', starts_at = starts_at + interval '1 hour'"
        " WHERE kind = 'emergency'",
        "UPDATE people_involvement SET account_id = NULL, kind = 'scheme' WHERE kind = 'emergency'",
        "UPDATE people_emergencyopening SET reason = 'another'",
        "DELETE FROM people_emergencyopening",
        "UPDATE people_emergencyopeninghistoryevent SET reason = 'another'",
        f"SELECT people_end_of_others('{case.person_id}', '{world.scheme.id}', 'scheme', fp_now(), 'x')",
    )
    for statement in statements:
        with (
            world.as_("other_worker"),
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
            pytest.fail(f"{cursor.rowcount} rows: {statement}")


def test_who_may_is_told_by_membership_and_the_reason_is_demanded(stage: Stage, case: casework.Case) -> None:
    world, person = stage.world, case.person
    call = "SELECT * FROM people_open_in_emergency(%s, '', '', %s, %s, %s, %s, 'danger', %s, 'p', '')"
    for who, organisation, why in (
        ("receptionist", world.practice.id, WHY),
        ("manager", world.scheme.id, WHY),
        ("administrator", world.scheme.id, WHY),
        ("governance", world.scheme.id, WHY),
        ("other_worker", world.scheme.id, WHY),
        ("other_worker", world.other_scheme.id, "  "),
    ):
        with (
            world.as_(who),
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                call, [new_id(), person.birth_date, person.given_name, person.family_name, organisation, why]
            )
    with world.as_("other_worker") as by, pytest.raises(Faults):
        people.open_in_emergency(
            sought=people.Sought(
                identifier=None, given_name="A", family_name="B", birth_date=person.birth_date
            ),
            reason_kind="curious",
            reason=" ",
            page="p",
            by=by,
            at=world.at,
        )


def test_the_roles_of_the_database_are_those_of_the_permission() -> None:
    allowed = {role.value for role, held in ROLE_PERMISSIONS.items() if Permission.OPEN_IN_EMERGENCY in held}
    assert allowed == {"clinician", "link_worker", "team_lead"}
    reviewing = {
        role.value for role, held in ROLE_PERMISSIONS.items() if Permission.REVIEW_EMERGENCIES in held
    }
    assert reviewing == {"governance_lead"}


def test_many_in_a_day_are_refused_and_told(stage: Stage) -> None:
    world = stage.world
    for _ in range(3):
        assert _open(world, stage.case().person)[0] == O.OPENED
    assert _open(world, stage.case().person)[0] == O.TOO_MANY
    with world.as_("governance") as by:
        outcomes = [one.outcome for one in people.emergencies(by, since=world.at, page="p")]
        assert sorted(outcomes) == ["opened"] * 3 + ["too_many"]
    world.later(hours=24)
    assert _open(world, stage.case().person)[0] == O.OPENED


def test_many_misses_in_a_day_are_refused(stage: Stage, case: casework.Case) -> None:
    for _ in range(10):
        assert _open(stage.world, case.person, birth_date=date(1911, 1, 1))[0] == O.NOBODY
    assert _open(stage.world, case.person)[0] == O.TOO_MANY


def test_pressing_twice_is_one_opening(stage: Stage, case: casework.Case) -> None:
    first, second = _open(stage.world, case.person), _open(stage.world, case.person)
    assert first == second


def test_closing_by_hand_is_for_the_opener_and_needs_a_new_reason_to_open_again(
    stage: Stage, case: casework.Case
) -> None:
    world = stage.world
    _outcome, opening_id = _open(world, case.person)
    with world.as_("other_lead") as by:
        assert not people.close_emergency(opening_id=opening_id, by=by)
    world.later(minutes=5)
    with world.as_("other_worker") as by:
        assert people.opening(by, opening_id=opening_id)
        assert people.close_emergency(opening_id=opening_id, by=by)
        assert "people_person" not in seen_tables(case)
        with pytest.raises(NotFound):
            people.opening(by, opening_id=opening_id)
    assert _open(world, case.person)[1] != opening_id


def test_somebody_suspended_meanwhile_sees_nothing(stage: Stage, case: casework.Case) -> None:
    """Their next request finds no membership: the scope opens no organisation."""
    world = stage.world
    _open(world, case.person)
    other = world.other_worker.user_id
    assert other is not None
    with world.as_("other_worker"), connection.cursor() as cursor:
        cursor.execute("SELECT people_open_now(%s)", [case.person_id])
        assert cursor.fetchone() == (True,)
    with world.as_(world.job()) as by:
        [held] = tenancy.current_memberships(user_id=other, at=world.at)
        tenancy.end_membership(membership=held, by=by, at=world.at)
    assert tenancy.current_memberships(user_id=other, at=world.at) == []


def test_every_lead_is_told_without_a_word_about_anybody(stage: Stage, case: casework.Case) -> None:
    _open(stage.world, case.person)
    with stage.world.as_("other_lead") as by:
        told = [one for one in messaging.outbox(by) if one.about_kind == "emergency"]
    assert {one.address for one in told} == {"governance@staff.example", "other_governance@staff.example"}
    for one in told:
        said = f"{one.subject} {one.text} {one.html}"
        assert case.person.family_name not in said and WHY not in said
        assert "/emergencies/" in one.text


def test_the_lead_reviews_once_and_in_words_and_what_they_read_is_logged(
    stage: Stage, case: casework.Case
) -> None:
    world = stage.world
    _outcome, opening_id = _open(world, case.person)
    with world.as_("governance") as by:
        [one] = people.emergencies(by, since=world.at, page="emergencies")
        assert one.person == case.person.full_name
        with pytest.raises(Faults):
            people.review_emergency(opening_id=opening_id, finding="justified", note=" ", by=by)
        people.review_emergency(opening_id=opening_id, finding="follow_up", note="Ask her.", by=by)
        people.review_emergency(opening_id=opening_id, finding="not_justified", note="A neighbour.", by=by)
        with pytest.raises(NotAllowed):
            people.review_emergency(opening_id=opening_id, finding="justified", note="x", by=by)
    for who in ("other_worker", "lead", "administrator"):
        with world.as_(who) as by, pytest.raises(NotAllowed):
            people.emergencies(by, since=world.at, page="p")
        with (
            world.as_(who),
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT * FROM people_emergencies(gen_random_uuid(), NULL, 'p', now())")
    with world.as_("lead"):
        looks = audit.Access.objects.filter(person_ids__contains=[case.person_id], page="emergencies")
        assert looks.count() == 1


def test_the_person_can_be_told_that_it_was_opened_and_why(stage: Stage, case: casework.Case) -> None:
    _open(stage.world, case.person)
    with stage.world.as_("governance") as by:
        traces = people.who_saw(
            by,
            identifier=None,
            given_name=case.person.given_name,
            family_name=case.person.family_name,
            birth_date=case.person.birth_date,
            reason="She asked",
            page="who saw",
        )
    assert ("emergency", WHY) in {(one.page, one.reason) for one in traces}
