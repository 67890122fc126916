"""The whole test suite: its tools, then pytest in place of this process."""

from __future__ import annotations

import os
import sys

from fingerpost.localstack.assets import ensure_assets
from fingerpost.localstack.browser import VARIABLE, ensure_chromium
from fingerpost.localstack.environ import child_environment
from fingerpost.localstack.node import ensure_node_packages
from fingerpost.localstack.packages import TESTS, ensure_packages
from fingerpost.localstack.places import HOME_VARIABLE, Places
from fingerpost.localstack.steps import Steps

# Each has a database, and some a browser and a server of their own.
_MOST_PROCESSES = 4


def run_suite(places: Places, arguments: list[str]) -> int:
    """Set up the test tools, then become pytest. The tests start PostgreSQL themselves."""
    places.make_state()
    steps = Steps(total=4)
    with steps.step("Python packages, with the test tools") as note:
        note.already(ensure_packages(places, TESTS))
    with steps.step("Design system") as note:
        note.already(ensure_node_packages(places))
    with steps.step("Styles and static files") as note:
        note.already(ensure_assets(places))
    with steps.step("Chromium") as note:
        chromium, there = ensure_chromium(places)
        note.already(there)
    environ = child_environment({HOME_VARIABLE: str(places.state), VARIABLE: str(chromium)})
    sys.stdout.flush()
    os.chdir(places.root)
    os.execve(places.python, [str(places.python), "-m", "pytest", *_spread(arguments), *arguments], environ)


def _spread(arguments: list[str]) -> list[str]:
    """One process for each of the first cores, a file in one (tests/plugins/spread.py). Whoever names `-n` decides."""
    if any(argument.startswith("-n") for argument in arguments):
        return []
    return [
        "-n",
        str(min(os.cpu_count() or 1, _MOST_PROCESSES)),
        "--dist",
        "loadfile",
        "--no-loadscope-reorder",
    ]
