"""A person's details, to be put right. A way of contact that is not ticked is not used."""

from __future__ import annotations

from typing import Any, Self

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fingerpost.kernel.errors import Conflict
from fingerpost.kernel.whole_number import whole_number
from fingerpost.web.pages import forms, words
from fingerpost.web.people.api import Person, PersonDetails, Sex

WAYS = (
    ("phone", gettext_lazy("Ring them")),
    ("voicemail", gettext_lazy("Leave a message on their phone")),
    ("text", gettext_lazy("Send a text")),
    ("email", gettext_lazy("Send an e-mail")),
    ("post", gettext_lazy("Write a letter")),
)
_SAME = (
    "given_name",
    "family_name",
    "known_as",
    "birth_date",
    "sex",
    "phone",
    "email",
    "contact_note",
    "address",
    "language",
    "access_needs",
)


class DetailsForm(forms.PageForm):
    """`version` is that of the record as it was shown."""

    given_name = forms.TextField(
        label=gettext_lazy("First name"),
        use="identity",
        missing=gettext_lazy("Type their first name"),
        max_length=100,
    )
    family_name = forms.TextField(
        label=gettext_lazy("Last name"),
        use="identity",
        missing=gettext_lazy("Type their last name"),
        max_length=100,
    )
    known_as = forms.TextField(
        label=gettext_lazy("Name they like to be called by"),
        use="how everybody addresses them",
        required=False,
        max_length=100,
    )
    birth_date = forms.DateField(
        label=gettext_lazy("Date of birth"),
        use="identity; age decides what fits",
        birth=True,
        missing=gettext_lazy("Type their date of birth"),
    )
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"),
        use="some groups are for women or for men only",
        choices=[(sex.value, sex.label) for sex in Sex],
        inline=True,
    )
    phone = forms.PhoneField(label=gettext_lazy("Phone number"), use="ringing them", required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), use="writing to them", required=False)
    safe = forms.ChoicesField(
        label=gettext_lazy("Which ways are safe?"),
        use="the only ways in which anybody gets in touch",
        required=False,
        choices=WAYS,
        help_text=gettext_lazy("Ask them: somebody else may read or hear it."),
    )
    contact_note = forms.TextField(
        label=gettext_lazy("Anything to know before getting in touch"),
        use="shown beside the phone number",
        required=False,
    )
    address = forms.LongTextField(
        label=gettext_lazy("Home address"), use="visits and letters", required=False, rows=3, max_length=500
    )
    postcode = forms.PostcodeField(
        label=gettext_lazy("Home postcode"), use="finds what is near them", required=False
    )
    language = forms.TextField(
        label=gettext_lazy("Language they would rather speak"),
        use="every conversation",
        required=False,
        max_length=60,
    )
    interpreter = forms.TickField(
        label=gettext_lazy("They need an interpreter"), use="booked before a conversation", required=False
    )
    access_needs = forms.LongTextField(
        label=gettext_lazy("What helps them take part"),
        use="shared with a group when they agree",
        required=False,
        rows=3,
        max_length=1000,
    )
    version = forms.VersionField()
    submission = forms.SubmissionKeyField()

    @classmethod
    def of(cls, person: Person) -> Self:
        """The form as the record stands."""
        values: dict[str, Any] = {name: getattr(person, name) for name in (*_SAME, "postcode")}
        return cls(
            initial=values
            | {
                "safe": [way for way, _said in WAYS if getattr(person, f"{way}_is_safe")],
                "interpreter": person.interpreter_needed,
                "version": str(person.version),
            }
        )

    @classmethod
    def again(cls, posted: QueryDict, person: Person, refusal: Conflict) -> Self:
        """Everything typed, with the token of the record that is now shown beside it."""
        typed = posted.copy()
        typed["version"] = str(person.version)
        form = cls(typed)
        form.is_valid()
        form.refuse(refusal)
        return form

    def clean(self) -> dict[str, Any]:
        ways = set(self.cleaned_data.get("safe") or ())
        if ways & {"phone", "voicemail", "text"}:
            self.require("phone", _("Give the phone number that is safe to use, or take the ticks away"))
        if "email" in ways:
            self.require("email", _("Give the e-mail address that is safe to use, or take the tick away"))
        return self.cleaned_data

    def version_seen(self) -> int:
        return whole_number(str(self.cleaned_data["version"]), most=2**31 - 1, otherwise=0)

    def to_details(self, person: Person) -> PersonDetails:
        """The details as typed; what this form does not ask stays as it is."""
        given = self.cleaned_data
        safe = set(given["safe"] or ())
        values: dict[str, Any] = {name: given[name] for name in _SAME}
        values |= {f"{way}_is_safe": way in safe for way, _said in WAYS}
        return PersonDetails(
            **values,
            ethnicity=person.ethnicity,
            postcode=str(given["postcode"] or ""),
            interpreter_needed=given["interpreter"],
        )

    def conflict_rows(self, refusal: Conflict) -> list[tuple[str, str, str]]:
        """Each detail that differs: what it says now, and what was typed."""
        return [
            (self._question(name), _said(now), self._typed(name)) for name, now in refusal.changed.items()
        ]

    def _question(self, name: str) -> str:
        way = dict(WAYS).get(name.removesuffix("_is_safe"))
        if name.endswith("_is_safe") and way:
            return str(way)
        return str(self.fields[_FIELD.get(name, name)].label)

    def _typed(self, name: str) -> str:
        given = self.cleaned_data
        if name.endswith("_is_safe"):
            return _said(name.removesuffix("_is_safe") in set(given["safe"] or ()))
        return _said(given[_FIELD.get(name, name)])


_FIELD = {"interpreter_needed": "interpreter"}


def _said(value: object) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if hasattr(value, "year"):
        return words.birth_date(value)  # type: ignore[arg-type]
    return "" if value is None else str(value)
