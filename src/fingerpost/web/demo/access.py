"""What the network's administrator has done lately: invited somebody, gone through half of who has access."""

from __future__ import annotations

from datetime import datetime, timedelta

from fingerpost.kernel import clock
from fingerpost.web.demo.founding import Founded
from fingerpost.web.foundation.scope import scope
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import OrganisationKind, ReviewAnswer, Role


def look_after_access(founded: Founded, *, until: datetime) -> None:
    """One invitation stands open; of every two people, one was answered for three weeks ago."""
    networks = {o.id for o in founded.organisations.values() if o.kind == OrganisationKind.NETWORK}
    administrators = [
        a for a in founded.staff.values() if a.role == Role.ADMINISTRATOR and a.organisation_id in networks
    ]
    for administrator in administrators:
        earlier = until - timedelta(days=21)
        with clock.fixed(earlier), scope(administrator) as by:
            reach = tenancy.administered(by, at=earlier)
            listed = tenancy.access_to_review(organisation_ids=reach, at=earlier)
            for one in listed[::2]:
                if one.membership.user_id != by.user_id:
                    tenancy.answer_review(
                        membership=one.membership, answer=ReviewAnswer.KEEP, by=by, at=earlier
                    )
        with clock.fixed(until), scope(administrator) as by:
            schemes = tenancy.organisations(kind=OrganisationKind.SCHEME).filter(id__in=reach)
            home = schemes.first() or tenancy.organisation(organisation_id=administrator.organisation_id)  # type: ignore[arg-type]
            tenancy.invite(
                email="ffion.maddox@marrow-vale-network.example",
                name="Ffion Maddox",
                organisation=home,
                role=Role.LINK_WORKER,
                by=by,
                at=until - timedelta(hours=20),
            )
