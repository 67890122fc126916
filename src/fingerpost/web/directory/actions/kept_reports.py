"""Reports of imports: built from what landed, and kept with the rejects, the faults and every change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from fingerpost.kernel.ids import new_id
from fingerpost.web.directory.actions.rows import Change
from fingerpost.web.directory.enums import ChangeKind, ImportState, SourceKind
from fingerpost.web.directory.guarded import KeptBack
from fingerpost.web.directory.models import (
    ImportedChange,
    RejectedRow,
    Source,
    SourceFault,
    SourceImport,
)
from fingerpost.web.directory.records import DirectoryRecords
from fingerpost.web.directory.report import FileCounts, ImportReport, Tally, faults_by_kind
from fingerpost.web.foundation.actor import Actor

_BATCH = 1000
_NEW_SHOWN = 200  # of what is new only some names are kept: the rows themselves are there


def report_of(
    records: DirectoryRecords,
    source: str,
    tallies: Mapping[str, Tally],
    *,
    private: Mapping[str, int],
    import_id: UUID,
    kept_back: Mapping[str, KeptBack],
) -> ImportReport:
    """Where every row went, by file; kinds of record that came without a file by their own name.

    `private` rows, by kind, landed behind the row policy of confidential places.
    """
    merged_in = Counter(records.merged)
    for kind, number in private.items():
        merged_in[records.files.get(kind, kind)] += number
    by_file: dict[str, Tally] = {}
    kind_of: dict[str, str] = {}
    for kind, tally in tallies.items():
        file = records.files.get(kind, kind)
        if tally.landed or tally.gone or private.get(kind) or kind in records.files:
            by_file[file] = tally
            kind_of[file] = kind
    files = []
    refused = Counter(records.counted_as(reject.file) for reject in records.rejects)
    for file in dict.fromkeys([*by_file, *map(records.counted_as, records.rows_read)]):
        parts = [part for part in records.rows_read if records.counted_as(part) == file]
        tally, kind = by_file.get(file, Tally()), kind_of.get(file, "")
        merged = sum(merged_in[part] for part in parts or [file])
        read = sum(records.rows_read[part] for part in parts) + records.named_elsewhere.get(kind, 0)
        counts = FileCounts(
            file=", ".join(parts)[:200] if len(parts) > 1 else file,
            kind=kind,
            read=read if parts else tally.landed + merged + refused[file],
            rejected=refused[file],
            merged=merged,
            tally=tally,
        )
        files.append(counts)
    return ImportReport(
        source=source,
        import_id=import_id,
        files=tuple(files),
        faults=faults_by_kind((fault.file, fault.kind, fault.rows) for fault in records.faults),
        rejects=tuple(records.rejects),
        kept_back=tuple(kept_back.values()),
    )


def keep_report(
    report: ImportReport,
    changes: Iterable[Change],
    origin: Source,
    *,
    state: ImportState,
    by: Actor,
    at: datetime,
    digest: str = "",
    held_because: str = "",
    begun: SourceImport | None = None,
) -> SourceImport:
    """Keep what an import did, or would do; in the place of one that was only `begun`."""
    is_applied = state is ImportState.APPLIED
    done = SourceImport(
        id=report.import_id,
        source=origin,
        state=state,
        imported_at=at,
        imported_by=by.id,
        counts=report.as_json(),
        changes_digest=digest,
        held_because=held_because,
        applied_at=at if is_applied else None,
        applied_by=by.id if is_applied else "",
    )
    if begun is None:
        done.save(force_insert=True)
    else:
        done.save(force_update=True)
    _keep_rejects(report, done)
    if origin.kind != SourceKind.TYPED:
        keep_changes(changes, done)
    return done


def keep_changes(changes: Iterable[Change], done: SourceImport) -> None:
    """Every change, with what was there before; of what is new the first listings only."""
    told = list(changes)
    new = [c for c in told if c.what is ChangeKind.NEW and c.kind == "listing"][:_NEW_SHOWN]
    ImportedChange.objects.bulk_create(
        [
            ImportedChange(
                id=new_id(),
                system_id=done.system_id,
                source_import=done,
                what=one.what,
                kind=one.kind,
                row_id=one.row_id,
                source_key=one.key,
                name=one.name,
                fields=dict(one.fields),
                before=dict(one.before),
            )
            for one in [*new, *(c for c in told if c.what is not ChangeKind.NEW)]
        ],
        batch_size=_BATCH,
    )


def keep_faults(records: DirectoryRecords, origin: Source, ids: Mapping[str, Mapping[str, UUID]]) -> None:
    """The named faults of the source as it is now."""
    SourceFault.objects.filter(source=origin).delete()
    rows = []
    for fault in records.faults:
        kind, key = fault.about or ("", "")
        rows.append(
            SourceFault(
                id=new_id(),
                system_id=origin.system_id,
                source=origin,
                kind=fault.kind,
                file=fault.file,
                line=fault.line,
                column=fault.column,
                value=fault.value,
                rows=fault.rows,
                **({f"{kind}_id": ids[kind].get(key)} if kind else {}),
            )
        )
    SourceFault.objects.bulk_create(rows, batch_size=_BATCH)


def _keep_rejects(report: ImportReport, done: SourceImport) -> None:
    RejectedRow.objects.bulk_create(
        [
            RejectedRow(
                id=new_id(),
                system_id=done.system_id,
                source_import=done,
                file=reject.file,
                line=reject.line,
                text_line=reject.text_line,
                column=reject.column,
                value=reject.value,
                reason=reject.reason,
                source_row=dict(reject.row),
            )
            for reject in report.rejects
        ],
        batch_size=_BATCH,
    )
