"""Every page of every role, declared once. A route that stands in neither table fails the benchmark.

The arguments of an address are found in the seeded database by `rows.FINDERS`, under their own name or under the
one given here as a keyword, as somebody of that role would see them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

EVERYONE = "clinician receptionist link_worker team_lead manager administrator"
PRACTICE = "clinician receptionist"
SCHEME = "link_worker team_lead"
VISITOR = "visitor"


@dataclass(frozen=True)
class Page:
    """One page for some roles. `query` is what comes after the question mark."""

    route: str
    roles: tuple[str, ...]
    query: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)


def page(route: str, roles: str, query: str = "", **arguments: str) -> Page:
    return Page(route, tuple(roles.split()), query, arguments)


PAGES = [
    page("pages:help", VISITOR),
    page("pages:accessibility", VISITOR),
    page("pages:privacy", VISITOR),
    page("pages:brand", VISITOR),
    page("account_login", VISITOR),
    page("account_reset_password", VISITOR),
    page("account_reset_password_done", VISITOR),
    page("account_reset_password_from_key", VISITOR, uidb36="uidb36", key="key"),
    page("account_reset_password_from_key_done", VISITOR),
    page("account_inactive", VISITOR),
    # A provider with a signed link
    page("portal:connection", VISITOR, token="token_asked"),
    page("portal:connection", VISITOR, token="token_answered"),
    page("portal:say", VISITOR, token="token_asked"),
    page("portal:done", VISITOR, token="token_answered"),
    # Practice
    page("staff:refer", PRACTICE),
    page("staff:refer_known", PRACTICE, person_id="known_person"),
    page("staff:referred", PRACTICE),
    page("staff:signposted", f"{PRACTICE} {SCHEME}"),
    page("staff:my_referrals", PRACTICE),
    page("staff:my_referral", PRACTICE, referral_id="closed_referral"),
    page("staff:take_back", PRACTICE, referral_id="waiting_referral"),
    page("staff:referral_mistake", "clinician", referral_id="waiting_referral"),
    page("staff:letter", PRACTICE),
    page("staff:find_person", f"clinician {SCHEME}"),
    # Scheme: what comes in
    page("staff:queue", SCHEME),
    page("staff:decided", SCHEME),
    page("staff:referral", SCHEME, referral_id="waiting_referral"),
    page("staff:decline", "team_lead", referral_id="waiting_referral"),
    page("staff:redirect", "team_lead", referral_id="waiting_referral"),
    # Scheme: the work
    page("staff:today", SCHEME),
    page("staff:caseload", SCHEME),
    page("staff:person", SCHEME),
    page("staff:case", SCHEME),
    page("staff:assign", "team_lead"),
    page("staff:next_step", SCHEME),
    page("staff:plan", SCHEME),
    page("staff:measure", SCHEME),
    page("staff:occasion", SCHEME),
    page("staff:close", SCHEME),
    page("staff:closed", SCHEME, case_id="closed_case"),
    page("staff:reopen", SCHEME, case_id="closed_case"),
    # Scheme: places
    page("staff:find", SCHEME),
    page("staff:find", SCHEME, "words=walking+group&distance=10"),
    page("staff:listing_for", SCHEME, listing_id="free_listing"),
    page("staff:connect", SCHEME, listing_id="free_listing"),
    page("staff:told_about", SCHEME, listing_id="free_listing"),
    page("staff:connection", SCHEME),
    page("staff:connected", SCHEME),
    page("staff:reply", SCHEME),
    page("staff:withdraw_connection", SCHEME),
    page("staff:consent_withdrawn", SCHEME),
    # Scheme: putting right
    page("staff:put_right", SCHEME),
    page("staff:correct_details", SCHEME),
    page("staff:case_mistake", SCHEME),
    page("staff:record_death", SCHEME),
    page("staff:contact_mistake", SCHEME),
    page("staff:occasion_mistake", SCHEME),
    page("staff:connection_mistake", SCHEME),
    # Messages, as the other side sees them
    page("staff:sent", "team_lead"),
    page("staff:message", "team_lead"),
    page("staff:message_html", "team_lead"),
    # The directory, and who keeps it
    page("staff:directory", EVERYONE),
    page("staff:directory", EVERYONE, "words=walking"),
    page("staff:listing", EVERYONE),
    page("staff:listing_status", "administrator"),
    page("staff:register_listing", "administrator"),
    page("staff:imports", "administrator"),
    page("staff:import_directory", "administrator"),
    page("staff:import_report", "administrator", import_id="directory_import"),
    page("staff:import_rejects", "administrator", import_id="directory_import"),
    page("staff:import_postcodes", "administrator"),
    page("staff:postcodes_report", "administrator", import_id="postcode_import"),
    page("staff:postcodes_rejects", "administrator", import_id="postcode_import"),
    page("staff:organisations", "administrator"),
    page("staff:organisation", "administrator"),
    page("staff:roles", "administrator"),
    page("staff:joiners", "administrator"),
    page("staff:joiners_csv", "administrator"),
    # Counts
    page("dashboards:funnel", "team_lead manager"),
]

# Routes that show no page of their own to somebody who opens their address, with the reason.
_BUTTON = "a button: it takes a POST and leads to a page that is measured"
NO_PAGES = {
    "account_logout": "leads on",
    "pages:gallery": "only where DEBUG is on",
    "pages:logo": "there is none unless a setting names it",
    "portal:details": "shows only after a press, and then what portal:connection shows",
    "account_invitation": "behind a link that is made when it is sent, and opens once",
    **dict.fromkeys(
        (
            "staff:add_role",
            "staff:end_membership",
            "staff:invite",
            "staff:member",
            "staff:review",
            "staff:review_csv",
        ),
        "one organisation's accounts, a few dozen at most: not yet measured",
    ),
    "staff:home": "leads each role to its first page",
    **dict.fromkeys(
        (
            "pages:language",
            "pages:membership",
            "portal:undo",
            "staff:accept",
            "staff:add_goal",
            "staff:connection_seen",
            "staff:invite_again",
            "staff:lift_suspension",
            "staff:log_contact",
            "staff:move_goal",
            "staff:resend",
            "staff:restore",
            "staff:signposting_mistake",
            "staff:suspend",
            "staff:undo_reply",
            "staff:vouch",
            "staff:vouch_for_email",
            "staff:withdraw_invitation",
        ),
        _BUTTON,
    ),
}
