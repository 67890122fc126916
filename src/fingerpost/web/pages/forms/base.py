"""The form that every page uses: faults listed with links to the right box, what was typed kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import Conflict, Faults, FingerpostError, InvalidValue
from fingerpost.web.pages.forms.choices import Choices, _Chosen
from fingerpost.web.pages.forms.component import ComponentField
from fingerpost.web.pages.words import fault


@dataclass(frozen=True)
class ErrorItem:
    """One line of the error summary. `href` leads to the box, and is empty for a fault of the whole form."""

    text: str
    href: str = ""


class PageForm(forms.Form):
    """A Django form drawn by `field(form, "name")`; its error summary is shown by the base template."""

    use_required_attribute = False
    marks_optional = True
    conflict: Conflict | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "%s")
        super().__init__(*args, **kwargs)

    def error_items(self) -> list[ErrorItem]:
        """Every fault in the order of the questions, each leading to its first box."""
        return errors_of(self)

    def refuse(self, error: FingerpostError) -> None:
        """Show what an action refused: faults that name a field stand at it, others on top."""
        if isinstance(error, Conflict):
            self.conflict = error
        for one in error.faults if isinstance(error, Faults) else (error,):
            named = one.field if isinstance(one, InvalidValue) and one.field in self.fields else None
            self.add_error(named, ValidationError(fault(one)))

    def offer(self, name: str, answers: Choices) -> None:
        """The answers of a question that come from the database or the day. Raises `TypeError` for another question."""
        field = self.fields[name]
        if not isinstance(field, _Chosen):
            raise TypeError(f"{name} has no answers to choose from")
        field.offer(answers)

    def require(self, name: str, message: str) -> None:
        """In `clean`: a question that must be answered because of another answer."""
        if name not in self.errors and self.cleaned_data.get(name) in (None, "", []):
            self.add_error(name, message)

    def _clean_fields(self) -> None:
        """Fields that belong to an answer not given were not asked: no fault, no value."""
        super()._clean_fields()  # type: ignore[misc]
        for name in self._not_asked():
            self.errors.pop(name, None)
            self.cleaned_data[name] = None

    def _not_asked(self) -> set[str]:
        asked: set[str] = set()
        hidden: set[str] = set()
        for bound in self:
            if isinstance(bound.field, _Chosen):
                wanted, unwanted = bound.field.reveals(bound.data)
                asked |= wanted
                hidden |= unwanted
        return hidden - asked


def errors_of(form: forms.BaseForm) -> list[ErrorItem]:
    """Every fault of any form, also of one that an installed package brings along."""
    if not form.is_bound:
        return []
    return [ErrorItem(str(text)) for text in form.non_field_errors()] + list(_field_items(form))


def _field_items(form: forms.BaseForm) -> Iterator[ErrorItem]:
    for bound in form:
        field = bound.field
        target = field.first_id(bound) if isinstance(field, ComponentField) else bound.auto_id
        for text in form.errors.get(bound.name, ()):
            yield ErrorItem(str(text), f"#{target}")


class FilterForm(PageForm):
    """The filters of a list: every question may be left out, none says so, nothing is ever a fault."""

    marks_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False


def conflict_notice(error: Conflict) -> str:
    """Who changed the record first, for the notice above a form that came second."""
    if not error.changed_by:
        return _("Somebody changed this while you were writing. Nothing of yours is lost: it is below.")
    return _("%(who)s changed this while you were writing. Nothing of yours is lost: it is below.") % {
        "who": error.changed_by
    }
