"""How far a listing may be relied on, from what is known about it. Pure: facts and rules in, reasons in words out.

The rules are the table `TRUST_RULES`; the reference page is written from it. Room plays no part: nothing that a
provider says about being full is among the facts, so it cannot count.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fingerpost.kernel.london import to_london
from fingerpost.web.directory.enums import EvidenceKind, ListingStatus
from fingerpost.web.directory.lifecycle import CLOSED_STATUSES
from fingerpost.web.directory.trust_enums import HowVerified, TrustReason, TrustState

BEST = 100
CHECKED_FROM, ASK_FIRST_FROM = 80, 50
LOWEST_WEIGHT = 0.25  # a doubtful listing is found late, never hidden: it may be the only one
SILENT_TIMES = 2
SOURCE_LASTS = timedelta(days=365)

# What is learnt by use and bears on trust. Full is about room, and is read nowhere here.
EVIDENCE_THAT_COUNTS = (
    EvidenceKind.BOUNCED,
    EvidenceKind.NOT_RUNNING,
    EvidenceKind.WRONG_DETAILS,
    EvidenceKind.SILENT,
)
# An answer of any kind ends a silence; it proves nothing else.
EVIDENCE_OF_LIFE = (EvidenceKind.ANSWERED, EvidenceKind.DECLINED)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What the area has agreed: how often a listing is checked, and how long after that is still in time."""

    review_months: int = 12
    grace_days: int = 60


@dataclass(frozen=True)
class Learnt:
    """One piece of evidence, as far as trust needs it."""

    kind: EvidenceKind
    at: datetime
    by: str


@dataclass(frozen=True, kw_only=True)
class TrustFacts:
    """What is known about one listing. `verified_*` is somebody's word that it is right, never a mere edit."""

    status: ListingStatus = ListingStatus.ACTIVE
    is_gone: bool = False
    verified_at: datetime | None = None
    verified_how: HowVerified | None = None
    verified_by: str = ""
    source_said_at: datetime | None = None
    learnt: tuple[Learnt, ...] = ()

    def since_verified(self, kind: EvidenceKind) -> list[Learnt]:
        """Evidence of a kind that is newer than the last word that all is right, newest first."""
        found = [one for one in self.learnt if one.kind is kind and self._is_newer(one.at)]
        return sorted(found, key=lambda one: one.at, reverse=True)

    def silences(self) -> list[Learnt]:
        """Silences since they last were heard of."""
        heard = [one.at for one in self.learnt if one.kind in EVIDENCE_OF_LIFE]
        last = max(heard, default=None)
        return [one for one in self.since_verified(EvidenceKind.SILENT) if last is None or one.at > last]

    def review_due_on(self, terms: Terms) -> date | None:
        """When it should be checked again: so long after it was, or after its source last spoke of it."""
        last = self.verified_at or self.source_said_at
        return _months_after(to_london(last).date(), terms.review_months) if last else None

    def _is_newer(self, at: datetime) -> bool:
        return self.verified_at is None or at > self.verified_at


@dataclass(frozen=True)
class Moment:
    """Facts, terms and now: what a rule is asked about."""

    facts: TrustFacts
    terms: Terms
    at: datetime

    @property
    def today(self) -> date:
        return to_london(self.at).date()

    def days_over(self) -> int:
        """Days since the review was due, below 0 when it is not due yet or nobody knows when it is."""
        due = self.facts.review_due_on(self.terms)
        return (self.today - due).days if due else -1


@dataclass(frozen=True, kw_only=True)
class TrustRule:
    """One rule: when it holds, how many points it takes, what it says on the page, and its meaning for the docs."""

    reason: TrustReason
    takes: int
    holds: Callable[[Moment], bool]
    words: Callable[[Moment], str]
    meaning: str | Promise
    ends: bool = False
    """True: the listing is not offered, whatever else is known."""
    asks_owner: bool = False
    """True: when it begins to hold, the owner is asked."""


_DOUBTS = (
    TrustReason.NOT_RUNNING_TWICE,
    TrustReason.NOT_RUNNING,
    TrustReason.BOUNCED,
    TrustReason.WRONG_DETAILS,
)


