from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

# Imported late: pytest reads this file before the settings are chosen.
if TYPE_CHECKING:
    from tests.integration.routes.planted import Planted


@pytest.fixture(scope="module")
def planted(django_db_setup: None, django_db_blocker: Any) -> Iterator[Planted]:
    """One world for a module, in a transaction that is never committed; requests run in savepoints of it."""
    from django.db import transaction
    from tests.integration.routes.planted import plant

    # Thousands of refusals are asked for here: each would be a line.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    with django_db_blocker.unblock(), transaction.atomic():
        yield plant()
        transaction.set_rollback(True)
    logging.getLogger("django.request").setLevel(logging.NOTSET)
