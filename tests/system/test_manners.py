"""What a GP and a charity do, done with a keyboard alone, without JavaScript, and on a small phone.

Each in every manner: python3 run.py prove manners
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.system.person import KEYBOARD, MANNERS, NO_SCRIPT, Manner, Someone, manners
from tests.system.story import practice, provider
from tests.system.story.people import Referred, sign_in

Arrive = Callable[..., Someone]


@pytest.mark.parametrize("manner", manners(NO_SCRIPT, of=MANNERS), ids=str)
def test_gp_refers_and_finds_the_referral(manner: Manner, someone: Arrive) -> None:
    person = Referred(given_name="Olwen", called="Olwen", family_name=manner.name.split()[-1].title())
    gp = sign_in(someone("GP", manner=manner), "gp")
    practice.refer(gp, person)
    practice.find_referral(gp, person).sees("Waiting", person.reason)


@pytest.mark.parametrize("manner", manners(KEYBOARD, of=MANNERS), ids=str)
def test_charity_answers_from_its_link_and_the_gp_reads_of_it(
    manner: Manner, someone: Arrive, asked: tuple[Referred, dict[str, str]]
) -> None:
    person, ways_in = asked
    link = list(ways_in.values())[MANNERS.index(manner)]
    charity = someone("charity", manner=manner)
    charity.go(link).sees_nothing_of(person.given_name, person.family_name)
    provider.say_yes(charity)
    charity.sees(f"{person.called} {person.family_name}", person.phone)
    provider.say_they_can_come(charity)
    provider.say_they_came(charity, link)
    provider.say_finished(charity, link)

    gp = sign_in(someone("GP", manner=manner), "gp")
    practice.find_referral(gp, person)
    gp.sees("Under way", "871731000000106", f"The group said that {person.called} can come.")
