"""Who may do what, and what every table holds about people."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Model

from fingerpost.docsgen.markdown import code, page, table
from fingerpost.web.foundation.personal_data import PersonalData
from fingerpost.web.foundation.walls import Wall
from fingerpost.web.foundation.walls_sync import wall_of
from fingerpost.web.pages.who_reads_what import (
    BUT,
    FIELD_WORDS,
    FIELDS,
    NOTHING_THERE,
    PROVIDER_MOMENTS,
    PROVIDER_PAGES,
    permissions_of_routes,
    provider_reads,
)
from fingerpost.web.tenancy.api import (
    PERMISSION_WORDS,
    ROLE_PERMISSIONS,
    ROLES_THAT_SEE_PEOPLE,
    Permission,
    Role,
)


def render_permissions() -> str:
    """Roles by permissions."""
    head = ("Permission", "In words", *(str(role.label) for role in Role))
    rows = [
        (code(one), PERMISSION_WORDS[one], *("yes" if one in ROLE_PERMISSIONS[role] else "" for role in Role))
        for one in Permission
    ]
    sees = ("", "sees named people", *("yes" if role in ROLES_THAT_SEE_PEOPLE else "" for role in Role))
    intro = (
        "What each role may do. A permission opens an action; whether it may be done to *this* person or case, in "
        "this state, is decided by the action's policy, and which rows are seen at all by the walls of the database."
    )
    return page("Permissions", intro, table(head, [*rows, sees]), _pages(), _fields(), _provider())


def _pages() -> str:
    """Every route that asks for a permission, by role; the others in a sentence."""
    roles = list(Role)
    rows = [
        (code(name), *("yes" if permission in ROLE_PERMISSIONS[role] else "" for role in roles))
        for name, permission in sorted(permissions_of_routes().items())
    ]
    intro = (
        "Read from the views themselves; `tests/integration/routes/test_every_route.py` asks every route as "
        "every role. "
        "What is not listed asks for no role: sign-in, help, links that name what they open, and what each account may "
        "do for itself."
    )
    return "\n\n".join(["## Pages by role", intro, table(("Route", *(str(r.label) for r in roles)), rows)])


def _fields() -> str:
    """What each page that names somebody shows of them, and to which role less or more."""
    rows = []
    for name, shown in FIELDS.items():
        differing = [
            f"{role.label}: {_in_words(words) or 'nothing'}"
            for (other, role), words in BUT.items()
            if other == name
        ]
        differing += [f"{role.label}: nothing there" for role in Role if role in NOTHING_THERE.get(name, ())]
        rows.append((code(name), _in_words(shown) or "nothing that names them", "; ".join(differing)))
    intro = "Held to be exactly so by `tests/integration/routes/test_fields_by_role.py`."
    return "\n\n".join(["## Fields about a person by page", intro, table(("Route", "Shows", "But"), rows)])


def _provider() -> str:
    """What a provider reads through its link, at each moment."""
    rows = [
        (words, *(", ".join(provider_reads(moment, where)) or "nothing" for where in PROVIDER_PAGES))
        for moment, words in PROVIDER_MOMENTS.items()
    ]
    intro = (
        "Only as far as the person agreed, and nothing personal before the provider's yes (decision 0065). Held by "
        "`tests/integration/routes/test_fields_of_providers.py`."
    )
    head = ("When", *(str(words) for words in PROVIDER_PAGES.values()))
    return "\n\n".join(["## What a provider reads", intro, table(head, rows)])


def _in_words(fields: str) -> str:
    named = set(fields.split())
    return ", ".join(str(words) for field, words in FIELD_WORDS.items() if field in named)


def render_personal_data() -> str:
    """Every table: what it holds about people, how long it is kept, and who reaches its rows."""
    models = sorted(_recorded(), key=lambda model: model._meta.label)
    rows = [
        (
            code(model._meta.label),
            ", ".join(_data(model).kinds),
            _data(model).retention,
            _data(model).note,
            "every row" if _wall(model).is_open else "its own rows",
            _wall(model).reason,
            ", ".join(_wall(model).grants).lower(),
        )
        for model in models
    ]
    intro = (
        "Declared on each model and checked by tests. *Reach*: whether the application role may read every row, or "
        "only those that the row policy shows to whoever acts. *May*: what that role may do to a row it reaches."
    )
    head = ("Table", "Personal data", "Kept", "Note", "Reach", "Why the wall stands so", "May")
    return page("Personal data register", intro, table(head, rows))


def _recorded() -> list[type[Model]]:
    """Our models, without the tables that keep the history of others."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith("fingerpost.web.") and not hasattr(model, "pgh_tracked_model")
    ]


def _data(model: type[Model]) -> PersonalData:
    return model.data  # type: ignore[attr-defined]


def _wall(model: type[Model]) -> Wall:
    wall = wall_of(model)
    assert wall is not None, f"{model._meta.label} has no wall"
    return wall
