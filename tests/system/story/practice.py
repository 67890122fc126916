"""The practice: a GP refers and reads what came of it, a receptionist signposts."""

from __future__ import annotations

from datetime import date

from tests.system.person import Someone
from tests.system.story.people import SCHEME, Referred


def fill_in_referral(
    gp: Someone, person: Referred, *, agreed_on: date | None = None, scheme: str = SCHEME
) -> None:
    """Everything on the one page; it stands ready to be looked over."""
    gp.menu("Refer someone").look("Refer someone")
    gp.sees("Is somebody in danger now?", "Ring 999")
    if person.nhs_number:
        gp.choose("Yes, the NHS number").type("NHS number", person.nhs_number)
    else:
        gp.choose("Not known")
    gp.type("First name", person.given_name).type("Last name", person.family_name)
    gp.type("Name they like to be called by (optional)", person.called)
    gp.day("Date of birth", *person.birth_date)
    gp.choose("Company and friendship", "Grief")
    gp.type("What matters to them, and why now?", person.reason)
    gp.type("Phone number (optional)", person.phone)
    gp.choose("Ring them", "Leave a message on their phone")
    gp.type("Home postcode (optional)", person.postcode)
    gp.choose("Yes", question="Have they agreed to be referred?")
    gp.choose("They told me, face to face")
    if agreed_on:
        gp.day("On which day?", str(agreed_on.day), str(agreed_on.month), str(agreed_on.year))
    gp.choose(scheme)


def look_it_over(gp: Someone, person: Referred) -> None:
    gp.button("Check and send").look("Check before you send").sees(person.name, person.reason)


def send(gp: Someone, scheme: str = SCHEME) -> None:
    """To the confirmation, which says what happens next."""
    gp.button("Send the referral").look("The referral is sent").sees("What happens next", scheme)


def refer(gp: Someone, person: Referred, *, agreed_on: date | None = None, scheme: str = SCHEME) -> None:
    fill_in_referral(gp, person, agreed_on=agreed_on, scheme=scheme)
    look_it_over(gp, person)
    send(gp, scheme)


def find_referral(gp: Someone, person: Referred) -> Someone:
    return gp.menu("My referrals").look("My referrals").link(person.name).look("Referral")


def signpost(receptionist: Someone, where: str) -> None:
    """Where to and what about; nobody is named. The same again is one press."""
    receptionist.menu("Signposted").look("Signposted")
    receptionist.type("Where to?", where).choose("Company and friendship")
    receptionist.button("Save", within=receptionist.page.locator("main")).sees(where)
    receptionist.menu("Signposted").look("Signposted")
    receptionist.press(receptionist.page.locator("button.fp-again__choice").filter(has_text=where).first)
