import pytest

from fingerpost.kernel.errors import InvalidValue
from fingerpost.kernel.postcode import Postcode


@pytest.mark.parametrize(
    ("typed", "outward", "area", "sector"),
    [
        ("ox12jd", "OX1", "OX", "OX1 2"),
        ("M1 1AE", "M1", "M", "M1 1"),
        ("sw1a  1aa", "SW1A", "SW", "SW1A 1"),
        ("DN55\u00a01PT", "DN55", "DN", "DN55 1"),
        ("W1A0AX.", "W1A", "W", "W1A 0"),
        ("qx12 3ab", "QX12", "QX", "QX12 3"),
        ("gir 0aa", "GIR", "GIR", "GIR 0"),
    ],
)
def test_postcode_typed_in_any_way_is_read(typed: str, outward: str, area: str, sector: str) -> None:
    postcode = Postcode.parse(typed)
    assert (postcode.outward, postcode.area, postcode.sector) == (outward, area, sector)
    assert postcode.district == outward
    assert str(postcode) == f"{postcode.outward} {postcode.inward}"
    assert Postcode.parse(postcode.compact) == postcode


@pytest.mark.parametrize(
    "typed", ["", "  ", "OX1", "OX1 2J", "OX1 JD2", "OX1 2IO", "OXX1 2JD", "12 3AB", "OX123 4AB"]
)
def test_postcode_malformed_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        Postcode.parse(typed)
    assert "QX1 2AB" in str(caught.value)
    assert not typed.strip() or typed not in str(caught.value)


def test_postcode_built_directly_must_be_in_standard_form() -> None:
    with pytest.raises(InvalidValue):
        Postcode("ox12jd")


@pytest.mark.parametrize("text", ["QX1", "M1", "EC1A", "QX12"])
def test_first_half_is_told_from_everything_else(text: str) -> None:
    assert Postcode.is_outward(text)


@pytest.mark.parametrize("text", ["", "QX1 2AB", "QX", "1", "QX1 ", "qx1", "QXX1", "QX123", "²1"])
def test_what_is_no_first_half(text: str) -> None:
    assert not Postcode.is_outward(text)
