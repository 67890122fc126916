"""A mark in every field, then the product's own processes driven into every fault: no log, header or file tells a mark.

Usage: python3 run.py prove marks [--show]
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
import time
from pathlib import Path

from fingerpost.localstack.places import Places
from fingerpost.localstack.postgres import APP, MAINTENANCE, OWNER, SUPERUSER, Cluster, ensure_cluster
from fingerpost.localstack.templates import Clones, ensure_template

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="show what the processes wrote")
    chosen = parser.parse_args()
    places = Places.of(ROOT)
    places.make_state()
    # As in the demo: the settings of the database's own log are part of what is tried.
    with ensure_cluster(places.state / "proofs" / "logged") as cluster, tempfile.TemporaryDirectory() as home:
        clones = Clones(cluster, ensure_template(places, cluster))
        try:
            return _prove(cluster, clones.make(), Path(home), show=chosen.show)
        finally:
            clones.drop_all()


def _prove(cluster: Cluster, database: str, home: Path, *, show: bool) -> int:
    os.environ |= {
        "FINGERPOST_HOME": str(home),
        "DATABASE_URL": cluster.url(APP, database),
        "DJANGO_SETTINGS_MODULE": "fingerpost.web.config.settings.test",
    }
    import django

    django.setup()
    import psycopg
    from django.db import connections, transaction

    logging.getLogger("mail.log").setLevel(logging.ERROR)  # the loopback mail server's talk is no log of ours
    from tests.integration.routes.planted import plant
    from tests.marks.driving import Drive
    from tests.marks.planting import Marks, plant_everywhere
    from tests.marks.processes import Processes

    marks, began = Marks(), time.monotonic()
    try:
        with transaction.atomic():
            planted = plant()
        with psycopg.connect(cluster.url(SUPERUSER, database), autocommit=True) as past_walls:
            faults = plant_everywhere(past_walls, marks)
        drive = Drive(planted, marks)
        findings = drive.everything()
        print(
            f"in one process: {findings.asked} requests, {findings.failed} of them failed, {findings.lines} log lines"
        )
        urls = {
            "FINGERPOST_OWNER_DATABASE_URL": cluster.url(OWNER, database),
            "FINGERPOST_MAINTENANCE_DATABASE_URL": cluster.url(MAINTENANCE, database),
        }
        processes = Processes(ROOT, home, drive, cluster, database, urls)
        processes.run()
        for name, text in processes.written.items():
            print(f"{name}: {len(text.splitlines())} lines")
            if show:
                print("    " + "\n    ".join(text.splitlines()))
    finally:
        connections.close_all()
    print(f"{len(marks.meaning)} marks; {time.monotonic() - began:.0f} s; {os.cpu_count()} cores")
    faults += findings.found
    for fault in faults:
        print(f"FAULT {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
