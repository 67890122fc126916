"""The timeline of a case: contacts, connections, questionnaires, plan and steps, mistakes struck through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from fingerpost.codes.pathway import EventKind
from fingerpost.web.casework.api import Contact, Goal, Outcome, Plan
from fingerpost.web.connections.api import Connection
from fingerpost.web.measures.api import Occasion
from fingerpost.web.messaging.api import Message
from fingerpost.web.pages.timeline import Entry
from fingerpost.web.pathway import api as pathway
from fingerpost.web.pathway.api import PathwayEvent
from fingerpost.web.staff.scheme.wording import message_standing, reason_in_words
from fingerpost.web.tenancy import api as tenancy

KINDS = ("contact", "connection", "measure", "plan", "step")
SHORT_NOTE = 160  # a note of this length stands on the timeline; a longer one opens

# Told by the things themselves (a contact, an occasion, a plan), so not by their events again.
_TOLD_ELSEWHERE = {
    EventKind.OFFERED,
    EventKind.RECEIVED,
    EventKind.CONTACT_ATTEMPTED,
    EventKind.CONTACTED,
    EventKind.ASSESSED,
    EventKind.PLAN_AGREED,
    EventKind.ENTERED_IN_ERROR,
}


@dataclass(frozen=True, kw_only=True)
class Story:
    """What a timeline is told from; mistakes included."""

    events: Sequence[PathwayEvent]
    contacts: Sequence[Contact]
    connections: Sequence[Connection]
    occasions: Sequence[Occasion]
    plan: Plan | None
    goals: Sequence[Goal]
    lists: Sequence[Message]
    may_correct: bool
    may_seal: bool


def entries_of(story: Story, *, show: str = "") -> list[Entry]:
    """All entries, or those of one of `KINDS`."""
    told = [
        *_of_contacts(story),
        *_of_occasions(story.occasions),
        *_of_plan(story.plan),
        *_of_goals(story.goals),
        *_of_events(story),
        *_of_lists(story.lists),
    ]
    return [entry for entry in told if show in ("", entry.kind)]


def kind_words() -> dict[str, str]:
    """What can be shown alone, in words."""
    said = (_("Contacts"), _("Connections"), _("Questionnaires"), _("Plan"), _("Steps"))
    return dict(zip(KINDS, said, strict=True))


def _of_contacts(story: Story) -> Iterable[Entry]:
    for one in story.contacts:
        is_short = len(one.note) <= SHORT_NOTE
        said = _contact_words(one)
        what = format_html("{}<br>{}", said, one.note) if one.note and is_short else said
        wrong = one.entered_in_error_at is not None
        yield Entry(
            one.contacted_on,
            struck(what) if wrong else what,
            one.logged_by_name,
            "contact",
            _contact_detail(one, is_short=is_short, offered=_offers(one, story) if not wrong else []),
        )


def _contact_words(contact: Contact) -> str:
    values = {"how": contact.get_mode_display(), "minutes": contact.minutes}
    if contact.outcome == Outcome.REACHED:
        return _("%(how)s: we spoke or met, %(minutes)s minutes.") % values
    return _("%(how)s: tried, not reached.") % values


def _contact_detail(contact: Contact, *, is_short: bool, offered: list[tuple[str, str]]) -> SafeString | str:
    note = "" if is_short else contact.note
    if not offered:
        return note
    links = format_html_join("\n", '<a href="{}">{}</a>', offered)
    return format_html("{}\n{}", note, links) if note else links


def _offers(contact: Contact, story: Story) -> list[tuple[str, str]]:
    found = []
    if story.may_seal:
        found.append((reverse("staff:seal_contact", args=[contact.id]), _("Seal this conversation")))
    if story.may_correct:
        where = reverse("staff:contact_mistake", args=[contact.id])
        found.append((where, _("This contact was entered in error")))
    return found


def _of_occasions(occasions: Iterable[Occasion]) -> Iterable[Entry]:
    for one in occasions:
        what = format_html(
            '{} <a href="{}">{}</a>',
            _("Answered how life feels, %(when)s.") % {"when": one.get_kind_display()},
            reverse("staff:occasion", args=[one.id]),
            _("See the answers"),
        )
        yield Entry(
            one.taken_at, struck(what) if one.entered_in_error_at else what, one.taken_by_name, "measure"
        )


def _of_plan(plan: Plan | None) -> Iterable[Entry]:
    if plan is None:
        return
    if plan.version > 1:
        yield Entry(plan.changed_at, _("The plan was changed."), plan.changed_by_name, "plan")
    yield Entry(plan.agreed_at, _("A plan was agreed."), "", "plan", plan.what_matters)


def _of_goals(goals: Iterable[Goal]) -> Iterable[Entry]:
    for goal in goals:
        yield Entry(goal.set_at, _("Goal: %(words)s") % {"words": goal.words}, "", "plan")
        if goal.status_at != goal.set_at:
            said = _("Goal “%(words)s”: %(status)s") % {
                "words": goal.words,
                "status": goal.get_status_display(),
            }
            yield Entry(goal.status_at, said, "", "plan")


def _of_events(story: Story) -> Iterable[Entry]:
    names = {one.id: one.listing_name for one in story.connections}
    standing = {event.id for event in pathway.standing(story.events)}
    told = [event for event in story.events if EventKind(event.kind) not in _TOLD_ELSEWHERE]
    who = {str(key): name for key, name in tenancy.user_names(_accounts(told)).items()}
    for event in told:
        is_connection = event.subject_id in names
        values = {
            "listing": names.get(event.subject_id) if event.subject_id else "",
            "reason": reason_in_words(event.reason),
        }
        said = (_connection_words(event) if is_connection else _step_words(event)) % values
        yield Entry(
            event.occurred_at,
            said if event.id in standing else struck(said),
            who.get(event.actor_id.removeprefix("user:"), ""),
            "connection" if is_connection else "step",
        )


def _of_lists(lists: Sequence[Message]) -> Iterable[Entry]:
    """Lists of places that were sent to them, with how it went and the words as they read them."""
    asked_by = {one.requested_by for one in lists if one.requested_by.startswith("user:")}
    who = tenancy.user_names([UUID(each.removeprefix("user:")) for each in sorted(asked_by)])
    names = {f"user:{key}": name for key, name in who.items()}
    for one in lists:
        how, _tone = message_standing(one.state)
        said = _("A list of places, by e-mail to %(address)s. %(how)s.") % {
            "address": one.address,
            "how": how,
        }
        if one.last_fault:
            said = f"{said} {one.get_last_fault_display()}"
        yield Entry(one.created_at, said, names.get(one.requested_by, ""), "contact", one.text)


def _connection_words(event: PathwayEvent) -> str:
    return {
        EventKind.CONNECTED: _("Put in touch with %(listing)s."),
        EventKind.SIGNPOSTED: _("Told about %(listing)s."),
        EventKind.PROVIDER_ACCEPTED: _("%(listing)s said that they can come."),
        EventKind.FIRST_ATTENDED: _("Went to %(listing)s for the first time."),
        EventKind.SUSTAINED: _("Kept going to %(listing)s."),
        EventKind.LOST: _("%(listing)s: %(reason)s."),
    }.get(EventKind(event.kind), "%(listing)s")


def _step_words(event: PathwayEvent) -> str:
    return {
        EventKind.PERSON_AGREED: _("They agreed to be referred."),
        EventKind.REFERRED: _("The practice referred them."),
        EventKind.ACCEPTED: _("The scheme took them on."),
        EventKind.CLOSED: _("The work ended: %(reason)s."),
        EventKind.REFERRER_TOLD: _("The practice was told what came of it."),
        EventKind.LOST: _("It stopped here, for now or for good: %(reason)s."),
        EventKind.CONNECTED: _("Put in touch with a group."),
        EventKind.SIGNPOSTED: _("Told about a group."),
        EventKind.PROVIDER_ACCEPTED: _("A group said that they can come."),
        EventKind.FIRST_ATTENDED: _("Went to a group for the first time."),
        EventKind.SUSTAINED: _("Kept going to a group."),
        EventKind.CARE_NAVIGATED: _("They were helped to the right place."),
        EventKind.HANDED_OVER_FOR_SAFETY: _("A worry about safety was handed over."),
        EventKind.GAP_RECORDED: _("Nothing nearby could meet a need; it was noted."),
    }[EventKind(event.kind)]


def _accounts(events: Iterable[PathwayEvent]) -> list[UUID]:
    found = {event.actor_id for event in events if event.actor_id.startswith("user:")}
    return [UUID(actor_id.removeprefix("user:")) for actor_id in sorted(found)]


def struck(what: str) -> SafeString:
    """A mistake: said, and struck through."""
    return format_html('<s class="fp-mistake">{}</s> {}', what, _("Entered in error."))
