from __future__ import annotations

from django.db import models
from django.db.models import Q

from fingerpost.web.foundation import walls
from fingerpost.web.foundation.base import ScopedModel, tracked
from fingerpost.web.foundation.personal_data import CARE_RECORD, PersonalData
from fingerpost.web.messaging.enums import FaultKind, MessageChannel, Outcome, State
from fingerpost.web.messaging.lifecycle import ON_ITS_WAY

_OWN = f"{{t}}.{walls.SYSTEM} AND {walls.in_organisations('organisation_id')}"
_NEW = (
    f"{{t}}.{walls.SYSTEM} AND ({walls.in_organisations('organisation_id')}"
    " OR {t}.organisation_id = (SELECT fp_link_organisation()))"
)
_OF_A_MESSAGE = f"{_OWN} AND EXISTS (SELECT 1 FROM messaging_message m WHERE m.id = {{t}}.message_id)"  # noqa: S608


@tracked(exclude=("text", "html"))
class Message(ScopedModel):
    """One message to one address. Written in the transaction of its cause; sent by the worker afterwards."""

    wall = walls.Wall(
        reason="rows of the organisation that sends; one about a person needs a role that works with people;"
        " whoever follows a signed link may add to the outbox of who sent it, and not read it",
        rows=f"{_OWN} AND (({{t}}.person_id IS NULL AND {{t}}.to_person_id IS NULL)"
        f" OR ({walls.SEES_PEOPLE} AND {walls.unsealed('person_id', 'to_person_id')}"
        f" AND {walls.apart('organisation_id', 'person_id', 'to_person_id')}))",
        new_rows=_NEW,
    )
    data = PersonalData(("identity", "contact", "activity"), CARE_RECORD, "address and text of what was sent")

    organisation = models.ForeignKey(
        "tenancy.Organisation",
        on_delete=models.PROTECT,
        related_name="+",
        help_text="in whose name it is sent",
    )
    channel = models.CharField(max_length=10, choices=MessageChannel)
    address = models.CharField(max_length=254)
    purpose = models.CharField(max_length=60, help_text="what the contact route was given for")
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    about_kind = models.CharField(max_length=30)
    about_id = models.UUIDField()
    person_id = models.UUIDField(null=True, blank=True)
    to_person_id = models.UUIDField(null=True, blank=True, help_text="set when it goes to the person")
    recipient_label = models.CharField(max_length=200, help_text="who it is for, as staff would say it")
    carries_personal_data = models.BooleanField()
    message_id = models.CharField(
        max_length=120, unique=True, help_text="RFC 5322, made once, same in every attempt"
    )
    copy_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="copies"
    )
    requested_by = models.TextField(help_text="id of the actor")
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveIntegerField(default=0)
    attempts_before = models.PositiveIntegerField(
        default=0, help_text="attempts when staff last sent it again"
    )
    next_attempt_at = models.DateTimeField(help_text="when it is due; while sending, when the attempt began")
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    last_fault = models.CharField(max_length=20, choices=FaultKind, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["about_id", "created_at"], name="messaging_message_about"),
            models.Index(fields=["organisation", "state", "-created_at"], name="messaging_message_outbox"),
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state__in=[state.value for state in ON_ITS_WAY]),
                name="messaging_message_due",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="messaging_message_known_state"
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=False, state__in=[State.SENT, State.DELIVERED])
                | (Q(sent_at=None) & ~Q(state__in=[State.SENT, State.DELIVERED])),
                name="messaging_message_sent_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state=State.FAILED, failed_at__isnull=False)
                | (~Q(state=State.FAILED) & Q(failed_at=None)),
                name="messaging_message_failed_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.subject}"


class Attachment(ScopedModel):
    """A document that travels with a message, such as a letter."""

    wall = walls.Wall(reason="as the message", rows=_OF_A_MESSAGE, new_rows=_NEW, grants=walls.APPEND_ONLY)
    data = PersonalData(("identity", "contact", "health", "activity"), CARE_RECORD, "whole documents")

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    organisation_id = models.UUIDField(help_text="as the message's")
    name = models.CharField(max_length=100, help_text="of the file; never a person's")
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["message"], name="messaging_attachment_message")]


class Delivery(ScopedModel):
    """One attempt to deliver a message. Never changed."""

    wall = walls.Wall(reason="as the message; append-only", rows=_OF_A_MESSAGE, grants=walls.APPEND_ONLY)
    data = PersonalData(("activity",), CARE_RECORD, "what the mail server answered, its address taken out")

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    organisation_id = models.UUIDField(help_text="as the message's")
    attempt = models.PositiveIntegerField()
    transport = models.CharField(max_length=10)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome)
    fault = models.CharField(max_length=20, choices=FaultKind, blank=True)
    answer = models.CharField(max_length=300, blank=True, help_text="the mail server's own words")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "attempt"], name="messaging_delivery_once_per_attempt"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=[Outcome.PUT_OFF, Outcome.REFUSED], fault__gt="")
                | (~Q(outcome__in=[Outcome.PUT_OFF, Outcome.REFUSED]) & Q(fault="")),
                name="messaging_delivery_fault_iff_not_taken",
            ),
        ]
