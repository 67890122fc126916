"""The forms of signing in, as our own components; what they check is the accounts package's work."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from django import forms as django_forms
from django.contrib.auth.password_validation import validate_password
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


class SignInForm(forms.PageForm, LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = _email()
        self.fields["password"] = PasswordField(
            label=gettext_lazy("Password"),
            use="proves that it is you",
            missing=gettext_lazy("Type your password"),
            autocomplete="current-password",
        )


class ForgottenPasswordForm(forms.PageForm, ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = _email()


class NewPasswordForm(forms.PageForm, ResetPasswordKeyForm):
    """Asked once: it can be looked at instead of being typed twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["password1"] = PasswordField(
            label=gettext_lazy("New password"),
            use="replaces the old one",
            missing=gettext_lazy("Type a new password"),
            autocomplete="new-password",
            help_text=gettext_lazy(
                "At least 12 characters. Three words that do not belong together are easy to keep."
            ),
        )

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.user)
        return password
