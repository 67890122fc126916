"""What the pages of practices and schemes add to the header."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fingerpost.web.pages.navigation import NavItem, PersonSearch, register, register_person_search
from fingerpost.web.tenancy.api import Permission

register_person_search(
    PersonSearch(route="staff:find_person", permission=Permission.SEARCH_PEOPLE, field="words")
)

# Practice
register(
    NavItem(
        label=_("Refer someone"),
        route="staff:refer",
        permission=Permission.REFER,
        order=10,
        under=("staff:refer_known", "staff:referred"),
    ),
    NavItem(
        label=_("My referrals"),
        route="staff:my_referrals",
        permission=Permission.SEE_OWN_REFERRALS,
        order=20,
        under=("staff:my_referral", "staff:take_back", "staff:referral_mistake"),
    ),
    # Within reach from every page, after a role's own work.
    NavItem(label=_("Signposted"), route="staff:signposted", permission=Permission.SIGNPOST, order=30),
)

register(
    NavItem(
        label=_("Computers"),
        route="staff:devices",
        permission=Permission.SET_UP_DEVICES,
        order=55,
    )
)

# Scheme
register(
    NavItem(
        label=_("Today"),
        route="staff:today",
        permission=Permission.HOLD_CASES,
        order=5,
        under=(
            "staff:person",
            "staff:correct_details",
            "staff:case",
            "staff:connection",
            "staff:occasion",
            "staff:conditions",
            "staff:change_practice",
            "staff:seal_person",
            "staff:seal_contact",
            "staff:sealed",
            "staff:lift_seal",
            "staff:cover",
            "staff:emergency",
            "staff:emergency_record",
        ),
    ),
    NavItem(
        label=_("Queue"),
        route="staff:queue",
        permission=Permission.SEE_QUEUE,
        order=7,
        under=("staff:caseload",),
    ),
    NavItem(label=_("Directory"), route="staff:directory", permission=Permission.SEARCH_DIRECTORY, order=25),
    NavItem(label=_("Sent messages"), route="staff:sent", permission=Permission.SEE_SENT_MESSAGES, order=60),
)

# Administration
register(
    NavItem(
        label=_("Imports"),
        route="staff:imports",
        permission=Permission.IMPORT_DIRECTORY,
        order=40,
        under=(
            "staff:import_directory",
            "staff:import_columns",
            "staff:duplicates",
            "staff:feeds",
            "staff:directory_work",
            "staff:area_rules",
            "staff:proposal",
            "staff:listing_history",
            "staff:assurance",
            "staff:import_report",
            "staff:register_listing",
            "staff:import_postcodes",
            "staff:postcodes_report",
            "staff:lay_words",
            "staff:lay_meaning",
            "staff:new_lay_meaning",
            "staff:suggestion_rules",
        ),
    ),
    NavItem(
        label=_("Organisations"),
        route="staff:organisations",
        permission=Permission.SEE_ACCOUNTS,
        order=50,
        under=(
            "staff:organisation",
            "staff:roles",
            "staff:invite",
            "staff:review",
            "staff:member",
            "staff:add_role",
            "staff:end_membership",
            "staff:joiners",
            "staff:tree",
            "staff:organisation_imports",
            "staff:organisation_import",
            "staff:add_organisation",
            "staff:correct_organisation",
            "staff:move_organisation",
            "staff:close_organisation",
        ),
    ),
)

# Information governance
register(
    NavItem(
        label=_("Who saw this person?"), route="staff:who_saw", permission=Permission.SEE_WHO_SAW, order=10
    ),
    NavItem(
        label=_("Opened in emergencies"),
        route="staff:emergencies",
        permission=Permission.REVIEW_EMERGENCIES,
        order=12,
        under=("staff:review_emergency",),
    ),
)
