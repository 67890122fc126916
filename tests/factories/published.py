"""A published directory: the small town, with every part that a listing can have, and things that are not published."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any
from uuid import UUID

from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from tests.factories.listings import a_town, importer, land, shared_data
from tests.factories.world import World

from fingerpost.kernel import clock
from fingerpost.kernel.postcode import Postcode
from fingerpost.web.directory import api as directory
from fingerpost.web.directory import models
from fingerpost.web.geography import api as geography
from fingerpost.web.openreferral.schema import page_schema_of, schema_of

ROOT = "/open-referral-uk"
FORMATS = FormatChecker()


def publish(world: World) -> None:
    """The town, its lunch club with every part, and a list of terms."""
    town = a_town()
    town.locations[0] = replace(
        town.locations[0], address="1 Bell Street", region="Northshire", postcode="QX1 1AA"
    )
    town.contacts.append(
        directory.ContactRecord(key="ann", listing_key="lunch", name="Ann Bell", title="Cook")
    )
    land(world, town)
    with world.as_(importer(world)):
        _add_parts(models.Listing.objects.get(source_key="lunch"))


def _add_parts(lunch: models.Listing) -> None:
    hall = models.Location.objects.get(source_key="hall")
    taxonomy = _row(models.Taxonomy, "activities", lunch, name="Activities", uri="https://example.org/list")
    wider = _row(models.TaxonomyTerm, "eating", lunch, taxonomy=taxonomy, name="Eating together", code="E")
    term = _row(
        models.TaxonomyTerm, "lunch", lunch, taxonomy=taxonomy, name="Lunch club", code="E1", parent=wider
    )
    _row(models.Attribute, "lunch", lunch, listing=lunch, term=term)
    _row(models.Attribute, "hall", lunch, location=hall, term=wider)
    _row(models.CostOption, "c", lunch, listing=lunch, name="Members", amount_pence=450)
    _row(models.Funding, "f", lunch, listing=lunch, source_of_funds="The town council")
    _row(models.ServiceArea, "a", lunch, listing=lunch, name="Allerwold", codes=["QX1"])
    _row(models.Language, "l", lunch, listing=lunch, name="Polish", code="pl")
    _row(models.Identifier, "i", lunch, provider=lunch.provider, scheme="GB-CHC", value="1234567")
    _row(models.Accessibility, "step", lunch, location=hall, description="A ramp at the side door")
    _row(
        models.ScheduleException,
        "x",
        lunch,
        listing=lunch,
        starts_on=date(2026, 12, 23),
        ends_on=date(2026, 12, 30),
    )
    _row(
        models.Schedule,
        "monthly",
        lunch,
        listing=lunch,
        frequency="MONTHLY",
        byday="1SA",
        starts_on=date(2026, 1, 3),
        opens_at=time(10),
        closes_at=time(11, 30),
    )


def _row(model: type[Any], key: str, near: models.Listing, **fields: Any) -> Any:
    # Of a source of its own: the town's says all that it says each time it is read.
    source, _made = models.Source.objects.get_or_create(
        name="parts", system_id=near.system_id, defaults={"label": "Parts", "kind": "typed"}
    )
    row = model(source=source, source_key=f"{model.__name__}-{key}", fingerprint="-", **fields)
    row.save(force_insert=True)
    return row


def asked(world: World, path: str, **query: object) -> Any:
    """The answer of the interface to anybody, judged by our own contract, as JSON."""
    with clock.fixed(world.at):
        response = Client().get(f"{ROOT}{path}", {name: str(value) for name, value in query.items()})
    found = json.loads(response.content)
    judge(path, response.status_code, found)
    return found


def judge(path: str, status: int, found: Any) -> None:
    """Fail unless an answer keeps to the contract."""
    assert not faults_of(contract_of(path, status), found), faults_of(contract_of(path, status), found)


def contract_of(path: str, status: int) -> dict[str, Any]:
    if status != 200:
        return schema_of("problem")
    head, _slash, rest = path.strip("/").partition("/")
    lists = {
        "services": "service_in_list",
        "service_at_locations": "service_at_location_in_list",
        "taxonomies": "taxonomy",
        "taxonomy_terms": "taxonomy_term",
    }
    ones = {"services": "service", "service_at_locations": "service_at_location"}
    if not head:
        return schema_of("api")
    return schema_of(ones.get(head, lists[head])) if rest else page_schema_of(lists[head])


def faults_of(schema: dict[str, Any], found: Any, registry: Registry[Any] | None = None) -> list[str]:
    judge = Draft202012Validator(schema, format_checker=FORMATS, registry=registry or Registry())
    return [f"{'/'.join(map(str, fault.path))}: {fault.message}" for fault in judge.iter_errors(found)]


class Profile:
    """The UK profile as others wrote it, with the places that its OpenAPI points to mapped to the files.

    Two faults of the source are put right: `/service_at_locations/{id}` points to the schema of a service, and
    the compiled schemas that it points to are not where it says. A list schema is that of each item of `contents`.
    """

    _COMPILED = "https://raw.githubusercontent.com/openreferral/uk-profile/main/schema/compiled/"
    _LOOSE = "https://raw.githubusercontent.com/openreferral/uk-profile/main/schema/"

    def __init__(self) -> None:
        self.root = shared_data("open-referral-uk")
        compiled = self.root / "uk-profile-schemas"
        loose = self.root / "specifications/3.0/schemata"
        self.registry: Registry[Any] = Registry().with_resources(
            [
                *((self._COMPILED + path.name, _resource(path)) for path in compiled.glob("*.json")),
                *((self._LOOSE + path.name, _resource(path)) for path in loose.glob("*.json")),
            ]
        )
        self.openapi = json.loads((self.root / "specifications/3.0/openapi.json").read_text())
        answer = self._answer("/service_at_locations/{id}")
        assert answer["schema"]["$ref"].endswith("/service.json"), "the fault of the source has gone"
        answer["schema"]["$ref"] = self._COMPILED + "service_at_location.json"

    def faults(self, path: str, found: Any) -> list[str]:
        """What the profile's OpenAPI has against an answer at a path such as `/services/{id}`."""
        schema = {**self._answer(path)["schema"], "components": self.openapi["components"]}
        return faults_of(schema, found, self.registry)

    def _answer(self, path: str) -> Any:
        return self.openapi["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]


def _resource(path: Path) -> Resource[Any]:
    from referencing.jsonschema import DRAFT202012

    return Resource.from_contents(json.loads(path.read_text()), default_specification=DRAFT202012)


def listing_id(world: World, key: str) -> UUID:
    with world.as_(importer(world)):
        return models.Listing.objects.get(source_key=key).id


def know_postcodes(world: World, places: dict[str, tuple[float, float]]) -> None:
    """Put postcodes into the gazetteer."""
    rows = [geography.PostcodeRow(Postcode.parse(text), *place) for text, place in places.items()]
    with world.as_(importer(world)) as job:
        geography.import_postcodes(rows, source="test", by=job, at=world.at)
