"""An administrator looks after access, and a practice after its computers: by keyboard alone, or on a small phone.

Each in both manners: python3 run.py prove manners
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.system.person import KEYBOARD, ON_A_PHONE, Manner, Someone, manners
from tests.system.story.people import ACCOUNTS, PRACTICE, sign_in

Arrive = Callable[..., Someone]
LIST = "Name,E-mail,Role,Organisation,First day,Last day\n"


@pytest.mark.parametrize("manner", manners(ON_A_PHONE), ids=str)
def test_list_of_staff_is_shown_done_and_taken_back(manner: Manner, someone: Arrive, tmp_path: Path) -> None:
    mark = manner.name.split()[0]
    file = tmp_path / "staff.csv"
    file.write_text(
        f"{LIST}Nia New,nia.{mark}@staff.example,Link worker,{PRACTICE},,\n"
        f"Bad Row,nobody,boss,Nowhere,,\nMe,{ACCOUNTS['administrator']},Team lead,,,\n"
    )
    keeper = sign_in(someone("administrator", manner=manner), "administrator")
    keeper.go("/organisations/").link("Staff from a spreadsheet").look("Staff from a spreadsheet")
    keeper.button("Show what it would do").sees("There is a problem")  # nothing chosen
    keeper.page.get_by_label("The list of staff").set_input_files(file)
    keeper.button("Show what it would do").look("staff.csv")
    keeper.sees("Nothing has happened yet", "1 new invitation", "You cannot change your own access.")
    keeper.button("Do this").sees("Done as it was shown")
    keeper.button("Take it back").sees("Taken back, as far as it can be")


@pytest.mark.parametrize("manner", manners(ON_A_PHONE), ids=str)
def test_colleague_is_invited_and_access_is_gone_through(manner: Manner, someone: Arrive) -> None:
    keeper = sign_in(someone("administrator", manner=manner), "administrator")
    keeper.go("/organisations/").link(PRACTICE).look(PRACTICE)
    keeper.link("Invite a colleague").look("Invite a colleague")
    keeper.type("What is their name?", "Una Asked")
    keeper.type("Their e-mail address at work", f"una.{manner.name.split()[0]}@staff.example")
    keeper.choose("Receptionist or care navigator")
    keeper.button("Send the invitation").sees("A link is on its way")
    keeper.link("Go through who has access").look("Who has access")
    keeper.button(re.compile("^End ?: Kieran Doyle")).look("End this role now?")
    keeper.link("No, go back").look("Who has access")
    keeper.button(re.compile("^Keep ?: Kieran Doyle")).sees("Kieran Doyle: kept.")
    keeper.link("Kieran Doyle").look("Kieran Doyle")
    keeper.link("Give another role").look("Give a role")
    keeper.link("Back to their access").link("End this role").look("End a role")
    keeper.go("/organisations/roles/").look("What each role may do").sees("What a provider reads")


@pytest.mark.parametrize("manner", manners(KEYBOARD), ids=str)
def test_computer_of_a_practice_is_set_up_used_and_forgotten(manner: Manner, someone: Arrive) -> None:
    gp = sign_in(someone("GP", manner=manner), "gp")
    gp.menu("Computers").look("Refer without signing in").button(re.compile("^Set up a"))
    shown = gp.page.locator("dl").first.inner_text().split()
    link = next(word for word in shown if "://" in word)
    code = " ".join(word for word in shown if word.isdigit() and len(word) == 4)
    desk = someone("front desk", manner=manner)
    desk.go(link)
    name = f"Desk {manner.name.split()[0]}"
    desk.type("What do you call this computer?", name)
    desk.type("Code", code)
    desk.button("Remember this computer").look()
    keeper = sign_in(someone("administrator", manner=manner), "administrator")
    keeper.go("/organisations/").link(PRACTICE).sees(f"{name}, set up by Dr Sunita Rao")
    keeper.button(re.compile(f"^Forget it ?: {name}, set up by Dr Sunita Rao")).sees(
        "The computer is forgotten."
    )
    gp.go("/remembered-computers/").sees_nothing_of(name)


@pytest.mark.parametrize("manner", manners(ON_A_PHONE), ids=str)
def test_governance_lead_asks_who_saw_somebody(manner: Manner, someone: Arrive) -> None:
    lead = sign_in(someone("governance lead", manner=manner), "governance")
    lead.go("/who-saw/").look("Who saw this person?")
    lead.type("First name (optional)", "Nobody").type("Last name (optional)", "Known").type(
        "Why you ask", "They asked"
    )
    lead.day("Date of birth", "1", "2", "1950")
    lead.button("Show who looked").sees("Nothing matches")
