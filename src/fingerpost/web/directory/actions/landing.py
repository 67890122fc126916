"""Land what a source says: records in, rows and a report out. One transaction: all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import DataError, OperationalError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fingerpost.kernel.errors import Conflict, NotAllowed, SourceFault
from fingerpost.kernel.ids import new_id
from fingerpost.web.directory.actions.fields import TELLING, Fields
from fingerpost.web.directory.actions.kept_back import kept_back_of
from fingerpost.web.directory.actions.kept_reports import keep_faults, keep_report, report_of
from fingerpost.web.directory.actions.private_places import keep_private
from fingerpost.web.directory.actions.rooms import KIND as ROOM
from fingerpost.web.directory.actions.rooms import keep_rooms
from fingerpost.web.directory.actions.rows import BATCH, Change, Landed, SourceRows, Wanted
from fingerpost.web.directory.actions.speaking import SPOKEN_OF, Overlay
from fingerpost.web.directory.actions.trusting import keep_trust
from fingerpost.web.directory.actions.words import rebuild_search_words
from fingerpost.web.directory.enums import SOURCE_RANKS, ImportState, SourceKind
from fingerpost.web.directory.models import (
    Accessibility,
    Attribute,
    CostOption,
    EmailAddress,
    Funding,
    Identifier,
    Language,
    Listing,
    ListingAtLocation,
    ListingContact,
    ListingPhone,
    Location,
    PostalAddress,
    Provider,
    RoomCount,
    Schedule,
    ScheduleException,
    ServiceArea,
    Source,
    SourcedModel,
    Taxonomy,
    TaxonomyTerm,
)
from fingerpost.web.directory.policies import check_can_import
from fingerpost.web.directory.records import DirectoryRecords
from fingerpost.web.directory.report import ImportReport, Tally
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import current_actor

# In this order, because each may point to those before it; retired in the opposite order.
MODELS: Mapping[str, type[SourcedModel]] = {
    "provider": Provider,
    "location": Location,
    "listing": Listing,
    "taxonomy": Taxonomy,
    "term": TaxonomyTerm,
    "at_location": ListingAtLocation,
    "schedule": Schedule,
    "schedule_exception": ScheduleException,
    "service_area": ServiceArea,
    "cost_option": CostOption,
    "funding": Funding,
    "accessibility": Accessibility,
    "language": Language,
    "identifier": Identifier,
    "room_count": RoomCount,
    "attribute": Attribute,
    "contact": ListingContact,
    "phone": ListingPhone,
    "postal_address": PostalAddress,
}
# Fewer than this are gone from any small list now and then.
_FEW_GONE = 5


@dataclass(frozen=True, kw_only=True)
class SourceDetails:
    """Which source. `name` is short and lasting (letters, digits, hyphens): it finds its earlier rows."""

    name: str
    label: str
    kind: SourceKind = SourceKind.HSDS_CSV


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a landing did. `digest` is the same whenever the same would happen again."""

    report: ImportReport
    changes: tuple[Change, ...]
    listings_before: int

    @property
    def digest(self) -> str:
        # What is said about room meanwhile does not make what was looked at another thing.
        said = sorted(f"{c.kind} {c.what} {c.key} {c.mark}" for c in self.changes if c.kind != ROOM)
        return hashlib.sha256("\n".join(said).encode()).hexdigest()

    @property
    def listings_gone(self) -> int:
        return sum(c.kind == "listing" and c.what == "gone" for c in self.changes)


@transaction.atomic
def land(
    records: DirectoryRecords,
    *,
    source: SourceDetails,
    by: Actor,
    at: datetime,
    although_it_shrank: bool = False,
) -> ImportReport:
    """Write everything a source says now. The same again changes nothing; what it no longer says is retired.

    Listings, locations and providers that are gone are marked, never deleted; what a person decided about a
    listing (closed, running again) or said of it outlasts the source. Raises `NotAllowed` (reason "held") when
    more of the source's listings are gone than it may lose at once.
    """
    check_can_import(by)
    origin = source_of(source)
    outcome = carry_out(records, origin, at=at, import_id=new_id(at))
    held = why_held(outcome, origin)
    if held and not although_it_shrank:
        raise NotAllowed(
            held,
            reason="held",
            expected=_("Somebody who has looked whether the source is whole."),
            remedy=_("Look at what is gone. If it is true, import it all the same."),
        )
    keep_report(outcome.report, outcome.changes, origin, state=ImportState.APPLIED, by=by, at=at)
    return outcome.report


def source_of(details: SourceDetails) -> Source:
    """The source of that name, locked until the transaction ends; made when it is new."""
    found = Source.objects.select_for_update().filter(name=details.name).first()
    if found is None:
        found = Source(
            name=details.name, label=details.label, kind=details.kind, rank=SOURCE_RANKS[details.kind]
        )
        found.save(force_insert=True)
    if found.kind != details.kind:
        raise Conflict(
            _("The source “%(name)s” exists already and is of another kind: %(kind)s.")
            % {"name": found.label, "kind": found.get_kind_display()},
            remedy=_("Give this one a name of its own."),
        )
    return found


