from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from fingerpost.codes.pathway import EventKind
from fingerpost.kernel.contact_route import Channel, ContactRoute
from fingerpost.kernel.errors import InvalidValue
from fingerpost.kernel.ids import new_id
from fingerpost.kernel.london import to_london
from fingerpost.web.casework import api as casework
from fingerpost.web.connections import api as connections
from fingerpost.web.feedback.letter import compose_letter
from fingerpost.web.feedback.models import Letter
from fingerpost.web.feedback.selectors import entries_of
from fingerpost.web.feedback.writing import content_of
from fingerpost.web.foundation import jobs
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.links import absolute
from fingerpost.web.messaging import api as messaging
from fingerpost.web.pathway import api as pathway
from fingerpost.web.people import api as people
from fingerpost.web.tenancy import api as tenancy

SET_LETTER = "feedback.set_letter"


@transaction.atomic
def close(
    *,
    case: casework.Case,
    reason: str,
    story: str,
    told: str,
    by: Actor,
    at: datetime,
    story_may_be_told: bool = True,
    connection_ends: Mapping[UUID, str] = MappingProxyType({}),
) -> Letter:
    """End the work: its open connections, the case, and the letter to the referrer, all or nothing.

    `connection_ends`: how a connection ends, by id, as `connections.api.end_open_connections` reads it; those not
    named end in their usual way. `story_may_be_told`: whether the person's own words go into the letter.
    """
    if not told.strip():
        raise InvalidValue(
            _("It does not say what the referrer will read."),
            field="told",
            remedy=_("Say in a few plain sentences what happened."),
        )
    loss = reason if casework.is_loss(reason) else connections.NOTHING_LOST
    connections.end_open_connections(case=case, loss=loss, ends=connection_ends, by=by, at=at)
    closed = casework.close(case=case, reason=reason, story=story, by=by, at=at)
    letter = Letter(
        id=new_id(at),
        case=closed,
        journey=closed.journey,
        person_id=closed.person_id,
        referral=closed.referral,
        referrer_id=closed.referral.referrer_id,
        scheme_id=closed.scheme_id,
        told=told.strip(),
        story=story.strip() if story_may_be_told else "",
        signatory=by.label,
        written_at=at,
        written_by=by.account,
    )
    letter.save(force_insert=True)
    _tell(letter, by=by, at=at)
    jobs.defer(
        SET_LETTER,
        key=str(letter.id),
        system_id=letter.system_id,
        organisation_id=letter.scheme_id,
        letter_id=letter.id,
    )
    return letter


def _tell(letter: Letter, *, by: Actor, at: datetime) -> None:
    """The practice is told that there is something to read, without a word of what; the letter waits inside."""
    pathway.record(
        journey=letter.journey, kind=EventKind.REFERRER_TOLD, by=by, at=at, subject=("letter", letter.id)
    )
    told = [one for one in tenancy.standing_in(letter.referrer, on=to_london(at).date()) if one.email]
    if not told:
        return
    address = absolute(reverse("staff:my_referral", kwargs={"referral_id": letter.referral_id}))
    composed = messaging.compose(
        "feedback/email/letter_ready", {"address": address}, sender=messaging.Sender.of(letter.scheme_id)
    )
    for practice in told:
        # The organisation's own address, kept by its administrators: confirmed, and still told nothing about anybody.
        route = ContactRoute(
            channel=Channel.EMAIL, address=practice.email, purpose="letter to the referrer", confirmed=True
        )
        messaging.send(
            route=route,
            subject=composed.subject,
            text=composed.text,
            html=composed.html,
            by=by,
            at=at,
            organisation_id=letter.scheme_id,
            about=("letter", letter.id),
            recipient_label=practice.name,
            carries_personal_data=False,
        )


@transaction.atomic
def set_letter(*, letter: Letter, by: Actor, at: datetime) -> Letter:
    """Make the PDF. Run by a job; doing it again changes nothing."""
    held = (
        Letter.objects.select_for_update(of=("self",))
        .select_related("person", "scheme", "referrer", "referral", "case")
        .get(id=letter.id)
    )
    if held.pdf is not None:
        return held
    content = content_of(
        held,
        person=held.person,
        identifiers=people.identifiers_of(by, person_id=held.person_id),
        connections=connections.connections_of_case(by, case_id=held.case_id),
        entries=entries_of(by, journey_id=held.journey_id),
    )
    held.pdf, held.set_at = compose_letter(content), at
    held.save(update_fields=["pdf", "set_at"])
    return held


@transaction.atomic
def mark_letter_entered_in_error(*, letter: Letter, by: Actor, at: datetime) -> Letter:
    casework.check_can_work(by, casework.case(by, case_id=letter.case_id))
    letter.entered_in_error_at, letter.entered_in_error_by = at, by.user_id
    letter.save(update_fields=["entered_in_error_at", "entered_in_error_by"])
    return letter


@transaction.atomic
def mark_case_entered_in_error(*, case: casework.Case, reason: str, by: Actor, at: datetime) -> casework.Case:
    """The case should never have been, nor what stands on it: its connections, its letters and its referral.

    The only way for a surface to mark a case: `casework`, which knows of none of these, would leave a group with a live
    link to somebody's details, and the practice with a letter about the wrong person.
    """
    casework.check_can_correct(by, case)
    for one in connections.connections_of_case(by, case_id=case.id):
        connections.mark_entered_in_error(connection=one, by=by, at=at)
    for letter in Letter.objects.filter(case_id=case.id, entered_in_error_at=None).defer("pdf"):
        letter.entered_in_error_at, letter.entered_in_error_by = at, by.user_id
        letter.save(update_fields=["entered_in_error_at", "entered_in_error_by"])
    return casework.mark_case_entered_in_error(case=case, reason=reason, by=by, at=at)
