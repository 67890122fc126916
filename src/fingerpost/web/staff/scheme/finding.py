"""Finding a listing: for a person, from where they live; and in the directory as such."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.errors import NotFound
from fingerpost.kernel.whole_number import whole_number
from fingerpost.web.casework.api import Case
from fingerpost.web.connections import api as connections
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import SearchResults
from fingerpost.web.geography import api as geography
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme import cards, saved_searches
from fingerpost.web.staff.scheme.case_frame import back_to_person, case_to_settle, render_case
from fingerpost.web.staff.scheme.finding_forms import DirectoryForm, FindForm
from fingerpost.web.staff.scheme.short_list import ids_on_list
from fingerpost.web.tenancy.api import Permission

SESSION_KEY = "fingerpost_find"
KEPT = 5  # searches of so many people are kept, the oldest forgotten
LAST_PAGE = 200


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.CONNECT)
def find(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Search for a person. A search is posted, kept in the session and shown by a plain visit."""
    case = case_to_settle(request, case_id, page="find a group")
    if request.method == "POST":
        again = saved_searches.asked_again(request.actor, request.POST.get("saved", ""))
        _keep(request, case, _asked(request.POST) if again is None else again)
        return HttpResponseRedirect(reverse("staff:find", args=[case.id]))
    asked = _kept(request, case)
    form = FindForm(asked)
    results = connections.search_for_case(
        request.actor,
        case=case,
        criteria=form.criteria(page=_page(asked), person=case.person),
        at=clock.now(),
    )
    context = {
        "title": _("Find a group"),
        "back": back_to_person(case),
        "form": None,
        "find_form": form,
        "chips": form.chips(),
        "cards": cards.cards_of(
            request.actor, results, connected=connections.live_by_listing(request.actor, case_id=case.id)
        ),
        "suggestions": _suggestions(request, case) if _is_first(asked) else [],
        "on_list": set(ids_on_list(request, case)),
        "results": results,
        "from_where": _from_where(case),
        "listing_href": _listing_hrefs(results, "staff:listing_for", case_id=case.id),
        "saved": saved_searches.beside(request.actor),
        **saved_searches.keep_context(form),
    }
    return render_case(request, "find", case, context)


@require_safe
@for_those_who(Permission.SEARCH_DIRECTORY)
def search_directory(request: StaffRequest) -> HttpResponse:
    """The directory without a person; nobody's words, so they may stand in the address and be shared."""
    form = DirectoryForm(request.GET)
    results = directory.search(
        request.actor, form.criteria(page=_page(request.GET), near=form.point()), at=clock.now()
    )
    query = [(name, value) for name, values in request.GET.lists() if name != "page" for value in values]
    context = {
        "title": _("Directory"),
        "form": None,
        "find_form": form,
        "cards": cards.cards_of(request.actor, results),
        "results": results,
        "saved": saved_searches.beside(request.actor),
        **saved_searches.keep_context(form),
        "is_lost": bool(request.GET.get("near", "").strip()) and results.criteria.near is None,
        "page_href": f"{request.path}?{urlencode([*query, ('page', '')])}",
        "chips": [(name, value, said, _without(query, name, value)) for name, value, said in form.chips()],
    }
    return render(request, "staff/scheme/directory.html", context)


@require_safe
@for_those_who(Permission.SEARCH_DIRECTORY)
def listing(request: StaffRequest, listing_id: UUID) -> HttpResponse:
    """One listing with everything that is known of it."""
    details = directory.listing_details(request.actor, listing_id=listing_id, at=clock.now())
    context = _listing_context(request, details)
    context["back"] = NavLink(_("Back to the directory"), reverse("staff:directory"))
    return render(request, "staff/scheme/listing.html", context)


@require_safe
@for_those_who(Permission.CONNECT)
def listing_for(request: StaffRequest, case_id: UUID, listing_id: UUID) -> HttpResponse:
    """One listing, looked at for a person: from here they are put in touch, or told about it."""
    case = case_to_settle(request, case_id, page="look at a listing")
    details = directory.listing_details(request.actor, listing_id=listing_id, at=clock.now())
    live = connections.live_by_listing(request.actor, case_id=case.id).get(listing_id)
    context = _listing_context(request, details) | {
        "back": NavLink(_("Back to the search"), reverse("staff:find", args=[case.id])),
        "live": live,
    }
    return render_case(request, "listing_for", case, context)


