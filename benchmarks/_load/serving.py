"""What is measured: a cluster of the benchmark's own, a seeded database in it, and the servers."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from fingerpost.cli.serve import PROCESSES, server_words
from fingerpost.localstack.commands import run_logged
from fingerpost.localstack.django import django_environment, program, schema_digest, secret_key
from fingerpost.localstack.places import Places
from fingerpost.localstack.ports import HOST, free_port, wait_for_page
from fingerpost.localstack.postgres import APP, OWNER, Cluster
from fingerpost.localstack.processes import Service

_FIRST_PORT = 8700
_ADVICE = "read the log."


class Town:
    """A seeded database. With `reuse` the one an earlier run left, if it has the same tables and as many people."""

    def __init__(self, places: Places, cluster: Cluster, people: int) -> None:
        self.places, self.cluster, self.people = places, cluster, people
        self.name = f"load_{people}_{schema_digest(places.root)[:12]}"

    def environment(self, role: str = APP) -> dict[str, str]:
        extra = {"FINGERPOST_OWNER_DATABASE_URL": self.cluster.url(OWNER, self.name)} if role == OWNER else {}
        return django_environment(
            self.places,
            "local",
            DATABASE_URL=self.cluster.url(APP, self.name),
            FINGERPOST_SECRET_KEY=secret_key(self.places.state / "load" / "secret-key"),
            FINGERPOST_DEMO="true",
            **extra,
        )

    def make(self, *, reuse: bool) -> None:
        """Migrate and seed, and print how long each took."""
        if reuse and self.name in self.cluster.databases():
            print("database: the one of an earlier run")
            return
        building = self.name + "_building"
        kept, self.name = self.name, building
        for old in self.cluster.databases("load_"):
            self.cluster.drop_database(old)
        self.cluster.create_database(building)
        self._timed("migrate", ["migrate"])
        self._timed(f"seed {self.people} people", ["seed", "--demo", "--people", str(self.people)])
        self.cluster.rename_database(building, kept)
        self.name = kept

    def _timed(self, what: str, words: list[str]) -> None:
        began, before = time.monotonic(), os.times()
        log = self.places.logs / f"load-{words[0]}.log"
        run_logged(
            program(self.places, *words),
            log=log,
            advice=_ADVICE,
            cwd=self.places.root,
            environ=self.environment(OWNER),
        )
        after = os.times()
        own = after.children_user - before.children_user
        print(f"{what}: {time.monotonic() - began:.1f} s, of which {own:.1f} s of Python's own", flush=True)


@contextmanager
def serving(
    places: Places, name: str, application: str, environ: Mapping[str, str]
) -> Iterator[tuple[int, Service]]:
    """The server of the demo on a free port, with any application, until the block ends."""
    port = free_port(_FIRST_PORT)
    words = server_words(host=HOST, port=port, processes=PROCESSES)
    command = [*words, application]
    log = places.logs / f"load-{name}.log"
    service = Service(f"the {name} server", command, log=log, cwd=places.root, environ=environ)
    try:
        why = wait_for_page(f"http://{HOST}:{port}/", seconds=60, alive=service.alive)
        if why:
            raise SystemExit(f"The {name} server started, but {why}: see {log}")
        yield port, service
    finally:
        service.stop()


def peak_memory(service: Service) -> list[tuple[str, int]]:
    """Name and peak resident memory in MB of each process of a server, from /proc; empty elsewhere."""
    found = []
    for folder in _processes(service):
        try:
            lines = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
        except (OSError, ValueError):
            continue
        found.append((lines["Name"].strip(), int(lines["VmHWM"].split()[0]) // 1024))
    return sorted(found, key=lambda each: each[1])


def processor_seconds(service: Service) -> float:
    """What all processes of a server have used so far, from /proc; 0 elsewhere."""
    ticks = 0
    for folder in _processes(service):
        try:
            told = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(told[11]) + int(told[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _processes(service: Service) -> Iterator[Path]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(folder.name)) == service.pid:
                yield folder
        except OSError:
            continue
