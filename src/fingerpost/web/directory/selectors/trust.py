"""How far listings may be relied on: facts gathered for many at once, and what the area has agreed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Max, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils.translation import gettext as _

from fingerpost.web.directory.enums import EmailState, EvidenceKind, ImportState, ListingStatus
from fingerpost.web.directory.models import (
    AreaRules,
    EmailAddress,
    Evidence,
    Listing,
    ListingTrust,
    OwnerQuestion,
    SourceImport,
    Verification,
)
from fingerpost.web.directory.trust import (
    EVIDENCE_OF_LIFE,
    EVIDENCE_THAT_COUNTS,
    Learnt,
    Terms,
    Trust,
    TrustFacts,
    trust_of,
)
from fingerpost.web.directory.trust_enums import HowVerified, TrustReason
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.tenancy import api as tenancy

_MIDDAY = time(12, tzinfo=UTC)
_COLUMNS = ("id", "status", "gone_at", "source_id", "source_modified_at", "assured_on")


def area_rules(actor: Actor) -> AreaRules:
    """What the area has agreed; the defaults, not saved, where it has agreed nothing yet."""
    return AreaRules.objects.select_related("asks_as").first() or AreaRules()


def terms_of(rules: AreaRules) -> Terms:
    return Terms(review_months=rules.review_months, grace_days=rules.grace_days)


def capacity_lasts(actor: Actor, rules: AreaRules | None = None) -> timedelta:
    """How long what was said about room holds."""
    return timedelta(days=(rules or area_rules(actor)).capacity_days)


def trust_of_listings(
    actor: Actor,
    ids: Iterable[UUID],
    *,
    at: datetime,
    in_words: bool = True,
    rules: AreaRules | None = None,
) -> dict[UUID, Trust]:
    """The trust of each listing, computed from what is known at `at`; a fixed number of queries."""
    terms = terms_of(rules or area_rules(actor))
    facts = _facts_of(list(ids))
    return {one: trust_of(known, terms=terms, at=at, in_words=in_words) for one, known in facts.items()}


def trust_kept(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, ListingTrust]:
    """What search goes by, as last computed."""
    return {one.listing_id: one for one in ListingTrust.objects.filter(listing_id__in=list(ids))}


def last_question(actor: Actor, *, listing_id: UUID) -> OwnerQuestion | None:
    """The last question to the owner of a listing."""
    return OwnerQuestion.objects.filter(listing_id=listing_id).order_by("-asked_at", "-id").first()


def verifications_of(actor: Actor, *, listing_id: UUID) -> QuerySet[Verification]:
    """Who said that a listing is right, newest first, without what was taken back."""
    return Verification.objects.filter(listing_id=listing_id, undone_at=None).order_by("-verified_at", "-id")


def _facts_of(ids: Sequence[UUID]) -> dict[UUID, TrustFacts]:
    rows = list(Listing.objects.filter(id__in=ids).values(*_COLUMNS))
    read = _last_read({row["source_id"] for row in rows})
    learnt = _learnt(ids)
    verified = _verified(ids)
    names = _names({one.verified_by for one in verified.values()})
    return {
        row["id"]: _facts(row, verified.get(row["id"]), names, read, learnt.get(row["id"], ()))
        for row in rows
    }


def _facts(
    row: dict[str, Any],
    verified: Verification | None,
    names: dict[str, str],
    read: dict[UUID, datetime],
    learnt: Sequence[Learnt],
) -> TrustFacts:
    said = [row["source_modified_at"]]
    if row["assured_on"]:
        said.append(datetime.combine(row["assured_on"], _MIDDAY))
    dated = [moment for moment in said if moment]
    own_word = max((one.at for one in learnt if one.kind is EvidenceKind.STILL_RIGHT), default=None)
    if own_word and (verified is None or own_word > verified.verified_at):
        verified = Verification(how=HowVerified.OWNER, verified_at=own_word)
    return TrustFacts(
        status=ListingStatus(row["status"]),
        is_gone=row["gone_at"] is not None,
        verified_at=verified.verified_at if verified else None,
        verified_how=HowVerified(verified.how) if verified else None,
        verified_by=names.get(verified.verified_by, "") if verified else "",
        source_said_at=max(dated) if dated else read.get(row["source_id"]),
        learnt=tuple(learnt),
    )


def _last_read(sources: Iterable[UUID]) -> dict[UUID, datetime]:
    done = SourceImport.objects.filter(source_id__in=list(sources), state=ImportState.APPLIED)
    return dict(done.values_list("source_id").annotate(last=Max("imported_at")))


def _verified(ids: Sequence[UUID]) -> dict[UUID, Verification]:
    """The last standing word about each."""
    said = Verification.objects.filter(listing_id__in=ids, undone_at=None)
    newest = said.order_by("listing_id", "-verified_at", "-id").distinct("listing_id")
    return {one.listing_id: one for one in newest}


def _names(actor_ids: Iterable[str]) -> dict[str, str]:
    accounts = {text: UUID(text.removeprefix("user:")) for text in actor_ids if text.startswith("user:")}
    known = tenancy.user_names(list(accounts.values())) if accounts else {}
    return {text: known.get(one, _("A colleague")) for text, one in accounts.items()}


def _learnt(ids: Sequence[UUID]) -> dict[UUID, list[Learnt]]:
    found: dict[UUID, list[Learnt]] = defaultdict(list)
    kinds = [*EVIDENCE_THAT_COUNTS, *EVIDENCE_OF_LIFE, EvidenceKind.STILL_RIGHT]
    told = Evidence.objects.filter(listing_id__in=ids, kind__in=kinds)
    for listing, kind, at, by in told.values_list("listing_id", "kind", "reported_at", "reported_by"):
        found[listing].append(Learnt(EvidenceKind(kind), at, by))
    return found


def fallen(actor: Actor) -> QuerySet[ListingTrust]:
    """Listings whose owner is still to be asked about what made them fall, and can be: others wait in no queue."""
    return _askable(ListingTrust.objects.exclude(dropped_at=None)).order_by(F("points"), "listing_id")


def due_for_review(actor: Actor, *, asked_before: datetime) -> QuerySet[ListingTrust]:
    """Listings that are due for their check, whose owner can be asked and was not since that moment."""
    due = ListingTrust.objects.filter(reasons__contains=[TrustReason.REVIEW_DUE.value])
    lately = OwnerQuestion.objects.filter(listing_id=OuterRef("listing_id"), asked_at__gt=asked_before)
    return _askable(due).exclude(Exists(lately)).order_by("listing_id")


def _askable(kept: QuerySet[ListingTrust]) -> QuerySet[ListingTrust]:
    """Those with an address that may be written to: one query, where asking each would be several for each."""
    own, providers = NullIf(F("listing__email"), Value("")), F("listing__provider__email")
    known = EmailAddress.objects.filter(
        address=OuterRef("address"), state__in=[EmailState.CHECKED, EmailState.CONFIRMED]
    )
    return kept.annotate(address=Lower(Coalesce(own, providers))).filter(Exists(known))
