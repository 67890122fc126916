"""Who may do what to a connection, as a truth table over kinds of actor."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from fingerpost.web.connections import policies
from fingerpost.web.connections.models import Connection, ProviderReply
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.tenancy.api import ROLE_PERMISSIONS, Role

SCHEME, ELSEWHERE = UUID(int=1), UUID(int=2)
AT = datetime(2026, 3, 3, 10, tzinfo=UTC)
CONNECTION = Connection(id=UUID(int=9), scheme_id=SCHEME)


def staff(role: Role, organisation: UUID = SCHEME) -> Actor:
    return Actor(
        kind="user",
        id="user:1",
        label="A colleague",
        organisation_ids=frozenset({organisation}),
        permissions=frozenset(ROLE_PERMISSIONS[role]),
    )


def holder(purpose: str = policies.LINK_PURPOSE, organisation: UUID = SCHEME) -> Actor:
    return Actor(
        kind="link",
        id="link:1",
        label="Fell Walkers",
        organisation_id=organisation,
        permissions=frozenset({purpose}),
    )


@pytest.mark.parametrize("role", Role)
def test_steering_is_for_those_who_connect_in_the_scheme(role: Role) -> None:
    works = role in (Role.LINK_WORKER, Role.TEAM_LEAD)
    assert policies.can_steer(staff(role), CONNECTION) is works
    assert policies.can_reply(staff(role), CONNECTION) is works
    assert not policies.can_steer(staff(role, ELSEWHERE), CONNECTION)


@pytest.mark.parametrize(
    ("actor", "replies"),
    [
        (holder(), True),
        (holder(purpose="questionnaire"), False),
        (holder(organisation=ELSEWHERE), False),
        (Actor.public(), False),
        (Actor.system(reason="a job"), False),
    ],
)
def test_replying_is_for_the_holder_of_a_link_of_this_purpose(actor: Actor, replies: bool) -> None:
    assert policies.can_reply(actor, CONNECTION) is replies
    assert not policies.can_steer(actor, CONNECTION)
    assert not policies.can_mark_error(actor, CONNECTION)


def reply(given_by: str = "link:1", undone_at: datetime | None = None) -> ProviderReply:
    return ProviderReply(given_at=AT, given_by=given_by, undone_at=undone_at)


@pytest.mark.parametrize(
    ("actor", "given", "minutes", "undoes"),
    [
        (holder(), reply(), 10, True),
        (holder(), reply(), 11, False),
        (holder(), reply(undone_at=AT), 1, False),
        (holder(), reply(given_by="user:1"), 1, False),
        (staff(Role.LINK_WORKER), reply(), 1, True),
        (staff(Role.LINK_WORKER), reply(), 11, False),
        (staff(Role.CLINICIAN), reply(), 1, False),
    ],
)
def test_undoing_is_for_ten_minutes(actor: Actor, given: ProviderReply, minutes: int, undoes: bool) -> None:
    assert policies.can_undo(actor, CONNECTION, given, AT + timedelta(minutes=minutes)) is undoes


def test_reference_has_no_signs_that_look_alike() -> None:
    spoken = {Connection(id=UUID(int=number * 7919)).reference for number in range(500)}
    assert len(spoken) == 500
    assert not set("".join(spoken)) & set("01OIL")
