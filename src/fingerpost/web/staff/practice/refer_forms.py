"""The questions of a referral: who, what matters, how to reach them safely, and whether they agreed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fingerpost.kernel import clock
from fingerpost.kernel.london import LONDON
from fingerpost.kernel.person_identifiers import PersonIdentifier
from fingerpost.web.pages import forms
from fingerpost.web.people.api import PersonDetails
from fingerpost.web.referrals.api import AgreedHow, Request
from fingerpost.web.staff.practice.wording import need_choices
from fingerpost.web.tenancy.api import Organisation

WAYS = (
    ("phone", _("Ring them")),
    ("voicemail", _("Leave a message on their phone")),
    ("text", _("Send a text")),
    ("email", _("Send an e-mail")),
)


class RequestForm(forms.PageForm):
    """What is asked of a scheme. `schemes` take referrals from the practice; a single one is not asked about."""

    needs = forms.ChoicesField(
        label=_("What would they like help with?"),
        use="what the scheme looks at first when it decides who is the right person",
        missing=_("Choose at least one thing they would like help with"),
        help_text=_("Tick all that matter."),
    )
    reason = forms.LongTextField(
        label=_("What matters to them, and why now?"),
        use="read by the team lead and the link worker before the first call",
        missing=_("Say in a sentence or two what matters to them"),
        rows=4,
        max_length=2000,
    )
    first = forms.ChoicesField(
        label=_("Can it wait its turn?"),
        use="order of the scheme's queue",
        required=False,
        choices=[
            forms.Choice(
                "yes",
                _("No, look at this one first"),
                hint=_("For something that gets worse by waiting a week. It is not for emergencies."),
                reveals=("first_why",),
            )
        ],
    )
    first_why = forms.TextField(
        label=_("Why it cannot wait"),
        use="shown beside the order of the queue",
        missing=_("Say in a few words why it cannot wait, or take the tick away"),
    )
    agreed = forms.ChoiceField(
        label=_("Have they agreed to be referred?"),
        use="without it nothing is sent; the date stands in the coded entry for the record",
        missing=_("Say whether they have agreed"),
        choices=[
            forms.Choice("yes", _("Yes"), reveals=("agreed_how", "agreed_on")),
            forms.Choice("no", _("Not yet")),
        ],
    )
    agreed_how = forms.ChoiceField(
        label=_("How did they tell you?"),
        use="kept with the agreement",
        missing=_("Say how they told you"),
        choices=[(how.value, how.label) for how in AgreedHow],
    )
    agreed_on = forms.DateField(
        label=_("On which day?"),
        use="date of the coded entry",
        missing=_("Type the day on which they agreed"),
    )
    scheme = forms.ChoiceField(
        label=_("Which scheme is it for?"), use="where it is sent", missing=_("Choose the scheme")
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, schemes: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        self.schemes = schemes
        self.offer("needs", need_choices(today))
        self.fields["agreed_on"].latest = today  # type: ignore[attr-defined]
        self.fields["agreed_on"].initial = today
        if len(schemes) > 1:
            self.offer("scheme", [(str(one.id), one.name) for one in schemes])
        else:
            del self.fields["scheme"]

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("agreed") == "no":
            self.add_error("agreed", _("Ask them first, and send this when they have agreed"))
        return self.cleaned_data

    def scheme_chosen(self) -> Organisation:
        wanted = self.cleaned_data.get("scheme") or str(self.schemes[0].id)
        return next(one for one in self.schemes if one.id == UUID(wanted))

    def to_request(self, *, at: datetime) -> Request:
        """What the form asks, for `referrals.api`; only after `is_valid()`."""
        given = self.cleaned_data
        return Request(
            needs=tuple(given["needs"]),
            reason=given["reason"],
            agreed_at=_moment_of(given["agreed_on"], at=at),
            agreed_how=given["agreed_how"],
            is_urgent=bool(given["first"]),
            urgent_reason=given["first_why"] or "",
        )


class ReferralForm(RequestForm):
    """A referral of somebody who is not on the screen yet: the person's questions come first."""

    identifier = forms.IdentifierField(use="finds out whether the network knows them already")
    given_name = forms.TextField(
        label=_("First name"), use="identity", missing=_("Type their first name"), width=20
    )
    family_name = forms.TextField(
        label=_("Last name"), use="identity", missing=_("Type their last name"), width=20
    )
    known_as = forms.TextField(
        label=_("Name they like to be called by"),
        use="how everybody addresses them",
        required=False,
        width=20,
    )
    birth_date = forms.DateField(
        label=_("Date of birth"),
        use="identity; age decides what fits",
        birth=True,
        missing=_("Type their date of birth"),
    )
    postcode = forms.PostcodeField(
        label=_("Home postcode"),
        use="finds what is near them",
        required=False,
        help_text=_("Used to find what is near them."),
    )
    phone = forms.PhoneField(label=_("Phone number"), use="the first call", required=False)
    email = forms.EmailField(label=_("E-mail address"), use="writing to them", required=False)
    safe = forms.ChoicesField(
        label=_("Which ways are safe?"),
        use="the only ways in which the scheme may get in touch",
        missing=_("Tick at least one way that is safe, or say below how to reach them"),
        choices=WAYS,
        help_text=_("Ask them: somebody else may read or hear it."),
    )
    contact_note = forms.TextField(
        label=_("Anything to know before getting in touch"),
        use="shown beside the phone number",
        required=False,
        help_text=_("For example: mornings only, or ring their daughter first."),
    )
    language = forms.TextField(
        label=_("Language they would rather speak, if not English"),
        use="the first call, and what fits",
        required=False,
        width=20,
        max_length=60,
    )
    interpreter = forms.TickField(
        label=_("They need an interpreter"), use="booked before the first call", required=False
    )

    field_order = (
        "identifier", "given_name", "family_name", "known_as", "birth_date",
        "needs", "reason", "first", "first_why",
        "phone", "email", "safe", "contact_note", "postcode", "language", "interpreter",
        "agreed", "agreed_how", "agreed_on", "scheme", "submission",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        super().clean()
        given = self.cleaned_data
        reachable = any(given.get(name) or name in self.errors for name in ("phone", "email", "contact_note"))
        if not reachable:
            self.add_error(
                "phone", _("Give a phone number or an e-mail address, or say below how to reach them")
            )
        if given.get("contact_note") and "safe" not in given:
            # What is said in words stands for the ticks.
            self.errors.pop("safe", None)
            given["safe"] = []
        self._check_ways(set(given.get("safe") or ()))
        return given

    def _check_ways(self, ways: set[str]) -> None:
        if ways & {"phone", "voicemail", "text"} and self.cleaned_data.get("email"):
            self.require("phone", str(_("Give the phone number that is safe to use")))
        if "email" in ways and self.cleaned_data.get("phone"):
            self.require("email", str(_("Give the e-mail address that is safe to use")))

    def to_identifier(self) -> PersonIdentifier | None:
        given = self.cleaned_data["identifier"]
        return given if isinstance(given, PersonIdentifier) else None

    def to_details(self) -> PersonDetails:
        """The person as typed. A way that nobody was asked about is not taken for safe."""
        given = self.cleaned_data
        safe = set(given["safe"] or ())
        return PersonDetails(
            given_name=given["given_name"],
            family_name=given["family_name"],
            known_as=given["known_as"],
            birth_date=given["birth_date"],
            postcode=str(given["postcode"] or ""),
            phone=given["phone"],
            email=given["email"],
            phone_is_safe="phone" in safe,
            voicemail_is_safe="voicemail" in safe,
            text_is_safe="text" in safe,
            email_is_safe="email" in safe,
            post_is_safe=False,
            contact_note=given["contact_note"],
            language=given["language"],
            interpreter_needed=given["interpreter"],
        )


def _moment_of(day: date, *, at: datetime) -> datetime:
    """Midday of the day on which they agreed; this moment when that was today."""
    return min(datetime.combine(day, time(12), tzinfo=LONDON), at)
