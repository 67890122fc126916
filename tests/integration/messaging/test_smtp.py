"""The outbox against a real mail server that refuses, stalls and drops: nothing is lost."""

from __future__ import annotations

from email import message_from_bytes
from threading import Thread

import pytest
from django.db import connection
from tests.factories.outbox import SAFE_ROUTE

from fingerpost.kernel import clock
from fingerpost.web.foundation.jobs import in_scope
from fingerpost.web.foundation.scope import scope
from fingerpost.web.messaging import api, delivery
from fingerpost.web.messaging.enums import FaultKind


def message_ids(server) -> set[str]:
    return {message_from_bytes(raw)["Message-ID"] for raw in server.taken}


def later(message, house):
    """The clock at the moment the next attempt is due."""
    return clock.fixed(house.reload(message).next_attempt_at)


def test_accepted_is_sent_with_its_letter_and_its_message_id(house, mail_server):
    letter = api.Document(name="letter.pdf", content_type="application/pdf", content=b"%PDF-1.7 \x00\xff")
    message = house.send_now(route=SAFE_ROUTE, carries_personal_data=True, attachments=[letter])
    assert house.deliver(message) == api.State.SENT
    (raw,) = mail_server.taken
    read = message_from_bytes(raw)
    assert (read["Message-ID"], read["To"]) == (message.message_id, "practice@surgery.example")
    assert read["Reply-To"] == "team@fell.example"
    assert [part.get_payload(decode=True) for part in read.walk() if part.get_filename()] == [letter.content]
    assert house.reload(message).sent_at is not None


def test_put_off_is_queued_again_with_growing_waits_until_it_is_taken(house, mail_server, jobs):
    mail_server.rcpt = ["451 4.3.0 try later", "250 OK"]
    mail_server.data = ["452 4.2.2 mailbox full"]
    message = house.send_now()
    waits = []
    for _ in range(2):
        with later(message, house) as now:
            assert house.deliver(message) == api.State.QUEUED
        waits.append(house.reload(message).next_attempt_at - now)
    assert waits == list(delivery.WAITS[:2])
    assert house.reload(message).last_fault == FaultKind.BUSY
    assert jobs()[-1]["status"] == "todo"
    with later(message, house):
        assert house.deliver(message) == api.State.SENT
    assert house.outcomes(message) == ["put_off", "put_off", "sent"]
    assert house.reload(message).last_fault == ""


def test_a_job_that_comes_too_early_makes_no_attempt(house, mail_server):
    mail_server.rcpt = ["451 4.3.0 try later"]
    message = house.send_now()
    house.deliver(message)
    assert house.deliver(message) is None
    assert house.outcomes(message) == ["put_off"]


def test_refused_for_ever_fails_at_once_and_staff_can_see_why(house, mail_server):
    mail_server.rcpt = ["550 5.1.1 <hello@choir.example> is nobody"]
    message = house.send_now()
    assert house.deliver(message) == api.State.FAILED
    failed = house.reload(message)
    assert (failed.last_fault, failed.attempts) == (FaultKind.ADDRESS_REFUSED, 1)
    with scope(house.actor()) as actor:
        (attempt,) = api.deliveries_of(actor, message_id=message.id)
    assert attempt.answer == "550 5.1.1 <…> is nobody"


@pytest.mark.parametrize("how", ["drop", "stall"])
def test_a_connection_lost_after_the_data_leads_to_a_duplicate_with_the_same_message_id(
    house, mail_server, how
):
    mail_server.data = [how]
    message = house.send_now()
    assert house.deliver(message) == api.State.QUEUED
    assert house.reload(message).last_fault == FaultKind.UNREACHABLE
    with later(message, house):
        assert house.deliver(message) == api.State.SENT
    assert len(mail_server.taken) == 2
    assert message_ids(mail_server) == {message.message_id}


def test_no_server_at_all_ends_as_failed_only_when_every_wait_is_used_up(house, mail_server, settings):
    settings.FINGERPOST_MAIL = {**settings.FINGERPOST_MAIL, "port": 1}
    message = house.send_now()
    for _ in delivery.WAITS:
        with later(message, house):
            assert house.deliver(message) == api.State.QUEUED
    with later(message, house):
        assert house.deliver(message) == api.State.FAILED
    assert house.reload(message).attempts == len(delivery.WAITS) + 1


def test_a_crash_between_the_servers_yes_and_our_commit_is_made_good_under_the_same_id(house, mail_server):
    """The first attempt's commit is lost: what the row then says is exactly what a killed worker leaves."""
    message = house.send_now()

    class Killed(BaseException):
        pass

    with pytest.raises(Killed):
        _deliver_and_die(house, message, Killed)
    left = house.reload(message)
    assert (left.state, left.attempts, house.outcomes(message)) == (api.State.SENDING, 1, [])
    assert house.deliver(message) == api.State.SENT
    assert house.outcomes(message) == ["interrupted", "sent"]
    assert message_ids(mail_server) == {message.message_id}
    assert len(mail_server.taken) == 2


def test_while_one_attempt_is_under_way_a_second_worker_leaves_it_alone(house, mail_server):
    """The lock of an attempt, taken here on another connection, is what a second worker meets."""
    mail_server.data = ["stall"]
    message = house.send_now()
    first = Thread(target=_in_thread, args=(house, message))
    first.start()
    while house.reload(message).state != api.State.SENDING or not mail_server.taken:
        pass
    assert house.deliver(message) is None
    first.join()
    assert house.outcomes(message) == ["put_off"]


def test_logs_name_no_one(house, mail_server, caplog):
    mail_server.rcpt = ["550 5.1.1 <hello@choir.example> is nobody"]
    with caplog.at_level("DEBUG"):
        house.deliver(house.send_now(recipient_label="Planted-Marker", text="Planted-Marker"))
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("fingerpost")]
    assert ours
    for line in ours:
        assert "choir" not in line
        assert "Planted-Marker" not in line


def _deliver_and_die(house, message, death) -> None:
    reach = {"system_id": house.system_id, "organisation_ids": [house.organisation_id], "reason": "outbox"}
    with in_scope(**reach):
        attempt = delivery._begin(message.id)
    assert attempt == 1
    with in_scope(**reach):
        row = delivery._locked(message.id)
        result = delivery._carry(row, delivery.transports.chosen())
        assert result.outcome == "sent"
        delivery._end(row, "smtp", result, began_at=row.next_attempt_at)
        raise death


def _in_thread(house, message) -> None:
    try:
        house.deliver(message)
    finally:
        connection.close()
