"""`fingerpost geography import PATH`: postcodes with their places, from CSV files."""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from typing import TYPE_CHECKING

from fingerpost.cli.verb import Verbs, add_group, add_verb, set_up_django
from fingerpost.kernel import clock

if TYPE_CHECKING:
    from fingerpost.web.geography.api import PostcodesLanded, PostcodesRead


def register(verbs: Verbs) -> None:
    """Add `geography` with its one action."""
    actions = add_group(verbs, "geography", "Postcodes and areas.")
    importing = add_verb(
        actions,
        "import",
        "Read postcode files (ONSPD, NSPL, or postcode, latitude, longitude).",
        import_postcodes,
    )
    importing.add_argument("path", type=Path, help="a CSV file, or a folder of them")
    importing.add_argument(
        "--source", default="", help="what to call the source (default: the name of the file or folder)"
    )
    importing.add_argument("--rejects", type=Path, help="where to write rows that cannot be taken")


def import_postcodes(chosen: argparse.Namespace) -> None:
    """Import, print where every row went, and write the rejects."""
    set_up_django()
    from fingerpost.web.foundation.actor import Actor
    from fingerpost.web.foundation.scope import scope
    from fingerpost.web.geography import api
    from fingerpost.web.tenancy.api import Permission

    read = api.read_postcodes(chosen.path)
    source = chosen.source or chosen.path.stem
    actor = Actor.system(
        reason="geography import", permissions={Permission.IMPORT_GEOGRAPHY}, sees_people=False
    )
    with scope(actor):
        landed = api.import_postcodes(read.rows, source=source, by=actor, at=clock.now())
    _tell(read, landed)
    _keep_rejects(read, chosen.rejects or Path(f"{source}-rejects.csv"))


def _tell(read: PostcodesRead, landed: PostcodesLanded) -> None:
    for tally in read.tallies:
        print(f"{tally.file}: {tally.read:,} read = {tally.taken:,} landed + {tally.rejected:,} rejected")
    print(
        f"{landed.landed:,} postcodes landed: {landed.new:,} new, {landed.changed:,} changed, "
        f"{landed.unchanged:,} unchanged."
    )
    nowhere = sum(row.latitude is None for row in read.rows)
    if nowhere:
        print(f"{nowhere:,} of them have no coordinates in the source.")


def _keep_rejects(read: PostcodesRead, path: Path) -> None:
    from fingerpost.web.directory.api import inert

    if not read.rejects:
        return
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["file", "line", "column", "value", "reason"])
        writer.writerows(
            [inert(cell) for cell in (r.file, r.line, r.column, r.value, r.reason)] for r in read.rejects
        )
    print(f"{len(read.rejects):,} rows could not be taken: {path}")
