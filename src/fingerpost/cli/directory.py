"""`fingerpost directory import | apply | undo`: listings from tables, spreadsheets, data packages and feeds."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

from fingerpost.cli.verb import Verbs, add_group, add_verb, set_up_django
from fingerpost.kernel import clock
from fingerpost.kernel.errors import NotFound

if TYPE_CHECKING:
    from fingerpost.web.directory.api import ImportReport, SourceDetails, SourceImport, SourceKind
    from fingerpost.web.foundation.actor import Actor

_FEED_KINDS = {"oruk3": "feed_oruk3", "oruk1": "feed_oruk1", "openactive": "feed_rpde"}


def register(verbs: Verbs) -> None:
    """Add `directory` with its actions."""
    actions = add_group(verbs, "directory", "Listings: what people can be put in touch with.")
    importing = add_verb(
        actions,
        "import",
        "Read a directory: HSDS tables or a data package, a spreadsheet, a list of terms, or a feed.",
        import_directory,
    )
    importing.add_argument(
        "path",
        type=Path,
        nargs="?",
        help="a folder or zip file that holds services.csv and the others, or any spreadsheet (.csv, .xlsx)",
    )
    importing.add_argument(
        "--columns",
        type=Path,
        metavar="JSON",
        help="of a spreadsheet: what each column is, {file: {column: field}}; without it a guess is printed",
    )
    importing.add_argument("--terms", action="store_true", help="the files are lists of terms, not listings")
    importing.add_argument(
        "--try", action="store_true", dest="only_try", help="say what would change, and change nothing"
    )
    importing.add_argument(
        "--although-it-shrank",
        action="store_true",
        help="import although many listings of the source are gone at once",
    )
    importing.add_argument(
        "--feed",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="instead of a path: where a feed is published (of OpenActive several, each with --feed)",
    )
    importing.add_argument("--kind", choices=sorted(_FEED_KINDS), help="what kind of feed it is")
    importing.add_argument(
        "--every",
        type=int,
        default=0,
        metavar="HOURS",
        help="read the feed again by itself every so many hours (default: 0, only when asked)",
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
    for name, words, perform in (
        ("apply", "Do what an import that was only tried would change.", apply_import),
        ("undo", "Bring back what was there before an import.", undo_import),
    ):
        step = add_verb(actions, name, words, perform)
        step.add_argument("import_id", type=UUID, help="the id that `directory import` printed")
        step.add_argument("--system", default="", help="which system's directory, if there are several")
        if name == "apply":
            step.add_argument("--although-it-shrank", action="store_true", help="somebody has looked")


def import_directory(chosen: argparse.Namespace) -> None:
    """Import, print the report, and write the rejects."""
    set_up_django()
    _check_one_way(chosen)
    from fingerpost.web.directory import api
    from fingerpost.web.foundation.scope import scope

    name = _short_name(chosen.source or (_host(chosen.feed[0]) if chosen.feed else _named_by(chosen.path)))
    files = {} if chosen.feed else api.files_at(chosen.path)
    settings = {} if chosen.feed else _settings(chosen, files)
    source = api.SourceDetails(name=name, label=chosen.label or name, kind=_kind(chosen, files))
    actor = _importer(chosen.system)
    if chosen.feed:
        report = _import_feed(chosen, source, actor)
    elif chosen.only_try:
        with scope(actor):
            _say_what_would_change(
                api.try_import(files=files, settings=settings, source=source, by=actor, at=clock.now()),
                actor,
            )
        return
    else:
        with scope(actor):
            report = api.import_directory(
                files=files,
                settings=settings,
                source=source,
                although_it_shrank=chosen.although_it_shrank,
                by=actor,
                at=clock.now(),
            )
    if report is None:
        print("The feed has lost many listings at once. It is held until somebody has looked: see Imports.")
        return
    print("\n".join(report.lines()))
    print(f"\nTo undo it: fingerpost directory undo {report.import_id}")
    if report.rejects:
        path = chosen.rejects or Path(f"{name}-rejects.csv")
        path.write_text(api.rejects_csv(report.rejects), encoding="utf-8", newline="")
        print(f"\n{len(report.rejects):,} rows could not land: {path}")


def apply_import(chosen: argparse.Namespace) -> None:
    """Do what was looked at."""
    set_up_django()
    from fingerpost.web.directory import api
    from fingerpost.web.foundation.scope import scope

    actor = _importer(chosen.system)
    with scope(actor):
        api.apply_import(
            import_id=chosen.import_id,
            although_held=chosen.although_it_shrank,
            by=actor,
            at=clock.now(),
        )
    print("Imported.")


def undo_import(chosen: argparse.Namespace) -> None:
    """Bring back what was there before."""
    set_up_django()
    from fingerpost.web.directory import api
    from fingerpost.web.foundation.scope import scope

    actor = _importer(chosen.system)
    with scope(actor):
        api.undo_import(import_id=chosen.import_id, by=actor, at=clock.now())
    print("Undone: the directory is as it was before that import.")


def _importer(system: str) -> Actor:
    from fingerpost.web.foundation.actor import Actor
    from fingerpost.web.tenancy.api import Permission

    return Actor.system(
        reason="directory import",
        system_id=_system_id(system),
        permissions={Permission.IMPORT_DIRECTORY},
        sees_people=False,
    )


def _kind(chosen: argparse.Namespace, files: Mapping[str, bytes]) -> SourceKind:
    from fingerpost.web.directory.api import SourceKind, kind_of

    if chosen.feed:
        return SourceKind(_FEED_KINDS[chosen.kind])
    if chosen.terms:
        return SourceKind.VOCABULARY
    if chosen.columns:
        return SourceKind.SHEET
    found = kind_of(files)
    # Tables that are nearly those of the standard are told what they lack, not asked for columns.
    named = any(name.removesuffix(".csv") in ("services", "service") for name in files)
    return SourceKind.HSDS_CSV if found is SourceKind.SHEET and (named or not files) else found


def _settings(chosen: argparse.Namespace, files: Mapping[str, bytes]) -> dict[str, Any]:
    """What the columns of a spreadsheet are. Raises `InvalidValue`, with a guess, when nobody has said."""
    from fingerpost.kernel.errors import InvalidValue
    from fingerpost.web.directory.api import SourceKind, guessed, read_tables

    if _kind(chosen, files) is not SourceKind.SHEET:
        return {}
    if chosen.columns is None:
        guess = {table.file: guessed(table.columns) for table in read_tables(files)}
        raise InvalidValue(
            "The columns are not those of the standard, so it is not clear what they are.",
            expected="--columns with a JSON file. A guess by their headings, to begin with:\n"
            + json.dumps(guess, indent=2, ensure_ascii=False),
            remedy="The fields are listed in docs/how-to/bring-in-your-areas-directory.md.",
        )
    try:
        columns = json.loads(chosen.columns.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise InvalidValue(
            f"{chosen.columns} cannot be read as JSON.", expected="{file: {column: field}}"
        ) from fault
    if not isinstance(columns, dict) or not all(isinstance(one, dict) for one in columns.values()):
        raise InvalidValue(f"{chosen.columns} has another form.", expected="{file: {column: field}}")
    return {
        "columns": {
            file.lower(): {column.strip().lower(): str(target) for column, target in mapping.items()}
            for file, mapping in columns.items()
        }
    }


def _say_what_would_change(done: SourceImport, actor: Actor) -> None:
    from fingerpost.web.directory.api import ChangeKind, changes_of_import

    for counts in done.counts["files"]:
        said = ", ".join(
            f"{counts[what]:,} {what}" for what in ("read", "new", "changed", "unchanged", "gone", "rejected")
        )
        print(f"{counts['file']}: {said}")
    changes = [
        one
        for what in (ChangeKind.CHANGED, ChangeKind.GONE)
        for one in changes_of_import(actor, import_id=done.pk, what=what)[:50]
    ]
    for one in changes:
        print(f"{one.what} {one.kind}: {one.name or one.source_key}")
        for field, (before, after) in one.fields.items():
            print(f"    {field}: {before!r} -> {after!r}")
    if done.held_because:
        print(f"\nHeld: {done.held_because}")
    print(f"\nNothing has changed. To do it: fingerpost directory apply {done.pk}")


def _check_one_way(chosen: argparse.Namespace) -> None:
    """A path or a feed, and of a feed its kind."""
    from fingerpost.kernel.errors import InvalidValue

    if bool(chosen.path) == bool(chosen.feed) or bool(chosen.feed) != bool(chosen.kind):
        raise InvalidValue(
            "It is not clear what is to be imported.",
            expected="a path, or --feed with an address and --kind with one of: " + ", ".join(_FEED_KINDS),
        )


def _import_feed(chosen: argparse.Namespace, source: SourceDetails, actor: Actor) -> ImportReport | None:
    """Set the feed up, read it to its end a page at a time, and import it. None when it is held for a person.

    Stopped half way, it goes on there next time.
    """
    from django.conf import settings

    from fingerpost.web.directory import api
    from fingerpost.web.foundation.scope import scope

    inside = settings.FINGERPOST_FEED_HOSTS_INSIDE
    with scope(actor):
        feed = api.keep_feed(
            source=source,
            addresses=chosen.feed,
            every_hours=chosen.every,
            inside=inside,
            by=actor,
            at=clock.now(),
        )
    with api.Fetcher(inside=inside) as fetcher:
        files = api.read_feed(feed_id=feed.id, by=actor, fetcher=fetcher, tell=_tell)
    with scope(actor):
        done = api.import_feed(feed_id=feed.id, files=files or {}, by=actor, at=clock.now())
    return done if isinstance(done, api.ImportReport) else None


def _tell(pages: int, items: int) -> None:
    """How far the reading is, on the terminal that waits for it."""
    print(f"page {pages:,}: {items:,} items so far", file=sys.stderr)


def _host(address: str) -> str:
    return urlsplit(address).hostname or ""


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
