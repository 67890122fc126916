"""Signing in through a provider, in a real browser that holds `form-action` against where a form leads."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from tests.system.person import Someone
from tests.system.story.people import PASSWORD, sign_in

Arrive = Callable[..., Someone]
MANAGE, LOGIN = "/accounts/second/", "/accounts/login/"


def at_the_provider(someone: Someone, button: str, subject: str) -> Someone:
    """Press our button; over there, say who one is; and look at what comes back."""
    home = urlsplit(someone.page.url).netloc
    # The provider is the one other place that this browser may go to; its own page asks a third for its looks.
    someone.context.route("https://cdn.jsdelivr.net/**", lambda route: route.fulfill(body=""))
    someone.context.route("http://127.0.0.1:*/**", lambda route: route.continue_())
    someone.page.get_by_role("button", name=button).click()
    someone.page.locator("input[name=sub]").first.fill(subject)
    assert urlsplit(someone.page.url).netloc != home
    someone.page.locator("input[name=sub]").first.press("Enter")
    someone.page.wait_for_url(lambda address: urlsplit(address).netloc == home)
    return someone.look()


def test_account_is_linked_signs_in_and_is_unlinked(someone: Arrive) -> None:
    holder = sign_in(someone("manager"), "manager")
    at_the_provider(holder.go(MANAGE), "Link Fells Trust", "manager-1")
    holder.sees("From now on you can sign in with Fells Trust.", "It was linked on")

    holder.context.clear_cookies()
    at_the_provider(holder.go(LOGIN), "Sign in with Fells Trust", "manager-1")
    assert urlsplit(holder.page.url).path not in (LOGIN, "/accounts/second/authenticate/")

    # What the provider says is no proof with which a link is taken away, or made: the password is.
    holder.go(MANAGE).button("Unlink Fells Trust")
    holder.type("Password", PASSWORD).button("Go on").sees("does not open your account any more")
    holder.context.clear_cookies()
    at_the_provider(holder.go(LOGIN), "Sign in with Fells Trust", "manager-1")
    holder.sees("is not linked to an account here")
