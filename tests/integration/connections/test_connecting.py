"""Connecting a person to a listing: agreement first, and not a word about anybody in the first e-mail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories.connecting import (
    EMAIL,
    SECRETS,
    a_listing,
    an_imported_listing,
    as_provider,
    connect,
    mails,
    marked_case,
)
from tests.factories.world import World, build_world

from fingerpost.codes.pathway import EventKind
from fingerpost.kernel.errors import Conflict, Faults, FingerpostError, InvalidValue, NotAllowed, NotFound
from fingerpost.web.connections import api as connections
from fingerpost.web.connections.api import ConnectionKind, ConnectionStatus
from fingerpost.web.directory import api as directory
from fingerpost.web.pathway import api as pathway
from fingerpost.web.people import api as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def _fields_at_fault(error: FingerpostError) -> set[str]:
    return {getattr(fault, "field", "") for fault in (error.faults or (error,))}


def test_connect_unconfirmed_address_asks_without_personal_data(world: World) -> None:
    connection = connect(world, marked_case(world), a_listing(world))
    assert connection.status == ConnectionStatus.ASKED
    [mail] = mails(world, connection)
    assert mail.address == EMAIL
    assert not mail.carries_personal_data
    for part in (mail.subject, mail.text, mail.html):
        assert not [secret for secret in SECRETS if secret in part]
    assert "Link Up" in mail.subject
    assert "01632 960 100" in mail.text
    assert "01632 960 100" in mail.html


def test_connect_records_consent_and_writes_connected(world: World) -> None:
    case = marked_case(world)
    connection = connect(world, case, a_listing(world), fields={"name", "phone"})
    with world.as_("worker") as worker:
        [consent] = people.live_consents(
            worker, person_id=case.person_id, purpose=people.ConsentPurpose.SHARE_WITH_PROVIDER
        )
        events = pathway.events_of(worker, journey_id=case.journey_id)
        shared = connections.details(worker, connection_id=connection.id)
    assert consent.id == connection.consent_id
    assert sorted(consent.fields) == ["name", "phone"]
    assert [e.subject_id for e in events if e.kind == EventKind.CONNECTED] == [connection.id]
    assert shared.fields == {"name": "Plantedgiven Plantedfamily", "phone": "+447700900456"}


def test_connect_confirmed_address_sends_first_name_and_nothing_more(world: World) -> None:
    listing = a_listing(world)
    with world.as_("worker") as worker:
        directory.confirm_email(address=EMAIL, by=worker, at=world.at)
    connection = connect(world, marked_case(world), listing)
    assert connection.status == ConnectionStatus.DETAILS_SENT
    [mail] = mails(world, connection)
    assert "Plantedgiven" in mail.text
    assert "Plantedgiven" not in mail.subject
    for part in (mail.text, mail.html):
        for secret in ("Plantedfamily", "900456", "plantedmail", "Plantedneeds", "Plantedreason", "QX1"):
            assert secret not in part


def test_connect_imported_address_is_refused_until_somebody_vouches(world: World) -> None:
    case, listing = marked_case(world), an_imported_listing(world)
    with pytest.raises(NotAllowed) as refusal:
        connect(world, case, listing)
    assert refusal.value.reason == "unchecked"
    with world.as_("worker") as worker:
        assert connections.connections_of_case(worker, case_id=case.id) == []
        assert not people.live_consents(
            worker, person_id=case.person_id, purpose=people.ConsentPurpose.SHARE_WITH_PROVIDER
        )
        directory.vouch_for_email(address=EMAIL, by=worker, at=world.at)
    assert len(mails(world, connect(world, case, listing))) == 1


def test_connect_listing_without_address_can_be_asked_by_phone(world: World) -> None:
    case, listing = marked_case(world), a_listing(world, email="")
    with pytest.raises(NotFound):
        connect(world, case, listing)
    connection = connect(world, case, listing, asked_by="phone")
    assert connection.status == ConnectionStatus.ASKED
    assert mails(world, connection) == []


def test_connect_without_agreement_is_refused(world: World) -> None:
    with pytest.raises(Faults) as refusal:
        connect(world, marked_case(world), a_listing(world), consent_how="", kind="nonsense")
    assert _fields_at_fault(refusal.value) == {"consent_how", "kind"}


def test_connect_tells_every_field_that_cannot_be_shared_at_once(world: World) -> None:
    case = marked_case(world)
    case.person.phone_is_safe, case.person.email, case.person.access_needs = False, "", ""
    with pytest.raises(Faults) as refusal:
        connect(
            world,
            case,
            a_listing(world),
            fields={"phone", "email", "access_needs", "address"},
            message="Hello",
        )
    words = [str(fault.message) for fault in refusal.value.faults]
    assert len(words) == 6
    assert any("not safe" in text for text in words)
    assert _fields_at_fault(refusal.value) == {"shared_fields", "message"}


def test_connect_twice_to_the_same_listing_is_refused(world: World) -> None:
    case, listing = marked_case(world), a_listing(world)
    connect(world, case, listing)
    with pytest.raises(Conflict):
        connect(world, case, listing)
    connect(world, case, a_listing(world, name="Another group"))


@pytest.mark.parametrize("who", ["gp", "manager", "administrator", "other_worker"])
def test_connect_by_somebody_else_is_refused(world: World, who: str) -> None:
    case, listing = marked_case(world), a_listing(world)
    with world.as_(who) as actor, pytest.raises(NotAllowed):
        connections.connect(
            case=case, listing_id=listing.id, kind=ConnectionKind.SIGNPOST, by=actor, at=world.at
        )


def test_signpost_shares_nothing_and_writes_to_nobody(world: World) -> None:
    case, listing = marked_case(world), a_listing(world)
    connection = connect(world, case, listing, kind=ConnectionKind.SIGNPOST, fields=(), consent_how="")
    assert connection.status == ConnectionStatus.TOLD
    assert mails(world, connection) == []
    with world.as_("worker") as worker:
        assert connections.details(worker, connection_id=connection.id) is None
        kinds = [e.kind for e in pathway.events_of(worker, journey_id=case.journey_id)]
        connections.provider_came(connection=connection, by=worker, at=world.at)
    assert kinds.count(EventKind.SIGNPOSTED) == 1
    assert EventKind.CONNECTED not in kinds
    with pytest.raises(InvalidValue):
        connect(world, case, a_listing(world, name="Other"), kind=ConnectionKind.SIGNPOST)


def test_search_for_case_without_known_postcode_hides_nothing(world: World) -> None:
    case = marked_case(world)
    a_listing(world)
    with world.as_("worker") as worker:
        found = connections.search_for_case(
            worker, case=case, criteria=directory.SearchCriteria(words="walkers"), at=world.at
        )
    assert [hit.listing.name for hit in found.hits] == ["Fell Walkers"]


def test_waiting_on_others_and_returned_follow_the_connection(world: World) -> None:
    connection = connect(world, marked_case(world), a_listing(world))
    worker_id = world.worker.user_id
    with world.as_("worker") as worker:
        assert [c.id for c in connections.waiting_on_others(worker, worker_id=worker_id)] == [connection.id]
        assert not connections.returned(worker, worker_id=worker_id)
    with as_provider(world, connection) as (provider, row):
        connections.provider_full(connection=row, by=provider, at=world.at)
    with world.as_("worker") as worker:
        assert not connections.waiting_on_others(worker, worker_id=worker_id)
        [back] = connections.returned(worker, worker_id=worker_id)
        connections.mark_seen(connection=back, by=worker, at=world.at + timedelta(minutes=1))
        assert not connections.returned(worker, worker_id=worker_id)
    with world.as_("second_worker") as colleague:
        assert not connections.returned(colleague, worker_id=colleague.user_id)
