"""One small form for each answer: a hidden key, at most one question, an optional box."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from fingerpost.web.connections.api import Connection, ConnectionStatus, Reply, ReplyKind, decline_reasons
from fingerpost.web.pages import forms
from fingerpost.web.pages.words import as_words


class AnswerForm(forms.PageForm):
    """An answer that needs no more than a press of its button."""

    note = forms.LongTextField(
        label=_("Anything we should know?"),
        help_text=_("Please write nothing about their health."),
        use="shown to the link worker beside the answer",
        required=False,
        rows=3,
        max_length=1000,
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, connection: Connection, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prepare(connection, on)

    def prepare(self, connection: Connection, on: date) -> None:
        """Fill in what depends on the connection or the day."""

    def reply(self, kind: ReplyKind) -> Reply:
        """The answer as it was given."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "submission" and value}
        return Reply(kind=kind, **given)


class WaitingListForm(AnswerForm):
    waiting_weeks = forms.NumberField(
        label=_("About how many weeks?"),
        help_text=_("A guess is good enough."),
        use="told to the person, and shown in the directory",
        suffix=_("weeks"),
        width=3,
        min_value=1,
        max_value=104,
    )
    field_order = ["waiting_weeks", "note"]


class FullForm(AnswerForm):
    full_until = forms.DateField(
        label=_("Until when?"),
        help_text=_("Leave it empty if you do not know."),
        use="shown in the directory, so that nobody is sent before",
        required=False,
    )
    field_order = ["full_until", "note"]


class DeclineForm(AnswerForm):
    reason = forms.ChoiceField(
        label=_("Why?"),
        use="tells the link worker where to look instead",
        missing=_("Choose the reason that fits best"),
    )
    field_order = ["reason", "note"]

    def prepare(self, connection: Connection, on: date) -> None:
        status = ConnectionStatus(connection.status)
        offered = decline_reasons(status, details_seen=connection.details_seen, on=on)
        field = cast(forms.ChoiceField, self.fields["reason"])
        field.offer([(reason.code, as_words(reason.label)) for reason in offered])
        if len(offered) == 1:
            field.initial = offered[0].code


class DayForm(AnswerForm):
    happened_on = forms.DateField(label=_("On which day?"), use="dates the first visit")
    field_order = ["happened_on", "note"]

    def prepare(self, connection: Connection, on: date) -> None:
        self.fields["happened_on"].initial = on


FORMS: dict[ReplyKind, type[AnswerForm]] = {
    ReplyKind.WAITING_LIST: WaitingListForm,
    ReplyKind.FULL: FullForm,
    ReplyKind.DECLINES: DeclineForm,
    ReplyKind.CAME: DayForm,
    ReplyKind.DID_NOT_COME: DayForm,
}


def form_for(kind: ReplyKind) -> type[AnswerForm]:
    return FORMS.get(kind, AnswerForm)


class UndoForm(forms.PageForm):
    """Names the answer that is taken back, so that a second press takes back nothing more."""

    reply = forms.VersionField()
    submission = forms.SubmissionKeyField()
