from __future__ import annotations

from django.urls import path

from fingerpost.web.staff.administration import urls as administration
from fingerpost.web.staff.home import home
from fingerpost.web.staff.practice import urls as practice
from fingerpost.web.staff.scheme import urls as scheme

app_name = "staff"
urlpatterns = [
    path("", home, name="home"),
    *practice.urlpatterns,
    *scheme.urlpatterns,
    *administration.urlpatterns,
]
