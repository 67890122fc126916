"""Files that mean harm, through the doors that users have: a clear answer, nothing landed by half, in little time.

The same at full size, with the memory that each takes: python3 run.py prove hostile_files
"""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.factories import hostile
from tests.factories.listings import importer
from tests.factories.world import World, build_world
from tests.integration.routes.asking import Answer, ask
from tests.integration.routes.planted import Planted

from fingerpost.kernel.errors import FingerpostError
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import SourceKind
from fingerpost.web.directory.formula_signs import guarded, unguarded
from fingerpost.web.directory.models import Listing, RejectedRow, Schedule
from fingerpost.web.openreferral.tables import TABLES
from fingerpost.web.public.calendars import calendar_of

NEW = "/directory/imports/new/"
_TRACES = {"audit_access", "django_session", "foundation_cacheentry"}
# What people paste, and what programs break on. The last fills a row with words that are all different.
CELLS = (
    "=cmd|' /C calc'!A0",
    "\u202e\u2066gnihtemos\x0b\x1f\ufeff",
    "😀" * 400,
    "9999-12-31",
    "0001-01-01T00:00:00+14:00",
    "-1e309",
    "9" * 4000,
    "x" * 4000,
    " ".join(f"w{n:x}" for n in range(600)),
)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


def send(planted: Planted, name: str, content: bytes) -> Answer:
    upload = SimpleUploadedFile(name, content)
    given = {"upload": upload, "label": "Town list", "source": "new", "submission": str(uuid4())}
    return ask(planted, "administrator", NEW, "POST", given)


WORKBOOKS = (
    "billion laughs",
    "styles without end",
    "a row of millions of cells",
    "the last row of the sheet",
    "many sheets of one far cell",
    "rows without end",
)


@pytest.fixture(scope="module")
def workbooks() -> Mapping[str, bytes]:
    return hostile.workbooks(0.02)


@pytest.mark.parametrize("name", WORKBOOKS)
def test_workbook_that_grows_is_refused_in_words(
    planted: Planted, workbooks: Mapping[str, bytes], name: str
) -> None:
    with within(6):
        answer = send(planted, "list.xlsx", workbooks[name])
    shown = answer.response.content.decode()
    assert answer.status == 200 and "<title>Error: " in shown and answer.written <= _TRACES
    assert "too large" in shown or "cannot be read as a workbook" in shown


def test_sheet_that_claims_to_be_as_large_as_can_be_is_read_as_what_it_is(planted: Planted) -> None:
    with within(2):
        assert send(planted, "list.xlsx", hostile.claiming_everything()).status == 302


@pytest.mark.parametrize("name", hostile.texts(0.0001))
def test_text_that_is_no_list_is_refused_in_words(planted: Planted, name: str) -> None:
    ((file, content),) = hostile.texts(0.15)[name].items()
    with within(4):
        answer = send(planted, file, content)
    shown = answer.response.content.decode()
    assert answer.status == 200 and "<title>Error: " in shown and answer.written <= _TRACES
    assert file in shown


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def tried(
    world: World, files: Mapping[str, bytes], kind: SourceKind, **columns: object
) -> directory.SourceImport:
    source = directory.SourceDetails(name=f"list-{uuid4().hex[:8]}", label="List", kind=kind)
    with world.as_(importer(world)) as job:
        return directory.try_import(files=files, settings=columns, source=source, by=job, at=world.at)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_letters_of_other_programs_are_read_and_named(world: World, encoding: str) -> None:
    text = "id,name,description\n1,Café ’Zoë’,£2 a time\n"
    if encoding == "latin-1":
        text = text.replace("’", "'")
    files = {"services.csv": text.encode(encoding)}
    with world.as_(importer(world)) as job:
        source = directory.SourceDetails(name="letters", label="Letters")
        directory.import_directory(files=files, source=source, by=job, at=world.at)
        found = Listing.objects.get(source__name="letters")
        assert found.name.startswith("Café ") and "Zoë" in found.name and found.description == "£2 a time"


def test_halves_of_characters_and_nulls_in_json_are_made_storable(world: World) -> None:
    concepts = b'{"title": "T\\u0000", "concept": [{"id": "a", "prefLabel": "Wal\\ud800king\\u0000"}]}'
    done = tried(world, {"terms.jsonld": concepts}, SourceKind.VOCABULARY)
    assert done.counts["files"][0]["read"] == 1


def test_concept_that_is_a_book_is_kept_as_rejected(world: World) -> None:
    concept = {"id": "a", "prefLabel": "Walking", "definition": "a" * 300_000}
    terms = json.dumps({"concept": [concept, {"id": "b", "prefLabel": "Singing"}]}).encode()
    (rows,) = (
        one
        for one in tried(world, {"terms.jsonld": terms}, SourceKind.VOCABULARY).counts["files"]
        if one["read"] == 2
    )
    assert (rows["new"], rows["rejected"]) == (1, 1)


@pytest.mark.parametrize("cell", CELLS, ids=range(len(CELLS)))
def test_no_cell_of_a_spreadsheet_is_a_fault_of_ours(world: World, cell: str) -> None:
    """Every field that a column can be, all at once, and the names of things one by one."""
    names = ("listing.name", "provider.name", "location.name")
    others = [target for target in directory.TARGETS if target not in names]
    for hostile_names in (False, True):
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow([*names, *others])
        honest = ("Choir", "Club", "Hall")
        if hostile_names:
            writer.writerows([*honest[:n], cell, *honest[n + 1 :], *[""] * len(others)] for n in range(3))
        else:
            writer.writerow([*honest, *[cell] * len(others)])
        columns = {"list.csv": {target: target for target in directory.TARGETS}}
        done = tried(world, {"list.csv": out.getvalue().encode()}, SourceKind.SHEET, columns=columns)
        (rows,) = (one for one in done.counts["files"] if one["file"] == "list.csv")
        assert rows["read"] == rows["landed"] + rows["rejected"]


