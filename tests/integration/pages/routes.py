"""Routes of a test's own: views that refuse, fail and act, inside the real frame and middleware."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.views.decorators.http import require_POST

from fingerpost.kernel import clock
from fingerpost.kernel.errors import Conflict, IllegalTransition, NotAllowed, NotFound
from fingerpost.web.foundation.submissions import remember
from fingerpost.web.pages import forms
from fingerpost.web.pages.gallery import views as gallery
from fingerpost.web.pages.submission import once

handler400 = "fingerpost.web.pages.errors.bad_request"
handler403 = "fingerpost.web.pages.errors.permission_denied"
handler404 = "fingerpost.web.pages.errors.page_not_found"
handler500 = "fingerpost.web.pages.errors.server_error"

RAISED: dict[str, Exception] = {
    "not-allowed": NotAllowed("Only the team lead may accept a referral.", remedy="Ask the team lead."),
    "not-found": NotFound("This is not here."),
    "conflict": Conflict("Somebody was first."),
    "transition": IllegalTransition("It is closed already."),
    "denied": PermissionDenied("no"),
    "suspicious": SuspiciousOperation("odd"),
    "failed": RuntimeError("secret-detail"),
}
EFFECTS: list[str] = []


class SmallForm(forms.PageForm):
    called = forms.TextField(label="Name", use="test")
    submission = forms.SubmissionKeyField()


@login_not_required
def raising(request: HttpRequest, name: str) -> HttpResponse:
    raise RAISED[name]


def writing_then_refused(request: HttpRequest) -> HttpResponse:
    """Writes a row and is then refused: the row must not stay."""
    remember(by=request.actor, key=forms.SubmissionKeyField().clean(""), result_path="/x/", at=clock.now())  # type: ignore[attr-defined]
    raise RAISED["not-allowed"]


@login_not_required
@require_POST
def only_post(request: HttpRequest) -> HttpResponse:
    return HttpResponse("posted")


@login_not_required
def asking(request: HttpRequest) -> HttpResponse:
    form = SmallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return once(form, by=request.actor, at=clock.now(), perform=_effect)  # type: ignore[attr-defined]
    return render(request, "pages/help.html", {"title": "Ask", "form": form})


def _effect() -> str:
    EFFECTS.append("done")
    return f"/result/{len(EFFECTS)}/"


urlpatterns = [
    path("", include("fingerpost.web.pages.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("raise/<str:name>/", raising),
    path("write/", writing_then_refused),
    path("post/", only_post),
    path("ask/", asking),
    path("dev/components/", gallery.components),
]
