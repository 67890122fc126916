"""The filters of the funnel. They choose journeys; nothing is ever ranked by them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import dateformat
from django.utils.translation import gettext_lazy as _

from fingerpost.kernel import clock
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.insight.api import Filters, Period
from fingerpost.web.pages import forms
from fingerpost.web.referrals.api import Source
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Organisation, OrganisationKind

MONTHS_OFFERED = 24
ALL, FIRST, LAST = _("All"), _("The first"), _("The latest")


@dataclass(frozen=True)
class Reach:
    """The schemes and practices among whose journeys an actor may choose, by name."""

    schemes: Sequence[Organisation]
    practices: Sequence[Organisation]


def reach_of(actor: Actor) -> Reach:
    """The actor's schemes and practices, and those that refer to the ones or take referrals from the others."""
    own = tenancy.organisations_by_id(list(actor.organisation_ids)).values()
    schemes = {o.id: o for o in own if o.kind == OrganisationKind.SCHEME}
    practices = {o.id: o for o in own if o.kind == OrganisationKind.PRACTICE}
    if practices:
        shared = tenancy.schemes_of_practices(practice_ids=list(practices), on=clock.today())
        schemes |= {o.id: o for o in shared}
    for scheme in schemes.values() if not practices else ():
        practices |= {o.id: o for o in tenancy.practices_of(scheme_id=scheme.id, on=clock.today())}
    return Reach(*(sorted(some.values(), key=lambda o: o.name) for some in (schemes, practices)))


class FunnelFilter(forms.FilterForm):
    scheme = forms.SelectField(label=_("Scheme"), use="counts the journeys of one scheme", empty=ALL)
    practice = forms.SelectField(label=_("Referred by"), use="counts the journeys of one practice", empty=ALL)
    source = forms.SelectField(
        label=_("How it began"),
        use="counts the journeys of one source",
        choices=[(value, label) for value, label in Source.choices],
        empty=ALL,
    )
    first = forms.SelectField(label=_("From month"), use="counts journeys that began from it on", empty=FIRST)
    last = forms.SelectField(label=_("To month"), use="counts journeys that began up to it", empty=LAST)

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("scheme", [(str(o.id), o.name) for o in reach.schemes])
        self.offer("practice", [(str(o.id), o.name) for o in reach.practices])
        months = [(f"{month:%Y-%m}", month_words(month)) for month in _months_back(clock.today())]
        for name in ("first", "last"):
            self.offer(name, months)
        if len(reach.schemes) < 2:
            del self.fields["scheme"]

    def filters(self) -> Filters:
        """What was asked for and understood; the rest is ignored."""
        return Filters(
            source=self._chosen("source"),
            referrer_id=_as_id(self._chosen("practice")),
            scheme_id=_as_id(self._chosen("scheme")),
        )

    def period(self) -> Period:
        """The months asked for, the earlier one first however they were given."""
        first, last = (_as_month(self._chosen(name)) for name in ("first", "last"))
        if first and last:
            first, last = min(first, last), max(first, last)
        return Period(first=first, last=last)

    def _chosen(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")


def month_words(month: date) -> str:
    """ "March 2026"."""
    return dateformat.format(month, "F Y")


def _months_back(today: date) -> Iterator[date]:
    """The first days of this month and of those before it, newest first."""
    year, month = today.year, today.month
    for _number in range(MONTHS_OFFERED):
        yield date(year, month, 1)
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)


def _as_month(text: str) -> date | None:
    return date.fromisoformat(f"{text}-01") if text else None


def _as_id(text: str) -> UUID | None:
    return UUID(text) if text else None
