"""How the files of each kind of source are read into records. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fingerpost.web.directory.enums import SourceKind
from fingerpost.web.directory.hsds_csv import read_hsds
from fingerpost.web.directory.records import DirectoryRecords
from fingerpost.web.directory.sheets import read_sheet
from fingerpost.web.directory.vocabularies import read_vocabulary

Files = Mapping[str, bytes]
Settings = Mapping[str, Any]


def read_files(kind: SourceKind, files: Files, settings: Settings) -> DirectoryRecords:
    """Raises `Faults` or `SourceFault` when the files cannot be read."""
    return _READERS[kind](files, settings)


_READERS: Mapping[SourceKind, Callable[[Files, Settings], DirectoryRecords]] = {
    SourceKind.HSDS_CSV: lambda files, _settings: read_hsds(files),
    SourceKind.SHEET: read_sheet,
    SourceKind.VOCABULARY: read_vocabulary,
}
