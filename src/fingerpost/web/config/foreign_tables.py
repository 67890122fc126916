"""Walls of the tables that installed packages bring: none is about a person who uses the scheme."""

from __future__ import annotations

from fingerpost.web.foundation.personal_data import NONE, PersonalData
from fingerpost.web.foundation.walls import FREE, READ_ONLY, Wall, published

_FRAMEWORK = published("framework bookkeeping: names of models and permissions", READ_ONLY)
_JOBS = published("jobs carry ids only, never what they are about (a test plants names and looks)", FREE)
_OWN_ACCOUNT = Wall(
    reason="belongs to one account: read by it, and while somebody signs in",
    rows="{t}.user_id = (SELECT fp_user()) OR (SELECT fp_signing_in())",
    grants=FREE,
)
_SIGN_IN_TRACE = Wall(
    reason="attempts to sign in hold the address that was typed: reached only while somebody signs in",
    rows="(SELECT fp_signing_in())",
    grants=FREE,
)

WALLS: dict[str, Wall] = {
    "django_content_type": _FRAMEWORK,
    "auth_permission": _FRAMEWORK,
    "auth_group": _FRAMEWORK,
    "auth_group_permissions": _FRAMEWORK,
    "django_session": published(
        "encrypted, and keyed by the digest of a random value: neither key is in a row", FREE
    ),
    "account_emailaddress": _OWN_ACCOUNT,
    "account_emailconfirmation": Wall(
        reason="not used: staff accounts are confirmed by invitation", rows="false", grants=()
    ),
    "mfa_authenticator": Wall(
        reason="the second proof of an account: used by it, and while somebody signs in; set up by it alone",
        rows="{t}.user_id = (SELECT fp_user()) OR (SELECT fp_signing_in())",
        new_rows="{t}.user_id = (SELECT fp_user())",
        grants=FREE,
    ),
    "axes_accessattempt": _SIGN_IN_TRACE,
    "axes_accesslog": _SIGN_IN_TRACE,
    "axes_accessfailurelog": _SIGN_IN_TRACE,
    "axes_accessattemptexpiration": _SIGN_IN_TRACE,
    "pghistory_context": Wall(reason="not used: history carries its own actor", rows="false", grants=()),
    "procrastinate_jobs": _JOBS,
    "procrastinate_events": _JOBS,
    "procrastinate_periodic_defers": _JOBS,
    "procrastinate_workers": _JOBS,
}

_ACCOUNT = PersonalData(("staff",), "as long as the account")
_ATTEMPT = PersonalData(("staff",), "until the lock is over", "the address that was typed, and from where")

# What these tables hold about people: the packages' own models cannot say it.
DATA: dict[str, PersonalData] = {
    **dict.fromkeys(WALLS, NONE),
    "account_emailaddress": _ACCOUNT,
    "account_emailconfirmation": _ACCOUNT,
    "axes_accessattempt": _ATTEMPT,
    "axes_accesslog": _ATTEMPT,
    "axes_accessfailurelog": _ATTEMPT,
    "axes_accessattemptexpiration": _ATTEMPT,
}
