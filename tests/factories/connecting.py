"""A case with a listing to connect it to, and a provider who follows the link in the latest e-mail."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from tests.factories.world import World, a_case

from fingerpost.kernel import clock
from fingerpost.web.casework import api as casework
from fingerpost.web.connections import api as connections
from fingerpost.web.directory import api as directory
from fingerpost.web.foundation import links
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope
from fingerpost.web.messaging import api as messaging
from fingerpost.web.people.api import SharedField

EMAIL = "walkers@provider.example"
MESSAGE = "Plantedreason: she misses walking with others."
# Everything about the person that must never stand in a mail to somebody who has not said that they take
# people.
MARKERS = {
    "given_name": "Plantedgiven",
    "family_name": "Plantedfamily",
    "phone": "07700 900456",
    "email": "plantedmail@person.example",
    "postcode": "QX1 2AB",
    "access_needs": "Plantedneeds: a chair with arms",
}
SECRETS = ("Planted", "planted", "900456", "QX1", "1958", "Okafor")
ALL_FIELDS = frozenset(SharedField)


def a_listing(world: World, *, email: str = EMAIL, name: str = "Fell Walkers") -> directory.Listing:
    """A listing that a colleague typed in, whose address they vouched for."""
    record = directory.ListingRecord(key="", name=name, email=email)
    provider = directory.ProviderRecord(key="", name=f"Friends of {name}")
    with world.as_("administrator") as administrator:
        return directory.register_listing(listing=record, provider=provider, by=administrator, at=world.at)


def an_imported_listing(world: World, *, email: str = EMAIL) -> directory.Listing:
    """A listing from a file, whose address nobody has looked at."""
    records = directory.DirectoryRecords(
        listings=[directory.ListingRecord(key="one", name="Imported club", email=email)]
    )
    source = directory.SourceDetails(name="a-file", label="A file", kind=directory.SourceKind.HSDS_CSV)
    with world.as_("administrator") as administrator:
        directory.land(records, source=source, by=administrator, at=world.at)
        return directory.open_listings(administrator).get(name="Imported club")


def marked_case(world: World) -> casework.Case:
    case = a_case(world, **MARKERS)
    with world.as_("worker") as worker:
        return casework.case(worker, case_id=case.id)


def connect(
    world: World,
    case: casework.Case,
    listing: directory.Listing,
    *,
    fields: Collection[str] = ALL_FIELDS,
    **changes: Any,
) -> connections.Connection:
    values: dict[str, Any] = {
        "kind": connections.ConnectionKind.ONWARD_REFERRAL,
        "shared_fields": fields,
        "consent_how": "in_person",
        "message": MESSAGE if SharedField.REASON in fields else "",
    }
    with world.as_("worker") as worker:
        return connections.connect(
            case=case, listing_id=listing.id, by=worker, at=world.at, **{**values, **changes}
        )


def mails(world: World, connection: connections.Connection) -> list[messaging.Message]:
    """What was written about a connection, oldest first."""
    with world.as_("worker") as worker:
        return list(messaging.messages_about(worker, ("connection", connection.id)).order_by("id"))


def path_in(message: messaging.Message) -> str:
    """The page that the e-mail leads to."""
    found = re.search(r"https?://\S+/p/[^/\s]+/", message.text)
    assert found, message.text
    return urlsplit(found.group()).path


def token_in(message: messaging.Message) -> str:
    return path_in(message).rstrip("/").rpartition("/")[2]


def holder_of(world: World, token: str) -> Actor:
    """The actor somebody is who follows a link."""
    link_id = links.id_of(token)
    opening = Actor(kind="link", id="link:opening", label="opening", link_id=link_id)
    with clock.fixed(world.at), scope(opening):
        return links.open_link(link_id).actor()


@contextmanager
def as_provider(
    world: World, connection: connections.Connection
) -> Iterator[tuple[Actor, connections.Connection]]:
    """Act as the holder of the link in the newest e-mail that has one; gives them and the row they reach."""
    newest = [message for message in mails(world, connection) if "/p/" in message.text][-1]
    actor = holder_of(world, token_in(newest))
    with clock.fixed(world.at), scope(actor):
        found = connections.connection_for_link(actor)
        assert found is not None
        yield actor, found


def standing(world: World, connection: connections.Connection) -> connections.Connection:
    """The connection as the worker sees it now."""
    with world.as_("worker") as worker:
        return connections.connection(worker, connection_id=connection.id)
