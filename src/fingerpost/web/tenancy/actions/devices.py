"""Computers that a practice remembers: from them colleagues refer without signing in, and open no record.

A signed-in colleague makes a practice link and reads out its code; the computer that opens the link and gives the code
is remembered by a cookie. Both the link and the remembered computer are signed links with the practice as subject.
Threats and answers: docs/decisions/0083-practice-link-and-remembered-device.md.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import InvalidValue, NotAllowed, NotFound
from fingerpost.web.foundation import links
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.models import SignedLink
from fingerpost.web.foundation.scope import scope
from fingerpost.web.tenancy import policies
from fingerpost.web.tenancy.enums import Permission, Role
from fingerpost.web.tenancy.models import Membership
from fingerpost.web.tenancy.permissions import ROLE_PERMISSIONS
from fingerpost.web.tenancy.selectors.access import administered

PRACTICE_LINK = "practice_link"
DEVICE = "practice_device"
LINK_LIVES = timedelta(minutes=30)
DEVICE_LIVES = timedelta(days=90)
GUESSES = 5
_EVER = timedelta(days=36500)
_DIGITS = 8
LONGEST_NAME = 40


def check_can_set_up_devices(actor: Actor) -> UUID:
    """The practice for which `actor` may remember computers: their own. Raises `NotAllowed`."""
    if not actor.has(Permission.SET_UP_DEVICES) or actor.organisation_id is None:
        raise NotAllowed(_("Your role does not set up computers for referring."), reason="no_permission")
    return actor.organisation_id


def make_practice_link(*, by: Actor, at: datetime) -> SignedLink:
    """A link that makes one computer a remembered one, together with the code of `code_of`."""
    practice = check_can_set_up_devices(by)
    return links.issue(
        purpose=PRACTICE_LINK,
        subject_id=practice,
        organisation_id=practice,
        holder_label=by.label,
        maker_id=by.user_id,
        at=at,
        lives=LINK_LIVES,
    )


def code_of(link: SignedLink) -> str:
    """The code that goes with a practice link; in no row and in no address, so that the link alone is worth nothing."""
    digest = salted_hmac("fingerpost.practice-link-code", str(link.id), algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8]) % 10**_DIGITS:0{_DIGITS}d}"


def open_practice_link(token: str, *, at: datetime) -> SignedLink:
    """The live practice link of a token. Raises `NotFound`, alike for ended, foreign and forged ones."""
    return _live(token, PRACTICE_LINK, at)


def open_device(token: str, *, at: datetime) -> SignedLink:
    """The remembered computer that a cookie stands for. Raises `NotFound`."""
    return _live(token, DEVICE, at)


def remember_device(*, link: SignedLink, code: str, name: str, at: datetime) -> SignedLink:
    """Remember the computer that brings the code of a practice link, which is thereby used up.

    Raises `InvalidValue` for a wrong code, and `NotFound` when it was the last try.
    """
    # Counted and ended before anything is raised: what is raised inside a scope is rolled back with it.
    with scope(link.actor()):
        too_often = links.is_tried_too_often("code", most=GUESSES, every=_EVER)
        is_right = hmac.compare_digest(_only_digits(code).encode(), code_of(link).encode())
        # Of two computers at the same moment only one ends the link.
        reason = "too_many_codes" if too_often else "used"
        ended = (too_often or is_right) and links.end(link.id, reason=reason, at=at)
    if too_often or (is_right and not ended):
        raise _no_such_link()
    if not is_right:
        raise InvalidValue(_("This is not the code that goes with this link. Check it with your colleague."))
    maker = Actor(
        kind="link",
        id=f"link:{link.id}",
        label=link.holder_label,
        system_id=link.system_id,
        organisation_ids=frozenset({link.organisation_id}),
        organisation_id=link.organisation_id,
    )
    with scope(maker):
        return links.issue(
            purpose=DEVICE,
            subject_id=link.subject_id,
            organisation_id=link.organisation_id,
            holder_label=_("%(computer)s, set up by %(name)s")
            % {"computer": name[:LONGEST_NAME], "name": link.holder_label[:LONGEST_NAME]},
            maker_id=link.maker_id,
            at=at,
            lives=DEVICE_LIVES,
        )


def end_device(*, link_id: UUID, by: Actor, at: datetime) -> None:
    """Forget a computer, or take back a practice link that was not used. Raises `NotFound`."""
    practice = check_can_set_up_devices(by)
    held = SignedLink.objects.filter(
        id=link_id, organisation_id=practice, purpose__in=[PRACTICE_LINK, DEVICE]
    )
    if not held.exists():
        raise NotFound(_("Your practice remembers no such computer."))
    links.end(link_id, reason="taken_back", at=at)


def end_computer(*, link_id: UUID, by: Actor, at: datetime) -> SignedLink:
    """Forget a computer of an organisation that the actor administers, whoever set it up. Raises `NotFound`."""
    held: SignedLink | None = SignedLink.objects.filter(
        id=link_id, purpose__in=[PRACTICE_LINK, DEVICE]
    ).first()
    if held is None:
        raise NotFound(_("There is no such computer here."))
    policies.check_can_administer(by, organisation_id=held.organisation_id, reach=administered(by, at=at))
    links.end(link_id, reason="ended_by_administrator", at=at)
    return held


def computers_of(actor: Actor, *, organisation_id: UUID, at: datetime) -> list[SignedLink]:
    """The remembered computers of an organisation that the actor administers; newest first."""
    policies.check_can_administer(actor, organisation_id=organisation_id, reach=administered(actor, at=at))
    return _live_of(organisation_id, DEVICE, at)


def is_answered_for(link: SignedLink, *, at: datetime) -> bool:
    """Whether whoever made it still may, there and now. With their role its computers end; suspended, they rest."""
    if link.maker_id is None:
        return True
    held = Membership.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at),
        user_id=link.maker_id,
        organisation_id=link.organisation_id,
        role__in=[role for role in Role if Permission.SET_UP_DEVICES in ROLE_PERMISSIONS[role]],
        starts_at__lte=at,
        suspended_at=None,
    )
    return held.exists()


def live_links(actor: Actor, *, purpose: str, at: datetime) -> list[SignedLink]:
    """Remembered computers, or practice links that wait to be opened, of the actor's practice; newest first."""
    practice = check_can_set_up_devices(actor)
    return _live_of(practice, purpose, at)


