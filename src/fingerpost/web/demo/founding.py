"""The invented town as rows: its system, organisations, accounts, postcodes and listings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from fingerpost.kernel import clock
from fingerpost.kernel.postcode import Postcode
from fingerpost.web.demo.town import Listing, Organisation, Town
from fingerpost.web.directory import api as directory
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope
from fingerpost.web.geography import api as geography
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import OrganisationKind, Permission, Role

# Anybody who reads this file knows it: it opens accounts of invented people on one machine, and nothing else.
PASSWORD = "allerwold-fingerpost"  # noqa: S105

_CAPACITY = {
    "taking": directory.CapacityState.TAKING,
    "waiting": directory.CapacityState.WAITING_LIST,
    "full": directory.CapacityState.FULL,
    "unknown": directory.CapacityState.UNKNOWN,
}
_STATUS = {
    "active": directory.ListingStatus.ACTIVE,
    "temporarily closed": directory.ListingStatus.TEMPORARILY_CLOSED,
    "closed": directory.ListingStatus.DEFUNCT,
}
_WAYS = {
    "venue": (directory.Way.IN_PERSON,),
    "confidential": (directory.Way.IN_PERSON,),
    "home": (directory.Way.AT_HOME,),
    "phone": (directory.Way.BY_PHONE,),
    "online": (directory.Way.ONLINE,),
}


@dataclass
class Founded:
    """The town once it stands: organisations and actors by the ids of the town's files."""

    system_id: UUID
    organisations: dict[str, tenancy.Organisation] = field(default_factory=dict)
    staff: dict[str, Actor] = field(default_factory=dict)
    listings: list[UUID] = field(default_factory=list)

    def of_role(self, role: Role, organisation_id: UUID) -> list[Actor]:
        return [a for a in self.staff.values() if a.role == role and a.organisation_id == organisation_id]

    def job(self) -> Actor:
        """The seed itself, keeping the directory."""
        return Actor.system(
            reason="making the demo",
            system_id=self.system_id,
            organisation_ids=[o.id for o in self.organisations.values()],
            permissions=[Permission.IMPORT_DIRECTORY, Permission.IMPORT_GEOGRAPHY, Permission.CONNECT],
        )


def found(town: Town, *, at: datetime, checked_until: datetime | None = None) -> Founded:
    """Make everything that stands before the first referral. `at` is when the town began to use Fingerpost.

    `checked_until`: the last day on which somebody went through the directory; without one, `at`.
    """
    with clock.fixed(at):
        system = _system(town, at)
        founded = Founded(system_id=system.pk)
        boot = Actor.system(reason="making the demo", system_id=system.pk)
        with scope(boot):
            _organisations(town, founded, boot, at)
            _accounts(town, founded, boot, at)
        with scope(founded.job()) as job:
            _postcodes(town, job, at)
            _directory(town, founded, job, at, checked_until or at)
    return founded


def _system(town: Town, at: datetime) -> tenancy.System:
    (root,) = town.of_kind("system")
    by = Actor.system(reason="making the demo")
    with scope(by):
        return tenancy.found_system(name=root.name, slug=root.id, by=by, at=at, sends_for_real=False)


def _organisations(town: Town, founded: Founded, by: Actor, at: datetime) -> None:
    for row in _parents_first(town.organisations):
        founded.organisations[row.id] = tenancy.register_organisation(
            kind=OrganisationKind(row.kind),
            name=row.name,
            code=row.code,
            parent=founded.organisations.get(row.parent),
            phone=row.phone,
            email=row.email,
            address=f"{row.address}\n{row.settlement}\n{row.postcode}",
            by=by,
        )
    for row in town.of_kind("scheme"):
        for practice in row.practices:
            tenancy.cover_practice(
                scheme=founded.organisations[row.id],
                practice=founded.organisations[practice],
                starts_on=at.date(),
                by=by,
            )


def _parents_first(rows: tuple[Organisation, ...]) -> list[Organisation]:
    placed: list[Organisation] = []
    waiting = list(rows)
    while waiting:
        ready = [r for r in waiting if not r.parent or r.parent in {p.id for p in placed}]
        placed += ready
        waiting = [r for r in waiting if r not in ready]
    return placed


def _accounts(town: Town, founded: Founded, by: Actor, at: datetime) -> None:
    for row in town.staff:
        membership = tenancy.open_account(
            email=row.email,
            name=row.name,
            role=Role(row.role),
            organisation=founded.organisations[row.organisation],
            by=by,
            at=at,
            password=PASSWORD if row.story else None,
        )
        actor = tenancy.actor_of(user=membership.user, membership=membership)
        founded.staff[row.id] = tenancy.with_reach(actor, on=at.date())


