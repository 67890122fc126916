"""Hidden fields: which version of a record was shown, and which submission this is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fingerpost.kernel.ids import new_id


class VersionField(forms.CharField):
    """The version token of the record as it was shown; the action compares it before it writes.

    Give it as `initial={"version": record.version}`. When the form comes back it keeps the token it was first
    shown with, so that a second attempt does not silently overwrite.
    """

    widget = forms.HiddenInput

    def __init__(self, **django: Any) -> None:
        super().__init__(max_length=80, **django)
        self.error_messages["required"] = _("This page has lost its place. Open it again.")


class SubmissionKeyField(forms.UUIDField):
    """One key per form shown: the same key twice is the same submission (a double click, a reload)."""

    widget = forms.HiddenInput

    def __init__(self, **django: Any) -> None:
        django.setdefault("initial", new_id)
        super().__init__(**django)

    def clean(self, value: Any) -> UUID:
        """The key that came; a form posted without one (by hand, by an old page) gets a key of its own."""
        try:
            found = super().clean(value)
        except ValidationError:
            found = None
        return found if isinstance(found, UUID) else new_id()
