"""Very many listings, made inside the database from one seed, and questions about them.

Words are such as no stemmer changes and none of which begins another, so that every engine reads them alike; they are
as unequally common as words are. Listings lie round 300 towns of England, the biggest of them most.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.test import Client

from fingerpost.codes.needs import NEEDS
from fingerpost.localstack.postgres import OWNER, Cluster
from fingerpost.web.directory.api import Day, ForGender, PartOfDay, SearchCriteria
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope
from fingerpost.web.geography.api import Point
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import OrganisationKind, Role

SYSTEM = UUID("0190a5a0-0000-7000-8000-000000000002")
AT = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
PASSWORD = "three quiet green lamps"
EMAIL = f"worker{os.getpid()}@search.example"
_SYLLABLES = (
    "bak",
    "dom",
    "fip",
    "gult",
    "hort",
    "jum",
    "kalp",
    "lop",
    "mant",
    "nok",
    "purt",
    "rum",
    "sot",
    "tulk",
    "vab",
    "wom",
)
_WORDS = 4096
_TONGUES = ("pl", "ur", "pa", "ro", "bn", "so", "ar", "uk")

_FILL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").partition("\n")[2]


@dataclass(frozen=True)
class Asked:
    """One question, for the door and for the form of the page."""

    criteria: SearchCriteria
    form: dict[str, Any]


def words() -> list[str]:
    """The commonest first."""
    found = [a + b + c for a in _SYLLABLES for b in _SYLLABLES for c in _SYLLABLES]
    random.Random(3).shuffle(found)
    return found[:_WORDS]


def load_listings(cluster: Cluster, database: str, size: int) -> None:
    """Fill the database, unless it is filled. VACUUM and counting as a running database has them."""
    if cluster.ask("SELECT 1 FROM directory_listing LIMIT 1;", database=database, role=OWNER):
        return
    filled = _FILL.format(
        system=SYSTEM,
        size=size,
        words="{" + ",".join(words()) + "}",
        most=_WORDS,
        tongues="{" + ",".join(_TONGUES) + "}",
        needs="{" + ",".join(need.id for need in NEEDS) + "}",
        kinds=len(NEEDS),
    )
    *statements, vacuum = filled.strip().split(";\nVACUUM")
    cluster.ask(f"BEGIN; {statements[0]}; COMMIT;", database=database, role=OWNER)
    cluster.ask("VACUUM" + vacuum, database=database, role=OWNER)


@contextmanager
def a_worker() -> Iterator[Actor]:
    """A link worker of the system, in a scope as a request has it."""
    boot = Actor.system(reason="filling a database to measure it", system_id=SYSTEM)
    with scope(boot):
        office = tenancy.register_organisation(kind=OrganisationKind.SCHEME, name="Searchers", by=boot)
        membership = tenancy.open_account(
            email=EMAIL,
            name="Worker",
            role=Role.LINK_WORKER,
            organisation=office,
            by=boot,
            at=AT,
            password=PASSWORD,
        )
        actor = tenancy.actor_of(user=membership.user, membership=membership)
    with scope(actor):
        yield actor


def signed_in() -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    answer = client.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    if answer.status_code != 302:
        raise SystemExit(f"the worker could not sign in: {answer.status_code}")
    return client


def questions(number: int, *, seed: int) -> list[Asked]:
    """Mixed questions of two to five filters, the same for the same seed; rare words and common ones."""
    chance = random.Random(seed)
    return [_question(chance) for _ in range(number)]


def _question(chance: random.Random) -> Asked:
    kinds = ["words", "need", "place", "day", "cost", "free", "speaks", "step_free", "women", "part"]
    chosen = chance.sample(kinds, chance.randint(2, 5))
    if "cost" in chosen and "free" in chosen:
        chosen.remove("free")
        chosen += [kind for kind in ("words", "need") if kind not in chosen][:1]
    asked: dict[str, Any] = {}
    form: dict[str, Any] = {"only": []}
    if "words" in chosen:
        asked["words"] = form["words"] = " ".join(_word(chance) for _ in range(chance.choice((1, 1, 2))))
    if "need" in chosen:
        asked["needs"] = (chance.choice(NEEDS).id,)
        form["needs"] = list(asked["needs"])
    if "place" in chosen:
        asked["near"] = Point(50.5 + chance.random() * 4.5, -3.5 + chance.random() * 4.5)
        asked["max_km"] = chance.choice((2, 5, 10, 20)) * 1.609344
    if "day" in chosen:
        asked["days"] = (chance.choice(list(Day)),)
        form["days"] = list(asked["days"])
    if "part" in chosen:
        asked["part_of_day"] = form["part"] = chance.choice(list(PartOfDay))
    if "cost" in chosen:
        pounds = chance.choice((2, 5, 10))
        asked["max_cost_pence"], form["most"] = pounds * 100, str(pounds)
    if "speaks" in chosen:
        asked["speaks"] = form["speaks"] = chance.choice(_TONGUES)
    if "women" in chosen:
        asked["only_for"] = ForGender.WOMEN
        form["only_for"] = "women"
    for kind, name in (("free", "free_only"), ("step_free", "step_free_only")):
        if kind in chosen:
            asked[name] = True
            form["only"].append(kind)
    return Asked(SearchCriteria(**asked, per_page=10), form)


def _word(chance: random.Random) -> str:
    return words()[int(_WORDS ** chance.uniform(0.1, 1)) % _WORDS]
