"""What is asked of a search and what it answers. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from fingerpost.codes.needs import parse_needs
from fingerpost.kernel.errors import InvalidValue
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
