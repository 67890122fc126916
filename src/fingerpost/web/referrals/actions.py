from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from fingerpost.codes.needs import need
from fingerpost.codes.pathway import EventKind, Owner, loss_reason
from fingerpost.kernel.errors import FaultList, InvalidValue, NotFound
from fingerpost.kernel.ids import new_id
from fingerpost.kernel.london import to_london
from fingerpost.kernel.person_identifiers import PersonIdentifier
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.lifecycle import check_transition
from fingerpost.web.pathway import api as pathway
from fingerpost.web.people import api as people
from fingerpost.web.people.api import ConsentPurpose, InvolvementKind, Person, PersonDetails
from fingerpost.web.referrals import policies
from fingerpost.web.referrals.enums import ReferralStatus, Source
from fingerpost.web.referrals.lifecycle import TRANSITIONS
from fingerpost.web.referrals.models import Referral, Signposting
from fingerpost.web.tenancy import api as tenancy

SUBJECT = "referral"

# How long a scheme and a referrer may still open the record when their work has ended: for questions and undoing.
AFTER_ENDING = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked of a scheme: needs (ids of `codes.needs`), why, and when and how the person agreed."""

    needs: tuple[str, ...]
    reason: str
    agreed_at: datetime
    agreed_how: str
    source: str = Source.PRACTICE
    is_urgent: bool = False
    urgent_reason: str = ""

    def check(self, *, at: datetime) -> None:
        """Raise `Faults` with everything that is missing or cannot be."""
        faults = FaultList()
        if not self.needs:
            faults.add(InvalidValue(_("No need is chosen."), field="needs", remedy=_("Choose at least one.")))
        for code in self.needs:
            with faults.catching():
                need(code)
        if not self.reason.strip():
            faults.add(
                InvalidValue(
                    _("It does not say why."),
                    field="reason",
                    remedy=_("Say in a sentence or two what matters to the person."),
                )
            )
        if self.agreed_at > at:
            faults.add(InvalidValue(_("The date they agreed is in the future."), field="agreed_at"))
        if self.is_urgent and not self.urgent_reason.strip():
            faults.add(
                InvalidValue(
                    _("It does not say why this cannot wait its turn."),
                    field="urgent_reason",
                    remedy=_("Say it in a few words, or leave “look at this first” unticked."),
                )
            )
        faults.raise_any()


@transaction.atomic
def refer(
    *,
    details: PersonDetails,
    identifier: PersonIdentifier | None,
    request: Request,
    scheme_id: UUID,
    by: Actor,
    at: datetime,
) -> Referral:
    """Refer a person, new or already known to the network, to a scheme. Raises `Faults`, `NotAllowed`, `Conflict`."""
    policies.check_can_refer(by)
    request.check(at=at)
    _check_covered(people.home_of(by), scheme_id, at=at)
    person, known = people.record_person(
        details=details, identifier=identifier, practice_id=by.organisation_id, by=by, at=at
    )
    return refer_known_person(
        person=person,
        request=request,
        scheme_id=scheme_id,
        maybe_known=known and identifier is None,
        by=by,
        at=at,
    )


@transaction.atomic
def refer_known_person(
    *, person: Person, request: Request, scheme_id: UUID, by: Actor, at: datetime, maybe_known: bool = False
) -> Referral:
    """Refer a person the actor's organisation is already involved with."""
    policies.check_can_refer(by)
    request.check(at=at)
    _check_covered(people.home_of(by), scheme_id, at=at)
    scheme = tenancy.organisation(organisation_id=scheme_id)
    _check_not_waiting(person, scheme)
    if len(by.organisation_ids) > 1:
        # Known through an organisation that this one stands in for: what that one saw may end before this referral.
        people.involve_if_needed(
            person_id=person.id,
            organisation_id=people.home_of(by),
            kind=InvolvementKind.REFERRER,
            by=by,
            at=at,
        )
    people.involve_if_needed(
        person_id=person.id, organisation_id=scheme.id, kind=InvolvementKind.SCHEME, by=by, at=at
    )
    journey = pathway.mint_journey(
        source=request.source,
        by=by,
        at=at,
        person_id=person.id,
        scheme_id=scheme.id,
        referrer_id=by.organisation_id,
    )
    referral = _write(person, request, scheme, journey, by=by, at=at, maybe_known=maybe_known)
    people.record_consent(
        person_id=person.id,
        purpose=ConsentPurpose.REFERRAL,
        recipient_id=scheme.id,
        recipient_label=scheme.name,
        by=by,
        at=at,
        given_at=request.agreed_at,
        how=request.agreed_how,
    )
    _event(referral, EventKind.PERSON_AGREED, by=by, at=at, occurred_at=request.agreed_at)
    _event(referral, EventKind.REFERRED, by=by, at=at)
    _event(referral, EventKind.RECEIVED, by=by, at=at)
    return referral


