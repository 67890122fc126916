"""Two that write new words at once never wait for each other, and no word is missing after both."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from tests.integration.directory.test_search import _MANY, SYSTEM
from tests.plugins.database import FreshDatabase

from fingerpost.localstack.postgres import OWNER

pytestmark = pytest.mark.django_db

_WRITE = "UPDATE directory_listing SET description = %s WHERE source_key = %s"


def test_two_imports_that_write_the_same_new_words_crosswise(
    make_database: Callable[[], FreshDatabase],
) -> None:
    many = make_database()
    rows = _MANY.replace("20000", "4")
    rows += "ALTER TABLE directory_listing ENABLE TRIGGER USER;"
    many.cluster.ask(rows.format(system=SYSTEM), database=many.name, role=OWNER)
    actor = "SELECT set_config('fingerpost.actor_id', 'test', false), set_config('fingerpost.actor_label', 't', false)"
    with psycopg.connect(many.url(OWNER)) as one, psycopg.connect(many.url(OWNER)) as other:
        for each in (one, other):
            each.execute(actor)
            each.execute("SET LOCAL lock_timeout = '2s'")
        one.execute(_WRITE, ["zebras", "1"])
        other.execute(_WRITE, ["aardvarks", "2"])
        one.execute(_WRITE, ["aardvarks", "3"])
        other.execute(_WRITE, ["zebras", "4"])
        one.commit()
        other.commit()
        found = one.execute(
            "SELECT DISTINCT lexeme FROM directory_searchlexeme WHERE lexeme IN ('zebra', 'aardvark')"
        ).fetchall()
        assert len(found) == 2
        spelt = one.execute("SELECT directory_spelt_out('''zeb'':*', %s)::text", [SYSTEM]).fetchone()
        assert spelt == ("'zebra'",)
