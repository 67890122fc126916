"""Search the directory: PostgreSQL full text and distance, in an order that is the same every time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from math import floor
from typing import Any

from django.db import connection

from fingerpost.kernel import clock
from fingerpost.kernel.london import to_london
from fingerpost.web.directory.enums import CapacityState
from fingerpost.web.directory.languages import written_as
from fingerpost.web.directory.policies import check_can_search
from fingerpost.web.directory.search_types import SearchCriteria, SearchResults
from fingerpost.web.directory.selectors.hits import FoundRow, explain
from fingerpost.web.directory.selectors.matching import Wanted, understand
from fingerpost.web.directory.selectors.trust import capacity_lasts
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import current_actor
from fingerpost.web.geography.api import Box, Point, box_around

# Half the worth at this distance: what is near wins over what is a little more to the point.
HALF_WORTH_KM = 8.0
# What may come first because it is near lies within this, where there is very much and no distance is asked.
NEAR_KM = 15.0
# So many of those that fit are ranked by all their words, chosen by titles, needs and distance.
RANKED_BY_ALL_WORDS = 300
# So many are counted and ranked one by one; of more, only those that can be among the best are looked at (0134).
MOST_COUNTED = 1000
# So many each, by title, nearness and trust, are looked at where there are more.
LIKELY_BEST = 30
# Squares of the map by name, with how many there are to a degree of latitude and of longitude (sql/refresh_facts.sql).
_SQUARES = (("patch", 25, 15), ("cell", 10, 6), ("tile", 4, 2))
# A circle is looked up by so many of them; a greater one is measured place by place.
MOST_SQUARES = 16
# A degree of longitude in degrees of latitude, in the middle of the United Kingdom: so that the index measures alike.
_SQUEEZE = 0.6
_WEIGHTS = "'{0.1, 0.3, 0.6, 1.0}'"
_CLOSENESS = f"CASE WHEN km IS NULL THEN 0.5 ELSE {HALF_WORTH_KM} / ({HALF_WORTH_KM} + km) END"


def _haversine(row: str) -> str:
    return f"""12742.0176 * asin(sqrt(least(1.0, power(sin(radians({row}.latitude - %(lat)s) / 2), 2)
        + cos(radians(%(lat)s)) * cos(radians({row}.latitude))
        * power(sin(radians({row}.longitude - %(lon)s) / 2), 2))))"""


# To the nearest open place. A confidential one has no coordinates in the table, so plays no part.
_KM = f"""CASE f.places WHEN 0 THEN NULL WHEN 1 THEN {_haversine("f")}
    ELSE directory_km_to_nearest(f.listing_id, %(lat)s, %(lon)s) END"""
_HAS_WORDS = "f.words @@ %(query)s::tsquery"
_HAS_OFFERS = "f.words @@ %(offers)s::tsquery"
_BOX = f"box(point(f.west * {_SQUEEZE}, f.south), point(f.east * {_SQUEEZE}, f.north))"
_IN_SQUARES = "f.words @@ %(squares)s::tsquery"
_NEAR_BY = f"{_BOX} && box(point(%(near_west)s, %(near_south)s), point(%(near_east)s, %(near_north)s))"
_IN_CIRCLE = f"(f.words @@ %(reaching)s::tsquery OR coalesce(({_KM}) <= %(max_km)s, true))"
_SERVED = """(NOT f.has_area OR f.words @@ %(served)s::tsquery
    OR directory_serves(f.listing_id, %(lat)s, %(lon)s))"""
_EVERYBODY = "true"  # fits, where nothing is known of the person
_TAKING = """EXISTS (SELECT 1 FROM directory_capacity c WHERE c.listing_id = f.listing_id AND c.state = %(taking)s
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
        total=min(total, MOST_COUNTED),
        is_more=total > MOST_COUNTED,
        hits=explain(rows, criteria, wanted, at=at),
        corrections=dict(wanted.corrections),
        only_some_words=only_some and total > 0,
    )


