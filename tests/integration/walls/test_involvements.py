"""What each kind of involvement opens, and when: the whole table, asked of the database as the application role.

The time of the policies is `fp_now()`, here the clock of the world: it is an exact edge.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories.stage import Stage
from tests.factories.world import World, build_world, details, request
from tests.integration.walls.about_people import lived, seen_tables, tables

from fingerpost.kernel.errors import NotAllowed
from fingerpost.kernel.ids import new_id
from fingerpost.kernel.person_identifiers import parse_identifier
from fingerpost.web.audit import api as audit
from fingerpost.web.casework import api as casework
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.people import api as people
from fingerpost.web.people.models import Involvement, Person
from fingerpost.web.referrals import api as referrals
from fingerpost.web.tenancy import api as tenancy

pytestmark = pytest.mark.django_db

WHO = {"people_person", "people_identifier", "people_contactcondition"}
WORK = {
    "referrals_referral",
    "casework_case",
    "casework_contact",
    "casework_plan",
    "casework_goal",
    "measures_occasion",
    "connections_connection",
    "connections_shareddetails",
    "connections_providerreply",
    "pathway_journey",
    "pathway_pathwayevent",
}
# The only place that says what an involvement opens of what others have written down.
OPENS = {
    "registered_practice": WHO,
    "referrer": WHO,
    "scheme": WHO,
    "employer": WHO - {"people_identifier"},
    "cover": WHO | WORK,
    "emergency": set(),  # begun by its function alone, for one account and one day: test_emergency.py
}
# About a person, and opened by no involvement alone: each says why.
OF_ITS_OWN = {
    "people_involvement": "an organisation reads its own, and those on its behalf",
    "people_consent": "read by the organisation that recorded it",
    "people_seal": "read by those it names",
    "people_emergencyopening": "read by whoever opened it",
    "feedback_letter": "for the practice that referred and the scheme that wrote it",
    "messaging_message": "the outbox of the organisation that sends it",
}
TIMES = {
    "an hour before it begins": ("fp_now() + interval '1 hour'", "fp_now() + interval '2 hours'", False),
    "at its first moment": ("fp_now()", "fp_now() + interval '1 hour'", True),
    "while it lasts": ("fp_now() - interval '1 hour'", "fp_now() + interval '1 hour'", True),
    "a microsecond before it ends": (
        "fp_now() - interval '1 hour'",
        "fp_now() + interval '1 microsecond'",
        True,
    ),
    "at its end": ("fp_now() - interval '1 hour'", "fp_now()", False),
    "after its end": ("fp_now() - interval '2 hours'", "fp_now() - interval '1 hour'", False),
}


@pytest.fixture
def stage() -> Stage:
    return Stage(build_world())


def _viewer(world: World, kind: str) -> tuple[tenancy.Organisation, Actor]:
    """An organisation of a kind that has such an involvement, and somebody of it who works with people."""
    if kind in ("registered_practice", "referrer"):
        return world.other_practice, world.other_gp
    if kind in ("scheme", "cover"):
        return world.other_scheme, world.other_worker
    with world.as_(world.job()) as by:
        employer = tenancy.register_organisation(
            kind=tenancy.OrganisationKind.EMPLOYER, name="Leisure Trust", by=by
        )
        membership = tenancy.open_account(
            email="visits@staff.example",
            name="Visits",
            role=tenancy.Role.LINK_WORKER,
            organisation=employer,
            by=by,
            at=world.at - timedelta(days=9),
        )
        return employer, tenancy.actor_of(user=membership.user, membership=membership)


def _involve(
    case: casework.Case,
    organisation_id: UUID,
    kind: str,
    begins: str,
    ends: str,
    *,
    account: UUID | None = None,
) -> None:
    """As the scheme of the case, by SQL: from and until are expressions of the database's time."""
    behalf = case.scheme_id if kind == "cover" else None
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_involvement (id, system_id, person_id, organisation_id, on_behalf_of_id, account_id,"
            f" kind, starts_at, ends_at, ended_reason) VALUES (%s, %s, %s, %s, %s, %s, %s, {begins}, {ends}, '')",
            [new_id(), case.system_id, case.person_id, organisation_id, behalf, account, kind],
        )


