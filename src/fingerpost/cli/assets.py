"""`fingerpost assets`: make the style sheet and scripts, and gather every static file."""

from __future__ import annotations

import argparse
from pathlib import Path

from fingerpost.cli.verb import Verbs, add_verb, set_up_django


def register(verbs: Verbs) -> None:
    parser = add_verb(
        verbs, "assets", "make the style sheet and scripts and gather every static file", _assets
    )
    parser.add_argument(
        "--packages",
        type=Path,
        default=Path("node_modules"),
        metavar="FOLDER",
        help="the npm packages (default: node_modules here)",
    )


def _assets(chosen: argparse.Namespace) -> None:
    set_up_django()
    from django.conf import settings
    from django.core.management import call_command

    from fingerpost.web.pages.assets import build

    for path in build(Path(settings.STATICFILES_DIRS[0]), packages=chosen.packages.resolve()):
        print(path)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
