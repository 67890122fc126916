"""The demo from the first package to the last process stopped."""

from __future__ import annotations

import json
import signal
import time
from contextlib import ExitStack
from dataclasses import dataclass

from fingerpost.localstack.assets import ensure_assets
from fingerpost.localstack.demo import fresh
from fingerpost.localstack.demo.accounts import read_accounts, screen
from fingerpost.localstack.demo.database import DemoDatabase, demo_cluster
from fingerpost.localstack.django import program
from fingerpost.localstack.failures import LocalFailure
from fingerpost.localstack.locks import FileLock
from fingerpost.localstack.node import ensure_node_packages
from fingerpost.localstack.packages import DEMO, ensure_packages
from fingerpost.localstack.places import Places
from fingerpost.localstack.ports import FIRST_PORT, HOST, free_port, wait_for_page
from fingerpost.localstack.processes import Service
from fingerpost.localstack.steps import StepFailed, Steps

PAGE_SECONDS = 90
_RESTART = "run 'python3 run.py demo' again; if it stays, start over with 'python3 run.py demo --fresh'."


@dataclass(frozen=True)
class DemoOptions:
    """The switches of `run.py demo`."""

    port: int = FIRST_PORT
    fresh: bool = False
    yes: bool = False


def run_demo(places: Places, options: DemoOptions) -> int:
    """Run the demo until it is interrupted or a part of it fails. Returns the exit code."""
    places.make_state()
    with ExitStack() as running:
        _only_one(places, running)
        if options.fresh and not (options.yes or fresh.confirm(places)):
            print("Nothing was removed.")
            return 0
        try:
            services = _bring_up(places, options, running)
            _run_until_interrupted(services, running)
        except BaseException:
            _ignore_signals()  # what was started is stopped whole, even if Ctrl-C is pressed again
            raise
    return 0


def _run_until_interrupted(services: list[Service], running: ExitStack) -> None:
    try:
        _watch(services)
    except KeyboardInterrupt:
        _ignore_signals()
        print("\nStopping ... ", end="", flush=True)
        running.close()
        print("stopped.")


def _bring_up(places: Places, options: DemoOptions, running: ExitStack) -> list[Service]:
    steps = Steps(total=8 if options.fresh else 7)
    with steps.step("Python packages") as note:
        note.already(ensure_packages(places, DEMO))
    with steps.step("Design system") as note:
        note.already(ensure_node_packages(places))
    if options.fresh:
        with steps.step("Removing the old demo"):
            fresh.remove_demo(places)
    with steps.step("Styles and static files") as note:
        note.already(ensure_assets(places))
    with steps.step("PostgreSQL"):
        cluster = demo_cluster(places)
        running.callback(cluster.stop)
        cluster.start()
    address = f"http://{HOST}:{free_port(options.port)}/"
    database = DemoDatabase(places, cluster, address.rstrip("/"))
    with steps.step("Tables") as note:
        database.ensure_exists()
        note.already(database.migrate())
    with steps.step("An invented town, its people and their referrals") as note:
        note.already(database.seed())
    with steps.step("Web pages and job worker"):
        services = _start_services(places, database, address, running)
    (places.demo / "running.json").write_text(json.dumps({"address": address}))
    print(screen(address, read_accounts(places)), flush=True)
    return services


def _start_services(
    places: Places, database: DemoDatabase, address: str, running: ExitStack
) -> list[Service]:
    port = address.rstrip("/").rsplit(":", 1)[1]
    commands = {"worker": ["worker"], "web": ["serve", "--host", HOST, "--port", port]}
    services = []
    for name, words in commands.items():
        log = places.logs / f"{name}.log"
        service = Service(
            f"the {name} process",
            program(places, *words),
            log=log,
            cwd=places.root,
            environ=database.environment(),
        )
        running.callback(service.stop)
        services.append(service)
    web = services[-1]
    why = wait_for_page(address, seconds=PAGE_SECONDS, alive=web.alive)
    for service in services:
        if not service.alive():
            raise service.failure(_RESTART)
    if why:
        raise LocalFailure(f"the web process started, but {why}.", _RESTART, web.log)
    return services


def _watch(services: list[Service]) -> None:
    while True:
        for service in services:
            if not service.alive():
                raise StepFailed(service.failure(_RESTART).report("Running"))
        time.sleep(0.5)


def _only_one(places: Places, running: ExitStack) -> None:
    """Two demos would share one database and stop each other's; the second is told where the first is."""
    lock = FileLock(places.state / "demo.lock")
    if not lock.try_acquire():
        raise LocalFailure(
            f"a demo already runs from this folder{_where(places)}.",
            "use that one, or stop it with Ctrl-C in its terminal; "
            "for a second demo set FINGERPOST_HOME to a new folder.",
        )
    running.callback(lock.release)
    (places.demo / "running.json").unlink(missing_ok=True)


def _where(places: Places) -> str:
    try:
        return " at " + json.loads((places.demo / "running.json").read_text())["address"]
    except (OSError, ValueError, KeyError):
        return ""


def _ignore_signals() -> None:
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)