def _check_covered(practice_id: UUID, scheme_id: UUID, *, at: datetime) -> None:
    policies.check_is_covered(scheme_id=scheme_id, practice_id=practice_id, on=to_london(at).date())


def _check_not_waiting(person: Person, scheme: tenancy.Organisation) -> None:
    waiting = Referral.objects.filter(person=person, scheme=scheme, status=ReferralStatus.RECEIVED)
    if waiting.exists():
        raise _already_waiting(scheme)


def _already_waiting(scheme: tenancy.Organisation) -> InvalidValue:
    return InvalidValue(
        _("This person already has a referral waiting with %(scheme)s.") % {"scheme": scheme.name},
        remedy=_("Nothing more is needed. You can see it in your list of referrals."),
    )


def _write(
    person: Person,
    request: Request,
    scheme: tenancy.Organisation,
    journey: pathway.Journey,
    *,
    by: Actor,
    at: datetime,
    maybe_known: bool,
) -> Referral:
    referral = Referral(
        id=new_id(at),
        journey=journey,
        person=person,
        source=request.source,
        referrer_id=people.home_of(by),
        scheme=scheme,
        referred_by=by.responsible,
        referred_by_name=by.label,
        referred_at=at,
        needs=list(request.needs),
        reason=request.reason.strip(),
        is_urgent=request.is_urgent,
        urgent_reason=request.urgent_reason.strip() if request.is_urgent else "",
        agreed_at=request.agreed_at,
        agreed_how=request.agreed_how,
        maybe_known=maybe_known,
        status=ReferralStatus.RECEIVED,
        status_at=at,
        status_by=by.responsible,
    )
    try:
        # Another form may have sent the same person at this very moment, or a practice we cannot see.
        with transaction.atomic():
            referral.save(force_insert=True)
    except IntegrityError as fault:
        raise _already_waiting(scheme) from fault
    return referral


@transaction.atomic
def mark_accepted(*, referral: Referral, by: Actor, at: datetime) -> Referral:
    """The scheme takes it on. Called by casework, which opens the case in the same transaction."""
    policies.check_can_triage(by, referral)
    held = _move(referral, to=ReferralStatus.ACCEPTED, by=by, at=at)
    _event(held, EventKind.ACCEPTED, by=by, at=at)
    return held


@transaction.atomic
def decline(*, referral: Referral, reason: str, note: str = "", by: Actor, at: datetime) -> Referral:
    """The scheme does not take it on, and says why."""
    policies.check_can_triage(by, referral)
    _check_reason(reason, {Owner.SCHEME, Owner.PERSON, Owner.LIFE, Owner.REFERRER, Owner.RECORD})
    held = _move(referral, to=ReferralStatus.DECLINED, by=by, at=at, reason=reason, note=note)
    _loss(held, reason, by=by, at=at)
    end_involvements_of_work(held, by=by, at=at)
    return held


