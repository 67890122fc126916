"""The package: everything that is published and nothing else. That it comes back is in `test_parity`."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from uuid import UUID

import pytest
from django.test import Client
from tests.factories.listings import importer
from tests.factories.published import ROOT
from tests.factories.world import World

from fingerpost.kernel import clock
from fingerpost.web.directory import api as directory
from fingerpost.web.directory import models
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.openreferral.package import package

pytestmark = pytest.mark.django_db
Rows = dict[str, list[dict[str, str]]]


def _files(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def _rows(files: Mapping[str, bytes]) -> Rows:
    return {
        name: list(csv.DictReader(io.StringIO(content.decode(), newline="")))
        for name, content in files.items()
        if name.endswith(".csv")
    }


def test_package_is_sent_to_anybody_with_a_description_of_each_table(world: World) -> None:
    with clock.fixed(world.at):
        response = Client().get(ROOT + "/package.zip")
        files = _files(response.getvalue())
    described = json.loads(files["datapackage.json"])
    for resource in described["resources"]:
        heading = files[resource["path"]].decode().splitlines()[0].split(",")
        assert heading == [one["name"] for one in resource["schema"]["fields"]]
    rows = _rows(files)
    assert len(rows["services.csv"]) == 5
    assert [row["name"] for row in rows["locations.csv"]] == ["Bell Hall", "Hill Barn"]
    assert rows["attributes.csv"] and rows["cost_options.csv"][0]["amount"] == "4.50"
    assert response["Access-Control-Allow-Origin"] == "*"


def test_package_may_be_taken_only_so_often(world: World) -> None:
    with clock.fixed(world.at):
        answers = [Client().get(ROOT + "/package.zip").status_code for _ in range(7)]
    assert answers == [200] * 6 + [429]


def test_cell_that_a_spreadsheet_would_run_is_guarded(world: World) -> None:
    with world.as_(importer(world)):
        models.Listing.objects.filter(source_key="lunch").update(description='=HYPERLINK("http://x","y")')
    with world.as_(Actor.public(system_id=world.system_id)) as anybody:
        files = _files(b"".join(package(anybody, title="Here", at=world.at)))
    cells = [cell for rows in _rows(files).values() for row in rows for cell in row.values()]
    assert '\'=HYPERLINK("http://x","y")' in cells
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+"))]


def test_id_of_a_part_is_lasting() -> None:
    owner = UUID(int=7)
    made = directory.part_id(owner, "address")
    assert made == directory.part_id(owner, "address") != directory.part_id(owner, "access")
