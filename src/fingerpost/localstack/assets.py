"""Building the style sheets and collecting the static files, when what they are made from has changed."""

from __future__ import annotations

from pathlib import Path

from fingerpost.localstack.commands import run_logged
from fingerpost.localstack.django import PLACEHOLDER_URL, django_environment, program
from fingerpost.localstack.node import node_environment
from fingerpost.localstack.places import Places
from fingerpost.localstack.stamps import Stamp, digest

_KINDS = {".scss", ".css", ".js", ".svg", ".png", ".ico", ".woff2"}


def ensure_assets(places: Places) -> bool:
    """Make the static files under the state folder. True if they were there already."""
    stamp, wanted = (
        Stamp(places.state / "stamps" / "assets"),
        digest(_sources(places.root), str(places.state)),
    )
    if stamp.matches(wanted) and (places.state / "static").is_dir():
        return True
    path = node_environment(places)["PATH"]
    run_logged(
        program(places, "assets"),
        log=places.logs / "assets.log",
        advice="if the log names a style sheet, put that right; else remove 'node_modules' and try again.",
        cwd=places.root,
        environ=django_environment(places, "local", PATH=path, DATABASE_URL=PLACEHOLDER_URL),
    )
    stamp.write(wanted)
    return False


def _sources(root: Path) -> list[Path]:
    web = root / "src" / "fingerpost" / "web"
    own = [file for file in web.rglob("*") if file.suffix in _KINDS or file.name == "assets.py"]
    return [*own, root / "package-lock.json", root / "requirements" / "base.txt"]
