from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from fingerpost.localstack.postgres import MAINTENANCE, OWNER, Cluster
from fingerpost.localstack.templates import Clones

if TYPE_CHECKING:  # the settings are not chosen yet when a conftest is read
    from tests.factories.stage import Stage


@pytest.fixture(scope="module")
def committed(django_db_setup: None, django_db_blocker: Any, database_clones: Clones) -> Iterator[None]:
    """Real commits; the database is renewed after the module."""
    from django.db import connections

    with django_db_blocker.unblock():
        yield
        connections.close_all()
        database_clones.renew(Clones.name(0))


@pytest.fixture(scope="module")
def past_walls(committed: None, database_cluster: Cluster) -> Iterator[psycopg.Connection[Any]]:
    """The database read from outside, whole."""
    url = database_cluster.url(MAINTENANCE, Clones.name(0))
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def as_cluster(committed: None, database_cluster: Cluster) -> Iterator[psycopg.Connection[Any]]:
    """Whoever may end a connection of somebody else."""
    from fingerpost.localstack.postgres import SUPERUSER

    with psycopg.connect(database_cluster.url(SUPERUSER, Clones.name(0)), autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def stage(committed: None, database_cluster: Cluster) -> Stage:
    from tests.factories.stage import Stage
    from tests.factories.world import build_world

    from fingerpost.kernel.ids import new_id

    system_id = new_id()
    with psycopg.connect(database_cluster.url(OWNER, Clones.name(0)), autocommit=True) as owner:
        owner.execute(
            "INSERT INTO tenancy_system (id, name, slug, email_domain_for_tests) VALUES (%s, %s, %s, false)",
            [system_id, "Nothing lost", str(system_id)],
        )
    return Stage(build_world(system_id=system_id))
