"""The charity: two volunteers and a phone, no account, one e-mail."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from tests.system.person import Someone
from tests.system.story.people import SCHEME

QUESTION = f"Do you take people? A question from {SCHEME}"
KEEP = f"Thank you: please keep this e-mail, from {SCHEME}"
PATIENCE = 120  # quarters of a second for the worker process to send what waits


def open_mail(lead: Someone, subject: str, to: str) -> None:
    """The mail as its reader sees it, in 'sent messages', as soon as the worker process has sent it."""
    lead.go("/sent/").look("Sent messages")
    row = lead.page.get_by_role("row").filter(has_text=subject).filter(has_text=to)
    for _ in range(PATIENCE):
        if row.count() and "Delivered" in row.first.inner_text():
            break
        lead.page.wait_for_timeout(250)
        lead.page.reload()
    lead.press(row.first.get_by_role("link").first).look(subject)


def link_in(lead: Someone) -> str:
    """The way to the connection's page, out of the buttons of the open mail."""
    found = lead.page.locator("pre.fp-mail__text a").first.get_attribute("href")
    assert found is not None
    return re.sub(r"say/\w+/$", "", urlsplit(found).path)


def follow_every_link(provider: Someone, link: str, *nobody: str) -> None:
    """As a program does that looks mail over: nothing changes, and nobody is named."""
    provider.go(link).sees_nothing_of(*nobody)
    before = provider.words
    buttons = provider.page.locator("main a[href^='/p/']").all()
    addresses = [address for one in buttons if (address := one.get_attribute("href"))]
    assert addresses
    for address in [*addresses, f"{link}say/takes_people/", f"{link}details/", f"{link}done/"]:
        provider.go(address).sees_nothing_of(*nobody)
    provider.go(link)
    assert provider.words == before


def say_yes(provider: Someone) -> None:
    """They take people: only now is there something to read."""
    provider.button("Yes, we take people").look("Thank you: you take people")
    provider.button("Show what they would like you to know").look()


def say_they_can_come(provider: Someone) -> None:
    provider.button("Yes, they can come").look("Thank you: they can come")


def say_they_came(provider: Someone, link: str) -> None:
    provider.go(link).button("They came").look("When did they come?")
    provider.button("They came").look("Thank you: they came")


def say_finished(provider: Someone, link: str) -> None:
    provider.go(link).button("They have finished").look()
    provider.button("They have finished").look("Thank you: they have finished")
