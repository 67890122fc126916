"""Of the accounts package, only what is used here: nobody signs up, changes addresses or confirms them."""

from __future__ import annotations

from allauth.account import views
from allauth.mfa.base import views as second_proof
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import path, re_path

from fingerpost.web.config import idle, passkeys, provider_logout, provider_sign_in, sign_ins
from fingerpost.web.pages import provider
from fingerpost.web.pages.invitation import invitation

urlpatterns = [
    path("invitation/<str:token>/", provider.leads_there(invitation), name="account_invitation"),
    path(
        "invitation/<str:token>/provider/",
        provider_sign_in.begin_invited,
        name="account_invitation_provider",
    ),
    path("login/", provider.leads_there(views.login), name="account_login"),
    path("provider/", provider_sign_in.begin, name="account_provider"),
    path("provider/back/", provider_sign_in.come_back, name="account_provider_back"),
    path("provider/again/", provider.leads_there(provider_sign_in.prove), name="account_prove_at_provider"),
    path("provider/logout/", provider_logout.logout, name="account_provider_logout"),
    path("provider/link/", provider_sign_in.link, name="account_link_provider"),
    path("provider/unlink/", provider_sign_in.unlink, name="account_unlink_provider"),
    path("logout/", views.logout, name="account_logout"),
    path("stay/", idle.stay, name="account_stay"),
    path("resume/<uuid:key>/", idle.resume, name="account_resume"),
    path("devices/", sign_ins.sign_ins, name="account_sign_ins"),
    path("devices/end/", sign_ins.end_everywhere, name="account_end_sign_ins"),
    path("devices/<uuid:sign_in_id>/end/", sign_ins.end_one, name="account_end_sign_in"),
    # Having proved it, what was asked goes on: it may lead to the provider.
    path("reauthenticate/", provider.leads_there(views.reauthenticate), name="account_reauthenticate"),
    path("password/change/", provider_sign_in.change_password, name="account_change_password"),
    path("second/", provider.leads_there(second_proof.index), name="mfa_index"),
    path("second/authenticate/", second_proof.authenticate, name="mfa_authenticate"),
    path("second/again/", provider.leads_there(second_proof.reauthenticate), name="mfa_reauthenticate"),
    path("second/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("second/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("passkey/", passkeys.PasskeySignIn.as_view(), name="mfa_login_webauthn"),
    path("second/passkey/", passkeys.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path(
        "second/passkey/again/",
        provider.leads_there(passkeys.PasskeyAgain.as_view()),
        name="mfa_reauthenticate_webauthn",
    ),
    path("second/passkey/<int:pk>/name/", passkeys.RenamePasskey.as_view(), name="mfa_edit_webauthn"),
    path("second/passkey/<int:pk>/remove/", passkeys.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("second/codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second/codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
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
