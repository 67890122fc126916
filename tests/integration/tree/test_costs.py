"""What the tree costs in every request: one question, answered by an index, however many mergers there were."""

from __future__ import annotations

import time
from datetime import date

from django.db import connection
from tests.factories.tree import Tree

from fingerpost.web.tenancy.models import Organisation, Succession

MERGERS = 5_000


def test_who_stands_in_for_whom_is_found_by_index_among_five_thousand_mergers(tree: Tree) -> None:
    system_id = tree.world.system_id
    with tree.world.as_(tree.world.job()):
        made = Organisation.objects.bulk_create(
            Organisation(system_id=system_id, kind="practice", name=f"P{n}", closes_on=date(2020, 4, 1))
            for n in range(MERGERS)
        )
        Succession.objects.bulk_create(
            Succession(
                system_id=system_id,
                predecessor=before,
                successor=made[n + 1] if n % 10 < 9 and n + 1 < MERGERS else tree.world.practice,
                starts_on=date(2020, 4, 1),
            )
            for n, before in enumerate(made)
        )
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(
                "EXPLAIN SELECT predecessor_id FROM tenancy_succession WHERE successor_id = %s", [made[1].pk]
            )
            assert "Index" in "\n".join(line for (line,) in cursor.fetchall())
            began = time.perf_counter()
            for one in made[:200]:
                cursor.execute("SELECT tenancy_inherited(%s)", [one.pk])
                assert len(cursor.fetchone()[0]) < 10
            assert (time.perf_counter() - began) / 200 < 0.01, "seconds for each request"
            cursor.execute("SELECT cardinality(tenancy_inherited(%s))", [tree.world.practice.pk])
            assert cursor.fetchone()[0] == MERGERS
