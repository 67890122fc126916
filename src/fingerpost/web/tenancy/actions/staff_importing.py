"""A list of staff from a spreadsheet: tried first, applied as it was shown, and taken back.

Trying does everything that applying does, by the same actions and policies, and then rolls it back: what was shown is
what happens. No account is made and no password set: who is new gets an invitation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import Conflict, FingerpostError, InvalidValue, NotAllowed
from fingerpost.kernel.london import LONDON, to_london
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.tenancy import policies
from fingerpost.web.tenancy.actions.access import add_membership, change_role, end_membership
from fingerpost.web.tenancy.actions.inviting import invite, withdraw_invitation
from fingerpost.web.tenancy.enums import Permission, Role
from fingerpost.web.tenancy.models import Invitation, Membership, Organisation, StaffImport, User
from fingerpost.web.tenancy.selectors.access import administered
from fingerpost.web.tenancy.staff_rows import Problem, StaffRow, problem_of, understand
from fingerpost.web.tenancy.staff_sheets import SheetRow, StaffSheet

STANDS = timedelta(hours=24)  # after a day a trial says nothing of what would happen now


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one row does: `invite`, `change`, `leave`, `same` or `rejected`; and what undoing needs."""

    line: int
    kind: str
    name: str
    email: str
    role: str
    organisation: str
    former: tuple[str, ...] = ()
    ends_on: str = ""
    problems: tuple[Problem, ...] = ()
    invitation_id: str = ""
    begun_id: str = ""
    ended: tuple[tuple[str, str], ...] = ()  # each with when it was to end before, or nothing

    def shown(self) -> tuple[object, ...]:
        """What a reader was shown: what is applied must be the same."""
        problems = tuple(one.cause for one in self.problems)
        return self.line, self.kind, self.email, self.role, self.organisation, self.former, problems


@transaction.atomic
def try_staff_import(*, sheet: StaffSheet, source: str, by: Actor, at: datetime) -> StaffImport:
    """Keep a list with what each row would do. Nothing of it is done."""
    _check(by, at)
    found = StaffImport(
        organisation_id=by.organisation_id,
        source=source[:100],
        notes=list(sheet.notes),
        rows=[asdict(row) for row in sheet.rows],
        outcomes=_kept(_tried(sheet.rows, by, at)),
        tried_at=at,
        tried_by_name=by.label[:200],
    )
    found.save(force_insert=True)
    return found


@transaction.atomic
def try_again_staff_import(*, imported: StaffImport, by: Actor, at: datetime) -> StaffImport:
    """What a list that was kept would do now, as a trial of its own."""
    sheet = StaffSheet(tuple(_rows(imported)), tuple(imported.notes))
    return try_staff_import(sheet=sheet, source=imported.source, by=by, at=at)


@transaction.atomic
def apply_staff_import(*, imported: StaffImport, by: Actor, at: datetime) -> StaffImport:
    """Do what was shown. Raises `Conflict` when that has changed, and `NotAllowed` when it is done or a day old."""
    held = _locked(imported, by, at)
    if held.applied_at is not None:
        raise NotAllowed(_("This list has been applied already."), reason="applied")
    if at - held.tried_at > STANDS:
        raise NotAllowed(
            _("This was tried more than a day ago, and much may have changed."),
            reason="too_old",
            remedy=_("Choose the file again."),
        )
    outcomes = _carry_out(_rows(held), by, at)
    before = [_outcome(one).shown() for one in held.outcomes]
    if [one.shown() for one in outcomes] != before:
        raise Conflict(
            _("Something has changed since this was tried, so nothing was done."),
            remedy=_("Look at what it would do now."),
        )
    held.outcomes, held.applied_at, held.applied_by_name = _kept(outcomes), at, by.label[:200]
    held.save(update_fields=["outcomes", "applied_at", "applied_by_name"])
    return held


@transaction.atomic
def undo_staff_import(*, imported: StaffImport, by: Actor, at: datetime) -> StaffImport:
    """Withdraw invitations that nobody took up, give back former roles, and say what can no longer be undone."""
    held = _locked(imported, by, at)
    if held.applied_at is None or held.undone_at is not None:
        raise NotAllowed(_("There is nothing here to undo."), reason="nothing_to_undo")
    done = []
    for one in map(_outcome, held.outcomes):
        if one.kind in _UNDOING:
            done.append({"line": one.line, "name": one.name, "left": _taken_back(one, by, at)})
    held.undone, held.undone_at, held.undone_by_name = done, at, by.label[:200]
    held.save(update_fields=["undone", "undone_at", "undone_by_name"])
    return held


def _check(by: Actor, at: datetime) -> None:
    if by.kind == "system":
        return
    if by.organisation_id is None or not by.has(Permission.ADMINISTER_ACCOUNTS):
        raise NotAllowed(_("Your role does not bring in lists of staff."), reason="no_permission")
    policies.check_can_administer(by, organisation_id=by.organisation_id, reach=administered(by, at=at))


