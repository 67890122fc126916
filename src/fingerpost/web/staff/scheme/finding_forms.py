"""What is looked for in the directory. For a person it is kept in the session: words about them stand in no address."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fingerpost.kernel import clock
from fingerpost.kernel.dates import age_on
from fingerpost.kernel.postcode import Postcode
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import ForGender, SavedQuestions, SearchCriteria
from fingerpost.web.geography.api import Point, codes_of, locate, middle_of
from fingerpost.web.pages import forms
from fingerpost.web.people.api import Person, Sex
from fingerpost.web.staff.practice.wording import need_choices

FILTERS = ("needs", "max_miles", "only", "days", "part", "most", "speaks", "only_for")
KM_PER_MILE = 1.609344
PER_PAGE = 10
_GENDER = {Sex.FEMALE: ForGender.WOMEN, Sex.MALE: ForGender.MEN}


class FindForm(forms.FilterForm):
    """One box, and filters that may all be left out."""

    words = forms.TextField(
        label=gettext_lazy("What are you looking for?"),
        use="found in names, descriptions and words that people use",
        help_text=gettext_lazy("For example: choir, lunch club, help with forms"),
        max_length=120,
    )
    needs = forms.ChoicesField(label=gettext_lazy("Helps with"), use="narrows the list")
    max_miles = forms.SelectField(
        label=gettext_lazy("How far away at most?"),
        use="hides what is known to be farther",
        empty=gettext_lazy("Any distance"),
        choices=[(str(miles), str(miles)) for miles in (1, 2, 5, 10, 20)],
    )
    only = forms.ChoicesField(
        label=gettext_lazy("Only those that"),
        use="narrows the list",
        choices=[
            ("free", gettext_lazy("cost nothing")),
            ("room", gettext_lazy("have said that they have room")),
            ("there", gettext_lazy("meet in person or come home")),
            ("step_free", gettext_lazy("say that they are step-free")),
            ("along", gettext_lazy("let somebody come along the first time")),
            ("carers", gettext_lazy("are for people who look after somebody")),
            ("trusted", gettext_lazy("somebody has checked in the last year")),
        ],
    )
    days = forms.ChoicesField(
        label=gettext_lazy("On which days?"), use="narrows the list", choices=list(directory.Day.choices)
    )
    part = forms.SelectField(
        label=gettext_lazy("At what time of day?"),
        use="narrows the list",
        empty=gettext_lazy("Any time"),
        choices=list(directory.PartOfDay.choices),
    )
    most = forms.SelectField(
        label=gettext_lazy("What may it cost?"),
        use="hides what costs more, or does not say",
        empty=gettext_lazy("Any price"),
    )
    speaks = forms.SelectField(
        label=gettext_lazy("Which language must be spoken there?"),
        use="narrows the list",
        empty=gettext_lazy("Any language"),
    )
    only_for = forms.SelectField(
        label=gettext_lazy("Only groups for"),
        use="narrows the list",
        empty=gettext_lazy("Everybody's and all others"),
        choices=[(value, label) for value, label in ForGender.choices if value],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(
            "most",
            [forms.Choice(str(n), _("up to £%(pounds)s") % {"pounds": n}) for n in (2, 5, 10, 20)],
        )
        self.offer("speaks", languages())
        self.offer("needs", [forms.Choice(one.value, one.text) for one in need_choices(clock.today())])

    def criteria(
        self, *, page: int, person: Person | None = None, near: Point | None = None
    ) -> SearchCriteria:
        """The search; for a person with their age and, where a group is for women or men only, their gender."""
        self.is_valid()
        given = self.cleaned_data
        only, miles = set(given.get("only") or ()), given.get("max_miles")
        return SearchCriteria(
            words=given.get("words") or "",
            near=near,
            lives_in=self.lives_in(),
            max_km=float(miles) * KM_PER_MILE if miles else None,
            needs=tuple(given.get("needs") or ()),
            age=age_on(person.birth_date, clock.today()) if person else None,
            gender=_GENDER.get(Sex(person.sex), ForGender.ANYONE) if person else ForGender.ANYONE,
            free_only="free" in only,
            taking_people_only="room" in only,
            online_ok="there" not in only,
            step_free_only="step_free" in only,
            accompaniment_only="along" in only,
            for_carers_only="carers" in only,
            trusted_only="trusted" in only,
            days=tuple(directory.Day(day) for day in given.get("days") or ()),
            part_of_day=directory.PartOfDay(given["part"]) if given.get("part") else None,
            max_cost_pence=int(given["most"]) * 100 if given.get("most") else None,
            speaks=given.get("speaks") or "",
            only_for=ForGender(given.get("only_for") or ""),
            page=page,
            per_page=PER_PAGE,
        )

    def lives_in(self) -> tuple[str, ...]:
        """Codes of the place that was typed; a person's own come from their record."""
        return ()

    def outward(self) -> str:
        """The first half of the postcode that was typed: all that is kept of it."""
        return ""

    def to_save(self) -> SavedQuestions:
        """What a saved search keeps of this one: nothing of the person that it was made for."""
        self.is_valid()
        given = {name: self.cleaned_data.get(name) or [] for name in directory.SAVED_QUESTIONS}
        return SavedQuestions(
            words=self.cleaned_data.get("words") or "",
            near=self.outward(),
            filters={
                name: tuple(value) if isinstance(value, list) else (value,)
                for name, value in given.items()
                if value
            },
        )

    def chips(self) -> list[tuple[str, str, str]]:
        """The filters that are set: field, value, words. Each can be taken away."""
        self.is_valid()
        found = []
        for name in FILTERS:
            value = self.cleaned_data.get(name) or []
            words = {one.value: str(one.text) for one in self.fields[name].answers}  # type: ignore[attr-defined]
            for one in value if isinstance(value, list) else [value]:
                said = _("within %(miles)s miles") % {"miles": one} if name == "max_miles" else words[one]
                found.append((name, one, said))
        return found

    def chips_and_words(self) -> list[str]:
        """All that is asked, in words."""
        self.is_valid()
        words, near = self.cleaned_data.get("words") or "", self.outward()
        said = [_("the words “%(words)s”") % {"words": words}] if words else []
        said += [_("near %(place)s") % {"place": near}] if near else []
        return said + [words for _name, _value, words in self.chips()]


def languages() -> list[forms.Choice]:
    """Languages to choose from, by name."""
    found = [forms.Choice(code, directory.language_name(code)) for code in directory.LANGUAGES_OFFERED]
    return sorted(found, key=lambda one: one.text)


class DirectoryForm(FindForm):
    """The same without a person: distance is from a postcode that may be typed."""

    near = forms.PlaceField(
        label=gettext_lazy("Near which postcode?"),
        help_text=gettext_lazy("All of it, or the first half"),
        use="tells how far away each one is",
    )

    def point(self) -> Point | None:
        self.is_valid()
        place = self.cleaned_data.get("near")
        if isinstance(place, str):
            return middle_of(place)
        return locate(place) if place else None

    def lives_in(self) -> tuple[str, ...]:
        place = self.cleaned_data.get("near")
        if isinstance(place, str):
            return (place,) if place else ()
        return codes_of(place) if place else ()

    def outward(self) -> str:
        self.is_valid()
        place = self.cleaned_data.get("near")
        return place.outward if isinstance(place, Postcode) else place or ""
