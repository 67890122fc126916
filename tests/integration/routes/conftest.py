from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from tests.plugins.systems import a_system

from fingerpost.localstack.postgres import Cluster

# Imported late: pytest reads this file before the settings are chosen.
if TYPE_CHECKING:
    from tests.integration.routes.planted import Planted


@pytest.fixture(scope="module")
def published(database_cluster: Cluster, django_db_setup: None) -> Iterator[tuple[str, UUID]]:
    """The system whose directory is open to everybody."""
    with a_system(database_cluster, "here") as made:
        yield made


@pytest.fixture(scope="module")
def planted(django_db_setup: None, django_db_blocker: Any, published: tuple[str, UUID]) -> Iterator[Planted]:
    """One world for a module, in a transaction that is never committed; requests run in savepoints of it."""
    from django.db import transaction
    from django.test import override_settings
    from tests.integration.routes.planted import plant

    # Thousands of refusals are asked for here: each would be a line.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    slug, system_id = published
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        override_settings(FINGERPOST_PUBLISHES=[("*", slug)]),
    ):
        yield plant(system_id=system_id)
        transaction.set_rollback(True)
    logging.getLogger("django.request").setLevel(logging.NOTSET)
