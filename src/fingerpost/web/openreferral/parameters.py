"""The routes, and what may be asked of each: declared once, read strictly. Every fault is told at once. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from fingerpost.kernel.errors import InvalidValue
from fingerpost.kernel.postcode import Postcode

MOST_PER_PAGE, USUAL_PER_PAGE = 100, 50
LAST_PAGE = 1_000_000
LONGEST_SEARCH = 200
FARTHEST_METRES = 500_000
OLDEST = 130
DAYS: Mapping[str, str] = {
    "MO": "MO",
    "TU": "TU",
    "WE": "WE",
    "TH": "TH",
    "FR": "FR",
    "SA": "SA",
    "SU": "SU",
    "Monday": "MO",
    "Tuesday": "TU",
    "Wednesday": "WE",
    "Thursday": "TH",
    "Friday": "FR",
    "Saturday": "SA",
    "Sunday": "SU",
}


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One thing that may be asked. `read` raises `ValueError` for text that is not it."""

    name: str
    means: str
    expected: str
    read: Callable[[str], Any]
    schema: Mapping[str, Any]
    place: str = "query"


@dataclass(frozen=True, kw_only=True)
class Route:
    """One address under the root. `answers` names a shape; a list answers with pages of it."""

    path: str
    name: str
    means: str
    answers: str = ""
    is_list: bool = False
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True)
class BadParameter:
    name: str
    wrong: str
    expected: str


@dataclass
class Asked:
    """What was asked, read; or what was wrong with it. `who` is the address it came from."""

    who: str = ""
    is_head: bool = False

    values: dict[str, Any] = field(default_factory=dict)
    faults: list[BadParameter] = field(default_factory=list)

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)


def read(route: Route, given: Mapping[str, str]) -> Asked:
    """Read the parameters of a route. No words to search for is a question too; unknown ones are not for us."""
    asked = Asked()
    for parameter in route.parameters:
        text = given.get(parameter.name)
        if parameter.place != "query" or text is None or (parameter is _SEARCH and not text):
            continue
        try:
            asked.values[parameter.name] = parameter.read(text)
        except ValueError:
            wrong = f"“{text[:60]}” cannot be read."
            asked.faults.append(BadParameter(parameter.name, wrong, parameter.expected))
    if asked["proximity"] is not None and not (given.get("postcode") or ""):
        asked.faults.append(
            BadParameter("proximity", "A distance was given without a postcode.", "a postcode as well")
        )
    return asked