def _postcodes(town: Town, by: Actor, at: datetime) -> None:
    rows = [
        geography.PostcodeRow(
            postcode=Postcode.parse(place.postcode),
            latitude=place.latitude,
            longitude=place.longitude,
            area_code=place.small_area,
            area_version="demo",
            deprivation_quintile=place.deprivation_quintile,
            deprivation_version="demo",
        )
        for place in town.places
    ]
    tally = geography.FileTally(file=f"{town.name} postcodes", read=len(rows))
    read = geography.PostcodesRead(rows=rows, tallies=[tally])
    geography.import_and_keep_report(read=read, source="demo", by=by, at=at)


def _directory(town: Town, founded: Founded, by: Actor, at: datetime, checked_until: datetime) -> None:
    records = records_of(town, checked_until=checked_until.date())
    source = directory.SourceDetails(
        name="allerwold", label="Allerwold community directory", kind=directory.SourceKind.DEMO
    )
    directory.land(records, source=source, by=by, at=at)
    by_name = {listing.name: listing.id for listing in directory.open_listings(by)}
    for row in town.listings:
        _rely_on_email(row, by, at)
        listing_id = by_name.get(row.name)
        if listing_id is not None:
            founded.listings.append(listing_id)
            _say_capacity(row, listing_id, by, at)


def _rely_on_email(row: Listing, by: Actor, at: datetime) -> None:
    if not row.email:
        return
    directory.vouch_for_email(address=row.email, by=by, at=at)
    if row.email_confirmed:
        directory.confirm_email(address=row.email, by=by, at=at)


def _say_capacity(row: Listing, listing_id: UUID, by: Actor, at: datetime) -> None:
    state = _CAPACITY[row.capacity]
    if state is not directory.CapacityState.UNKNOWN:
        weeks = row.wait_weeks if state is directory.CapacityState.WAITING_LIST else None
        directory.set_capacity(listing_id=listing_id, state=state, waiting_weeks=weeks, by=by, at=at)


def records_of(town: Town, *, checked_until: date) -> directory.DirectoryRecords:
    """The town's listings as records that any source could have sent; most were checked within the year."""
    places = {place.postcode: place for place in town.places}
    records = directory.DirectoryRecords()
    for provider in town.providers:
        records.providers.append(
            directory.ProviderRecord(
                key=provider.id, name=provider.name, email=provider.email, kind=provider.kind
            )
        )
    for venue in town.venues:
        place = places[venue.postcode]
        records.locations.append(
            directory.LocationRecord(
                key=venue.id,
                name=venue.name,
                address=venue.address,
                town=venue.settlement,
                postcode=venue.postcode,
                country="GB",
                latitude=place.latitude,
                longitude=place.longitude,
                access="; ".join(venue.access),
            )
        )
    for number, listing in enumerate(town.listings):
        never = number % 6 == 5
        _add_listing(records, listing, None if never else checked_until - timedelta(days=7 * (number % 50)))
    return records


def _add_listing(records: directory.DirectoryRecords, row: Listing, assured_on: date | None) -> None:
    records.listings.append(
        directory.ListingRecord(
            key=row.id,
            name=row.name,
            provider_key=row.provider,
            description=row.description,
            email=row.email,
            status=_STATUS[row.status],
            how_to_join=row.how_to_join,
            for_gender=directory.ForGender(row.gender),
            minimum_age=row.from_age,
            maximum_age=row.to_age,
            cost=row.cost,
            cost_pence=row.cost_pence,
            schedule_note=row.schedule_note,
            languages=row.languages,
            eligibility="; ".join(row.for_whom),
            ways=tuple(way.value for way in _WAYS[row.place]),
            needs=row.needs,
            search_words=row.search_words,
            assured_on=assured_on,
            assured_by="the network's directory team" if assured_on else "",
        )
    )
    if row.venue:
        records.at_locations.append(
            directory.ListingAtLocationRecord(
                key=f"{row.id}@{row.venue}", listing_key=row.id, location_key=row.venue
            )
        )
    if row.byday:
        records.schedules.append(_schedule(row))
    if row.phone:
        records.phones.append(
            directory.PhoneRecord(key=f"{row.id}-phone", listing_key=row.id, number=row.phone)
        )


def _schedule(row: Listing) -> directory.ScheduleRecord:
    return directory.ScheduleRecord(
        key=f"{row.id}-when",
        listing_key=row.id,
        frequency=row.frequency or "WEEKLY",
        byday=",".join(row.byday),
        opens_at=_time(row.opens),
        closes_at=_time(row.closes),
    )


def _time(text: str) -> time | None:
    found = re.fullmatch(r"(\d\d):(\d\d)", text)
    return time(int(found[1]), int(found[2])) if found else None


BEGINS_BEFORE = timedelta(days=548)
