"""`fingerpost directory import PATH`: listings from HSDS tables."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from uuid import UUID

from fingerpost.cli.verb import Verbs, add_group, add_verb, set_up_django
from fingerpost.kernel import clock
from fingerpost.kernel.errors import NotFound


def register(verbs: Verbs) -> None:
    """Add `directory` with its one action."""
    actions = add_group(verbs, "directory", "Listings: what people can be put in touch with.")
    importing = add_verb(
        actions,
        "import",
        "Read a directory as HSDS tables (CSV files in a folder or a zip file).",
        import_directory,
    )
    importing.add_argument(
        "path", type=Path, help="a folder or zip file that holds services.csv and the others"
    )
    importing.add_argument(
        "--source",
        default="",
        help="a short lasting name: importing under it again compares (default: from the path)",
    )
    importing.add_argument("--label", default="", help="what people see as the source (default: the name)")
    importing.add_argument(
        "--system", default="", help="which system's directory, if there are several: its short name"
    )
    importing.add_argument("--rejects", type=Path, help="where to write rows that could not land")


def import_directory(chosen: argparse.Namespace) -> None:
    """Import, print the report, and write the rejects."""
    set_up_django()
    from fingerpost.web.directory import api
    from fingerpost.web.foundation.actor import Actor
    from fingerpost.web.foundation.scope import scope
    from fingerpost.web.tenancy.api import Permission

    name = _short_name(chosen.source or _named_by(chosen.path))
    files = api.files_at(chosen.path)
    actor = Actor.system(
        reason="directory import",
        system_id=_system_id(chosen.system),
        permissions={Permission.IMPORT_DIRECTORY},
        sees_people=False,
    )
    with scope(actor):
        source = api.SourceDetails(name=name, label=chosen.label or name)
        report = api.import_directory(files=files, source=source, by=actor, at=clock.now())
    print("\n".join(report.lines()))
    if report.rejects:
        path = chosen.rejects or Path(f"{name}-rejects.csv")
        path.write_text(api.rejects_csv(report.rejects), encoding="utf-8", newline="")
        print(f"\n{len(report.rejects):,} rows could not land: {path}")


def _system_id(slug: str) -> UUID:
    """The system that was named, or the only one there is."""
    from fingerpost.web.tenancy.api import systems

    found = [one for one in systems() if slug in ("", one.slug)]
    if len(found) == 1:
        return found[0].id
    names = ", ".join(one.slug for one in systems()) or "none yet"
    raise NotFound(
        f"There is no system called {slug!r}."
        if slug
        else "It is not clear which system's directory is meant.",
        expected=f"--system with one of: {names}",
        remedy="" if systems() else "Set up a system first.",
    )


def _named_by(path: Path) -> str:
    """Folders of many sources are called `output` or `data`: the folder above then says more."""
    whole = path.resolve()
    return f"{whole.parent.name}-{whole.stem}" if whole.stem in ("output", "data", "csv") else whole.stem


def _short_name(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60] or "source"
