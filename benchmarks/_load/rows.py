"""Finds, for each role, real rows for the arguments of its pages: the fullest ones, as that role would see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from uuid import UUID

from django.db import connection

from fingerpost.web.foundation import links
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope

# The open case with most to show: contacts, then connections.
_CASE = """
    SELECT c.{column} FROM casework_case c
    WHERE c.status = '{status}' AND (c.worker_id = %(user)s OR %(role)s <> 'link_worker')
      AND EXISTS (SELECT 1 FROM connections_connection k WHERE k.case_id = c.id)
      AND EXISTS (SELECT 1 FROM measures_occasion o WHERE o.case_id = c.id)
    ORDER BY (SELECT count(*) FROM casework_contact t WHERE t.case_id = c.id) DESC,
             (SELECT count(*) FROM connections_connection k WHERE k.case_id = c.id) DESC, c.id LIMIT 1"""
_OF_CASE = (
    "SELECT x.id FROM {table} x WHERE x.case_id = (" + _CASE.format(column="id", status="open") + ") {more}"
)
_LIVE = "l.revoked_at IS NULL AND l.expires_at > now()"

FINDERS: Mapping[str, str] = {
    "person_id": _CASE.format(column="person_id", status="open"),
    "case_id": _CASE.format(column="id", status="open"),
    "closed_case": _CASE.format(column="id", status="closed"),
    "occasion_id": _OF_CASE.format(table="measures_occasion", more="ORDER BY x.id DESC LIMIT 1"),
    "contact_id": _OF_CASE.format(table="casework_contact", more="ORDER BY x.id DESC LIMIT 1"),
    "connection_id": """
        SELECT k.id FROM connections_connection k JOIN casework_case c ON c.id = k.case_id
        WHERE c.status = 'open' AND (c.worker_id = %(user)s OR %(role)s <> 'link_worker')
          AND k.status IN ('asked', 'details_sent', 'waiting_list', 'accepted', 'attended')
        ORDER BY (SELECT count(*) FROM casework_contact t WHERE t.case_id = c.id) DESC, k.id LIMIT 1""",
    "free_listing": """
        SELECT l.id FROM directory_listing l WHERE l.status = 'active' AND l.closed_at IS NULL AND l.email <> ''
          AND NOT EXISTS (SELECT 1 FROM connections_connection k WHERE k.listing_id = l.id
                          AND k.case_id = ("""
    + _CASE.format(column="id", status="open")
    + """))
        ORDER BY length(l.description) DESC, l.id LIMIT 1""",
    "listing_id": """
        SELECT id FROM directory_listing WHERE status = 'active' ORDER BY length(description) DESC, id LIMIT 1""",
    "listing_at_place": """
        SELECT al.id FROM directory_listingatlocation al JOIN directory_listing l ON l.id = al.listing_id
        JOIN directory_location o ON o.id = al.location_id
        WHERE l.status = 'active' AND NOT o.is_confidential AND o.gone_at IS NULL ORDER BY al.id LIMIT 1""",
    "known_person": "SELECT person_id FROM feedback_letter ORDER BY id DESC LIMIT 1",
    "referral_id": "SELECT id FROM referrals_referral ORDER BY id DESC LIMIT 1",
    "waiting_referral": "SELECT id FROM referrals_referral WHERE status = 'received' ORDER BY id LIMIT 1",
    "closed_referral": """
        SELECT r.id FROM referrals_referral r JOIN feedback_letter l ON l.referral_id = r.id
        ORDER BY r.id DESC LIMIT 1""",
    "letter_id": "SELECT id FROM feedback_letter WHERE pdf IS NOT NULL ORDER BY id DESC LIMIT 1",
    "message_id": "SELECT id FROM messaging_message ORDER BY length(text) DESC, id LIMIT 1",
    "directory_import": "SELECT id FROM directory_sourceimport ORDER BY id DESC LIMIT 1",
    "postcode_import": "SELECT id FROM geography_postcodeimport ORDER BY id DESC LIMIT 1",
    "organisation_id": "SELECT id FROM tenancy_organisation WHERE kind = 'scheme' ORDER BY id LIMIT 1",
    "token_asked": f"""
        SELECT l.id FROM foundation_signedlink l JOIN connections_connection c ON c.id = l.subject_id
        WHERE {_LIVE} AND c.status IN ('asked', 'details_sent', 'waiting_list') ORDER BY l.id DESC LIMIT 1""",
    "token_answered": f"""
        SELECT l.id FROM foundation_signedlink l JOIN connections_connection c ON c.id = l.subject_id
        WHERE {_LIVE} AND c.status IN ('accepted', 'attended')
          AND EXISTS (SELECT 1 FROM connections_providerreply r WHERE r.connection_id = c.id AND r.undone_at IS NULL)
        ORDER BY l.id DESC LIMIT 1""",
}
# Any will do: these pages say the same whatever they are given.
CONSTANTS = {"uidb36": "1", "link_key": "2-3", "lay_key": "skint", "map_page": "1", "answer": "declines"}


def finder(actor: Actor) -> Callable[[str], str | UUID | None]:
    """Looks up an argument by name; None when the seeded town has no such row for this actor."""

    @cache
    def find(name: str) -> str | UUID | None:
        if name in CONSTANTS:
            return CONSTANTS[name]
        with scope(actor), connection.cursor() as cursor:
            cursor.execute(FINDERS[name], {"user": actor.user_id, "role": actor.role})
            row = cursor.fetchone()
        if row is None:
            return None
        return links.token_for_id(row[0]) if name.startswith("token_") else row[0]

    return find
