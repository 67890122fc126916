"""Files that are not what they say, or much more: refused in words, nothing landed, in bounded time and memory."""

from __future__ import annotations

import ast
import io
import tracemalloc
import zipfile
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.integration.routes.asking import Answer, ask
from tests.integration.routes.planted import Planted

import fingerpost

# Read within bounds that tests/unit/web/tenancy/test_staff_sheets.py holds; and a workbook that is only written.
_BOUNDED = {"web/foundation/workbooks.py", "web/staff/administration/staff_import.py"}
NEW, POSTCODES = "/directory/imports/new/", "/directory/postcodes/"
STAFF = "/organisations/staff/"
_TRACES = {"audit_access", "django_session", "foundation_cacheentry"}
# Parsers that answer a small file with a large one, fetch what it names, or run what it holds.
_DANGEROUS = {
    "xml",
    "lxml",
    "defusedxml",
    "yaml",
    "pickle",
    "marshal",
    "shelve",
    "dill",
    "tarfile",
    "openpyxl",
}


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def send(planted: Planted, path: str, name: str, content: bytes) -> Answer:
    """One file, with everything else as an honest administrator gives it."""
    given = {"upload": SimpleUploadedFile(name, content), "label": "Town list", "source": "new"}
    return ask(planted, "administrator", path, "POST", {**given, "submission": str(uuid4())})


def lies() -> dict[str, tuple[str, bytes]]:
    """Name and content of files whose ending says something else than what they are."""
    inner = zipped(("services.csv", b"0" * 1_000_000))
    workbook = zipped(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>"))
    bomb = b'<!DOCTYPE a [<!ENTITY b "' + b"c" * 1000 + b'"><!ENTITY d "' + b"&b;" * 1000 + b'">]><a>&d;</a>'
    return {
        "HTML": ("services.csv", b"<!DOCTYPE html><script>alert(1)</script>"),
        "zip": ("services.csv", inner),
        "workbook": ("services.csv", workbook),
        "XML bomb": ("services.csv", bomb),
        "program": ("services.csv", b"\x7fELF" + bytes(range(256)) * 10),
        "picture": ("services.csv", b"\x89PNG\r\n\x1a\n" + b"\x00" * 100),
        "one line of 19 megabytes": ("services.csv", b"id,name\n1," + b"a" * 19_000_000),
        "a million commas": ("services.csv", b"," * 1_000_000),
        "a quotation mark that stays open": ("services.csv", b'id,name\n1,"' + b"a\n" * 1_000_000),
        "zip in a zip": ("a.zip", zipped(("services.csv", inner))),
        "way out of the folder": ("a.zip", zipped(("../../services.csv", b"<html>"))),
        "two endings": ("services.csv.html", b"id,name\n1,Choir\n"),
        "program by ending": ("services.exe", b"id,name\n1,Choir\n"),
    }


@pytest.mark.parametrize("lie", lies())
@pytest.mark.parametrize("path", [NEW, POSTCODES, STAFF])
def test_file_that_is_not_what_it_says_is_refused_in_words(planted: Planted, path: str, lie: str) -> None:
    name, content = lies()[lie]
    answer = send(planted, path, name, content)
    shown = answer.response.content.decode()
    assert answer.status == 200 and "<title>Error: " in shown
    assert answer.written <= _TRACES
    assert "<script>alert" not in shown


def test_honest_file_is_taken(planted: Planted) -> None:
    """So that the refusals above are refusals of the files."""
    answer = send(planted, NEW, "services.csv", b"id,name\n1,Choir\n")
    assert answer.status == 302 and "directory_listing" in answer.written


def test_bomb_of_many_files_is_stopped_before_it_is_unpacked(planted: Planted) -> None:
    """80 files of 5 megabytes in a zip of 400 kilobytes: 400 megabytes are never held."""
    content = zipped(*((f"{number}.csv", b"0" * 5_000_000) for number in range(80)))
    assert len(content) < 500_000
    tracemalloc.start()
    try:
        answer = send(planted, NEW, "a.zip", content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "too large to import at once" in answer.response.content.decode()
    assert answer.written <= _TRACES
    assert peak < 150 * 1024**2


def test_no_parser_that_can_be_made_to_grow_fetch_or_run_is_in_the_tree() -> None:
    found = []
    root = Path(fingerpost.__path__[0])
    for file in sorted(root.rglob("*.py")):
        if file.relative_to(root).as_posix() in _BOUNDED:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            found += [f"{file}: {name}" for name in names if name.split(".")[0] in _DANGEROUS]
    assert not found
