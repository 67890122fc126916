from __future__ import annotations

from django.urls import path

from fingerpost.web.portal import listing_views, suggesting, views

app_name = "portal"
urlpatterns = [
    path("listing/<str:token>/", listing_views.listing, name="listing"),
    path("listing/<str:token>/say/<slug:answer>/", listing_views.say, name="listing_say"),
    path("listing/<str:token>/done/", listing_views.done, name="listing_done"),
    path("listing/<str:token>/undo/", listing_views.undo, name="listing_undo"),
    path("listing/<str:token>/change/", listing_views.change, name="listing_change"),
    path("listing/<str:token>/changed/", listing_views.changed, name="listing_changed"),
    path("suggest/<uuid:listing_id>/", suggesting.suggest, name="suggest"),
    path("suggest/<uuid:listing_id>/thanks/", suggesting.suggested, name="suggested"),
    path("suggest/<uuid:listing_id>/ours/", suggesting.own_listing, name="own_listing"),
    path("<str:token>/", views.connection, name="connection"),
    path("<str:token>/details/", views.details, name="details"),
    path("<str:token>/say/<slug:answer>/", views.say, name="say"),
    path("<str:token>/done/", views.done, name="done"),
    path("<str:token>/undo/", views.undo, name="undo"),
]
