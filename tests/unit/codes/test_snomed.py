import csv
import os
from pathlib import Path

import pytest

from fingerpost.codes.pathway import EventKind
from fingerpost.codes.snomed import (
    DECLINED,
    RecordCode,
    Written,
    code_for_event,
    has_check_digit,
    record_code,
    record_codes,
)
from fingerpost.kernel.errors import InvalidValue, NotFound

SHARED = Path(os.environ.get("FINGERPOST_SHARED_DATA", "../shared/data")) / "codelists"


@pytest.mark.parametrize("place", range(15))
def test_check_digit_catches_any_one_digit_changed(place: int) -> None:
    right = "871731000000106"
    assert has_check_digit(right)
    for change in range(1, 10):
        wrong = right[:place] + str((int(right[place]) + change) % 10) + right[place + 1 :]
        assert not has_check_digit(wrong)


def test_check_digit_catches_neighbours_swapped() -> None:
    right = "871731000000106"
    swaps = {right[:n] + right[n + 1] + right[n] + right[n + 2 :] for n in range(14)} - {right}
    assert not any(map(has_check_digit, swaps))


@pytest.mark.parametrize("code", ["", "12345", "0871731000000106", "87173100000010x", "1" * 19])
def test_check_digit_of_what_is_no_identifier_is_refused(code: str) -> None:
    assert not has_check_digit(code)


def test_record_code_with_a_wrong_check_digit_cannot_be_built() -> None:
    with pytest.raises(InvalidValue):
        RecordCode("871731000000107", "Wrong", None, Written.BY_CHOICE, "", is_rule_published=False)


def test_referral_code_is_written_once_per_episode_when_the_person_agreed() -> None:
    code = code_for_event(EventKind.PERSON_AGREED)
    assert code is not None
    assert (code.code, code.written) == ("871731000000106", Written.ONCE_PER_EPISODE)
    assert code.is_rule_published
    assert code_for_event(EventKind.GAP_RECORDED) is None


def test_every_event_has_at_most_one_code() -> None:
    events = [code.event for code in record_codes() if code.event]
    assert len(set(events)) == len(events)


def test_record_code_by_number() -> None:
    assert record_code(DECLINED).term == "Social prescribing declined"
    with pytest.raises(NotFound):
        record_code("123456")


def test_codes_and_terms_agree_with_the_published_list() -> None:
    path = SHARED / "social_prescribing_snomed_subset.csv"
    if not path.exists():
        pytest.skip("the published code list is not on this machine (FINGERPOST_SHARED_DATA)")
    with path.open(encoding="utf-8", newline="") as file:
        published = {row["code"]: row["term"] for row in csv.DictReader(file)}
    assert {code.code: code.term for code in record_codes()} == published
