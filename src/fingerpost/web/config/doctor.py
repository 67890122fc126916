"""Is this installation safe to open? Each finding says what is, what should be, and what to do.

`refuse_unsafe_start` is asked by every process that serves in production; `fingerpost doctor` shows all findings.
"""

from __future__ import annotations

import ipaddress
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError

from fingerpost.kernel import clock
from fingerpost.kernel.errors import ConfigurationError
from fingerpost.web.foundation.walls_sync import tables_out_of_step
from fingerpost.web.pages import passkeys

State = Literal["ok", "warn", "fail"]
# Secrets that stand in this project's own files, where everybody can read them.
_PUBLISHED_SECRETS = ("only-for-building-the-project", "tests-only")
_FEWEST_CHARACTERS = 10  # different ones: "aaaa…" is long and no secret
_LEAST_DISK = 2 * 1024**3
_MOST_SKEW = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(minutes=10)
_SAFE_TLS = ("verify-full", "verify-ca", "require")
_POWERS = {
    "rolsuper": "is a superuser",
    "rolbypassrls": "passes every wall (BYPASSRLS)",
    "rolcreaterole": "may make roles",
    "rolcreatedb": "may make databases",
    "rolreplication": "may copy the whole cluster (REPLICATION)",
}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `expected` and `remedy` are empty when it is as it should be."""

    state: State
    said: str
    expected: str = ""
    remedy: str = ""


def refuse_unsafe_start() -> None:
    """Raise `ConfigurationError` with every reason not to serve; does nothing outside production."""
    if not settings.FINGERPOST_REFUSES_UNSAFE_START:
        return
    faults = [one for one in (*settings_findings(), *database_findings()) if one.state == "fail"]
    if faults:
        lines = [
            f"{one.said}\n      expected: {one.expected}\n      what to do: {one.remedy}" for one in faults
        ]
        raise ConfigurationError(
            "It is not safe to start:\n  - " + "\n  - ".join(lines),
            expected="an installation in which 'fingerpost doctor' finds nothing that fails",
            remedy="put right each of them and start again",
        )


def findings() -> Iterator[Finding]:
    """Everything that can be looked at from here, settings first."""
    yield from settings_findings()
    yield from database_findings()
    yield from upkeep_findings()


def settings_findings() -> Iterator[Finding]:
    for look in (
        _secret,
        _seal_key,
        _debug,
        _demo,
        _hosts,
        _address,
        _passkeys,
        _database_transport,
        _stronger_roles,
        _second_proof,
        _provider,
        _proof_at_provider,
    ):
        yield look()


def _secret() -> Finding:
    key = str(settings.SECRET_KEY)
    expected, remedy = (
        "at least 40 random characters that nobody else knows",
        "set FINGERPOST_SECRET_KEY anew",
    )
    if key.startswith(_PUBLISHED_SECRETS):
        return Finding("fail", "The secret key stands in this project's files.", expected, remedy)
    if len(key) < 40 or len(set(key)) < _FEWEST_CHARACTERS:
        return Finding("fail", "The secret key can be guessed.", expected, remedy)
    return Finding("ok", "The secret key is long and our own.")


def _seal_key() -> Finding:
    if settings.FINGERPOST_SEAL_KEY == settings.SECRET_KEY:
        return Finding(
            "fail",
            "The key that seals the traces is the same as the secret key.",
            "a key of its own: who learns one must not be able to forge the other's work",
            "set FINGERPOST_SEAL_KEY anew",
        )
    return Finding("ok", "The traces are sealed with a key of their own.")


def _debug() -> Finding:
    if settings.DEBUG:
        return Finding(
            "fail", "DEBUG is on: error pages show records.", "DEBUG off", "unset FINGERPOST_DEBUG"
        )
    return Finding("ok", "Error pages show nothing of what went wrong.")


def _demo() -> Finding:
    if settings.FINGERPOST_DEMO:
        return Finding(
            "fail",
            "This is the demo: the sign-in page hands out accounts.",
            "no demo where people's records are",
            "start with the production settings and a database of its own",
        )
    return Finding("ok", "No demo accounts are shown.")


def _hosts() -> Finding:
    hosts, remedy = settings.ALLOWED_HOSTS, "set FINGERPOST_HOSTS to the name that people open"
    wild = [host for host in hosts if host == "*" or host.startswith(".")]
    if wild:
        return Finding("fail", f"Any host name is answered ({', '.join(wild)}).", "exact host names", remedy)
    if not any(map(_is_name, hosts)):
        return Finding(
            "fail", "No host name is answered that people could open.", "at least one full name", remedy
        )
    return Finding("ok", f"Answers to {', '.join(hosts)}.")


def _is_name(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return host != "localhost" and "." in host
    return False


def _address() -> Finding:
    parts = urlsplit(settings.FINGERPOST_BASE_URL)
    remedy = "set FINGERPOST_BASE_URL, for example to https://fingerpost.example.org"
    if parts.scheme != "https":
        return Finding(
            "fail",
            "Links in messages would not be encrypted.",
            "an address that begins with https://",
            remedy,
        )
    if parts.hostname not in settings.ALLOWED_HOSTS:
        return Finding(
            "fail",
            f"Links in messages lead to {parts.hostname}, which this installation does not answer.",
            "the name in FINGERPOST_BASE_URL among those in FINGERPOST_HOSTS",
            remedy,
        )
    return Finding("ok", f"Links in messages lead to {settings.FINGERPOST_BASE_URL}.")


def _passkeys() -> Finding:
    """Their address is that of the links: a passkey made for another one opens nothing."""
    if not passkeys.are_possible() or passkeys.domain() == "localhost":
        return Finding(
            "fail",
            f"Passkeys cannot be made for {passkeys.origin()}: nobody could use one to sign in.",
            "a full name, reached by https://",
            "set FINGERPOST_BASE_URL, for example to https://fingerpost.example.org",
        )
    return Finding(
        "ok", f"Passkeys are made for {passkeys.domain()}, and taken from {passkeys.origin()} only."
    )


def _database_transport() -> Finding:
    database: Mapping[str, Any] = settings.DATABASES["default"]
    host = str(database.get("HOST", ""))
    if host in ("", "localhost", "127.0.0.1", "::1") or host.startswith("/"):
        return Finding("ok", "The database is on this machine.")
    if database.get("OPTIONS", {}).get("sslmode") not in _SAFE_TLS:
        return Finding(
            "fail",
            "The way to the database may be unencrypted.",
            "sslmode=verify-full (or require) for a database on another machine",
            "add ?sslmode=verify-full to DATABASE_URL",
        )
    return Finding("ok", "The way to the database is encrypted.")


def _stronger_roles() -> Finding:
    held = [name for name in ("owner", "maintenance") if name in settings.DATABASES]
    if held:
        return Finding(
            "fail",
            f"This process has the password of the {' and the '.join(held)} role.",
            "only the application role's address where pages are served and jobs run",
            "unset FINGERPOST_OWNER_DATABASE_URL and FINGERPOST_MAINTENANCE_DATABASE_URL here",
        )
    return Finding("ok", "This process knows the application role only.")


def _second_proof() -> Finding:
    if not settings.FINGERPOST_MFA_REQUIRED:
        return Finding(
            "warn",
            "A password alone opens accounts.",
            "a second proof for every account, as in production",
            "set FINGERPOST_MFA_REQUIRED=true",
        )
    return Finding("ok", "Every account needs a second proof.")


def _provider() -> Finding:
    """Only what the settings say: the provider itself is asked when somebody signs in."""
    asked = settings.FINGERPOST_OIDC
    if not asked:
        return Finding("ok", "Nobody signs in through a provider: none is set up.")
    plain = [at for at in (asked["issuer"], *asked["origins"]) if not at.startswith("https://")]
    if plain:
        return Finding(
            "fail",
            f"Sign-ins would go unencrypted to {', '.join(plain)}.",
            "addresses that begin with https://",
            "set FINGERPOST_OIDC_ISSUER and FINGERPOST_OIDC_ORIGINS to such addresses, or unset them",
        )
    counts = "counts" if asked["second_proof"] else "does not count"
    return Finding("ok", f"Staff may sign in through {asked['issuer']}; a second proof given there {counts}.")


def _proof_at_provider() -> Finding:
    asked = settings.FINGERPOST_OIDC
    if asked and any(name not in ("amr", "acr") for name, _value in asked["second_proof"]):
        return Finding(
            "warn",
            "Something other than amr or acr counts as a second proof given at the provider.",
            "a claim by which the provider says how somebody signed in this time, such as amr=mfa",
            "put FINGERPOST_OIDC_SECOND_PROOF right, or unset it so that our own second proof is asked",
        )
    return Finding("ok", "Nothing but amr or acr counts as a second proof given at a provider.")


def database_findings() -> Iterator[Finding]:
    looks: tuple[Callable[[], Finding], ...] = (_role, _migrations, _walls, _moment)
    try:
        connections["default"].ensure_connection()
    except DatabaseError as fault:
        yield Finding(
            "fail",
            f"The database cannot be reached ({type(fault).__name__}).",
            "a running PostgreSQL 15 or newer that DATABASE_URL leads to",
            "start it, or put the address right",
        )
        return
    for look in looks:
        yield look()


def _role() -> Finding:
    """What the role that we are could do, itself or by taking up another."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            f"SELECT rolname, {', '.join(_POWERS)} FROM pg_roles"  # noqa: S608 - names of columns, above
            " WHERE rolname <> 'pg_database_owner' AND pg_has_role(current_user, oid, 'MEMBER')"
        )
        roles = [(row[0], dict(zip(_POWERS, row[1:], strict=True))) for row in cursor.fetchall()]
        cursor.execute(
            "SELECT current_user, (SELECT count(*) FROM pg_class WHERE pg_has_role(current_user, relowner, 'MEMBER')"
            " AND relnamespace = 'public'::regnamespace), EXISTS (SELECT 1 FROM pg_database WHERE datname ="
            " current_database() AND pg_has_role(current_user, datdba, 'MEMBER'))"
        )
        name, owned, owns_database = cursor.fetchone()
    faults = [words for _, powers in roles for column, words in _POWERS.items() if powers[column]]
    faults += [f"is in the role {other}" for other, _ in roles if other != name]
    faults += ["owns tables"] if owned else []
    faults += ["owns the database"] if owns_database else []
    if faults:
        return Finding(
            "fail",
            f"The database role {name} {', '.join(dict.fromkeys(faults))}: no wall holds it.",
            "a role with LOGIN and nothing else, in no other role, owning nothing",
            f"make such a role (CREATE ROLE … LOGIN) and name it in DATABASE_URL instead of {name}",
        )
    return Finding("ok", f"The database role {name} can do nothing but what the walls let it.")


