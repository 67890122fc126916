"""Which status of a connection may follow which: by a provider's answer, or by the scheme."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from fingerpost.codes.pathway import EventKind
from fingerpost.web.connections.enums import ConnectionStatus as S
from fingerpost.web.connections.enums import ReplyKind as R

UNDO_WITHIN = timedelta(minutes=10)

START = (S.TOLD, S.ASKED, S.DETAILS_SENT)

_ABOUT_ROOM: Mapping[R, S] = {R.WAITING_LIST: S.WAITING_LIST, R.FULL: S.FULL, R.DECLINES: S.DECLINED}
_WELCOME: Mapping[R, S] = {R.TAKES_PEOPLE: S.DETAILS_SENT, R.ACCEPTS: S.ACCEPTED}

# What each answer of a provider leads to. Silence, a full group and a waiting list leave the door open: a
# late "yes" is better than none. A person who stopped may come again.
REPLIES: Mapping[S, Mapping[R, S]] = {
    S.TOLD: {R.CAME: S.ATTENDED, R.DID_NOT_COME: S.TOLD, R.STOPPED: S.STOPPED},
    S.ASKED: {R.TAKES_PEOPLE: S.DETAILS_SENT, **_ABOUT_ROOM},
    S.DETAILS_SENT: {R.ACCEPTS: S.ACCEPTED, **_ABOUT_ROOM},
    S.WAITING_LIST: {**_WELCOME, R.FULL: S.FULL, R.DECLINES: S.DECLINED},
    S.FULL: {**_WELCOME, R.WAITING_LIST: S.WAITING_LIST, R.DECLINES: S.DECLINED},
    S.RETURNED: {**_WELCOME, **_ABOUT_ROOM},
    S.ACCEPTED: {
        R.CAME: S.ATTENDED,
        R.DID_NOT_COME: S.ACCEPTED,
        R.STOPPED: S.STOPPED,
        R.DECLINES: S.DECLINED,
    },
    S.ATTENDED: {
        R.CAME: S.ATTENDED,
        R.DID_NOT_COME: S.ATTENDED,
        R.FINISHED: S.FINISHED,
        R.STOPPED: S.STOPPED,
    },
    S.STOPPED: {R.CAME: S.ATTENDED},
    S.FINISHED: {},
    S.DECLINED: {},
    S.WITHDRAWN: {},
    S.ENTERED_IN_ERROR: {},
}

# What the scheme does without the provider.
_BY_SCHEME: Mapping[S, frozenset[S]] = {
    S.TOLD: frozenset({S.FINISHED, S.WITHDRAWN}),
    S.ASKED: frozenset({S.RETURNED, S.WITHDRAWN}),
    S.DETAILS_SENT: frozenset({S.RETURNED, S.WITHDRAWN}),
    S.WAITING_LIST: frozenset({S.WITHDRAWN}),
    S.FULL: frozenset({S.WITHDRAWN}),
    S.RETURNED: frozenset({S.WITHDRAWN}),
    S.ACCEPTED: frozenset({S.FINISHED, S.WITHDRAWN}),
    S.ATTENDED: frozenset({S.FINISHED, S.STOPPED, S.WITHDRAWN}),
}

TRANSITIONS: Mapping[S, frozenset[S]] = {
    status: frozenset(replies.values())
    | _BY_SCHEME.get(status, frozenset())
    | (frozenset() if status is S.ENTERED_IN_ERROR else frozenset({S.ENTERED_IN_ERROR}))
    for status, replies in REPLIES.items()
}

# Whose move it is while a connection stands so.
OWNERS: Mapping[S, str] = {
    S.TOLD: "person",
    S.ASKED: "provider",
    S.DETAILS_SENT: "provider",
    S.WAITING_LIST: "provider",
    S.ACCEPTED: "person",
    S.ATTENDED: "provider",
    S.FULL: "link worker",
    S.RETURNED: "link worker",
    S.DECLINED: "link worker",
    S.STOPPED: "link worker",
    S.FINISHED: "nobody",
    S.WITHDRAWN: "nobody",
    S.ENTERED_IN_ERROR: "nobody",
}

ENDS = frozenset({S.FINISHED, S.STOPPED, S.DECLINED, S.WITHDRAWN, S.ENTERED_IN_ERROR})
AWAITING_ANSWER = frozenset({S.ASKED, S.DETAILS_SENT})
# News that the worker has to act on: the person is waiting to be told, or another group has to be found.
BACK_WITH_WORKER = frozenset({S.ACCEPTED, S.RETURNED, S.FULL, S.DECLINED, S.STOPPED})

# While a connection stands so, the holder of its link may read what the person agreed to share. The wall of
# that table repeats this list in SQL; a test keeps the two the same.
DETAILS_SHOWN = frozenset({S.DETAILS_SENT, S.WAITING_LIST, S.ACCEPTED, S.ATTENDED})

# The step a journey had reached through this connection, for the dated loss that may follow.
STEP_REACHED: Mapping[S, EventKind] = {
    S.ASKED: EventKind.CONNECTED,
    S.DETAILS_SENT: EventKind.CONNECTED,
    S.WAITING_LIST: EventKind.CONNECTED,
    S.FULL: EventKind.CONNECTED,
    S.RETURNED: EventKind.CONNECTED,
    S.ACCEPTED: EventKind.PROVIDER_ACCEPTED,
    S.ATTENDED: EventKind.FIRST_ATTENDED,
}


def replies_from(status: S, *, details_seen: bool) -> Mapping[R, S]:
    """What a provider may answer now. Nobody accepts a person unread, nor is told twice."""
    unfit = R.TAKES_PEOPLE if details_seen else R.ACCEPTS
    return {reply: to for reply, to in REPLIES[status].items() if reply is not unfit}
