"""The outbox against a mail server that fails, stalls and drops, with worker and database killed 200 times.

Nothing is lost, duplicates carry the same Message-ID, staff see what became of each message, and what failed can be
sent again. `--kills` and `--seed` choose another storm. Prints a report as JSON; the exit code is 1 when it was wrong.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from fingerpost.localstack.places import Places  # noqa: E402
from fingerpost.localstack.postgres import APP, OWNER, Cluster, ensure_cluster  # noqa: E402
from fingerpost.localstack.templates import Clones, ensure_template  # noqa: E402


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--kills", type=int, default=200)
    words.add_argument("--seed", type=int, default=1)
    chosen = words.parse_args()
    places = Places.of(ROOT)
    places.make_state()
    cluster = ensure_cluster(places.tests / "storm", durable=True)  # killed at will: a cluster of its own
    with cluster:
        clones = Clones(cluster, ensure_template(places, cluster))
        database = clones.make()
        # After a failure the database may be dead, and what it holds is the evidence: the next run clears up.
        code = _weather(cluster.url(APP, database), cluster, database, chosen.kills, chosen.seed)
        clones.drop_all()
        return code


def _weather(url: str, cluster: Cluster, database: str, kills: int, seed: int) -> int:
    os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "fingerpost.web.config.settings.test"}
    os.environ.pop("FINGERPOST_OWNER_DATABASE_URL", None)
    import django

    django.setup()
    logging.disable(logging.CRITICAL)
    from tests.factories.outbox_storm import weather

    report = weather(cluster, database, owner=cluster.url(OWNER, database), kills=kills, seed=seed)
    sys.stdout.write(json.dumps(report.as_dict(), indent=1) + "\n")
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
