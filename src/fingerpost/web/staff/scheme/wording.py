"""How people, steps, statuses and ends are said on the pages of a scheme."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fingerpost.codes.pathway import EventKind, completion_reason, loss_reason
from fingerpost.kernel.errors import NotFound
from fingerpost.web.casework.api import Case, CaseStatus, GoalStatus
from fingerpost.web.connections.api import AskedBy, Connection, ConnectionStatus
from fingerpost.web.messaging.api import State
from fingerpost.web.pages import words

S = ConnectionStatus


def reason_in_words(code: str) -> str:
    """The label of a completion or loss reason, in the reader's language; empty for none."""
    if not code:
        return ""
    try:
        return words.as_words(completion_reason(code).label)
    except NotFound:
        return words.as_words(loss_reason(code).label)


def stage_in_words(step: EventKind | None) -> str:
    """One or two words for the furthest step of a journey."""
    return (
        {
            EventKind.PERSON_AGREED: _("agreed"),
            EventKind.REFERRED: _("referred"),
            EventKind.RECEIVED: _("waiting in the queue"),
            EventKind.ACCEPTED: _("accepted"),
            EventKind.CONTACT_ATTEMPTED: _("not reached yet"),
            EventKind.CONTACTED: _("in touch"),
            EventKind.ASSESSED: _("asked how life feels"),
            EventKind.PLAN_AGREED: _("plan agreed"),
            EventKind.CONNECTED: _("connected"),
            EventKind.PROVIDER_ACCEPTED: _("can come to a group"),
            EventKind.FIRST_ATTENDED: _("went along"),
            EventKind.SUSTAINED: _("keeps going"),
            EventKind.CLOSED: _("ended"),
            EventKind.REFERRER_TOLD: _("ended, referrer told"),
        }.get(step, "")
        if step
        else ""
    )


def case_standing(case: Case) -> tuple[str, str, str]:
    """Word, tone and sentence of a case."""
    if case.status == CaseStatus.CLOSED:
        said = _("The work ended on %(day)s: %(reason)s.") % {
            "day": words.day(case.closed_at),
            "reason": reason_in_words(case.closed_reason),
        }
        return _("Ended"), "quiet", said
    if case.status == CaseStatus.ENTERED_IN_ERROR:
        return _("Mistake"), "stopped", _("This was recorded by mistake. It is kept and counts nowhere.")
    if case.worker is None:
        return (
            _("Open"),
            "waiting",
            _("Nobody has it yet, since %(day)s.") % {"day": words.day(case.opened_at)},
        )
    values = {"worker": case.worker.name, "day": words.day(case.opened_at)}
    return _("Open"), "going", _("%(worker)s works with them. Taken on %(day)s.") % values


GOAL_TONES = {
    GoalStatus.SET: "quiet",
    GoalStatus.ON_THE_WAY: "going",
    GoalStatus.REACHED: "good",
    GoalStatus.LET_GO: "stopped",
}


def connection_standing(connection: Connection) -> tuple[str, str, str]:
    """Word, tone and sentence of a connection: what has happened, and whose move it is."""
    status = S(connection.status)
    values = {
        "day": words.day(connection.status_at),
        "reason": reason_in_words(connection.status_reason),
        "asked": words.day(connection.asked_at),
        "until": words.day(connection.full_until),
        "weeks": connection.waiting_weeks,
        "times": getattr(connection, "times_came", 0),
    }
    return str(status.label), _CONNECTION_TONES[status], _connection_sentence(connection, status) % values


_CONNECTION_TONES = {
    S.TOLD: "going",
    S.ASKED: "waiting",
    S.DETAILS_SENT: "waiting",
    S.WAITING_LIST: "waiting",
    S.ACCEPTED: "good",
    S.ATTENDED: "good",
    S.FINISHED: "good",
    S.STOPPED: "stopped",
    S.DECLINED: "stopped",
    S.FULL: "stopped",
    S.RETURNED: "stopped",
    S.WITHDRAWN: "quiet",
    S.ENTERED_IN_ERROR: "quiet",
}


def is_to_be_rung(connection: Connection) -> bool:
    """The next word is not the group's: a worker rings and writes down what it says."""
    return connection.asked_by == AskedBy.PHONE and connection.status in (S.ASKED, S.DETAILS_SENT)


def _connection_sentence(connection: Connection, status: ConnectionStatus) -> str:
    if is_to_be_rung(connection):
        return _("To be rung since %(day)s. Write down what they say.")
    if status == S.WITHDRAWN and not connection.status_reason:
        return _("Ended on %(day)s.")
    if status == S.ACCEPTED and getattr(connection, "times_not", False):
        return _("They can come; they did not come the last time.")
    return {
        S.TOLD: _("They were told about it on %(day)s and go by themselves."),
        S.ASKED: _("Asked on %(asked)s whether they take people. No answer yet."),
        S.DETAILS_SENT: _("They know who would like to come, since %(day)s. No answer yet."),
        S.WAITING_LIST: _waiting_list(connection),
        S.ACCEPTED: _("They said on %(day)s that they can come."),
        S.ATTENDED: _attended(connection),
        S.FINISHED: _("It came to a good end on %(day)s."),
        S.STOPPED: _("Ended on %(day)s: %(reason)s."),
        S.DECLINED: _("They said no on %(day)s: %(reason)s."),
        S.FULL: _("Full until %(until)s.")
        if connection.full_until
        else _("They said on %(day)s that they are full."),
        S.RETURNED: _("Nobody answered, so it came back to you on %(day)s."),
        S.WITHDRAWN: _("Taken back on %(day)s: %(reason)s."),
        S.ENTERED_IN_ERROR: _("Recorded by mistake. It is kept and counts nowhere."),
    }[status]


def _attended(connection: Connection) -> str:
    times = getattr(connection, "times_came", 0)
    return ngettext("They have been once.", "They have been %(times)s times.", times or 1)


def _waiting_list(connection: Connection) -> str:
    if not connection.waiting_weeks:
        return _("On the waiting list since %(day)s.")
    return ngettext(
        "On the waiting list since %(day)s, about %(weeks)s week.",
        "On the waiting list since %(day)s, about %(weeks)s weeks.",
        connection.waiting_weeks,
    )


MESSAGE_TONES = {
    State.QUEUED: "waiting",
    State.SENDING: "waiting",
    State.SENT: "good",
    State.DELIVERED: "good",
    State.FAILED: "stopped",
}


def message_standing(state: str) -> tuple[str, str]:
    """The word and tone of a message's state."""
    known = State(state)
    return words.capitalize_first(str(known.label)), MESSAGE_TONES[known]
