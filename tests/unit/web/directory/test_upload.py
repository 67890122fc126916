from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from fingerpost.kernel.errors import NotFound, SourceFault
from fingerpost.web.directory import upload
from fingerpost.web.directory.upload import files_at, files_in_zip


def _zip(*members: tuple[str, bytes]) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return io.BytesIO(out.getvalue())


def test_folder_and_zip_give_the_same_files(tmp_path: Path) -> None:
    (tmp_path / "Services.CSV").write_bytes(b"id")
    (tmp_path / "notes.txt").write_bytes(b"x")
    packed = _zip(("out/Services.CSV", b"id"), ("__MACOSX/._services.csv", b"?"), ("../../readme.txt", b"x"))
    assert files_at(tmp_path) == files_in_zip(packed) == {"services.csv": b"id"}


def test_zip_that_unpacks_to_too_much_is_refused_before_it_fills_memory() -> None:
    bomb = _zip(("services.csv", b"0" * 4_000_000))
    assert len(bomb.getvalue()) < 10_000
    with pytest.raises(SourceFault, match="too large"):
        files_in_zip(bomb, most_bytes=3_000_000)
    two = _zip(("services.csv", b"0" * 2_000_000), ("phones.csv", b"0" * 2_000_000))
    with pytest.raises(SourceFault, match="too large"):
        files_in_zip(two, most_bytes=3_000_000)


def test_zip_with_too_many_or_twice_named_files_is_refused() -> None:
    with pytest.raises(SourceFault, match="too many"):
        files_in_zip(_zip(*((f"{n}.csv", b"") for n in range(upload.MOST_FILES + 1))))
    with pytest.raises(SourceFault, match="twice"):
        files_in_zip(_zip(("a/services.csv", b""), ("b/services.csv", b"")))


def test_damaged_zip_is_refused_in_words() -> None:
    content = bytearray(_zip(("services.csv", b"id,name\n" * 100)).getvalue())
    content[40:60] = b"\xff" * 20
    with pytest.raises(SourceFault, match="damaged"):
        files_in_zip(io.BytesIO(bytes(content)))
    with pytest.raises(SourceFault, match="damaged"):
        files_in_zip(io.BytesIO(b"not a zip"))


def test_nothing_at_the_path_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        files_at(tmp_path / "none")
