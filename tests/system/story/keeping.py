"""Keeping a directory true: what a steward does on the pages, each step as somebody would do it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from tests.system.person import Someone
from tests.system.story.people import SCHEME

QUESTION = f"Is your listing still right? From {SCHEME}"
HEADING = (
    "Club",
    "Run by",
    "What happens there",
    "Tel",
    "Venue",
    "Post code",
    "Price",
    "Mail",
    "Finished on",
)
LONG = (
    "The Allerwold and Upper Marrow Vale Friendship, Crafts, Gentle Movement and Gardening Circle for Anybody"
)
TEA, SEEDS = "Tanyard Tea and Talk", "Tanyard Seed Swap"
SHEET = (
    (
        TEA,
        "Tanyard Neighbours",
        "Tea and company.",
        "01632 960411",
        "Tanyard Hall",
        "QX1 2GD",
        "£1.50",
        "",
        "",
    ),
    (
        SEEDS,
        "Tanyard Neighbours",
        "Seeds and talk.",
        "01632 960411",
        "Tanyard Hall",
        "QX1 2GD",
        "free",
        "",
        "",
    ),
    (LONG, "Vale Circles", "Something for everybody.", "ring us", "Vale House", "QX1 2GD", "", "", ""),
    ("Old Bowls Club", "Vale Circles", "Bowls.", "", "", "", "", "", "01/04/2019"),
    ("", "Vale Circles", "A row that has lost its name.", "", "", "", "", "", ""),
)


def sheet(path: Path, rows: Sequence[Sequence[str]] = SHEET) -> Path:
    """A list as somebody keeps it, under headings of their own."""
    out = io.StringIO()
    csv.writer(out).writerows([HEADING, *rows])
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def open_work(steward: Someone) -> Someone:
    return steward.menu("Imports").look().link("Keep it true").look("Keep it true")


def choose_files(steward: Someone, file: Path, label: str, *, known: bool) -> Someone:
    """The files and which source they are; the next page is that of the columns or of the changes."""
    steward.menu("Imports").look().link("Import a directory").look("Import a directory")
    steward.page.get_by_label("Files").set_input_files(file)
    if known:
        steward.choose(label)
    else:
        if steward.page.get_by_label("A new source").count():
            steward.choose("A new source")
        steward.type("What do you call this source?", label)
    return steward.button("See what would change", within=steward.page.locator("main"))


def say_columns(steward: Someone) -> Someone:
    """Each heading that no guess could know."""
    steward.look("What are the columns?")
    for column, field in (
        ("club", "Listing: its name"),
        ("run by", "Organisation: its name"),
        ("what happens there", "Listing: what it is"),
        ("mail", "Listing: e-mail"),
        ("finished on", "Listing: the day it ended"),
    ):
        steward.pick(f"“{column}”", field)
    return steward.button("See what would change", within=steward.page.locator("main"))


def apply(steward: Someone) -> Someone:
    steward.look("What would be imported").sees("Nothing has changed yet.")
    return steward.button("Import this", within=steward.page.locator("main")).look("What was imported")


def find(someone: Someone, words: str) -> Someone:
    someone.menu("Directory").look("Directory").type("What are you looking for?", words)
    return someone.button("Search", within=someone.page.locator("main")).look()


def open_listing(someone: Someone, name: str) -> Someone:
    return find(someone, name).link(name, within=someone.page.locator("main")).look(name)


def write_in_the_name_of(steward: Someone, organisation: str) -> Someone:
    """What the area agrees; the e-mails to owners carry this name, and whoever works there sees them."""
    open_work(steward).link("What your area has agreed").look("What your area has agreed")
    steward.pick(re.compile("In whose name"), organisation)
    return steward.button("Save", within=steward.page.locator("main")).sees("Saved. From now on")


def send_link(steward: Someone, name: str) -> Someone:
    """Check the address and send the owner their link."""
    open_listing(steward, name)
    if steward.page.get_by_role("button", name="I have checked this address").count():
        steward.button("I have checked this address")
    return steward.button(re.compile("^Send them the link")).sees(re.compile("The link goes to"))


def worth_of_rows(steward: Someone) -> list[int]:
    """Use times doubt of each row of the worklist, in its order."""
    cells = steward.page.locator('td[data-label="Use × doubt"]').all_inner_texts()
    return [int(cell.replace(",", "")) for cell in cells]
