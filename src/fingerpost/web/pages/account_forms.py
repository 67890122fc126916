"""The forms of signing in, as our own components; what they check is the accounts package's work."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from allauth.account.forms import LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms as django_forms
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fingerpost.web.pages import forms
from fingerpost.web.pages.forms.component import ComponentField, Text


class PasswordField(ComponentField, django_forms.CharField):
    """A password with a button to show it; never given back to the browser."""

    component = "password-input"
    widget = django_forms.PasswordInput

    def __init__(self, *, use: str, missing: Text, autocomplete: str, **django: Any) -> None:
        super().__init__(strip=False, max_length=256, **django)
        self.begin_component(use=use, missing=missing, autocomplete=autocomplete)

    def parameters(self, bound: BoundField) -> dict[str, Any]:
        return super().parameters(bound) | {
            "showPasswordText": _("Show"),
            "hidePasswordText": _("Hide"),
            "showPasswordAriaLabelText": _("Show password"),
            "hidePasswordAriaLabelText": _("Hide password"),
            "passwordShownAnnouncementText": _("Your password is visible"),
            "passwordHiddenAnnouncementText": _("Your password is hidden"),
        }


def _email(**more: Any) -> forms.EmailField:
    return forms.EmailField(
        label=gettext_lazy("E-mail address"),
        use="names the account",
        missing=gettext_lazy("Type your e-mail address"),
        autocomplete="username",
        **more,
    )


def _present_password() -> PasswordField:
    return PasswordField(
        label=gettext_lazy("Password"),
        use="proves that it is you",
        missing=gettext_lazy("Type your password"),
        autocomplete="current-password",
    )


def _new_password() -> PasswordField:
    return PasswordField(
        label=gettext_lazy("New password"),
        use="replaces the old one",
        missing=gettext_lazy("Type a new password"),
        autocomplete="new-password",
        help_text=gettext_lazy(
            "At least 12 characters. Three words that do not belong together are easy to keep."
        ),
    )


def _code(label: Text, hint: Text) -> forms.TextField:
    return forms.TextField(
        label=label,
        help_text=hint,
        use="proves that the telephone or the list of codes is yours",
        missing=gettext_lazy("Type the code"),
        width=10,
        max_length=20,
        autocomplete="one-time-code",
        inputmode="numeric",
    )


class SignInForm(forms.PageForm, LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = _email()
        self.fields["password"] = _present_password()


class ForgottenPasswordForm(forms.PageForm, ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = _email()


class NewPasswordForm(forms.PageForm, ResetPasswordKeyForm):
    """Asked once: it can be looked at instead of being typed twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["password1"] = _new_password()

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.user)
        return password


class ChangePasswordForm(forms.PageForm, account_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["oldpassword"] = _present_password()
        self.fields["password1"] = _new_password()

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.user)
        return password


class PasswordAgainForm(forms.PageForm, account_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = _present_password()


_CODE_VALID = 120  # seconds: longer than a code of the app can be right for, with the tolerance of its clock


class _UsedOnce:
    """A code of the app counts once. The accounts package forgets a used one while the tolerance still takes it."""

    user: Any
    authenticator: Authenticator

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP and not _use_up(self.user, code):
            raise get_mfa_adapter().validation_error("incorrect_code")
        return code


def _use_up(user: Any, code: str) -> bool:
    """Whether this code of the app has not been used yet; from now on it has."""
    digits = "".join(filter(str.isdigit, code))
    return bool(cache.add(f"second-proof:{user.pk}:{digits}", True, timeout=_CODE_VALID))


class SecondProofForm(_UsedOnce, forms.PageForm, mfa_forms.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code(
            gettext_lazy("Code"),
            gettext_lazy("Six digits from the app, or one of your eight-digit recovery codes."),
        )


class SecondProofAgainForm(_UsedOnce, forms.PageForm, mfa_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code(
            gettext_lazy("Code"),
            gettext_lazy("Six digits from the app, or one of your eight-digit recovery codes."),
        )


class FirstCodeForm(forms.PageForm, ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code(
            gettext_lazy("The code that the app shows now"),
            gettext_lazy("Six digits. It changes every half minute."),
        )

    def clean_code(self) -> str:
        code: str = super().clean_code()
        _use_up(self.user, code)
        # This session has proved it; others of the account have not.
        record_authentication(context.request, self.user, "mfa", type=Authenticator.Type.TOTP.value)
        return code
