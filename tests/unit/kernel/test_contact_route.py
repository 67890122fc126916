import pytest

from fingerpost.kernel.contact_route import Channel, ContactRoute, normalise_email, normalise_phone
from fingerpost.kernel.errors import InvalidValue, NotAllowed


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("01632 960 001", "+441632960001"),
        ("(01632) 960001", "+441632960001"),
        ("+44 (0)1632 960001", "+441632960001"),
        ("0044 20 7946 0000", "+442079460000"),
        ("07700 900123", "+447700900123"),
        ("016977 2345", "+44169772345"),
        ("+33 1 23 45 67 89", "+33123456789"),
    ],
)
def test_phone_in_any_usual_form_is_put_in_standard_form(typed: str, number: str) -> None:
    assert normalise_phone(typed) == number
    assert normalise_phone(number) == number


@pytest.mark.parametrize(
    "typed", ["", "12345", "01632 960 001 ext 4", "07700 90012", "+1 23", "call Ann", "٠٧٧٠٠٩٠٠١٢٣"]
)
def test_phone_malformed_is_refused(typed: str) -> None:
    with pytest.raises(InvalidValue):
        normalise_phone(typed)


def test_email_keeps_its_name_and_lowers_its_domain() -> None:
    assert normalise_email(" Ann.O'Neil+club@Example.ORG ") == "Ann.O'Neil+club@example.org"
    assert normalise_email("ann@bücher.example") == "ann@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ann",
        "ann@example",
        "@example.org",
        "ann@@example.org",
        "ann.@example.org",
        "a nn@example.org",
        "ann@example.org\nBcc: all@example.org",
        "ann@-bad.org",
        "ann@10.0.0.1",
        f"{'a' * 65}@example.org",
        f"ann@{'a' * 64}.org",
    ],
)
def test_email_malformed_is_refused(typed: str) -> None:
    with pytest.raises(InvalidValue):
        normalise_email(typed)


def test_route_marked_do_not_use_cannot_be_built() -> None:
    with pytest.raises(NotAllowed) as caught:
        ContactRoute(Channel.PHONE, "01632 960 001", "appointment", do_not_use=True)
    assert caught.value.reason == "do_not_use"


def test_route_to_an_unconfirmed_address_never_allows_detail() -> None:
    with pytest.raises(NotAllowed) as caught:
        ContactRoute(Channel.EMAIL, "group@example.org", "provider_request", detail_allowed=True)
    assert caught.value.reason == "unconfirmed"
    ContactRoute(Channel.EMAIL, "group@example.org", "provider_request", confirmed=True, detail_allowed=True)


@pytest.mark.parametrize("number", ["01632 960 001", "070 1234 5678", "07600 123 456"])
def test_route_for_texts_to_a_number_that_cannot_take_them_is_refused(number: str) -> None:
    with pytest.raises(InvalidValue):
        ContactRoute(Channel.SMS, number, "appointment")


def test_route_keeps_the_standard_form_and_hides_it_in_reprs() -> None:
    route = ContactRoute(Channel.SMS, "07700 900 123", "appointment")
    assert route.address == "+447700900123"
    assert "900" not in repr(route)


def test_route_by_post_keeps_its_lines() -> None:
    route = ContactRoute(Channel.POST, " 1 High St, \n\n Oldford\nQX1 2AB ", "letter")
    assert route.address == "1 High St\nOldford\nQX1 2AB"
    with pytest.raises(InvalidValue):
        ContactRoute(Channel.POST, "12", "letter")


def test_route_without_a_purpose_is_refused() -> None:
    with pytest.raises(InvalidValue):
        ContactRoute(Channel.PHONE, "01632 960 001", " ")
