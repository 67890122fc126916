from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from fingerpost.kernel.errors import NotFound
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.messaging.enums import State
from fingerpost.web.messaging.models import Attachment, Delivery, Message
from fingerpost.web.messaging.policies import check_can_see_sent


def message(actor: Actor, *, message_id: UUID) -> Message:
    """Raises `NotFound`."""
    found = Message.objects.filter(id=message_id).first()
    if found is None:
        raise NotFound(
            "There is no such message, or it is not yours to see.", expected="a message of your organisation"
        )
    return found


def messages_about(actor: Actor, about: tuple[str, UUID]) -> QuerySet[Message]:
    """What was sent about one thing (a connection, a referral), newest first, with its state."""
    kind, about_id = about
    return Message.objects.filter(about_kind=kind, about_id=about_id).order_by("-created_at", "-id")


def outbox(actor: Actor, *, states: Sequence[State] = ()) -> QuerySet[Message]:
    """Everything the actor's organisations have sent or tried to send, newest first. Raises `NotAllowed`."""
    check_can_see_sent(actor)
    found = Message.objects.order_by("-created_at", "-id")
    return found.filter(state__in=states) if states else found


def mailbox(actor: Actor, *, address: str = "") -> QuerySet[Message]:
    """The demo mailbox: what has arrived, as the other side would find it. Raises `NotAllowed`."""
    check_can_see_sent(actor)
    found = Message.objects.filter(state=State.DELIVERED).order_by("-sent_at", "-id")
    return found.filter(address__iexact=address) if address else found


def failed_count(actor: Actor) -> int:
    return Message.objects.filter(state=State.FAILED).count()


def deliveries_of(actor: Actor, *, message_id: UUID) -> list[Delivery]:
    """Every attempt, oldest first."""
    return list(Delivery.objects.filter(message_id=message_id).order_by("attempt"))


def attachments_of(actor: Actor, *, message_id: UUID) -> list[Attachment]:
    return list(Attachment.objects.filter(message_id=message_id).order_by("id"))


def overdue(
    *, waiting_since: datetime, sending_since: datetime, how_many: int
) -> list[tuple[UUID, UUID, UUID]]:
    """Message, system and organisation ids of messages whose job seems to have vanished, in every system."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT message_id, system_id, organisation_id FROM messaging_overdue(%s, %s, %s)",
            [waiting_since, sending_since, how_many],
        )
        return [(row[0], row[1], row[2]) for row in cursor.fetchall()]
