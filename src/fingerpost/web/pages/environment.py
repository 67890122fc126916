"""The Jinja2 environment of every page: strict about names, escaped by default, translated."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context

from fingerpost.web.pages import passkeys, provider, words
from fingerpost.web.pages.components import design_system
from fingerpost.web.pages.demo_accounts import demo_accounts
from fingerpost.web.pages.forms.base import errors_of
from fingerpost.web.pages.forms.render import field, hidden_fields
from fingerpost.web.pages.frame import frame_of

# What a page may leave out. Everything else that a template names must be given, or rendering fails.
OPTIONAL = {
    "heading": None,
    "caption": None,
    "back": None,
    "breadcrumbs": (),
    "form": None,
    "notices": (),
    "subnavigation": (),
    "html_class": "",
    "frame_kind": "worker",
    "messages": (),
    "csrf_input": "",
    "request": None,
}


def environment(**options: Any) -> Environment:
    """Called by Django's template backend with its own options (loader, autoescape, auto_reload)."""
    options["undefined"] = StrictUndefined
    # Everything is escaped but the plain text of e-mails, where "&amp;" would be read as it stands.
    options["autoescape"] = select_autoescape(default=True, disabled_extensions=("txt",))
    made = Environment(  # noqa: S701 - autoescape is among the backend's options and on
        **options, extensions=["jinja2.ext.i18n", "jinja2.ext.do"], trim_blocks=True, lstrip_blocks=True
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    made.filters.update(words.FILTERS)
    made.globals.update(OPTIONAL)
    made.globals.update(
        static=static,
        url=_url,
        csp_nonce=csp_nonce,
        field=field,
        hidden_fields=hidden_fields,
        errors_of=errors_of,
        frame_of=frame_of,
        demo_accounts=demo_accounts,
        passkeys_possible=passkeys.are_possible,
        provider_name=provider.name,
        provider_link_of=provider.link_of,
        design_system=design_system,
        language=translation.get_language,
        right_to_left=translation.get_language_bidi,
    )
    return made


def _url(route: str, **arguments: Any) -> str:
    return reverse(route, kwargs=arguments or None)


@pass_context
def csp_nonce(context: Context) -> str:
    """The request's nonce as text (the middleware keeps it lazy); empty when no policy is in force.

    Our own pages run no inline script and need none: it is here for pages of installed packages.
    """
    return str(getattr(context.get("request"), "csp_nonce", ""))
