"""Words for how far a listing is trusted, what its owner says, and what is proposed to be changed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class TrustState(models.TextChoices):
    """How far a listing may be relied on. Whether it has room is another thing, and never counts here."""

    CHECKED = "checked", _("Checked")
    ASK_FIRST = "ask_first", _("Ask first")
    DOUBTFUL = "doubtful", _("Doubtful")
    CLOSED = "closed", _("Closed")


class TrustReason(models.TextChoices):
    """Why a listing stands where it does, one code for each rule."""

    CLOSED = "closed", _("it is closed")
    GONE = "gone", _("its source no longer names it")
    VERIFIED = "verified", _("somebody who knows said that it is right")
    NEVER_VERIFIED = "never_verified", _("nobody who knows has said that it is right")
    REVIEW_DUE = "review_due", _("it is time to ask again")
    REVIEW_OVERDUE = "review_overdue", _("it has not been checked in time")
    SOURCE_OLD = "source_old", _("its source has not spoken of it for long")
    STATUS_NOT_STATED = "status_not_stated", _("nobody says whether it is running")
    BOUNCED = "bounced", _("a message to it came back")
    WRONG_DETAILS = "wrong_details", _("its details are said to be wrong")
    NOT_RUNNING = "not_running", _("it is said not to be running any more")
    NOT_RUNNING_TWICE = "not_running_twice", _("two people said that it is not running any more")
    SILENT = "silent", _("it does not answer")


class HowVerified(models.TextChoices):
    """Who said that a listing is right."""

    OWNER = "owner", _("its provider")
    STEWARD = "steward", _("a colleague who keeps the directory")


class QuestionKind(models.TextChoices):
    """Why its owner is asked."""

    DOUBT = "doubt", _("something was learnt that casts doubt")
    REVIEW = "review", _("it is time for the yearly check")
    WELCOME = "welcome", _("they or a colleague asked for the link")


class OwnerSays(models.TextChoices):
    """What the holder of a listing's link can say with one press."""

    STILL_RIGHT = "still_right", _("it is still right")
    CLOSED = "closed", _("it has closed")
    TAKING = "taking", _("it takes people")
    WAITING_LIST = "waiting_list", _("it has a waiting list")
    FULL = "full", _("it is full")


ABOUT_ROOM = (OwnerSays.TAKING, OwnerSays.WAITING_LIST, OwnerSays.FULL)


class ProposedBy(models.TextChoices):
    PROVIDER = "provider", _("the provider, by its link")
    PUBLIC = "public", _("somebody on the public page")
    STEWARD = "steward", _("a colleague")


class ProposalState(models.TextChoices):
    WAITING = "waiting", _("waiting for a steward")
    APPLIED = "applied", _("applied")
    REFUSED = "refused", _("not taken over")


class AssuranceRule(models.TextChoices):
    """What happens when somebody connects a person to a listing whose assurance has expired."""

    NOTHING = "nothing", _("nothing is said")
    WARN = "warn", _("the link worker is warned")
    BLOCK = "block", _("it is stopped, unless somebody takes the risk by name")
