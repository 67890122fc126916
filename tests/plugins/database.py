"""A real PostgreSQL for every test that asks for a database, reached only as the application role.

Nothing is started until a test needs it. Tests inside a transaction are rolled back; after a test with
`transaction=True` the database is copied again from its template: the application role may not truncate.
FINGERPOST_TEST_PG_BIN names the programs of another PostgreSQL of this machine, to try its version.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fingerpost.localstack.places import Places
from fingerpost.localstack.postgres import APP, Cluster, ensure_cluster, programs_in
from fingerpost.localstack.templates import Clones, ensure_template

PLACES = Places.of(Path(__file__).parents[2])
OTHER_PROGRAMS = "FINGERPOST_TEST_PG_BIN"
SETTINGS = "fingerpost.web.config.settings.test"


@dataclass(frozen=True)
class FreshDatabase:
    """A migrated, empty database of its own, for a test with processes of its own."""

    name: str
    cluster: Cluster

    def url(self, role: str = APP) -> str:
        """Its address for one of the three roles."""
        return self.cluster.url(role, self.name)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Name the session's database before pytest-django reads the settings; it is made only when needed."""
    if _only_hands_out_work(config):
        return
    if "fingerpost.web.config.settings" in sys.modules:
        raise pytest.UsageError(
            "The tests choose their own settings: unset DJANGO_SETTINGS_MODULE and try again."
        )
    cluster = _cluster()
    config.stash[_CLUSTER] = cluster
    os.environ["FINGERPOST_HOME"] = str(PLACES.state)
    os.environ["DATABASE_URL"] = cluster.url(APP, Clones.name(0))
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    for name in ("FINGERPOST_OWNER_DATABASE_URL", "FINGERPOST_MAINTENANCE_DATABASE_URL"):
        os.environ.pop(name, None)
    from django.conf import settings

    _ = settings.DATABASES  # pytest-django sets Django up next, but only if the settings are in use by then


def _cluster() -> Cluster:
    """The embedded PostgreSQL, or the machine's own whose programs are in the folder that the variable names."""
    named = os.environ.get(OTHER_PROGRAMS)
    if not named:
        return ensure_cluster(PLACES.tests / "postgres", durable=False)
    other = programs_in(Path(named))
    state = PLACES.tests / f"postgres-{other.version.split('.')[0]}"
    return ensure_cluster(state, wheel=other, durable=False)


_CLUSTER = pytest.StashKey[Cluster]()


def _only_hands_out_work(config: pytest.Config) -> bool:
    """Whether other processes run the tests: each of them chooses a database of its own, from its own id."""
    spread = getattr(config.option, "dist", "no") != "no"
    return spread and not hasattr(config, "workerinput")


@pytest.fixture(scope="session")
def database_cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """The cluster of the tests, running."""
    PLACES.make_state()
    with request.config.stash[_CLUSTER] as cluster:
        yield cluster


@pytest.fixture(scope="session")
def database_clones(database_cluster: Cluster) -> Iterator[Clones]:
    """Copies of the migrated template; the first is the one that Django's default connection opens."""
    clones = Clones(database_cluster, ensure_template(PLACES, database_cluster))
    assert clones.make() == Clones.name(0)
    yield clones
    clones.drop_all()


@pytest.fixture(scope="session")
def django_db_setup(database_clones: Clones, django_db_blocker: object) -> Iterator[None]:
    """In place of pytest-django's: the database is there already, and no test may own it."""
    from django.db import connections
    from django.test import TransactionTestCase

    def renew(_: TransactionTestCase) -> None:
        connections.close_all()
        database_clones.renew(Clones.name(0))

    kept = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = renew
    yield
    TransactionTestCase._fixture_teardown = kept
    connections.close_all()


@pytest.fixture(scope="session")
def make_database(database_clones: Clones) -> Callable[[], FreshDatabase]:
    """Makes further databases; all are dropped at the end of the session."""
    return lambda: FreshDatabase(database_clones.make(), database_clones.cluster)


@pytest.fixture
def fresh_database(make_database: Callable[[], FreshDatabase]) -> FreshDatabase:
    """A database of this test's own."""
    return make_database()
