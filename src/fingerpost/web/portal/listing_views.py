"""Pages for whoever runs a listing, behind its link. A GET shows and changes nothing; only a pressed button does."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError, NotFound
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import ABOUT_ROOM, OwnerAnswer, OwnerSays
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.portal.listing_access import ListingHolder, for_listing_holders
from fingerpost.web.portal.listing_forms import ChangeForm, SayForm, UndoAnswerForm, form_for
from fingerpost.web.portal.listing_words import presses

_ROOM_FOR_HOW_LONG = (OwnerSays.WAITING_LIST, OwnerSays.FULL)


@for_listing_holders
@require_safe
def listing(request: HttpRequest, holder: ListingHolder) -> HttpResponse:
    """What the directory says, and everything that can be said about it. Programs that follow links may read this."""
    details = directory.listing_details(holder.actor, listing_id=holder.listing.id, at=clock.now())
    offered = presses(holder.listing.name)
    context = {
        "title": holder.listing.name,
        "scheme": holder.keeper,
        "trust": details.trust,
        "room": details.capacity,
        "facts": _facts(details),
        "first": offered[OwnerSays.STILL_RIGHT],
        "first_form": SayForm(),
        "closed": offered[OwnerSays.CLOSED],
        "rooms": [(offered[says], SayForm()) for says in ABOUT_ROOM],
        "base": _address("listing", holder),
        "waiting": [
            one
            for one in directory.proposals_of(holder.actor, listing_id=holder.listing.id)[:5]
            if one.state == directory.ProposalState.WAITING
        ],
    }
    return render(request, "portal/listing.html", context)


@for_listing_holders
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest, holder: ListingHolder, answer: str) -> HttpResponse:
    """One answer: one sentence, at most one question, a button."""
    says = _says(answer)
    press = presses(holder.listing.name)[says]
    form = form_for(says)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _record(form, holder, says)
        except FingerpostError as error:
            form.refuse(error)
    context = {
        "title": press.question,
        "answer": press,
        "form": form,
        "scheme": holder.keeper,
        "back": NavLink(_("Your listing"), _address("listing", holder)),
    }
    return render(request, "portal/listing_say.html", context)


@for_listing_holders
@require_safe
def done(request: HttpRequest, holder: ListingHolder) -> HttpResponse:
    """The last answer, what may be added to it, and undo for ten minutes."""
    answer = directory.last_answer(holder.actor, listing_id=holder.listing.id)
    if answer is None:
        return HttpResponseRedirect(_address("listing", holder))
    can_undo = _is_own(answer, holder) and directory.can_undo_answer(answer, clock.now())
    said = presses(holder.listing.name)[OwnerSays(answer.says)]
    context = {
        "title": said.thanks,
        "more": _more_about_room(holder, OwnerSays(answer.says)),
        "more_about": said,
        "listing": holder.listing,
        "scheme": holder.keeper,
        "undo": UndoAnswerForm(initial={"answer": answer.id}) if can_undo else None,
        "base": _address("listing", holder),
    }
    return render(request, "portal/listing_done.html", context)


@for_listing_holders
def undo(request: HttpRequest, holder: ListingHolder) -> HttpResponse:
    """Take back the answer that the form names; nothing without a press."""
    form = UndoAnswerForm(request.POST or None)
    answer = directory.last_answer(holder.actor, listing_id=holder.listing.id)
    if form.is_valid() and answer is not None and str(answer.id) == form.cleaned_data["answer"]:

        def perform() -> str:
            directory.undo_answer(answer=answer, by=holder.actor, at=clock.now())
            return _address("listing", holder)

        return once(form, by=holder.actor, at=clock.now(), perform=perform)
    return HttpResponseRedirect(_address("listing", holder))


@for_listing_holders
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, holder: ListingHolder) -> HttpResponse:
    """The listing as a form. What carries little risk is taken over at once, the rest waits for a colleague."""
    form = ChangeForm(request.POST or None, listing=holder.listing)
    if request.method == "POST" and form.is_valid():
        try:
            return _propose(form, holder)
        except FingerpostError as error:
            form.refuse(error)
    context = {
        "title": _("What has changed?"),
        "caption": holder.listing.name,
        "form": form,
        "scheme": holder.keeper,
        "back": NavLink(_("Your listing"), _address("listing", holder)),
    }
    return render(request, "portal/listing_change.html", context)


@for_listing_holders
@require_safe
def changed(request: HttpRequest, holder: ListingHolder) -> HttpResponse:
    """What was taken over, and what waits."""
    proposals = list(directory.proposals_of(holder.actor, listing_id=holder.listing.id)[:2])
    if not proposals:
        return HttpResponseRedirect(_address("listing", holder))
    newest = [one for one in proposals if one.proposed_at == proposals[0].proposed_at]
    context = {
        "title": _("Thank you for keeping it right"),
        "scheme": holder.keeper,
        "at_once": [_label(name) for one in newest for name in one.applied_fields],
        "waiting": [_label(name) for one in newest if not one.decided_at for name in one.changes],
        "has_note": any(one.note for one in newest),
        "base": _address("listing", holder),
        "form": SayForm(),
    }
    return render(request, "portal/listing_changed.html", context)


def _record(form: SayForm, holder: ListingHolder, says: OwnerSays) -> HttpResponse:
    given = form.cleaned_data

    def perform() -> str:
        directory.answer_as_owner(
            listing_id=holder.listing.id,
            says=says,
            waiting_weeks=given.get("waiting_weeks"),
            full_until=given.get("full_until"),
            by=holder.actor,
            at=clock.now(),
        )
        return _address("listing_done", holder)

    return once(form, by=holder.actor, at=clock.now(), perform=perform)


def _propose(form: ChangeForm, holder: ListingHolder) -> HttpResponse:
    def perform() -> str:
        made, _changes = directory.propose_as_owner(
            listing_id=holder.listing.id,
            fields=form.changes(),
            note=form.cleaned_data["note"],
            by=holder.actor,
            at=clock.now(),
        )
        return _address("listing_changed" if made else "listing", holder)

    return once(form, by=holder.actor, at=clock.now(), perform=perform)


def _facts(details: directory.ListingDetails) -> list[tuple[str, str]]:
    """What people read, as question and answer; what is not known is said to be so, for here it can be put right."""
    one = details.listing
    rows = [(str(label), str(getattr(one, name) or "")) for name, label in directory.FIELD_LABELS.items()]
    when = "; ".join(details.when)
    phones = "; ".join(phone.number for phone in details.phones)
    return [*rows, (_("When"), when), (_("Phone"), phones)]


def _more_about_room(holder: ListingHolder, says: OwnerSays) -> SayForm | None:
    """One press says that there is a wait or no room; for how long may be added, and need not."""
    room = directory.listing_details(holder.actor, listing_id=holder.listing.id, at=clock.now()).capacity
    is_said = room.waiting_weeks if says is OwnerSays.WAITING_LIST else room.full_until
    return None if says not in _ROOM_FOR_HOW_LONG or is_said else form_for(says)()


def _says(answer: str) -> OwnerSays:
    try:
        return OwnerSays(answer)
    except ValueError as fault:
        raise NotFound(_("There is no such answer.")) from fault


def _is_own(answer: OwnerAnswer, holder: ListingHolder) -> bool:
    return bool(answer.answered_by == holder.actor.id)


def _label(name: str) -> str:
    return str(directory.FIELD_LABELS.get(name, name))


def _address(name: str, holder: ListingHolder) -> str:
    return reverse(f"portal:{name}", kwargs={"token": holder.token})
