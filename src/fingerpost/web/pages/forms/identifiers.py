"""A person's number in a health service, or the plain statement that it is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fingerpost.kernel.errors import FingerpostError
from fingerpost.kernel.person_identifiers import SCHEMES, PersonIdentifier, parse_identifier
from fingerpost.web.pages.forms.component import ComponentField, Text
from fingerpost.web.pages.words import fault


class _NotKnown(Enum):
    NOT_KNOWN = "not-known"


NOT_KNOWN: Final = _NotKnown.NOT_KNOWN


@dataclass(frozen=True)
class IdentifierTyped:
    """Which kind was chosen and what was typed beside it, exactly as typed."""

    kind: str = ""
    text: str = ""

    @classmethod
    def of(cls, value: Any) -> IdentifierTyped:
        if isinstance(value, PersonIdentifier):
            return cls(value.kind, value.display)
        return (
            cls(NOT_KNOWN.value)
            if value is NOT_KNOWN
            else value
            if isinstance(value, IdentifierTyped)
            else cls()
        )


class IdentifierBoxes(forms.Widget):
    """Reads `name` (the kind) and `name-KIND` (the number)."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> IdentifierTyped:
        kind = str(data.get(name, ""))
        text = str(data.get(f"{name}-{kind}", ""))
        # A number typed without choosing its kind is still a number: take the first box that has one.
        for other in SCHEMES:
            if not kind and data.get(f"{name}-{other}"):
                kind, text = other, str(data[f"{name}-{other}"])
        return IdentifierTyped(kind, text)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data


class IdentifierField(ComponentField, forms.Field):
    """Radios for the kind of number (NHS number first) with a box for each, and "not known".

    The answer is a `PersonIdentifier` or `NOT_KNOWN`; None only when the question may be left out.
    """

    component = "radios"
    widget = IdentifierBoxes

    def __init__(
        self, *, use: str, kinds: tuple[str, ...] = ("nhs_number",), missing: Text = "", **django: Any
    ) -> None:
        django.setdefault("label", gettext_lazy("Do you know their NHS number?"))
        super().__init__(**django)
        self.kinds = kinds
        self.begin_component(
            use=use, missing=missing or gettext_lazy("Type the number, or say that it is not known")
        )

    def clean(self, value: Any) -> Any:
        typed = IdentifierTyped.of(value)
        if typed.kind == NOT_KNOWN.value:
            return NOT_KNOWN
        if not typed.kind:
            return super().clean(None)
        try:
            return parse_identifier(typed.kind, typed.text)
        except FingerpostError as refusal:
            raise ValidationError(fault(refusal), code="invalid") from refusal

    def first_id(self, bound: BoundField) -> str:
        kind = IdentifierTyped.of(bound.value()).kind
        return f"{bound.auto_id}-{kind}" if kind in self.kinds else str(bound.auto_id)

    def parameters(self, bound: BoundField) -> dict[str, Any]:
        typed = IdentifierTyped.of(bound.value())
        common = super().parameters(bound)
        del common["label"], common["id"]
        items = [self._kind(bound, kind, typed) for kind in self.kinds]
        items.append(
            {"value": NOT_KNOWN.value, "text": _("Not known"), "checked": typed.kind == NOT_KNOWN.value}
        )
        return common | {"idPrefix": bound.auto_id, "fieldset": self.fieldset(bound), "items": items}

    def _kind(self, bound: BoundField, kind: str, typed: IdentifierTyped) -> dict[str, Any]:
        from fingerpost.web.pages.components import design_system

        named = {"nhs_number": _("Yes, the NHS number"), "chi_number": _("Yes, the CHI number")}
        box = design_system(
            "input",
            {
                "id": f"{bound.auto_id}-{kind}",
                "name": f"{bound.html_name}-{kind}",
                "label": {"text": {"nhs_number": _("NHS number"), "chi_number": _("CHI number")}[kind]},
                "hint": {"text": _("10 digits. Spaces do not matter.")},
                "value": typed.text if typed.kind == kind and typed.text else None,
                "inputmode": "numeric",
                "autocomplete": "off",
                "spellcheck": False,
                "width": 10,
                "errorMessage": (bool(bound.errors) and typed.kind == kind) or None,
            },
        )
        return {
            "value": kind,
            "text": named[kind],
            "checked": typed.kind == kind,
            "conditional": {"html": box},
        }
