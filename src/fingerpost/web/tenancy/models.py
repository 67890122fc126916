from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from fingerpost.kernel.ids import new_id
from fingerpost.web.foundation import walls
from fingerpost.web.foundation.base import ScopedModel, WalledModel, tracked
from fingerpost.web.foundation.personal_data import NONE, PersonalData
from fingerpost.web.tenancy.enums import ImportKind, ImportState, OrganisationKind, ReviewAnswer, Role

STAFF = PersonalData(("staff",), "while the account is used, then 8 years for the traces it left")


# Who may change what an account is in an organisation. Nobody lifts themselves: another administrator has to.
_BY_ADMINISTRATOR = (
    "((SELECT tenancy_is_job()) OR ({t}.user_id IS DISTINCT FROM (SELECT fp_user())"
    " AND tenancy_administers({t}.organisation_id)))"
)
_OF_ADMINISTRATOR = (
    f"{{t}}.{walls.SYSTEM} AND ((SELECT tenancy_is_job()) OR tenancy_administers({{t}}.organisation_id))"
)


class System(WalledModel):
    """A tenant: one directory and one identity index. An installation may hold several."""

    wall = walls.published(
        "names of health systems only; needed before anyone has signed in", walls.READ_ONLY
    )
    data = NONE

    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)
    email_domain_for_tests = models.BooleanField(default=False, help_text="send only to the demo mailbox")

    def __str__(self) -> str:
        return self.name


@tracked()
class Organisation(ScopedModel):
    """A practice, scheme, network, place or employer within a system."""

    wall = walls.Wall(
        reason="every account of the system may see which organisations there are; an account that works in two"
        " systems reads the names of its own organisations in both, to choose between them; changed by whoever"
        " administers it already, so that nobody moves an organisation below their own to reach it",
        rows=f"{{t}}.{walls.SYSTEM} OR {{t}}.id IN"  # noqa: S608 - a policy, made of constants
        " (SELECT m.organisation_id FROM tenancy_membership m WHERE m.user_id = (SELECT fp_user()))",
        new_rows=f"{{t}}.{walls.SYSTEM} AND ((SELECT tenancy_is_job()) OR tenancy_administers({{t}}.parent_id))",
        changed_rows=f"{{t}}.{walls.SYSTEM} AND ((SELECT tenancy_is_job()) OR tenancy_administers({{t}}.id))",
    )
    data = NONE

    kind = models.CharField(max_length=20, choices=OrganisationKind)
    name = models.CharField(max_length=200)
    code = models.CharField(max_length=20, blank=True, help_text="the national code, where there is one")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    address = models.TextField(blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    opens_on = models.DateField(null=True, blank=True, help_text="its first day; empty: long ago")
    closes_on = models.DateField(null=True, blank=True, help_text="the first day on which it is closed")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["system_id", "code"], condition=~Q(code=""), name="tenancy_organisation_code_once"
            ),
            models.CheckConstraint(
                condition=Q(opens_on=None) | Q(closes_on=None) | Q(closes_on__gt=F("opens_on")),
                name="tenancy_organisation_opens_before_it_closes",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open(self, on: date) -> bool:
        return (self.opens_on is None or self.opens_on <= on) and (
            self.closes_on is None or on < self.closes_on
        )


@tracked()
class Belonging(ScopedModel):
    """From a day on, an organisation is part of another, until the next such day.

    There is one row for each day of change, so an organisation is never part of two at one time. What holds today
    stands in `Organisation.parent` as well, where every policy reads it.
    """

    wall = walls.Wall(
        reason="what is part of what is public within the system; said by whoever administers both, so that nobody"
        " reaches an organisation by moving it below their own",
        rows=f"{{t}}.{walls.SYSTEM}",
        new_rows=f"{{t}}.{walls.SYSTEM} AND tenancy_are_here({{t}}.organisation_id, {{t}}.parent_id)"
        " AND ((SELECT tenancy_is_job()) OR (tenancy_administers({t}.organisation_id)"
        " AND ({t}.parent_id IS NULL OR tenancy_administers({t}.parent_id))))",
        changed_rows=f"{{t}}.{walls.SYSTEM} AND ((SELECT tenancy_is_job())"
        " OR tenancy_administers({t}.organisation_id))",
        changes=("withdrawn_at",),
    )
    data = NONE

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="belongings")
    parent = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    starts_on = models.DateField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "starts_on"],
                condition=Q(withdrawn_at=None),
                name="tenancy_belonging_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("organisation")),
                name="tenancy_belonging_not_to_itself",
            ),
        ]


