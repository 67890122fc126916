"""Person search, the lists and the person's page at 1,000,000 people, with the policies and without them.

The peer asks the same in SQL as the role that passes the policies, with their conditions written out by hand. Both must
give the same answer. Fails when a search of any kind has a p95 over 50 ms.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING, Any

from fingerpost.localstack.places import Places
from fingerpost.localstack.postgres import APP, MAINTENANCE, Cluster, ensure_cluster
from fingerpost.localstack.templates import ensure_template

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from tests.factories.masses import Life, Masses
    from tests.factories.masses_asked import Question

MOST = 0.050  # seconds; what person search may take


def main() -> int:
    chosen = _arguments()
    places = Places.of(ROOT)
    places.make_state()
    with ensure_cluster(places.state / "policies" / "postgres") as cluster:
        database = _database(places, cluster, chosen.people, reuse=chosen.reuse)
        os.environ |= {
            "DATABASE_URL": cluster.url(APP, database),
            "FINGERPOST_MAINTENANCE_DATABASE_URL": cluster.url(MAINTENANCE, database),
            "DJANGO_SETTINGS_MODULE": "fingerpost.web.config.settings.test",
        }
        import django

        django.setup()
        from tests.factories.masses import load

        masses = _masses(cluster, database, load, chosen.people)
        _show_machine(cluster, database)
        return _measure(masses, chosen.times, chosen.plans)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=40, help="of each question (default 40)")
    parser.add_argument("--reuse", action="store_true", help="take the database an earlier run has left")
    parser.add_argument("--plans", action="store_true", help="show the plans too")
    return parser.parse_args()


def _database(places: Places, cluster: Cluster, people: int, *, reuse: bool) -> str:
    template = ensure_template(places, cluster)
    name = f"policies_{people}_{template[-12:]}"
    if not (reuse and name in cluster.databases()):
        for old in cluster.databases("policies_"):
            cluster.drop_database(old)
        cluster.create_database(name, template=template)
    return name


def _masses(cluster: Cluster, database: str, load: Callable[..., None], people: int) -> Masses:
    """Found the organisations and load everybody, or find what an earlier run has left."""
    import pickle

    from tests.factories.masses import found_organisations

    kept = cluster.state / f"{database}.pickle"
    if kept.exists() and cluster.ask("SELECT 1 FROM people_person LIMIT 1;", database=database):
        found: Masses = pickle.loads(kept.read_bytes())
        return found
    masses = found_organisations(practices=300, schemes=100)
    began = time.monotonic()
    load(cluster, database, masses, people)
    print(f"loaded by COPY, with indexes, and analysed: {time.monotonic() - began:.0f} s", flush=True)
    kept.write_bytes(pickle.dumps(masses))
    return masses


def _show_machine(cluster: Cluster, database: str) -> None:
    [version] = cluster.ask("SHOW server_version;")
    print(f"machine: {os.cpu_count()} cores shared, {platform.machine()}, load {os.getloadavg()[0]:.1f}")
    print(f"PostgreSQL {version}, Python {platform.python_version()}")
    sizes = (
        "SELECT relname, reltuples::bigint, pg_size_pretty(pg_table_size(oid)), pg_size_pretty(pg_indexes_size(oid))"
        " FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        " ORDER BY pg_total_relation_size(oid) DESC LIMIT 7;"
    )
    for line in cluster.ask(sizes, database=database):
        print("  {}: {} rows, table {}, indexes {}".format(*line.split("|")))


def _measure(masses: Masses, times: int, plans: bool) -> int:
    from tests.factories.masses_asked import QUESTIONS, known_lives

    faults = []
    print(f"\n{'question'.ljust(34)}   rows |   p50    p95 ms | without p50    p95 | ratio")
    for case in QUESTIONS:
        among = known_lives(masses, case.who)
        own, peer, rows = [], [], 0
        for turn in range(times):
            life = among[turn % len(among)]
            with _asked_by(getattr(masses, case.who)) as actor:
                began = time.perf_counter()
                found = case.ask(actor, life)
                own.append(time.perf_counter() - began)
            began = time.perf_counter()
            wanted = _peer(case, masses, life)
            peer.append(time.perf_counter() - began)
            rows += len(found)
            if sorted(map(str, found)) != sorted(map(str, wanted)):
                faults.append(f"{case.name}, turn {turn}: {len(found)} rows, the peer {len(wanted)}")
        p50, p95 = _quantile(own, 0.5), _quantile(own, 0.95)
        q50, q95 = _quantile(peer, 0.5), _quantile(peer, 0.95)
        print(
            f"{case.name.ljust(34)} {rows / times:6.1f} | {p50 * 1e3:5.1f} {p95 * 1e3:6.1f}    |"
            f" {q50 * 1e3:11.1f} {q95 * 1e3:6.1f} | {p50 / q50:4.1f}",
            flush=True,
        )
        if case.is_search and p95 > MOST:
            faults.append(f"{case.name}: p95 {p95 * 1e3:.0f} ms, over {MOST * 1e3:.0f}")
        if plans:
            _show_plan(case, masses, among[0])
    print(f"\npeak memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}")
    for fault in faults:
        print(f"FAULT {fault}")
    return 1 if faults else 0


@contextmanager
def _asked_by(actor: Any) -> Iterator[Any]:
    from tests.factories.masses import NOW

    from fingerpost.kernel import clock
    from fingerpost.web.foundation.scope import scope

    with clock.fixed(NOW), scope(actor):
        yield actor


def _peer(case: Question, masses: Masses, life: Life) -> list[Any]:
    from django.db import connections

    with connections["maintenance"].cursor() as cursor:
        cursor.execute(case.peer, case.given(masses, life))
        return [row[0] for row in cursor.fetchall()]


def _show_plan(case: Question, masses: Masses, life: Life) -> None:
    from tests.factories.masses_asked import plans_of

    with _asked_by(getattr(masses, case.who)) as actor:
        for plan in plans_of(lambda: case.ask(actor, life), analyse=True):
            print("    " + "\n    ".join(plan.splitlines()))


def _quantile(found: list[float], part: float) -> float:
    return quantiles(found, n=100, method="inclusive")[round(part * 100) - 1]


if __name__ == "__main__":
    sys.exit(main())
