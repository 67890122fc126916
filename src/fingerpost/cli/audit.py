"""`fingerpost audit verify`: has anybody removed, changed or slipped in a trace?"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from fingerpost.cli.verb import Verbs, add_group, add_verb, set_up_django
from fingerpost.kernel import clock
from fingerpost.kernel.errors import ConfigurationError


def register(verbs: Verbs) -> None:
    group = add_group(verbs, "audit", "The access log and the history of every change.")
    parser = add_verb(
        group,
        "verify",
        "Check every seal and every sealed row; fail, in words, if one was touched or nothing was sealed for a time.",
        _verify,
    )
    parser.add_argument(
        "--gaps-since",
        type=_moment,
        metavar="TIME",
        help="pass over times without a seal that were over by then, such as 2026-03-01T09:00Z: somebody has looked",
    )


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


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
    found = verify(
        using=using,
        key=settings.FINGERPOST_SEAL_KEY,
        kept=kept_outside(using),
        at=clock.now(),
        gaps_since=chosen.gaps_since,
    )
    waiting = f" {found.waiting} rows wait for their seal." if found.waiting else ""
    print(f"{found.seals} seals over {found.rows} rows were checked.{waiting}")
    if not found.faults:
        print("Nothing sealed was removed, changed or added to.")
    for fault in [*found.faults, *found.gaps]:
        print(fault, file=sys.stderr)
    return 1 if found.faults or found.gaps else 0
