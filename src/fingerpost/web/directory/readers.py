"""How the files of each kind of source are read into records. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fingerpost.web.directory.enums import SourceKind
from fingerpost.web.directory.feeds.item_files import FEEDS, read_feed_file
from fingerpost.web.directory.hsds_csv import read_hsds
from fingerpost.web.directory.hsds_package import read_package
from fingerpost.web.directory.records import DirectoryRecords
from fingerpost.web.directory.sheets import read_sheet
from fingerpost.web.directory.upload import DESCRIPTOR
from fingerpost.web.directory.vocabularies import read_vocabulary

Files = Mapping[str, bytes]
Settings = Mapping[str, Any]


def read_files(kind: SourceKind, files: Files, settings: Settings) -> DirectoryRecords:
    """Raises `Faults` or `SourceFault` when the files cannot be read."""
    if kind in FEEDS:
        return read_feed_file(kind, files)
    return _READERS[kind](files, settings)


_READERS: Mapping[SourceKind, Callable[[Files, Settings], DirectoryRecords]] = {
    SourceKind.HSDS_CSV: lambda files, _settings: (
        read_package(files) if DESCRIPTOR in files else read_hsds(files)
    ),
    SourceKind.HSDS_PACKAGE: lambda files, _settings: read_package(files),
    SourceKind.SHEET: read_sheet,
    SourceKind.VOCABULARY: read_vocabulary,
}
