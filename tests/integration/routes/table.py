"""Who may open what: one line for each route.

`row(route, who)` says which roles a page is for. Their requests get `get` and `post` (an empty form), the same
roles of another organisation `others`, those of another system `away` (as `others` unless said). Roles that
a page is not for get 403, visitors the way to sign-in. A method that a page does not know is 405 for everybody
signed in. `but` names roles that hold the permission and yet have nothing there. Arguments of the address are
looked up among the planted ids under their own name, or under the one given as a keyword.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SAME = -1  # as for the page's own people: lists that show each their own
ANYBODY = "visitor"
VIEW, LIST, NOTHING = "view", "list", ""

EVERYONE = "gp receptionist worker lead manager administrator governance"
PRACTICE = "gp receptionist"
SCHEME = "worker lead"
CORRECTING = "gp worker lead"


@dataclass(frozen=True, kw_only=True)
class Row:
    route: str
    who: frozenset[str]
    get: int
    post: int
    others: int
    away: int
    log: str
    but: Mapping[str, int]
    whole_system: frozenset[str]  # words about a person of the first story that the whole system's page shows
    arguments: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_public(self) -> bool:
        return ANYBODY in self.who


def row(
    route: str,
    who: str,
    *,
    get: int = 200,
    post: int = 405,
    others: int = 404,
    away: int | None = None,
    log: str = NOTHING,
    but: Mapping[str, int] | None = None,
    whole_system: str = "",
    **arguments: str,
) -> Row:
    return Row(
        route=route,
        who=frozenset(who.split()),
        get=get,
        post=post,
        others=others,
        away=others if away is None else away,
        log=log,
        but=but or {},
        whole_system=frozenset(whole_system.split()),
        arguments=arguments,
    )


# The wall shows a practice nothing of the scheme's work, though a clinician may correct records.
NOT_A_PRACTICES = {"gp": 404}

# Saved by the worker alone.
NOT_THEIRS = dict.fromkeys(set(EVERYONE.split()) - {"worker"}, 404)

TABLE = [
    # For everybody
    row("pages:help", ANYBODY),
    row("pages:accessibility", ANYBODY),
    row("pages:privacy", ANYBODY),
    row("pages:language", ANYBODY, get=405, post=302),
    row("pages:brand", ANYBODY),
    row("pages:logo", ANYBODY, get=404),
    row("account_inactive", ANYBODY),
    row("account_reset_password", ANYBODY, post=200),
    row("account_reset_password_done", ANYBODY),
    row("account_reset_password_from_key", ANYBODY, post=200, uidb36="uidb36", key="key"),
    row("account_reset_password_from_key_done", ANYBODY),
    row("account_invitation", ANYBODY, post=200, token="invitation_token"),
    # The published directory: for anybody, the same whoever is signed in
    row("public:look", ANYBODY),
    row("public:listing", ANYBODY),
    row("public:sessions", ANYBODY),
    row("public_map:index", ANYBODY),
    row("public_map:page", ANYBODY, page="map_page"),
    row("public_map:robots", ANYBODY),
    row("openreferral:api", ANYBODY),
    row("openreferral:description", ANYBODY),
    row("openreferral:services", ANYBODY),
    row("openreferral:service", ANYBODY, id="listing_id"),
    row("openreferral:service_at_locations", ANYBODY),
    row("openreferral:service_at_location", ANYBODY, id="listing_at_place"),
    row("openreferral:taxonomies", ANYBODY),
    row("openreferral:taxonomy", ANYBODY, id="taxonomy"),
    row("openreferral:taxonomy_terms", ANYBODY),
    row("openreferral:taxonomy_term", ANYBODY, id="taxonomy_term"),
    row("openreferral:package", ANYBODY),
    row("openreferral:nothing", ANYBODY, get=404, post=404, rest="uidb36"),
    row("account_invitation_provider", ANYBODY, get=405, post=404, token="invitation_token"),
    # Behind a signed link: the same whoever is signed in, and no name before the provider has said yes
    row("portal:connection", ANYBODY),
    row("portal:details", ANYBODY, get=302, post=302),
    row("portal:say", ANYBODY, post=302),
    row("portal:done", ANYBODY, get=302),
    row("portal:undo", ANYBODY, get=302, post=302),
    # Behind a listing's own link, and for anybody who knows that a listing is wrong: nothing about a person
    row("portal:listing", ANYBODY, token="listing_token"),
    row("portal:listing_say", ANYBODY, post=302, token="listing_token", answer="listing_answer"),
    row("portal:listing_done", ANYBODY, get=302, token="listing_token"),
    row("portal:listing_undo", ANYBODY, get=302, post=302, token="listing_token"),
    row("portal:listing_change", ANYBODY, post=200, token="listing_token"),
    row("portal:listing_changed", ANYBODY, get=302, token="listing_token"),
    row("portal:suggest", ANYBODY, post=200),
    row("portal:suggested", ANYBODY),
    row("portal:own_listing", ANYBODY, get=405, post=200),
    # A remembered computer: the same whoever is signed in, and nothing without its cookie
    row("staff:desk", ANYBODY, get=403, post=403),
    row("staff:desk_sent", ANYBODY, get=403, post=403),
    row("staff:set_up_desk", ANYBODY, get=410, post=410),
    # Everyone who is signed in
    row("staff:home", EVERYONE, get=302, post=302, others=SAME, but={"ended": 200}),
    row("pages:membership", EVERYONE, get=405, post=302, others=SAME, but={"ended": 302}),
    row("account_stay", EVERYONE, get=405, post=204, others=SAME, but={"ended": 204}),
    row("account_resume", EVERYONE, get=404, others=SAME, but={"ended": 404}, key="organisation_id"),
    row("account_sign_ins", EVERYONE, others=SAME, but={"ended": 200}),
    row("account_end_sign_ins", EVERYONE, get=405, post=302, others=SAME, but={"ended": 302}),
    row(
        "account_end_sign_in",
        EVERYONE,
        get=405,
        post=404,
        others=SAME,
        but={"ended": 404},
        sign_in_id="system_id",
    ),
    # One's own account: the second proof, asked for anew before it is changed
    # Nobody signs in through a provider unless one is set up
    row("account_provider_back", ANYBODY, get=404),
    row("account_provider_logout", ANYBODY, get=405, post=404),
    row("account_prove_at_provider", EVERYONE, get=404, post=404, others=SAME, but={"ended": 404}),
    row("account_link_provider", EVERYONE, get=405, post=404, others=SAME, but={"ended": 404}),
    row("account_unlink_provider", EVERYONE, get=405, post=404, others=SAME, but={"ended": 404}),
    row("mfa_index", EVERYONE, others=SAME, but={"ended": 200}),
    row("account_change_password", EVERYONE, post=200, others=SAME, but={"ended": 200}),
    row("account_reauthenticate", EVERYONE, post=200, others=SAME, but={"ended": 200}),
    row("mfa_reauthenticate", EVERYONE, get=302, post=302, others=SAME, but={"ended": 302}),
    row("mfa_activate_totp", EVERYONE, get=302, post=302, others=SAME, but={"ended": 302}),
    row("mfa_add_webauthn", EVERYONE, get=404, post=404, others=SAME, but={"ended": 404}),
    row("mfa_edit_webauthn", EVERYONE, get=302, post=302, others=SAME, but={"ended": 302}, pk="key_id"),
    row("mfa_remove_webauthn", EVERYONE, get=302, post=302, others=SAME, but={"ended": 302}, pk="key_id"),
    row("mfa_reauthenticate_webauthn", EVERYONE, get=404, post=404, others=SAME, but={"ended": 404}),
    row("mfa_deactivate_totp", EVERYONE, get=404, post=404, others=SAME, but={"ended": 404}),
    row("mfa_view_recovery_codes", EVERYONE, get=404, post=405, others=SAME, but={"ended": 404}),
    row("mfa_generate_recovery_codes", EVERYONE, get=302, post=302, others=SAME, but={"ended": 302}),
    # Practice
    row("staff:refer", PRACTICE, post=200, others=SAME),
    row("staff:refer_known", PRACTICE, post=200, log=VIEW),
    row("staff:referred", PRACTICE, log=VIEW),
    row("staff:signposted", "gp receptionist worker lead", post=200, others=SAME),
    row("staff:signposting_mistake", "gp receptionist worker lead", get=405, post=302, others=302),
    row("staff:my_referrals", PRACTICE, others=SAME, log=LIST),
    row("staff:my_referral", PRACTICE, log=VIEW),
    row("staff:take_back", PRACTICE, post=200, log=VIEW, referral_id="waiting"),
    row("staff:referral_mistake", CORRECTING, post=200, log=VIEW, but={"worker": 404, "lead": 404}),
    row("staff:letter", PRACTICE, log=VIEW),
    row("staff:devices", "gp", post=302, others=SAME),
    row("staff:end_device", "gp", get=405, post=404),
    row("staff:find_person", "gp worker lead", post=200, others=SAME),
    # Scheme: what comes in
    row("staff:queue", SCHEME, others=SAME, log=LIST),
    row("staff:decided", SCHEME, others=SAME, log=LIST),
    row("staff:referral", SCHEME, log=VIEW, referral_id="waiting"),
    row("staff:accept", "lead", get=405, post=200, referral_id="waiting"),
    row("staff:decline", "lead", post=200, log=VIEW, referral_id="waiting"),
    row("staff:redirect", "lead", post=200, log=VIEW, referral_id="waiting"),
    row("staff:restore", "lead", get=405, post=302, referral_id="declined"),
    # Scheme: the work
    row("staff:today", SCHEME, others=SAME, log=LIST),
    row("staff:caseload", SCHEME, others=SAME, log=LIST),
    row("staff:person", SCHEME, log=VIEW),
    row("staff:case", SCHEME, log=VIEW),
    row("staff:assign", "lead", post=200, log=VIEW),
    row("staff:log_contact", SCHEME, get=405, post=200),
    row("staff:next_step", SCHEME, post=302, log=VIEW),
    row("staff:plan", SCHEME, post=200, log=VIEW),
    row("staff:add_goal", SCHEME, get=405, post=200),
    row("staff:move_goal", SCHEME, get=405, post=400),
    row("staff:measure", SCHEME, post=200, log=VIEW),
    row("staff:occasion", SCHEME, log=VIEW),
    row("staff:close", SCHEME, post=200, log=VIEW),
    row("staff:closed", SCHEME, log=VIEW, case_id="closed_case"),
    row("staff:reopen", SCHEME, post=302, log=VIEW, case_id="closed_case"),
    # Scheme: places
    row("staff:find", SCHEME, post=302, log=VIEW),
    row("staff:short_list", SCHEME, log=VIEW),
    row("staff:send_short_list", SCHEME, post=200, log=VIEW),
    row("staff:change_short_list", SCHEME, get=405, post=302, log=VIEW, listing_id="free_listing"),
    row("staff:record_gap", SCHEME, post=200, log=VIEW),
    row("staff:take_back_gap", SCHEME, get=405, post=302, log=VIEW),
    row("staff:listing_for", SCHEME, log=VIEW, listing_id="free_listing"),
    row("staff:connect", SCHEME, post=200, log=VIEW, listing_id="free_listing"),
    row("staff:told_about", SCHEME, post=302, log=VIEW, listing_id="free_listing"),
    row("staff:connected", SCHEME, log=VIEW),
    row("staff:connection", SCHEME, log=VIEW),
    row("staff:reply", SCHEME, post=200, log=VIEW),
    row("staff:undo_reply", SCHEME, get=405, post=302),
    row("staff:connection_seen", SCHEME, get=405, post=302),
    row("staff:withdraw_connection", SCHEME, post=200, log=VIEW),
    row("staff:consent_withdrawn", SCHEME, post=302, log=VIEW),
    # Scheme: putting right
    row("staff:put_right", CORRECTING, log=VIEW, but=NOT_A_PRACTICES),
    row("staff:case_mistake", CORRECTING, post=200, log=VIEW, but=NOT_A_PRACTICES),
    row("staff:correct_details", CORRECTING, post=200, log=VIEW),
    row("staff:conditions", CORRECTING, post=200, log=VIEW),
    row("staff:lift_condition", CORRECTING, get=405, post=302),
    row("staff:change_practice", CORRECTING, post=200, log=VIEW),
    row("staff:seal_person", SCHEME, post=200, log=VIEW),
    row("staff:seal_contact", SCHEME, post=200, log=VIEW),
    row("staff:sealed", SCHEME, others=SAME),
    row("staff:lift_seal", SCHEME, post=200),
    # Asked for the password or second proof first; what stands open is each account's own (test_emergency.py).
    row("staff:emergency", "gp worker lead", get=302, post=302, others=SAME),
    row("staff:emergency_record", "gp worker lead", get=404, opening_id="organisation_id"),
    row(
        "staff:close_emergency",
        "gp worker lead",
        get=405,
        post=302,
        others=SAME,
        opening_id="organisation_id",
    ),
    row("staff:emergencies", "governance", others=SAME, log=LIST, whole_system="quillgiven quillfamily"),
    row("staff:review_emergency", "governance", get=404, post=404, opening_id="organisation_id"),
    row("staff:cover", "lead", post=200, others=SAME),
    row("staff:end_cover", "lead", get=405, post=302, others=SAME, scheme_id="organisation_id"),
    row("staff:record_death", CORRECTING, post=200, log=VIEW, but=NOT_A_PRACTICES),
    row("staff:contact_mistake", CORRECTING, post=302, log=VIEW, but=NOT_A_PRACTICES),
    row("staff:occasion_mistake", CORRECTING, post=302, log=VIEW, but=NOT_A_PRACTICES),
    row("staff:connection_mistake", CORRECTING, post=302, log=VIEW, but=NOT_A_PRACTICES),
    # Messages, as the other side sees them
    row("staff:sent", "lead", others=SAME, log=LIST),
    row("staff:message", "lead", log=VIEW),
    row("staff:message_html", "lead", log=VIEW),
    row("staff:resend", "lead", get=405, post=403),  # on its way: nothing to send again
    # Directory: shared by the system, nothing about a person
    row("staff:directory", EVERYONE, others=SAME),
    row("staff:listing", EVERYONE, others=SAME, away=404),
    # Saved searches: each account's own; whoever else may search finds none of theirs there
    row("staff:keep_search", EVERYONE, get=405, post=200, others=SAME),
    row("staff:saved_search", EVERYONE, post=200, others=404, but=NOT_THEIRS),
    row("staff:remove_saved_search", EVERYONE, get=405, post=302, others=404, but=NOT_THEIRS),
    row("staff:vouch", SCHEME, get=405, post=302, others=SAME, away=404),
    row("staff:vouch_for_email", EVERYONE, get=405, post=200, others=SAME, away=404),
    row("staff:listing_status", "administrator", post=200, others=SAME, away=404),
    row("staff:register_listing", "administrator", post=200, others=SAME),
    # Keeping it true
    row("staff:trust_rules", EVERYONE, others=SAME),
    row("staff:report_listing", "gp receptionist worker lead", post=200, others=SAME, away=404),
    row("staff:directory_work", "administrator", others=SAME),
    row("staff:proposal", "administrator", post=302, others=SAME, away=404),
    row("staff:verify_listing", "administrator", get=405, post=302, others=SAME, away=404),
    row("staff:send_owner_link", "administrator", get=405, post=302, others=SAME, away=404),
    row("staff:listing_history", "administrator", others=SAME, away=404),
    row("staff:restore_listing", "administrator", get=405, post=302, others=SAME, away=404),
    row("staff:area_rules", "administrator", post=200, others=SAME),
    row("staff:assurance", "administrator", post=200, others=SAME, away=404),
    row(
        "staff:withdraw_assurance",
        "administrator",
        get=404,
        post=404,
        away=404,
        assurance_id="organisation_id",
    ),
    row("staff:addresses_kept_back", "administrator", others=SAME),
    row(
        "staff:make_address_public",
        "administrator",
        get=405,
        post=302,
        others=SAME,
        location_id="organisation_id",
    ),
    row(
        "staff:keep_address_secret",
        "administrator",
        get=405,
        post=302,
        others=SAME,
        location_id="organisation_id",
    ),
    row("staff:suggestion_rules", "administrator", post=200, others=SAME),
    row("staff:lay_words", "administrator", others=SAME),
    row("staff:new_lay_meaning", "administrator", post=200, others=SAME),
    row("staff:lay_meaning", "administrator", post=200, others=SAME, key="lay_key"),
    row("staff:switch_off_lay_meaning", "administrator", get=405, post=302, others=SAME, key="lay_key"),
    row("staff:restore_lay_meaning", "administrator", get=405, post=302, others=SAME, key="lay_key"),
    # Administration
    row("staff:imports", "administrator", others=SAME),
    row("staff:import_directory", "administrator", post=200, others=SAME),
    row("staff:import_report", "administrator", others=SAME, away=404),
    row("staff:import_rejects", "administrator", others=SAME, away=404),
    row("staff:import_changes", "administrator", others=SAME, away=404),
    row("staff:import_columns", "administrator", get=302, post=302, others=SAME, away=404),
    row("staff:apply_import", "administrator", get=405, post=200, others=SAME, away=404),
    row("staff:undo_import", "administrator", get=405, post=302, others=SAME, away=404),
    row("staff:duplicates", "administrator", post=200, others=SAME),
    row("staff:take_merge_back", "administrator", get=405, post=404, others=SAME, merge_id="import_id"),
    row("staff:feeds", "administrator", post=200, others=SAME),
    row("staff:read_feed", "administrator", get=405, post=302, others=SAME, away=404),
    row("staff:import_postcodes", "administrator", post=200, others=SAME),
    row("staff:postcodes_report", "administrator", others=SAME, away=404, import_id="postcodes"),
    row("staff:postcodes_rejects", "administrator", others=SAME, away=404, import_id="postcodes"),
    row("staff:organisations", "administrator", others=SAME),
    row("staff:organisation", "administrator", others=SAME, away=404),
    row("staff:roles", "administrator", others=SAME),
    row("staff:tree", "administrator", others=SAME),
    # Changes by hand, by whoever administers the organisation; nothing can be part of a scheme
    row("staff:add_organisation", "administrator", get=404, post=404, others=403, away=404),
    row("staff:correct_organisation", "administrator", post=200, others=403, away=404),
    row("staff:move_organisation", "administrator", post=200, others=403, away=404),
    row("staff:close_organisation", "administrator", post=200, others=403, away=404),
    row("staff:take_back_closing", "administrator", get=405, post=302, others=403, away=404),
    row(
        "staff:take_back_move", "administrator", get=405, post=404, others=403, away=404, move_id="import_id"
    ),
    # Lists go over a whole system: these administer a part of one (tests/integration/tree/test_pages.py has the others)
    row("staff:organisation_imports", "administrator", get=403, post=403, others=SAME),
    row("staff:tree_template", "administrator", others=SAME),
    row("staff:organisation_import", "administrator", get=403, others=SAME),
    row("staff:organisation_rejects", "administrator", get=403, others=SAME),
    row("staff:apply_organisation_import", "administrator", get=405, post=403, others=SAME),
    row("staff:undo_organisation_import", "administrator", get=405, post=403, others=SAME),
    row("staff:joiners", "administrator", others=SAME),
    row("staff:joiners_csv", "administrator", others=SAME),
    # Accounts: an administrator's own organisation and those below it, and never another system
    row("staff:invite", "administrator", post=200, others=403, away=404),
    row("staff:review", "administrator", post=404, others=403, away=404),
    row("staff:review_csv", "administrator", others=403, away=404),
    row("staff:member", "administrator", others=403, away=404),
    row("staff:suspend", "administrator", get=405, post=302, others=403, away=404),
    row("staff:reset_second_proof", "administrator", get=405, post=200, others=403, away=404),
    row("staff:lift_suspension", "administrator", get=405, post=302, others=403, away=404),
    row("staff:add_role", "administrator", post=200, others=403, away=404),
    row("staff:end_membership", "administrator", post=200, others=403, away=404),
    row("staff:invite_again", "administrator", get=405, post=302, others=404),
    row("staff:withdraw_invitation", "administrator", get=405, post=302, others=404),
    row("staff:end_computer", "administrator", get=405, post=404),
    row("staff:import_staff", "administrator", post=200, others=SAME),
    row("staff:staff_template", "administrator", others=SAME),
    row("staff:staff_import", "administrator", others=404, import_id="staff_list"),
    row("staff:staff_import_rejects", "administrator", others=404, import_id="staff_list"),
    row("staff:apply_staff_import", "administrator", get=405, post=302, others=404, import_id="staff_list"),
    row("staff:undo_staff_import", "administrator", get=405, post=302, others=404, import_id="staff_list"),
    # Information governance: who looked, never what they saw
    row("staff:who_saw", "governance", post=200, others=SAME),
    # Counts: never a named person
    row("dashboards:funnel", "lead manager", others=SAME),
    row("dashboards:gaps", "lead manager administrator", others=SAME),
]

# Routes that are tried elsewhere, with the reason. (Static files are no route: a middleware serves them.)
ELSEWHERE = {
    "mfa_authenticate": "a step of signing in; tests/integration/attacks/test_second_proof.py",
    "mfa_login_webauthn": "a way of signing in; tests/integration/attacks/test_passkeys.py",
    "account_provider": "a way of signing in, off unless set; tests/integration/attacks/test_provider.py",
    "account_login": "leads those who are signed in away; tests/integration/attacks/test_signing_in.py",
    "account_logout": "ends the session that the matrix signs in with; tests/integration/attacks/test_signing_in.py",
}
