"""How allauth behaves here: staff accounts are opened by administrators, so nobody signs up by themselves."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fingerpost.web.foundation import jobs
from fingerpost.web.staff.tasks import SEND_RESET


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
        """Not for who has only just signed in, by whatever way: the first thing an account does is set up."""
        user = self.request.user
        latest = max((r["at"] for r in get_authentication_records(self.request, user)), default=0.0)
        return time.time() - latest >= account_settings.REAUTHENTICATION_TIMEOUT

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:
        """Left to a job: the page takes as long for an address without an account, and no link is stored."""
        jobs.defer(SEND_RESET, key=str(user.pk), user_id=user.pk)


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Which account a sign-in is for: attempts are counted by it, whether or not there is such an account."""
    given = (credentials or {}).get("email") or request.POST.get("login", "")
    return str(given).strip().lower()[:254]


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """Too many wrong passwords: said alike for an address that has an account and one that has none."""
    return render(request, "account/locked_out.html", {"title": _("Signing in is paused")}, status=429)
