"""Form fields that draw the design system's components, and the form that holds them.

`from fingerpost.web.pages import forms` is the whole interface for surfaces.
"""

from fingerpost.web.pages.forms.base import ErrorItem, FilterForm, PageForm, conflict_notice
from fingerpost.web.pages.forms.choices import Choice, ChoiceField, ChoicesField, SelectField, YesNoField
from fingerpost.web.pages.forms.dates import DateField, DateParts
from fingerpost.web.pages.forms.fields import (
    EmailField,
    FileField,
    LongTextField,
    NumberField,
    PhoneField,
    PlaceField,
    PostcodeField,
    TextField,
    TickField,
    TimeField,
)
from fingerpost.web.pages.forms.hidden import SubmissionKeyField, VersionField
from fingerpost.web.pages.forms.identifiers import NOT_KNOWN, IdentifierField

__all__ = [
    "NOT_KNOWN",
    "Choice",
    "ChoiceField",
    "ChoicesField",
    "DateField",
    "DateParts",
    "EmailField",
    "ErrorItem",
    "FileField",
    "FilterForm",
    "IdentifierField",
    "LongTextField",
    "NumberField",
    "PageForm",
    "PhoneField",
    "PlaceField",
    "PostcodeField",
    "SelectField",
    "SubmissionKeyField",
    "TextField",
    "TickField",
    "TimeField",
    "VersionField",
    "YesNoField",
    "conflict_notice",
]
