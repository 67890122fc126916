"""One colleague's access: what they hold here, suspend and lift, end on a day, give a further role."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError, NotAllowed, NotFound
from fingerpost.kernel.london import LONDON
from fingerpost.web.foundation import jobs
from fingerpost.web.pages import forms
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.pages.words import day
from fingerpost.web.staff.administration.account_words import links_beside, role_choices, role_in_words
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.tasks import PROOF_TAKEN_AWAY
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Membership, Organisation, Permission, Role


class EndForm(forms.PageForm):
    """From when on a role opens nothing."""

    when = forms.ChoiceField(
        label=gettext_lazy("When does it end?"),
        use="closes everything that it opens",
        choices=[
            forms.Choice("now", gettext_lazy("Now")),
            forms.Choice("later", gettext_lazy("After a last day"), reveals=("last_day",)),
        ],
        missing=gettext_lazy("Say when it ends"),
    )
    last_day = forms.DateField(
        label=gettext_lazy("What is their last day?"),
        use="ends the role at midnight after it",
        missing=gettext_lazy("Give their last day"),
    )
    submission = forms.SubmissionKeyField()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        last = given.get("last_day")
        if last is not None and last < clock.today():
            self.add_error("last_day", _("Give today or a later day"))
        return given

    def ends_at(self) -> datetime | None:
        """Midnight after the last day; none for now."""
        last = self.cleaned_data.get("last_day")
        if last is None:
            return None
        return datetime.combine(last.fromordinal(last.toordinal() + 1), time(), tzinfo=LONDON)


class RoleForm(forms.PageForm):
    """A further role for a colleague."""

    role = forms.ChoiceField(
        label=gettext_lazy("Which role?"),
        use="opens what the role may do, here",
        missing=gettext_lazy("Choose a role"),
    )
    replaces = forms.SelectField(
        label=gettext_lazy("Does it take the place of another?"),
        use="ends the other one at the same moment",
        empty=gettext_lazy("No, they hold both"),
        required=False,
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, held: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = {str(one.pk): one for one in held}
        self.offer("role", role_choices())
        self.offer("replaces", [forms.Choice(str(one.pk), role_in_words(one)) for one in held])


@require_safe
@for_those_who(Permission.ADMINISTER_ACCOUNTS)
def member(request: StaffRequest, organisation_id: UUID, user_id: UUID) -> HttpResponse:
    """What a colleague holds in an organisation, ended roles too, and what can be done about it."""
    found, held = _member(request, organisation_id, user_id)
    return _member_page(request, found, held)


@require_POST
@for_those_who(Permission.ADMINISTER_ACCOUNTS)
def suspend(request: StaffRequest, organisation_id: UUID, user_id: UUID) -> HttpResponse:
    """Everything that the reader administers is closed to the account from its next request on."""
    found, held = _member(request, organisation_id, user_id)
    try:
        tenancy.suspend(user_id=user_id, by=request.actor, at=clock.now())
    except NotAllowed as refusal:
        return _member_page(request, found, held, problems=refusal.sentences(_))
    messages.success(
        request,
        _("%(who)s is suspended. Whatever they had open is closed to them at their next click.")
        % {"who": held[0].user.name},
    )
    return HttpResponseRedirect(reverse("staff:member", args=[found.pk, user_id]))


@require_POST
@for_those_who(Permission.ADMINISTER_ACCOUNTS)
def lift_suspension(request: StaffRequest, organisation_id: UUID, user_id: UUID) -> HttpResponse:
    """The roles that were suspended open again."""
    found, held = _member(request, organisation_id, user_id)
    try:
        tenancy.lift_suspension(user_id=user_id, by=request.actor, at=clock.now())
    except NotAllowed as refusal:
        return _member_page(request, found, held, problems=refusal.sentences(_))
    messages.success(request, _("%(who)s can work again.") % {"who": held[0].user.name})
    return HttpResponseRedirect(reverse("staff:member", args=[found.pk, user_id]))


@require_POST
@for_those_who(Permission.ADMINISTER_ACCOUNTS)
def reset_second_proof(request: StaffRequest, organisation_id: UUID, user_id: UUID) -> HttpResponse:
    """Let a colleague who has lost telephone and recovery codes set up another at their next sign-in."""
    found, held = _member(request, organisation_id, user_id)
    try:
        gone = tenancy.reset_second_proof(user_id=user_id, by=request.actor, at=clock.now())
    except NotAllowed as refusal:
        return _member_page(request, found, held, problems=refusal.sentences(_))
    if not gone:
        # The same words for whoever also works where the reader does not administer: that is not theirs to know.
        problem = _(
            "There was nothing that you can take away here. If they still cannot sign in, ask your operator."
        )
        return _member_page(request, found, held, problems=[problem])
    jobs.defer(PROOF_TAKEN_AWAY, key=str(user_id), user_id=user_id)
    messages.success(
        request,
        _("%(who)s sets up a new second proof at their next sign-in.") % {"who": held[0].user.name},
    )
    return HttpResponseRedirect(reverse("staff:member", args=[found.pk, user_id]))


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.ADMINISTER_ACCOUNTS)
def end_membership(request: StaffRequest, membership_id: UUID) -> HttpResponse:
    """End one role, now or after a last day."""
    one = tenancy.membership(membership_id=membership_id)
    if one is None:
        raise NotFound(_("There is no such role here."))
    administered(request, one.organisation_id)
    form = EndForm(request.POST) if request.method == "POST" else EndForm()
    if form.is_bound and form.is_valid():
        try:
            return _end(request, one, form)
        except FingerpostError as refusal:
            form.refuse(refusal)
    context = {
        "title": _("End a role"),
        "caption": one.user.name,
        "back": _back_to(one.organisation, one.user_id),
        "form": form,
        "held": one,
        "role": role_in_words(one),
        "subnavigation": links_beside("staff:organisations"),
    }
    return render(request, "staff/administration/end_membership.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.ADMINISTER_ACCOUNTS)
def add_role(request: StaffRequest, organisation_id: UUID, user_id: UUID) -> HttpResponse:
    """Give a colleague a further role here, or another in place of one."""
    found, held = _member(request, organisation_id, user_id)
    now = clock.now()
    open_ones = [one for one in held if one.ends_at is None or one.ends_at > now]
    form = RoleForm(request.POST, held=open_ones) if request.method == "POST" else RoleForm(held=open_ones)
    if form.is_bound and form.is_valid():
        try:
            return _give(request, found, user_id, form)
        except FingerpostError as refusal:
            form.refuse(refusal)
    context = {
        "title": _("Give a role"),
        "caption": held[0].user.name,
        "back": _back_to(found, user_id),
        "form": form,
        "organisation": found,
        "subnavigation": links_beside("staff:organisations"),
    }
    return render(request, "staff/administration/add_role.html", context)


def administered(request: StaffRequest, organisation_id: UUID) -> Organisation:
    """An organisation that the reader administers. Raises `NotFound`, or `NotAllowed` for another's."""
    found = tenancy.administered_organisation(request.actor, organisation_id=organisation_id, at=clock.now())
    if found is None:
        raise NotFound(_("There is no such organisation here."))
    return found


