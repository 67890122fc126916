from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from fingerpost.web.audit.models import Access
from fingerpost.web.foundation.actor import Actor


def accesses_of_person(actor: Actor, *, person_id: UUID) -> QuerySet[Access]:
    """Who looked at this person, newest first."""
    return Access.objects.filter(person_ids__contains=[person_id]).order_by("-at")
