"""Changes to one listing: entered, closed, running again, whether it has room, what was learnt about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import FaultList, InvalidValue, NotFound
from fingerpost.kernel.ids import new_id
from fingerpost.web.directory.actions.emails import vouch_for_email
from fingerpost.web.directory.actions.landing import SourceDetails, land
from fingerpost.web.directory.actions.trusting import keep_trust
from fingerpost.web.directory.enums import CapacityState, EvidenceKind, ListingStatus, SourceKind
from fingerpost.web.directory.lifecycle import LISTING_TRANSITIONS
from fingerpost.web.directory.models import Capacity, Evidence, Listing
from fingerpost.web.directory.policies import check_can_import, check_can_report
from fingerpost.web.directory.records import (
    DirectoryRecords,
    ListingAtLocationRecord,
    ListingRecord,
    LocationRecord,
    PhoneRecord,
    ProviderRecord,
)
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.lifecycle import check_transition

_LONGEST_WAIT_WEEKS = 260


@transaction.atomic
def register_listing(
    *,
    listing: ListingRecord,
    provider: ProviderRecord | None = None,
    place: LocationRecord | None = None,
    phone: str = "",
    by: Actor,
    at: datetime,
) -> Listing:
    """Enter one listing by hand. Whoever types its e-mail address vouches for it. Keys are made here."""
    check_can_import(by)
    if not listing.name.strip():
        raise InvalidValue(
            _("The listing has no name."), field="name", expected=_("The name people know it by.")
        )
    key = str(new_id(at))
    records = DirectoryRecords(
        providers=[replace(provider, key=key)] if provider else [],
        listings=[replace(listing, key=key, provider_key=key if provider else "")],
        locations=[replace(place, key=key)] if place else [],
        at_locations=[ListingAtLocationRecord(key=key, listing_key=key, location_key=key)] if place else [],
        phones=[PhoneRecord(key=key, listing_key=key, number=phone)] if phone else [],
    )
    # Each entry is a source of its own: a source says all it knows each time, a person one thing.
    source = SourceDetails(
        name=f"typed-{key}", label=_("entered by %(who)s") % {"who": by.label}, kind=SourceKind.TYPED
    )
    land(records, source=source, by=by, at=at)
    for address in {listing.email, provider.email if provider else ""} - {""}:
        vouch_for_email(address=address, by=by, at=at)
    return Listing.objects.get(source__name=source.name, source_key=key)


@transaction.atomic
def set_status(
    *, listing_id: UUID, status: ListingStatus, by: Actor, at: datetime, reason: str = ""
) -> Listing:
    """Close a listing, for a while or for good, or say that it runs again. Outlasts what its source says."""
    check_can_import(by)
    listing = _locked(listing_id)
    return change_status(listing, status, reason=reason, by=by, at=at)


def change_status(
    listing: Listing, status: ListingStatus, *, by: Actor, at: datetime, reason: str = ""
) -> Listing:
    """Move a locked listing, for whoever has been found to be allowed to. Raises `IllegalTransition`."""
    check_transition(
        LISTING_TRANSITIONS, now=ListingStatus(listing.status), to=status, what=_("This listing")
    )
    is_open = status is ListingStatus.ACTIVE
    listing.status, listing.status_by_person = status, True
    listing.closed_at, listing.closed_by = (None, "") if is_open else (at, by.id)
    listing.closed_reason = "" if is_open else reason
    listing.save(update_fields=["status", "status_by_person", "closed_at", "closed_by", "closed_reason"])
    keep_trust([listing.id], by=by, at=at)
    return listing


@transaction.atomic
def set_capacity(
    *,
    listing_id: UUID,
    state: CapacityState,
    by: Actor,
    at: datetime,
    waiting_weeks: int | None = None,
    full_until: date | None = None,
) -> Capacity:
    """Say whether a listing has room. A caller acting for a link must know that it is about this listing."""
    check_can_report(by)
    _check_capacity(state, waiting_weeks, full_until)
    listing = _locked(listing_id)
    found = Capacity.objects.filter(listing=listing).first() or Capacity(listing=listing)
    if not found._state.adding and found.set_at > at:
        return found  # an older message that arrives late must not undo a newer one
    found.state, found.waiting_weeks, found.full_until = state, waiting_weeks, full_until
    found.set_at, found.set_by = at, by.id
    found.save()
    return found


def _check_capacity(state: CapacityState, waiting_weeks: int | None, full_until: date | None) -> None:
    faults = FaultList()
    if waiting_weeks is not None and (
        state is not CapacityState.WAITING_LIST or not 1 <= waiting_weeks <= _LONGEST_WAIT_WEEKS
    ):
        faults.add(
            InvalidValue(
                _("The weeks of waiting do not fit."),
                field="waiting_weeks",
                expected=_("A number of weeks from 1 to %(most)s, and a waiting list.")
                % {"most": _LONGEST_WAIT_WEEKS},
            )
        )
    if full_until is not None and state is not CapacityState.FULL:
        faults.add(
            InvalidValue(
                _("A date until which it is full was given, but it is not full."),
                field="full_until",
                expected=_("A date only when it is full."),
            )
        )
    faults.raise_any()


@transaction.atomic
def report_evidence(*, listing_id: UUID, kind: EvidenceKind, by: Actor, at: datetime) -> Evidence:
    """Keep what was learnt about a listing by using it. “Full” sets its capacity, never its trust."""
    check_can_report(by)
    listing = _locked(listing_id)
    evidence = Evidence(listing=listing, kind=kind, reported_at=at, reported_by=by.id)
    evidence.save(force_insert=True)
    if kind is EvidenceKind.FULL:
        set_capacity(listing_id=listing.id, state=CapacityState.FULL, by=by, at=at)
    else:
        keep_trust([listing.id], by=by, at=at)
    return evidence


def _locked(listing_id: UUID) -> Listing:
    found = Listing.objects.select_for_update().filter(id=listing_id).first()
    if found is None:
        raise NotFound(_("This listing is not in the directory."), remedy=_("Search for it by name."))
    return found
