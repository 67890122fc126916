from dataclasses import replace

import pytest

from fingerpost.instruments import Band, Better, MissingRule, instrument, instruments
from fingerpost.instruments.loading import parse_instrument
from fingerpost.kernel.errors import Faults, NotFound

ONS4, UCLA3 = instrument("ons4"), instrument("ucla3")


def test_every_instrument_that_ships_text_may_and_says_why() -> None:
    for one in instruments():
        assert one.licence.may_ship_text
        assert one.licence.evidence
        assert one.citation


def test_instrument_by_version_and_language() -> None:
    assert instrument("ons4", version="2020-05") is ONS4
    for wrong in ({"version": "1999"}, {"language": "cy"}):
        with pytest.raises(NotFound):
            instrument("ons4", **wrong)


def test_instrument_that_contradicts_itself_tells_all_of_it() -> None:
    with pytest.raises(Faults) as caught:
        replace(ONS4, items=(ONS4.items[0], ONS4.items[0]), better=Better.HIGHER)
    assert len(caught.value.faults) == 2


@pytest.mark.parametrize(
    "bands",
    [
        (Band("low", 3, 5), Band("high", 7, 9)),  # a gap
        (Band("low", 3, 6), Band("high", 6, 9)),  # an overlap
        (Band("low", 3, 8),),  # too short
        (Band("high", 6, 9), Band("low", 3, 5)),  # out of order
    ],
)
def test_bands_that_do_not_cover_the_total_once_are_refused(bands: tuple[Band, ...]) -> None:
    replace(UCLA3, bands=(Band("low", 3, 5), Band("high", 6, 9)))
    with pytest.raises(Faults):
        replace(UCLA3, bands=bands)


def test_total_that_leaves_items_out_or_has_no_direction_is_refused() -> None:
    with pytest.raises(Faults):
        replace(UCLA3, missing=MissingRule.EACH_ITEM_ALONE)
    with pytest.raises(Faults):
        replace(UCLA3, better=None)


@pytest.mark.parametrize(
    "change", [{"least": 10}, {"least_label": ""}, {"choices": {0: "none"}, "least_label": ""}, {"most": 9}]
)
def test_item_that_contradicts_itself_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(Faults, match="satisfied: "):
        replace(ONS4, items=(replace(ONS4.items[0], **change),))


def test_declaration_with_a_word_that_means_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="average"):
        parse_instrument('id = "x"\nscoring = "average"\nitems = []\nmissing = "all_needed"')
