"""`fingerpost organisations import-practices FILE`, `import-tree FILE`, `undo-import ID`: the tree of organisations."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from fingerpost.cli._system import system_named
from fingerpost.cli.verb import Verbs, add_group, add_verb, set_up_django
from fingerpost.kernel import clock
from fingerpost.kernel.errors import InvalidValue, NotFound, SourceFault

if TYPE_CHECKING:
    from fingerpost.web.foundation.actor import Actor
    from fingerpost.web.tenancy.api import Organisation, OrganisationImport

MOST_BYTES = 20 * 1024 * 1024


def register(verbs: Verbs) -> None:
    """Add `organisations` with its actions."""
    actions = add_group(verbs, "organisations", "Practices, and the tree above them.")
    practices = add_verb(
        actions,
        "import-practices",
        "Try the national list of practices (Parquet), or apply it.",
        import_practices,
    )
    practices.add_argument(
        "--areas", default="", help="only practices whose postcode begins so, such as: TS,DL (default: all)"
    )
    tree = add_verb(
        actions, "import-tree", "Try a CSV list of what is part of what, or apply it.", import_tree
    )
    for one in (practices, tree):
        one.add_argument("path", type=Path, help="the file")
        one.add_argument("--apply", action="store_true", help="do it (default: only say what would change)")
        one.add_argument(
            "--although-held", action="store_true", help="apply also a list that is held because it shrank"
        )
        one.add_argument(
            "--below", default="", help="the code of the system's organisation, if there are several"
        )
        one.add_argument("--rejects", type=Path, help="where to write lines that cannot be taken")
        one.add_argument("--system", default="", help="which system, if there are several: its short name")
    undo = add_verb(
        actions, "undo-import", "Bring the tree back to what it was before an import.", undo_import
    )
    undo.add_argument("id", help="the number that the import printed")
    undo.add_argument("--system", default="", help="which system, if there are several: its short name")


def import_practices(chosen: argparse.Namespace) -> None:
    """Try the list, print where every line went, and apply it if that was asked."""
    set_up_django()
    from fingerpost.interchange.practices import read_practice_list
    from fingerpost.web.tenancy import api

    try:
        areas = api.areas_in(chosen.areas)
    except ValueError as fault:
        raise InvalidValue(
            f"No postcode area: {fault}.", field="areas", expected="One or two letters each, such as TS,DL."
        ) from fault

    def attempt(root: Organisation, by: Actor) -> OrganisationImport:
        return api.try_practices(
            rows=read_practice_list(chosen.path),
            source=chosen.path.name,
            root=root,
            areas=areas,
            by=by,
            at=clock.now(),
        )

    _run(chosen, attempt)


def import_tree(chosen: argparse.Namespace) -> None:
    """As above, for the tree."""
    set_up_django()
    from fingerpost.web.tenancy import api

    if chosen.path.stat().st_size > MOST_BYTES:  # before a byte of it is read
        raise SourceFault(f"{chosen.path.name} is larger than a list of organisations can be.")
    content = chosen.path.read_bytes()

    def attempt(root: Organisation, by: Actor) -> OrganisationImport:
        return api.try_tree(name=chosen.path.name, content=content, root=root, by=by, at=clock.now())

    _run(chosen, attempt)


def undo_import(chosen: argparse.Namespace) -> None:
    """Undo one import; what has come to stand on it since is named, and then nothing is undone."""
    set_up_django()
    from fingerpost.web.tenancy import api

    with _acting(chosen.system) as by:
        try:
            found = api.organisation_import(import_id=UUID(chosen.id))
        except ValueError:
            found = None
        if found is None:
            raise NotFound("There is no such import.", remedy="Take the number that the import printed.")
        api.undo_import(done=found, by=by, at=clock.now())
    print("Undone: the tree is as it was before this import.")


@contextmanager
def _acting(system: str) -> Iterator[Actor]:
    from fingerpost.web.foundation.actor import Actor
    from fingerpost.web.foundation.scope import scope

    actor = Actor.system(reason="organisations import", system_id=system_named(system).id, sees_people=False)
    with scope(actor):
        yield actor


def _run(chosen: argparse.Namespace, attempt: Callable[[Organisation, Actor], OrganisationImport]) -> None:
    from fingerpost.web.tenancy import api

    with _acting(chosen.system) as by:
        root = api.root_of_system(code=chosen.below)
        if root is None:
            raise NotFound(
                "It is not clear below which organisation this belongs.",
                expected="One organisation of the kind system, or --below with its code.",
            )
        done = attempt(root, by)
        if chosen.apply:
            done = api.apply_import(done=done, although_held=chosen.although_held, by=by, at=clock.now())
    _tell(done, was_applied=chosen.apply)
    _keep_rejects(done, chosen.rejects or Path(f"{chosen.path.stem}-rejects.csv"))


def _tell(done: OrganisationImport, *, was_applied: bool) -> None:
    counts = done.counts
    left_out = sum(counts["left_out"].values())
    print(
        f"{counts['read']:,} lines read = {counts['new']:,} new + {counts['changed']:,} changed + "
        f"{counts['same']:,} same + {left_out:,} left out + {counts['rejected']:,} rejected"
    )
    for reason, count in sorted(counts["left_out"].items()):
        print(f"  left out, {reason.replace('_', ' ')}: {count:,}")
    if counts["gone"]:
        print(f"{counts['gone']:,} are here and not in the list; they stay as they are:")
        print("\n".join(f"  {name}" for name in counts["gone_names"]))
    if was_applied:
        print(f"Applied. To undo it: fingerpost organisations undo-import {done.pk}")
    elif done.state == "held":
        print(
            "Nothing was changed. The list is held: it lost, or closes, many that are here. --although-held applies it."
        )
    else:
        print("Nothing was changed. --apply does it.")


def _keep_rejects(done: OrganisationImport, path: Path) -> None:
    if not done.rejects:
        return
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        columns = ["line", "column", "value", "reason", "remedy"]
        writer.writerow(columns)
        writer.writerows([_inert(one[column]) for column in columns] for one in done.rejects)
    print(f"{done.counts['rejected']:,} lines could not be taken: {path}")


def _inert(cell: object) -> object:
    """Text that a spreadsheet would run as a formula, made harmless."""
    from fingerpost.web.directory.api import inert

    return inert(cell)
