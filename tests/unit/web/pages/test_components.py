from __future__ import annotations

from typing import Any

from markupsafe import Markup

from fingerpost.web.pages.components import design_system


def choices(text: str, **changes: Any) -> dict[str, Any]:
    return {"idPrefix": "a", "name": "a", "items": [{"value": "1", "text": text, **changes}]}


def test_what_is_drawn_again_is_the_same_and_what_differs_is_not() -> None:
    once = design_system("checkboxes", choices("Walking"))
    assert design_system("checkboxes", choices("Walking")) == once
    assert "checked" not in once
    assert "checked" in design_system("checkboxes", choices("Walking", checked=True))
    assert "Swimming" in design_system("checkboxes", choices("Swimming"))


def test_text_is_never_drawn_as_the_html_that_looks_like_it() -> None:
    label = {"idPrefix": "a", "name": "a", "items": [{"value": "1", "html": Markup("<b>Walking</b>")}]}
    trusted = design_system("checkboxes", label)
    label["items"] = [{"value": "1", "text": "<b>Walking</b>"}]
    typed = design_system("checkboxes", label)
    label["items"] = [{"value": "1", "text": Markup("<b>Walking</b>")}]
    assert "<b>Walking</b>" in trusted and "<b>Walking</b>" not in typed
    assert design_system("checkboxes", label) != typed


def test_one_and_true_are_two_things() -> None:
    counted = design_system("select", {"id": "a", "items": [{"value": 1, "text": "One"}]})
    asked = design_system("select", {"id": "a", "items": [{"value": True, "text": "One"}]})
    assert 'value="1"' in counted and 'value="1"' not in asked
