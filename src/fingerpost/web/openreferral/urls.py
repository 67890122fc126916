from __future__ import annotations

from django.urls import path

from fingerpost.web.openreferral import views

app_name = "openreferral"
urlpatterns = [
    path("", views.api, name="api"),
    path("openapi.json", views.description, name="description"),
    path("services", views.services, name="services"),
    path("services/<str:id>", views.service, name="service"),
    path("service_at_locations", views.service_at_locations, name="service_at_locations"),
    path("service_at_locations/<str:id>", views.service_at_location, name="service_at_location"),
    path("taxonomies", views.taxonomies, name="taxonomies"),
    path("taxonomies/<str:id>", views.taxonomy, name="taxonomy"),
    path("taxonomy_terms", views.taxonomy_terms, name="taxonomy_terms"),
    path("taxonomy_terms/<str:id>", views.taxonomy_term, name="taxonomy_term"),
    path("package.zip", views.package, name="package"),
    path("<path:rest>", views.nothing, name="nothing"),
]
