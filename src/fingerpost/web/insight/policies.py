"""Who may see counts of the pathway."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.tenancy.api import PERMISSION_WORDS, Permission


def check_can_see_counts(actor: Actor) -> None:
    """Raise `NotAllowed`, in words, unless the actor's role includes counts of the pathway."""
    if not actor.has(Permission.SEE_FUNNEL):
        raise NotAllowed(
            _("This page is not part of your role. It is for those who may: %(what)s.")
            % {"what": PERMISSION_WORDS[Permission.SEE_FUNNEL]},
            reason="no_permission",
            remedy=_("If you work in another role too, change to it under your name at the top of the page."),
        )
