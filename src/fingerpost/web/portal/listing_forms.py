"""Forms behind a listing's link, and the box for suggestions of anybody."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import Accompaniment, Listing, OwnerSays
from fingerpost.web.pages import forms

_SHOWN = "shown to whoever looks for a group"


class SayForm(forms.PageForm):
    """One press."""

    marks_optional = False  # what may be left empty says so in its hint

    submission = forms.SubmissionKeyField()


class WaitingForm(SayForm):
    waiting_weeks = forms.NumberField(
        label=_("About how many weeks?"),
        help_text=_("A guess is good enough. Leave it empty if you do not know."),
        use="shown in the directory",
        required=False,
        suffix=_("weeks"),
        width=3,
        min_value=1,
        max_value=104,
    )
    field_order = ["waiting_weeks"]


class FullForm(SayForm):
    full_until = forms.DateField(
        label=_("Until when?"),
        help_text=_("Leave it empty if you do not know."),
        use="shown in the directory, so that nobody is sent before",
        required=False,
    )
    field_order = ["full_until"]


def form_for(says: OwnerSays) -> type[SayForm]:
    return {OwnerSays.WAITING_LIST: WaitingForm, OwnerSays.FULL: FullForm}.get(says, SayForm)


class UndoAnswerForm(forms.PageForm):
    """Names the answer that is taken back, so that a second press takes back nothing more."""

    answer = forms.VersionField()
    submission = forms.SubmissionKeyField()


class ChangeForm(forms.PageForm):
    """What a provider says of its own listing; as it stands now, to be put right."""

    marks_optional = False  # nearly all are, and its page says that the rest may be left

    name = forms.TextField(label=directory.FIELD_LABELS["name"], use=_SHOWN, max_length=200)
    description = forms.LongTextField(
        label=directory.FIELD_LABELS["description"],
        help_text=_("In the words you would use to somebody who has never been."),
        use=_SHOWN,
        required=False,
        rows=5,
        max_length=3000,
    )
    what_to_expect = forms.LongTextField(
        label=directory.FIELD_LABELS["what_to_expect"],
        help_text=_("Who meets them at the door, and what happens then?"),
        use=_SHOWN,
        required=False,
        rows=3,
        max_length=2000,
    )
    how_to_join = forms.LongTextField(
        label=directory.FIELD_LABELS["how_to_join"], use=_SHOWN, required=False, rows=2, max_length=1000
    )
    eligibility = forms.LongTextField(
        label=directory.FIELD_LABELS["eligibility"], use=_SHOWN, required=False, rows=2, max_length=1000
    )
    minimum_age = forms.NumberField(
        label=directory.FIELD_LABELS["minimum_age"],
        help_text=_("Leave it empty if there is none."),
        use=_SHOWN,
        required=False,
        width=3,
        min_value=0,
        max_value=120,
    )
    maximum_age = forms.NumberField(
        label=directory.FIELD_LABELS["maximum_age"],
        help_text=_("Leave it empty if there is none."),
        use=_SHOWN,
        required=False,
        width=3,
        min_value=0,
        max_value=120,
    )
    schedule_note = forms.LongTextField(
        label=directory.FIELD_LABELS["schedule_note"],
        help_text=_("For example: Wednesdays 12 to 2, not in August."),
        use=_SHOWN,
        required=False,
        rows=2,
        max_length=1000,
    )
    cost = forms.TextField(label=directory.FIELD_LABELS["cost"], use=_SHOWN, required=False, max_length=200)
    accompaniment = forms.SelectField(
        label=directory.FIELD_LABELS["accompaniment"],
        use=_SHOWN,
        empty=_("Not said"),
        required=False,
        choices=[(one.value, one.label) for one in Accompaniment if one.value],
    )
    transport = forms.LongTextField(
        label=directory.FIELD_LABELS["transport"], use=_SHOWN, required=False, rows=2, max_length=1000
    )
    access = forms.LongTextField(
        label=directory.FIELD_LABELS["access"],
        help_text=_("Steps, toilets, hearing loop, quiet corner."),
        use=_SHOWN,
        required=False,
        rows=2,
        max_length=1000,
    )
    required_documents = forms.LongTextField(
        label=directory.FIELD_LABELS["required_documents"],
        use=_SHOWN,
        required=False,
        rows=2,
        max_length=500,
    )
    interpretation = forms.TextField(
        label=directory.FIELD_LABELS["interpretation"], use=_SHOWN, required=False, max_length=200
    )
    email = forms.EmailField(
        label=directory.FIELD_LABELS["email"],
        help_text=_("Where we may write to you. A colleague checks a new one first."),
        use="where questions about this listing go",
        required=False,
    )
    url = forms.TextField(label=directory.FIELD_LABELS["url"], use=_SHOWN, required=False, max_length=300)
    note = forms.LongTextField(
        label=_("Anything else that has changed?"),
        help_text=_("The place, the phone number, the times. A colleague puts it in."),
        use="read by whoever keeps the directory",
        required=False,
        rows=3,
        max_length=1000,
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, listing: Listing, **kwargs: Any) -> None:
        super().__init__(*args, initial=directory.values_of(listing), **kwargs)

    def changes(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {name: given[name] for name in directory.FIELD_LABELS if name in given}


class SuggestForm(forms.PageForm):
    """What somebody without an account thinks is wrong."""

    note = forms.LongTextField(
        label=_("What is wrong, or what should stand there?"),
        help_text=_("Please write nothing about yourself or anybody else."),
        use="read by whoever keeps the directory",
        missing=_("Say what is wrong, in a few words"),
        rows=4,
        max_length=1000,
    )
    website = forms.TextField(
        label=_("Leave this empty"),
        use="programs that fill in everything give themselves away",
        required=False,
    )
    submission = forms.SubmissionKeyField()
