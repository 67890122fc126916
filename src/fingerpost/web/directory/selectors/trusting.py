"""How far a listing may be trusted, as search asks for it: the one place where ranking and the filter look."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from fingerpost.kernel.london import to_london
from fingerpost.web.directory.enums import DOUBTFUL_EVIDENCE, EvidenceKind

CHECKED_WITHIN = timedelta(days=365)
_DOUBTED = """EXISTS (SELECT 1 FROM directory_evidence d
    WHERE d.listing_id = f.listing_id AND d.kind = ANY(%(doubtful)s)
    AND NOT EXISTS (SELECT 1 FROM directory_evidence r WHERE r.listing_id = d.listing_id AND r.kind = %(right)s
        AND r.reported_at > d.reported_at))"""
# As conditions and terms over a row `f` of the facts.
IS_TRUSTED = f"(f.assured_on >= %(checked_since)s AND NOT {_DOUBTED})"
WORTH = f"(CASE WHEN {_DOUBTED} THEN 0.5 WHEN f.assured_on >= %(checked_since)s THEN 1.0 ELSE 0.9 END)"


def trust_values(at: datetime) -> dict[str, object]:
    """The parameters that both need."""
    return {
        "checked_since": to_london(at).date() - CHECKED_WITHIN,
        "doubtful": [kind.value for kind in DOUBTFUL_EVIDENCE],
        "right": EvidenceKind.STILL_RIGHT.value,
    }


def was_checked_lately(assured_on: date | None, at: datetime) -> bool:
    return assured_on is not None and assured_on >= to_london(at).date() - CHECKED_WITHIN
