from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from tests.plugins.systems import a_system

from fingerpost.localstack.postgres import Cluster


@pytest.fixture(scope="module")
def systems(database_cluster: Cluster, django_db_setup: None) -> Iterator[dict[str, UUID]]:
    """Two systems by short name."""
    with a_system(database_cluster, "here") as here, a_system(database_cluster, "there") as there:
        yield dict((here, there))


@pytest.fixture
def world(systems: dict[str, UUID], settings: Any, db: None) -> Any:
    """A world whose directory is published at every host."""
    from tests.factories.published import publish
    from tests.factories.world import build_world

    slug, system_id = next(iter(systems.items()))
    settings.FINGERPOST_PUBLISHES = [("*", slug)]
    settings.FINGERPOST_OPEN_REQUESTS_A_MINUTE = 100_000
    made = build_world(system_id=system_id)
    publish(made)
    return made
