"""The demo's database: made, migrated and seeded once; made again from nothing if that was interrupted."""

from __future__ import annotations

from pathlib import Path

from fingerpost.localstack.commands import run_logged
from fingerpost.localstack.django import django_environment, program, schema_digest, secret_key
from fingerpost.localstack.places import Places
from fingerpost.localstack.postgres import APP, OWNER, Cluster, ensure_cluster
from fingerpost.localstack.postgres.wheel import find_wheel
from fingerpost.localstack.stamps import Stamp, digest

DATABASE = "fingerpost"
_FRESH = (
    "read the log; a demo that cannot go on starts over with --fresh, which removes what you entered in it."
)


def demo_cluster(places: Places) -> Cluster:
    """The demo's cluster, its files made if need be, not yet started."""
    return ensure_cluster(places.demo / "postgres", wheel=find_wheel(places.venv))


class DemoDatabase:
    """The steps that bring the demo's database to where the pages can be served from it."""

    def __init__(self, places: Places, cluster: Cluster, address: str) -> None:
        self.places = places
        self.cluster = cluster
        self.address = address
        self._ready = Stamp(places.demo / "seeded")
        self._migrated = Stamp(places.demo / "migrated")

    def environment(self, **extra: str) -> dict[str, str]:
        """What the web process and the worker get: of the database passwords, only the app role's."""
        return django_environment(
            self.places,
            "local",
            DATABASE_URL=self.cluster.url(APP, DATABASE),
            FINGERPOST_SECRET_KEY=secret_key(self.places.demo / "secret-key"),
            FINGERPOST_BASE_URL=self.address,
            FINGERPOST_DEMO="true",
            **extra,
        )

    def ensure_exists(self) -> None:
        """Create the database; one that was never completely seeded is dropped first."""
        found = self.cluster.identity(DATABASE)
        if found is not None and self._ready.matches(found):
            return
        self._ready.clear()
        self._migrated.clear()
        self.cluster.drop_database(DATABASE)
        self.cluster.create_database(DATABASE)

    def migrate(self) -> bool:
        """Bring the tables up to date, as the owner role. True if nothing had changed."""
        wanted = digest([], schema_digest(self.places.root), self.cluster.identity(DATABASE) or "")
        if self._migrated.matches(wanted):
            return True
        owner = self.environment(FINGERPOST_OWNER_DATABASE_URL=self.cluster.url(OWNER, DATABASE))
        self._call(["migrate"], owner, "migrate.log")
        self._migrated.write(wanted)
        return False

    def seed(self) -> bool:
        """Fill a new database with the invented town. True if that was done before."""
        identity = self.cluster.identity(DATABASE) or ""
        if self._ready.matches(identity):
            return True
        # A tenant is made by the owner; everything else in the seed is done as the application role.
        owner = self.environment(FINGERPOST_OWNER_DATABASE_URL=self.cluster.url(OWNER, DATABASE))
        self._call(["seed", "--demo"], owner, "seed.log")
        self._ready.write(identity)
        return False

    def _call(self, words: list[str], environ: dict[str, str], log: str) -> None:
        file: Path = self.places.logs / log
        run_logged(
            program(self.places, *words), log=file, advice=_FRESH, cwd=self.places.root, environ=environ
        )
