from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from tests.factories.outbox import ROUTE, SAFE_ROUTE

from fingerpost.kernel import clock
from fingerpost.kernel.contact_route import Channel, ContactRoute
from fingerpost.kernel.errors import InvalidValue, NotAllowed, NotFound
from fingerpost.kernel.ids import new_id
from fingerpost.web.foundation import links
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope
from fingerpost.web.messaging import api
from fingerpost.web.messaging.selectors import overdue

LETTER = api.Document(name="letter.pdf", content_type="application/pdf", content=b"%PDF-1.7 letter")


def rows(as_owner, house, table: str) -> int:
    found = as_owner.execute(f"SELECT count(*) FROM {table} WHERE system_id = %s", [house.system_id])
    return found.fetchone()[0]


def test_send_in_a_change_that_is_rolled_back_leaves_neither_message_nor_job(house, jobs, as_owner):
    class Crash(Exception):
        pass

    with pytest.raises(Crash), scope(house.actor()):
        house.send(attachments=[LETTER])
        raise Crash
    assert (
        rows(as_owner, house, "messaging_message"),
        rows(as_owner, house, "messaging_attachment"),
        jobs(),
    ) == (0, 0, [])


def test_send_in_a_change_that_commits_leaves_both_and_the_job_carries_ids_only(house, jobs, as_owner):
    message = house.send_now(attachments=[LETTER], route=SAFE_ROUTE, carries_personal_data=True)
    assert (rows(as_owner, house, "messaging_message"), rows(as_owner, house, "messaging_attachment")) == (
        1,
        1,
    )
    (job,) = jobs()
    assert job["task_name"] == "messaging.deliver"
    assert job["args"] == {
        "message_id": str(message.id),
        "system_id": str(house.system_id),
        "organisation_id": str(house.organisation_id),
    }


def test_send_without_permission_of_the_route_writes_nothing(house, jobs):
    with scope(house.actor()):
        for changes, reason in (
            ({"route": None}, "no_route"),
            ({"route": ROUTE, "carries_personal_data": True}, "unconfirmed"),
            ({"organisation_id": new_id()}, "other_organisation"),
        ):
            with pytest.raises(NotAllowed) as refusal:
                house.send(**changes)
            assert refusal.value.reason == reason
        with pytest.raises(InvalidValue, match="subject"):
            house.send(subject="Mabel Hart would like to come")
    assert jobs() == []


def test_a_second_delivery_of_what_has_arrived_does_nothing(house):
    message = house.send_now()
    assert house.deliver(message) == api.State.DELIVERED
    assert house.deliver(message) is None
    assert house.reload(message).attempts == 1


def test_mailbox_shows_what_arrived_to_who_may_see_it_and_to_nobody_else(house, make_house):
    arrived, waiting = house.send_now(), house.send_now()
    house.deliver(arrived)
    with scope(house.actor()) as actor:
        assert [m.id for m in api.mailbox(actor)] == [arrived.id]
        assert [m.id for m in api.mailbox(actor, address="HELLO@choir.example")] == [arrived.id]
        assert list(api.mailbox(actor, address="other@choir.example")) == []
        assert {m.id for m in api.outbox(actor)} == {arrived.id, waiting.id}
        assert [m.id for m in api.outbox(actor, states=[api.State.QUEUED])] == [waiting.id]
        assert [m.id for m in api.messages_about(actor, ("connection", waiting.about_id))] == [waiting.id]
    clerk = Actor(kind="user", id="user:1", label="A", system_id=house.system_id)
    with scope(clerk), pytest.raises(NotAllowed):
        api.mailbox(clerk)
    for neighbour in (make_house("Other").actor(), house.actor(organisation_ids=[new_id()])):
        with scope(neighbour):
            assert list(api.outbox(neighbour)) == []
            with pytest.raises(NotFound):
                api.message(neighbour, message_id=arrived.id)


def test_a_message_about_a_person_is_hidden_from_roles_that_work_with_counts(house):
    about_somebody = house.send_now(person_id=new_id(), attachments=[LETTER])
    about_nobody = house.send_now()
    house.deliver(about_somebody)
    counting = house.actor(sees_people=False)
    with scope(counting):
        assert [m.id for m in api.outbox(counting)] == [about_nobody.id]
        assert api.attachments_of(counting, message_id=about_somebody.id) == []
        assert api.deliveries_of(counting, message_id=about_somebody.id) == []


