"""Where a referral stands, as a sentence a practice would say aloud. Whole sentences, one per standing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from fingerpost.codes.pathway import EventKind, completion_reason, loss_reason
from fingerpost.kernel.dates import day_in_words
from fingerpost.kernel.errors import NotFound
from fingerpost.kernel.london import to_london
from fingerpost.web.pathway.api import PathwayEvent, standing
from fingerpost.web.referrals.api import Referral, ReferralStatus

_ORDER = (
    EventKind.CLOSED,
    EventKind.SUSTAINED,
    EventKind.FIRST_ATTENDED,
    EventKind.PROVIDER_ACCEPTED,
    EventKind.CONNECTED,
    EventKind.PLAN_AGREED,
    EventKind.ASSESSED,
    EventKind.CONTACTED,
    EventKind.CONTACT_ATTEMPTED,
    EventKind.ACCEPTED,
)


def sentence(
    referral: Referral, events: Sequence[PathwayEvent], *, workers: Mapping[UUID, str], today: datetime
) -> str:
    """One sentence about a referral for the practice that made it. `workers` names accounts by id."""
    if referral.status == ReferralStatus.ENTERED_IN_ERROR:
        return _("Marked as a mistake. It counts nowhere.")
    if referral.status in (ReferralStatus.DECLINED, ReferralStatus.WITHDRAWN, ReferralStatus.REDIRECTED):
        return _ended_early(referral, today)
    latest = {EventKind(e.kind): e for e in standing(events)}
    kind = next((kind for kind in _ORDER if kind in latest), None)
    values = {
        "name": referral.person.called,
        "scheme": referral.scheme.name,
        "day": _day(latest[kind].occurred_at if kind else referral.referred_at, today),
        "worker": _worker(latest.get(kind) if kind else None, workers),
    }
    if kind is EventKind.CLOSED:
        values["reason"] = reason_words(latest[kind].reason)
    return _words(kind) % values


def _words(kind: EventKind | None) -> str:
    return {
        EventKind.CLOSED: _("The work with %(name)s ended on %(day)s: %(reason)s."),
        EventKind.SUSTAINED: _("%(name)s has kept going to a local group or activity."),
        EventKind.FIRST_ATTENDED: _("%(name)s went along for the first time on %(day)s."),
        EventKind.PROVIDER_ACCEPTED: _("A local group said on %(day)s that %(name)s can come."),
        EventKind.CONNECTED: _("%(worker)s put %(name)s in touch with a local group on %(day)s."),
        EventKind.PLAN_AGREED: _("%(worker)s and %(name)s agreed a plan on %(day)s."),
        EventKind.ASSESSED: _("%(worker)s and %(name)s talked about how things are on %(day)s."),
        EventKind.CONTACTED: _("%(worker)s and %(name)s spoke on %(day)s."),
        EventKind.CONTACT_ATTEMPTED: _("%(worker)s tried to reach %(name)s on %(day)s and will try again."),
        EventKind.ACCEPTED: _("%(scheme)s took it on on %(day)s. A link worker will be in touch."),
        None: _("%(scheme)s has it since %(day)s and has not answered yet."),
    }[kind]


def _ended_early(referral: Referral, today: datetime) -> str:
    words = {
        ReferralStatus.DECLINED: _("%(scheme)s did not take it on, on %(day)s: %(reason)s."),
        ReferralStatus.WITHDRAWN: _("Taken back on %(day)s: %(reason)s."),
        ReferralStatus.REDIRECTED: _("%(scheme)s passed it to a scheme that fits better on %(day)s."),
    }[ReferralStatus(referral.status)]
    return words % {
        "scheme": referral.scheme.name,
        "day": _day(referral.status_at, today),
        "reason": reason_words(referral.status_reason),
    }


def _worker(event: PathwayEvent | None, workers: Mapping[UUID, str]) -> str:
    kind, found, ident = event.actor_id.partition(":") if event else ("", "", "")
    if found and kind == "user":
        return workers.get(UUID(ident), _("The link worker"))
    return _("The link worker")


def reason_words(code: str) -> str:
    """A reason for closing or for a loss, as the middle of a sentence."""
    try:
        label = completion_reason(code).label
    except NotFound:
        label = loss_reason(code).label
    words = _(label)
    return words[:1].lower() + words[1:]


def _day(moment: datetime, today: datetime) -> str:
    return day_in_words(to_london(moment).date(), today=to_london(today).date(), translate=_)
