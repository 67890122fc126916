"""What every page must hold, whoever looks at it and however: accessible, nothing cut, nothing from elsewhere."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Response

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
# Every rule that is on by default, and the size of targets, which is not. None is switched off.
RUN_AXE = """async () => {
  const found = await axe.run(document, {rules: {'target-size': {enabled: true}}, resultTypes: ['violations']});
  return found.violations.map(one => one.id + ': ' + one.nodes.map(node => node.target.join(' ')).join(' | '));
}"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What axe could find something in: every kind of element in its place, the order of headings, and the width. Ids,
# words and how many rows a list has differ from visit to visit and make no other page of it.
SHAPE = """() => {
  const name = e => e ? [e.tagName, e.className, e.getAttribute('role'), e.getAttribute('type')].join('.') : '';
  const places = [...document.querySelectorAll('*')].map(e => name(e.parentElement) + '>' + name(e));
  const headings = [...document.querySelectorAll('h1,h2,h3,h4')].map(e => e.tagName);
  return [innerWidth, ...headings, ...new Set(places)].join(',');
}"""
# A folder for pictures of every page in every size, for somebody to look through by eye.
ALBUM = os.environ.get("FINGERPOST_ALBUM", "")
DIRECTIVES = ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
# A message shown as it was sent has styles of its own, so it stands in a box where nothing runs or is fetched.
BOX_DIRECTIVES = (
    "default-src 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    "sandbox allow-popups",
)


class PageChecks:
    """Looks at pages and remembers the shapes it has found good, so that a list of ten is looked at once."""

    def __init__(self) -> None:
        self.looked_at = 0
        self._good: set[str] = set()
        self._axe = AXE.read_text(encoding="utf-8")

    def look(self, page: Page, *, who: str) -> None:
        """Fail with all that is wrong with the page as it stands."""
        shape = hashlib.sha256(page.evaluate(SHAPE).encode()).hexdigest()
        if shape in self._good:
            return
        self.looked_at += 1
        if ALBUM:
            self._picture(page)
        faults = [*self._violations(page), *_frame_faults(page)]
        assert not faults, f"{who} at {page.url} ({page.title()}):\n" + "\n".join(faults)
        self._good.add(shape)

    def _picture(self, page: Page) -> None:
        width = (page.viewport_size or {}).get("width", 0)
        name = re.sub(r"[^a-z]+", "-", page.title().lower())[:40].strip("-")
        path = Path(ALBUM) / f"{width}-{self.looked_at:03}-{name}.png"
        page.screenshot(path=path, full_page=True, animations="disabled", caret="hide")

    def _violations(self, page: Page) -> list[str]:
        # As the browser's own debugger, not as a script of the page: the policy forbids those, and rightly.
        page.evaluate(self._axe)
        found: list[str] = page.evaluate(RUN_AXE)
        return found


def _frame_faults(page: Page) -> list[str]:
    faults = []
    if page.evaluate(TOO_WIDE) > 0:
        faults.append(f"{page.evaluate(TOO_WIDE)} pixels too wide")
    headings = page.locator("h1").count()
    if headings != 1:
        faults.append(f"{headings} main headings")
    return faults


def policy_faults(response: Response) -> list[str]:
    """What the content security policy of a page lacks."""
    policy = response.headers.get("content-security-policy", "")
    wanted = BOX_DIRECTIVES if response.url.endswith("/as-sent/") else DIRECTIVES
    return [f"{response.url} lacks {each} in its policy" for each in wanted if each not in policy]


def is_page(response: Response) -> bool:
    """Whether it is a page of ours, rather than a style sheet or a redirect."""
    kind: Any = response.headers.get("content-type", "")
    return bool(kind.startswith("text/html")) and response.status not in range(300, 400)
