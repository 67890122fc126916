import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from fingerpost.kernel import clock, ids
from fingerpost.kernel.errors import InvalidValue

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


def test_new_id_has_version_7_its_variant_and_its_date() -> None:
    made = ids.new_id(NOON)
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert ids.timestamp_of(made) == NOON


def test_timestamp_of_the_example_in_the_standard_is_its_published_time() -> None:
    example = UUID("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")  # RFC 9562, appendix A.6
    assert ids.timestamp_of(example) == datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)


def test_new_id_under_an_injected_clock_is_dated_by_it_and_may_go_back() -> None:
    ids.new_id()
    with clock.fixed(NOON):
        assert ids.timestamp_of(ids.new_id()) == NOON
    assert ids.timestamp_of(ids.new_id(NOON - timedelta(days=9))) == NOON - timedelta(days=9)


def test_new_ids_of_one_millisecond_rise() -> None:
    made = [ids.new_id(NOON) for _ in range(2000)]
    assert made == sorted(set(made))


def test_new_ids_from_many_threads_are_unique_and_rise_within_each() -> None:
    made: list[list[UUID]] = []

    def run() -> None:
        made.append([ids.new_id() for _ in range(2000)])

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(batch == sorted(batch) for batch in made)
    assert len({one for batch in made for one in batch}) == 8000


def test_ids_seeded_are_the_same_at_every_run() -> None:
    runs = []
    for _ in range(2):
        with ids.seeded(7):
            runs.append([ids.new_id(NOON) for _ in range(5)])
    assert runs[0] == runs[1] == sorted(set(runs[0]))
    assert ids.new_id(NOON) not in runs[0]


@pytest.mark.parametrize("moment", [datetime(1969, 12, 31, tzinfo=UTC), datetime(2026, 1, 1)])
def test_new_id_at_an_impossible_time_is_refused(moment: datetime) -> None:
    with pytest.raises(InvalidValue):
        ids.new_id(moment)


def test_timestamp_of_a_random_uuid_is_refused() -> None:
    with pytest.raises(InvalidValue):
        ids.timestamp_of(uuid4())
