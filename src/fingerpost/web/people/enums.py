from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class IdentifierKind(models.TextChoices):
    NHS = "nhs_number", _("NHS number")
    CHI = "chi_number", _("CHI number")


class Sex(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    OTHER = "other", _("Other")
    NOT_STATED = "not_stated", _("Not stated")


class InvolvementKind(models.TextChoices):
    REGISTERED_PRACTICE = "registered_practice", _("registered practice")
    REFERRER = "referrer", _("referrer")
    SCHEME = "scheme", _("scheme")
    COVER = "cover", _("delegated cover")


class ConsentPurpose(models.TextChoices):
    REFERRAL = "referral", _("to be referred to a scheme")
    SHARE_WITH_PROVIDER = "share_with_provider", _("to share details with a provider")


class SharedField(models.TextChoices):
    """What may be sent to a provider. Nothing else can be."""

    NAME = "name", _("name")
    PHONE = "phone", _("phone number")
    EMAIL = "email", _("e-mail address")
    AGE = "age", _("age")
    ACCESS_NEEDS = "access_needs", _("what helps them take part")
    REASON = "reason", _("why they would like to come")
