"""The one screen that the demo ends with: the address, and one account for each role."""

from __future__ import annotations

import json
from pathlib import Path

from fingerpost.localstack.failures import LocalFailure
from fingerpost.localstack.places import Places

FIELDS = ("role", "name", "email", "password")


def accounts_file(places: Places) -> Path:
    """Where `fingerpost seed --demo` lists the accounts: a JSON list of {role, name, email, password}."""
    return places.state / "demo-accounts.json"


def read_accounts(places: Places) -> list[dict[str, str]]:
    """The accounts that the seed listed, one per role."""
    file = accounts_file(places)
    try:
        rows = [{name: str(row[name]) for name in FIELDS} for row in json.loads(file.read_text("utf-8"))]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LocalFailure(
            f"the list of demo accounts in {file} cannot be read ({type(error).__name__}).",
            "start over with 'python3 run.py demo --fresh', which removes the demo's data.",
        ) from None
    return [row | {"role": in_words(row["role"])} for row in rows]


def in_words(role: str) -> str:
    """`link_worker` as a person reads it."""
    spaced = role.replace("_", " ")
    return spaced[:1].upper() + spaced[1:]


def screen(address: str, accounts: list[dict[str, str]]) -> str:
    """The text of the screen. Columns are as wide as their longest entry."""
    titles = {"role": "Role", "name": "Sign in as", "email": "E-mail address", "password": "Password"}
    widths = {name: max(len(row[name]) for row in [titles, *accounts]) for name in FIELDS}
    rows = [
        "  " + "   ".join(row[name].ljust(widths[name]) for name in FIELDS).rstrip()
        for row in [titles, *accounts]
    ]
    return "\n".join(
        [
            "",
            f"Fingerpost is ready: {address}",
            "",
            *rows,
            "",
            "Everyone here is invented, and nothing is sent to anybody outside this machine.",
            "Ctrl-C stops it and keeps what you entered. 'python3 run.py demo --fresh' starts over.",
        ]
    )
