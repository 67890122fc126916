"""Whether what was checked about a listing and its provider is still in date, by the area's agreed rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fingerpost.kernel.london import to_london
from fingerpost.web.directory.enums import AssuranceKind, WithdrawnWhy
from fingerpost.web.directory.models import Assurance, Listing, RiskTaken
from fingerpost.web.directory.selectors.trust import area_rules
from fingerpost.web.directory.trust_enums import AssuranceRule
from fingerpost.web.foundation.actor import Actor


@dataclass(frozen=True)
class AssuranceStanding:
    """What has lapsed: each kind with the day it ended, or None where there never was one and there must be."""

    rule: AssuranceRule
    lapsed: tuple[tuple[AssuranceKind, date | None], ...]

    @property
    def warns(self) -> bool:
        return bool(self.lapsed) and self.rule is not AssuranceRule.NOTHING

    @property
    def blocks(self) -> bool:
        return bool(self.lapsed) and self.rule is AssuranceRule.BLOCK

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(_in_words(kind, ended) for kind, ended in self.lapsed)


def assurances_of(actor: Actor, *, listing_id: UUID) -> QuerySet[Assurance]:
    """What was checked of a listing and of its provider, the newest first."""
    return _all_of(listing_id).filter(withdrawn_at=None).order_by("kind", "-checked_on", "-id")


def withdrawn_assurances_of(actor: Actor, *, listing_id: UUID) -> QuerySet[Assurance]:
    """What was checked once and holds no more, or never did, the newest first."""
    return _all_of(listing_id).exclude(withdrawn_at=None).order_by("-withdrawn_at", "-id")


def _all_of(listing_id: UUID) -> QuerySet[Assurance]:
    provider = Listing.objects.filter(id=listing_id, provider__isnull=False).values("provider_id")
    return Assurance.objects.filter(Q(listing_id=listing_id) | Q(provider_id__in=provider))


def standing_of(actor: Actor, *, listing_id: UUID, on: date) -> AssuranceStanding:
    """By kind, the best there is: in date as long as any is. A kind that nobody asks for counts once it was there.

    What was revoked ended on that day; what was entered by mistake was never there.
    """
    rules = area_rules(actor)
    ends: dict[str, list[date]] = {}
    in_date: set[str] = set()
    for one in _all_of(listing_id).exclude(withdrawn_why=WithdrawnWhy.MISTAKE):
        revoked = to_london(one.withdrawn_at).date() if one.withdrawn_at else None
        if revoked is None and (one.expires_on is None or one.expires_on >= on):
            in_date.add(one.kind)
        else:
            days = [day for day in (revoked, one.expires_on) if day is not None]
            ends.setdefault(one.kind, []).append(min(days))
    lapsed: list[tuple[AssuranceKind, date | None]] = []
    for kind in AssuranceKind:
        if kind in in_date:
            continue
        if kind in ends:
            lapsed.append((kind, max(ends[kind])))
        elif kind in rules.assurance_kinds:
            lapsed.append((kind, None))
    return AssuranceStanding(AssuranceRule(rules.assurance_rule), tuple(lapsed))


def risks_taken(actor: Actor, *, listing_id: UUID) -> QuerySet[RiskTaken]:
    return RiskTaken.objects.filter(listing_id=listing_id).order_by("-taken_at", "-id")


def _in_words(kind: AssuranceKind, ended: date | None) -> str:
    if ended is None:
        return _("%(what)s: none has been seen.") % {"what": _capital(str(kind.label))}
    return _("%(what)s: ended on %(date)s.") % {
        "what": _capital(str(kind.label)),
        "date": date_format(ended, "j F Y"),
    }


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
