"""Administrators look after access: invite, suspend, end, give a role, go through who has access."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from tests.factories.browsing import Browser, hidden
from tests.factories.world import PASSWORD, World, a_case, build_world, email_of

from fingerpost.kernel import clock
from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.foundation import jobs
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Role

NEW = "nia.new@staff.example"


def words(page: HttpResponse) -> str:
    inside = page.content.decode().partition("<main")[2].partition("</main")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", inside)))


def invited(world: World, administrator: Browser, *, role: str = "link_worker", email: str = NEW) -> str:
    """Invite somebody on the page; the path in the e-mail they get."""
    mail.outbox.clear()
    with jobs.held() as waiting:
        page = administrator.get(f"/organisations/{world.scheme.id}/invite/")
        given = {"name": "Nia New", "email": email, "role": role, **hidden(page)}
        answer = administrator.post(f"/organisations/{world.scheme.id}/invite/", given)
        assert answer.status_code == 302, words(answer)
        with clock.fixed(world.at):
            waiting.run_due()
    return sent_path()


def sent_path() -> str:
    [message] = mail.outbox
    found = re.search(r"https?://[^/\s]+(/accounts/invitation/\S+)", message.body)
    assert found
    return found[1]


def stranger(world: World, path: str, given: dict[str, object] | None = None) -> HttpResponse:
    with clock.fixed(world.at):
        client = Client()
        return client.post(path, given) if given is not None else client.get(path)


def accept(world: World, path: str) -> HttpResponse:
    return stranger(world, path, {"name": "Nia New", "password": "three quiet green lamps"})


def roles_of(world: World, email: str) -> list[tuple[object, str]]:
    with world.as_("administrator"):
        held = tenancy.Membership.objects.filter(user__email=email, ends_at=None)
        return [(one.organisation_id, one.role) for one in held.order_by("starts_at")]


def test_invited_colleague_opens_an_account_of_their_own_once(world: World, administrator: Browser) -> None:
    path = invited(world, administrator)
    assert mail.outbox[0].to == [NEW]
    assert "Nia New" in words(administrator.get(f"/organisations/{world.scheme.id}/"))
    for _ in range(3):  # a mail scanner opens it, and opens it again
        assert "invites you to Link Up" in words(stranger(world, path))
    assert roles_of(world, NEW) == []
    assert accept(world, path)["Location"] == "/accounts/login/"
    assert roles_of(world, NEW) == [(world.scheme.id, "link_worker")]
    again = accept(world, path)
    assert again.status_code == 410 and "used already" in words(again)
    with clock.fixed(world.at):
        client = Client()
        entered = client.post("/accounts/login/", {"login": NEW, "password": "three quiet green lamps"})
        assert entered.status_code == 302
        assert client.get("/today/").status_code == 200


def test_acceptance_takes_no_role_organisation_or_address_from_the_form(
    world: World, administrator: Browser
) -> None:
    path = invited(world, administrator)
    stranger(
        world,
        path,
        {
            "name": "Nia New",
            "password": "three quiet green lamps",
            "role": "administrator",
            "organisation": str(world.practice.id),
            "organisation_id": str(world.practice.id),
            "system_id": str(world.system_id),
            "email": "somebody@else.example",
            "is_active": "on",
            "is_superuser": "on",
        },
    )
    assert roles_of(world, NEW) == [(world.scheme.id, "link_worker")]
    assert roles_of(world, "somebody@else.example") == []


def test_weak_password_is_refused_and_the_link_stays_open(world: World, administrator: Browser) -> None:
    path = invited(world, administrator)
    refused = stranger(world, path, {"name": "Nia New", "password": "short"})
    assert refused.status_code == 200 and roles_of(world, NEW) == []
    assert accept(world, path).status_code == 302


def test_link_ends_when_sent_again_withdrawn_or_old(world: World, administrator: Browser) -> None:
    first = invited(world, administrator)
    with world.as_("administrator"):
        [one] = tenancy.open_invitations(organisation_id=world.scheme.id)
    mail.outbox.clear()
    with jobs.held() as waiting:
        administrator.post(f"/organisations/invitations/{one.id}/again/")
        assert stranger(world, first).status_code == 410  # at once, before the new one is sent
        with clock.fixed(world.at):
            waiting.run_due()
    second = sent_path()
    assert stranger(world, second).status_code == 200
    administrator.post(f"/organisations/invitations/{one.id}/withdraw/")
    assert stranger(world, second).status_code == 410
    assert "is withdrawn" in words(administrator.get(f"/organisations/{world.scheme.id}/"))
    assert "Nia New" not in words(administrator.get(f"/organisations/{world.scheme.id}/"))
    third = invited(world, administrator)
    world.later(days=8)
    assert stranger(world, third).status_code == 410


def test_altered_and_foreign_links_open_nothing(world: World, administrator: Browser) -> None:
    path = invited(world, administrator)
    assert stranger(world, path[:-2] + "x/").status_code == 404
    from fingerpost.web.foundation import links

    with world.as_("administrator"):
        [one] = tenancy.open_invitations(organisation_id=world.scheme.id)
        other = links.issue(
            purpose="connection",
            subject_id=one.id,
            organisation_id=world.scheme.id,
            holder_label="a provider",
            at=world.at,
            lives=timedelta(days=1),
        )
    assert stranger(world, f"/accounts/invitation/{links.token_of(other)}/").status_code == 410


def test_whoever_has_an_account_signs_in_and_nobody_else_can_take_it_up(
    world: World, administrator: Browser
) -> None:
    """Also an account of another system: the invitation reads and answers the same."""
    build_world(mark=" B")
    address = email_of("gp", " B")
    path = invited(world, administrator, email=address)
    assert "have an account already" in words(stranger(world, path))
    assert accept(world, path).status_code == 200  # neither a password nor a name opens it
    assert roles_of(world, address) == []
    wrong = Browser(world, "worker")
    assert wrong.post(path, {"name": "x", "password": "three quiet green lamps"}).status_code == 200
    assert roles_of(world, address) == []
    own = Client()
    with clock.fixed(world.at):
        own.post("/accounts/login/", {"login": address, "password": PASSWORD})
        assert own.post(path, {}).status_code == 302
    assert roles_of(world, address) == [(world.scheme.id, "link_worker")]


def test_inviting_tells_nobody_whether_an_address_has_an_account(
    world: World, administrator: Browser
) -> None:
    build_world(mark=" B")
    shown = []
    for address in (email_of("gp", " B"), "nobody@nowhere.example"):
        invited(world, administrator, email=address)
        page = words(administrator.get(f"/organisations/{world.scheme.id}/"))
        shown.append(page.replace(address, "ADDRESS"))
        with world.as_("administrator") as by:
            [one] = tenancy.open_invitations(organisation_id=world.scheme.id)
            tenancy.withdraw_invitation(invitation=one, by=by, at=world.at)
    assert shown[0] == shown[1]


def test_nobody_invites_or_lifts_themselves(world: World, administrator: Browser) -> None:
    me = world.administrator
    page = administrator.get(f"/organisations/{world.scheme.id}/invite/")
    given = {"name": "Me", "email": email_of("administrator"), "role": "clinician", **hidden(page)}
    assert "cannot change your own access" in words(
        administrator.post(f"/organisations/{world.scheme.id}/invite/", given)
    )
    here = f"/organisations/{world.scheme.id}/members/{me.user_id}/"
    administrator.post(f"{here}role/", {"role": "clinician", **hidden(administrator.get(f"{here}role/"))})
    assert "cannot change your own access" in words(administrator.post(f"{here}suspend/"))
    assert roles_of(world, email_of("administrator")) == [(world.scheme.id, "administrator")]


def test_last_administrator_cannot_be_ended_or_suspended(world: World) -> None:
    with world.as_("administrator") as by:
        assert by.membership_id and by.user_id
        held = tenancy.membership(membership_id=by.membership_id)
        assert held is not None
    job = world.job()
    with world.as_(job):
        for act in (
            lambda: tenancy.end_membership(membership=held, by=job, at=world.at),
            lambda: tenancy.suspend(user_id=world.administrator.user_id, by=job, at=world.at),
        ):
            with pytest.raises(NotAllowed) as refusal:
                act()
            assert refusal.value.reason == "last_administrator"
        tenancy.add_membership(
            user_id=world.manager.user_id,
            organisation=world.scheme,
            role=Role.ADMINISTRATOR,
            by=job,
            at=world.at,
        )
        tenancy.end_membership(membership=held, by=job, at=world.at)


def test_role_ends_after_a_last_day(world: World, administrator: Browser) -> None:
    path = f"/organisations/memberships/{world.second_worker.membership_id}/end/"
    given = {"when": "later", "last_day-day": "5", "last_day-month": "3", "last_day-year": "2026"}
    answer = administrator.post(path, {**given, **hidden(administrator.get(path))})
    assert answer.status_code == 302, words(answer)
    world.later(days=2, hours=13)  # late on their last day
    theirs, administrator = Browser(world, "second_worker"), Browser(world, "administrator")
    assert theirs.get("/today/").status_code == 200
    world.later(hours=2)
    assert theirs.get("/today/").status_code == 403
    past = {"when": "later", "last_day-day": "1", "last_day-month": "3", "last_day-year": "2020"}
    refused = administrator.post(path, {**past, **hidden(administrator.get(path))})
    assert refused.status_code == 200 and "today or a later day" in words(refused)


def test_role_is_replaced_in_one_step(world: World, administrator: Browser) -> None:
    path = f"/organisations/{world.scheme.id}/members/{world.second_worker.user_id}/role/"
    given = {"role": "team_lead", "replaces": str(world.second_worker.membership_id)}
    assert administrator.post(path, {**given, **hidden(administrator.get(path))}).status_code == 302
    assert roles_of(world, email_of("second_worker")) == [(world.scheme.id, "team_lead")]
    shown = words(administrator.get("/organisations/came-and-went/"))
    assert "Second Worker has a new role or organisation Team lead Link Up" in shown


def test_report_says_who_came_who_went_and_who_still_holds_cases(
    world: World, administrator: Browser
) -> None:
    a_case(world)
    accept(world, invited(world, administrator))
    with world.as_("administrator") as by:
        held = tenancy.membership(membership_id=world.worker.membership_id)
        assert held is not None
        tenancy.end_membership(membership=held, by=by, at=world.at)
    shown = words(administrator.get("/organisations/came-and-went/"))
    assert "Nia New began Link worker Link Up" in shown
    assert "Worker left Link worker Link Up" in shown
    told = shown.partition("Gone, and still holding cases")[2].partition("Never used")[0]
    assert "Worker Link Up 1" in told, told
    assert "Never used" in shown and "Nia New Link worker Link Up" in shown
    assert "Okafor" not in shown  # the person whose case it is
    other = words(Browser(world, "administrator").get("/organisations/came-and-went/?month=2026-02"))
    assert "Nobody came, moved or went in this month" in other


def test_downloads_are_no_formulas(world: World, administrator: Browser) -> None:
    path = invited(world, administrator)
    stranger(
        world, path, {"name": '=HYPERLINK("http://evil.example")', "password": "three quiet green lamps"}
    )
    for address in ("/organisations/came-and-went.csv", f"/organisations/{world.scheme.id}/review.csv"):
        text = administrator.get(address).content.decode()
        assert "HYPERLINK" in text
        assert not re.search(r'(^|,|")=HYPERLINK', text, re.MULTILINE)


def test_review_keeps_each_answer_and_is_overdue_after_a_quarter(
    world: World, administrator: Browser
) -> None:
    here = f"/organisations/{world.scheme.id}/review/"
    assert "5 lines are overdue" in words(administrator.get(here))
    assert "has not been looked at" in words(administrator.get(f"/organisations/{world.scheme.id}/"))
    for who, answer in (
        ("lead", "keep"),
        ("worker", "end"),
        ("second_worker", "change"),
        ("manager", "keep"),
        ("governance", "keep"),
    ):
        given = {"membership": str(world.actors[who].membership_id), "answer": answer}
        if (
            answer == "end"
        ):  # a slip beside “Keep” ends nothing: it is asked again, and the second press ends it
            asked = administrator.post(here, given)
            assert "End this role now?" in words(asked) and roles_of(world, email_of(who))
            given = hidden(asked) | {"answer": "end"}
        leads_to = administrator.post(here, given)["Location"]
        assert leads_to == here or answer == "change"
    shown = words(administrator.get(here))
    assert "Nothing is overdue" in shown
    assert "Still right Tue 3 Mar by Administrator" in shown
    assert roles_of(world, email_of("worker")) == []
    world.later(days=92)
    again = Browser(world, "administrator")
    assert "4 lines are overdue" in words(again.get(here))


def test_answer_about_oneself_or_another_organisation_is_refused(
    world: World, administrator: Browser
) -> None:
    here = f"/organisations/{world.scheme.id}/review/"
    own = {"membership": str(world.administrator.membership_id), "answer": "keep"}
    assert "cannot change your own access" in words(administrator.post(here, own))
    other = {"membership": str(world.other_worker.membership_id), "answer": "end"}
    assert administrator.post(here, other).status_code == 404
    assert roles_of(world, email_of("other_worker")) == [(world.other_scheme.id, "link_worker")]


def test_administrator_above_administers_what_is_below_and_nothing_beside(world: World) -> None:
    job = world.job()
    with world.as_(job):
        network = tenancy.register_organisation(kind=tenancy.OrganisationKind.NETWORK, name="North", by=job)
        world.practice.parent = network
        world.practice.save(update_fields=["parent"])
        tenancy.add_membership(
            user_id=world.manager.user_id, organisation=network, role=Role.ADMINISTRATOR, by=job, at=world.at
        )
        held = tenancy.current_memberships(user_id=world.manager.user_id, at=world.at)[-1]
        above = tenancy.actor_of(user=tenancy.account(user_id=world.manager.user_id), membership=held)
    with world.as_(above) as by:
        assert tenancy.administered(by, at=world.at) == {network.id, world.practice.id}
        assert tenancy.suspend(user_id=world.gp.user_id, by=by, at=world.at) == 1
        with pytest.raises(NotAllowed) as refusal:
            tenancy.invite(
                email=NEW, name="N", organisation=world.scheme, role=Role.LINK_WORKER, by=by, at=world.at
            )
        assert refusal.value.reason == "not_administered"
