"""What may be part of what. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fingerpost.web.tenancy.enums import OrganisationKind as K

_LARGER = frozenset({K.NETWORK, K.PLACE, K.SYSTEM})

MAY_BE_PART_OF: Mapping[K, frozenset[K]] = MappingProxyType(
    {
        K.PRACTICE: _LARGER,
        K.SCHEME: _LARGER | {K.EMPLOYER},
        K.NETWORK: frozenset({K.PLACE, K.SYSTEM}),
        K.PLACE: frozenset({K.SYSTEM}),
        K.SYSTEM: frozenset(),
        K.EMPLOYER: _LARGER,
        K.PROVIDER: _LARGER | {K.EMPLOYER},
    }
)


def kinds_above(kind: K) -> list[K]:
    """What an organisation of a kind may be part of."""
    return [each for each in K if each in MAY_BE_PART_OF[kind]]


def kinds_below(kind: K) -> list[K]:
    """What may be part of an organisation of a kind."""
    return [each for each in K if kind in MAY_BE_PART_OF[each]]


# Whatever works with people is seen by nobody any more when it closes: it has to say who goes on.
NEEDS_SUCCESSOR = frozenset({K.SCHEME})
