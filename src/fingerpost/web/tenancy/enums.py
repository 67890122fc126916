from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganisationKind(models.TextChoices):
    PRACTICE = "practice", _("GP practice")
    SCHEME = "scheme", _("social prescribing scheme")
    NETWORK = "network", _("primary care network")
    PLACE = "place", _("place")
    SYSTEM = "system", _("health and care system")
    EMPLOYER = "employer", _("employer")
    PROVIDER = "provider", _("provider of listings")


class Role(models.TextChoices):
    CLINICIAN = "clinician", _("GP, nurse or pharmacist")
    RECEPTIONIST = "receptionist", _("receptionist or care navigator")
    LINK_WORKER = "link_worker", _("link worker")
    TEAM_LEAD = "team_lead", _("team lead")
    MANAGER = "manager", _("manager or commissioner")
    ADMINISTRATOR = "administrator", _("administrator")
    INFORMATION_GOVERNANCE = "governance_lead", _("information governance lead")


class ReviewAnswer(models.TextChoices):
    """What an administrator says of a membership in an access review."""

    KEEP = "keep", _("still right")
    CHANGE = "change", _("needs another role")
    END = "end", _("to be ended")


class ImportKind(models.TextChoices):
    PRACTICES = "practices", _("GP practices")
    TREE = "tree", _("the tree above the practices")


class ImportState(models.TextChoices):
    """How far an import of organisations has come. What is held waits for somebody to look."""

    READ = "read", _("tried, nothing changed yet")
    HELD = "held", _("held for somebody to look")
    APPLIED = "applied", _("applied")
    UNDONE = "undone", _("undone")


class Permission(StrEnum):
    """What an account may do. Roles are bundles of these; policies ask for one, never for a role."""

    REFER = "refer"
    SET_UP_DEVICES = "set_up_devices"
    SIGNPOST = "signpost"
    SEE_OWN_REFERRALS = "see_own_referrals"
    SEE_QUEUE = "see_queue"
    TRIAGE = "triage"
    ASSIGN = "assign"
    HOLD_CASES = "hold_cases"
    SEE_ALL_CASES = "see_all_cases"
    SEARCH_PEOPLE = "search_people"
    CORRECT_RECORDS = "correct_records"
    SEARCH_DIRECTORY = "search_directory"
    CONNECT = "connect"
    SEE_FUNNEL = "see_funnel"
    SEE_GAPS = "see_gaps"
    IMPORT_DIRECTORY = "import_directory"
    IMPORT_GEOGRAPHY = "import_geography"
    SEE_ACCOUNTS = "see_accounts"
    ADMINISTER_ACCOUNTS = "administer_accounts"
    ADMINISTER_ORGANISATIONS = "administer_organisations"
    SEE_SENT_MESSAGES = "see_sent_messages"
    SEE_WHO_SAW = "see_who_saw"
    OPEN_IN_EMERGENCY = "open_in_emergency"
    REVIEW_EMERGENCIES = "review_emergencies"
    RUN_EXTRACT = "run_extract"
