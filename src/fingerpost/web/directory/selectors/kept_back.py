"""Addresses that are kept back: which, why, and what a steward has said about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fingerpost.web.directory.models import AddressDecision, ListingAtLocation, PrivateAddress
from fingerpost.web.directory.policies import check_can_import
from fingerpost.web.foundation.actor import Actor


@dataclass(frozen=True, kw_only=True)
class AddressKeptBack:
    """A place whose address nobody outside is shown. `why` are word, kind of thing and its name, as found."""

    location_id: UUID
    name: str
    lines: tuple[str, ...]
    source: str
    listings: tuple[tuple[UUID, str], ...]
    why: tuple[tuple[str, str, str], ...]
    decision: AddressDecision | None


def addresses_kept_back(actor: Actor) -> list[AddressKeptBack]:
    """Places that were kept back because of words beside them, or by a steward; those to be looked at first."""
    check_can_import(actor)
    rows = (
        PrivateAddress.objects.filter(
            replaced_by=None,
            withheld__kind="location",
            location__is_confidential=True,
            location__gone_at=None,
        )
        .select_related("location", "location__source", "location__address_decision")
        .order_by("location__name", "id")
    )
    found = {row.location_id: row for row in rows}
    listings = _listings_at(found)
    shown = [_shown(row, listings[row.location_id]) for row in found.values()]
    return sorted(shown, key=lambda one: one.decision is not None)


def _listings_at(location_ids: Iterable[UUID]) -> dict[UUID, list[tuple[UUID, str]]]:
    at: dict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
    rows = ListingAtLocation.objects.filter(location__in=list(location_ids), listing__gone_at=None)
    for location, listing, name in rows.order_by("listing__name").values_list(
        "location_id", "listing_id", "listing__name"
    ):
        at[location].append((listing, name))
    return at


def _shown(row: PrivateAddress, listings: list[tuple[UUID, str]]) -> AddressKeptBack:
    fields: dict[str, Any] = row.withheld["fields"]
    lines = [fields["name"], *row.address.splitlines(), row.town, row.postcode]
    return AddressKeptBack(
        location_id=row.location_id,
        name=row.location.name,
        lines=tuple(dict.fromkeys(line for line in lines if line)),
        source=row.location.source.label,
        listings=tuple(listings),
        why=tuple((one["word"], one["kind"], one["name"]) for one in row.withheld.get("why", ())),
        decision=getattr(row.location, "address_decision", None),
    )
