"""The questions behind a decision on a referral."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from fingerpost.codes.pathway import EventKind, Owner, reasons_after
from fingerpost.kernel import clock
from fingerpost.web.pages import forms
from fingerpost.web.pages.words import as_words
from fingerpost.web.staff.scheme.sharing_out import Worker, suggested
from fingerpost.web.tenancy.api import Organisation

NOBODY_YET = "later"

# Why a scheme does not take somebody on; a redirect has a page of its own.
_DECLINES = (Owner.SCHEME, Owner.PERSON, Owner.REFERRER, Owner.LIFE)


class AcceptForm(forms.PageForm):
    """Accept, and give to somebody: the one with the fewest open cases is chosen already."""

    worker = forms.ChoiceField(
        label=_("Who will work with them?"),
        use="it is on that worker's list at once",
        missing=_("Choose who will work with them, or say that you decide later"),
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, team: list[Worker], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = suggested(team)
        offered = [
            forms.Choice(str(one.id), one.name, hint=_hint(one, first)) for one in _in_order(team, first)
        ]
        offered.append(forms.Choice(NOBODY_YET, _("I will decide later"), divider=bool(offered)))
        self.offer("worker", offered)
        self.fields["worker"].initial = str(first.id) if first else NOBODY_YET


class DeclineForm(forms.PageForm):
    reason = forms.ChoiceField(
        label=_("Why?"),
        use="the practice reads it; counted in the funnel",
        missing=_("Choose the reason"),
        legend_size="m",
    )
    note = forms.LongTextField(
        label=_("A word to the practice"),
        use="read by the practice beside the reason",
        required=False,
        rows=3,
        max_length=500,
        help_text=_("What they could do instead, or what would change your answer."),
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = reasons_after(EventKind.RECEIVED, on=clock.today(), owners=_DECLINES)
        answers = [(one.code, as_words(one.label)) for one in offered if one.code not in _NOT_FOR_A_DECLINE]
        self.offer("reason", answers)


# "Passed on" is a redirect; taking it back is the practice's own act.
_NOT_FOR_A_DECLINE = {"redirected", "referrer_withdrew"}


class RedirectForm(forms.PageForm):
    scheme = forms.ChoiceField(
        label=_("Which scheme fits better?"),
        use="it lands in that scheme's queue",
        missing=_("Choose the scheme"),
        legend_size="m",
    )
    note = forms.LongTextField(
        label=_("A word to them and to the practice"),
        use="read by the practice beside the reason",
        required=False,
        rows=3,
        max_length=500,
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, schemes: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("scheme", [(str(one.id), one.name) for one in schemes])


def _in_order(team: list[Worker], first: Worker | None) -> list[Worker]:
    return sorted(team, key=lambda one: (one != first, one.leads, one.open_cases, one.name))


def _hint(worker: Worker, first: Worker | None) -> str:
    if worker == first:
        return str(_("Suggested, with the fewest open cases: %(load)s")) % {"load": worker.load}
    return worker.load
