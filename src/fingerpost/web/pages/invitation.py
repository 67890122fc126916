"""Accepting an invitation: the page behind the link that an administrator had sent.

Opening it changes nothing, so a mail scanner uses nothing up. The press of the button does, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError, NotFound
from fingerpost.web.foundation import links
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope
from fingerpost.web.pages import forms, provider
from fingerpost.web.pages.account_forms import PasswordField
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Invitation, User

GONE = 410


@dataclass(frozen=True)
class Opened:
    """A link that is open: its token, whoever holds it, and what it offers."""

    token: str
    actor: Actor
    invitation: Invitation


class AcceptForm(forms.PageForm):
    """A name as they write it, and a password of their own. Nothing else of an account is theirs to say."""

    name = forms.TextField(
        label=gettext_lazy("Your name"),
        use="shown to colleagues, and to people you work with",
        missing=gettext_lazy("Type your name"),
        autocomplete="name",
        max_length=200,
    )
    password = PasswordField(
        label=gettext_lazy("Choose a password"),
        use="opens your account",
        missing=gettext_lazy("Choose a password"),
        autocomplete="new-password",
        help_text=gettext_lazy(
            "At least 12 characters. Three words that do not belong together are easy to keep."
        ),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.invitation.email, name=self.invitation.name))
        return password


@sensitive_post_parameters("password")
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What is offered and by whom; accept it with a new password, or with the account one has."""
    signed_in_as = request.user.pk if request.user.is_authenticated else None
    response = _answer(request, token, signed_in_as)
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "same-origin"
    return response


def _answer(request: HttpRequest, token: str, signed_in_as: UUID | None) -> HttpResponse:
    try:
        actor = holder(token)
    except NotFound:
        return _ended(request, status=404)
    # Whoever signed in earlier on this machine, the page is for the holder of the link.
    request.actor = actor  # type: ignore[attr-defined]
    with scope(actor, signing_in=True):
        found = tenancy.invitation_for_link(actor, at=clock.now())
        if found is None:
            return _ended(request, status=GONE)
        opened = Opened(token, actor, found)
        account = tenancy.account_invited(found)
        if account is not None:
            return _with_account(request, opened, account, signed_in_as)
        return _with_password(request, opened)


def holder(token: str) -> Actor:
    """Whoever holds the link. Raises `NotFound`."""
    link_id = links.id_of(token)
    with scope(Actor(kind="link", id=f"link:{link_id}", label="holder of a link", link_id=link_id)):
        return links.open_link(link_id).actor()


def _with_password(request: HttpRequest, opened: Opened) -> HttpResponse:
    form = AcceptForm(
        request.POST if request.method == "POST" else None,
        invitation=opened.invitation,
        initial={"name": opened.invitation.name},
    )
    if form.is_bound and form.is_valid():
        try:
            tenancy.accept_invitation(
                name=form.cleaned_data["name"].strip(),
                password=form.cleaned_data["password"],
                signed_in_as=None,
                by=opened.actor,
                at=clock.now(),
            )
        except FingerpostError as refusal:
            form.refuse(refusal)
        else:
            return _accepted(request)
    return _page(request, opened, form=form)


def _with_account(
    request: HttpRequest, opened: Opened, account: User, signed_in_as: UUID | None
) -> HttpResponse:
    problems: list[str] = []
    if request.method == "POST":
        try:
            tenancy.accept_invitation(
                name="", password="", signed_in_as=signed_in_as, by=opened.actor, at=clock.now()
            )
        except FingerpostError as refusal:
            problems = refusal.sentences(_)
        else:
            messages.success(
                request,
                _("Your new role is open. Choose what you work as under your name, at the top of the page."),
            )
            return HttpResponseRedirect("/")
    return _page(request, opened, is_signed_in=account.pk == signed_in_as, problems=problems)


def _accepted(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Welcome. Your role is open: sign in to begin."))
    return HttpResponseRedirect(reverse("account_login"))


def _page(request: HttpRequest, opened: Opened, **more: Any) -> HttpResponse:
    found = opened.invitation
    context = {
        "title": _("You are invited"),
        "invitation": found,
        "role": found.get_role_display(),
        "organisation": found.organisation,
        "action": reverse("account_invitation", args=[opened.token]),
        "form": None,
        "problems": [],
        "is_signed_in": False,
        "at_provider": reverse("account_invitation_provider", args=[opened.token]) if provider.name() else "",
    } | more
    return render(request, "account/invitation.html", context)


def _ended(request: HttpRequest, *, status: int) -> HttpResponse:
    request.actor = Actor.public()  # type: ignore[attr-defined]
    return render(
        request, "account/invitation_ended.html", {"title": _("This invitation is not open")}, status=status
    )