def _locked(imported: StaffImport, by: Actor, at: datetime) -> StaffImport:
    _check(by, at)
    held: StaffImport = StaffImport.objects.select_for_update().get(id=imported.pk)
    return held


def _tried(rows: Sequence[SheetRow], by: Actor, at: datetime) -> list[Outcome]:
    with transaction.atomic():
        outcomes = _carry_out(rows, by, at)
        transaction.set_rollback(True)
    return [replace(one, invitation_id="", begun_id="", ended=()) for one in outcomes]


def _carry_out(rows: Sequence[SheetRow], by: Actor, at: datetime) -> list[Outcome]:
    """Each row whole or not at all. New administrators come first and leavers last, so that one may follow another."""
    read = understand(rows, today=to_london(at).date())
    places = _Places(by, at)
    turn = sorted(read, key=lambda row: (row.last_day is not None, row.role != Role.ADMINISTRATOR, row.line))
    return sorted((_one(row, places, by, at) for row in turn), key=lambda one: one.line)


class _Places:
    """The organisations of the system by name and by national code, and which of them the actor administers."""

    def __init__(self, by: Actor, at: datetime) -> None:
        self._reach = None if by.kind == "system" else administered(by, at=at)
        self._own = by.organisation_id
        self._seen: dict[tuple[str, UUID], int] = {}
        self._known: dict[str, list[Organisation]] = {}
        for one in Organisation.objects.all():
            for text in {_folded(one.name), _folded(one.code)} - {""}:
                self._known.setdefault(text, []).append(one)

    def check_first(self, row: StaffRow, organisation: Organisation) -> None:
        """Raises `InvalidValue` for a person whom another row named here, by other words for the same place."""
        line = self._seen.setdefault((row.email, organisation.pk), row.line)
        if line != row.line:
            raise InvalidValue(
                _("The same person stands in row %(lines)s too.") % {"lines": line},
                field="email",
                remedy=_("Keep one row for each person in an organisation."),
            )

    def find(self, text: str) -> Organisation:
        """Raises `InvalidValue` for one that is not there, not the actor's, or not the only one so called."""
        found = self._known.get(_folded(text), []) if text else []
        if not text and self._own is not None:
            return Organisation.objects.get(id=self._own)
        if self._reach is not None and (ours := [one for one in found if one.pk in self._reach]):
            found = ours
        elif self._reach is not None and found:
            raise InvalidValue(
                _("You do not administer “%(name)s”.") % {"name": text},
                field="organisation",
                remedy=_("Ask its own administrator, or the administrator of one above it."),
            )
        if len(found) == 1:
            return found[0]
        raise InvalidValue(
            _("More than one organisation is called “%(name)s”.") % {"name": text}
            if found
            else _("There is no organisation called “%(name)s” here.") % {"name": text}
            if text
            else _("There is no organisation."),
            field="organisation",
            remedy=_("Write its name as it stands under Organisations, or its national code."),
        )


def _one(row: StaffRow, places: _Places, by: Actor, at: datetime) -> Outcome:
    told = Outcome(
        row.line, "rejected", row.name, row.email, row.role or "", row.organisation, problems=row.problems
    )
    try:
        organisation = places.find(row.organisation)
    except FingerpostError as fault:
        already = any(one.column == "organisation" for one in row.problems)
        return told if already else replace(told, problems=(*row.problems, problem_of(fault)))
    told = replace(told, organisation=organisation.name)
    if row.problems:
        return told
    try:
        places.check_first(row, organisation)
        with transaction.atomic():
            return _done(row, organisation, told, by, at)
    except FingerpostError as fault:
        return replace(told, problems=(problem_of(fault),))


def _done(row: StaffRow, organisation: Organisation, told: Outcome, by: Actor, at: datetime) -> Outcome:
    account = User.objects.filter(email=row.email).first()
    held: list[Membership] = []
    if account is not None:
        open_ones = Membership.objects.filter(
            Q(ends_at=None) | Q(ends_at__gt=at), user_id=account.pk, organisation_id=organisation.pk
        )
        held = list(open_ones.order_by("starts_at", "id"))
    told = replace(told, former=tuple(one.role for one in held))
    if held:
        policies.check_is_somebody_else(by, user_id=held[0].user_id)
        told = replace(told, name=row.name or held[0].user.name)
    if row.last_day is not None:
        return _left(row, held, told, by, at)
    if not held:
        return _invited(row, organisation, told, by, at)
    if any(one.suspended_at for one in held):
        raise InvalidValue(
            _("Their access here is suspended."), remedy=_("Lift the suspension on their own page first.")
        )
    if row.role in told.former:
        return replace(told, kind="same")
    if len(held) > 1:
        raise InvalidValue(
            _("They hold more than one role here, so it is not clear which is to change."),
            field="role",
            remedy=_("Change it on their own page."),
        )
    begun = change_role(membership=held[0], role=_asked(row), by=by, at=at)
    return replace(
        told, kind="change", begun_id=str(begun.pk), ended=((str(held[0].pk), _written(held[0].ends_at)),)
    )


