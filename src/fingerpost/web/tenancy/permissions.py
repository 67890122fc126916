"""Roles as bundles of permissions, with the sentence that says each in plain English. Data, not code."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fingerpost.web.tenancy.enums import Permission, Role

P = Permission

ROLE_PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.CLINICIAN: frozenset(
            {
                P.REFER,
                P.SET_UP_DEVICES,
                P.SIGNPOST,
                P.SEE_OWN_REFERRALS,
                P.SEARCH_PEOPLE,
                P.SEARCH_DIRECTORY,
                P.CORRECT_RECORDS,
                P.OPEN_IN_EMERGENCY,
            }
        ),
        Role.RECEPTIONIST: frozenset({P.REFER, P.SIGNPOST, P.SEE_OWN_REFERRALS, P.SEARCH_DIRECTORY}),
        Role.LINK_WORKER: frozenset(
            {
                P.HOLD_CASES,
                P.SIGNPOST,
                P.SEARCH_PEOPLE,
                P.SEARCH_DIRECTORY,
                P.CONNECT,
                P.CORRECT_RECORDS,
                P.SEE_QUEUE,
                P.OPEN_IN_EMERGENCY,
            }
        ),
        Role.TEAM_LEAD: frozenset(
            {
                P.SEE_QUEUE,
                P.TRIAGE,
                P.ASSIGN,
                P.HOLD_CASES,
                P.SEE_ALL_CASES,
                P.SIGNPOST,
                P.SEARCH_PEOPLE,
                P.SEARCH_DIRECTORY,
                P.CONNECT,
                P.CORRECT_RECORDS,
                P.SEE_FUNNEL,
                P.SEE_GAPS,
                P.SEE_SENT_MESSAGES,
                P.OPEN_IN_EMERGENCY,
            }
        ),
        Role.MANAGER: frozenset({P.SEE_FUNNEL, P.SEE_GAPS, P.SEARCH_DIRECTORY}),
        Role.ADMINISTRATOR: frozenset(
            {
                P.IMPORT_DIRECTORY,
                P.IMPORT_GEOGRAPHY,
                P.SEARCH_DIRECTORY,
                P.SEE_GAPS,
                P.SEE_ACCOUNTS,
                P.ADMINISTER_ACCOUNTS,
                P.ADMINISTER_ORGANISATIONS,
            }
        ),
        Role.INFORMATION_GOVERNANCE: frozenset({P.SEE_WHO_SAW, P.REVIEW_EMERGENCIES, P.SEARCH_DIRECTORY}),
    }
)

# Roles that work with named people. The database hides every row about a person from the others.
ROLES_THAT_SEE_PEOPLE = frozenset({Role.CLINICIAN, Role.RECEPTIONIST, Role.LINK_WORKER, Role.TEAM_LEAD})

PERMISSION_WORDS: Mapping[Permission, str | Promise] = MappingProxyType(
    {
        P.REFER: _("refer a person to a scheme"),
        P.SET_UP_DEVICES: _("let colleagues refer from a computer of their practice without signing in"),
        P.SIGNPOST: _("record that a person was signposted"),
        P.SEE_OWN_REFERRALS: _("see what happened to the referrals of their own practice"),
        P.SEE_QUEUE: _("see the referrals waiting for their scheme"),
        P.TRIAGE: _("accept, decline or redirect a referral"),
        P.ASSIGN: _("give a case to a link worker"),
        P.HOLD_CASES: _("work with people: contacts, plans, measures, closing"),
        P.SEE_ALL_CASES: _("see every open case of their scheme"),
        P.SEARCH_PEOPLE: _("look up a person their organisation is involved with"),
        P.CORRECT_RECORDS: _("mark something as entered in error"),
        P.SEARCH_DIRECTORY: _("search the directory of listings"),
        P.CONNECT: _("connect a person to a listing"),
        P.SEE_FUNNEL: _("see counts of the pathway, never a named person"),
        P.SEE_GAPS: _("see in counts what is missing in the area"),
        P.IMPORT_DIRECTORY: _("import a directory"),
        P.IMPORT_GEOGRAPHY: _("import postcodes and areas"),
        P.SEE_ACCOUNTS: _("see which organisations and accounts there are, and what each may do"),
        P.ADMINISTER_ACCOUNTS: _(
            "invite colleagues, give, suspend and end their roles, in their own organisation and those below it"
        ),
        P.ADMINISTER_ORGANISATIONS: _(
            "add, rename, move, close and merge organisations that they administer, and import lists of them"
        ),
        P.SEE_SENT_MESSAGES: _("see what was sent, as the other side sees it"),
        P.OPEN_IN_EMERGENCY: _(
            "open a person's record for a day in an emergency, of which the information governance lead is told"
        ),
        P.REVIEW_EMERGENCIES: _("review what was opened in emergencies"),
        P.SEE_WHO_SAW: _("see who looked at a person's record, and never the record itself"),
        P.RUN_EXTRACT: _("make a pseudonymised extract"),
    }
)


def permissions_of(role: str) -> frozenset[Permission]:
    return ROLE_PERMISSIONS[Role(role)]
