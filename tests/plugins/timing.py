"""Prints how long each folder of tests took: the suite has a budget, and this shows who spends it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Generator, Iterable

import pytest

CORES = 2
# Subjects with a budget of their own: minutes on two cores, and what belongs to each.
BUDGETS: dict[str, tuple[int, tuple[str, ...]]] = {
    "walls": (
        5,
        (
            *(
                f"tests/integration/{name}/"
                for name in ("attacks", "audit", "lost", "marks", "routes", "tree", "walls")
            ),
            "tests/integration/messaging/test_do_not_contact.py",
            "tests/integration/messaging/test_storm.py",
            *(
                f"tests/system/test_{name}.py"
                for name in ("access", "emergency", "hostile_clients", "passkeys")
            ),
        ),
    ),
    "directory": (
        4,
        (
            *(f"tests/integration/{name}/" for name in ("directory", "gaps", "published", "trust")),
            *(f"tests/unit/web/{name}/" for name in ("directory", "openreferral")),
            "tests/integration/attacks/test_hostile_files.py",
            "tests/property/test_feeds.py",
            *(f"tests/system/{name}" for name in ("directory/", "test_owner.py", "test_steward.py")),
        ),
    ),
}
_SHARED = "made once for each process"
_seconds: Counter[str] = Counter()
_tests: Counter[str] = Counter()
_made: list[float] = []


def folder_of(path: str) -> str:
    """`tests/integration/walls` for a file in it; a file no deeper than its kind is itself."""
    parts = path.split("/")
    return "/".join(parts[:3]) if len(parts) > 3 else path


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """What a session makes once (a founded town, a planted world) belongs to no subject that happens to be first."""
    began = time.perf_counter()
    try:
        return (yield)
    finally:
        if fixturedef.scope == "session" and isinstance(request.node, pytest.Session):
            _made.append(time.perf_counter() - began)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    _made.clear()
    try:
        yield
    finally:
        item.user_properties.append((_SHARED, sum(_made)))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    path = report.nodeid.split("::", 1)[0]
    shared = dict(report.user_properties).get(_SHARED, 0.0) if report.when == "setup" else 0.0
    _seconds[_SHARED] += shared
    _seconds[path] += report.duration - shared
    if report.when == "call":
        _tests[path] += 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _seconds:
        return
    terminalreporter.section("time per folder")
    for folder, seconds in _summed(_seconds).most_common():
        terminalreporter.write_line(f"{seconds:8.1f} s  {_summed(_tests)[folder]:5d} tests  {folder}")
    for line in spent(_seconds):
        terminalreporter.write_line(line)


def spent(seconds: Counter[str]) -> Iterable[str]:
    """What each subject used of its budget, in minutes of all cores together."""
    used: Counter[str] = Counter()
    for path, took in seconds.items():
        used[_subject_of(path)] += took
    for subject, (minutes, _places) in BUDGETS.items():
        if used[subject]:
            yield f"{subject}: {used[subject] / CORES / 60:.1f} of {minutes} minutes on {CORES} cores"


def _subject_of(path: str) -> str:
    """The one that names it most exactly, or none."""
    named = [
        (len(place), subject)
        for subject, (_minutes, places) in BUDGETS.items()
        for place in places
        if path.startswith(place)
    ]
    return max(named)[1] if named else ""


def _summed(counted: Counter[str]) -> Counter[str]:
    folders: Counter[str] = Counter()
    for path, number in counted.items():
        folders[folder_of(path)] += number
    return folders
