"""What a GP and a charity do, done with a keyboard alone, without JavaScript, and on a small phone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tests.system.person import MANNERS, Manner, Someone
from tests.system.story import practice, provider, scheme
from tests.system.story.people import Referred, sign_in

Arrive = Callable[..., Someone]


@pytest.mark.parametrize("manner", MANNERS, ids=str)
def test_gp_refers_and_charity_answers(manner: Manner, someone: Arrive, groups: Sequence[str]) -> None:
    person = Referred(
        given_name="Gwen", called="Gwen", family_name=f"Hollins-{manner.name.split()[0].title()}"
    )
    group = groups[MANNERS.index(manner)]

    gp = sign_in(someone("GP", manner=manner), "gp")
    practice.refer(gp, person)
    practice.find_referral(gp, person).sees("Waiting", person.reason)

    lead, worker = sign_in(someone("team lead"), "lead"), sign_in(someone("link worker"), "worker")
    scheme.accept(lead, person)
    scheme.open_person(worker, person)
    scheme.connect(worker, group, group)
    provider.open_mail(lead, provider.QUESTION, group)
    link = provider.link_in(lead)

    charity = someone("charity", manner=manner)
    charity.go(link)
    provider.say_yes(charity)
    charity.sees(f"Gwen {person.family_name}", person.phone)
    provider.say_they_can_come(charity)
    provider.say_they_came(charity, link)
    provider.say_finished(charity, link)

    practice.find_referral(gp, person).sees("871731000000106", "The group said that Gwen can come.")
