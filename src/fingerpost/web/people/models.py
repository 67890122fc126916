from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from fingerpost.web.foundation import walls
from fingerpost.web.foundation.base import ScopedModel, tracked
from fingerpost.web.foundation.personal_data import CARE_RECORD, PersonalData
from fingerpost.web.people.enums import (
    ConditionKind,
    ConsentPurpose,
    EmergencyFinding,
    EmergencyOutcome,
    EmergencyReason,
    IdentifierKind,
    InvolvementKind,
    SealKind,
    Sex,
    SharedField,
)


@tracked()
class Person(ScopedModel):
    """The patient or citizen. Seen only by organisations that are involved with them."""

    wall = walls.person_rows(
        person="id",
        reason="an organisation sees a person only through a dated involvement",
        new_rows=f"{{t}}.{walls.SYSTEM} AND {walls.SEES_PEOPLE}",
    )
    data = PersonalData(("identity", "contact", "health"), CARE_RECORD, "safe contact notes can be sensitive")

    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    known_as = models.CharField(max_length=100, blank=True)
    birth_date = models.DateField()
    died_on = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=12, choices=Sex, default=Sex.NOT_STATED)
    ethnicity = models.CharField(
        max_length=4, blank=True, help_text="NHS ethnic category code; blank: not asked"
    )
    language = models.CharField(max_length=60, blank=True, help_text="the language they would rather speak")
    interpreter_needed = models.BooleanField(default=False)
    access_needs = models.TextField(blank=True, help_text="what helps them take part, in their words")
    address = models.TextField(blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    practice = models.ForeignKey(
        "tenancy.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    phone_is_safe = models.BooleanField(default=True)
    text_is_safe = models.BooleanField(default=True)
    voicemail_is_safe = models.BooleanField(default=False)
    email_is_safe = models.BooleanField(default=True)
    post_is_safe = models.BooleanField(default=True)
    contact_note = models.TextField(blank=True, help_text="how to reach them safely, in words")
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    entered_in_error_by = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["system_id", "birth_date", "family_name"], name="people_person_name_birth"),
            models.Index(fields=["system_id", "postcode"], name="people_person_postcode"),
            # How a name begins, for `people_named`: under a policy no index can answer that. With the name and the id
            # in them, so that thousands of a common name are read from the index alone.
            models.Index(
                "system_id",
                OpClass(Lower("family_name"), name="text_pattern_ops"),
                name="people_person_family_begins",
                include=["family_name", "id"],
            ),
            models.Index(
                "system_id",
                OpClass(Lower("given_name"), name="text_pattern_ops"),
                name="people_person_given_begins",
                include=["given_name", "id"],
            ),
            models.Index(
                "system_id",
                OpClass(Lower("known_as"), name="text_pattern_ops"),
                name="people_person_known_begins",
                condition=~Q(known_as=""),
                include=["known_as", "id"],
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(entered_in_error_at=None, entered_in_error_by=None)
                | Q(entered_in_error_at__isnull=False, entered_in_error_by__isnull=False),
                name="people_person_both_entered_in_error_set",
            ),
            models.CheckConstraint(
                condition=Q(died_on=None) | Q(died_on__gte=F("birth_date")),
                name="people_person_died_after_birth",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def called(self) -> str:
        """The name they use."""
        return self.known_as or self.given_name

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}"


@tracked()
class Identifier(ScopedModel):
    """A person's number in a national scheme; a person may have none."""

    wall = walls.person_rows(
        but="employer",
        reason="as the person, also when it is added: a number is nothing to hang on somebody out of sight; who employs"
        " the worker knows whom they visit and needs no number",
    )
    data = PersonalData(("identity",), CARE_RECORD)

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identifiers")
    kind = models.CharField(max_length=20, choices=IdentifierKind)
    value = models.CharField(max_length=20)
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    entered_in_error_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["system_id", "kind", "value"],
                condition=Q(entered_in_error_at=None),
                name="people_identifier_once_in_a_system",
            ),
            models.CheckConstraint(
                condition=Q(entered_in_error_at=None, entered_in_error_by=None)
                | Q(entered_in_error_at__isnull=False, entered_in_error_by__isnull=False),
                name="people_identifier_both_entered_in_error_set",
            ),
        ]


