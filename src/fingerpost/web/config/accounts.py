"""How allauth behaves here: staff accounts are opened by administrators, so nobody signs up by themselves."""

from __future__ import annotations

import unicodedata
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ReauthenticationRequired
from allauth.core.internal import ratelimit
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fingerpost.web.config import devices, just_proved, sign_ins
from fingerpost.web.foundation import jobs
from fingerpost.web.pages import provider
from fingerpost.web.staff.tasks import NOTICES, SEND_RESET


class StaffAccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy(
            "This e-mail address and password do not go together. Check both."
        ),
        "too_many_login_attempts": gettext_lazy("Too many tries. Wait five minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Not for who has only just signed in with something of ours: the first thing an account does is set up.

        The package takes an account that has nothing of ours as proved, so that is refused here and not by it.
        """
        if just_proved.at_all(self.request):
            return False
        if not just_proved.has_own_way(self.request.user):
            raise ReauthenticationRequired
        return True

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The provider counts only for those whose one way in it is."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if not methods and provider.link_of(self.request.actor):
            words = _("Sign in again with %(name)s") % {"name": provider.name()}
            methods = [{"id": "provider", "description": words, "url": reverse("account_prove_at_provider")}]
        return methods

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:
        """Left to a job: the page takes as long for an address without an account, and no link is stored."""
        jobs.defer(SEND_RESET, key=str(user.pk), user_id=user.pk)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """What has changed about signing in, told to the account: a job, in words and a frame of our own."""
        task = NOTICES.get(template_prefix)
        if task is not None:
            jobs.defer(task, key=str(user.pk), user_id=user.pk)

    def post_login(self, request: HttpRequest, user: Any, **given: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **given)
        sign_ins.begin(request, response, user)
        return response

    def logout(self, request: HttpRequest) -> None:
        sign_ins.end(request)
        super().logout(request)

    def set_password(self, user: Any, password: str) -> None:
        """Whoever had the old one is signed out, and their browsers count as new."""
        super().set_password(user, password)
        sign_ins.end_others(self.request, user.pk)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By account alone: the package adds the host name, of which an installation may answer several."""
        return f"login:{name_given(credentials)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """A browser that the account has signed in with is counted by itself, apart from everybody else's tries.

        So nobody can keep a colleague out of their own computer, while all other browsers together have the few
        tries that one account gets.
        """
        device = devices.known_to(request, name_given(credentials))
        key = self._get_login_attempts_cache_key(request, **credentials)
        self._login_failed_rl_usage = ratelimit.consume(
            request,
            app="allauth.account",
            action="login_failed",
            config={"login_failed": OWN_DEVICE} if device else None,
            key=f"{key}:{device}" if device else key,
        )
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")


OWN_DEVICE = "10/5m/key"


def name_given(credentials: dict[str, Any] | None) -> str:
    given = credentials or {}
    return folded(str(given.get("email") or given.get("username") or ""))


def folded(name: str) -> str:
    """One name for all spellings that the database takes for the same address.

    It compares in capitals, so "\u017ftaff.example" finds an account of "staff.example": tries must count together.
    """
    return unicodedata.normalize("NFKC", name.strip()).upper().casefold()[:254]


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Which account a sign-in is for: attempts are counted by it, whether or not there is such an account.

    A browser that the account knows is another name, so that tries from elsewhere do not count against it.
    """
    name = name_given(credentials) or folded(request.POST.get("login", ""))
    device = devices.known_to(request, name)
    return f"{device.hex} {name}"[:254] if device else name


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """Too many wrong passwords: said alike for an address that has an account and one that has none."""
    return render(request, "account/locked_out.html", {"title": _("Signing in is paused")}, status=429)
