"""A steward says how much a rule of suggestions weighs."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import InvalidValue, NotAllowed, NotFound
from fingerpost.web.connections.models import SuggestionRule
from fingerpost.web.connections.suggestion_rules import HEAVIEST, RULES
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.tenancy.api import Permission


@transaction.atomic
def weigh_rule(*, key: str, weight: int, by: Actor, at: datetime) -> None:
    """0 switches the rule off. The weight that it came with leaves no row."""
    if not by.has(Permission.IMPORT_DIRECTORY):
        raise NotAllowed(_("Your role does not change what is suggested."), reason="no_permission")
    rule = next((one for one in RULES if one.key == key), None)
    if rule is None:
        raise NotFound(_("There is no such rule."))
    if not 0 <= weight <= HEAVIEST:
        raise InvalidValue(
            _("This is not a weight."),
            field=key,
            expected=_("A number from 0 to %(most)s.") % {"most": HEAVIEST},
        )
    if weight == rule.weight:
        SuggestionRule.objects.filter(key=key).delete()
        return
    SuggestionRule.objects.update_or_create(
        system_id=by.system_id,
        key=key,
        defaults={"weight": weight, "changed_at": at, "changed_by": by.id, "changed_by_name": by.label},
    )
