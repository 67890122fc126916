"""Every component in every state, looked at by a real browser: accessible, nothing cut, nothing too small."""

from __future__ import annotations

import re
import shutil
from gzip import compress
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, sync_playwright

from fingerpost.web.pages.assets import build
from fingerpost.web.pages.gallery.views import SHOWN

PACKAGES = Path(__file__).parents[3] / "node_modules"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.skipif(
        not CHROMIUM or not PACKAGES.is_dir(),
        reason="needs Chromium and the npm packages, which `python3 run.py test` brings",
    ),
    pytest.mark.django_db,
    pytest.mark.urls("tests.integration.pages.routes"),
]

TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Links inside a sentence are free of the rule; boxes to tick are pressed through their words.
TOO_SMALL = """[...document.querySelectorAll(
  'a, button, summary, select, textarea, input:not([type=hidden])'
)].filter(e => {
  const box = e.getBoundingClientRect();
  const inline = getComputedStyle(e).display === 'inline' || e.matches('.nhsuk-skip-link');
  const exempt = inline || ['radio', 'checkbox'].includes(e.type);
  return box.width > 0 && box.height < 43.5 && !exempt;
}).map(e => e.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def style(tmp_path_factory: pytest.TempPathFactory) -> str:
    output = tmp_path_factory.mktemp("assets")
    build(output, packages=PACKAGES)
    return (output / "fingerpost" / "fingerpost.css").read_text(encoding="utf-8")


@pytest.mark.parametrize(("language", "direction"), [("en-gb", "ltr"), ("ar", "rtl")])
def test_components_hold_on_a_small_phone_and_are_accessible(
    language: str, direction: str, client: Client, settings: Any, style: str
) -> None:
    settings.DEBUG = True
    # All pages first: inside a browser's loop the database may not be asked.
    shown = {show: client.get(f"/dev/components/?show={show}&lang={language}").content for show in SHOWN}
    assert {show: len(compress(html)) for show, html in shown.items() if len(compress(html)) > 60_000} == {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 320, "height": 640})
        faults = {show: _faults(page, html.decode(), style, direction) for show, html in shown.items()}
        browser.close()
    assert {show: found for show, found in faults.items() if found} == {}


def _faults(page: Page, html: str, style: str, direction: str) -> list[Any]:
    page.set_content(re.sub(r"<link rel=\"stylesheet\"[^>]*>|<script[^>]*></script>", "", html))
    page.add_style_tag(content=style)
    found = [] if page.evaluate("document.documentElement.dir") == direction else ["direction"]
    found += [f"{page.evaluate(TOO_WIDE)} too wide"] if page.evaluate(TOO_WIDE) > 0 else []
    found += page.evaluate(TOO_SMALL)
    page.evaluate((PACKAGES / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    violations = page.evaluate("axe.run()")["violations"]
    return found + [(one["id"], [node["target"] for node in one["nodes"]]) for one in violations]