def _migrations() -> Finding:
    executor = MigrationExecutor(connections["default"])
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return Finding(
            "fail",
            f"{len(waiting)} changes of the tables have not been made yet.",
            "tables as this version of Fingerpost needs them",
            "run 'fingerpost migrate' as the owner",
        )
    return Finding("ok", "The tables are those of this version.")


def _walls() -> Finding:
    astray = tables_out_of_step("default")
    if astray:
        return Finding(
            "fail",
            f"{len(astray)} tables do not have the walls of this version, {astray[0]} among them.",
            "every wall raised as it is declared",
            "run 'fingerpost migrate' as the owner",
        )
    return Finding("ok", "Every table stands behind its declared wall.")


def _moment() -> Finding:
    """Tried, not read: whether the role that we are can tell the walls what time it is."""
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('fingerpost.now', true), ''),"
            " set_config('fingerpost.now', '2001-02-03T04:05:06Z', true)"
        )
        before = cursor.fetchone()[0]
        cursor.execute(
            "SELECT fp_now() = '2001-02-03T04:05:06Z', set_config('fingerpost.now', %s, true)", [before]
        )
        is_moved = cursor.fetchone()[0]
    if is_moved:
        return Finding(
            "warn" if settings.FINGERPOST_CLOCK_MAY_BE_SET else "fail",
            "Whoever speaks to this database can tell the walls what time it is.",
            "a database whose walls go by its own clock; only tests and the demo may set another",
            "run 'fingerpost migrate' as the owner, with the settings of production",
        )
    return Finding("ok", "The walls go by the database's own clock.")


