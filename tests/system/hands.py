"""Ways to use a page: with a mouse, with a finger, or with nothing but Tab, Enter, Space, arrows and letters."""

from __future__ import annotations

from typing import Protocol

from playwright.sync_api import Locator, Page

MOST_STOPS = 150
HAS_FOCUS = "e => e === document.activeElement"
# A ring around the control, or around its label where the design draws the box itself.
SHOWS_FOCUS = """e => {
  const parts = [e, e.parentElement, ...(e.labels || [])].filter(Boolean);
  const seen = parts.some(part => ['', '::before', '::after'].some(layer => {
    const style = getComputedStyle(part, layer || undefined);
    return style.boxShadow !== 'none' || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0);
  }));
  const box = e.getBoundingClientRect();
  return seen && box.bottom > 0 && box.top < innerHeight;
}"""


class Hands(Protocol):
    """What a pair of hands can do to a control."""

    def press(self, control: Locator) -> None: ...
    def type(self, control: Locator, text: str) -> None: ...
    def choose(self, control: Locator) -> None: ...
    def pick(self, control: Locator, option: str) -> None: ...


class Mouse:
    """Clicks and types."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, control: Locator) -> None:
        control.click()

    def type(self, control: Locator, text: str) -> None:
        control.fill(text)

    def choose(self, control: Locator) -> None:
        # The design draws the box over the control itself, and the words beside it are as good.
        control.check(force=True)

    def pick(self, control: Locator, option: str) -> None:
        control.select_option(label=option)


class Finger(Mouse):
    """Taps, on a screen that knows touch and no mouse."""

    def press(self, control: Locator) -> None:
        control.tap()

    def choose(self, control: Locator) -> None:
        control.tap(force=True)
        assert control.is_checked()


class Keyboard:
    """Never a click: walks to a control as somebody does who cannot use a mouse, and sees where it is."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, control: Locator) -> None:
        self._reach(control)
        self.page.keyboard.press("Enter")

    def type(self, control: Locator, text: str) -> None:
        self._reach(control)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text) if text else self.page.keyboard.press("Delete")

    def choose(self, control: Locator) -> None:
        if control.is_checked():
            return
        if control.get_attribute("type") == "radio":
            self._choose_of_group(control)
        else:
            self._reach(control)
            self.page.keyboard.press("Space")
        assert control.is_checked()

    def pick(self, control: Locator, option: str) -> None:
        self._reach(control)
        self.page.keyboard.type(option)
        chosen = control.evaluate("e => e.selectedOptions[0].label.trim()")
        assert chosen == option, f"letters lead to {chosen} and not to {option}"

    def _reach(self, control: Locator) -> None:
        control.wait_for(state="attached")
        for _ in range(MOST_STOPS):
            if control.evaluate(HAS_FOCUS):
                assert control.evaluate(SHOWS_FOCUS), f"the focus on {control} cannot be seen"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{control} cannot be reached by Tab on {self.page.url}")

    def _choose_of_group(self, control: Locator) -> None:
        """Tab goes to one radio of a group; from there the arrows choose."""
        name = control.get_attribute("name")
        stop = f"() => document.activeElement.name === {name!r} && document.activeElement.type === 'radio'"
        for _ in range(MOST_STOPS):
            if self.page.evaluate(stop):
                break
            self.page.keyboard.press("Tab")
        if control.evaluate(HAS_FOCUS):
            self.page.keyboard.press("Space")
            return
        for _ in range(40):
            self.page.keyboard.press("ArrowDown")
            if control.is_checked():
                return
