"""What a provider would read of a person: composed once, when the person agrees, and never widened."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from django.utils.translation import gettext as _

from fingerpost.kernel.dates import age_on
from fingerpost.kernel.errors import FaultList, InvalidValue
from fingerpost.web.people.api import Person, SharedField

FIELD = "shared_fields"


def details_of(
    person: Person,
    *,
    shared_fields: Collection[str],
    message: str,
    on: date,
    forbidden: Collection[SharedField] = (),
) -> Mapping[SharedField, str]:
    """The consented fields as the provider would read them, in the order of `SharedField`.

    Raises `Faults` for everything that cannot be shared: nothing agreed, no name, a way of contact that is
    missing, was said to be unsafe or is `forbidden` by a condition, a reason without words or words without agreement
    to share them.
    """
    wanted = set(shared_fields)
    faults = FaultList()
    for unknown in sorted(wanted - set(SharedField.values)):
        faults.add(InvalidValue(_("“%(field)s” cannot be shared.") % {"field": unknown}, field=FIELD))
    if SharedField.NAME not in wanted:
        faults.add(
            InvalidValue(
                _("Without a name the group cannot know who is coming."),
                field=FIELD,
                remedy=_("Ask whether their name may be shared, or signpost them instead."),
            )
        )
    _check_contact(person, wanted, forbidden, faults)
    _check_message(wanted, message, faults)
    faults.raise_any()
    values = _values(person, message, on)
    return {field: values[field] for field in SharedField if field in wanted}


def _values(person: Person, message: str, on: date) -> dict[SharedField, str]:
    return {
        SharedField.NAME: f"{person.called} {person.family_name}",
        SharedField.PHONE: person.phone,
        SharedField.EMAIL: person.email,
        SharedField.AGE: str(age_on(person.birth_date, on)),
        SharedField.ACCESS_NEEDS: person.access_needs,
        SharedField.REASON: message.strip(),
    }


def _check_contact(
    person: Person, wanted: Collection[str], forbidden: Collection[SharedField], faults: FaultList
) -> None:
    ways = (
        (SharedField.PHONE, person.phone, person.phone_is_safe and SharedField.PHONE not in forbidden),
        (SharedField.EMAIL, person.email, person.email_is_safe and SharedField.EMAIL not in forbidden),
    )
    for field, value, is_safe in ways:
        if field not in wanted:
            continue
        if not value:
            faults.add(
                InvalidValue(
                    _("There is nothing to share: their %(field)s is not known.") % {"field": field.label},
                    field=FIELD,
                    remedy=_("Leave it out, or add it to their record first."),
                )
            )
        elif not is_safe:
            faults.add(
                InvalidValue(
                    _("It is not safe to reach them by their %(field)s, so it is not shared.")
                    % {"field": field.label},
                    field=FIELD,
                    remedy=_("Share another way of reaching them, or none."),
                )
            )
    if SharedField.ACCESS_NEEDS in wanted and not person.access_needs.strip():
        faults.add(
            InvalidValue(
                _("Nothing is written about what helps them take part."),
                field=FIELD,
                remedy=_("Leave it out, or add it to their record first."),
            )
        )


def _check_message(wanted: Collection[str], message: str, faults: FaultList) -> None:
    if SharedField.REASON in wanted and not message.strip():
        faults.add(
            InvalidValue(
                _("It does not say why they would like to come."),
                field="message",
                remedy=_("Write a sentence that they have agreed to, or leave the reason out."),
            )
        )
    if SharedField.REASON not in wanted and message.strip():
        faults.add(
            InvalidValue(
                _("They have not agreed that the group reads why they would like to come."),
                field="message",
                remedy=_("Ask them, or leave the message empty."),
            )
        )
