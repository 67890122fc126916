"""Naming a person exactly, where there is no browsing: by number, or by full name, always with the birth date."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fingerpost.kernel.errors import FingerpostError
from fingerpost.kernel.person_identifiers import PersonIdentifier, parse_identifier
from fingerpost.web.pages import forms


class SoughtForm(forms.PageForm):
    """The questions that forms share which name somebody exactly; they come first."""

    number = forms.TextField(
        label=gettext_lazy("NHS number"),
        use="finds the person exactly",
        help_text=gettext_lazy("For example, 999 000 0018. Or leave this out and give their full name"),
        required=False,
        width=20,
    )
    given_name = forms.TextField(
        label=gettext_lazy("First name"), use="finds the person exactly", required=False, width=20
    )
    family_name = forms.TextField(
        label=gettext_lazy("Last name"), use="finds the person exactly", required=False, width=20
    )
    birth_date = forms.DateField(
        label=gettext_lazy("Date of birth"),
        use="finds the person exactly",
        missing=gettext_lazy("Give their date of birth"),
        birth=True,
    )

    def clean(self) -> dict[str, Any]:
        """A number, or both names."""
        given = super().clean() or {}
        self.identifier: PersonIdentifier | None = None
        if given.get("number"):
            try:
                self.identifier = parse_identifier("nhs_number", given["number"])
            except FingerpostError as fault:
                self.add_error("number", str(fault.message))
        elif not (given.get("given_name") and given.get("family_name")):
            self.add_error("number", _("Give their NHS number, or both their first and last name"))
        return given