@tracked()
class Succession(ScopedModel):
    """From the day on which it closes, another organisation stands in for one, and sees what that one saw."""

    wall = walls.Wall(
        reason="what became of an organisation is public within the system; said by whoever administers both, for it"
        " opens the one's people to the other",
        rows=f"{{t}}.{walls.SYSTEM}",
        new_rows=f"{{t}}.{walls.SYSTEM} AND tenancy_are_here({{t}}.predecessor_id, {{t}}.successor_id)"
        " AND ((SELECT tenancy_is_job()) OR (tenancy_administers({t}.predecessor_id)"
        " AND tenancy_administers({t}.successor_id)))",
        changed_rows=f"{{t}}.{walls.SYSTEM} AND ((SELECT tenancy_is_job())"
        " OR (tenancy_administers({t}.predecessor_id) AND tenancy_administers({t}.successor_id)))",
        changes=("withdrawn_at",),
    )
    data = NONE

    predecessor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="succeeded_by")
    successor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="succeeds")
    starts_on = models.DateField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"],
                condition=Q(withdrawn_at=None),
                name="tenancy_succession_once",
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="tenancy_succession_not_of_itself"
            ),
        ]


_OF_ROOT = f"{{t}}.{walls.SYSTEM} AND ((SELECT tenancy_is_job()) OR tenancy_administers({{t}}.root_id))"


@tracked(exclude=("counts", "rejects", "plan"))
class OrganisationImport(ScopedModel):
    """A list of organisations that was read: what it would change, and then what it did. The list is not kept."""

    wall = walls.Wall(
        reason="for whoever administers the organisation that it is imported below; what was planned never changes",
        rows=_OF_ROOT,
        changes=("state", "applied_at", "applied_by", "undone_at", "undone_by"),
    )
    data = NONE

    kind = models.CharField(max_length=10, choices=ImportKind)
    root = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=100, help_text="the name of the file")
    state = models.CharField(max_length=10, choices=ImportState)
    counts = models.JSONField(help_text="where every row went")
    rejects = models.JSONField(help_text="line, column, value, reason and remedy of every row not taken")
    plan = models.JSONField(help_text="each change, with what was there before it")
    read_at = models.DateTimeField()
    read_by = models.TextField()
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.TextField(blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["system_id", "-read_at"], name="tenancy_import_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values) & Q(kind__in=ImportKind.values),
                name="tenancy_organisationimport_known",
            ),
            models.CheckConstraint(
                condition=Q(read_at__isnull=False) & ~Q(read_by=""),
                name="tenancy_organisationimport_both_read_set",
            ),
            models.CheckConstraint(
                condition=Q(applied_at=None, applied_by="")
                | (Q(applied_at__isnull=False) & ~Q(applied_by="")),
                name="tenancy_organisationimport_both_applied_set",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by="") | (Q(undone_at__isnull=False) & ~Q(undone_by="")),
                name="tenancy_organisationimport_both_undone_set",
            ),
        ]


class SchemeCoverage(ScopedModel):
    """From when to when a scheme takes referrals from a practice."""

    wall = walls.Wall(
        reason="which scheme serves which practice is public knowledge within the system; said by whoever"
        " administers the scheme",
        rows=f"{{t}}.{walls.SYSTEM}",
        new_rows=f"{{t}}.{walls.SYSTEM} AND ((SELECT tenancy_is_job()) OR tenancy_administers({{t}}.scheme_id))",
        changed_rows=f"{{t}}.{walls.SYSTEM} AND ((SELECT tenancy_is_job()) OR tenancy_administers({{t}}.scheme_id))",
    )
    data = NONE

    scheme = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="covers")
    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="covered_by")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="tenancy_coverage_in_order"
            )
        ]


