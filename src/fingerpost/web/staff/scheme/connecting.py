"""Connecting a person to a listing: agreement, a look at exactly what will be sent, and what happens next."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.contact_route import ContactRoute
from fingerpost.kernel.errors import FingerpostError, NotAllowed, NotFound
from fingerpost.web.casework.api import Case
from fingerpost.web.connections import api as connections
from fingerpost.web.connections.api import AskedBy, Connection, ConnectionKind, ConnectionStatus
from fingerpost.web.directory import api as directory
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pages import words
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.people import api as people
from fingerpost.web.people.api import SharedField
from fingerpost.web.staff.practice.wording import phone_in_words
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme.case_frame import back_to_person, case_to_settle, open_case, render_case
from fingerpost.web.staff.scheme.connecting_forms import ConnectForm, ToldForm, cannot_share
from fingerpost.web.tenancy.api import Permission

STEP = "step"
SEND, CHANGE = "send", "change"


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.CONNECT)
def connect(request: StaffRequest, case_id: UUID, listing_id: UUID) -> HttpResponse:
    """What they agreed to; then exactly what will be sent; then it is sent."""
    case = case_to_settle(request, case_id, page="put in touch")
    listing = directory.listing(request.actor, listing_id=listing_id)
    route, refusal = _route(request.actor, listing)
    papers = directory.standing_of(request.actor, listing_id=listing.id, on=clock.today())
    form = ConnectForm(
        request.POST if request.method == "POST" else None,
        person=case.person,
        by_email=route is not None,
        asks_for_risk=papers.blocks and directory.can_take_risk(request.actor),
    )
    if request.method != "POST" or not form.is_valid() or request.POST.get(STEP) == CHANGE:
        return _form_page(request, case, listing, form, refusal)
    try:
        shared = connections.details_of(
            case.person,
            shared_fields=form.fields_shared(),
            message=form.message_shared(),
            on=clock.today(),
            forbidden=people.forbidden_fields(case.person),
        )
        if request.POST.get(STEP) != SEND:
            return _preview(request, case, listing, form, route=route, shared=shared)
        return _send(request, case, listing, form)
    except FingerpostError as error:
        form.refuse(error)
        return _form_page(request, case, listing, form, refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.CONNECT)
def told_about(request: StaffRequest, case_id: UUID, listing_id: UUID) -> HttpResponse:
    """A signpost: they were told about it and go by themselves. Nobody is written to."""
    case, at = case_to_settle(request, case_id, page="told about a listing"), clock.now()
    listing = directory.listing(request.actor, listing_id=listing_id)
    form = ToldForm(request.POST if request.method == "POST" else None)

    def perform() -> str:
        connections.connect(
            case=case, listing_id=listing.id, kind=ConnectionKind.SIGNPOST, by=request.actor, at=at
        )
        messages.success(request, _("Saved: they were told about %(listing)s.") % {"listing": listing.name})
        return reverse("staff:case", args=[case.id])

    if request.method == "POST" and form.is_valid():
        try:
            return once(form, by=request.actor, at=at, perform=perform)
        except FingerpostError as error:
            form.refuse(error)
    context = {
        "title": _("They go by themselves"),
        "back": _back_to_listing(case, listing),
        "form": form,
        "fields": [],
        "explanation": _(
            "You told %(name)s about %(listing)s. Nobody is written to and nothing about them is shared. "
            "You can ask them later how it went, and write it down."
        )
        % {"name": case.person.called, "listing": listing.name},
        "button": _("Save that they were told"),
    }
    return render_case(request, "decide", case, context)


@require_safe
@for_those_who(Permission.CONNECT)
def connected(request: StaffRequest, connection_id: UUID) -> HttpResponse:
    """Sent: what happens next, when, and who does it."""
    found = connections.connection(request.actor, connection_id=connection_id)
    case = open_case(request, found.case_id, page="put in touch, sent")
    context = {
        "title": _("They are being put in touch"),
        "connection": found,
        "steps": _steps(found),
        "phones": [one.number for one in directory.phones_of(request.actor, listing_id=found.listing_id)],
        "by_phone": found.asked_by == AskedBy.PHONE,
        "back": back_to_person(case),
    }
    return render_case(request, "connected", case, context)


def _route(actor: Actor, listing: directory.Listing) -> tuple[ContactRoute | None, str]:
    """How the listing may be written to, or in words why not."""
    try:
        return directory.contact_route(actor, listing_id=listing.id, purpose=connections.LINK_PURPOSE), ""
    except (NotAllowed, NotFound) as refusal:
        return None, " ".join(words.sentences(refusal))


def _send(request: StaffRequest, case: Case, listing: directory.Listing, form: ConnectForm) -> HttpResponse:
    at, given = clock.now(), form.cleaned_data

    def perform() -> str:
        made = connections.connect(
            case=case,
            listing_id=listing.id,
            kind=given["kind"],
            shared_fields=form.fields_shared(),
            consent_how=given["consent_how"],
            message=form.message_shared(),
            asked_by=given["asked_by"],
            risk_because=given.get("risk_because") or "",
            by=request.actor,
            at=at,
        )
        return reverse("staff:connected", args=[made.id])

    return once(form, by=request.actor, at=at, perform=perform)


def _form_page(
    request: StaffRequest, case: Case, listing: directory.Listing, form: ConnectForm, refusal: str
) -> HttpResponse:
    context = {
        "title": _("Put in touch"),
        "caption": listing.name,
        "back": _back_to_listing(case, listing),
        "form": form,
        "listing": listing,
        "no_email": refusal,
        "papers": directory.standing_of(request.actor, listing_id=listing.id, on=clock.today()),
        "cannot_share": cannot_share(case.person),
    }
    return render_case(request, "connect", case, context)


def _preview(
    request: StaffRequest,
    case: Case,
    listing: directory.Listing,
    form: ConnectForm,
    *,
    route: ContactRoute | None,
    shared: Mapping[SharedField, str],
) -> HttpResponse:
    by_email = form.cleaned_data["asked_by"] == AskedBy.EMAIL
    context = {
        "title": _("Check before it is sent"),
        "caption": listing.name,
        "back": None,
        "form": None,
        "listing": listing,
        "typed": _typed(request),
        "shared": [(str(name.label).capitalize(), _shown(name, value)) for name, value in shared.items()],
        "not_shared": [str(name.label).capitalize() for name in SharedField if name not in shared],
        "by_email": by_email,
        "address": route.address if route and by_email else "",
        "is_known": bool(by_email and route and route.detail_allowed),
        "agreed": str(connections.AgreedHow(form.cleaned_data["consent_how"]).label),
        "kind": str(dict(form.fields["kind"].choices)[form.cleaned_data["kind"]]),  # type: ignore[attr-defined]
    }
    return render_case(request, "connect_check", case, context)


def _shown(name: SharedField, value: str) -> str:
    return phone_in_words(value) if name is SharedField.PHONE else value


def _steps(connection: Connection) -> list[tuple[str, str, str]]:
    """What happens next, when, and who does it."""
    names = {"listing": connection.listing_name, "name": connection.person.called}
    if connection.asked_by == AskedBy.PHONE:
        return [
            (_("You ring %(listing)s and ask.") % names, _("When it suits you."), ""),
            (_("You write down what they say."), _("On the connection's page."), ""),
        ]
    if connection.status == ConnectionStatus.DETAILS_SENT:
        first = (
            _("%(listing)s gets an e-mail with a first name and a link, and answers with one button.") % names
        )
    else:
        first = _("%(listing)s gets an e-mail that names nobody and asks whether they take people.") % names
    return [
        (first, _("In the next minutes."), ""),
        (_("If nobody answers, they are reminded once."), _("After three working days."), _("By itself.")),
        (
            _("If there is still no answer, it comes back to you."),
            _("After seven working days."),
            _("On your Today page."),
        ),
        (
            _("When they say yes, you tell %(name)s.") % names,
            _("As soon as you read it on the connection."),
            _("You."),
        ),
    ]


def _back_to_listing(case: Case, listing: directory.Listing) -> NavLink:
    return NavLink(_("Back to the listing"), reverse("staff:listing_for", args=[case.id, listing.id]))


def _typed(request: StaffRequest) -> list[tuple[str, str]]:
    """Everything answered, carried along hidden: the look over it stores nothing."""
    left_out = {"csrfmiddlewaretoken", STEP}
    return [
        (name, value) for name, values in request.POST.lists() if name not in left_out for value in values
    ]
