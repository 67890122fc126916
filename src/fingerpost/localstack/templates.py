"""Migrated databases to clone from: made once for each state of the schema, then copied in a moment."""

from __future__ import annotations

import os
import re

from fingerpost.localstack.commands import run_logged
from fingerpost.localstack.django import django_environment, program, schema_digest
from fingerpost.localstack.locks import exclusive
from fingerpost.localstack.places import Places
from fingerpost.localstack.postgres import APP, OWNER, Cluster

PREFIX = "fingerpost_template_"
KEPT = 3


def ensure_template(places: Places, cluster: Cluster) -> str:
    """The name of an empty database, migrated to the schema of the checkout as it is now."""
    name = PREFIX + schema_digest(places.root)[:16]
    with exclusive(cluster.state / "template.lock"):
        present = cluster.databases(PREFIX)
        if name not in present:
            _make(places, cluster, name)
            # Two checkouts or branches may share a state folder, so a few older ones stay.
            for old in [each for each in present if each != name][: 1 - KEPT]:
                cluster.drop_database(old)
    return name


def _make(places: Places, cluster: Cluster, name: str) -> None:
    building = "fingerpost_building"
    cluster.drop_database(building)
    cluster.create_database(building)
    urls = {
        "DATABASE_URL": cluster.url(APP, building),
        "FINGERPOST_OWNER_DATABASE_URL": cluster.url(OWNER, building),
    }
    run_logged(
        program(places, "migrate"),
        log=places.logs / "template.log",
        advice="put the migration named in the log right.",
        cwd=places.root,
        environ=django_environment(places, "test", **urls),
    )
    cluster.rename_database(building, name)


class Clones:
    """Short-lived copies of a template, named after this process: a later one clears up after a crash."""

    PREFIX = "fingerpost_test_"

    def __init__(self, cluster: Cluster, template: str) -> None:
        self.cluster = cluster
        self.template = template
        self._made: list[str] = []
        for name in cluster.databases(self.PREFIX):
            if not _maker_lives(name):
                cluster.drop_database(name)

    def make(self) -> str:
        """A new copy; returns its name."""
        name = self.name(len(self._made))
        self._made.append(name)
        self.renew(name)
        return name

    @classmethod
    def name(cls, number: int) -> str:
        """The name that this process's copy with that number has, before it is made too."""
        return f"{cls.PREFIX}{os.getpid()}_{number}"

    def renew(self, name: str) -> None:
        """Put a copy back to what the template is. Ends every connection to it."""
        self.cluster.drop_database(name)
        self.cluster.create_database(name, template=self.template)

    def drop_all(self) -> None:
        while self._made:
            self.cluster.drop_database(self._made.pop())


def _maker_lives(name: str) -> bool:
    found = re.fullmatch(rf"{Clones.PREFIX}(\d+)_\d+", name)
    if found is None:
        return False
    try:
        os.kill(int(found[1]), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
