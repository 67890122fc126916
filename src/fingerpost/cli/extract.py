"""`fingerpost extract --to DIR --project NAME --key FILE`: one system as pseudonymised interchange tables."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from fingerpost.cli._system import system_named
from fingerpost.cli.verb import Verbs, add_verb, set_up_django
from fingerpost.kernel import clock


def register(verbs: Verbs) -> None:
    """Add the verb."""
    parser = add_verb(
        verbs, "extract", "Write one system's journeys, pseudonymised, into a new folder.", _extract
    )
    parser.add_argument("--to", type=Path, required=True, metavar="DIR", help="the folder; must be new")
    parser.add_argument(
        "--project", required=True, metavar="NAME", help="what the extract is for, such as camber-2027"
    )
    parser.add_argument(
        "--key",
        type=Path,
        required=True,
        metavar="FILE",
        help="the project's key file, readable by you alone",
    )
    parser.add_argument("--make-key", action="store_true", help="make the key file first; it must be new")
    parser.add_argument("--system", default="", metavar="SLUG", help="which system, if there are several")
    parser.add_argument(
        "--until",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="the last day of data (yesterday unless given: a day that is not over misleads)",
    )


def _extract(chosen: argparse.Namespace) -> None:
    from fingerpost.interchange.keys import make_key, read_key
    from fingerpost.interchange.pseudonyms import Pseudonymiser

    set_up_django()
    from fingerpost.web.extract.api import extract_system

    system = system_named(chosen.system)
    key = make_key(chosen.key) if chosen.make_key else read_key(chosen.key)
    extract = extract_system(
        system_id=system.id,
        destination=chosen.to,
        names=Pseudonymiser(key, project=chosen.project),
        at=clock.now(),
        data_to=chosen.until,
    )
    held = extract.manifest
    rows = ", ".join(f"{table.rows:,} rows in {table.file}" for table in held.tables.values())
    print(f"{system.name}, up to {held.data_to.isoformat()}: {rows}.")
    print("Opt-outs: none are held yet, so none were applied; see README.md in the folder.")
    print(f"Written: {chosen.to}")
