from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.plugins.database import Clones

from fingerpost.kernel.ids import new_id
from fingerpost.localstack.postgres import OWNER, Cluster


@pytest.fixture
def make_system(database_cluster: Cluster, db: None) -> Iterator[str]:
    """The short name of a system, written by the owner: the application role may not make one."""
    slug = f"test-{new_id().hex[-8:]}"
    name = Clones.name(0)
    values = f"('{new_id()}', 'A test system', '{slug}', true)"
    statement = f"INSERT INTO tenancy_system (id, name, slug, email_domain_for_tests) VALUES {values};"
    database_cluster.ask(statement, database=name, role=OWNER)
    yield slug
    database_cluster.ask(f"DELETE FROM tenancy_system WHERE slug = '{slug}';", database=name, role=OWNER)
