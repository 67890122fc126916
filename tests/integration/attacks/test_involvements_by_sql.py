"""Somebody with SQL as the application role wants to see a person for longer, or as more, than they were given.

Each statement was tried first and went through: it is here so that it never does again.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories.stage import Stage
from tests.factories.world import World, build_world, details, request
from tests.integration.walls.about_people import lived, seen_tables

from fingerpost.kernel.errors import NotAllowed
from fingerpost.kernel.ids import new_id
from fingerpost.web.casework import api as casework
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.people import api as people
from fingerpost.web.people.models import ContactCondition, Involvement
from fingerpost.web.referrals import api as referrals
from fingerpost.web.tenancy import api as tenancy

pytestmark = pytest.mark.django_db

_INSERT = (
    "INSERT INTO people_involvement (id, system_id, person_id, organisation_id, on_behalf_of_id, kind, starts_at,"
    " ends_at, ended_reason) VALUES (%(new)s, fp_system(), %(person)s, %(organisation)s, NULL, %(kind)s, fp_now(),"
    " NULL, '')"
)


@pytest.fixture
def stage() -> Stage:
    return Stage(build_world())


def _run(statement: str, **given: Any) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, {"new": new_id(), **given})
        return cursor.rowcount


def _cover(world: World, person_id: UUID, *, days: int = 0) -> None:
    with world.as_("lead") as by:
        people.give_cover(
            person_ids=[person_id],
            to_scheme_id=world.other_scheme.id,
            first_day=world.at.date(),
            last_day=world.at.date() + timedelta(days=days),
            by=by,
            at=world.at,
        )


def _employer(world: World) -> tuple[tenancy.Organisation, Actor]:
    """An employer of the second worker, and somebody of it who works with people."""
    with world.as_(world.job()) as by:
        employer = tenancy.register_organisation(
            kind=tenancy.OrganisationKind.EMPLOYER, name="Leisure Trust", by=by
        )
        began = world.at - timedelta(days=9)
        for account in (world.worker.user_id, world.second_worker.user_id):
            assert account is not None
            tenancy.add_membership(
                user_id=account, organisation=employer, role=tenancy.Role.LINK_WORKER, by=by, at=began
            )
        membership = tenancy.open_account(
            email="visits@staff.example",
            name="Visits",
            role=tenancy.Role.LINK_WORKER,
            organisation=employer,
            by=by,
            at=began,
        )
        return employer, tenancy.actor_of(user=membership.user, membership=membership)


def test_an_involvement_is_not_bent_to_another_person(stage: Stage) -> None:
    """An id alone opens nobody: neither by a new row nor by an old one."""
    world, mine = stage.world, stage.case()
    with world.as_("other_gp") as by:
        stranger = referrals.refer(
            details=details(**stage.new()),
            identifier=None,
            request=request(world),
            scheme_id=world.other_scheme.id,
            by=by,
            at=world.at,
        ).person_id
    bend = "UPDATE people_involvement SET person_id = %(stranger)s WHERE person_id = %(mine)s"
    with world.as_("worker"):
        with pytest.raises(DatabaseError):
            _run(bend, stranger=stranger, mine=mine.person_id)
        assert not people.Person.objects.filter(id=stranger).exists()


@pytest.mark.parametrize("ends", ["NULL", "fp_now() + interval '1 year'"])
def test_an_end_is_not_put_off(stage: Stage, ends: str) -> None:
    world, made = stage.world, stage.referral()
    with world.as_("lead") as by:
        referrals.decline(referral=made, reason="scheme_not_suitable", by=by, at=world.at)
        with pytest.raises(DatabaseError):
            _run(
                f"UPDATE people_involvement SET ends_at = {ends} WHERE person_id = %(person)s",
                person=made.person_id,
            )


_END = "SELECT people_end_of_others(%(person)s, %(organisation)s, %(kind)s, fp_now(), 'x')"


def test_nobody_ends_what_another_still_works_with(stage: Stage) -> None:
    """It opens nothing, and yet a worker would lose the case, or a practice its patient."""
    world = stage.world
    waiting, case = stage.referral(), lived(stage)
    with world.as_("worker"):
        seen = seen_tables(case)
        _run(_INSERT, person=case.person_id, organisation=world.other_practice.id, kind="referrer")
    with world.as_("other_gp") as by:
        again = referrals.refer_known_person(
            person=people.person(by, person_id=case.person_id),
            request=request(world),
            scheme_id=world.other_scheme.id,
            by=by,
            at=world.at,
        )
    tries = (
        ("gp", case.person_id, world.scheme.id, "scheme"),
        ("gp", waiting.person_id, world.scheme.id, "scheme"),
        ("worker", case.person_id, world.practice.id, "registered_practice"),
        ("worker", case.person_id, world.other_practice.id, "referrer"),
    )
    for who, person, organisation, kind in tries:
        with world.as_(who), pytest.raises(DatabaseError, match="still works with this person"):
            ended = _run(_END, person=person, organisation=organisation, kind=kind)
            pytest.fail(f"{who} ended {ended} of {kind}")
    with world.as_("worker"):
        assert seen_tables(case) == seen
    for who, referral in (("lead", waiting), ("other_gp", again)):
        with world.as_(who) as by:
            assert referrals.referral(by, referral_id=referral.id)


def test_an_involvement_is_ended_by_another_when_the_work_has_ended(stage: Stage) -> None:
    """Taking a referral back gives the scheme its ninety days; so does the database, and less by SQL."""
    world, made = stage.world, stage.referral()
    with world.as_("gp") as by:
        referrals.withdraw(
            referral=referrals.referral(by, referral_id=made.id), reason="changed_mind", by=by, at=world.at
        )
        _run(_END, person=made.person_id, organisation=world.scheme.id, kind="scheme")
    with world.as_("lead"):
        assert not people.Person.objects.filter(id=made.person_id).exists()


def test_cover_is_not_stretched_turned_or_made_ones_own(stage: Stage) -> None:
    world, case = stage.world, stage.case()
    _cover(world, case.person_id)
    tries = {
        "longer": "UPDATE people_involvement SET ends_at = ends_at + interval '30 days'",
        "earlier": "UPDATE people_involvement SET starts_at = starts_at - interval '1 day'",
        "as a scheme": "UPDATE people_involvement SET kind = 'scheme', on_behalf_of_id = NULL",
        "of another": "UPDATE people_involvement SET on_behalf_of_id = %(organisation)s",
        "anew": _INSERT,
    }
    for what, statement in tries.items():
        with world.as_("other_worker"), pytest.raises(DatabaseError):
            _run(statement, person=case.person_id, organisation=world.other_scheme.id, kind="scheme")
            pytest.fail(what)
    with world.as_("other_worker"), pytest.raises(DatabaseError):
        _run(_INSERT, person=case.person_id, organisation=world.other_practice.id, kind="referrer")
    with world.as_(world.other_worker) as by:
        assert casework.case(by, case_id=case.id), "and they cover all the while"


def test_an_employer_makes_itself_nothing_more_and_ends_nobody(stage: Stage) -> None:
    world = stage.world
    employer, viewer = _employer(world)
    case = stage.case()
    with world.as_(viewer):
        assert people.Person.objects.filter(id=case.person_id).exists()
        for organisation, kind in ((employer.id, "scheme"), (world.other_practice.id, "referrer")):
            with pytest.raises(DatabaseError):
                _run(_INSERT, person=case.person_id, organisation=organisation, kind=kind)
        with pytest.raises(DatabaseError):
            _run(
                "SELECT people_end_of_others(%(person)s, %(scheme)s, 'scheme', fp_now(), 'x')",
                person=case.person_id,
                scheme=world.scheme.id,
            )


def test_who_employs_or_covers_moves_nobody_to_another_practice(stage: Stage) -> None:
    """It would open the person to that practice and shut theirs out: refused in words before the database does."""
    world = stage.world
    _, employed = _employer(world)
    case = stage.case()
    _cover(world, case.person_id)
    for who in (employed, world.other_worker):
        with world.as_(who) as by, pytest.raises(NotAllowed):
            people.change_practice(
                person=people.person(by, person_id=case.person_id),
                practice_id=world.other_practice.id,
                by=by,
                at=world.at,
            )


def test_what_a_person_said_about_contact_is_not_put_in_other_words(stage: Stage) -> None:
    world, case = stage.world, stage.case()
    with world.as_("worker") as by:
        set_ = people.set_condition(
            person=case.person,
            condition=people.NewCondition(kind="nothing", reason="Never again."),
            by=by,
            at=world.at,
        )
    for change in ("kind = 'post'", "reason = ''", "set_by_name = 'x'", "set_at = fp_now()"):
        with world.as_("gp"), pytest.raises(DatabaseError):
            _run(f"UPDATE people_contactcondition SET {change}")
    with world.as_("gp") as by:
        people.lift_condition(condition=set_, by=by, at=world.at)
        assert ContactCondition.objects.get(id=set_.id).kind == "nothing"


def test_a_seal_on_a_record_is_on_that_record(stage: Stage) -> None:
    """Else a seal on somebody one sees hides somebody whom one does not."""
    world, one = stage.world, stage.case()
    other = stage.person()
    with world.as_("worker") as by, pytest.raises(DatabaseError), transaction.atomic():
        people.seal(
            kind=people.SealKind.PERSON,
            subject_id=other.id,
            person=one.person,
            named={by.user_id},  # type: ignore[arg-type]
            reason="Because.",
            by=by,
            at=world.at,
        )


def _seal(world: World, person_id: UUID) -> people.Seal:
    with world.as_("worker") as by:
        return people.seal_person(
            person=people.person(by, person_id=person_id),
            named={by.user_id},  # type: ignore[arg-type]
            reason="Her sister works here.",
            by=by,
            at=world.at,
        )


def test_a_seal_shuts_cover_and_leaves_the_other_scheme_its_own_work(stage: Stage) -> None:
    """Both schemes work with the person, and one covers for the other: the seal of one is no seal on the other's."""
    world, case = stage.world, stage.case()
    with world.as_("gp") as by:
        again = referrals.refer_known_person(
            person=people.person(by, person_id=case.person_id),
            request=request(world),
            scheme_id=world.other_scheme.id,
            by=by,
            at=world.at,
        )
    with world.as_("other_lead") as by:
        own = casework.accept(referral=referrals.referral(by, referral_id=again.id), by=by, at=world.at)
    _cover(world, case.person_id)
    with world.as_("other_worker"):
        assert set(casework.Case.objects.values_list("id", flat=True)) == {case.id, own.id}
    _seal(world, case.person_id)
    with world.as_("other_worker") as by:
        assert set(casework.Case.objects.values_list("id", flat=True)) == {own.id}
        assert people.person(by, person_id=case.person_id)
    with world.as_("second_worker"):
        assert not casework.Case.objects.exists()
    with world.as_("worker"):
        assert case.id in set(casework.Case.objects.values_list("id", flat=True))


