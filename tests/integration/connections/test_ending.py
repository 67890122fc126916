"""Consent withdrawn, taken back, case closed, mistakes: links die with it, and the provider is told."""

from __future__ import annotations

import pytest
from tests.factories.connecting import (
    SECRETS,
    a_listing,
    as_provider,
    connect,
    holder_of,
    mails,
    marked_case,
    standing,
    token_in,
)
from tests.factories.world import World, build_world

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError, InvalidValue, NotAllowed
from fingerpost.web.casework import api as casework
from fingerpost.web.connections import api as connections
from fingerpost.web.connections.api import ConnectionStatus
from fingerpost.web.feedback import api as feedback
from fingerpost.web.foundation import links
from fingerpost.web.foundation.scope import scope
from fingerpost.web.pathway import api as pathway

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def case(world: World) -> casework.Case:
    return marked_case(world)


def accepted(world: World, case: casework.Case, name: str = "Fell Walkers") -> connections.Connection:
    connection = connect(world, case, a_listing(world, name=name))
    with as_provider(world, connection) as (provider, row):
        if (
            row.status == ConnectionStatus.ASKED
        ):  # a second listing at an address that has answered is sent details
            connections.provider_takes_people(connection=row, by=provider, at=world.at)
        connections.provider_accepts(connection=row, by=provider, at=world.at)
    return standing(world, connection)


def losses(world: World, case: casework.Case) -> list[str]:
    with world.as_("worker") as worker:
        events = pathway.standing(pathway.events_of(worker, journey_id=case.journey_id))
    return [e.reason for e in events if e.kind == "lost"]


def test_consent_withdrawn_ends_the_connection_and_kills_every_link(
    world: World, case: casework.Case
) -> None:
    connection = accepted(world, case)
    tokens = {token_in(mail) for mail in mails(world, connection) if "/p/" in mail.text}
    world.later(days=1)
    with world.as_("worker") as worker:
        [ended] = connections.consent_withdrawn(consent=connection.consent, by=worker, at=world.at)
    assert (ended.status, ended.status_reason) == (ConnectionStatus.WITHDRAWN, "consent_withdrawn")
    assert losses(world, case) == ["consent_withdrawn"]
    for token in tokens:
        holder = holder_of(world, token)
        with clock.fixed(world.at), scope(holder):
            assert connections.connection_for_link(holder) is None
            assert connections.details(holder, connection_id=connection.id) is None
            assert not links.open_link(links.id_of(token)).is_live(world.at)


def test_consent_withdrawn_tells_the_provider_without_detail(world: World, case: casework.Case) -> None:
    connection = accepted(world, case)
    world.later(days=1)
    with world.as_("worker") as worker:
        connections.consent_withdrawn(consent=connection.consent, by=worker, at=world.at)
    last = mails(world, connection)[-1]
    assert "delete" in last.text
    assert connection.reference in last.text
    assert "/p/" not in last.text
    for part in (last.subject, last.text, last.html):
        assert not [secret for secret in (*SECRETS, "consent", "agree") if secret in part]


def test_withdrawn_before_anything_was_said_tells_nobody(world: World, case: casework.Case) -> None:
    connection = connect(world, case, a_listing(world))
    with world.as_("worker") as worker:
        connections.withdraw(connection=connection, reason="changed_mind", by=worker, at=world.at)
    assert len(mails(world, connection)) == 1


def test_withdraw_for_no_known_reason_is_refused(world: World, case: casework.Case) -> None:
    connection = connect(world, case, a_listing(world))
    with world.as_("worker") as worker, pytest.raises(InvalidValue):
        connections.withdraw(connection=connection, reason="nonsense", by=worker, at=world.at)


def test_entered_in_error_counts_nowhere_and_keeps_the_trace(world: World, case: casework.Case) -> None:
    connection = accepted(world, case)
    world.later(minutes=1)
    with world.as_("worker") as worker:
        connections.mark_entered_in_error(connection=connection, note="Wrong person", by=worker, at=world.at)
        events = pathway.events_of(worker, journey_id=case.journey_id)
        assert not [e for e in pathway.standing(events) if e.subject_kind == "connection"]
        assert [e for e in events if e.subject_kind == "connection"]
        assert connections.connections_of_case(worker, case_id=case.id) == []
        [kept] = connections.connections_of_case(worker, case_id=case.id, mistakes=True)
    assert kept.status_note == "Wrong person"


