"""What a provider reads: nothing personal before its yes, what was agreed after it, nothing after the end."""

from __future__ import annotations

import re
from html import unescape

import pytest
from tests.factories.connecting import MARKERS, MESSAGE, a_listing, connect, mails, marked_case, path_in
from tests.factories.world import build_world
from tests.integration.portal.test_provider_pages import Provider
from tests.integration.routes.fields import FIELDS, ROLES
from tests.integration.routes.table import TABLE

from fingerpost.kernel import clock
from fingerpost.web.connections import api as connections
from fingerpost.web.pages.who_reads_what import (
    NOTHING_THERE,
    PROVIDER,
    PROVIDER_MOMENTS,
    PROVIDER_PAGES,
    permissions_of_routes,
)
from fingerpost.web.tenancy.api import ROLE_PERMISSIONS

SIGNS = {
    "first_name": MARKERS["given_name"],
    "name": MARKERS["family_name"],
    "phone": MARKERS["phone"],
    "email": MARKERS["email"],
    "age": "67",
    "access_needs": MARKERS["access_needs"],
    "reason": MESSAGE,
}
NEVER = (MARKERS["postcode"], "1958", "Okafor")


def shown(text: str) -> set[str]:
    plain = re.sub(
        r"\s+", " ", unescape(re.sub(r"<(head|script|style).*?</\1>|<[^>]*>", " ", text, flags=re.S))
    )
    assert not [secret for secret in NEVER if secret in plain]
    return {field for field, sign in SIGNS.items() if re.search(rf"(?<!\d){re.escape(sign)}(?!\d)", plain)}


@pytest.mark.django_db
@pytest.mark.parametrize("moment", PROVIDER_MOMENTS)
def test_provider_reads_exactly_the_fields_of_the_moment(moment: str) -> None:
    world = build_world()
    connection = connect(world, marked_case(world), a_listing(world))
    provider = Provider(world, connection)
    asked_by = provider.path
    if moment != "asked":
        provider.follow(provider.press(provider.get(), "say/takes_people/"))
    if moment == "ended":
        with world.as_("worker") as by:
            mine = connections.connection(by, connection_id=connection.id)
            connections.withdraw(connection=mine, reason="changed_mind", by=by, at=world.at)
    newest = [mail for mail in mails(world, connection) if "/p/" in mail.text][-1]
    written = (
        f"{newest.subject} {newest.text} {newest.html}" if moment != "ended" else last_mail(world, connection)
    )
    for path in {asked_by, path_in(newest)}:
        provider.path = path
        pages = {
            "mail": written,
            "portal:connection": provider.get().content.decode(),
            "portal:details": details(provider),
            "portal:say": "".join(
                provider.get(f"say/{a}/").content.decode() for a in ("accepts", "declines", "full")
            ),
            "portal:done": provider.get("done/").content.decode(),
        }
        assert set(pages) == set(PROVIDER_PAGES)
        for page, text in pages.items():
            wanted = set(PROVIDER[moment, page])
            assert shown(text) == (wanted | {"first_name"} if "name" in wanted else wanted), page


def details(provider: Provider) -> str:
    """The details as a pressed button opens them, or as somebody who makes up the button would ask for them."""
    with clock.fixed(provider.world.at):
        provider.client.handler.enforce_csrf_checks = False
        return str(provider.client.post(provider.path + "details/").content.decode())


def last_mail(world: object, connection: connections.Connection) -> str:
    last = mails(world, connection)[-1]  # type: ignore[arg-type]
    return f"{last.subject} {last.text} {last.html}" if last.text.find("/p/") == -1 else ""


def test_page_of_permissions_says_what_the_role_matrix_holds() -> None:
    asked = permissions_of_routes()
    for row in TABLE:
        if row.route in asked:
            holders = {name for name, role in ROLES.items() if asked[row.route] in ROLE_PERMISSIONS[role]}
            assert row.who == holders, row.route
        if row.route in FIELDS:
            without = {ROLES[name] for name, status in row.but.items() if status == 404}
            assert without == NOTHING_THERE.get(row.route, set()), row.route
    unasked = {row.route for row in TABLE if row.route.startswith(("staff:", "dashboards:"))} - set(asked)
    assert unasked == {"staff:home", "staff:desk", "staff:desk_sent", "staff:set_up_desk"}
