"""An e-mail from templates: a fixed subject, and a text as good as the HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import translation

from fingerpost.web.tenancy.api import organisation


class Subject(str):
    """A subject line. Made by `compose` only, from a template that is given the sender and nothing else."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class Sender:
    """The organisation that writes, as the reader should know it: a name, and a human's phone number."""

    name: str
    phone: str = ""
    address: str = ""

    @classmethod
    def of(cls, organisation_id: UUID) -> Self:
        found = organisation(organisation_id=organisation_id)
        return cls(name=found.name, phone=found.phone, address=found.address)


@dataclass(frozen=True, kw_only=True)
class Composed:
    subject: Subject
    text: str
    html: str
    language: str


def compose(
    template: str, context: Mapping[str, Any], *, sender: Sender, language: str | None = None
) -> Composed:
    """Render `<template>.subject.txt`, `.txt` and `.html`, for "connections/email/question" or such.

    `language` is the reader's, such as "cy"; without one, the current language. The bodies get `context` and
    `sender`; the subject gets `sender` alone, so it cannot name a person. Body templates extend
    `messaging/email/base.txt` and `.html` and must say in block `why` why the reader gets this.
    """
    chosen = language or translation.get_language() or "en-gb"
    with translation.override(chosen):
        everything = {**context, "sender": sender}
        return Composed(
            subject=_subject(render_to_string(f"{template}.subject.txt", {"sender": sender}, using="jinja2")),
            text=_tidy(render_to_string(f"{template}.txt", everything, using="jinja2")),
            html=render_to_string(f"{template}.html", everything, using="jinja2"),
            language=translation.get_language(),
        )


def _subject(rendered: str) -> Subject:
    return Subject(" ".join(rendered.split()))


def _tidy(rendered: str) -> str:
    """Templates leave odd blank lines behind; at most one is kept."""
    lines = "\n".join(line.rstrip() for line in rendered.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines) + "\n"
