"""One of the six people: a browser of their own, in which every page is looked at as soon as it is there."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response, Route

from tests.system.checks import PageChecks, is_page, policy_faults
from tests.system.hands import Finger, Hands, Keyboard, Mouse

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 320, "height": 640}
MODERN_PHONE = {"width": 390, "height": 844}
Name = str | re.Pattern[str]


@dataclass(frozen=True)
class Manner:
    """How somebody uses the pages."""

    name: str
    hands: Callable[[Page], Hands] = Mouse
    scripts: bool = True
    size: dict[str, int] | None = None
    also: dict[str, int] | None = None  # a second size at which each page is looked at
    touch: bool = False

    def __str__(self) -> str:
        return self.name


USUAL = Manner("usual")
KEYBOARD = Manner("keyboard only", hands=Keyboard)
NO_SCRIPT = Manner("no JavaScript", scripts=False)
ON_A_PHONE = Manner("phone width", size=PHONE)
BY_TOUCH = Manner("by touch on a phone", hands=Finger, size=MODERN_PHONE, touch=True)
MANNERS = (KEYBOARD, NO_SCRIPT, ON_A_PHONE)  # of everybody outside the scheme
IS_LONG = os.environ.get("FINGERPOST_EVERY_MANNER") == "yes"
# In the long form with nothing but a keyboard: walking to each control takes most of the time of a long story.
DESK_AND_PHONE = Manner(
    "looked at on a desk and on a phone", hands=Keyboard if IS_LONG else Mouse, also=MODERN_PHONE
)


def manners(suite: Manner, *, of: tuple[Manner, ...] = (KEYBOARD, ON_A_PHONE)) -> tuple[Manner, ...]:
    """One manner in the suite, so that neighbours differ; all in the long form (run.py prove manners)."""
    return of if IS_LONG else (suite,)


class Someone:
    """A browser context with one page. `strays` and `faults` gather what must not be, and `leave` tells."""

    def __init__(
        self, browser: Browser, address: str, checks: PageChecks, *, who: str, manner: Manner = USUAL
    ) -> None:
        self.who, self.address, self.checks = f"{who}, {manner}", address, checks
        self.strays: list[str] = []
        self.faults: list[str] = []
        self.context: BrowserContext = browser.new_context(
            base_url=address,
            viewport=manner.size or WIDE,  # type: ignore[arg-type]
            locale="en-GB",
            timezone_id="Europe/London",
            accept_downloads=True,
            reduced_motion="reduce",
            has_touch=manner.touch,
        )
        self.context.set_default_timeout(60_000)
        self.context.route("**/*", self._only_here)
        self.context.on("response", self._note)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("console", lambda said: self._hear(said.type, said.text))
        self.hands, self._also = manner.hands(self.page), manner.also
        self._briefly = bool(manner.also) or manner.touch
        self._seen: set[str] = set()
        self._switch = self.context.new_cdp_session(self.page) if not manner.scripts else None
        self._scripts(False)

    # Going and looking

    def go(self, path: str) -> Someone:
        """Open an address and look at the page."""
        self.page.goto(path)
        return self.look()

    def look(self, heading: Name = "") -> Someone:
        """The page that is there now holds what every page must hold, and has this heading."""
        self.page.wait_for_load_state()
        if heading:
            self.page.get_by_role("heading", name=heading, level=1).wait_for()
        if self._briefly and not IS_LONG and self._is_known():
            return self  # a page that comes again with other words
        self._scripts(True)
        self.checks.look(self.page, who=self.who)
        if self._also:
            usual = self.page.viewport_size
            self.page.set_viewport_size(self._also)  # type: ignore[arg-type]
            self.checks.look(self.page, who=self.who)
            self.page.set_viewport_size(usual)  # type: ignore[arg-type]
        self._scripts(False)
        return self

    def _is_known(self) -> bool:
        """Whether a page of this address, whatever ids stand in it, with as many questions has been looked at."""
        ids = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[?].*")
        said = self.page.locator(".nhsuk-error-summary, .fp-notification, del").count()
        asked = self.page.locator("main :is(input, select, textarea):visible").count()
        here = f"{ids.sub('', urlsplit(self.page.url).path)} {bool(said)} {asked} {self.page.title()[:6]}"
        is_known = here in self._seen
        self._seen.add(here)
        return is_known

    def sees(self, *words: Name) -> Someone:
        """All these words stand on the page where they can be read."""
        for one in words:
            self.main.get_by_text(one).locator("visible=true").first.wait_for()
        return self

    def sees_nothing_of(self, *words: str) -> Someone:
        """None of these words is anywhere in the page, shown or not."""
        html = self.page.content()
        found = [one for one in words if one in html]
        assert not found, f"{self.who} at {self.page.url} finds {found}"
        return self

    def waits_for(self, words: Name, *, seconds: float = 20) -> Someone:
        """Open the page again until the words are there: something else is at work on them."""
        until = time.monotonic() + seconds
        while not self.main.get_by_text(words).count():
            assert time.monotonic() < until, f"{self.who} waited {seconds:.0f} s for {words}\n{self.words}"
            self.page.wait_for_timeout(250)
            self.page.reload()
        return self.look()

    @property
    def words(self) -> str:
        return self.main.inner_text()

    @property
    def main(self) -> Locator:
        """The page below its header: content, what next, and the identity bar."""
        return self.page.locator("body")

    # Using

    def button(self, name: Name, *, within: Locator | None = None) -> Someone:
        return self._use((within or self.page.locator("body")).get_by_role("button", name=name).first)

    def link(self, name: Name, *, within: Locator | None = None) -> Someone:
        return self._use((within or self.page.locator("body")).get_by_role("link", name=name).first)

    def press(self, control: Locator) -> Someone:
        """A control that has no name of its own to be found by."""
        return self._use(control)

    def menu(self, name: str) -> Someone:
        """An entry of the main navigation, which a phone keeps folded."""
        entries = self.page.get_by_role("navigation", name="Menu")
        fold = self.page.locator("summary.fp-nav__toggle:visible")
        if fold.count():
            self.hands.press(fold)
        return self.link(name, within=entries)

    def type(self, label: Name, text: str, *, within: Locator | None = None) -> Someone:
        box = (within or self.page.locator("main")).get_by_label(label, exact=isinstance(label, str))
        self.hands.type(box.first, text)
        return self

    def day(self, question: Name, day: str, month: str, year: str) -> Someone:
        group = self.page.get_by_role("group", name=question)
        for label, text in (("Day", day), ("Month", month), ("Year", year)):
            self.type(label, text, within=group)
        return self

    def choose(self, *answers: Name, question: Name = "") -> Someone:
        """Tick boxes or choose a radio button; `question` where two questions share an answer."""
        within = self.page.get_by_role("group", name=question).last if question else self.page.locator("main")
        for answer in answers:
            self.hands.choose(within.get_by_label(answer, exact=isinstance(answer, str)).first)
        return self

    def pick(self, label: Name, option: str) -> Someone:
        """One of a list that folds out."""
        box = self.page.locator("main").get_by_label(label, exact=isinstance(label, str))
        self.hands.pick(box.first, option)
        return self

    def _use(self, control: Locator) -> Someone:
        """Press something that leads to another page, and look at that one."""
        with self.page.expect_navigation(wait_until="load"):
            self.hands.press(control)
        return self.look()

    # What must not be

    def leave(self) -> None:
        """Close the browser; fail if it asked anything of another host or a page broke."""
        self.context.close()
        assert not self.strays, f"{self.who} was sent elsewhere: {self.strays}"
        assert not self.faults, f"{self.who}: " + "\n".join(self.faults)

    def _scripts(self, run: bool) -> None:
        """Without JavaScript none runs but while we look: what looks is a script too. The page's own never ran."""
        if self._switch is not None:
            self._switch.send("Emulation.setScriptExecutionDisabled", {"value": not run})

    def _only_here(self, route: Route) -> None:
        if urlsplit(route.request.url)._replace(path="", query="").geturl() == self.address:
            route.continue_()
        else:
            self.strays.append(route.request.url)
            route.abort()

    def _note(self, response: Response) -> None:
        if is_page(response) and response.url.startswith(self.address):
            self.faults += policy_faults(response)
        if response.status >= 500:
            self.faults.append(f"{response.status} from {response.url}")

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error" and "status of 4" not in text:
            self.faults.append(f"console: {text}")