def _member(
    request: StaffRequest, organisation_id: UUID, user_id: UUID
) -> tuple[Organisation, list[Membership]]:
    found = administered(request, organisation_id)
    held = tenancy.memberships_held(user_id=user_id, organisation_ids=[found.pk])
    if not held:
        raise NotFound(_("There is no such account here."))
    return found, held


def _end(request: StaffRequest, one: Membership, form: EndForm) -> HttpResponse:
    at = clock.now()

    def perform() -> str:
        ended = tenancy.end_membership(membership=one, by=request.actor, at=at, ends_at=form.ends_at())
        messages.success(request, _("%(role)s.") % {"role": role_in_words(ended)})
        return reverse("staff:member", args=[one.organisation_id, one.user_id])

    return once(form, by=request.actor, at=at, perform=perform)


def _give(request: StaffRequest, found: Organisation, user_id: UUID, form: RoleForm) -> HttpResponse:
    at = clock.now()
    role, replaced = Role(form.cleaned_data["role"]), form.held.get(form.cleaned_data["replaces"] or "")

    def perform() -> str:
        if replaced is not None:
            tenancy.change_role(membership=replaced, role=role, by=request.actor, at=at)
        else:
            tenancy.add_membership(user_id=user_id, organisation=found, role=role, by=request.actor, at=at)
        messages.success(request, _("They have the role from now on."))
        return reverse("staff:member", args=[found.pk, user_id])

    return once(form, by=request.actor, at=at, perform=perform)


def _member_page(
    request: StaffRequest, found: Organisation, held: list[Membership], problems: list[str] | None = None
) -> HttpResponse:
    now = clock.now()
    open_ones = [one for one in held if one.ends_at is None or one.ends_at > now]
    suspended = [one for one in open_ones if one.suspended_at]
    user = held[0].user
    context = {
        "title": user.name,
        "caption": found.name,
        "back": NavLink(_("Back to the organisation"), reverse("staff:organisation", args=[found.pk])),
        "organisation": found,
        "member": user,
        "linked": tenancy.linked_sign_in_of(request.actor, user_id=user.pk),
        "is_self": user.pk == request.actor.user_id,
        "roles": [(one, role_in_words(one), one in open_ones) for one in held],
        "can_suspend": any(one.suspended_at is None for one in open_ones),
        "suspended_on": day(suspended[0].suspended_at) if suspended else "",
        "problems": problems or [],
        "subnavigation": links_beside("staff:organisations"),
    }
    return render(request, "staff/administration/member.html", context)


def _back_to(found: Organisation, user_id: UUID) -> NavLink:
    return NavLink(_("Back to their access"), reverse("staff:member", args=[found.pk, user_id]))
