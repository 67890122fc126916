"""The accounts of the demo, listed on its sign-in page; none anywhere else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from fingerpost.web.tenancy.api import Role

FILE = "demo-accounts.json"


@dataclass(frozen=True)
class DemoAccount:
    role: str
    name: str
    email: str
    password: str
    note: str = ""


def demo_accounts() -> Sequence[DemoAccount]:
    """What the demo's seed wrote into the state folder; empty unless this is the demo."""
    if not settings.FINGERPOST_DEMO:
        return []
    listed = Path(settings.STATE) / FILE
    if not listed.is_file():
        return []
    return [_account(row) for row in json.loads(listed.read_text(encoding="utf-8"))]


def _account(row: dict[str, str]) -> DemoAccount:
    role = row["role"]
    words = str(Role(role).label) if role in Role.values else role
    return DemoAccount(
        words[:1].upper() + words[1:], row["name"], row["email"], row["password"], row.get("note", "")
    )
