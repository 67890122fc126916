"""Whoever runs a group answers from a phone, by touch and without an account."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from tests.system.person import BY_TOUCH, Someone
from tests.system.story import keeping, provider
from tests.system.story.people import SCHEME, sign_in

Arrive = Callable[..., Someone]


def test_owner_answers_from_a_phone_without_an_account(someone: Arrive, groups: Sequence[str]) -> None:
    steward, lead = sign_in(someone("steward"), "administrator"), sign_in(someone("team lead"), "lead")
    keeping.write_in_the_name_of(steward, SCHEME)
    group = groups[0]
    keeping.send_link(steward, group)
    provider.open_mail(lead, keeping.QUESTION, group)
    link, owner = provider.link_in(lead), someone("owner", manner=BY_TOUCH)

    when_a_mail_scanner_follows_everything_nothing_changes(owner, lead, link)
    when_it_is_still_right(owner, steward, link, group)
    when_room_is_said_in_one_tap(owner, steward, link, group)
    when_something_has_changed(owner, steward, link, group)
    when_it_is_passed_on_it_opens_this_listing_only(someone("a friend", manner=BY_TOUCH), link, groups)
    when_it_has_closed(owner, steward, link, group)
    when_the_link_is_wrong(owner, link)


def when_a_mail_scanner_follows_everything_nothing_changes(owner: Someone, lead: Someone, link: str) -> None:
    """Every address in the mail, and every address on the pages behind them."""
    before = owner.go(link).words
    in_mail = [a.get_attribute("href") or "" for a in lead.page.locator("pre.fp-mail__text a").all()]
    behind = [a.get_attribute("href") or "" for a in owner.page.locator("main a[href^='/p/']").all()]
    paths = {urlsplit(address).path for address in [*in_mail, *behind] if "/p/" in address}
    assert {f"{link}say/still_right/", f"{link}say/closed/", f"{link}change/"} <= paths
    for path in sorted(paths):
        owner.go(path)
        assert owner.context.request.head(owner.address + path).status == 200
    assert owner.go(link).words == before


def when_it_is_still_right(owner: Someone, steward: Someone, link: str, group: str) -> None:
    """One tap; the second time changes nothing but the day, and undo is at hand."""
    owner.go(f"{link}say/still_right/").look(re.compile("still right"))
    owner.button("Yes, still right").look("Thank you: it is still right").sees("There is nothing else to do.")
    owner.page.go_back()
    owner.button("Yes, still right").look("Thank you: it is still right").sees(
        re.compile("undo it for ten minutes")
    )
    keeping.open_listing(steward, group).sees("Checked")


def when_room_is_said_in_one_tap(owner: Someone, steward: Someone, link: str, group: str) -> None:
    owner.go(link).button("We take people").look("Thank you: you take people")
    owner.go(link).sees("Shown now: Taking people.").button("There is a waiting list")
    owner.look("Thank you: there is a waiting list").type("About how many weeks?", "900").button("Add this")
    owner.look().sees(re.compile("at most|104")).type("About how many weeks?", "6")
    owner.button("There is a waiting list").look("Thank you: there is a waiting list")
    keeping.open_listing(steward, group).sees(re.compile("Waiting list of 6 weeks"), "Checked")
    owner.go(link).button("We are full").look("Thank you: you are full")
    owner.day("Until when?", "1", "3", "2031").button("Add this").look("Thank you: you are full")
    owner.go(link).sees("Shown now: Full until 1 March 2031.")
    keeping.open_listing(steward, group).sees(re.compile("Full until 1 March 2031"), "Checked")


def when_something_has_changed(owner: Someone, steward: Someone, link: str, group: str) -> None:
    """What to expect is shown at once; the name waits for a steward."""
    owner.go(link).button("Something has changed").look("What has changed?")
    owner.type("What it is called", f"{group} and Friends").type(
        "The first visit", "Wendy meets you at the door."
    )
    owner.button("Send the changes").sees("Shown from now on:", "A colleague of ours looks at this first:")
    owner.link("See your listing, or say something else").look(group).sees("Wendy meets you at the door.")
    owner.sees(re.compile("A colleague of ours still looks at what you changed"))
    keeping.open_listing(steward, group).sees("Wendy meets you at the door.")
    keeping.open_work(steward).link(group, within=steward.page.locator("main")).look("A suggestion")
    steward.sees(f"{group} and Friends").button("Save what you decided").sees("1 field was taken over.")
    owner.go(link).look(f"{group} and Friends")


def when_it_is_passed_on_it_opens_this_listing_only(
    friend: Someone, link: str, groups: Sequence[str]
) -> None:
    """Whoever holds it speaks for this listing, and sees no other and nobody's name."""
    friend.go(link).look(f"{groups[0]} and Friends").sees_nothing_of(*groups[1:])
    friend.go("/directory/").look("Sign in")


def when_it_has_closed(owner: Someone, steward: Someone, link: str, group: str) -> None:
    owner.go(f"{link}say/closed/").button("It has closed").look("Thank you: it has closed")
    keeping.find(steward, f"{group} and Friends")
    assert not steward.page.get_by_role("link", name=f"{group} and Friends", exact=True).count()
    owner.button("Undo my answer").look(f"{group} and Friends")
    keeping.open_listing(steward, f"{group} and Friends")


def when_the_link_is_wrong(owner: Someone, link: str) -> None:
    """Cut short by a mail program, or with a letter too many: what to do, and nothing of the listing."""
    for path in (f"{link[:-5]}/", f"{link[:-1]}x/"):
        owner.page.goto(path)
        owner.look().sees_nothing_of("Weir Bank")
