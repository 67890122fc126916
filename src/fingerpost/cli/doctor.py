"""`fingerpost doctor`: is this installation safe and well? In plain words, with what to do."""

from __future__ import annotations

import argparse

from fingerpost.cli.verb import Verbs, add_verb, set_up_django
from fingerpost.kernel.errors import ConfigurationError

_MARKS = {"ok": "ok  ", "warn": "WARN", "fail": "FAIL"}


def register(verbs: Verbs) -> None:
    add_verb(verbs, "doctor", "Look at settings, database, walls, disk and jobs; say what to do.", _doctor)


def _doctor(_chosen: argparse.Namespace) -> int:
    set_up_django()
    from fingerpost.web.config.doctor import findings

    failed = 0
    for one in findings():
        print(f"{_MARKS[one.state]}  {one.said}")
        if one.state != "ok":
            print(f"        expected:   {one.expected}\n        what to do: {one.remedy}")
        failed += one.state == "fail"
    print(
        f"\n{failed} of these must be put right." if failed else "\nNothing here keeps it from being opened."
    )
    return ConfigurationError.exit_code if failed else 0
