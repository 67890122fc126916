"""Judged by schemas that nobody here wrote: those of the UK profile, and the mocks of its validator."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.factories.listings import importer, shared_data
from tests.factories.published import Profile, asked, faults_of, listing_id
from tests.factories.world import World

from fingerpost.web.directory import api as directory
from fingerpost.web.directory.models import Listing

pytestmark = pytest.mark.django_db

LISTS = ("/services", "/service_at_locations", "/taxonomies", "/taxonomy_terms")
# The files of each mock, by the endpoint that answers so.
MOCKS = {
    "/": "api_details.json",
    "/services": "service_list.json",
    "/services/{id}": "service_full.json",
    "/service_at_locations": "service_at_location_list.json",
    "/service_at_locations/{id}": "service_at_location_full.json",
    "/taxonomies": "taxonomy_list.json",
    "/taxonomies/{id}": "taxonomy.json",
    "/taxonomy_terms": "taxonomy_term_list.json",
    "/taxonomy_terms/{id}": "taxonomy_term.json",
}


REQUIRED = {"/", "/services", "/services/{id}"}


@pytest.fixture
def profile() -> Profile:
    return Profile()


def _compiled(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(
        (shared_data("open-referral-uk/uk-profile-schemas") / f"{name}.json").read_text()
    )
    return schema


def _compare(world: World, profile: Profile) -> int:
    """Every answer of every endpoint against the profile; how many there were."""
    answers: dict[str, list[Any]] = {"/": [asked(world, "/")]}
    for path in LISTS:
        page = asked(world, path, per_page=20)
        answers[path] = [page]
        answers[path + "/{id}"] = [asked(world, f"{path}/{one['id']}") for one in page["contents"]]
    faults = [
        (path, found.get("id"), fault)
        for path, several in answers.items()
        for found in several
        for fault in profile.faults(path, found)
    ]
    assert not faults
    services = _compiled("service")
    assert not [faults_of(services, one) for one in answers["/services/{id}"] if faults_of(services, one)]
    for path, name in (("/services", "service_list"), ("/service_at_locations", "service_at_location_list")):
        listed = _compiled(name)
        assert not [f for one in answers[path][0]["contents"] for f in faults_of(listed, one)]
    return sum(map(len, answers.values()))


def test_town_keeps_to_the_profile(world: World, profile: Profile) -> None:
    assert _compare(world, profile) >= 15


def test_directory_that_nobody_here_wrote_keeps_to_the_profile(world: World, profile: Profile) -> None:
    files = directory.files_at(shared_data("directories/illinois-legal-aid/output"))
    with world.as_(importer(world)) as job:
        source = directory.SourceDetails(name="illinois", label="Illinois Legal Aid")
        directory.import_directory(files=files, source=source, by=job, at=world.at)
    assert _compare(world, profile) > 25


def test_words_that_break_other_publishers_keep_to_the_profile(world: World, profile: Profile) -> None:
    with world.as_(importer(world)):
        Listing.objects.filter(source_key="lunch").update(
            url="http://exa mple.org/ü?q=ä b#c#d",
            email="not an address",
            description="  \\u202e \\u2028 <script>",
            cost=" ",
            assured_by="Mrs Bell",
        )
    found = asked(world, f"/services/{listing_id(world, 'lunch')}")
    assert not {"url", "email", "fees", "assurer_email"} & set(found)
    assert not profile.faults("/services/{id}", found)


@pytest.mark.parametrize(("mock", "warned"), [("Default", set()), ("Warn", {"/taxonomy_terms/{id}"})])
def test_good_mocks_of_the_validator_pass(profile: Profile, mock: str, warned: set[str]) -> None:
    """As the validator judges: what the three required endpoints get wrong fails, any other only warns."""
    faulty = {path for path, file in MOCKS.items() if profile.faults(path, _mock(mock, file))}
    assert not faulty & REQUIRED
    assert faulty == warned


def test_bad_mock_of_the_validator_does_not_pass(profile: Profile) -> None:
    service = _mock("Fail", "service_full.json")
    told = faults_of(_compiled("service"), service)
    assert any("email" in fault for fault in told) and any("uri" in fault for fault in told)
    assert profile.faults("/services/{id}", service)
    assert profile.faults("/services", _mock("Fail", "service_list.json"))


def _mock(name: str, file: str) -> Any:
    path: Path = shared_data(f"open-referral-uk/validator-mocks/V3.0-UK-{name}") / file
    return json.loads(path.read_text())
