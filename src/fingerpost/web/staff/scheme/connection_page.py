"""One connection: where it stands, what was said, and everything a worker can do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError, NotAllowed
from fingerpost.web.casework.api import Case
from fingerpost.web.connections import api as connections
from fingerpost.web.connections.api import Connection, ConnectionStatus, ProviderReply
from fingerpost.web.directory import api as directory
from fingerpost.web.messaging import api as messaging
from fingerpost.web.pages import forms, words
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.people.api import SharedField
from fingerpost.web.staff.practice.wording import phone_in_words
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme.case_frame import back_to_person, open_case, render_case
from fingerpost.web.staff.scheme.connecting_forms import ReplyForm, ToldForm, WithdrawForm
from fingerpost.web.staff.scheme.wording import connection_standing, message_standing, reason_in_words
from fingerpost.web.tenancy.api import Permission


@require_safe
@for_those_who(Permission.CONNECT)
def connection(request: StaffRequest, connection_id: UUID) -> HttpResponse:
    """The connection with its story."""
    found, case = own_connection(request, connection_id, page="connection")
    actor, at = request.actor, clock.now()
    replies = connections.replies_of(actor, connection_id=found.id)
    last = next((one for one in replies if one.undone_at is None), None)
    steers = connections.can_steer(actor, found)
    context = {
        "title": found.listing_name,
        "caption": _("Connection"),
        "back": back_to_person(case),
        "connection": found,
        "kind": str(connections.ConnectionKind(found.kind).label),
        "standing": connection_standing(found),
        "shared": _shared(request, found),
        "replies": [(one, reply_words(one)) for one in replies],
        "messages_sent": [
            (one, *message_standing(one.state))
            for one in messaging.messages_about(actor, ("connection", found.id))
        ],
        "may_open_messages": actor.has(Permission.SEE_SENT_MESSAGES),
        "phones": [one.number for one in directory.phones_of(actor, listing_id=found.listing_id)],
        "may_reply": steers and _has_answers(found),
        "may_withdraw": steers and found.is_live,
        "may_withdraw_consent": steers and found.consent is not None and found.consent.is_live,
        "may_mark": connections.can_mark_error(actor, found)
        and found.status != ConnectionStatus.ENTERED_IN_ERROR,
        "may_undo": last is not None and connections.can_undo(actor, found, last, at),
        "is_back": steers and _is_back(found),
    }
    return render_case(request, "connection", case, context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.CONNECT)
def reply(request: StaffRequest, connection_id: UUID) -> HttpResponse:
    """Write down what they said on the phone."""
    found, case = own_connection(request, connection_id, page="write down an answer")
    form = ReplyForm(request.POST if request.method == "POST" else None, connection=found)

    def act() -> str:
        connections.record_reply(connection=found, reply=form.to_reply(), by=request.actor, at=clock.now())
        return _("Saved. You can undo it for ten minutes.")

    page = {
        "title": _("What they said on the phone"),
        "explanation": _("The directory learns of it too: whether they have room, and that they answered."),
        "fields": ["kind", "note"],
        "button": _("Save what they said"),
    }
    return _change(request, found, case, form, act=act, page=page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.CONNECT)
def withdraw(request: StaffRequest, connection_id: UUID) -> HttpResponse:
    """Take it back; the group is told that they are not coming, and not why."""
    found, case = own_connection(request, connection_id, page="take a connection back")
    form = WithdrawForm(request.POST if request.method == "POST" else None, connection=found)

    def act() -> str:
        given = form.cleaned_data
        connections.withdraw(
            connection=found, reason=given["reason"], note=given["note"], by=request.actor, at=clock.now()
        )
        return _("Taken back. The link in their e-mail no longer works.")

    page = {
        "title": _("Take the connection back"),
        "explanation": _(
            "The link in their e-mail stops working at once. If they have read who would come, they are told that "
            "nobody is coming, without a name and without a reason."
        ),
        "fields": ["reason", "note"],
        "button": _("Take it back"),
    }
    return _change(request, found, case, form, act=act, page=page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.CONNECT)
def consent_withdrawn(request: StaffRequest, connection_id: UUID) -> HttpResponse:
    """The person took their agreement to share back: every link under it dies at once."""
    found, case = own_connection(request, connection_id, page="agreement taken back")
    form = ToldForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        if found.consent is None or not found.consent.is_live:
            raise NotAllowed(
                _("There is no agreement to share that could be taken back."), reason="no_consent"
            )
        connections.consent_withdrawn(consent=found.consent, by=request.actor, at=clock.now())
        return _("Their agreement is taken back. Nobody at the group can read anything about them any more.")

    page = {
        "title": _("They took their agreement back"),
        "explanation": _(
            "From this moment the group can read nothing about %(name)s: its links stop working and the connection "
            "ends. What they agreed to, and that they took it back, stays in the record."
        )
        % {"name": case.person.called},
        "fields": [],
        "button": _("Take their agreement back"),
    }
    return _change(request, found, case, form, act=act, page=page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.CORRECT_RECORDS)
def mistake(request: StaffRequest, connection_id: UUID) -> HttpResponse:
    """Wrong person, wrong listing, or twice."""
    found, case = own_connection(request, connection_id, page="mark a connection as a mistake")
    form = ToldForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        connections.mark_entered_in_error(connection=found, by=request.actor, at=clock.now())
        return _("The connection is marked as a mistake. It stays in the record and counts nowhere.")

    page = {
        "title": _("Mark the connection as a mistake"),
        "explanation": _(
            "For the wrong person, the wrong group, or the same connection twice. Its links stop working. It is kept, "
            "with who marked it and when, and counts nowhere. This cannot be undone."
        ),
        "fields": [],
        "button": _("Mark as a mistake"),
    }
    return _change(request, found, case, form, act=act, page=page)


@require_POST
@for_those_who(Permission.CONNECT)
def seen(request: StaffRequest, connection_id: UUID) -> HttpResponse:
    """Taken note of: it leaves the Today page."""
    found, case = own_connection(request, connection_id, page="took note of an answer")
    connections.mark_seen(connection=found, by=request.actor, at=clock.now())
    messages.success(request, _("Noted. It is off your Today page."))
    return HttpResponseRedirect(reverse("staff:case", args=[case.id]))


@require_POST
@for_those_who(Permission.CONNECT)
def undo(request: StaffRequest, connection_id: UUID) -> HttpResponse:
    """Take back the latest answer, within ten minutes."""
    found, _case = own_connection(request, connection_id, page="undo an answer")
    last = connections.last_reply(request.actor, connection_id=found.id)
    if last is not None:
        connections.undo(reply=last, by=request.actor, at=clock.now())
        messages.success(request, _("Undone. The connection stands as it did before."))
    return HttpResponseRedirect(reverse("staff:connection", args=[found.id]))


def own_connection(request: StaffRequest, connection_id: UUID, *, page: str) -> tuple[Connection, Case]:
    """A connection of the actor's scheme and its case, the opening logged."""
    found = connections.connection(request.actor, connection_id=connection_id)
    return found, open_case(request, found.case_id, page=page)


