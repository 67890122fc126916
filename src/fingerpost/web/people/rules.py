"""How a person must not be reached: what their record and the conditions of others come to, asked when a route is
made and again whenever it is used. The database answers, for jobs send when an involvement may have ended.
"""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from fingerpost.kernel import clock
from fingerpost.kernel.contact_route import Channel, Rule, RuleKind, broken_rule
from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.messaging import api as messaging
from fingerpost.web.people.enums import SharedField
from fingerpost.web.people.models import Person


def rules_of(person_id: UUID) -> list[Rule]:
    """Every rule that binds whoever would reach the person, the safe ways of their record among them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, address, worker_id, not_before FROM people_contact_rules(%s)", [person_id]
        )
        return [Rule(RuleKind(row[0]), row[1], row[2], row[3]) for row in cursor.fetchall()]


def check_may_reach(person_id: UUID, *, channel: Channel, address: str, worker_id: UUID | None) -> None:
    """Raises `NotAllowed` when a rule forbids it today."""
    broken = broken_rule(
        rules_of(person_id), channel=channel, address=address, on=clock.today(), worker_id=worker_id
    )
    if broken is not None:
        raise NotAllowed(
            _("The person must not be reached this way."),
            reason=f"contact_{broken.kind.value}",
            remedy=_(
                "Look at the red words at the top of their page, and ask how they would like to be reached."
            ),
        )


def forbidden_fields(person: Person | UUID) -> frozenset[SharedField]:
    """Ways of contact that must not be passed on to a provider, who is nobody's named worker."""
    given = person if isinstance(person, UUID) else person.id
    rules = rules_of(given)
    found = set()
    for field, channels in _WAYS.items():
        address = "" if isinstance(person, UUID) else getattr(person, field.value)
        if any(
            broken_rule(rules, channel=one, address=address, on=clock.today(), worker_id=None)
            for one in channels
        ):
            found.add(field)
    return frozenset(found)


def without_forbidden(person_id: UUID, fields: dict[str, str]) -> dict[str, str]:
    """What was once agreed to be shared, less the ways of contact that are forbidden by now."""
    rules = rules_of(person_id)

    def stands(name: str, value: str) -> bool:
        return not any(
            broken_rule(rules, channel=one, address=value, on=clock.today(), worker_id=None)
            for one in _WAYS.get(SharedField(name), ())
        )

    return {name: value for name, value in fields.items() if stands(name, value)}


# A provider that holds a number calls it: `text` alone forbids a text, which we do not pass a number on for.
_WAYS = {SharedField.PHONE: (Channel.PHONE,), SharedField.EMAIL: (Channel.EMAIL,)}


def guard_outbox(bound: messaging.Bound) -> None:
    """Asked by messaging at every sending, of the person it goes to and of the person it is about."""
    for person_id in dict.fromkeys((bound.to_person_id, bound.about_person_id)):
        if person_id is not None:
            _guard(bound, person_id)


def _guard(bound: messaging.Bound, person_id: UUID) -> None:
    """A message to somebody else about the person passes, but not to an address that must not be used, and not when
    the address is the person's own."""
    if person_id == bound.to_person_id or _is_address_of(person_id, bound.address):
        check_may_reach(person_id, channel=bound.channel, address=bound.address, worker_id=bound.worker_id)
        return
    only_addresses = [rule for rule in rules_of(person_id) if rule.kind is RuleKind.ADDRESS]
    if broken_rule(
        only_addresses, channel=bound.channel, address=bound.address, on=clock.today(), worker_id=None
    ):
        raise NotAllowed(_("Nothing about this person may go to this address."), reason="contact_address")


def _is_address_of(person_id: UUID, address: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_is_address_of(%s, %s)", [person_id, address])
        return bool(cursor.fetchone()[0])
