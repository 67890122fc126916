from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from tests.plugins.database import Clones

from fingerpost.kernel.ids import new_id
from fingerpost.localstack.postgres import OWNER, Cluster


@pytest.fixture(scope="module")
def systems(database_cluster: Cluster, django_db_setup: None) -> Iterator[dict[str, UUID]]:
    """Two systems by short name, written by the owner: the application role may not make one."""
    made = {f"{name}-{new_id().hex[-8:]}": new_id() for name in ("here", "there")}
    name = Clones.name(0)
    rows = ", ".join(f"('{id}', 'A test system', '{slug}', true)" for slug, id in made.items())
    database_cluster.ask(
        f"INSERT INTO tenancy_system (id, name, slug, email_domain_for_tests) VALUES {rows};",
        database=name,
        role=OWNER,
    )
    yield made
    slugs = ", ".join(f"'{slug}'" for slug in made)
    database_cluster.ask(f"DELETE FROM tenancy_system WHERE slug IN ({slugs});", database=name, role=OWNER)


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
