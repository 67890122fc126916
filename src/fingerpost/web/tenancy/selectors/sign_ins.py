from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from fingerpost.web.foundation.actor import Actor
from fingerpost.web.tenancy.models import KnownDevice, SignIn


def sign_in_of(actor: Actor, *, sign_in_id: UUID) -> SignIn | None:
    """One's own session, as long as it has not been ended."""
    return SignIn.objects.filter(pk=sign_in_id, user_id=actor.account, ended_at=None).first()


def sign_ins_of(actor: Actor, *, since: datetime) -> QuerySet[SignIn]:
    """One's own sessions that have been used since then and are not ended, newest use first."""
    mine = SignIn.objects.filter(user_id=actor.account, ended_at=None, last_used_at__gt=since)
    return mine.select_related("device").order_by("-last_used_at", "id")


def known_device(*, email: str, devices: Collection[UUID]) -> UUID | None:
    """Which of these browsers is known to the account of this address. One question, whether there is one or not."""
    known = KnownDevice.objects.filter(id__in=devices, user__email__iexact=email, forgotten_at=None)
    return known.order_by("-last_used_at").values_list("id", flat=True).first()


def device(*, device_id: UUID) -> KnownDevice | None:
    return KnownDevice.objects.filter(pk=device_id).select_related("user").first()
