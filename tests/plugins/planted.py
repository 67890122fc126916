"""The planted world, made once for a session and committed: to plant it takes as long as 200 requests do."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from tests.plugins.systems import make_system

from fingerpost.localstack.postgres import Cluster
from fingerpost.localstack.templates import Clones

# Imported late: pytest reads this file before the settings are chosen.
if TYPE_CHECKING:
    from tests.integration.routes.planted import Planted


@contextmanager
def _opening(database: str) -> Iterator[None]:
    """Django's default connection, and those of new threads, open this database until the block ends."""
    from django.db import connections

    default = connections.settings["default"]
    kept = default["NAME"]
    connections.close_all()
    default["NAME"] = database
    try:
        yield
    finally:
        connections.close_all()
        default["NAME"] = kept


@pytest.fixture(scope="session")
def planted_once(
    django_db_setup: None, django_db_blocker: Any, database_clones: Clones, database_cluster: Cluster
) -> tuple[str, str, Planted]:
    """The name of a database of its own, the system whose directory is open to everybody, and what was planted."""
    from django.db import transaction
    from tests.integration.routes.planted import plant

    name = database_clones.make()
    slug, system_id = make_system(database_cluster, "here", database=name)
    with django_db_blocker.unblock(), _opening(name), transaction.atomic():
        return name, slug, plant(system_id=system_id)


@pytest.fixture(scope="module")
def planted(planted_once: tuple[str, str, Planted], django_db_blocker: Any) -> Iterator[Planted]:
    """The planted world for a module, in a transaction that is never committed; requests run in savepoints of it."""
    from django.db import transaction
    from django.test import override_settings

    name, slug, made = planted_once
    # Thousands of refusals are asked for here: each would be a line.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    with (
        django_db_blocker.unblock(),
        _opening(name),
        transaction.atomic(),
        override_settings(FINGERPOST_PUBLISHES=[("*", slug)]),
    ):
        yield made.copied()
        transaction.set_rollback(True)
    logging.getLogger("django.request").setLevel(logging.NOTSET)
