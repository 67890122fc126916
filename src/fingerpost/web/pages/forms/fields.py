"""Questions with one box: text, long text, number, e-mail, phone, postcode, time, file, tick."""

from __future__ import annotations

import re
from datetime import time
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from fingerpost.kernel.contact_route import normalise_email, normalise_phone
from fingerpost.kernel.errors import FingerpostError
from fingerpost.kernel.postcode import Postcode
from fingerpost.web.pages.forms.component import ComponentField, Text, shown_label, typed
from fingerpost.web.pages.words import fault

MEGABYTE = 1024 * 1024


class TextField(ComponentField, forms.CharField):
    """One line of text. `width` in characters: 2, 3, 4, 5, 10, 20, 30."""

    def __init__(
        self,
        *,
        use: str,
        missing: Text = "",
        width: int | None = None,
        autocomplete: str = "off",
        inputmode: str | None = None,
        max_length: int = 200,
        **django: Any,
    ) -> None:
        super().__init__(max_length=max_length, **django)
        self.begin_component(
            use=use, missing=missing, width=width, autocomplete=autocomplete, inputmode=inputmode
        )

    def parameters(self, bound: BoundField) -> dict[str, Any]:
        return super().parameters(bound) | {"value": typed(bound) or None}


class LongTextField(ComponentField, forms.CharField):
    """Several lines, with a count of what is left."""

    component = "character-count"
    widget = forms.Textarea

    def __init__(
        self, *, use: str, missing: Text = "", rows: int = 5, max_length: int = 2000, **django: Any
    ) -> None:
        super().__init__(max_length=max_length, **django)
        self.begin_component(use=use, missing=missing, rows=rows)

    def parameters(self, bound: BoundField) -> dict[str, Any]:
        most = self.max_length or 0
        return super().parameters(bound) | {
            "value": typed(bound) or None,
            "maxlength": most,
            "threshold": 75,
            "textareaDescriptionText": _("You can write up to %(count)s characters") % {"count": most},
            "charactersUnderLimitText": {
                "one": _("You have 1 character left"),
                "other": _("You have %{count} characters left"),
            },
            "charactersAtLimitText": _("You have no characters left"),
            "charactersOverLimitText": {
                "one": _("You have 1 character too many"),
                "other": _("You have %{count} characters too many"),
            },
        }


class NumberField(ComponentField, forms.IntegerField):
    """A whole number in a box of its size; what was typed is kept even when it is no number."""

    widget = forms.TextInput

    def __init__(
        self, *, use: str, missing: Text = "", width: int = 4, suffix: Text | None = None, **django: Any
    ) -> None:
        super().__init__(**django)
        self.error_messages["invalid"] = _("Use a whole number, such as 12")
        self.begin_component(use=use, missing=missing, width=width, suffix=suffix, inputmode="numeric")

    def parameters(self, bound: BoundField) -> dict[str, Any]:
        return super().parameters(bound) | {"value": typed(bound) or None}


class EmailField(ComponentField, forms.CharField):
    """An e-mail address, as the kernel understands one."""

    def __init__(self, *, use: str, missing: Text = "", autocomplete: str = "off", **django: Any) -> None:
        super().__init__(max_length=254, **django)
        self.begin_component(
            use=use, missing=missing, autocomplete=autocomplete, type="email", spellcheck=False, width=30
        )

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return refused_in_words(normalise_email, text) if text else ""

    def parameters(self, bound: BoundField) -> dict[str, Any]:
        return super().parameters(bound) | {"value": typed(bound) or None}


class PhoneField(ComponentField, forms.CharField):
    """A phone number as people write it; the answer is the number tidied by the kernel."""

    def __init__(self, *, use: str, missing: Text = "", autocomplete: str = "off", **django: Any) -> None:
        super().__init__(max_length=40, **django)
        self.begin_component(use=use, missing=missing, autocomplete=autocomplete, type="tel", width=20)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return refused_in_words(normalise_phone, text) if text else ""

    def parameters(self, bound: BoundField) -> dict[str, Any]:
        return super().parameters(bound) | {"value": typed(bound) or None}


