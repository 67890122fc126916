"""One person's way, as actions: every step leaves its event, every mistake its trace."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories.world import World, a_case, a_referral, build_world, details, request

from fingerpost.codes.pathway import EventKind
from fingerpost.kernel.errors import Conflict, Faults, IllegalTransition, InvalidValue, NotAllowed
from fingerpost.kernel.person_identifiers import NHSNumber
from fingerpost.web.casework import api as casework
from fingerpost.web.feedback import api as feedback
from fingerpost.web.pathway import api as pathway
from fingerpost.web.people import api as people
from fingerpost.web.referrals import api as referrals

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def _kinds(world: World, journey_id: object, who: str = "lead") -> list[str]:
    with world.as_(who) as actor:
        return [e.kind for e in pathway.standing(pathway.events_of(actor, journey_id=journey_id))]  # type: ignore


def _contact(world: World, outcome: str = "reached") -> casework.ContactDetails:
    return casework.ContactDetails(
        contacted_on=world.at,
        mode="phone",
        outcome=outcome,
        minutes=20,
        note="Spoke about the garden.",
        next_step="Ring again",
        next_step_on=(world.at + timedelta(days=7)).date(),
    )


def test_referral_writes_agreement_referral_and_receipt(world: World) -> None:
    referral = a_referral(world)
    assert _kinds(world, referral.journey_id) == ["person_agreed", "referred", "received"]


def test_agreement_is_dated_when_the_person_agreed(world: World) -> None:
    referral = a_referral(world)
    with world.as_("gp") as gp:
        agreed = pathway.events_of(gp, journey_id=referral.journey_id)[0]
    assert (agreed.kind, agreed.occurred_at, agreed.recorded_at) == (
        EventKind.PERSON_AGREED,
        world.at - timedelta(days=1),
        world.at,
    )


def test_referral_with_many_faults_tells_them_all_and_leaves_nothing(world: World) -> None:
    bad = request(world, needs=(), reason=" ", agreed_at=world.at + timedelta(days=1))
    with world.as_("gp") as gp, pytest.raises(Faults) as told:
        referrals.refer(
            details=details(), identifier=None, request=bad, scheme_id=world.scheme.id, by=gp, at=world.at
        )
    assert {fault.field for fault in told.value.faults} == {"needs", "reason", "agreed_at"}  # type: ignore
    with world.as_("gp") as gp:
        assert people.search(gp, query="Amina").count() == 0


def test_second_referral_while_one_waits_is_refused(world: World) -> None:
    referral = a_referral(world)
    with world.as_("gp") as gp, pytest.raises(InvalidValue, match="already has a referral"):
        referrals.refer_known_person(
            person=referral.person, request=request(world), scheme_id=world.scheme.id, by=gp, at=world.at
        )


def test_person_known_by_number_is_joined_not_doubled(world: World) -> None:
    number = NHSNumber.reserved(7)
    for who in ("gp", "other_gp"):
        with world.as_(who) as actor:
            referrals.refer(
                details=details(),
                identifier=number,
                request=request(world),
                scheme_id=world.scheme.id if who == "gp" else world.other_scheme.id,
                by=actor,
                at=world.at,
            )
    with world.as_("gp") as gp, world.as_("other_gp") as other:
        mine = people.search(other, query=number.display).get()
        assert people.identifiers_of(gp, person_id=mine.id)[0].value == number.value


def test_number_of_somebody_with_another_birth_date_is_a_conflict(world: World) -> None:
    number = NHSNumber.reserved(7)
    with world.as_("gp") as gp:
        referrals.refer(
            details=details(),
            identifier=number,
            request=request(world),
            scheme_id=world.scheme.id,
            by=gp,
            at=world.at,
        )
    other = details(birth_date=details().birth_date + timedelta(days=1))
    with world.as_("gp") as gp, pytest.raises(Conflict):
        referrals.refer(
            details=other,
            identifier=number,
            request=request(world),
            scheme_id=world.scheme.id,
            by=gp,
            at=world.at,
        )


def test_redirect_keeps_the_journey_and_reaches_the_other_scheme(world: World) -> None:
    referral = a_referral(world)
    with world.as_("lead") as lead:
        onward = referrals.redirect(
            referral=referral, scheme_id=world.other_scheme.id, note="Lives nearer", by=lead, at=world.at
        )
    with world.as_("other_lead") as other:
        assert [r.id for r in referrals.queue(other)] == [onward.id]
    assert onward.journey_id == referral.journey_id
    assert _kinds(world, referral.journey_id, "gp")[-2:] == ["lost", "received"]


def test_declined_then_restored_waits_again_and_the_loss_is_no_more(world: World) -> None:
    referral = a_referral(world)
    with world.as_("lead") as lead:
        referrals.decline(referral=referral, reason="scheme_not_suitable", by=lead, at=world.at)
        assert referrals.queue(lead).count() == 0
        referrals.restore(referral=referral, by=lead, at=world.later(minutes=3))
        assert referrals.queue(lead).count() == 1
    assert "lost" not in _kinds(world, referral.journey_id)


def test_referral_by_another_practice_while_one_waits_is_refused_in_words(world: World) -> None:
    number = NHSNumber.reserved(11)
    for who, refused in (("gp", False), ("other_gp", True)):
        with world.as_(who) as actor:
            given = {
                "details": details(),
                "identifier": number,
                "request": request(world),
                "by": actor,
                "at": world.at,
            }
            if refused:
                with pytest.raises(InvalidValue, match="already has a referral"):
                    referrals.refer(scheme_id=world.scheme.id, **given)  # type: ignore[arg-type]
            else:
                referrals.refer(scheme_id=world.scheme.id, **given)  # type: ignore[arg-type]


def test_practice_undoes_what_it_took_back(world: World) -> None:
    referral = a_referral(world)
    with world.as_("gp") as gp:
        back = referrals.withdraw(referral=referral, reason="changed_mind", by=gp, at=world.at)
        referrals.restore(referral=back, by=gp, at=world.later(minutes=1))
        assert referrals.referral(gp, referral_id=referral.id).status == referrals.ReferralStatus.RECEIVED
    assert "lost" not in _kinds(world, referral.journey_id)


def test_accepting_twice_is_refused(world: World) -> None:
    case = a_case(world)
    with world.as_("lead") as lead, pytest.raises(IllegalTransition):
        casework.accept(referral=case.referral, by=lead, at=world.at)


def test_accepting_by_a_link_worker_is_refused_with_the_reason(world: World) -> None:
    referral = a_referral(world)
    with world.as_("worker") as worker, pytest.raises(NotAllowed, match="team lead"):
        casework.accept(referral=referral, by=worker, at=world.at)


def test_case_goes_only_to_somebody_of_the_scheme(world: World) -> None:
    case = a_case(world)
    with world.as_("lead") as lead, pytest.raises(InvalidValue):
        casework.assign(case=case, worker_id=world.other_worker.user_id, by=lead, at=world.at)


def test_contact_attempt_then_contact_then_plan(world: World) -> None:
    case = a_case(world)
    with world.as_("worker") as worker:
        casework.log_contact(case=case, details=_contact(world, "not_reached"), by=worker, at=world.at)
        casework.log_contact(case=case, details=_contact(world), by=worker, at=world.later(hours=1))
        plan = casework.agree_plan(
            case=case, what_matters="Company", strengths="", version=0, by=worker, at=world.later(hours=1)
        )
        casework.set_goal(plan=plan, words="Join the choir", by=worker, at=world.at)
    assert _kinds(world, case.journey_id)[-3:] == ["contact_attempted", "contacted", "plan_agreed"]


def test_contact_entered_in_error_is_kept_and_no_longer_counts(world: World) -> None:
    case = a_case(world)
    with world.as_("worker") as worker:
        contact = casework.log_contact(case=case, details=_contact(world), by=worker, at=world.at)
        casework.mark_contact_entered_in_error(contact=contact, by=worker, at=world.later(minutes=1))
        assert casework.contacts_of(worker, case_id=case.id) == []
        assert [c.id for c in casework.contacts_of(worker, case_id=case.id, mistakes=True)] == [contact.id]
    assert "contacted" not in _kinds(world, case.journey_id)


def test_second_editor_of_a_plan_is_told_what_changed_and_by_whom(world: World) -> None:
    case = a_case(world)
    with world.as_("worker") as worker:
        casework.agree_plan(
            case=case, what_matters="Company", strengths="", version=0, by=worker, at=world.at
        )
    with world.as_("second_worker") as second, pytest.raises(Conflict) as told:
        casework.agree_plan(case=case, what_matters="A job", strengths="", version=0, by=second, at=world.at)
    assert told.value.changed["what_matters"] == "Company"
    assert told.value.changed_by == "Worker"


def test_closing_for_a_loss_writes_the_loss_after_the_step_reached(world: World) -> None:
    case = a_case(world)
    with world.as_("worker") as worker:
        casework.log_contact(case=case, details=_contact(world), by=worker, at=world.at)
        casework.close(case=case, reason="moved_away", story="", by=worker, at=world.later(days=1))
        lost = [e for e in pathway.events_of(worker, journey_id=case.journey_id) if e.kind == "lost"]
    assert [(e.after, e.reason) for e in lost] == [("contacted", "moved_away")]


def test_reopened_case_is_open_and_its_closing_no_longer_counts(world: World) -> None:
    case = a_case(world)
    with world.as_("worker") as worker:
        closed = casework.close(case=case, reason="moved_away", story="", by=worker, at=world.at)
        casework.reopen(case=closed, by=worker, at=world.later(days=1))
        assert casework.open_cases(worker).count() == 1
    assert not {"closed", "lost"} & set(_kinds(world, case.journey_id))


def test_case_for_the_wrong_person_counts_nowhere(world: World) -> None:
    case = a_case(world)
    with world.as_("lead") as lead:
        feedback.mark_case_entered_in_error(case=case, reason="wrong_person", by=lead, at=world.at)
    assert _kinds(world, case.journey_id) == []


def test_person_entered_in_error_is_found_by_no_search_and_frees_the_number(world: World) -> None:
    number = NHSNumber.reserved(9)
    with world.as_("gp") as gp:
        referral = referrals.refer(
            details=details(),
            identifier=number,
            request=request(world),
            scheme_id=world.scheme.id,
            by=gp,
            at=world.at,
        )
        people.mark_person_entered_in_error(person=referral.person, by=gp, at=world.at)
        assert people.search(gp, query="Okafor").count() == 0
        again = referrals.refer(
            details=details(given_name="Amy"),
            identifier=number,
            request=request(world),
            scheme_id=world.scheme.id,
            by=gp,
            at=world.at,
        )
    assert again.person_id != referral.person_id


def test_signposting_names_nobody_and_is_one_event(world: World) -> None:
    with world.as_("receptionist") as desk:
        made = referrals.signpost(need_code="company", pointed_to="Tuesday choir", by=desk, at=world.at)
        assert [e.kind for e in pathway.events_of(desk, journey_id=made.journey_id)] == ["signposted"]
        assert made.journey.person_id is None
        referrals.mark_signposting_entered_in_error(signposting=made, by=desk, at=world.at)
        assert referrals.signpostings(desk).count() == 0
