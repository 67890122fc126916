"""From a signed-in account to a scope: which membership it acts as, and so what it reaches."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from fingerpost.kernel import clock
from fingerpost.web.foundation import scope
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.middleware import GetResponse
from fingerpost.web.tenancy.models import Membership
from fingerpost.web.tenancy.selectors.members import actor_of, current_memberships, systems, with_reach

MEMBERSHIP_KEY = "fingerpost_membership"


class ScopeMiddleware:
    """Enter the scope of whoever asks. Sets `request.actor` and `request.memberships`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        signing_in = request.path.startswith(settings.FINGERPOST_SIGN_IN_PATHS)
        actor, memberships = self._resolve(request)
        scope.enter(actor, signing_in=signing_in)
        request.actor = actor  # type: ignore[attr-defined]
        request.memberships = memberships  # type: ignore[attr-defined]
        response = self.get_response(request)
        if actor.kind == "user" and not response.has_header("Cache-Control"):
            # Practices share computers: after signing out, "back" must not show what was there.
            response["Cache-Control"] = "no-store, private"
        return response

    def _resolve(self, request: HttpRequest) -> tuple[Actor, list[Membership]]:
        key = request.session.get(SESSION_KEY)
        if key is None:
            return _visitor(), []
        user_id = UUID(key)
        # The account's own row and memberships are visible to it before any system is chosen.
        scope.enter(Actor(kind="user", id=f"user:{user_id}", label="signing in", user_id=user_id))
        if not request.user.is_authenticated:
            return _visitor(), []
        user = request.user
        memberships = current_memberships(user_id=user.pk, at=clock.now())
        if not memberships:
            return Actor(kind="user", id=f"user:{user_id}", label=user.name, user_id=user_id), []
        chosen = request.session.get(MEMBERSHIP_KEY)
        membership = next((m for m in memberships if str(m.pk) == chosen), memberships[0])
        actor = actor_of(user=user, membership=membership)
        if not actor.sees_people:
            scope.enter(actor)
            actor = with_reach(actor, on=clock.today())
        return actor, memberships


def _visitor() -> Actor:
    """Who has not signed in, in the system of the installation when it holds just one."""
    found = systems()
    return Actor.public(system_id=found[0].pk if len(found) == 1 else None)
