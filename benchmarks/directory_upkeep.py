"""The nightly rebuild of trust at 200,000 listings, and what triggers cost an import of 20,000 rows.

Prints seconds and peak memory, and which statements took the time. Fails when the rebuild takes over 120 seconds or
600 megabytes, or asks more questions for each listing than a few for every thousand.
Usage: python3 run.py prove directory_upkeep [--listings 200000] [--rows 20000]
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fingerpost.localstack.places import Places
from fingerpost.localstack.postgres import APP, OWNER, Cluster, ensure_cluster
from fingerpost.localstack.templates import ensure_template

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

MOST_SECONDS, MOST_MEGABYTES = 120.0, 600
_TABLES = (
    "directory_listing",
    "directory_listingatlocation",
    "directory_location",
    "directory_schedule",
    "directory_servicearea",
    "directory_language",
    "directory_accessibility",
)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--listings", type=int, default=200_000)
    parser.add_argument("--rows", type=int, default=20_000)
    chosen = parser.parse_args()
    places = Places.of(ROOT)
    places.make_state()
    print(f"machine: {os.cpu_count()} cores shared, {platform.machine()}, load {os.getloadavg()[0]:.1f}")
    with ensure_cluster(places.state / "search" / "postgres") as cluster:
        faults = [
            *_apart(places, cluster, "upkeep_trust", lambda name: _trust(cluster, name, chosen.listings)),
            *_apart(places, cluster, "upkeep_with", lambda name: _import(cluster, name, chosen.rows, True)),
            *_apart(
                places, cluster, "upkeep_without", lambda name: _import(cluster, name, chosen.rows, False)
            ),
        ]
    print("\n".join(faults))
    return 1 if faults else 0


def _apart(places: Places, cluster: Cluster, name: str, measure: Callable[[str], list[str]]) -> list[str]:
    """In a database and a process of its own, so that memory is that of this alone."""
    cluster.drop_database(name)
    cluster.create_database(name, template=ensure_template(places, cluster))
    child = os.fork()
    if child == 0:
        faults = ["it broke"]
        try:
            os.environ |= {
                "DATABASE_URL": cluster.url(APP, name),
                "DJANGO_SETTINGS_MODULE": "fingerpost.web.config.settings.test",
            }
            import django

            django.setup()
            faults = measure(name)
        except BaseException:
            import traceback

            traceback.print_exc()
        print("\n".join(faults), flush=True)
        os._exit(1 if faults else 0)
    _pid, status = os.waitpid(child, 0)
    cluster.drop_database(name)
    return [] if status == 0 else [f"{name} did not hold"]


def _trust(cluster: Cluster, name: str, listings: int) -> list[str]:
    """The whole job of a night, twice: the first finds nothing computed yet, the second nothing changed."""
    from tests.factories.many_listings import load_listings

    from fingerpost.web.directory import api as directory
    from fingerpost.web.foundation.scope import scope

    load_listings(cluster, name, listings)
    cluster.ask(_EVIDENCE, database=name, role=OWNER)
    faults = []
    for round_of in ("first night", "second night, nothing has changed"):
        began, before = time.monotonic(), _peak()
        with scope(_steward()) as by, _counted() as asked:
            directory.keep_true(by=by, at=_now())
        seconds, peak = time.monotonic() - began, _peak()
        print(
            f"\n{round_of}: {listings:,} listings, {seconds:.1f} s, peak {peak:.0f} MB (before {before:.0f} MB)"
        )
        _show(asked)
        if seconds > MOST_SECONDS or peak > MOST_MEGABYTES:
            faults.append(f"{round_of}: {seconds:.0f} s and {peak:.0f} MB")
        if sum(times for times, _seconds in asked.values()) > listings / 20:
            faults.append(f"{round_of}: it asks too often")
    return faults


def _import(cluster: Cluster, name: str, rows: int, with_triggers: bool) -> list[str]:
    """New, the same again, one field of each changed, and undone."""
    from fingerpost.web.directory import api as directory
    from fingerpost.web.foundation.scope import scope

    if not with_triggers:
        for table in _TABLES:
            cluster.ask(f"ALTER TABLE {table} DISABLE TRIGGER USER;", database=name, role=OWNER)
    source = directory.SourceDetails(name="many", label="Many")
    print(
        f"\n{rows:,} rows {'with' if with_triggers else 'without'} the triggers of search facts and history"
    )
    done = None
    for what, files in (
        ("new", _files(rows, "")),
        ("again", _files(rows, "")),
        ("changed", _files(rows, " more")),
    ):
        began = time.monotonic()
        with scope(_steward()) as by, _counted() as asked:
            done = directory.import_directory(files=files, source=source, by=by, at=_now())
        print(f"  {what:8} {time.monotonic() - began:6.1f} s, peak {_peak():.0f} MB")
        _show(asked)
    began = time.monotonic()
    assert done is not None
    with scope(_steward()) as by, _counted() as asked:
        directory.undo_import(import_id=done.import_id, by=by, at=_now())
    print(f"  undone   {time.monotonic() - began:6.1f} s, peak {_peak():.0f} MB")
    _show(asked)
    return []


def _files(rows: int, more: str) -> dict[str, bytes]:
    """A listing in each row, with a place, a time and a number; places are shared by ten."""
    services = ["id,name,description,status,email"]
    places = ["id,name,latitude,longitude"]
    where, times, phones = (
        ["service_id,location_id"],
        ["id,service_id,weekday,opens_at,closes_at"],
        ["id,service_id,number"],
    )
    for n in range(rows):
        services.append(
            f"s{n},Group {n} of the town,Company and something to do {n}{more},active,g{n}@groups.example"
        )
        if n % 10 == 0:
            places.append(f"p{n},Hall {n},{51 + n % 3000 / 1000},{-1 - n % 2000 / 1000}")
        where.append(f"s{n},p{n - n % 10}")
        times.append(f"t{n},s{n},Monday,10:00,12:00")
        phones.append(f"n{n},s{n},01632 9{n:05}")
    tables = {
        "services": services,
        "locations": places,
        "service_at_locations": where,
        "schedules": times,
        "phones": phones,
    }
    return {f"{name}.csv": "\n".join(lines).encode() for name, lines in tables.items()}


@contextmanager
def _counted() -> Iterator[dict[str, tuple[int, float]]]:
    """How often each kind of statement was asked, and how long all of them took."""
    from django.db import connection

    times: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    found: dict[str, tuple[int, float]] = {}

    def timed(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            kind = " ".join(str(sql).split()[:3])[:60]
            times[kind] += 1
            seconds[kind] += time.perf_counter() - began

    with connection.execute_wrapper(timed):
        yield found
    found.update({kind: (times[kind], seconds[kind]) for kind in times})


def _show(asked: dict[str, tuple[int, float]]) -> None:
    total = sum(seconds for _times, seconds in asked.values())
    print(f"    in the database {total:.1f} s, {sum(times for times, _s in asked.values()):,} statements")
    for kind, (times, seconds) in sorted(asked.items(), key=lambda one: -one[1][1])[:6]:
        print(f"    {seconds:7.2f} s {times:7,} x {kind}")


def _steward() -> Any:
    from tests.factories.many_listings import SYSTEM

    from fingerpost.web.foundation.actor import Actor
    from fingerpost.web.tenancy.api import Permission

    return Actor.system(
        reason="upkeep", system_id=SYSTEM, permissions={Permission.IMPORT_DIRECTORY}, sees_people=False
    )


def _now() -> Any:
    from fingerpost.kernel import clock

    return clock.now()


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# What is learnt in a year of use: one listing in five was verified, one in fifty is said to be wrong.
_EVIDENCE = """
INSERT INTO directory_verification (id, system_id, listing_id, how, verified_at, verified_by, undone_by)
SELECT gen_random_uuid(), system_id, id, 'owner', now() - interval '200 days', 'link:measured', ''
FROM directory_listing WHERE hashtext(id::text) % 5 = 0;
INSERT INTO directory_evidence (id, system_id, listing_id, kind, reported_at, reported_by)
SELECT gen_random_uuid(), system_id, id, 'wrong_details', now() - interval '20 days', 'user:measured'
FROM directory_listing WHERE hashtext(id::text) % 50 = 0;
ANALYZE directory_verification, directory_evidence;
"""

if __name__ == "__main__":
    sys.exit(main())
