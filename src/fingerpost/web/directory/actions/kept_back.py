"""Addresses that are kept back until a steward has looked, and a steward's word about the address of any place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import Conflict, NotFound
from fingerpost.kernel.ids import new_id
from fingerpost.web.directory.actions.fields import place_of
from fingerpost.web.directory.actions.rows import as_json, from_json
from fingerpost.web.directory.enums import SourceKind
from fingerpost.web.directory.guarded import KeptBack, keep_back
from fingerpost.web.directory.models import (
    Accessibility,
    AddressDecision,
    Listing,
    ListingAtLocation,
    Location,
    PostalAddress,
    PrivateAddress,
    Source,
    SourcedModel,
)
from fingerpost.web.directory.policies import check_can_import
from fingerpost.web.directory.records import DirectoryRecords
from fingerpost.web.foundation.actor import Actor

# Sources that others write, in forms that cannot say that a place is confidential.
_CANNOT_SAY = frozenset(
    {
        SourceKind.HSDS_CSV,
        SourceKind.HSDS_PACKAGE,
        SourceKind.FEED_ORUK3,
        SourceKind.FEED_ORUK1,
        SourceKind.FEED_RPDE,
        SourceKind.SHEET,
    }
)
# What is put away of a place, and brought back when its address is public.
_AWAY = (
    "name",
    "alternate_name",
    "description",
    "transportation",
    "access",
    "address",
    "town",
    "region",
    "postcode",
    "country",
    "latitude",
    "longitude",
)
_PARTS: Mapping[str, type[SourcedModel]] = {"postal_address": PostalAddress, "accessibility": Accessibility}


def kept_back_of(records: DirectoryRecords, origin: Source) -> tuple[DirectoryRecords, dict[str, KeptBack]]:
    """The records of a source, with places that must not be shown yet made confidential."""
    decided = dict(
        AddressDecision.objects.filter(location__source=origin).values_list(
            "location__source_key", "is_public"
        )
    )
    return keep_back(records, decided, by_words=origin.kind in _CANNOT_SAY)


@transaction.atomic
def make_address_public(*, location_id: UUID, by: Actor, at: datetime) -> Location:
    """A steward has looked: the address of this place may be shown, also when it is read again."""
    check_can_import(by)
    place = _locked(location_id)
    away = _away(place)
    if place.is_confidential and not away:
        raise Conflict(
            _("Its source says that this address is a secret, so it stays one."),
            remedy=_("Ask the source to say otherwise, if it is public after all."),
        )
    _decide(place, by, at, is_public=True)
    if place.is_confidential:
        _bring_back(place, away)
        _relate(place)
    return place


@transaction.atomic
def keep_address_secret(*, location_id: UUID, by: Actor, at: datetime) -> Location:
    """A steward says that the address of this place is a secret: it is put away now and whenever it is read."""
    check_can_import(by)
    place = _locked(location_id)
    _decide(place, by, at, is_public=False)
    if not place.is_confidential:
        _put_away(place)
        _relate(place)
    return place


def hold_to_decisions(origin: Source) -> None:
    """After an import was undone: what stewards have said of addresses still counts, and so does every secret."""
    spoken_of = Q(is_confidential=True) | Q(address_decision__is_public=True)
    places = Location.objects.select_for_update(of=("self",)).filter(spoken_of, source=origin)
    for place in places.select_related("address_decision"):
        decision = getattr(place, "address_decision", None)
        if decision is not None and decision.is_public and (away := _away(place)):
            _bring_back(place, away)
        _relate(place)


def withheld_place(kept: KeptBack) -> dict[str, Any]:
    """What the private row keeps of a place, so that it can be brought back without its source."""
    fields = {name: getattr(kept.place, name) for name in _AWAY}
    why = [vars(reason) for reason in kept.reasons]
    return in_json({"kind": "location", "fields": fields, "row": dict(kept.place.row), "why": why})


def withheld_part(kind: str, key: str, fields: Mapping[str, Any], row: Mapping[str, str]) -> dict[str, Any]:
    """What the private row keeps of a part of such a place."""
    return in_json({"kind": kind, "key": key, "fields": dict(fields), "row": dict(row)})


def in_json(value: Mapping[str, Any]) -> dict[str, Any]:
    """In the types of JSON, so that it equals what is read of it again."""
    decoded: dict[str, Any] = json.loads(json.dumps(value, cls=DjangoJSONEncoder))
    return decoded


def _locked(location_id: UUID) -> Location:
    found: Location | None = (
        Location.objects.select_for_update(of=("self",))
        .select_related("source")
        .filter(id=location_id)
        .first()
    )
    if found is None:
        raise NotFound(_("This place is not in the directory."))
    return found


def _away(place: Location) -> list[PrivateAddress]:
    """What was kept back of a place; nothing where its source keeps the secret."""
    return list(PrivateAddress.objects.filter(location=place, replaced_by=None).exclude(withheld={}))


def _decide(place: Location, by: Actor, at: datetime, *, is_public: bool) -> None:
    AddressDecision.objects.update_or_create(
        location=place,
        defaults={
            "is_public": is_public,
            "decided_at": at,
            "decided_by": by.id,
            "decided_by_name": by.label[:200],
        },
    )


def _bring_back(place: Location, away: Iterable[PrivateAddress]) -> None:
    for private in away:
        said = private.withheld
        if said["kind"] == "location":
            for name, value in said["fields"].items():
                setattr(place, name, value)
            place.source_row = said["row"]
        else:
            _bring_back_part(place, said)
        private.delete()
    place.is_confidential = False
    place.latitude, place.longitude, place.placed_by = place_of(
        place.postcode, latitude=place.latitude, longitude=place.longitude
    )
    # No row of a source has this mark, so the next reading writes the whole place again.
    place.fingerprint = ""
    place.save()


def _bring_back_part(place: Location, said: Mapping[str, Any]) -> None:
    model = _PARTS[said["kind"]]
    model.objects.filter(source_id=place.source_id, source_key=said["key"]).delete()
    row = from_json(model, {**said["fields"], "id": str(new_id()), "location_id": str(place.pk)})
    row.system_id, row.source_id, row.source_key = place.system_id, place.source_id, said["key"]
    row.source_row, row.fingerprint = said["row"], ""
    row.save(force_insert=True)


def _put_away(place: Location) -> None:
    fields = {name: getattr(place, name) for name in _AWAY}
    said = in_json({"kind": "location", "fields": fields, "row": place.source_row, "why": []})
    _keep_private(place, said, place.address, place.town, place.postcode)
    for kind, model in _PARTS.items():
        for row in model.objects.filter(location=place):
            values = {
                name: value
                for name, value in as_json(row).items()
                if name
                not in (
                    "id",
                    "system_id",
                    "source_id",
                    "source_key",
                    "source_row",
                    "fingerprint",
                    "landed_by",
                )
            }
            part = withheld_part(kind, row.source_key, values, row.source_row)
            _keep_private(place, part, *(getattr(row, name, "") for name in ("address", "town", "postcode")))
            row.delete()
    at_it = ListingAtLocation.objects.filter(location=place).order_by("id")
    shown = at_it.values_list("listing__name", flat=True).first()
    for name in _AWAY:
        setattr(place, name, None if name in ("latitude", "longitude") else "")
    place.name = shown or _("A place whose address is kept back")
    place.is_confidential, place.placed_by, place.source_row, place.fingerprint = True, "", {}, ""
    place.save()


def _keep_private(place: Location, said: dict[str, Any], address: str, town: str, postcode: str) -> None:
    PrivateAddress(
        id=new_id(), location=place, address=address, town=town, postcode=postcode, withheld=said
    ).save(force_insert=True)


def _relate(place: Location) -> None:
    """The words by which search finds the listings at a place, without or with its name and town."""
    for listing in Listing.objects.filter(at_locations__location=place).select_related("provider").distinct():
        words = [listing.provider.name if listing.provider else ""]
        open_ones = Location.objects.filter(
            at_listings__listing=listing, is_confidential=False, gone_at=None
        ).order_by("id")
        for name, town in open_ones.values_list("name", "town"):
            words += [name, town]
        listing.related_words = "\n".join(dict.fromkeys(word for word in words if word))
        listing.save(update_fields=["related_words"])
