"""Drawing a question: `field(form, "name")` in a template."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField
from markupsafe import Markup

from fingerpost.web.pages.components import design_system
from fingerpost.web.pages.forms.component import ComponentField

_DRAWN_AS = {"checkbox": "checkboxes"}


def field(form: forms.BaseForm, name: str, **changes: Any) -> Markup:
    """HTML of one question: label, hint, fault, what was typed. `changes` override macro options."""
    bound = form[name]
    if bound.is_hidden:
        return _hidden(bound)
    drawn = bound.field
    if not isinstance(drawn, ComponentField):
        raise TypeError(
            f"{name} is a plain Django field; use one of fingerpost.web.pages.forms so that it can be drawn"
        )
    component = _DRAWN_AS.get(drawn.component, drawn.component)
    return design_system(component, {**drawn.parameters(bound), **changes})


def hidden_fields(form: forms.BaseForm) -> Markup:
    """Every hidden field of the form (version, submission key)."""
    return Markup("").join(_hidden(bound) for bound in form.hidden_fields())


def _hidden(bound: BoundField) -> Markup:
    value = bound.value()
    return Markup('<input type="hidden" name="{}" value="{}">').format(
        bound.html_name, "" if value is None else value
    )
