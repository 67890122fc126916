"""Letters to the practice, as they were set."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from fingerpost.kernel.errors import NotFound
from fingerpost.kernel.london import to_london
from fingerpost.web.audit import api as audit
from fingerpost.web.feedback import api as feedback
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy.api import Permission


@require_safe
@for_those_who(Permission.SEE_OWN_REFERRALS)
@cache_control(no_store=True, private=True)
def letter(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """The PDF, for the practice it was written to. Its name names nobody: it ends in a downloads folder."""
    found = feedback.letter(request.actor, letter_id=letter_id)
    if found.referrer_id not in request.actor.organisation_ids:
        raise NotFound(_("There is no such letter here, or it is not for your organisation."))
    audit.record_view(
        actor=request.actor,
        person_id=found.person_id,
        label=found.person.full_name,
        page="letter to the referrer",
    )
    if found.pdf is None:
        back = NavLink(
            _("Back to the referral"), reverse("staff:my_referral", kwargs={"referral_id": found.referral_id})
        )
        context = {"title": _("The letter is being prepared"), "back": back, "again": request.path}
        return render(request, "staff/practice/letter_waits.html", context)
    response = HttpResponse(bytes(found.pdf), content_type="application/pdf")
    on = to_london(found.written_at).date().isoformat()
    response["Content-Disposition"] = (
        f'attachment; filename="social-prescribing-letter-{on}-{found.id.hex[-6:]}.pdf"'
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
