"""Organisations, accounts and roles, read only."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

from django.http import HttpResponse
from tests.factories.browsing import Browser
from tests.factories.world import World

from fingerpost.web.tenancy import api as tenancy


def words(page: HttpResponse) -> str:
    inside = page.content.decode().partition("<main")[2].partition("</main")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", inside)))


def test_organisations_are_listed_by_kind_with_their_open_accounts(
    world: World, administrator: Browser
) -> None:
    shown = words(administrator.get("/organisations/"))
    assert "4 in this list" in shown and "Link Up Social prescribing scheme nothing larger 6" in shown
    schemes = words(administrator.get("/organisations/?kind=scheme"))
    assert "2 in this list" in schemes and "Elm Street Surgery" not in schemes


def test_accounts_say_their_roles_in_words_ended_ones_too(world: World, administrator: Browser) -> None:
    with world.as_("administrator") as actor:
        held = next(
            one
            for one in tenancy.members_of(organisation_id=world.scheme.id)
            if one.user_id == world.second_worker.user_id
        )
        tenancy.end_membership(membership=held, by=actor, at=world.at - timedelta(days=1))
    shown = words(administrator.get(f"/organisations/{world.scheme.id}/"))
    assert "Team lead since" in shown and "lead@staff.example" in shown
    assert "Link worker until Mon 2 Mar" in shown
    assert "Takes referrals from Elm Street Surgery Mill Lane Practice" in shown
    listed = words(administrator.get("/organisations/"))
    assert "Link Up Social prescribing scheme nothing larger 5" in listed


def test_every_role_is_explained_and_none_promises_more_than_it_has(administrator: Browser) -> None:
    shown = words(administrator.get("/organisations/roles/"))
    cards = re.split(
        r"(?=GP, nurse or|Receptionist or|Link worker S|Team lead S|Manager or|Administrator N"
        r"|Information governance lead N)",
        shown,
    )
    managers = next(card for card in cards if card.startswith("Manager"))
    assert "Never sees a person by name" in managers and "refer a person" not in managers
    assert len(cards) == 1 + len(tenancy.Role)


def test_organisation_of_another_system_is_not_there(administrator: Browser) -> None:
    from tests.factories.world import build_world

    other = build_world(mark=" B")
    assert administrator.get(f"/organisations/{other.scheme.id}/").status_code == 404
    assert "Link Up B" not in words(administrator.get("/organisations/"))


def test_day_of_an_administrator_begins_with_the_imports(administrator: Browser) -> None:
    assert administrator.get("/")["Location"] == "/directory/imports/"
    shown = words(administrator.get("/directory/imports/"))
    assert "Nothing has been imported yet" in shown
