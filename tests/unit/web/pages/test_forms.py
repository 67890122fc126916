from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from fingerpost.kernel.errors import Conflict, Faults, InvalidValue
from fingerpost.kernel.person_identifiers import NHSNumber
from fingerpost.kernel.postcode import Postcode
from fingerpost.web.pages import forms
from fingerpost.web.pages.forms.render import field, hidden_fields

LONG = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenh"


class Everything(forms.PageForm):
    called = forms.TextField(label="Name", use="test")
    born = forms.DateField(label="Birth date", use="test", birth=True)
    number = forms.IdentifierField(use="test")
    reach = forms.ChoiceField(
        label="Reach",
        use="test",
        choices=[
            forms.Choice("phone", "Phone", reveals=("phone",)),
            forms.Choice("email", "E-mail", reveals=("email",)),
        ],
    )
    phone = forms.PhoneField(label="Phone", use="test")
    email = forms.EmailField(label="E-mail", use="test")
    needs = forms.ChoicesField(label="Needs", use="test", choices=[("a", "A"), ("b", "B")])
    practice = forms.SelectField(label="Practice", use="test", choices=[("1", "One")])
    postcode = forms.PostcodeField(label="Postcode", use="test")
    minutes = forms.NumberField(label="Minutes", use="test", min_value=0)
    at = forms.TimeField(label="Time", use="test")
    agreed = forms.YesNoField(label="Agreed", use="test")
    note = forms.LongTextField(label="Note", use="test", required=False, max_length=20)
    sure = forms.TickField(label="Sure", use="test")
    version = forms.VersionField()
    submission = forms.SubmissionKeyField()


RIGHT: dict[str, Any] = {
    "called": LONG,
    "born-day": "3",
    "born-month": "March",
    "born-year": "1958",
    "number": "nhs_number",
    "number-nhs_number": NHSNumber.reserved(5).display,
    "reach": "phone",
    "phone": "07700 900123",
    "needs": ["a", "b"],
    "practice": "1",
    "postcode": "qx12ab",
    "minutes": "12",
    "at": "2.30pm",
    "agreed": "no",
    "sure": "on",
    "version": "7",
}


def answered(**changes: Any) -> Everything:
    return Everything({name: value for name, value in {**RIGHT, **changes}.items() if value is not None})


def test_form_rightly_answered_gives_values_of_the_kernel() -> None:
    form = answered()
    assert form.is_valid(), form.errors
    given = form.cleaned_data
    assert given["born"] == date(1958, 3, 3)
    assert given["number"] == NHSNumber.reserved(5)
    assert given["postcode"] == Postcode("QX1 2AB")
    assert (given["minutes"], given["at"], given["agreed"]) == (12, time(14, 30), False)
    assert given["phone"] == "+447700900123"
    assert given["submission"]


def test_question_of_an_answer_not_given_is_not_asked() -> None:
    form = answered(reach="phone", email="not an address")
    assert form.is_valid()
    assert form.cleaned_data["email"] is None


def test_question_of_the_answer_given_is_asked() -> None:
    form = answered(reach="email", email="")
    assert [item.href for item in form.error_items()] == ["#email"]


def test_every_fault_of_a_date_is_told_and_its_first_wrong_box_is_reached() -> None:
    form = answered(**{"born-month": "13", "born-year": "84"})
    assert len(form.errors["born"]) == 2
    assert form.error_items()[0].href == "#born-month"
    drawn = field(form, "born")
    assert drawn.count("nhsuk-input--error") == 2
    assert 'value="13"' in drawn and 'value="84"' in drawn and 'value="3"' in drawn


def test_date_of_birth_in_the_future_is_refused() -> None:
    assert "born" in answered(**{"born-year": "2999"}).errors


def test_identifier_not_known_is_an_answer() -> None:
    form = answered(number="not-known")
    assert form.is_valid()
    assert form.cleaned_data["number"] is forms.NOT_KNOWN


def test_identifier_with_a_wrong_digit_keeps_what_was_typed() -> None:
    form = answered(**{"number-nhs_number": "999 000 0019"})
    assert form.error_items()[0].href == "#number-nhs_number"
    assert 'value="999 000 0019"' in field(form, "number")


def test_identifier_typed_without_its_kind_is_read() -> None:
    assert answered(number="").is_valid()


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("called", "", ""),
        ("phone", "12", 'value="12"'),
        ("postcode", "QX1", 'value="QX1"'),
        ("minutes", "many", 'value="many"'),
        ("minutes", "-3", 'value="-3"'),
        ("at", "25:00", 'value="25:00"'),
        ("at", "14pm", 'value="14pm"'),
        ("practice", "9", "<select"),
        ("note", "<b>" * 10, "&lt;b&gt;"),
    ],
)
def test_wrong_answer_is_told_at_its_box_and_kept(name: str, typed: str, kept: str) -> None:
    form = answered(**{name: typed})
    assert list(form.errors) == [name]
    drawn = field(form, name)
    assert "nhsuk-error-message" in drawn
    assert kept in drawn
    target = form.error_items()[0].href
    assert f'id="{target[1:]}"' in drawn


def test_nothing_answered_lists_every_question_once_in_order() -> None:
    form = Everything({})
    targets = [item.href for item in form.error_items()]
    assert targets == [
        *("#called", "#born-day", "#number", "#reach", "#needs", "#practice", "#postcode", "#minutes", "#at"),
        *("#agreed", "#sure", "#version"),
    ]
    assert form.error_items()[0].text == "Answer “Name”"


def test_hidden_fields_keep_the_version_and_make_a_new_key_each_time() -> None:
    form = Everything(initial={"version": "7"})
    assert 'name="version" value="7"' in hidden_fields(form)
    assert Everything()["submission"].value() != Everything()["submission"].value()


def test_refusal_of_an_action_stands_at_its_field() -> None:
    form = answered()
    assert form.is_valid()
    form.refuse(Faults(faults=[InvalidValue("Too late.", field="born"), InvalidValue("Not now.")]))
    assert [(item.text, item.href) for item in form.error_items()] == [
        ("Not now.", ""),
        ("Too late.", "#born-day"),
    ]


def test_conflict_is_kept_for_the_page_to_show() -> None:
    form = answered()
    assert form.is_valid()
    form.refuse(Conflict("It was changed.", changed_by="Amina"))
    assert form.conflict is not None
    assert "Amina" in forms.conflict_notice(form.conflict)


def test_question_without_a_use_cannot_be_asked() -> None:
    with pytest.raises(ValueError, match="used for"):
        forms.TextField(label="Religion", use=" ")


def test_markup_in_words_is_escaped() -> None:
    class Form(forms.PageForm):
        one = forms.TextField(label="<i>x</i>", help_text="<b>y</b>", use="test")

    drawn = field(Form(initial={"one": '"><script>'}), "one")
    assert "<script>" not in drawn and "<i>" not in drawn and "<b>" not in drawn


def test_form_of_ten_questions_is_drawn_in_reasonable_time() -> None:
    from time import process_time

    form = answered()
    names = list(form.fields)[:10]
    "".join(field(form, name) for name in names)
    started = process_time()
    for _ in range(5):
        "".join(field(form, name) for name in names)
    assert (process_time() - started) / 5 < 0.1
