from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction

from fingerpost.kernel.ids import new_id
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.geography.models import PostcodeImport
from fingerpost.web.geography.policies import check_can_import_geography
from fingerpost.web.geography.records import PostcodeRow, PostcodesRead

_BATCH = 10_000

# One statement a batch: arrays in, counts out. An empty value erases nothing.
_UPSERT = """
WITH given AS (
    SELECT n.*, old.id AS old_id FROM unnest(%s::uuid[], %s::text[], %s::float8[], %s::float8[], %s::text[],
        %s::text[], %s::int2[], %s::text[], %s::date[])
        AS n (id, postcode, latitude, longitude, area_code, area_version,
        deprivation_quintile, deprivation_version, ended_on)
    LEFT JOIN geography_postcode old ON old.postcode = n.postcode
), landed AS (
    INSERT INTO geography_postcode AS p (id, postcode, latitude, longitude, area_code, area_version,
        deprivation_quintile, deprivation_version, ended_on, source, imported_at, imported_by)
    SELECT id, postcode, latitude, longitude, area_code, area_version, deprivation_quintile,
        deprivation_version, ended_on, %s, %s, %s FROM given
    ON CONFLICT (postcode) DO UPDATE SET
        (latitude, longitude) = (SELECT coalesce(excluded.latitude, p.latitude),
                                        coalesce(excluded.longitude, p.longitude)),
        (area_code, area_version) = (SELECT coalesce(nullif(excluded.area_code, ''), p.area_code),
                                            coalesce(nullif(excluded.area_version, ''), p.area_version)),
        deprivation_quintile = coalesce(excluded.deprivation_quintile, p.deprivation_quintile),
        deprivation_version = coalesce(nullif(excluded.deprivation_version, ''), p.deprivation_version),
        ended_on = coalesce(excluded.ended_on, p.ended_on),
        source = excluded.source, imported_at = excluded.imported_at, imported_by = excluded.imported_by
    WHERE (excluded.latitude IS NOT NULL
           AND (p.latitude, p.longitude) IS DISTINCT FROM (excluded.latitude, excluded.longitude))
       OR (excluded.area_code <> ''
           AND (p.area_code, p.area_version) <> (excluded.area_code, excluded.area_version))
       OR (excluded.deprivation_quintile IS NOT NULL AND (p.deprivation_quintile, p.deprivation_version)
           IS DISTINCT FROM (excluded.deprivation_quintile, excluded.deprivation_version))
       OR (excluded.ended_on IS NOT NULL AND p.ended_on IS DISTINCT FROM excluded.ended_on)
    RETURNING p.id
)
SELECT count(*) FILTER (WHERE g.old_id IS NULL), count(*) FILTER (WHERE g.old_id IS NOT NULL)
FROM landed JOIN given g ON landed.id = coalesce(g.old_id, g.id)
"""


@dataclass(frozen=True, slots=True)
class PostcodesLanded:
    """What an import did; `new + changed + unchanged` is every row that was given."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    @property
    def landed(self) -> int:
        return self.new + self.changed + self.unchanged


@transaction.atomic
def import_postcodes(rows: Iterable[PostcodeRow], *, source: str, by: Actor, at: datetime) -> PostcodesLanded:
    """Write postcodes, each at most once in `rows`. All land or none; the same rows again change nothing.

    A list that does not say where a postcode is, or in which area, does not erase what another list said.
    """
    check_can_import_geography(by)
    new = changed = total = 0
    for batch in _batches(rows):
        with connection.cursor() as cursor:
            cursor.execute(_UPSERT, [*_columns(batch), source, at, by.id])
            added, altered = cursor.fetchone()
        new, changed, total = new + added, changed + altered, total + len(batch)
    return PostcodesLanded(new, changed, total - new - changed)


@transaction.atomic
def import_and_keep_report(*, read: PostcodesRead, source: str, by: Actor, at: datetime) -> PostcodeImport:
    """Write the postcodes of files that were read, and keep where every row went, refused ones whole."""
    landed = import_postcodes(read.rows, source=source, by=by, at=at)
    done = PostcodeImport(
        id=new_id(at),
        source=source,
        imported_at=at,
        imported_by=by.id,
        counts={
            "files": [asdict(tally) for tally in read.tallies],
            "nowhere": sum(row.latitude is None for row in read.rows),
            **asdict(landed),
        },
        rejects=[asdict(reject) for reject in read.rejects],
    )
    done.save(force_insert=True)
    return done


def _batches(rows: Iterable[PostcodeRow]) -> Iterator[list[PostcodeRow]]:
    queue = iter(rows)
    while batch := list(islice(queue, _BATCH)):
        yield batch


def _columns(batch: Sequence[PostcodeRow]) -> list[list[Any]]:
    return [
        [new_id() for _ in batch],
        [row.postcode.value for row in batch],
        [row.latitude for row in batch],
        [row.longitude for row in batch],
        [row.area_code for row in batch],
        [row.area_version for row in batch],
        [row.deprivation_quintile for row in batch],
        [row.deprivation_version for row in batch],
        [row.ended_on for row in batch],
    ]
