"""Small directories for an administrator to bring in, as zip files of HSDS tables."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.system.person import Someone

LIBRARY = Path(__file__).parents[3] / "docs" / "tutorials" / "library-directory"
Rows = Sequence[Sequence[str]]


def zip_of_library(folder: Path) -> Path:
    """The directory of the tutorial, as its reader may zip it."""
    return zip_of(folder / "library.zip", {file.name: file.read_text() for file in LIBRARY.glob("*.csv")})


def zip_of_groups(folder: Path, names: Sequence[str]) -> Path:
    """Groups that all meet in one hall, each with an e-mail address that nobody has checked."""
    groups: Rows = [
        ["id", "name", "description", "email", "status"],
        *[
            [f"g{n}", name, f"{name}: company and something to do.", f"group{n}@groups.example", "active"]
            for n, name in enumerate(names)
        ],
    ]
    places: Rows = [["id", "name", "latitude", "longitude"], ["hall", "Weir Bank Hall", "54.4943", "1.4096"]]
    where: Rows = [["service_id", "location_id"], *[[f"g{n}", "hall"] for n in range(len(names))]]
    tables = {"services.csv": groups, "locations.csv": places, "service_at_locations.csv": where}
    return zip_of(folder / "groups.zip", {name: _csv(rows) for name, rows in tables.items()})


def bring_in(administrator: Someone, file: Path, label: str) -> None:
    """Import a file as a new source, and land on its report."""
    administrator.menu("Imports").look()
    administrator.link("Import a directory").look("Import a directory")
    administrator.page.get_by_label("Files").set_input_files(file)
    if administrator.page.get_by_label("A new source").count():
        administrator.choose("A new source")
    administrator.type("What do you call this source?", label)
    main = administrator.page.locator("main")
    administrator.button("See what would change", within=main).look("What would be imported")
    administrator.button("Import this", within=main).look("What was imported")


def zip_of(path: Path, files: Mapping[str, str]) -> Path:
    """A zip file of these texts."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def _csv(rows: Rows) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()
