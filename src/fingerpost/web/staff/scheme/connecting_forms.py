"""The questions behind a connection: what the person agreed to share, how, and what the group said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fingerpost.codes.pathway import EventKind, LossReason, Owner, loss_reason, reasons_after
from fingerpost.kernel import clock
from fingerpost.kernel.dates import age_on
from fingerpost.web.connections.api import (
    AgreedHow,
    AskedBy,
    Connection,
    ConnectionKind,
    ConnectionStatus,
    Reply,
    ReplyKind,
    decline_reasons,
    replies_from,
)
from fingerpost.web.pages import forms
from fingerpost.web.pages.words import as_words
from fingerpost.web.people import api as people
from fingerpost.web.people.api import Person, SharedField
from fingerpost.web.staff.practice.wording import phone_in_words


class ConnectForm(forms.PageForm):
    """Put in touch: how, what may be shared, and that the person agreed to it."""

    kind = forms.ChoiceField(
        label=gettext_lazy("How will they begin?"),
        use="a supported introduction is counted apart from an onward referral",
        missing=gettext_lazy("Choose how they will begin"),
        choices=[
            forms.Choice(
                ConnectionKind.ONWARD_REFERRAL,
                gettext_lazy("The group gets in touch, or expects them"),
            ),
            forms.Choice(
                ConnectionKind.INTRODUCTION,
                gettext_lazy("Somebody goes along with them the first time"),
            ),
        ],
    )
    asked_by = forms.ChoiceField(
        label=gettext_lazy("How is the group asked?"),
        use="who writes or rings, and who waits for the answer",
        missing=gettext_lazy("Choose how the group is asked"),
    )
    shared_fields = forms.ChoicesField(
        label=gettext_lazy("What did they agree to share?"),
        use="nothing that is not ticked ever leaves",
        missing=gettext_lazy("Tick what they agreed to share; at least their name"),
        help_text=gettext_lazy("Tick only what they said yes to. What is not ticked never leaves."),
    )
    message = forms.LongTextField(
        label=gettext_lazy("Why they would like to come, in words they agreed to"),
        use="read by the group once it has said that it takes people",
        missing=gettext_lazy("Write why they would like to come, or take the tick away"),
        rows=3,
        max_length=600,
        help_text=gettext_lazy("Nothing about health unless they asked for it."),
    )
    consent_how = forms.ChoiceField(
        label=gettext_lazy("How did they tell you that they agree?"),
        use="kept with the agreement; without it nothing is sent",
        missing=gettext_lazy("Say how they told you. Without their agreement nothing is sent"),
        choices=[(how.value, how.label) for how in AgreedHow],
    )
    risk_because = forms.TextField(
        label=gettext_lazy("You take the risk: why?"),
        use="kept under your name",
        help_text=gettext_lazy("For example: they showed me the new policy. Nothing about the person."),
        missing=gettext_lazy("Say why you take the risk, or do not put them in touch"),
        max_length=300,
    )
    submission = forms.SubmissionKeyField()

    def __init__(
        self, *args: Any, person: Person, by_email: bool, asks_for_risk: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not asks_for_risk:
            del self.fields["risk_because"]
        ways = [forms.Choice(AskedBy.PHONE, _("I ring them and write down what they say"))]
        if by_email:
            ways.insert(0, forms.Choice(AskedBy.EMAIL, _("By e-mail, with buttons to answer")))
        self.offer("asked_by", ways)
        self.fields["asked_by"].initial = ways[0].value
        self.offer("shared_fields", shareable(person))

    def fields_shared(self) -> list[str]:
        return list(self.cleaned_data["shared_fields"])

    def message_shared(self) -> str:
        """Empty unless the reason is ticked: words beside an unticked box never leave."""
        return self.cleaned_data["message"] or ""


def shareable(person: Person) -> list[forms.Choice]:
    """What can be shared of this person at all, each with what the group would read."""
    today, forbidden = clock.today(), people.forbidden_fields(person)
    values: dict[SharedField, str] = {
        SharedField.NAME: f"{person.called} {person.family_name}",
        SharedField.PHONE: phone_in_words(person.phone) if SharedField.PHONE not in forbidden else "",
        SharedField.EMAIL: person.email if SharedField.EMAIL not in forbidden else "",
        SharedField.AGE: str(age_on(person.birth_date, today)),
        SharedField.ACCESS_NEEDS: person.access_needs,
    }
    found = [
        forms.Choice(name.value, _first_large(name), hint=value) for name, value in values.items() if value
    ]
    found.append(forms.Choice(SharedField.REASON, _first_large(SharedField.REASON), reveals=("message",)))
    return found


def cannot_share(person: Person) -> list[str]:
    """Why a usual way of contact is not among what can be shared."""
    said, forbidden = [], people.forbidden_fields(person)
    if person.phone and SharedField.PHONE in forbidden:
        said.append(_("It is not safe to ring them, so their phone number cannot be shared."))
    if person.email and SharedField.EMAIL in forbidden:
        said.append(_("It is not safe to write to them by e-mail, so their address cannot be shared."))
    return said


def _first_large(name: SharedField) -> str:
    text = str(name.label)
    return text[:1].upper() + text[1:]


class ToldForm(forms.PageForm):
    """They were told about it: nothing leaves, so there is nothing to ask."""

    submission = forms.SubmissionKeyField()


# Each answer with the questions that belong to it.
_REVEALS: Mapping[ReplyKind, tuple[str, ...]] = {
    ReplyKind.WAITING_LIST: ("waiting_weeks",),
    ReplyKind.FULL: ("full_until",),
    ReplyKind.DECLINES: ("reason",),
    ReplyKind.CAME: ("came_on",),
    ReplyKind.DID_NOT_COME: ("missed_on",),
}


class ReplyForm(forms.PageForm):
    """What the group said on the phone; only answers that fit where the connection stands."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What did they say?"),
        use="moves the connection on",
        missing=gettext_lazy("Choose what they said"),
        legend_size="m",
    )
    waiting_weeks = forms.NumberField(
        label=gettext_lazy("How many weeks, about?"),
        use="shown to whoever looks for a group next",
        missing=gettext_lazy("Type about how many weeks; a guess is good enough"),
        min_value=1,
        max_value=104,
    )
    full_until = forms.DateField(
        label=gettext_lazy("Until when, if they know?"),
        use="after that day the listing is asked again",
        required=False,
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Why not?"), use="counted in the funnel", missing=gettext_lazy("Choose why not")
    )
    came_on = forms.DateField(
        label=gettext_lazy("On which day did they come?"),
        use="the first attendance is a step of the pathway",
        missing=gettext_lazy("Type the day on which they came"),
    )
    missed_on = forms.DateField(
        label=gettext_lazy("On which day did they not come?"),
        use="the worker asks how they are",
        missing=gettext_lazy("Type the day"),
    )
    note = forms.TextField(
        label=gettext_lazy("In their own words"),
        use="read on the connection's page",
        required=False,
        max_length=500,
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, connection: Connection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        status = ConnectionStatus(connection.status)
        leads = replies_from(status, details_seen=connection.details_seen)
        reasons = decline_reasons(status, details_seen=connection.details_seen, on=today)
        kinds = [kind for kind in leads if kind is not ReplyKind.DECLINES or reasons]
        self.offer("kind", [forms.Choice(kind, kind.label, reveals=_REVEALS.get(kind, ())) for kind in kinds])
        self.offer("reason", [(one.code, as_words(one.label)) for one in reasons])
        for name in ("came_on", "missed_on"):
            self.fields[name].latest = today  # type: ignore[attr-defined]
            self.fields[name].initial = today
        self._drop_unasked(kinds)

    def to_reply(self) -> Reply:
        given = self.cleaned_data
        return Reply(
            kind=ReplyKind(given["kind"]),
            reason=given.get("reason") or "",
            note=given["note"],
            waiting_weeks=given.get("waiting_weeks"),
            full_until=given.get("full_until"),
            happened_on=self._day(),
        )

    def _day(self) -> date | None:
        given = self.cleaned_data
        return given.get("came_on") or given.get("missed_on")

    def _drop_unasked(self, kinds: list[ReplyKind]) -> None:
        """Questions of answers that are not offered here are not asked at all."""
        wanted = {name for kind in kinds for name in _REVEALS.get(kind, ())}
        for name in {name for names in _REVEALS.values() for name in names} - wanted:
            del self.fields[name]


class WithdrawForm(forms.PageForm):
    reason = forms.ChoiceField(
        label=gettext_lazy("Why?"),
        use="counted in the funnel; the group is not told why",
        missing=gettext_lazy("Choose the reason"),
        legend_size="m",
    )
    note = forms.LongTextField(
        label=gettext_lazy("A note for colleagues"),
        use="read on the connection's page",
        required=False,
        rows=3,
        max_length=500,
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, connection: Connection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answers = [(one.code, as_words(one.label)) for one in withdrawal_reasons(connection)]
        self.offer("reason", answers)


_STEP = {
    ConnectionStatus.ACCEPTED: EventKind.PROVIDER_ACCEPTED,
    ConnectionStatus.ATTENDED: EventKind.FIRST_ATTENDED,
}
# Taking back an agreement to share ends every connection under it, so it has a button of its own.
_NOT_HERE = {"consent_withdrawn"}


def withdrawal_reasons(connection: Connection) -> list[LossReason]:
    """Why a connection may be taken back where it stands: the person's, the group's, life's, the scheme's."""
    step = _STEP.get(ConnectionStatus(connection.status), EventKind.CONNECTED)
    owners = (Owner.PERSON, Owner.PROVIDER, Owner.LIFE, Owner.SCHEME)
    offered = reasons_after(step, on=clock.today(), owners=owners)
    return [one for one in offered if one.code not in _NOT_HERE and not one.pauses] + [
        loss_reason("person_not_now")
    ]
