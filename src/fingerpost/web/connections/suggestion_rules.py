"""The rules by which listings are suggested: what each looks at, what it says, and what it weighs. Pure.

A rule gives a listing between nothing and its whole weight, and a sentence when it gives something. The sum orders;
equal sums stand nearest first, then by name. Nothing else plays a part.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fingerpost.codes.needs import need
from fingerpost.web.connections.enums import ConnectionStatus
from fingerpost.web.directory.api import CapacityState, SearchHit

if TYPE_CHECKING:
    from fingerpost.web.connections.models import Connection

HEAVIEST = 10
_NEAR_KM = 3.2  # two miles: the whole weight
_FAR_KM = 16.1  # ten miles: nothing


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What is known of the person that may lead to a listing."""

    needs: tuple[str, ...] = ()
    goal_hits: Mapping[UUID, str] = field(
        default_factory=dict
    )  # listing -> the goal in whose words it was found
    worries_about_money: bool = False
    tried: Mapping[UUID, Connection] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Given:
    """How much of its weight a rule gives, -1 to 1, and why; empty words for nothing worth saying."""

    share: float
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`about` is what a steward reads. `weight` is what it came with; 0 switches a rule off."""

    key: str
    about: Promise
    weight: int
    give: Callable[[SearchHit, Wishes], Given]


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """One listing with its points and every reason that added or took some, the weightiest first."""

    hit: SearchHit
    points: float
    reasons: tuple[str, ...]
    against: tuple[str, ...]


NOTHING = Given(0)
_FINISHED = ConnectionStatus.FINISHED


def _needs(hit: SearchHit, wishes: Wishes) -> Given:
    shared = [one for one in wishes.needs if one in hit.listing.needs]
    if not shared:
        return NOTHING
    labels = ", ".join(_(need(one).label) for one in shared)
    return Given(
        len(shared) / len(wishes.needs), _("It helps with what they need: %(needs)s.") % {"needs": labels}
    )


def _goals(hit: SearchHit, wishes: Wishes) -> Given:
    goal = wishes.goal_hits.get(hit.listing.id)
    return Given(1, _("It goes with what they want: “%(goal)s”.") % {"goal": goal}) if goal else NOTHING


def _near(hit: SearchHit, wishes: Wishes) -> Given:
    if hit.distance_state == "no_travel":
        return Given(0.5, _("They need not travel for it."))
    if hit.distance_km is None or hit.distance_km >= _FAR_KM:
        return NOTHING
    share = min(1.0, (_FAR_KM - hit.distance_km) / (_FAR_KM - _NEAR_KM))
    return Given(share, _("It is near: %(far)s.") % {"far": hit.distance_words})


def _language(hit: SearchHit, wishes: Wishes) -> Given:
    return Given(1, _("Their language is spoken there.")) if hit.speaks_theirs else NOTHING


def _step_free(hit: SearchHit, wishes: Wishes) -> Given:
    return Given(1, _("They can get in: it says that it is step-free.")) if hit.is_step_free else NOTHING


def _free(hit: SearchHit, wishes: Wishes) -> Given:
    if not wishes.worries_about_money or hit.listing.cost_pence != 0:
        return NOTHING
    return Given(1, _("It is free, and money is short."))


def _room(hit: SearchHit, wishes: Wishes) -> Given:
    state = hit.capacity.state
    if state is CapacityState.TAKING:
        return Given(1, _("It takes people now."))
    return Given(-1, f"{hit.capacity.words}.") if state is CapacityState.FULL else NOTHING


def _fits(hit: SearchHit, wishes: Wishes) -> Given:
    return Given(-1, " ".join(hit.might_not_fit)) if hit.might_not_fit else NOTHING


def _doubts(hit: SearchHit, wishes: Wishes) -> Given:
    return Given(-1, " ".join(hit.doubts)) if hit.doubts else NOTHING


def _tried(hit: SearchHit, wishes: Wishes) -> Given:
    before = wishes.tried.get(hit.listing.id)
    if before is None or before.status == _FINISHED:
        return NOTHING
    return Given(-1, _("They tried it before: %(how)s.") % {"how": before.get_status_display()})


def _liked(hit: SearchHit, wishes: Wishes) -> Given:
    before = wishes.tried.get(hit.listing.id)
    if before is None or before.status != _FINISHED:
        return NOTHING
    return Given(1, _("They went to the end of it before."))


RULES = (
    Rule(
        key="needs",
        weight=8,
        give=_needs,
        about=gettext_lazy("It helps with the needs on the referral."),
    ),
    Rule(
        key="goals",
        weight=5,
        give=_goals,
        about=gettext_lazy("It is found by the words of what matters to them, or of a goal."),
    ),
    Rule(
        key="near",
        weight=4,
        give=_near,
        about=gettext_lazy("It is near their home: all of it within 2 miles, nothing from 10."),
    ),
    Rule(
        key="language",
        weight=3,
        give=_language,
        about=gettext_lazy("Their own language is spoken there, where that is not English."),
    ),
    Rule(
        key="step_free",
        weight=3,
        give=_step_free,
        about=gettext_lazy("It is step-free, where steps are in their way."),
    ),
    Rule(
        key="free",
        weight=2,
        give=_free,
        about=gettext_lazy("It is free, where money or food is a need."),
    ),
    Rule(
        key="room",
        weight=3,
        give=_room,
        about=gettext_lazy("It takes people now. Taken away if it is full."),
    ),
    Rule(
        key="liked",
        weight=2,
        give=_liked,
        about=gettext_lazy("They went to it before and finished."),
    ),
    Rule(
        key="tried",
        weight=6,
        give=_tried,
        about=gettext_lazy("Taken away if it was tried before."),
    ),
    Rule(
        key="fits",
        weight=4,
        give=_fits,
        about=gettext_lazy("Taken away if something might not fit them: age, area, language, steps."),
    ),
    Rule(
        key="doubts",
        weight=4,
        give=_doubts,
        about=gettext_lazy("Taken away if somebody has reported something wrong with it."),
    ),
)


def suggested(
    hits: Sequence[SearchHit], wishes: Wishes, weights: Mapping[str, int], *, but: Collection[UUID], most: int
) -> list[Suggestion]:
    """The best, each with its reasons; only what some need or goal led to, and nothing of `but`."""
    scored = [
        _scored(hit, wishes, weights)
        for hit in hits
        if hit.listing.id not in but
        and (hit.listing.id in wishes.goal_hits or set(hit.listing.needs) & set(wishes.needs))
    ]
    good = [one for one in scored if one.points > 0]
    return sorted(good, key=_order)[:most]


def _scored(hit: SearchHit, wishes: Wishes, weights: Mapping[str, int]) -> Suggestion:
    given = [(weights.get(rule.key, rule.weight), rule.give(hit, wishes)) for rule in RULES]
    told = sorted(
        ((weight * one.share, one.words) for weight, one in given if weight and one.words),
        key=lambda pair: -abs(pair[0]),
    )
    return Suggestion(
        hit=hit,
        points=round(sum(points for points, _words in told), 6),
        reasons=tuple(words for points, words in told if points > 0),
        against=tuple(words for points, words in told if points < 0),
    )


def _order(one: Suggestion) -> tuple[float, float, str, str]:
    km = one.hit.distance_km
    return -one.points, km if km is not None else 1e9, one.hit.listing.name, str(one.hit.listing.id)
