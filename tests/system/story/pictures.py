"""The pictures of the tutorial: each is taken at its step of the walk, under the words that the tutorial says."""

from __future__ import annotations

import os
from pathlib import Path

from tests.system.person import Someone

FOLDER = Path(__file__).parents[3] / "docs" / "tutorials" / "images"
WANTED = os.environ.get("FINGERPOST_SCREENSHOTS") == "1"
MOST_BYTES = 150_000
PHONE = {"width": 390, "height": 780}

# What the picture is called, and what the tutorial says beneath it.
PICTURES = {
    "imported": "Where every row of the library's files went",
    "refer": "One page, under a minute",
    "referral-sent": "What happens next, and who does it",
    "signposted": "Two taps at the front desk",
    "queue": "The referral in the scheme's queue",
    "accept": "Take it on, and give it to somebody",
    "today": "The link worker's day",
    "how-life-feels": "Four short questions",
    "person": "A person's page, with what matters on top",
    "find": "Groups near Win, with why each is shown",
    "check-connection": "Exactly what will be sent, and what will not",
    "mail": "The e-mail as the charity sees it",
    "provider-asked": "The charity answers on a phone, without an account",
    "provider-details": "Only after a yes: what Win agreed to share",
    "provider-done": "What happens next, and a way to undo it",
    "connection": "What the group said, on the connection's page",
    "close": "What the practice will read",
    "outcome": "The GP reads what became of it",
    "funnel": "Counts, never a name",
}


class Pictures:
    """Takes each picture once, where the walk says; files are written only with FINGERPOST_SCREENSHOTS=1."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def take(self, someone: Someone, name: str, *, phone: bool = False) -> None:
        assert name in PICTURES and name not in self.taken, name
        self.taken.append(name)
        if not WANTED:
            return
        page, usual = someone.page, someone.page.viewport_size
        if phone:
            page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        page.evaluate("scrollTo(0, 0)")
        FOLDER.mkdir(parents=True, exist_ok=True)
        image = page.screenshot(path=FOLDER / f"{name}.png", animations="disabled", caret="hide")
        if phone and usual:
            page.set_viewport_size(usual)
        assert len(image) <= MOST_BYTES, f"{name}.png has {len(image)} bytes"
