"""Feeds: set one up, see how far each was read and why it stopped, have it read now."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from fingerpost.kernel import clock
from fingerpost.kernel.errors import Conflict, FingerpostError
from fingerpost.kernel.ids import new_id
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import SourceKind
from fingerpost.web.pages import forms
from fingerpost.web.pages.submission import once
from fingerpost.web.staff.administration.frame import directory_links
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy.api import Permission

_LONGEST_NAME = 60
_HOURS = {
    "24": gettext_lazy("Each day"),
    "168": gettext_lazy("Each week"),
    "0": gettext_lazy("Only when asked"),
}


class FeedForm(forms.PageForm):
    """Where a feed is published, of what kind, and how often it is read."""

    label = forms.TextField(
        label=gettext_lazy("What do you call this source?"),
        use="shown at every listing as where it comes from",
        help_text=gettext_lazy("Give the same name again to change the feed of a source."),
        missing=gettext_lazy("Give the source a name"),
        max_length=200,
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What kind of feed is it?"),
        use="tells how it is read",
        choices=[
            forms.Choice(SourceKind.FEED_ORUK3.value, gettext_lazy("Open Referral UK 3.0, or HSDS 3.1")),
            forms.Choice(SourceKind.FEED_ORUK1.value, gettext_lazy("Open Referral UK 1.0")),
            forms.Choice(SourceKind.FEED_RPDE.value, gettext_lazy("OpenActive: sport and activity sessions")),
        ],
        missing=gettext_lazy("Say what kind of feed it is"),
    )
    addresses = forms.LongTextField(
        label=gettext_lazy("Its address"),
        use="asked for the listings",
        help_text=gettext_lazy(
            "It begins with https://. Of Open Referral, what comes before /services. Of OpenActive, the address of each"
            " feed, one in a line."
        ),
        missing=gettext_lazy("Give the address of the feed"),
        rows=3,
        max_length=5000,
    )
    every_hours = forms.ChoiceField(
        label=gettext_lazy("How often is it read?"),
        use="says when it is due",
        choices=[forms.Choice(hours, text) for hours, text in _HOURS.items()],
        initial="24",
    )
    submission = forms.SubmissionKeyField()


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.IMPORT_DIRECTORY)
def feeds(request: StaffRequest) -> HttpResponse:
    """Every feed with its last reading, and a form for another."""
    if request.method != "POST":
        return _page(request, FeedForm())
    form = FeedForm(request.POST)
    if form.is_valid():
        try:
            return _set_up(request, form)
        except Conflict as refusal:
            form.add_error("label", str(refusal))
        except FingerpostError as refusal:
            form.add_error("addresses", str(refusal))
    return _page(request, form)


@require_POST
@for_those_who(Permission.IMPORT_DIRECTORY)
def read_feed(request: StaffRequest, feed_id: UUID) -> HttpResponse:
    """Have the worker read a feed now."""
    directory.ask_for_reading(feed_id=feed_id, by=request.actor, at=clock.now())
    messages.success(request, _("It is read as soon as the worker is free. Look here again in a while."))
    return HttpResponseRedirect(reverse("staff:feeds"))


def _set_up(request: StaffRequest, form: FeedForm) -> HttpResponse:
    at, given = clock.now(), form.cleaned_data
    label: str = given["label"].strip()

    def perform() -> str:
        feed = directory.keep_feed(
            source=directory.SourceDetails(
                name=_short_name(label), label=label, kind=SourceKind(given["kind"])
            ),
            addresses=given["addresses"].split(),
            every_hours=int(given["every_hours"]),
            inside=settings.FINGERPOST_FEED_HOSTS_INSIDE,
            by=request.actor,
            at=at,
        )
        directory.ask_for_reading(feed_id=feed.id, by=request.actor, at=at)
        messages.success(request, _("The feed is set up and is read as soon as the worker is free."))
        return reverse("staff:feeds")

    return once(form, by=request.actor, at=at, perform=perform)


def _short_name(label: str) -> str:
    name = re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")[:_LONGEST_NAME].strip("-")
    return name or f"source-{new_id().hex[-8:]}"


def _page(request: StaffRequest, form: FeedForm) -> HttpResponse:
    context: dict[str, Any] = {
        "title": _("Feeds"),
        "form": form,
        "feeds": [_shown(one) for one in directory.feeds(request.actor)],
        "subnavigation": directory_links(request.actor, here="staff:feeds"),
    }
    return render(request, "staff/administration/feeds.html", context)


def _shown(now: directory.FeedNow) -> dict[str, Any]:
    feed, reading = now.feed, now.reading
    return {
        "id": feed.id,
        "label": feed.source.label,
        "kind": SourceKind(feed.source.kind).label,
        "addresses": feed.addresses,
        "often": _HOURS.get(str(feed.every_hours), _("Every %(hours)s hours") % {"hours": feed.every_hours}),
        "due_at": feed.due_at,
        "reading": reading,
        "state": directory.ReadingState(reading.state).label if reading else _("not read yet"),
        "tone": _TONES[reading.state] if reading else "quiet",
    }


_TONES = {"reading": "going", "stopped": "stopped", "done": "good", "lapsed": "quiet"}
