"""An extract of real rows: nothing that names anybody leaves, and a failed one leaves nothing behind."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import models
from tests.factories.extracts import pseudonymiser
from tests.factories.journeys import everyone, random_journeys
from tests.factories.world import World, a_case, a_referral, build_world

from fingerpost.analytics.outputs.indicator_report import indicator_report
from fingerpost.codes.pathway import EventKind
from fingerpost.interchange.errors import ExtractError, ExtractExistsError
from fingerpost.interchange.extract import Extract, open_extract
from fingerpost.interchange.pseudonyms import Kind
from fingerpost.interchange.tables import JOURNEY, PATHWAY_EVENT
from fingerpost.kernel.errors import InvalidValue, NotAllowed
from fingerpost.web.extract.api import extract_system, write_extract
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pathway import api as pathway

pytestmark = pytest.mark.django_db
MARK = "Zxqvw"


@pytest.fixture
def world() -> World:
    return build_world(mark=f" {MARK}")


def _extract(world: World, folder: Path, **given: Any) -> Extract:
    at = world.later(days=2)
    return extract_system(
        system_id=world.system_id, destination=folder, names=pseudonymiser(), at=at, **given
    )


def _marked_story(world: World) -> None:
    """A person, a referral, a case and a contact with the mark in every text that somebody can type."""
    a_referral(world, given_name=f"Given{MARK}", family_name=f"Family{MARK}")
    case = a_case(
        world, given_name=f"G{MARK}", family_name=f"F{MARK}", phone="07700 900987", postcode="QX1 3AA"
    )
    from fingerpost.web.casework import api as casework

    details = casework.ContactDetails(
        contacted_on=world.at,
        mode="phone",
        outcome="reached",
        minutes=20,
        note=f"Note {MARK}",
        next_step=MARK,
    )
    with world.as_("worker") as worker:
        casework.log_contact(case=case, details=details, by=worker, at=world.at)


def _everything_stored() -> set[str]:
    """Every id, and every text of more than a code's length, that stands in any row about people or staff."""
    found: set[str] = set()
    for model in apps.get_models():
        if not model.__module__.startswith("fingerpost.web.") or hasattr(model, "pgh_tracked_model"):
            continue
        if "SELECT" not in model.wall.grants:  # what the application cannot read, an extract cannot carry
            continue
        for row in model._base_manager.all():
            for field in model._meta.concrete_fields:
                value = getattr(row, field.attname)
                if isinstance(value, UUID):
                    found |= {str(value), value.hex}
                elif isinstance(field, models.CharField | models.TextField) and not field.choices and value:
                    found.add(str(value))
    return found


def test_no_id_name_or_text_of_any_row_is_in_any_byte_of_the_files(world: World, tmp_path: Path) -> None:
    _marked_story(world)
    with world.as_("lead"):
        stored = _everything_stored()
    with world.as_("worker"):
        stored |= _everything_stored()
    written = _extract(world, tmp_path / "out")
    assert any(MARK in text for text in stored) and len(stored) > 60

    read = "\n".join(str(written.read(table).to_pylist()) for table in (JOURNEY, PATHWAY_EVENT))
    raw = b"\n".join(path.read_bytes() for path in sorted(written.directory.iterdir()))

    # Bare codes, such as the kind of an event, are what an extract is for.
    words = {text for text in stored if len(text) > 3 and not re.fullmatch("[a-z_]+", text)}
    leaked = {text for text in words if text in read or text.encode() in raw}
    assert leaked == set()
    assert MARK.encode() not in raw and MARK not in read


def test_every_journey_and_event_of_the_system_is_in_it_and_of_no_other_system(
    world: World, tmp_path: Path
) -> None:
    random_journeys(world, count=20)
    other = build_world(mark=" other")
    random_journeys(other, count=5, seed=9)
    world.at = datetime(2026, 12, 1, tzinfo=UTC)
    written = _extract(world, tmp_path / "out")

    job = Actor.system(
        reason="test",
        system_id=world.system_id,
        organisation_ids=everyone(world),
        sees_people=False,  # type: ignore[arg-type]
    )
    with world.as_(job) as actor:
        journeys, events = pathway.journeys(actor).count(), pathway.events_for_counting(actor).count()
    assert (written.manifest.tables["journey"].rows, written.manifest.tables["pathway_event"].rows) == (
        journeys,
        events,
    )


