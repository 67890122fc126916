"""What must hold of kernel values whatever is typed."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from fingerpost.kernel import ids
from fingerpost.kernel.dates import age_on, parse_day_month_year
from fingerpost.kernel.errors import FingerpostError, InvalidValue
from fingerpost.kernel.person_identifiers import CHINumber, NHSNumber, check_digit_of
from fingerpost.kernel.postcode import Postcode
from fingerpost.kernel.working_days import add_working_days, is_working_day, working_days_between

reserved = st.integers(0, NHSNumber.RESERVED_COUNT - 1).map(NHSNumber.reserved)
days = st.dates(date(1980, 1, 1), date(2060, 12, 31))
moderate = settings(max_examples=100, deadline=None)


@st.composite
def chi_numbers(draw: st.DrawFn) -> CHINumber:
    prefix = f"{draw(st.dates(date(1900, 1, 1), date(2026, 1, 1))):%d%m%y}"
    tails = st.integers(0, 999).map(lambda n: f"{prefix}{n:03d}")
    nine = draw(tails.filter(lambda text: check_digit_of(text) is not None))
    return CHINumber(f"{nine}{check_digit_of(nine)}")


def refused(scheme: type, text: str) -> bool:
    try:
        scheme(text)
    except InvalidValue:
        return True
    return False


@moderate
@given(st.one_of(reserved, chi_numbers()))
def test_identifier_shown_and_read_again_is_the_same(number: NHSNumber | CHINumber) -> None:
    assert type(number).parse(number.display) == number


@moderate
@given(st.one_of(reserved, chi_numbers()), st.integers(0, 9), st.integers(1, 9))
def test_identifier_with_any_one_digit_changed_is_refused(
    number: NHSNumber | CHINumber, place: int, change: int
) -> None:
    digits = list(number.value)
    digits[place] = str((int(digits[place]) + change) % 10)
    assert refused(type(number), "".join(digits))


@moderate
@given(reserved, st.integers(0, 8))
def test_identifier_with_two_neighbours_swapped_is_refused(number: NHSNumber, place: int) -> None:
    digits = list(number.value)
    digits[place], digits[place + 1] = digits[place + 1], digits[place]
    assert "".join(digits) == number.value or refused(NHSNumber, "".join(digits))


@moderate
@given(st.from_regex(r"[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][ABD-HJLNP-UW-Z]{2}", fullmatch=True))
def test_postcode_in_any_spacing_and_case_reads_the_same(text: str) -> None:
    postcode = Postcode.parse(text)
    assert postcode.value == text
    assert Postcode.parse(f" {postcode.compact.lower()} ") == postcode
    assert postcode.value.startswith(postcode.sector)
    assert postcode.outward.startswith(postcode.area)


@moderate
@given(st.text(max_size=30))
def test_anything_typed_is_read_or_refused_in_words(text: str) -> None:
    for read in (NHSNumber.parse, CHINumber.parse, Postcode.parse):
        try:
            read(text)
        except FingerpostError as refusal:
            assert str(refusal)


@moderate
@given(days, days)
def test_working_days_turned_round_change_sign_and_never_exceed_days(start: date, end: date) -> None:
    count = working_days_between(start, end)
    assert working_days_between(end, start) == -count
    assert abs(count) <= abs((end - start).days)


@moderate
@given(days, st.integers(0, 60))
def test_working_days_added_are_counted_back(start: date, count: int) -> None:
    end = add_working_days(start, count)
    assert working_days_between(start, end) == count
    assert count == 0 or is_working_day(end)


@moderate
@given(days, st.integers(0, 40))
def test_working_days_between_equals_counting_them_one_by_one(start: date, length: int) -> None:
    run = [start + timedelta(days=n) for n in range(1, length + 1)]
    expected = sum(is_working_day(day) for day in run)
    assert working_days_between(start, start + timedelta(days=length)) == expected


@moderate
@given(days)
def test_date_typed_in_three_boxes_is_read_back(day: date) -> None:
    assert parse_day_month_year(str(day.day), f"{day:%B}", str(day.year)) == day
    assert parse_day_month_year(str(day.day), str(day.month), str(day.year)) == day


@moderate
@given(days, st.integers(0, 40000))
def test_age_rises_by_at_most_one_from_day_to_day(born: date, later: int) -> None:
    day = born + timedelta(days=later)
    assert age_on(born, day + timedelta(days=1)) - age_on(born, day) in (0, 1)


@moderate
@given(st.lists(st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)), min_size=2, max_size=20))
def test_ids_sort_as_the_times_they_were_given(moments: list[datetime]) -> None:
    made = [(ids.new_id(moment.replace(tzinfo=UTC)), moment) for moment in moments]
    assert len({identifier for identifier, _ in made}) == len(made)
    by_id = [moment.replace(microsecond=moment.microsecond // 1000) for _, moment in sorted(made)]
    assert by_id == sorted(by_id)
