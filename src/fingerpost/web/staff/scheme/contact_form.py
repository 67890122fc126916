"""Logging a contact in half a minute: what is usual is filled in, and left out where it follows."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fingerpost.kernel import clock
from fingerpost.kernel.london import LONDON
from fingerpost.kernel.working_days import is_working_day
from fingerpost.web.casework.api import USUAL_MINUTES, Case, ContactDetails, ContactMode, Outcome
from fingerpost.web.pages import forms, words

# An attempt that reaches nobody takes this long at most, unless somebody says otherwise.
ATTEMPT_MINUTES = 5
_BY_WIRE = (ContactMode.PHONE, ContactMode.VIDEO, ContactMode.TEXT, ContactMode.EMAIL)
NOW, EARLIER = "now", "earlier"
NO_DAY, OTHER_DAY = "", "other"


class ContactForm(forms.PageForm):
    """One contact or attempt, and what comes next."""

    mode = forms.ChoiceField(
        label=gettext_lazy("How?"),
        use="kind of contact on the timeline",
        missing=gettext_lazy("Say how you were in touch"),
        choices=[(mode.value, mode.label) for mode in ContactMode],
        inline=True,
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("Did you reach them?"),
        use="a reached contact is a step of the pathway; an attempt is not",
        missing=gettext_lazy("Say whether you reached them"),
        choices=[(outcome.value, outcome.label) for outcome in Outcome],
        inline=True,
    )
    note = forms.LongTextField(
        label=gettext_lazy("What was it about?"),
        use="the timeline, read by colleagues who stand in",
        required=False,
        rows=4,
        max_length=4000,
    )
    minutes = forms.NumberField(
        label=gettext_lazy("Minutes"),
        use="how the team's time is spent",
        required=False,
        min_value=0,
        max_value=720,
        width=3,
        help_text=gettext_lazy("Left empty, it counts as usual: 20 for a call, 60 at home."),
    )
    when = forms.ChoiceField(
        label=gettext_lazy("When was it?"),
        use="place on the timeline",
        initial=NOW,
        choices=[
            forms.Choice(NOW, gettext_lazy("Just now")),
            forms.Choice(EARLIER, gettext_lazy("Earlier"), reveals=("on", "at")),
        ],
    )
    on = forms.DateField(
        label=gettext_lazy("On which day?"),
        use="place on the timeline",
        missing=gettext_lazy("Type the day on which it was"),
    )
    at = forms.TimeField(label=gettext_lazy("At what time?"), use="place on the timeline", required=False)
    step_done = forms.TickField(
        label=gettext_lazy("Done as promised"), use="takes it off the Today page", required=False
    )
    next_step = forms.TextField(
        label=gettext_lazy("What did you promise next?"),
        use="the Today page reminds the worker",
        required=False,
        help_text=gettext_lazy("For example: ring about the choir"),
    )
    next_day = forms.ChoiceField(
        label=gettext_lazy("For when?"), use="the day on which it stands on Today", required=False
    )
    next_on = forms.DateField(
        label=gettext_lazy("Which day?"),
        use="the day on which it stands on Today",
        missing=gettext_lazy("Type the day"),
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        self.case = case
        self.offer("next_day", _next_days(today))
        self.fields["on"].latest = today  # type: ignore[attr-defined]
        if case.next_step or case.next_step_on:
            promised = case.next_step or _("get in touch")
            self.fields["step_done"].label = _("Done as promised: %(step)s") % {"step": promised}
        else:
            del self.fields["step_done"]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("next_step") and not given.get("next_day"):
            self.add_error("next_day", _("Say for when you promised it"))
        chosen = given.get("next_on") if given.get("next_day") == OTHER_DAY else None
        if chosen is not None and chosen < clock.today():
            self.add_error("next_on", _("Choose today or a day to come"))
        return given

    def to_details(self, *, at: datetime) -> ContactDetails:
        """What was logged; only after `is_valid()`."""
        given = self.cleaned_data
        return ContactDetails(
            contacted_on=self._moment(at),
            mode=given["mode"],
            outcome=given["outcome"],
            minutes=given["minutes"]
            if given["minutes"] is not None
            else usual_minutes(given["mode"], given["outcome"]),
            note=given["note"],
            next_step=given["next_step"],
            next_step_on=self._next_on(),
        )

    def is_step_done(self) -> bool:
        """The promised step was kept and nothing else was promised."""
        given = self.cleaned_data
        return bool(given.get("step_done")) and not given["next_step"] and not given["next_day"]

    def _moment(self, at: datetime) -> datetime:
        given = self.cleaned_data
        if given["when"] != EARLIER:
            return at
        # Without a time: midday, but never ahead of now.
        moment = datetime.combine(given["on"], given["at"] or time(12), tzinfo=LONDON)
        return moment if given["at"] else min(moment, at)

    def _next_on(self) -> date | None:
        given = self.cleaned_data
        if given["next_day"] == OTHER_DAY:
            on: date | None = given["next_on"]
            return on
        return date.fromisoformat(given["next_day"]) if given["next_day"] else None


class NextStepForm(forms.PageForm):
    """What is promised next, without a contact."""

    next_step = forms.TextField(
        label=gettext_lazy("What is promised?"), use="the Today page reminds the worker", required=False
    )
    next_on = forms.DateField(
        label=gettext_lazy("For which day?"), use="the day on which it stands on Today", required=False
    )

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("next_step"):
            self.require("next_on", _("Say for which day you promised it"))
        return self.cleaned_data


def usual_minutes(mode: str, outcome: str) -> int:
    """What a contact usually takes; an attempt by phone or in writing that reaches nobody takes little."""
    usual = USUAL_MINUTES[ContactMode(mode)]
    if outcome == Outcome.NOT_REACHED and ContactMode(mode) in _BY_WIRE:
        return min(usual, ATTEMPT_MINUTES)
    return usual


def _next_days(today: date) -> list[forms.Choice]:
    """Days that are promised most, all working days; by date, so that a form sent after midnight means the same."""
    near = [
        (1, _("Next working day, %(day)s")),
        (7, _("In a week, %(day)s")),
        (14, _("In two weeks, %(day)s")),
        (28, _("In four weeks, %(day)s")),
    ]
    offered = []
    for days, said in near:
        on = _working_day_from(today + timedelta(days=days))
        offered.append(forms.Choice(on.isoformat(), said % {"day": words.day(on)}))
    return [*offered, forms.Choice(OTHER_DAY, _("Another day"), reveals=("next_on",))]


def _working_day_from(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
