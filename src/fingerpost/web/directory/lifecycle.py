"""Which status may follow which."""

from __future__ import annotations

from collections.abc import Mapping

from fingerpost.web.directory.enums import EmailState, ListingStatus

_L, _E = ListingStatus, EmailState

# Every end can be undone: closing a listing by mistake must not lose it.
LISTING_TRANSITIONS: Mapping[ListingStatus, frozenset[ListingStatus]] = {
    _L.NOT_STATED: frozenset({_L.ACTIVE, _L.TEMPORARILY_CLOSED, _L.INACTIVE, _L.DEFUNCT}),
    _L.ACTIVE: frozenset({_L.TEMPORARILY_CLOSED, _L.INACTIVE, _L.DEFUNCT}),
    _L.TEMPORARILY_CLOSED: frozenset({_L.ACTIVE, _L.INACTIVE, _L.DEFUNCT}),
    _L.INACTIVE: frozenset({_L.ACTIVE, _L.TEMPORARILY_CLOSED, _L.DEFUNCT}),
    _L.DEFUNCT: frozenset({_L.ACTIVE}),
}

CLOSED_STATUSES = frozenset({_L.INACTIVE, _L.DEFUNCT})

# Only whoever an address belongs to can confirm it, or take back a refusal.
EMAIL_TRANSITIONS: Mapping[EmailState, frozenset[EmailState]] = {
    _E.UNCHECKED: frozenset({_E.CHECKED, _E.CONFIRMED, _E.REFUSED}),
    _E.CHECKED: frozenset({_E.CONFIRMED, _E.REFUSED}),
    _E.CONFIRMED: frozenset({_E.REFUSED}),
    _E.REFUSED: frozenset({_E.CONFIRMED}),
}
