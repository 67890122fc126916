"""Journeys at random, written through pathway's door: steps skipped, losses, late entries, mistakes, redirects."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from tests.factories.world import World

from fingerpost.codes.pathway import COMPLETION_REASONS, STEPS, EventKind, reasons_after, step_number
from fingerpost.kernel import clock
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope
from fingerpost.web.pathway import api as pathway

FIRST = datetime(2025, 9, 1, 8, 30, tzinfo=UTC)
K = EventKind
PATH = STEPS[: step_number(K.SUSTAINED) + 1]


def random_journeys(world: World, *, count: int, seed: int = 3, days: int = 150) -> list[pathway.Journey]:
    """`count` journeys over `days` days from `FIRST`, of two practices and two schemes."""
    rng = random.Random(seed)
    boot = Actor.system(reason="random journeys", system_id=world.system_id, organisation_ids=everyone(world))
    with clock.fixed(FIRST), scope(boot) as by:
        return [_one(world, rng, by, FIRST + timedelta(hours=rng.randrange(days * 24))) for _ in range(count)]


def everyone(world: World) -> list[object]:
    return [world.practice.id, world.other_practice.id, world.scheme.id, world.other_scheme.id]


def _one(world: World, rng: random.Random, by: Actor, at: datetime) -> pathway.Journey:
    practice = rng.choice([world.practice, world.practice, world.other_practice])
    scheme = rng.choice([world.scheme, world.scheme, world.scheme, world.other_scheme])
    if rng.random() < 0.1:
        journey = pathway.mint_journey(source="reception", by=by, at=at, referrer_id=practice.id)
        pathway.record(journey=journey, kind=K.SIGNPOSTED, by=by, at=at)
    else:
        journey = pathway.mint_journey(
            source="practice", by=by, at=at, referrer_id=practice.id, scheme_id=scheme.id
        )
        at = _walk(world, rng, journey, by, at)
    if rng.random() < 0.06:
        pathway.record(journey=journey, kind=K.ENTERED_IN_ERROR, by=by, at=at, reason="duplicate")
    return journey


def _walk(world: World, rng: random.Random, journey: pathway.Journey, by: Actor, at: datetime) -> datetime:
    events: list[pathway.PathwayEvent] = []

    def add(kind: EventKind, **given: object) -> None:
        nonlocal at
        # Half of them at once with the one before; some entered days late, even before the referral.
        at += timedelta(hours=rng.choice([0, 0, 5, 40, 200, 700]))
        late = timedelta(hours=rng.choice([0, 0, 0, 1, 30, 400]))
        events.append(
            pathway.record(journey=journey, kind=kind, by=by, at=at, occurred_at=at - late, **given)  # type: ignore[arg-type]
        )

    for kind in (K.PERSON_AGREED, K.REFERRED, K.RECEIVED):
        add(kind)
    if rng.random() < 0.1:
        add(K.LOST, after=K.RECEIVED, reason="redirected")
        pathway.move_to_scheme(journey=journey, scheme_id=world.other_scheme.id, by=by, at=at)
        add(K.RECEIVED)
    for kind in PATH[4:]:
        if rng.random() < 0.12:
            break
        if rng.random() < 0.8:
            add(kind)
        if kind is K.CONNECTED and rng.random() < 0.3:
            add(K.LOST, after=K.CONNECTED, reason="provider_full")
    if rng.random() < 0.5:
        reached = pathway.last_step(events) or K.RECEIVED
        reasons = reasons_after(reached, on=at.date())
        add(K.LOST, after=reached, reason=rng.choice(reasons).code)
    if rng.random() < 0.4:
        add(K.CLOSED, reason=COMPLETION_REASONS[0].code)
        if rng.random() < 0.7:
            add(K.REFERRER_TOLD)
    for event in rng.sample(events, k=rng.choice([0, 0, 0, 1])):
        add(K.ENTERED_IN_ERROR, corrects=event)
    return at
