"""The way in which someone may be reached, without which nothing is sent.

A route that exists may be used: `people` and `directory` make one only after looking at what the person or
the provider has allowed, and the type itself refuses a route marked "do not use". The address is left out of
reprs, because reprs end in logs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import InitVar, dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from fingerpost.kernel.errors import InvalidValue, NotAllowed
from fingerpost.kernel.words import N_

__all__ = ["Channel", "ContactRoute", "Rule", "RuleKind", "broken_rule", "normalise_email", "normalise_phone"]


class Channel(StrEnum):
    """How a message travels."""

    EMAIL = "email"
    SMS = "sms"
    POST = "post"
    PHONE = "phone"


class RuleKind(StrEnum):
    """What a person, or somebody for them, said about how they must not be reached."""

    NOTHING = "nothing"
    PHONE = "phone"  # no calls and no texts
    CALL = "call"
    TEXT = "text"
    EMAIL = "email"
    POST = "post"
    ADDRESS = "address"
    WORKER = "worker"
    NOT_BEFORE = "not_before"


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition. `address` belongs to ADDRESS, `worker_id` to WORKER, `not_before` to NOT_BEFORE."""

    kind: RuleKind
    address: str = field(default="", repr=False)
    worker_id: UUID | None = None
    not_before: date | None = None


_CHANNELS_OF = {
    RuleKind.NOTHING: frozenset(Channel),
    RuleKind.PHONE: frozenset({Channel.PHONE, Channel.SMS}),
    RuleKind.CALL: frozenset({Channel.PHONE}),
    RuleKind.TEXT: frozenset({Channel.SMS}),
    RuleKind.EMAIL: frozenset({Channel.EMAIL}),
    RuleKind.POST: frozenset({Channel.POST}),
}


def broken_rule(
    rules: Iterable[Rule], *, channel: Channel, address: str, on: date, worker_id: UUID | None
) -> Rule | None:
    """The first rule that forbids reaching the person so, on a day, at the wish of an account (None: a job's)."""
    return next((rule for rule in rules if _forbids(rule, channel, address, on, worker_id)), None)


def _forbids(rule: Rule, channel: Channel, address: str, on: date, worker_id: UUID | None) -> bool:
    if rule.kind is RuleKind.ADDRESS:
        return bool(address) and _compared(rule.address) == _compared(address)
    if rule.kind is RuleKind.WORKER:
        return worker_id is None or rule.worker_id != worker_id
    if rule.kind is RuleKind.NOT_BEFORE:
        return rule.not_before is not None and on < rule.not_before
    return channel in _CHANNELS_OF[rule.kind]


def _compared(address: str) -> str:
    """An address without what people write differently: case, spaces, commas, and how a number begins."""
    try:
        return normalise_phone(address)
    except InvalidValue:
        return "".join(sign for sign in address.casefold() if sign.isalnum() or sign == "@")


_EMAIL_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_HOST_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_PHONE_SIGNS = re.compile(r"[\s().\-\u00ad\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2060\ufeff]+")
_UK_NUMBER = re.compile(
    r"\+44(1[0-9]{8,9}|2[0-9]{9}|3[0-9]{9}|5[56][0-9]{8}|7[0-9]{9}|8[0-9]{8,9}|9[0-9]{9})"
)
_FOREIGN_NUMBER = re.compile(r"\+(?!44)[1-9][0-9]{6,14}")
# 070 is a forwarding number and 076 a pager, except 07624, the Isle of Man's mobiles.
_UK_MOBILE = re.compile(r"\+447([1-57-9][0-9]{8}|624[0-9]{6})")
_LONGEST_EMAIL = 254


