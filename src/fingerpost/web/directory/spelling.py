"""Which known word a misspelt one was meant to be. Pure."""

from __future__ import annotations

from collections.abc import Sequence

_LONG_WORD = 6  # letters; shorter words may have one letter wrong, these two


def nearest_word(word: str, candidates: Sequence[str]) -> str:
    """The candidate with the fewest letters wrong, the first of equals; empty when none is near enough."""
    most = 2 if len(word) >= _LONG_WORD else 1
    measured = [(letters_wrong(word, near), place) for place, near in enumerate(candidates)]
    fewest, place = min(measured, default=(most + 1, 0))
    return candidates[place] if fewest <= most else ""


def letters_wrong(one: str, other: str) -> int:
    """Letters to change, add, drop or swap with the next (optimal string alignment distance)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        previous, row = row, [i]
        for j, against in enumerate(other, start=1):
            least = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                least = min(least, before[j - 2] + 1)
            row.append(least)
        before = previous
    return row[-1]
