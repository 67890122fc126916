from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from fingerpost.localstack.postgres import SUPERUSER, Cluster
from fingerpost.localstack.templates import Clones

# Imported late: pytest reads this file before the settings are chosen.
if TYPE_CHECKING:
    from tests.marks.driving import Drive


@pytest.fixture(scope="module")
def drive(
    django_db_setup: None, django_db_blocker: Any, database_cluster: Cluster, database_clones: Clones
) -> Iterator[Drive]:
    """A committed world with a mark in every field; the database is renewed after the module."""
    from django.db import connections, transaction
    from tests.integration.routes.planted import plant
    from tests.marks.driving import Drive
    from tests.marks.planting import Marks, plant_everywhere

    marks = Marks()
    with django_db_blocker.unblock():
        with transaction.atomic():
            planted = plant()
        with psycopg.connect(database_cluster.url(SUPERUSER, Clones.name(0)), autocommit=True) as past_walls:
            faults = plant_everywhere(past_walls, marks)
        assert not faults, "say in tests/marks/planting.py why these are not planted:\n" + "\n".join(faults)
        yield Drive(planted, marks, is_short=True)
        connections.close_all()
        database_clones.renew(Clones.name(0))
