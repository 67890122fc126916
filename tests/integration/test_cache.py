"""The cache that limits and used codes are kept in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.core.cache import cache
from django.db import connection, connections, transaction

from fingerpost.kernel import clock
from fingerpost.web.foundation.cache import is_tried_too_often

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_value_is_kept_until_it_expires() -> None:
    with clock.fixed(NOW):
        cache.set("count", [1, 2, {"at": 3.5}], timeout=60)
        assert cache.get("count") == [1, 2, {"at": 3.5}]
    with clock.fixed(NOW + timedelta(seconds=60)):
        assert cache.get("count") is None
        assert cache.add("count", 1, timeout=60)
        assert not cache.add("count", 2, timeout=60)
        assert cache.get("count") == 1
        assert cache.touch("count", 600) and not cache.touch("other", 600)
        assert cache.delete("count") and not cache.delete("count")
        assert cache.get("count", "nothing") == "nothing"


@pytest.mark.django_db
def test_value_without_an_end_stays() -> None:
    cache.set("kept", "x", timeout=None)
    with clock.fixed(datetime(2036, 3, 3, tzinfo=UTC)):
        assert cache.get("kept") == "x"


@pytest.mark.django_db
def test_table_holds_no_key_and_no_code_that_could_run() -> None:
    cache.set("login:amina@staff.example", ["1.5"], timeout=60)
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, value FROM foundation_cacheentry")
        [(key, value)] = cursor.fetchall()
    assert "amina" not in key and len(key) == 64
    assert value == '["1.5"]'
    with pytest.raises(TypeError):
        cache.set("object", object())


@pytest.mark.django_db(transaction=True)
def test_of_many_processes_that_add_at_once_one_succeeds() -> None:
    """The wall between a code that is used and the same code used twice."""
    ready = Barrier(8)

    def once(_: int) -> bool:
        try:
            with transaction.atomic():
                ready.wait(timeout=30)
                return bool(cache.add("code", True, timeout=60))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(once, range(8))) == [False] * 7 + [True]


@pytest.mark.django_db
def test_what_has_expired_is_cleared_away() -> None:
    with clock.fixed(NOW):
        for number in range(50):
            cache.set(f"old-{number}", number, timeout=1)
    for number in range(200):
        cache.set("new", number, timeout=60)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM foundation_cacheentry")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_each_counts() -> None:
    """Eight processes' worth of tries: no two are told the same number."""
    gate = Barrier(8)

    def count(_: int) -> list[bool]:
        try:
            gate.wait(timeout=20)
            with clock.fixed(NOW):
                return [
                    is_tried_too_often("looking", "somebody", most=20, every=timedelta(hours=1))
                    for _ in range(5)
                ]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        said = [one for many in pool.map(count, range(8)) for one in many]
    assert said.count(False) == 20 and said.count(True) == 20
    cache.clear()
