"""How the files of each kind of source are read into records. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fingerpost.web.directory.enums import SourceKind
from fingerpost.web.directory.feeds.item_files import FEEDS, read_feed_file
from fingerpost.web.directory.hsds_csv import read_hsds
from fingerpost.web.directory.hsds_package import tables_of_package
from fingerpost.web.directory.records import DirectoryRecords
from fingerpost.web.directory.sheets import read_sheet
from fingerpost.web.directory.upload import DESCRIPTOR
from fingerpost.web.directory.vocabularies import read_vocabulary

Files = Mapping[str, bytes]
Settings = Mapping[str, Any]


def read_files(kind: SourceKind, files: Files, settings: Settings) -> DirectoryRecords:
    """Records of the files of a source of this kind. Raises `Faults` or `SourceFault` when they cannot be read."""
    if kind in FEEDS:
        return read_feed_file(kind, files)
    return _READERS.get(kind, _hsds)(files, settings)


def _hsds(files: Files, _settings: Settings) -> DirectoryRecords:
    return read_hsds(tables_of_package(files) if DESCRIPTOR in files else files)


def _package(files: Files, _settings: Settings) -> DirectoryRecords:
    return read_hsds(tables_of_package(files))


_READERS: Mapping[SourceKind, Callable[[Files, Settings], DirectoryRecords]] = {
    SourceKind.HSDS_PACKAGE: _package,
    SourceKind.SHEET: read_sheet,
    SourceKind.VOCABULARY: read_vocabulary,
}
