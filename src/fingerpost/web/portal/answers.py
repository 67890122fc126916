"""The words of each answer a provider can press, and of what follows. Rules are in connections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fingerpost.web.connections.api import (
    Connection,
    ConnectionStatus,
    ProviderReply,
    ReplyKind,
    replies_from,
)
from fingerpost.web.pages.words import full_day

R, S = ReplyKind, ConnectionStatus


@dataclass(frozen=True)
class Answer:
    """One button. `question` heads its own page, `sentence` says there what pressing it means."""

    kind: ReplyKind
    button: str
    question: str
    sentence: str
    needs_words: bool = True
    """False: the first page offers it as a button that is pressed there and then."""


def answers_to(connection: Connection) -> Sequence[Answer]:
    """The answers that fit now, the most hoped for first."""
    status = ConnectionStatus(connection.status)
    offered = replies_from(status, details_seen=connection.details_seen)
    return [_words(kind, connection) for kind in ReplyKind if kind in offered]


def answer_to(connection: Connection, kind: str) -> Answer | None:
    return next((answer for answer in answers_to(connection) if answer.kind == kind), None)


def _words(kind: ReplyKind, connection: Connection) -> Answer:
    listing = {"listing": connection.listing_name}
    is_asked = not connection.details_seen
    return {
        R.TAKES_PEOPLE: lambda: Answer(
            kind,
            _("Yes, we take people"),
            _("Do you take people at %(listing)s?") % listing,
            _("Press the button and we show you who would like to come, as far as they have agreed."),
            needs_words=False,
        ),
        R.ACCEPTS: lambda: Answer(
            kind,
            _("Yes, they can come"),
            _("Can they come to %(listing)s?") % listing,
            _("Press the button and we let them know that they are welcome."),
            needs_words=False,
        ),
        R.WAITING_LIST: lambda: Answer(
            kind,
            _("There is a waiting list"),
            _("How long is the wait?"),
            _("We tell the person and their link worker, so that they can decide."),
        ),
        R.FULL: lambda: Answer(
            kind,
            _("We are full"),
            _("Are you full at %(listing)s?") % listing,
            _("We stop sending people until you have room again. Being full never counts against you."),
        ),
        R.DECLINES: lambda: Answer(
            kind,
            _("Not any more") if is_asked else _("No, they cannot come"),
            _("Does %(listing)s not take people any more?") % listing
            if is_asked
            else _("Why can they not come?"),
            _("We tell the link worker, who looks for something else."),
        ),
        R.CAME: lambda: Answer(
            kind,
            _("They came"),
            _("When did they come?"),
            _("We note that they came. That is all we write down."),
        ),
        R.DID_NOT_COME: lambda: Answer(
            kind,
            _("They did not come"),
            _("When were they expected?"),
            _("We ask them how they are. They may still come another time."),
        ),
        R.FINISHED: lambda: Answer(
            kind,
            _("They have finished"),
            _("Have they finished at %(listing)s?") % listing,
            _(
                "For a course that is over, or when they have what they came for. If they came on more days than"
                " you told us, tell us those first: it shows that they kept going."
            ),
        ),
        R.STOPPED: lambda: Answer(
            kind,
            _("They do not come any more"),
            _("Do they not come any more?"),
            _("We tell the link worker, who asks them how they are."),
        ),
    }[kind]()


def standing(connection: Connection) -> str:
    """How things stand, in one sentence."""
    weeks = connection.waiting_weeks or 0
    return {
        S.ASKED: lambda: _("We have not said anything about anybody yet."),
        S.DETAILS_SENT: lambda: _("They are waiting to hear from you."),
        S.WAITING_LIST: lambda: (
            ngettext(
                "You said there is a waiting list of about %(num)s week.",
                "You said there is a waiting list of about %(num)s weeks.",
                weeks,
            )
            % {"num": weeks}
        ),
        S.ACCEPTED: lambda: _("You said they can come. Tell us when they have."),
        S.ATTENDED: lambda: _("They have come. Tell us how it goes on, if you like."),
        S.FULL: lambda: (
            _("You said you are full until %(day)s.") % {"day": full_day(connection.full_until)}
            if connection.full_until
            else _("You said you are full.")
        ),
        S.RETURNED: lambda: _(
            "We had not heard from you, and the link worker looks elsewhere too. A late answer still helps."
        ),
        S.DECLINED: lambda: _("You said no. There is nothing else to do."),
        S.STOPPED: lambda: _("You said they do not come any more."),
        S.FINISHED: lambda: _("You said they have finished. There is nothing else to do."),
    }.get(ConnectionStatus(connection.status), lambda: "")()


def next_steps(reply: ProviderReply) -> list[tuple[str, str, str]]:
    """What happens now, when, and who does it: rows of the confirmation page."""
    worker = _("the link worker")
    return {
        R.TAKES_PEOPLE: lambda: [
            (_("You read who would like to come, and say whether they can"), _("now"), _("you"))
        ],
        R.ACCEPTS: lambda: [
            (_("They are told that they can come"), _("within two working days"), worker),
            (_("You tell us whether they came, with the link in our e-mail"), _("when you know"), _("you")),
        ],
        R.WAITING_LIST: lambda: [
            (_("The person decides whether to wait"), _("within a week"), worker),
            (_("You tell us when there is room, with the same link"), _("when there is"), _("you")),
        ],
        R.FULL: lambda: [(_("We look for another place"), _("now"), worker)],
        R.DECLINES: lambda: [(_("We look for another place"), _("now"), worker)],
        R.DID_NOT_COME: lambda: [(_("They are asked how they are"), _("in the next days"), worker)],
        R.STOPPED: lambda: [(_("They are asked how they are"), _("in the next days"), worker)],
    }.get(ReplyKind(reply.kind), list)()


def thanks(reply: ProviderReply) -> str:
    """The heading after an answer."""
    return {
        R.TAKES_PEOPLE: lambda: _("Thank you: you take people"),
        R.ACCEPTS: lambda: _("Thank you: they can come"),
        R.WAITING_LIST: lambda: _("Thank you: there is a waiting list"),
        R.FULL: lambda: _("Thank you: you are full"),
        R.DECLINES: lambda: _("Thank you for telling us"),
        R.CAME: lambda: _("Thank you: they came"),
        R.DID_NOT_COME: lambda: _("Thank you: they did not come"),
        R.FINISHED: lambda: _("Thank you: they have finished"),
        R.STOPPED: lambda: _("Thank you for telling us"),
    }[ReplyKind(reply.kind)]()
