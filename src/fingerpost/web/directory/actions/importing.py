"""Import a directory from files: read, land, keep the report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.directory.actions.landing import SourceDetails, land
from fingerpost.web.directory.actions.trying import hold_import, let_go_of_held
from fingerpost.web.directory.enums import SourceKind
from fingerpost.web.directory.models import Feed, SourceImport
from fingerpost.web.directory.policies import check_can_import
from fingerpost.web.directory.readers import read_files
from fingerpost.web.directory.report import ImportReport
from fingerpost.web.foundation.actor import Actor


def import_directory(
    *,
    files: Mapping[str, bytes],
    source: SourceDetails,
    settings: Mapping[str, Any] | None = None,
    although_it_shrank: bool = False,
    by: Actor,
    at: datetime,
) -> ImportReport:
    """Import files given as names and contents (`files_at`, `files_in_zip`, `read_feed`), read as the source's kind.

    Raises `Faults` with every file that cannot be read; then nothing has been written.
    """
    check_can_import(by)
    records = read_files(source.kind, files, settings or {})
    return land(records, source=source, although_it_shrank=although_it_shrank, by=by, at=at)


@transaction.atomic
def import_feed(
    *, feed_id: UUID, files: Mapping[str, bytes], by: Actor, at: datetime
) -> ImportReport | SourceImport:
    """Import what was read of a feed (`read_feed`), as the source that it belongs to.

    A feed that shrank is held for a person: what it would change is returned as an import that was only tried. There
    is one such import of a feed: what it says later takes its place, and what is the same again is the same import.
    """
    feed = Feed.objects.select_related("source").get(id=feed_id)
    kind = SourceKind(feed.source.kind)
    source = SourceDetails(name=feed.source.name, label=feed.source.label, kind=kind)
    try:
        report = import_directory(files=files, source=source, by=by, at=at)
    except NotAllowed as refusal:
        if refusal.reason != "held":
            raise
        return hold_import(files=files, source=source, by=by, at=at)
    let_go_of_held(source_id=feed.source_id)
    return report
