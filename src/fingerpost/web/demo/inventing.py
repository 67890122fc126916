"""Invented people: put together by chance from the town's lists, the same for the same seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from fingerpost.kernel.person_identifiers import NHSNumber, PersonIdentifier
from fingerpost.web.demo.town import NEED_FROM_AGE, NEEDS, NameGroup, Place, Sentence, Town
from fingerpost.web.people import api as people

T = TypeVar("T")

# How common each need is beside the others; those not named weigh 4. Loneliness, mood and money lead, as they do in
# what schemes publish.
_NEED_WEIGHTS = {
    "company": 26,
    "mood": 18,
    "money": 12,
    "being_active": 9,
    "housing": 8,
    "caring": 7,
    "benefits": 7,
}
_SENSITIVE = {"safety_at_home"}
_LANGUAGES = {
    "ar": "Arabic",
    "bn": "Bengali",
    "cy": "Welsh",
    "fa": "Persian",
    "gu": "Gujarati",
    "pa": "Punjabi",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "so": "Somali",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "yo": "Yoruba",
    "zh": "Chinese",
}


@dataclass(frozen=True)
class Invented:
    """Somebody who does not exist."""

    details: people.PersonDetails
    identifier: PersonIdentifier | None
    age: int
    needs: tuple[str, ...]
    place: Place


class Inventor:
    """Makes people one after the other; `chance` decides everything."""

    def __init__(self, town: Town, chance: random.Random) -> None:
        self.town = town
        self.chance = chance
        self._number = 0

    def person(self, *, today: date, from_age: int | None = None) -> Invented:
        age = max(from_age or 18, min(95, round(self.chance.triangular(18, 93, 62))))
        group = self._group(age)
        woman = self.chance.random() < 0.6
        place = self._place()
        need = self._need(age)
        others = [n for n in self._fitting(age) if n != need]
        needs = (need, *self.chance.sample(others, self.chance.choice([0, 0, 1, 1, 2])))
        return Invented(
            details=self._details(group, place, age, today, woman=woman),
            identifier=self._identifier(),
            age=age,
            needs=needs,
            place=place,
        )

    def words(self, sentences: tuple[Sentence, ...], *, age: int, need: str = "") -> str:
        """A sentence that suits the age, about the need where the list has any."""
        fitting = [s for s in sentences if s.suits(age=age) and (not need or s.need == need)]
        fitting = fitting or [s for s in sentences if s.suits(age=age)]
        return self.chance.choice(fitting).text

    def weighted(self, choices: list[tuple[T, float]]) -> T:
        return self.chance.choices([c for c, _ in choices], [w for _, w in choices])[0]

    def _group(self, age: int) -> NameGroup:
        fitting = [g for g in self.town.names if g.from_age <= age <= g.to_age]
        return self.chance.choices(fitting, [g.weight for g in fitting])[0]

    def _place(self) -> Place:
        # Twice as likely from the most deprived fifth as from the least.
        return self.chance.choices(self.town.places, [7 - p.deprivation_quintile for p in self.town.places])[
            0
        ]

    def _fitting(self, age: int) -> list[str]:
        return [n for n in NEEDS if age >= NEED_FROM_AGE.get(n, 0) and n not in _SENSITIVE]

    def _need(self, age: int) -> str:
        fitting = self._fitting(age)
        return self.chance.choices(fitting, [_NEED_WEIGHTS.get(n, 4) for n in fitting])[0]

    def _identifier(self) -> PersonIdentifier | None:
        self._number += 1
        return NHSNumber.reserved(self._number) if self.chance.random() < 0.93 else None

    def _details(
        self, group: NameGroup, place: Place, age: int, today: date, *, woman: bool
    ) -> people.PersonDetails:
        chance = self.chance
        given = chance.choice(group.women if woman else group.men)
        family = chance.choice(group.family)
        phone_safe = chance.random() < 0.94
        language = _LANGUAGES.get(group.languages[0], "") if chance.random() < 0.3 else ""
        return people.PersonDetails(
            given_name=given,
            family_name=family,
            birth_date=today - timedelta(days=age * 365 + age // 4 + chance.randrange(365)),
            sex=people.Sex.FEMALE if woman else people.Sex.MALE,
            language=language,
            interpreter_needed=bool(language) and chance.random() < 0.4,
            address=f"{chance.randrange(1, 120)} {place.street}\n{place.settlement}",
            postcode=place.postcode,
            phone=f"07700 900{chance.randrange(1000):03d}",
            email=f"person{self._number}@mail.example" if not phone_safe or chance.random() < 0.5 else "",
            phone_is_safe=phone_safe,
            text_is_safe=phone_safe,
            voicemail_is_safe=chance.random() < 0.3,
            contact_note=self._contact_note(age, phone_safe=phone_safe),
        )

    def _contact_note(self, age: int, *, phone_safe: bool) -> str:
        if not phone_safe:
            return "Never by phone: somebody else may answer. E-mail is private and safe."
        return self.words(self.town.phrases.safe_contact, age=age) if self.chance.random() < 0.3 else ""
