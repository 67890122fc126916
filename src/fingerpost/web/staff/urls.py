from __future__ import annotations

from fingerpost.web.staff.practice import urls as practice
from fingerpost.web.staff.scheme import urls as scheme

app_name = "staff"
urlpatterns = [*practice.urlpatterns, *scheme.urlpatterns]
