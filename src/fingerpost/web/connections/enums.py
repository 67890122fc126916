from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ConnectionKind(models.TextChoices):
    ONWARD_REFERRAL = "onward_referral", _("Onward referral: the group gets in touch or expects them")
    INTRODUCTION = "introduction", _("Supported introduction: somebody goes along the first time")
    SIGNPOST = "signpost", _("Signpost: they were told about it and go by themselves")


class ConnectionStatus(models.TextChoices):
    TOLD = "told", _("Told about it")
    ASKED = "asked", _("Asked")
    DETAILS_SENT = "details_sent", _("Details shared")
    WAITING_LIST = "waiting_list", _("On the waiting list")
    ACCEPTED = "accepted", _("Can come")
    ATTENDED = "attended", _("Came")
    FINISHED = "finished", _("Finished")
    STOPPED = "stopped", _("Stopped")
    DECLINED = "declined", _("The group said no")
    FULL = "full", _("Full")
    RETURNED = "returned", _("No answer")
    WITHDRAWN = "withdrawn", _("Taken back")
    ENTERED_IN_ERROR = "entered_in_error", _("Entered in error")


class ReplyKind(models.TextChoices):
    """What a provider can answer; each is one button."""

    TAKES_PEOPLE = "takes_people", _("We take people")
    ACCEPTS = "accepts", _("They can come")
    WAITING_LIST = "waiting_list", _("There is a waiting list")
    FULL = "full", _("We are full")
    DECLINES = "declines", _("No")
    CAME = "came", _("They came")
    DID_NOT_COME = "did_not_come", _("They did not come")
    FINISHED = "finished", _("They have finished")
    STOPPED = "stopped", _("They do not come any more")


class AskedBy(models.TextChoices):
    EMAIL = "email", _("by e-mail")
    PHONE = "phone", _("by phone")
    NOBODY = "nobody", _("nobody was asked")


class AgreedHow(models.TextChoices):
    """How a person said that their details may be shared."""

    IN_PERSON = "in_person", _("They told me, face to face")
    BY_PHONE = "by_phone", _("They told me on the phone or by video")
    IN_WRITING = "in_writing", _("In writing")
