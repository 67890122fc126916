"""What is asked of a search and what it answers. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from fingerpost.codes.needs import parse_needs
from fingerpost.kernel.errors import InvalidValue
from fingerpost.web.directory.capacity import CapacityNow
from fingerpost.web.directory.enums import ForGender
from fingerpost.web.directory.trust import Trust
from fingerpost.web.geography.api import Point

if TYPE_CHECKING:
    from fingerpost.web.directory.models import Listing

FARTHEST_KM = 500
MOST_PER_PAGE = 100


@dataclass(frozen=True, kw_only=True)
class SearchCriteria:
    """What is looked for. Raises `InvalidValue` or `Faults` for a need, page or distance that cannot be.

    `age` and `gender` hide nothing: a listing that may not fit comes later and says why. `max_km` hides what
    is known to be farther; one whose place is not known stays, lower, and says so. `page` counts from 1.
    """

    words: str = ""
    near: Point | None = None
    max_km: float | None = None
    needs: tuple[str, ...] = ()
    age: int | None = None
    gender: ForGender = ForGender.ANYONE
    online_ok: bool = True
    free_only: bool = False
    taking_people_only: bool = False
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


# Why there is no distance, or that there is one.
DistanceState = Literal["known", "not_asked", "confidential", "no_travel", "unknown"]


@dataclass(frozen=True, kw_only=True)
class SearchHit:
    """One listing found. `distance_km` is a number only when `distance_state` is "known"."""

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


@dataclass(frozen=True, kw_only=True)
class SearchResults:
    """One page of hits. `corrections`: words read as others. `only_some_words`: nothing had them all."""

    criteria: SearchCriteria
    total: int
    hits: tuple[SearchHit, ...] = ()
    corrections: dict[str, str] = field(default_factory=dict)
    only_some_words: bool = False

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.criteria.per_page))
