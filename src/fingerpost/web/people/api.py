"""The door of people."""

from __future__ import annotations

from fingerpost.web.people.actions import (
    PersonDetails,
    correct_person,
    end_involvements,
    home_of,
    involve,
    involve_if_needed,
    mark_person_entered_in_error,
    record_consent,
    record_death,
    record_person,
    withdraw_consent,
)
from fingerpost.web.people.enums import ConsentPurpose, IdentifierKind, InvolvementKind, Sex, SharedField
from fingerpost.web.people.models import Consent, Identifier, Person
from fingerpost.web.people.policies import can_correct
from fingerpost.web.people.selectors import (
    Known,
    identifiers_of,
    known_in_network,
    live_consents,
    people_by_id,
    person,
    safe_route,
    search,
)
from fingerpost.web.people.traces import Trace, who_saw

__all__ = [
    "Consent",
    "ConsentPurpose",
    "Identifier",
    "IdentifierKind",
    "InvolvementKind",
    "Known",
    "Person",
    "PersonDetails",
    "Sex",
    "SharedField",
    "Trace",
    "can_correct",
    "correct_person",
    "end_involvements",
    "home_of",
    "identifiers_of",
    "involve",
    "involve_if_needed",
    "known_in_network",
    "live_consents",
    "mark_person_entered_in_error",
    "people_by_id",
    "person",
    "record_consent",
    "record_death",
    "record_person",
    "safe_route",
    "search",
    "who_saw",
    "withdraw_consent",
]
