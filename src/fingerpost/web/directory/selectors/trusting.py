"""How far a listing may be trusted, as search asks for it: the one place where ranking and the filter look."""

from __future__ import annotations

from fingerpost.web.directory.trust_enums import TrustState

_KEPT = "FROM directory_listingtrust t WHERE t.listing_id = f.listing_id"
# As conditions and terms over a row `f` of the facts. What was landed a moment ago has no trust of its own yet.
IS_TRUSTED = f"EXISTS (SELECT 1 {_KEPT} AND t.state = %(trusted)s)"
WORTH = f"coalesce((SELECT t.weight {_KEPT}), 0.9)"


def trust_values() -> dict[str, object]:
    """The parameters that both need."""
    return {"trusted": TrustState.CHECKED.value}
