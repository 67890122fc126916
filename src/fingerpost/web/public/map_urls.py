"""For programs that list pages: at the root of the site, where they look."""

from __future__ import annotations

from django.urls import path

from fingerpost.web.public import site_map

app_name = "public_map"
urlpatterns = [
    path("sitemap.xml", site_map.index, name="index"),
    path("sitemap-<int:page>.xml", site_map.page_of_map, name="page"),
    path("robots.txt", site_map.robots, name="robots"),
]
