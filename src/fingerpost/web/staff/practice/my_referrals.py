"""My referrals: what became of those whom the practice referred, and each one's story."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from fingerpost.kernel import clock
from fingerpost.web.audit import api as audit
from fingerpost.web.feedback import api as feedback
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pages import forms, timeline
from fingerpost.web.pages.listing import Column, Listing
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pathway import api as pathway
from fingerpost.web.referrals import api as referrals
from fingerpost.web.referrals.api import Referral, ReferralStatus
from fingerpost.web.staff.practice.refer import identity, own_referral
from fingerpost.web.staff.practice.referral_story import has_ended, story_of
from fingerpost.web.staff.practice.wording import need_choices, needs_in_words, phone_in_words, standing
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy.api import Permission


class Narrowing(forms.FilterForm):
    """Filters of the list; a name is searched for by post, never here."""

    status = forms.SelectField(
        label=gettext_lazy("Where it stands"),
        use="narrows the list",
        empty=gettext_lazy("All but mistakes"),
        choices=[(status.value, status.label) for status in ReferralStatus],
    )
    need = forms.SelectField(
        label=gettext_lazy("Help with"),
        use="narrows the list",
        empty=gettext_lazy("Anything"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("need", need_choices(clock.today()))


@require_safe
@for_those_who(Permission.SEE_OWN_REFERRALS)
def my_referrals(request: StaffRequest) -> HttpResponse:
    """The list, newest first, each with a sentence that says where it stands."""
    listing = Listing(
        request,
        columns=[
            Column(
                "person", gettext_lazy("Person"), order=("person__family_name", "person__given_name", "id")
            ),
            Column("stands", gettext_lazy("Where it stands"), order=("status", "-referred_at", "id")),
            Column("referred", gettext_lazy("Referred"), order=("referred_at", "id")),
        ],
        default_sort="-referred",
        filters=Narrowing(request.GET),
    )
    page = listing.page(_narrowed(request.actor, **listing.chosen).order_by(*listing.order))
    audit.record_list(
        actor=request.actor, person_ids=[row.person_id for row in page.rows], page="my referrals"
    )
    context = {
        "title": _("My referrals"),
        "listing": listing,
        "page": page,
        **_said(request.actor, page.rows),
    }
    return render(request, "staff/practice/my_referrals.html", context)


@require_safe
@for_those_who(Permission.SEE_OWN_REFERRALS)
def my_referral(request: StaffRequest, referral_id: UUID) -> HttpResponse:
    """One referral: where it stands, the story so far, what to enter in the record, letters, whom to ring."""
    actor = request.actor
    referral = own_referral(actor, referral_id)
    audit.record_view(
        actor=actor, person_id=referral.person_id, label=referral.person.full_name, page="my referral"
    )
    return render(
        request,
        "staff/practice/my_referral.html",
        _detail(actor, referral) | identity(request.actor, referral.person),
    )


def _detail(actor: Actor, referral: Referral) -> dict[str, Any]:
    events = pathway.events_of(actor, journey_id=referral.journey_id)
    word, tone = standing(referral.status, has_ended=has_ended(events))
    is_standing = referral.status != ReferralStatus.ENTERED_IN_ERROR
    return {
        "title": _("Referral"),
        "back": NavLink(_("Back to my referrals"), "/my-referrals/"),
        "referral": referral,
        "status": (word, tone, feedback.sentences(actor, referrals=[referral], at=clock.now())[referral.id]),
        "needs": needs_in_words(referral.needs),
        "story": timeline.by_day(story_of(events, name=referral.person.called)) if is_standing else [],
        "entries": feedback.entries_of(actor, journey_id=referral.journey_id) if is_standing else [],
        "letters": list(feedback.letters_of_referral(actor, referral_id=referral.id)),
        "scheme_phone": phone_in_words(referral.scheme.phone),
        "may_take_back": referral.status == ReferralStatus.RECEIVED
        and referrals.can_withdraw(actor, referral),
        "may_mark_mistake": is_standing and referrals.can_mark_referral_error(actor, referral),
        "may_refer_again": actor.has(Permission.REFER),
    }


def _narrowed(actor: Actor, *, status: str = "", need: str = "") -> Any:
    found = referrals.sent_by(actor)
    found = found.filter(status=status) if status else found.exclude(status=ReferralStatus.ENTERED_IN_ERROR)
    return found.filter(needs__contains=[need]) if need else found


def _said(actor: Actor, rows: Sequence[Referral]) -> dict[str, Any]:
    """For each row: its sentence, and the word and tone of its tag."""
    events = pathway.events_of_journeys(actor, journey_ids=[row.journey_id for row in rows])
    return {
        "sentences": feedback.sentences(actor, referrals=rows, at=clock.now()),
        "standings": {
            row.id: standing(row.status, has_ended=has_ended(events[row.journey_id])) for row in rows
        },
    }
