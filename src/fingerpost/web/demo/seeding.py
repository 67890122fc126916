"""The demo: an invented town and eighteen months of its people, the same for the same seed and day."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection

from fingerpost.kernel import clock, ids
from fingerpost.web.casework import api as casework
from fingerpost.web.connections import api as connections
from fingerpost.web.demo.access import look_after_access
from fingerpost.web.demo.founding import BEGINS_BEFORE, PASSWORD, Founded, found
from fingerpost.web.demo.inventing import Inventor
from fingerpost.web.demo.journeys import Journey, NotYet, live
from fingerpost.web.demo.town import StaffMember, Town, load_town
from fingerpost.web.directory import api as directory
from fingerpost.web.foundation import jobs
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope
from fingerpost.web.referrals import api as referrals
from fingerpost.web.tenancy.api import Role

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Seeded:
    people: int
    signposted: int
    accounts: list[dict[str, str]]


def seed_demo(
    *, until: datetime, seed: int = 2016, people: int = 400, progress: Progress = lambda done, of: None
) -> Seeded:
    """Found the town and let `people` of its people go their way, from eighteen months before `until`.

    Everything goes through the same actions as the pages, on the injected clock, and is sent to the demo mailbox only.
    """
    chance = random.Random(seed)  # noqa: S311 - a repeatable demo, not a secret
    town = load_town()
    with ids.seeded(seed), jobs.held() as waiting:
        inventor = Inventor(town, chance)
        with _commits_that_do_not_wait():
            founded = found(town, at=until - BEGINS_BEFORE, checked_until=until)
            for number, start in enumerate(_starts(chance, people, until)):
                live(_journey(founded, inventor, waiting, start=start, until=until))
                progress(number + 1, people)
        signposted = _signpost(founded, inventor, until=until)
        _chase(founded, waiting, until)
        _promise(founded, chance, until)
        look_after_access(founded, until=until)
        with clock.fixed(until), scope(founded.job()) as by:
            directory.rebuild_trust(by=by, at=until)  # as each night does
    return Seeded(people, signposted, demo_accounts(town))


@contextmanager
def _commits_that_do_not_wait() -> Iterator[None]:
    """Do not wait for the disk after each step: a seed that breaks off is begun again from nothing.

    The log is written in order, so the first ordinary commit afterwards makes everything before it last.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")


def _starts(chance: random.Random, people: int, until: datetime) -> list[datetime]:
    """When each is referred: over eighteen months, growing, on working days between nine and five."""
    days = BEGINS_BEFORE.days - 1
    found = []
    for _ in range(people):
        day = until - timedelta(days=days * (1 - chance.random() ** 0.8))
        moment = day.replace(
            hour=chance.randrange(9, 17), minute=chance.randrange(60), second=0, microsecond=0
        )
        while moment.weekday() > 4:
            moment -= timedelta(days=1)
        found.append(min(moment, until - timedelta(minutes=30)))
    return sorted(found)


def _journey(
    founded: Founded, inventor: Inventor, waiting: jobs.HeldJobs, *, start: datetime, until: datetime
) -> Journey:
    town, chance = inventor.town, inventor.chance
    scheme = chance.choices(town.of_kind("scheme"), [5, 3, 2][: len(town.of_kind("scheme"))])[0]
    practice = chance.choice(scheme.practices)
    invented = inventor.person(today=start.date(), from_age=scheme.from_age)
    return Journey(
        founded=founded,
        inventor=inventor,
        chance=chance,
        invented=invented,
        now=start,
        until=until,
        practice_id=founded.organisations[practice].id,
        scheme_id=founded.organisations[scheme.id].id,
        jobs=waiting,
    )


def _signpost(founded: Founded, inventor: Inventor, *, until: datetime) -> int:
    """What the front desks pointed people to."""
    town, chance = inventor.town, inventor.chance
    desks = [a for a in founded.staff.values() if a.role == Role.RECEPTIONIST]
    places = [listing for listing in town.listings if listing.status == "active" and listing.venue]
    starts = _starts(chance, 120, until)
    for moment in starts:
        listing = chance.choice(places)
        with clock.fixed(moment), scope(chance.choice(desks)) as by:
            referrals.signpost(need_code=listing.needs[0], pointed_to=listing.name, by=by, at=moment)
    return len(starts)


def _chase(founded: Founded, waiting: jobs.HeldJobs, until: datetime) -> None:
    """Silence is chased as the job does it, once for each working day of the last weeks."""
    schemes = [o.id for o in founded.organisations.values() if o.kind == "scheme"]
    for moment in (until - timedelta(days=days) for days in range(40, -1, -1)):
        if moment.weekday() > 4:
            continue
        for scheme_id in schemes:
            job = Actor.system(
                reason="chasing answers", system_id=founded.system_id, organisation_ids=[scheme_id]
            )
            with clock.fixed(moment):
                with scope(job) as by:
                    connections.chase(by=by, at=moment)
                waiting.run_due()


_NOTES = {
    Role.ADMINISTRATOR: "invites colleagues, brings in directories",
    Role.CLINICIAN: "refers people, and sees what became of it",
    Role.RECEPTIONIST: "signposts at the front desk, and refers",
    Role.TEAM_LEAD: "shares out referrals",
    Role.LINK_WORKER: "works with people",
    Role.INFORMATION_GOVERNANCE: "answers who saw whom",
    Role.MANAGER: "sees counts, never a name",
}


def _promise(founded: Founded, chance: random.Random, until: datetime) -> None:
    """A day to look at: most open cases have a next step promised for about now, a few are overdue."""
    workers = [a for a in founded.staff.values() if a.role == Role.LINK_WORKER]
    for worker in workers:
        with clock.fixed(until), scope(worker) as by:
            for case in casework.open_cases(by, worker_id=worker.account):
                days = chance.choice([-2, 0, 0, 0, 1, 2, 3, 5, 7])
                casework.plan_next_step(
                    case=case,
                    next_step=case.next_step or "Ring for a first talk",
                    next_step_on=until.date() + timedelta(days=days),
                    by=by,
                    at=until,
                )


def demo_accounts(town: Town) -> list[dict[str, str]]:
    """One account per role, to print and to show beneath the sign-in form of the demo."""
    first: dict[str, StaffMember] = {}
    for member in town.staff:
        if member.story:
            first.setdefault(member.role, member)
    return [
        {
            "role": f"{member.title}",
            "name": member.name,
            "email": member.email,
            "password": PASSWORD,
            "note": _NOTES[Role(role)],
        }
        for role, member in first.items()
    ]


def write_accounts(accounts: list[dict[str, str]], path: Path) -> None:
    """Keep the list beside the demo's other state, for this user only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(accounts, file, indent=2, ensure_ascii=False)


__all__ = ["NotYet", "Seeded", "demo_accounts", "seed_demo", "write_accounts"]
