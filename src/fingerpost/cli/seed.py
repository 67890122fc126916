"""`fingerpost seed --demo`: fill a new database with the invented town, for the demo only."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from fingerpost.cli.verb import Verbs, add_verb, set_up_django
from fingerpost.kernel.errors import ConfigurationError


def register(verbs: Verbs) -> None:
    parser = add_verb(verbs, "seed", "Fill a new database with the invented town of the demo.", _seed)
    parser.add_argument("--demo", action="store_true", required=True, help="say that it is for a demo")
    parser.add_argument("--people", type=int, default=400, help="how many people (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=2016, help="the same seed gives the same demo")
    parser.add_argument(
        "--until", type=_day, help="the day the demo ends on, as 2026-03-03 (default: today)", metavar="DAY"
    )


def _day(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d").replace(hour=17, tzinfo=UTC)


def _seed(chosen: argparse.Namespace) -> None:
    set_up_django()
    from django.conf import settings

    from fingerpost.kernel import clock
    from fingerpost.web.demo.seeding import seed_demo, write_accounts

    if not settings.FINGERPOST_DEMO:
        raise ConfigurationError(
            "This is not a demo, and a demo's people must never stand among real ones.",
            expected="FINGERPOST_DEMO=true, in a database of its own",
            remedy="python3 run.py demo makes one",
        )
    until = chosen.until or clock.now()
    done = seed_demo(until=until, seed=chosen.seed, people=chosen.people, progress=_progress)
    write_accounts(done.accounts, settings.STATE / "demo-accounts.json")
    print(f"{done.people} people and {done.signposted} signpostings over eighteen months.")


def _progress(done: int, of: int) -> None:
    if done % 50 == 0 or done == of:
        print(f"  {done} of {of} people", file=sys.stderr, flush=True)