def _live_of(organisation_id: UUID, purpose: str, at: datetime) -> list[SignedLink]:
    live = SignedLink.objects.filter(
        organisation_id=organisation_id, purpose=purpose, revoked_at=None, expires_at__gt=at
    )
    return list(live.order_by("-issued_at"))


def referrer_at(device: SignedLink, *, name: str, job: str) -> Actor:
    """Whoever refers from a remembered computer, as they name themselves. For the action only, never to draw a page.

    The database shows a link nothing of people but what its own transaction began (the wall of involvements).
    """
    return Actor(
        kind="link",
        id=f"link:{device.id}",
        label=f"{name}, {job} ({device.holder_label})",
        system_id=device.system_id,
        organisation_ids=frozenset({device.organisation_id}),
        permissions=frozenset({Permission.REFER}),
        sees_people=True,
        organisation_id=device.organisation_id,
        link_id=device.id,
    )


def moment_of_transaction() -> datetime:
    """When the database says that this transaction began: what is dated so is the transaction's own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT fp_now()")
        began: datetime = cursor.fetchone()[0]
    return began


def _live(token: str, purpose: str, at: datetime) -> SignedLink:
    link = links.read(token)
    if link.purpose != purpose or not link.is_live(at):
        raise _no_such_link()
    with scope(link.actor()):
        if not is_answered_for(link, at=at):
            raise _no_such_link()
    return link


def _no_such_link() -> NotFound:
    return NotFound(
        _("This link does not work any more."),
        remedy=_("Ask your colleague at the practice to make a new one."),
    )


def _only_digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())
