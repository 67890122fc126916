"""A database of a test's own, opened as the application by Django and as anybody else by address."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.plugins.database import FreshDatabase

from fingerpost.localstack.postgres import MAINTENANCE


@pytest.fixture
def own_database(
    fresh_database: FreshDatabase, settings: Any, tmp_path: Path, django_db_blocker: Any
) -> Iterator[FreshDatabase]:
    """Django's connection opens this database; `maintenance` is there too; the state folder is empty."""
    from django.db import connection, connections

    from fingerpost.web.config.environment import database as parsed

    settings.STATE = tmp_path
    base = connections["default"].settings_dict
    kept = dict(base)
    with django_db_blocker.unblock():
        connection.close()
        base.update(parsed(fresh_database.url()))
        connections.settings["maintenance"] = {**kept, **parsed(fresh_database.url(MAINTENANCE))}
        yield fresh_database
        connection.close()
        connections["maintenance"].close()
        del connections["maintenance"], connections.settings["maintenance"]
    base.clear()
    base.update(kept)