@transaction.atomic
def redirect(*, referral: Referral, scheme_id: UUID, note: str = "", by: Actor, at: datetime) -> Referral:
    """Pass it to a scheme that fits better. Returns the new referral, on the same journey."""
    policies.check_can_triage(by, referral)
    if scheme_id == referral.scheme_id:
        raise InvalidValue(_("It is already with this scheme."), field="scheme")
    policies.check_may_be_passed_to(
        scheme_id=scheme_id, practice_id=referral.referrer_id, on=to_london(at).date()
    )
    scheme = tenancy.organisation(organisation_id=scheme_id)
    held = _move(referral, to=ReferralStatus.REDIRECTED, by=by, at=at, reason="redirected", note=note)
    _loss(held, "redirected", by=by, at=at)
    people.involve_if_needed(
        person_id=held.person_id, organisation_id=scheme.id, kind=InvolvementKind.SCHEME, by=by, at=at
    )
    journey = pathway.move_to_scheme(journey=held.journey, scheme_id=scheme.id, by=by, at=at)
    onward = Referral(
        id=new_id(at),
        **{name: getattr(held, name) for name in _CARRIED},
        journey=journey,
        scheme=scheme,
        status=ReferralStatus.RECEIVED,
        status_at=at,
        status_by=by.account,
    )
    onward.save(force_insert=True)
    held.redirected_to = onward
    held.save(update_fields=["redirected_to"])
    end_involvements_of_work(held, by=by, at=at)
    pathway.record(journey=journey, kind=EventKind.RECEIVED, by=by, at=at, subject=(SUBJECT, onward.id))
    return onward


_CARRIED = (
    "person",
    "source",
    "referrer_id",
    "referred_by",
    "referred_by_name",
    "referred_at",
    "needs",
    "reason",
    "is_urgent",
    "urgent_reason",
    "agreed_at",
    "agreed_how",
    "maybe_known",
)


@transaction.atomic
def withdraw(*, referral: Referral, reason: str, note: str = "", by: Actor, at: datetime) -> Referral:
    """The practice takes it back, or the person changed their mind, before the scheme has answered."""
    policies.check_can_withdraw(by, referral)
    _check_reason(reason, {Owner.REFERRER, Owner.PERSON, Owner.LIFE})
    held = _move(referral, to=ReferralStatus.WITHDRAWN, by=by, at=at, reason=reason, note=note)
    _loss(held, reason, by=by, at=at)
    end_involvements_of_work(held, by=by, at=at)
    return held


@transaction.atomic
def restore(*, referral: Referral, by: Actor, at: datetime) -> Referral:
    """Undo a decline (the scheme) or a withdrawal (the practice): it waits in the queue again, and the loss is void."""
    taken_back = referral.status == ReferralStatus.WITHDRAWN
    check = policies.check_can_withdraw if taken_back else policies.check_can_triage
    check(by, referral)
    held = _move(referral, to=ReferralStatus.RECEIVED, by=by, at=at)
    _mark_last_loss(held, by=by, at=at)
    people.involve_if_needed(
        person_id=held.person_id,
        organisation_id=held.scheme_id,
        kind=InvolvementKind.SCHEME,
        by=by,
        at=at,
    )
    return held


@transaction.atomic
def end_involvements_of_work(referral: Referral, *, by: Actor, at: datetime) -> None:
    """The scheme, and a referrer that is not their practice, see the person for ninety days more.

    Not while another referral waits or another case is open. Called by casework, too, when a case closes.
    """
    person_id = referral.person_id
    sides = (
        (InvolvementKind.SCHEME, referral.scheme_id, (referral.scheme_id, None)),
        (InvolvementKind.REFERRER, referral.referrer_id, (None, referral.referrer_id)),
    )
    for kind, organisation_id, asked in sides:
        if not _goes_on(person_id, *asked):
            people.end_of_another(
                person_id=person_id,
                organisation_id=organisation_id,
                kind=kind,
                reason="work ended",
                at=at + AFTER_ENDING,
                by=by,
            )


def _goes_on(person_id: UUID, scheme_id: UUID | None, referrer_id: UUID | None) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT referrals_work_goes_on(%s, %s, %s)", [person_id, scheme_id, referrer_id])
        return bool(cursor.fetchone()[0])


@transaction.atomic
def mark_entered_in_error(*, referral: Referral, reason: str, by: Actor, at: datetime) -> Referral:
    """It should never have been: wrong person, or the same one twice. Kept, with the trace, and counted nowhere.

    One that was accepted is marked with its case, one that was passed on by the referral it became.
    """
    policies.check_can_mark_referral_error(by, referral)
    return _mark(referral, reason, by=by, at=at)


@transaction.atomic
def mark_accepted_entered_in_error(*, referral: Referral, reason: str, by: Actor, at: datetime) -> Referral:
    """As above, for one that has a case. Called by casework, which marks the case in the same transaction."""
    policies.check_can_mark_accepted_error(by, referral)
    return _mark(referral, reason, by=by, at=at)