class PostcodeField(ComponentField, forms.CharField):
    """A full UK postcode. The answer is a `Postcode`, or None when it was left out."""

    def __init__(self, *, use: str, missing: Text = "", autocomplete: str = "off", **django: Any) -> None:
        super().__init__(max_length=12, **django)
        self.begin_component(use=use, missing=missing, autocomplete=autocomplete, width=10)

    def clean(self, value: Any) -> Postcode | None:
        text = super().clean(value)
        return refused_in_words(Postcode.parse, text) if text else None

    def parameters(self, bound: BoundField) -> dict[str, Any]:
        return super().parameters(bound) | {"value": typed(bound) or None}


class PlaceField(PostcodeField):
    """A full UK postcode or its first half. The answer is a `Postcode`, the first half as text, or None."""

    def clean(self, value: Any) -> Postcode | str | None:  # type: ignore[override]  # half a postcode too
        text = str(value or "").strip().upper()
        return text if Postcode.is_outward(text) else super().clean(value)


class TimeField(ComponentField, forms.Field):
    """A time of day as people write it: 2pm, 2.30, 14:30. The answer is a `time`, or None."""

    widget = forms.TextInput
    _WRITTEN = re.compile(r"(\d{1,2})(?:[:.\s]?(\d{2}))?\s*(am|pm)?", re.IGNORECASE)

    def __init__(self, *, use: str, missing: Text = "", **django: Any) -> None:
        django.setdefault("help_text", _("For example, 2:30pm or 14:30"))
        super().__init__(**django)
        self.begin_component(use=use, missing=missing, width=5)

    def to_python(self, value: Any) -> time | None:
        text = str(value or "").strip()
        return self._read(text) if text else None

    def _read(self, text: str) -> time:
        written = self._WRITTEN.fullmatch(text)
        if written:
            hour, minute, half = int(written[1]), int(written[2] or 0), (written[3] or "").lower()
            hour = hour % 12 + (12 if half == "pm" else 0) if half and 1 <= hour <= 12 else hour
            if hour < 24 and minute < 60 and not (half and int(written[1]) > 12):
                return time(hour, minute)
        raise ValidationError(_("Type a time, such as 2:30pm or 14:30"), code="invalid")

    def parameters(self, bound: BoundField) -> dict[str, Any]:
        value = bound.value()
        return super().parameters(bound) | {
            "value": value.strftime("%H:%M") if isinstance(value, time) else typed(bound) or None
        }


class FileField(ComponentField, forms.FileField):
    """A file to upload; `endings` are the kinds allowed (".csv"), `largest` its greatest size in bytes."""

    component = "file-upload"

    def __init__(
        self,
        *,
        use: str,
        endings: tuple[str, ...],
        largest: int = 20 * MEGABYTE,
        missing: Text = "",
        **django: Any,
    ) -> None:
        super().__init__(**django)
        self.endings, self.largest = endings, largest
        self.begin_component(use=use, missing=missing, attributes={"accept": ",".join(endings)})

    def clean(self, data: Any, initial: Any = None) -> UploadedFile | None:
        given = super().clean(data, initial)
        faults = list(self._faults(given)) if isinstance(given, UploadedFile) else []
        if faults:
            raise ValidationError(faults)
        return given

    def _faults(self, given: UploadedFile) -> Any:
        if PurePath(given.name or "").suffix.lower() not in self.endings:
            yield _("Choose a file that ends in %(endings)s") % {"endings": ", ".join(self.endings)}
        if (given.size or 0) > self.largest:
            yield _("Choose a file of at most %(size)s") % {"size": filesizeformat(self.largest)}


class TickField(ComponentField, forms.BooleanField):
    """One box to tick, with its own words. Required means that it must be ticked."""

    component = "checkbox"

    def __init__(self, *, use: str, missing: Text = "", **django: Any) -> None:
        super().__init__(**django)
        self.begin_component(use=use, missing=missing)

    def parameters(self, bound: BoundField) -> dict[str, Any]:
        common = super().parameters(bound)
        item = {
            "value": "on",
            "text": shown_label(self, bound.form),
            "hint": common.pop("hint"),
            "checked": bool(bound.value()),
        }
        del common["label"], common["id"]
        return common | {"idPrefix": bound.auto_id, "items": [item]}


def refused_in_words(parse: Any, text: str) -> Any:
    """`parse(text)`, its refusal turned into the field's error."""
    try:
        return parse(text)
    except FingerpostError as refusal:
        raise ValidationError(fault(refusal), code="invalid") from refusal
