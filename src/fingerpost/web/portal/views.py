"""Pages behind a link. A GET shows and changes nothing; only a pressed button does."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError, NotFound
from fingerpost.web.audit import api as audit
from fingerpost.web.connections import api as connections
from fingerpost.web.connections.api import ReplyKind
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.people.api import SharedField
from fingerpost.web.portal.access import Holder, for_link_holders
from fingerpost.web.portal.answers import answer_to, answers_to, next_steps, standing, thanks
from fingerpost.web.portal.forms import AnswerForm, UndoForm, form_for


@for_link_holders
@require_safe
def connection(request: HttpRequest, holder: Holder) -> HttpResponse:
    """What is asked, and the answers. Names nobody: programs that follow links may read this."""
    return _overview(request, holder, shown=None)


@for_link_holders
def details(request: HttpRequest, holder: Holder) -> HttpResponse:
    """The same page with what the person agreed to share; somebody has pressed for it, which is logged."""
    shown = connections.details(holder.actor, connection_id=holder.connection.id)
    if shown is None or request.method != "POST":
        return HttpResponseRedirect(_address("connection", holder))
    audit.record_view(
        actor=holder.actor,
        person_id=shown.person_id,
        label=holder.connection.reference,
        page="portal:details",
    )
    return _overview(request, holder, shown=shown)


@for_link_holders
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest, holder: Holder, answer: str) -> HttpResponse:
    """One answer: one sentence, at most one question, a box for words, a button."""
    found = answer_to(holder.connection, answer)
    kind = found.kind if found else _kind(answer)
    on = clock.today()
    form = form_for(kind)(request.POST or None, connection=holder.connection, on=on)
    if request.method == "POST" and form.is_valid():
        try:
            return _record(form, holder, kind)
        except FingerpostError as error:
            form.refuse(error)
    if found is None:
        return HttpResponseRedirect(_address("connection", holder))
    context = {
        "title": found.question,
        "answer": found,
        "form": form,
        "scheme": holder.scheme,
        "connection": holder.connection,
        "back": NavLink(_("Other answers"), _address("connection", holder)),
    }
    return render(request, "portal/say.html", context)


@for_link_holders
@require_safe
def done(request: HttpRequest, holder: Holder) -> HttpResponse:
    """The last answer, what happens next, and undo for ten minutes."""
    reply = _last_of_provider(holder)
    if reply is None:
        return HttpResponseRedirect(_address("connection", holder))
    can_undo = connections.can_undo(holder.actor, holder.connection, reply, clock.now())
    context = {
        "title": thanks(reply),
        "steps": next_steps(reply),
        "scheme": holder.scheme,
        "connection": holder.connection,
        "shares_details": _shares(holder),
        "undo": UndoForm(initial={"reply": reply.id}) if can_undo else None,
        "addresses": _addresses(holder),
    }
    return render(request, "portal/done.html", context)


@for_link_holders
def undo(request: HttpRequest, holder: Holder) -> HttpResponse:
    """Take back the answer that the form names; nothing without a press."""
    form = UndoForm(request.POST or None)
    reply = _last_of_provider(holder)
    if form.is_valid() and reply is not None and str(reply.id) == form.cleaned_data["reply"]:
        return once(form, by=holder.actor, at=clock.now(), perform=lambda: _undo(reply, holder))
    return HttpResponseRedirect(_address("connection", holder))


def _overview(
    request: HttpRequest, holder: Holder, *, shown: connections.SharedDetails | None
) -> HttpResponse:
    offered = answers_to(holder.connection)
    first = offered[0] if offered else None
    can_press = first is not None and not first.needs_words
    context = {
        "title": _title(holder),
        "scheme": holder.scheme,
        "connection": holder.connection,
        "standing": standing(holder.connection),
        "shown": _rows(shown),
        "may_show": shown is None and _shares(holder),
        "press": first if can_press else None,
        "press_form": AnswerForm(connection=holder.connection, on=clock.today()),
        "answers": offered[1:] if can_press else offered,
        "addresses": _addresses(holder),
    }
    return render(request, "portal/connection.html", context)


def _record(form: AnswerForm, holder: Holder, kind: ReplyKind) -> HttpResponse:
    """One press, one answer: a second press of the same form leads to the same page."""

    def perform() -> str:
        connections.record_reply(
            connection=holder.connection, reply=form.reply(kind), by=holder.actor, at=clock.now()
        )
        return _address("done", holder)

    return once(form, by=holder.actor, at=clock.now(), perform=perform)


def _undo(reply: connections.ProviderReply, holder: Holder) -> str:
    connections.undo(reply=reply, by=holder.actor, at=clock.now())
    return _address("connection", holder)


def _title(holder: Holder) -> str:
    listing = {"listing": holder.connection.listing_name}
    if holder.connection.details_seen:
        return _("Somebody who would like to come to %(listing)s") % listing
    return _("Do you take people at %(listing)s?") % listing


def _shares(holder: Holder) -> bool:
    """Whether there is something to read now. Asked of the database: the wall decides, not the page."""
    return connections.details(holder.actor, connection_id=holder.connection.id) is not None


def _rows(shown: connections.SharedDetails | None) -> list[tuple[str, str]]:
    """What may be read, in words, in the order of `SharedField`."""
    if shown is None:
        return []
    said = {field: shown.fields[field] for field in SharedField if shown.fields.get(field)}
    if SharedField.PHONE in said:
        said[SharedField.PHONE] = _as_dialled(said[SharedField.PHONE])
    return [(str(field.label).capitalize(), value) for field, value in said.items()]


def _as_dialled(number: str) -> str:
    """A British number as people write it: 07700 900456; another country's as it is."""
    return f"0{number[3:7]} {number[7:]}" if number.startswith("+44") else number


def _last_of_provider(holder: Holder) -> connections.ProviderReply | None:
    reply = connections.last_reply(holder.actor, connection_id=holder.connection.id)
    return reply if reply is not None and reply.by_provider else None


def _kind(answer: str) -> ReplyKind:
    try:
        return ReplyKind(answer)
    except ValueError as fault:
        raise NotFound(_("There is no such answer.")) from fault


def _addresses(holder: Holder) -> dict[str, str]:
    return {name: _address(name, holder) for name in ("connection", "details", "done", "undo")}


def _address(name: str, holder: Holder) -> str:
    return reverse(f"portal:{name}", kwargs={"token": holder.token})
