"""Questions with answers to choose from: radios, checkboxes, a drop-down, yes or no."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from fingerpost.web.pages.forms.component import ComponentField, Text

CHOOSE_ONE, YES, NO = _("Choose one"), _("Yes"), _("No")


@dataclass(frozen=True)
class Choice:
    """One answer: its stored value, its words, a hint, and names of fields that belong to it alone."""

    value: str
    text: Text
    hint: Text = ""
    reveals: tuple[str, ...] = ()
    divider: bool = False
    """Set the word "or" before it (for "None of these")."""


Choices = Sequence[Choice | tuple[str, Text]]


def as_choices(given: Iterable[Choice | tuple[str, Text]]) -> list[Choice]:
    return [one if isinstance(one, Choice) else Choice(str(one[0]), one[1]) for one in given]


class _Chosen(ComponentField, forms.ChoiceField):
    """Shared by every question whose answers are listed."""

    answers: list[Choice]

    def offer(self, given: Choices) -> None:
        """Set the answers; also used by a form's `__init__` for answers that come from the database."""
        self.answers = as_choices(given)
        self.choices = [(answer.value, answer.text) for answer in self.answers]

    def reveals(self, value: Any) -> tuple[set[str], set[str]]:
        """The names of fields asked for by the answer given, and of those that belong to other answers."""
        given = {str(part) for part in value} if isinstance(value, list | tuple | set) else {str(value)}
        asked = {name for answer in self.answers if answer.value in given for name in answer.reveals}
        return asked, {name for answer in self.answers for name in answer.reveals} - asked

    def items(self, bound: BoundField) -> list[dict[str, Any]]:
        value = bound.value()
        chosen = {str(part) for part in value} if isinstance(value, list | tuple | set) else {str(value)}
        shown: list[dict[str, Any]] = []
        for answer in self.answers:
            if answer.divider:
                shown.append({"divider": _("or")})
            shown.append(_item(bound, answer, answer.value in chosen))
        return shown


class ChoiceField(_Chosen, forms.ChoiceField):
    """One answer of a few, as radios. The answer is the value, "" when left out."""

    component = "radios"
    widget = forms.RadioSelect

    def __init__(
        self,
        *,
        use: str,
        choices: Choices = (),
        missing: Text = "",
        inline: bool = False,
        legend_size: str = "s",
        **django: Any,
    ) -> None:
        super().__init__(**django)
        self.begin_component(use=use, missing=missing, inline=inline or None)
        self.legend_size = legend_size
        self.offer(choices)

    def first_id(self, bound: BoundField) -> str:
        return str(bound.auto_id)

    def parameters(self, bound: BoundField) -> dict[str, Any]:
        common = super().parameters(bound)
        del common["label"], common["id"]
        return common | {
            "idPrefix": bound.auto_id,
            "fieldset": self.fieldset(bound, self.legend_size),
            "items": self.items(bound),
        }


class ChoicesField(_Chosen, forms.MultipleChoiceField):
    """Any number of answers, as checkboxes. The answer is a list of values."""

    component = "checkboxes"
    widget = forms.CheckboxSelectMultiple

    def __init__(
        self, *, use: str, choices: Choices = (), missing: Text = "", legend_size: str = "s", **django: Any
    ) -> None:
        super().__init__(**django)
        self.begin_component(use=use, missing=missing)
        self.legend_size = legend_size
        self.offer(choices)

    def first_id(self, bound: BoundField) -> str:
        return str(bound.auto_id)

    def parameters(self, bound: BoundField) -> dict[str, Any]:
        common = super().parameters(bound)
        del common["label"], common["id"]
        return common | {
            "idPrefix": bound.auto_id,
            "fieldset": self.fieldset(bound, self.legend_size),
            "items": self.items(bound),
        }


class SelectField(_Chosen, forms.ChoiceField):
    """One answer of many, as a drop-down; prefer radios up to about eight answers."""

    component = "select"

    def __init__(
        self,
        *,
        use: str,
        choices: Choices = (),
        missing: Text = "",
        empty: Text = CHOOSE_ONE,
        **django: Any,
    ) -> None:
        super().__init__(**django)
        self.begin_component(use=use, missing=missing)
        self.empty = empty
        self.offer(choices)

    def offer(self, given: Choices) -> None:
        super().offer(given)
        self.choices = [("", ""), *((answer.value, answer.text) for answer in self.answers)]

    def parameters(self, bound: BoundField) -> dict[str, Any]:
        value = bound.value()
        chosen = "" if value is None else str(value)
        items = [{"value": "", "text": self.empty, "selected": not chosen}]
        items += [
            {"value": answer.value, "text": answer.text, "selected": answer.value == chosen}
            for answer in self.answers
        ]
        return super().parameters(bound) | {"items": items}


class YesNoField(ChoiceField):
    """Yes or no, neither chosen for the reader. The answer is True, False, or None when left out."""

    def __init__(
        self,
        *,
        use: str,
        yes: Text = YES,
        no: Text = NO,
        reveals: Mapping[str, tuple[str, ...]] | None = None,
        **more: Any,
    ) -> None:
        names = reveals or {}
        answers = [
            Choice("yes", yes, reveals=names.get("yes", ())),
            Choice("no", no, reveals=names.get("no", ())),
        ]
        more.setdefault("inline", not names)
        super().__init__(use=use, choices=answers, **more)

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value

    def clean(self, value: Any) -> bool | None:
        return {"yes": True, "no": False}.get(super().clean(value))


def _item(bound: BoundField, answer: Choice, chosen: bool) -> dict[str, Any]:
    from fingerpost.web.pages.forms.render import field

    inside = [field(bound.form, name) for name in answer.reveals]
    return {
        "value": answer.value,
        "text": answer.text,
        "hint": {"text": answer.hint} if answer.hint else None,
        "checked": chosen,
        "conditional": {"html": "".join(inside)} if inside else None,
    }
