"""Very many people, loaded as a restore would load them: by COPY, through the role that passes the walls.

Names, dates and postcodes are spread as they are in life: a few names are common, organisations differ in size by ten
times, most of what was begun has ended. The same seed gives the same rows.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import psycopg

from fingerpost.kernel.ids import new_id
from fingerpost.localstack.postgres import MAINTENANCE, Cluster
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import OrganisationKind, Role

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
_SYLLABLES = (
    "al",
    "ber",
    "can",
    "dor",
    "el",
    "far",
    "gri",
    "hol",
    "in",
    "jo",
    "kel",
    "lam",
    "mor",
    "nor",
    "ol",
    "pat",
)
_PERSON, _IDENTIFIER, _INVOLVEMENT, _JOURNEY, _REFERRAL, _CASE, _EVENT = range(1, 8)
_NOT_STATED = "not_stated"


@dataclass(frozen=True)
class Masses:
    """What was made: the actors of the biggest practice and of the biggest scheme, and what to look for."""

    system_id: UUID
    practices: tuple[UUID, ...]
    schemes: tuple[UUID, ...]
    workers: tuple[UUID, ...]
    gp: Actor
    lead: Actor
    worker: Actor
    manager: Actor
    people: int


def names() -> tuple[str, ...]:
    """Invented names, the commonest first."""
    made = ("".join(pair) for length in (2, 3) for pair in itertools.product(_SYLLABLES, repeat=length))
    found = [name.capitalize() for name in made]
    random.Random(5).shuffle(found)
    return tuple(found[:4000])


def found_organisations(*, practices: int, schemes: int) -> Masses:
    """Organisations with an account each, through the product's own actions; no people yet."""
    system_id = new_id()
    boot = Actor.system(reason="filling a database to measure it", system_id=system_id)
    with scope(boot):
        made = {
            kind: tuple(
                tenancy.register_organisation(kind=kind, name=f"{kind.value} {number}", by=boot)
                for number in range(count)
            )
            for kind, count in ((OrganisationKind.PRACTICE, practices), (OrganisationKind.SCHEME, schemes))
        }
        offices = made[OrganisationKind.PRACTICE], made[OrganisationKind.SCHEME]
        gp = _account("gp", Role.CLINICIAN, offices[0][0], boot)
        lead = _account("lead", Role.TEAM_LEAD, offices[1][0], boot)
        manager = _account("manager", Role.MANAGER, offices[1][0], boot)
        workers = [_account(f"worker{n}", Role.LINK_WORKER, each, boot) for n, each in enumerate(offices[1])]
    return Masses(
        system_id=system_id,
        practices=tuple(each.id for each in offices[0]),
        schemes=tuple(each.id for each in offices[1]),
        workers=tuple(worker.user_id for worker in workers if worker.user_id),
        gp=gp,
        lead=lead,
        worker=workers[0],
        manager=manager,
        people=0,
    )


def _account(name: str, role: Role, organisation: tenancy.Organisation, by: Actor) -> Actor:
    membership = tenancy.open_account(
        email=f"{name}-{by.system_id}@staff.example",
        name=name.capitalize(),
        role=role,
        organisation=organisation,
        by=by,
        at=NOW - timedelta(days=400),
    )
    return tenancy.actor_of(user=membership.user, membership=membership)


@dataclass(frozen=True)
class Life:
    """One person and what became of them, from which the rows of every table are made."""

    number: int
    given: str
    family: str
    birth: date
    practice: UUID
    scheme: UUID
    worker: UUID
    began: datetime
    state: str  # received, declined, open, closed


