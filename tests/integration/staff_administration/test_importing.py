"""A directory brought in on a page: everything lands or is accounted for, and bad files change nothing."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from tests.factories.browsing import Browser, hidden
from tests.factories.listings import found, names, shared_data
from tests.factories.world import World

from fingerpost.web.directory import api as directory
from fingerpost.web.messaging import api as messaging
from fingerpost.web.staff.administration import uploads

NEW, IMPORTS = "/directory/imports/new/", "/directory/imports/"
SERVICES = b"id,name,email\n1,Choir,choir@mail.example\n2,Walks,\n,=HYPERLINK(1),\n"


def zipped(**files: bytes) -> SimpleUploadedFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.csv", content)
    return SimpleUploadedFile("directory.zip", out.getvalue())


def csv(content: bytes = SERVICES, name: str = "services.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def send(who: Browser, *files: SimpleUploadedFile, **given: object) -> HttpResponse:
    return who.post(NEW, {"upload": list(files), "label": "Town list", **given})


def brought(who: Browser, *files: SimpleUploadedFile, **given: object) -> HttpResponse:
    """Chosen, looked at and imported: the report afterwards."""
    address = send(who, *files, **given)["Location"]
    applied = who.post(f"{address}apply/", {"looked": "yes"})
    assert applied["Location"] == address
    return who.get(address)


def words(page: HttpResponse) -> str:
    inside = page.content.decode().partition("<main")[2].partition("</main")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", inside)))


def listed(world: World) -> list[str]:
    with world.as_("worker") as actor:
        return [one.name for one in directory.open_listings(actor)]


def kept(world: World) -> int:
    with world.as_("administrator") as actor:
        return directory.imports(actor).count()


def test_real_directory_lands_whole_and_what_could_not_is_told(world: World, administrator: Browser) -> None:
    folder = shared_data("directories/illinois-legal-aid/output")
    files = {path.stem: path.read_bytes() for path in folder.glob("*.csv")}
    report = words(brought(administrator, zipped(**files), label="Illinois legal aid"))
    assert "429 listings, 520 places" in report and "Nothing was sent to anybody" in report
    assert "4,490 rows read = 4,462 landed + 28 rejected" in report
    assert "services.csv, line 431 id, name nothing there is no id; there is no name" in report
    assert "Does not say whether it is running services.csv 430" in report
    assert "Names an organisation that is not in the source services.csv 341" in report
    assert found(world, who="worker", words="domestic violence").total > 0
    with world.as_("lead") as lead:
        assert not messaging.outbox(lead).exists()


def test_rejects_are_a_file_that_no_spreadsheet_runs(administrator: Browser) -> None:
    report = administrator.get(send(administrator, zipped(services=SERVICES))["Location"])
    link = re.search(r'href="([^"]+rejects\.csv)"', report.content.decode())
    assert link
    answer = administrator.get(link[1])
    assert answer["Content-Disposition"] == 'attachment; filename="town-list-rejects.csv"'
    text = answer.content.decode("utf-8-sig")
    assert "services.csv,4,id,,there is no id" in text and "name==HYPERLINK(1)" in text
    assert not any(
        cell.startswith(("=", "+", "-", "@")) for line in text.splitlines() for cell in line.split(",")
    )


def test_same_again_changes_nothing_and_what_is_gone_is_said(world: World, administrator: Browser) -> None:
    brought(administrator, csv())
    again = words(administrator.get(send(administrator, csv(), source="town-list")["Location"]))
    assert "so nothing changed" in again and "2 unchanged" in again
    fewer = csv(b"id,name\n1,Choir\n")
    looked = words(administrator.get(send(administrator, fewer, source="town-list")["Location"]))
    assert "Nothing has changed yet" in looked and "E-mail address: choir@mail.example → nothing" in looked
    assert "Not named any more Walks (listing)" in looked and listed(world) == ["Choir", "Walks"]
    fewer.seek(0)
    report = brought(administrator, fewer, source="town-list")
    assert "1 changed" in words(report) and listed(world) == ["Choir"]
    undone = administrator.post(report.request["PATH_INFO"] + "undo/")
    assert "Undone" in words(administrator.get(undone["Location"])) and listed(world) == ["Choir", "Walks"]
    overview = words(administrator.get(IMPORTS))
    assert "0 new, 1 changed, 1 gone" in overview


def test_pressed_twice_imports_once(world: World, administrator: Browser) -> None:
    key = hidden(administrator.get(NEW))["submission"]
    first = send(administrator, csv(), submission=key)
    assert send(administrator, csv(), submission=key)["Location"] == first["Location"]
    assert kept(world) == 1


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ((), ("Choose a zip file, a spreadsheet, or one or more CSV files",)),
        ((csv(b"PK\x03\x04", "list.xlsx"),), ("list.xlsx cannot be read as a workbook",)),
        ((csv(b"PK\x03\x04", "list.ods"),), ("list.ods is a spreadsheet workbook",)),
        ((csv(b"", "services.csv"),), ("services.csv is empty",)),
        ((csv(b"no zip at all", "a.zip"),), ("damaged, or locked",)),
        ((zipped(),), ("There is nothing to read in the files",)),
        ((zipped(organizations=b"id,name,id\n"),), ("organizations.csv names a column twice: id",)),
        ((zipped(services=SERVICES), csv()), ("given twice: services.csv",)),
        (
            (csv(b"name\nChoir\n"), csv(b"foo\n1\n", "organizations.csv"), csv(b"\x00\x01", "phones.csv")),
            (
                "services.csv has no column called: id",
                "organizations.csv has no column",
                "phones.csv cannot be",
            ),
        ),
    ],
)
def test_files_that_cannot_be_read_are_all_named_and_nothing_changes(
    world: World, administrator: Browser, files: tuple[SimpleUploadedFile, ...], said: tuple[str, ...]
) -> None:
    for file in files:
        file.seek(0)
    page = send(administrator, *files)
    assert page.status_code == 200 and "<title>Error: " in page.content.decode()
    shown = words(page)
    assert [text for text in said if text not in shown] == []
    assert "Nothing was imported" in shown and listed(world) == [] and kept(world) == 0


def test_small_zip_that_unpacks_to_much_is_refused_early(world: World, administrator: Browser) -> None:
    bomb = zipped(services=b"id,name\n" + b"0" * (uploads.MOST_UNPACKED + 1))
    shown = words(send(administrator, bomb))
    assert "too large to import at once" in shown and "At most 60 megabytes" in shown and kept(world) == 0


def test_damaged_bytes_inside_a_zip_are_said_to_be_so(administrator: Browser) -> None:
    raw = bytearray(zipped(services=SERVICES * 200).read())
    raw[60:90] = b"\xaa" * 30
    assert "damaged, or locked" in words(send(administrator, SimpleUploadedFile("a.zip", bytes(raw))))


def test_other_encoding_is_read_and_named(world: World, administrator: Browser) -> None:
    report = words(brought(administrator, csv("id,name\n1,Café\n".encode("cp1252"))))
    assert "read as Windows-1252" in report and listed(world) == ["Café"]


def test_name_of_a_known_source_is_not_taken_by_a_new_one(administrator: Browser) -> None:
    send(administrator, csv())
    assert "There is a source called that already" in words(send(administrator, csv(), source="new"))


def test_pages_of_a_large_import_ask_few_questions(
    world: World, administrator: Browser, django_assert_max_num_queries: object
) -> None:
    many = b"id,name\n" + b"".join(b"%d,Group %d\n,nobody\n" % (n, n) for n in range(300))
    report = brought(administrator, csv(many)).request["PATH_INFO"]
    for address in (report, IMPORTS, NEW):
        with django_assert_max_num_queries(25):  # type: ignore[operator]
            assert administrator.get(address).status_code == 200
    assert len(administrator.get(report).content) < 60_000


SHEET = "Group,What it is,Phone,Removed\nChoir,We sing,01632 960001,\nBowls,We bowl,01632 960002,2019-01-01\n"


def test_spreadsheet_of_any_form_is_asked_for_its_columns_which_are_remembered(
    world: World, administrator: Browser
) -> None:
    columns = send(administrator, csv(SHEET.encode(), "groups.csv"))["Location"]
    asked = administrator.get(columns)
    assert "For example: We sing · We bowl" in words(asked)
    nothing = administrator.post(columns, {})
    assert nothing.status_code == 200 and "No column is the name of a listing" in words(nothing)
    given = {"column_0": "listing.name", "column_1": "listing.description", "column_3": "listing.ended_on"}
    report = administrator.post(columns, given)["Location"]
    shown = words(administrator.get(report))
    assert "2 rows read = 2 landed + 0 rejected" in shown and "its source says that it has ended" in shown
    administrator.post(f"{report}apply/")
    assert listed(world) == ["Choir"]
    again = administrator.get(
        send(administrator, csv(SHEET.encode(), "groups.csv"), source="town-list")["Location"]
    )
    page = again.content.decode()
    assert page.count(" selected") >= 4 and '<option value="listing.ended_on" selected>' in page


def test_list_that_shrank_is_held_until_a_tick(world: World, administrator: Browser) -> None:
    brought(administrator, csv(b"id,name\n" + b"".join(b"%d,Group %d\n" % (n, n) for n in range(20))))
    report = send(administrator, csv(b"id,name\n1,Group 1\n"), source="town-list")["Location"]
    assert "19 of the 20 listings" in words(administrator.get(report))
    refused = administrator.post(f"{report}apply/")
    assert refused.status_code == 200 and "There is a problem" in words(refused)
    assert len(listed(world)) == 20
    administrator.post(f"{report}apply/", {"looked": "yes"})
    assert listed(world) == ["Group 1"]


def test_changes_are_a_file_that_no_spreadsheet_runs(administrator: Browser) -> None:
    brought(administrator, csv())
    changed = csv(SERVICES.replace(b"choir@mail.example", b"new@mail.example").replace(b"Walks", b"=1+1"))
    report = send(administrator, changed, source="town-list")["Location"]
    text = administrator.get(f"{report}changes.csv").content.decode("utf-8-sig")
    assert "changed,listing,1,Choir,email,choir@mail.example,new@mail.example" in text
    assert "Walks,'=1+1" in text


@pytest.mark.parametrize("who", ["gp", "receptionist", "worker", "lead", "manager"])
def test_others_are_refused_with_the_reason(world: World, browser: object, who: str) -> None:
    other: Browser = browser(who)  # type: ignore[operator]
    for address in (NEW, IMPORTS, "/directory/postcodes/", "/directory/listings/new/", "/organisations/"):
        page = other.get(address)
        assert page.status_code == 403 and "not part of your role" in words(page)
    assert send(other, csv()).status_code == 403 and listed(world) == []


def test_import_of_another_system_is_not_there(administrator: Browser) -> None:
    from tests.factories.world import build_world

    other = build_world(mark=" B")
    with other.as_("administrator") as actor:
        report = directory.import_directory(
            files={"services.csv": SERVICES},
            source=directory.SourceDetails(name="b", label="B"),
            by=actor,
            at=other.at,
        )
    assert administrator.get(f"{IMPORTS}{report.import_id}/").status_code == 404
    assert administrator.get(f"{IMPORTS}{report.import_id}/rejects.csv").status_code == 404
    assert names(found(other)) and "Choir" not in words(administrator.get(IMPORTS))