@contextmanager
def what_can_be_kept() -> Iterator[None]:
    """A text that fits no column and no index is a fault of the source, and is told as one: nothing has landed."""
    try:
        with transaction.atomic():
            yield
    except (DataError, OperationalError) as fault:
        if str(getattr(fault.__cause__, "sqlstate", ""))[:2] not in ("22", "54"):  # of data, and of limits
            raise
        raise SourceFault(
            _("Something in the files is too long to be kept: %(why)s.")
            % {"why": str(fault).split("\n")[0][:200]},
            expected=_("Texts as people write them."),
            remedy=_("Look for a cell that is very long, and shorten it."),
        ) from fault


@what_can_be_kept()
def carry_out(records: DirectoryRecords, origin: Source, *, at: datetime, import_id: UUID) -> Outcome:
    """Write the rows, and say what that changed; the caller keeps the report, or rolls everything back."""
    before = Listing.objects.filter(source=origin, gone_at=None).count()
    records, kept_back = kept_back_of(records, origin)
    fields = Fields(records)
    rows, landed = _land_all(records, fields, origin, at, import_id)
    for kind in reversed(list(MODELS)):
        rows[kind].retire(landed[kind])
    keep_private(records, fields, origin, rows["location"].ids, kept_back, import_id=import_id, at=at)
    _keep_addresses(records, origin)
    keep_faults(records, origin, {kind: one.ids for kind, one in rows.items()})
    tallies: dict[str, Tally] = {kind: result.tally for kind, result in landed.items()}
    private = {kind: len(fields.kept_private(kind)) for kind in TELLING}
    report = report_of(
        records, origin.name, tallies, private=private, import_id=import_id, kept_back=kept_back
    )
    report.check()
    if report.changes:
        rebuild_search_words()
        keep_trust(rows["listing"].ids.values(), by=current_actor(), at=at)
    changes = [change for result in landed.values() for change in result.changes]
    changes += keep_rooms(records, rows["listing"].ids, import_id=import_id, at=at)
    return Outcome(report=report, changes=tuple(changes), listings_before=before)


def why_held(outcome: Outcome, origin: Source) -> str:
    """Why a person should look first; empty when nobody needs to."""
    gone, before = outcome.listings_gone, outcome.listings_before
    if gone < _FEW_GONE or gone * 100 <= before * origin.may_shrink_percent:
        return ""
    words = ngettext(
        "%(gone)s of the %(before)s listings that this source named before is gone.",
        "%(gone)s of the %(before)s listings that this source named before are gone.",
        gone,
    )
    return words % {"gone": gone, "before": before}


def _land_all(
    records: DirectoryRecords, fields: Fields, origin: Source, at: datetime, import_id: UUID
) -> tuple[dict[str, SourceRows], dict[str, Landed]]:
    kept = {
        kind: {r.key for r in records.rejects if r.key and records.counted_as(r.file) == file}
        for kind, file in records.files.items()
    }
    rows: dict[str, SourceRows] = {}
    landed: dict[str, Landed] = {}
    for kind, model in MODELS.items():
        rows[kind] = SourceRows(kind, model, origin, at=at, import_id=import_id)
        rows[kind].expect(record.key for record in fields.records(kind))
        fields.ids[kind] = rows[kind].ids
        wanted = {
            record.key: Wanted(fields.of(kind, record), fields.row_of(kind, record))
            for record in fields.records(kind)
        }
        if kind == "listing":
            _respect_people(wanted, origin)
        if kind in SPOKEN_OF:
            Overlay(kind, origin, at=at).over(wanted)
        landed[kind] = rows[kind].land(wanted, kept=kept.get(kind, ()))
    return rows, landed


def _respect_people(wanted: dict[str, Wanted], origin: Source) -> None:
    """A status that a person set outlasts what the source says."""
    decided = Listing.objects.filter(source=origin, status_by_person=True).values_list("source_key", "status")
    for key, status in decided:
        if key in wanted:
            wanted[key] = Wanted({**wanted[key].fields, "status": status}, wanted[key].row)


def _keep_addresses(records: DirectoryRecords, origin: Source) -> None:
    """Every e-mail address gets a state of its own, and begins as checked by nobody."""
    given = [
        *(record.email for record in records.providers),
        *(record.email for record in records.listings),
        *(record.email for record in records.contacts),
    ]
    addresses = sorted({address.lower() for address in given if address})
    known = set(EmailAddress.objects.filter(address__in=addresses).values_list("address", flat=True))
    EmailAddress.objects.bulk_create(
        [
            EmailAddress(id=new_id(), system_id=origin.system_id, address=address)
            for address in addresses
            if address not in known
        ],
        batch_size=BATCH,
    )
