"""One served town and one Chromium for the folder; each test opens browsers of its own people."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

# Imported late: pytest reads this file before the settings are chosen.
if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.plugins.database import FreshDatabase
    from tests.system.checks import PageChecks
    from tests.system.person import Someone
    from tests.system.story.people import Referred
    from tests.system.town import Town

# A few people, so that queues and counts are not empty; more where pictures are taken.
PEOPLE = 150 if os.environ.get("FINGERPOST_SCREENSHOTS") == "1" else 12
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_BROUGHT_IN: set[str] = set()
GROUPS = ("Weir Bank Walkers", "Weir Bank Cooks", "Weir Bank Readers", "Weir Bank Menders")


@pytest.fixture(scope="session")
def town(
    make_database: Callable[[], FreshDatabase], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """The town of the demo with a few people, running: once for each process, since it takes half a minute to found."""
    from tests.plugins.database import PLACES
    from tests.system.town import served_town

    with served_town(PLACES, make_database(), tmp_path_factory.mktemp("town"), people=PEOPLE) as running:
        yield running


@pytest.fixture(scope="package")
def chromium(chromium_program: Path) -> Iterator[Browser]:
    """A browser, closed before other folders run: its loop forbids Django's connections to be used."""
    from playwright.sync_api import sync_playwright

    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(FLAGS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_program, args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def page_checks() -> PageChecks:
    from tests.system.checks import PageChecks

    return PageChecks()


@pytest.fixture
def someone(chromium: Browser, town: Town, page_checks: PageChecks) -> Iterator[Callable[..., Someone]]:
    """`someone("gp", manner=...)`: a new browser with nobody signed in; all are closed and held to account."""
    yield from _arrivals(chromium, town, page_checks)


@pytest.fixture(scope="package")
def groups(
    chromium: Browser, town: Town, page_checks: PageChecks, tmp_path_factory: pytest.TempPathFactory
) -> Sequence[str]:
    """Listings that an administrator has brought in: nobody has checked their addresses. Once for each town."""
    from tests.system.story.directories import bring_in, zip_of_groups
    from tests.system.story.people import sign_in

    if town.address in _BROUGHT_IN:
        return GROUPS
    for arrive in _arrivals(chromium, town, page_checks):
        administrator = sign_in(arrive("administrator"), "administrator")
        bring_in(administrator, zip_of_groups(tmp_path_factory.mktemp("groups"), GROUPS), "Weir Bank")
    _BROUGHT_IN.add(town.address)
    return GROUPS


@pytest.fixture(scope="package")
def asked(
    chromium: Browser, town: Town, page_checks: PageChecks, groups: Sequence[str]
) -> tuple[Referred, dict[str, str]]:
    """Somebody referred and taken on, and for each group the way in that its first e-mail holds."""
    from tests.system.story import practice, provider, scheme
    from tests.system.story.people import Referred, sign_in

    person, ways_in = Referred(given_name="Gwen", called="Gwen", family_name="Hollins"), {}
    for arrive in _arrivals(chromium, town, page_checks):
        practice.refer(sign_in(arrive("GP"), "gp"), person)
        lead, worker = sign_in(arrive("team lead"), "lead"), sign_in(arrive("link worker"), "worker")
        scheme.accept(lead, person)
        scheme.open_person(worker, person)
        for group in groups[:-1]:
            scheme.connect(worker, group, group)
            provider.open_mail(lead, provider.QUESTION, group)
            ways_in[group] = provider.link_in(lead)
    return person, ways_in


def _arrivals(chromium: Browser, town: Town, checks: PageChecks) -> Iterator[Callable[..., Someone]]:
    from tests.system.person import Someone

    here: list[Someone] = []

    def arrive(who: str, **given: object) -> Someone:
        here.append(Someone(chromium, town.address, checks, who=who, **given))  # type: ignore[arg-type]
        return here[-1]

    yield arrive
    for one in here:
        one.leave()
