"""The invented town, served: a database of its own, granian and the worker, all as the application role."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from fingerpost.localstack.assets import ensure_assets
from fingerpost.localstack.commands import run_logged
from fingerpost.localstack.django import django_environment, program
from fingerpost.localstack.places import HOME_VARIABLE, Places
from fingerpost.localstack.ports import HOST, free_port, wait_for_page
from fingerpost.localstack.postgres import OWNER
from fingerpost.localstack.processes import Service
from tests.factories.feeds import Answer, OrukFeed, Reply, serving
from tests.factories.sign_in_provider import CLIENT, SECRET, running_provider
from tests.plugins.database import FreshDatabase

# Two runs at a time begin to look for a port in different places.
FIRST_PORT = 18000 + os.getpid() % 2000
READ_LOG = "read the log."


@dataclass(frozen=True)
class Town:
    """Where the running town is, and the logs of its processes."""

    address: str
    web_log: Path
    worker_log: Path
    feed: str


@contextmanager
def served_town(places: Places, database: FreshDatabase, home: Path, *, people: int) -> Iterator[Town]:
    """Found the town, let `people` live in it for eighteen months, and serve it until left."""
    ensure_assets(places)
    # A copy: whoever builds assets meanwhile must not pull them from under the running server.
    for folder in ("static", "assets"):
        shutil.copytree(places.state / folder, home / folder)
    port = free_port(FIRST_PORT)
    address = f"http://localhost:{port}"  # by name: passkeys are made for no number
    environ = _environment(places, database, home, address)
    owner = environ | {"FINGERPOST_OWNER_DATABASE_URL": database.url(OWNER)}
    seed = program(places, "seed", "--demo", "--people", str(people))
    run_logged(seed, log=home / "seed.log", advice=READ_LOG, cwd=places.root, environ=owner)
    with ExitStack() as running:
        provider = running.enter_context(running_provider())
        feed = running.enter_context(serving(_feeds()))
        environ |= {
            "FINGERPOST_OIDC_ISSUER": provider.address,
            "FINGERPOST_OIDC_CLIENT_ID": CLIENT,
            "FINGERPOST_OIDC_CLIENT_SECRET": SECRET,
            "FINGERPOST_OIDC_NAME": "Fells Trust",
            "FINGERPOST_FEED_HOSTS_INSIDE": feed.host,
        }
        commands = {
            "worker": ["worker"],
            "web": ["serve", "--host", HOST, "--port", str(port), "--processes", "1"],
        }
        services = {}
        for name, words in commands.items():
            services[name] = Service(
                name, program(places, *words), log=home / f"{name}.log", cwd=places.root, environ=environ
            )
            running.callback(services[name].stop)
        why = wait_for_page(address + "/", seconds=60, alive=services["web"].alive)
        assert why is None, f"{why}\n{services['web'].log.read_text()}"
        yield Town(address, services["web"].log, services["worker"].log, feed.address)
        ended = [service.name for service in services.values() if not service.alive()]
        assert not ended, f"ended while in use: {ended}"


def _feeds() -> Answer:
    """A county's feed of two listings, and one that answers with something else."""
    good = OrukFeed(
        [{"id": f"c{n}", "name": f"County group {n}", "status": "active"} for n in range(2)], whole=True
    )

    def answer(path: str, asked: dict[str, str]) -> Reply:
        where, _slash, rest = path.strip("/").partition("/")
        return good(rest, asked) if where == "good" else Reply({"welcome": "to our directory"})

    return answer


def _environment(places: Places, database: FreshDatabase, home: Path, address: str) -> dict[str, str]:
    """What the demo gives its web process and worker: of the database's roles, only the application's."""
    return django_environment(
        places,
        "local",
        **{HOME_VARIABLE: str(home)},
        DATABASE_URL=database.url(),
        FINGERPOST_SECRET_KEY="system tests " * 4,
        FINGERPOST_BASE_URL=address,
        FINGERPOST_DEMO="true",
    )
