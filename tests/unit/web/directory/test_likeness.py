"""How alike two listings are: worked by hand, and the same whichever comes first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fingerpost.web.directory.likeness import ENOUGH, Facts, figures, likeness, plain, points, site_of

CLUB = Facts(
    name="Knit & Natter",
    provider="Warm Hands CIC",
    postcodes=frozenset({"TS11AA"}),
    phones=frozenset({"632960001"}),
    site="warmhands.example",
)


@pytest.mark.parametrize(
    ("other", "wanted", "asked"),
    [
        (Facts(name="Knit and Natter", phones=CLUB.phones), 70, True),
        (Facts(name="The knit and natter", postcodes=CLUB.postcodes), 60, True),
        (Facts(name="Knit and Natter"), 40, False),
        (Facts(name="Debt advice", phones=CLUB.phones, postcodes=CLUB.postcodes, site=CLUB.site), 0, False),
        (Facts(name="Knit and Natters", provider="Warm Hands", site=CLUB.site), 80, True),
        (CLUB, 100, True),
    ],
)
def test_points_worked_by_hand(other: Facts, wanted: int, asked: bool) -> None:
    assert points(likeness(CLUB, other)) == wanted
    assert (wanted >= ENOUGH) is asked


_NAMES = st.sampled_from(["Lunch club", "Lunch Clubs", "Men's shed", "Choir", "The choir"])
_FACTS = st.builds(
    Facts,
    name=_NAMES,
    provider=st.sampled_from(["", "Warm Hands", "Age Friends"]),
    postcodes=st.frozensets(st.sampled_from(["TS11AA", "DL11AA"])),
    phones=st.frozensets(st.sampled_from(["632960001", "632960002"])),
    site=st.sampled_from(["", "a.example", "b.example"]),
    email=st.sampled_from(["", "a@a.example"]),
)


@given(_FACTS, _FACTS)
def test_it_does_not_matter_which_comes_first(one: Facts, other: Facts) -> None:
    assert likeness(one, other) == likeness(other, one)


def test_numbers_and_sites_are_compared_without_what_differs_for_nothing() -> None:
    assert figures("+44 (0)1632 960-001") == figures("01632 960001") == "632960001"
    assert figures("999") == ""
    assert (
        site_of("https://www.Choir.example/us/") == site_of("http://choir.example/us") == "choir.example/us"
    )
    assert site_of("") == ""
    assert plain("The") == "the"
