"""The published interface, from the declaration that its answers are judged by."""

from __future__ import annotations

from fingerpost.docsgen.markdown import code, page, table
from fingerpost.web.directory.api import OWN_TERMS
from fingerpost.web.openreferral.declaration import MANY, ONE, PAGE, SHAPES, Field
from fingerpost.web.openreferral.left_out import LEFT_OUT, NOT_TO_THE_LETTER
from fingerpost.web.openreferral.parameters import ROUTES, Route
from fingerpost.web.openreferral.tables import TABLES

_KINDS = {
    "uuid": "id (UUID)",
    "text": "text",
    "uri": "address (URI)",
    "email": "e-mail address",
    "whole": "whole number",
    "number": "number",
    "yes_no": "true or false",
    "day": "date",
    "moment": "date and time, UTC",
    "clock": "time of day",
}


def render() -> str:
    """Endpoints with what may be asked of each, the shapes of the answers, and the tables of the package."""
    intro = (
        "Under `/open-referral-uk/`: Open Referral UK 3.0, which is the UK profile of HSDS 3.0. Anybody may read, "
        "from any site, without an account. A field without a value is left out. The same, for programs, is at "
        "`/open-referral-uk/openapi.json`. What is asked wrongly is answered with status 400 and every fault at once; "
        "parameters that are not named here are ignored. Too many questions in a minute are answered with 429."
    )
    shapes = "\n\n".join(
        f"### {code(shape.name)}\n\n{shape.means}\n\n{_fields(shape.fields)}" for shape in SHAPES.values()
    )
    tables = table(
        ["file", "columns"],
        [[code(one.file), ", ".join(code(column.name) for column in one.columns)] for one in TABLES],
    )
    return page(
        "The published directory",
        intro,
        "## Endpoints\n\n" + "\n\n".join(map(_route, ROUTES)),
        "## Pages of a list\n\n"
        + _fields(PAGE)
        + "\n\nAnd `contents`, a list of what the endpoint lists, in the order of their ids.",
        "## Shapes\n\n" + shapes,
        "## The package\n\n"
        "A zip file with a table of HSDS 3.1 in each CSV file and `datapackage.json`, which describes them. A cell "
        "that a spreadsheet would run as a formula is led by an apostrophe; the import takes it off again.\n\n"
        + tables,
        "### Details of our own\n\n"
        "What the standard has no field for is said with attributes, with terms of the list “Fingerpost details”. "
        "Their ids are the same in every package. A term below another is said without a value.\n\n"
        + _own_terms(),
        "### What is left out, and why\n\n" + _left_out(),
    )


def _own_terms() -> str:
    rows = [[code(one.code), code(one.of), one.name, one.means, code(str(one.id))] for one in OWN_TERMS]
    return table(["term", "said of", "name", "value", "id"], rows)


def _left_out() -> str:
    rows = [[", ".join(map(code, one.what)), one.why] for one in LEFT_OUT]
    words = "".join(f"- {one}\n" for one in NOT_TO_THE_LETTER)
    return table(["left out", "because"], rows) + "\n\nOf the rest, not to the letter:\n\n" + words


def _route(route: Route) -> str:
    answers = (
        f" Answers with {'pages of ' if route.is_list else ''}{code(route.answers)}." if route.answers else ""
    )
    head = f"### {code('GET ' + route.path)}\n\n{route.means}{answers}"
    if not route.parameters:
        return head
    rows = [[code(one.name), one.place, one.means, one.expected] for one in route.parameters]
    return f"{head}\n\n" + table(["parameter", "in", "meaning", "expected"], rows)


def _fields(fields: tuple[Field, ...]) -> str:
    rows = [[code(one.name), _kind(one), "yes" if one.is_required else "", one.means] for one in fields]
    return table(["field", "kind", "always there", "meaning"], rows)


def _kind(field: Field) -> str:
    if field.kind == MANY:
        return f"list of {code(field.of)}"
    if field.kind == ONE:
        return code(field.of)
    choices = " or ".join(code(choice) for choice in field.choices)
    return choices or _KINDS[field.kind]
