"""Passkeys: which address they are made for, and the forms that take what a browser made of one.

What is proved is the accounts package's and `fido2`'s work. Why it stands so: docs/decisions/0084-who-is-signed-in.md.
"""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn
from django import forms as django_forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from fingerpost.web.pages import forms

_LONGEST_ANSWER = 20_000  # characters; a browser sends about 1,500
_LONGEST_NAME = 60


def origin() -> str:
    """The one address at which passkeys are made and used, as the browser names it."""
    parts = urlsplit(settings.FINGERPOST_BASE_URL)
    return f"{parts.scheme}://{parts.netloc}".lower()


def domain() -> str:
    """The name that a passkey belongs to. Another name means other passkeys."""
    return urlsplit(settings.FINGERPOST_BASE_URL).hostname or ""


def are_possible() -> bool:
    """Browsers make passkeys for a name reached over https only; for trying out, also for `localhost`."""
    try:
        ipaddress.ip_address(domain())
    except ValueError:
        return bool(domain()) and (origin().startswith("https://") or domain() == "localhost")
    return False


class AnswerField(django_forms.JSONField):
    """What the browser made of a passkey: an object of a bounded size, and nothing nested without end."""

    widget = django_forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > _LONGEST_ANSWER:
            raise _refusal()
        try:
            found = super().to_python(value)
        except (RecursionError, ValidationError) as fault:
            raise _refusal() from fault
        if found is not None and not isinstance(found, dict):
            raise _refusal()
        return found


class _HasAnswer(django_forms.Form):
    """An answer is taken only from a page of ours: the library would take one from any name below ours."""

    kind: type[AuthenticationResponse] | type[RegistrationResponse] = AuthenticationResponse

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = AnswerField(
            error_messages={"required": gettext_lazy("Nothing came from a passkey. Press the button again.")}
        )

    def clean_credential(self) -> Any:
        answer = self.cleaned_data["credential"]
        try:
            said = self.kind.from_dict(answer).response.client_data.origin
        # What it raises on bytes made up by hand is nowhere said, and none of it is a fault of ours.
        except Exception as fault:
            raise _refusal() from fault
        if not are_possible() or said != origin():
            raise _refusal()
        return answer


class _Proves(_HasAnswer):
    def clean_credential(self) -> Authenticator:
        super().clean_credential()
        try:
            found: Authenticator = webauthn.AuthenticateWebAuthnForm.clean_credential(self)
        except ValidationError as fault:
            if fault.code == "incorrect_code":
                raise _refusal() from fault
            raise
        return found


class PasskeyForm(_Proves, webauthn.AuthenticateWebAuthnForm):
    """The second step of signing in."""


class PasskeyAgainForm(_Proves, webauthn.ReauthenticateWebAuthnForm):
    """Proving it once more before something is changed."""


class PasskeySignInForm(_Proves, webauthn.LoginWebAuthnForm):
    """Signing in without a password: the passkey names the account and proves it, and its holder."""


def _name(**more: Any) -> forms.TextField:
    return forms.TextField(
        label=gettext_lazy("A name for this passkey"),
        help_text=gettext_lazy("So that you know it again, for example “My telephone”."),
        use="tells one's own passkeys apart",
        missing=gettext_lazy("Give the passkey a name"),
        max_length=_LONGEST_NAME,
        **more,
    )


class AddPasskeyForm(_HasAnswer, forms.PageForm, webauthn.AddWebAuthnForm):
    kind = RegistrationResponse
    marks_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)  # each of ours is one: it asks who holds it
        self.fields["name"] = _name(required=False)

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean() or {}
        except ValidationError as fault:
            raise _refusal() from fault


class RenamePasskeyForm(forms.PageForm, webauthn.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _name()


def named(user: Any) -> str:
    """What a passkey is called that was given no name."""
    count = user.authenticator_set.filter(type=Authenticator.Type.WEBAUTHN).count()
    return _("Passkey") if not count else _("Passkey %(number)d") % {"number": count + 1}


def _refusal() -> ValidationError:
    return ValidationError(
        _(
            "This passkey did not work here: it may have been removed, belong to another address, or have taken"
            " too long. Try again, or sign in another way."
        )
    )
