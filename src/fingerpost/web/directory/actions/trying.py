"""Imports that are tried first: what they would change is looked at, then applied, and undone if it was wrong."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import Conflict, InvalidValue, NotAllowed, NotFound, SourceFault
from fingerpost.kernel.ids import new_id
from fingerpost.web.directory.actions.kept_back import hold_to_decisions
from fingerpost.web.directory.actions.kept_reports import keep_report
from fingerpost.web.directory.actions.landing import (
    MODELS,
    Outcome,
    SourceDetails,
    carry_out,
    source_of,
    why_held,
)
from fingerpost.web.directory.actions.private_places import bring_back_private
from fingerpost.web.directory.actions.rooms import bring_back_rooms
from fingerpost.web.directory.actions.rows import BATCH, from_json, marks_gone, write_over, written
from fingerpost.web.directory.actions.speaking import SPOKEN_OF, settle
from fingerpost.web.directory.actions.trusting import keep_trust
from fingerpost.web.directory.actions.words import rebuild_search_words
from fingerpost.web.directory.enums import ChangeKind, ImportState, SourceKind
from fingerpost.web.directory.models import (
    AddressDecision,
    FieldWord,
    ImportedChange,
    Listing,
    Location,
    Source,
    SourcedModel,
    SourceImport,
    TriedFiles,
)
from fingerpost.web.directory.policies import check_can_import
from fingerpost.web.directory.readers import read_files
from fingerpost.web.directory.records import DirectoryRecords
from fingerpost.web.directory.sheets import read_tables
from fingerpost.web.foundation.actor import Actor

KEPT_FOR = timedelta(days=30)


class _OnlyTried(Exception):
    """Rolls back what was tried."""


@transaction.atomic
def try_import(
    *,
    files: Mapping[str, bytes],
    settings: Mapping[str, Any],
    source: SourceDetails,
    by: Actor,
    at: datetime,
) -> SourceImport:
    """What these files would change, to the last field. Nothing but the report is written.

    Raises `Faults` with every file that cannot be read.
    """
    check_can_import(by)
    done = _try(read_files(source.kind, files, settings), source_of(source), by=by, at=at)
    kept = TriedFiles(source_import=done, packed=_packed(files), settings=dict(settings))
    kept.save(force_insert=True)
    return done


@transaction.atomic
def hold_import(
    *, files: Mapping[str, bytes], source: SourceDetails, by: Actor, at: datetime
) -> SourceImport:
    """Try what a source says that nobody has asked for, and keep it as the one import of it that waits.

    The same files that would still change the same are the import that waits already; otherwise its place is taken.
    """
    check_can_import(by)
    origin = source_of(source)
    records = read_files(source.kind, files, {})
    outcome = _tried(records, origin, at, new_id(at))
    waiting = SourceImport.objects.filter(source=origin, state=ImportState.HELD)
    for held in waiting.order_by("-imported_at"):
        kept = TriedFiles.objects.filter(source_import=held).first()
        same = kept is not None and _unpacked(bytes(kept.packed)) == dict(files)
        if same and held.changes_digest == outcome.digest:
            return held
    let_go_of_held(source_id=origin.pk)
    done = _keep_tried(outcome, origin, by=by, at=at)
    TriedFiles(source_import=done, packed=_packed(files)).save(force_insert=True)
    return done


@transaction.atomic
def let_go_of_held(*, source_id: UUID) -> None:
    """Imports that wait for somebody to look have been overtaken: their source has spoken again."""
    held = SourceImport.objects.filter(source_id=source_id, state=ImportState.HELD)
    TriedFiles.objects.filter(source_import__in=held).delete()
    ImportedChange.objects.filter(source_import__in=held).delete()
    held.update(state=ImportState.REPLACED)


@transaction.atomic
def begin_sheet(
    *, files: Mapping[str, bytes], source: SourceDetails, by: Actor, at: datetime
) -> SourceImport:
    """Keep spreadsheets until it is said what their columns are (`agree_columns`).

    Raises `Faults` with every file that cannot be read.
    """
    check_can_import(by)
    if not read_tables(files):
        raise SourceFault(
            _("There is nothing to read in the files."),
            expected=_("A spreadsheet, or tables as CSV files."),
        )
    done = SourceImport(
        id=new_id(at),
        source=source_of(source),
        state=ImportState.BEGUN,
        imported_at=at,
        imported_by=by.id,
        counts={"files": [], "faults": []},
    )
    done.save(force_insert=True)
    TriedFiles(source_import=done, packed=_packed(files)).save(force_insert=True)
    return done


@transaction.atomic
def agree_columns(
    *, import_id: UUID, columns: Mapping[str, Mapping[str, str]], by: Actor, at: datetime
) -> SourceImport:
    """Say what the columns of a begun import are, and see what it would change. Remembered for the next time.

    Raises `Faults` with every column that does not fit; then it is still only begun.
    """
    check_can_import(by)
    begun = _locked(import_id)
    files = TriedFiles.objects.filter(source_import=begun).first()
    if begun.state != ImportState.BEGUN or files is None:
        raise InvalidValue(
            _("The columns of this import are agreed already."),
            remedy=_("Choose the files again to say anew what they are."),
        )
    settings = {"columns": {file: dict(mapping) for file, mapping in columns.items()}}
    records = read_files(SourceKind(begun.source.kind), _unpacked(bytes(files.packed)), settings)
    begun.source.column_mapping = {**begun.source.column_mapping, **settings["columns"]}
    begun.source.save(update_fields=["column_mapping"])
    files.settings = settings
    files.save(update_fields=["settings"])
    return _try(records, begun.source, by=by, at=at, begun=begun)


@transaction.atomic
def apply_import(*, import_id: UUID, although_held: bool = False, by: Actor, at: datetime) -> SourceImport:
    """Do what was looked at, all or nothing. Raises `Conflict` when it would be something else by now."""
    check_can_import(by)
    done = _locked(import_id)
    if done.state == ImportState.HELD and not although_held:
        raise NotAllowed(
            done.held_because,
            reason="held",
            expected=_("Somebody who has looked whether the source is whole."),
            remedy=_("Look at what is gone. If it is true, apply it all the same."),
        )
    files = TriedFiles.objects.filter(source_import=done).first()
    if done.state not in (ImportState.TRIED, ImportState.HELD) or files is None:
        raise InvalidValue(
            _("This import is not waiting to be applied."),
            remedy=_("Choose the files again to compare them again."),
        )
    records = read_files(SourceKind(done.source.kind), _unpacked(bytes(files.packed)), files.settings)
    outcome = carry_out(records, done.source, at=at, import_id=done.pk)
    if outcome.digest != done.changes_digest:
        raise Conflict(
            _("The directory has changed since these files were compared with it, so nothing was imported."),
            remedy=_("Choose the files again, and look at what they would change now."),
        )
    files.delete()
    done.state, done.applied_at, done.applied_by = ImportState.APPLIED, at, by.id
    done.save(update_fields=["state", "applied_at", "applied_by"])
    return done


@transaction.atomic
def undo_import(*, import_id: UUID, by: Actor, at: datetime) -> SourceImport:
    """Bring back what was there before. What people said and decided since stays. Raises `Conflict` when a
    later import of the source stands on it."""
    check_can_import(by)
    done = _locked(import_id)
    if done.state != ImportState.APPLIED:
        raise InvalidValue(_("This import is not applied, so there is nothing to undo."))
    later = SourceImport.objects.filter(source=done.source, state=ImportState.APPLIED)
    if later.filter(applied_at__gt=done.applied_at).exists():
        raise Conflict(
            _("A later import of this source stands on this one."), remedy=_("Undo the later one first.")
        )
    for kind in reversed(list(MODELS)):
        _take_back_new(MODELS[kind], done, at)
    for kind, model in MODELS.items():
        for befores in _batched(_befores(done, kind), BATCH):
            _bring_back(kind, model, befores, at)
    bring_back_private(done.pk)
    bring_back_rooms(done)
    hold_to_decisions(done.source)
    rebuild_search_words()
    keep_trust(Listing.objects.filter(source=done.source).values_list("id", flat=True), by=by, at=at)
    done.state, done.undone_at, done.undone_by = ImportState.UNDONE, at, by.id
    done.save(update_fields=["state", "undone_at", "undone_by"])
    return done


@transaction.atomic
def drop_old_tries(*, by: Actor, at: datetime) -> int:
    """Files that nobody applied within the time are not kept. Returns how many imports that were."""
    check_can_import(by)
    old = TriedFiles.objects.filter(source_import__imported_at__lt=at - KEPT_FOR)
    number = old.count()
    old.delete()
    return number


def _try(
    records: DirectoryRecords,
    origin: Source,
    *,
    by: Actor,
    at: datetime,
    begun: SourceImport | None = None,
) -> SourceImport:
    outcome = _tried(records, origin, at, begun.pk if begun else new_id(at))
    return _keep_tried(outcome, origin, by=by, at=at, begun=begun)


def _keep_tried(
    outcome: Outcome, origin: Source, *, by: Actor, at: datetime, begun: SourceImport | None = None
) -> SourceImport:
    held = why_held(outcome, origin)
    return keep_report(
        outcome.report,
        outcome.changes,
        origin,
        state=ImportState.HELD if held else ImportState.TRIED,
        by=by,
        at=at,
        digest=outcome.digest,
        held_because=held,
        begun=begun,
    )


def _tried(records: DirectoryRecords, origin: Source, at: datetime, import_id: UUID) -> Outcome:
    outcome: Outcome | None = None
    try:
        with transaction.atomic():
            outcome = carry_out(records, origin, at=at, import_id=import_id)
            raise _OnlyTried
    except _OnlyTried:
        assert outcome is not None
        return outcome


def _locked(import_id: UUID) -> SourceImport:
    found: SourceImport | None = (
        SourceImport.objects.select_for_update().select_related("source").filter(id=import_id).first()
    )
    if found is None:
        raise NotFound(_("There is no such import."), remedy=_("Choose one from the list of imports."))
    return found


def _take_back_new(model: type[SourcedModel], done: SourceImport, at: datetime) -> None:
    """What came with the import: marked as gone where others may point to it, otherwise deleted."""
    new = model.objects.filter(source=done.source, landed_by=done.pk)
    if marks_gone(model):
        new.update(gone_at=at)
    else:
        new.delete()


def _befores(done: SourceImport, kind: str) -> Iterator[dict[str, Any]]:
    changed = ImportedChange.objects.filter(source_import=done, kind=kind).exclude(what=ChangeKind.NEW)
    yield from changed.order_by("id").values_list("before", flat=True).iterator(chunk_size=BATCH)


def _bring_back(
    kind: str, model: type[SourcedModel], befores: Sequence[Mapping[str, Any]], at: datetime
) -> None:
    """Many rows at a time: an import changes thousands. A status that a person set since stays."""
    rows = {row.pk: row for row in (from_json(model, before) for before in befores)}
    here = set(model.objects.filter(id__in=rows).values_list("id", flat=True))
    model.objects.bulk_create([row for pk, row in rows.items() if pk not in here])
    if model is Location:
        here -= _secrets(here)  # what a steward has said is a secret stays one, whatever is undone
    decided = set()
    if model is Listing:
        decided = set(Listing.objects.filter(id__in=here, status_by_person=True).values_list("id", flat=True))
    names = written(model)
    for ids, fields in ((here - decided, names), (decided, [name for name in names if name != "status"])):
        write_over(model, [rows[pk] for pk in ids], fields)
    if kind in SPOKEN_OF:
        _speak_again(kind, {pk: rows[pk] for pk in here}, at)


def _secrets(ids: Collection[UUID]) -> set[UUID]:
    secret = AddressDecision.objects.filter(location__in=ids, is_public=False, location__is_confidential=True)
    return set(secret.values_list("location_id", flat=True))


def _speak_again(kind: str, rows: Mapping[UUID, SourcedModel], at: datetime) -> None:
    """What others say of the rows stands over what they are again."""
    spoken = defaultdict(set)
    said = FieldWord.objects.filter(**{f"{kind}__in": list(rows)})
    for pk, field in said.values_list(f"{kind}_id", "field"):
        spoken[pk].add(field)
    for pk, fields in spoken.items():
        rows[pk]._state.adding = False
        settle(kind, rows[pk], fields, at=at)


def _batched(rows: Iterable[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    given = iter(rows)
    while batch := list(islice(given, size)):
        yield batch


def _packed(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def _unpacked(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
