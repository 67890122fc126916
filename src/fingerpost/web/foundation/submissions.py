"""One form, one effect: remember a handled form's key so that pressing twice shows the first result again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.models import Submission


def earlier_result(*, by: Actor, key: UUID | None) -> str | None:
    """Where the first submission with this key led, if there was one."""
    if key is None:
        return None
    done = Submission._base_manager.filter(actor_id=by.id, key=key).first()
    return done.result_path if done else None


def remember(*, by: Actor, key: UUID | None, result_path: str, at: datetime) -> None:
    """Record within the action's transaction; a second writer with the same key fails on the constraint."""
    if key is not None:
        Submission(actor_id=by.id, key=key, result_path=result_path, created_at=at).save(force_insert=True)
