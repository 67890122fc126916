"""What was sent, as the other side sees it: the list, one message, and its HTML in a locked box."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any
from uuid import UUID

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.conf import settings
from django.contrib import messages as notices
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import urlize
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.contact_route import Channel, ContactRoute
from fingerpost.web.audit import api as audit
from fingerpost.web.connections import api as connections
from fingerpost.web.directory import api as directory
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.messaging import api as messaging
from fingerpost.web.messaging.api import Message, State
from fingerpost.web.pages import forms
from fingerpost.web.pages.listing import Column, Listing
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.who_reads_what import asks_for
from fingerpost.web.people import api as people
from fingerpost.web.staff.requests import StaffRequest, check_holds
from fingerpost.web.staff.scheme.wording import message_standing
from fingerpost.web.tenancy.api import Permission

View = Callable[..., HttpResponse]

# Inside the box: the mail's own styles and nothing else. No script, no picture from anywhere, no form; a link opens
# a page of its own, as it would from a mail program.
_BOX = "allow-popups allow-popups-to-escape-sandbox"
_BOX_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "form-action": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": _BOX.split(),
}


class SentFilter(forms.FilterForm):
    state = forms.SelectField(
        label=gettext_lazy("How it went"),
        use="narrows the list",
        empty=gettext_lazy("All"),
        choices=[(state.value, state.label) for state in State],
    )


def reader_of_sent(view: View) -> View:
    """Those who may see what was sent; in the demo everybody of the organisation that sends."""

    @wraps(view)
    def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = request.actor
        if settings.FINGERPOST_DEMO and actor.membership_id and actor.sees_people:
            actor = replace(actor, permissions=actor.permissions | {Permission.SEE_SENT_MESSAGES})
        check_holds(actor, Permission.SEE_SENT_MESSAGES)
        return view(request, actor, *args, **kwargs)

    return asks_for(Permission.SEE_SENT_MESSAGES)(guarded)


@require_safe
@reader_of_sent
def sent(request: StaffRequest, actor: Actor) -> HttpResponse:
    """The outbox, newest first."""
    listing = Listing(
        request,
        columns=[
            Column("subject", gettext_lazy("Message")),
            Column("to", gettext_lazy("To"), order=("recipient_label", "-created_at", "id")),
            Column("state", gettext_lazy("How it went")),
            Column("when", gettext_lazy("When"), order=("created_at", "id")),
        ],
        default_sort="-when",
        filters=SentFilter(request.GET),
    )
    states = [State(listing.chosen["state"])] if "state" in listing.chosen else []
    page = listing.page(messaging.outbox(actor, states=states).order_by(*listing.order))
    about = {row.person_id for row in page.rows if row.person_id}
    audit.record_list(actor=request.actor, person_ids=about, page="sent messages")
    context = {
        "title": _("Sent messages"),
        "listing": listing,
        "page": page,
        "names": people.people_by_id(actor, about),
        "standings": {row.id: message_standing(row.state) for row in page.rows},
        "failed": messaging.failed_count(actor),
        "is_demo": settings.FINGERPOST_DEMO,
    }
    return render(request, "staff/scheme/sent.html", context)


@require_safe
@csp_update({"frame-src": [SELF]})
@reader_of_sent
def message(request: StaffRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """One message: how it went, and both its forms."""
    found = messaging.message(actor, message_id=message_id)
    person = _record_seen(request, found)
    word, tone = message_standing(found.state)
    context = {
        "title": found.subject,
        "caption": _("Sent message"),
        "back": NavLink(_("Back to sent messages"), reverse("staff:sent")),
        "message": found,
        "standing": (word, tone, _fault_words(found)),
        "person": person,
        "deliveries": messaging.deliveries_of(actor, message_id=found.id),
        "attachments": messaging.attachments_of(actor, message_id=found.id),
        "text": mark_safe(urlize(found.text, autoescape=True)),  # noqa: S308 - urlize escapes what is not a link
        "box": _BOX,
        "may_resend": found.state == State.FAILED and messaging.can_resend(actor, found),
    }
    return render(request, "staff/scheme/message.html", context)


@require_safe
@xframe_options_sameorigin
@csp(_BOX_POLICY)
@reader_of_sent
def message_html(request: StaffRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """The HTML as it was sent, for the locked box only."""
    found = messaging.message(actor, message_id=message_id)
    _record_seen(request, found)
    # A link opens beside this page: a mail program does the same, and the page behind it refuses to be framed.
    return HttpResponse(found.html.replace("<head>", '<head><base target="_blank">', 1))


@require_POST
@reader_of_sent
def resend(request: StaffRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Send it again, to an address that is allowed today."""
    found = messaging.message(actor, message_id=message_id)
    again = messaging.resend(
        message=found, route=_route_today(request.actor, found), by=request.actor, at=clock.now()
    )
    notices.success(request, _("It is on its way again. Come back in a minute to see how it went."))
    return HttpResponseRedirect(reverse("staff:message", args=[again.id]))


def _record_seen(request: StaffRequest, found: Message) -> people.Person | None:
    """A message that goes to or is about somebody is a view of that person."""
    if found.person_id is None:
        return None
    person = people.people_by_id(request.actor, [found.person_id]).get(found.person_id)
    label = person.full_name if person else ""
    audit.record_view(actor=request.actor, person_id=found.person_id, label=label, page="sent message")
    return person


def _route_today(actor: Actor, found: Message) -> ContactRoute:
    """The way to the reader as it stands now. Without a fresh one, nothing personal can go."""
    if found.about_kind == "connection":
        connection = connections.connection(actor, connection_id=found.about_id)
        return directory.contact_route(actor, listing_id=connection.listing_id, purpose=found.purpose)
    if found.about_kind == connections.ABOUT_LIST and found.to_person_id:
        person = people.person(actor, person_id=found.to_person_id)
        return people.email_route(person, found.purpose, worker_id=actor.user_id, detail_agreed=True)
    if found.about_kind == directory.ABOUT_LISTING:
        return directory.contact_route(actor, listing_id=found.about_id, purpose=found.purpose)
    return ContactRoute(channel=Channel(found.channel), address=found.address, purpose=found.purpose)


def _fault_words(found: Message) -> str:
    return str(found.get_last_fault_display()) if found.last_fault else ""
