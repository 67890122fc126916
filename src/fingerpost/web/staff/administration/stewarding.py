"""A steward's morning: what is doubtful and much used, what was suggested, and what the area has agreed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import AreaRules, AssuranceKind, AssuranceRule, EmailState, Proposal
from fingerpost.web.pages import forms
from fingerpost.web.pages.listing import Column, Listing
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.pages.words import capitalize_first, day
from fingerpost.web.staff.administration.frame import directory_links, names_of
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme.cards import trust_in_words
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Permission

SUGGESTIONS_SHOWN = 20


@require_safe
@for_those_who(Permission.IMPORT_DIRECTORY)
def directory_work(request: StaffRequest) -> HttpResponse:
    """What waits for a decision, and the listings that are doubtful, by use times doubt."""
    actor, at = request.actor, clock.now()
    listing = Listing(
        request,
        columns=[
            Column("listing", gettext_lazy("Listing")),
            Column("trust", gettext_lazy("How far to trust it")),
            Column("use", gettext_lazy("Sent there in a year"), order=("use", "listing_id"), numeric=True),
            Column(
                "worth", gettext_lazy("Use × doubt"), order=("worth", "points", "listing_id"), numeric=True
            ),
            Column("owner", gettext_lazy("Its owner")),
        ],
        default_sort="-worth",
    )
    page = listing.page(directory.doubtful_listings(actor, at=at).order_by(*listing.order))
    ids = [one.listing_id for one in page.rows]
    trusts = directory.trust_of_listings(actor, ids, at=at)
    asked = directory.questions_to(actor, ids)
    states = directory.email_states(actor, [_address(one.listing) for one in page.rows])
    waiting = directory.waiting_proposals(actor)
    context = {
        "title": _("Keep it true"),
        "listing": listing,
        "page": page,
        "trusts": {one: trust_in_words(trust) for one, trust in trusts.items()},
        "owners": {
            one.listing_id: _asked_words(one.listing, asked.get(one.listing_id), states) for one in page.rows
        },
        "waiting": list(waiting[:SUGGESTIONS_SHOWN]),
        "waiting_total": waiting.count(),
        "keeper": directory.keeper_of(directory.area_rules(actor)),
        "subnavigation": directory_links(actor, here="staff:directory_work"),
    }
    return render(request, "staff/administration/directory_work.html", context)


def _address(one: directory.Listing) -> str:
    """Where its owner would be written to."""
    return str(one.email or (one.provider.email if one.provider else ""))


def _asked_words(
    one: directory.Listing,
    question: directory.OwnerQuestion | None,
    states: Mapping[str, EmailState],
) -> str:
    """What its owner was asked, or what stands in the way of asking."""
    if question is not None and question.settled_at:
        return _("Answered on %(day)s.") % {"day": day(question.settled_at)}
    if question is not None:
        return _("Asked on %(day)s, no answer yet.") % {"day": day(question.asked_at)}
    address = _address(one).lower()
    if not address:
        return _("No e-mail address is known: ring them.")
    if states[address] is EmailState.UNCHECKED:
        return _("Nobody has checked its e-mail address, so it cannot be asked.")
    if states[address] is EmailState.REFUSED:
        return _("They do not want e-mails: ring them.")
    return _("Not asked yet.")


class DecideForm(forms.PageForm):
    """Which of the proposed fields are taken over."""

    marks_optional = False

    take = forms.ChoicesField(
        label=gettext_lazy("What do you take over?"),
        use="the listing says it from now on",
        help_text=gettext_lazy(
            "Take the tick away from what you do not take over. No tick: nothing is changed."
        ),
        required=False,
    )
    because = forms.TextField(
        label=gettext_lazy("Why?"),
        use="kept with the suggestion",
        help_text=gettext_lazy(
            "You may leave it empty. For example: rang them today. Nothing about a person."
        ),
        required=False,
        max_length=300,
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, proposed: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        changes = directory.changes_of(proposed)
        self.offer("take", [(one.field, one.label) for one in changes])
        self.fields["take"].initial = [one.field for one in changes if not one.has_moved]
        if not changes:
            del self.fields["take"]


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.IMPORT_DIRECTORY)
def proposal(request: StaffRequest, proposal_id: UUID) -> HttpResponse:
    """One suggestion, field by field; a steward takes over what is right."""
    found = directory.proposal(request.actor, proposal_id=proposal_id)
    form = DecideForm(request.POST if request.method == "POST" else None, proposed=found)
    if request.method == "POST" and form.is_valid():
        try:
            return _decide(request, found, form)
        except FingerpostError as refusal:
            form.refuse(refusal)
    is_open = found.state == directory.ProposalState.WAITING
    context = {
        "title": _("A suggestion"),
        "caption": found.listing.name,
        "back": NavLink(_("Back to the work"), reverse("staff:directory_work")),
        "form": form if is_open else None,
        "proposed": found,
        "changes": directory.changes_of(found),
        "origin": capitalize_first(str(found.get_origin_display())),
        "decided_by": names_of([found.decided_by])[found.decided_by] if found.decided_by else "",
    }
    return render(request, "staff/administration/proposal.html", context)


def _decide(request: StaffRequest, found: Proposal, form: DecideForm) -> HttpResponse:
    at, taken = clock.now(), form.cleaned_data.get("take") or []

    def perform() -> str:
        directory.decide_proposal(
            proposal_id=found.id, take=taken, because=form.cleaned_data["because"], by=request.actor, at=at
        )
        said = ngettext("%(n)s field was taken over.", "%(n)s fields were taken over.", len(taken))
        messages.success(request, said % {"n": len(taken)} if taken else _("Nothing was changed."))
        return reverse("staff:directory_work")

    return once(form, by=request.actor, at=at, perform=perform)


@require_POST
@for_those_who(Permission.IMPORT_DIRECTORY)
def verify_listing(request: StaffRequest, listing_id: UUID) -> HttpResponse:
    """A steward has checked everything that the listing says."""
    directory.verify(listing_id=listing_id, by=request.actor, at=clock.now())
    messages.success(request, _("Saved: you checked it today."))
    return HttpResponseRedirect(reverse("staff:listing", args=[listing_id]))


@require_POST
@for_those_who(Permission.IMPORT_DIRECTORY)
def send_owner_link(request: StaffRequest, listing_id: UUID) -> HttpResponse:
    """Send whoever runs it the link with which they keep it right themselves."""
    found = directory.listing_details(request.actor, listing_id=listing_id, at=clock.now())
    if found.email_state in (EmailState.CHECKED, EmailState.CONFIRMED):
        directory.put_off_link(listing_id, by=request.actor)
        messages.success(
            request, _("The link goes to %(address)s, once a day at most.") % {"address": found.email}
        )
    else:
        messages.warning(request, _("No address is known that may be written to, so nothing was sent."))
    return HttpResponseRedirect(reverse("staff:listing", args=[listing_id]))


@require_safe
@for_those_who(Permission.IMPORT_DIRECTORY)
def listing_history(request: StaffRequest, listing_id: UUID) -> HttpResponse:
    """How a listing came to say what it says; each earlier state can be brought back."""
    one = directory.listing(request.actor, listing_id=listing_id)
    proposals = list(directory.proposals_of(request.actor, listing_id=listing_id)[:SUGGESTIONS_SHOWN])
    context = {
        "title": _("What it said before"),
        "caption": one.name,
        "back": NavLink(_("Back to the listing"), reverse("staff:listing", args=[one.id])),
        "one": one,
        "versions": directory.history_of(request.actor, listing_id=listing_id),
        "proposals": proposals,
        "form": None,
        "restore_form": RestoreForm(),
    }
    return render(request, "staff/administration/listing_history.html", context)


class RestoreForm(forms.PageForm):
    submission = forms.SubmissionKeyField()


@require_POST
@for_those_who(Permission.IMPORT_DIRECTORY)
def restore_listing(request: StaffRequest, listing_id: UUID, event_id: int) -> HttpResponse:
    """Bring back what it said then, as a steward's word. Nothing is lost: it can be brought back again."""
    values, at = directory.values_at(request.actor, listing_id=listing_id, event_id=event_id), clock.now()
    form = RestoreForm(request.POST)
    here = reverse("staff:listing_history", args=[listing_id])

    def perform() -> str:
        directory.restore_fields(listing_id=listing_id, values=values, by=request.actor, at=at)
        messages.success(request, _("It says again what it said then."))
        return here

    if not form.is_valid():
        return HttpResponseRedirect(here)
    return once(form, by=request.actor, at=at, perform=perform)


