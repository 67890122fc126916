"""Refer from a remembered computer: the same questions, no sign-in, and no record.

Pages are drawn as the holder of the link, who reaches no organisation and so no row about anybody. Only asking whether
somebody is known, and sending, act for the practice; the database then shows what that transaction itself began.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.errors import Faults, FingerpostError, InvalidValue, NotFound
from fingerpost.web.foundation import links
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.models import SignedLink
from fingerpost.web.foundation.scope import scope
from fingerpost.web.pages import forms
from fingerpost.web.pages.submission import once
from fingerpost.web.referrals import api as referrals
from fingerpost.web.staff.practice.check_words import Section, sections_of
from fingerpost.web.staff.practice.refer import CHANGE, SEND, STEP, is_known, typed
from fingerpost.web.staff.practice.refer_forms import ReferralForm
from fingerpost.web.staff.practice.wording import phone_in_words
from fingerpost.web.tenancy import api as tenancy

COOKIE = "fingerpost_device"
COOKIE_PATH = "/desk/"
FORBIDDEN, GONE, TOO_OFTEN = 403, 410, 429
# A busy desk refers a handful of people in an hour; each takes two presses. "Known already?" is answered no oftener.
PRESSES, PRESSED_WITHIN = 60, timedelta(hours=1)
View = Callable[[HttpRequest, SignedLink], HttpResponse]


class DeskForm(ReferralForm):
    """A referral in which whoever sends it says who they are."""

    staff_name = forms.TextField(
        label=gettext_lazy("Your name"),
        use="stands in every trace of this referral; the scheme asks for you",
        missing=gettext_lazy("Type your own name"),
        max_length=60,
    )
    staff_job = forms.TextField(
        label=gettext_lazy("Your job"),
        use="stands beside your name",
        missing=gettext_lazy("Type what you do at the practice"),
        max_length=40,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["staff_name", "staff_job", *ReferralForm.field_order])


class SetUpForm(forms.PageForm):
    """What makes a computer a remembered one."""

    name = forms.TextField(
        label=gettext_lazy("What do you call this computer?"),
        use="tells the practice's computers apart in its list",
        missing=gettext_lazy("Give this computer a name"),
        help_text=gettext_lazy("For example: front desk, left."),
        max_length=tenancy.LONGEST_NAME,
    )
    code = forms.TextField(
        label=gettext_lazy("Code"),
        use="shows that a colleague who is signed in wants this",
        missing=gettext_lazy("Type the code that your colleague sees"),
        help_text=gettext_lazy("Eight digits, on the screen of the colleague who made the link."),
        width=10,
        inputmode="numeric",
        max_length=20,
    )


def _guarded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For whoever comes, signed in or not; nothing keeps what is shown or passes the address on."""

    @login_not_required
    @wraps(view)
    def wrapped(request: HttpRequest, **named: Any) -> HttpResponse:
        response = view(request, **named)
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return wrapped


def _from_remembered(view: View) -> Callable[..., HttpResponse]:
    """Call `view(request, device)` as the holder of the device's link, whoever is signed in in this browser."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        try:
            device = tenancy.open_device(request.COOKIES.get(COOKIE, ""), at=clock.now())
        except NotFound:
            return _closed(
                request,
                _("This computer is not remembered"),
                _("Ask a colleague at your practice who signs in to set it up again, or sign in yourself."),
                FORBIDDEN,
            )
        actor = device.actor()
        request.actor = actor  # type: ignore[attr-defined]
        with scope(actor):
            if request.method == "POST" and links.is_tried_too_often(
                "press", most=PRESSES, every=PRESSED_WITHIN
            ):
                return _closed(
                    request,
                    _("That was a lot of referrals"),
                    _("Many were sent from this computer within an hour. Wait, or sign in to go on."),
                    TOO_OFTEN,
                )
            return view(request, device)

    return _guarded(wrapped)


@_from_remembered
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest, device: SignedLink) -> HttpResponse:
    """The form; the look over it; the referral."""
    schemes = list(tenancy.schemes_for(practice_id=device.subject_id, on=clock.today()))
    if not schemes:
        return _closed(
            request,
            _("No scheme takes referrals from here yet"),
            _("Ask your administrator which scheme serves your practice."),
            200,
        )
    form = DeskForm(request.POST if request.method == "POST" else None, schemes=schemes)
    if request.method != "POST" or not form.is_valid() or request.POST.get(STEP) == CHANGE:
        return _form_page(request, form, device)
    if request.POST.get(STEP) == SEND:
        return _send(request, form, device)
    return _check_page(request, form, device)


@_from_remembered
@require_safe
def desk_sent(request: HttpRequest, device: SignedLink) -> HttpResponse:
    """What happens next; nothing of whom it was about."""
    schemes = tenancy.schemes_for(practice_id=device.subject_id, on=clock.today())
    context = {
        "title": _("The referral is sent"),
        "phones": [(scheme.name, phone_in_words(scheme.phone)) for scheme in schemes],
    }
    return render(request, "staff/practice/desk_sent.html", context)


@_guarded
@require_http_methods(["GET", "HEAD", "POST"])
def set_up_desk(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever opened a practice link: the practice's name, and a question for the code. Opening changes nothing."""
    request.actor = Actor.public()  # type: ignore[attr-defined]
    at = clock.now()
    try:
        link = tenancy.open_practice_link(token, at=at)
        form = SetUpForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            return _remember(form, link)
    except NotFound as ended:
        return _closed(request, _("This link does not open anything"), str(ended), GONE)
    except InvalidValue as wrong:
        form.add_error("code", str(wrong.message))
    with scope(link.actor()):
        practice = tenancy.organisation(organisation_id=link.subject_id)
        context = {
            "title": _("Remember this computer"),
            "form": form,
            "practice": practice,
            "days": tenancy.DEVICE_LIVES.days,
        }
        return render(request, "staff/practice/desk_set_up.html", context)


