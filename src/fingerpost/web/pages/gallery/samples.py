"""What the gallery shows: nothing, one, many, and names that strain a layout. All of it invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest

from fingerpost.disclosure import Suppressed
from fingerpost.kernel import clock
from fingerpost.web.pages import forms
from fingerpost.web.pages.charts import Value, bar_chart, line_chart
from fingerpost.web.pages.listing import Column, Listing
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.timeline import Entry

LONG = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenha"[:64]
WELSH = "Llanfair Gwyneth Prydderch-Ysgubor"
ARABIC = "فاطمة الزهراء بنت عبد الرحمن"
NAMES = ["Amina Yusuf", LONG, WELSH, ARABIC, "Bo"]


@dataclass(frozen=True)
class Row:
    name: str
    need: str
    since: datetime
    word: str
    tone: str
    why: str


def rows(count: int) -> list[Row]:
    kinds = [
        ("New", "going", "Arrived today; nobody has looked at it"),
        ("Waiting", "waiting", "The practice has been asked a question"),
        ("Accepted", "good", "Amina rang on Tuesday and will meet her on Friday"),
        ("Closed", "quiet", "Ended as agreed"),
        ("Said no", "stopped", "He does not want this now"),
    ]
    needs = [
        "Company and getting out",
        "Money and benefits",
        "Keeping active after an operation",
        "Caring for somebody",
    ]
    now = clock.now()
    return [Row(NAMES[i % 5], needs[i % 4], now - timedelta(days=i * 2), *kinds[i % 5]) for i in range(count)]


class SampleFilter(forms.FilterForm):
    need = forms.ChoicesField(
        label="Need",
        use="gallery",
        required=False,
        choices=[("lonely", "Company"), ("money", "Money"), ("active", "Keeping active")],
    )
    worker = forms.SelectField(
        label="Link worker",
        use="gallery",
        required=False,
        empty="Anyone",
        choices=[("a", "Amina Yusuf"), ("b", LONG)],
    )


class SampleForm(forms.PageForm):
    words = forms.TextField(
        label="What would you like to be called?",
        help_text="As you like to hear it",
        use="gallery",
        autocomplete="name",
    )
    born = forms.DateField(label="When were you born?", use="gallery", birth=True)
    number = forms.IdentifierField(kinds=("nhs_number", "chi_number"), use="gallery")
    reach = forms.ChoiceField(
        label="How may we reach you?",
        use="gallery",
        choices=[
            forms.Choice("phone", "Phone", hint="We never say why we are ringing", reveals=("phone",)),
            forms.Choice("email", "E-mail", reveals=("email",)),
            forms.Choice("none", "Please do not contact me", divider=True),
        ],
    )
    phone = forms.PhoneField(label="Phone number", use="gallery")
    email = forms.EmailField(label="E-mail address", use="gallery")
    needs = forms.ChoicesField(
        label="What matters to you just now?",
        use="gallery",
        choices=[
            ("company", "Company"),
            forms.Choice("money", "Money", hint="Bills, benefits, debt"),
            ("long", LONG),
        ],
    )
    practice = forms.SelectField(
        label="Your practice", use="gallery", choices=[("1", "Harbour Street Surgery"), ("2", LONG)]
    )
    postcode = forms.PostcodeField(label="Postcode", use="gallery")
    minutes = forms.NumberField(
        label="How many minutes?", use="gallery", suffix="minutes", min_value=0, max_value=600
    )
    at = forms.TimeField(label="At what time?", use="gallery")
    agreed = forms.YesNoField(label="Did the person agree?", use="gallery")
    note = forms.LongTextField(label="Note", use="gallery", required=False, max_length=200)
    file = forms.FileField(label="A file", use="gallery", endings=(".csv",), required=False)
    sure = forms.TickField(
        label="I have asked the person", use="gallery", missing="Tick this box once you have asked"
    )
    submission = forms.SubmissionKeyField()


WRONG = {
    "words": "",
    "born-day": "31",
    "born-month": "13",
    "born-year": "84",
    "number": "nhs_number",
    "number-nhs_number": "999 000 0019",
    "reach": "phone",
    "phone": "12",
    "postcode": "QX1",
    "minutes": "many",
    "at": "25:00",
    "note": "x" * 250,
}


def listing(request: HttpRequest) -> Listing:
    columns = [
        Column("pick", "Choose", hidden_label=True),
        Column("person", "Person", order=("name",)),
        Column("need", "What matters"),
        Column("status", "Where it stands"),
        Column("waiting", "Waiting", order=("since",), numeric=True),
        Column("do", "What to do", hidden_label=True),
    ]
    return Listing(request, columns, default_sort="-waiting", filters=SampleFilter(request.GET))


def entries() -> list[Entry]:
    now = clock.now()
    return [
        Entry(
            now - timedelta(hours=1),
            "Amina rang and spoke to Gwyneth for 12 minutes",
            "Amina Yusuf",
            "contact",
            "She would like to go with somebody the first time.\nRing again on Thursday.",
        ),
        Entry(now - timedelta(hours=3), "The garden group said yes: Thursdays at 2pm", "Rivergate Gardeners"),
        Entry(now - timedelta(days=1), "Amina rang; nobody answered", "Amina Yusuf", "contact"),
        Entry(now - timedelta(days=400), f"{LONG} referred Gwyneth", LONG, "referral"),
    ]


def charts() -> dict[str, Any]:
    today = clock.today()
    steps: list[tuple[str, Value, str]] = [
        ("Referred", 412, ""),
        ("Accepted", 371, "27 declined, 14 redirected"),
        ("First contact made", 298, "51 not reached, 22 still waiting"),
        ("Plan agreed", 204, ""),
        ("First attended", Suppressed(7), ""),
    ]
    scores = [
        (today - timedelta(days=200), 3.0),
        (today - timedelta(days=96), 5.0),
        (today - timedelta(days=4), 7.0),
    ]
    ends: dict[str, Any] = {
        "low": 0,
        "high": 10,
        "low_words": "0: not at all satisfied",
        "high_words": "10: completely satisfied",
    }
    return {
        "funnel": bar_chart("From referral to the first visit", steps, counts="People", of_first=True),
        "line_many": line_chart("Life satisfaction", scores, **ends),
        "line_one": line_chart("Feeling that life is worthwhile", scores[:1], **ends),
    }


def links() -> list[NavLink]:
    return [
        NavLink("What matters", "#a", True),
        NavLink("Connections", "#b"),
        NavLink("Measures", "#c"),
        NavLink(LONG[:40], "#d"),
    ]


BORN = date(1958, 3, 3)
