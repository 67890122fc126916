"""Finding and connecting: what leaves is what was ticked, and everything can be taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.factories import listings
from tests.factories.browsing import Browser, hidden
from tests.factories.connecting import a_listing, an_imported_listing, connect, mails, path_in, standing
from tests.factories.world import World, a_case

from fingerpost.web.casework import api as casework
from fingerpost.web.connections import api as connections
from fingerpost.web.directory import api as directory
from fingerpost.web.people import api as people

SignIn = Callable[[str], Browser]


@pytest.fixture
def case(world: World) -> casework.Case:
    made = a_case(world, access_needs="a chair with arms", email="amina@person.example", email_is_safe=False)
    with world.as_("worker") as worker:
        return casework.case(worker, case_id=made.id)


@pytest.fixture
def listing(world: World) -> directory.Listing:
    return a_listing(world)


def answers(**changes: object) -> dict[str, object]:
    given: dict[str, object] = {
        "kind": "onward_referral",
        "asked_by": "email",
        "shared_fields": ["name", "age"],
        "consent_how": "in_person",
    }
    return {**given, **changes}


def all_of(world: World, case: casework.Case) -> list[connections.Connection]:
    with world.as_("worker") as worker:
        return connections.connections_of_case(worker, case_id=case.id, mistakes=True)


def test_search_for_a_person_starts_from_their_needs_and_stands_in_no_address(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    listings.land(world)
    worker, address = browser("worker"), f"/cases/{case.id}/find/"
    page = worker.get(address).content.decode()
    assert "Phone Friends" in page and "It helps with: Company and friendship." in page
    assert "Hill Walks" not in page and "Wednesdays, midday to 2pm" in page and "£5" in page
    answer = worker.post(address, {"words": "walks", "only": ["free"]})
    assert answer["Location"] == address
    page = worker.get(address).content.decode()
    assert "Hill Walks" in page and "Phone Friends" not in page and "no distances can be told" in page
    worker.post(address, {"words": "walks", "only": ["free"], "without": "only:free"})
    assert "cost nothing</button>" not in worker.get(address).content.decode()


def test_directory_is_searched_without_a_person(world: World, browser: SignIn) -> None:
    listings.land(world)
    for who in ("worker", "gp", "receptionist", "manager", "administrator"):
        assert "Hill Walks" in browser(who).get("/directory/?words=walks").content.decode()
    page = (
        browser("gp")
        .get(f"/directory/{listings.listing_called(world, 'Larkrise Refuge').id}/")
        .content.decode()
    )
    assert "the address is kept confidential" in page and "Hidden Street" not in page


def test_agreement_is_required_and_all_faults_are_told_at_once(
    world: World, browser: SignIn, case: casework.Case, listing: directory.Listing
) -> None:
    address = f"/cases/{case.id}/connect/{listing.id}/"
    page = browser("worker").post(address, {"step": "send", "asked_by": "email"}).content.decode()
    for fault in (
        "Choose how they will begin",
        "Tick what they agreed to share",
        "Without their agreement nothing",
    ):
        assert fault in page
    assert all_of(world, case) == []


def test_what_is_not_safe_cannot_even_be_ticked(
    browser: SignIn, case: casework.Case, listing: directory.Listing
) -> None:
    worker, address = browser("worker"), f"/cases/{case.id}/connect/{listing.id}/"
    page = worker.get(address).content.decode()
    assert 'value="email" ' not in page.split("What did they agree")[1] and "It is not safe to write" in page
    refused = worker.post(address, answers(shared_fields=["name", "email"], step="send")).content.decode()
    assert "<title>Error:" in refused


def test_preview_shows_exactly_what_leaves_and_sending_happens_once(
    world: World, browser: SignIn, case: casework.Case, listing: directory.Listing
) -> None:
    worker, address = browser("worker"), f"/cases/{case.id}/connect/{listing.id}/"
    given = {**hidden(worker.get(address)), **answers(), "message": "Never ticked, never sent"}
    check = worker.post(address, given)
    page = check.content.decode()
    assert "It names nobody" in page and "Amina Okafor" in page
    assert (
        "Not shared: Phone number, E-mail address, What helps them take part and Why they would like to come"
        in page
    )
    assert all_of(world, case) == []
    sent = [worker.post(address, {**hidden(check), "step": "send"}) for _press in range(2)]
    assert sent[0]["Location"] == sent[1]["Location"]
    (made,) = all_of(world, case)
    done = worker.get(sent[0]["Location"]).content.decode()
    assert "What happens next" in done and made.reference in done
    with world.as_("worker") as actor:
        shared = connections.details(actor, connection_id=made.id)
    assert shared is not None and set(shared.fields) == {"name", "age"}
    assert "Never ticked" not in str(shared.fields)
    (mail,) = mails(world, made)
    assert "Amina" not in mail.text and "Okafor" not in mail.text


def test_changing_something_keeps_every_answer(
    browser: SignIn, case: casework.Case, listing: directory.Listing
) -> None:
    worker, address = browser("worker"), f"/cases/{case.id}/connect/{listing.id}/"
    check = worker.post(address, answers(shared_fields=["name", "reason"], message="She would like to walk"))
    back = worker.post(address, {**hidden(check), "step": "change"}).content.decode()
    assert "She would like to walk" in back and "<title>Error" not in back


def test_unchecked_address_cannot_be_written_to_until_somebody_says_it_is_right(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    found = an_imported_listing(world)
    worker = browser("worker")
    page = worker.get(f"/cases/{case.id}/connect/{found.id}/").content.decode()
    assert "They cannot be asked by e-mail" in page and 'value="email"' not in page.split("What did they")[0]
    assert worker.post(f"/cases/{case.id}/connect/{found.id}/", answers(step="send")).status_code == 200
    answer = worker.post(f"/directory/{found.id}/checked/", {"case": str(case.id)})
    assert answer["Location"] == f"/cases/{case.id}/find/{found.id}/"
    assert 'value="email"' in worker.get(f"/cases/{case.id}/connect/{found.id}/").content.decode()
    assert browser("gp").post(f"/directory/{found.id}/checked/").status_code == 403


def test_told_about_it_shares_nothing(
    world: World, browser: SignIn, case: casework.Case, listing: directory.Listing
) -> None:
    browser("worker").post(f"/cases/{case.id}/told/{listing.id}/")
    (made,) = all_of(world, case)
    assert (made.status, made.consent) == ("told", None) and mails(world, made) == []


def test_answer_on_the_phone_is_written_down_and_undone(
    world: World, browser: SignIn, case: casework.Case, listing: directory.Listing
) -> None:
    made, worker = connect(world, case, listing, fields=["name"], asked_by="phone"), browser("worker")
    here = f"/connections/{made.id}/"
    page = worker.post(f"{here}reply/", {"kind": "waiting_list"}).content.decode()
    assert "Type about how many weeks" in page
    assert worker.post(f"{here}reply/", {"kind": "came", "came_on-day": "3"}).status_code == 200
    worker.post(f"{here}reply/", {"kind": "waiting_list", "waiting_weeks": "3", "note": "Try after Easter"})
    page = worker.get(here).content.decode()
    assert "about 3 weeks" in page and "Try after Easter" in page and f"{here}undo/" in page
    worker.post(f"{here}undo/")
    assert standing(world, made).status == "asked"
    world.later(minutes=11)
    assert f"{here}undo/" not in worker.get(here).content.decode()


def test_agreement_taken_back_kills_the_link(
    world: World, browser: SignIn, case: casework.Case, listing: directory.Listing
) -> None:
    made, worker = connect(world, case, listing, fields=["name"]), browser("worker")
    link = path_in(mails(world, made)[0])
    assert worker.get(link).status_code == 200
    answer = worker.post(f"/connections/{made.id}/agreement/")
    assert answer.status_code == 302 and standing(world, made).status == "withdrawn"
    assert worker.get(link).status_code in (404, 410)
    with world.as_("worker") as actor:
        purpose = people.ConsentPurpose.SHARE_WITH_PROVIDER
        assert people.live_consents(actor, person_id=case.person_id, purpose=purpose) == []


def test_taking_back_needs_a_reason_and_a_mistake_is_struck_through(
    world: World, browser: SignIn, case: casework.Case, listing: directory.Listing
) -> None:
    made, worker = connect(world, case, listing, fields=["name"]), browser("worker")
    assert "Choose the reason" in worker.post(f"/connections/{made.id}/take-back/", {}).content.decode()
    worker.post(f"/connections/{made.id}/take-back/", {"reason": "changed_mind"})
    assert standing(world, made).status == "withdrawn"
    again = connect(world, case, listing, fields=["name"])
    worker.post(f"/connections/{again.id}/mistake/")
    assert standing(world, again).status == "entered_in_error"
    page = worker.get(f"/cases/{case.id}/").content.decode()
    assert '<s class="fp-mistake">Put in touch with Fell Walkers.</s>' in page


def test_connection_is_closed_to_others(
    world: World, browser: SignIn, case: casework.Case, listing: directory.Listing
) -> None:
    made = connect(world, case, listing, fields=["name"])
    for step in ("", "reply/", "take-back/", "agreement/", "mistake/"):
        address = f"/connections/{made.id}/{step}"
        assert browser("other_worker").get(address).status_code == 404
        assert browser("manager").get(address).status_code == 403
    assert browser("manager").get(f"/cases/{case.id}/connect/{listing.id}/").status_code == 403
    assert browser("other_worker").get(f"/cases/{case.id}/connect/{listing.id}/").status_code == 404