def _ask(criteria: SearchCriteria, wanted: Wanted, query: str, at: datetime) -> tuple[int, list[FoundRow]]:
    """How many there are, at most one more than are counted, and the rows of the page."""
    asked = (criteria, wanted, query, at)
    found = _rows(*statement_of(*asked))
    # Nothing stands there: it is past the last page, or they are too many to be ranked one by one. The count is told.
    counted = found or _rows(*statement_of(replace(criteria, page=1), *asked[1:]))
    total = counted[0][3]
    if total > MOST_COUNTED:
        found = _rows(*statement_of_many(*asked))
        if len(found) < criteria.per_page:  # too few of the many fit this person: the others follow them
            found = _rows(*statement_of_many(*asked, fitting_only=False))
    return total, [FoundRow(one, km, tuple(has)) for one, km, has, _total in found if one is not None]


def _rows(statement: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def statement_of(
    criteria: SearchCriteria, wanted: Wanted, query: str, at: datetime
) -> tuple[str, dict[str, Any]]:
    """The statement that counts and ranks everything found, one by one, and its values (a test looks at its plan)."""
    question, columns, _fits = _asked(criteria, wanted, query, at)
    question.values |= {"counted": MOST_COUNTED + 1, "most_ranked": MOST_COUNTED}
    where = " AND ".join(question.conditions)
    found = f"SELECT {columns} FROM directory_searchfacts f WHERE {where} LIMIT %(counted)s"
    return _ranked(found, wanted), question.values


def statement_of_many(
    criteria: SearchCriteria, wanted: Wanted, query: str, at: datetime, *, fitting_only: bool = True
) -> tuple[str, dict[str, Any]]:
    """The statement where there are too many to rank one by one: the best by each thing that lifts a listing.

    Those are a word in the title, nearness, and trust; each read through an index until there are enough.
    """
    question, columns, fits = _asked(criteria, wanted, query, at)
    best = "ORDER BY f.worth DESC, f.name, f.listing_id"
    if fitting_only:
        question.require(fits)
    elif fits != _EVERYBODY:
        best = best.replace("ORDER BY", f"ORDER BY {fits} DESC,")
    each = f"SELECT {columns} FROM directory_searchfacts f WHERE {' AND '.join(question.conditions)}"
    if not wanted.terms and not criteria.near:  # nothing else ranks: the index has them in their order
        question.values["most_ranked"] = question.values["depth"] = criteria.page * criteria.per_page
        return _ranked(f"{each} {best} LIMIT %(depth)s", wanted), question.values
    question.values["depth"] = max(LIKELY_BEST, criteria.page * criteria.per_page)
    question.values["most_ranked"] = 3 * question.values["depth"]
    nothing = f"{each} AND false"
    titled = near = nothing
    if wanted.terms:
        titled = f"{_titled(criteria, wanted, question, columns)} {best} LIMIT %(depth)s"
    if criteria.near:
        near = _nearest(criteria.near, criteria.max_km, question, columns)
    if criteria.max_km:  # of the places near by, the nearest are looked at; of the others, the most trusted
        conditions = [one for one in question.conditions if one not in (_IN_SQUARES, _IN_CIRCLE)]
        where = " AND ".join([*conditions, "f.words @@ %(anywhere)s::tsquery"])
        each = f"SELECT {columns} FROM directory_searchfacts f WHERE {where}"
    # Without words, of those that are nowhere no more than the page holds can be among the best.
    rest_depth = "%(depth)s" if wanted.terms or not criteria.max_km else "%(offset)s + %(limit)s"
    rest = f"{each} {best} LIMIT (SELECT {rest_depth} - count(*) FROM titled)"
    found = f"SELECT * FROM titled UNION SELECT * FROM near UNION ({rest})"
    before = f"titled AS MATERIALIZED ({titled}), near AS MATERIALIZED ({near}), "
    return _ranked(found, wanted, before=before), question.values


def _nearest(near: Point, max_km: float | None, question: _Question, columns: str) -> str:
    """The nearest, as the index measures."""
    box = box_around(near, max_km or NEAR_KM)
    question.values |= {"near_south": box.south, "near_north": box.north}
    question.values |= {"near_west": box.west * _SQUEEZE, "near_east": box.east * _SQUEEZE}
    # Looked at one by one as they come, nearest first: their texts are no reason to read the index of all texts.
    fit = " AND ".join(f"({one}) IS TRUE" for one in question.conditions if one != _IN_SQUARES)
    return f"""SELECT {columns} FROM directory_searchfacts f WHERE {fit} AND {_NEAR_BY}
        ORDER BY {_BOX} <-> point(%(lon)s * {_SQUEEZE}, %(lat)s), f.name, f.listing_id LIMIT %(depth)s"""


def _titled(criteria: SearchCriteria, wanted: Wanted, question: _Question, columns: str) -> str:
    """Those with one of the words in their title."""
    question.values["titled"] = " & ".join([f"({wanted.any_term()})", *_offers(criteria)])
    conditions = [*question.conditions, "f.title @@ %(titled)s::tsquery"]
    if len(wanted.terms) == 1 and not wanted.unwanted:  # what the title says, the words say
        conditions = [one for one in conditions if one not in (_HAS_WORDS, _HAS_OFFERS)]
    return f"SELECT {columns} FROM directory_searchfacts f WHERE {' AND '.join(conditions)}"


def _asked(criteria: SearchCriteria, wanted: Wanted, query: str, at: datetime) -> tuple[_Question, str, str]:
    """The conditions, the columns that rank, and what fits the person."""
    question = _question(criteria, query, at)
    fits = _fit(criteria, question)
    first = criteria.page * criteria.per_page
    question.values |= {
        "rank": wanted.ranking_words(),
        "limit": criteria.per_page,
        "offset": first - criteria.per_page,
        "depth": max(RANKED_BY_ALL_WORDS, first),
        **{f"term{n}": c.query for n, c in enumerate(wanted.terms)},
    }
    km = _KM if criteria.near else "NULL::float8"
    by_title = f"ts_rank({_WEIGHTS}, f.title, %(rank)s::tsquery)" if wanted.terms else "1.0"
    columns = f"f.listing_id, f.name, f.worth, {km} AS km, {fits} AS fits, {by_title} AS by_title"
    return question, columns, fits


def _ranked(found: str, wanted: Wanted, *, before: str = "") -> str:
    """One row says how many there are, also where none is ranked: there are none, or too many."""
    has = ", ".join(f"f.words @@ %(term{n})s::tsquery" for n in range(len(wanted.terms)))
    words = """LEFT JOIN LATERAL (SELECT words FROM directory_searchfacts own
        WHERE own.listing_id = best.listing_id LIMIT 1) AS f ON true"""
    return f"""WITH {before}fit AS MATERIALIZED ({found}), counted AS MATERIALIZED (SELECT count(*) AS total FROM fit),
        best AS (
            SELECT fit.* FROM fit, counted WHERE total <= %(most_ranked)s
            ORDER BY fits DESC, {_rounded("(by_title + 0.05) * worth")} DESC, km NULLS LAST, name, listing_id
            LIMIT %(depth)s
        )
        SELECT best.listing_id, km, ARRAY[{has}]::boolean[], total
        FROM counted LEFT JOIN best ON true {words if wanted.terms else ""}
        ORDER BY fits DESC, {_rounded(f"{_score(len(wanted.terms))} * worth")} DESC, km NULLS LAST, name, listing_id
        LIMIT %(limit)s OFFSET %(offset)s"""


def _rounded(worth: str) -> str:
    """By so much that machines that reckon a little differently keep one order."""
    return f"round(({worth} * {_CLOSENESS}) * 1000000)"


def _score(terms: int) -> str:
    """Each thing looked for counts by where it stands: in the name, in the words people use, in the text."""
    each = [f"ts_rank({_WEIGHTS}, f.words, %(term{n})s::tsquery)" for n in range(terms)]
    return f"({' + '.join(each)})" if each else "1.0"


def _question(criteria: SearchCriteria, query: str, at: datetime) -> _Question:
    question = _Question(["f.system_id = %(system)s"], {"system": current_actor().system_id})
    if query:
        question.require(_HAS_WORDS, query=query)
    offers = _offers(criteria)
    if offers:
        question.require(_HAS_OFFERS, offers=" & ".join(offers))
    if criteria.days or criteria.part_of_day:
        question.require("(f.runs_until IS NULL OR f.runs_until >= %(today)s)", today=to_london(at).date())
    if criteria.max_cost_pence is not None:
        question.require("f.cost_pence <= %(most)s", most=criteria.max_cost_pence)
    if criteria.taking_people_only:
        question.require(_TAKING, taking=CapacityState.TAKING, fresh=at - capacity_lasts(current_actor()))
    if criteria.trusted_only:
        question.require("f.is_trusted")
    if criteria.near:
        question.values.update(lat=criteria.near.latitude, lon=criteria.near.longitude)
        question.values["served"] = _either(f"serves/{code.lower()}" for code in criteria.lives_in)
        _within(question, criteria)
    return question


def _offers(criteria: SearchCriteria) -> list[str]:
    """What a listing must offer, as text queries that one index answers together with the words."""
    parts = [_either(f"need/{need}" for need in criteria.needs)]
    if criteria.days or criteria.part_of_day:
        parts.append(_either(_when(day, criteria.part_of_day) for day in criteria.days or [None]))
    if criteria.speaks:
        parts.append(_either(f"speaks/{word}" for word in written_as(criteria.speaks)))
    parts += [
        _either([word])
        for word, is_asked in (
            ("cost/free", criteria.free_only),
            ("way/there", not criteria.online_ok),
            (f"for/{criteria.only_for}", criteria.only_for),
            ("stepfree/yes", criteria.step_free_only),
            ("for/carers", criteria.for_carers_only),
            ("come/along", criteria.accompaniment_only),
        )
        if is_asked
    ]
    return [f"({part})" for part in parts if part]


def _when(day: str | None, part: str | None) -> str:
    if day and part:
        return f"at/{day}/{part}"
    return f"day/{day}" if day else f"at/{part}"


def _either(words: Iterable[str]) -> str:
    return " | ".join("'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in words)


def _within(question: _Question, criteria: SearchCriteria) -> None:
    if criteria.near and criteria.max_km:
        served = question.values["served"]
        # Who comes home, rings or meets online for people of this area is near, wherever their office is.
        reaching = f"'way/reach' & ({served})" if served else "'place/none'"
        anywhere = f"'place/none' | {reaching}" if served else "'place/none'"
        question.values["anywhere"] = anywhere
        squares = _squares(box_around(criteria.near, criteria.max_km))
        if squares:
            question.require(_IN_SQUARES, squares=f"{anywhere} | {_either(squares)}")
        question.require(_SERVED)
        question.require(_IN_CIRCLE, max_km=criteria.max_km, reaching=reaching)


def _squares(box: Box) -> list[str]:
    """The squares of the map that hold a box, as words of the index: the finest that are few, or none."""
    for kind, rows, columns in _SQUARES:
        south, north = floor(box.south * rows), floor(box.north * rows)
        west, east = floor(box.west * columns), floor(box.east * columns)
        if (north - south + 1) * (east - west + 1) <= MOST_SQUARES:
            return [f"{kind}/{y}/{x}" for y in range(south, north + 1) for x in range(west, east + 1)]
    return []


def _fit(criteria: SearchCriteria, question: _Question) -> str:
    """What fits the person, as far as is known, comes first."""
    parts = []
    if criteria.age is not None:
        question.values["age"] = criteria.age
        parts.append("coalesce(f.minimum_age <= %(age)s, true) AND coalesce(f.maximum_age >= %(age)s, true)")
    if criteria.gender:
        question.values["gender"] = criteria.gender
        parts.append("f.for_gender IN ('', %(gender)s)")
    if criteria.needs_step_free:
        parts.append("NOT f.words @@ '''stepfree/no'''::tsquery")
    if criteria.near and not criteria.max_km:
        parts.append(_SERVED)
    return f"({' AND '.join(parts)})" if parts else _EVERYBODY
