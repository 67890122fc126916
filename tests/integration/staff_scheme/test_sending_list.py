"""A short list by e-mail: what it says, to whom it may go, what is kept, and each way in which it cannot go."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction
from django.urls import reverse
from tests.factories.browsing import hidden
from tests.factories.listings import a_town, land, listing_called
from tests.factories.world import a_case

from fingerpost.kernel import clock
from fingerpost.kernel.errors import Conflict, InvalidValue, NotAllowed
from fingerpost.web.casework import api as casework
from fingerpost.web.casework.api import Case
from fingerpost.web.connections import api as connections
from fingerpost.web.directory import api as directory
from fingerpost.web.messaging import api as messaging
from fingerpost.web.people import api as people

if TYPE_CHECKING:
    from tests.factories.browsing import Browser
    from tests.factories.world import World

pytestmark = pytest.mark.django_db
EMAIL = "amina@home.example"
LUNCH, REFUGE = "Wednesday Lunch Club", "Larkrise Refuge"


@pytest.fixture
def case(world: World) -> Case:
    land(world, a_town())
    made = a_case(world, email=EMAIL)
    with world.as_("worker") as worker:
        return casework.case(worker, case_id=made.id)


def put(world: World, browser: Browser, case: Case, *names: str) -> None:
    for name in names:
        where = reverse("staff:change_short_list", args=[case.id, listing_called(world, name).id])
        assert browser.post(where).status_code == 302


def send_path(case: Case) -> str:
    return reverse("staff:send_short_list", args=[case.id])


def shown(browser: Browser, case: Case) -> str:
    return unescape(browser.get(send_path(case)).content.decode())


def press_send(browser: Browser, case: Case, **given: object) -> str:
    """Look, then press: where it led, or what the page said."""
    page = browser.get(send_path(case))
    answer = browser.post(send_path(case), {**hidden(page), "consent_how": "by_phone", **given})
    return answer["Location"] if answer.status_code == 302 else unescape(answer.content.decode())


def sent(world: World, case: Case) -> list[messaging.Message]:
    with world.as_("worker") as actor:
        lists = connections.lists_sent(actor, case_id=case.id)
        return [messaging.message(actor, message_id=one.id) for one in lists]


def deliver(world: World, message: messaging.Message) -> None:
    with clock.fixed(world.at):
        messaging.deliver(
            message_id=message.id, system_id=world.system_id, organisation_id=message.organisation_id
        )


def set_person(world: World, case: Case, **fields: object) -> None:
    with world.as_("worker"), connection.cursor() as cursor:
        for name, value in fields.items():
            cursor.execute(f'UPDATE people_person SET "{name}" = %s WHERE id = %s', [value, case.person_id])


def forbid(world: World, case: Case, kind: str, **more: object) -> None:
    with world.as_("lead") as by:
        people.set_condition(
            person=people.person(by, person_id=case.person_id),
            condition=people.NewCondition(kind=kind, reason="He reads it.", **more),  # type: ignore[arg-type]
            by=by,
            at=world.at,
        )


def test_list_is_looked_at_sent_delivered_and_stands_in_the_story(
    world: World, case: Case, browser: Callable[[str], Browser]
) -> None:
    worker = browser("worker")
    put(world, worker, case, LUNCH, "Hill Walks")
    page = shown(worker, case)
    assert f"To {EMAIL}" in page and "Hello Amina," in page
    assert "When: Wednesdays, midday to 2pm" in page and "Phone: 01632 960201" in page
    assert not sent(world, case)
    assert press_send(worker, case) == reverse("staff:case", args=[case.id])
    [message] = sent(world, case)
    assert (message.address, message.to_person_id, message.person_id) == (
        EMAIL,
        case.person_id,
        case.person_id,
    )
    assert LUNCH not in message.subject and "Amina" not in message.subject
    for words in (LUNCH, "Hill Walks", "Cost: £5", "We have not told any of them about you."):
        assert words in message.text
    story = unescape(worker.get(reverse("staff:case", args=[case.id])).content.decode())
    assert f"A list of places, by e-mail to {EMAIL}. Waiting to be sent." in story
    assert "Hill Walks" in story
    deliver(world, message)
    story = unescape(worker.get(reverse("staff:case", args=[case.id])).content.decode())
    assert f"by e-mail to {EMAIL}. Delivered." in story or f"by e-mail to {EMAIL}. Sent." in story
    with world.as_("worker") as actor:
        [consent] = people.live_consents(
            actor, person_id=case.person_id, purpose=people.ConsentPurpose.LIST_BY_EMAIL
        )
    assert consent.how == "by_phone"


def test_one_press_is_one_list(world: World, case: Case, browser: Callable[[str], Browser]) -> None:
    worker = browser("worker")
    put(world, worker, case, LUNCH)
    given = {**hidden(worker.get(send_path(case))), "consent_how": "in_person"}
    for _press in range(2):
        assert worker.post(send_path(case), given).status_code == 302
    assert len(sent(world, case)) == 1


def test_mail_says_nothing_of_them_but_a_first_name(
    world: World, case: Case, browser: Callable[[str], Browser]
) -> None:
    worker = browser("worker")
    put(world, worker, case, LUNCH)
    press_send(worker, case)
    [message] = sent(world, case)
    person = case.person
    for words in (person.family_name, person.phone, person.postcode, case.referral.reason, str(case.id)):
        assert words not in message.text and words not in message.html


def test_address_and_number_of_a_refuge_are_in_no_mail(
    world: World, case: Case, browser: Callable[[str], Browser]
) -> None:
    worker = browser("worker")
    put(world, worker, case, REFUGE)
    assert "Is it safe if somebody else reads it?" in shown(worker, case)
    press_send(worker, case)
    [message] = sent(world, case)
    assert "The address is kept secret" in message.text
    for words in ("Hidden Street", "Secretown", "QX9"):
        assert words not in message.text and words not in message.html


class TestWhatCannotGo:
    def test_empty_list(self, world: World, case: Case, browser: Callable[[str], Browser]) -> None:
        page = shown(browser("worker"), case)
        assert "Nothing is on the list yet" in page and "Find a group" in page
        said = press_send(browser("worker"), case)
        assert "Nothing is on the list yet" in said
        assert not sent(world, case)

    def test_no_address(self, world: World, case: Case, browser: Callable[[str], Browser]) -> None:
        worker = browser("worker")
        put(world, worker, case, LUNCH)
        set_person(world, case, email="")
        page = shown(worker, case)
        assert "No e-mail address is known for this person." in page
        assert "Print the list instead" in page and "Put their e-mail address right" in page
        press_send(worker, case)
        assert not sent(world, case)

    def test_condition_forbids_it(self, world: World, case: Case, browser: Callable[[str], Browser]) -> None:
        worker = browser("worker")
        put(world, worker, case, LUNCH)
        conditions: dict[str, dict[str, object]] = {
            "email": {},
            "nothing": {},
            "address": {"address": EMAIL.upper()},
            "not_before": {"not_before": date(2026, 3, 10)},
        }
        for kind, more in conditions.items():
            with transaction.atomic():
                forbid(world, case, kind, **more)
                page = shown(worker, case)
                assert "The person must not be reached this way." in page, kind
                assert "How did they tell you" not in page, kind
                assert "must not be reached" in press_send(worker, case), kind
                assert not sent(world, case), kind
                transaction.set_rollback(True)
        assert "How did they tell you" in shown(worker, case)

    def test_only_the_named_worker_may_write(
        self, world: World, case: Case, browser: Callable[[str], Browser]
    ) -> None:
        forbid(world, case, "worker", worker_id=world.worker.user_id, worker_name="Worker")
        lead, worker = browser("lead"), browser("worker")
        for one in (lead, worker):
            put(world, one, case, LUNCH)
        assert "must not be reached" in press_send(lead, case)
        assert press_send(worker, case) == reverse("staff:case", args=[case.id])

    def test_email_is_not_safe_by_their_record(
        self, world: World, case: Case, browser: Callable[[str], Browser]
    ) -> None:
        worker = browser("worker")
        put(world, worker, case, LUNCH)
        set_person(world, case, email_is_safe=False)
        assert "must not be reached" in press_send(worker, case)

    def test_condition_that_comes_after_it_was_written_stops_it_at_the_last_moment(
        self, world: World, case: Case, browser: Callable[[str], Browser]
    ) -> None:
        worker = browser("worker")
        put(world, worker, case, LUNCH)
        press_send(worker, case)
        forbid(world, case, "email")
        [message] = sent(world, case)
        deliver(world, message)
        [message] = sent(world, case)
        assert message.state == messaging.State.FAILED
        story = unescape(worker.get(reverse("staff:case", args=[case.id])).content.decode())
        assert "Could not be sent" in story and "must not be reached this way" in story

    def test_listing_that_closed_meanwhile(
        self, world: World, case: Case, browser: Callable[[str], Browser]
    ) -> None:
        worker = browser("worker")
        put(world, worker, case, LUNCH, "Hill Walks")
        looked_at = {**hidden(worker.get(send_path(case))), "consent_how": "by_phone"}
        lunch = listing_called(world, LUNCH)
        with world.as_("administrator") as steward:
            directory.set_status(
                listing_id=lunch.id, status=directory.ListingStatus.INACTIVE, by=steward, at=world.at
            )
        answer = worker.post(send_path(case), looked_at)
        page = unescape(answer.content.decode())
        assert answer.status_code == 200 and not sent(world, case)
        assert (
            "something on it has closed" in page and f"closed since you put it on the list: {LUNCH}" in page
        )
        assert "As they read it" in page and "Hill Walks" in page
        again = {**hidden(answer), "consent_how": "by_phone"}
        assert worker.post(send_path(case), again).status_code == 302
        [message] = sent(world, case)
        assert "Hill Walks" in message.text and LUNCH not in message.text
        assert f"{LUNCH}" in unescape(
            worker.get(reverse("staff:short_list", args=[case.id])).content.decode()
        )

    def test_without_their_yes_nothing_goes(
        self, world: World, case: Case, browser: Callable[[str], Browser]
    ) -> None:
        worker = browser("worker")
        put(world, worker, case, LUNCH)
        said = press_send(worker, case, consent_how="")
        assert "Say how they told you" in said and "As they read it" in said
        assert not sent(world, case)

    def test_action_itself_refuses_each_of_them(self, world: World, case: Case) -> None:
        lunch = listing_called(world, LUNCH)

        def send(*ids: object, how: str = "by_phone") -> None:
            with world.as_("worker") as by:
                connections.send_list(case=case, listing_ids=ids, consent_how=how, by=by, at=world.at)  # type: ignore[arg-type]

        with pytest.raises(InvalidValue):
            send()
        with pytest.raises(InvalidValue):
            send(lunch.id, how="")
        with world.as_("administrator") as steward:
            directory.set_status(
                listing_id=lunch.id, status=directory.ListingStatus.INACTIVE, by=steward, at=world.at
            )
        with pytest.raises(Conflict, match="has closed"):
            send(lunch.id)
        for who in ("gp", "other_worker", "manager"):
            with world.as_(who) as by, pytest.raises(NotAllowed):
                connections.send_list(
                    case=case, listing_ids=[lunch.id], consent_how="by_phone", by=by, at=world.at
                )
        assert not sent(world, case)

    def test_dead_person_is_sent_nothing(
        self, world: World, case: Case, browser: Callable[[str], Browser]
    ) -> None:
        worker = browser("worker")
        put(world, worker, case, LUNCH)
        set_person(world, case, died_on=date(2026, 3, 1))
        assert "This person has died" in press_send(worker, case)
        assert not sent(world, case)


def test_failed_list_is_sent_again_only_where_they_may_still_be_reached(
    world: World, case: Case, browser: Callable[[str], Browser]
) -> None:
    worker, lead = browser("worker"), browser("lead")
    put(world, worker, case, LUNCH)
    press_send(worker, case)
    forbid(world, case, "email")
    [message] = sent(world, case)
    deliver(world, message)
    again = reverse("staff:resend", args=[message.id])
    refused = lead.post(again)
    assert refused.status_code == 403 and re.search("must not be reached", refused.content.decode())
    with world.as_("lead") as by:
        [condition] = people.conditions_of(by, person_id=case.person_id)
        people.lift_condition(condition=condition, by=by, at=world.at)
    assert lead.post(again).status_code == 302
    [message] = sent(world, case)
    assert message.state == messaging.State.QUEUED
