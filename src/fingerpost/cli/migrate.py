"""`fingerpost migrate`: bring the tables up to date and raise the walls, as the owning role."""

from __future__ import annotations

import argparse

from fingerpost.cli.verb import Verbs, add_verb, set_up_django
from fingerpost.kernel.errors import ConfigurationError

OWNER = "FINGERPOST_OWNER_DATABASE_URL"


def register(verbs: Verbs) -> None:
    parser = add_verb(
        verbs, "migrate", "Bring the tables up to date and raise the walls, as the owner.", _migrate
    )
    parser.add_argument("--check", action="store_true", help="change nothing; fail if something would change")


def _migrate(chosen: argparse.Namespace) -> None:
    set_up_django()
    from django.conf import settings
    from django.core.management import call_command

    if "owner" not in settings.DATABASES:
        raise ConfigurationError(
            f"{OWNER} is not set.",
            expected="the address of the database in DATABASE_URL, as the role that owns it, for example: "
            f"{OWNER}=postgresql://fingerpost_owner:password@localhost/fingerpost",
            remedy="set it for this command only; the web process and the worker never need it",
        )
    call_command("migrate", database="owner", interactive=False, check_unapplied=chosen.check)
