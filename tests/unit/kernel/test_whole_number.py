from __future__ import annotations

import pytest

from fingerpost.kernel.whole_number import whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("0", 0),
        ("0012", 12),
        ("200", 200),
        ("201", 200),
        ("9" * 5000, 200),
        ("0" * 5000, 0),
        ("0" * 5000 + "7", 7),
        ("", 1),
        ("-1", 1),
        ("+1", 1),
        ("1.0", 1),
        ("²", 1),
        ("١٢", 1),
        ("1_0", 1),
        (" 1", 1),
    ],
)
def test_number_is_read_whatever_somebody_wrote(text: str, number: int) -> None:
    assert whole_number(text, most=200, otherwise=1) == number
