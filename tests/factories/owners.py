"""Whoever runs a listing: the question in their mailbox, and the link in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit
from uuid import UUID

from tests.factories.world import World

from fingerpost.kernel import clock
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.enums import EvidenceKind
from fingerpost.web.directory.tasks import ask_owner
from fingerpost.web.foundation import links
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope
from fingerpost.web.messaging import api as messaging
from fingerpost.web.tenancy.api import Permission

ADDRESS = "walkers@provider.example"


def keeper(world: World) -> Actor:
    """The job that keeps the directory true, in the name of whoever does that here."""
    with world.as_(world.job()) as job:
        named = directory.keeper_of(directory.area_rules(job))
    assert named is not None
    return Actor.system(
        reason="keeps the directory true",
        system_id=world.system_id,
        organisation_ids=[named.pk, world.scheme.id, world.other_scheme.id],
        permissions={Permission.IMPORT_DIRECTORY},
        sees_people=False,
    )


def report(world: World, listing: directory.Listing, kind: EvidenceKind, by: str = "worker") -> None:
    with world.as_(by) as actor:
        directory.report_evidence(listing_id=listing.id, kind=kind, by=actor, at=world.at)


def ask(world: World, listing: directory.Listing) -> None:
    """What the job does that was put off when the listing fell."""
    with clock.fixed(world.at):
        ask_owner(listing_id=str(listing.id), system_id=str(world.system_id))


def letters(world: World, listing: directory.Listing) -> list[messaging.Message]:
    """What was written to the owner, oldest first."""
    with world.as_(keeper(world)) as job:
        return list(messaging.messages_about(job, ("listing", listing.id)))[::-1]


def token_in(message: messaging.Message) -> str:
    (address,) = set(re.findall(r"https?://\S+/p/listing/[^/\s]+/", message.text))
    return urlsplit(address).path.split("/")[3]


def token_of(world: World, listing: directory.Listing) -> str:
    """A link to the listing, as its owner was sent it."""
    with world.as_(keeper(world)) as job:
        directory.send_link(listing_id=listing.id, by=job, at=world.at)
    return token_in(letters(world, listing)[-1])


@contextmanager
def as_owner(world: World, token: str) -> Iterator[Actor]:
    with clock.fixed(world.at):
        actor = links.read(token).actor()
        with scope(actor):
            yield actor


def trust(world: World, listing_id: UUID) -> directory.Trust:
    with world.as_("worker") as worker:
        return directory.trust_of_listings(worker, [listing_id], at=world.at)[listing_id]
