"""Two listings of one thing made one by a person, and made two again."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import InvalidValue, NotFound
from fingerpost.web.directory.actions.rows import as_json
from fingerpost.web.directory.actions.speaking import keep_own_words, keep_word, settle
from fingerpost.web.directory.field_words import SAYABLE
from fingerpost.web.directory.likeness import likeness
from fingerpost.web.directory.models import DistinctPair, FieldWord, Listing, ListingMerge
from fingerpost.web.directory.policies import check_can_import
from fingerpost.web.directory.selectors.duplicates import facts_of
from fingerpost.web.foundation.actor import Actor

_NOTHING: tuple[Any, ...] = (None, "", [])


@transaction.atomic
def merge_listings(*, kept_id: UUID, merged_id: UUID, by: Actor, at: datetime) -> ListingMerge:
    """Show one listing in place of two. What the other's source says fills what is empty, and counts by its rank.

    Connections to the other stay as they are. Raises `InvalidValue` when one of them is not to be seen any more.
    """
    check_can_import(by)
    kept, merged = _both(kept_id, merged_id)
    facts = facts_of([kept.pk, merged.pk])
    took = _take_words(kept, merged, by=by, at=at)
    merged.merged_into = kept
    merged.save(update_fields=["merged_into"])
    made = ListingMerge(
        kept=kept,
        merged=merged,
        reasons={
            "alike": [reason.code for reason in likeness(facts[kept.pk], facts[merged.pk])],
            "took": took,
        },
        made_at=at,
        made_by=by.id,
    )
    made.save(force_insert=True)
    return made


@transaction.atomic
def take_merge_back(*, merge_id: UUID, by: Actor, at: datetime) -> ListingMerge:
    """Show both listings again, each as its own source and people say."""
    check_can_import(by)
    made = ListingMerge.objects.select_for_update().filter(id=merge_id, undone_at=None).first()
    if made is None:
        raise NotFound(_("These listings are not one any more."), remedy=_("Look at the list again."))
    kept, merged = _locked(made.kept_id), _locked(made.merged_id)
    took = made.reasons["took"]
    FieldWord.objects.filter(listing=kept, source=merged.source, field__in=list(took)).delete()
    spoken = set(FieldWord.objects.filter(listing=kept, field__in=list(took)).values_list("field", flat=True))
    for name in set(took) - spoken:
        setattr(kept, name, took[name])
    kept.save(update_fields=sorted(set(took) - spoken))
    settle("listing", kept, spoken, at=at)
    merged.merged_into = None
    merged.save(update_fields=["merged_into"])
    made.undone_at, made.undone_by = at, by.id
    made.save(update_fields=["undone_at", "undone_by"])
    return made


@transaction.atomic
def say_they_are_two(*, first_id: UUID, second_id: UUID, by: Actor, at: datetime) -> None:
    """Two listings that look alike are two things: nobody is asked again."""
    check_can_import(by)
    first, second = _both(first_id, second_id)
    ids = sorted([first.pk, second.pk])
    DistinctPair.objects.get_or_create(
        first_id=ids[0], second_id=ids[1], defaults={"said_at": at, "said_by": by.id}
    )


def _take_words(kept: Listing, merged: Listing, *, by: Actor, at: datetime) -> dict[str, Any]:
    """The fields that the other's source speaks of from now on, with what stood there before."""
    if kept.source_id == merged.source_id:
        return {}
    mine, theirs = as_json(kept), as_json(merged)
    took = {
        name: mine[name]
        for name in SAYABLE["listing"]
        if theirs[name] not in _NOTHING and theirs[name] != mine[name]
    }
    keep_own_words("listing", kept, [name for name in took if mine[name] not in _NOTHING], at)
    for name in took:
        keep_word("listing", kept, name, source=merged.source, value=theirs[name], at=at, by=by.id)
    settle("listing", kept, took, at=at)
    return took


def _both(first_id: UUID, second_id: UUID) -> tuple[Listing, Listing]:
    if first_id == second_id:
        raise InvalidValue(_("These are one listing already."), expected=_("Two listings."))
    # Locked in one order, whoever merges what into what at the same moment.
    rows = {pk: _locked(pk) for pk in sorted([first_id, second_id])}
    gone = [row.name for row in rows.values() if row.gone_at or row.merged_into_id]
    if gone:
        raise InvalidValue(
            _("This listing is not shown any more: %(name)s.") % {"name": ", ".join(gone)},
            remedy=_("Look at the list again."),
        )
    return rows[first_id], rows[second_id]


def _locked(listing_id: UUID) -> Listing:
    found: Listing | None = (
        Listing.objects.select_for_update(of=("self",)).select_related("source").filter(id=listing_id).first()
    )
    if found is None:
        raise NotFound(_("This listing is not in the directory."), remedy=_("Search for it by name."))
    return found
