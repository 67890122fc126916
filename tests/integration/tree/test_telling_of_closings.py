"""Whoever administers what closes, what takes its place, or what is above: told by e-mail, once each, of nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from tests.factories.tree import Tree
from tests.factories.world import a_referral, email_of

from fingerpost.kernel import clock
from fingerpost.kernel.errors import Faults
from fingerpost.web.foundation import jobs
from fingerpost.web.messaging.models import Message
from fingerpost.web.staff import tasks
from fingerpost.web.tenancy import api as tenancy

DAY = date(2026, 4, 1)


class Told:
    """The letters that the jobs have put into the outbox since they were last read."""

    def __init__(self, tree: Tree, held: jobs.HeldJobs) -> None:
        self.tree, self.held, self.seen = tree, held, set[object]()

    def letters(self) -> list[Message]:
        with clock.fixed(self.tree.world.at):
            self.held.run_due()
        with self.tree.world.as_(self.tree.world.job()):
            found = [m for m in Message.objects.filter(about_kind="closing") if m.pk not in self.seen]
        self.seen |= {one.pk for one in found}
        return sorted(found, key=lambda one: one.address)


@pytest.fixture
def told(tree: Tree) -> Iterator[Told]:
    with jobs.held() as held:
        yield Told(tree, held)


def administrators(tree: Tree, *organisations: tenancy.Organisation) -> list[str]:
    with tree.world.as_(tree.world.job()):
        found = tenancy.administrators_of(
            organisation_ids=[one.pk for one in organisations], at=tree.world.at
        )
    return sorted(one.email for one in found)


def test_administrators_of_both_and_of_what_is_above_are_told_once(tree: Tree, told: Told) -> None:
    world = tree.world
    a_referral(world)
    told.letters()
    tree.close(world.practice, DAY, world.other_practice)
    letters = told.letters()
    assert [one.address for one in letters] == administrators(tree, world.practice, world.other_practice)
    assert {email_of("above")} <= {one.address for one in letters}
    for one in letters:
        assert f"{world.practice.name} closes: Wed 1 Apr is the first day" in one.text
        assert f"these take its place: {world.other_practice.name}." in one.text
        assert not one.carries_personal_data and one.person_id is None and one.to_person_id is None
        assert f"/organisations/{world.practice.pk}/" in one.text
        for word in ("Oakley", "Ann", email_of("above")):
            assert word not in one.text + one.html + one.subject
    # The queue may do a job twice, or a worker stop just after it was done.
    with clock.fixed(world.at):
        tasks.tell_of_closing(system_id=str(world.system_id), organisation_id=str(world.practice.pk))
    assert told.letters() == []


def test_who_administers_something_else_is_not_told(tree: Tree, told: Told) -> None:
    world = tree.world
    tree.close(world.practice, DAY)
    addresses = {one.address for one in told.letters()}
    assert addresses == set(administrators(tree, world.practice))
    assert set(administrators(tree, world.scheme)) - addresses, "whoever administers the scheme beside it"
    assert email_of("gp") not in addresses and email_of("worker") not in addresses


def test_taking_it_back_is_told_to_the_same_and_closing_it_anew_again(tree: Tree, told: Told) -> None:
    world = tree.world
    tree.close(world.practice, DAY, world.other_practice)
    first = [one.address for one in told.letters()]
    world.at += timedelta(minutes=5)
    with world.as_("above") as by:
        tenancy.take_back_closing(organisation=tree.fresh(world.practice), by=by, at=world.at)
    back = told.letters()
    assert [one.address for one in back] == first
    assert all("does not close after all" in one.text for one in back)
    world.at += timedelta(minutes=5)
    tree.close(tree.fresh(world.practice), DAY, world.other_practice)
    assert [one.address for one in told.letters()] == first


def test_closing_alone_says_that_nobody_takes_its_place(tree: Tree, told: Told) -> None:
    tree.close(tree.world.practice, DAY)
    assert all("Nobody takes its place" in one.text for one in told.letters())


def test_what_did_not_happen_is_not_told(tree: Tree, told: Told) -> None:
    with pytest.raises(Faults):
        tree.close(tree.world.scheme, DAY)  # a scheme closes only into another
    assert told.letters() == []
