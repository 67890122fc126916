"""Search the directory: PostgreSQL full text and distance, in an order that is the same every time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from fingerpost.kernel import clock
from fingerpost.web.directory.enums import CapacityState, Way
from fingerpost.web.directory.lifecycle import CLOSED_STATUSES
from fingerpost.web.directory.policies import check_can_search
from fingerpost.web.directory.search_types import SearchCriteria, SearchResults
from fingerpost.web.directory.selectors.hits import FoundRow, explain
from fingerpost.web.directory.selectors.matching import Wanted, understand
from fingerpost.web.directory.selectors.trust import capacity_lasts
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import current_actor
from fingerpost.web.geography.api import box_around

# Half the worth at this distance: what is near wins over what is a little more to the point.
HALF_WORTH_KM = 8.0
_CLOSENESS = f"CASE WHEN place.km IS NULL THEN 0.5 ELSE {HALF_WORTH_KM} / ({HALF_WORTH_KM} + place.km) END"
_WEIGHTS = "'{0.1, 0.3, 0.6, 1.0}'"

_OPEN = [
    "l.system_id = %(system)s",
    "l.gone_at IS NULL",
    "l.merged_into_id IS NULL",
    "l.status <> ALL(%(closed)s)",
]

# The nearest open place of a listing. A confidential one has no coordinates in the table, so plays no part.
_NEAREST = """
LEFT JOIN LATERAL (
    SELECT o.id, 12742.0176 * asin(sqrt(least(1.0, power(sin(radians(o.latitude - %(lat)s) / 2), 2)
        + cos(radians(%(lat)s)) * cos(radians(o.latitude))
        * power(sin(radians(o.longitude - %(lon)s) / 2), 2)))) AS km
    FROM directory_listingatlocation al JOIN directory_location o ON o.id = al.location_id
    WHERE al.listing_id = l.id AND o.latitude IS NOT NULL AND o.gone_at IS NULL
    ORDER BY km, o.id LIMIT 1
) AS place ON true"""
_NO_PLACE = "CROSS JOIN (SELECT NULL::uuid AS id, NULL::float8 AS km) AS place"

_PLACED = """SELECT 1 FROM directory_listingatlocation al JOIN directory_location o ON o.id = al.location_id
    WHERE al.listing_id = l.id AND o.latitude IS NOT NULL AND o.gone_at IS NULL"""
_IN_BOX = f"""(NOT EXISTS ({_PLACED}) OR EXISTS ({_PLACED}
    AND o.latitude BETWEEN %(south)s AND %(north)s AND o.longitude BETWEEN %(west)s AND %(east)s))"""

_TAKING = """EXISTS (SELECT 1 FROM directory_capacity c WHERE c.listing_id = l.id AND c.state = %(taking)s
    AND c.set_at >= %(fresh)s)"""


@dataclass
class _Question:
    """The parts of one statement; every value is a parameter."""

    conditions: list[str]
    values: dict[str, Any]

    def require(self, condition: str, **values: Any) -> None:
        self.conditions.append(condition)
        self.values.update(values)


def search(actor: Actor, criteria: SearchCriteria, *, at: datetime | None = None) -> SearchResults:
    """Open listings that match, best first. Words must all match; if nothing has them all, some suffice."""
    check_can_search(actor)
    at = at or clock.now()
    wanted = understand(criteria.words, system_id=current_actor().system_id)
    total, rows = _ask(criteria, wanted, wanted.every_term(), at)
    only_some = total == 0 and len(wanted.terms) > 1
    if only_some:
        total, rows = _ask(criteria, wanted, wanted.any_term(), at)
    return SearchResults(
        criteria=criteria,
        total=total,
        hits=explain(rows, criteria, wanted, at=at),
        corrections=dict(wanted.corrections),
        only_some_words=only_some and total > 0,
    )


def _ask(criteria: SearchCriteria, wanted: Wanted, query: str, at: datetime) -> tuple[int, list[FoundRow]]:
    statement, values = statement_of(criteria, wanted, query, at)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found = cursor.fetchall()
    if not found and criteria.page > 1:
        # Past the last page: the count is still told.
        count, _values = statement_of(criteria, wanted, query, at, counting=True)
        with connection.cursor() as cursor:
            cursor.execute(count, values)
            return cursor.fetchone()[0], []
    rows = [FoundRow(listing_id, place_id, km, tuple(has)) for listing_id, place_id, km, has, _total in found]
    return (found[0][4] if found else 0), rows


def statement_of(
    criteria: SearchCriteria, wanted: Wanted, query: str, at: datetime, *, counting: bool = False
) -> tuple[str, dict[str, Any]]:
    """The statement and its values (a test looks at its plan)."""
    question = _question(criteria, query, at)
    has = ", ".join(f"l.search_vector @@ %(term{n})s::tsquery" for n in range(len(wanted.terms)))
    question.values.update({f"term{n}": c.query for n, c in enumerate(wanted.terms)})
    score = f"ts_rank({_WEIGHTS}, l.search_vector, %(rank)s::tsquery)" if wanted.terms else "1.0"
    question.values["rank"] = wanted.any_term()
    source = f"FROM directory_listing l {_NEAREST if criteria.near else _NO_PLACE}"
    where = "WHERE " + " AND ".join(question.conditions)
    if counting:
        return f"SELECT count(*) {source} {where}", question.values
    statement = f"""SELECT l.id, place.id, place.km, ARRAY[{has}]::boolean[], count(*) OVER ()
        {source} {where}
        ORDER BY {_fit(criteria, question)} round(({score} * {_CLOSENESS})::numeric, 6) DESC,
            place.km NULLS LAST, l.name, l.id
        LIMIT %(limit)s OFFSET %(offset)s"""
    question.values.update(limit=criteria.per_page, offset=(criteria.page - 1) * criteria.per_page)
    return statement, question.values


def _question(criteria: SearchCriteria, query: str, at: datetime) -> _Question:
    question = _Question(
        list(_OPEN), {"system": current_actor().system_id, "closed": sorted(CLOSED_STATUSES)}
    )
    if query:
        question.require("l.search_vector @@ %(query)s::tsquery", query=query)
    if criteria.needs:
        needs = " | ".join(f"'need/{need}'" for need in criteria.needs)
        question.require("l.search_vector @@ %(needs)s::tsquery", needs=needs)
    if not criteria.online_ok:
        question.require(
            "(cardinality(l.ways) = 0 OR l.ways && %(there)s::varchar[])", there=[Way.IN_PERSON, Way.AT_HOME]
        )
    if criteria.free_only:
        question.require("(l.cost_pence = 0 OR (l.cost_pence IS NULL AND l.cost ILIKE 'free%%'))")
    if criteria.taking_people_only:
        question.require(_TAKING, taking=CapacityState.TAKING, fresh=at - capacity_lasts(current_actor()))
    if criteria.near:
        question.values.update(lat=criteria.near.latitude, lon=criteria.near.longitude)
        _within(question, criteria)
    return question


def _within(question: _Question, criteria: SearchCriteria) -> None:
    if criteria.near and criteria.max_km:
        box = box_around(criteria.near, criteria.max_km)
        question.require(_IN_BOX, south=box.south, north=box.north, west=box.west, east=box.east)
        question.require("(place.km IS NULL OR place.km <= %(max_km)s)", max_km=criteria.max_km)


def _fit(criteria: SearchCriteria, question: _Question) -> str:
    """What fits in age and gender, as far as is known, comes first."""
    parts = []
    if criteria.age is not None:
        question.values["age"] = criteria.age
        parts.append("coalesce(l.minimum_age <= %(age)s, true) AND coalesce(l.maximum_age >= %(age)s, true)")
    if criteria.gender:
        question.values["gender"] = criteria.gender
        parts.append("l.for_gender IN ('', %(gender)s)")
    return f"({' AND '.join(parts)}) DESC," if parts else ""