class UserManager(BaseUserManager["User"]):
    def create_user(self, *, email: str, name: str, password: str | None = None) -> User:
        user = self.model(email=self.normalize_email(email).lower(), name=name)
        user.set_password(password)
        user.save(using=self._db, force_insert=True)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


@tracked(exclude=("password", "last_login"))
class User(AbstractBaseUser):
    """An account of a member of staff. What it may do comes from memberships, never from the account."""

    wall = walls.Wall(
        reason="an account is read by itself, by colleagues of its system, and while somebody signs in",
        rows="{t}.id = (SELECT fp_user()) OR (SELECT fp_signing_in()) OR EXISTS (SELECT 1 FROM tenancy_membership m"
        " WHERE m.user_id = {t}.id AND m.system_id = (SELECT fp_system()))",
        new_rows="(SELECT fp_system()) IS NOT NULL AND ((SELECT tenancy_is_job())"
        " OR tenancy_invites_address({t}.email))",
        # Nobody changes the account of a colleague: not its address, and least of all its password.
        changed_rows="{t}.id = (SELECT fp_user()) OR (SELECT fp_signing_in()) OR (SELECT tenancy_is_job())",
    )
    data = STAFF

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    # The framework's own permission hooks: everything is decided by memberships, so these always say no.
    is_staff = False
    is_superuser = False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


@tracked()
class Membership(ScopedModel):
    """What an account is in an organisation, from a date to a date."""

    wall = walls.Wall(
        reason="read by its holder before a system is chosen, and by colleagues of the system; given, suspended and"
        " ended by an administrator of the organisation or of one above it, and never by its holder; accepted by"
        " whoever holds the link of an invitation, as what it says",
        rows="{t}.user_id = (SELECT fp_user()) OR {t}.system_id = (SELECT fp_system())",
        new_rows=f"{{t}}.{walls.SYSTEM} AND ({_BY_ADMINISTRATOR}"
        " OR tenancy_invites({t}.organisation_id, {t}.role))",
        changed_rows=f"{{t}}.{walls.SYSTEM} AND {_BY_ADMINISTRATOR}",
        changes=("ends_at", "suspended_at"),
    )
    data = STAFF

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(
        null=True, blank=True, help_text="opens nothing until somebody lifts it"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="tenancy_membership_in_order"
            ),
            models.UniqueConstraint(
                fields=["user", "organisation", "role", "starts_at"], name="tenancy_membership_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.organisation}"


@tracked()
class Invitation(ScopedModel):
    """An offer of one role in one organisation to whoever reads an e-mail address. The link is in `foundation`."""

    wall = walls.Wall(
        reason="read and made by those who administer the organisation, and read by whoever holds its link; an"
        " invitation says nothing of whether its address has an account",
        rows=f"({_OF_ADMINISTRATOR}) OR {{t}}.id = (SELECT fp_link_subject())",
        new_rows=_OF_ADMINISTRATOR,
        changes=("sent_at", "expires_at", "accepted_at", "withdrawn_at"),
    )
    data = STAFF

    email = models.EmailField()
    name = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=20, choices=Role)
    inviter = models.UUIDField(null=True, help_text="the account that invited; none for a command")
    inviter_name = models.CharField(max_length=200)
    invited_at = models.DateTimeField()
    sent_at = models.DateTimeField(help_text="when the newest link was asked for")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="tenancy_invitation_email_in_lower_case"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None), name="tenancy_invitation_one_end"
            ),
            models.UniqueConstraint(
                fields=["organisation", "email", "role"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="tenancy_invitation_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.get_role_display()}, {self.organisation}"

    def is_open(self, at: datetime) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > at


@tracked()
class AccessAnswer(ScopedModel):
    """What an administrator said of one membership when they went through who has access."""

    wall = walls.Wall(
        reason="asked of and read by those who administer the organisation; an answer is never rewritten",
        rows=_OF_ADMINISTRATOR,
        grants=walls.APPEND_ONLY,
    )
    data = STAFF

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="answers")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, choices=ReviewAnswer)
    answered_at = models.DateTimeField()
    answered_by = models.UUIDField()
    answered_by_name = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["membership", "-answered_at"], name="tenancy_answer_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(answer__in=ReviewAnswer.values), name="tenancy_answer_known")
        ]


