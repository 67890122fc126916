"""The door of connections."""

from __future__ import annotations

from fingerpost.web.connections.actions.answering import (
    provider_accepts,
    provider_came,
    provider_declines,
    provider_did_not_come,
    provider_finished,
    provider_full,
    provider_stopped,
    provider_takes_people,
    provider_waiting_list,
    record_reply,
    undo,
)
from fingerpost.web.connections.actions.chasing import Chased, chase, chase_one
from fingerpost.web.connections.actions.connecting import connect
from fingerpost.web.connections.actions.ending import (
    FINISHED,
    NOTHING_LOST,
    consent_withdrawn,
    end_open_connections,
    mark_entered_in_error,
    mark_seen,
    usual_end,
    withdraw,
)
from fingerpost.web.connections.actions.replies import Reply, decline_reasons
from fingerpost.web.connections.actions.shared_details import details_of
from fingerpost.web.connections.actions.weighing import weigh_rule
from fingerpost.web.connections.enums import AgreedHow, AskedBy, ConnectionKind, ConnectionStatus, ReplyKind
from fingerpost.web.connections.lifecycle import OWNERS, UNDO_WITHIN, replies_from
from fingerpost.web.connections.models import Connection, ProviderReply, SharedDetails
from fingerpost.web.connections.policies import (
    LINK_PURPOSE,
    can_connect,
    can_mark_error,
    can_reply,
    can_steer,
    can_undo,
)
from fingerpost.web.connections.selectors import (
    connection,
    connection_for_link,
    connections_of_case,
    details,
    last_reply,
    live_by_listing,
    open_connections,
    replies_of,
    returned,
    search_for_case,
    suggest,
    suggestion_rules,
    waiting_on_others,
)
from fingerpost.web.connections.suggestion_rules import HEAVIEST, Rule, Suggestion

__all__ = [
    "FINISHED",
    "HEAVIEST",
    "Rule",
    "Suggestion",
    "LINK_PURPOSE",
    "NOTHING_LOST",
    "OWNERS",
    "UNDO_WITHIN",
    "AgreedHow",
    "AskedBy",
    "Chased",
    "Connection",
    "ConnectionKind",
    "ConnectionStatus",
    "ProviderReply",
    "Reply",
    "ReplyKind",
    "SharedDetails",
    "can_connect",
    "can_mark_error",
    "can_reply",
    "can_steer",
    "can_undo",
    "chase",
    "chase_one",
    "connect",
    "connection",
    "connection_for_link",
    "connections_of_case",
    "consent_withdrawn",
    "decline_reasons",
    "details",
    "details_of",
    "end_open_connections",
    "last_reply",
    "live_by_listing",
    "mark_entered_in_error",
    "mark_seen",
    "open_connections",
    "provider_accepts",
    "provider_came",
    "provider_declines",
    "provider_did_not_come",
    "provider_finished",
    "provider_full",
    "provider_stopped",
    "provider_takes_people",
    "provider_waiting_list",
    "record_reply",
    "replies_from",
    "replies_of",
    "returned",
    "search_for_case",
    "suggest",
    "suggestion_rules",
    "weigh_rule",
    "undo",
    "usual_end",
    "waiting_on_others",
    "withdraw",
]
