"""The queue: what waits for the scheme, one referral before it is decided, and what was decided."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.errors import NotFound
from fingerpost.web.audit import api as audit
from fingerpost.web.casework import api as casework
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pages import forms
from fingerpost.web.pages.listing import Column, Listing
from fingerpost.web.pages.messages import Notice
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.people import api as people
from fingerpost.web.referrals import api as referrals
from fingerpost.web.referrals.api import Referral, ReferralStatus
from fingerpost.web.staff.practice.wording import need_choices, needs_in_words, standing
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme.case_frame import identity, record_seen
from fingerpost.web.staff.scheme.queue_forms import AcceptForm
from fingerpost.web.staff.scheme.sharing_out import suggested, workers
from fingerpost.web.staff.scheme.wording import reason_in_words
from fingerpost.web.tenancy.api import Permission

UNDO_FOR = timedelta(minutes=10)


class QueueFilter(forms.FilterForm):
    need = forms.SelectField(
        label=gettext_lazy("Help with"), use="narrows the list", empty=gettext_lazy("Anything")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("need", need_choices(clock.today()))


@require_safe
@for_those_who(Permission.SEE_QUEUE)
def queue(request: StaffRequest) -> HttpResponse:
    """What waits: urgent first, then the longest wait, with the reason for each place."""
    actor = request.actor
    listing = Listing(
        request,
        columns=[
            Column("person", gettext_lazy("Person")),
            Column("needs", gettext_lazy("Help with")),
            Column("from", gettext_lazy("From"), order=("referrer__name", "referred_at", "id")),
            Column(
                "waiting", gettext_lazy("Waiting"), order=("-is_urgent", "referred_at", "id"), numeric=True
            ),
        ],
        default_sort="waiting",
        filters=QueueFilter(request.GET),
    )
    found = referrals.queue(actor)
    if need := listing.chosen.get("need"):
        found = found.filter(needs__contains=[need])
    page = listing.page(found.order_by(*listing.order))
    audit.record_list(actor=actor, person_ids=[row.person_id for row in page.rows], page="queue")
    may_triage = actor.has(Permission.TRIAGE)
    context = {
        "title": _("Queue"),
        "listing": listing,
        "page": page,
        "needs": {row.id: needs_in_words(row.needs) for row in page.rows},
        "suggested": suggested(workers(actor, at=clock.now())) if may_triage and page.rows else None,
        "notices": _undo_notices(actor) if may_triage else [],
        "subnavigation": queue_links(actor, here="staff:queue"),
    }
    return render(request, "staff/scheme/queue.html", context)


@require_safe
@for_those_who(Permission.SEE_QUEUE)
def referral(request: StaffRequest, referral_id: UUID) -> HttpResponse:
    """Everything a team lead needs to decide, and the decision itself."""
    return referral_page(request, own_referral(request.actor, referral_id))


@require_safe
@for_those_who(Permission.SEE_QUEUE)
def decided(request: StaffRequest) -> HttpResponse:
    """Those that the scheme did not take on, newest first, with the reason."""
    actor = request.actor
    listing = Listing(
        request,
        columns=[
            Column("person", gettext_lazy("Person")),
            Column("stands", gettext_lazy("What was decided")),
            Column("when", gettext_lazy("When"), order=("status_at", "id")),
        ],
        default_sort="-when",
    )
    page = listing.page(referrals.decided(actor).order_by(*listing.order))
    audit.record_list(actor=actor, person_ids=[row.person_id for row in page.rows], page="queue, decided")
    context = {
        "title": _("Not taken on"),
        "listing": listing,
        "page": page,
        "said": {row.id: (*standing(row.status), reason_in_words(row.status_reason)) for row in page.rows},
        "subnavigation": queue_links(actor, here="staff:decided"),
    }
    return render(request, "staff/scheme/decided.html", context)


def own_referral(actor: Actor, referral_id: UUID) -> Referral:
    """A referral sent to the actor's own scheme; anybody else's is not there."""
    found = referrals.referral(actor, referral_id=referral_id)
    if found.scheme_id not in actor.organisation_ids:
        raise NotFound(_("There is no such referral here, or it was sent to another scheme."))
    return found


def referral_page(
    request: StaffRequest, referral: Referral, *, form: AcceptForm | None = None
) -> HttpResponse:
    """The referral with its decision; `form` is the acceptance as it was filled in and refused."""
    actor, person = request.actor, referral.person
    record_seen(actor, person, page="referral in the queue")
    waits = referral.status == ReferralStatus.RECEIVED
    may_triage = waits and referrals.can_triage(actor, referral)
    team = workers(actor, at=clock.now()) if may_triage else []
    case = None if waits else casework.case_of_referral(actor, referral_id=referral.id)
    context = {
        "title": _("Referral"),
        "caption": referral.referrer.name,
        "back": NavLink(_("Back to the queue"), reverse("staff:queue")),
        "referral": referral,
        "needs": needs_in_words(referral.needs),
        "identifiers": people.identifiers_of(actor, person_id=person.id),
        "earlier": _earlier(actor, referral),
        "status": (*standing(referral.status), reason_in_words(referral.status_reason)),
        "case": case,
        "may_triage": may_triage,
        "suggested": suggested(team),
        "form": form,
        "accept_form": form or AcceptForm(team=team),
        "may_undo": is_undoable(actor, referral),
    }
    return render(request, "staff/scheme/referral.html", identity(request.actor, person) | context)


def is_undoable(actor: Actor, referral: Referral) -> bool:
    """Whether a decline may still be taken back with one press."""
    fresh = clock.now() - referral.status_at <= UNDO_FOR
    return fresh and referral.status == ReferralStatus.DECLINED and referrals.can_triage(actor, referral)


def queue_links(actor: Actor, *, here: str) -> list[NavLink]:
    """Beside the queue: what was decided, and who has how much."""
    offered = [("staff:queue", _("Waiting")), ("staff:decided", _("Not taken on"))]
    if actor.has(Permission.HOLD_CASES):
        offered.append(("staff:caseload", _("Open cases")))
    return [NavLink(text, reverse(route), route == here) for route, text in offered]


def _earlier(actor: Actor, referral: Referral) -> list[Referral]:
    """Other referrals of the same person that this scheme may see."""
    found = referrals.referrals_of_person(actor, person_id=referral.person_id)
    return [one for one in found if one.id != referral.id]


def _undo_notices(actor: Actor) -> list[Notice]:
    """What this reader declined in the last ten minutes, each with its way back."""
    if actor.user_id is None:
        return []
    mine = referrals.decided(actor).filter(
        status=ReferralStatus.DECLINED, status_by=actor.user_id, status_at__gte=clock.now() - UNDO_FOR
    )
    return [
        Notice(
            _("The referral of %(name)s is not taken on. %(practice)s can see why.")
            % {"name": one.person.full_name, "practice": one.referrer.name},
            tone="good",
            undo_href=reverse("staff:restore", args=[one.id]),
        )
        for one in mine[:3]
    ]
