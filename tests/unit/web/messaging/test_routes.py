from __future__ import annotations

import pytest

from fingerpost.kernel.contact_route import Channel, ContactRoute
from fingerpost.kernel.errors import NotAllowed
from fingerpost.kernel.ids import new_id
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.messaging.policies import check_can_send_for, check_route_allows


def route(
    channel: Channel = Channel.EMAIL, address: str = "hello@choir.example", **flags: bool
) -> ContactRoute:
    return ContactRoute(channel=channel, address=address, purpose="connection", **flags)


@pytest.mark.parametrize("nothing", [None, "hello@choir.example", ("email", "hello@choir.example")])
def test_what_is_not_a_route_is_refused(nothing):
    with pytest.raises(NotAllowed) as refusal:
        check_route_allows(nothing, carries_personal_data=False)
    assert refusal.value.reason == "no_route"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (route(), "unconfirmed"),
        (route(confirmed=True), "detail_not_allowed"),
        (route(Channel.SMS, "07700 900123", confirmed=True, detail_allowed=True), "channel"),
        (route(Channel.POST, "1 High Street\nTown", confirmed=True, detail_allowed=True), "channel"),
    ],
)
def test_personal_data_on_a_route_that_does_not_allow_it_is_refused_with_the_reason(given, reason):
    with pytest.raises(NotAllowed) as refusal:
        check_route_allows(given, carries_personal_data=True)
    assert refusal.value.reason == reason


def test_a_confirmed_route_that_allows_detail_carries_personal_data():
    check_route_allows(route(confirmed=True, detail_allowed=True), carries_personal_data=True)


def test_an_unconfirmed_route_carries_a_message_about_nobody():
    check_route_allows(route(), carries_personal_data=False)


def test_only_the_organisation_itself_or_one_it_invited_sends_in_its_name():
    ours, other = new_id(), new_id()
    member = Actor(kind="user", id="user:1", label="A", organisation_ids=frozenset({ours}))
    invited = Actor(kind="link", id="link:1", label="B", organisation_id=ours)
    for actor in (member, invited):
        check_can_send_for(actor, ours)
        with pytest.raises(NotAllowed) as refusal:
            check_can_send_for(actor, other)
        assert refusal.value.reason == "other_organisation"
