"""Enter one listing by hand: what people need to know to choose it and to get there."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import ForGender, ListingStatus, Way
from fingerpost.web.pages import forms
from fingerpost.web.pages.submission import once
from fingerpost.web.staff.administration.frame import directory_links
from fingerpost.web.staff.practice.wording import need_choices, phone_in_words
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy.api import Permission

BY_HAND = ""  # keys are made by the directory
_OLDEST = 130
_WAYS = {
    Way.IN_PERSON: gettext_lazy("At a place"),
    Way.AT_HOME: gettext_lazy("In their own home"),
    Way.BY_PHONE: gettext_lazy("By phone"),
    Way.ONLINE: gettext_lazy("Online"),
}


class ListingForm(forms.PageForm):
    """One listing. Only its name must be known; whatever is left out is “not known” on its page."""

    name = forms.TextField(
        label=gettext_lazy("What is it called?"),
        use="found by, shown on its page",
        missing=gettext_lazy("Give the name people know it by"),
        max_length=200,
    )
    provider = forms.TextField(
        label=gettext_lazy("Who runs it?"),
        use="shown on its page",
        help_text=gettext_lazy("The club, charity or council behind it."),
        required=False,
        max_length=200,
    )
    description = forms.LongTextField(
        label=gettext_lazy("What happens there?"),
        use="searched, shown on its page",
        help_text=gettext_lazy("In the words you would use to somebody who has never been."),
        required=False,
        rows=4,
        max_length=3000,
    )
    needs = forms.ChoicesField(
        label=gettext_lazy("What does it help with?"), use="matches it to what people need", required=False
    )
    ways = forms.ChoicesField(
        label=gettext_lazy("How do people take part?"),
        use="tells who can reach it",
        choices=[forms.Choice(way.value, _WAYS[way]) for way in Way],
        required=False,
    )
    place = forms.TextField(
        label=gettext_lazy("Where is it?"),
        use="shown on its page",
        help_text=gettext_lazy("The name of the place, such as the village hall."),
        required=False,
        max_length=200,
    )
    address = forms.LongTextField(
        label=gettext_lazy("Address"), use="shown on its page", required=False, rows=3, max_length=300
    )
    postcode = forms.PostcodeField(
        label=gettext_lazy("Postcode"), use="tells how far away it is", required=False
    )
    confidential = forms.TickField(
        label=gettext_lazy("The address must be kept confidential"),
        use="keeps the address of a refuge from every page, search and file",
        help_text=gettext_lazy("For a refuge, for instance. It is then shown to nobody."),
        required=False,
    )
    when = forms.TextField(
        label=gettext_lazy("When?"),
        use="shown on its page",
        help_text=gettext_lazy("For example: Wednesdays, midday to 2pm, not in August."),
        required=False,
        max_length=300,
    )
    for_gender = forms.ChoiceField(
        label=gettext_lazy("Who is it for?"),
        use="says when it might not fit somebody",
        choices=[
            forms.Choice("anyone", gettext_lazy("Anyone")),
            forms.Choice(ForGender.WOMEN.value, gettext_lazy("Women")),
            forms.Choice(ForGender.MEN.value, gettext_lazy("Men")),
        ],
        inline=True,
        initial="anyone",
        required=False,
    )
    minimum_age = forms.NumberField(
        label=gettext_lazy("From which age?"),
        use="says when it might not fit somebody",
        required=False,
        width=3,
        min_value=0,
        max_value=_OLDEST,
    )
    maximum_age = forms.NumberField(
        label=gettext_lazy("Up to which age?"),
        use="says when it might not fit somebody",
        required=False,
        width=3,
        min_value=0,
        max_value=_OLDEST,
    )
    cost = forms.ChoiceField(
        label=gettext_lazy("What does it cost?"),
        use="found by those who look for what is free",
        choices=[
            forms.Choice("free", gettext_lazy("Nothing, it is free")),
            forms.Choice("paid", gettext_lazy("Something"), reveals=("cost_words",)),
            forms.Choice("unknown", gettext_lazy("I do not know")),
        ],
        missing=gettext_lazy("Say whether it costs anything"),
    )
    cost_words = forms.TextField(
        label=gettext_lazy("How much?"),
        use="shown on its page",
        help_text=gettext_lazy("For example: £5 with lunch."),
        missing=gettext_lazy("Say how much it costs"),
        max_length=200,
    )
    how_to_join = forms.TextField(
        label=gettext_lazy("How does somebody join?"),
        use="shown on its page",
        help_text=gettext_lazy("For example: ring first, or just turn up."),
        required=False,
        max_length=300,
    )
    access = forms.TextField(
        label=gettext_lazy("Getting in and around"),
        use="tells who can get in",
        help_text=gettext_lazy("Steps, toilets, parking, hearing loop."),
        required=False,
        max_length=300,
    )
    phone = forms.PhoneField(label=gettext_lazy("Phone"), use="shown on its page", required=False)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        use="connections are sent there",
        help_text=gettext_lazy("By typing it you say that you have checked it. It may then be written to."),
        required=False,
    )
    url = forms.TextField(
        label=gettext_lazy("Web page"),
        use="shown on its page",
        required=False,
        max_length=500,
        inputmode="url",
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("needs", need_choices(clock.today()))

    def clean_url(self) -> str:
        text = self.cleaned_data["url"].strip()
        if text and "://" not in text:
            text = f"https://{text}"
        if text and not _is_web_address(text):
            self.add_error("url", _("Type a web address such as www.example.org."))
        return text

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        low, high = given.get("minimum_age"), given.get("maximum_age")
        if low is not None and high is not None and high < low:
            self.add_error("maximum_age", _("Type an age that is not below %(low)s.") % {"low": low})
        if (given.get("address") or given.get("postcode") or given.get("confidential")) and not given.get(
            "place"
        ):
            self.require("place", _("Name the place, so that people know it when they see it"))
        return given


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.IMPORT_DIRECTORY)
def register_listing(request: StaffRequest) -> HttpResponse:
    """One page; leads to the listing as others see it."""
    if request.method != "POST":
        return _page(request, ListingForm())
    form = ListingForm(request.POST)
    if form.is_valid():
        try:
            return _register(request, form)
        except FingerpostError as refusal:
            form.refuse(refusal)
    return _page(request, form)


def _register(request: StaffRequest, form: ListingForm) -> HttpResponse:
    at, given = clock.now(), form.cleaned_data

    def perform() -> str:
        made = directory.register_listing(
            listing=_listing(given),
            provider=directory.ProviderRecord(key=BY_HAND, name=given["provider"])
            if given["provider"]
            else None,
            place=_place(given),
            phone=phone_in_words(given["phone"]) if given["phone"] else "",
            by=request.actor,
            at=at,
        )
        messages.success(request, _("It is in the directory. This is how others see it."))
        return reverse("staff:listing", args=[made.id])

    return once(form, by=request.actor, at=at, perform=perform)


def _listing(given: dict[str, Any]) -> directory.ListingRecord:
    is_free = given["cost"] == "free"
    return directory.ListingRecord(
        key=BY_HAND,
        name=given["name"].strip(),
        description=given["description"],
        url=given["url"],
        email=given["email"] or "",
        status=ListingStatus.ACTIVE,
        how_to_join=given["how_to_join"],
        for_gender=ForGender(given["for_gender"])
        if given["for_gender"] in ForGender.values
        else ForGender.ANYONE,
        minimum_age=given["minimum_age"],
        maximum_age=given["maximum_age"],
        cost=_("Free") if is_free else given["cost_words"] or "",
        cost_pence=0 if is_free else None,
        schedule_note=given["when"],
        access=given["access"],
        ways=tuple(given["ways"]),
        needs=tuple(given["needs"]),
    )


def _place(given: dict[str, Any]) -> directory.LocationRecord | None:
    if not given["place"]:
        return None
    return directory.LocationRecord(
        key=BY_HAND,
        name=given["place"],
        address=given["address"],
        postcode=str(given["postcode"] or ""),
        is_confidential=given["confidential"],
    )


def _page(request: StaffRequest, form: ListingForm) -> HttpResponse:
    context = {
        "title": _("Enter one listing"),
        "form": form,
        "subnavigation": directory_links(request.actor, here="staff:register_listing"),
    }
    return render(request, "staff/administration/register_listing.html", context)


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return (
        parts.scheme.lower() in ("http", "https")
        and "." in (parts.hostname or "")
        and not any(sign.isspace() for sign in text)
    )
