"""Making a cluster's files, starting its server, and stopping it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from fingerpost.localstack.failures import LocalFailure
from fingerpost.localstack.postgres.placement import Placement, remove_data, run_as
from fingerpost.localstack.postgres.roles import SUPERUSER

START_SECONDS = 60
_LOG_LIMIT = 10_000_000

_SETTINGS = """\
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = '128MB'
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
jit = off
"""
# The words and values of failed statements can be about people, and so can the words of an error ("invalid input
# syntax for type uuid: ..."): they stay out of the demo's log. Whoever sent the statement is told.
_DURABLE = "log_min_messages = 'fatal'\nlog_min_error_statement = 'panic'\nlog_error_verbosity = 'terse'\n"
# A test cluster may be lost at any moment; it only has to be quick.
_QUICK = "fsync = off\nfull_page_writes = off\nsynchronous_commit = off\nautovacuum = off\n"


def make_files(placement: Placement, password: str) -> None:
    """Run initdb unless the cluster is already there. An interrupted run leaves nothing that counts."""
    if (placement.data / "PG_VERSION").exists():
        return
    remove_data(placement.folder)
    partial, secret = placement.folder / "data.partial", placement.folder / "password"
    shutil.rmtree(partial, ignore_errors=True)
    secret.unlink(missing_ok=True)
    with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(password + "\n")
    placement.give(secret)
    try:
        done = _run(
            placement,
            "initdb",
            "-D",
            partial,
            f"--username={SUPERUSER}",
            f"--pwfile={secret}",
            *_locale(placement),
            *_INITDB,
        )
    finally:
        secret.unlink(missing_ok=True)
    if done.returncode != 0:
        raise LocalFailure(f"initdb failed: {_last_line(done)}", _advice(placement))
    (partial / "pg_hba.conf").write_text("local all all scram-sha-256\n")
    partial.rename(placement.data)


_INITDB = (
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--no-instructions",
    "--no-sync",
)


_BUILTIN_LOCALE_SINCE = 17


def _locale(placement: Placement) -> tuple[str, ...]:
    """The same order and the same capitals in every version: older ones borrow them from the system."""
    version = _run(placement, "postgres", "--version").stdout.split()[2]
    if int(re.match(r"\d+", version)[0]) < _BUILTIN_LOCALE_SINCE:  # type: ignore[index]
        return ("--locale-provider=libc", "--locale=C.UTF-8")
    return ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")


def configure(placement: Placement, *, durable: bool) -> None:
    """Write our settings; PostgreSQL reads them after its own file."""
    main, ours = placement.data / "postgresql.conf", placement.data / "fingerpost.conf"
    folder = str(placement.socket_folder).replace('"', '""').replace("'", "''")
    ours.write_text(
        f"{_SETTINGS}{_DURABLE if durable else _QUICK}unix_socket_directories = '\"{folder}\"'\n",
    )
    placement.give(ours)
    include = "include = 'fingerpost.conf'\n"
    if include not in main.read_text():
        with main.open("a") as out:
            out.write(include)


def answers(placement: Placement) -> bool:
    """Whether a server accepts connections on this cluster's socket."""
    return _run(placement, "pg_isready", "-q", "-h", placement.socket_folder, "-p", "5432").returncode == 0


def start(placement: Placement, *, durable: bool) -> None:
    """Start the server and wait until it answers. A file left by a killed server is dealt with."""
    if _wait_for_living(placement):
        return
    # A lock file beside the socket stops PostgreSQL too, while the killed server waits to be reaped.
    shutil.rmtree(placement.socket_folder, ignore_errors=True)
    placement.socket_folder.mkdir(mode=0o700)
    placement.give(placement.socket_folder)
    configure(placement, durable=durable)
    if placement.log.exists() and placement.log.stat().st_size > _LOG_LIMIT:
        placement.log.unlink()
    deadline = time.monotonic() + START_SECONDS
    while (done := _start_once(placement)).returncode != 0:
        # Processes of a server that was killed need a moment to notice; until then its memory is in use.
        busy = "pre-existing shared memory" in _log_end(placement)
        if not busy or time.monotonic() > deadline:
            raise LocalFailure(
                f"the server did not start: {_last_line(done)}", _advice(placement), placement.log
            )
        time.sleep(0.5)


def _start_once(placement: Placement) -> subprocess.CompletedProcess[str]:
    """A server can be stopped once it has written its number: interrupts wait until then."""
    kept = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        return _pg_ctl(placement, "start", "-l", placement.log)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, kept)


def stop(placement: Placement) -> None:
    """Stop the server: open transactions are rolled back, nothing committed is lost."""
    if not _living_server(placement):
        return
    done = _pg_ctl(placement, "stop", "-m", "fast")
    if done.returncode != 0 and answers(placement):
        raise LocalFailure(f"the server did not stop: {_last_line(done)}", _advice(placement), placement.log)


def _living_server(placement: Placement) -> bool:
    """Whether the process named in postmaster.pid is a PostgreSQL server; a stale file is removed.

    After a crash or a restart of the machine the number may be that of another process; PostgreSQL would then
    refuse to start.
    """
    file = placement.data / "postmaster.pid"
    try:
        pid = int(file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return False
    if _is_postgres(pid, placement.data):
        return True
    file.unlink(missing_ok=True)
    return False


def _is_postgres(pid: int, data: Path) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        return os.fsencode(data) in words and Path(os.fsdecode(words[0])).name == "postgres"
    listed = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return "postgres" in listed.stdout and str(data) in listed.stdout


def _wait_for_living(placement: Placement) -> bool:
    """Whether a server that was there already answers. One that was killed is seen for a moment, then is gone."""
    deadline = time.monotonic() + START_SECONDS
    while _living_server(placement):
        if answers(placement):
            return True
        if time.monotonic() > deadline:
            why = f"a server for this cluster runs but has not answered for {START_SECONDS} seconds."
            raise LocalFailure(why, _advice(placement), placement.log)
        time.sleep(0.2)
    return False


def _pg_ctl(placement: Placement, verb: str, *more: str | Path) -> subprocess.CompletedProcess[str]:
    return _run(placement, "pg_ctl", verb, "-s", "-w", "-t", str(START_SECONDS), "-D", placement.data, *more)


def _run(placement: Placement, program: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [str(placement.programs / program), *(str(word) for word in words)]
    return run_as(placement.user, command, placement.folder)


def _log_end(placement: Placement) -> str:
    with contextlib.suppress(OSError):
        return placement.log.read_bytes()[-2000:].decode("utf-8", "replace")
    return ""


def _last_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line.strip() for line in (done.stderr + done.stdout).splitlines() if line.strip()]
    return lines[-1] if lines else f"code {done.returncode} and no message"


def _advice(placement: Placement) -> str:
    return (
        f"look at the disk space of {placement.folder}, then try again; if it stays, start over with "
        "'python3 run.py demo --fresh', or set FINGERPOST_HOME to another folder."
    )
