"""One PostgreSQL cluster of ours: started by its first user, stopped by its last."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from fingerpost.localstack.failures import LocalFailure
from fingerpost.localstack.locks import FileLock, exclusive
from fingerpost.localstack.postgres import placement as placements
from fingerpost.localstack.postgres import server
from fingerpost.localstack.postgres.psql import ask, checked_name
from fingerpost.localstack.postgres.roles import (
    APP,
    MAINTENANCE,
    OWNER,
    ROLES,
    SUPERUSER,
    passwords,
    role_statements,
)
from fingerpost.localstack.postgres.wheel import Wheel, find_wheel

EXTENSIONS = ("pg_trgm", "btree_gist", "unaccent")
_PREPARED = "fingerpost.prepared"
# Large objects stand behind no row policy: nobody of ours needs them, so nobody may make one.
_NO_LARGE_OBJECTS = """
REVOKE EXECUTE ON FUNCTION lo_create(oid), lo_creat(integer), lo_from_bytea(oid, bytea), lo_open(oid, integer),
    lo_get(oid), lo_put(oid, bigint, bytea), lo_unlink(oid) FROM PUBLIC;
"""


def ensure_cluster(state: Path, *, wheel: Wheel | None = None, durable: bool = True) -> Cluster:
    """The cluster of a state folder: placed, with its passwords. Its files are made when it is first started.

    `durable=False` is for tests: quick, and lost if the machine stops.
    """
    return Cluster(state.absolute(), wheel or find_wheel(), durable=durable)


class Cluster:
    """A cluster and this process's lease on its server: a context manager, or `start()` and `stop()`."""

    def __init__(self, state: Path, wheel: Wheel, *, durable: bool) -> None:
        self.state = state
        self.durable = durable
        self.mutex = state / "start.lock"
        self.lease = FileLock(state / "users.lock")
        with exclusive(self.mutex):
            self.placement = placements.place(state, wheel)
            self.passwords = passwords(state)

    def start(self) -> None:
        """Start the server, or share the one that already runs for this state folder."""
        if self.lease.held:
            return
        with exclusive(self.mutex):
            self.lease.acquire(shared=True)
            try:
                if not server.answers(self.placement):
                    server.make_files(self.placement, self.passwords[SUPERUSER])
                    server.start(self.placement, durable=self.durable)
                self._prepare()
            except BaseException:
                self._let_go()
                raise

    def stop(self) -> None:
        """Give up our lease; the server stops when nobody else holds one."""
        if self.lease.held:
            with exclusive(self.mutex):
                self._let_go()

    def _let_go(self) -> None:
        self.lease.release()
        if self.lease.try_acquire():
            try:
                server.stop(self.placement)
            finally:
                self.lease.release()

    def running(self) -> bool:
        """Whether a server answers, whoever started it."""
        return self.placement.data.is_dir() and server.answers(self.placement)

    def url(self, role: str, database: str) -> str:
        """A libpq address of a database for one of the roles; it carries that role's password only."""
        if role not in ROLES:
            raise LocalFailure(f"there is no database role {role!r}.", f"use one of {', '.join(ROLES)}.")
        host = quote(str(self.placement.socket_folder), safe="")
        return f"postgresql://{role}:{self.passwords[role]}@/{checked_name(database)}?host={host}&port=5432"

    def ask(self, statements: str, *, database: str = "postgres", role: str = SUPERUSER) -> list[str]:
        """Run SQL through psql; rows come back as lines with `|` between columns."""
        return ask(self.placement.programs, self.url(role, database), statements)

    def identity(self, database: str) -> str | None:
        """A name for this very database, or None: one that was dropped and remade has another."""
        rows = self.ask(
            "SELECT s.system_identifier, d.oid FROM pg_control_system() s, pg_database d "  # noqa: S608  checked_name
            f"WHERE d.datname = '{checked_name(database)}';"
        )
        return rows[0] if rows else None

    def databases(self, prefix: str = "") -> list[str]:
        """Names of the databases that begin with a prefix, oldest first."""
        rows = self.ask("SELECT datname FROM pg_database WHERE NOT datname LIKE 'template_' ORDER BY oid;")
        return [name for name in rows if name.startswith(prefix)]

    def create_database(self, name: str, template: str | None = None) -> None:
        """Create a database that the owner role owns and only our roles may open."""
        new, source = checked_name(name), checked_name(template or "template1")
        self.ask(
            f"CREATE DATABASE {new} OWNER {OWNER} TEMPLATE {source};\n"
            f"REVOKE ALL ON DATABASE {new} FROM PUBLIC;\n"
            f"GRANT CONNECT ON DATABASE {new} TO {APP};\n"
            f"GRANT CONNECT, TEMPORARY ON DATABASE {new} TO {MAINTENANCE};\n"
            # The views of what a server does show a role its own other sessions: statements with names in them.
            f"ALTER ROLE {APP} IN DATABASE {new} SET track_activities = off;"
        )
        if template is None:
            self.ask(_NO_LARGE_OBJECTS, database=new)

    def rename_database(self, old: str, new: str) -> None:
        self.ask(f"ALTER DATABASE {checked_name(old)} RENAME TO {checked_name(new)};")

    def drop_database(self, name: str) -> None:
        """Drop a database if it exists, ending any connection to it."""
        self.ask(f"DROP DATABASE IF EXISTS {checked_name(name)} WITH (FORCE);")

    def destroy(self) -> None:
        """Stop the server and remove the cluster with all its data. Refused while someone else uses it."""
        with exclusive(self.mutex):
            self.lease.release()
            if not self.lease.try_acquire():
                raise LocalFailure(
                    "another process still uses this database server.",
                    "stop the other demo or test run first, then try again.",
                )
            try:
                server.stop(self.placement)
                placements.forget(self.state)
            finally:
                self.lease.release()

    def _prepare(self) -> None:
        """Roles and extensions, once per cluster."""
        marker = self.placement.data / _PREPARED
        if marker.exists():
            return
        self.ask(role_statements(self.passwords))
        made = "\n".join(f"CREATE EXTENSION IF NOT EXISTS {name};" for name in EXTENSIONS)
        self.ask(made, database="template1")
        marker.touch()

    def __enter__(self) -> Cluster:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.stop()
