"""A record is opened in an emergency, by keyboard alone: for reading, never unseen, and told to the person."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.system.person import KEYBOARD, ON_A_PHONE, Someone
from tests.system.story import practice, provider
from tests.system.story.people import OTHER_SCHEME, PRACTICE, SCHEME, Referred, sign_in

Arrive = Callable[..., Someone]
EDITH = Referred(given_name="Edith", called="Edie", family_name="Ravensworth")
WHY = "She stood at the bus stop without a coat and did not know the way home."
FOUND = "I rang the link worker and the practice: her daughter fetched her."


def test_record_is_opened_in_an_emergency_reviewed_and_told(someone: Arrive) -> None:
    practice.refer(sign_in(someone("GP"), "gp"), EDITH, scheme=OTHER_SCHEME)
    worker = sign_in(someone("link worker", manner=KEYBOARD), "worker")
    when_nobody_is_found_there_is_a_way(worker)
    what_opens_can_only_be_read(worker)
    lead = sign_in(someone("governance lead", manner=ON_A_PHONE), "governance")
    the_lead_is_told_and_reviews_it(lead, sign_in(someone("team lead"), "lead"))
    the_person_reads_it_too(lead)
    worker.button("Close it now").sees("The record is closed to you again.")


def name(someone: Someone) -> Someone:
    """The person meant, exactly."""
    someone.type("First name (optional)", EDITH.given_name).type("Last name (optional)", EDITH.family_name)
    return someone.day("Date of birth", *EDITH.birth_date)


def search(worker: Someone) -> Someone:
    worker.hands.type(worker.page.get_by_label("Search for a person"), EDITH.name)
    return worker.button("Search", within=worker.page.locator("header")).look("Find a person")


def when_nobody_is_found_there_is_a_way(worker: Someone) -> None:
    search(worker).sees("Nobody found")
    worker.link("It cannot wait: open a record in an emergency").look("Open a record in an emergency")
    worker.button("Open the record").sees("There is a problem", "Say what kind of emergency it is")
    name(worker).choose("The person or somebody else is in danger now")
    worker.type("What has happened, and why can it not wait?", WHY)
    worker.button("Open the record").look(EDITH.name)


def what_opens_can_only_be_read(worker: Someone) -> None:
    worker.sees("You opened this record in an emergency.", PRACTICE, OTHER_SCHEME, EDITH.phone)
    worker.sees_nothing_of(EDITH.reason)
    assert worker.page.locator("main button").all_inner_texts() == ["Close it now"]
    opened = worker.page.url
    search(worker).sees("Nobody found")
    worker.go(opened)


def the_lead_is_told_and_reviews_it(lead: Someone, team_lead: Someone) -> None:
    provider.open_mail(team_lead, "A record was opened in an emergency", "Naomi Achterberg")
    team_lead.sees_nothing_of(EDITH.family_name, WHY)
    lead.menu("Opened in emergencies").look("Opened in emergencies").sees(EDITH.name, WHY, SCHEME)
    lead.sees_nothing_of(EDITH.phone, EDITH.reason)
    lead.link(re.compile("^Review")).look("Review an opening")
    lead.choose("Justified").type("In words: whom you asked, and what they said", FOUND)
    lead.button("Write it down").look("Opened in emergencies").sees("Justified", FOUND)
    assert lead.page.get_by_role("link", name=re.compile("^Review")).count() == 0


def the_person_reads_it_too(lead: Someone) -> None:
    name(lead.menu("Who saw this person?").look("Who saw this person?"))
    lead.type("Why you ask", "She asked us").button("Make the person's own copy")
    lead.look("Who looked at your record")
    lead.sees(f"Somebody at {SCHEME} opened your record in an emergency.", WHY)
    lead.sees_nothing_of("Amina Yusuf")