def test_a_seal_before_cover_holds_as_well(stage: Stage) -> None:
    world, case = stage.world, stage.case()
    _seal(world, case.person_id)
    with world.as_("worker"):
        _run(
            "INSERT INTO people_involvement (id, system_id, person_id, organisation_id, on_behalf_of_id, kind,"
            " starts_at, ends_at, ended_reason) VALUES (%(new)s, fp_system(), %(person)s, %(to)s, %(of)s, 'cover',"
            " fp_now(), fp_now() + interval '1 day', '')",
            person=case.person_id,
            to=world.other_scheme.id,
            of=world.scheme.id,
        )
    with world.as_("other_worker"):
        assert seen_tables(case) <= {"pathway_journey", "pathway_pathwayevent"}


@pytest.mark.parametrize("column", ["person_id", "to_person_id"])
def test_a_message_to_somebody_sealed_is_shut_whichever_column_names_them(stage: Stage, column: str) -> None:
    world, made = stage.world, stage.failed_message()
    person = stage.case().person_id
    with world.as_("lead"):
        _run(
            "UPDATE messaging_message SET person_id = NULL, to_person_id = NULL WHERE id = %(id)s", id=made.id
        )
        _run(
            f"UPDATE messaging_message SET {column} = %(person)s WHERE id = %(id)s", id=made.id, person=person
        )
    count = "SELECT id FROM messaging_message WHERE id = %(id)s"
    with world.as_("second_worker"):
        assert _run(count, id=made.id) == 1
    with world.as_("administrator"):
        assert _run(count, id=made.id) == 0
    _seal(world, person)
    with world.as_("second_worker"):
        assert _run(count, id=made.id) == 0