def _case_with_one_of_each(world: World, case: casework.Case) -> dict[str, connections.Connection]:
    attended = accepted(world, case, "Attended")
    with as_provider(world, attended) as (provider, row):
        connections.provider_came(connection=row, by=provider, at=world.at)
    missed = accepted(world, case, "Missed")
    with as_provider(world, missed) as (provider, row):
        connections.provider_did_not_come(connection=row, by=provider, at=world.at)
    full = connect(world, case, a_listing(world, name="Full"))
    with as_provider(world, full) as (provider, row):
        connections.provider_full(connection=row, by=provider, at=world.at)
    return {
        "attended": attended,
        "missed": missed,
        "full": full,
        "silent": connect(world, case, a_listing(world, name="Silent")),
        "unheard": accepted(world, case, "Unheard"),
    }


def test_closing_a_case_ends_each_connection_as_it_stood(world: World, case: casework.Case) -> None:
    made = _case_with_one_of_each(world, case)
    world.later(days=1)
    with world.as_("worker") as worker:
        assert len(connections.open_connections(worker, case_id=case.id)) == 5
        connections.end_open_connections(case=case, by=worker, at=world.at)
        assert connections.open_connections(worker, case_id=case.id) == []
    now = {name: standing(world, one) for name, one in made.items()}
    assert {name: (one.status, one.status_reason) for name, one in now.items()} == {
        "attended": ("finished", ""),
        "missed": ("withdrawn", "did_not_come"),
        "full": ("withdrawn", ""),
        "silent": ("withdrawn", "provider_no_answer"),
        "unheard": ("withdrawn", ""),
    }
    assert sorted(losses(world, case)) == ["did_not_come", "provider_full", "provider_no_answer"]
    for one in made.values():
        with world.as_("worker"):
            assert links.latest_live(subject_id=one.id, purpose="connection", at=world.at) is None


def test_case_lost_as_a_whole_writes_no_loss_for_each_connection(world: World, case: casework.Case) -> None:
    connection = accepted(world, case)
    with world.as_("worker") as worker:
        connections.end_open_connections(case=case, loss="moved_away", by=worker, at=world.at)
    assert standing(world, connection).status_reason == "moved_away"
    assert losses(world, case) == []


def test_closing_takes_the_workers_own_choice(world: World, case: casework.Case) -> None:
    one, other = accepted(world, case), accepted(world, case, "Other")
    with world.as_("worker") as worker:
        connections.provider_came(connection=other, by=worker, at=world.at)
        connections.end_open_connections(
            case=case, ends={one.id: "need_met_elsewhere", other.id: "did_not_suit"}, by=worker, at=world.at
        )
    assert standing(world, one).status == ConnectionStatus.WITHDRAWN
    assert standing(world, other).status == ConnectionStatus.STOPPED
    assert sorted(losses(world, case)) == ["did_not_suit", "need_met_elsewhere"]


def test_case_that_should_never_have_been_takes_links_connections_and_letters_with_it(
    world: World, case: casework.Case
) -> None:
    connection = accepted(world, case)
    token = token_in(mails(world, connection)[-1])
    with world.as_("worker") as worker:
        letter = feedback.close(
            case=case,
            reason="goals_met",
            story="",
            told="All is well.",
            by=worker,
            at=world.at,
            connection_ends={connection.id: "finished"},
        )
        casework.reopen(case=casework.case(worker, case_id=case.id), by=worker, at=world.later(minutes=1))
        open_again = connect(world, casework.case(worker, case_id=case.id), a_listing(world, name="Singers"))
    with world.as_("lead") as lead:
        held = casework.case(lead, case_id=case.id)
        feedback.mark_case_entered_in_error(
            case=held, reason="wrong_person", by=lead, at=world.later(minutes=1)
        )
        assert connections.connections_of_case(lead, case_id=case.id) == []
        marked = connections.connections_of_case(lead, case_id=case.id, mistakes=True)
        assert {one.status for one in marked} == {ConnectionStatus.ENTERED_IN_ERROR}
        assert {one.id for one in marked} == {connection.id, open_again.id}
        assert not feedback.letters_of_referral(lead, referral_id=held.referral_id)
        assert not pathway.standing(pathway.events_of(lead, journey_id=case.journey_id))
    with pytest.raises(FingerpostError), world.as_("gp") as gp:
        feedback.letter(gp, letter_id=letter.id)
    for dead in (token, token_in(mails(world, open_again)[0])):
        assert not links.read(dead).is_live(world.at)


def test_mistake_that_may_not_be_marked_leaves_connections_as_they_were(
    world: World, case: casework.Case
) -> None:
    connection = accepted(world, case)
    with pytest.raises(NotAllowed), world.as_("receptionist") as other:
        feedback.mark_case_entered_in_error(case=case, reason="wrong_person", by=other, at=world.at)
    assert standing(world, connection).status == ConnectionStatus.ACCEPTED
