"""The e-mails of a connection. Each asks one thing, names a human to ring, and leads to the same page.

What may be said depends on the address: to one that nobody has answered from, nothing about anybody.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from fingerpost.kernel.contact_route import Channel, ContactRoute
from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.connections.actions.rows import SUBJECT
from fingerpost.web.connections.models import Connection, SharedDetails
from fingerpost.web.connections.policies import LINK_PURPOSE
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import EmailState
from fingerpost.web.foundation import links
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.messaging import api as messaging

LINK_LIVES = timedelta(days=90)
_FOLDER = "connections/email"


def route_of(connection: Connection, by: Actor) -> ContactRoute | None:
    """The address this connection writes to, if it may be; detail only once it has been answered from."""
    if not connection.sent_to:
        return None
    state = directory.email_state(by, address=connection.sent_to)
    if state in (EmailState.REFUSED, EmailState.UNCHECKED):
        return None
    theirs = state is EmailState.CONFIRMED
    return ContactRoute(
        Channel.EMAIL, connection.sent_to, LINK_PURPOSE, confirmed=theirs, detail_allowed=theirs
    )


def ask(connection: Connection, *, route: ContactRoute, by: Actor, at: datetime) -> None:
    """Do you take people? Nothing in it is about a person."""
    _send(connection, "question", route=route, by=by, at=at)


def share(
    connection: Connection, details: SharedDetails, *, route: ContactRoute, by: Actor, at: datetime
) -> None:
    """Somebody would like to come: a first name, and the link that shows the rest."""
    _send_named(connection, "details", details, route=route, by=by, at=at)


def expect(
    connection: Connection, details: SharedDetails, *, route: ContactRoute, by: Actor, at: datetime
) -> None:
    """Thank you; and where to say whether they came."""
    _send_named(connection, "expected", details, route=route, by=by, at=at)


def nudge(connection: Connection, *, route: ContactRoute, by: Actor, at: datetime) -> None:
    """The question that is still open, once more. Names nobody, whatever was said before."""
    _send(connection, "reminder", route=route, by=by, at=at)


def say_it_ended(connection: Connection, *, route: ContactRoute, by: Actor, at: datetime) -> None:
    """The person is not coming through us any more. No name, no reason, no link."""
    _send(connection, "ended", route=route, by=by, at=at, with_link=False)


def _send_named(
    connection: Connection,
    template: str,
    details: SharedDetails,
    *,
    route: ContactRoute,
    by: Actor,
    at: datetime,
) -> None:
    if not route.detail_allowed:
        raise NotAllowed(
            _("Nothing personal may be sent to an address that has not been confirmed."), reason="unconfirmed"
        )
    _send(connection, template, route=route, by=by, at=at, first_name=details.first_name)


def _send(
    connection: Connection,
    template: str,
    *,
    route: ContactRoute,
    by: Actor,
    at: datetime,
    first_name: str = "",
    with_link: bool = True,
) -> None:
    written = messaging.compose(
        f"{_FOLDER}/{template}",
        {
            "listing": connection.listing_name,
            "first_name": first_name,
            "reference": connection.reference,
            "connected_at": connection.connected_at,
            "status": connection.status,
            "address": _address(connection, by, at) if with_link else "",
        },
        sender=messaging.Sender.of(connection.scheme_id),
    )
    messaging.send(
        route=route,
        subject=written.subject,
        text=written.text,
        html=written.html,
        language=written.language,
        by=by,
        at=at,
        organisation_id=connection.scheme_id,
        about=(SUBJECT, connection.id),
        recipient_label=connection.listing_name,
        carries_personal_data=bool(first_name),
        person_id=connection.person_id,
    )


def _address(connection: Connection, by: Actor, at: datetime) -> str:
    """A new link for each message; somebody who came by a link can make none, so theirs is given again."""
    link_id = by.link_id if by.link_id else _issue(connection, at)
    return links.absolute(reverse("portal:connection", kwargs={"token": links.token_for_id(link_id)}))


def _issue(connection: Connection, at: datetime) -> UUID:
    return links.issue(
        purpose=LINK_PURPOSE,
        subject_id=connection.id,
        organisation_id=connection.scheme_id,
        holder_label=_("%(listing)s, by link") % {"listing": connection.listing_name[:150]},
        at=at,
        lives=LINK_LIVES,
        journey_id=connection.journey_id,
    ).id
