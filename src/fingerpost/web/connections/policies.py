from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.casework import api as casework
from fingerpost.web.connections.models import Connection, ProviderReply
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.policies import as_bool
from fingerpost.web.tenancy.api import Permission

LINK_PURPOSE = "connection"
ABOUT_LIST = "short_list"  # what a message with a list of places is about, by the id of the case


def check_can_connect(actor: Actor, case: casework.Case) -> None:
    casework.check_can_close(actor, case)
    if not actor.has(Permission.CONNECT):
        raise NotAllowed(
            _("Your role does not connect people to groups."),
            reason="no_permission",
            remedy=_("Ask the link worker named on the case."),
        )


def account_of(actor: Actor) -> UUID:
    """The account that answers for what is written. Raises `NotAllowed` for a job or a link."""
    if actor.user_id is None:
        raise NotAllowed(_("Only a colleague with an account can write this down."), reason="no_account")
    return actor.user_id


def check_can_steer(actor: Actor, connection: Connection) -> None:
    """Take back, end, take note of, or write down what a provider said: the scheme's own people."""
    if connection.scheme_id not in actor.organisation_ids:
        raise NotAllowed(_("Another scheme made this connection."), reason="other_organisation")
    if not actor.has(Permission.CONNECT):
        raise NotAllowed(
            _("Your role does not connect people to groups."),
            reason="no_permission",
            remedy=_("Ask the link worker named on the case."),
        )


def check_can_reply(actor: Actor, connection: Connection) -> None:
    """The holder of the connection's own link, or the scheme's people writing down what they heard.

    That the link is for this very connection, and alive, is held by the wall: otherwise no row would be here.
    """
    if actor.kind != "link":
        check_can_steer(actor, connection)
    elif not actor.has(LINK_PURPOSE) or actor.organisation_id != connection.scheme_id:
        raise NotAllowed(_("This link is for something else."), reason="other_purpose")


def check_can_undo(actor: Actor, connection: Connection, reply: ProviderReply, at: datetime) -> None:
    check_can_reply(actor, connection)
    if reply.undone_at is not None:
        raise NotAllowed(_("This answer has been undone already."), reason="undone")
    if not reply.is_undoable(at):
        raise NotAllowed(
            _("An answer can be undone for ten minutes."),
            reason="too_late",
            remedy=_("Give the answer that is right now, or ring us."),
        )
    if actor.kind == "link" and not reply.by_provider:
        raise NotAllowed(_("This answer was written down by the scheme."), reason="other_organisation")


def check_can_mark_error(actor: Actor, connection: Connection) -> None:
    check_can_steer(actor, connection)
    if not actor.has(Permission.CORRECT_RECORDS):
        raise NotAllowed(_("Your role does not mark mistakes."), reason="no_permission")


def check_can_chase(actor: Actor) -> None:
    if actor.kind != "system":
        raise NotAllowed(_("Reminders go out by themselves."), reason="no_permission")


can_connect = as_bool(check_can_connect)
can_steer = as_bool(check_can_steer)
can_reply = as_bool(check_can_reply)
can_undo = as_bool(check_can_undo)
can_mark_error = as_bool(check_can_mark_error)
