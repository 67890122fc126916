"""What goes wrong in an ordinary week, put right in the browser: nothing is lost and the trace is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tests.system.person import NO_SCRIPT, Someone
from tests.system.story import practice, provider, scheme
from tests.system.story.people import Referred, sign_in

Arrive = Callable[..., Someone]
IVY = Referred(given_name="Ivy", called="Ivy", family_name="Tarrant-Moss")


def test_mistakes_of_a_week_are_put_right(someone: Arrive, groups: Sequence[str]) -> None:
    gp = sign_in(someone("GP", manner=NO_SCRIPT), "gp")
    when_something_is_changed_after_all_what_was_typed_is_there(gp)
    sent = when_refer_is_pressed_twice_there_is_one_referral(gp)

    lead, worker = sign_in(someone("team lead"), "lead"), sign_in(someone("link worker"), "worker")
    scheme.accept(lead, IVY)
    scheme.open_person(worker, IVY)
    when_two_write_the_plan_neither_loses_a_word(worker, lead)

    scheme.connect(worker, groups[-1], groups[-1])
    when_agreement_is_taken_back_the_link_dies(worker, lead, someone("charity"), groups[-1])
    when_the_wrong_person_was_referred_it_counts_nowhere(worker, gp, sent)


def when_something_is_changed_after_all_what_was_typed_is_there(gp: Someone) -> None:
    practice.fill_in_referral(gp, IVY)
    practice.look_it_over(gp, IVY)
    gp.button("Change Who").look("Refer someone")
    assert gp.page.get_by_label("First name", exact=True).input_value() == IVY.given_name
    assert gp.page.get_by_label("What matters to them, and why now?").input_value() == IVY.reason
    practice.look_it_over(gp, IVY)


def when_refer_is_pressed_twice_there_is_one_referral(gp: Someone) -> str:
    """Without a script nothing holds the second press back, nor when the page is gone back to and sent again.

    Returns the address of the confirmation, the same each time.
    """
    with gp.page.expect_navigation(url=re.compile("/refer/sent/")):
        gp.page.get_by_role("button", name="Send the referral").dblclick()
    sent = gp.look("The referral is sent").page.url
    gp.page.go_back()
    gp.look("Check before you send").button("Send the referral").look("The referral is sent")
    assert gp.page.url == sent
    gp.menu("My referrals").look("My referrals")
    assert gp.page.get_by_role("link", name=IVY.name).count() == 1
    return sent


def when_two_write_the_plan_neither_loses_a_word(worker: Someone, lead: Someone) -> None:
    scheme.find_person(lead, IVY).link("Plan and goals").look("Plan and goals")
    scheme.write_plan(worker)
    lead.type("What matters to them, in their words", "The garden, and somebody to show it to.")
    lead.button("Save the plan").sees(scheme.MATTERS, "The garden, and somebody to show it to.")
    box = lead.page.get_by_label("What matters to them, in their words")
    assert box.input_value() == "The garden, and somebody to show it to."
    both = f"{scheme.MATTERS} The garden, and somebody to show it to."
    lead.type("What matters to them, in their words", both).button("Save the plan").sees("The plan is saved.")
    worker.page.reload()
    assert worker.page.get_by_label("What matters to them, in their words").input_value() == both


def when_agreement_is_taken_back_the_link_dies(
    worker: Someone, lead: Someone, charity: Someone, group: str
) -> None:
    provider.open_mail(lead, provider.QUESTION, group)
    link = provider.link_in(lead)
    charity.go(link)
    provider.say_yes(charity)
    charity.sees(IVY.phone)
    worker.link("See the connection").look(group).link("They took their agreement back").look()
    worker.press(worker.page.locator("main form button[type=submit]").last)
    charity.page.goto(link)
    charity.look("This link has ended").sees_nothing_of(IVY.given_name, IVY.phone, group)
    charity.page.goto(f"{link}details/")
    charity.look("This link has ended").sees_nothing_of(IVY.given_name, IVY.phone)


def when_the_wrong_person_was_referred_it_counts_nowhere(worker: Someone, gp: Someone, sent: str) -> None:
    scheme.find_person(worker, IVY).link("Put something right").look("Put something right")
    worker.link("Wrong person, or the same twice").look("Wrong person, or the same twice")
    worker.choose(re.compile("wrong person", re.IGNORECASE))
    worker.button("Mark as a mistake").sees("Marked as a mistake.", "Entered in error")
    gp.menu("My referrals").look("My referrals")
    assert gp.page.get_by_role("link", name=IVY.name).count() == 0
    gp.go(sent).link("See this referral").sees(re.compile("error|mistake"), IVY.reason)
