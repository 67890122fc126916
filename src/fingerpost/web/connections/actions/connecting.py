"""Connecting a person to a listing: what they agreed to share, and the first message to the provider."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from fingerpost.codes.pathway import EventKind
from fingerpost.kernel.errors import Conflict, FaultList, InvalidValue
from fingerpost.kernel.ids import new_id
from fingerpost.kernel.london import to_london
from fingerpost.web.casework import api as casework
from fingerpost.web.connections import policies
from fingerpost.web.connections.actions import rows, telling
from fingerpost.web.connections.actions.shared_details import FIELD, details_of
from fingerpost.web.connections.enums import AgreedHow, AskedBy, ConnectionKind, ConnectionStatus
from fingerpost.web.connections.lifecycle import ENDS
from fingerpost.web.connections.models import Connection, SharedDetails
from fingerpost.web.directory import api as directory
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.people import api as people
from fingerpost.web.people.api import SharedField


@transaction.atomic
def connect(
    *,
    case: casework.Case,
    listing_id: UUID,
    kind: str,
    by: Actor,
    at: datetime,
    shared_fields: Collection[str] = (),
    consent_how: str = "",
    message: str = "",
    asked_by: str = AskedBy.EMAIL,
    risk_because: str = "",
) -> Connection:
    """Begin a connection. For a signpost nobody is written to and nothing is shared.

    Otherwise the person's agreement is recorded, and the provider asked: first whether they take people at
    all, without a word about anybody; straight with a first name and a link only where the address has
    answered before. Raises `Faults` for what cannot be shared, `NotAllowed` where nobody has checked the
    address or it was refused, and where the area's rule stops it because papers of the group have ended:
    unless `risk_because` says why somebody who may takes that risk; it is kept under their name.
    """
    policies.check_can_connect(by, case)
    listing = directory.listing(by, listing_id=listing_id)
    _check_not_twice(case, listing)
    if kind == ConnectionKind.SIGNPOST:
        return _signpost(case, listing, shared_fields=shared_fields, message=message, by=by, at=at)
    fields = _checked(
        case,
        kind,
        shared_fields=shared_fields,
        consent_how=consent_how,
        message=message,
        asked_by=asked_by,
        at=at,
    )
    directory.check_assured(listing_id=listing.id, risk_because=risk_because, by=by, at=at)
    route = None
    if asked_by == AskedBy.EMAIL:
        route = directory.contact_route(by, listing_id=listing.id, purpose=policies.LINK_PURPOSE)
    consent = people.record_consent(
        person_id=case.person_id,
        purpose=people.ConsentPurpose.SHARE_WITH_PROVIDER,
        recipient_id=listing.id,
        recipient_label=listing.name[:200],
        fields=fields,
        how=consent_how,
        by=by,
        at=at,
    )
    connection = _new(case, listing, kind, by=by, at=at)
    connection.consent = consent
    connection.asked_by, connection.asked_at = asked_by, at
    connection.sent_to = route.address if route else ""
    if route and route.detail_allowed:
        connection.status, connection.details_sent_at = ConnectionStatus.DETAILS_SENT, at
    connection.save(force_insert=True)
    directory.count_use(listing_id=listing.id, at=at)
    directory.take_risk(listing_id=listing.id, about_id=connection.id, because=risk_because, by=by, at=at)
    details = _keep_details(connection, case.person, fields, at)
    rows.event(connection, EventKind.CONNECTED, by=by, at=at)
    if route and route.detail_allowed:
        telling.share(connection, details, route=route, by=by, at=at)
    elif route:
        telling.ask(connection, route=route, by=by, at=at)
    return connection


def _checked(
    case: casework.Case,
    kind: str,
    *,
    shared_fields: Collection[str],
    consent_how: str,
    message: str,
    asked_by: str,
    at: datetime,
) -> Mapping[SharedField, str]:
    """What will be shared. Raises `Faults` with everything at once."""
    faults = FaultList()
    if kind not in ConnectionKind.values:
        faults.add(InvalidValue(_("Choose how they are put in touch."), field="kind"))
    if asked_by not in (AskedBy.EMAIL, AskedBy.PHONE):
        faults.add(InvalidValue(_("Choose how the group is asked."), field="asked_by"))
    if consent_how not in AgreedHow.values or not shared_fields:
        faults.add(
            InvalidValue(
                _("Nothing may be shared until the person has agreed to it."),
                field="consent_how" if consent_how not in AgreedHow.values else FIELD,
                remedy=_("Ask them, and write down what they agreed to and how they said so."),
            )
        )
    fields: Mapping[SharedField, str] = {}
    if shared_fields:
        with faults.catching():
            fields = details_of(
                case.person,
                shared_fields=shared_fields,
                message=message,
                on=to_london(at).date(),
                forbidden=people.forbidden_fields(case.person),
            )
    faults.raise_any()
    return fields


def _check_not_twice(case: casework.Case, listing: directory.Listing) -> None:
    same = Connection.objects.filter(case=case, listing_id=listing.id).exclude(status__in=ENDS)
    if same.exists():
        raise Conflict(
            _("This person is connected to %(listing)s already.") % {"listing": listing.name},
            remedy=_("Look at that connection, and take it back first if you want to begin again."),
        )


def _new(
    case: casework.Case, listing: directory.Listing, kind: str, *, by: Actor, at: datetime
) -> Connection:
    """A connection that has only been asked; not saved yet."""
    return Connection(
        id=new_id(at),
        case=case,
        journey=case.journey,
        person_id=case.person_id,
        scheme_id=case.scheme_id,
        listing=listing,
        listing_name=listing.name,
        provider_name=listing.provider.name if listing.provider else "",
        kind=kind,
        connected_at=at,
        connected_by=policies.account_of(by),
        connected_by_name=by.label,
        status=ConnectionStatus.ASKED,
        status_at=at,
        status_by=by.id,
    )


def _signpost(
    case: casework.Case,
    listing: directory.Listing,
    *,
    shared_fields: Collection[str],
    message: str,
    by: Actor,
    at: datetime,
) -> Connection:
    if shared_fields or message.strip():
        raise InvalidValue(
            _("Nothing is shared when somebody is only told about a group."),
            field=FIELD,
            remedy=_("Choose an onward referral if the group should hear of them."),
        )
    connection = _new(case, listing, ConnectionKind.SIGNPOST, by=by, at=at)
    connection.status, connection.asked_by = ConnectionStatus.TOLD, AskedBy.NOBODY
    connection.save(force_insert=True)
    directory.count_use(listing_id=listing.id, at=at)
    rows.event(connection, EventKind.SIGNPOSTED, by=by, at=at)
    return connection


def _keep_details(
    connection: Connection, person: people.Person, fields: Mapping[SharedField, str], at: datetime
) -> SharedDetails:
    details = SharedDetails(
        id=new_id(at),
        connection=connection,
        person_id=connection.person_id,
        scheme_id=connection.scheme_id,
        first_name=person.called,
        fields={field.value: value for field, value in fields.items()},
    )
    details.save(force_insert=True)
    return details
