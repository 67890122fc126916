"""Why a request was turned away at the door, before any page saw what it carries."""

from __future__ import annotations

from enum import StrEnum

REFUSED = "fingerpost.refused"  # the key in the scope of a request


class Refusal(StrEnum):
    TOO_LARGE = "too large"
    TOO_SLOW = "too slow"
    TOO_MANY = "too many at once"
    MALFORMED = "malformed"
