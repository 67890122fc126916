from __future__ import annotations

from django.urls import URLPattern, path

from fingerpost.web.staff.administration import (
    access,
    coming_and_going,
    computers,
    emergencies,
    importing,
    imports,
    inviting,
    lay_words,
    listing_page,
    listing_state,
    organisation_changes,
    organisation_imports,
    organisations,
    postcodes,
    registering,
    reviewing,
    staff_import,
    suggestion_rules,
    tree,
    who_saw,
)

urlpatterns: list[URLPattern] = [
    path("emergencies/", emergencies.emergencies, name="emergencies"),
    path("emergencies/<uuid:opening_id>/", emergencies.review_emergency, name="review_emergency"),
    path("who-saw/", who_saw.who_saw, name="who_saw"),
    path("directory/imports/", imports.imports, name="imports"),
    path("directory/imports/new/", importing.import_directory, name="import_directory"),
    path("directory/imports/<uuid:import_id>/", imports.import_report, name="import_report"),
    path("directory/imports/<uuid:import_id>/rejects.csv", imports.import_rejects, name="import_rejects"),
    path("directory/listings/new/", registering.register_listing, name="register_listing"),
    path("directory/listings/<uuid:listing_id>/", listing_page.listing, name="listing"),
    path("directory/listings/<uuid:listing_id>/email/", listing_state.vouch, name="vouch_for_email"),
    path("directory/listings/<uuid:listing_id>/status/", listing_state.status, name="listing_status"),
    path("directory/suggestions/", suggestion_rules.suggestion_rules, name="suggestion_rules"),
    path("directory/words/", lay_words.lay_words, name="lay_words"),
    path("directory/words/new/", lay_words.new_lay_meaning, name="new_lay_meaning"),
    path("directory/words/<str:key>/", lay_words.lay_meaning, name="lay_meaning"),
    path("directory/words/<str:key>/off/", lay_words.switch_off_lay_meaning, name="switch_off_lay_meaning"),
    path("directory/words/<str:key>/back/", lay_words.restore_lay_meaning, name="restore_lay_meaning"),
    path("directory/postcodes/", postcodes.import_postcodes, name="import_postcodes"),
    path("directory/postcodes/<uuid:import_id>/", postcodes.postcodes_report, name="postcodes_report"),
    path(
        "directory/postcodes/<uuid:import_id>/rejects.csv",
        postcodes.postcodes_rejects,
        name="postcodes_rejects",
    ),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/<uuid:organisation_id>/", organisations.organisation, name="organisation"),
    path("organisations/tree/", tree.tree, name="tree"),
    path("organisations/imports/", organisation_imports.organisation_imports, name="organisation_imports"),
    path("organisations/imports/template.csv", organisation_imports.tree_template, name="tree_template"),
    path(
        "organisations/imports/<uuid:import_id>/",
        organisation_imports.organisation_import,
        name="organisation_import",
    ),
    path(
        "organisations/imports/<uuid:import_id>/rejects.csv",
        organisation_imports.organisation_rejects,
        name="organisation_rejects",
    ),
    path(
        "organisations/imports/<uuid:import_id>/apply/",
        organisation_imports.apply_import,
        name="apply_organisation_import",
    ),
    path(
        "organisations/imports/<uuid:import_id>/undo/",
        organisation_imports.undo_import,
        name="undo_organisation_import",
    ),
    path("organisations/<uuid:organisation_id>/add/", organisation_changes.add, name="add_organisation"),
    path(
        "organisations/<uuid:organisation_id>/details/",
        organisation_changes.correct,
        name="correct_organisation",
    ),
    path("organisations/<uuid:organisation_id>/move/", organisation_changes.move, name="move_organisation"),
    path(
        "organisations/<uuid:organisation_id>/close/", organisation_changes.close, name="close_organisation"
    ),
    path(
        "organisations/<uuid:organisation_id>/reopen/",
        organisation_changes.take_back_closing,
        name="take_back_closing",
    ),
    path(
        "organisations/<uuid:organisation_id>/moves/<uuid:move_id>/take-back/",
        organisation_changes.take_back_move,
        name="take_back_move",
    ),
    path("organisations/roles/", organisations.roles, name="roles"),
    path("organisations/staff/", staff_import.import_staff, name="import_staff"),
    path("organisations/staff/template.xlsx", staff_import.staff_template, name="staff_template"),
    path("organisations/staff/<uuid:import_id>/", staff_import.staff_import, name="staff_import"),
    path(
        "organisations/staff/<uuid:import_id>/to-put-right.csv",
        staff_import.staff_import_rejects,
        name="staff_import_rejects",
    ),
    path(
        "organisations/staff/<uuid:import_id>/apply/",
        staff_import.apply_staff_import,
        name="apply_staff_import",
    ),
    path(
        "organisations/staff/<uuid:import_id>/undo/", staff_import.undo_staff_import, name="undo_staff_import"
    ),
    path("organisations/came-and-went/", coming_and_going.joiners, name="joiners"),
    path("organisations/came-and-went.csv", coming_and_going.joiners_csv, name="joiners_csv"),
    path("organisations/<uuid:organisation_id>/invite/", inviting.invite, name="invite"),
    path("organisations/<uuid:organisation_id>/review/", reviewing.review, name="review"),
    path("organisations/<uuid:organisation_id>/review.csv", reviewing.review_csv, name="review_csv"),
    path("organisations/<uuid:organisation_id>/members/<uuid:user_id>/", access.member, name="member"),
    path(
        "organisations/<uuid:organisation_id>/members/<uuid:user_id>/suspend/", access.suspend, name="suspend"
    ),
    path(
        "organisations/<uuid:organisation_id>/members/<uuid:user_id>/lift/",
        access.lift_suspension,
        name="lift_suspension",
    ),
    path(
        "organisations/<uuid:organisation_id>/members/<uuid:user_id>/role/", access.add_role, name="add_role"
    ),
    path(
        "organisations/<uuid:organisation_id>/members/<uuid:user_id>/second-proof/",
        access.reset_second_proof,
        name="reset_second_proof",
    ),
    path("organisations/memberships/<uuid:membership_id>/end/", access.end_membership, name="end_membership"),
    path("organisations/computers/<uuid:link_id>/end/", computers.end_computer, name="end_computer"),
    path("organisations/invitations/<uuid:invitation_id>/again/", inviting.invite_again, name="invite_again"),
    path(
        "organisations/invitations/<uuid:invitation_id>/withdraw/",
        inviting.withdraw_invitation,
        name="withdraw_invitation",
    ),
]
