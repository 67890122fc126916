from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from fingerpost.kernel.contact_route import RuleKind


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
    EMPLOYER = "employer", _("employer of the link worker")
    COVER = "cover", _("delegated cover")
    EMERGENCY = "emergency", _("opened in an emergency")


class ConsentPurpose(models.TextChoices):
    REFERRAL = "referral", _("to be referred to a scheme")
    SHARE_WITH_PROVIDER = "share_with_provider", _("to share details with a provider")
    LIST_BY_EMAIL = "list_by_email", _("to be sent a list of places by e-mail")


class SharedField(models.TextChoices):
    """What may be sent to a provider. Nothing else can be."""

    NAME = "name", _("name")
    PHONE = "phone", _("phone number")
    EMAIL = "email", _("e-mail address")
    AGE = "age", _("age")
    ACCESS_NEEDS = "access_needs", _("what helps them take part")
    REASON = "reason", _("why they would like to come")


class SealKind(models.TextChoices):
    PERSON = "person", _("whole record")
    CONTACT = "contact", _("one contact")


class ConditionKind(models.TextChoices):
    """How a person must not be reached; the values are those of `kernel.contact_route.RuleKind`."""

    NOTHING = RuleKind.NOTHING.value, _("Do not contact at all")
    PHONE = RuleKind.PHONE.value, _("Do not phone or text")
    EMAIL = RuleKind.EMAIL.value, _("Do not e-mail")
    POST = RuleKind.POST.value, _("Do not write by post")
    ADDRESS = RuleKind.ADDRESS.value, _("Do not use one number or address")
    WORKER = RuleKind.WORKER.value, _("Only one link worker may get in touch")
    NOT_BEFORE = RuleKind.NOT_BEFORE.value, _("Do not contact before a day")


class EmergencyReason(models.TextChoices):
    """Why somebody opens the record of a person whom they do not work with."""

    DANGER = "danger", _("The person or somebody else is in danger now")
    SAFEGUARDING = "safeguarding", _("A worry about abuse or neglect that cannot wait")
    HEALTH = "health", _("They are very unwell, and somebody must know who to ring")
    OTHER = "other", _("Something else that cannot wait")


class EmergencyOutcome(models.TextChoices):
    OPENED = "opened", _("opened")
    NOBODY = "nobody", _("nobody was found")
    TOO_MANY = "too_many", _("refused: too many in a day")


class EmergencyFinding(models.TextChoices):
    """What the information governance lead found."""

    JUSTIFIED = "justified", _("Justified")
    NOT_JUSTIFIED = "not_justified", _("Not justified")
    FOLLOW_UP = "follow_up", _("To be followed up")
