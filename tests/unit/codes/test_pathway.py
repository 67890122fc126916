from dataclasses import replace
from datetime import date

import pytest

from fingerpost.codes.pathway import (
    BESIDE,
    COMPLETION_REASONS,
    LOSS_REASONS,
    STEPS,
    EventKind,
    Owner,
    completion_reason,
    loss_reason,
    reasons_after,
    step_number,
)
from fingerpost.kernel.errors import NotFound

TODAY = date(2026, 3, 3)


def test_steps_stand_in_the_order_of_the_design() -> None:
    assert " ".join(STEPS) == (
        "offered person_agreed referred received accepted contact_attempted contacted assessed plan_agreed "
        "connected provider_accepted first_attended sustained closed referrer_told"
    )
    assert [step_number(step) for step in STEPS] == list(range(15))


def test_every_kind_is_a_step_or_beside_or_a_loss() -> None:
    assert {*STEPS, *BESIDE, EventKind.LOST} == set(EventKind)
    assert len(STEPS) + len(BESIDE) + 1 == len(EventKind)


@pytest.mark.parametrize("kind", [EventKind.LOST, *BESIDE])
def test_step_number_of_a_kind_that_is_no_step_is_refused(kind: EventKind) -> None:
    with pytest.raises(NotFound):
        step_number(kind)


def test_reason_codes_are_unique_and_found_again() -> None:
    assert all(loss_reason(reason.code) is reason for reason in LOSS_REASONS)
    assert all(completion_reason(reason.code) is reason for reason in COMPLETION_REASONS)
    codes = [reason.code for reason in (*LOSS_REASONS, *COMPLETION_REASONS)]
    assert len(set(codes)) == len(codes)


def test_every_step_before_closure_can_be_lost_and_none_after() -> None:
    for step in STEPS:
        assert bool(reasons_after(step, on=TODAY)) == (step_number(step) < step_number(EventKind.CLOSED))


def test_provider_asked_can_say_not_suitable_and_no_room_as_well_as_full_for_now() -> None:
    said = {
        reason.code: reason
        for reason in reasons_after(EventKind.CONNECTED, on=TODAY, owners=[Owner.PROVIDER])
    }
    assert {"provider_not_suitable", "provider_full", "provider_waiting_list"} <= set(said)
    assert said["provider_waiting_list"].pauses
    assert not said["provider_not_suitable"].pauses
    assert {reason.owner for reason in said.values()} == {Owner.PROVIDER}


def test_reason_is_offered_until_the_day_from_which_it_is_deprecated() -> None:
    old = replace(LOSS_REASONS[0], deprecated_from=TODAY)
    assert old.is_offered(date(2026, 3, 2))
    assert not old.is_offered(TODAY)
    assert LOSS_REASONS[0].is_offered(TODAY)


def test_reason_unknown_is_refused_by_name() -> None:
    with pytest.raises(NotFound, match="no_such"):
        loss_reason("no_such")


def test_labels_never_blame_the_person() -> None:
    for reason in LOSS_REASONS:
        assert not {"failed", "refused", "non-compliant", "dna"} & set(reason.label.lower().split())
