"""Keeping what is computed about trust in step with the facts, and saying that a listing is right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import NotFound
from fingerpost.kernel.ids import new_id
from fingerpost.web.directory.models import Listing, ListingTrust, Verification
from fingerpost.web.directory.policies import check_can_import
from fingerpost.web.directory.selectors.trust import trust_kept, trust_of_listings
from fingerpost.web.directory.trust import TRUST_RULES, Trust, is_drop
from fingerpost.web.directory.trust_enums import HowVerified, TrustReason
from fingerpost.web.foundation import jobs
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.base import system_of_scope

SEND_LINK = "directory.send_link"
ASK_OWNER = "directory.ask_owner"  # names of tasks: `tasks` is above, so jobs are put off by name
BATCH = 1000
# Time that has passed makes many fall in one night; the job of the night asks those, so many a day.
_ASKED_AT_ONCE = {rule.reason.value for rule in TRUST_RULES if rule.asks_owner} - {
    TrustReason.REVIEW_OVERDUE.value
}


@transaction.atomic
def keep_trust(ids: Iterable[UUID], *, by: Actor, at: datetime) -> int:
    """Compute the trust of these listings afresh and keep it; returns how many changed.

    One that falls is marked, and a job asks its owner: in the same transaction, so never for what did not happen.
    """
    asked = list(ids)
    changed = 0
    for start in range(0, len(asked), BATCH):
        changed += _keep(asked[start : start + BATCH], by=by, at=at)
    return changed


def rebuild_trust(*, by: Actor, at: datetime) -> int:
    """All of the system: for the night, and after an import."""
    return keep_trust(list(Listing.objects.order_by("id").values_list("id", flat=True)), by=by, at=at)


@transaction.atomic
def verify(
    *, listing_id: UUID, by: Actor, at: datetime, how: HowVerified = HowVerified.STEWARD
) -> Verification:
    """Somebody who knows says that everything about a listing is right, today."""
    if by.kind != "link":
        check_can_import(by)
    if not Listing.objects.filter(id=listing_id).exists():
        raise NotFound(_("This listing is not in the directory."), remedy=_("Search for it by name."))
    said = Verification(id=new_id(at), listing_id=listing_id, how=how, verified_at=at, verified_by=by.id)
    said.save(force_insert=True)
    keep_trust([listing_id], by=by, at=at)
    ListingTrust.objects.filter(listing_id=listing_id).update(dropped_at=None)
    return said


def _keep(ids: Sequence[UUID], *, by: Actor, at: datetime) -> int:
    before = trust_kept(by, ids)
    now = trust_of_listings(by, ids, at=at, in_words=False)
    rows = [_row(one, trust, before.get(one), at) for one, trust in now.items()]
    new = [(row, was) for row, was in rows if _differs(row, was)]
    ListingTrust.objects.bulk_create(
        [row for row, _was in new],
        update_conflicts=True,
        unique_fields=["listing"],
        update_fields=["state", "points", "weight", "reasons", "computed_at", "dropped_at"],
    )
    for row, was in new:
        if row.dropped_at == at and set(row.reasons) & _ASKED_AT_ONCE - set(was.reasons if was else ()):
            put_off_question(row.listing_id, by=by)
    return len(new)


def put_off_question(listing_id: UUID, *, by: Actor, at: datetime | None = None) -> None:
    """A job asks the owner: whoever learnt it may not write in the name of the directory's keepers."""
    if by.system_id is not None:
        jobs.defer(ASK_OWNER, key=str(listing_id), at=at, listing_id=listing_id, system_id=by.system_id)


def put_off_link(listing_id: UUID, *, by: Actor) -> None:
    """A job sends the owner the link to their listing, to the address that stands in it and to no other."""
    if by.system_id is not None:
        jobs.defer(SEND_LINK, key=str(listing_id), listing_id=listing_id, system_id=by.system_id)


def _row(
    listing_id: UUID, trust: Trust, was: ListingTrust | None, at: datetime
) -> tuple[ListingTrust, ListingTrust | None]:
    dropped = was.dropped_at if was else None
    if is_drop(was.reasons if was else (), trust.reasons):
        dropped = at
    kept = ListingTrust(
        id=was.id if was else new_id(at),
        system_id=was.system_id if was else system_of_scope(),
        listing_id=listing_id,
        state=trust.state,
        points=trust.points,
        weight=trust.weight,
        reasons=[reason.value for reason in trust.reasons],
        computed_at=at,
        dropped_at=dropped,
    )
    return kept, was


def _differs(row: ListingTrust, was: ListingTrust | None) -> bool:
    return was is None or (row.state, row.points, row.weight, row.reasons, row.dropped_at) != (
        was.state,
        was.points,
        was.weight,
        was.reasons,
        was.dropped_at,
    )
