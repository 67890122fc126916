"""`fingerpost worker`: send what waits in the outbox and run the other jobs."""

from __future__ import annotations

import argparse

from fingerpost.cli.verb import Verbs, add_verb, set_up_django


def register(verbs: Verbs) -> None:
    parser = add_verb(verbs, "worker", "Run jobs: send messages, nudge, sweep. Stops when asked to.", work)
    parser.add_argument("--until-empty", action="store_true", help="stop as soon as no job is due")
    parser.add_argument(
        "--at-once", type=int, default=4, metavar="N", help="how many jobs side by side (default 4)"
    )


def work(chosen: argparse.Namespace) -> None:
    set_up_django()
    from fingerpost.web.config.doctor import refuse_unsafe_start
    from fingerpost.web.foundation.worker import run

    refuse_unsafe_start()
    run(until_empty=chosen.until_empty, at_once=max(1, chosen.at_once))
