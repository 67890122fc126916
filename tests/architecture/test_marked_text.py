"""No template says anything to a reader that a translator would never see."""

from __future__ import annotations

from pathlib import Path

import pytest

from fingerpost.web.pages.marked import unmarked_in, unmarked_words

WEB = Path(__file__).parents[2] / "src" / "fingerpost" / "web"
# The gallery is for those who build the components and is served to nobody else.
NOT_FOR_READERS = WEB / "pages" / "jinja2" / "pages" / "dev"
TEMPLATES = sorted(
    path
    for path in WEB.rglob("jinja2/**/*")
    if path.suffix in {".html", ".jinja"} and NOT_FOR_READERS not in path.parents
)


def test_templates_of_every_surface_hold_no_unmarked_text() -> None:
    assert len(TEMPLATES) > 20
    found = [str(one) for path in TEMPLATES for one in unmarked_in(path)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("<p>Hello there</p>", ["Hello there"]),
        ('<p>{{ _("Hello") }} there</p>', ["there"]),
        ('<nav aria-label="Main menu"></nav>', ["Main menu"]),
        ("<p>{# a remark #}{{ name }}, {{ age }}</p>", []),
        ("{% trans %}Hello{% endtrans %}<p>&nbsp;–</p>", []),
        ('<a class="long name" href="{{ url("x", y=1) }}">{{ _("Go") }}</a>', []),
        ("<script>let words = 1;</script>", []),
    ],
)
def test_unmarked_words_are_found_where_they_are_seen_or_heard(template: str, words: list[str]) -> None:
    assert [found for _, found in unmarked_words(template)] == words


def test_unmarked_words_name_their_line() -> None:
    assert list(unmarked_words("<p>\n{# one\ntwo #}\n<b>Loose</b></p>")) == [(4, "Loose")]
