"""The same rows in DuckDB and in tantivy, asked the same questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import psycopg
import tantivy

from fingerpost.localstack.postgres import MAINTENANCE, Cluster
from fingerpost.web.geography.api import box_around

if TYPE_CHECKING:
    from tests.factories.many_listings import Asked

_ROWS = """
SELECT l.id::text, l.name || ' ' || l.description, l.needs, tsvector_to_array(f.words), l.cost_pence,
    f.latitude, f.longitude FROM directory_listing l JOIN directory_searchfacts f ON f.listing_id = l.id ORDER BY l.id
"""
_KM = """12742.0176 * asin(sqrt(least(1.0, power(sin(radians(lat - $lat) / 2), 2)
    + cos(radians($lat)) * cos(radians(lat)) * power(sin(radians(lon - $lon) / 2), 2))))"""


def rows_of(cluster: Cluster, database: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(cluster.url(MAINTENANCE, database)) as connection:
        return [
            (
                id,
                text.lower(),
                [*(f"need/{n}" for n in needs), *(w for w in words if "/" in w and "need/" not in w)],
                *rest,
            )
            for id, text, needs, words, *rest in connection.execute(_ROWS)
        ]


def offers(one: Asked) -> list[list[str]]:
    """What must be offered, one of each group; written apart from the product's own reading of criteria."""
    c = one.criteria
    groups = [[f"need/{need}" for need in c.needs], [f"day/{day}" for day in c.days]]
    if c.part_of_day:
        parts = [f"at/{day}/{c.part_of_day}" for day in c.days] or [f"at/{c.part_of_day}"]
        groups[1] = parts
    groups += [["cost/free"] if c.free_only else [], [f"speaks/{c.speaks}"] if c.speaks else []]
    groups += [["stepfree/yes"] if c.step_free_only else [], ["for/women"] if c.only_for else []]
    return [group for group in groups if group]


class DuckPeer:
    """One table in memory."""

    name = f"DuckDB {duckdb.__version__}"
    knows_circles = True

    def __init__(self, rows: list[tuple[Any, ...]]) -> None:
        import pyarrow as pa

        columns = list(zip(*rows, strict=True))
        names = ["id", "text", "offers", "pence", "lat", "lon"]
        arrow_rows = pa.table(dict(zip(names, map(list, columns), strict=True)))  # noqa: F841 - DuckDB finds it by its name in the next statement
        self.base = duckdb.connect()
        self.base.execute(
            "CREATE TABLE listing AS SELECT *, string_split(text, ' ') AS words FROM arrow_rows"
        )

    def ask(self, one: Asked) -> int:
        """How many have every word, else how many have some of them."""
        found = self._ask(one, " AND ")
        return found if found or " " not in one.criteria.words else self._ask(one, " OR ")

    def _ask(self, one: Asked, joined: str) -> int:
        c, values = one.criteria, {}
        said = [f"list_contains(words, '{word}')" for word in c.words.split()]
        where = [f"({joined.join(said)})"] if said else []
        where += [f"list_has_any(offers, {group})" for group in offers(one)]
        if c.max_cost_pence is not None:
            where.append(f"pence <= {c.max_cost_pence}")
        if c.near and c.max_km:
            where.append(f"(lat IS NULL OR {_KM} <= {c.max_km})")
            values = {"lat": c.near.latitude, "lon": c.near.longitude}
        order = f"{_KM} NULLS LAST" if values else "id"
        found = self.base.execute(
            f"SELECT id, count(*) OVER () FROM listing WHERE {' AND '.join(where)} ORDER BY {order}, id LIMIT 10",
            values,
        ).fetchall()
        return found[0][1] if found else 0


class TantivyPeer:
    """An index in memory; words and offers are terms, places a box."""

    name = f"tantivy {tantivy.__version__}"
    knows_circles = False

    def __init__(self, rows: list[tuple[Any, ...]]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text")
        builder.add_text_field("offers", tokenizer_name="raw")
        builder.add_integer_field("pence", indexed=True, fast=True)
        builder.add_float_field("lat", indexed=True, fast=True)
        builder.add_float_field("lon", indexed=True, fast=True)
        self.schema = builder.build()
        self.index = tantivy.Index(self.schema)
        writer = self.index.writer(200_000_000, 1)
        for _id, text, offered, pence, lat, lon in rows:
            document = tantivy.Document(
                text=text, offers=offered if lat is not None else [*offered, "place/none"]
            )
            if pence is not None:
                document.add_integer("pence", pence)
            if lat is not None:
                document.add_float("lat", lat)
                document.add_float("lon", lon)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def _term(self, field: str, value: str) -> tantivy.Query:
        return tantivy.Query.term_query(self.schema, field, value)

    def ask(self, one: Asked) -> int:
        """How many have every word, else how many have some of them."""
        found = self._ask(one, tantivy.Occur.Must)
        return found if found or " " not in one.criteria.words else self._ask(one, tantivy.Occur.Should)

    def _ask(self, one: Asked, each: tantivy.Occur) -> int:
        must, should, c = tantivy.Occur.Must, tantivy.Occur.Should, one.criteria
        said = [(each, self._term("text", word)) for word in c.words.split()]
        parts = [(must, tantivy.Query.boolean_query(said))] if said else []
        for group in offers(one):
            either = [(should, self._term("offers", offer)) for offer in group]
            parts.append((must, tantivy.Query.boolean_query(either)))
        kind = tantivy.FieldType
        if c.max_cost_pence is not None:
            ranged = tantivy.Query.range_query(self.schema, "pence", kind.Integer, 0, c.max_cost_pence)
            parts.append((must, ranged))
        if c.near and c.max_km:
            box = box_around(c.near, c.max_km)
            inside = tantivy.Query.boolean_query(
                [
                    (must, tantivy.Query.range_query(self.schema, "lat", kind.Float, box.south, box.north)),
                    (must, tantivy.Query.range_query(self.schema, "lon", kind.Float, box.west, box.east)),
                ]
            )
            nowhere = self._term("offers", "place/none")
            parts.append((must, tantivy.Query.boolean_query([(should, inside), (should, nowhere)])))
        query = tantivy.Query.boolean_query(parts) if parts else tantivy.Query.all_query()
        return self.searcher.search(query, 10, count=True).count
