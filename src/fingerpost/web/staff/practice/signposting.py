"""Signposted: a need, where to, save. Two taps for what is said often; nobody is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError, NotFound
from fingerpost.kernel.london import to_london
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import Listing, SearchCriteria
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pages import forms
from fingerpost.web.pages.messages import Notice
from fingerpost.web.pages.submission import once
from fingerpost.web.referrals import api as referrals
from fingerpost.web.referrals.api import Signposting
from fingerpost.web.staff.practice.wording import need_choices, needs_in_words
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy.api import Permission

UNDO_FOR = timedelta(minutes=10)
LOOK_BACK = 200
OFFERED_AGAIN = 6
PLACES = 30
MOST_FOUND = 8
LONGEST_PLACE = 200


class SignpostForm(forms.PageForm):
    """What they asked about and where they were pointed to."""

    pointed_to = forms.TextField(
        label=gettext_lazy("Where to?"),
        use="shows what is recommended, and whether it has room",
        missing=gettext_lazy("Say where they were pointed to"),
        help_text=gettext_lazy("The name of the group or service. Nobody’s own name."),
        max_length=LONGEST_PLACE,
    )
    need = forms.ChoiceField(
        label=gettext_lazy("What was it about?"),
        use="counts what people ask for",
        missing=gettext_lazy("Choose what it was about"),
    )
    listing = forms.ChoiceField(
        label=gettext_lazy("In the directory"),
        use="counts what the desk recommends, listing by listing",
        required=False,
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, listings: Sequence[forms.Choice] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("need", need_choices(clock.today()))
        self.offer(
            "listing",
            [*listings, forms.Choice("", gettext_lazy("None of these: as I typed it"), divider=True)],
        )


class AgainForm(forms.PageForm):
    """One press: the same need and place as an earlier one."""

    submission = forms.SubmissionKeyField()


@dataclass(frozen=True)
class Line:
    """One signposting as listed."""

    id: UUID
    need: str
    pointed_to: str
    at: datetime
    listing_id: UUID | None = None


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.SIGNPOST)
def signposted(request: StaffRequest) -> HttpResponse:
    """The desk's page: again with one press, or a need and a place."""
    recent = list(referrals.signpostings(request.actor)[:LOOK_BACK])
    if request.method != "POST":
        return _page(request, SignpostForm(), recent)
    if "again" in request.POST:
        return _say_again(request)
    if request.POST.get("step") == "search":
        return _search(request, recent)
    chosen = _listing_chosen(request)
    form = SignpostForm(request.POST, listings=_as_choices([chosen] if chosen else []))
    if form.is_valid():
        given = form.cleaned_data
        place = chosen.name if chosen else given["pointed_to"]
        try:
            return _save(
                request,
                form,
                need_code=given["need"],
                pointed_to=place[:LONGEST_PLACE],
                listing_id=chosen.id if chosen else None,
            )
        except FingerpostError as refusal:
            form.refuse(refusal)
    return _page(request, form, recent, offers_listings=chosen is not None)


@require_POST
@for_those_who(Permission.SIGNPOST)
def signposting_mistake(request: StaffRequest, signposting_id: UUID) -> HttpResponse:
    """Undo, and entered in error after: the same trace either way. A second press finds it done."""
    found = referrals.signpostings(request.actor).filter(id=signposting_id).first()
    if found is not None:
        referrals.mark_signposting_entered_in_error(signposting=found, by=request.actor, at=clock.now())
    return HttpResponseRedirect(f"{reverse('staff:signposted')}?undone=yes")


def _search(request: StaffRequest, recent: Sequence[Signposting]) -> HttpResponse:
    """The same form with what the directory has under these words; nothing is saved."""
    words = request.POST.get("pointed_to", "").strip()
    hits = (
        directory.search(request.actor, SearchCriteria(words=words, per_page=MOST_FOUND)).hits
        if words
        else ()
    )
    typed = {"pointed_to": words, "need": request.POST.get("need", ""), "listing": ""}
    found = [forms.Choice(str(hit.listing.id), hit.listing.name, hint=hit.provider_name) for hit in hits]
    form = SignpostForm(initial=typed, listings=found)
    return _page(request, form, recent, offers_listings=bool(found), found_none=not found)