@require_POST
@for_those_who(Permission.CONNECT)
def vouch(request: StaffRequest, listing_id: UUID) -> HttpResponse:
    """Somebody has checked the address, by ringing them: it may now be written to."""
    details = directory.listing_details(request.actor, listing_id=listing_id, at=clock.now())
    if not details.email:
        raise NotFound(_("No e-mail address is known for this listing."))
    directory.vouch_for_email(address=details.email, by=request.actor, at=clock.now())
    messages.success(request, _("Saved: the address is right. They can now be asked by e-mail."))
    return HttpResponseRedirect(_back_after_vouching(request, listing_id))


def _back_after_vouching(request: StaffRequest, listing_id: UUID) -> str:
    try:
        case_id = UUID(request.POST.get("case", ""))
    except ValueError:
        return reverse("staff:listing", args=[listing_id])
    return reverse("staff:listing_for", args=[case_id, listing_id])


def _listing_context(request: StaffRequest, details: directory.ListingDetails) -> dict[str, Any]:
    unchecked = bool(details.email) and details.email_state is directory.EmailState.UNCHECKED
    return {
        "title": details.listing.name,
        "caption": details.provider.name if details.provider else "",
        "details": details,
        "facts": cards.facts_of(details),
        "trust": cards.trust_in_words(details.trust),
        "may_report": request.actor.has(Permission.SIGNPOST),
        "may_vouch": unchecked and directory.can_vouch_for_email(request.actor),
    }


def _asked(posted: QueryDict) -> dict[str, list[str]]:
    """What the form or one of its chips asks for: only known questions, never the token."""
    asked = {name: posted.getlist(name) for name in FindForm.base_fields}
    name, _colon, value = posted.get("without", "").partition(":")
    if name in asked:
        asked[name] = [one for one in asked[name] if one != value]
    asked["page"] = [posted.get("page", "1")]
    return asked


def _keep(request: StaffRequest, case: Case, asked: dict[str, list[str]]) -> None:
    kept = {key: value for key, value in request.session.get(SESSION_KEY, {}).items() if key != str(case.id)}
    kept[str(case.id)] = asked
    request.session[SESSION_KEY] = dict(list(kept.items())[-KEPT:])


def _kept(request: StaffRequest, case: Case) -> QueryDict:
    """The last search for this person; the first time, what the practice said they need."""
    query = QueryDict(mutable=True)
    kept = request.session.get(SESSION_KEY, {}).get(str(case.id))
    for name, values in (kept or {"needs": list(case.referral.needs)}).items():
        query.setlist(name, values)
    return query


def _page(asked: QueryDict) -> int:
    return max(1, whole_number(asked.get("page", "1"), most=LAST_PAGE, otherwise=1))


def _is_first(asked: QueryDict) -> bool:
    """Suggestions stand above a search by need, not above words that somebody typed or a later page."""
    return not asked.get("words", "").strip() and _page(asked) == 1


def _suggestions(request: StaffRequest, case: Case) -> list[tuple[connections.Suggestion, str]]:
    found = connections.suggest(request.actor, case=case, at=clock.now())
    return [(one, reverse("staff:listing_for", args=[case.id, one.hit.listing.id])) for one in found]


def _from_where(case: Case) -> str:
    postcode = case.person.postcode
    if not postcode:
        return _("No postcode is known for them, so no distances can be told.")
    if geography.locate(postcode) is None:
        return _("%(postcode)s is not in the gazetteer, so no distances can be told.") % {
            "postcode": postcode
        }
    return _("Distances are from %(postcode)s, in a straight line.") % {"postcode": postcode}


def _listing_hrefs(results: SearchResults, route: str, **more: Any) -> dict[UUID, str]:
    return {
        hit.listing.id: reverse(route, kwargs={**more, "listing_id": hit.listing.id}) for hit in results.hits
    }


def _without(query: list[tuple[str, str]], name: str, value: str) -> str:
    return "?" + urlencode([pair for pair in query if pair != (name, value)])
