"""Postcodes brought in on a page."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from tests.factories.browsing import Browser
from tests.factories.listings import shared_data

from fingerpost.web.geography import api as geography

PAGE = "/directory/postcodes/"


def words(page: HttpResponse) -> str:
    inside = page.content.decode().partition("<main")[2].partition("</main")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", inside)))


def send(who: Browser, **files: bytes) -> HttpResponse:
    given = [SimpleUploadedFile(f"{name}.csv", content) for name, content in files.items()]
    return who.post(PAGE, {"upload": given})


def test_rows_land_or_are_told_with_the_reason(administrator: Browser) -> None:
    answer = send(administrator, town=b"postcode,lat,long\nQX1 1AA,54.5,1.4\nQX1 1AB,=1+1,1\nnone,1,1\n")
    report = words(administrator.get(answer["Location"]))
    assert "1 postcode is new" in report and "town.csv 3 1 2" in report
    rejects = administrator.get(answer["Location"].split("?")[0] + "rejects.csv").content.decode()
    assert "town.csv,3,latitude,'=1+1,not a number of degrees" in rejects and "town.csv,4" in rejects
    place = geography.locate("QX1 1AA")
    assert place and place.latitude == 54.5
    assert "1 new, 0 changed, 0 unchanged" in words(administrator.get(PAGE))


def test_real_file_lands_whole_and_the_same_again_changes_nothing(administrator: Browser) -> None:
    content = shared_data("geography/postcodes_latlon/HA.csv").read_bytes()
    rows = len(content.splitlines()) - 1
    assert f"{rows:,}" in words(administrator.get(send(administrator, HA=content)["Location"]))
    again = words(administrator.get(send(administrator, HA=content)["Location"]))
    assert "0 postcodes are new" in again and f"{rows} are the same as before" in again


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, ["Choose one or more CSV files"]),
        (
            {"a": b"postcode,lat\nQX1 1AA,1\n", "b": b"code\n1\n"},
            ["a.csv has no column for: longitude", "b.csv has no column for: postcode, latitude, longitude"],
        ),
        ({"a": b"\xff\xfep\x00o\x00"}, ["a.csv is not a CSV file in UTF-8"]),
        ({"a": "caf\xe9,postcode,lat,long\n".encode("latin-1")}, ["a.csv is not a CSV file in UTF-8"]),
    ],
)
def test_files_that_cannot_be_read_are_all_named_and_nothing_changes(
    administrator: Browser, files: dict[str, bytes], said: list[str]
) -> None:
    shown = words(
        send(administrator, **files, good=b"postcode,lat,long\nQX1 1AA,54.5,1.4\n")
        if files
        else send(administrator)
    )
    assert [text for text in said if text not in shown] == [] and "Nothing was imported" in shown
    assert geography.locate("QX1 1AA") is None