def _listing_chosen(request: StaffRequest) -> Listing | None:
    try:
        wanted = UUID(request.POST.get("listing", ""))
    except ValueError:
        return None
    return directory.listings_by_id(request.actor, [wanted]).get(wanted)


def _as_choices(listings: Sequence[Listing]) -> list[forms.Choice]:
    return [forms.Choice(str(one.id), one.name) for one in listings]


def _say_again(request: StaffRequest) -> HttpResponse:
    form = AgainForm(request.POST)
    form.is_valid()
    earlier = _by_id(request.actor, request.POST.get("again", ""))
    return _save(
        request, form, need_code=earlier.need, pointed_to=earlier.pointed_to, listing_id=earlier.listing_id
    )


def _save(
    request: StaffRequest,
    form: forms.PageForm,
    *,
    need_code: str,
    pointed_to: str,
    listing_id: UUID | None = None,
) -> HttpResponse:
    at = clock.now()

    def perform() -> str:
        made = referrals.signpost(
            need_code=need_code, pointed_to=pointed_to, listing_id=listing_id, by=request.actor, at=at
        )
        return f"{reverse('staff:signposted')}?saved={made.id}"

    return once(form, by=request.actor, at=at, perform=perform)


def _page(
    request: StaffRequest,
    form: SignpostForm,
    recent: Sequence[Signposting],
    *,
    offers_listings: bool = False,
    found_none: bool = False,
) -> HttpResponse:
    today = to_london(clock.now()).date()
    context = {
        "title": _("Signposted"),
        "form": form,
        "again": AgainForm(),
        "often": _often(recent),
        "places": list(dict.fromkeys(one.pointed_to for one in recent))[:PLACES],
        "today": [
            _line(one) for one in takewhile(lambda one: to_london(one.signposted_at).date() == today, recent)
        ],
        "notices": _notices(request, recent),
        "offers_listings": offers_listings,
        "found_none": found_none,
        "may_search": request.actor.has(Permission.SEARCH_DIRECTORY),
    }
    return render(request, "staff/practice/signposted.html", context)


def _often(recent: Sequence[Signposting]) -> list[Line]:
    """Need and place of what this desk says most, the most frequent first, the latest first among equals."""
    counted = Counter((one.need, one.pointed_to) for one in recent)
    latest: dict[tuple[str, str], Signposting] = {}
    for one in recent:
        latest.setdefault((one.need, one.pointed_to), one)
    return [_line(latest[pair]) for pair, _times in counted.most_common(OFFERED_AGAIN)]


def _notices(request: StaffRequest, recent: Sequence[Signposting]) -> list[Notice]:
    if request.GET.get("undone"):
        return [Notice(_("Taken out again. It is kept as a mistake and counts nowhere."))]
    saved = next((one for one in recent if str(one.id) == request.GET.get("saved")), None)
    if saved is None:
        return []
    words = _("Saved: %(need)s, pointed to %(place)s.") % {
        "need": needs_in_words([saved.need])[0],
        "place": saved.pointed_to,
    }
    undo = reverse("staff:signposting_mistake", kwargs={"signposting_id": saved.id})
    is_fresh = clock.now() - saved.signposted_at <= UNDO_FOR
    return [Notice(words, tone="good", undo_href=undo if is_fresh else "")]


def _line(one: Signposting) -> Line:
    return Line(one.id, needs_in_words([one.need])[0], one.pointed_to, one.signposted_at, one.listing_id)


def _by_id(actor: Actor, text: str) -> Signposting:
    try:
        wanted = UUID(text)
    except ValueError:
        wanted = None
    found = referrals.signpostings(actor).filter(id=wanted).first() if wanted else None
    if found is None:
        raise NotFound(_("This is no longer in the list of your desk."))
    return found
