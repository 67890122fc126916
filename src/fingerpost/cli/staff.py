"""`fingerpost staff import FILE` tries a list of staff; `--apply` does it; `staff undo ID` takes it back."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from fingerpost.cli._system import system_named
from fingerpost.cli.verb import Verbs, add_group, add_verb, set_up_django
from fingerpost.kernel import clock
from fingerpost.kernel.errors import NotFound, SourceFault

if TYPE_CHECKING:
    from fingerpost.web.foundation.actor import Actor
    from fingerpost.web.tenancy.api import StaffImport

_LARGEST = 5 * 1024 * 1024


def register(verbs: Verbs) -> None:
    """Add `staff` with its actions."""
    actions = add_group(verbs, "staff", "Lists of staff: invitations, changes of role, leavers.")
    importing = add_verb(actions, "import", "Show what a list of staff would do, or do it.", import_staff)
    importing.add_argument("file", type=Path, help="a workbook (.xlsx) or a CSV file")
    importing.add_argument("--apply", action="store_true", help="do it, after showing it")
    importing.add_argument("--system", default="", metavar="SLUG", help="which system, if there are several")
    undoing = add_verb(actions, "undo", "Take back a list that was applied, as far as it can be.", undo)
    undoing.add_argument("import_id", type=UUID, metavar="ID", help="the number that the import printed")
    undoing.add_argument("--system", default="", metavar="SLUG", help="which system, if there are several")


def import_staff(chosen: argparse.Namespace) -> None:
    """Print what every row does; with `--apply`, do it and queue the invitations."""
    set_up_django()
    from fingerpost.web.staff.administration.staff_import import send_invitations
    from fingerpost.web.tenancy import api

    if chosen.file.stat().st_size > _LARGEST:
        raise SourceFault(
            f"{chosen.file} is too large for a list of staff.", expected="A file of at most 5 megabytes."
        )
    sheet = api.read_staff_sheet(chosen.file.name, chosen.file.read_bytes())
    with _acting(chosen.system) as actor:
        at = clock.now()
        done = api.try_staff_import(sheet=sheet, source=chosen.file.name, by=actor, at=at)
        if chosen.apply:
            done = api.apply_staff_import(imported=done, by=actor, at=at)
            send_invitations(done)
    _tell(done)
    print(
        f"Done. To take it back: fingerpost staff undo {done.pk}"
        if chosen.apply
        else "Nothing has been done. Add --apply to do it."
    )


def undo(chosen: argparse.Namespace) -> None:
    """Take back what can be taken back, and say what stays."""
    set_up_django()
    from fingerpost.web.tenancy import api

    with _acting(chosen.system) as actor:
        found = api.staff_import(import_id=chosen.import_id)
        if found is None:
            raise NotFound(f"There is no list of staff with the number {chosen.import_id}.")
        done = api.undo_staff_import(imported=found, by=actor, at=clock.now())
    stayed = [one for one in done.undone if one["left"]]
    print(f"{len(done.undone) - len(stayed):,} rows taken back.")
    for one in stayed:
        print(f"  row {one['line']} stays: {one['left']}")


@contextmanager
def _acting(slug: str) -> Iterator[Actor]:
    from fingerpost.web.foundation.actor import Actor
    from fingerpost.web.foundation.scope import scope

    actor = Actor.system(reason="staff import", system_id=system_named(slug).id, sees_people=False)
    with scope(actor):
        yield actor


def _tell(done: StaffImport) -> None:
    from fingerpost.web.staff.administration.staff_import_words import KINDS, lines_of, tally

    for note in done.notes:
        print(note)
    for kind, heading in KINDS:
        lines = lines_of(done.outcomes, kind)
        if lines:
            print(f"{heading}:")
        for line in lines:
            print(f"  row {line['line']}: {line['name']}, {line['what']}, {line['organisation']}")
            for one in line["problems"]:
                print(f"    {one['column'] or 'row'}: {one['cause']} {one['remedy']}")
    print("; ".join(tally(done.outcomes)) + ".")
