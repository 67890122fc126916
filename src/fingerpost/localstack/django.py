"""Calling the `fingerpost` program of the environment, with exactly the settings each call needs."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from fingerpost.localstack.environ import child_environment
from fingerpost.localstack.places import HOME_VARIABLE, Places
from fingerpost.localstack.stamps import digest

# For commands that read the settings but no data.
PLACEHOLDER_URL = "postgresql://fingerpost_app@/fingerpost?host=/nowhere"
_SCHEMA_PARTS = ("migrations", "foundation", "config", "sql")
_SCHEMA_FILES = ("models.py", "enums.py", "lifecycle.py", "apps.py", "walls.py")


def program(places: Places, *words: str) -> list[str | Path]:
    """The command line of `fingerpost ...` in this checkout's environment."""
    return [places.python, "-m", "fingerpost.cli", *words]


def django_environment(places: Places, settings: str, **extra: str) -> dict[str, str]:
    """The environment of a Django process; a database is given only by naming its address in `extra`."""
    found = {
        HOME_VARIABLE: str(places.state),
        "DJANGO_SETTINGS_MODULE": f"fingerpost.web.config.settings.{settings}",
        "PYTHONUNBUFFERED": "1",
    }
    return child_environment(found | extra)


def secret_key(file: Path) -> str:
    """The signing key of a state folder, made once, readable by its owner only."""
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(48))
    return file.read_text()


def schema_digest(root: Path) -> str:
    """Changes whenever something changes that may alter what `fingerpost migrate` makes."""
    web = root / "src" / "fingerpost" / "web"
    files = [
        file
        for file in web.rglob("*")
        if file.suffix in (".py", ".sql") and _shapes_schema(file.relative_to(web))
    ]
    return digest([*files, root / "requirements" / "base.txt"])


def _shapes_schema(file: Path) -> bool:
    return (
        file.name in _SCHEMA_FILES
        or any(part in _SCHEMA_PARTS for part in file.parts)
        or "models" in file.parts
    )
