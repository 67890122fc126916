"""Helping somebody who has lost their telephone and their recovery codes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.tenancy import policies
from fingerpost.web.tenancy.enums import Permission


@transaction.atomic
def reset_second_proof(*, user_id: UUID, by: Actor, at: datetime) -> int:
    """Take away an account's second proofs, so that its next sign-in sets up another. Returns how many there were.

    Raises `NotAllowed`. Which accounts an administrator reaches is decided in the database: only those whose every
    role is where they administer. The account's history says who did it.
    """
    if by.kind != "system" and not by.has(Permission.ADMINISTER_ACCOUNTS):
        raise NotAllowed(
            _("Your role does not reset how colleagues sign in."),
            reason="no_permission",
            remedy=_("Ask the administrator of your organisation."),
        )
    policies.check_is_somebody_else(by, user_id=user_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenancy_reset_second_proof(%s)", [user_id])
        count: int = cursor.fetchone()[0]
    return count