@tracked()
class StaffImport(ScopedModel):
    """One list of staff from a spreadsheet: tried first, then applied, then perhaps undone; refused rows kept whole."""

    wall = walls.Wall(
        reason="read and made by those who administer the organisation that it was brought to; one by command, by jobs"
        " only",
        rows=_OF_ADMINISTRATOR,
        changes=("outcomes", "applied_at", "applied_by_name", "undone_at", "undone_by_name", "undone"),
    )
    data = STAFF

    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    source = models.CharField(max_length=100, help_text="the name of the file")
    notes = models.JSONField(default=list, help_text="what was not read, and what was guessed")
    rows = models.JSONField(help_text="line, cells and faults of every row as the file has it")
    outcomes = models.JSONField(help_text="what each row does or did, or why it is rejected")
    tried_at = models.DateTimeField()
    tried_by_name = models.CharField(max_length=200)
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by_name = models.CharField(max_length=200, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by_name = models.CharField(max_length=200, blank=True)
    undone = models.JSONField(default=list, help_text="what was taken back by line, and what could not be")

    class Meta:
        indexes = [models.Index(fields=["organisation", "-tried_at"], name="tenancy_staff_import_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(applied_at__isnull=False),
                name="tenancy_staff_import_in_order",
            )
        ]

    def __str__(self) -> str:
        return self.source


# Read and kept by the account itself, also in the moment of signing in, in which nobody is known yet.
_OF_ACCOUNT = "{t}.user_id = (SELECT fp_user()) OR (SELECT fp_signing_in())"


class KnownDevice(WalledModel):
    """A browser in which an account has signed in. The browser keeps the id, signed; the row makes no cookie."""

    wall = walls.Wall(
        reason="where an account has signed in is nobody else's business, not even an administrator's",
        rows=_OF_ACCOUNT,
        changes=("last_used_at", "forgotten_at"),
        grants=walls.FREE,
    )
    data = PersonalData(("staff",), "a year after it was last used")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    browser = models.CharField(max_length=20, blank=True)
    system = models.CharField(max_length=20, blank=True, help_text="the operating system")
    first_used_at = models.DateTimeField()
    last_used_at = models.DateTimeField()
    forgotten_at = models.DateTimeField(null=True, blank=True)


class SignIn(WalledModel):
    """One session of an account, by an id that stands in the session and not by the key in its cookie."""

    wall = walls.Wall(
        reason="read and ended by its account",
        rows=_OF_ACCOUNT,
        changes=("last_used_at", "ended_at"),
        grants=walls.FREE,
    )
    data = PersonalData(("staff",), "90 days")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    device = models.ForeignKey(KnownDevice, on_delete=models.CASCADE, related_name="sign_ins")
    signed_in_at = models.DateTimeField()
    last_used_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    link = models.ForeignKey(
        "LinkedSignIn", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    provider_session = models.CharField(
        max_length=255, blank=True, help_text="what the provider calls the session there, by which it ends it"
    )

    class Meta:
        indexes = [models.Index(fields=["user", "-signed_in_at"], name="tenancy_sign_in_newest")]


class LinkedSignIn(WalledModel):
    """An account of the configured provider (issuer and subject, never an e-mail address) that opens one of ours."""

    wall = walls.Wall(
        reason="made and ended by its account; read while somebody signs in, and by who administers it",
        rows=f"{_OF_ACCOUNT} OR EXISTS (SELECT 1 FROM tenancy_membership m"  # noqa: S608 - a policy, made of constants
        " WHERE m.user_id = {t}.user_id AND m.system_id = (SELECT fp_system())"
        " AND tenancy_administers(m.organisation_id))",
        new_rows="{t}.user_id = (SELECT fp_user())",
        # What has ended stays ended: nobody brings back a link that an account was rid of.
        changed_rows="{t}.user_id = (SELECT fp_user()) AND {t}.ended_at IS NOT NULL",
        changes=("ended_at",),
    )
    data = STAFF

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(
        max_length=255, help_text="who it is at the provider, for as long as it exists"
    )
    linked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"],
                condition=Q(ended_at=None),
                name="tenancy_link_opens_one_account",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_at=None), name="tenancy_link_one_for_an_account"
            ),
        ]
