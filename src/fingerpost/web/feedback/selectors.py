from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import NotFound
from fingerpost.web.feedback.coding import Entry, coded_entries
from fingerpost.web.feedback.models import Letter
from fingerpost.web.feedback.sentences import sentence
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pathway import api as pathway
from fingerpost.web.referrals.api import Referral
from fingerpost.web.tenancy import api as tenancy


def sentences(actor: Actor, *, referrals: Sequence[Referral], at: datetime) -> dict[UUID, str]:
    """Where each referral stands, in one sentence for the practice that made it."""
    events = pathway.events_of_journeys(actor, journey_ids=[r.journey_id for r in referrals])
    ids = {
        e.actor_id.partition(":")[2]
        for found in events.values()
        for e in found
        if e.actor_id.startswith("user:")
    }
    workers = tenancy.user_names([UUID(i) for i in ids])
    return {r.id: sentence(r, events[r.journey_id], workers=workers, today=at) for r in referrals}


def entries_of(actor: Actor, *, journey_id: UUID) -> list[Entry]:
    """The coded entries prepared for the practice's record."""
    return coded_entries(pathway.events_of(actor, journey_id=journey_id))


def letters_of_referral(actor: Actor, *, referral_id: UUID) -> QuerySet[Letter]:
    """Letters about a referral, newest first, without their PDFs."""
    found = Letter.objects.filter(referral_id=referral_id, entered_in_error_at=None)
    return found.defer("pdf").order_by("-written_at")


def letter(actor: Actor, *, letter_id: UUID) -> Letter:
    found = Letter.objects.filter(id=letter_id, entered_in_error_at=None).select_related("person").first()
    if found is None:
        raise NotFound(_("There is no such letter here, or it is not for your organisation."))
    return found
