"""Where an account is signed in: begun at sign-in, noted while used, ended by itself."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from fingerpost.web.foundation.actor import Actor
from fingerpost.web.tenancy.models import KnownDevice, SignIn

_SIGN_INS_KEPT = timedelta(days=90)
DEVICE_KNOWN_FOR = timedelta(days=365)


@transaction.atomic
def begin_sign_in(
    *,
    user_id: UUID,
    devices: Collection[UUID],
    browser: str,
    system: str,
    by: Actor,
    at: datetime,
    link_id: UUID | None = None,
    provider_session: str = "",
    is_over: bool = False,
) -> tuple[SignIn, bool]:
    """A session begins in a browser that shows these ids. True when none of them is known to this account.

    `is_over`: the provider through which it begins has ended it before it began.
    """
    SignIn.objects.filter(user_id=user_id, signed_in_at__lt=at - _SIGN_INS_KEPT).delete()
    KnownDevice.objects.filter(user_id=user_id, last_used_at__lt=at - DEVICE_KNOWN_FOR).delete()
    known = KnownDevice.objects.filter(user_id=user_id, id__in=devices, forgotten_at=None)
    device = known.order_by("-last_used_at").first()
    is_new = device is None
    if device is None:
        device = KnownDevice(
            user_id=user_id, browser=browser, system=system, first_used_at=at, last_used_at=at
        )
        device.save(force_insert=True)
    else:
        device.last_used_at = at
        device.save(update_fields=["last_used_at"])
    begun = SignIn(
        user_id=user_id,
        device=device,
        signed_in_at=at,
        last_used_at=at,
        link_id=link_id,
        provider_session=provider_session,
        ended_at=at if is_over else None,
    )
    begun.save(force_insert=True)
    return begun, is_new


def note_sign_in(*, sign_in: SignIn, by: Actor, at: datetime) -> None:
    """It is in use."""
    SignIn.objects.filter(pk=sign_in.pk, user_id=by.account, ended_at=None).update(last_used_at=at)


def end_sign_in(*, sign_in_id: UUID, by: Actor, at: datetime) -> int:
    """Sign one browser out. Returns 0 when it is not there, has ended, or is somebody else's."""
    mine = SignIn.objects.filter(pk=sign_in_id, user_id=by.account, ended_at=None)
    return int(mine.update(ended_at=at))


@transaction.atomic
def end_sign_ins(*, user_id: UUID, but: UUID | None, by: Actor, at: datetime) -> int:
    """Sign out everywhere but in one browser (or none), and forget all others: they count as new from now on."""
    sign_ins = SignIn.objects.filter(user_id=user_id, ended_at=None)
    devices = KnownDevice.objects.filter(user_id=user_id, forgotten_at=None)
    if but is not None:
        here = SignIn.objects.filter(pk=but, user_id=user_id).values("device_id")
        sign_ins, devices = sign_ins.exclude(pk=but), devices.exclude(pk__in=here)
    devices.update(forgotten_at=at)
    return int(sign_ins.update(ended_at=at))


def end_provider_sign_ins(*, issuer: str, subject: str, session: str, by: Actor, at: datetime) -> int:
    """Sign out wherever this account of a provider opened ours: everywhere, or by one session there."""
    made = SignIn.objects.filter(link__issuer=issuer, ended_at=None)
    if subject:
        made = made.filter(link__subject=subject)
    if session:
        made = made.filter(provider_session=session)
    return int(made.update(ended_at=at)) if subject or session else 0