def test_order_and_days_are_those_of_london(world: World, tmp_path: Path) -> None:
    referral = a_referral(world)
    night = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    with world.as_("lead") as lead:
        journey = pathway.journeys(lead).get(id=referral.journey_id)
        first = pathway.record(journey=journey, kind=EventKind.ACCEPTED, by=lead, at=night)
        pathway.record(
            journey=journey,
            kind=EventKind.ENTERED_IN_ERROR,
            by=lead,
            at=night + timedelta(hours=30),
            corrects=first,
        )
    world.at = night + timedelta(days=3)
    rows = _extract(world, tmp_path / "out").read(PATHWAY_EVENT).to_pylist()

    assert [(r["ordinal"], r["event"]) for r in rows] == [
        (1, "person_agreed"),
        (2, "referred"),
        (3, "received"),
        (4, "accepted"),
        (5, "entered_in_error"),
    ]
    accepted = rows[3]
    assert (accepted["occurred_on"].isoformat(), accepted["taken_back_on"].isoformat()) == (
        "2026-07-01",
        "2026-07-02",
    )
    assert rows[0]["journey_pseudonym"] == pseudonymiser().of(Kind.JOURNEY, referral.journey_id)


def test_journey_entered_in_error_is_taken_back_whole(world: World, tmp_path: Path) -> None:
    from fingerpost.web.referrals import api as referrals

    referral = a_referral(world)
    with world.as_("gp") as gp:
        referrals.mark_entered_in_error(referral=referral, reason="wrong_person", by=gp, at=world.at)
    rows = _extract(world, tmp_path / "out").read(PATHWAY_EVENT).to_pylist()

    assert [row["taken_back_on"] is not None for row in rows] == [
        row["event"] != "entered_in_error" for row in rows
    ]


def test_nothing_recorded_on_a_day_that_is_not_over_is_in_it(world: World, tmp_path: Path) -> None:
    a_referral(world)
    at = world.at
    written = extract_system(
        system_id=world.system_id, destination=tmp_path / "out", names=pseudonymiser(), at=at
    )
    assert {name: table.rows for name, table in written.manifest.tables.items()} == {
        "journey": 0,
        "pathway_event": 0,
    }
    with pytest.raises(InvalidValue, match="not over"):
        extract_system(
            system_id=world.system_id,
            destination=tmp_path / "b",
            names=pseudonymiser(),
            at=at,
            data_to=at.date(),
        )


def test_reason_outside_the_vocabulary_refuses_the_whole_and_is_not_shown(
    world: World, tmp_path: Path
) -> None:
    case = a_case(world)
    with world.as_("lead") as lead:
        journey = pathway.journeys(lead).get(id=case.journey_id)
        pathway.record(
            journey=journey, kind=EventKind.CLOSED, by=lead, at=world.at, reason=f"{MARK} typed it"
        )
    with pytest.raises(ExtractError) as refused:
        _extract(world, tmp_path / "out")
    assert MARK not in refused.value.in_words()
    assert list(tmp_path.iterdir()) == []


def test_existing_folder_is_not_touched(world: World, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(ExtractExistsError):
        _extract(world, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_actor_without_permission_is_refused(world: World, tmp_path: Path) -> None:
    with world.as_("lead") as lead, pytest.raises(NotAllowed):
        write_extract(
            lead, tmp_path / "out", pseudonymiser(), data_to=world.at.date(), at=world.later(days=2)
        )


def test_readme_says_that_opt_outs_were_not_applied_and_the_indicator_runs(
    world: World, tmp_path: Path
) -> None:
    random_journeys(world, count=20)
    world.at = datetime(2026, 12, 1, tzinfo=UTC)
    _extract(world, tmp_path / "out")

    assert "NONE HAVE BEEN APPLIED" in (tmp_path / "out" / "README.md").read_text()
    assert open_extract(tmp_path / "out").manifest.project == "test-project"
    assert "reached_first_contact" in indicator_report("reached_first_contact", tmp_path / "out")