def test_an_employer_goes_on_seeing_whom_another_case_still_sends_it_to(stage: Stage) -> None:
    """Two cases of one person, each held by a worker of the same employer: the end of one is not the end of both."""
    world = stage.world
    _, viewer = _employer(world)
    first = stage.case()
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
            worker_id=world.second_worker.user_id,
        )
    for case, still in ((first, True), (second, False)):
        with world.as_("lead") as by:
            casework.close(
                case=casework.case(by, case_id=case.id), reason="lost_touch", story="", by=by, at=world.at
            )
        with world.as_(viewer):
            assert people.Person.objects.filter(id=first.person_id).exists() is still


def test_an_involvement_ends_once(stage: Stage) -> None:
    """Ending early stays possible: less is nobody's leave to ask."""
    world, case = stage.world, stage.case()
    _cover(world, case.person_id, days=9)
    with world.as_("other_worker") as by:
        _run("UPDATE people_involvement SET ends_at = fp_now(), ended_reason = 'gave it back'")
        assert not people.Person.objects.filter(id=case.person_id).exists()
        assert Involvement.objects.filter(organisation_id=by.organisation_id).count() <= 1


@pytest.mark.parametrize("days", [0, 3])
def test_an_employer_whose_worker_has_left_sees_nobody_they_visited(stage: Stage, days: int) -> None:
    """On the day on which the membership ends, which may lie ahead; whoever ends it sees no person."""
    world = stage.world
    employer, viewer = _employer(world)
    case = stage.case()
    with world.as_(viewer):
        assert people.Person.objects.filter(id=case.person_id).exists()
    leaves = world.at + timedelta(days=days)
    with world.as_(world.job()):
        _run(
            "UPDATE tenancy_membership SET ends_at = %(leaves)s"
            " WHERE user_id = %(worker)s AND organisation_id = %(at)s",
            leaves=leaves,
            worker=world.worker.user_id,
            at=employer.id,
        )
    with world.as_(viewer):
        [own] = Involvement.objects.filter(person_id=case.person_id, kind="employer")
        assert (own.ends_at, own.ended_reason) == (leaves, "worker moved")
        assert people.Person.objects.filter(id=case.person_id).exists() is bool(days)


