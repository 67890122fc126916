"""A filled-in referral in words, for the look over it before it is sent."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from fingerpost.web.pages import words
from fingerpost.web.referrals.api import AgreedHow
from fingerpost.web.staff.practice.refer_forms import WAYS, ReferralForm, RequestForm
from fingerpost.web.staff.practice.wording import needs_in_words, phone_in_words

Row = tuple[str, str]


@dataclass(frozen=True)
class Section:
    """Some answers under a heading; `first_box` is where changing them begins."""

    heading: str
    rows: list[Row]
    first_box: str


def sections_of(form: ReferralForm) -> list[Section]:
    """The whole referral of somebody new."""
    what, agreement = request_rows(form)
    return [_person(form), what, _contact(form), agreement]


def request_rows(form: RequestForm) -> list[Section]:
    """What is asked, and the agreement."""
    given = form.cleaned_data
    what = [
        (_("Help with"), words.joined(list(needs_in_words(given["needs"])))),
        (_("What matters, and why now"), given["reason"]),
    ]
    if given["first"]:
        what.append((_("Look at this first, because"), given["first_why"]))
    how = str(AgreedHow(given["agreed_how"]).label)
    agreement = [
        (_("They agreed"), words.day(given["agreed_on"])),
        (_("How"), how),
        (_("It goes to"), form.scheme_chosen().name),
    ]
    return [Section(_("What matters"), what, "needs"), Section(_("Their agreement"), agreement, "agreed")]


def _person(form: ReferralForm) -> Section:
    given = form.cleaned_data
    rows = [
        (_("Name"), f"{given['given_name']} {given['family_name']}"),
        (_("Date of birth"), _born(given["birth_date"])),
        (_("NHS number"), words.identifier(form.to_identifier())),
    ]
    if given["known_as"]:
        rows.insert(1, (_("Likes to be called"), given["known_as"]))
    return Section(_("Who"), rows, "given_name")


def _born(on: object) -> str:
    return _("%(day)s, %(age)s") % {"day": words.birth_date(on), "age": words.age(on)}  # type: ignore[arg-type]


def _contact(form: ReferralForm) -> Section:
    given = form.cleaned_data
    safe = set(given["safe"] or ())
    ways = [str(label) for way, label in WAYS if way in safe]
    rows = [
        (_("Phone number"), phone_in_words(given["phone"])),
        (_("E-mail address"), given["email"]),
        (_("Safe ways"), words.joined(list(ways)) if ways else ""),
        (_("Before getting in touch"), given["contact_note"]),
        (_("Home postcode"), str(given["postcode"] or "")),
        (_("Language"), _language(given["language"], given["interpreter"])),
    ]
    return Section(_("Getting in touch"), [row for row in rows if row[1]], "phone")


def _language(language: str, interpreter: bool) -> str:
    if not interpreter:
        return language
    return (
        _("%(language)s, interpreter needed") % {"language": language}
        if language
        else _("Interpreter needed")
    )
