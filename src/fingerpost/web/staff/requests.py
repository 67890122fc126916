"""What a request of these pages carries, and the check that a role may open a page at all."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pages.who_reads_what import asks_for
from fingerpost.web.tenancy.api import PERMISSION_WORDS, Membership, Permission

View = Callable[..., HttpResponseBase]


class StaffRequest(HttpRequest):
    """A request after the scope middleware."""

    actor: Actor
    memberships: list[Membership]


def check_holds(actor: Actor, permission: Permission) -> None:
    """Raise `NotAllowed`, in words, unless the actor's role includes `permission`."""
    if not actor.has(permission):
        raise NotAllowed(
            _("This page is not part of your role. It is for those who may: %(what)s.")
            % {"what": PERMISSION_WORDS[permission]},
            reason="no_permission",
            remedy=_("If you work in another role too, change to it under your name at the top of the page."),
        )


def for_those_who(permission: Permission) -> Callable[[View], View]:
    """Open a view only to roles with `permission`. What an action needs beyond it is the action's policy."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            check_holds(request.actor, permission)
            return view(request, *args, **kwargs)

        return asks_for(permission)(guarded)

    return decorate
