import pytest

from fingerpost.kernel.errors import InvalidValue, NotFound
from fingerpost.kernel.person_identifiers import CHINumber, NHSNumber, parse_identifier


@pytest.mark.parametrize("typed", ["943 476 5919", "943-476-5919", " 9434765919\n", "943\u00a0476\u20115919"])
def test_nhs_number_typed_in_any_spacing_is_read(typed: str) -> None:
    number = NHSNumber.parse(typed)
    assert number.value == "9434765919"
    assert number.display == "943 476 5919"


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("", "There is no number here."),
        ("943 476 591", "This number has the wrong length: 9 instead of 10."),
        ("943 476 59190", "This number has the wrong length: 11 instead of 10."),
        ("943 476 591O", "This number has letters or signs in it."),
        ("٩٤٣٤٧٦٥٩١٩", "This number has letters or signs in it."),
        ("943 476 5918", "This number is not quite right: its last digit does not agree with the others."),
        ("111 111 1111", "All ten digits are the same, so this is not a real number."),
    ],
)
def test_nhs_number_malformed_says_what_is_wrong(typed: str, wrong: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        NHSNumber.parse(typed)
    assert str(caught.value.message) == wrong
    assert caught.value.expected or caught.value.remedy
    if typed:
        assert typed not in str(caught.value)


def test_nhs_number_whose_check_digit_would_be_ten_is_refused() -> None:
    for last in range(10):
        with pytest.raises(InvalidValue):
            NHSNumber.parse(f"999000000{last}")  # 9*10 + 9*9 + 9*8 = 243 = 22 * 11 + 1


def test_nhs_number_built_directly_is_checked_too() -> None:
    with pytest.raises(InvalidValue):
        NHSNumber("943 476 5919")


def test_reserved_numbers_are_valid_and_different_over_the_whole_range() -> None:
    last = NHSNumber.RESERVED_COUNT - 1
    sample = [*range(2000), *range(0, last, 997), *range(last - 2000, last + 1)]
    made = {n: NHSNumber.reserved(n) for n in sample}
    assert len(set(made.values())) == len(made)
    assert all(number.is_reserved_for_tests for number in made.values())
    assert not NHSNumber.parse("943 476 5919").is_reserved_for_tests


@pytest.mark.parametrize("n", [-1, NHSNumber.RESERVED_COUNT])
def test_reserved_numbers_outside_the_range_are_refused(n: int) -> None:
    with pytest.raises(InvalidValue):
        NHSNumber.reserved(n)


def test_chi_number_is_read_and_shown_six_four() -> None:
    assert CHINumber.parse("010100 0006").display == "010100 0006"


@pytest.mark.parametrize("typed", ["320100 0006", "300200 0000", "001300 0000", "310490 0000"])
def test_chi_number_that_does_not_begin_with_a_date_is_refused(typed: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        CHINumber.parse(typed)
    assert "date" in str(caught.value.message)


def test_chi_number_of_a_leap_day_in_either_century_is_a_date() -> None:
    CHINumber.parse("2902000006")  # 2000 had a 29 February, 1900 had not


def test_identifiers_of_two_schemes_are_never_equal() -> None:
    digits = "0101000006"
    assert NHSNumber(digits) != CHINumber(digits)


def test_repr_hides_the_number() -> None:
    assert "943476" not in repr(NHSNumber.parse("9434765919"))


def test_parse_identifier_by_kind() -> None:
    assert parse_identifier("nhs_number", "943 476 5919") == NHSNumber("9434765919")
    assert parse_identifier("chi_number", "010100 0006") == CHINumber("0101000006")
    with pytest.raises(NotFound, match="nhs_number, chi_number"):
        parse_identifier("passport", "1")
