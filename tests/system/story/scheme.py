"""The scheme: a team lead shares out, a link worker listens, finds a place and closes."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.system.person import Someone
from tests.system.story.people import WORKER, Referred

GOAL = "Sing with others again"
MATTERS = "I want a reason to put my coat on."
STORY = "I have somebody to walk home with on Tuesdays."
LISTENED = "She talked about the choir. Mornings are worst."
CLOSED_BECAUSE = re.compile("the person is settled in a group or activity")


def open_referral(lead: Someone, person: Referred) -> None:
    lead.menu("Queue").look("Queue").link(person.name).look()
    lead.sees(person.reason, "Company and friendship")


def take_on(lead: Someone, worker: str) -> None:
    lead.choose(worker)
    lead.button("Take it on", within=lead.page.locator("main form").first).sees(f"{worker} has the case")


def accept(lead: Someone, person: Referred) -> None:
    open_referral(lead, person)
    take_on(lead, WORKER)


def open_person(worker: Someone, person: Referred) -> None:
    worker.menu("Today").look("Today")
    worker.link(person.name, within=worker.page.locator("main")).look(re.compile(person.name))


def find_person(worker: Someone, person: Referred) -> Someone:
    """With the box in the header, which sends by post: a name stands in no address."""
    worker.hands.type(worker.page.get_by_label("Search for a person"), person.name)
    worker.button("Search", within=worker.page.locator("header")).look("Find a person")
    worker.link(person.name, within=worker.page.locator("main")).look(re.compile(person.name))
    assert person.family_name not in worker.page.url
    return worker


def overview(worker: Someone, person: Referred) -> Someone:
    return worker.link("Overview").look(re.compile(person.name))


def log_attempt(worker: Someone) -> None:
    worker.choose("Phone", "Tried, not reached")
    worker.type("What was it about? (optional)", "No answer. Left a short message.")
    worker.button("Save the contact").sees("The contact is saved.", "No answer. Left a short message.")


def log_contact(worker: Someone, note: str = LISTENED) -> None:
    worker.choose("Phone", "We spoke or met")
    worker.type("What was it about? (optional)", note)
    worker.type("What did you promise next? (optional)", "Ring about the singers")
    worker.choose(re.compile("In a week"))
    worker.button("Save the contact").sees("The contact is saved.", note, "Ring about the singers")


def ask_how_life_feels(
    worker: Someone, *answers: int, before_saving: Callable[[], None] = lambda: None
) -> None:
    worker.link("How life feels").look("How life feels")
    for number, answer in enumerate(answers):
        group = worker.page.locator("fieldset.fp-scale").nth(number)
        worker.hands.choose(group.get_by_label(re.compile(rf"^\s*{answer}\b")).first)
    worker.choose("I read it out on the phone")
    before_saving()
    worker.button("Save the answers").sees("The answers are saved.")


def write_plan(worker: Someone) -> None:
    worker.link("Plan and goals").look("Plan and goals")
    worker.type("What matters to them, in their words", MATTERS)
    worker.type("Who and what already helps (optional)", "A neighbour with a dog")
    worker.button("Save the plan").sees("The plan is saved.")
    worker.type("A goal, as they would say it", GOAL)
    worker.button("Add the goal").sees("The goal is set.", GOAL)


def find_group(worker: Someone, words: str, listing: str) -> None:
    """Search by words. What the practice said they need is set as a filter already, and is taken away."""
    worker.link("Find a group").look("Find a group")
    worker.type("What are you looking for?", words)
    worker.button("Search", within=worker.page.locator("main"))
    chips = worker.page.get_by_role("button", name=re.compile("Take away (?!.*“)"))
    while chips.count():
        worker.press(chips.first)
    worker.sees(listing)


def prepare_connection(worker: Someone, listing: str) -> None:
    """Look at the listing, say that its address was checked, and tick what the person agreed to."""
    worker.link(listing, within=worker.page.locator("main")).look(listing)
    unchecked = worker.page.get_by_role("button", name="I have checked it: it is right")
    if unchecked.count():
        worker.press(unchecked)
    worker.link("Put in touch", within=worker.page.locator("aside")).look(re.compile("Put in touch"))
    worker.choose("The group gets in touch, or expects them", "Name", "Phone number")
    worker.choose("They told me on the phone or by video")
    worker.button("See exactly what will be sent").look(re.compile("Check before it is sent"))


def send_connection(worker: Someone) -> None:
    worker.button("Send it").sees("is being put in touch")


def connect(worker: Someone, words: str, listing: str) -> None:
    find_group(worker, words, listing)
    prepare_connection(worker, listing)
    send_connection(worker)


def say_how_it_ended(worker: Someone) -> None:
    """Up to what the practice will read, which can still be changed."""
    worker.link("End the work").look("End the work")
    worker.type("What changed, in their words (optional)", STORY)
    worker.choose("Yes", question=re.compile("May the practice read"))
    worker.choose("It came to a good end")
    worker.choose(re.compile("settled in a group"))
    worker.button(re.compile("^Go on")).look(re.compile("What the practice will read"))
