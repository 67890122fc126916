"""Every answer of a provider, through the link of an e-mail: where it leads, and what is learnt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from tests.factories.connecting import (
    EMAIL,
    a_listing,
    as_provider,
    connect,
    mails,
    marked_case,
    standing,
)
from tests.factories.world import World, build_world

from fingerpost.codes.pathway import EventKind
from fingerpost.kernel.errors import Faults, FingerpostError, IllegalTransition, NotAllowed
from fingerpost.web.casework import api as casework
from fingerpost.web.connections import api as connections
from fingerpost.web.connections.api import ConnectionStatus, Reply, ReplyKind
from fingerpost.web.directory import api as directory
from fingerpost.web.pathway import api as pathway

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def case(world: World) -> casework.Case:
    return marked_case(world)


@pytest.fixture
def asked(world: World, case: casework.Case) -> connections.Connection:
    return connect(world, case, a_listing(world))


def say(
    world: World, connection: connections.Connection, kind: ReplyKind, **given: Any
) -> connections.ProviderReply:
    if kind in (ReplyKind.CAME, ReplyKind.DID_NOT_COME):
        given.setdefault("happened_on", world.at.date())
    with as_provider(world, connection) as (provider, row):
        return connections.record_reply(
            connection=row, reply=Reply(kind=kind, **given), by=provider, at=world.at
        )


def told(world: World, case: casework.Case) -> list[tuple[str, str, str]]:
    """Standing events about connections: kind, after, reason."""
    with world.as_("worker") as worker:
        events = pathway.standing(pathway.events_of(worker, journey_id=case.journey_id))
        return [(str(e.kind), e.after, e.reason) for e in events if e.subject_kind == "connection"]


def capacity(world: World, connection: connections.Connection) -> directory.CapacityNow:
    with world.as_("worker"):
        return directory.capacities_of([connection.listing_id], at=world.at)[connection.listing_id]


def test_takes_people_confirms_the_address_and_sends_a_first_name(
    world: World, asked: connections.Connection
) -> None:
    say(world, asked, ReplyKind.TAKES_PEOPLE)
    now = standing(world, asked)
    assert (now.status, now.details_sent_at) == (ConnectionStatus.DETAILS_SENT, world.at)
    with world.as_("worker") as worker:
        assert directory.email_state(worker, address=EMAIL) is directory.EmailState.CONFIRMED
    assert capacity(world, asked).state is directory.CapacityState.TAKING
    _first, second = mails(world, asked)
    assert "Plantedgiven" in second.text
    assert "Plantedfamily" not in second.text
    assert second.carries_personal_data


def test_accepts_then_came_then_finished_writes_each_step_once(
    world: World, case: casework.Case, asked: connections.Connection
) -> None:
    for kind in (
        ReplyKind.TAKES_PEOPLE,
        ReplyKind.ACCEPTS,
        ReplyKind.CAME,
        ReplyKind.CAME,
        ReplyKind.FINISHED,
    ):
        say(world, asked, kind)
        world.later(days=1)
    assert standing(world, asked).status == ConnectionStatus.FINISHED
    assert [kind for kind, _, _ in told(world, case)] == [
        "connected",
        "provider_accepted",
        "first_attended",
        "sustained",
    ]


def test_came_and_finished_on_one_day_is_an_end_but_nobody_kept_going(
    world: World, case: casework.Case, asked: connections.Connection
) -> None:
    for kind in (ReplyKind.TAKES_PEOPLE, ReplyKind.ACCEPTS, *[ReplyKind.CAME] * 5, ReplyKind.FINISHED):
        say(world, asked, kind)
        world.later(minutes=1)
    assert standing(world, asked).status == ConnectionStatus.FINISHED
    assert [kind for kind, _, _ in told(world, case)] == ["connected", "provider_accepted", "first_attended"]


@pytest.mark.parametrize(("days", "went_on"), [(13, False), (14, True)])
def test_one_day_and_an_end_two_weeks_later_is_sustained(
    world: World, case: casework.Case, asked: connections.Connection, days: int, went_on: bool
) -> None:
    for kind in (ReplyKind.TAKES_PEOPLE, ReplyKind.ACCEPTS, ReplyKind.CAME):
        say(world, asked, kind)
    world.later(days=days)
    say(world, asked, ReplyKind.FINISHED)
    assert ("sustained" in [kind for kind, _, _ in told(world, case)]) is went_on


def test_day_that_was_undone_does_not_count(
    world: World, case: casework.Case, asked: connections.Connection
) -> None:
    for kind in (ReplyKind.TAKES_PEOPLE, ReplyKind.ACCEPTS, ReplyKind.CAME):
        say(world, asked, kind)
    world.later(days=1)
    undone = say(world, asked, ReplyKind.CAME)
    with world.as_("worker") as worker:
        connections.undo(reply=undone, by=worker, at=world.at)
    say(world, asked, ReplyKind.FINISHED)
    assert "sustained" not in [kind for kind, _, _ in told(world, case)]


@pytest.mark.parametrize(("days", "went_on"), [(0, False), (14, True)])
def test_case_that_ends_while_they_come_is_sustained_only_if_they_kept_going(
    world: World, case: casework.Case, asked: connections.Connection, days: int, went_on: bool
) -> None:
    for kind in (ReplyKind.TAKES_PEOPLE, ReplyKind.ACCEPTS, ReplyKind.CAME):
        say(world, asked, kind)
    world.later(days=days)
    with world.as_("worker") as worker:
        connections.end_open_connections(case=case, by=worker, at=world.at)
    assert standing(world, asked).status == ConnectionStatus.FINISHED
    assert ("sustained" in [kind for kind, _, _ in told(world, case)]) is went_on


def test_came_four_times_is_sustained_once(
    world: World, case: casework.Case, asked: connections.Connection
) -> None:
    say(world, asked, ReplyKind.TAKES_PEOPLE)
    say(world, asked, ReplyKind.ACCEPTS)
    for visit in range(1, 6):
        world.later(days=7)
        say(world, asked, ReplyKind.CAME)
        kinds = [kind for kind, _, _ in told(world, case)]
        assert kinds.count("sustained") == int(visit >= 4)
    assert standing(world, asked).times_came == 5


def test_did_not_come_is_noted_and_they_may_still_come(
    world: World, case: casework.Case, asked: connections.Connection
) -> None:
    for kind in (ReplyKind.TAKES_PEOPLE, ReplyKind.ACCEPTS, ReplyKind.DID_NOT_COME):
        say(world, asked, kind)
    now = standing(world, asked)
    assert (now.status, now.times_not, now.times_came) == (ConnectionStatus.ACCEPTED, 1, 0)
    assert "lost" not in [kind for kind, _, _ in told(world, case)]
    world.later(days=7)
    say(world, asked, ReplyKind.CAME)
    assert standing(world, asked).status == ConnectionStatus.ATTENDED


def test_first_attended_is_dated_on_the_day_they_came(
    world: World, case: casework.Case, asked: connections.Connection
) -> None:
    say(world, asked, ReplyKind.TAKES_PEOPLE)
    say(world, asked, ReplyKind.ACCEPTS)
    world.later(days=5)
    say(world, asked, ReplyKind.CAME, happened_on=date(2026, 3, 5))
    with world.as_("worker") as worker:
        events = pathway.events_of(worker, journey_id=case.journey_id)
    [first] = [e for e in events if e.kind == EventKind.FIRST_ATTENDED]
    assert first.occurred_at.date() == date(2026, 3, 5)
    assert first.recorded_at == world.at


@pytest.mark.parametrize(
    ("kind", "given", "status", "reason"),
    [
        (
            ReplyKind.WAITING_LIST,
            {"waiting_weeks": 6},
            ConnectionStatus.WAITING_LIST,
            "provider_waiting_list",
        ),
        (ReplyKind.FULL, {"full_until": date(2026, 5, 1)}, ConnectionStatus.FULL, "provider_full"),
        (ReplyKind.DECLINES, {"reason": "provider_closed"}, ConnectionStatus.DECLINED, "provider_closed"),
    ],
)
def test_other_answers_lose_the_arrow_with_their_reason(
    world: World,
    case: casework.Case,
    asked: connections.Connection,
    kind: ReplyKind,
    given: dict[str, Any],
    status: ConnectionStatus,
    reason: str,
) -> None:
    say(world, asked, kind, **given)
    now = standing(world, asked)
    assert (now.status, now.status_reason) == (status, reason)
    assert told(world, case)[-1] == ("lost", "connected", reason)
    assert now.details_sent_at is None


def test_full_sets_room_and_raises_no_doubt(world: World, asked: connections.Connection) -> None:
    say(world, asked, ReplyKind.FULL, full_until=date(2026, 5, 1))
    known = capacity(world, asked)
    assert (known.state, known.full_until) == (directory.CapacityState.FULL, date(2026, 5, 1))
    with world.as_("worker") as worker:
        trust = directory.trust_of_listings(worker, [asked.listing_id], at=world.at)
        assert trust[asked.listing_id].doubts == ()


def test_group_that_is_no_more_raises_a_doubt(world: World, asked: connections.Connection) -> None:
    say(world, asked, ReplyKind.DECLINES, reason="provider_closed")
    with world.as_("worker") as worker:
        trust = directory.trust_of_listings(worker, [asked.listing_id], at=world.at)
        assert trust[asked.listing_id].doubts


def test_full_then_room_again_takes_up_the_connection(world: World, asked: connections.Connection) -> None:
    say(world, asked, ReplyKind.FULL)
    world.later(days=20)
    say(world, asked, ReplyKind.TAKES_PEOPLE)
    assert standing(world, asked).status == ConnectionStatus.DETAILS_SENT


def test_stopped_then_came_again(world: World, case: casework.Case, asked: connections.Connection) -> None:
    for kind in (ReplyKind.TAKES_PEOPLE, ReplyKind.ACCEPTS, ReplyKind.CAME, ReplyKind.STOPPED):
        say(world, asked, kind)
        world.later(hours=1)
    assert told(world, case)[-1] == ("lost", "first_attended", "stopped_coming")
    before = told(world, case)
    again = say(world, asked, ReplyKind.CAME)
    assert standing(world, asked).status == ConnectionStatus.ATTENDED
    assert told(world, case) == before[:-1]  # they had not stopped after all: the journey is where it was
    with as_provider(world, asked) as (provider, _):
        connections.undo(reply=again, by=provider, at=world.later(minutes=1))
    assert standing(world, asked).status == ConnectionStatus.STOPPED
    assert told(world, case) == before


def test_came_after_all_though_they_never_had(
    world: World, case: casework.Case, asked: connections.Connection
) -> None:
    for kind in (ReplyKind.TAKES_PEOPLE, ReplyKind.ACCEPTS, ReplyKind.STOPPED):
        say(world, asked, kind)
        world.later(hours=1)
    assert told(world, case)[-1][0] == "lost"
    say(world, asked, ReplyKind.CAME)
    assert [kind for kind, _, _ in told(world, case)][-1] == "first_attended"
    assert "lost" not in [kind for kind, _, _ in told(world, case)]


def test_stopped_came_stopped_came_leaves_one_journey_on_its_way(
    world: World, case: casework.Case, asked: connections.Connection
) -> None:
    for kind in (ReplyKind.TAKES_PEOPLE, ReplyKind.ACCEPTS, ReplyKind.CAME):
        say(world, asked, kind)
    for kind in (ReplyKind.STOPPED, ReplyKind.CAME) * 2:
        world.later(hours=1)
        say(world, asked, kind)
    assert "lost" not in [kind for kind, _, _ in told(world, case)]
    world.later(hours=1)
    say(world, asked, ReplyKind.STOPPED)
    assert [kind for kind, _, _ in told(world, case)].count("lost") == 1


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (ReplyKind.WAITING_LIST, {}),
        (ReplyKind.WAITING_LIST, {"waiting_weeks": 0}),
        (ReplyKind.FULL, {"full_until": date(2026, 3, 3)}),
        (ReplyKind.DECLINES, {}),
        (ReplyKind.DECLINES, {"reason": "provider_not_suitable"}),
        (ReplyKind.DECLINES, {"reason": "died"}),
    ],
)
def test_answer_that_makes_no_sense_changes_nothing(
    world: World, asked: connections.Connection, kind: ReplyKind, given: dict[str, Any]
) -> None:
    with pytest.raises(Faults):
        say(world, asked, kind, **given)
    assert standing(world, asked).status == ConnectionStatus.ASKED


@pytest.mark.parametrize("day", [date(2026, 3, 4), date(2026, 3, 2)])
def test_came_on_a_day_that_cannot_be_is_refused(
    world: World, asked: connections.Connection, day: date
) -> None:
    say(world, asked, ReplyKind.TAKES_PEOPLE)
    say(world, asked, ReplyKind.ACCEPTS)
    with pytest.raises(Faults):
        say(world, asked, ReplyKind.CAME, happened_on=day)


def test_accept_before_having_read_is_refused(world: World, asked: connections.Connection) -> None:
    with pytest.raises(IllegalTransition):
        say(world, asked, ReplyKind.ACCEPTS)


def test_undo_puts_everything_back_and_keeps_the_trace(
    world: World, case: casework.Case, asked: connections.Connection
) -> None:
    before = standing(world, asked)
    reply = say(world, asked, ReplyKind.WAITING_LIST, waiting_weeks=6)
    world.later(minutes=9)
    with as_provider(world, asked) as (provider, _row):
        connections.undo(reply=reply, by=provider, at=world.at)
    after = standing(world, asked)
    for name in ("status", "status_at", "status_reason", "waiting_weeks", "asked_at", "details_sent_at"):
        assert getattr(after, name) == getattr(before, name)
    assert [kind for kind, _, _ in told(world, case)] == ["connected"]
    with world.as_("worker") as worker:
        [kept] = connections.replies_of(worker, connection_id=asked.id)
    assert kept.undone_at == world.at


def test_undo_of_yes_closes_the_details_again(world: World, asked: connections.Connection) -> None:
    reply = say(world, asked, ReplyKind.TAKES_PEOPLE)
    with as_provider(world, asked) as (provider, row):
        assert connections.details(provider, connection_id=row.id) is not None
        connections.undo(reply=reply, by=provider, at=world.at)
        assert connections.details(provider, connection_id=row.id) is None


def _too_late(world: World, asked: connections.Connection) -> None:
    world.later(minutes=11)


def _answered_since(world: World, asked: connections.Connection) -> None:
    say(world, asked, ReplyKind.FULL)


def _taken_back_since(world: World, asked: connections.Connection) -> None:
    with world.as_("worker") as worker:
        connections.withdraw(connection=asked, reason="changed_mind", by=worker, at=world.at)


@pytest.mark.parametrize("meanwhile", [_too_late, _answered_since, _taken_back_since])
def test_undo_that_comes_too_late_is_refused(
    world: World,
    asked: connections.Connection,
    meanwhile: Callable[[World, connections.Connection], None],
) -> None:
    reply = say(world, asked, ReplyKind.TAKES_PEOPLE)
    world.later(seconds=1)
    meanwhile(world, asked)
    with world.as_("worker") as worker, pytest.raises((NotAllowed, IllegalTransition)):
        connections.undo(reply=reply, by=worker, at=world.at)


def test_undo_of_what_the_scheme_wrote_down_is_not_the_providers(
    world: World, asked: connections.Connection
) -> None:
    with world.as_("worker") as worker:
        reply = connections.provider_full(connection=asked, by=worker, at=world.at)
    with as_provider(world, asked) as (provider, _row), pytest.raises(NotAllowed):
        connections.undo(reply=reply, by=provider, at=world.at)


def test_worker_writes_down_what_the_group_said_on_the_phone(
    world: World, case: casework.Case, asked: connections.Connection
) -> None:
    with world.as_("worker") as worker:
        connections.provider_takes_people(connection=asked, by=worker, at=world.at)
        connections.provider_accepts(connection=asked, note="Sounded glad", by=worker, at=world.at)
        assert directory.email_state(worker, address=EMAIL) is directory.EmailState.CHECKED
        replies = connections.replies_of(worker, connection_id=asked.id)
    assert [reply.given_by_name for reply in replies] == ["Worker", "Worker"]
    assert len(mails(world, asked)) == 1  # nothing personal to an address that has not answered
    assert "provider_accepted" in [kind for kind, _, _ in told(world, case)]


@pytest.mark.parametrize("who", ["gp", "manager", "administrator", "other_worker"])
def test_answer_by_somebody_else_is_refused(world: World, asked: connections.Connection, who: str) -> None:
    with world.as_(who) as actor, pytest.raises((FingerpostError, connections.Connection.DoesNotExist)):
        connections.provider_full(connection=asked, by=actor, at=world.at + timedelta(minutes=1))
    assert standing(world, asked).status == ConnectionStatus.ASKED