@tracked()
class Involvement(ScopedModel):
    """From when to when an organisation may see a person, and as what."""

    wall = walls.Wall(
        reason="read by the organisation involved; one that is involved may involve another, and itself only with a"
        " person whom it has just recorded, or whose number and birth date it brings (people_join)",
        # Through a link only what the running transaction began for the practice that the live link is about: a
        # remembered computer refers, and opens no record.
        rows=f"{{t}}.{walls.SYSTEM} AND {walls.SEES_PEOPLE}"
        f" AND {walls.in_organisations('organisation_id', 'on_behalf_of_id')} AND {walls.unsealed('person_id')}"
        f" AND {walls.apart('organisation_id', 'person_id')}"
        " AND ((SELECT fp_link()) IS NULL"
        " OR ({t}.starts_at >= (SELECT fp_now()) AND {t}.organisation_id = (SELECT fp_link_subject())))"
        # What a colleague opened in an emergency is theirs, and nobody changes how long it lasts.
        " AND ({t}.account_id IS NULL OR {t}.account_id = (SELECT fp_user()))",
        changed_rows=f"{{t}}.{walls.SYSTEM} AND {walls.SEES_PEOPLE} AND {{t}}.account_id IS NULL"
        f" AND {walls.in_organisations('organisation_id', 'on_behalf_of_id')}",
        new_rows=f"{{t}}.{walls.SYSTEM} AND {walls.SEES_PEOPLE} AND {{t}}.account_id IS NULL AND "
        f"(people_may_involve({{t}}.person_id) OR"
        f" ({walls.in_organisations('organisation_id')} AND people_is_new({{t}}.person_id)))"
        f" AND ({{t}}.on_behalf_of_id IS NULL OR {walls.in_organisations('on_behalf_of_id')})",
        # An involvement ends; it never becomes another kind, another person's or another organisation's.
        changes=("ends_at", "ended_reason"),
    )
    data = PersonalData(("activity",), CARE_RECORD)

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="involvements")
    organisation = models.ForeignKey("tenancy.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=InvolvementKind)
    on_behalf_of = models.ForeignKey(
        "tenancy.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="cover: the scheme whose work with the person is covered",
    )
    account_id = models.UUIDField(
        null=True,
        blank=True,
        help_text="emergency: the only account of the organisation that it opens anything to",
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "organisation"], name="people_involvement_lookup"),
            # Whom an organisation sees, from the index alone: `people_named` reads all of them at each search.
            models.Index(
                fields=["organisation", "person"],
                include=["starts_at", "ends_at"],
                name="people_involvement_whom",
                condition=Q(account_id=None),
            ),
            models.Index(
                fields=["organisation"],
                name="people_involvement_cover",
                condition=Q(on_behalf_of__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")), name="people_involvement_in_order"
            ),
            models.CheckConstraint(
                condition=Q(kind="cover", on_behalf_of__isnull=False, ends_at__isnull=False)
                | (~Q(kind="cover") & Q(on_behalf_of=None)),
                name="people_involvement_cover_says_for_whom_and_until",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind="emergency",
                    account_id__isnull=False,
                    ends_at__isnull=False,
                    ends_at__lte=F("starts_at") + timedelta(hours=24),
                )
                | (~Q(kind="emergency") & Q(account_id=None)),
                name="people_involvement_emergency_is_one_account_for_a_day",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="an_end_is_never_put_off",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.ends_at IS NOT NULL AND (NEW.ends_at IS NULL OR NEW.ends_at > OLD.ends_at)"
                ),
                func="RAISE check_violation USING MESSAGE = 'an end is not put off: begin another involvement';",
            )
        ]

    def is_current(self, at: datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or self.ends_at > at)


@tracked()
class Consent(ScopedModel):
    """What a person agreed to: for a purpose, a recipient, and named fields; withdrawable, never edited away."""

    wall = walls.person_rows(
        reason="as the person, kept by the organisation that recorded it",
        organisations=("organisation_id",),
        new_rows=f"{{t}}.{walls.SYSTEM} AND {walls.SEES_PEOPLE} AND {walls.in_organisations('organisation_id')}",
    )
    data = PersonalData(("activity",), CARE_RECORD)

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    organisation = models.ForeignKey("tenancy.Organisation", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=30, choices=ConsentPurpose)
    recipient_id = models.UUIDField(null=True, blank=True, help_text="the scheme or listing it was given for")
    recipient_label = models.CharField(max_length=200)
    fields = ArrayField(models.CharField(max_length=20, choices=SharedField), default=list, blank=True)
    given_at = models.DateTimeField()
    given_by = models.UUIDField(help_text="who recorded it")
    how = models.CharField(max_length=60, blank=True, help_text="said so in person, by phone, in writing")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="people_consent_both_withdrawn_set",
            )
        ]

    @property
    def is_live(self) -> bool:
        return self.withdrawn_at is None


_NAMED = (
    "(((SELECT fp_user()) IS NULL AND (SELECT fp_link()) IS NULL) OR (SELECT fp_user()) = ANY({t}.named))"
)