@dataclass(frozen=True)
class Trust:
    """How far a listing may be relied on, and why, the gravest first."""

    state: TrustState
    points: int
    reasons: tuple[TrustReason, ...]
    sentences: tuple[str, ...]

    @property
    def doubts(self) -> tuple[str, ...]:
        """The sentences about what was learnt that speaks against it."""
        both = zip(self.reasons, self.sentences, strict=True)
        return tuple(words for reason, words in both if reason in _DOUBTS)

    @property
    def weight(self) -> float:
        """What a search multiplies its score by."""
        return round(max(LOWEST_WEIGHT, self.points / BEST), 2)


def trust_of(facts: TrustFacts, *, terms: Terms, at: datetime, in_words: bool = True) -> Trust:
    """Apply every rule. Points never fall below 0. Without `in_words`, for many, nothing is put into sentences."""
    moment = Moment(facts, terms, at)
    holding = sorted((r for r in TRUST_RULES if r.holds(moment)), key=lambda r: (not r.ends, -r.takes))
    points = max(0, BEST - sum(rule.takes for rule in holding))
    return Trust(
        _state(holding, points),
        0 if any(rule.ends for rule in holding) else points,
        tuple(rule.reason for rule in holding),
        tuple(rule.words(moment) for rule in holding) if in_words else (),
    )


def is_drop(was: Iterable[str], now: Iterable[TrustReason]) -> bool:
    """Whether a reason to ask the owner has come that was not there before."""
    before = set(was)
    return any(RULES[reason].asks_owner and reason.value not in before for reason in now)


def _state(holding: Sequence[TrustRule], points: int) -> TrustState:
    if any(rule.ends for rule in holding):
        return TrustState.CLOSED
    if points >= CHECKED_FROM:
        return TrustState.CHECKED
    return TrustState.ASK_FIRST if points >= ASK_FIRST_FROM else TrustState.DOUBTFUL


def _months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    if year > date.max.year:
        return date.max
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _day(value: date | datetime | None) -> str:
    if isinstance(value, datetime):
        value = to_london(value).date()
    return date_format(value, "j F Y") if value else ""


def _reporters(moment: Moment) -> int:
    return len({one.by for one in moment.facts.since_verified(EvidenceKind.NOT_RUNNING)})


def _newest(kind: EvidenceKind, sentence: str | Promise) -> Callable[[Moment], str]:
    def words(moment: Moment) -> str:
        return str(sentence) % {"date": _day(moment.facts.since_verified(kind)[0].at)}

    return words


def _has(kind: EvidenceKind) -> Callable[[Moment], bool]:
    return lambda moment: bool(moment.facts.since_verified(kind))


def _verified_words(moment: Moment) -> str:
    facts, values = moment.facts, {"date": _day(moment.facts.verified_at), "who": moment.facts.verified_by}
    if facts.verified_how is HowVerified.OWNER:
        return _("Its provider said on %(date)s that it is right.") % values
    if facts.verified_by:
        return _("%(who)s checked it on %(date)s.") % values
    return _("It was checked on %(date)s.") % values


def _review_words(moment: Moment) -> str:
    return _("It should have been checked by %(date)s.") % {
        "date": _day(moment.facts.review_due_on(moment.terms))
    }


def _source_is_old(moment: Moment) -> bool:
    """Where nobody verified it, the source is all there is; how long it is silent counts."""
    said = moment.facts.source_said_at
    return moment.facts.verified_at is None and said is not None and moment.at - said > SOURCE_LASTS


