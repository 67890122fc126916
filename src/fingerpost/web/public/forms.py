"""What anybody may ask of the directory. Everything may be left out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from fingerpost.web.directory.api import SearchCriteria
from fingerpost.web.geography.api import Point, codes_of, locate
from fingerpost.web.pages import forms

KM_PER_MILE = 1.609344
PER_PAGE = 10


class LookForm(forms.FilterForm):
    """One box and a postcode first; the rest is folded away."""

    words = forms.TextField(
        label=gettext_lazy("What are you looking for?"),
        use="found in names, descriptions and words that people use",
        help_text=gettext_lazy("For example: choir, lunch club, help with bills"),
        max_length=120,
    )
    near = forms.PostcodeField(
        label=gettext_lazy("Your postcode"),
        use="tells how far away each one is",
        help_text=gettext_lazy("You can leave this out. We do not keep it."),
    )
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
        ],
    )

    def point(self) -> Point | None:
        self.is_valid()
        postcode = self.cleaned_data.get("near")
        return locate(postcode) if postcode else None

    def criteria(self, *, page: int) -> SearchCriteria:
        near, given = self.point(), self.cleaned_data
        only, miles = set(given.get("only") or ()), given.get("max_miles")
        return SearchCriteria(
            words=given.get("words") or "",
            near=near,
            lives_in=codes_of(given["near"]) if near else (),
            max_km=float(miles) * KM_PER_MILE if miles and near else None,
            free_only="free" in only,
            taking_people_only="room" in only,
            online_ok="there" not in only,
            page=page,
            per_page=PER_PAGE,
        )
