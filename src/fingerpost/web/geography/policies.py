from __future__ import annotations

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.policies import as_bool
from fingerpost.web.tenancy.api import Permission


def check_can_import_geography(actor: Actor) -> None:
    if not actor.has(Permission.IMPORT_GEOGRAPHY):
        raise NotAllowed(
            _("Your role does not import postcodes."),
            reason="no_permission",
            remedy=_("Ask an administrator to do it."),
        )


can_import_geography = as_bool(check_can_import_geography)
