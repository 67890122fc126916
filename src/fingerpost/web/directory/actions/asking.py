"""Asking whoever runs a listing: one question by e-mail, never twice within the agreed days, naming nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import FingerpostError, NotAllowed, NotFound
from fingerpost.kernel.ids import new_id
from fingerpost.web.directory.actions.trusting import keep_trust, rebuild_trust
from fingerpost.web.directory.actions.words import rebuild_search_words
from fingerpost.web.directory.enums import EvidenceKind
from fingerpost.web.directory.models import AreaRules, Evidence, Listing, ListingTrust, OwnerQuestion
from fingerpost.web.directory.policies import LINK_PURPOSE, check_can_ask_owners
from fingerpost.web.directory.selectors.listings import contact_route
from fingerpost.web.directory.selectors.trust import area_rules, due_for_review, fallen, last_question
from fingerpost.web.directory.trust import RULES
from fingerpost.web.directory.trust_enums import QuestionKind, TrustReason, TrustState
from fingerpost.web.foundation import links
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.messaging import api as messaging
from fingerpost.web.tenancy import api as tenancy

ABOUT_LISTING = "listing"
LINK_LIVES = timedelta(days=180)
REMIND_AFTER = timedelta(days=14)
MOST_A_NIGHT = 200  # a first import must not become a storm of mail
LINK_AGAIN_AFTER = timedelta(days=1)
_FOLDER = "directory/email"


@dataclass(frozen=True)
class Night:
    """What one night did, by count."""

    recomputed: int = 0
    bounced: int = 0
    asked: int = 0
    reminded: int = 0


def keeper_of(rules: AreaRules) -> tenancy.Organisation | None:
    """In whose name owners are written to: as agreed, else the system's own organisation, else its first scheme."""
    if rules.asks_as is not None:
        return rules.asks_as
    for kind in (tenancy.OrganisationKind.SYSTEM, tenancy.OrganisationKind.SCHEME):
        found = tenancy.organisations(kind=kind).first()
        if found is not None:
            return found
    return None


def ask_if_fallen(*, listing_id: UUID, by: Actor, at: datetime) -> OwnerQuestion | None:
    """Ask about what made a listing fall, unless its owner was asked within the agreed days. None: not asked.

    Nobody is asked at an address that no one has checked, that refused, or that a message came back from.
    """
    check_can_ask_owners(by)
    kept = ListingTrust.objects.select_for_update().filter(listing_id=listing_id).first()
    if kept is None or kept.dropped_at is None:
        return None
    reasons = [TrustReason(code) for code in kept.reasons if RULES[TrustReason(code)].asks_owner]
    if kept.state == TrustState.CLOSED or not reasons:
        ListingTrust.objects.filter(id=kept.id).update(dropped_at=None)
        return None
    if TrustReason.BOUNCED in reasons or _was_asked_lately(listing_id, by, at):
        return None
    kind = QuestionKind.REVIEW if reasons == [TrustReason.REVIEW_OVERDUE] else QuestionKind.DOUBT
    return _ask_if_possible(listing_id, kind, reasons, by=by, at=at)


def send_link(*, listing_id: UUID, by: Actor, at: datetime) -> OwnerQuestion | None:
    """Send the owner the link to their listing because they, or a colleague, asked for it; once a day at most."""
    check_can_ask_owners(by)
    last = last_question(by, listing_id=listing_id)
    if last is not None and at - last.asked_at < LINK_AGAIN_AFTER:
        return None
    return _ask_if_possible(listing_id, QuestionKind.WELCOME, [], by=by, at=at)


def keep_true(*, by: Actor, at: datetime) -> Night:
    """One night: learn what came back, compute everything afresh, ask and remind. One that fails stops no other."""
    check_can_ask_owners(by)
    bounced = sum(_learn_bounce(question, by=by, at=at) for question in _open_questions())
    recomputed = rebuild_trust(by=by, at=at)
    rebuild_search_words()
    asked = _ask_fallen(by=by, at=at)
    asked += _ask_due(most=MOST_A_NIGHT - asked, by=by, at=at)
    reminded = sum(_remind(question, by=by, at=at) for question in _open_questions())
    return Night(recomputed, bounced, asked, reminded)


def _ask_fallen(*, by: Actor, at: datetime) -> int:
    asked = 0
    for kept in fallen(by).iterator():
        if asked >= MOST_A_NIGHT:
            break
        asked += ask_if_fallen(listing_id=kept.listing_id, by=by, at=at) is not None
    return asked


def _ask_due(*, most: int, by: Actor, at: datetime) -> int:
    """In the days of grace, so that most never become overdue."""
    again = timedelta(days=area_rules(by).ask_again_days)
    asked = 0
    for kept in due_for_review(by, asked_before=at - again).iterator():
        if asked >= most:
            break
        reasons = [TrustReason.REVIEW_DUE]
        asked += _ask_if_possible(kept.listing_id, QuestionKind.REVIEW, reasons, by=by, at=at) is not None
    return asked


