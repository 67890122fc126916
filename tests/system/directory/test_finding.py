"""A link worker finds places for three people: reads why, keeps a search, sends a list, notes what is missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.system.person import KEYBOARD, Manner, Someone
from tests.system.story import practice, scheme
from tests.system.story.people import Referred, sign_in

Arrive = Callable[..., Someone]
ON_A_WIDER_PHONE = Manner("phone of 390 px", size={"width": 390, "height": 844})


@dataclass(frozen=True)
class Sought(Referred):
    """Somebody referred, with what matters for finding a place."""

    email: str = ""
    language: str = ""


ROS = Sought(
    given_name="Rosalind",
    called="Ros",
    family_name="Pargeter",
    birth_date=("12", "5", "1968"),
    email="ros@pargeter.example",
    reason="She has moved here and knows nobody. Mornings are her good time, and stairs are not for her.",
)
HALINA = Sought(
    given_name="Halina",
    called="Halina",
    family_name="Wrona",
    birth_date=("3", "9", "1959"),
    language="Polish",
    reason="She looks after her husband day and night. She would like to sit with others in her own language.",
)
IVOR = Sought(
    given_name="Ivor",
    called="Ivor",
    family_name="Beddoes",
    birth_date=("30", "1", "1941"),
    reason="His wife died in the spring. He cannot travel any more, and the phone hardly rings.",
)


def test_places_are_found_for_three_different_people(someone: Arrive) -> None:
    gp, lead = sign_in(someone("GP"), "gp"), sign_in(someone("team lead"), "lead")
    for person in (ROS, HALINA, IVOR):
        _refer(gp, person)
        scheme.accept(lead, person)
    _women_in_the_morning(sign_in(someone("link worker"), "worker"))
    _carer_who_speaks_polish(sign_in(someone("link worker", manner=KEYBOARD), "worker"))
    _man_who_cannot_travel(sign_in(someone("link worker", manner=ON_A_WIDER_PHONE), "worker"))


def _refer(gp: Someone, person: Sought) -> None:
    practice.fill_in_referral(gp, person)
    if person.email:
        gp.type("E-mail address (optional)", person.email).choose("Send an e-mail")
    if person.language:
        gp.type(re.compile("Language they would rather speak"), person.language)
    practice.look_it_over(gp, person)
    practice.send(gp)


def _begin(worker: Someone, person: Sought) -> None:
    scheme.open_person(worker, person)
    worker.link("Find a group").look("Find a group")


def _search(worker: Someone, words: str) -> None:
    worker.type("What are you looking for?", words)
    worker.button("Search", within=worker.page.locator("main"))


def _open(worker: Someone, fold: str) -> None:
    worker.hands.press(worker.page.locator("summary").filter(has_text=fold).first)


def _put_on_list(worker: Someone, name: str) -> None:
    worker.button(re.compile(rf"^Put on their list\s*: {re.escape(name)}"))
    worker.sees(f"{name} is on their list, ready to print or send.")


def _women_in_the_morning(worker: Someone) -> None:
    """Free, step-free, for women, in the morning: kept as a search, handed over, and sent."""
    _begin(worker, ROS)
    _open(worker, "Narrow it down")
    worker.choose("cost nothing", "say that they are step-free")
    worker.page.get_by_label("At what time of day?").select_option("morning")
    worker.page.get_by_label("Only groups for", exact=True).select_option("women")
    _search(worker, "women")
    place = "Sunehri Women's Circle"
    card = worker.page.locator(".fp-card").filter(has=worker.page.get_by_role("link", name=place)).last
    why = card.get_by_label("Why it is shown").inner_text()
    assert "free" in why.lower() or "nothing" in why.lower(), why
    assert "women" in why.lower(), why

    _open(worker, "Save this search")
    worker.type("What shall it be called?", "Free mornings for women")
    worker.button("Save this search").sees("Saved as “Free mornings for women”")
    _put_on_list(worker, place)

    worker.link(re.compile("Print or send their list")).look("Places for Ros").sees(place)
    assert ROS.family_name not in worker.page.locator(".fp-handout").inner_text()
    worker.link("Send it by e-mail").look("Send the list to Ros").sees("Hello Ros,", ROS.email)
    worker.button("Send the list").sees("Say how they told you")
    worker.choose("They told me on the phone or by video")
    worker.button("Send the list").sees("The list is on its way")
    worker.waits_for(re.compile(rf"by e-mail to {re.escape(ROS.email)}\. Delivered"))


def _carer_who_speaks_polish(worker: Someone) -> None:
    """One place speaks her language; none is for carers in it, which is noted in two taps."""
    _begin(worker, HALINA)
    _search(worker, "polish")
    place = "Dom Polski Saturdays"
    worker.sees(re.compile("Polish"))
    _put_on_list(worker, place)
    _open(worker, "Narrow it down")
    worker.choose("are for people who look after somebody")
    _search(worker, "polish")
    worker.sees(re.compile("Nothing found"))
    worker.link("Nothing fits").look("Nothing fits")
    worker.choose("Company and friendship")
    worker.choose("somewhere that speaks their language")
    worker.button("Record it").sees("It is counted, without their name")


def _man_who_cannot_travel(worker: Someone) -> None:
    """In his own words, on a phone; a saved search is asked again for him, and his list printed."""
    _begin(worker, IVOR)
    _search(worker, "his wife died")
    place = "Bereavement Listening"
    _put_on_list(worker, place)
    worker.link(place, within=worker.page.locator("main")).look(place)
    worker.sees(re.compile("talk by telephone"))
    worker.link("Back to the search").look("Find a group")
    _open(worker, "1 saved search")
    worker.button("Free mornings for women").look("Find a group").sees(
        re.compile("say that they are step-free")
    )
    worker.link(re.compile("Print or send their list")).look("Places for Ivor").sees(place)
    worker.link("Send it by e-mail").look("Send the list to Ivor")
    worker.sees("No e-mail address is known for this person.", "Print the list instead")
