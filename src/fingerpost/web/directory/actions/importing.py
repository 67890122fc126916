"""Import a directory from files: read, land, keep the report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fingerpost.web.directory.actions.landing import SourceDetails, land
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
    """Import files given by name and contents (`files_at`, `files_in_zip`), read as their kind of source is.

    Raises `Faults` with every file that cannot be read; then nothing has been written.
    """
    check_can_import(by)
    records = read_files(source.kind, files, settings or {})
    return land(records, source=source, although_it_shrank=although_it_shrank, by=by, at=at)
