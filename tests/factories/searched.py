"""The three directories in which search is judged, the judged queries, and plain full text beside ours."""

from __future__ import annotations

import csv
import io
import tomllib
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from tests.factories.listings import shared_data
from tests.factories.world import World

from fingerpost.stats import ndcg
from fingerpost.web.demo.town import load_town
from fingerpost.web.directory import api as directory
from fingerpost.web.foundation.actor import Actor

JUDGED = Path(__file__).parents[1] / "proofs" / "judged" / "search.toml"
AT = 10
_PLAIN = """
SELECT l.source_key FROM directory_listing l, (SELECT {query} AS q) AS asked, LATERAL (SELECT to_tsvector('english',
    concat_ws(' ', l.name, l.alternate_name, l.search_words, l.description, l.eligibility)) AS v) AS text
WHERE l.system_id = %(system)s AND v @@ q ORDER BY ts_rank(v, q) DESC, l.name, l.id LIMIT 10
"""
_ALL_WORDS = "plainto_tsquery('english', %(words)s)"
_ANY_WORD = f"replace({_ALL_WORDS}::text, '&', '|')::tsquery"


@dataclass(frozen=True)
class Query:
    """One query with the grade of every listing that is not nought."""

    number: int
    corpus: str
    words: str
    grades: dict[str, int]


def judged() -> list[Query]:
    """The sixty queries; odd numbers are for tuning."""
    return [
        Query(
            number=each["number"],
            corpus=each["corpus"],
            words=each["words"],
            grades=dict.fromkeys(each["helps"], 1) | dict.fromkeys(each["answers"], 2),
        )
        for each in tomllib.loads(JUDGED.read_text(encoding="utf-8"))["query"]
    ]


def records_of(corpus: str) -> directory.DirectoryRecords:
    """The listings of one corpus."""
    if corpus == "town":
        return town_listings()
    if corpus == "illinois":
        return directory.read_hsds(directory.files_at(shared_data("directories/illinois-legal-aid/output")))
    return _charities(shared_data("directories/harrow-charities/charities.csv"))


def town_listings() -> directory.DirectoryRecords:
    """The town's listings with their words and needs; places play no part in a search by words."""
    return directory.DirectoryRecords(
        listings=[
            directory.ListingRecord(
                key=each.id,
                name=each.name,
                description=each.description,
                needs=tuple(each.needs),
                search_words=tuple(each.search_words),
                status=directory.ListingStatus.ACTIVE,
            )
            for each in load_town().listings
        ]
    )


def _charities(path: Path) -> directory.DirectoryRecords:
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8", errors="replace")))
    found = {row["charity_number"]: row for row in rows if not row["removed"]}
    return directory.DirectoryRecords(
        listings=[
            directory.ListingRecord(
                key=number,
                name=row["title"].title(),
                description=row["activities"].capitalize(),
                status=directory.ListingStatus.ACTIVE,
            )
            for number, row in found.items()
        ]
    )


def ours(actor: Actor, world: World, query: Query) -> float:
    """nDCG@10 of the search box."""
    criteria = directory.SearchCriteria(words=query.words, per_page=AT)
    hits = directory.search(actor, criteria, at=world.at).hits
    return _score([hit.listing.source_key for hit in hits], query)


def plain(actor: Actor, query: Query) -> float:
    """nDCG@10 of PostgreSQL's full text as it comes, ranked by ts_rank: all words, and any where nothing has all."""
    values = {"words": query.words, "system": actor.system_id}
    with connection.cursor() as cursor:
        for words in (_ALL_WORDS, _ANY_WORD):
            cursor.execute(_PLAIN.format(query=words), values)
            keys = [key for (key,) in cursor.fetchall()]
            if keys:
                return _score(keys, query)
    return 0.0


def _score(keys: list[str], query: Query) -> float:
    return ndcg([query.grades.get(key, 0) for key in keys], list(query.grades.values()), at=AT)
