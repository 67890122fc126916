"""How far listings may be relied on: facts gathered for many at once, and what the area has agreed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils.translation import gettext as _

from fingerpost.web.directory.enums import EmailState, EvidenceKind, ImportState, ListingStatus
from fingerpost.web.directory.models import (
    AreaRules,
    EmailAddress,
    ListingTrust,
    OwnerQuestion,
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
from fingerpost.web.foundation.scope import current_actor
from fingerpost.web.tenancy import api as tenancy

_MIDDAY = time(12, tzinfo=UTC)
# Everything that trust is computed from, in one row for each listing.
_FACTS = """
SELECT l.id, l.status, l.gone_at IS NOT NULL, l.source_modified_at, l.assured_on,
    (SELECT max(i.imported_at) FROM directory_sourceimport i WHERE i.source_id = l.source_id AND i.state = %(applied)s),
    said.verified_at, said.how, said.verified_by, told.kinds, told.moments, told.tellers
FROM directory_listing l
LEFT JOIN LATERAL (
    SELECT v.verified_at, v.how, v.verified_by FROM directory_verification v
    WHERE v.listing_id = l.id AND v.undone_at IS NULL ORDER BY v.verified_at DESC, v.id DESC LIMIT 1
) AS said ON true
CROSS JOIN LATERAL (
    SELECT array_agg(e.kind ORDER BY e.id) AS kinds, array_agg(e.reported_at ORDER BY e.id) AS moments,
        array_agg(e.reported_by ORDER BY e.id) AS tellers
    FROM directory_evidence e WHERE e.listing_id = l.id AND e.kind = ANY (%(kinds)s)
) AS told
WHERE l.id = ANY (%(ids)s)
"""
_COUNTED = [*EVIDENCE_THAT_COUNTS, *EVIDENCE_OF_LIFE, EvidenceKind.STILL_RIGHT]


def area_rules(actor: Actor) -> AreaRules:
    """What the area has agreed; the defaults, not saved, where it has agreed nothing yet."""
    # Written out: every search asks it, and to have the query made takes longer than to read the one row.
    own = AreaRules.objects.raw(
        "SELECT * FROM directory_arearules WHERE system_id = %s", [current_actor().system_id]
    )
    return next(iter(own), None) or AreaRules()


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


@dataclass(frozen=True)
class _Row:
    """One row of the statement."""

    listing_id: UUID
    status: str
    is_gone: bool
    source_modified_at: datetime | None
    assured_on: date | None
    read_at: datetime | None
    verified_at: datetime | None
    how: str | None
    verified_by: str | None
    kinds: list[str] | None
    moments: list[datetime] | None
    tellers: list[str] | None


def _facts_of(ids: Sequence[UUID]) -> dict[UUID, TrustFacts]:
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"ids": list(ids), "applied": ImportState.APPLIED, "kinds": _COUNTED})
        rows = [_Row(*row) for row in cursor.fetchall()]
    names = _names({row.verified_by for row in rows if row.verified_by})
    return {row.listing_id: _facts(row, names) for row in rows}


def _facts(row: _Row, names: dict[str, str]) -> TrustFacts:
    told = zip(row.kinds or (), row.moments or (), row.tellers or (), strict=True)
    learnt = tuple(Learnt(EvidenceKind(kind), at, by) for kind, at, by in told)
    assured = datetime.combine(row.assured_on, _MIDDAY) if row.assured_on else None
    dated = [moment for moment in (row.source_modified_at, assured) if moment]
    own_word = max((one.at for one in learnt if one.kind is EvidenceKind.STILL_RIGHT), default=None)
    verified_at, how, by = row.verified_at, row.how, row.verified_by or ""
    if own_word and (verified_at is None or own_word > verified_at):
        verified_at, how, by = own_word, HowVerified.OWNER, ""
    return TrustFacts(
        status=ListingStatus(row.status),
        is_gone=row.is_gone,
        verified_at=verified_at,
        verified_how=HowVerified(how) if how else None,
        verified_by=names.get(by, ""),
        source_said_at=max(dated) if dated else row.read_at,
        learnt=learnt,
    )


def _names(actor_ids: Iterable[str]) -> dict[str, str]:
    accounts = {text: UUID(text.removeprefix("user:")) for text in actor_ids if text.startswith("user:")}
    known = tenancy.user_names(list(accounts.values())) if accounts else {}
    return {text: known.get(one, _("A colleague")) for text, one in accounts.items()}


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
