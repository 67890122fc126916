"""What a feed holds now as one file, and back as records: an import is made of files, whatever they come from. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import SourceFault
from fingerpost.web.directory.enums import FaultKind, SourceKind
from fingerpost.web.directory.feeds.hsds_json import read_hsds_json
from fingerpost.web.directory.feeds.openactive import Opportunity, read_openactive
from fingerpost.web.directory.feeds.oruk1 import read_oruk1
from fingerpost.web.directory.records import DirectoryRecords, Fault, Reject

FILE = "feed.ndjson"
FEEDS = frozenset({SourceKind.FEED_ORUK3, SourceKind.FEED_ORUK1, SourceKind.FEED_RPDE})


def as_file(items: Iterable[tuple[str, str, Any]], notes: Iterable[Mapping[str, Any]]) -> dict[str, bytes]:
    """Items (collection, key, content) and what could not be read, a line each."""
    lines = [
        *({"collection": collection, "key": key, "content": content} for collection, key, content in items),
        *({"note": dict(note)} for note in notes),
    ]
    text = "".join(f"{json.dumps(line, ensure_ascii=False, sort_keys=True)}\n" for line in lines)
    return {FILE: text.encode()}


def read_feed_file(kind: SourceKind, files: Mapping[str, bytes]) -> DirectoryRecords:
    """Records of a feed of this kind, from the file that `as_file` made."""
    lines = list(_lines(files))
    items = [line for line in lines if "note" not in line]
    if kind == SourceKind.FEED_RPDE:
        records = read_openactive(Opportunity(i["key"], i["collection"], i["content"]) for i in items)
    else:
        read = read_oruk1 if kind == SourceKind.FEED_ORUK1 else read_hsds_json
        records = read((i["collection"], i["content"]) for i in items)
    for line in lines:
        if "note" in line:
            _tell(records, line["note"])
    return records


def _lines(files: Mapping[str, bytes]) -> Iterator[dict[str, Any]]:
    if FILE not in files:
        raise SourceFault(_("This is not what was read of a feed: there is no %(file)s.") % {"file": FILE})
    for line in files[FILE].decode().splitlines():
        yield json.loads(line)


def _tell(records: DirectoryRecords, note: Mapping[str, Any]) -> None:
    """A note of the reading: about the list as a whole, or an item that could not be kept."""
    file = str(note.get("collection", "feed"))[:200]
    if "fault" in note:
        records.faults.append(
            Fault(kind=FaultKind(note["fault"]), file=file, value=str(note.get("value", ""))[:500])
        )
        return
    records.rejects.append(
        Reject(
            file=file,
            line=int(note.get("nth", 0)),
            column=str(note.get("column", "")),
            value=str(note.get("value", ""))[:500],
            reason=str(note["reason"]),
        )
    )
    records.rows_read[file] = records.rows_read.get(file, 0) + 1
