from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from fingerpost.localstack.postgres import OWNER, Cluster
from fingerpost.localstack.templates import Clones

if TYPE_CHECKING:  # the settings are not chosen yet when a conftest is read
    from tests.factories.outbox import House, MailServer


@pytest.fixture(scope="module")
def committed(django_db_setup: None, django_db_blocker: Any, database_clones: Clones) -> Iterator[None]:
    """Real commits. Each test has a system of its own, so one database serves a module, then is renewed."""
    from django.db import connections

    with django_db_blocker.unblock():
        yield
        connections.close_all()
        database_clones.renew(Clones.name(0))


@pytest.fixture(scope="module")
def as_owner(committed: None, database_cluster: Cluster) -> Iterator[psycopg.Connection[Any]]:
    """What no part of the running product may do: make a system, look past the walls."""
    with psycopg.connect(database_cluster.url(OWNER, Clones.name(0)), autocommit=True) as connection:
        yield connection


@pytest.fixture
def make_house(as_owner: psycopg.Connection[Any]) -> Callable[[str], House]:
    from tests.factories.outbox import build_house

    return lambda name: build_house(as_owner, name)


@pytest.fixture
def house(make_house: Callable[[str], House]) -> House:
    return make_house("Fell View Social Prescribing")


@pytest.fixture
def jobs(as_owner: psycopg.Connection[Any], house: House) -> Callable[[], list[dict[str, Any]]]:
    """The queue as it stands for the house, read from outside."""

    def read() -> list[dict[str, Any]]:
        rows = as_owner.execute(
            "SELECT task_name, status, args, scheduled_at FROM procrastinate_jobs"
            " WHERE args->>'system_id' = %s ORDER BY id",
            [str(house.system_id)],
        )
        names = ("task_name", "status", "args", "scheduled_at")
        return [dict(zip(names, row, strict=True)) for row in rows]

    return read


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    """A real SMTP server on loopback, and settings that send to it."""
    from tests.factories.outbox import MailServer, running

    handler = MailServer()
    with running(handler) as port:
        settings.FINGERPOST_MAIL = {
            "transport": "smtp",
            "host": "127.0.0.1",
            "port": port,
            "security": "none",
            "timeout": 1,
            "from": "hello@fingerpost.example",
        }
        yield handler
