from __future__ import annotations

from uuid import UUID

from fingerpost.web.foundation.actor import Actor
from fingerpost.web.tenancy.models import LinkedSignIn


def linked_sign_in(*, issuer: str, subject: str) -> LinkedSignIn | None:
    """What an account of the provider opens here. Never found by an e-mail address."""
    live = LinkedSignIn.objects.filter(issuer=issuer, subject=subject, ended_at=None)
    return live.select_related("user").first()


def linked_sign_in_of(actor: Actor, *, user_id: UUID) -> LinkedSignIn | None:
    """What opens an account: one's own, or one that the actor administers."""
    return LinkedSignIn.objects.filter(user_id=user_id, ended_at=None).first()
