"""An organisation with an outbox, and a mail server on loopback that does as it is told."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from fingerpost.kernel import clock
from fingerpost.kernel.contact_route import Channel, ContactRoute
from fingerpost.kernel.ids import new_id
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope
from fingerpost.web.messaging import api
from fingerpost.web.tenancy.api import OrganisationKind, register_organisation

ROUTE = ContactRoute(channel=Channel.EMAIL, address="hello@choir.example", purpose="connection")
SAFE_ROUTE = ContactRoute(
    channel=Channel.EMAIL,
    address="practice@surgery.example",
    purpose="letter",
    confirmed=True,
    detail_allowed=True,
)


@dataclass(frozen=True)
class House:
    """One organisation of one system, and what a test does in its name."""

    system_id: UUID
    organisation_id: UUID

    def actor(self, **changes: Any) -> Actor:
        given = {"reason": "test", "system_id": self.system_id, "organisation_ids": [self.organisation_id]}
        return Actor.system(**{**given, **changes})

    def send(self, **changes: Any) -> api.Message:
        """Must be called inside a scope."""
        given: dict[str, Any] = {
            "route": ROUTE,
            "subject": api.Subject("A question from Fell View"),
            "text": "Do you take people?\n",
            "html": "<p>Do you take people?</p>",
            "by": self.actor(),
            "at": clock.now(),
            "organisation_id": self.organisation_id,
            "about": ("connection", new_id()),
            "recipient_label": "Choir & Tea",
            "carries_personal_data": False,
        }
        return api.send(**{**given, **changes})

    def send_now(self, **changes: Any) -> api.Message:
        with scope(self.actor()):
            return self.send(**changes)

    def deliver(self, message: api.Message) -> api.State | None:
        return api.deliver(
            message_id=message.id, system_id=self.system_id, organisation_id=self.organisation_id
        )

    def reload(self, message: api.Message) -> api.Message:
        with scope(self.actor()) as actor:
            return api.message(actor, message_id=message.id)

    def outcomes(self, message: api.Message) -> list[str]:
        with scope(self.actor()) as actor:
            return [each.outcome for each in api.deliveries_of(actor, message_id=message.id)]


def build_house(as_owner: psycopg.Connection[Any], name: str) -> House:
    """A system with one organisation. The product itself cannot make a system, so the owner does."""
    system_id = new_id()
    as_owner.execute(
        "INSERT INTO tenancy_system (id, name, slug, email_domain_for_tests) VALUES (%s, %s, %s, false)",
        [system_id, name, str(system_id)],
    )
    with scope(Actor.system(reason="test", system_id=system_id)) as actor:
        made = register_organisation(
            kind=OrganisationKind.SCHEME, name=name, by=actor, email="team@fell.example", phone="01632 960000"
        )
    return House(system_id, made.id)


@dataclass
class MailServer:
    """Behaves as the scripts of `rcpt` and `data` say, one entry for each message; then takes everything."""

    rcpt: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = self.rcpt.pop(0) if self.rcpt else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        answer = self.data.pop(0) if self.data else "250 OK"
        if not answer[0].isdigit() or answer.startswith("250"):
            self.taken.append(envelope.content)
        if answer == "stall":
            await asyncio.sleep(5)
        if answer == "drop":
            server.transport.abort()
        return answer if answer[0].isdigit() else "250 OK"


@contextmanager
def running(handler: MailServer) -> Iterator[int]:
    """Run it until the block ends; gives its port on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