def upkeep_findings() -> Iterator[Finding]:
    yield _disk()
    try:
        connections["default"].ensure_connection()
    except DatabaseError:
        return  # said already
    yield _clock()
    yield _jobs()


def _disk() -> Finding:
    free = shutil.disk_usage(settings.STATE if settings.STATE.exists() else "/").free
    if free < _LEAST_DISK:
        return Finding(
            "warn", f"{free // 1024**2:,} MB of disk are left.", "at least 2 GB", "make room on the disk"
        )
    return Finding("ok", f"{free // 1024**3:,} GB of disk are left.")


def _clock() -> Finding:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        skew = abs(clock.now() - cursor.fetchone()[0])
    if skew > _MOST_SKEW:
        return Finding(
            "warn",
            f"The clock here and the database's differ by {skew.total_seconds():.0f} seconds.",
            "the same time on both, or entries stand in the wrong order",
            "set both by a time server (NTP)",
        )
    return Finding("ok", "The clocks of this machine and the database agree.")


def _jobs() -> Finding:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*), min(coalesce(j.scheduled_at, e.at)) FROM procrastinate_jobs j LEFT JOIN LATERAL"
            " (SELECT min(at) AS at FROM procrastinate_events WHERE job_id = j.id) e ON true"
            " WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= now())"
        )
        waiting, since = cursor.fetchone()
    if since is not None and clock.now() - since > _LONGEST_WAIT:
        return Finding(
            "warn",
            f"{waiting} jobs wait, the oldest for {(clock.now() - since).total_seconds() / 60:.0f} minutes.",
            "a running worker: nothing is sent without one",
            "start 'fingerpost worker', and look into its log if it runs",
        )
    return Finding("ok", "No job has been waiting for long.")
