from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReferralStatus(models.TextChoices):
    RECEIVED = "received", _("Waiting to be looked at")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Not taken on")
    REDIRECTED = "redirected", _("Passed to another scheme")
    WITHDRAWN = "withdrawn", _("Taken back")
    ENTERED_IN_ERROR = "entered_in_error", _("Entered in error")


class Source(models.TextChoices):
    PRACTICE = "practice", _("GP practice")
    RECEPTION = "reception", _("Practice reception")


class AgreedHow(models.TextChoices):
    IN_PERSON = "in_person", _("They told me, face to face")
    BY_PHONE = "by_phone", _("They told me on the phone or by video")
    IN_WRITING = "in_writing", _("In writing")
