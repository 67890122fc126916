"""The life of a connection: every status has an owner and a way on, every answer a place."""

from __future__ import annotations

from itertools import product

import pytest

from fingerpost.codes.pathway import EventKind, loss_reason, reasons_after
from fingerpost.kernel import clock
from fingerpost.web.connections.actions.replies import decline_reasons
from fingerpost.web.connections.enums import ConnectionStatus as S
from fingerpost.web.connections.enums import ReplyKind as R
from fingerpost.web.connections.lifecycle import (
    AWAITING_ANSWER,
    BACK_WITH_WORKER,
    DETAILS_SHOWN,
    ENDS,
    OWNERS,
    REPLIES,
    START,
    STEP_REACHED,
    TRANSITIONS,
    replies_from,
)
from fingerpost.web.foundation.lifecycle import unreachable


def test_every_status_has_transitions_replies_and_an_owner() -> None:
    assert set(TRANSITIONS) == set(REPLIES) == set(OWNERS) == set(S)


def test_every_status_can_be_reached() -> None:
    assert unreachable(TRANSITIONS, start=START) == set()


def test_every_status_but_a_mistake_can_be_marked_as_one() -> None:
    assert {status for status in S if S.ENTERED_IN_ERROR not in TRANSITIONS[status]} == {S.ENTERED_IN_ERROR}


def test_everything_live_can_be_taken_back() -> None:
    assert {status for status in S if S.WITHDRAWN in TRANSITIONS[status]} == set(S) - ENDS


def test_ends_that_nobody_owns_offer_no_answer() -> None:
    for status in (S.DECLINED, S.FINISHED, S.WITHDRAWN, S.ENTERED_IN_ERROR):
        assert REPLIES[status] == {}


@pytest.mark.parametrize(("status", "details_seen"), product(S, [True, False]))
def test_nobody_accepts_unread_nor_is_told_twice(status: S, details_seen: bool) -> None:
    offered = replies_from(status, details_seen=details_seen)
    assert (R.TAKES_PEOPLE if details_seen else R.ACCEPTS) not in offered
    assert set(offered.values()) <= TRANSITIONS[status] | {status}


# What a provider may answer where, in full: changing the lifecycle means changing this table on purpose.
FROM_UNREAD = {
    S.TOLD: {R.CAME, R.DID_NOT_COME, R.STOPPED},
    S.ASKED: {R.TAKES_PEOPLE, R.WAITING_LIST, R.FULL, R.DECLINES},
    S.WAITING_LIST: {R.TAKES_PEOPLE, R.FULL, R.DECLINES},
    S.FULL: {R.TAKES_PEOPLE, R.WAITING_LIST, R.DECLINES},
    S.RETURNED: {R.TAKES_PEOPLE, R.WAITING_LIST, R.FULL, R.DECLINES},
}
FROM_READ = {
    S.DETAILS_SENT: {R.ACCEPTS, R.WAITING_LIST, R.FULL, R.DECLINES},
    S.WAITING_LIST: {R.ACCEPTS, R.FULL, R.DECLINES},
    S.FULL: {R.ACCEPTS, R.WAITING_LIST, R.DECLINES},
    S.RETURNED: {R.ACCEPTS, R.WAITING_LIST, R.FULL, R.DECLINES},
    S.ACCEPTED: {R.CAME, R.DID_NOT_COME, R.STOPPED, R.DECLINES},
    S.ATTENDED: {R.CAME, R.DID_NOT_COME, R.FINISHED, R.STOPPED},
    S.STOPPED: {R.CAME},
}


def test_answers_before_reading_are_as_agreed() -> None:
    for status, answers in FROM_UNREAD.items():
        assert set(replies_from(status, details_seen=False)) == answers


def test_answers_after_reading_are_as_agreed() -> None:
    for status, answers in FROM_READ.items():
        assert set(replies_from(status, details_seen=True)) == answers


def test_details_are_shown_only_while_somebody_may_come() -> None:
    news_of_an_end = BACK_WITH_WORKER - {S.ACCEPTED}
    assert not DETAILS_SHOWN & (ENDS | news_of_an_end | {S.ASKED, S.TOLD})
    assert AWAITING_ANSWER - {S.ASKED} <= DETAILS_SHOWN


def test_a_no_before_reading_says_nothing_about_a_person() -> None:
    on = clock.today()
    unread = decline_reasons(S.ASKED, details_seen=False, on=on)
    assert [reason.code for reason in unread] == ["provider_closed"]


@pytest.mark.parametrize("status", [S.DETAILS_SENT, S.WAITING_LIST, S.FULL, S.RETURNED, S.ACCEPTED])
def test_a_no_after_reading_offers_the_providers_own_reasons(status: S) -> None:
    offered = decline_reasons(status, details_seen=True, on=clock.today())
    allowed = reasons_after(STEP_REACHED[status], on=clock.today())
    assert len(offered) >= 2
    assert set(offered) <= set(allowed)
    assert {reason.owner for reason in offered} == {"provider"}
    assert not [reason for reason in offered if reason.is_sensitive]


def test_silence_and_absence_have_reasons_in_the_vocabulary() -> None:
    assert EventKind.CONNECTED in loss_reason("provider_no_answer").after
    assert EventKind.PROVIDER_ACCEPTED in loss_reason("did_not_come").after
    assert EventKind.FIRST_ATTENDED in loss_reason("stopped_coming").after
