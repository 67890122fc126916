"""Which fields about a person each page shows, to whom they differ, and what a provider reads when.

One line for each page that names somebody: a page shows its fields to every role that may open it, and `BUT` says
where one role reads less or more. Held by tests/integration/routes/test_fields_by_role.py, and told to administrators
on “What each role may do” and in docs/reference/permissions.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fingerpost.web.people.api import SharedField
from fingerpost.web.tenancy.api import ROLE_PERMISSIONS, Permission, Role

# A field is the kind of a word in a planted story; each with what people call it.
FIELD_WORDS: Mapping[str, str | Promise] = {
    "given": _("first name"),
    "family": _("last name"),
    "known": _("the name they like to be called by"),
    "how": _("how to reach them safely"),
    "asked": _("what they asked about being contacted"),
    "mail": _("e-mail address"),
    "address": _("address"),
    "needs": _("what helps them take part"),
    "reason": _("why they were referred"),
    "matters": _("what matters to them"),
    "strength": _("what they are good at"),
    "goal": _("goals"),
    "step": _("the next step"),
    "note": _("notes of conversations"),
    "sealed": _("notes of sealed conversations, when the seal names them"),
    "asks": _("what was written to a provider"),
    "told": _("what the practice was told at the end"),
    "story": _("the story of the work, written at the end"),
}

NAME = "given family"
BAR = f"{NAME} known how mail"  # the bar above a page about one person: how to reach them, and how safely
HEAD = f"{NAME} how mail"
DETAILS = f"{BAR} address needs"
STORY = f"{DETAILS} reason matters strength goal step note"

FIELDS: Mapping[str, str] = {
    "staff:refer_known": HEAD,
    "staff:referred": f"{NAME} known",
    "staff:my_referrals": f"{NAME} known",
    # What a practice reads of the work is what it was told, and never a contact note, a plan or a goal.
    "staff:my_referral": f"{BAR} reason",
    "staff:take_back": HEAD,
    "staff:referral_mistake": HEAD,
    "staff:letter": "",
    "staff:queue": NAME,
    "staff:decided": NAME,
    "staff:referral": f"{BAR} reason",
    "staff:decline": BAR,
    "staff:redirect": BAR,
    "staff:today": f"{NAME} step",
    "staff:caseload": f"{NAME} step",
    "staff:person": STORY,
    "staff:case": STORY,
    "staff:assign": BAR,
    "staff:next_step": f"{BAR} step",
    "staff:plan": f"{BAR} goal matters strength",
    "staff:measure": BAR,
    "staff:occasion": BAR,
    "staff:close": BAR,
    "staff:closed": f"{BAR} story told",
    "staff:reopen": BAR,
    "staff:find": BAR,
    "staff:listing_for": BAR,
    "staff:record_gap": BAR,
    "staff:short_list": "known",
    "staff:send_short_list": BAR,
    "staff:connect": f"{BAR} needs",
    "staff:told_about": BAR,
    "staff:connected": BAR,
    "staff:connection": f"{BAR} asks needs",
    "staff:reply": BAR,
    "staff:withdraw_connection": BAR,
    "staff:consent_withdrawn": BAR,
    "staff:put_right": BAR,
    "staff:case_mistake": BAR,
    "staff:correct_details": DETAILS,
    "staff:record_death": BAR,
    "staff:conditions": f"{BAR} asked",
    "staff:change_practice": BAR,
    "staff:seal_person": BAR,
    "staff:emergencies": NAME,
    "staff:seal_contact": BAR,
    "staff:contact_mistake": f"{BAR} note",
    "staff:occasion_mistake": BAR,
    "staff:connection_mistake": BAR,
    "staff:sent": NAME,
    "staff:message": NAME,
    "staff:message_html": "",
}

# (page, role): what that role reads there instead.
BUT: Mapping[tuple[str, Role], str] = {
    # The seal of the planted conversation names the lead alone.
    ("staff:person", Role.TEAM_LEAD): f"{STORY} sealed",
    ("staff:case", Role.TEAM_LEAD): f"{STORY} sealed",
    ("staff:today", Role.TEAM_LEAD): "",  # a lead holds no case in the planted story, and Today is one's own
}

# Pages that a role's permission names, and on which that role finds nothing: what it may correct is elsewhere.
NOTHING_THERE: Mapping[str, frozenset[Role]] = {
    "staff:referral_mistake": frozenset({Role.LINK_WORKER, Role.TEAM_LEAD}),
    **dict.fromkeys(
        (
            "staff:put_right",
            "staff:case_mistake",
            "staff:record_death",
            "staff:contact_mistake",
            "staff:occasion_mistake",
            "staff:connection_mistake",
        ),
        frozenset({Role.CLINICIAN}),
    ),
}

# What a provider reads about a person through its link, at each moment, on each page and in the e-mail of the moment.
# Nothing personal before its yes (decision 0065); nothing at all once the connection has ended.
EVERYTHING_AGREED = frozenset(SharedField)
FIRST_NAME = frozenset({"first_name"})
NOTHING: frozenset[str] = frozenset()
PROVIDER_MOMENTS: Mapping[str, str | Promise] = {
    "asked": _("before it has said yes"),
    "yes": _("after its yes"),
    "ended": _("after the end"),
}
PROVIDER_PAGES: Mapping[str, str | Promise] = {
    "mail": _("the e-mail"),
    "portal:connection": _("the page of the link"),
    "portal:details": _("the details, after a pressed button"),
    "portal:say": _("the page of an answer"),
    "portal:done": _("the page after an answer"),
}
PROVIDER: Mapping[tuple[str, str], frozenset[str]] = {
    **{(moment, page): NOTHING for moment in PROVIDER_MOMENTS for page in PROVIDER_PAGES},
    ("yes", "mail"): FIRST_NAME,
    ("yes", "portal:details"): EVERYTHING_AGREED,
}


View = TypeVar("View", bound=Callable[..., object])


def asks_for(permission: Permission) -> Callable[[View], View]:
    """Say which permission a view asks for by itself, so that it stands on the page of permissions."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]  # a mark on the function
        return view

    return mark


def fields_read(role: Role) -> frozenset[str]:
    """Every field about a person that a role reads on some page."""
    opened = {page for page in opens(role) & set(FIELDS) if role not in NOTHING_THERE.get(page, ())}
    shown = {word for page in opened for word in BUT.get((page, role), FIELDS[page]).split()}
    return frozenset(shown)


def opens(role: Role) -> frozenset[str]:
    """The names of the routes that ask for a permission which the role has."""
    return frozenset(
        name for name, permission in permissions_of_routes().items() if permission in ROLE_PERMISSIONS[role]
    )


def permissions_of_routes() -> dict[str, Permission]:
    """Which permission each route asks for, where its view asks for one. Read from the views themselves."""
    return dict(_routes(get_resolver().url_patterns, ""))


def _routes(patterns: Iterable[URLPattern | URLResolver], space: str) -> Iterable[tuple[str, Permission]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            inner = f"{one.namespace}:" if one.namespace else ""
            yield from _routes(one.url_patterns, space + inner)
        elif (permission := getattr(one.callback, "permission", None)) is not None:
            yield space + str(one.name), permission


def provider_reads(moment: str, page: str) -> list[str]:
    """The fields of one cell of `PROVIDER` in words, all of them only as far as the person agreed."""
    shown = PROVIDER[moment, page]
    words = {"first_name": str(_("first name")), **{one.value: str(one.label) for one in SharedField}}
    return [words[field] for field in words if field in shown]