def _invited(row: StaffRow, organisation: Organisation, told: Outcome, by: Actor, at: datetime) -> Outcome:
    waiting = Invitation.objects.filter(
        organisation=organisation, email=row.email, accepted_at=None, withdrawn_at=None, expires_at__gt=at
    ).first()
    if waiting is not None and waiting.role == row.role:
        return replace(told, kind="same")
    if waiting is not None:
        raise InvalidValue(
            _("They have been invited in another role, and have not answered yet."),
            field="role",
            remedy=_("Withdraw that invitation first."),
        )
    made = invite(email=row.email, name=row.name, organisation=organisation, role=_asked(row), by=by, at=at)
    return replace(told, kind="invite", invitation_id=str(made.pk))


def _left(row: StaffRow, held: list[Membership], told: Outcome, by: Actor, at: datetime) -> Outcome:
    if not held:
        raise InvalidValue(
            _("They have no role here that could end."),
            field="last_day",
            remedy=_("Leave the last day empty to invite them, or take the row away."),
        )
    ending = [one for one in held if row.role in (None, one.role)]
    if not ending:
        raise InvalidValue(
            _("They do not have this role here."),
            field="role",
            remedy=_("Write the role that ends, or leave it empty to end every role they have here."),
        )
    last_day = row.last_day or to_london(at).date()
    if any(last_day < to_london(one.starts_at).date() for one in ending):
        raise InvalidValue(
            _("The last day is before the day on which the role began."),
            field="last_day",
            remedy=_("Put the date right."),
        )
    ends_at = datetime.combine(last_day + timedelta(days=1), time(), tzinfo=LONDON)
    if all(one.ends_at == ends_at for one in ending):
        return replace(told, kind="same", ends_on=last_day.isoformat())
    for one in ending:
        end_membership(membership=one, by=by, at=at, ends_at=ends_at)
    return replace(
        told,
        kind="leave",
        ends_on=last_day.isoformat(),
        ended=tuple((str(one.pk), _written(one.ends_at)) for one in ending),
    )


def _taken_back(one: Outcome, by: Actor, at: datetime) -> str:
    """Undo one row; why not, in words, or nothing when it is undone."""
    try:
        with transaction.atomic():
            _UNDOING[one.kind](one, by, at)
    except FingerpostError as fault:
        return " ".join(fault.sentences(_))
    return ""


def _withdraw(one: Outcome, by: Actor, at: datetime) -> None:
    invitation = Invitation.objects.get(id=UUID(one.invitation_id))
    if invitation.accepted_at is not None:
        raise NotAllowed(
            _("They have taken up the invitation."), remedy=_("End their role on their own page.")
        )
    if invitation.withdrawn_at is None:
        withdraw_invitation(invitation=invitation, by=by, at=at)


def _give_back_role(one: Outcome, by: Actor, at: datetime) -> None:
    begun = Membership.objects.select_related("organisation").get(id=UUID(one.begun_id))
    if begun.ends_at is not None or begun.suspended_at is not None:
        raise NotAllowed(_("Their access has been changed since."), remedy=_("Look at it on their own page."))
    change_role(membership=begun, role=Role(one.former[0]), by=by, at=at)


def _give_back_access(one: Outcome, by: Actor, at: datetime) -> None:
    for membership_id, ended_before in one.ended:
        held = Membership.objects.select_related("organisation").get(id=UUID(membership_id))
        if held.suspended_at is not None:
            raise NotAllowed(
                _("Their access has been changed since."), remedy=_("Look at it on their own page.")
            )
        if held.ends_at is not None and held.ends_at > at:
            policies.check_can_administer(
                by, organisation_id=held.organisation_id, reach=administered(by, at=at)
            )
            policies.check_is_somebody_else(by, user_id=held.user_id)
            held.ends_at = datetime.fromisoformat(ended_before) if ended_before else None
            held.save(update_fields=["ends_at"])
        else:
            add_membership(
                user_id=held.user_id, organisation=held.organisation, role=Role(held.role), by=by, at=at
            )


_UNDOING = {"invite": _withdraw, "change": _give_back_role, "leave": _give_back_access}


def _asked(row: StaffRow) -> Role:
    if row.role is None:
        raise InvalidValue(_("There is no role."), field="role")
    return row.role


def _written(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _kept(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    return [asdict(one) for one in outcomes]


def _outcome(kept: dict[str, Any]) -> Outcome:
    given = dict(kept)
    given["former"] = tuple(given["former"])
    given["ended"] = tuple((first, second) for first, second in given["ended"])
    given["problems"] = tuple(Problem(**one) for one in given["problems"])
    return Outcome(**given)


def _rows(held: StaffImport) -> list[SheetRow]:
    return [
        SheetRow(one["line"], one["cells"], tuple(Problem(**problem) for problem in one["problems"]))
        for one in held.rows
    ]