def _whole(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if len(text) > 9 or not text.isascii() or not text.isdigit():
            raise ValueError(text)
        if not least <= int(text) <= most:
            raise ValueError(text)
        return int(text)

    return number


def _clock(text: str) -> time:
    if len(text) not in (5, 8) or text[2] != ":" or not text.isascii():
        raise ValueError(text)
    return time.fromisoformat(text)


def _moment(text: str) -> datetime:
    # A plus sign that nobody encoded arrives as a space.
    found = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    return aware.astimezone(UTC)


def _day(text: str) -> str:
    try:
        return DAYS[text]
    except KeyError:
        raise ValueError(text) from None


def _id(text: str) -> UUID:
    found = UUID(text)
    if str(found) != text.lower():  # braces, no hyphens: ids that are written otherwise than in our lists
        raise ValueError(text)
    return found


def _words(text: str) -> str:
    if len(text) > LONGEST_SEARCH or "\x00" in text:
        raise ValueError(text)
    return text


def _postcode(text: str) -> str:
    try:
        return Postcode.parse(text).value
    except InvalidValue as fault:
        raise ValueError(text) from fault


def _moment_or_fault(text: str) -> datetime:
    try:
        return _moment(text)
    except OverflowError as fault:
        raise ValueError(text) from fault


_ID = Parameter(
    name="id",
    means="which one",
    expected="an id from a list",
    read=_id,
    schema={"type": "string", "format": "uuid"},
    place="path",
)
_PAGE = Parameter(
    name="page",
    means="which page, from 1 on",
    expected="a whole number from 1 on",
    read=_whole(1, LAST_PAGE),
    schema={"type": "integer", "minimum": 1, "maximum": LAST_PAGE},
)
_PER_PAGE = Parameter(
    name="per_page",
    means=f"how many on a page; {USUAL_PER_PAGE} when nothing is said",
    expected=f"a whole number from 1 to {MOST_PER_PAGE}",
    read=_whole(1, MOST_PER_PAGE),
    schema={"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE},
)
_SEARCH = Parameter(
    name="search",
    means="words that must be found in it, or words that mean the same",
    expected=f"words, at most {LONGEST_SEARCH} characters",
    read=_words,
    schema={"type": "string", "maxLength": LONGEST_SEARCH},
)
_TERM = Parameter(
    name="taxonomy_term_id",
    means="only what this term is said of",
    expected="the id of a term",
    read=_id,
    schema={"type": "string", "format": "uuid"},
)
_TAXONOMY = Parameter(
    name="taxonomy_id",
    means="only what any term of this taxonomy is said of",
    expected="the id of a taxonomy",
    read=_id,
    schema={"type": "string", "format": "uuid"},
)
_AGES = tuple(
    Parameter(
        name=name,
        means=means,
        expected=f"a whole number of years from 0 to {OLDEST}",
        read=_whole(0, OLDEST),
        schema={"type": "integer", "minimum": 0, "maximum": OLDEST},
    )
    for name, means in (
        ("minimum_age", "only what has a youngest age of at least this"),
        ("maximum_age", "only what has an oldest age of at most this"),
    )
)
_CLOCK_PATTERN = "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"
_TIMES = tuple(
    Parameter(
        name=name,
        means=means,
        expected="a time of day, such as 14:30",
        read=_clock,
        schema={"type": "string", "pattern": _CLOCK_PATTERN},
    )
    for name, means in (
        ("start_time", "only what begins at this time or later"),
        ("end_time", "only what ends at this time or earlier"),
    )
)
_DAY = Parameter(
    name="day",
    means="only what takes place on this day of the week",
    expected="one of " + ", ".join(DAYS),
    read=_day,
    schema={"type": "string", "enum": list(DAYS)},
)
_MODIFIED = Parameter(
    name="modified_after",
    means="only what changed at this moment or later",
    expected="a date and time, such as 2026-03-01T09:00:00Z",
    read=_moment_or_fault,
    schema={"type": "string", "format": "date-time"},
)
_POSTCODE = Parameter(
    name="postcode",
    means="a postcode that must be known here; on its own it leaves out what is not for people who live there",
    expected="a whole postcode, such as OX1 2JD",
    read=_postcode,
    schema={"type": "string", "maxLength": 10},
)
_PROXIMITY = Parameter(
    name="proximity",
    means="only places within so many metres of the postcode",
    expected=f"a whole number of metres from 1 to {FARTHEST_METRES}",
    read=_whole(1, FARTHEST_METRES),
    schema={"type": "integer", "minimum": 1, "maximum": FARTHEST_METRES},
)

_PAGED = (_PAGE, _PER_PAGE)
_OF_SERVICES = (_SEARCH, *_PAGED, _TERM, _TAXONOMY, *_AGES, *_TIMES, _DAY, _MODIFIED)

ROUTES: tuple[Route, ...] = (
    Route(path="/", name="api", means="What this interface is.", answers="api"),
    Route(
        path="/services",
        name="services",
        means="Listings, a page at a time.",
        answers="service_in_list",
        is_list=True,
        parameters=_OF_SERVICES,
    ),
    Route(
        path="/services/{id}",
        name="service",
        means="One listing with everything that belongs to it.",
        answers="service",
        parameters=(_ID,),
    ),
    Route(
        path="/service_at_locations",
        name="service_at_locations",
        means="Listings at their places, a page at a time.",
        answers="service_at_location_in_list",
        is_list=True,
        parameters=(*_OF_SERVICES, _POSTCODE, _PROXIMITY),
    ),
    Route(
        path="/service_at_locations/{id}",
        name="service_at_location",
        means="One listing at one of its places.",
        answers="service_at_location",
        parameters=(_ID,),
    ),
    Route(
        path="/taxonomies",
        name="taxonomies",
        means="Lists of terms, a page at a time.",
        answers="taxonomy",
        is_list=True,
        parameters=_PAGED,
    ),
    Route(
        path="/taxonomies/{id}",
        name="taxonomy",
        means="One list of terms.",
        answers="taxonomy",
        parameters=(_ID,),
    ),
    Route(
        path="/taxonomy_terms",
        name="taxonomy_terms",
        means="Terms, a page at a time.",
        answers="taxonomy_term",
        is_list=True,
        parameters=_PAGED,
    ),
    Route(
        path="/taxonomy_terms/{id}",
        name="taxonomy_term",
        means="One term.",
        answers="taxonomy_term",
        parameters=(_ID,),
    ),
    Route(
        path="/package.zip",
        name="package",
        means="Everything at once: the tables of HSDS as CSV files in a zip file, with their description.",
    ),
)
ROUTE_CALLED: Mapping[str, Route] = {route.name: route for route in ROUTES}
