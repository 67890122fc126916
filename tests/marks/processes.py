"""The product's own processes, as an operator starts them, driven into faults; everything they write is read."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

import psycopg
from aiosmtpd.smtp import SMTP

from fingerpost.localstack.ports import HOST, free_port, wait_for_page
from fingerpost.localstack.postgres import OWNER, SUPERUSER, Cluster
from fingerpost.localstack.processes import Service
from tests.factories.outbox import MailServer, running
from tests.integration.routes.asking import address
from tests.integration.routes.planted import CSRF
from tests.integration.routes.table import TABLE
from tests.marks.driving import Drive, asker

# Whatever is written now fails, with an error that repeats the whole row.
_TRAP = """
CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'cannot write %', row_to_json(NEW) USING DETAIL = row_to_json(NEW)::text; END $$;
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND relname NOT LIKE 'procrastinate%' AND relname NOT IN ('django_session', 'django_migrations') LOOP
    EXECUTE format('CREATE TRIGGER aa_trap BEFORE INSERT OR UPDATE ON public.%I FOR EACH ROW'
                   ' EXECUTE FUNCTION trap()', name);
  END LOOP; END $$;
"""
_VERBS = (
    ("worker", "--until-empty"),
    ("extract", "--to", "{home}/out", "--key", "{home}/key", "--project", "marks", "--make-key"),
    ("audit", "verify"),
    ("doctor",),
    ("directory", "import", "{home}/nothing.csv"),
    ("indicator",),
)
_HEADERS_THAT_ADDRESS = {"to", "x-mailfrom", "x-rcptto", "x-peer"}  # the letter must reach somebody


@dataclass
class RudeServer(MailServer):
    """Repeats in its answer what it was sent: first refuses for good, then for a while, then takes everything."""

    heard: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        self.heard.append(envelope.content)
        text = " ".join(envelope.content.decode("ascii", "replace").split())[-300:]
        answers = [f"550 5.7.1 not wanted: {envelope.rcpt_tos} {text}", f"451 later: {text}", "250 OK"]
        return answers[min(len(self.heard) - 1, 2)]


class Processes:
    """Server, worker and verbs over one database; `written` is all that came out of them, by name."""

    def __init__(
        self, root: Path, home: Path, drive: Drive, cluster: Cluster, database: str, urls: dict[str, str]
    ) -> None:
        self.root, self.home, self.drive = root, home, drive
        self.cluster, self.database, self.urls = cluster, database, urls
        self.written: dict[str, str] = {}

    def run(self) -> None:
        before = self._database_log()
        mail = RudeServer()
        with running(mail) as port:
            self._environ = {
                **os.environ,
                "TEST_SMTP_PORT": str(port),
                "DJANGO_SETTINGS_MODULE": "tests.factories.smtp_settings",
            }
            self._messages_due()
            self._verb("worker, the mail server refuses", ("worker", "--until-empty"))
            self._serve("server")
            self._as(OWNER, _TRAP)
            self._serve("server, nothing can be written")
            self._messages_due()
            for verb in _VERBS:
                self._verb(f"{' '.join(verb[:2])}, nothing can be written", verb)
            self._verb("worker, no database", ("worker", "--until-empty"), DATABASE_URL=self._nowhere())
        self._wrong_statements()
        self.written["database server"] = self._database_log().removeprefix(before)
        for number, letter in enumerate(mail.heard):
            heads = [
                f"{k}: {v}"
                for k, v in message_from_bytes(letter).items()
                if k.lower() not in _HEADERS_THAT_ADDRESS
            ]
            parts = [
                str(part.get_filename()) for part in message_from_bytes(letter).walk() if part.get_filename()
            ]
            self.written[f"headers of letter {number}"] = "\n".join(heads + parts)
        self.written["names of files"] = "\n".join(str(path) for path in sorted(self.home.rglob("*")))
        self.written["jobs"] = self._jobs()
        for name, text in self.written.items():
            for line in text.splitlines():
                self.drive.findings.add(f"{name}: {line[:200]}", self.drive.marks.found(line))
        if not mail.heard:
            self.drive.findings.found.append("no letter reached the mail server")

    def _messages_due(self) -> None:
        self._as(
            SUPERUSER,
            "SET session_replication_role = replica; UPDATE messaging_message SET state = 'queued', sent_at = NULL,"
            " failed_at = NULL, channel = 'email', next_attempt_at = now() - interval '1 hour';"
            "INSERT INTO procrastinate_jobs (task_name, queue_name, args) SELECT 'messaging.deliver', 'default',"
            " jsonb_build_object('message_id', id, 'system_id', system_id, 'organisation_id', organisation_id)"
            " FROM messaging_message;"
            "INSERT INTO procrastinate_jobs (task_name, queue_name, args) SELECT 'feedback.set_letter', 'default',"
            " jsonb_build_object('letter_id', id, 'system_id', system_id, 'organisation_id', scheme_id)"
            " FROM feedback_letter;",
        )

    def _verb(self, name: str, verb: tuple[str, ...], **environ: str) -> None:
        words = [part.format(home=self.home) for part in verb]
        done = subprocess.run(
            [sys.executable, "-m", "fingerpost.cli", *words],
            cwd=self.root,
            env={**self._environ, **(self.urls if verb[0] == "audit" else {}), **environ},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self.written[name] = f"code {done.returncode}\n{done.stdout}\n{done.stderr}"

    def _serve(self, name: str) -> None:
        from fingerpost.cli.serve import APPLICATION, server_words

        port = free_port(8970)
        words = server_words(host=HOST, port=port, processes=1)
        log = self.home / "server.txt"
        service = Service(
            name, [*words, "--access-log", APPLICATION], log=log, cwd=self.root, environ=self._environ
        )
        try:
            why = wait_for_page(f"http://{HOST}:{port}/help/", seconds=60, alive=service.alive)
            assert why is None, f"{why}: {log.read_text()[-2000:]}"
            for row in TABLE:
                for method in ("GET", "POST"):
                    self._over_http(port, asker(row), method, address(self.drive.planted, row))
            self._rude(port)
            time.sleep(0.5)
        finally:
            service.stop()
        self.written[name] = log.read_text()
        log.unlink()

    def _over_http(self, port: int, who: str, method: str, path: str) -> None:
        cookies = self.drive.planted.clients[who].cookies
        given = "; ".join(f"{name}={each.value}" for name, each in cookies.items())
        word = self.drive.new("a header")
        body = f"csrfmiddlewaretoken={CSRF}&words={self.drive.new('a body')}" if method == "POST" else ""
        kind = "Content-Type: application/x-www-form-urlencoded\r\n" if body else ""
        self._send(
            port,
            f"{method} {path}?q={self.drive.new('a query')} HTTP/1.1\r\nHost: {HOST}:{port}\r\n"
            f"Cookie: {given}; {word}=1\r\nUser-Agent: {word}\r\nReferer: http://{HOST}/{word}\r\n"
            f"X-Request-Id: {word}\r\n{kind}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode(),
        )

    def _rude(self, port: int) -> None:
        """What no browser sends."""
        word = self.drive.new("a request without form").encode()
        for lines in (
            b"%s\r\n\r\n" % word,
            b"GET /%s HTTP/9.9\r\n\r\n" % word,
            b"%s / HTTP/1.1\r\nHost: x\r\n\r\n" % word.upper(),
            b"GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n" % word,
            b"GET /%s/\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % word,
            b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: %s\r\n\r\n" % (word * 20_000),
            b"POST /find-person/ HTTP/1.1\r\nHost: x\r\nContent-Length: 90\r\n\r\n%s" % word,  # and goes away
            b"POST /find-person/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz%s\r\n" % word,
        ):
            self._send(port, lines)

    @staticmethod
    def _send(port: int, data: bytes) -> None:
        with socket.create_connection((HOST, port), timeout=20) as held:
            held.settimeout(3)
            try:
                held.sendall(data)
                while held.recv(65536):
                    pass
            except OSError:
                return

    def _wrong_statements(self) -> None:
        """Errors of the database whose own words repeat a value: they must not stay in its log."""
        for statement in ("SELECT %s::uuid", "SELECT %s::date", "SELECT nosuch(%s::text)", "SELECT %s::int"):
            with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as held:
                try:
                    held.execute(statement, [next(iter(self.drive.marks.meaning))])
                except psycopg.Error:
                    continue
                raise AssertionError(f"{statement} did not fail")

    def _as(self, role: str, statements: str) -> None:
        with psycopg.connect(self.cluster.url(role, self.database), autocommit=True) as held:
            held.execute(statements.encode())

    def _jobs(self) -> str:
        with psycopg.connect(self.cluster.url(SUPERUSER, self.database)) as held:
            rows = held.execute(
                "SELECT task_name, status, args, lock, queueing_lock FROM procrastinate_jobs"
            ).fetchall()
        return "\n".join(map(str, rows))

    def _nowhere(self) -> str:
        return f"postgresql://{self.drive.marks.known('zq-in-an-address', 'a password')}@127.0.0.1:9/x"

    def _database_log(self) -> str:
        placement = self.cluster.placement
        return "\n".join(
            path.read_text("utf-8", "replace") for path in sorted(placement.folder.glob("*.log"))
        )