def lives(masses: Masses, people: int, seed: int = 11) -> Iterator[Life]:
    chance = random.Random(seed)
    known, first = names(), date(1930, 1, 1)
    # Sizes differ by about ten times; the first of each is the biggest.
    practice_of, scheme_of = _chooser(chance, masses.practices), _chooser(chance, masses.schemes)
    worker_of = dict(zip(masses.schemes, masses.workers, strict=True))
    for number in range(people):
        scheme, years = scheme_of(), chance.random() * 1500
        state = "closed" if years > 120 else chance.choices(("received", "open", "closed"), (2, 7, 3))[0]
        if chance.random() < 0.08:
            state = "declined"
        yield Life(
            number,
            known[min(3999, int(chance.expovariate(1 / 250)))],
            known[min(3999, int(chance.expovariate(1 / 500)))],
            first + timedelta(days=int(chance.random() * 29000)),
            practice_of(),
            scheme,
            worker_of[scheme],
            NOW - timedelta(days=years, minutes=1),
            state,
        )


def _chooser(chance: random.Random, among: tuple[UUID, ...]) -> Callable[[], UUID]:
    weights = list(itertools.accumulate(math.exp(-2.3 * place / len(among)) for place in range(len(among))))
    whole = weights[-1]
    from bisect import bisect

    return lambda: among[min(bisect(weights, chance.random() * whole), len(among) - 1)]


def _id(kind: int, number: int, part: int = 0) -> str:
    return f"0190{kind:04x}-0000-7000-8{part:03x}-{number:012x}"


def nhs_number(number: int) -> str | None:
    """The number with its check digit; None for the one in eleven that has none."""
    digits = f"{400000000 + number:09d}"
    check = 11 - sum((10 - place) * int(digit) for place, digit in enumerate(digits)) % 11
    return None if check == 10 else digits + str(check % 11)


def postcode(number: int) -> str:
    """One of about 36,000, so that some 28 people of a million share each."""
    place = (number * 7919) % 36000
    return f"QX{place // 400 + 1} {place // 40 % 10}{'ABDEFGHJ'[place % 8]}{'LNPQR'[place // 8 % 5]}"


def _person(system: UUID, life: Life) -> Iterable[tuple[object, ...]]:
    yield (
        _id(_PERSON, life.number), system, life.given, life.family, "", life.birth, _NOT_STATED, "", "", False, "",
        "1 Long Street", postcode(life.number), life.practice, "", "", True, True, False, True, True, "", 1,
    )  # fmt: skip


def _identifier(system: UUID, life: Life) -> Iterable[tuple[object, ...]]:
    if value := nhs_number(life.number):
        yield _id(_IDENTIFIER, life.number), system, _id(_PERSON, life.number), "nhs_number", value


def _involvement(system: UUID, life: Life) -> Iterable[tuple[object, ...]]:
    person = _id(_PERSON, life.number)
    yield _id(_INVOLVEMENT, life.number, 1), system, person, life.practice, "referrer", life.began, None, ""
    ended = life.began + timedelta(days=200) if life.state in ("closed", "declined") else None
    reason = "case_closed" if ended else ""
    yield _id(_INVOLVEMENT, life.number, 2), system, person, life.scheme, "scheme", life.began, ended, reason


def _journey(system: UUID, life: Life) -> Iterable[tuple[object, ...]]:
    yield (
        _id(_JOURNEY, life.number), system, _id(_PERSON, life.number), "practice", life.scheme,
        f"{{{life.scheme}}}", life.practice, life.began,
    )  # fmt: skip


def _referral(system: UUID, life: Life) -> Iterable[tuple[object, ...]]:
    status = {"received": "received", "declined": "declined"}.get(life.state, "accepted")
    reason = "scheme_full" if status == "declined" else ""
    yield (
        _id(_REFERRAL, life.number), system, _id(_JOURNEY, life.number), _id(_PERSON, life.number), "practice",
        life.practice, life.scheme, life.worker, life.began, "Gp", "{company}", "Alone since the spring.",
        False, "", life.began, "in_person", False, status, life.began, life.worker, reason, "",
    )  # fmt: skip


