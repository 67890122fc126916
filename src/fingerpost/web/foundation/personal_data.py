"""What each table holds about people and how long it is kept: declared on the model, checked by a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["none", "staff", "identity", "contact", "health", "activity"]


@dataclass(frozen=True)
class PersonalData:
    """`kinds` of personal data in the row; `retention` in words a records manager would recognise."""

    kinds: tuple[Kind, ...]
    retention: str
    note: str = ""

    @property
    def about_a_person(self) -> bool:
        return bool({"identity", "contact", "health", "activity"} & set(self.kinds))


NONE = PersonalData(("none",), "as long as it is useful; nothing about a person")
CARE_RECORD = "8 years after the last contact (adults), then review; to the 25th birthday for a child"
