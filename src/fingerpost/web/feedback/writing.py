"""The words of the letter: from a closed case and its connections to the content that `letter` sets."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fingerpost.kernel.dates import day_in_words
from fingerpost.kernel.london import to_london
from fingerpost.kernel.person_identifiers import parse_identifier
from fingerpost.web.connections.api import Connection, ConnectionStatus
from fingerpost.web.feedback.coding import Entry
from fingerpost.web.feedback.letter import (
    CodedEntry,
    ConnectionLine,
    LetterContent,
    LetterLabels,
    LetterRecipient,
    LetterSender,
    PersonLine,
)
from fingerpost.web.feedback.models import Letter
from fingerpost.web.feedback.sentences import reason_words
from fingerpost.web.people.api import Identifier, Person
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Organisation


def content_of(
    letter: Letter,
    *,
    person: Person,
    identifiers: Iterable[Identifier],
    connections: Iterable[Connection],
    entries: Iterable[Entry],
) -> LetterContent:
    """Everything that stands in the letter, in the language of the moment."""
    day = to_london(letter.written_at).date()
    there = tenancy.standing_in(letter.referrer, on=day)
    practice = there[0] if len(there) == 1 else letter.referrer
    return LetterContent(
        language=(get_language() or "en").partition("-")[0],
        labels=_labels(),
        sender=_sender(letter.scheme),
        recipient=LetterRecipient(
            practice=practice.name,
            address_lines=_lines(practice.address),
            attention=letter.referral.referred_by_name,
        ),
        written_on=day,
        date_text=_full_day(day),
        title=_("What happened after your referral"),
        running_head=person.full_name,
        person=_person_lines(person, identifiers),
        greeting=_("Dear %(name)s,") % {"name": letter.referral.referred_by_name},
        paragraphs=tuple(part.strip() for part in letter.told.split("\n\n") if part.strip()),
        closing=_("Thank you for referring them to us."),
        signatory=(letter.signatory, letter.scheme.name),
        own_words=letter.story,
        connections=tuple(_connection_line(c) for c in connections),
        codes=tuple(CodedEntry(code=e.code, term=e.term, dated=_full_day(e.on)) for e in entries),
        ring=_lines(letter.scheme.phone),
    )


def draft(*, person: Person, opened_at: datetime, reason: str, connections: Iterable[Connection]) -> str:
    """A first version of what the referrer will read; the worker changes it before it is sent."""
    started = _full_day(to_london(opened_at).date())
    parts = [
        _("We began to work with %(name)s on %(day)s. Our work together has now ended: %(reason)s.")
        % {"name": person.called, "day": started, "reason": reason_words(reason)}
    ]
    names = [c.listing_name for c in connections]
    if names:
        parts.append(
            _("%(name)s was put in touch with: %(groups)s.")
            % {"name": person.called, "groups": "; ".join(names)}
        )
    parts.append(_("You are welcome to refer %(name)s again at any time.") % {"name": person.called})
    return "\n\n".join(parts)


def _labels() -> LetterLabels:
    return LetterLabels(
        own_words=_("In their own words"),
        connections=_("What they were put in touch with"),
        connection_what=_("Group or service"),
        connection_when=_("Since"),
        connection_outcome=_("How it went"),
        codes=_("Entries for the record"),
        codes_note=_("Please add these once. The referral is dated on the day the person agreed to it."),
        code=_("SNOMED CT code"),
        code_term=_("Term"),
        code_dated=_("Dated"),
        ring=_("Questions? Ring us on"),
        confidential=_("Confidential: about a person's care"),
        page_of=_("Page {page} of {pages}"),
    )


def _sender(scheme: Organisation) -> LetterSender:
    contact = tuple(part for part in (scheme.phone, scheme.email) if part)
    return LetterSender(name=scheme.name, address_lines=_lines(scheme.address), contact_lines=contact)


def _person_lines(person: Person, identifiers: Iterable[Identifier]) -> tuple[PersonLine, ...]:
    lines = [PersonLine(_("Name"), person.full_name), PersonLine(_("Born"), _full_day(person.birth_date))]
    for held in identifiers:
        lines.append(PersonLine(held.get_kind_display(), parse_identifier(held.kind, held.value).display))
    return tuple(lines)


def _connection_line(connection: Connection) -> ConnectionLine:
    since = _full_day(to_london(connection.connected_at).date())
    return ConnectionLine(what=connection.listing_name, when=since, outcome=_outcome(connection))


def _outcome(connection: Connection) -> str:
    """How it went, as the practice would say it; a status word alone would puzzle somebody outside the scheme."""
    status = ConnectionStatus(connection.status)
    if status == ConnectionStatus.WITHDRAWN:
        reason = connection.status_reason
        return (
            _("Ended: %(reason)s") % {"reason": reason_words(reason)}
            if reason
            else _("Not known whether they went")
        )
    if status == ConnectionStatus.FINISHED:
        return _("Went, and our part is finished")
    return str(status.label)


def _full_day(day: date) -> str:
    # A letter is kept for years: its dates always carry the year.
    return day_in_words(day, today=date.min, translate=_)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