def test_each_table_about_a_person_is_in_the_truth_table() -> None:
    assert set(tables()) == WHO | WORK | set(OF_ITS_OWN)


def test_each_kind_is_in_the_truth_table() -> None:
    assert set(OPENS) == set(people.InvolvementKind.values)


def test_nobody_makes_an_emergency_by_hand(stage: Stage) -> None:
    """Not for themselves and not for others, not even a scheme that is involved."""
    case = lived(stage)
    for begins, ends in (("fp_now()", "fp_now() + interval '1 hour'"), ("fp_now()", "NULL")):
        with stage.world.as_("lead") as by, pytest.raises(DatabaseError), transaction.atomic():
            _involve(case, stage.world.other_scheme.id, "emergency", begins, ends, account=by.user_id)


def test_the_scheme_itself_sees_all_of_it(stage: Stage) -> None:
    case = lived(stage)
    with stage.world.as_("worker"):
        assert seen_tables(case) >= WHO | WORK, "what is not there could not be seen by anybody"


BY_HAND = sorted(set(OPENS) - {"emergency"})


@pytest.mark.parametrize("kind", BY_HAND)
def test_a_kind_opens_what_it_should_for_as_long_as_it_should(stage: Stage, kind: str) -> None:
    case = lived(stage)
    organisation, viewer = _viewer(stage.world, kind)
    with stage.world.as_(viewer):
        assert seen_tables(case) == set()
    for time, (begins, ends, opens) in TIMES.items():
        with transaction.atomic():
            with stage.world.as_("lead"):
                _involve(case, organisation.id, kind, begins, ends)
            with stage.world.as_(viewer):
                assert seen_tables(case) - {"people_involvement"} == (OPENS[kind] if opens else set()), time
            transaction.set_rollback(True)


@pytest.mark.parametrize("kind", BY_HAND)
def test_nobody_opens_a_person_to_themselves(stage: Stage, kind: str) -> None:
    case = lived(stage)
    organisation, viewer = _viewer(stage.world, kind)
    with stage.world.as_(viewer), pytest.raises(DatabaseError), transaction.atomic():
        _involve(case, organisation.id, kind, "fp_now()", "fp_now() + interval '1 hour'")


def test_cover_ends_no_work_and_passes_nothing_on(stage: Stage) -> None:
    """What binds the scheme is not done in its place: policies of the code, tried through the doors."""
    case = lived(stage)
    with stage.world.as_("lead"):
        _involve(
            case,
            stage.world.other_scheme.id,
            "cover",
            "fp_now() - interval '1 hour'",
            "fp_now() + interval '1 day'",
        )
    with stage.world.as_("other_worker") as by:
        held = casework.case(by, case_id=case.id)
        casework.log_contact(case=held, details=stage.talk(), by=by, at=stage.world.at)
        with pytest.raises(NotAllowed):
            casework.close(case=held, reason="lost_touch", story="", by=by, at=stage.world.at)


def test_closing_one_case_leaves_another_of_the_same_person_open_to_the_scheme(stage: Stage) -> None:
    world, first = stage.world, stage.case()
    with world.as_("gp") as by:
        again = referrals.refer_known_person(
            person=people.person(by, person_id=first.person_id),
            request=request(world),
            scheme_id=world.scheme.id,
            by=by,
            at=world.at,
        )
    with world.as_("lead") as by:
        second = casework.accept(
            referral=referrals.referral(by, referral_id=again.id),
            by=by,
            at=world.at,
            worker_id=world.worker.user_id,
        )
    with world.as_("worker") as by:
        casework.close(case=first, reason="lost_touch", story="", by=by, at=world.at)
    assert _ends(world, first.person_id, "scheme") == [None]
    with world.as_("worker") as by:
        casework.close(
            case=casework.case(by, case_id=second.id), reason="lost_touch", story="", by=by, at=world.at
        )
    assert _ends(world, first.person_id, "scheme") == [world.at + timedelta(days=90)]


