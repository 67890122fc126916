"""What a form field must say so that a design-system component can be drawn from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import BaseValidator, MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.forms import BaseForm, BoundField
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Text = str | Promise


_LIMITS: dict[type, Text] = {
    MaxLengthValidator: gettext_lazy(
        "Make this shorter: at most %(limit_value)d characters; it has %(show_value)d"
    ),
    MinValueValidator: gettext_lazy("Type a number that is at least %(limit_value)s"),
    MaxValueValidator: gettext_lazy("Type a number that is at most %(limit_value)s"),
}


class ComponentField(forms.Field):
    """Mixed into Django's form fields. `use` says what the answer is used for: no use, no question."""

    component = "input"
    component_options: dict[str, Any]
    use: str

    def begin_component(self, *, use: str, missing: Text = "", **options: Any) -> None:
        """Keep what the component needs; `missing` is what to say when a required answer is not there."""
        if not use.strip():
            raise ValueError("a question must say in `use` what its answer is used for")
        self.use = use
        self.missing = missing
        self.component_options = options
        self.error_messages["required"] = missing or format_lazy(  # type: ignore[assignment]
            gettext_lazy("Answer “{label}”"), label=self.label or ""
        )
        for validator in self.validators:
            if isinstance(validator, BaseValidator) and type(validator) in _LIMITS:
                validator.message = _LIMITS[type(validator)]  # type: ignore[assignment]

    def first_id(self, bound: BoundField) -> str:
        """Where the error summary's link leads: the first control of this question."""
        return str(bound.id_for_label or bound.auto_id)

    def parameters(self, bound: BoundField) -> dict[str, Any]:
        """The options of the component's macro for this question, as answered so far."""
        errors = bound.errors
        shown = {
            "id": bound.auto_id,
            "name": bound.html_name,
            "hint": {"text": self.help_text} if self.help_text else None,
            "errorMessage": _error(errors) if errors else None,
            "label": {"text": shown_label(self, bound.form)},
        }
        return shown | self.component_options

    def fieldset(self, bound: BoundField, size: str = "s") -> dict[str, Any]:
        """The legend of a question that has several controls."""
        return {"legend": {"text": shown_label(self, bound.form), "size": size}}


def shown_label(field: ComponentField, form: BaseForm) -> str:
    """The label; a question that may be left out says so in words, except where all of them may."""
    if field.required or field.component == "checkbox" or not getattr(form, "marks_optional", True):
        return str(field.label)
    return _("%(label)s (optional)") % {"label": field.label}


def typed(bound: BoundField) -> str:
    """What was typed, exactly, or the value given to start with."""
    value = bound.value()
    return "" if value is None else str(value)


def _error(errors: Iterable[object]) -> dict[str, Any]:
    return {"text": " ".join(str(error) for error in errors), "visuallyHiddenText": _("Error")}
