from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseStatus(models.TextChoices):
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    ENTERED_IN_ERROR = "entered_in_error", _("Entered in error")


class ContactMode(models.TextChoices):
    PHONE = "phone", _("Phone")
    HOME = "home", _("At their home")
    PLACE = "place", _("Somewhere else in person")
    VIDEO = "video", _("Video")
    TEXT = "text", _("Text message")
    EMAIL = "email", _("E-mail")
    LETTER = "letter", _("Letter")


class Outcome(models.TextChoices):
    REACHED = "reached", _("We spoke or met")
    NOT_REACHED = "not_reached", _("Tried, not reached")


class GoalStatus(models.TextChoices):
    SET = "set", _("Set")
    ON_THE_WAY = "on_the_way", _("On the way")
    REACHED = "reached", _("Reached")
    LET_GO = "let_go", _("Let go")


# Minutes that a contact usually takes, offered so that nobody has to type them.
USUAL_MINUTES: dict[ContactMode, int] = {
    ContactMode.PHONE: 20,
    ContactMode.HOME: 60,
    ContactMode.PLACE: 45,
    ContactMode.VIDEO: 30,
    ContactMode.TEXT: 5,
    ContactMode.EMAIL: 10,
    ContactMode.LETTER: 10,
}
