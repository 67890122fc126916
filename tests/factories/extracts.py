"""Small, deterministic extracts, and random event histories, for tests of both halves."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from fingerpost.codes.pathway import EventKind
from fingerpost.interchange.extract import Extract
from fingerpost.interchange.keys import ProjectKey
from fingerpost.interchange.pseudonyms import Kind, Pseudonymiser
from fingerpost.interchange.tables import JOURNEY, PATHWAY_EVENT
from fingerpost.interchange.writer import ExtractWriter

Row = dict[str, Any]

FIRST_DAY = date(2026, 1, 1)


def pseudonymiser(project: str = "test-project", seed: int = 1) -> Pseudonymiser:
    """A repeatable key: for tests only."""
    return Pseudonymiser(ProjectKey(random.Random(seed).randbytes(32)), project=project)


def event_row(journey: str, ordinal: int, event: str, occurred_on: date, **given: Any) -> Row:
    """One `pathway_event` row; recorded on the day it occurred unless given."""
    row: Row = {
        "journey_pseudonym": journey,
        "ordinal": ordinal,
        "event": str(event),
        "lost_after": "referred" if event == EventKind.LOST else None,
        "reason": None,
        "occurred_on": occurred_on,
        "recorded_on": occurred_on,
        "taken_back_on": None,
    }
    return row | given


def journey_row(journey: str, minted_on: date, **given: Any) -> Row:
    """One `journey` row, of a person of its own, unless given."""
    names = pseudonymiser()
    row: Row = {
        "journey_pseudonym": journey,
        "person_pseudonym": names.of(Kind.PERSON, journey),
        "scheme_pseudonym": names.of(Kind.SCHEME, "scheme"),
        "referrer_pseudonym": names.of(Kind.ORGANISATION, "practice"),
        "source": "gp",
        "minted_on": minted_on,
    }
    return row | given


def write_extract(
    directory: Path, events: Sequence[Row], *, data_to: date, journeys: Iterable[Row] | None = None
) -> Extract:
    """An extract of these events, with one journey row for each journey among them unless given."""
    if journeys is None:
        first_days: dict[str, date] = {}
        for event in events:
            first_days.setdefault(event["journey_pseudonym"], event["occurred_on"])
        journeys = [journey_row(journey, day) for journey, day in first_days.items()]
    created_at = datetime.combine(data_to + timedelta(days=1), datetime.min.time(), UTC)
    with ExtractWriter(
        directory, pseudonymiser=pseudonymiser(), data_to=data_to, created_at=created_at
    ) as writer:
        writer.write(JOURNEY, journeys)
        writer.write(PATHWAY_EVENT, events)
    return writer.extract


def scheme_history(*, months: int = 6, per_month: int = 40, seed: int = 7) -> list[Row]:
    """Events of an invented scheme: about four in five reached, some late, some lost, a few mistakes."""
    rng, names, rows = random.Random(seed), pseudonymiser(), []
    for number in range(months * per_month):
        journey = names.of(Kind.JOURNEY, f"journey-{number}")
        month = number // per_month
        referred = date(2026 + month // 12, month % 12 + 1, rng.randint(1, 28))
        history = [("referred", referred, {}), ("received", referred + timedelta(days=1), {})]
        chance = rng.random()
        if chance < 0.8:
            history.append(("contacted", referred + timedelta(days=rng.randint(2, 60)), {}))
        elif chance < 0.9:
            history.append(("lost", referred + timedelta(days=20), {"reason": "person_said_no"}))
        elif chance < 0.92:
            history.append(("entered_in_error", referred + timedelta(days=3), {}))
        taken_back_on = next((day for kind, day, _ in history if kind == "entered_in_error"), None)
        rows += [
            event_row(journey, ordinal, kind, day, **given)
            | {"taken_back_on": None if kind == "entered_in_error" else taken_back_on}
            for ordinal, (kind, day, given) in enumerate(history, start=1)
        ]
    return rows


_DAYS = st.integers(0, 150).map(lambda days: FIRST_DAY + timedelta(days=days))
_KINDS = st.sampled_from(
    [
        "referred",
        "referred",
        "contacted",
        "contacted",
        "contact_attempted",
        "lost",
        "closed",
        "entered_in_error",
    ]
)
_REASONS = st.sampled_from(["wrong_person", "duplicate", "person_said_no", "died"])
_LATE = st.sampled_from([0, 0, 0, 1, 30])
_MISTAKE = st.sampled_from([None, None, None, 0, 5, 40])


@st.composite
def journey_events(draw: st.DrawFn, journey: str) -> list[Row]:
    """The events of one journey in any order of kinds, with late entries and mistakes taken back."""
    rows: list[Row] = []
    for ordinal, day in enumerate(sorted(draw(st.lists(_DAYS, max_size=6))), start=1):
        kind, recorded_on, mistake = draw(_KINDS), day + timedelta(days=draw(_LATE)), draw(_MISTAKE)
        given: Row = {"recorded_on": recorded_on}
        if kind == "lost":
            given["reason"] = draw(_REASONS)
        if mistake is not None:
            given["taken_back_on"] = recorded_on + timedelta(days=mistake)
        rows.append(event_row(journey, ordinal, kind, day, **given))
    return rows


@st.composite
def histories(draw: st.DrawFn, *, largest: int = 12) -> list[Row]:
    """The events of up to `largest` journeys."""
    names = pseudonymiser()
    count = draw(st.integers(0, largest))
    return [
        row for number in range(count) for row in draw(journey_events(names.of(Kind.JOURNEY, f"j{number}")))
    ]
