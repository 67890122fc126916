"""Systems for tests that need one to be on the list of systems."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from tests.plugins.database import Clones

from fingerpost.kernel.ids import new_id
from fingerpost.localstack.postgres import OWNER, Cluster


def make_system(cluster: Cluster, name: str, *, database: str) -> tuple[str, UUID]:
    """The short name and id of a system, written by the owner: the application role may not make one."""
    slug, id = f"{name}-{new_id().hex[-8:]}", new_id()
    values = f"('{id}', 'A test system', '{slug}', true)"
    statement = f"INSERT INTO tenancy_system (id, name, slug, email_domain_for_tests) VALUES {values};"
    cluster.ask(statement, database=database, role=OWNER)
    return slug, id


@contextmanager
def a_system(cluster: Cluster, name: str) -> Iterator[tuple[str, UUID]]:
    """A system in the database of the tests, until the block ends."""
    database = Clones.name(0)
    slug, id = make_system(cluster, name, database=database)
    yield slug, id
    cluster.ask(f"DELETE FROM tenancy_system WHERE slug = '{slug}';", database=database, role=OWNER)
