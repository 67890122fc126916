"""What has happened on a journey, event by event, as a practice would tell it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from fingerpost.codes.pathway import EventKind, completion_reason, loss_reason
from fingerpost.kernel.errors import NotFound
from fingerpost.web.pages.timeline import Entry
from fingerpost.web.pages.words import as_words
from fingerpost.web.pathway import api as pathway
from fingerpost.web.pathway.api import PathwayEvent
from fingerpost.web.tenancy import api as tenancy

# Received says what referred has said; a mistake is left out with what it corrects.
_UNSAID = {EventKind.OFFERED, EventKind.RECEIVED, EventKind.ENTERED_IN_ERROR}


def story_of(events: Sequence[PathwayEvent], *, name: str) -> list[Entry]:
    """Entries of the timeline; mistakes left out. `name` is what the person is called."""
    told = [event for event in pathway.standing(events) if event.kind not in _UNSAID]
    actors = tenancy.user_names(_accounts(told))
    return [_entry(event, name, {str(key): who for key, who in actors.items()}) for event in told]


def has_ended(events: Iterable[PathwayEvent]) -> bool:
    return any(event.kind == EventKind.CLOSED for event in pathway.standing(events))


def _accounts(events: Iterable[PathwayEvent]) -> list[UUID]:
    return [
        UUID(event.actor_id.removeprefix("user:")) for event in events if event.actor_id.startswith("user:")
    ]


def _entry(event: PathwayEvent, name: str, actors: dict[str, str]) -> Entry:
    kind = EventKind(event.kind)
    said = _words(kind) % {"name": name, "reason": _reason(event.reason) if event.reason else ""}
    return Entry(
        at=event.occurred_at, what=said, who=actors.get(event.actor_id.removeprefix("user:"), ""), kind=kind
    )


def _words(kind: EventKind) -> str:
    return {
        EventKind.PERSON_AGREED: _("%(name)s agreed to be referred."),
        EventKind.REFERRED: _("The referral was sent."),
        EventKind.ACCEPTED: _("The scheme took it on."),
        EventKind.CONTACT_ATTEMPTED: _("The link worker tried to reach %(name)s."),
        EventKind.CONTACTED: _("The link worker and %(name)s spoke."),
        EventKind.ASSESSED: _("They talked about how things are."),
        EventKind.PLAN_AGREED: _("They agreed a plan."),
        EventKind.CONNECTED: _("%(name)s was put in touch with a local group."),
        EventKind.PROVIDER_ACCEPTED: _("The group said that %(name)s can come."),
        EventKind.FIRST_ATTENDED: _("%(name)s went along for the first time."),
        EventKind.SUSTAINED: _("%(name)s has kept going."),
        EventKind.CLOSED: _("The work ended: %(reason)s."),
        EventKind.REFERRER_TOLD: _("A letter was written to your practice."),
        EventKind.LOST: _("It stopped here, for now or for good: %(reason)s."),
        EventKind.SIGNPOSTED: _("Somewhere to go was named."),
        EventKind.CARE_NAVIGATED: _("%(name)s was helped to the right place."),
        EventKind.HANDED_OVER_FOR_SAFETY: _("A worry about safety was handed over."),
        EventKind.GAP_RECORDED: _("Nothing nearby could meet a need; it was noted."),
    }[kind]


def _reason(code: str) -> str:
    try:
        label = completion_reason(code).label
    except NotFound:
        label = loss_reason(code).label
    words = as_words(label)
    return words[:1].lower() + words[1:]
