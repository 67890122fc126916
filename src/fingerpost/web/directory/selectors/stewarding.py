"""A steward's work: what is doubtful and much used, what waits for a decision, and what a listing once said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import ExpressionWrapper, F, IntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import NotFound
from fingerpost.kernel.london import to_london
from fingerpost.web.directory.models import (
    Listing,
    ListingTrust,
    ListingUse,
    OwnerAnswer,
    OwnerQuestion,
    Proposal,
)
from fingerpost.web.directory.policies import check_can_import
from fingerpost.web.directory.proposed_fields import PROPOSABLE, FieldChange, changed, values_of
from fingerpost.web.directory.trust import BEST, CHECKED_FROM
from fingerpost.web.directory.trust_enums import ProposalState, ProposedBy, TrustState
from fingerpost.web.foundation.actor import Actor


@dataclass(frozen=True)
class EarlierVersion:
    """One earlier state of a listing: who made it, when, and what it changed from the one before."""

    event_id: int
    at: datetime
    by: str
    changes: tuple[FieldChange, ...]


def doubtful_listings(actor: Actor, *, at: datetime) -> QuerySet[Any]:
    """Open listings that are not checked, by use times doubt: what many are sent to comes before the forgotten."""
    check_can_import(actor)
    since = _a_year_before(to_london(at).date())
    uses = (
        ListingUse.objects.filter(listing_id=OuterRef("listing_id"), month__gte=since)
        .order_by()
        .values("listing_id")
        .annotate(total=Sum("times"))
        .values("total")
    )
    use = Coalesce(Subquery(uses), Value(0), output_field=IntegerField())
    worth = ExpressionWrapper((F("use") + 1) * (BEST - F("points")), output_field=IntegerField())
    return (
        ListingTrust.objects.filter(points__lt=CHECKED_FROM)
        .exclude(state=TrustState.CLOSED)
        .select_related("listing", "listing__provider")
        .defer("listing__search_vector", "listing__source_row", "listing__provider__source_row")
        .annotate(use=use)
        .annotate(worth=worth)
        .order_by("-worth", "points", "listing_id")
    )


def waiting_proposals(actor: Actor) -> QuerySet[Proposal]:
    """What waits for a decision, the oldest first."""
    check_can_import(actor)
    waiting = Proposal.objects.filter(state=ProposalState.WAITING)
    return waiting.select_related("listing").defer("listing__search_vector").order_by("proposed_at", "id")


def proposal(actor: Actor, *, proposal_id: UUID) -> Proposal:
    """One proposal. Raises `NotFound`."""
    check_can_import(actor)
    found = Proposal.objects.select_related("listing").filter(id=proposal_id).first()
    if found is None:
        raise NotFound(_("This suggestion is not known."), remedy=_("Look at the list of what waits."))
    return found


def changes_of(one: Proposal) -> tuple[FieldChange, ...]:
    """Field by field: as it was seen, as it is proposed, as it is now."""
    now = values_of(one.listing)
    return tuple(
        FieldChange(name, one.changes[name][0], one.changes[name][1], now.get(name))
        for name in PROPOSABLE
        if name in one.changes
    )


def questions_to(actor: Actor, ids: Sequence[UUID]) -> dict[UUID, OwnerQuestion]:
    """The last question about each of several listings; one query."""
    asked = OwnerQuestion.objects.filter(listing_id__in=list(ids))
    newest = asked.order_by("listing_id", "-asked_at", "-id").distinct("listing_id")
    return {one.listing_id: one for one in newest}


def last_answer(actor: Actor, *, listing_id: UUID) -> OwnerAnswer | None:
    """The last answer of a listing's owner that stands."""
    said = OwnerAnswer.objects.filter(listing_id=listing_id, undone_at=None)
    return said.order_by("-answered_at", "-id").first()


def proposals_of(actor: Actor, *, listing_id: UUID) -> QuerySet[Proposal]:
    """What was proposed for a listing, newest first; a provider sees its own, not what others wrote about it."""
    found = Proposal.objects.filter(listing_id=listing_id)
    if actor.kind == "link":
        found = found.filter(origin=ProposedBy.PROVIDER)
    return found.order_by("-proposed_at", "-id")


def history_of(actor: Actor, *, listing_id: UUID) -> list[EarlierVersion]:
    """How a listing came to say what it says: each change of what people read, newest first."""
    check_can_import(actor)
    events = list(_events().filter(pgh_obj_id=listing_id).order_by("pgh_id"))
    found, before = [], None
    for event in events:
        now = values_of(event)
        if before is None or _differs(before, now):
            found.append(_version(event, before or now, now))
        before = now
    return found[::-1]


def values_at(actor: Actor, *, listing_id: UUID, event_id: int) -> dict[str, Any]:
    """What the listing said at one moment of its history. Raises `NotFound`."""
    check_can_import(actor)
    event = _events().filter(pgh_obj_id=listing_id, pgh_id=event_id).first()
    if event is None:
        raise NotFound(_("This listing has no such earlier state."), remedy=_("Look at its history again."))
    return values_of(event)


def _events() -> QuerySet[Any]:
    """The table that the database itself keeps of every state of every listing."""
    history = Listing._meta.get_field("history").related_model
    found: QuerySet[Any] = history._default_manager.all()
    return found


def _differs(before: dict[str, Any], now: dict[str, Any]) -> bool:
    return bool(changed(before, now))


def _version(event: Any, before: dict[str, Any], now: dict[str, Any]) -> EarlierVersion:
    changes = tuple(
        FieldChange(name, pair[0], pair[1], now=pair[1]) for name, pair in changed(before, now).items()
    )
    return EarlierVersion(event.pgh_id, event.pgh_created_at, event.actor_label, changes)


def _a_year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=1)
