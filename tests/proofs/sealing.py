"""200,000 looks are sealed in bounded steps and verified; prints the seconds of each, and finds one edited row."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROWS = 200_000
LONGEST_STEP = 45.0  # a run comes each minute


def main() -> int:
    from fingerpost.localstack.places import Places
    from fingerpost.localstack.postgres import APP, MAINTENANCE, OWNER, ensure_cluster
    from fingerpost.localstack.templates import Clones, ensure_template

    places = Places.of(ROOT)
    with (
        ensure_cluster(places.tests / "postgres", durable=False) as cluster,
        tempfile.TemporaryDirectory() as home,
    ):
        clones = Clones(cluster, ensure_template(places, cluster))
        name = clones.make()
        os.environ |= {
            "FINGERPOST_HOME": home,
            "DATABASE_URL": cluster.url(APP, name),
            "FINGERPOST_OWNER_DATABASE_URL": cluster.url(OWNER, name),
            "FINGERPOST_MAINTENANCE_DATABASE_URL": cluster.url(MAINTENANCE, name),
            "DJANGO_SETTINGS_MODULE": "fingerpost.web.config.settings.test",
        }
        try:
            return _measure()
        finally:
            from django.db import connections

            connections.close_all()
            clones.drop_all()


def _measure() -> int:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connections

    from fingerpost.web.audit import api as audit
    from fingerpost.web.audit.sealing import seal_waiting

    began = time.monotonic()
    with connections["owner"].cursor() as owner:
        owner.execute(
            "INSERT INTO audit_access (id, system_id, at, kind, actor_id, actor_label, page, person_ids, person_label,"
            " query_hash, reason) SELECT gen_random_uuid(), gen_random_uuid(), now(), 'view', 'user:x', 'Somebody',"
            " 'person', ARRAY[gen_random_uuid()], 'Amina Okafor', '', '' FROM generate_series(1, %s)",
            [ROWS],
        )
    print(f"written, each row noted: {time.monotonic() - began:.1f} s")
    steps, sealed = [], 0
    while True:
        began = time.monotonic()
        rows = seal_waiting(at=datetime.now(UTC))
        if not rows:
            break
        steps.append(time.monotonic() - began)
        sealed += rows
    print(f"sealed {sealed:,} rows in {len(steps)} runs, the longest {max(steps):.1f} s")
    began = time.monotonic()
    found = audit.verify(
        using="maintenance",
        key=settings.FINGERPOST_SEAL_KEY,
        kept=audit.kept_outside("maintenance"),
        at=datetime.now(UTC),
    )
    print(f"verified {found.rows:,} rows under {found.seals} seals: {time.monotonic() - began:.1f} s")
    with connections["owner"].cursor() as owner:
        owner.execute(
            "UPDATE audit_access SET actor_label = 'x' WHERE id = (SELECT id FROM audit_access LIMIT 1)"
        )
    told = audit.verify(
        using="maintenance", key=settings.FINGERPOST_SEAL_KEY, kept=None, at=datetime.now(UTC)
    ).faults
    print("\n".join(told))
    good = found.faults == [] and sealed >= ROWS and len(told) == 1 and max(steps) < LONGEST_STEP
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
