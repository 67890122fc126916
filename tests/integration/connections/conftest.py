from __future__ import annotations

from uuid import UUID

import psycopg
import pytest

from fingerpost.kernel.ids import new_id
from fingerpost.localstack.postgres import OWNER, Cluster
from fingerpost.localstack.templates import Clones


@pytest.fixture
def real_system(transactional_db: None, database_cluster: Cluster) -> UUID:
    """A system that a job finds by itself. Only the owner may make one; gone with the database."""
    system_id = new_id()
    with psycopg.connect(database_cluster.url(OWNER, Clones.name(0)), autocommit=True) as owner:
        owner.execute(
            "INSERT INTO tenancy_system (id, name, slug, email_domain_for_tests)"
            " VALUES (%s, 'Dale', 'dale', true)",
            [system_id],
        )
    return system_id
