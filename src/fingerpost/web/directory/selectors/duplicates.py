"""Listings of different sources that may be one thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from fingerpost.web.directory.likeness import ENOUGH, Facts, Reason, figures, likeness, points, site_of
from fingerpost.web.directory.models import (
    DistinctPair,
    Listing,
    ListingAtLocation,
    ListingMerge,
    ListingPhone,
)
from fingerpost.web.directory.selectors.listings import open_listings
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import current_actor

# Pairs that share something exact are few; each is then looked at in full.
_PAIRS = """
WITH live AS MATERIALIZED (
    SELECT l.id, l.source_id, lower(l.name) AS name, lower(l.email) AS email,
        lower(regexp_replace(l.url, '^https?://(www[.])?|/$', '', 'gi')) AS site
    FROM directory_listing l JOIN unnest(%(open)s::uuid[]) AS o (id) ON o.id = l.id
), said AS (
    SELECT id, source_id, 'n' || name AS word FROM live
    UNION SELECT id, source_id, 's' || site FROM live WHERE site <> ''
    UNION SELECT id, source_id, 'e' || email FROM live WHERE email <> ''
    UNION SELECT live.id, live.source_id, 'p' || right(regexp_replace(p.number, '\\D', '', 'g'), 9)
        FROM live JOIN directory_listingphone p ON p.listing_id = live.id
        WHERE length(regexp_replace(p.number, '\\D', '', 'g')) >= 9
    UNION SELECT live.id, live.source_id, 'c' || replace(upper(o.postcode), ' ', '')
        FROM live JOIN directory_listingatlocation al ON al.listing_id = live.id
        JOIN directory_location o ON o.id = al.location_id WHERE o.postcode <> ''
), telling AS (
    -- What very many share tells nothing: the number of a council, the postcode of its house.
    SELECT word FROM said GROUP BY word HAVING count(*) BETWEEN 2 AND 30
)
SELECT DISTINCT least(a.id, b.id), greatest(a.id, b.id)
FROM telling JOIN said a USING (word) JOIN said b USING (word)
WHERE a.id < b.id AND a.source_id <> b.source_id
ORDER BY 1, 2 LIMIT %(most)s"""
MOST_PAIRS = 5_000


@dataclass(frozen=True)
class LikePair:
    """Two listings that may be one, with why; `points` of 100."""

    first: Listing
    second: Listing
    reasons: tuple[Reason, ...]
    points: int


def like_pairs(actor: Actor) -> list[LikePair]:
    """Pairs that a person should look at, the most alike first. Who has been found to be two is left out."""
    ids = list(open_listings(actor).order_by().values_list("id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, {"open": ids, "most": MOST_PAIRS})
        pairs = [(first, second) for first, second in cursor.fetchall()]
    known = set(DistinctPair.objects.values_list("first_id", "second_id"))
    pairs = [pair for pair in pairs if pair not in known]
    facts = facts_of({one for pair in pairs for one in pair})
    found = [(pair, likeness(facts[pair[0]], facts[pair[1]])) for pair in pairs]
    enough = [(pair, reasons) for pair, reasons in found if points(reasons) >= ENOUGH]
    rows = (
        Listing.objects.select_related("provider", "source")
        .defer("search_vector", "source_row", "provider__source_row")
        .in_bulk({one for pair, _reasons in enough for one in pair})
    )
    shown = [LikePair(rows[a], rows[b], reasons, points(reasons)) for (a, b), reasons in enough]
    return sorted(shown, key=lambda pair: (-pair.points, pair.first.name, str(pair.first.pk)))


def facts_of(ids: Iterable[UUID]) -> dict[UUID, Facts]:
    """What is compared of each listing; three queries."""
    wanted = list(ids)
    rows = Listing.objects.filter(id__in=wanted).values_list("id", "name", "url", "email", "provider__name")
    phones: dict[UUID, set[str]] = defaultdict(set)
    for listing_id, number in ListingPhone.objects.filter(listing_id__in=wanted).values_list(
        "listing_id", "number"
    ):
        phones[listing_id].add(figures(number))
    postcodes: dict[UUID, set[str]] = defaultdict(set)
    for listing_id, postcode in ListingAtLocation.objects.filter(listing_id__in=wanted).values_list(
        "listing_id", "location__postcode"
    ):
        postcodes[listing_id].add(postcode.replace(" ", "").upper())
    return {
        pk: Facts(
            name=name,
            provider=provider or "",
            postcodes=frozenset(postcodes[pk] - {""}),
            phones=frozenset(phones[pk] - {""}),
            site=site_of(url),
            email=email.lower(),
        )
        for pk, name, url, email, provider in rows
    }


def merges(actor: Actor) -> QuerySet[ListingMerge]:
    """What was made one and still is, newest first."""
    assert current_actor().system_id == actor.system_id
    found = ListingMerge.objects.filter(undone_at=None).select_related("kept__source", "merged__source")
    return found.order_by("-made_at", "-id")
