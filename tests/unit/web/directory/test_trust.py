"""Rules of trust: each holds alone, what is learnt lowers, what is about room does nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fingerpost.web.directory.enums import EvidenceKind, ListingStatus
from fingerpost.web.directory.trust import (
    BEST,
    EVIDENCE_OF_LIFE,
    EVIDENCE_THAT_COUNTS,
    RULES,
    TRUST_RULES,
    Learnt,
    Terms,
    Trust,
    TrustFacts,
    is_drop,
    trust_of,
)
from fingerpost.web.directory.trust_enums import HowVerified, TrustReason, TrustState

NOW = datetime(2026, 3, 3, 10, tzinfo=UTC)
DAY = timedelta(days=1)
TERMS = Terms(review_months=12, grace_days=60)


def _facts(**changes: object) -> TrustFacts:
    values: dict[str, object] = {
        "verified_at": NOW - 30 * DAY,
        "verified_how": HowVerified.OWNER,
        "source_said_at": NOW - 40 * DAY,
    }
    return TrustFacts(**{**values, **changes})  # type: ignore[arg-type]


def _learnt(kind: EvidenceKind, days_ago: int = 1, by: str = "user:a") -> Learnt:
    return Learnt(kind, NOW - days_ago * DAY, by)


def _trust(**changes: object) -> Trust:
    return trust_of(_facts(**changes), terms=TERMS, at=NOW)


def test_verified_and_nothing_against_it_is_checked_and_says_by_whom_and_when() -> None:
    trust = _trust()
    assert (trust.state, trust.points, trust.weight) == (TrustState.CHECKED, 100, 1.0)
    assert trust.sentences == ("Its provider said on 1 February 2026 that it is right.",)
    steward = _trust(verified_how=HowVerified.STEWARD, verified_by="Ada Stone")
    assert steward.sentences == ("Ada Stone checked it on 1 February 2026.",)


ALONE = [
    ({"verified_at": None}, {TrustReason.NEVER_VERIFIED}, TrustState.ASK_FIRST, 70),
    ({"learnt": (_learnt(EvidenceKind.BOUNCED),)}, {TrustReason.BOUNCED}, TrustState.ASK_FIRST, 70),
    (
        {"learnt": (_learnt(EvidenceKind.WRONG_DETAILS),)},
        {TrustReason.WRONG_DETAILS},
        TrustState.ASK_FIRST,
        75,
    ),
    ({"learnt": (_learnt(EvidenceKind.NOT_RUNNING),)}, {TrustReason.NOT_RUNNING}, TrustState.DOUBTFUL, 40),
    (
        {"learnt": (_learnt(EvidenceKind.NOT_RUNNING), _learnt(EvidenceKind.NOT_RUNNING, by="user:b"))},
        {TrustReason.NOT_RUNNING_TWICE},
        TrustState.DOUBTFUL,
        20,
    ),
    ({"learnt": (_learnt(EvidenceKind.SILENT),)}, set(), TrustState.CHECKED, 100),
    (
        {"learnt": (_learnt(EvidenceKind.SILENT, 2), _learnt(EvidenceKind.SILENT))},
        {TrustReason.SILENT},
        TrustState.CHECKED,
        90,
    ),
    ({"verified_at": NOW - 380 * DAY}, {TrustReason.REVIEW_DUE}, TrustState.CHECKED, 100),
    ({"verified_at": NOW - 430 * DAY}, {TrustReason.REVIEW_OVERDUE}, TrustState.ASK_FIRST, 75),
    ({"status": ListingStatus.DEFUNCT}, {TrustReason.CLOSED}, TrustState.CLOSED, 0),
    ({"is_gone": True}, {TrustReason.GONE}, TrustState.CLOSED, 0),
    (
        {"verified_at": None, "status": ListingStatus.NOT_STATED, "source_said_at": NOW - 500 * DAY},
        {
            TrustReason.NEVER_VERIFIED,
            TrustReason.REVIEW_OVERDUE,
            TrustReason.SOURCE_OLD,
            TrustReason.STATUS_NOT_STATED,
        },
        TrustState.DOUBTFUL,
        20,
    ),
]


@pytest.mark.parametrize(("changes", "reasons", "state", "points"), ALONE)
def test_each_fact_gives_its_reason_and_points(
    changes: dict[str, object], reasons: set[TrustReason], state: TrustState, points: int
) -> None:
    trust = _trust(**changes)
    assert set(trust.reasons) - {TrustReason.VERIFIED} == reasons
    assert (trust.state, trust.points) == (state, points)
    assert len(trust.sentences) == len(trust.reasons)
    assert all(sentence.endswith(".") for sentence in trust.sentences)


def test_one_person_who_says_it_twice_is_one() -> None:
    twice = (_learnt(EvidenceKind.NOT_RUNNING, 3), _learnt(EvidenceKind.NOT_RUNNING, 1))
    assert TrustReason.NOT_RUNNING in _trust(learnt=twice).reasons


def test_word_that_all_is_right_clears_what_was_learnt_before_and_not_after() -> None:
    old = _learnt(EvidenceKind.NOT_RUNNING, 31)
    assert _trust(learnt=(old,)).points == 100
    assert _trust(learnt=(_learnt(EvidenceKind.NOT_RUNNING, 29),)).points == 40


def test_any_answer_ends_a_silence() -> None:
    silent = (_learnt(EvidenceKind.SILENT, 9), _learnt(EvidenceKind.SILENT, 8))
    assert _trust(learnt=(*silent, _learnt(EvidenceKind.DECLINED, 7))).points == 100


def test_source_that_says_nothing_new_is_no_verification() -> None:
    """Edited or read yesterday, and yet nobody said that it is right."""
    assert _trust(verified_at=None, source_said_at=NOW - DAY).state is TrustState.ASK_FIRST


def test_table_has_one_rule_for_each_reason_and_closed_ends_all() -> None:
    assert [rule.reason for rule in TRUST_RULES if RULES[rule.reason] is not rule] == []
    assert set(RULES) == set(TrustReason)
    assert {rule.reason for rule in TRUST_RULES if rule.ends} == {TrustReason.CLOSED, TrustReason.GONE}


def test_only_a_new_reason_to_ask_is_a_drop() -> None:
    assert is_drop([], [TrustReason.BOUNCED])
    assert not is_drop(["bounced"], [TrustReason.BOUNCED])
    assert is_drop(["not_running"], [TrustReason.NOT_RUNNING_TWICE])
    assert not is_drop([], [TrustReason.NEVER_VERIFIED, TrustReason.REVIEW_DUE])


pieces = st.builds(
    _learnt,
    st.sampled_from(list(EvidenceKind)),
    st.integers(0, 900),
    st.sampled_from(["user:a", "user:b", "link:c"]),
)
any_facts = st.builds(
    TrustFacts,
    status=st.sampled_from(list(ListingStatus)),
    is_gone=st.booleans(),
    verified_at=st.none() | st.integers(0, 900).map(lambda days: NOW - days * DAY),
    source_said_at=st.none() | st.integers(0, 900).map(lambda days: NOW - days * DAY),
    learnt=st.lists(pieces, max_size=8).map(tuple),
)
many = settings(max_examples=60, deadline=None)


@many
@example(
    TrustFacts(learnt=(_learnt(EvidenceKind.SILENT, 9), _learnt(EvidenceKind.SILENT, 8))), [1]
)  # nor does it end a silence
@given(any_facts, st.lists(st.integers(0, 900), min_size=1, max_size=4))
def test_full_never_moves_trust(facts: TrustFacts, days: list[int]) -> None:
    """However often and whenever a provider says that it is full: state, points, weight and reasons are the same."""
    more = tuple(_learnt(EvidenceKind.FULL, ago, "link:c") for ago in days)
    with_full = TrustFacts(**{**vars_of(facts), "learnt": facts.learnt + more})
    assert trust_of(with_full, terms=TERMS, at=NOW) == trust_of(facts, terms=TERMS, at=NOW)


@many
@given(any_facts, st.sampled_from(list(EVIDENCE_THAT_COUNTS)), st.integers(0, 900))
def test_doubt_never_raises_trust(facts: TrustFacts, kind: EvidenceKind, ago: int) -> None:
    doubted = TrustFacts(**{**vars_of(facts), "learnt": (*facts.learnt, _learnt(kind, ago, "user:z"))})
    before, after = (trust_of(f, terms=TERMS, at=NOW) for f in (facts, doubted))
    assert after.points <= before.points and after.weight <= before.weight


@many
@given(any_facts)
def test_trust_stays_in_bounds_and_a_fresh_word_mends_all_but_an_end(facts: TrustFacts) -> None:
    trust = trust_of(facts, terms=TERMS, at=NOW)
    assert 0 <= trust.points <= BEST and 0.25 <= trust.weight <= 1
    said = TrustFacts(**{**vars_of(facts), "verified_at": NOW + timedelta(seconds=1)})
    mended = trust_of(said, terms=TERMS, at=NOW + DAY)
    assert (mended.state is TrustState.CHECKED) == (trust.state is not TrustState.CLOSED)


def test_what_counts_and_what_is_life_share_nothing_with_room() -> None:
    assert EvidenceKind.FULL not in {*EVIDENCE_THAT_COUNTS, *EVIDENCE_OF_LIFE}


def vars_of(facts: TrustFacts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in facts.__dataclass_fields__}
