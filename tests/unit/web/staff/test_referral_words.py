"""Words of the practice's pages: every event has a sentence, every status a word."""

from __future__ import annotations

import pytest

from fingerpost.codes.pathway import EventKind
from fingerpost.web.referrals.api import ReferralStatus
from fingerpost.web.staff.practice.referral_story import _UNSAID, _words
from fingerpost.web.staff.practice.wording import phone_in_words, standing


@pytest.mark.parametrize("kind", [kind for kind in EventKind if kind not in _UNSAID])
def test_every_event_that_is_told_has_a_whole_sentence(kind: EventKind) -> None:
    said = _words(kind) % {"name": "Amina", "reason": "the plan is finished"}
    assert said.endswith(".") and "%" not in said


@pytest.mark.parametrize("status", list(ReferralStatus))
def test_every_status_has_a_word_and_a_tone(status: ReferralStatus) -> None:
    word, tone = standing(status)
    assert word and tone in {"quiet", "going", "waiting", "good", "stopped"}


@pytest.mark.parametrize(
    ("stored", "shown"), [("+447700900123", "07700 900123"), ("+353861234567", "+353861234567"), ("", "")]
)
def test_phone_numbers_are_shown_as_people_write_them(stored: str, shown: str) -> None:
    assert phone_in_words(stored) == shown
