"""`fingerpost directory import`: listings from HSDS tables, data packages and feeds."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import UUID

from fingerpost.cli.verb import Verbs, add_group, add_verb, set_up_django
from fingerpost.kernel import clock
from fingerpost.kernel.errors import NotFound

if TYPE_CHECKING:
    from fingerpost.web.directory.api import ImportReport, SourceDetails
    from fingerpost.web.foundation.actor import Actor

_FEED_KINDS = {"oruk3": "feed_oruk3", "oruk1": "feed_oruk1", "openactive": "feed_rpde"}


def register(verbs: Verbs) -> None:
    """Add `directory` with its one action."""
    actions = add_group(verbs, "directory", "Listings: what people can be put in touch with.")
    importing = add_verb(
        actions,
        "import",
        "Read a directory as HSDS tables (CSV files in a folder or a zip file), or from a feed.",
        import_directory,
    )
    importing.add_argument(
        "path",
        type=Path,
        nargs="?",
        help="a folder or zip file that holds services.csv and the others, perhaps with datapackage.json",
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


def import_directory(chosen: argparse.Namespace) -> None:
    """Import, print the report, and write the rejects."""
    set_up_django()
    _check_one_way(chosen)
    from fingerpost.web.directory import api
    from fingerpost.web.foundation.actor import Actor
    from fingerpost.web.foundation.scope import scope
    from fingerpost.web.tenancy.api import Permission

    name = _short_name(chosen.source or (_host(chosen.feed[0]) if chosen.feed else _named_by(chosen.path)))
    kind = api.SourceKind(_FEED_KINDS[chosen.kind]) if chosen.feed else api.SourceKind.HSDS_CSV
    source = api.SourceDetails(name=name, label=chosen.label or name, kind=kind)
    actor = Actor.system(
        reason="directory import",
        system_id=_system_id(chosen.system),
        permissions={Permission.IMPORT_DIRECTORY},
        sees_people=False,
    )
    if chosen.feed:
        report = _import_feed(chosen, source, actor)
    else:
        files = api.files_at(chosen.path)
        with scope(actor):
            report = api.import_directory(files=files, source=source, by=actor, at=clock.now())
    if report is None:
        print("The feed has lost many listings at once. It is held until somebody has looked: see Imports.")
        return
    print("\n".join(report.lines()))
    if report.rejects:
        path = chosen.rejects or Path(f"{name}-rejects.csv")
        path.write_text(api.rejects_csv(report.rejects), encoding="utf-8", newline="")
        print(f"\n{len(report.rejects):,} rows could not land: {path}")


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