@pytest.mark.parametrize("cell", CELLS, ids=range(len(CELLS)))
def test_no_cell_of_the_standard_is_a_fault_of_ours(world: World, cell: str) -> None:
    """Every column of every table of HSDS 3.1 that we write ourselves."""
    files = {}
    for table in TABLES:
        columns = [column.name for column in table.columns]
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(columns)
        for honest in (("id", "name", "title"), ("id",)):
            writer.writerow(
                [
                    "1" if one == "id" or one.endswith("_id") else "N" if one in honest else cell
                    for one in columns
                ]
            )
        files[f"{table.name}.csv"] = out.getvalue().encode()
    done = tried(world, files, SourceKind.HSDS_CSV)
    assert sum(one["read"] for one in done.counts["files"]) > 20


def test_row_too_long_to_be_searched_is_kept_as_rejected_and_the_others_land(world: World) -> None:
    words = " ".join(f"{n:x}" for n in range(150_000))
    rows = f"id,name,description\n1,Long,{words}\n2,Choir,{words[:190_000]}\n".encode()
    done = tried(world, {"services.csv": rows}, SourceKind.HSDS_CSV)
    with world.as_(importer(world)):
        (kept,) = RejectedRow.objects.filter(source_import=done)
    assert "longer than 200,000" in kept.reason and done.counts["files"][0]["new"] == 1


def test_what_no_reader_foresaw_is_told_and_nothing_lands(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last net: a text that the database refuses is a fault of the file."""
    monkeypatch.setattr("fingerpost.web.directory.hsds_reading.LONGEST_ROW", 10**9)
    words = "".join(f"{n:x} " for n in range(150_000))
    rows = f"id,name,description\n1,Long,{words}\n".encode()
    with pytest.raises(FingerpostError, match="too long to be kept"):
        tried(world, {"services.csv": rows}, SourceKind.HSDS_CSV)
    with world.as_(importer(world)):
        assert not Listing.objects.filter(name="Long").exists()


def test_one_id_many_times_lands_once_and_each_other_is_kept(world: World) -> None:
    with within(10):
        done = tried(world, hostile.duplicates(300), SourceKind.HSDS_CSV)
    (rows,) = done.counts["files"]
    assert (rows["read"], rows["new"], rows["rejected"]) == (600, 301, 299)


def test_rules_without_end_harm_no_page(world: World) -> None:
    """Listed, searched by day, put into a calendar, judged for trust: whatever a rule or a date says."""
    with world.as_(importer(world)) as job, within(6):
        source = directory.SourceDetails(name="rules", label="Rules")
        directory.import_directory(files=hostile.rules(), source=source, by=job, at=world.at)
        listings = list(Listing.objects.filter(source__name="rules"))
        assert len(listings) == len(hostile.RULES) and Schedule.objects.filter(listing__in=listings).exists()
        directory.keep_true(by=job, at=world.at)
    with world.as_("worker") as worker, within(6):
        found = directory.search(worker, directory.SearchCriteria(words="rule", days=(directory.Day.MONDAY,)))
        assert found.total
        for one in listings:
            details = directory.listing_details(worker, listing_id=one.id, at=world.at)
            assert details.trust.points >= 0 and all(map(str, details.when))
            rows = tuple(Schedule.objects.filter(listing=one))
            published = directory.PublishedListing(listing=one, changed_at=None, schedules=rows)
            made = calendar_of(
                published, address="https://x.example/", host="x.example", today=date(2026, 3, 3)
            )
            assert len(made) < 100_000


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "'="])
def test_names_that_a_spreadsheet_would_run_are_made_harmless_on_the_way_out(world: World, sign: str) -> None:
    """And put right on the way in, so that the same name comes back."""
    name = f"{sign}HYPERLINK(1)"
    out = io.StringIO()
    csv.writer(out).writerows([["id", "name", "description"], ["1", name, name], ["", name, name]])
    done = tried(world, {"services.csv": out.getvalue().encode()}, SourceKind.HSDS_CSV)
    with world.as_(importer(world)):
        rejected = [
            directory.inert(cell)
            for one in RejectedRow.objects.filter(source_import=done)
            for cell in (one.value, *one.source_row.values())
        ]
    assert rejected and not [cell for cell in rejected if str(cell)[:1] in tuple("=+-@\t\r")]
    assert unguarded(guarded(name)) == name


def test_feed_whose_pages_are_a_line_without_end_is_stopped(world: World) -> None:
    """See also tests/unit/web/directory/test_fetching.py: bombs, redirects inside, a byte a second, no end."""
    from tests.factories.feeds import JSON, Reply, serving

    line = json.dumps({"contents": [{"id": "a" * 21_000_000}]}).encode()
    with (
        serving(lambda _path, _asked: Reply(line, headers=dict(JSON))) as server,
        server.fetcher() as fetcher,
        within(3),
        pytest.raises(FingerpostError, match="too large"),
    ):
        fetcher.json(server.address)