@pytest.mark.parametrize("how", ["decline", "withdraw"])
def test_a_referral_that_came_to_nothing_closes_on_its_day(stage: Stage, how: str) -> None:
    world, made = stage.world, stage.referral()
    if how == "decline":
        with world.as_("lead") as by:
            referrals.decline(referral=made, reason="scheme_not_suitable", by=by, at=world.at)
    else:
        with world.as_("gp") as by:
            referrals.withdraw(referral=made, reason="referrer_withdrew", by=by, at=world.at)
    assert _ends(world, made.person_id, "scheme") == [world.at + timedelta(days=90)]


def test_bringing_a_number_makes_a_referrer_and_not_the_practice(world_with_amina: World) -> None:
    world = world_with_amina
    with world.as_("other_gp") as by:
        person, _known = people.record_person(
            details=details(),
            identifier=parse_identifier("nhs_number", "9990000018"),
            practice_id=world.other_practice.id,
            by=by,
            at=world.at,
        )
    with world.as_("worker"):
        assert people.person(world.worker, person_id=person.id).practice_id == world.practice.id
    with world.as_("other_gp"):
        assert [one.kind for one in Involvement.objects.filter(person_id=person.id)] == ["referrer"]


@pytest.fixture
def world_with_amina() -> World:
    world = build_world()
    with world.as_("gp") as by:
        referrals.refer(
            details=details(),
            identifier=parse_identifier("nhs_number", "9990000018"),
            request=request(world),
            scheme_id=world.scheme.id,
            by=by,
            at=world.at,
        )
    return world


def test_names_in_the_access_log_are_for_roles_that_work_with_people(world_with_amina: World) -> None:
    world = world_with_amina
    with world.as_("worker") as by:
        [row] = people.search(by, query="Amina")
        audit.record_view(actor=by, person_id=row.id, label="Amina Okafor", page="person")
    looked = "SELECT count(*) FROM audit_access WHERE person_label LIKE '%%Amina%%'"
    for who, seen in {"worker": True, "manager": False, "administrator": False, "governance": False}.items():
        with world.as_(who), connection.cursor() as cursor:
            cursor.execute(looked)
            assert (cursor.fetchone()[0] > 0) is seen, who


def test_change_of_practice_closes_the_old_one_and_opens_the_new(world_with_amina: World) -> None:
    world = world_with_amina
    with world.as_("gp") as by:
        [person] = people.search(by, query="Amina")
        people.change_practice(
            person=people.person(by, person_id=person.id),
            practice_id=world.other_practice.id,
            by=by,
            at=world.at,
        )
    assert [end is None for end in _ends(world, person.id, "registered_practice")] == [False, True]
    with world.as_("gp"):
        assert not Person.objects.filter(id=person.id).exists()
    with world.as_("other_gp") as by:
        assert people.person(by, person_id=person.id).practice_id == world.other_practice.id
    with world.as_("worker") as by:
        assert people.person(by, person_id=person.id).given_name == "Amina"


def test_an_employer_sees_whom_its_worker_visits_until_the_case_moves_on(stage: Stage) -> None:
    world = stage.world
    employer, viewer = _viewer(world, "employer")
    with world.as_(world.job()) as by:
        tenancy.add_membership(
            user_id=world.second_worker.user_id,
            organisation=employer,
            role=tenancy.Role.LINK_WORKER,
            by=by,
            at=world.at - timedelta(days=9),
        )
    case = stage.case()
    with world.as_("lead") as by:
        casework.assign(case=case, worker_id=world.second_worker.user_id, by=by, at=world.at)
    with world.as_(viewer):
        assert seen_tables(case) == {"people_person", "people_involvement"}
    with world.as_("lead") as by:
        held = casework.case(by, case_id=case.id)
        casework.assign(case=held, worker_id=world.worker.user_id, by=by, at=world.at)
    with world.as_(viewer):
        assert seen_tables(case) - {"people_involvement"} == set()


def _ends(world: World, person_id: UUID, kind: str) -> list[datetime | None]:
    """When each involvement of the kind ends, the first begun first; read by those whose they are."""
    found: set[tuple[datetime, datetime | None]] = set()
    for who in ("gp", "other_gp", "worker"):
        with world.as_(who):
            rows = Involvement.objects.filter(person_id=person_id, kind=kind)
            found |= set(rows.values_list("starts_at", "ends_at"))
    return [end for _, end in sorted(found, key=lambda each: (each[1] is None, each[0]))]
