"""Going through who has access: each is kept, ended, or given another role, and the answer is kept with its date."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError, NotFound
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.words import capitalize_first
from fingerpost.web.staff.administration.access import administered
from fingerpost.web.staff.administration.account_words import links_beside, role_in_words
from fingerpost.web.staff.administration.frame import csv_download
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Organisation, Permission, ReviewAnswer, Reviewed


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.ADMINISTER_ACCOUNTS)
def review(request: StaffRequest, organisation_id: UUID) -> HttpResponse:
    """Everybody with a role here, those whose turn it is first. One answer is one press; ending is asked again."""
    found = administered(request, organisation_id)
    problems: list[str] = []
    if request.method == "POST":
        try:
            return _answer(request, found)
        except NotFound:
            raise
        except FingerpostError as refusal:
            problems = refusal.sentences(_)
    listed = tenancy.access_to_review(organisation_ids=[found.pk], at=clock.now())
    due = [one for one in listed if one.is_due and one.membership.user_id != request.actor.user_id]
    context = {
        "title": _("Who has access"),
        "caption": found.name,
        "back": NavLink(_("Back to the organisation"), reverse("staff:organisation", args=[found.pk])),
        "organisation": found,
        "problems": problems,
        "due": len(due),
        "rows": [
            {
                "one": one,
                "role": role_in_words(one.membership),
                "is_self": one.membership.user_id == request.actor.user_id,
            }
            for one in listed
        ],
        "answers": [(a.value, words) for a, words in _buttons()],
        "subnavigation": links_beside("staff:organisations"),
    }
    return render(request, "staff/administration/review.html", context)


@require_safe
@for_those_who(Permission.ADMINISTER_ACCOUNTS)
def review_csv(request: StaffRequest, organisation_id: UUID) -> HttpResponse:
    """The list with its answers, as a file."""
    found = administered(request, organisation_id)
    heading = [
        _("Name"),
        _("Signs in with"),
        _("Role"),
        _("Last answer"),
        _("Answered on"),
        _("Answered by"),
        _("Due on"),
    ]
    listed = tenancy.access_to_review(organisation_ids=[found.pk], at=clock.now())
    return csv_download("who-has-access.csv", heading, [_cells(one) for one in listed])


def due_words(organisation_id: UUID) -> str:
    """How many answers an organisation is waiting for; empty when none."""
    listed = tenancy.access_to_review(organisation_ids=[organisation_id], at=clock.now())
    due = sum(one.is_due for one in listed)
    if not due:
        return ""
    return ngettext(
        "%(num)s person’s access has not been looked at for three months.",
        "The access of %(num)s people has not been looked at for three months.",
        due,
    ) % {"num": due}


def _answer(request: StaffRequest, found: Organisation) -> HttpResponse:
    organisation_id, answer = found.pk, request.POST.get("answer", "")
    held = _membership(request.POST.get("membership", ""), organisation_id)
    if answer not in ReviewAnswer.values:
        raise NotFound(_("Choose one of the answers."))
    if answer == ReviewAnswer.END and request.POST.get("sure") != "yes":
        return _ask_again(request, found, held)
    tenancy.answer_review(membership=held, answer=ReviewAnswer(answer), by=request.actor, at=clock.now())
    if answer == ReviewAnswer.CHANGE:
        return HttpResponseRedirect(reverse("staff:add_role", args=[organisation_id, held.user_id]))
    messages.success(
        request,
        _("%(who)s: kept.") % {"who": held.user.name}
        if answer == ReviewAnswer.KEEP
        else _("%(who)s: the role has ended.") % {"who": held.user.name},
    )
    return HttpResponseRedirect(reverse("staff:review", args=[organisation_id]))


def _ask_again(request: StaffRequest, found: Organisation, held: tenancy.Membership) -> HttpResponse:
    """Ending closes everything at once, and stands beside “Keep”: it is asked a second time."""
    review = reverse("staff:review", args=[found.pk])
    context = {
        "title": _("End this role now?"),
        "caption": held.user.name,
        "back": NavLink(_("Back to who has access"), review),
        "organisation": found,
        "held": held,
        "role": role_in_words(held),
        "subnavigation": links_beside("staff:organisations"),
    }
    return render(request, "staff/administration/review_end.html", context)


def _membership(given: str, organisation_id: UUID) -> tenancy.Membership:
    try:
        found = tenancy.membership(membership_id=UUID(given))
    except ValueError:
        found = None
    if found is None or found.organisation_id != organisation_id:
        raise NotFound(_("There is no such role here."))
    return found


def _buttons() -> list[tuple[ReviewAnswer, str]]:
    return [
        (ReviewAnswer.KEEP, _("Keep")),
        (ReviewAnswer.CHANGE, _("Change")),
        (ReviewAnswer.END, _("End")),
    ]


def _cells(one: Reviewed) -> tuple[object, ...]:
    held, answer = one.membership, one.answer
    return (
        held.user.name,
        held.user.email,
        capitalize_first(str(held.get_role_display())),
        answer.get_answer_display() if answer else _("never asked"),
        answer.answered_at.date().isoformat() if answer else "",
        answer.answered_by_name if answer else "",
        one.due_at.date().isoformat(),
    )
