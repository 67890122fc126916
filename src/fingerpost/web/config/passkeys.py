"""The pages of passkeys: the accounts package's flows, with what this house asks of them on top."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views
from allauth.mfa.webauthn.internal import auth
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator

from fingerpost.web.pages import passkeys


class _OnlyWherePossible:
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not passkeys.are_possible():
            raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # the library has no types


class AddPasskey(_OnlyWherePossible, views.AddWebAuthnView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        # It holds the name of the account and asks who holds it, so it can stand for a password too.
        context["js_data"] = {"creation_options": auth.begin_registration(self.request.user, True)}
        if "form" in kwargs:
            context["form"] = kwargs["form"]
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        user: Any = self.request.user
        newest = user.authenticator_set.filter(type=Authenticator.Type.WEBAUTHN).order_by("-pk")[0]
        # This session has proved it; others of the account have not.
        record_authentication(self.request, user, "mfa", id=newest.pk, type=Authenticator.Type.WEBAUTHN.value)
        return response


class RemovePasskey(views.RemoveWebAuthnView):
    """Also where none can be made any more: what is lost must be removable."""

    success_url = reverse_lazy("mfa_index")


class RenamePasskey(views.EditWebAuthnView):
    success_url = reverse_lazy("mfa_index")


class PasskeyAgain(_OnlyWherePossible, views.ReauthenticateWebAuthnView):
    def form_invalid(self, form: Any) -> HttpResponse:
        for fault in form.errors.get("credential", []):
            messages.error(self.request, fault)
        return HttpResponseRedirect(self.request.get_full_path())


@method_decorator(login_not_required, name="dispatch")
class PasskeySignIn(_OnlyWherePossible, views.LoginWebAuthnView):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What a browser needs to begin: the same for everybody, as nobody has said who they are."""
        # Each begin leaves a session behind, so they are counted, which the package does for answers only.
        refused = ratelimit.consume_or_429(
            request, app="allauth.mfa", action="webauthn_begin", limit_get=True
        )
        response: HttpResponse = refused or super().get(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        for fault in form.errors.get("credential", []):
            messages.error(self.request, fault)
        return HttpResponseRedirect(reverse("account_login"))
