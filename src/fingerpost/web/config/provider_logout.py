"""What the provider says has ended there ends here (OpenID Connect Back-Channel Logout 1.0; docs/decisions/0085).

The provider itself asks, without a browser: only its signature is believed, and each token once.
"""

from __future__ import annotations

import hashlib
import logging
import time
from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from fingerpost.kernel import clock
from fingerpost.kernel.errors import SourceFault
from fingerpost.web.config import provider_tokens
from fingerpost.web.config.just_proved import METHOD
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pages import provider
from fingerpost.web.tenancy import api as tenancy

_ASKED = "300/m/ip"
_TOKENS_KEPT = (
    provider_tokens.OLDEST + 2 * provider_tokens.SKEW
)  # for so long a token could be taken for a new one
_ENDS_KEPT = 3600  # seconds: longer than a sign-in may wait for its second proof
_log = logging.getLogger(__name__)


@never_cache
@csrf_exempt
@login_not_required
@require_POST
@sensitive_post_parameters("logout_token")
def logout(request: HttpRequest) -> HttpResponse:
    """End what the token names. Nothing to end is well, too: the answer does not tell whether there was anything."""
    if not settings.FINGERPOST_OIDC:
        raise Http404
    config = {"provider_logout": _ASKED}
    within = ratelimit.consume(request, app="allauth.account", action="provider_logout", config=config)
    if not within:
        return _no("Too many requests.", status=429)
    try:
        ended = provider_tokens.ended(request.POST.get("logout_token", ""))
    except SourceFault as fault:
        _log.warning("%s", str(fault.message))  # made of our own words and the settings only
        return _no("The logout token is refused.")
    if not cache.add(_name("token", ended.token_id), True, timeout=_TOKENS_KEPT):
        return _no("The logout token has been used.")
    _note(ended)
    by: Actor = request.actor  # type: ignore[attr-defined]  # set by the scope middleware
    tenancy.end_provider_sign_ins(
        issuer=ended.issuer, subject=ended.subject, session=ended.session, by=by, at=clock.now()
    )
    return HttpResponse(status=200)


def made_by(request: HttpRequest, user: Any) -> tuple[UUID | None, str, bool]:
    """The link and the provider's session by which this session is opened, and whether that has ended meanwhile."""
    records = [r for r in get_authentication_records(request, user) if r["method"] == METHOD]
    if not records:
        return None, "", False
    record = records[-1]
    if not settings.FINGERPOST_OIDC:
        return UUID(record["id"]), record["session"], True
    names = [_name("session", record["session"]), _name("subject", record["subject"])]
    ends = [at for at in cache.get_many(names).values() if at >= record["at"]]
    return UUID(record["id"]), record["session"], bool(ends)


def _note(ended: provider_tokens.Ended) -> None:
    """Somebody may be on the way: signed in there, and here still asked for a second proof."""
    if ended.session:
        cache.set(_name("session", ended.session), time.time(), timeout=_ENDS_KEPT)
    else:
        cache.set(_name("subject", ended.subject), time.time(), timeout=_ENDS_KEPT)


def _name(kind: str, said: str) -> str:
    whole = f"{provider.asked()['issuer']} {said}"
    return f"provider-ended:{kind}:{hashlib.sha256(whole.encode()).hexdigest()}"


def _no(why: str, *, status: int = 400) -> HttpResponse:
    """For a machine: as the standard names the fault."""
    return JsonResponse({"error": "invalid_request", "error_description": why}, status=status)
