from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class WouldHaveHelped(models.TextChoices):
    """What was missing, as a short list to tap."""

    NOTHING_LIKE_IT = "nothing_like_it", _("something that does not exist here")
    NEARER = "nearer", _("the same, nearer")
    OTHER_TIME = "other_time", _("another day or time")
    CHEAPER = "cheaper", _("something that costs less, or nothing")
    WITH_ROOM = "with_room", _("somewhere that has room")
    LANGUAGE = "language", _("somewhere that speaks their language")
    STEP_FREE = "step_free", _("somewhere they can get into")
    FOR_THEM = "for_them", _("something for people of their age or like them")
    TRANSPORT = "transport", _("a way to get there")
    SOMEBODY_ALONG = "somebody_along", _("somebody to go with them")
