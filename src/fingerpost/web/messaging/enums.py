from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from fingerpost.kernel.contact_route import Channel


class MessageChannel(models.TextChoices):
    """Channels that have a transport. Texts and letters join when something can carry them."""

    EMAIL = Channel.EMAIL.value, _("e-mail")


class State(models.TextChoices):
    QUEUED = "queued", _("waiting to be sent")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    DELIVERED = "delivered", _("delivered")
    FAILED = "failed", _("could not be sent")


class Outcome(models.TextChoices):
    """How one attempt ended."""

    SENT = "sent", _("taken by the mail server")
    DELIVERED = "delivered", _("put into the mailbox")
    PUT_OFF = "put_off", _("put off, to be tried again")
    REFUSED = "refused", _("refused for good")
    INTERRUPTED = "interrupted", _("broken off by a stop of the machine; it may have arrived")


class FaultKind(models.TextChoices):
    """What stood in the way, in words that a link worker can act on."""

    ADDRESS_REFUSED = "address_refused", _("The address was refused. It may be wrong or no longer in use.")
    CONTENT_REFUSED = "content_refused", _("The mail server would not take the message.")
    BUSY = "busy", _("The mail server asked us to try again later.")
    UNREACHABLE = "unreachable", _("The mail server could not be reached, or did not answer in time.")
    NOT_ACCEPTED = "not_accepted", _("The mail server did not accept our own account or sender.")
    NOT_ALLOWED = "not_allowed", _("The person has said that they must not be reached this way.")
    UNEXPECTED = "unexpected", _("Something went wrong on our side.")