class RulesForm(forms.PageForm):
    """What the area has agreed about its directory."""

    review_months = forms.NumberField(
        label=gettext_lazy("How often is each listing checked?"),
        use="after this its owner is asked",
        suffix=gettext_lazy("months"),
        width=3,
        min_value=1,
        max_value=36,
    )
    grace_days = forms.NumberField(
        label=gettext_lazy("How many days of grace after that?"),
        use="then it comes later in a search",
        suffix=gettext_lazy("days"),
        width=3,
        min_value=0,
        max_value=365,
    )
    ask_again_days = forms.NumberField(
        label=gettext_lazy("Within how many days is an owner not asked twice?"),
        use="so that nobody gets too much mail",
        suffix=gettext_lazy("days"),
        width=3,
        min_value=7,
        max_value=365,
    )
    capacity_days = forms.NumberField(
        label=gettext_lazy("For how long does “full” or “taking people” hold?"),
        use="then it is not known any more",
        suffix=gettext_lazy("days"),
        width=3,
        min_value=1,
        max_value=365,
    )
    assurance_rule = forms.ChoiceField(
        label=gettext_lazy(
            "When insurance or other papers have ended, what happens when somebody is put in touch?"
        ),
        use="warns or stops connections",
        choices=[(rule.value, capitalize_first(str(rule.label))) for rule in AssuranceRule],
    )
    assurance_kinds = forms.ChoicesField(
        label=gettext_lazy("Which papers must there be?"),
        use="without them it counts as ended",
        help_text=gettext_lazy("Papers that were once there count whenever they have ended."),
        required=False,
        choices=[(kind.value, capitalize_first(str(kind.label))) for kind in AssuranceKind],
    )
    asks_as = forms.SelectField(
        label=gettext_lazy("In whose name are owners written to?"),
        use="its name and phone number stand in each e-mail",
        empty=gettext_lazy("The system's own organisation"),
        required=False,
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, rules: AreaRules, **kwargs: Any) -> None:
        initial = {name: getattr(rules, name) for name in self.base_fields if hasattr(rules, name)}
        initial["asks_as"] = str(rules.asks_as_id or "")
        super().__init__(*args, initial=initial, **kwargs)
        self.offer("asks_as", [(str(one.id), one.name) for one in tenancy.organisations()[:200]])


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.IMPORT_DIRECTORY)
def area_rules(request: StaffRequest) -> HttpResponse:
    """How often listings are checked, how long a word about room holds, what ended papers do."""
    rules = directory.area_rules(request.actor)
    form = RulesForm(request.POST if request.method == "POST" else None, rules=rules)
    if request.method == "POST" and form.is_valid():
        try:
            return _agree(request, form)
        except FingerpostError as refusal:
            form.refuse(refusal)
    context = {
        "title": _("What your area has agreed"),
        "back": NavLink(_("Back to the work"), reverse("staff:directory_work")),
        "form": form,
        "agreed_by": names_of([rules.set_by])[rules.set_by] if rules.set_by else "",
        "rules": rules,
    }
    return render(request, "staff/administration/area_rules.html", context)


def _agree(request: StaffRequest, form: RulesForm) -> HttpResponse:
    given, at = form.cleaned_data, clock.now()

    def perform() -> str:
        directory.agree_rules(
            review_months=given["review_months"],
            grace_days=given["grace_days"],
            ask_again_days=given["ask_again_days"],
            capacity_days=given["capacity_days"],
            assurance_rule=given["assurance_rule"],
            assurance_kinds=given["assurance_kinds"],
            asks_as_id=UUID(given["asks_as"]) if given["asks_as"] else None,
            by=request.actor,
            at=at,
        )
        messages.success(request, _("Saved. From now on it goes by these rules."))
        return reverse("staff:directory_work")

    return once(form, by=request.actor, at=at, perform=perform)
