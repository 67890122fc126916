from __future__ import annotations

from django.conf import settings
from django.urls import path

from fingerpost.web.pages import views

app_name = "pages"

urlpatterns = [
    path("help/", views.help_page, name="help"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("language/", views.language, name="language"),
    path("membership/", views.membership, name="membership"),
    path("brand.css", views.brand, name="brand"),
    path("brand/logo", views.logo, name="logo"),
]

if settings.DEBUG:
    from fingerpost.web.pages.gallery import views as gallery

    urlpatterns.append(path("dev/components/", gallery.components, name="gallery"))