def _remember(form: SetUpForm, link: SignedLink) -> HttpResponse:
    given = form.cleaned_data
    device = tenancy.remember_device(link=link, code=given["code"], name=given["name"], at=clock.now())
    response = HttpResponseRedirect(reverse("staff:desk"))
    response.set_cookie(
        COOKIE,
        links.token_of(device),
        max_age=tenancy.DEVICE_LIVES,
        path=COOKIE_PATH,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def _send(request: HttpRequest, form: DeskForm, device: SignedLink) -> HttpResponse:
    # The database's own moment: what begins then is what this transaction may see.
    at = tenancy.moment_of_transaction()

    def perform() -> str:
        by = _referrer(form, device)
        with scope(by):
            referrals.refer(
                details=form.to_details(),
                identifier=form.to_identifier(),
                request=form.to_request(at=at),
                scheme_id=form.scheme_chosen().id,
                by=by,
                at=at,
            )
        return reverse("staff:desk_sent")

    try:
        return once(form, by=device.actor(), at=at, perform=perform)
    except Faults as faults:
        form.refuse(faults)
    except FingerpostError:
        # Why, is something about a person: "waiting already", "another birth date". Not told here.
        form.add_error(
            None,
            _(
                "Somebody like this is already known to this network, and this cannot be sent from here. "
                "Ring the scheme, or ask a colleague who signs in."
            ),
        )
    return _form_page(request, form, device)


def _referrer(form: DeskForm, device: SignedLink) -> Actor:
    given = form.cleaned_data
    return tenancy.referrer_at(device, name=given["staff_name"], job=given["staff_job"])


def _form_page(request: HttpRequest, form: DeskForm, device: SignedLink) -> HttpResponse:
    context = {
        "title": _("Refer someone"),
        "form": form,
        "schemes": form.schemes,
        "practice": tenancy.organisation(organisation_id=device.subject_id),
    }
    return render(request, "staff/practice/desk.html", context)


def _check_page(request: HttpRequest, form: DeskForm, device: SignedLink) -> HttpResponse:
    by = _referrer(form, device)
    with scope(by):
        known = is_known(by, form)
    given = form.cleaned_data
    you = Section(_("You"), [(_("Name"), given["staff_name"]), (_("Job"), given["staff_job"])], "staff_name")
    context = {
        "frame": "pages/public.html",
        "title": _("Check before you send"),
        "sections": [you, *sections_of(form)],
        "known": _("Somebody like this is already known to this network.") if known else "",
        "typed": typed(request.POST.lists()),
        "person": None,
    }
    return render(request, "staff/practice/check.html", context)


def _closed(request: HttpRequest, title: str, text: str, status: int) -> HttpResponse:
    if not hasattr(request, "actor") or status == FORBIDDEN:
        request.actor = Actor.public()  # type: ignore[attr-defined]
    return render(request, "staff/practice/desk_closed.html", {"title": title, "text": text}, status=status)
