"""How people, needs and standings are said on the pages of a practice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from fingerpost.codes.needs import needs_offered, parse_needs
from fingerpost.kernel import clock
from fingerpost.kernel.contact_route import Channel, Rule, RuleKind, broken_rule
from fingerpost.kernel.person_identifiers import parse_identifier
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pages.forms import Choice
from fingerpost.web.pages.words import as_words, day
from fingerpost.web.people import api as people
from fingerpost.web.people.api import ConditionKind, ContactCondition, Person
from fingerpost.web.referrals.api import ReferralStatus


def need_choices(on: date) -> list[Choice]:
    """The needs offered on a day, as answers of a question."""
    return [Choice(one.id, as_words(one.label), hint=as_words(one.hint)) for one in needs_offered(on=on)]


def needs_in_words(ids: Iterable[str]) -> list[str]:
    return [as_words(one.label) for one in parse_needs(ids)]


def phone_in_words(number: str) -> str:
    """A stored number as people write it: "07700 900123"; a foreign one as it is stored."""
    if not number.startswith("+44"):
        return number
    national = f"0{number[3:]}"
    return f"{national[:5]} {national[5:]}"


def identifiers_in_words(actor: Actor, person: Person) -> list[tuple[str, str]]:
    """What each of a person's numbers is called, and the number with its spaces."""
    held = people.identifiers_of(actor, person_id=person.id)
    return [(str(one.get_kind_display()), parse_identifier(one.kind, one.value).display) for one in held]


def safe_contact(actor: Actor, person: Person) -> tuple[str, str]:
    """How to reach a person, in words, and the warning when a usual way must not be used."""
    rules = people.rules_of(person.id)
    ways = []
    if person.phone and is_open(rules, Channel.PHONE, person.phone):
        ways.append(phone_in_words(person.phone))
    if person.email and is_open(rules, Channel.EMAIL, person.email):
        ways.append(person.email)
    if person.contact_note:
        ways.append(person.contact_note)
    conditions = people.conditions_of(actor, person_id=person.id)
    is_said = any(one.kind in (ConditionKind.PHONE, ConditionKind.NOTHING) for one in conditions)
    is_unsafe = person.phone and not person.phone_is_safe
    warnings = [_("Do not phone")] if is_unsafe and not is_said else []
    warnings += [condition_in_words(one) for one in conditions]
    return "; ".join(ways) or _("no safe way is known yet"), ". ".join(dict.fromkeys(warnings))


def is_open(rules: Iterable[Rule], channel: Channel, address: str) -> bool:
    """Whether a colleague may see it as a way; that only one worker may use it, the red words say."""
    asked = [rule for rule in rules if rule.kind is not RuleKind.WORKER]
    return broken_rule(asked, channel=channel, address=address, on=clock.today(), worker_id=None) is None


def condition_in_words(condition: ContactCondition) -> str:
    """What must not be done, as the red words say it."""
    if condition.kind == ConditionKind.ADDRESS:
        return _("Do not use %(address)s") % {"address": phone_in_words(condition.address)}
    if condition.kind == ConditionKind.WORKER:
        return _("Only %(name)s may get in touch") % {"name": condition.worker_name}
    if condition.kind == ConditionKind.NOT_BEFORE:
        return _("Do not contact before %(day)s") % {"day": day(condition.not_before)}
    return str(condition.get_kind_display())


def standing(status: str, *, has_ended: bool = False) -> tuple[str, str]:
    """One word for where a referral stands, and its tone."""
    if status == ReferralStatus.ACCEPTED and has_ended:
        return _("Finished"), "good"
    return {
        ReferralStatus.RECEIVED: (_("Waiting"), "waiting"),
        ReferralStatus.ACCEPTED: (_("Under way"), "going"),
        ReferralStatus.DECLINED: (_("Not taken on"), "stopped"),
        ReferralStatus.REDIRECTED: (_("Passed on"), "quiet"),
        ReferralStatus.WITHDRAWN: (_("Taken back"), "quiet"),
        ReferralStatus.ENTERED_IN_ERROR: (_("Mistake"), "quiet"),
    }[ReferralStatus(status)]
