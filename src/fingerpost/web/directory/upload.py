"""The files of a source, from a folder or an uploaded zip file, within bounds. Pure."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import NotFound, SourceFault

DESCRIPTOR = "datapackage.json"  # of a data package: it names the tables
MOST_FILES = 100
LONGEST_NAME = 100  # of a file: its ending stays
MOST_BYTES = 200 * 1024 * 1024  # of all files together, unpacked
_CHUNK = 1024 * 1024
# Whatever unpacking a broken, locked or foreign zip file ends in.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    UnicodeDecodeError,
)


def files_at(path: Path) -> dict[str, bytes]:
    """The CSV files of a folder, zip file or data package, or one file, by name. Raises `NotFound` or `SourceFault`."""
    if path.is_dir():
        return _files_of_folder(path)
    if path.is_file() and path.suffix.lower() != ".xlsx" and zipfile.is_zipfile(path):
        with path.open("rb") as stream:
            return files_in_zip(stream)
    if path.is_file():
        _check_size(path.stat().st_size)
        return {path.name.lower(): path.read_bytes()}
    raise NotFound(
        _("There is nothing at %(path)s.") % {"path": path},
        expected=_("A folder or a zip file that holds the tables of HSDS as CSV files."),
        remedy=_("Check the path."),
    )


def _files_of_folder(folder: Path) -> dict[str, bytes]:
    inner = folder.glob("*/*.csv") if (folder / DESCRIPTOR).is_file() else ()
    found = sorted(p for p in (*folder.iterdir(), *inner) if p.is_file() and _is_wanted(p.name))
    _check_size(sum(p.stat().st_size for p in found))
    _check_number(len(found))
    return {p.name.lower(): p.read_bytes() for p in found}


def files_in_zip(stream: BinaryIO, *, most_bytes: int = MOST_BYTES) -> dict[str, bytes]:
    """The CSV files of an uploaded zip file; what is unpacked is counted as it comes, to `most_bytes`."""
    files: dict[str, bytes] = {}
    budget = most_bytes
    try:
        with zipfile.ZipFile(stream) as archive:
            members = [m for m in archive.infolist() if not m.is_dir() and _is_wanted(m.filename)]
            _check_number(len(members))
            for member in members:
                name = PurePosixPath(member.filename.replace("\\", "/")).name.lower()[-LONGEST_NAME:]
                if name.startswith("._"):  # a shadow file that a Mac puts beside each
                    continue
                if name in files:
                    raise SourceFault(_("The zip file holds %(name)s twice.") % {"name": name})
                files[name] = _unpack(archive, member, budget, most_bytes)
                budget -= len(files[name])
    except _DAMAGE as fault:
        raise SourceFault(
            _("This zip file is damaged, or locked with a password."),
            expected=_("An ordinary zip file that holds CSV files."),
            remedy=_("Make the zip file again."),
        ) from fault
    return files


def _is_wanted(name: str) -> bool:
    """Tables, and what describes them."""
    low = name.lower()
    return low.endswith(".csv") or PurePosixPath(low.replace("\\", "/")).name == DESCRIPTOR


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: int, most: int) -> bytes:
    content = bytearray()
    with archive.open(member) as packed:
        while chunk := packed.read(_CHUNK):
            content += chunk
            if len(content) > budget:
                _check_size(most + 1, most)
    return bytes(content)


def _check_size(size: int, most: int = MOST_BYTES) -> None:
    if size > most:
        raise SourceFault(
            _("The files are too large to import at once."),
            expected=_("At most %(megabytes)s megabytes, unpacked.") % {"megabytes": most // 1024**2},
            remedy=_("Import them in parts, each as a source of its own."),
        )


def _check_number(files: int) -> None:
    if files > MOST_FILES:
        raise SourceFault(
            _("There are too many files."), expected=_("At most %(most)s CSV files.") % {"most": MOST_FILES}
        )
