"""Saved searches: one's own, and what colleagues share."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import NotFound
from fingerpost.web.directory.models import SavedSearch
from fingerpost.web.directory.policies import can_save_searches
from fingerpost.web.foundation.actor import Actor


@dataclass(frozen=True, kw_only=True)
class SavedSearches:
    """By name: what the actor saved, and what colleagues of the same organisation share."""

    own: tuple[SavedSearch, ...] = ()
    shared: tuple[SavedSearch, ...] = ()

    def __len__(self) -> int:
        return len(self.own) + len(self.shared)


def saved_searches(actor: Actor) -> SavedSearches:
    """What the actor may open; nothing for whoever keeps none."""
    if not can_save_searches(actor):
        return SavedSearches()
    found = SavedSearch.objects.filter(organisation_id=actor.organisation_id, removed_at=None)
    rows = sorted(found, key=lambda one: (one.name.casefold(), one.id))
    return SavedSearches(
        own=tuple(one for one in rows if one.owner_id == actor.user_id),
        shared=tuple(one for one in rows if one.owner_id != actor.user_id),
    )


def saved_search(actor: Actor, *, search_id: UUID) -> SavedSearch:
    """One of the actor's own, or one that a colleague shares. Raises `NotFound`."""
    saved = saved_searches(actor)
    found = next((one for one in [*saved.own, *saved.shared] if one.id == search_id), None)
    if found is None:
        raise NotFound(
            _("This saved search is not there any more, or it is not shared with you."),
            remedy=_("Search again, and save it under a name of your own."),
        )
    return found