TRUST_RULES: tuple[TrustRule, ...] = (
    TrustRule(
        reason=TrustReason.CLOSED,
        takes=BEST,
        ends=True,
        holds=lambda m: m.facts.status in CLOSED_STATUSES,
        words=lambda m: _("It is closed."),
        meaning=gettext_lazy("A person or its source says that it is not running or has ended."),
    ),
    TrustRule(
        reason=TrustReason.GONE,
        takes=BEST,
        ends=True,
        holds=lambda m: m.facts.is_gone,
        words=lambda m: _("Its source no longer names it."),
        meaning=gettext_lazy("The source that it came from was read again and did not name it."),
    ),
    TrustRule(
        reason=TrustReason.NOT_RUNNING_TWICE,
        takes=80,
        asks_owner=True,
        holds=lambda m: _reporters(m) >= 2,
        words=_newest(
            EvidenceKind.NOT_RUNNING,
            gettext_lazy("Two people said, the last on %(date)s, that it is not running any more."),
        ),
        meaning=gettext_lazy(
            "Since it was last verified, two or more different people or providers said that it is not running."
        ),
    ),
    TrustRule(
        reason=TrustReason.NOT_RUNNING,
        takes=60,
        asks_owner=True,
        holds=lambda m: _reporters(m) == 1,
        words=_newest(
            EvidenceKind.NOT_RUNNING,
            gettext_lazy("Somebody said on %(date)s that it is not running any more."),
        ),
        meaning=gettext_lazy("Since it was last verified, one person said that it is not running."),
    ),
    TrustRule(
        reason=TrustReason.BOUNCED,
        takes=30,
        asks_owner=True,
        holds=_has(EvidenceKind.BOUNCED),
        words=_newest(EvidenceKind.BOUNCED, gettext_lazy("A message to it came back on %(date)s.")),
        meaning=gettext_lazy("Since it was last verified, a message to its address was refused."),
    ),
    TrustRule(
        reason=TrustReason.NEVER_VERIFIED,
        takes=30,
        holds=lambda m: m.facts.verified_at is None,
        words=lambda m: _("Nobody who knows has said yet that it is right."),
        meaning=gettext_lazy(
            "Neither its provider nor a steward has said here that it is right. That somebody edited it, or that a "
            "source was read again, is no verification."
        ),
    ),
    TrustRule(
        reason=TrustReason.WRONG_DETAILS,
        takes=25,
        asks_owner=True,
        holds=_has(EvidenceKind.WRONG_DETAILS),
        words=_newest(
            EvidenceKind.WRONG_DETAILS, gettext_lazy("Somebody said on %(date)s that its details are wrong.")
        ),
        meaning=gettext_lazy("Since it was last verified, somebody said that its details are wrong."),
    ),
    TrustRule(
        reason=TrustReason.REVIEW_OVERDUE,
        takes=25,
        asks_owner=True,
        holds=lambda m: m.days_over() > m.terms.grace_days,
        words=_review_words,
        meaning=gettext_lazy("The agreed time between checks has passed, and so have the days of grace."),
    ),
    TrustRule(
        reason=TrustReason.SOURCE_OLD,
        takes=15,
        holds=_source_is_old,
        words=lambda m: (
            _("Its source last spoke of it on %(date)s.") % {"date": _day(m.facts.source_said_at)}
        ),
        meaning=gettext_lazy(
            "Nobody has verified it, and its source has neither changed it nor been read for a year."
        ),
    ),
    TrustRule(
        reason=TrustReason.STATUS_NOT_STATED,
        takes=10,
        holds=lambda m: m.facts.status is ListingStatus.NOT_STATED and m.facts.verified_at is None,
        words=lambda m: _("Its source does not say whether it is running."),
        meaning=gettext_lazy("Its source does not say whether it is running, and nobody has verified it."),
    ),
    TrustRule(
        reason=TrustReason.SILENT,
        takes=10,
        asks_owner=True,
        holds=lambda m: len(m.facts.silences()) >= SILENT_TIMES,
        words=lambda m: _("It has not answered the last times it was asked."),
        meaning=gettext_lazy(
            "Two questions or more in a row stayed without an answer. Any answer, also “full” or a no, ends this."
        ),
    ),
    TrustRule(
        reason=TrustReason.REVIEW_DUE,
        takes=0,
        holds=lambda m: 0 <= m.days_over() <= m.terms.grace_days,
        words=_review_words,
        meaning=gettext_lazy(
            "The agreed time between checks has passed. During the days of grace it costs nothing."
        ),
    ),
    TrustRule(
        reason=TrustReason.VERIFIED,
        takes=0,
        holds=lambda m: m.facts.verified_at is not None,
        words=_verified_words,
        meaning=gettext_lazy("Its provider, through its own link, or a steward said that it is right."),
    ),
)

RULES: Mapping[TrustReason, TrustRule] = MappingProxyType({rule.reason: rule for rule in TRUST_RULES})
