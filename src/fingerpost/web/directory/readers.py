"""Which reader turns the files of a source into records. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from fingerpost.web.directory.enums import SourceKind
from fingerpost.web.directory.feeds.item_files import FEEDS, read_feed_file
from fingerpost.web.directory.hsds_csv import read_hsds
from fingerpost.web.directory.hsds_package import tables_of_package
from fingerpost.web.directory.records import DirectoryRecords
from fingerpost.web.directory.upload import DESCRIPTOR


def read_source(kind: SourceKind, files: Mapping[str, bytes]) -> DirectoryRecords:
    """Records of the files of a source of this kind. Raises `Faults` or `SourceFault` when they cannot be read."""
    if kind in FEEDS:
        return read_feed_file(kind, files)
    if kind == SourceKind.HSDS_PACKAGE or DESCRIPTOR in files:
        return read_hsds(tables_of_package(files))
    return read_hsds(files)
