"""The pages for everybody, through plain HTTP: nobody has signed in and no script runs."""

from __future__ import annotations

import json
import re
from datetime import date, time
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from icalendar import Calendar
from tests.factories.browsing import Browser
from tests.factories.listings import a_town, importer, land
from tests.factories.published import know_postcodes, listing_id
from tests.factories.world import World

from fingerpost.kernel import clock
from fingerpost.kernel.ids import new_id
from fingerpost.web.directory import api as directory
from fingerpost.web.directory import models
from fingerpost.web.public.calendars import MOST_DAYS_OFF, MOST_SESSIONS, calendar_of

pytestmark = pytest.mark.django_db
PATH = "/help-near-you/"


def _get(world: World, path: str = "", **query: str) -> HttpResponse:
    with clock.fixed(world.at):
        return Client().get(PATH + path, query)


def _names(page: HttpResponse) -> list[str]:
    return [
        unescape(name) for name in re.findall(r'/">\s*<bdi>([^<]+)</bdi></a></h3>', page.content.decode())
    ]


def test_anybody_may_look_around(world: World) -> None:
    page = _get(world)
    assert page.status_code == 200
    assert set(_names(page)) == {
        "Wednesday Lunch Club",
        "Hill Walks",
        "Phone Friends",
        "Larkrise Refuge",
        "Crochet Circle",
    }
    assert 'content="index, follow"' in page.content.decode()


def test_words_a_postcode_and_a_distance_narrow(world: World) -> None:
    know_postcodes(world, {"QX1 1AA": (54.5, 1.4)})
    page = _get(world, words="lonely", near="qx1 1aa", max_miles="5")
    assert _names(page) == ["Wednesday Lunch Club", "Phone Friends"]
    assert "less than 0.1 miles away" in page.content.decode()
    assert 'content="noindex, follow"' in page.content.decode()
    lost = _get(world, words="lunch", near="QX9 9ZZ")
    assert "We do not know where that postcode is" in lost.content.decode()
    assert "Nothing matches" in _get(world, words="zzzzzz").content.decode()


def test_listing_has_what_somebody_needs_to_go(world: World) -> None:
    page = _get(world, f"{listing_id(world, 'lunch')}/").content.decode()
    for words in (
        "A hot lunch at long tables",
        "Wednesdays, midday to 2pm",
        "People aged 60 and over",
        "1 Bell Street",
        "A ramp at the side door",
        "Members: £4.50",
        "Closed from 23 December 2026 to 30 December 2026.",
        "lunch@church.example",
        'href="tel:01632960201"',
    ):
        assert words in page


def test_search_engines_are_told_in_their_own_words(world: World) -> None:
    with world.as_(importer(world)):
        models.Listing.objects.filter(source_key="lunch").update(description="</script><script>alert(1)")
    response = _get(world, f"{listing_id(world, 'lunch')}/")
    page = response.content.decode()
    nonce, found = re.findall(r'<script type="application/ld\+json" nonce="([^"]+)">(.*?)</script>', page)[0]
    assert f"'nonce-{nonce}'" in response["Content-Security-Policy"]
    told = json.loads(found)
    assert told["@type"] == "Service" and told["description"] == "</script><script>alert(1)"
    assert told["hoursAvailable"][0]["dayOfWeek"] == ["Wednesday"]
    assert told["availableChannel"][0]["serviceLocation"]["address"]["postalCode"] == "QX1 1AA"
    assert "<script>alert" not in page


