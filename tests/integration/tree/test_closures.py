"""Organisations that close, merge and move, on their day: who sees whom, who may refer where, and nobody lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories.stage import Stage
from tests.factories.tree import Tree
from tests.factories.world import a_case, a_referral, details, request

from fingerpost.kernel.errors import Faults, InvalidValue, NotAllowed
from fingerpost.kernel.ids import new_id
from fingerpost.web.casework import api as casework
from fingerpost.web.messaging.models import Message
from fingerpost.web.people import api as people
from fingerpost.web.referrals import api as referrals
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import OrganisationKind
from fingerpost.web.tenancy.models import Belonging, Succession

DAY = date(2026, 4, 1)
MIDNIGHT = datetime(2026, 3, 31, 23, 0, tzinfo=UTC)  # London keeps summer time by then


def sees(tree: Tree, who: str, person_id: object) -> bool:
    actor = tree.signed_in(who)
    if actor is None:
        return False
    with tree.world.as_(actor):
        return bool(people.people_by_id(actor, [person_id]))  # type: ignore[list-item]


def refers(tree: Tree, who: str, scheme: tenancy.Organisation, given: str) -> referrals.Referral:
    actor = tree.signed_in(who)
    assert actor
    with tree.world.as_(actor):
        return referrals.refer(
            details=details(given_name=given),
            identifier=None,
            request=request(tree.world),
            scheme_id=scheme.id,
            by=actor,
            at=tree.world.at,
        )


def test_at_every_moment_exactly_one_practice_sees_them_and_no_row_is_rewritten(tree: Tree) -> None:
    world = tree.world
    referral = a_referral(world)
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text, * FROM people_involvement ORDER BY id")
        before = cursor.fetchall()
    tree.close(world.practice, DAY, world.other_practice)
    for moment, old in (
        (MIDNIGHT - timedelta(days=5), True),
        (MIDNIGHT - timedelta(seconds=1), True),
        (MIDNIGHT, False),
        (MIDNIGHT + timedelta(days=400), False),
    ):
        world.at = moment
        assert (sees(tree, "gp", referral.person_id), sees(tree, "other_gp", referral.person_id)) == (
            old,
            not old,
        )
        assert sees(tree, "worker", referral.person_id), "the scheme goes on all the while"
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text, * FROM people_involvement ORDER BY id")
        assert cursor.fetchall() == before


def test_successor_takes_up_what_was_in_flight(tree: Tree) -> None:
    world = tree.world
    referral = a_referral(world)
    tree.close(world.practice, DAY, world.other_practice)
    world.at = MIDNIGHT + timedelta(hours=9)
    heir = tree.signed_in("other_gp")
    assert heir
    with world.as_(heir):
        [held] = referrals.sent_by(heir)
        assert held.pk == referral.pk and held.referrer_id == world.practice.id
        referrals.withdraw(referral=held, reason="changed_mind", by=heir, at=world.at)


def test_case_goes_on_where_a_scheme_closed_into_another(tree: Tree) -> None:
    world = tree.world
    case = a_case(world, given_name="Wanda")
    waiting = a_referral(world)
    with pytest.raises(Faults) as refusal:
        tree.close(world.scheme, DAY)
    assert "which scheme goes on" in refusal.value.in_words()
    tree.close(world.scheme, DAY, world.other_scheme)
    world.at = MIDNIGHT + timedelta(hours=9)
    assert tree.signed_in("lead") is None and tree.signed_in("worker") is None
    heir = tree.signed_in("other_lead")
    assert heir
    with world.as_(heir):
        assert [one.pk for one in referrals.queue(heir)] == [waiting.pk]
        held = casework.case(heir, case_id=case.pk)
        casework.assign(case=held, worker_id=world.other_worker.user_id, by=heir, at=world.at)
        accepted = casework.accept(
            referral=referrals.referral(heir, referral_id=waiting.pk),
            by=heir,
            at=world.at,
            worker_id=world.other_worker.user_id,
        )
    worker = tree.signed_in("other_worker")
    assert worker
    with world.as_(worker):
        for one in (case.pk, accepted.pk):
            casework.log_contact(
                case=casework.case(worker, case_id=one), details=Stage(world).talk(), by=worker, at=world.at
            )


def test_letter_about_an_old_referral_goes_to_who_stands_in(tree: Tree) -> None:
    world = tree.world
    stage = Stage(world)
    case = stage.case()
    tree.close(world.practice, DAY, world.other_practice)
    world.at = MIDNIGHT + timedelta(hours=9)
    with world.as_("worker") as by:
        from fingerpost.web.feedback import api as feedback

        feedback.close(
            case=casework.case(by, case_id=case.pk),
            reason="lost_touch",
            story="",
            told="Done.",
            by=by,
            at=world.at,
        )
        [sent] = Message.objects.filter(about_kind="letter")
        assert sent.address == world.other_practice.email


def test_coverage_follows_the_practice_and_ends_with_it(tree: Tree) -> None:
    world = tree.world
    job = world.job()
    lone = tree.add(OrganisationKind.SCHEME, "Lanterns", tree.north)
    with world.as_(job):
        tenancy.cover_practice(scheme=lone, practice=world.practice, starts_on=date(2026, 1, 1), by=job)
    with pytest.raises(NotAllowed) as refusal:
        refers(tree, "other_gp", lone, "Early")
    assert refusal.value.reason == "not_covered"
    refers(tree, "gp", lone, "Now")
    tree.close(world.practice, DAY, world.other_practice)
    with pytest.raises(NotAllowed):
        refers(tree, "other_gp", lone, "Still early")
    world.at = MIDNIGHT + timedelta(hours=9)
    refers(tree, "other_gp", lone, "From the day on")
    with world.as_(job):
        assert not tenancy.covers(scheme_id=lone.id, practice_id=world.practice.id, on=DAY)
        assert tenancy.covers(scheme_id=lone.id, practice_id=world.practice.id, on=DAY - timedelta(days=1))
        assert [one.name for one in tenancy.practices_of(scheme_id=lone.id, on=DAY)] == [
            world.other_practice.name
        ]
    # An account that kept its page open acts with what it was: the action asks the day itself.
    with world.as_("gp") as stale, pytest.raises(NotAllowed) as late:
        referrals.refer(
            details=details(given_name="Too late"),
            identifier=None,
            request=request(world),
            scheme_id=lone.id,
            by=stale,
            at=world.at,
        )
    assert late.value.reason == "not_covered"


def test_known_person_referred_by_the_successor_stays_in_its_sight(tree: Tree) -> None:
    """What the closed practice saw may end; what the new one began does not."""
    world = tree.world
    referral = a_referral(world)
    with world.as_("gp") as gp:
        held = referrals.referral(gp, referral_id=referral.pk)
        referrals.withdraw(referral=held, reason="changed_mind", by=gp, at=world.at)
    tree.close(world.practice, DAY, world.other_practice)
    world.at = MIDNIGHT + timedelta(hours=9)
    heir = tree.signed_in("other_gp")
    assert heir
    with world.as_(heir):
        person = people.person(heir, person_id=referral.person_id)
        again = referrals.refer_known_person(
            person=person, request=request(world), scheme_id=world.scheme.id, by=heir, at=world.at
        )
    with world.as_(world.job()), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_involvement SET ends_at = %s WHERE organisation_id = %s",
            [world.at, world.practice.id],
        )
    world.later(hours=1)
    with world.as_(heir):
        assert referrals.referral(heir, referral_id=again.pk).pk == again.pk


def test_referral_of_a_closed_practice_may_still_be_passed_on(tree: Tree) -> None:
    world = tree.world
    referral = a_referral(world)
    tree.close(world.practice, DAY)
    world.at = MIDNIGHT + timedelta(hours=9)
    lone = tree.add(OrganisationKind.SCHEME, "Lanterns", tree.north)
    with world.as_("lead") as by:
        held = referrals.referral(by, referral_id=referral.pk)
        with pytest.raises(NotAllowed):
            referrals.redirect(referral=held, scheme_id=lone.id, by=by, at=world.at)
        referrals.redirect(referral=held, scheme_id=world.other_scheme.id, by=by, at=world.at)


def test_everything_that_stands_against_a_closing_is_said_at_once(tree: Tree) -> None:
    world = tree.world
    with pytest.raises(Faults) as refusal:
        tree.close(tree.north, DAY, world.practice)
    said = refusal.value.in_words()
    assert "of another kind" in said and world.practice.name in said and world.scheme.name in said
    tree.close(world.practice, DAY, world.other_practice)
    for day, into in ((DAY, (tree.fresh(world.practice),)), (DAY + timedelta(days=9), (world.practice,))):
        with pytest.raises(Faults):
            tree.close(world.other_practice, day, *into)
    with pytest.raises(Faults) as again:
        tree.close(world.practice, DAY, world.other_practice)
    assert "already" in again.value.in_words()


def test_closing_is_taken_back_and_everybody_sees_what_they_saw(tree: Tree) -> None:
    world = tree.world
    referral = a_referral(world)
    tree.close(world.practice, DAY, world.other_practice)
    world.at = MIDNIGHT + timedelta(hours=9)
    with world.as_("above") as by:
        tenancy.take_back_closing(organisation=world.practice, by=by, at=world.at)
        with pytest.raises(InvalidValue):
            tenancy.take_back_closing(organisation=world.practice, by=by, at=world.at)
    assert sees(tree, "gp", referral.person_id) and not sees(tree, "other_gp", referral.person_id)


def test_chain_of_mergers_is_followed(tree: Tree) -> None:
    world = tree.world
    referral = a_referral(world)
    third = tree.add(OrganisationKind.PRACTICE, "Third", tree.south)
    tree.close(world.practice, DAY, third)
    tree.close(third, DAY + timedelta(days=30), world.other_practice)
    world.at = MIDNIGHT
    assert not sees(tree, "other_gp", referral.person_id)
    world.at = MIDNIGHT + timedelta(days=30)
    assert sees(tree, "other_gp", referral.person_id)


def test_nobody_takes_another_organisations_people_by_a_merger(tree: Tree) -> None:
    """Neither through the action nor with SQL as the application: both ends have to be administered."""
    world = tree.world
    for who in ("in_north", "at_practice", "gp"):
        with world.as_(who) as by, pytest.raises(NotAllowed):
            tenancy.close_organisation(
                organisation=world.other_practice,
                closes_on=DAY,
                successors=[world.practice],
                by=by,
                at=world.at,
            )
        with world.as_(who):
            for row in (
                Succession(predecessor=world.other_practice, successor=world.practice, starts_on=DAY),
                Succession(predecessor=world.practice, successor=world.other_practice, starts_on=DAY),
                Belonging(organisation=world.other_practice, parent=tree.north, starts_on=DAY),
            ):
                with pytest.raises(DatabaseError), transaction.atomic():
                    row.save(force_insert=True)


def test_no_merger_and_no_move_across_systems_even_by_a_job(tree: Tree) -> None:
    from tests.factories.tree import plant_tree

    away = plant_tree(mark=" away")
    world = tree.world
    with world.as_(world.job()) as job:
        with pytest.raises(NotAllowed):
            tenancy.close_organisation(
                organisation=world.practice,
                closes_on=DAY,
                successors=[away.world.practice],
                by=job,
                at=world.at,
            )
        for row in (
            Succession(id=new_id(), predecessor=away.world.practice, successor=world.practice, starts_on=DAY),
            Belonging(id=new_id(), organisation=world.practice, parent=away.north, starts_on=DAY),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                row.save(force_insert=True)
        assert not tenancy.covers(scheme_id=away.world.scheme.id, practice_id=world.practice.id, on=DAY)


def test_practice_moves_network_on_its_day(tree: Tree) -> None:
    world = tree.world
    a_referral(world)
    with world.as_("above") as by:
        move = tenancy.move_organisation(
            organisation=world.practice, parent=tree.south, starts_on=DAY, by=by, at=world.at
        )
        with pytest.raises(Faults):
            tenancy.move_organisation(
                organisation=world.practice, parent=tree.north, starts_on=DAY, by=by, at=world.at
            )
        with pytest.raises(Faults) as loop:
            tenancy.move_organisation(
                organisation=tree.north, parent=world.practice, starts_on=DAY, by=by, at=world.at
            )
        assert "cannot be part of" in loop.value.in_words() and "itself part of" in loop.value.in_words()
    for moment, north in ((MIDNIGHT - timedelta(seconds=1), True), (MIDNIGHT, False)):
        world.at = moment
        with world.as_(world.job()) as job:
            tenancy.make_moves_due(by=job, at=world.at)
            assert tenancy.make_moves_due(by=job, at=world.at) == 0
        for who, expected in (("counting_north", north), ("counting_south", not north)):
            actor = tree.signed_in(who)
            assert actor and (world.practice.id in actor.organisation_ids) is expected
    with world.as_("above") as by:
        tenancy.take_back_move(move=move, by=by, at=world.at)
    assert tree.fresh(world.practice).parent_id == tree.north.pk


def test_administrator_of_what_has_closed_administers_nothing(tree: Tree) -> None:
    world = tree.world
    tree.close(world.practice, DAY)
    with connection.cursor() as cursor:
        for moment, may in ((MIDNIGHT - timedelta(seconds=1), True), (MIDNIGHT, False)):
            world.at = moment
            with world.as_("at_practice"):
                cursor.execute("SELECT tenancy_administers(%s)", [world.practice.id])
                assert cursor.fetchone()[0] is may


def test_administrators_are_told_what_lies_ahead_and_what_has_happened(tree: Tree) -> None:
    world = tree.world
    tree.close(world.practice, DAY, world.other_practice)
    with world.as_("in_north"):
        [told] = tenancy.changes(on=DAY - timedelta(days=20))
        assert (told.kind, told.organisation.pk, told.others) == (
            "closes_into",
            world.practice.pk,
            (world.other_practice,),
        )
        assert tenancy.changes(on=DAY + timedelta(days=91)) == []
