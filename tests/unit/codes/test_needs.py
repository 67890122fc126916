from datetime import date

import pytest

from fingerpost.codes.needs import NEEDS, need, needs_offered, parse_needs
from fingerpost.codes.snomed import has_check_digit
from fingerpost.kernel.errors import Faults


def test_needs_have_unique_ids_and_right_codes() -> None:
    assert len({one.id for one in NEEDS}) == len(NEEDS)
    assert all(has_check_digit(one.snomed) for one in NEEDS if one.snomed)


def test_needs_that_could_harm_if_shown_are_sensitive() -> None:
    assert [one.id for one in NEEDS if one.is_sensitive] == ["alcohol_and_drugs", "safety_at_home"]


def test_needs_chosen_come_back_in_list_order_and_once() -> None:
    assert parse_needs(["food", "company", "food"]) == (need("company"), need("food"))


def test_needs_unknown_are_all_told_at_once() -> None:
    with pytest.raises(Faults) as caught:
        parse_needs(["food", "gold", "frankincense"])
    assert len(caught.value.faults) == 2


def test_needs_offered_on_a_day_are_those_not_deprecated() -> None:
    assert needs_offered(on=date(2026, 3, 3)) == NEEDS