def test_sessions_go_into_a_calendar(world: World) -> None:
    response = _get(world, f"{listing_id(world, 'lunch')}/sessions.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(response.content)
    weekly, monthly = sorted(calendar.walk("VEVENT"), key=lambda event: str(event["uid"]))
    assert weekly["rrule"].to_ical() == b"FREQ=WEEKLY;BYDAY=WE"
    assert weekly.start.isoformat() == "2026-03-04T12:00:00+00:00" and weekly.end.hour == 14
    assert [str(d.dt.date()) for d in weekly["exdate"].dts] if hasattr(weekly["exdate"], "dts") else True
    assert str(monthly["location"]).startswith("Bell Hall")
    assert calendar.walk("VTIMEZONE")


def _calendar(*schedules: models.Schedule, off: tuple[models.ScheduleException, ...] = ()) -> Calendar:
    listing = models.Listing(id=new_id(), name="Sums\nX-EVIL:1")
    one = directory.PublishedListing(
        listing=listing, changed_at=None, schedules=tuple(schedules), exceptions=off
    )
    content = calendar_of(one, address="https://x.example/1/", host="x.example", today=date(2026, 3, 3))
    return Calendar.from_ical(content)


def _schedule(**fields: Any) -> models.Schedule:
    usual: dict[str, Any] = {"frequency": "WEEKLY", "byday": "MO", "opens_at": time(10), "interval": 1}
    return models.Schedule(id=new_id(), **{**usual, **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {"frequency": "SECONDLY"},
        {"interval": 32_767},
        {"interval": 0},
        {"byday": "99MO"},
        {"byday": "XX"},
        {
            "frequency": "MONTHLY",
            "byday": "5MO",
            "bymonthday": "1",
        },  # comes true once in a long while, or never
        {"frequency": "MONTHLY", "byday": "", "bymonthday": "32"},
        {"until": date(2020, 1, 1)},
        {"starts_on": date(9999, 12, 31)},
        {"opens_at": None},
        {"frequency": ""},
    ],
)
def test_rule_that_cannot_be_stood_for_is_left_out(fields: dict[str, Any]) -> None:
    found = _calendar(_schedule(**fields)).walk("VEVENT")
    assert [event.start.date() for event in found if event.start.date() < date(9999, 1, 1)] == []


def test_calendar_has_an_end_whatever_the_source_says() -> None:
    ever = models.ScheduleException(starts_on=date(1, 1, 1), ends_on=date(9999, 12, 31), is_closed=True)
    many = [_schedule(byday="MO,TU,WE,TH,FR,SA,SU") for _ in range(500)]
    calendar = _calendar(*many, off=(ever,) * 200)
    events = calendar.walk("VEVENT")
    assert len(events) == MOST_SESSIONS
    assert len(calendar.to_ical()) < 50 * MOST_SESSIONS * MOST_DAYS_OFF
    assert b"\r\nX-EVIL" not in calendar.to_ical()


def test_every_other_week_is_kept_and_a_date_that_does_not_fit_moves_on() -> None:
    (event,) = _calendar(
        _schedule(interval=2, byday="FR", starts_on=date(2026, 3, 3), valid_to=date(2026, 6, 1))
    ).walk("VEVENT")
    assert event.start.date() == date(2026, 3, 6)
    assert event["rrule"].to_ical() == b"FREQ=WEEKLY;UNTIL=20260601T090000Z;INTERVAL=2;BYDAY=FR"


@pytest.mark.parametrize("state", ["gone", "closed", "merged", "absent"])
def test_what_is_not_published_has_no_page(world: World, state: str) -> None:
    wanted = listing_id(world, "walks")
    with world.as_(importer(world)):
        change: dict[str, Any] = {
            "gone": {"gone_at": world.at},
            "closed": {"status": "inactive"},
            "merged": {"merged_into": listing_id(world, "lunch")},
            "absent": {},
        }[state]
        models.Listing.objects.filter(id=wanted).update(**change or {"name": "Hill Walks"})
    asked = UUID(int=5) if state == "absent" else wanted
    for rest in ("", "sessions.ics"):
        assert _get(world, f"{asked}/{rest}").status_code == 404
    assert state == "absent" or "Hill Walks" not in _names(_get(world))


def test_page_is_the_same_for_whoever_has_signed_in(world: World) -> None:
    page = Browser(world, "worker").get(PATH).content.decode()
    assert "Sign out" not in page and "Wednesday Lunch Club" in page
    town = a_town()
    land(world, town)


def test_one_address_may_not_open_pages_without_end(world: World, settings: Any) -> None:
    settings.FINGERPOST_OPEN_REQUESTS_A_MINUTE = 2
    answers = [_get(world) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert "Wait for a minute" in answers[-1].content.decode()
