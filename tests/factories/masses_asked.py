"""What the product asks of very many people, through its own selectors; and the same in SQL with the walls by hand."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from tests.factories.masses import NOW, Life, Masses, _id, lives, nhs_number, postcode

from fingerpost.web.casework import api as casework
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.insight.paths import Filters, ways
from fingerpost.web.pathway import api as pathway
from fingerpost.web.people import api as people
from fingerpost.web.referrals import api as referrals

SHOWN = 26  # of a search; lists show a page of 50


@dataclass(frozen=True)
class Question:
    """`ask(actor, life)` is the product's; `peer` is the same, for the role that no policy holds.

    `indexes`: those that its plan must name, or a lost one would go unseen; `indexes_of_several`: for whoever acts for
    several organisations, where these are others. "a or b": one of them.
    """

    name: str
    who: str
    ask: Callable[[Actor, Life], list[Any]]
    peer: str
    indexes: tuple[str, ...]
    indexes_of_several: tuple[str, ...] = ()
    is_search: bool = False  # has a limit

    def given(self, masses: Masses, life: Life) -> dict[str, Any]:
        actor: Actor = getattr(masses, self.who)
        return {
            "system": masses.system_id,
            "orgs": list(actor.organisation_ids),
            "user": actor.user_id,
            "now": NOW,
            "today": NOW.date(),
            "person": UUID(_id(1, life.number)),
            "journey": UUID(_id(4, life.number)),
            "given": f"{life.given.lower()}%",
            "family": f"{life.family[:4].lower()}%",
            "born": life.birth,
            "postcode": postcode(life.number),
            "number": nhs_number(life.number),
        }


@cache
def known_lives(masses: Masses, who: str) -> tuple[Life, ...]:
    """People of the biggest practice (for the GP) or the biggest scheme's open cases, to look for."""

    def fits(life: Life) -> bool:
        if nhs_number(life.number) is None:
            return False
        if who == "gp":
            return life.practice == masses.practices[0]
        return life.scheme == masses.schemes[0] and life.state == "open"

    return tuple(itertools.islice(filter(fits, lives(masses, 200_000)), 60))


_INVOLVED = """
    EXISTS (SELECT 1 FROM people_involvement i WHERE i.person_id = {t} AND i.system_id = %(system)s
            AND i.organisation_id = ANY (%(orgs)s) AND i.starts_at <= %(now)s
            AND (i.ends_at IS NULL OR i.ends_at > %(now)s))"""
_PERSON = (
    "SELECT p.id FROM people_person p WHERE p.system_id = %(system)s AND p.entered_in_error_at IS NULL AND "
    + _INVOLVED.format(t="p.id")
    + " AND {more} ORDER BY p.family_name, p.given_name, p.id LIMIT 26"
)
_REFERRAL = (
    "SELECT r.id FROM referrals_referral r WHERE r.system_id = %(system)s AND "
    + _INVOLVED.format(t="r.person_id")
    + " AND {more} LIMIT 50"
)
_CASE = (
    "SELECT c.id FROM casework_case c WHERE c.system_id = %(system)s AND c.scheme_id = ANY (%(orgs)s) AND "
    + _INVOLVED.format(t="c.person_id")
    + " AND c.status = 'open' {more} ORDER BY c.next_step_on, c.opened_at, c.id LIMIT 50"
)
_NAMED = "(lower(p.given_name) LIKE {0} OR lower(p.family_name) LIKE {0} OR lower(p.known_as) LIKE {0})"


def _found(actor: Actor, query: str) -> list[Any]:
    return [one.id for one in people.search(actor, query=query)[:SHOWN]]