def test_who_follows_a_link_adds_to_the_outbox_of_who_sent_it_and_reads_nothing(house, make_house, as_owner):
    now = clock.now()
    with scope(house.actor()):
        link = links.issue(
            purpose="connection_reply",
            subject_id=new_id(),
            organisation_id=house.organisation_id,
            holder_label="Choir & Tea",
            at=now,
            lives=timedelta(days=7),
        )
    holder = link.actor()
    with scope(holder):
        house.send(by=holder)
        assert list(api.messages_about(holder, ("connection", new_id()))) == []
        with pytest.raises(NotAllowed):
            api.outbox(holder)
    assert rows(as_owner, house, "messaging_message") == 1
    with scope(house.actor()):
        links.revoke(subject_id=link.subject_id, reason="withdrawn", at=now)
    with pytest.raises(ProgrammingError, match="row-level security"), scope(holder):
        house.send(by=holder)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE messaging_delivery SET outcome = 'sent'",
        "DELETE FROM messaging_delivery",
        "DELETE FROM messaging_message",
        "UPDATE messaging_attachment SET content = ''",
        "UPDATE messaging_messagehistoryevent SET state = 'sent'",
    ],
)
def test_what_happened_cannot_be_changed_by_the_application(house, statement):
    house.deliver(house.send_now(attachments=[LETTER]))
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with scope(house.actor()), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_resend_of_a_failed_message_to_its_address_goes_on_with_the_same_message_id(house, mail_server, jobs):
    mail_server.rcpt = ["550 5.1.1 no such mailbox"]
    message = house.send_now()
    assert house.deliver(message) == api.State.FAILED
    with scope(house.actor()) as actor:
        assert api.failed_count(actor) == 1
        again = api.resend(message=message, route=ROUTE, by=actor, at=clock.now())
    assert (again.id, again.state) == (message.id, api.State.QUEUED)
    assert house.deliver(again) == api.State.SENT
    assert house.outcomes(again) == ["refused", "sent"]
    assert house.reload(again).message_id == message.message_id
    assert len(jobs()) == 1  # the first job still waited, so no second one was put beside it


def test_resend_of_a_sent_message_or_to_another_address_is_a_copy_with_its_own_message_id(house):
    message = house.send_now(attachments=[LETTER])
    house.deliver(message)
    moved = ContactRoute(channel=Channel.EMAIL, address="new@choir.example", purpose="connection")
    with scope(house.actor()) as actor:
        copy = api.resend(message=message, route=moved, by=actor, at=clock.now())
        assert (copy.copy_of_id, copy.address, copy.text) == (message.id, "new@choir.example", message.text)
        assert copy.message_id != message.message_id
        assert [bytes(a.content) for a in api.attachments_of(actor, message_id=copy.id)] == [LETTER.content]
    assert house.deliver(copy) == api.State.DELIVERED


def test_resend_is_refused_while_on_its_way_and_on_a_route_that_no_longer_allows_it(house):
    waiting = house.send_now()
    personal = house.send_now(route=SAFE_ROUTE, carries_personal_data=True)
    house.deliver(personal)
    with scope(house.actor()) as actor:
        for message, reason in ((waiting, "on_its_way"), (personal, "unconfirmed")):
            with pytest.raises(NotAllowed) as refusal:
                api.resend(message=message, route=ROUTE, by=actor, at=clock.now())
            assert refusal.value.reason == reason


def test_a_system_marked_for_tests_never_reaches_the_mail_server(house, mail_server, as_owner):
    as_owner.execute(
        "UPDATE tenancy_system SET email_domain_for_tests = true WHERE id = %s", [house.system_id]
    )
    assert house.deliver(house.send_now()) == api.State.DELIVERED
    assert mail_server.taken == []


def test_overdue_tells_ids_of_every_system_without_a_scope(house, make_house):
    other = make_house("Other")
    late = {house.send_now().id, other.send_now().id}
    arrived = house.send_now()
    house.deliver(arrived)
    soon = clock.now() + timedelta(minutes=1)
    with transaction.atomic():
        found = overdue(waiting_since=soon, sending_since=soon, how_many=100)
    assert late <= {row[0] for row in found}
    assert arrived.id not in {row[0] for row in found}