def _mark(referral: Referral, reason: str, *, by: Actor, at: datetime) -> Referral:
    _check_reason(reason, {Owner.RECORD})
    held = _move(referral, to=ReferralStatus.ENTERED_IN_ERROR, by=by, at=at, reason=reason)
    pathway.record(
        journey=held.journey,
        kind=EventKind.ENTERED_IN_ERROR,
        by=by,
        at=at,
        reason=reason,
        subject=(SUBJECT, held.id),
    )
    end_involvements_of_work(held, by=by, at=at)
    return held


@transaction.atomic
def signpost(
    *, need_code: str, pointed_to: str, by: Actor, at: datetime, listing_id: UUID | None = None
) -> Signposting:
    """Somebody was told where to go: a need, a place, nobody's name."""
    policies.check_can_signpost(by)
    faults = FaultList()
    with faults.catching():
        need(need_code)
    if not pointed_to.strip():
        faults.add(
            InvalidValue(
                _("It does not say where they were pointed to."), field="pointed_to", remedy=_("Name it.")
            )
        )
    faults.raise_any()
    journey = pathway.mint_journey(source=Source.RECEPTION, by=by, at=at, referrer_id=by.organisation_id)
    signposting = Signposting(
        id=new_id(at),
        journey=journey,
        organisation_id=people.home_of(by),
        need=need_code,
        listing_id=listing_id,
        pointed_to=pointed_to.strip(),
        signposted_at=at,
        signposted_by=by.account,
    )
    signposting.save(force_insert=True)
    pathway.record(
        journey=journey, kind=EventKind.SIGNPOSTED, by=by, at=at, subject=("signposting", signposting.id)
    )
    return signposting


@transaction.atomic
def mark_signposting_entered_in_error(*, signposting: Signposting, by: Actor, at: datetime) -> Signposting:
    policies.check_can_mark_signposting_error(by, signposting)
    signposting.entered_in_error_at, signposting.entered_in_error_by = at, by.user_id
    signposting.save(update_fields=["entered_in_error_at", "entered_in_error_by"])
    pathway.record(
        journey=signposting.journey, kind=EventKind.ENTERED_IN_ERROR, by=by, at=at, reason="duplicate"
    )
    return signposting


def _move(
    referral: Referral, *, to: ReferralStatus, by: Actor, at: datetime, reason: str = "", note: str = ""
) -> Referral:
    held = Referral.objects.select_for_update(of=("self",)).select_related("journey").get(id=referral.id)
    check_transition(TRANSITIONS, now=ReferralStatus(held.status), to=to, what=_("This referral"))
    held.status, held.status_at, held.status_by = to, at, by.account
    held.status_reason, held.status_note = reason, note.strip()
    held.save(update_fields=["status", "status_at", "status_by", "status_reason", "status_note"])
    return held


def _check_reason(code: str, owners: Iterable[Owner]) -> None:
    try:
        reason = loss_reason(code)
    except NotFound as fault:
        raise InvalidValue(_("Choose a reason from the list."), field="reason") from fault
    if reason.owner not in set(owners):
        raise InvalidValue(
            _("This reason does not fit here."), field="reason", remedy=_("Choose another one.")
        )


def _event(
    referral: Referral, kind: EventKind, *, by: Actor, at: datetime, occurred_at: datetime | None = None
) -> None:
    pathway.record(
        journey=referral.journey,
        kind=kind,
        by=by,
        at=at,
        occurred_at=occurred_at,
        subject=(SUBJECT, referral.id),
    )


def _loss(referral: Referral, reason: str, *, by: Actor, at: datetime) -> None:
    pathway.record(
        journey=referral.journey,
        kind=EventKind.LOST,
        by=by,
        at=at,
        after=EventKind.RECEIVED,
        reason=reason,
        subject=(SUBJECT, referral.id),
    )


def _mark_last_loss(referral: Referral, *, by: Actor, at: datetime) -> None:
    events = pathway.standing(pathway.events_of(by, journey_id=referral.journey_id))
    losses = [e for e in events if e.kind == EventKind.LOST and e.subject_id == referral.id]
    if losses:
        pathway.record(
            journey=referral.journey, kind=EventKind.ENTERED_IN_ERROR, by=by, at=at, corrects=losses[-1]
        )
