from __future__ import annotations

from django.urls import URLPattern, path

from fingerpost.web.staff.administration import (
    importing,
    imports,
    listing_page,
    listing_state,
    organisations,
    postcodes,
    registering,
    who_saw,
)

urlpatterns: list[URLPattern] = [
    path("who-saw/", who_saw.who_saw, name="who_saw"),
    path("directory/imports/", imports.imports, name="imports"),
    path("directory/imports/new/", importing.import_directory, name="import_directory"),
    path("directory/imports/<uuid:import_id>/", imports.import_report, name="import_report"),
    path("directory/imports/<uuid:import_id>/rejects.csv", imports.import_rejects, name="import_rejects"),
    path("directory/listings/new/", registering.register_listing, name="register_listing"),
    path("directory/listings/<uuid:listing_id>/", listing_page.listing, name="listing"),
    path("directory/listings/<uuid:listing_id>/email/", listing_state.vouch, name="vouch_for_email"),
    path("directory/listings/<uuid:listing_id>/status/", listing_state.status, name="listing_status"),
    path("directory/postcodes/", postcodes.import_postcodes, name="import_postcodes"),
    path("directory/postcodes/<uuid:import_id>/", postcodes.postcodes_report, name="postcodes_report"),
    path(
        "directory/postcodes/<uuid:import_id>/rejects.csv",
        postcodes.postcodes_rejects,
        name="postcodes_rejects",
    ),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/<uuid:organisation_id>/", organisations.organisation, name="organisation"),
    path("organisations/roles/", organisations.roles, name="roles"),
]
