"""Somebody of the staff with a browser that runs no script."""

from __future__ import annotations

import re
from html import unescape

from django.http import HttpResponse
from django.test import Client
from tests.factories.world import PASSWORD, World, email_of

from fingerpost.kernel import clock


class Browser:
    """One session, at the world's own time."""

    def __init__(self, world: World, who: str) -> None:
        self.world = world
        self.client = Client(enforce_csrf_checks=True)
        self.get("/accounts/login/")
        answer = self.post("/accounts/login/", {"login": email_of(who), "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()

    def get(self, address: str) -> HttpResponse:
        with clock.fixed(self.world.at):
            return self.client.get(address)

    def post(self, address: str, given: dict[str, object] | None = None) -> HttpResponse:
        token = self.client.cookies["csrftoken"].value
        with clock.fixed(self.world.at):
            return self.client.post(address, {**(given or {}), "csrfmiddlewaretoken": token})


def hidden(page: HttpResponse) -> dict[str, object]:
    """What a page carries along in hidden fields, several values of one name as a list."""
    found: dict[str, object] = {}
    for name, value in re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.content.decode()
    ):
        if name == "csrfmiddlewaretoken":
            continue
        earlier = found.get(name)
        found[name] = unescape(value) if earlier is None else [*_as_list(earlier), unescape(value)]
    return found


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
