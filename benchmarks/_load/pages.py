"""Every page of every role, declared once. A route that stands in neither table fails the benchmark.

The arguments of an address are found in the seeded database by `rows.FINDERS`, under their own name or under the
one given here as a keyword, as somebody of that role would see them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

EVERYONE = "clinician receptionist link_worker team_lead manager administrator"
CORRECTING = "clinician link_worker team_lead"
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
    page("account_reset_password_from_key", VISITOR, uidb36="uidb36", key="link_key"),
    page("account_reset_password_from_key_done", VISITOR),
    page("account_inactive", VISITOR),
    # The published directory
    page("public:look", VISITOR),
    page("public:look", VISITOR, "words=walking"),
    page("public:listing", VISITOR),
    page("public:sessions", VISITOR),
    page("public_map:index", VISITOR),
    page("public_map:page", VISITOR, page="map_page"),
    page("public_map:robots", VISITOR),
    page("openreferral:api", VISITOR),
    page("openreferral:description", VISITOR),
    page("openreferral:services", VISITOR),
    page("openreferral:service", VISITOR, id="listing_id"),
    page("openreferral:service_at_locations", VISITOR),
    page("openreferral:service_at_location", VISITOR, id="listing_at_place"),
    page("openreferral:taxonomies", VISITOR),
    page("openreferral:taxonomy_terms", VISITOR),
    page("openreferral:package", VISITOR),
    page("portal:suggest", VISITOR),
    page("portal:suggested", VISITOR),
    # One's own account
    page("account_change_password", "link_worker"),
    page("account_sign_ins", "link_worker"),
    page("mfa_index", "link_worker"),
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
    page("staff:short_list", SCHEME),
    page("staff:send_short_list", SCHEME),
    page("staff:report_listing", SCHEME, listing_id="free_listing"),
    page("staff:record_gap", SCHEME),
    # Scheme: what may be seen and said
    page("staff:conditions", CORRECTING),
    page("staff:change_practice", CORRECTING),
    page("staff:sealed", SCHEME),
    page("staff:seal_person", SCHEME),
    page("staff:seal_contact", SCHEME),
    page("staff:cover", "team_lead"),
    page("staff:devices", "clinician"),
    # Governance
    page("staff:emergencies", "governance"),
    page("staff:who_saw", "governance"),
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
    page("staff:tree", "administrator"),
    page("staff:tree_template", "administrator"),
    page("staff:correct_organisation", "administrator"),
    page("staff:close_organisation", "administrator"),
    page("staff:move_organisation", "administrator"),
    page("staff:import_staff", "administrator"),
    page("staff:staff_template", "administrator"),
    # Keeping the directory true
    page("staff:directory_work", "administrator"),
    page("staff:duplicates", "administrator"),
    page("staff:addresses_kept_back", "administrator"),
    page("staff:trust_rules", EVERYONE),
    page("staff:feeds", "administrator"),
    page("staff:import_changes", "administrator", import_id="directory_import"),
    page("staff:listing_history", "administrator"),
    page("staff:assurance", "administrator"),
    page("staff:area_rules", "administrator"),
    page("staff:suggestion_rules", "administrator"),
    page("staff:lay_words", "administrator"),
    page("staff:lay_meaning", "administrator", key="lay_key"),
    page("staff:new_lay_meaning", "administrator"),
    # Counts
    page("dashboards:funnel", "team_lead manager"),
    page("dashboards:gaps", "team_lead manager"),
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
    "account_resume": "opens once, what a session that ended has kept",
    "openreferral:nothing": "says that there is no such thing",
    "openreferral:taxonomy": "one line of openreferral:taxonomies",
    "openreferral:taxonomy_term": "one line of openreferral:taxonomy_terms",
    "staff:import_columns": "only for a table that nobody has mapped yet",
    "staff:add_organisation": "only for who keeps the whole tree, which no account of the demo does",
    **dict.fromkeys(
        (
            "account_reauthenticate",
            "mfa_activate_totp",
            "mfa_add_webauthn",
            "mfa_authenticate",
            "mfa_deactivate_totp",
            "mfa_edit_webauthn",
            "mfa_generate_recovery_codes",
            "mfa_login_webauthn",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
            "mfa_remove_webauthn",
            "mfa_view_recovery_codes",
        ),
        "asks for the second proof first; one row of one account",
    ),
    **dict.fromkeys(
        (
            "account_invitation_provider",
            "account_link_provider",
            "account_prove_at_provider",
            "account_provider",
            "account_provider_back",
            "account_provider_logout",
            "account_unlink_provider",
        ),
        "only where an employer's accounts are set up",
    ),
    **dict.fromkeys(
        (
            "portal:listing",
            "portal:listing_change",
            "portal:listing_changed",
            "portal:listing_done",
            "portal:listing_say",
            "portal:listing_undo",
            "staff:desk",
            "staff:desk_sent",
            "staff:set_up_desk",
        ),
        "behind a link or a cookie that the demo has not given to anybody",
    ),
    **dict.fromkeys(
        (
            "staff:emergency",
            "staff:emergency_record",
            "staff:lift_seal",
            "staff:organisation_import",
            "staff:organisation_imports",
            "staff:organisation_rejects",
            "staff:proposal",
            "staff:review_emergency",
            "staff:saved_search",
            "staff:staff_import",
            "staff:staff_import_rejects",
            "staff:withdraw_assurance",
        ),
        "about something that has not happened in the demo",
    ),
    **dict.fromkeys(
        (
            "account_end_sign_in",
            "account_end_sign_ins",
            "account_stay",
            "pages:language",
            "portal:own_listing",
            "staff:apply_import",
            "staff:apply_organisation_import",
            "staff:apply_staff_import",
            "staff:change_short_list",
            "staff:keep_address_secret",
            "staff:make_address_public",
            "staff:close_emergency",
            "staff:end_computer",
            "staff:end_cover",
            "staff:end_device",
            "staff:keep_search",
            "staff:lift_condition",
            "staff:read_feed",
            "staff:remove_saved_search",
            "staff:reset_second_proof",
            "staff:restore_lay_meaning",
            "staff:restore_listing",
            "staff:send_owner_link",
            "staff:switch_off_lay_meaning",
            "staff:take_back_closing",
            "staff:take_back_gap",
            "staff:take_back_move",
            "staff:take_merge_back",
            "staff:undo_import",
            "staff:undo_organisation_import",
            "staff:undo_staff_import",
            "staff:verify_listing",
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
