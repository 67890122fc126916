"""The pathway as one vocabulary for both halves: what may happen on a journey, and how it may be lost.

A pathway event has one `EventKind`. Most kinds are `STEPS`, in the order in which a journey meets them; a
journey need not meet every one. `lost` is the dated loss at an arrow: it carries `after`, the step last
reached, and a loss reason. A loss need not end the journey: a reason that `pauses` (a waiting list, a full
group) leaves it open, and a connection that is lost may be followed by another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fingerpost.kernel.errors import NotFound
from fingerpost.kernel.words import N_, Phrase

__all__ = [
    "BESIDE",
    "COMPLETION_REASONS",
    "LOSS_REASONS",
    "STEPS",
    "CompletionReason",
    "EventKind",
    "LossReason",
    "Owner",
    "completion_reason",
    "loss_reason",
    "reasons_after",
    "step_number",
]


class EventKind(StrEnum):
    """Every kind of pathway event. The value is what is stored and what leaves in an extract."""

    OFFERED = "offered"
    PERSON_AGREED = "person_agreed"
    REFERRED = "referred"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    CONTACT_ATTEMPTED = "contact_attempted"
    CONTACTED = "contacted"
    ASSESSED = "assessed"
    PLAN_AGREED = "plan_agreed"
    CONNECTED = "connected"
    PROVIDER_ACCEPTED = "provider_accepted"
    FIRST_ATTENDED = "first_attended"
    SUSTAINED = "sustained"
    CLOSED = "closed"
    REFERRER_TOLD = "referrer_told"
    LOST = "lost"
    SIGNPOSTED = "signposted"
    CARE_NAVIGATED = "care_navigated"
    HANDED_OVER_FOR_SAFETY = "handed_over_for_safety"
    GAP_RECORDED = "gap_recorded"
    ENTERED_IN_ERROR = "entered_in_error"


BESIDE: tuple[EventKind, ...] = (
    EventKind.SIGNPOSTED,
    EventKind.CARE_NAVIGATED,
    EventKind.HANDED_OVER_FOR_SAFETY,
    EventKind.GAP_RECORDED,
    EventKind.ENTERED_IN_ERROR,
)
"""Kinds that happen beside the path and are no step of it."""

STEPS: tuple[EventKind, ...] = tuple(
    kind for kind in EventKind if kind is not EventKind.LOST and kind not in BESIDE
)
"""The steps of the path, first to last."""

_PLACES = {kind: place for place, kind in enumerate(STEPS)}


def step_number(kind: EventKind) -> int:
    """The place of a step on the path, from 0; `NotFound` for a kind that is no step."""
    if kind not in _PLACES:
        raise NotFound(Phrase(N_("{kind} is not a step of the pathway."), kind=str(kind)))
    return _PLACES[kind]


class Owner(StrEnum):
    """Whose a loss is: who said no, or where it lay."""

    PERSON = "person"
    REFERRER = "referrer"
    SCHEME = "scheme"
    PROVIDER = "provider"
    LIFE = "life"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class LossReason:
    """One reason for a loss. `label` is plain English marked for translation.

    `after`: the steps after which it is offered, in order. `pauses`: the way on is still open.
    `is_sensitive`: a provider or the public never sees this reason.
    """

    code: str
    label: str
    owner: Owner
    after: tuple[EventKind, ...]
    pauses: bool = False
    is_sensitive: bool = False
    deprecated_from: date | None = None

    def is_offered(self, on: date) -> bool:
        """Whether a form of this day still offers it; it stays readable for ever."""
        return self.deprecated_from is None or on < self.deprecated_from


def _span(first: EventKind, last: EventKind) -> tuple[EventKind, ...]:
    return STEPS[_PLACES[first] : _PLACES[last] + 1]


_ANY = _span(EventKind.OFFERED, EventKind.SUSTAINED)
_BEFORE_ANSWER = _span(EventKind.OFFERED, EventKind.OFFERED)
_BEFORE_ACCEPTED = _span(EventKind.PERSON_AGREED, EventKind.RECEIVED)
_SENT = _span(EventKind.PERSON_AGREED, EventKind.SUSTAINED)
_BEFORE_CONTACT = _span(EventKind.ACCEPTED, EventKind.CONTACT_ATTEMPTED)
_WITH_SCHEME = _span(EventKind.ACCEPTED, EventKind.SUSTAINED)
_ASKED = (EventKind.CONNECTED,)
_INVITED = (EventKind.PROVIDER_ACCEPTED,)
_WITH_PROVIDER = _span(EventKind.CONNECTED, EventKind.SUSTAINED)
_CAME = _span(EventKind.FIRST_ATTENDED, EventKind.SUSTAINED)

LOSS_REASONS: tuple[LossReason, ...] = (
    # The person's own answer.
    LossReason("person_said_no", N_("The person said no"), Owner.PERSON, _ANY),
    LossReason(
        "person_not_now", N_("Not now: the person may want it later"), Owner.PERSON, _ANY, pauses=True
    ),
    LossReason("need_met_elsewhere", N_("The person found help another way"), Owner.PERSON, _SENT),
    LossReason("changed_mind", N_("The person changed their mind"), Owner.PERSON, _SENT),
    LossReason("consent_withdrawn", N_("The person took back their agreement to share"), Owner.PERSON, _SENT),
    LossReason("work_or_caring", N_("Work or caring left no time"), Owner.PERSON, _SENT),
    LossReason("did_not_come", N_("The person did not come"), Owner.PERSON, _INVITED),
    LossReason("stopped_coming", N_("The person stopped coming"), Owner.PERSON, _CAME),
    LossReason("did_not_suit", N_("It did not suit the person"), Owner.PERSON, _CAME),
    # The scheme's.
    LossReason("not_reached", N_("The person could not be reached"), Owner.SCHEME, _WITH_SCHEME),
    LossReason("lost_touch", N_("The person and the link worker lost touch"), Owner.SCHEME, _WITH_SCHEME),
    LossReason("scheme_not_suitable", N_("Not what this scheme is for"), Owner.SCHEME, _BEFORE_ACCEPTED),
    LossReason("scheme_not_eligible", N_("Outside who this scheme can see"), Owner.SCHEME, _BEFORE_ACCEPTED),
    LossReason("scheme_out_of_area", N_("Outside the scheme's area"), Owner.SCHEME, _BEFORE_ACCEPTED),
    LossReason("scheme_full", N_("The scheme is full"), Owner.SCHEME, _BEFORE_ACCEPTED, pauses=True),
    LossReason("scheme_waiting", N_("Waiting for a link worker"), Owner.SCHEME, _BEFORE_CONTACT, pauses=True),
    LossReason("waited_too_long", N_("The wait was too long"), Owner.SCHEME, _WITH_SCHEME),
    LossReason("redirected", N_("Passed to a scheme that fits better"), Owner.SCHEME, _BEFORE_ACCEPTED),
    LossReason(
        "needs_clinical_help",
        N_("Needs health or care services first"),
        Owner.SCHEME,
        _SENT,
        is_sensitive=True,
    ),
    # The provider's voice.
    LossReason("provider_not_suitable", N_("The group is not right for this person"), Owner.PROVIDER, _ASKED),
    LossReason("provider_not_eligible", N_("Outside who the group can take"), Owner.PROVIDER, _ASKED),
    LossReason("provider_full", N_("The group is full"), Owner.PROVIDER, _ASKED, pauses=True),
    LossReason(
        "provider_waiting_list", N_("On the group's waiting list"), Owner.PROVIDER, _ASKED, pauses=True
    ),
    LossReason("provider_too_complex", N_("More support needed than the group has"), Owner.PROVIDER, _ASKED),
    LossReason("provider_no_answer", N_("The group did not answer"), Owner.PROVIDER, _ASKED),
    LossReason("provider_closed", N_("The group has closed or paused"), Owner.PROVIDER, _WITH_PROVIDER),
    LossReason("provider_cancelled", N_("The group did not take place"), Owner.PROVIDER, _WITH_PROVIDER),
    LossReason("nothing_nearby", N_("Nothing nearby could meet the need"), Owner.PROVIDER, _WITH_SCHEME),
    LossReason("could_not_get_there", N_("No way to get there"), Owner.PROVIDER, _WITH_PROVIDER),
    LossReason("could_not_afford", N_("It cost too much"), Owner.PROVIDER, _WITH_PROVIDER),
    # The referrer's.
    LossReason("referrer_withdrew", N_("The referrer took it back"), Owner.REFERRER, _SENT),
    LossReason("referrer_not_enough", N_("Not enough was said to act on"), Owner.REFERRER, _BEFORE_ACCEPTED),
    # Life.
    LossReason("moved_away", N_("The person moved away"), Owner.LIFE, _ANY),
    LossReason("unwell", N_("The person was too unwell"), Owner.LIFE, _ANY, is_sensitive=True),
    LossReason("died", N_("The person died"), Owner.LIFE, _ANY, is_sensitive=True),
    # The record itself.
    LossReason("wrong_person", N_("Recorded for the wrong person"), Owner.RECORD, _ANY),
    LossReason("duplicate", N_("The same referral twice"), Owner.RECORD, _ANY),
)

_LOSS_REASONS = {reason.code: reason for reason in LOSS_REASONS}


def loss_reason(code: str) -> LossReason:
    """The reason with this code, whether or not it is still offered."""
    if code not in _LOSS_REASONS:
        raise NotFound(Phrase(N_("No loss reason has the code {code}."), code=code))
    return _LOSS_REASONS[code]


def reasons_after(
    step: EventKind, *, on: date, owners: Iterable[Owner] = tuple(Owner)
) -> tuple[LossReason, ...]:
    """The reasons to offer when a journey is lost after `step`, in list order, none deprecated by `on`."""
    step_number(step)
    wanted = frozenset(owners)
    return tuple(
        reason
        for reason in LOSS_REASONS
        if step in reason.after and reason.owner in wanted and reason.is_offered(on)
    )


@dataclass(frozen=True, slots=True)
class CompletionReason:
    """Why a case closed when nothing was lost. A case that closes on a loss carries a loss reason instead."""

    code: str
    label: str
    deprecated_from: date | None = None


COMPLETION_REASONS: tuple[CompletionReason, ...] = (
    CompletionReason("plan_finished", N_("The plan is finished")),
    CompletionReason("goals_met", N_("The person reached what mattered to them")),
    CompletionReason("carries_on_alone", N_("The person carries on without us")),
    CompletionReason("settled_in_group", N_("The person is settled in a group or activity")),
    CompletionReason("advice_given", N_("Advice was all that was needed")),
)

_COMPLETION_REASONS = {reason.code: reason for reason in COMPLETION_REASONS}


def completion_reason(code: str) -> CompletionReason:
    """The completion reason with this code, whether or not it is still offered."""
    if code not in _COMPLETION_REASONS:
        raise NotFound(Phrase(N_("No completion reason has the code {code}."), code=code))
    return _COMPLETION_REASONS[code]
