"""Whether somebody has only just proved who they are, as is asked before what opens their account is changed.

A sign-in through a provider proves nothing of the kind: a session kept there for a week answers without asking anybody.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.http import HttpRequest

from fingerpost.web.pages import provider

METHOD = "provider"  # of the records that a sign-in through a provider leaves in the session


def here(request: HttpRequest) -> bool:
    """With something of ours: a password, a code, a passkey."""
    own = (r for r in get_authentication_records(request, request.user) if r["method"] != METHOD)
    return _is_recent(own)


def at_all(request: HttpRequest) -> bool:
    """Here; or, for an account that has nothing of ours, by having signed in anew at the provider that opens it."""
    if here(request):
        return True
    return not has_own_way(request.user) and _anew_at_provider(request)


def has_own_way(user: Any) -> bool:
    """Whether there is anything of ours that the account could prove itself with."""
    return bool(get_reauthentication_flows(user))


def _anew_at_provider(request: HttpRequest) -> bool:
    link = provider.link_of(request.actor)  # type: ignore[attr-defined]  # set by the scope middleware
    if link is None:
        return False
    records = get_authentication_records(request, request.user)
    return _is_recent(
        r for r in records if r["method"] == METHOD and r.get("anew") and r["id"] == str(link.pk)
    )


def _is_recent(records: Iterable[dict[str, Any]]) -> bool:
    latest = max((r["at"] for r in records), default=0.0)
    return time.time() - latest < account_settings.REAUTHENTICATION_TIMEOUT
