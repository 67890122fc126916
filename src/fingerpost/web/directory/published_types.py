"""What is asked of the published directory and what it answers. Pure.

Only what stands here leaves without an account: a listing that is open, in one piece, with places whose address
is no secret. A confidential place is not among them at all, nor is what belongs to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Generic, TypeVar
from uuid import UUID

from fingerpost.web.geography.api import Point

if TYPE_CHECKING:
    from fingerpost.web.directory import models

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class PublishedCriteria:
    """What is asked of the published directory. What is not asked hides nothing. `page` counts from 1."""

    words: str = ""
    term_id: UUID | None = None
    taxonomy_id: UUID | None = None
    minimum_age: int | None = None
    maximum_age: int | None = None
    starts_from: time | None = None
    ends_by: time | None = None
    day: str = ""
    modified_after: datetime | None = None
    near: Point | None = None
    outward_code: str = ""
    within_metres: int | None = None
    page: int = 1
    per_page: int = 50


@dataclass(frozen=True, kw_only=True)
class PublishedPlace:
    """A listing at one of its places, with what belongs to the place."""

    id: UUID
    description: str
    location: models.Location
    accessibility: tuple[models.Accessibility, ...] = ()
    attributes: tuple[models.Attribute, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PublishedProvider:
    """The organisation behind a listing, with what belongs to it."""

    provider: models.Provider
    identifiers: tuple[models.Identifier, ...] = ()
    attributes: tuple[models.Attribute, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PublishedListing:
    """An open listing with everything published about it. Parts are empty where a list asked for none."""

    listing: models.Listing
    changed_at: datetime | None
    provider: PublishedProvider | None = None
    places: tuple[PublishedPlace, ...] = ()
    schedules: tuple[models.Schedule, ...] = ()
    exceptions: tuple[models.ScheduleException, ...] = ()
    service_areas: tuple[models.ServiceArea, ...] = ()
    languages: tuple[models.Language, ...] = ()
    funding: tuple[models.Funding, ...] = ()
    cost_options: tuple[models.CostOption, ...] = ()
    contacts: tuple[models.ListingContact, ...] = ()
    phones: tuple[models.ListingPhone, ...] = ()
    attributes: tuple[models.Attribute, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PublishedPair:
    """A listing at one place."""

    listing: PublishedListing
    place: PublishedPlace


@dataclass(frozen=True, kw_only=True)
class Page(Generic[T]):
    """One page of many."""

    number: int
    per_page: int
    total: int
    items: tuple[T, ...]
