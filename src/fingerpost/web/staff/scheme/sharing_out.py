"""Who could take the next case: the workers of a scheme and how many open cases each has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fingerpost.web.casework import api as casework
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Permission


@dataclass(frozen=True)
class Worker:
    """Somebody who holds cases. `leads`: shares out work, and so is suggested last."""

    id: UUID
    name: str
    open_cases: int
    leads: bool

    @property
    def load(self) -> str:
        """How many, in words."""
        if not self.open_cases:
            return _("no open cases")
        return ngettext("%(n)s open case", "%(n)s open cases", self.open_cases) % {"n": self.open_cases}


def workers(actor: Actor, *, at: datetime) -> list[Worker]:
    """Everybody in the actor's scheme who may hold a case, by name."""
    if actor.organisation_id is None:
        return []
    holders = tenancy.colleagues_with(
        permission=Permission.HOLD_CASES, organisation_id=actor.organisation_id, at=at
    )
    leads = tenancy.colleagues_with(
        permission=Permission.ASSIGN, organisation_id=actor.organisation_id, at=at
    )
    lead_ids, counts = {one.pk for one in leads}, casework.caseloads(actor)
    return [Worker(one.pk, one.name, counts.get(one.pk, 0), one.pk in lead_ids) for one in holders]


def suggested(among: list[Worker]) -> Worker | None:
    """The link worker with the fewest open cases, the first by name among equals; a lead when there is none."""
    return min(among, key=lambda one: (one.leads, one.open_cases, one.name), default=None)
