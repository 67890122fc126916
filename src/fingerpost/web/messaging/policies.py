from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from fingerpost.kernel.contact_route import Channel, ContactRoute
from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.policies import as_bool
from fingerpost.web.messaging.enums import MessageChannel, State
from fingerpost.web.messaging.models import Message
from fingerpost.web.tenancy.api import Permission


@dataclass(frozen=True, kw_only=True)
class Bound:
    """Where a message is bound for, as those must know who may forbid it."""

    channel: Channel
    address: str = field(repr=False)
    about_person_id: UUID | None
    to_person_id: UUID | None
    worker_id: UUID | None


Guard = Callable[[Bound], None]
_guards: list[Guard] = []


def register_guard(guard: Guard) -> None:
    """`guard` is asked when a message is put into the outbox, again, and at each attempt; it raises `NotAllowed`."""
    if guard not in _guards:
        _guards.append(guard)


def check_may_go(
    *,
    channel: str,
    address: str,
    about_person_id: UUID | None,
    to_person_id: UUID | None,
    requested_by: str,
) -> None:
    """What the person said about being reached, today. Raises `NotAllowed`."""
    kind, _colon, account = requested_by.partition(":")
    bound = Bound(
        channel=Channel(channel),
        address=address,
        about_person_id=about_person_id,
        to_person_id=to_person_id,
        worker_id=UUID(account) if kind == "user" else None,
    )
    for guard in _guards:
        guard(bound)


_MAY_SEND_AGAIN = (Permission.SEE_SENT_MESSAGES, Permission.HOLD_CASES, Permission.CONNECT)


def check_route_allows(route: object, *, carries_personal_data: bool) -> None:
    """Without a route nothing is sent; with an unconfirmed one, nothing about anybody."""
    if not isinstance(route, ContactRoute):
        raise NotAllowed(
            _("There is no way of reaching them that may be used."),
            reason="no_route",
            remedy=_("Ask how they can be reached, and record it first."),
        )
    if route.channel not in MessageChannel.values:
        raise NotAllowed(
            _("Messages can be sent by e-mail only."),
            reason="channel",
            remedy=_("Use an e-mail address, or get in touch by phone or post yourself."),
        )
    if carries_personal_data and not route.confirmed:
        raise NotAllowed(
            _("Nothing personal may be sent to an address that has not been confirmed."),
            reason="unconfirmed",
            remedy=_("Ask first whether this address is right."),
        )
    if carries_personal_data and not route.detail_allowed:
        raise NotAllowed(
            _("A message to this address may not name anybody."),
            reason="detail_not_allowed",
            remedy=_("Send a link instead, which asks who they are before it shows anything."),
        )


def check_can_send_for(actor: Actor, organisation_id: UUID) -> None:
    """In an organisation's name speaks who acts for it, or who follows a link that it sent."""
    invited = actor.kind == "link" and actor.organisation_id == organisation_id
    if organisation_id not in actor.organisation_ids and not invited:
        raise NotAllowed(
            _("You cannot send a message in the name of another organisation."), reason="other_organisation"
        )


def check_can_see_sent(actor: Actor) -> None:
    if not actor.has(Permission.SEE_SENT_MESSAGES) and actor.kind != "system":
        raise NotAllowed(
            _("Your role does not see what was sent."), reason="no_permission", remedy=_("Ask a team lead.")
        )


def check_can_resend(actor: Actor, message: Message) -> None:
    check_can_send_for(actor, message.organisation_id)
    if actor.kind != "system" and not any(actor.has(permission) for permission in _MAY_SEND_AGAIN):
        raise NotAllowed(
            _("Your role may not send a message again."), reason="no_permission", remedy=_("Ask a team lead.")
        )
    if message.state in (State.QUEUED, State.SENDING):
        raise NotAllowed(
            _("This message is still on its way."),
            reason="on_its_way",
            remedy=_("Wait: it is tried again by itself. You will be told if it cannot be sent."),
        )


can_resend = as_bool(check_can_resend)
can_see_sent = as_bool(check_can_see_sent)