QUESTIONS = (
    Question(
        "search: name and birth date",
        "gp",
        lambda a, x: _found(a, f"{x.given} {x.family[:4]} {x.birth:%d/%m/%Y}"),
        _PERSON.format(
            more=f"p.birth_date = %(born)s AND {_NAMED.format('%(given)s')} AND {_NAMED.format('%(family)s')}"
        ),
        ("people_person_name_birth", "using people_involvement_"),
        is_search=True,
    ),
    Question(
        "search: identifier",
        "gp",
        lambda a, x: _found(a, str(nhs_number(x.number))),
        _PERSON.format(
            more="p.id IN (SELECT n.person_id FROM people_identifier n WHERE n.system_id = %(system)s"
            " AND n.kind = 'nhs_number' AND n.value = %(number)s AND n.entered_in_error_at IS NULL)"
        ),
        ("people_identifier_once_in_a_system", "people_person_pkey", "using people_involvement_"),
        is_search=True,
    ),
    Question(
        "search: postcode",
        "gp",
        lambda a, x: _found(a, postcode(x.number)),
        _PERSON.format(more="p.postcode = %(postcode)s"),
        ("people_person_postcode", "using people_involvement_"),
        is_search=True,
    ),
    Question(
        "search: both names, by practice",
        "gp",
        lambda a, x: _found(a, f"{x.given} {x.family[:4]}"),
        _PERSON.format(more=f"{_NAMED.format('%(given)s')} AND {_NAMED.format('%(family)s')}"),
        ("people_person_pkey",),
        is_search=True,
    ),
    Question(
        "search: family name, by scheme",
        "worker",
        lambda a, x: _found(a, x.family[:4]),
        _PERSON.format(more=_NAMED.format("%(family)s")),
        ("people_person_pkey",),
        is_search=True,
    ),
    Question(
        "queue",
        "lead",
        lambda a, x: [one.id for one in referrals.queue(a)[:50]],
        _REFERRAL.format(
            more="r.scheme_id = ANY (%(orgs)s) AND r.status = 'received'"
            " ORDER BY r.is_urgent DESC, r.referred_at, r.id"
        ),
        # Which of the two depends on the sample that ANALYZE happens to take.
        (
            "using referrals_referral_ or Bitmap Index Scan on referrals_referral_queue",
            "using people_involvement_",
        ),
    ),
    Question(
        "my referrals",
        "gp",
        lambda a, x: [one.id for one in referrals.sent_by(a)[:50]],
        _REFERRAL.format(more="r.referrer_id = ANY (%(orgs)s) ORDER BY r.referred_at DESC, r.id"),
        ("referrals_referral_mine or referrals_referral_sent",),  # alike where a practice has sent few
        ("referrals_referral_sent",),
    ),
    Question(
        "today: steps that are due",
        "worker",
        lambda a, x: [one.id for one in casework.due_cases(a, worker_id=a.user_id, on=NOW.date())[:50]],
        _CASE.format(more="AND c.worker_id = %(user)s AND c.next_step_on <= %(today)s"),
        ("casework_case_caseload",),
    ),
    Question(
        "caseload",
        "worker",
        lambda a, x: [one.id for one in casework.open_cases(a, worker_id=a.user_id)[:50]],
        _CASE.format(more="AND c.worker_id = %(user)s"),
        ("casework_case_caseload",),
    ),
    Question(
        "person's page: person",
        "worker",
        lambda a, x: [people.person(a, person_id=UUID(_id(1, x.number))).id],
        _PERSON.format(more="p.id = %(person)s"),
        ("people_person_pkey", "using people_involvement_"),
    ),
    Question(
        "person's page: cases",
        "worker",
        lambda a, x: [one.id for one in casework.cases_of_person(a, person_id=UUID(_id(1, x.number)))],
        "SELECT c.id FROM casework_case c WHERE c.system_id = %(system)s AND c.scheme_id = ANY (%(orgs)s)"
        " AND c.person_id = %(person)s AND " + _INVOLVED.format(t="c.person_id"),
        ("casework_case_person", "using people_involvement_"),
    ),
    Question(
        "person's page: events",
        "worker",
        lambda a, x: [one.id for one in pathway.events_of(a, journey_id=UUID(_id(4, x.number)))],
        "SELECT e.id FROM pathway_pathwayevent e WHERE e.system_id = %(system)s AND e.journey_id = %(journey)s"
        " AND (e.scheme_id = ANY (%(orgs)s) OR e.referrer_id = ANY (%(orgs)s))",
        ("using pathway_pathwayevent_journey",),
    ),
    Question(
        "funnel: journeys counted",
        "manager",
        lambda a, x: [sum(way.count for way in ways(a, before=NOW, filters=Filters()))],
        "SELECT count(DISTINCT e.journey_id) FROM pathway_pathwayevent e WHERE e.system_id = %(system)s"
        " AND (e.scheme_id = ANY (%(orgs)s) OR e.referrer_id = ANY (%(orgs)s)) AND e.recorded_at < %(now)s",
        ("pathway_event_counting",),
    ),
)


def missing(indexes: tuple[str, ...], plan: str) -> list[str]:
    """The indexes that a plan should name and does not."""
    return [each for each in indexes if not any(index in plan for index in each.split(" or "))]


@contextmanager
def captured() -> Iterator[list[tuple[str, Any]]]:
    """The statements, with what was given for them, that the product sends within the block."""
    sent: list[tuple[str, Any]] = []

    def keep(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        yield sent


def plans_of(ask: Callable[[], object], *, analyse: bool = False) -> list[str]:
    """The plan of each statement that `ask` sends, as the role and in the scope that it is asked in."""
    with captured() as sent:
        ask()
    found = []
    with connection.cursor() as cursor:
        for sql, params in sent:
            if sql.lstrip().upper().startswith(("SELECT", "WITH")) and "set_config" not in sql:
                cursor.execute(f"EXPLAIN ({'ANALYZE, BUFFERS' if analyse else 'COSTS OFF'}) {sql}", params)
                found.append("\n".join(line for (line,) in cursor.fetchall()))
    return found
