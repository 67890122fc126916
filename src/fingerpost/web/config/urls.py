from __future__ import annotations

from django.urls import include, path

handler400 = "fingerpost.web.pages.errors.bad_request"
handler403 = "fingerpost.web.pages.errors.permission_denied"
handler404 = "fingerpost.web.pages.errors.page_not_found"
handler500 = "fingerpost.web.pages.errors.server_error"

urlpatterns = [
    path("", include("fingerpost.web.pages.urls")),
    path("p/", include("fingerpost.web.portal.urls")),
    path("help-near-you/", include("fingerpost.web.public.urls")),
    path("", include("fingerpost.web.public.map_urls")),
    path("open-referral-uk/", include("fingerpost.web.openreferral.urls")),
    path("", include("fingerpost.web.dashboards.urls")),
    path("accounts/", include("fingerpost.web.config.account_urls")),
    path("", include("fingerpost.web.staff.urls")),
]
