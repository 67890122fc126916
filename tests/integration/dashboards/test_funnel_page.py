"""The funnel page through the real middleware and database, and in a real browser at phone width."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from gzip import compress
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, sync_playwright
from tests.factories.journeys import FIRST, random_journeys
from tests.factories.world import PASSWORD, World, a_referral, build_world, email_of

from fingerpost.kernel import clock
from fingerpost.web.dashboards.wording import BESIDE, ENDINGS, PARTS, STEPS
from fingerpost.web.insight import api as insight
from fingerpost.web.pages.assets import build

PACKAGES = Path(__file__).parents[3] / "node_modules"
pytestmark = pytest.mark.django_db
LATER = FIRST + timedelta(days=230)
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def world() -> World:
    return build_world(at=FIRST)


def _page(client: Client, who: str, address: str = "/funnel/") -> tuple[int, str]:
    with clock.fixed(LATER):
        client.post("/accounts/login/", {"login": email_of(who), "password": PASSWORD})
        response = client.get(address)
    return response.status_code, response.content.decode()


def test_every_step_and_count_of_the_pathway_has_a_name_and_a_definition() -> None:
    assert tuple(kind for _name, kinds in PARTS for kind in kinds) == insight.PATH == tuple(STEPS)
    assert (tuple(ENDINGS), tuple(BESIDE)) == (insight.ENDINGS, insight.ALONGSIDE)


def test_page_tells_every_step_and_no_person_worker_or_small_number(client: Client, world: World) -> None:
    random_journeys(world, count=90, days=200)
    a_referral(world, given_name="Zebedee", family_name="Quillfeather")

    status, body = _page(client, "manager")

    assert status == 200
    for named in STEPS.values():
        assert str(named.name) in body
    assert "Zebedee" not in body and "Quillfeather" not in body and "Second Worker" not in body
    numbers = re.findall(r'fp-(?:path__value|path__number|figure__value)">\s*([\d,]+)', body)
    assert numbers and all(int(n.replace(",", "")) % 5 == 0 for n in numbers)
    assert "fewer than 8" in body.lower()


def test_page_without_journeys_says_what_will_appear(client: Client, world: World) -> None:
    status, body = _page(client, "manager")
    assert status == 200
    assert "No journeys yet" in body


@pytest.mark.parametrize("who", ["gp", "receptionist", "worker", "administrator"])
def test_page_is_refused_to_roles_without_counts(client: Client, world: World, who: str) -> None:
    status, body = _page(client, who)
    assert status == 403
    assert "see counts of the pathway" in body


@pytest.mark.parametrize(
    "query", ["?practice=nonsense&first=2026-13&source=x&scheme=1", "?first=2026-03&last=2025-10", "?page=9"]
)
def test_page_survives_filters_it_does_not_understand(client: Client, world: World, query: str) -> None:
    a_referral(world)
    assert _page(client, "lead", f"/funnel/{query}")[0] == 200


def test_practice_filter_offers_the_practices_of_the_scheme_and_no_ranking(
    client: Client, world: World
) -> None:
    a_referral(world)
    _status, body = _page(client, "manager", f"/funnel/?practice={world.practice.id}")
    offered = re.findall(r"<option[^>]*>\s*(Elm Street Surgery|Mill Lane Practice)", body)
    assert offered == ["Elm Street Surgery", "Mill Lane Practice"]
    # Outside the filter no practice is named beside a number.
    assert "Mill Lane Practice" not in re.sub(
        r"<details class=\"fp-filter\">.*?</details>", "", body, flags=re.S
    )


@contextmanager
def _browser() -> Iterator[Browser]:
    """Opened after the page was made and closed before the database is put back: Playwright runs an event loop."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found or not PACKAGES.is_dir():
        pytest.skip("needs Chromium and the npm packages, which `python3 run.py test` provides")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


def test_page_holds_on_a_small_phone_without_a_script_and_is_accessible(
    client: Client, world: World, tmp_path: Path
) -> None:
    random_journeys(world, count=90, days=200)
    _status, body = _page(client, "manager", "/funnel/?source=practice")
    assert len(compress(body.encode())) < 60_000
    build(tmp_path, packages=PACKAGES)
    style = (tmp_path / "fingerpost" / "fingerpost.css").read_text(encoding="utf-8")
    with _browser() as browser:
        page = browser.new_page(viewport={"width": 320, "height": 640})
        page.set_content(re.sub(r"<link rel=\"stylesheet\"[^>]*>|<script[^>]*></script>", "", body))
        page.add_style_tag(content=style)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert page.evaluate(TOO_WIDE) <= 0
        page.evaluate((PACKAGES / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
        found = page.evaluate("axe.run()")["violations"]
        assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
