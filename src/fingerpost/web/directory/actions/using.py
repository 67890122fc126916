"""What the directory counts of its own use, and what an area agrees about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import Conflict, FaultList, InvalidValue, NotAllowed, NotFound
from fingerpost.kernel.ids import new_id
from fingerpost.kernel.london import to_london
from fingerpost.web.directory.actions.trusting import rebuild_trust
from fingerpost.web.directory.enums import AssuranceKind, WithdrawnWhy
from fingerpost.web.directory.models import AreaRules, Assurance, Listing, Provider, RiskTaken
from fingerpost.web.directory.policies import check_can_import, check_can_take_risk
from fingerpost.web.directory.selectors.assurance import standing_of
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.base import system_of_scope

_COUNT = """
INSERT INTO directory_listinguse AS held (id, system_id, listing_id, month, times) VALUES (%s, %s, %s, %s, 1)
ON CONFLICT (listing_id, month) DO UPDATE SET times = held.times + 1
"""


@transaction.atomic
def count_use(*, listing_id: UUID, at: datetime) -> None:
    """Somebody was put in touch with a listing or told about it. Counted by month; nobody is named."""
    month = to_london(at).date().replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [new_id(at), system_of_scope(), listing_id, month])


@transaction.atomic
def agree_rules(
    *,
    review_months: int,
    grace_days: int,
    ask_again_days: int,
    capacity_days: int,
    assurance_rule: str,
    assurance_kinds: Iterable[str],
    asks_as_id: UUID | None,
    by: Actor,
    at: datetime,
) -> AreaRules:
    """What the area has agreed. Raises `Faults` with every value that cannot be; trust is computed afresh."""
    check_can_import(by)
    rules = AreaRules.objects.select_for_update().first() or AreaRules()
    rules.review_months, rules.grace_days = review_months, grace_days
    rules.ask_again_days, rules.capacity_days = ask_again_days, capacity_days
    rules.assurance_rule = assurance_rule
    rules.assurance_kinds = [kind for kind in AssuranceKind.values if kind in set(assurance_kinds)]
    rules.asks_as_id = asks_as_id
    rules.set_at, rules.set_by = at, by.id
    try:
        rules.clean_fields(exclude=["system_id", "asks_as"])
    except ValidationError as wrong:
        faults = FaultList()
        for name, said in wrong.message_dict.items():
            faults.add(InvalidValue(" ".join(said), field=name))
        faults.raise_any()
    rules.save()
    rebuild_trust(by=by, at=at)
    return rules


@transaction.atomic
def record_assurance(
    *,
    kind: AssuranceKind,
    listing_id: UUID,
    for_provider: bool,
    checked_on: date,
    expires_on: date | None,
    detail: str = "",
    by: Actor,
    at: datetime,
) -> Assurance:
    """A steward has seen a certificate or policy: of the listing, or of its provider for all its listings."""
    check_can_import(by)
    listing = Listing.objects.get(id=listing_id)
    if expires_on is not None and expires_on < checked_on:
        raise InvalidValue(
            _("It ends before it was checked."), field="expires_on", expected=_("A later day, or none.")
        )
    of: dict[str, Listing | Provider] = (
        {"provider": listing.provider} if for_provider and listing.provider else {"listing": listing}
    )
    made = Assurance(
        id=new_id(at),
        kind=kind,
        detail=detail.strip(),
        checked_on=checked_on,
        expires_on=expires_on,
        checked_by=by.id,
        checked_at=at,
        **of,
    )
    made.save(force_insert=True)
    return made


@transaction.atomic
def withdraw_assurance(
    *, assurance_id: UUID, why: WithdrawnWhy, note: str = "", by: Actor, at: datetime
) -> Assurance:
    """Say that an assurance holds no more. It stays in the history, with who said so and why; nothing is deleted."""
    check_can_import(by)
    one: Assurance | None = Assurance.objects.select_for_update().filter(id=assurance_id).first()
    if one is None:
        raise NotFound(_("There is no such paper."), remedy=_("Choose one from the list."))
    if one.withdrawn_at is not None:
        raise Conflict(
            _("This paper has been withdrawn already."), remedy=_("Look at the list of what was withdrawn.")
        )
    one.withdrawn_at, one.withdrawn_by = at, by.id
    one.withdrawn_why, one.withdrawn_note = why, note.strip()[:300]
    one.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why", "withdrawn_note"])
    return one


def check_assured(*, listing_id: UUID, risk_because: str, by: Actor, at: datetime) -> None:
    """Raise `NotAllowed` where the area's rule stops a connection, unless somebody who may takes the risk by name."""
    standing = standing_of(by, listing_id=listing_id, on=to_london(at).date())
    if not standing.blocks:
        return
    if not risk_because.strip():
        raise NotAllowed(
            " ".join(standing.sentences),
            reason="assurance",
            expected=_("Papers that are in date, as your area has agreed."),
            remedy=_("Ask them for the new papers, or let a team lead take the risk and say why."),
        )
    check_can_take_risk(by)


def take_risk(*, listing_id: UUID, about_id: UUID, because: str, by: Actor, at: datetime) -> RiskTaken | None:
    """Write down who took the risk, where there was one to take."""
    standing = standing_of(by, listing_id=listing_id, on=to_london(at).date())
    if not standing.blocks or not because.strip():
        return None
    taken = RiskTaken(
        id=new_id(at),
        listing_id=listing_id,
        about_id=about_id,
        lapsed=[kind.value for kind, _ended in standing.lapsed],
        because=because.strip()[:300],
        taken_at=at,
        taken_by=by.id,
        taken_by_name=by.label,
    )
    taken.save(force_insert=True)
    return taken
