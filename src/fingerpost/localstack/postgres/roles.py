"""The roles of a cluster and their passwords."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from fingerpost.localstack.failures import LocalFailure

SUPERUSER = "fingerpost_cluster"
OWNER = "fingerpost_owner"
APP = "fingerpost_app"
MAINTENANCE = "fingerpost_maintenance"
ROLES = (SUPERUSER, OWNER, APP, MAINTENANCE)
_FILE = "passwords.json"

_PLAIN = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION INHERIT"
_ATTRIBUTES = {
    OWNER: f"{_PLAIN} NOBYPASSRLS",
    APP: f"{_PLAIN} NOBYPASSRLS",
    MAINTENANCE: f"{_PLAIN} BYPASSRLS",
}


def passwords(state: Path) -> dict[str, str]:
    """Random passwords by role, made once and kept in a file that only its owner can read."""
    file = state / _FILE
    if not file.exists():
        made = {role: secrets.token_urlsafe(32) for role in ROLES}
        partial = file.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump(made, out, indent=1)
        partial.rename(file)
    return _read(file)


def _read(file: Path) -> dict[str, str]:
    try:
        found = json.loads(file.read_text())
        return {role: str(found[role]) for role in ROLES}
    except (OSError, ValueError, KeyError) as error:
        raise LocalFailure(
            f"the database passwords in {file} cannot be read ({type(error).__name__}).",
            "start over with 'python3 run.py demo --fresh'; that removes the demo's data.",
        ) from None


def role_statements(known: dict[str, str]) -> str:
    """SQL that makes the three roles what they should be, whatever they were. Passwords are URL-safe text."""
    lines = []
    for role, attributes in _ATTRIBUTES.items():
        exists = f"EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
        lines.append(f"DO $$ BEGIN IF NOT {exists} THEN CREATE ROLE {role}; END IF; END $$;")
        lines.append(f"ALTER ROLE {role} {attributes} PASSWORD '{known[role]}';")
    lines.append(f"GRANT pg_read_all_data, pg_write_all_data TO {MAINTENANCE};")
    return "\n".join(lines)
