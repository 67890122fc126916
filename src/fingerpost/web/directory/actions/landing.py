"""Land what a source says: records in, rows and a report out. One transaction: all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from fingerpost.kernel.ids import new_id
from fingerpost.web.directory.actions.fields import Fields, confidential_keys
from fingerpost.web.directory.actions.rows import Landed, SourceRows, Wanted
from fingerpost.web.directory.actions.words import rebuild_search_words
from fingerpost.web.directory.enums import SourceKind
from fingerpost.web.directory.models import (
    EmailAddress,
    Listing,
    ListingAtLocation,
    ListingContact,
    ListingPhone,
    Location,
    PostalAddress,
    PrivateAddress,
    Provider,
    RejectedRow,
    Schedule,
    Source,
    SourcedModel,
    SourceFault,
    SourceImport,
)
from fingerpost.web.directory.policies import check_can_import
from fingerpost.web.directory.records import DirectoryRecords
from fingerpost.web.directory.report import FileCounts, ImportReport, Tally, faults_by_kind
from fingerpost.web.foundation.actor import Actor

_BATCH = 1000

# In this order, because each may point to those before it; retired in the opposite order.
_MODELS: Mapping[str, type[SourcedModel]] = {
    "provider": Provider,
    "location": Location,
    "listing": Listing,
    "at_location": ListingAtLocation,
    "schedule": Schedule,
    "contact": ListingContact,
    "phone": ListingPhone,
    "postal_address": PostalAddress,
}


@dataclass(frozen=True, kw_only=True)
class SourceDetails:
    """Which source. `name` is short and lasting (letters, digits, hyphens): it finds its earlier rows."""

    name: str
    label: str
    kind: SourceKind = SourceKind.HSDS_CSV


@transaction.atomic
def land(records: DirectoryRecords, *, source: SourceDetails, by: Actor, at: datetime) -> ImportReport:
    """Write everything a source says now. The same again changes nothing; what it no longer says is retired.

    Listings, locations and providers that are gone are marked, never deleted; what a person decided about a
    listing (closed, running again) outlasts the source.
    """
    check_can_import(by)
    origin = _origin(source)
    landed = _land_all(records, origin, at)
    for kind, model in reversed(list(_MODELS.items())):
        SourceRows(model, origin, at).retire(landed[kind])
    _keep_private(records, origin, landed["location"].ids)
    _keep_addresses(records)
    _keep_faults(records, origin, {kind: result.ids for kind, result in landed.items()})
    report = _report(records, source.name, {kind: result.tally for kind, result in landed.items()}, at)
    report.check()
    _keep_report(report, origin, by=by, at=at)
    if report.changes:
        rebuild_search_words()
    return report


def _origin(details: SourceDetails) -> Source:
    found = Source.objects.select_for_update().filter(name=details.name).first()
    if found is None:
        found = Source(name=details.name, label=details.label, kind=details.kind)
        found.save(force_insert=True)
    return found


def _land_all(records: DirectoryRecords, origin: Source, at: datetime) -> dict[str, Landed]:
    fields = Fields(records)
    kept = {
        kind: {r.key for r in records.rejects if r.key and r.file == file}
        for kind, file in records.files.items()
    }
    landed: dict[str, Landed] = {}
    for kind, model in _MODELS.items():
        wanted = {
            record.key: Wanted(fields.of(kind, record), fields.row_of(kind, record))
            for record in fields.records(kind)
        }
        if kind == "listing":
            _respect_people(wanted, origin)
        landed[kind] = SourceRows(model, origin, at).land(wanted, kept=kept.get(kind, ()))
        fields.ids[kind] = landed[kind].ids
    return landed


def _respect_people(wanted: dict[str, Wanted], origin: Source) -> None:
    """A status that a person set outlasts what the source says."""
    decided = Listing.objects.filter(source=origin, status_by_person=True).values_list("source_key", "status")
    for key, status in decided:
        if key in wanted:
            wanted[key] = Wanted({**wanted[key].fields, "status": status}, wanted[key].row)


def _keep_private(records: DirectoryRecords, origin: Source, ids: Mapping[str, UUID]) -> None:
    """Addresses of confidential places, put where a row policy guards them, afresh each time."""
    secret = confidential_keys(records)
    PrivateAddress.objects.filter(location__source=origin).delete()
    places = [r for r in records.locations if r.key in secret and (r.address or r.town or r.postcode)]
    post = [r for r in records.postal_addresses if r.location_key in secret]
    rows = [(r.key, r) for r in places] + [(r.location_key, r) for r in post]
    for key, record in rows:
        PrivateAddress(
            location_id=ids[key],
            address=record.address,
            town=record.town,
            postcode=record.postcode,
            source_row=dict(record.row),
        ).save(force_insert=True)


def _keep_addresses(records: DirectoryRecords) -> None:
    """Every e-mail address gets a state of its own, and begins as checked by nobody."""
    given = [
        *(record.email for record in records.providers),
        *(record.email for record in records.listings),
        *(record.email for record in records.contacts),
    ]
    addresses = sorted({address.lower() for address in given if address})
    known = set(EmailAddress.objects.filter(address__in=addresses).values_list("address", flat=True))
    for address in addresses:
        if address not in known:
            EmailAddress(address=address).save(force_insert=True)


def _keep_faults(records: DirectoryRecords, origin: Source, ids: Mapping[str, Mapping[str, UUID]]) -> None:
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


def _report(
    records: DirectoryRecords, source: str, tallies: Mapping[str, Tally], at: datetime
) -> ImportReport:
    by_file: dict[str, Tally] = {}
    for kind, tally in tallies.items():
        file = records.files.get(kind, kind)
        if tally.landed or tally.gone or kind in records.files:
            by_file[file] = tally
    files = []
    for file in dict.fromkeys([*by_file, *records.rows_read]):
        tally = by_file.get(file, Tally())
        rejected = sum(reject.file == file for reject in records.rejects)
        merged = records.merged.get(file, 0)
        read = records.rows_read.get(file, tally.landed + merged + rejected)
        files.append(FileCounts(file=file, read=read, rejected=rejected, merged=merged, tally=tally))
    return ImportReport(
        source=source,
        import_id=new_id(at),
        files=tuple(files),
        faults=faults_by_kind((fault.file, fault.kind, fault.rows) for fault in records.faults),
        rejects=tuple(records.rejects),
    )


def _keep_report(report: ImportReport, origin: Source, *, by: Actor, at: datetime) -> None:
    done = SourceImport(
        id=report.import_id, source=origin, imported_at=at, imported_by=by.id, counts=report.as_json()
    )
    done.save(force_insert=True)
    RejectedRow.objects.bulk_create(
        [
            RejectedRow(
                id=new_id(),
                system_id=origin.system_id,
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
