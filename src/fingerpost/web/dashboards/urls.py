from __future__ import annotations

from django.urls import path

from fingerpost.web.dashboards.gaps import gaps
from fingerpost.web.dashboards.views import funnel

app_name = "dashboards"
urlpatterns = [path("funnel/", funnel, name="funnel"), path("gaps/", gaps, name="gaps")]
