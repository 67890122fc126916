"""Pages that belong to no surface: help, accessibility, privacy, language, membership, the brand's files."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from fingerpost.web.pages.brand import LOGO_TYPES, stylesheet
from fingerpost.web.pages.brand import brand as chosen_brand
from fingerpost.web.tenancy.api import MEMBERSHIP_KEY

A_YEAR = 365 * 24 * 60 * 60


@login_not_required
@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/help.html", {"title": _("Help")})


@login_not_required
@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html", {"title": _("Accessibility statement")})


@login_not_required
@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html", {"title": _("Privacy and cookies")})


@login_not_required
@require_GET
@cache_control(public=True, max_age=300)
def brand(request: HttpRequest) -> HttpResponse:
    return HttpResponse(stylesheet(chosen_brand()), content_type="text/css; charset=utf-8")


@login_not_required
@require_GET
@cache_control(public=True, max_age=300)
def logo(request: HttpRequest) -> HttpResponseBase:
    path = Path(chosen_brand().logo)
    if path.suffix.lower() not in LOGO_TYPES or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), content_type=LOGO_TYPES[path.suffix.lower()])


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in a cookie and go back to the page it was chosen on."""
    response = HttpResponseRedirect(_came_from(request))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES) and translation.check_for_language(chosen):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=A_YEAR, samesite="Lax", secure=request.is_secure()
        )
    return response


@require_POST
def membership(request: HttpRequest) -> HttpResponse:
    """Work as another of one's own memberships, from the start page: the old page may be out of reach."""
    offered = {str(one.pk) for one in getattr(request, "memberships", [])}
    if request.POST.get("membership") in offered:
        request.session[MEMBERSHIP_KEY] = request.POST["membership"]
    return HttpResponseRedirect("/")


def _came_from(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else "/"
