"""The catalogues of translations: gathered from every source with Babel, compiled beside their source.

python -m fingerpost.web.pages.catalogue gather     after words were added or changed
python -m fingerpost.web.pages.catalogue compile    after a catalogue was translated
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from fingerpost.kernel.errors import InvalidValue
from fingerpost.kernel.words import N_

SOURCE = Path(__file__).parents[2]
LOCALE = Path(__file__).parent / "locale"
METHODS = [("**/jinja2/**.html", "jinja2"), ("**/jinja2/**.jinja", "jinja2"), ("**.py", "python")]
OPTIONS = {name: {"trimmed": "true", "newstyle_gettext": "true"} for name, _ in METHODS[:2]}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(("_", "N_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    "npgettext": ((1, "c"), 2, 3),
}


def gathered() -> Catalog:
    """Every marked text of the project with where it stands; the order is that of the files."""
    catalogue = Catalog(project="Fingerpost", charset="utf-8")
    for file, line, message, comments, context in extract_from_dir(
        SOURCE,
        METHODS,
        OPTIONS,
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
    ):
        catalogue.add(
            message, None, [(file.replace("\\", "/"), line)], auto_comments=comments, context=context
        )
    return catalogue


def languages() -> Iterator[Path]:
    """The source of each catalogue."""
    yield from sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def renew() -> None:
    """Bring new texts into every catalogue and mark what has gone; translations are kept."""
    template = gathered()
    for path in languages():
        catalogue = _read(path)
        drafts = {(message.id, message.context) for message in catalogue if message.id and message.fuzzy}
        catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
        for message in catalogue:
            if (message.id, message.context) in drafts and message.string:
                message.flags.add("fuzzy")
        with path.open("wb") as file:
            # Line numbers would change with every edit and hide the words that did.
            write_po(file, catalogue, include_lineno=False, sort_output=True, omit_header=False, width=110)


def compiled(path: Path) -> bytes:
    """The bytes that gettext loads for one catalogue; drafts (marked fuzzy) serve until they are checked."""
    made = BytesIO()
    write_mo(made, _read(path), use_fuzzy=True)
    return made.getvalue()


def compile_all() -> None:
    for path in languages():
        path.with_suffix(".mo").write_bytes(compiled(path))


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parts[-3])
    catalogue.last_translator = catalogue.language_team = catalogue.msgid_bugs_address = ""
    return catalogue


def main(words: list[str]) -> None:
    work = {"gather": renew, "compile": compile_all}
    if len(words) != 1 or words[0] not in work:
        raise InvalidValue(N_("Say what to do with the catalogues."), expected=N_("`gather` or `compile`"))
    work[words[0]]()


if __name__ == "__main__":
    main(sys.argv[1:])
