from __future__ import annotations

from django.urls import path

from fingerpost.web.portal import views

app_name = "portal"
urlpatterns = [
    path("<str:token>/", views.connection, name="connection"),
    path("<str:token>/details/", views.details, name="details"),
    path("<str:token>/say/<slug:answer>/", views.say, name="say"),
    path("<str:token>/done/", views.done, name="done"),
    path("<str:token>/undo/", views.undo, name="undo"),
]
