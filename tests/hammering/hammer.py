"""People of two systems ask for everything at once, over few connections; each answer is read for words of others.

Two systems with two practices and two schemes each. Each story's words tell whose they are (`routes.planted`).
"""

from __future__ import annotations

import http.client
import json
import random
import re
import socket
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from django.urls import reverse

from fingerpost.kernel import clock
from fingerpost.localstack.ports import HOST, free_port, wait_for_page
from fingerpost.localstack.processes import Service
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope
from fingerpost.web.tenancy.api import Role
from tests.factories.world import _account
from tests.integration.routes import planted as planting
from tests.integration.routes.asking import routes
from tests.integration.routes.planted import CSRF, Planted, Team, words_of
from tests.integration.routes.table import TABLE

THREADS = 16
# Each team's story, and the names of those who work in it.
TEAMS = {"Quill": "", "Brack": "other_", "Zorn": "away_", "Vask": "far_"}
WHO = ("gp", "receptionist", "worker", "lead", "manager", "administrator")
_WORDS = re.compile(
    "|".join(f"(?P<{stem}>{'|'.join(sorted(words_of(stem)))})" for stem in TEAMS)
)  # each word tells whose it is


@dataclass(frozen=True)
class Ask:
    """One request. `kind` is what becomes of it."""

    who: str
    stem: str
    kind: str
    method: str
    path: str


@dataclass
class Result:
    statuses: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    own_words: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    looked: int = 0
    carried: int = 0


def plant_two_systems() -> Planted:
    """As the role matrix plants it, with a second team in the second system."""
    planted = planting.plant()
    elsewhere = planted.elsewhere
    boot = Actor.system(reason="building a test world", system_id=elsewhere.system_id)
    with clock.fixed(elsewhere.at), scope(boot):
        for name, role, where in (
            ("other_receptionist", Role.RECEPTIONIST, elsewhere.other_practice),
            ("other_manager", Role.MANAGER, elsewhere.other_scheme),
            ("other_administrator", Role.ADMINISTRATOR, elsewhere.other_scheme),
        ):
            elsewhere.actors[name] = _account(name, role, where, boot, elsewhere.at, " 2")
    for name in WHO:
        planted.actors[f"far_{name}"] = elsewhere.actors[f"other_{name}"]
        planted.clients[f"far_{name}"] = planting.sign_in(elsewhere.actors[f"other_{name}"], elsewhere.at)
    far = Team(
        "Vask",
        elsewhere,
        elsewhere.other_gp,
        elsewhere.other_lead,
        elsewhere.other_worker,
        elsewhere.other_scheme,
    )
    ids = planting._story(far, planting._listings(far))
    planted.ids.update({f"Vask_{name}": value for name, value in ids.items()})
    return planted


def questions(planted: Planted, number: int, *, seed: int) -> list[Ask]:
    """A mixture: every page, forms sent empty, views that fail, time-outs, streams, and streams that are left."""
    chance, found = random.Random(seed), []
    named = routes()
    for _ in range(number):
        stem = chance.choice(list(TEAMS))
        who = TEAMS[stem] + chance.choice(WHO)
        kind = chance.choices(("page", "form", "fail", "time-out", "stream", "leave"), (60, 20, 5, 3, 7, 5))[
            0
        ]
        if kind in ("page", "form"):
            row = chance.choice([r for r in TABLE if (r.get if kind == "page" else r.post) != 405])
            # Mostly one's own rows; one time in three somebody else's.
            whose = stem if chance.random() < 0.67 else chance.choice(list(TEAMS))
            given = {name: _id(planted, whose, row.arguments.get(name, name)) for name in named[row.route]}
            found.append(
                Ask(who, stem, kind, "GET" if kind == "page" else "POST", reverse(row.route, kwargs=given))
            )
        else:
            address = "stream" if kind == "leave" else kind
            found.append(Ask(who, stem, kind, "GET", f"/hammer/{address}/"))
    return found


def _id(planted: Planted, stem: str, name: str) -> object:
    return planted.ids.get(f"{stem}_{name}", planted.ids[name]) if stem != "Quill" else planted.ids[name]


@contextmanager
def serving(root: Path, log: Path, environ: dict[str, str]) -> Iterator[int]:
    """Granian on loopback, as the demo starts it, in one process so that one count is the whole count."""
    from fingerpost.cli.serve import server_words

    port = free_port(8950)
    words = server_words(host=HOST, port=port, processes=1)
    command = [*words, "tests.hammering.server:application"]
    environ = environ | {"FINGERPOST_THREADS": str(THREADS)}
    service = Service("the hammered server", command, log=log, cwd=root, environ=environ)
    try:
        why = wait_for_page(f"http://{HOST}:{port}/help/", seconds=60, alive=service.alive)
        assert why is None, f"{why}: {log.read_text()[-2000:]}"
        yield port
    finally:
        service.stop()


def hammer(planted: Planted, port: int, asked: list[Ask]) -> Result:
    """Ask all of it from sixteen threads, and read every answer."""
    result = Result()
    with ThreadPoolExecutor(THREADS) as pool:
        for ask, (status, text) in zip(
            asked, pool.map(lambda a: _answer(planted, port, a), asked), strict=True
        ):
            result.statuses[status] += 1
            result.kinds[ask.kind] += 1
            whose = {found.lastgroup: found[0] for found in _WORDS.finditer(text.lower())}
            result.own_words[ask.kind] += ask.stem in whose
            result.faults += [
                f"{ask.method} {ask.path} as {ask.who}: {word}"
                for stem, word in whose.items()
                if stem != ask.stem
            ]
    counted = json.loads(_request(port, "GET", "/hammer/counted/", {}, None)[1].split("\n\n")[-1])
    result.looked, result.carried = counted["looked"], counted["carried"]
    return result


def _answer(planted: Planted, port: int, ask: Ask) -> tuple[int, str]:
    cookies = {name: each.value for name, each in planted.clients[ask.who].cookies.items()}
    heads = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    if ask.kind == "leave":
        return _leave(port, ask.path, heads)
    body = None
    if ask.method == "POST":
        body = urlencode({"csrfmiddlewaretoken": CSRF})
        heads["Content-Type"] = "application/x-www-form-urlencoded"
    return _request(port, ask.method, ask.path, heads, body)


def _request(port: int, method: str, path: str, heads: dict[str, str], body: str | None) -> tuple[int, str]:
    held = http.client.HTTPConnection(HOST, port, timeout=60)
    try:
        held.request(method, path, body=body, headers=heads)
        answer = held.getresponse()
        return answer.status, f"{answer.headers}\n{answer.read().decode('utf-8', 'replace')}"
    finally:
        held.close()


def _leave(port: int, path: str, heads: dict[str, str]) -> tuple[int, str]:
    """Read the first part of a stream and go away."""
    with socket.create_connection((HOST, port), timeout=60) as held:
        lines = [f"GET {path} HTTP/1.1", f"Host: {HOST}:{port}", *(f"{k}: {v}" for k, v in heads.items())]
        held.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        text = held.recv(1500).decode("utf-8", "replace")
    return int(text.split()[1]), text
