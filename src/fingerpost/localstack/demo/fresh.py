"""Starting over: asking first, then removing what the demo made and nothing else."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from fingerpost.localstack.demo.accounts import accounts_file
from fingerpost.localstack.demo.database import demo_cluster
from fingerpost.localstack.failures import LocalFailure
from fingerpost.localstack.places import Places


def confirm(places: Places) -> bool:
    """Ask in the terminal whether the demo's data may go."""
    if not sys.stdin.isatty():
        raise LocalFailure(
            "--fresh asks before it removes the demo's data, and nobody can answer here.", "add --yes."
        )
    print(f"This removes the demo's database and everything you entered in it, under {places.demo}.")
    return input("Type 'yes' to start over: ").strip().lower() in ("yes", "y")


def remove_demo(places: Places) -> None:
    """Remove the demo's cluster, wherever it lives, its keys and its static files. Packages stay."""
    if places.demo.exists():
        demo_cluster(places).destroy()
        shutil.rmtree(places.demo)
    for folder in ("static", "assets", "stamps"):
        shutil.rmtree(places.state / folder, ignore_errors=True)
    leftover: Path = accounts_file(places)
    leftover.unlink(missing_ok=True)
