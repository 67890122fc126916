"""A date in three boxes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext as _

from fingerpost.kernel import clock
from fingerpost.kernel.dates import checked_birth_date, parse_day_month_year
from fingerpost.kernel.errors import Faults, FingerpostError, InvalidValue
from fingerpost.web.pages.forms.component import ComponentField, Text
from fingerpost.web.pages.words import as_words, fault
from fingerpost.web.pages.words import day as day_in_words

BOXES = ("day", "month", "year")


@dataclass(frozen=True)
class DateParts:
    """What was typed in the three boxes, exactly as typed."""

    day: str = ""
    month: str = ""
    year: str = ""

    @classmethod
    def of(cls, value: Any) -> DateParts:
        if isinstance(value, DateParts):
            return value
        return cls(str(value.day), str(value.month), str(value.year)) if isinstance(value, date) else cls()

    def __bool__(self) -> bool:
        return any(getattr(self, box).strip() for box in BOXES)


class DateBoxes(forms.Widget):
    """Reads `name-day`, `name-month`, `name-year`; drawing is the component's work."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> DateParts:
        return DateParts(*(str(data.get(f"{name}-{box}", "")) for box in BOXES))

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(f"{name}-{box}" in data for box in BOXES)


class DateField(ComponentField, forms.Field):
    """A date in three boxes. The answer is a `date`, or None when left out. All faults are told at once."""

    component = "date-input"
    widget = DateBoxes

    def __init__(
        self,
        *,
        use: str,
        missing: Text = "",
        earliest: date | None = None,
        latest: date | None = None,
        birth: bool = False,
        legend_size: str = "s",
        **django: Any,
    ) -> None:
        django.setdefault("help_text", _("For example, 15 3 1984") if birth else _("For example, 27 3 2027"))
        super().__init__(**django)
        self.begin_component(use=use, missing=missing)
        self.earliest, self.latest, self.birth, self.legend_size = earliest, latest, birth, legend_size

    def clean(self, value: Any) -> date | None:
        parts = DateParts.of(value)
        if not parts:
            super().clean(None)
            return None
        found = self._read(parts)
        if self.birth:
            self._check_birth(found)
        if self.earliest and found < self.earliest:
            raise ValidationError(
                _("The date must be %(day)s or later") % {"day": day_in_words(self.earliest)}
            )
        if self.latest and found > self.latest:
            raise ValidationError(
                _("The date must be %(day)s or earlier") % {"day": day_in_words(self.latest)}
            )
        return found

    def _read(self, parts: DateParts) -> date:
        try:
            return parse_day_month_year(parts.day, parts.month, parts.year)
        except Faults as found:
            raise ValidationError([_as_error(one) for one in found.faults]) from found

    @staticmethod
    def _check_birth(born: date) -> None:
        try:
            checked_birth_date(born, today=clock.today())
        except FingerpostError as refusal:
            raise ValidationError([_as_error(refusal)]) from refusal

    def first_id(self, bound: BoundField) -> str:
        wrong = self.wrong_boxes(bound)
        return f"{bound.auto_id}-{next((box for box in BOXES if box in wrong), 'day')}"

    def wrong_boxes(self, bound: BoundField) -> set[str]:
        """Which boxes to mark; all of them when the date as a whole is wrong, none when it is right."""
        errors = bound.form.errors.as_data().get(bound.name, [])
        named = {box for error in errors if (box := (error.params or {}).get("box"))}
        return named or (set(BOXES) if errors else set())

    def parameters(self, bound: BoundField) -> dict[str, Any]:
        typed, wrong = DateParts.of(bound.value()), self.wrong_boxes(bound)
        words = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
        kept = {"day": "bday-day", "month": "bday-month", "year": "bday-year"} if self.birth else {}
        common = super().parameters(bound)
        del common["label"], common["name"]
        return common | {
            "fieldset": self.fieldset(bound, self.legend_size),
            "items": [
                {
                    "id": f"{bound.auto_id}-{box}",
                    "name": f"{bound.html_name}-{box}",
                    "label": {"text": words[box]},
                    "value": getattr(typed, box) or None,
                    "width": 4 if box == "year" else 2,
                    "error": box in wrong,
                    "autocomplete": kept.get(box, "off"),
                }
                for box in BOXES
            ],
        }


def _as_error(error: FingerpostError) -> ValidationError:
    box = error.field if isinstance(error, InvalidValue) and error.field in BOXES else ""
    text = fault(error) if error.remedy else as_words(error.message)
    return ValidationError(text.replace("%", "%%"), code="invalid", params={"box": box})
