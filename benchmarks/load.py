"""Every page of every role: statements, time for one and for eight users, size, beside an empty page.

Makes a cluster and a database of its own, migrates, seeds the demo and serves it as the demo does. Asserts no time;
fails when a page does not answer with 200, or when a route is declared nowhere in `_load/pages.py`.
Usage: python3 run.py prove load [--people 400] [--requests 15] [--seconds 60] [--reuse] [--only TEXT]
"""

from __future__ import annotations

import argparse
import logging
import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from fingerpost.cli.serve import APPLICATION
from fingerpost.localstack.assets import ensure_assets
from fingerpost.localstack.node import ensure_node_packages
from fingerpost.localstack.places import Places
from fingerpost.localstack.postgres import ensure_cluster

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(Path(__file__).parent))

from _load import asking, serving  # noqa: E402
from _load.asking import Body, Key, Times  # noqa: E402
from _load.pages import NO_PAGES, PAGES, VISITOR, Page  # noqa: E402

if TYPE_CHECKING:
    from _load.counting import Counted
    from django.test import Client

    from fingerpost.web.foundation.actor import Actor

CLIENTS = 8
THINK_SECONDS = 1.0
SLOW = 100.0  # ms; what design promises for every page
MANY = 4  # the same statement this often looks like one for each row


@dataclass(frozen=True)
class Target:
    """One page as one role. `address` is None when the seeded town has no such row."""

    route: str
    role: str
    address: str | None
    cookies: str = ""

    @property
    def key(self) -> Key:
        return self.role, self.address or ""


def main() -> int:
    chosen = _arguments()
    places = Places.of(ROOT)
    places.make_state()
    ensure_node_packages(places)
    ensure_assets(places)
    with ensure_cluster(places.state / "load" / "postgres") as cluster:
        _show_machine(cluster.ask("SHOW server_version;")[0])
        town = serving.Town(places, cluster, chosen.people)
        town.make(reuse=chosen.reuse)
        os.environ.update(town.environment())
        targets, counted = _count(chosen.only)
        faults = _missing_routes() + [
            f"{each.route} as {each.role}: the town has no row for it" for each in targets if not each.address
        ]
        targets = [each for each in targets if each.address]
        with serving.serving(places, "empty", "_load.empty:application", _peer_environment()) as (port, _):
            key = ("nobody", "/")
            peer = asking.one_client(port, [(key, "")], chosen.requests * 10)[key][1]
        with serving.serving(places, "web", APPLICATION, town.environment()) as (port, service):
            pairs = [(each.key, each.cookies) for each in targets]
            alone = asking.one_client(port, pairs, chosen.requests)
            crowd, crowd_faults = asking.many_clients(
                port, pairs, clients=CLIENTS, think=THINK_SECONDS, seconds=chosen.seconds
            )
            memory = serving.peak_memory(service)
    faults += crowd_faults + _wrong_answers(targets, alone)
    _show_pages(targets, counted, alone, crowd, peer)
    _show_rest(peer, crowd, memory, faults)
    return 1 if faults else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--requests", type=int, default=15, help="of each page by one client (default 15)")
    parser.add_argument("--seconds", type=float, default=60, help=f"with {CLIENTS} clients (default 60)")
    parser.add_argument("--reuse", action="store_true", help="take the database an earlier run has left")
    parser.add_argument("--only", default="", help="only routes whose names hold this")
    return parser.parse_args()


def _show_machine(postgres: str) -> None:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in ("Django", "granian", "psycopg", "Jinja2"))
    print(f"machine: {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.machine()}")
    print(f"versions: Python {platform.python_version()}, PostgreSQL {postgres}, {packages}")
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}", flush=True)


def _count(only: str) -> tuple[list[Target], dict[Key, Counted]]:
    """Set Django up here, sign everybody in, find their pages and count statements, as the application role."""
    import django

    django.setup()
    logging.disable(logging.ERROR)
    from _load.counting import count
    from django.test import Client

    from fingerpost.web.demo.founding import PASSWORD
    from fingerpost.web.demo.seeding import demo_accounts
    from fingerpost.web.demo.town import load_town
    from fingerpost.web.tenancy.api import Role

    emails = {each["email"]: each for each in demo_accounts(load_town())}
    roles = {m.role: m.email for m in load_town().staff if m.email in emails}
    assert set(roles) == {role.value for role in Role}, "every role has an account in the demo"
    clients: dict[str, Client] = {VISITOR: Client(HTTP_HOST="127.0.0.1")}
    for role, email in roles.items():
        clients[role] = _signed_in(email, PASSWORD)
    targets = _targets(clients, roles, only)
    counted = {each.key: count(clients[each.role], each.address) for each in targets if each.address}
    return targets, counted


def _signed_in(email: str, password: str) -> Client:
    from django.test import Client

    client = Client(HTTP_HOST="127.0.0.1")
    answer = client.post("/accounts/login/", {"login": email, "password": password})
    if answer.status_code != 302:
        raise SystemExit(f"{email} could not sign in: {answer.status_code}")
    return client


