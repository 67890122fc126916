"""What is asked of a search and what it answers. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from fingerpost.codes.needs import parse_needs
from fingerpost.kernel.errors import FingerpostError, InvalidValue
from fingerpost.kernel.postcode import Postcode
from fingerpost.web.directory.capacity import CapacityNow
from fingerpost.web.directory.enums import Day, ForGender, PartOfDay
from fingerpost.web.directory.trust import Trust
from fingerpost.web.geography.api import Point

if TYPE_CHECKING:
    from fingerpost.web.directory.models import Listing

FARTHEST_KM = 500
MOST_PER_PAGE = 100


@dataclass(frozen=True, kw_only=True)
class SearchCriteria:
    """What is looked for. Raises `InvalidValue` or `Faults` for a need, page or distance that cannot be.

    What is known of a person (`age`, `gender`, `rather_speaks`, `needs_step_free`, `lives_in`) hides nothing: a
    listing that may not fit comes later and says why. What is asked for (`days` to `trusted_only`) shows only
    listings that say so. `max_km` hides what is known to be farther, or to serve another area (`lives_in`: the first
    half of a postcode and the code of an area); one whose place is not known stays, lower. `page` counts from 1.
    """

    words: str = ""
    near: Point | None = None
    max_km: float | None = None
    needs: tuple[str, ...] = ()
    age: int | None = None
    gender: ForGender = ForGender.ANYONE
    rather_speaks: str = ""
    needs_step_free: bool = False
    lives_in: tuple[str, ...] = ()
    online_ok: bool = True
    free_only: bool = False
    max_cost_pence: int | None = None
    taking_people_only: bool = False
    days: tuple[Day, ...] = ()
    part_of_day: PartOfDay | None = None
    speaks: str = ""
    only_for: ForGender = ForGender.ANYONE
    step_free_only: bool = False
    for_carers_only: bool = False
    accompaniment_only: bool = False
    trusted_only: bool = False
    page: int = 1
    per_page: int = 20

    def __post_init__(self) -> None:
        parse_needs(self.needs)
        if self.page < 1 or not 1 <= self.per_page <= MOST_PER_PAGE:
            raise InvalidValue("There is no such page.", field="page", expected="a page from 1 on")
        if self.max_km is not None and not 0 < self.max_km <= FARTHEST_KM:
            raise InvalidValue(
                "This is not a distance to search within.",
                field="max_km",
                expected=f"more than 0 and at most {FARTHEST_KM} kilometres",
            )
        if self.max_cost_pence is not None and self.max_cost_pence < 0:
            raise InvalidValue(
                "This is not an amount of money.", field="max_cost_pence", expected="pence, from 0 on"
            )


# Why there is no distance, or that there is one.
DistanceState = Literal["known", "not_asked", "confidential", "no_travel", "unknown"]


@dataclass(frozen=True, kw_only=True)
class SearchHit:
    """One listing found. `distance_km` is a number only when `distance_state` is "known".

    `speaks_theirs` and `is_step_free` are told only where the criteria say that the person needs it.
    """

    listing: Listing
    provider_name: str
    place: str
    distance_km: float | None
    distance_state: DistanceState
    distance_words: str
    capacity: CapacityNow
    trust: Trust
    why: tuple[str, ...] = ()
    might_not_fit: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    speaks_theirs: bool = False
    is_step_free: bool = False


@dataclass(frozen=True, kw_only=True)
class SearchResults:
    """One page of hits. `total` counts to 1,000; `is_more`: there are more than that.

    `corrections`: words read as others. `only_some_words`: nothing had them all.
    """

    criteria: SearchCriteria
    total: int
    is_more: bool = False
    hits: tuple[SearchHit, ...] = ()
    corrections: dict[str, str] = field(default_factory=dict)
    only_some_words: bool = False

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.criteria.per_page))


# What may be asked beside words and a place, and what an answer may be. Nothing else is ever kept.
_ONLY = frozenset({"free", "room", "there", "step_free", "along", "carers", "trusted"})
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
_NUMBER = re.compile(r"[0-9]{1,3}")
_MOST_ANSWERS = 60


def _is_need(text: str) -> bool:
    try:
        return bool(parse_needs([text]))
    except FingerpostError:
        return False


SAVED_QUESTIONS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "needs": _is_need,
        "max_miles": lambda text: bool(_NUMBER.fullmatch(text)),
        "only": _ONLY.__contains__,
        "days": lambda text: text in Day.values,
        "part": lambda text: text in PartOfDay.values,
        "most": lambda text: bool(_NUMBER.fullmatch(text)),
        "speaks": lambda text: bool(_LANGUAGE.fullmatch(text)),
        "only_for": lambda text: bool(text) and text in ForGender.values,
    }
)


@dataclass(frozen=True, kw_only=True)
class SavedQuestions:
    """What a saved search asks: words, the first half of a postcode, and answers by the name of their question.

    Raises `InvalidValue` for whatever else it is given, so that nothing about a person can come along.
    """

    words: str = ""
    near: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, answers in self.filters.items():
            known = SAVED_QUESTIONS.get(name)
            if known is None or len(answers) > _MOST_ANSWERS or not all(map(known, answers)):
                raise InvalidValue(
                    "This is no filter of a search that can be kept.",
                    field=name,
                    expected="a filter that the search page offers",
                )
        if self.near and not Postcode.is_outward(self.near):
            raise InvalidValue(
                "Of a postcode only the first half is kept.", field="near", expected="such as QX1"
            )

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.near or any(self.filters.values()))
