"""Import a directory from files: read, land, keep the report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from fingerpost.web.directory.actions.landing import SourceDetails, land
from fingerpost.web.directory.hsds_csv import read_hsds
from fingerpost.web.directory.policies import check_can_import
from fingerpost.web.directory.report import ImportReport
from fingerpost.web.foundation.actor import Actor


def import_directory(
    *, files: Mapping[str, bytes], source: SourceDetails, by: Actor, at: datetime
) -> ImportReport:
    """Import HSDS tables given as file names and contents (`files_at`, `files_in_zip`).

    Raises `Faults` with every file that cannot be read; then nothing has been written.
    """
    check_can_import(by)
    return land(read_hsds(files), source=source, by=by, at=at)
