from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class OccasionKind(models.TextChoices):
    """When in the work it was asked."""

    BASELINE = "baseline", _("at the start")
    REVIEW = "review", _("on the way")
    CLOSE = "close", _("at the end")
    FOLLOW_UP = "follow_up", _("afterwards")


class AnsweredHow(models.TextChoices):
    SELF = "self", _("They answered by themselves")
    ASSISTED = "assisted", _("We went through it together")
    BY_PHONE = "by_phone", _("I read it out on the phone")
