"""The worker as a process: it is woken, asked to stop, and killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from types import SimpleNamespace

import pytest
from asgiref.sync import async_to_sync
from procrastinate.contrib.django import app

from fingerpost.kernel import clock
from fingerpost.web.foundation.tasks import take_up_stalled
from fingerpost.web.messaging import api
from fingerpost.web.messaging.tasks import sweep

Start = Callable[..., subprocess.Popen[bytes]]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def start(mail_server, settings) -> Iterator[Start]:
    begun: list[subprocess.Popen[bytes]] = []
    environ = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.factories.smtp_settings",
        "TEST_SMTP_PORT": str(settings.FINGERPOST_MAIL["port"]),
    }

    def begin(*words: str) -> subprocess.Popen[bytes]:
        begun.append(
            subprocess.Popen([sys.executable, "-m", "fingerpost.cli", "worker", *words], env=environ)
        )
        return begun[-1]

    yield begin
    for process in begun:
        process.kill()
        process.wait()


def wait_for(happened: Callable[[], bool], *, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def catch_up(start: Start) -> None:
    assert start("--until-empty").wait(timeout=30) == 0


def test_a_worker_is_woken_by_a_commit_and_stops_cleanly_when_asked(house, start, jobs):
    worker = start()
    first = house.send_now()
    wait_for(lambda: house.reload(first).state == api.State.SENT)
    message, began = house.send_now(), time.monotonic()
    wait_for(lambda: house.reload(message).state == api.State.SENT)
    assert time.monotonic() - began < 3, "polling is every five seconds, so this was not a notification"
    wait_for(lambda: jobs() == [])
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=10) == 0


def test_a_worker_killed_while_sending_loses_nothing_and_the_duplicate_has_the_same_id(
    house, mail_server, start, as_owner
):
    mail_server.data = ["stall"]
    message = house.send_now()
    worker = start()
    wait_for(lambda: len(mail_server.taken) == 1)
    worker.kill()
    worker.wait()
    assert house.reload(message).state == api.State.SENDING
    as_owner.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    async_to_sync(take_up_stalled.func)(SimpleNamespace(app=app), 0)
    catch_up(start)
    assert house.reload(message).state == api.State.SENT
    assert house.outcomes(message) == ["interrupted", "sent"]
    sent = [message_from_bytes(raw)["Message-ID"] for raw in mail_server.taken]
    assert sent == [message.message_id] * 2


def test_a_message_whose_job_has_vanished_is_swept_up(house, mail_server, start, as_owner, jobs):
    message = house.send_now()
    as_owner.execute("DELETE FROM procrastinate_jobs")
    sweep.func(0)
    assert jobs() == [], "it is not late yet"
    with clock.fixed(clock.now() + 3 * MINUTE):
        sweep.func(0)
        sweep.func(1)
    assert len(jobs()) == 1
    catch_up(start)
    assert house.reload(message).state == api.State.SENT
