"""`fingerpost docs [--check]`: the reference pages, written from the code."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from fingerpost.cli.verb import Verbs, add_verb, set_up_django
from fingerpost.kernel.errors import SourceFault

# The pages come from the code alone; settings must be readable, but no database is ever reached.
_ENOUGH = {
    "DJANGO_SETTINGS_MODULE": "fingerpost.web.config.settings.local",
    "DATABASE_URL": "postgresql://fingerpost_app@/fingerpost?host=/nowhere",
}


def register(verbs: Verbs) -> None:
    """Add the verb."""
    parser = add_verb(verbs, "docs", "Write the reference pages from the code.", _docs)
    parser.add_argument("--check", action="store_true", help="change nothing; fail if a page would change")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path("docs/reference"),
        metavar="FOLDER",
        help="where the pages are (docs/reference here, unless given)",
    )


def _docs(chosen: argparse.Namespace) -> None:
    for name, value in _ENOUGH.items():
        os.environ.setdefault(name, value)
    set_up_django()
    from fingerpost.cli.main import build_parser
    from fingerpost.docsgen.reference import differing, render_all, write

    wanted = render_all(build_parser())
    if not chosen.check:
        for path in write(chosen.folder, wanted):
            print(path)
        return
    stale = differing(chosen.folder, wanted)
    if stale:
        raise SourceFault(
            f"Pages in {chosen.folder} do not say what the code says: {', '.join(stale)}.",
            remedy="run 'fingerpost docs' and commit what it writes",
        )