@tracked()
class Seal(ScopedModel):
    """A record, or one contact, that within an organisation only the named accounts see. See `walls.unsealed`."""

    wall = walls.Wall(
        reason="read by those it names and by jobs, for even the reason is a word about the person; others learn that"
        " something is sealed by people_seals_here and people_seals_on; lifted by people_lift_seal alone",
        rows=f"{{t}}.{walls.SYSTEM} AND {walls.SEES_PEOPLE} AND {walls.in_organisations('organisation_id')}"
        f" AND {_NAMED}",
        new_rows=f"{{t}}.{walls.SYSTEM} AND {walls.SEES_PEOPLE} AND {walls.in_organisations('organisation_id')}"
        " AND people_is_involved({t}.person_id)",
        grants=walls.APPEND_ONLY,
    )
    data = PersonalData(("activity",), CARE_RECORD, "the reason is free text and can be sensitive")

    kind = models.CharField(max_length=10, choices=SealKind)
    subject_id = models.UUIDField(help_text="the person, or the contact")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("tenancy.Organisation", on_delete=models.PROTECT, related_name="+")
    named = ArrayField(models.UUIDField(), help_text="the accounts that go on seeing it")
    reason = models.TextField()
    sealed_at = models.DateTimeField()
    sealed_by = models.UUIDField()
    sealed_by_name = models.CharField(max_length=200)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.UUIDField(null=True, blank=True)
    lifted_reason = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["system_id", "organisation"], name="people_seal_live", condition=Q(lifted_at=None)
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "organisation"], condition=Q(lifted_at=None), name="people_seal_once"
            ),
            models.CheckConstraint(condition=Q(named__len__gt=0), name="people_seal_names_somebody"),
            models.CheckConstraint(
                condition=~Q(kind="person") | Q(subject_id=F("person_id")), name="people_seal_of_that_person"
            ),
            models.CheckConstraint(
                condition=Q(sealed_at__isnull=False, sealed_by__isnull=False),
                name="people_seal_both_sealed_set",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lifted_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_reason="")),
                name="people_seal_lifted_says_why",
            ),
        ]


@tracked()
class ContactCondition(ScopedModel):
    """A way in which a person must not be reached, and who said so. Adds to the person's `…_is_safe`."""

    wall = replace(
        walls.person_rows(reason="as the person: everybody involved must know how they may not be reached"),
        changes=("lifted_at", "lifted_by"),  # what the person said is not put in other words
    )
    data = PersonalData(("contact", "activity"), CARE_RECORD, "the reason is free text and can be sensitive")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contact_conditions")
    kind = models.CharField(max_length=12, choices=ConditionKind)
    address = models.CharField(
        max_length=254, blank=True, help_text="the phone number, e-mail or postal address"
    )
    worker_id = models.UUIDField(null=True, blank=True, help_text="the only account that may write to them")
    worker_name = models.CharField(max_length=200, blank=True)
    not_before = models.DateField(null=True, blank=True)
    reason = models.TextField()
    set_at = models.DateTimeField()
    set_by = models.UUIDField()
    set_by_name = models.CharField(max_length=200)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person"], name="people_condition_live", condition=Q(lifted_at=None))]
        constraints = [
            models.CheckConstraint(
                condition=Q(set_at__isnull=False, set_by__isnull=False),
                name="people_contactcondition_both_set_set",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="people_contactcondition_both_lifted_set",
            ),
            models.CheckConstraint(
                condition=(Q(kind="address") & ~Q(address="")) | (~Q(kind="address") & Q(address="")),
                name="people_contactcondition_address",
            ),
            models.CheckConstraint(
                condition=Q(kind="worker", worker_id__isnull=False) | (~Q(kind="worker") & Q(worker_id=None)),
                name="people_contactcondition_worker",
            ),
            models.CheckConstraint(
                condition=Q(kind="not_before", not_before__isnull=False)
                | (~Q(kind="not_before") & Q(not_before=None)),
                name="people_contactcondition_not_before",
            ),
        ]


@tracked()
class EmergencyOpening(ScopedModel):
    """A record that was opened, or asked for in vain, by somebody who is not involved with the person.

    Written by `people_open_in_emergency` alone, together with the involvement that ends a day later.
    """

    wall = walls.Wall(
        reason="read by who opened it; by leads through people_emergencies, which logs it; written by functions alone",
        rows=f"{{t}}.{walls.SYSTEM} AND {walls.SEES_PEOPLE} AND {{t}}.opened_by = (SELECT fp_user())",
        grants=walls.READ_ONLY,
    )
    data = PersonalData(("activity", "staff"), CARE_RECORD, "the reason is free text and can be sensitive")

    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    involvement = models.ForeignKey(
        Involvement, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey("tenancy.Organisation", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=EmergencyOutcome)
    opened_by = models.UUIDField()
    opened_by_name = models.CharField(max_length=200)
    reason_kind = models.CharField(max_length=12, choices=EmergencyReason)
    reason = models.TextField()
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    finding = models.CharField(max_length=14, choices=EmergencyFinding, blank=True)
    finding_note = models.TextField(blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.UUIDField(null=True, blank=True)
    reviewed_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["opened_by", "-opened_at"], name="people_emergency_of_account")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="people_emergency_says_why"),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=False, opened_by__isnull=False),
                name="people_emergencyopening_both_opened_set",
            ),
            models.CheckConstraint(
                condition=Q(
                    outcome="opened", person__isnull=False, involvement__isnull=False, ends_at__isnull=False
                )
                | (~Q(outcome="opened") & Q(person=None, involvement=None, ends_at=None)),
                name="people_emergency_opened_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(finding="", reviewed_at=None, reviewed_by=None)
                | (~Q(finding="") & Q(reviewed_at__isnull=False, reviewed_by__isnull=False)),
                name="people_emergencyopening_both_reviewed_set",
            ),
        ]

    def is_live(self, at: datetime) -> bool:
        return self.ends_at is not None and self.ends_at > at and self.closed_at is None
