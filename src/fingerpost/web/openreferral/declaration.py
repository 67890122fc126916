"""What is published, declared once: the shapes of HSDS-UK 3.0 with the fields that this directory can fill.

The JSON Schema, the OpenAPI document, the reference page and the tests are made from these shapes. They are
narrower than the standard: a field without a value is left out, so no text and no list may be empty, and
nothing that is not declared may be there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

UUID, TEXT, URI, EMAIL = "uuid", "text", "uri", "email"
WHOLE, NUMBER, YES_NO = "whole", "number", "yes_no"
DAY, MOMENT, CLOCK = "day", "moment", "clock"
ONE, MANY = "one", "many"

STATUSES = ("active", "inactive", "defunct", "temporarily closed")
PLACES = ("physical", "postal", "virtual")
FREQUENCIES = ("WEEKLY", "MONTHLY")


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field. `of` names the shape of an object, or of each object in a list."""

    name: str
    kind: str
    means: str
    is_required: bool = False
    choices: tuple[str, ...] = ()
    of: str = ""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One kind of object. `full` shapes are those of one thing; the others those of a list."""

    name: str
    means: str
    fields: tuple[Field, ...]

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)


def _field(name: str, kind: str, means: str, **more: object) -> Field:
    return Field(name=name, kind=kind, means=means, **more)  # type: ignore[arg-type]


def _needed(name: str, kind: str, means: str, **more: object) -> Field:
    return _field(name, kind, means, is_required=True, **more)


_ID = _needed("id", UUID, "the same for as long as the directory holds it")
_ATTRIBUTES = _field("attributes", MANY, "terms of a taxonomy that say what it is", of="attribute")

_ORGANIZATION = (
    _ID,
    _needed("name", TEXT, "the name of the organisation"),
    _needed("description", TEXT, "what it does; its name again when nobody has said"),
    _field("email", EMAIL, "where to write to"),
    _field("website", URI, "its pages"),
)
_LOCATION = (
    _ID,
    _needed("location_type", TEXT, "a place, an address for post, or online", choices=PLACES),
    _field("name", TEXT, "what people call it"),
    _field("description", TEXT, "what it is like"),
    _field("latitude", NUMBER, "degrees north (WGS 84)"),
    _field("longitude", NUMBER, "degrees east (WGS 84)"),
)
_SERVICE = (
    _ID,
    _field("organization_id", UUID, "the organisation behind it"),
    _needed("name", TEXT, "what it is called"),
    _field("description", TEXT, "what it offers, in the words of its source"),
    _field("url", URI, "its own page"),
    _field("email", EMAIL, "where to write to"),
    _needed("status", TEXT, "whether it runs; see `alert` when its source does not say", choices=STATUSES),
    _field("fees", TEXT, "what it costs, in words"),
    _field("accreditations", TEXT, "what it is accredited for"),
    _field("minimum_age", WHOLE, "the youngest, in years"),
    _field("maximum_age", WHOLE, "the oldest, in years"),
    _field("assured_date", DAY, "when somebody last made sure that all this is right"),
    _field("assurer_email", EMAIL, "who made sure, when they gave an address"),
    _field("alert", TEXT, "something to know first"),
    _field("last_modified", MOMENT, "when anything published about it last changed"),
)

_DECLARED = (
    Shape(
        name="api",
        means="What this interface is.",
        fields=(
            _needed("version", TEXT, "the profile and its version"),
            _needed("profile", URI, "where the profile is described"),
            _needed("openapi_url", URI, "this interface, described for programs"),
        ),
    ),
    Shape(
        name="service",
        means="A listing with everything that belongs to it.",
        fields=(
            *_SERVICE,
            _field("schedules", MANY, "when it takes place", of="schedule"),
            _field("service_areas", MANY, "where people must live", of="service_area"),
            _field("service_at_locations", MANY, "where it takes place", of="place_of_service"),
            _field("languages", MANY, "languages spoken", of="language"),
            _field("organization", ONE, "the organisation behind it", of="organization"),
            _field("funding", MANY, "who pays for it", of="funding"),
            _field("cost_options", MANY, "prices", of="cost_option"),
            _field("contacts", MANY, "whom to ask for", of="contact"),
            _ATTRIBUTES,
        ),
    ),
    Shape(
        name="service_in_list",
        means="A listing as a list shows it.",
        fields=(
            *_SERVICE,
            _field("organization", ONE, "the organisation behind it", of="organization_in_list"),
        ),
    ),
    Shape(
        name="service_of_place",
        means="A listing with what belongs to it, as part of a service at a location.",
        fields=(
            *_SERVICE,
            _field("schedules", MANY, "when it takes place", of="schedule"),
            _field("service_areas", MANY, "where people must live", of="service_area"),
            _field("languages", MANY, "languages spoken", of="language"),
            _field("organization", ONE, "the organisation behind it", of="organization"),
            _field("funding", MANY, "who pays for it", of="funding"),
            _field("cost_options", MANY, "prices", of="cost_option"),
            _field("contacts", MANY, "whom to ask for", of="contact"),
            _ATTRIBUTES,
        ),
    ),
    Shape(
        name="service_at_location",
        means="A listing at one of its places, with everything that belongs to both.",
        fields=(
            _ID,
            _needed("service_id", UUID, "the listing"),
            _needed("location_id", UUID, "the place"),
            _needed("location", ONE, "the place", of="location"),
            _needed("service", ONE, "the listing", of="service_of_place"),
        ),
    ),
    Shape(
        name="service_at_location_in_list",
        means="A listing at one of its places, as a list shows it.",
        fields=(
            _ID,
            _needed("service_id", UUID, "the listing"),
            _needed("location_id", UUID, "the place"),
            _needed("location", ONE, "the place", of="location_in_list"),
            _needed("service", ONE, "the listing", of="service_in_list"),
        ),
    ),
    Shape(
        name="place_of_service",
        means="One of the places of a listing.",
        fields=(
            _ID,
            _needed("service_id", UUID, "the listing"),
            _needed("location_id", UUID, "the place"),
            _needed("location", ONE, "the place", of="location"),
        ),
    ),
    Shape(
        name="location",
        means="A place. Places whose address is kept secret are not published.",
        fields=(
            *_LOCATION,
            _field("addresses", MANY, "its address", of="address"),
            _field("accessibility", MANY, "how to get in and about", of="accessibility"),
            _ATTRIBUTES,
        ),
    ),
    Shape(name="location_in_list", means="A place as a list shows it.", fields=_LOCATION),
    Shape(
        name="address",
        means="An address. It is published only when every part that the standard asks for can be given.",
        fields=(
            _ID,
            _needed("location_id", UUID, "the place"),
            _needed("address_1", TEXT, "street and number; the name of the place when nobody has said"),
            _needed("city", TEXT, "the town"),
            _field("region", TEXT, "the county or region"),
            _needed("state_province", TEXT, "the county or region; the town again when nobody has said"),
            _needed("postal_code", TEXT, "the postcode"),
            _needed("country", TEXT, "GB, or what the source says"),
            _needed("address_type", TEXT, "what sort of address", choices=PLACES),
        ),
    ),
    Shape(
        name="accessibility",
        means="How to get in and about.",
        fields=(
            _ID,
            _field("location_id", UUID, "the place"),
            _field("description", TEXT, "in words"),
            _field("details", TEXT, "more in words"),
            _field("url", URI, "a page about it"),
        ),
    ),
    Shape(
        name="schedule",
        means="When it takes place, in the parts of RFC 5545.",
        fields=(
            _ID,
            _field("service_id", UUID, "the listing"),
            _field("valid_from", DAY, "from when this is so"),
            _field("valid_to", DAY, "until when this is so"),
            _field("dtstart", DAY, "the first day"),
            _field("freq", TEXT, "each week or each month", choices=FREQUENCIES),
            _field("interval", WHOLE, "2 is every other"),
            _field("byday", TEXT, "days: WE, or 2WE for the second Wednesday of a month"),
            _field("bymonthday", TEXT, "days of the month"),
            _field("description", TEXT, "in words"),
            _field("opens_at", CLOCK, "when it begins, in the time of its place"),
            _field("closes_at", CLOCK, "when it ends, in the time of its place"),
        ),
    ),
    Shape(
        name="service_area",
        means="Where people must live to come.",
        fields=(
            _ID,
            _field("service_id", UUID, "the listing"),
            _field("name", TEXT, "the area in words"),
            _field("extent", TEXT, "its outline"),
            _field("extent_type", TEXT, "how the outline is written"),
            _field("uri", URI, "a page that names the area"),
        ),
    ),
    Shape(
        name="language",
        means="A language that is spoken.",
        fields=(
            _ID,
            _field("service_id", UUID, "the listing"),
            _field("name", TEXT, "its name or code"),
        ),
    ),
    Shape(
        name="organization",
        means="The organisation behind listings.",
        fields=(
            *_ORGANIZATION,
            _field("organization_identifiers", MANY, "numbers in registers", of="organization_identifier"),
            _ATTRIBUTES,
        ),
    ),
    Shape(
        name="organization_in_list",
        means="The organisation behind listings, as a list shows it.",
        fields=_ORGANIZATION,
    ),
    Shape(
        name="organization_identifier",
        means="A number in a register, such as a charity number.",
        fields=(
            _ID,
            _field("organization_id", UUID, "the organisation"),
            _field("identifier_scheme", TEXT, "the register"),
            _needed("identifier_type", TEXT, "the register in words"),
            _needed("identifier", TEXT, "the number"),
        ),
    ),
    Shape(
        name="funding",
        means="Who pays.",
        fields=(
            _ID,
            _field("service_id", UUID, "the listing"),
            _needed("source", TEXT, "who pays, in words"),
        ),
    ),
    Shape(
        name="cost_option",
        means="A price.",
        fields=(
            _ID,
            _field("service_id", UUID, "the listing"),
            _field("valid_from", DAY, "from when"),
            _field("valid_to", DAY, "until when"),
            _field("option", TEXT, "for whom or what"),
            _field("amount", NUMBER, "in pounds, unless the description says otherwise"),
            _field("amount_description", TEXT, "more in words"),
        ),
    ),
    Shape(
        name="contact",
        means="Somebody to ask for, as the provider publishes it.",
        fields=(
            _ID,
            _field("service_id", UUID, "the listing"),
            _field("name", TEXT, "the name"),
            _field("title", TEXT, "the role"),
        ),
    ),
    Shape(
        name="attribute",
        means="A term of a taxonomy that is said of something.",
        fields=(
            _ID,
            _needed("link_id", UUID, "what it is said of"),
            _needed("taxonomy_term_id", UUID, "the term"),
            _field("link_type", TEXT, "in what way it is said"),
            _needed("taxonomy_term", ONE, "the term", of="taxonomy_term"),
        ),
    ),
    Shape(
        name="taxonomy",
        means="A list of terms.",
        fields=(
            _ID,
            _needed("name", TEXT, "the name of the list"),
            _needed("description", TEXT, "what the list is for"),
            _field("uri", URI, "where it is published"),
            _field("version", TEXT, "which edition"),
        ),
    ),
    Shape(
        name="taxonomy_term",
        means="One term of a taxonomy.",
        fields=(
            _ID,
            _needed("name", TEXT, "the term in words"),
            _needed("description", TEXT, "what it means"),
            _field("parent_id", UUID, "the wider term"),
            _field("taxonomy", TEXT, "the name of the list"),
            _field("taxonomy_id", UUID, "the list"),
            _field("term_uri", URI, "where the term is published"),
            _field("term", TEXT, "its code"),
        ),
    ),
    Shape(
        name="problem",
        means="Why a question could not be answered.",
        fields=(
            _needed("status", WHOLE, "the status of the answer, as in its head"),
            _needed("title", TEXT, "what was wrong"),
            _field("faults", MANY, "each thing that was wrong, all at once", of="fault"),
        ),
    ),
    Shape(
        name="fault",
        means="One thing that was wrong with a question.",
        fields=(
            _needed("parameter", TEXT, "which part of the question"),
            _needed("wrong", TEXT, "what was wrong"),
            _needed("expected", TEXT, "what would have been right"),
        ),
    ),
)

SHAPES: Mapping[str, Shape] = {shape.name: shape for shape in _DECLARED}

# The pages that lists come in, by the shape of what they hold.
LISTED = ("service_in_list", "service_at_location_in_list", "taxonomy", "taxonomy_term")

PAGE = (
    _needed("total_items", WHOLE, "how many there are altogether"),
    _needed("total_pages", WHOLE, "how many pages they fill"),
    _needed("page_number", WHOLE, "which page this is, from 1 on"),
    _needed("size", WHOLE, "how many are on this page"),
    _needed("first_page", YES_NO, "whether this is the first page"),
    _needed("last_page", YES_NO, "whether no page follows"),
    _needed("empty", YES_NO, "whether nothing is on this page"),
)