def _case(system: UUID, life: Life) -> Iterable[tuple[object, ...]]:
    if life.state not in ("open", "closed"):
        return
    closed = life.began + timedelta(days=110) if life.state == "closed" else None
    step = (NOW + timedelta(days=life.number % 60 - 5)).date()
    yield (
        _id(_CASE, life.number), system, _id(_REFERRAL, life.number), _id(_JOURNEY, life.number),
        _id(_PERSON, life.number), life.scheme, life.worker, life.began, life.worker, life.began, life.worker,
        life.state, life.began, "Ring again", step, closed, life.worker if closed else None,
        "goals_met" if closed else "", "",
    )  # fmt: skip


def _event(system: UUID, life: Life) -> Iterable[tuple[object, ...]]:
    kinds = {"received": 2, "declined": 3, "open": 4, "closed": 5}[life.state]
    path = ("referred", "received", "accepted", "contacted", "closed")
    for place in range(kinds):
        lost = life.state == "declined" and place == 2
        at = life.began + timedelta(days=place)
        yield (
            _id(_EVENT, life.number, place), system, _id(_JOURNEY, life.number), "lost" if lost else path[place],
            "received" if lost else "", "scheme_full" if lost else "", at, at, life.scheme, life.practice, "", "gp",
        )  # fmt: skip


_TABLES: dict[str, tuple[str, Callable[[UUID, Life], Iterable[tuple[object, ...]]]]] = {
    "people_person": (
        "id, system_id, given_name, family_name, known_as, birth_date, sex, ethnicity, language, interpreter_needed,"
        " access_needs, address, postcode, practice_id, phone, email, phone_is_safe, text_is_safe, voicemail_is_safe,"
        " email_is_safe, post_is_safe, contact_note, version",
        _person,
    ),
    "people_identifier": ("id, system_id, person_id, kind, value", _identifier),
    "people_involvement": (
        "id, system_id, person_id, organisation_id, kind, starts_at, ends_at, ended_reason",
        _involvement,
    ),
    "pathway_journey": (
        "id, system_id, person_id, source, scheme_id, scheme_ids, referrer_id, minted_at",
        _journey,
    ),
    "referrals_referral": (
        "id, system_id, journey_id, person_id, source, referrer_id, scheme_id, referred_by, referred_at,"
        " referred_by_name, needs, reason, is_urgent, urgent_reason, agreed_at, agreed_how, maybe_known, status,"
        " status_at, status_by, status_reason, status_note",
        _referral,
    ),
    "casework_case": (
        "id, system_id, referral_id, journey_id, person_id, scheme_id, worker_id, assigned_at, assigned_by, opened_at,"
        " opened_by, status, status_at, next_step, next_step_on, closed_at, closed_by, closed_reason, closed_story",
        _case,
    ),
    "pathway_pathwayevent": (
        "id, system_id, journey_id, kind, after, reason, occurred_at, recorded_at, scheme_id, referrer_id,"
        " subject_kind, actor_id",
        _event,
    ),
}
TABLES = tuple(_TABLES)


def load(cluster: Cluster, database: str, masses: Masses, people: int) -> None:
    """Fill the tables of the pathway. Checks of foreign keys and history are left out, as in a restore."""
    right = f"SET ON PARAMETER session_replication_role {{}} {MAINTENANCE};"
    cluster.ask(f"GRANT {right.format('TO')}", database=database)
    try:
        with psycopg.connect(cluster.url(MAINTENANCE, database)) as held, held.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            for table, (columns, rows_of) in _TABLES.items():
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for line in _lines(lives(masses, people), masses.system_id, rows_of):
                        copy.write(line)
    finally:
        cluster.ask(f"REVOKE {right.format('FROM')}", database=database)
    cluster.ask("VACUUM ANALYZE;", database=database)


def _lines(
    found: Iterator[Life], system: UUID, rows_of: Callable[[UUID, Life], Iterable[tuple[object, ...]]]
) -> Iterator[str]:
    """Rows as COPY's text, many to a piece."""
    while batch := list(itertools.islice(found, 2000)):
        yield "".join("\t".join(map(_cell, row)) + "\n" for life in batch for row in rows_of(system, life))


def _cell(value: object) -> str:
    return r"\N" if value is None else str(value)
