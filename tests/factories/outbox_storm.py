"""An outbox under a storm: a mail server that fails, stalls and drops, a worker and a database that are killed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from email import message_from_bytes
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
from aiosmtpd.smtp import SMTP
from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import DatabaseError, connections
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from tests.factories.outbox import ROUTE, House, MailServer, build_house, running

from fingerpost.localstack.failures import LocalFailure
from fingerpost.localstack.postgres import MAINTENANCE, Cluster, server
from fingerpost.web.foundation import worker
from fingerpost.web.foundation.scope import scope
from fingerpost.web.foundation.tasks import take_up_stalled
from fingerpost.web.messaging import api
from fingerpost.web.messaging.enums import State
from fingerpost.web.messaging.tasks import sweep

_MOODS = ["250 OK"] * 6 + ["stall", "drop", "451 4.3.0 try later", "550 5.1.1 nobody of this name"]
_TIMEOUT = 0.4  # how long the worker waits for the mail server
_STALL = 1.0
_DRAINS = 40
_DATABASE_RETURNS = 30.0  # seconds


@dataclass
class MoodyServer(MailServer):
    """Takes, stalls, drops, puts off or refuses, as the dice fall; what it takes it keeps."""

    dice: random.Random = field(default_factory=random.Random)
    is_moody: bool = True

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        mood = self.dice.choice(_MOODS) if self.is_moody else "250 OK"
        if mood[0] not in "45":
            self.taken.append(envelope.content)
        if mood == "stall":
            await asyncio.sleep(_STALL)
        if mood == "drop":
            server.transport.abort()
        return mood if mood[0].isdigit() else "250 OK"


@dataclass
class Report:
    """What a storm was and what came of it."""

    kills_of_the_worker: int = 0
    kills_of_the_database: int = 0
    committed: int = 0
    unanswered: int = 0  # the database died before it said whether the message was there
    sent: int = 0
    failed: int = 0
    mails_taken: int = 0
    duplicates: int = 0
    interrupted_attempts: int = 0
    sent_again: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class Storm:
    """One run. The process's Django must be set up on `database` of `cluster`."""

    def __init__(self, cluster: Cluster, database: str, house: House, mail: MoodyServer, seed: int) -> None:
        self.cluster, self.database, self.house, self.mail = cluster, database, house, mail
        self.dice = random.Random(seed)
        self.report = Report()
        self.certain: set[str] = set()
        self.numbers = 0
        self.worker = 0

    def run(self, kills: int) -> Report:
        began = time.monotonic()
        self.start_worker()
        for _ in range(kills):
            self.post(self.dice.randint(1, 4))
            time.sleep(self.dice.uniform(0.0, 0.5))
            self.strike()
            self.let_time_pass()
        self.mail.is_moody = False
        self.drain()
        self.check()
        self.send_failed_again()
        self.kill_worker()
        self.report.seconds = round(time.monotonic() - began, 1)
        return self.report

    def post(self, count: int) -> None:
        """Commit messages; each carries a word of its own, by which its mails are known."""
        for _ in range(count):
            self.numbers += 1
            word = f"word-{self.numbers}-end"
            try:
                self.house.send_now(text=f"{word}\n", html=f"<p>{word}</p>")
                self.certain.add(word)
            except (DatabaseError, ConnectorException):
                self.report.unanswered += 1
                connections.close_all()

    def strike(self) -> None:
        what = self.dice.choice(["worker", "database", "both"])
        if what in ("worker", "both"):
            self.kill_worker()
            self.report.kills_of_the_worker += 1
        if what != "worker":
            self.kill_database()
            self.report.kills_of_the_database += 1
        if what in ("worker", "both"):
            self.start_worker()

    def start_worker(self) -> None:
        """The worker of the product, in a process of its own."""
        connections.close_all()
        sys.stdout.flush()
        self.worker = os.fork()
        if self.worker == 0:
            with contextlib.suppress(BaseException):
                worker.run()
            os._exit(0)

    def kill_worker(self) -> None:
        if self.worker:
            os.kill(self.worker, signal.SIGKILL)
            os.waitpid(self.worker, 0)
            self.worker = 0

    def kill_database(self) -> None:
        """All processes of the server, as when a machine loses its power, while messages are written to it."""
        first = int((self.cluster.placement.data / "postmaster.pid").read_text().split("\n", 1)[0])
        family = [first, *children_of(first)]
        killer = os.fork()
        if killer == 0:
            time.sleep(self.dice.uniform(0.0, 0.03))
            kill_all([*family, *children_of(first)])
            os._exit(0)
        self.post(4)
        os.waitpid(killer, 0)
        kill_all([*family, *children_of(first)])
        connections.close_all()
        self.start_database()

    def start_database(self) -> None:
        """Again and again, as whatever minds a server does: a process of the one that was killed may linger."""
        deadline = time.monotonic() + _DATABASE_RETURNS
        while True:
            try:
                server.start(self.cluster.placement, durable=True)
            except LocalFailure:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)
            else:
                return

    @contextlib.contextmanager
    def outside(self) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(self.cluster.url(MAINTENANCE, self.database), autocommit=True) as found:
            yield found

    def let_time_pass(self) -> None:
        """An hour, for all that waits for one; then what the worker does by itself each minute."""
        with self.outside() as db:
            db.execute(
                "SELECT set_config('fingerpost.actor_id', 'system:time passes', false),"
                " set_config('fingerpost.actor_label', 'time passes', false)"
            )
            db.execute(
                "UPDATE messaging_message SET next_attempt_at = next_attempt_at - interval '2 days',"
                " created_at = created_at - interval '2 days' WHERE state IN ('queued', 'sending')"
            )
            # Passing over what a worker holds at this moment: two that wait for each other are no part of the storm.
            db.execute(
                "UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE id IN (SELECT id FROM procrastinate_jobs"
                " WHERE status = 'todo' AND scheduled_at IS NOT NULL ORDER BY id FOR UPDATE SKIP LOCKED)"
            )
            db.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 hour'")
        with contextlib.suppress(DatabaseError, ConnectorException):
            async_to_sync(take_up_stalled.func)(SimpleNamespace(app=app), 0)
            sweep.func(0)
        connections.close_all()

    def drain(self) -> None:
        """Wait until nothing is on its way any more; the storm is over."""
        self.kill_worker()
        self.start_worker()
        for _ in range(_DRAINS):
            with self.outside() as db:
                [(waiting,)] = db.execute(
                    "SELECT count(*) FROM messaging_message WHERE state IN ('queued', 'sending')"
                ).fetchall()
            if not waiting:
                return
            self.let_time_pass()
            time.sleep(0.5)
        self.report.wrong.append(f"{waiting} messages are still on their way")

    def check(self) -> None:
        """Nothing is lost, nothing is invented, a duplicate is known by its id, and staff can see it all."""
        wrong, report = self.report.wrong, self.report
        with scope(self.house.actor()) as actor:
            messages = list(api.outbox(actor))
            attempts = {m.id: api.deliveries_of(actor, message_id=m.id) for m in messages}
            listed_as_failed = api.failed_count(actor)
        by_word = {m.text.strip(): m for m in messages}
        wrong += [f"{word} was committed and is gone" for word in self.certain - set(by_word)]
        taken: Counter[str] = Counter()
        ids: dict[str, set[str]] = {}
        for raw in self.mail.taken:
            read = message_from_bytes(raw)
            word = str(read.get_payload(0).get_payload()).strip()
            taken[word] += 1
            ids.setdefault(word, set()).add(str(read["Message-ID"]))
        wrong += [f"{word} was mailed and is not in the outbox" for word in set(taken) - set(by_word)]
        for word, message in by_word.items():
            seen, tried = ids.get(word, set()), attempts[message.id]
            if seen - {message.message_id}:
                wrong.append(f"{word} went out under the ids {seen}")
            if message.state == State.SENT and not seen:
                wrong.append(f"{word} is called sent and never arrived")
            if message.state == State.FAILED and not (message.last_fault and message.failed_at):
                wrong.append(f"{word} failed, and nothing says why")
            if len(tried) != message.attempts:
                wrong.append(f"{word}: {message.attempts} attempts, {len(tried)} of them written down")
            report.interrupted_attempts += sum(each.outcome == "interrupted" for each in tried)
        report.committed = len(messages)
        report.sent = sum(m.state == State.SENT for m in messages)
        report.failed = sum(m.state == State.FAILED for m in messages)
        report.mails_taken, report.duplicates = sum(taken.values()), sum(taken.values()) - len(taken)
        if report.failed != listed_as_failed or report.sent + report.failed != report.committed:
            wrong.append("the list of staff does not say what became of each message")

    def send_failed_again(self) -> None:
        with scope(self.house.actor()) as actor:
            failed = list(api.outbox(actor, states=[State.FAILED]))
            for message in failed:
                api.resend(message=message, route=ROUTE, by=actor, at=message.failed_at)
        self.drain()
        with scope(self.house.actor()) as actor:
            after = [api.message(actor, message_id=message.id).state for message in failed]
        self.report.sent_again = after.count(State.SENT)
        if self.report.sent_again != len(failed):
            self.report.wrong.append("a message that was sent again did not go out")


def kill_all(servers: list[int]) -> None:
    """Kill processes of PostgreSQL; a number that has been given to something else is left alone."""
    for process in servers:
        with contextlib.suppress(OSError):
            if "(postgres)" in Path(f"/proc/{process}/stat").read_text():
                os.kill(process, signal.SIGKILL)


def children_of(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def weather(cluster: Cluster, database: str, *, owner: str, kills: int, seed: int) -> Report:
    """Run one storm from its beginning to its end."""
    with psycopg.connect(owner, autocommit=True) as as_owner:
        house = build_house(as_owner, "Storm House")
    mail = MoodyServer(dice=random.Random(seed + 1))
    with running(mail) as port:
        settings.FINGERPOST_MAIL = {
            "transport": "smtp",
            "host": "127.0.0.1",
            "port": port,
            "security": "none",
            "timeout": _TIMEOUT,
            "from": "hello@fingerpost.example",
        }
        return Storm(cluster, database, house, mail, seed).run(kills)
