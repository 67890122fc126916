"""What a provider says, checked for sense before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from fingerpost.codes.pathway import EventKind, LossReason, Owner, reasons_after
from fingerpost.kernel.errors import FaultList, InvalidValue
from fingerpost.kernel.london import to_london
from fingerpost.web.connections.enums import ConnectionStatus, ReplyKind
from fingerpost.web.connections.lifecycle import STEP_REACHED

LONGEST_WAIT_WEEKS = 104
LONGEST_FULL = timedelta(days=2 * 365)
OLDEST_ATTENDANCE = timedelta(days=365)

# Full and a waiting list have buttons of their own.
_ABOUT_THE_PERSON = {"provider_not_suitable", "provider_not_eligible", "provider_too_complex"}
_ABOUT_THE_GROUP = {"provider_closed", "provider_cancelled"}


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One answer. `reason` for a no (or, by staff, for stopping); `happened_on` for came and did not come."""

    kind: ReplyKind
    reason: str = ""
    note: str = ""
    waiting_weeks: int | None = None
    full_until: date | None = None
    happened_on: date | None = None

    def check(
        self, *, status: ConnectionStatus, details_seen: bool, connected_at: datetime, at: datetime
    ) -> None:
        """Raise `Faults` with everything that is missing or cannot be."""
        faults, today = FaultList(), to_london(at).date()
        if self.kind == ReplyKind.DECLINES:
            self._check_reason(status, details_seen, today, faults)
        if self.kind == ReplyKind.WAITING_LIST:
            self._check_weeks(faults)
        if self.kind == ReplyKind.FULL and self.full_until is not None:
            self._check_until(today, faults)
        if self.kind in (ReplyKind.CAME, ReplyKind.DID_NOT_COME):
            self._check_day(to_london(connected_at).date(), today, faults)
        faults.raise_any()

    def _check_reason(
        self, status: ConnectionStatus, details_seen: bool, on: date, faults: FaultList
    ) -> None:
        offered = decline_reasons(status, details_seen=details_seen, on=on)
        if self.reason not in {reason.code for reason in offered}:
            faults.add(InvalidValue(_("Choose a reason from the list."), field="reason"))

    def _check_weeks(self, faults: FaultList) -> None:
        if self.waiting_weeks is None or not 1 <= self.waiting_weeks <= LONGEST_WAIT_WEEKS:
            faults.add(
                InvalidValue(
                    _("It does not say how long the wait is."),
                    field="waiting_weeks",
                    expected=_("A number of weeks from 1 to 104; a guess is good enough."),
                )
            )

    def _check_until(self, today: date, faults: FaultList) -> None:
        if self.full_until is not None and not today < self.full_until <= today + LONGEST_FULL:
            faults.add(
                InvalidValue(
                    _("This date cannot be right."),
                    field="full_until",
                    expected=_("A day after today, within two years, or nothing if you do not know."),
                )
            )

    def _check_day(self, connected_on: date, today: date, faults: FaultList) -> None:
        if self.happened_on is None:
            faults.add(InvalidValue(_("It does not say on which day."), field="happened_on"))
        elif not max(connected_on, today - OLDEST_ATTENDANCE) <= self.happened_on <= today:
            faults.add(
                InvalidValue(
                    _("This day cannot be right."),
                    field="happened_on",
                    expected=_("A day since they were put in touch with you, up to today."),
                )
            )


def decline_reasons(status: ConnectionStatus, *, details_seen: bool, on: date) -> tuple[LossReason, ...]:
    """Why a provider may say no here. Before they have read about anybody: only that the group is no more."""
    offered = reasons_after(STEP_REACHED.get(status, EventKind.CONNECTED), on=on, owners=[Owner.PROVIDER])
    fit = _ABOUT_THE_PERSON | _ABOUT_THE_GROUP if details_seen else {"provider_closed"}
    return tuple(reason for reason in offered if reason.code in fit)