def normalise_email(text: str) -> str:
    """An e-mail address with its domain in small letters; `InvalidValue` when it cannot be one."""
    typed = unicodedata.normalize("NFC", text).strip()
    local, at, host = typed.rpartition("@")
    host = _ascii_host(host)
    is_local_good = len(local) <= 64 and _EMAIL_LOCAL.fullmatch(local) is not None
    if not (at and is_local_good and _is_host(host) and len(local) + 1 + len(host) <= _LONGEST_EMAIL):
        raise InvalidValue(
            N_("This does not look like an e-mail address."),
            expected=N_("An address such as name@example.org."),
            remedy=N_("Check for spaces, a missing @ or a missing ending such as .org."),
        )
    return f"{local}@{host}"


def _ascii_host(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii").lower() if host else ""
    except UnicodeError:
        return ""


def _is_host(host: str) -> bool:
    labels = host.split(".")
    return len(labels) > 1 and all(map(_HOST_LABEL.fullmatch, labels)) and not labels[-1].isdigit()


def normalise_phone(text: str) -> str:
    """A phone number in E.164 form (`+441632960001`); a number without a country is taken as British."""
    typed = unicodedata.normalize("NFKC", text).strip()
    number = re.sub(r"^\+44\s*\(0\)", "+44", typed)
    number = _PHONE_SIGNS.sub("", number)
    number = re.sub(r"^00", "+", number)
    number = re.sub(r"^0", "+44", number)
    number = re.sub(r"^\+440", "+44", number)
    if not (_UK_NUMBER.fullmatch(number) or _FOREIGN_NUMBER.fullmatch(number)):
        raise InvalidValue(
            N_("This does not look like a phone number."),
            expected=N_("A number such as 01632 960 001 or 07700 900 123, or with + and the country first."),
            remedy=N_("Type the number only. An extension or a note goes in the notes."),
        )
    return number


def _checked_mobile(text: str) -> str:
    number = normalise_phone(text)
    if number.startswith("+44") and not _UK_MOBILE.fullmatch(number):
        raise InvalidValue(
            N_("Texts can be sent to mobile numbers only."),
            expected=N_("A mobile number, such as 07700 900 123."),
            remedy=N_("Give a mobile number, or choose a phone call instead."),
        )
    return number


def _checked_postal(text: str) -> str:
    lines = [line.strip(" ,") for line in text.splitlines()]
    address = "\n".join(line for line in lines if line)
    if len(address) < 5 or not any(sign.isalpha() for sign in address):
        raise InvalidValue(
            N_("This does not look like a postal address."),
            expected=N_("A house and street, a town and a postcode."),
        )
    return address


_CHECKS = {
    Channel.EMAIL: normalise_email,
    Channel.SMS: _checked_mobile,
    Channel.PHONE: normalise_phone,
    Channel.POST: _checked_postal,
}


@dataclass(frozen=True, slots=True)
class ContactRoute:
    """One address that may be used for one purpose. The address is put in its standard form.

    `person_id`: the person it leads to, so that what they said about being reached is asked again when it is used.
    `confirmed`: whoever it belongs to has answered from it. `detail_allowed`: a message may name the person
    or what it is about; never so for an unconfirmed address. `do_not_use=True` raises `NotAllowed`.
    """

    channel: Channel
    address: str = field(repr=False)
    purpose: str
    confirmed: bool = False
    detail_allowed: bool = False
    person_id: UUID | None = None
    do_not_use: InitVar[bool] = False

    def __post_init__(self, do_not_use: bool) -> None:
        if do_not_use:
            raise NotAllowed(
                N_("This way of getting in touch must not be used."),
                reason="do_not_use",
                remedy=N_("Choose another way, or ask the person which is safe."),
            )
        if self.detail_allowed and not self.confirmed:
            raise NotAllowed(
                N_("Nothing personal may be sent to an address that has not been confirmed."),
                reason="unconfirmed",
                remedy=N_("Ask first whether this address is right."),
            )
        if not self.purpose.strip():
            raise InvalidValue(
                N_("This does not say what the message is for."),
                field="purpose",
                expected=N_("A purpose, such as an appointment."),
            )
        object.__setattr__(self, "channel", Channel(self.channel))
        object.__setattr__(self, "address", _CHECKS[self.channel](self.address))