def test_an_employer_with_a_second_worker_there_goes_on_seeing_the_person(stage: Stage) -> None:
    world = stage.world
    employer, viewer = _employer(world)
    case = stage.case()
    assert world.second_worker.user_id is not None
    with world.as_("lead") as by:
        casework.assign(
            case=casework.case(by, case_id=case.id), worker_id=world.second_worker.user_id, by=by, at=world.at
        )
    with world.as_(world.job()):
        _run(
            "UPDATE tenancy_membership SET ends_at = %(at)s WHERE user_id = %(worker)s AND organisation_id = %(of)s",
            at=world.at,
            worker=world.worker.user_id,
            of=employer.id,
        )
    with world.as_(viewer):
        assert people.Person.objects.filter(id=case.person_id).exists()


def test_a_worker_who_changes_their_role_has_not_left_the_employer(stage: Stage) -> None:
    world = stage.world
    employer, viewer = _employer(world)
    case = stage.case()
    with world.as_(world.job()) as by:
        held = tenancy.Membership.objects.get(user_id=world.worker.user_id, organisation=employer)
        tenancy.change_role(membership=held, role=tenancy.Role.TEAM_LEAD, by=by, at=world.at)
    with world.as_(viewer):
        assert people.Person.objects.filter(id=case.person_id).exists()
