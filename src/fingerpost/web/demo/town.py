"""The invented town of Allerwold: its postcodes, organisations, listings and the words its people use.

``load_town`` reads the files in ``data``, checks every row and every reference between them, and reports all
faults at once. It knows nothing of Django or of a database: the seed turns what it gives into rows.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from fingerpost.web.demo.town_files import Folder
from fingerpost.web.demo.town_rows import (
    NEED_FROM_AGE,
    NEEDS,
    OCCASIONS_BY_NEED,
    Listing,
    NameGroup,
    Organisation,
    Phrases,
    Place,
    Pronouns,
    Provider,
    Sentence,
    StaffMember,
    Town,
    Venue,
)
from fingerpost.web.demo.town_rules import check_town

__all__ = [
    "NEEDS",
    "NEED_FROM_AGE",
    "OCCASIONS_BY_NEED",
    "Listing",
    "NameGroup",
    "Organisation",
    "Phrases",
    "Place",
    "Pronouns",
    "Provider",
    "Sentence",
    "StaffMember",
    "Town",
    "Venue",
    "load_town",
    "read_town",
]


@cache
def load_town() -> Town:
    """Read and check the town; raises `Faults` with everything that is wrong in the files."""
    return read_town(Folder(files(__package__) / "data"))


def read_town(folder: Folder) -> Town:
    """The town in this folder. Faults of single rows are gathered first, then those between rows."""
    organisations = folder.toml("organisations.toml")
    names = folder.toml("names.toml")
    phrases = folder.toml("phrases.toml")
    head = dict(organisations.get("town", {}))
    parts: dict[str, Any] = {
        "places": folder.rows(Place, "postcodes.csv"),
        "organisations": folder.tables(
            Organisation, "organisations.toml", organisations.get("organisation", [])
        ),
        "staff": folder.rows(StaffMember, "staff.csv"),
        "providers": folder.rows(Provider, "providers.csv"),
        "venues": folder.rows(Venue, "venues.csv"),
        "listings": folder.tables(Listing, "listings.toml", folder.toml("listings.toml").get("listing", [])),
        "names": folder.tables(NameGroup, "names.toml", names.get("group", [])),
        "pronouns": folder.tables(Pronouns, "names.toml", names.get("pronouns", [])),
    }
    sayings = {
        occasion: folder.tables(Sentence, "phrases.toml", phrases.get(occasion, []))
        for occasion in Phrases.__dataclass_fields__
    }
    folder.faults.raise_any()
    town = Town(**head, **parts, phrases=Phrases(**sayings))
    check_town(town)
    return town
