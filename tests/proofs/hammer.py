"""5,000 mixed requests of two systems from 16 threads over pooled connections: no word of anybody else's.

Usage: python3 run.py prove hammer [--requests 5000] [--seed 1]
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from fingerpost.localstack.places import Places
from fingerpost.localstack.postgres import APP, ensure_cluster
from fingerpost.localstack.templates import Clones, ensure_template

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    places = Places.of(ROOT)
    places.make_state()
    with ensure_cluster(places.state / "proofs" / "postgres", durable=False) as cluster:
        clones = Clones(cluster, ensure_template(places, cluster))
        try:
            return _prove(places, cluster.url(APP, clones.make()), chosen.requests, chosen.seed)
        finally:
            clones.drop_all()


def _prove(places: Places, url: str, number: int, seed: int) -> int:
    os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "fingerpost.web.config.settings.test"}
    import django

    django.setup()
    from django.db import connections, transaction
    from tests.hammering.hammer import hammer, plant_two_systems, questions, serving

    with transaction.atomic():
        planted = plant_two_systems()
    try:
        with serving(ROOT, places.logs / "hammer.log", dict(os.environ)) as port:
            began = time.monotonic()
            result = hammer(planted, port, questions(planted, number, seed=seed))
            took = time.monotonic() - began
    finally:
        connections.close_all()
    print(f"machine: {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{number} requests in {took:.0f} s; statuses {dict(result.statuses)}; kinds {dict(result.kinds)}")
    print(f"answers with words of one's own: {dict(result.own_words)}")
    print(f"connections looked at {result.looked} times; {result.carried} carried a setting over")
    for fault in result.faults:
        print(f"FAULT {fault}")
    return 1 if result.faults or result.carried or not sum(result.own_words.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
