"""Find a person. By post: what is searched for never stands in an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from fingerpost.web.audit import api as audit
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pages import forms
from fingerpost.web.people import api as people
from fingerpost.web.referrals import api as referrals
from fingerpost.web.staff.practice.wording import phone_in_words
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy.api import Permission

MOST = 25


class SearchForm(forms.PageForm):
    words = forms.TextField(
        label=gettext_lazy("Name, NHS number, date of birth or postcode"),
        use="finds the person",
        missing=gettext_lazy("Type a name, a number, a date of birth or a postcode"),
        help_text=gettext_lazy("For example: amina begum, 999 000 0018, 4 7 1951 or QX1 2AB"),
        width=30,
        max_length=120,
    )


@dataclass(frozen=True)
class Found:
    """One person with enough to tell them from another: their page, and what else can be opened for them."""

    person: people.Person
    phone: str
    page_href: str = ""
    referral_href: str = ""
    refer_href: str = ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.SEARCH_PEOPLE)
def find_person(request: StaffRequest) -> HttpResponse:
    """The box, and beneath it whom it found among the people this organisation is involved with."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(
            request,
            "staff/practice/find_person.html",
            {"title": _("Find a person"), "form": form, "found": None},
        )
    words = form.cleaned_data["words"]
    matches = list(people.search(request.actor, query=words)[: MOST + 1])
    shown = matches[:MOST]
    audit.record_search(
        actor=request.actor, query=words, person_ids=[one.id for one in shown], page="find a person"
    )
    context = {
        "title": _("Find a person"),
        "form": form,
        "found": _found(request.actor, shown),
        "are_more": len(matches) > MOST,
        "may_refer": request.actor.has(Permission.REFER),
        "may_open_in_emergency": request.actor.has(Permission.OPEN_IN_EMERGENCY),
    }
    return render(request, "staff/practice/find_person.html", context)


def _found(actor: Actor, shown: Sequence[people.Person]) -> list[Found]:
    """A scheme's people lead to the person's page; a practice's to their latest referral and to a new one."""
    if actor.has(Permission.HOLD_CASES):
        return [
            Found(one, phone_in_words(one.phone), page_href=_to("staff:person", person_id=one.id))
            for one in shown
        ]
    latest = _latest_referrals(actor, shown)
    return [
        Found(
            one,
            phone_in_words(one.phone),
            referral_href=_to("staff:my_referral", referral_id=latest[one.id]) if one.id in latest else "",
            refer_href=_to("staff:refer_known", person_id=one.id) if actor.has(Permission.REFER) else "",
        )
        for one in shown
    ]


def _latest_referrals(actor: Actor, shown: Sequence[people.Person]) -> dict[UUID, UUID]:
    """Each person's latest referral by the actor's practice, where there is one."""
    if not actor.has(Permission.SEE_OWN_REFERRALS):
        return {}
    theirs = referrals.sent_by(actor).filter(person_id__in=[one.id for one in shown])
    newest_last = reversed(list(theirs.values_list("person_id", "id")))
    return dict(newest_last)


def _to(route: str, **arguments: UUID) -> str:
    return reverse(route, kwargs=arguments)
