"""Changes that others propose: a provider's own, a stranger's suggestion; applied at once, or decided by a steward."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import FaultList, IllegalTransition, InvalidValue, NotFound
from fingerpost.kernel.ids import new_id
from fingerpost.web.directory.actions.owner import settle_question
from fingerpost.web.directory.actions.speaking import say, take_back
from fingerpost.web.directory.actions.trusting import keep_trust
from fingerpost.web.directory.enums import SourceKind
from fingerpost.web.directory.models import FieldWord, Listing, Proposal
from fingerpost.web.directory.policies import check_can_import, check_owns
from fingerpost.web.directory.proposed_fields import PROPOSABLE, changed, split_by_risk, values_of
from fingerpost.web.directory.trust_enums import ProposalState, ProposedBy
from fingerpost.web.foundation.actor import Actor

AUTOMATIC = "system:taken over at once"
LONGEST_NOTE = 1000


@transaction.atomic
def propose_as_owner(
    *, listing_id: UUID, fields: Mapping[str, Any], note: str = "", by: Actor, at: datetime
) -> tuple[list[Proposal], dict[str, Any]]:
    """A provider's changes to its own listing: fields of low risk at once, the rest waits. Also what changed.

    Raises `Faults` with every value that does not fit; then nothing is kept.
    """
    check_owns(by, listing_id)
    listing = _locked(listing_id)
    differing = changed(values_of(listing), fields)
    if not differing and not note.strip():
        return [], {}
    settle_question(by, at)
    low, high = split_by_risk(differing)
    made = []
    if low:
        say(
            kind="listing",
            row_id=listing_id,
            fields={name: pair[1] for name, pair in low.items()},
            voice=SourceKind.PROVIDER,
            by=by,
            at=at,
        )
        made.append(_keep(listing, ProposedBy.PROVIDER, low, "", by=by, at=at, at_once=True))
    if high or note.strip():
        _check_values(listing, high)
        made.append(_keep(listing, ProposedBy.PROVIDER, high, note, by=by, at=at))
    return made, differing


@transaction.atomic
def suggest(
    *, listing_id: UUID, note: str, fields: Mapping[str, Any] | None = None, by: Actor, at: datetime
) -> Proposal:
    """Somebody without an account says what is wrong. Changes nothing by itself."""
    listing = Listing.objects.filter(id=listing_id).first()
    if listing is None or listing.gone_at is not None:
        raise NotFound(_("This listing is not in the directory."), remedy=_("Search for it by name."))
    differing = changed(values_of(listing), fields or {})
    if not note.strip() and not differing:
        raise InvalidValue(
            _("Say what is wrong, or what should stand there."), field="note", expected=_("A few words.")
        )
    origin = ProposedBy.STEWARD if by.kind == "user" else ProposedBy.PUBLIC
    return _keep(listing, origin, differing, note, by=by, at=at)


@transaction.atomic
def decide_proposal(
    *, proposal_id: UUID, take: Collection[str], by: Actor, at: datetime, because: str = ""
) -> Proposal:
    """A steward takes over some of the fields, all, or none. What they take over outlasts what a source says."""
    check_can_import(by)
    held = Proposal.objects.select_for_update().filter(id=proposal_id).first()
    if held is None:
        raise NotFound(_("This suggestion is not known."))
    if held.state != ProposalState.WAITING:
        raise IllegalTransition(
            _("A colleague has decided about this already."), remedy=_("Look at the listing as it is now.")
        )
    taken = {name: held.changes[name][1] for name in take if name in held.changes}
    if taken:
        voice = SourceKind.PROVIDER if held.origin == ProposedBy.PROVIDER else SourceKind.STEWARD
        _speak(held.listing_id, taken, voice, by=by, at=at)
    held.state = ProposalState.APPLIED if taken or not held.changes else ProposalState.REFUSED
    held.applied_fields = sorted(taken)
    held.decided_at, held.decided_by, held.decided_because = at, by.id, because.strip()[:300]
    held.save()
    keep_trust([held.listing_id], by=by, at=at)
    return held


@transaction.atomic
def restore_fields(*, listing_id: UUID, values: Mapping[str, Any], by: Actor, at: datetime) -> Listing:
    """Put fields back to what they said earlier, by a steward's word."""
    check_can_import(by)
    listing = _locked(listing_id)
    wanted = {name: value for name, value in values.items() if name in PROPOSABLE}
    differing = changed(values_of(listing), wanted)
    if differing:
        _speak(
            listing_id, {name: pair[1] for name, pair in differing.items()}, SourceKind.STEWARD, by=by, at=at
        )
    return Listing.objects.get(id=listing_id)


def _speak(
    listing_id: UUID, values: Mapping[str, Any], voice: SourceKind, *, by: Actor, at: datetime
) -> None:
    """By a steward's decision: what the provider said of these fields before no longer stands over it."""
    if voice is SourceKind.STEWARD:
        spoken = FieldWord.objects.filter(
            listing_id=listing_id, field__in=list(values), source__kind=SourceKind.PROVIDER
        )
        over = list(spoken.values_list("field", flat=True))
        if over:
            take_back(kind="listing", row_id=listing_id, fields=over, voice=SourceKind.PROVIDER, by=by, at=at)
    say(kind="listing", row_id=listing_id, fields=values, voice=voice, by=by, at=at)


def _keep(
    listing: Listing,
    origin: ProposedBy,
    changes: Mapping[str, list[Any]],
    note: str,
    *,
    by: Actor,
    at: datetime,
    at_once: bool = False,
) -> Proposal:
    words = note.strip()
    if len(words) > LONGEST_NOTE:
        raise InvalidValue(
            _("This is too long."),
            field="note",
            expected=_("%(most)s letters at most.") % {"most": LONGEST_NOTE},
        )
    made = Proposal(
        id=new_id(at),
        listing=listing,
        origin=origin,
        changes=dict(changes),
        note=words,
        proposed_at=at,
        proposed_by=by.id,
    )
    if at_once:
        made.state, made.applied_fields = ProposalState.APPLIED, sorted(changes)
        made.decided_at, made.decided_by = at, AUTOMATIC
    made.save(force_insert=True)
    return made


def _check_values(listing: Listing, changes: Mapping[str, list[Any]]) -> None:
    """What waits must be fit to be taken over: told now, to whoever can put it right."""
    faults = FaultList()
    for name, (_was, value) in changes.items():
        try:
            Listing._meta.get_field(name).clean(value, listing)  # type: ignore[union-attr]  # columns only, no relations
        except ValidationError as fault:
            faults.add(InvalidValue(" ".join(fault.messages), field=name))
    faults.raise_any()


def _locked(listing_id: UUID) -> Listing:
    found = Listing.objects.select_for_update().filter(id=listing_id).first()
    if found is None:
        raise NotFound(_("This listing is not in the directory."), remedy=_("Search for it by name."))
    return found