def _change(
    request: StaffRequest,
    found: Connection,
    case: Case,
    form: forms.PageForm,
    *,
    act: Callable[[], str],
    page: dict[str, Any],
) -> HttpResponse:
    here = reverse("staff:connection", args=[found.id])

    def perform() -> str:
        messages.success(request, act())
        return here

    if request.method == "POST" and form.is_valid():
        try:
            return once(form, by=request.actor, at=clock.now(), perform=perform)
        except FingerpostError as refusal:
            form.refuse(refusal)
    context = page | {
        "form": form,
        "caption": found.listing_name,
        "back": NavLink(_("Back to the connection"), here),
    }
    return render_case(request, "decide", case, context)


def _has_answers(found: Connection) -> bool:
    return bool(connections.replies_from(ConnectionStatus(found.status), details_seen=found.details_seen))


def _is_back(found: Connection) -> bool:
    back = (
        ConnectionStatus.ACCEPTED,
        ConnectionStatus.RETURNED,
        ConnectionStatus.FULL,
        ConnectionStatus.DECLINED,
        ConnectionStatus.STOPPED,
    )
    return found.status in back and found.seen_at is None


def _shared(request: StaffRequest, found: Connection) -> list[tuple[str, str]]:
    held = connections.details(request.actor, connection_id=found.id)
    if held is None:
        return []
    values = {SharedField(name): value for name, value in held.fields.items()}
    return [
        (
            words.capitalize_first(str(name.label)),
            phone_in_words(values[name]) if name is SharedField.PHONE else values[name],
        )
        for name in SharedField
        if name in values
    ]


def reply_words(one: ProviderReply) -> str:
    """One answer in a sentence."""
    kind = connections.ReplyKind(one.kind)
    values = {
        "answer": str(kind.label),
        "reason": reason_in_words(one.reason),
        "day": words.day(one.happened_on),
        "weeks": one.waiting_weeks,
        "until": words.day(one.full_until),
    }
    if one.happened_on:
        said = _("%(answer)s on %(day)s")
    elif one.waiting_weeks:
        said = _("%(answer)s, about %(weeks)s weeks")
    elif one.full_until:
        said = _("%(answer)s until %(until)s")
    elif one.reason and kind is not connections.ReplyKind.FULL:
        said = _("%(answer)s: %(reason)s")
    else:
        said = "%(answer)s"
    return said % values