def _targets(clients: Mapping[str, Client], roles: Mapping[str, str], only: str) -> list[Target]:
    from _load.rows import finder
    from django.urls import get_resolver, reverse

    named = routes(get_resolver(), "")
    finders = {role: finder(_actor(clients[role])) for role in roles}
    finders[VISITOR] = finders["team_lead"]  # the links that a provider got were issued by the scheme
    found = []
    for page in PAGES:
        if only not in page.route or page.route not in named:
            continue
        for role in page.roles:
            given = {name: finders[role](page.arguments.get(name, name)) for name in named[page.route]}
            address = None if None in given.values() else reverse(page.route, kwargs=given)
            cookies = "; ".join(f"{name}={each.value}" for name, each in clients[role].cookies.items())
            query = f"?{page.query}" if page.query else ""
            found.append(Target(_title(page), role, address and address + query, cookies))
    return found


def _title(page: Page) -> str:
    special = [*page.arguments.values(), *([page.query] if page.query else [])]
    return f"{page.route} ({', '.join(special)})" if special else page.route


def _actor(client: Client) -> Actor:
    """Who acts when this client asks for a page."""
    return client.get("/help/").wsgi_request.actor


def routes(resolver: object, space: str) -> dict[str, tuple[str, ...]]:
    """Every route by name, with the names of its arguments."""
    from django.urls.resolvers import URLPattern

    found = {}
    for entry in resolver.url_patterns:  # type: ignore[attr-defined]
        if isinstance(entry, URLPattern):
            arguments = tuple(entry.pattern.converters) or tuple(entry.pattern.regex.groupindex)
            found[space + (entry.name or f"(no name) {entry.pattern}")] = arguments
        else:
            found |= routes(entry, space + (f"{entry.namespace}:" if entry.namespace else ""))
    return found


def _missing_routes() -> list[str]:
    from django.urls import get_resolver

    declared = {page.route for page in PAGES} | set(NO_PAGES)
    served = set(routes(get_resolver(), ""))
    gone = {page.route for page in PAGES} - served
    return [f"{route} is in no table of benchmarks/_load/pages.py" for route in sorted(served - declared)] + [
        f"{route} is declared but not served" for route in sorted(gone)
    ]


def _peer_environment() -> dict[str, str]:
    from fingerpost.localstack.environ import child_environment

    return child_environment({"PYTHONPATH": str(Path(__file__).parent)})


def _wrong_answers(targets: list[Target], alone: Mapping[Key, tuple[Body, Times]]) -> list[str]:
    faults = []
    for each in targets:
        body = alone[each.key][0]
        if body.status != 200:
            faults.append(f"{each.route} as {each.role}: {body.status} {body.location}".rstrip())
    return faults


def _show_pages(
    targets: list[Target],
    counted: Mapping[Key, Counted],
    alone: Mapping[Key, tuple[Body, Times]],
    crowd: Mapping[Key, Times],
    peer: Times,
) -> None:
    width = max(len(f"{each.route} {each.role}") for each in targets) + 1
    heads = f"SQL same    ms |    p50    p95  x empty | {CLIENTS} users p50  p95   n |   kB"
    print(f"\n{'page, role'.ljust(width)}  {heads}")
    for each in sorted(targets, key=lambda each: -alone[each.key][1].quantile(0.5)):
        (body, times), sql, many = alone[each.key], counted[each.key], crowd.get(each.key)
        p50, p95 = times.quantile(0.5), times.quantile(0.95)
        busy = " " * 20
        if many:
            busy = f"{many.quantile(0.5):11.0f} {many.quantile(0.95):4.0f} {len(many.seconds):3d}"
        worst = max(p95, many.quantile(0.95) if many else 0)
        marks = ("  slow" if worst > SLOW else "") + ("  repeats" if sql.repeated >= MANY else "")
        print(
            f"{f'{each.route} {each.role}'.ljust(width)}"
            f" {sql.statements:4d} {sql.repeated:4d} {sql.milliseconds:5.0f} |"
            f" {p50:6.1f} {p95:6.1f} {p50 / peer.quantile(0.5):7.0f}x | {busy} | {body.size / 1000:4.1f}{marks}"
        )
    for each in targets:
        sql = counted[each.key]
        if sql.repeated >= MANY:
            print(f"\n{each.route} {each.role}, {sql.repeated} times:\n  {sql.commonest[:300]}")


def _show_rest(
    peer: Times, crowd: Mapping[Key, Times], memory: list[tuple[str, int]], faults: list[str]
) -> None:
    everything = Times([second for times in crowd.values() for second in times.seconds])
    print(
        f"\nempty page on the same server (Django {version('Django')} on granian {version('granian')}):"
        f" p50 {peer.quantile(0.5):.2f} ms, p95 {peer.quantile(0.95):.2f} ms"
    )
    if everything.seconds:
        print(
            f"{CLIENTS} users, {THINK_SECONDS:.0f} s between pages, all pages alike:"
            f" p50 {everything.quantile(0.5):.0f} ms, p95 {everything.quantile(0.95):.0f} ms"
            f" of {len(everything.seconds)} requests"
        )
    print("peak memory: " + ", ".join(f"{name} {size} MB" for name, size in memory))
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}")
    for fault in faults:
        print(f"FAULT {fault}")


if __name__ == "__main__":
    sys.exit(main())
