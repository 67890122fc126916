from __future__ import annotations

import pytest

from fingerpost.kernel.errors import IllegalTransition
from fingerpost.web.foundation.lifecycle import check_transition, unreachable
from fingerpost.web.messaging.delivery import _STATE_AFTER
from fingerpost.web.messaging.enums import Outcome, State
from fingerpost.web.messaging.lifecycle import ON_ITS_WAY, START, TRANSITIONS


def test_every_state_has_an_entry_and_is_reached():
    assert set(TRANSITIONS) == set(State)
    assert unreachable(TRANSITIONS, start=START) == set()


def test_every_outcome_of_an_attempt_leads_where_sending_may_lead():
    assert set(_STATE_AFTER) == set(Outcome)
    assert set(_STATE_AFTER.values()) <= TRANSITIONS[State.SENDING]


@pytest.mark.parametrize("state", [state for state in State if state not in ON_ITS_WAY])
def test_a_message_that_has_arrived_or_failed_never_begins_to_be_sent(state):
    with pytest.raises(IllegalTransition):
        check_transition(TRANSITIONS, now=state, to=State.SENDING, what="The message")
