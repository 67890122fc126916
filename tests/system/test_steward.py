"""A steward's morning, each page looked at on a desk and on a phone; with nothing but a keyboard in the long form."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.system.person import DESK_AND_PHONE, Someone
from tests.system.story import keeping, provider
from tests.system.story.people import SCHEME, sign_in
from tests.system.town import Town

Arrive = Callable[..., Someone]
LIST = "Tanyard list 3"


def test_morning_of_a_steward(someone: Arrive, town: Town, groups: Sequence[str], tmp_path: Path) -> None:
    steward = sign_in(someone("steward", manner=DESK_AND_PHONE), "administrator")
    when_the_work_is_looked_at(steward)
    when_a_spreadsheet_comes_in(steward, tmp_path)
    when_it_comes_again_each_field_is_told(steward, tmp_path)
    when_one_thing_stands_twice(steward, tmp_path)
    when_an_owner_proposes(steward, someone, groups[-1])
    when_a_word_was_read_wrongly(steward)
    when_a_feed_is_looked_at(steward, town)
    when_rules_and_papers_are_looked_at(steward)


def when_the_work_is_looked_at(steward: Someone) -> None:
    """What is most used and most doubtful stands first."""
    worth = keeping.worth_of_rows(keeping.open_work(steward))
    assert len(worth) > 5 and worth[0] > worth[-1]
    assert worth == sorted(worth, reverse=True)
    keeping.write_in_the_name_of(steward, SCHEME)


def when_a_spreadsheet_comes_in(steward: Someone, folder: Path) -> None:
    keeping.choose_files(steward, keeping.sheet(folder / "tanyard.csv"), LIST, known=False)
    keeping.say_columns(steward).sees(keeping.TEA, keeping.LONG, "there is no name")
    keeping.apply(steward).sees("5 rows read = 4 landed + 1 rejected.")
    keeping.find(steward, "bowls").sees_nothing_of("Old Bowls Club")


def when_it_comes_again_each_field_is_told(steward: Someone, folder: Path) -> None:
    """The columns are remembered, and what changes is told field by field before it does."""
    tea, *others = keeping.SHEET
    dearer = [*tea[:6], "£2", *tea[7:]]
    file = keeping.sheet(folder / "tanyard.csv", [dearer, *others])
    keeping.choose_files(steward, file, LIST, known=True).look("What are the columns?")
    chosen = steward.page.locator("main").get_by_label("“club”", exact=True)
    assert chosen.locator("option:checked").inner_text().strip() == "Listing: its name"
    steward.button("See what would change", within=steward.page.locator("main"))
    change = steward.page.get_by_role("row").filter(has_text=keeping.TEA).filter(has_text="£1.50")
    assert "£2" in change.first.inner_text()
    keeping.apply(steward).menu("Imports").look().sees("0 new, 1 changed, 0 gone")


def when_one_thing_stands_twice(steward: Someone, folder: Path) -> None:
    """Another list names the tea too: made one, and made two again."""
    twin = [("Tanyard Tea & Talk", *keeping.SHEET[0][1:])]
    keeping.choose_files(steward, keeping.sheet(folder / "church.csv", twin), "Church list", known=False)
    keeping.apply(keeping.say_columns(steward))
    steward.menu("Imports").look().link("Listed twice?").look("Listed twice?")
    pair = steward.page.get_by_role("region").filter(has_text="Church list").filter(has_text=keeping.TEA)
    steward.button("One thing: show the first", within=pair).sees("They are shown as one from now on.")
    steward.button(re.compile("Show both again")).sees("Both listings are shown again.")
    pair.first.wait_for()


def when_an_owner_proposes(steward: Someone, someone: Arrive, group: str) -> None:
    """Its new price waits for a steward, who sees what it says now beside it."""
    keeping.send_link(steward, group)
    lead, owner = sign_in(someone("team lead"), "lead"), someone("owner")
    provider.open_mail(lead, keeping.QUESTION, group)
    owner.go(provider.link_in(lead)).button("Something has changed").look("What has changed?")
    owner.type("What it costs", "£3, tea included").button("Send the changes").sees(
        "A colleague of ours looks at this first"
    )
    keeping.open_work(steward).link(group, within=steward.page.locator("main")).look("A suggestion")
    steward.sees("Nothing", "£3, tea included").type("Why?", "Rang them today.")
    steward.button("Save what you decided").sees("1 field was taken over.")
    keeping.open_listing(steward, group).sees("£3, tea included")


def when_a_word_was_read_wrongly(steward: Someone) -> None:
    """“Can't pay the electric” stands for money; from now on it stands for housing as well."""
    steward.menu("Imports").look().link("What people say").look("What people say")
    steward.link(re.compile("can't pay the electric")).look(re.compile("and the like"))
    steward.choose("Housing").button("Save", within=steward.page.locator("main"))
    card = steward.page.get_by_role("listitem").filter(has_text="can't pay the electric").last
    assert "Housing" in card.inner_text()


def when_a_feed_is_looked_at(steward: Someone, town: Town) -> None:
    """One that can be read, and one whose answers are no list: the page says why."""
    steward.menu("Imports").look().link("Feeds").look("Feeds")
    for name, address in (("County feed", f"{town.feed}/good"), ("Broken feed", f"{town.feed}/broken")):
        steward.type("What do you call this source?", name).choose("Open Referral UK 3.0, or HSDS 3.1")
        steward.type("Its address", address).button("Set up and read", within=steward.page.locator("main"))
    good, broken = (
        steward.page.get_by_role("listitem").filter(has_text=name) for name in ("County feed", "Broken")
    )
    steward.waits_for("is not a page of a list").waits_for("read to its end")
    assert "Pages read: 1. Items: 2." in good.inner_text() and "stopped" in broken.inner_text()


def when_rules_and_papers_are_looked_at(steward: Someone) -> None:
    steward.menu("Imports").look().link("How suggestions are made").look("How suggestions are made")
    keeping.open_listing(steward, keeping.SEEDS).sees("Ask first", "Nobody who knows has said yet")
    steward.link(re.compile("^Insurance, safeguarding")).look().sees("No papers have been written down.")
    steward.button("Save", within=steward.page.locator("main")).look(re.compile("."))
    steward.link(re.compile("^Back")).look(keeping.SEEDS)
    steward.button("I have checked it: all is right").sees("Saved: you checked it today.", "Checked")
