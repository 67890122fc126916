from __future__ import annotations

from django.urls import path

from fingerpost.web.public import views

app_name = "public"
urlpatterns = [
    path("", views.look, name="look"),
    path("<uuid:listing_id>/", views.listing, name="listing"),
    path("<uuid:listing_id>/sessions.ics", views.sessions, name="sessions"),
]
