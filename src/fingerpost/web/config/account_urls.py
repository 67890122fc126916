"""Of the accounts package, only what is used here: nobody signs up, changes addresses or confirms them."""

from __future__ import annotations

from allauth.account import views
from django.urls import path, re_path

from fingerpost.web.pages.invitation import invitation

urlpatterns = [
    path("invitation/<str:token>/", invitation, name="account_invitation"),
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
