"""`fingerpost audit verify`: has anybody removed, changed or slipped in a trace?"""

from __future__ import annotations

import argparse
import sys

from fingerpost.cli.verb import Verbs, add_group, add_verb, set_up_django
from fingerpost.kernel.errors import ConfigurationError


def register(verbs: Verbs) -> None:
    group = add_group(verbs, "audit", "The access log and the history of every change.")
    add_verb(
        group, "verify", "Check every seal and every sealed row; fail, in words, if one was touched.", _verify
    )


def _verify(chosen: argparse.Namespace) -> int:
    set_up_django()
    from django.conf import settings

    from fingerpost.web.audit.api import kept_outside, verify

    using = next((name for name in ("maintenance", "owner") if name in settings.DATABASES), None)
    if using is None:
        raise ConfigurationError(
            "The web process's own role may not read the seals.",
            expected="FINGERPOST_MAINTENANCE_DATABASE_URL or FINGERPOST_OWNER_DATABASE_URL",
            remedy="set one of them for this command only",
        )
    found = verify(using=using, key=settings.FINGERPOST_SEAL_KEY, kept=kept_outside(using))
    waiting = f" {found.waiting} rows wait for their seal." if found.waiting else ""
    print(f"{found.seals} seals over {found.rows} rows were checked.{waiting}")
    if not found.faults:
        print("Nothing sealed was removed, changed or added to.")
        return 0
    for fault in found.faults:
        print(fault, file=sys.stderr)
    return 1
