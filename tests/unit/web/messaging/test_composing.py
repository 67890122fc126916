from __future__ import annotations

from html import unescape

import pytest
from jinja2 import UndefinedError

from fingerpost.web.messaging.api import Sender, compose

SENDER = Sender(
    name="Fell & Vale Social Prescribing", phone="01632 960 000", address="1 High Street, Stonebridge"
)
BODY = "Can you take somebody new at “Choir & Tea” <on Tuesdays>?"


@pytest.fixture
def templates(tmp_path, settings):
    """A folder of templates of another app, as `connections` would bring them."""
    folder = tmp_path / "other" / "email"
    folder.mkdir(parents=True)
    (folder / "ask.subject.txt").write_text("A question from\n {{ sender.name }}")
    (folder / "ask.txt").write_text(
        '{% extends "messaging/email/base.txt" %}{% from "messaging/email/parts.txt" import button %}'
        "{% block message %}{{ question }}\n\n\n\n{{ button(address, 'Answer') }}{% endblock %}"
        "{% block why %}Your group is listed with us.{% endblock %}"
    )
    (folder / "ask.html").write_text(
        '{% extends "messaging/email/base.html" %}{% from "messaging/email/parts.html" import button %}'
        "{% block message %}<p>{{ question }}</p>{{ button(address, 'Answer') }}{% endblock %}"
        "{% block why %}Your group is listed with us.{% endblock %}"
    )
    backends = [dict(backend) for backend in settings.TEMPLATES]
    backends[0]["DIRS"] = [tmp_path]
    settings.TEMPLATES = backends
    return folder


def ask(**context):
    given = {"question": BODY, "address": "https://fingerpost.example.org/l/abc", **context}
    return compose("other/email/ask", given, sender=SENDER)


def test_text_says_all_that_the_html_says_and_is_not_escaped(templates):
    made = ask()
    for words in (
        BODY,
        "https://fingerpost.example.org/l/abc",
        "Answer",
        *SENDER.__dict__.values(),
        "listed with us",
    ):
        assert words in made.text, words
        assert words in unescape(made.html), words
    assert "&amp;" not in made.text
    assert "\n\n\n" not in made.text
    assert "<on Tuesdays>" not in made.html


def test_html_asks_nothing_of_another_host(templates):
    html = ask().html
    for word in ("<img", "<table", "<script", "<link", "url(", "@import"):
        assert word not in html
    assert html.startswith("<!DOCTYPE html>")


def test_a_name_in_the_subject_template_fails_whatever_the_body_is_given(templates):
    (templates / "ask.subject.txt").write_text("About {{ person_name }}")
    with pytest.raises(UndefinedError):
        ask(person_name="Mabel Planted-Marker")


def test_names_planted_in_the_body_never_reach_the_subject(templates):
    made = ask(question="Mabel Planted-Marker", sender="Mabel Planted-Marker")
    assert "Planted-Marker" in made.text
    assert made.subject == "A question from Fell & Vale Social Prescribing"


@pytest.mark.parametrize("ending", ["txt", "html"])
def test_a_template_that_does_not_say_why_the_reader_gets_it_fails(templates, ending):
    body = templates / f"ask.{ending}"
    body.write_text(body.read_text().split("{% block why %}")[0])
    with pytest.raises(Exception, match="why"):
        ask()


def test_the_language_of_the_reader_is_used_and_put_back(templates):
    from django.utils import translation

    with translation.override("en-gb"):
        made = compose("other/email/ask", {"question": "?", "address": "/"}, sender=SENDER, language="cy")
        assert made.language == "cy"
        assert '<html lang="cy"' in made.html
        assert translation.get_language() == "en-gb"
