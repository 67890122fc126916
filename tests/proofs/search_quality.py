"""Judged queries in people's own words, misspelt too: our search against plain full text, on the half kept apart.

Usage: python3 run.py prove search_quality [--half kept|tuning] [--each]
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from fingerpost.localstack.places import Places
from fingerpost.localstack.postgres import APP, ensure_cluster
from fingerpost.localstack.templates import Clones, ensure_template

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
BETTER_BY = 0.10


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("kept", "tuning"), default="kept")
    parser.add_argument("--each", action="store_true", help="show the score of every query")
    chosen = parser.parse_args()
    places = Places.of(ROOT)
    places.make_state()
    with ensure_cluster(places.state / "proofs" / "postgres", durable=False) as cluster:
        clones = Clones(cluster, ensure_template(places, cluster))
        try:
            return _prove(cluster.url(APP, clones.make()), chosen.half, each=chosen.each)
        finally:
            clones.drop_all()


def _prove(url: str, half: str, *, each: bool) -> int:
    os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "fingerpost.web.config.settings.test"}
    import django

    django.setup()
    from django.db import connections, transaction
    from tests.factories.listings import land
    from tests.factories.searched import judged, ours, plain, records_of
    from tests.factories.world import build_world

    from fingerpost.stats import paired_bootstrap

    wanted = [query for query in judged() if query.number % 2 == (half == "tuning")]
    scores: list[tuple[float, float]] = []
    for corpus in ("town", "illinois", "harrow"):
        with transaction.atomic():
            world = build_world(mark=f" {corpus}")
            land(world, records_of(corpus))
        with transaction.atomic(), world.as_("worker") as actor:
            for query in wanted:
                if query.corpus == corpus:
                    scores.append((ours(actor, world, query), plain(actor, query)))
                    if each:
                        print(
                            f"{query.number:3} {corpus:9} {scores[-1][0]:.2f} {scores[-1][1]:.2f}  {query.words}"
                        )
    connections.close_all()
    found = paired_bootstrap([one for one, _ in scores], [other for _, other in scores])
    means = [sum(column) / len(scores) for column in zip(*scores, strict=True)]
    print(f"{half} half, {found.n} queries: nDCG@10 ours {means[0]:.3f}, plain full text {means[1]:.3f}")
    print(
        f"difference {found.mean:+.3f}, 95% interval {found.low:+.3f} to {found.high:+.3f} (paired bootstrap)"
    )
    return 0 if half == "tuning" or (found.mean >= BETTER_BY and found.low > 0) else 1


if __name__ == "__main__":
    sys.exit(main())
