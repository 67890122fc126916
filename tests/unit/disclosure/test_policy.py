import numpy as np
import pytest

from fingerpost.disclosure import (
    FOR_COUNTS,
    DisclosurePolicy,
    Suppressed,
    Why,
    is_suppressed,
    midpoint,
    nearest,
)
from fingerpost.kernel.words import Phrase, in_words

SMALL = Suppressed(7)


@pytest.mark.parametrize(
    "misuse",
    [
        lambda cell: cell + 1,
        lambda cell: sum([1, cell]),
        lambda cell: sum([cell, cell]),
        lambda cell: cell < 8,
        lambda cell: max(0, cell),
        lambda cell: sorted([cell, 3]),
        int,
        float,
        lambda cell: cell or 0,
        lambda cell: f"{cell:d}",
        lambda cell: f"{cell:.1f}",
        lambda cell: f"{cell:>5}",
        lambda cell: "%d" % cell,  # noqa: UP031
        round,
        range,
        lambda cell: np.asarray([1, cell], dtype=float),
        lambda cell: np.asarray([1, cell]).sum(),
    ],
)
def test_suppressed_used_as_a_number_raises(misuse: object) -> None:
    with pytest.raises(TypeError):
        misuse(SMALL)  # type: ignore[operator]


def test_suppressed_equals_no_number() -> None:
    assert SMALL != 0
    assert SMALL != 7
    assert Suppressed(7) == SMALL
    assert is_suppressed(SMALL)
    assert not is_suppressed(0)


def test_suppressed_words_are_a_phrase_that_can_be_translated() -> None:
    said = str(SMALL)
    assert said == f"{SMALL}" == "fewer than 8"
    assert isinstance(said, Phrase)
    assert in_words(said, {"fewer than {number}": "llai nag {number}"}.__getitem__) == "llai nag 8"


def test_suppressed_as_a_complement_never_says_that_it_is_few() -> None:
    assert "8" not in str(Suppressed(7, Why.COMPLEMENT))


@pytest.mark.parametrize(("count", "rounded"), [(0, 0), (8, 10), (12, 10), (13, 15), (22, 20), (23, 25)])
def test_nearest_five(count: int, rounded: int) -> None:
    assert nearest(count) == rounded


def test_nearest_with_an_even_base_takes_halves_up() -> None:
    assert [nearest(count, 10) for count in (4, 5, 15, 25)] == [0, 10, 20, 30]


@pytest.mark.parametrize(
    ("counts", "rounded"),
    [(range(1), 0), (range(1, 7), 3), (range(7, 13), 9), (range(13, 19), 15), (range(19, 25), 21)],
)
def test_midpoint_six(counts: range, rounded: int) -> None:
    assert {midpoint(count) for count in counts} == {rounded}


def test_two_roundings_of_one_count_give_it_away() -> None:
    """Why a count is never released under both policies."""
    possible = [count for count in range(100) if (nearest(count), midpoint(count)) == (20, 15)]
    assert possible == [18]


def test_policy_has_no_default_for_nought() -> None:
    with pytest.raises(TypeError):
        DisclosurePolicy(threshold=7, rounded=nearest)  # type: ignore[call-arg]
    assert not FOR_COUNTS.is_small(0)
    assert DisclosurePolicy(7, nearest, shows_zero=False, shows_extremes=False).is_small(0)