def _was_asked_lately(listing_id: UUID, by: Actor, at: datetime) -> bool:
    last = last_question(by, listing_id=listing_id)
    return last is not None and at - last.asked_at < timedelta(days=area_rules(by).ask_again_days)


def _ask_if_possible(
    listing_id: UUID, kind: QuestionKind, reasons: list[TrustReason], *, by: Actor, at: datetime
) -> OwnerQuestion | None:
    """None where no address may be written to: the steward's list has it."""
    try:
        return _ask(listing_id, kind, reasons, by=by, at=at)
    except (NotAllowed, NotFound):
        return None


@transaction.atomic
def _ask(
    listing_id: UUID, kind: QuestionKind, reasons: list[TrustReason], *, by: Actor, at: datetime
) -> OwnerQuestion:
    keeper = keeper_of(area_rules(by))
    if keeper is None:
        raise NotFound(_("Nobody is named in whose name owners are written to."))
    listing = Listing.objects.select_related("provider").get(id=listing_id)
    route = contact_route(by, listing_id=listing_id, purpose=LINK_PURPOSE)
    link = links.issue(
        purpose=LINK_PURPOSE,
        subject_id=listing_id,
        organisation_id=keeper.id,
        holder_label=_("%(listing)s, by link") % {"listing": listing.name[:150]},
        at=at,
        lives=LINK_LIVES,
    )
    question = OwnerQuestion(
        id=new_id(at),
        listing=listing,
        kind=kind,
        reasons=[reason.value for reason in reasons],
        sent_to=route.address,
        link_id=link.id,
        asked_at=at,
        asked_by=by.id,
    )
    question.save(force_insert=True)
    _write(question, "question", keeper, by=by, at=at)
    ListingTrust.objects.filter(listing_id=listing_id).update(dropped_at=None)
    return question


def _write(
    question: OwnerQuestion, template: str, keeper: tenancy.Organisation, *, by: Actor, at: datetime
) -> None:
    path = reverse("portal:listing", kwargs={"token": links.token_for_id(question.link_id)})
    words = {
        "listing": question.listing.name,
        "kind": question.kind,
        "reasons": question.reasons,
        "address": links.absolute(path),
    }
    written = messaging.compose(f"{_FOLDER}/{template}", words, sender=messaging.Sender.of(keeper.id))
    messaging.send(
        route=contact_route(by, listing_id=question.listing_id, purpose=LINK_PURPOSE),
        subject=written.subject,
        text=written.text,
        html=written.html,
        language=written.language,
        by=by,
        at=at,
        organisation_id=keeper.id,
        about=(ABOUT_LISTING, question.listing_id),
        recipient_label=question.listing.name[:200],
        carries_personal_data=False,
    )


def _open_questions() -> list[OwnerQuestion]:
    return list(OwnerQuestion.objects.filter(settled_at=None).select_related("listing").order_by("asked_at"))


def _remind(question: OwnerQuestion, *, by: Actor, at: datetime) -> bool:
    """Once, and only about a question that was ours to ask: who asked for their link is left in peace."""
    is_due = question.reminded_at is None and REMIND_AFTER <= at - question.asked_at < 2 * REMIND_AFTER
    keeper = keeper_of(area_rules(by))
    if not is_due or question.kind == QuestionKind.WELCOME or keeper is None:
        return False
    if _came_back(question, by):
        return False
    try:
        with transaction.atomic():
            _write(question, "reminder", keeper, by=by, at=at)
            OwnerQuestion.objects.filter(id=question.id).update(reminded_at=at)
    except FingerpostError:
        return False
    return True


def _learn_bounce(question: OwnerQuestion, *, by: Actor, at: datetime) -> bool:
    """A question that came back is evidence, once."""
    if not _came_back(question, by):
        return False
    known = Evidence.objects.filter(
        listing_id=question.listing_id, kind=EvidenceKind.BOUNCED, reported_at__gte=question.asked_at
    )
    if known.exists():
        return False
    Evidence(
        listing_id=question.listing_id, kind=EvidenceKind.BOUNCED, reported_at=at, reported_by=by.id
    ).save(force_insert=True)
    keep_trust([question.listing_id], by=by, at=at)
    return True


def _came_back(question: OwnerQuestion, by: Actor) -> bool:
    last = messaging.messages_about(by, (ABOUT_LISTING, question.listing_id)).first()
    return (
        last is not None
        and last.created_at >= question.asked_at
        and last.state == messaging.State.FAILED
        and last.last_fault == messaging.FaultKind.ADDRESS_REFUSED
    )
