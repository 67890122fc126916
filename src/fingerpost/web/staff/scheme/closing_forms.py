"""The questions at the end of the work: how it ended, what changed, and what the referrer will read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fingerpost.codes.pathway import (
    COMPLETION_REASONS,
    EventKind,
    Owner,
    loss_reason,
    reasons_after,
)
from fingerpost.kernel import clock
from fingerpost.web.connections import api as connections
from fingerpost.web.connections.api import Connection, ConnectionStatus
from fingerpost.web.pages import forms
from fingerpost.web.pages.words import as_words

WELL, PERSON, SCHEME, GROUP, LIFE = "well", "person", "scheme", "group", "life"
_OWNER = {PERSON: Owner.PERSON, SCHEME: Owner.SCHEME, GROUP: Owner.PROVIDER, LIFE: Owner.LIFE}
# A death has a page of its own, which also ends what would ring or write to them.
_NOT_HERE = {"died", "did_not_come"}
USUAL = "usual"


class CloseForm(forms.PageForm):
    """How it ended: what kind of end, then which; and what changed in the person's words."""

    story = forms.LongTextField(
        label=gettext_lazy("What changed, in their words"),
        use="kept with the case; in the letter if they agree",
        required=False,
        rows=4,
        max_length=2000,
        help_text=gettext_lazy("Ask: what is different now? Even one sentence."),
    )
    may_be_told = forms.YesNoField(
        label=gettext_lazy("May the practice read these words?"),
        use="decides whether they stand in the letter",
        required=False,
    )
    ended = forms.ChoiceField(
        label=gettext_lazy("How did it end?"),
        use="groups the reasons",
        missing=gettext_lazy("Say how it ended"),
        choices=[
            forms.Choice(WELL, gettext_lazy("It came to a good end"), reveals=("why_well",)),
            forms.Choice(PERSON, gettext_lazy("The person did not want to go on"), reveals=("why_person",)),
            forms.Choice(SCHEME, gettext_lazy("We could not go on"), reveals=("why_scheme",)),
            forms.Choice(GROUP, gettext_lazy("There was nothing that fitted"), reveals=("why_group",)),
            forms.Choice(LIFE, gettext_lazy("Life came between"), reveals=("why_life",)),
        ],
    )
    why_well = forms.ChoiceField(
        label=gettext_lazy("Which?"), use="counted in the funnel", missing=gettext_lazy("Choose the reason")
    )
    why_person = forms.ChoiceField(
        label=gettext_lazy("Which?"), use="counted in the funnel", missing=gettext_lazy("Choose the reason")
    )
    why_scheme = forms.ChoiceField(
        label=gettext_lazy("Which?"), use="counted in the funnel", missing=gettext_lazy("Choose the reason")
    )
    why_group = forms.ChoiceField(
        label=gettext_lazy("Which?"), use="counted in the funnel", missing=gettext_lazy("Choose the reason")
    )
    why_life = forms.ChoiceField(
        label=gettext_lazy("Which?"), use="counted in the funnel", missing=gettext_lazy("Choose the reason")
    )

    def __init__(
        self, *args: Any, step: EventKind, open_connections: Sequence[Connection], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        self.open_connections = open_connections
        self._offer(
            "why_well",
            [(one.code, as_words(one.label)) for one in COMPLETION_REASONS if _is_offered(one, today)],
        )
        for name, owner in _OWNER.items():
            offered = [
                one for one in reasons_after(step, on=today, owners=[owner]) if one.code not in _NOT_HERE
            ]
            self._offer(f"why_{name}", [(one.code, as_words(one.label)) for one in offered])
        for one in open_connections:
            self.fields[end_name(one)] = _end_field(one)

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("story"):
            self.require("may_be_told", _("Say whether the practice may read their words"))
        return self.cleaned_data

    def reason(self) -> str:
        return str(self.cleaned_data[f"why_{self.cleaned_data['ended']}"])

    def connection_ends(self) -> dict[UUID, str]:
        """How each open connection ends, exactly as the page said it."""
        return {one.id: _as_end(one, self.cleaned_data[end_name(one)]) for one in self.open_connections}

    def _offer(self, name: str, answers: list[tuple[str, str]]) -> None:
        self.offer(name, answers)


class TellForm(forms.PageForm):
    """What the referrer will read, written for them and theirs to change."""

    told = forms.LongTextField(
        label=gettext_lazy("What the practice will read"),
        use="the letter to the referrer",
        missing=gettext_lazy("Say in a few plain sentences what happened"),
        rows=9,
        max_length=4000,
        help_text=gettext_lazy(
            "We have begun it for you. Change whatever is not right; leave a line between paragraphs."
        ),
    )
    submission = forms.SubmissionKeyField()


class DeathForm(forms.PageForm):
    died_on = forms.DateField(
        label=gettext_lazy("On which day did they die?"),
        use="stands on their record, so that nobody rings or writes",
        missing=gettext_lazy("Type the day on which they died"),
        legend_size="m",
    )
    told = forms.LongTextField(
        label=gettext_lazy("What the practice will read"),
        use="the letter to the referrer",
        missing=gettext_lazy("Say in a sentence or two what happened"),
        rows=6,
        max_length=4000,
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, born: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["died_on"].latest = clock.today()  # type: ignore[attr-defined]
        self.fields["died_on"].earliest = born  # type: ignore[attr-defined]


def end_name(connection: Connection) -> str:
    return f"end_{connection.id}"


def _end_field(connection: Connection) -> forms.ChoiceField:
    """What happens to one open connection: the usual is chosen already, and said in words."""
    usual = connections.usual_end(connection)
    answers = [forms.Choice(USUAL, _usual_words(connection, usual))]
    if connection.status == ConnectionStatus.ACCEPTED:
        answers.append(forms.Choice(connections.FINISHED, _("They go, and it goes on without us")))
    answers += [
        forms.Choice(code, as_words(loss_reason(code).label)) for code in _losses(connection) if code != usual
    ]
    name = {"listing": connection.listing_name}
    return forms.ChoiceField(
        label=_("What happens to %(listing)s?") % name,
        use="ends the connection and its links",
        choices=answers,
        initial=USUAL,
        missing=_("Say what happens to %(listing)s") % name,
    )


def _as_end(connection: Connection, chosen: str) -> str:
    return connections.usual_end(connection) if chosen == USUAL else chosen


def _usual_words(connection: Connection, usual: str) -> str:
    if usual == connections.FINISHED:
        return _("It goes on without us, or came to a good end")
    if usual != connections.NOTHING_LOST:
        return _("It ends: %(reason)s") % {"reason": as_words(loss_reason(usual).label)}
    if connection.status == ConnectionStatus.ACCEPTED:
        return _("It ends; nobody knows whether they went")
    return _("It ends")


def _losses(connection: Connection) -> tuple[str, ...]:
    """What else it may have ended on, by how far it came."""
    return {
        ConnectionStatus.ATTENDED: ("stopped_coming", "did_not_suit", "changed_mind"),
        ConnectionStatus.ACCEPTED: ("did_not_come", "changed_mind"),
    }.get(ConnectionStatus(connection.status), ("changed_mind",))


def _is_offered(reason: Any, on: date) -> bool:
    return reason.deprecated_from is None or on < reason.deprecated_from
