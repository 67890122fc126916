"""Read a list of terms (needs, kinds of service, activities) from CSV or SKOS in JSON-LD. Pure.

The CSV has columns `id` or `code`, `name`, and where there are any `parent`, `description`, `uri`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import FaultList, SourceFault
from fingerpost.web.directory.csv_tables import Table, read_table
from fingerpost.web.directory.enums import FaultKind
from fingerpost.web.directory.feeds.json_values import parsed
from fingerpost.web.directory.hsds_reading import LONGEST_ROW, Reading
from fingerpost.web.directory.records import DirectoryRecords, Fault, Reject, TaxonomyRecord, TermRecord

_NAMES = ("name", "label", "term", "preflabel", "title")
_IDS = ("id", "code", "identifier", "notation", "uri")
_PARENTS = ("parent", "parent_id", "broader", "parent code", "parent id")
_DESCRIPTIONS = ("description", "definition", "scope note")


def read_vocabulary(files: Mapping[str, bytes], settings: Mapping[str, Any]) -> DirectoryRecords:
    """One taxonomy for each file. `settings` may name it (`name`) and its version (`version`)."""
    faults = FaultList()
    reading = Reading()
    for file, content in files.items():
        with faults.catching():
            if file.endswith((".jsonld", ".json")):
                _concepts(reading, file, content, settings)
            else:
                _rows(reading, read_table(file, content), settings)
    faults.raise_any(_("The list cannot be read, so nothing was imported."))
    _name_lost_parents(reading)
    return reading.found


def _rows(reading: Reading, table: Table, settings: Mapping[str, Any]) -> None:
    if not any(name in table.columns for name in _NAMES) or not any(c in table.columns for c in _IDS):
        raise SourceFault(
            _("%(file)s is not a list of terms.") % {"file": table.file},
            line=1,
            expected=_("A column called id or code, and one called name or label."),
            remedy=_("Name the columns in the first line so."),
        )
    taxonomy = _taxonomy(reading, table.file, settings)
    reading.begin("term", table)
    for row in table.rows:
        key, name = row.get(*_IDS), row.get(*_NAMES)
        if not key or not name or len(key) > 90 or len(name) > 300:
            reading.reject(
                row, "id, name", _("a term needs an id of at most 90 signs and a name of at most 300")
            )
            continue
        if key in reading.keys("term"):
            reading.reject(
                row, "id", _("the same id was given on line %(line)s") % {"line": reading.keys("term")[key]}
            )
            continue
        reading.keys("term")[key] = row.line
        uri = row.get("uri")
        reading.found.terms.append(
            TermRecord(
                key=key,
                row=row.written(),
                name=name,
                taxonomy_key=taxonomy,
                parent_key=row.get(*_PARENTS),
                code=row.get("code", "notation", "id")[:200],
                description=row.get(*_DESCRIPTIONS),
                uri=uri or (key if key.startswith("http") else ""),
            )
        )


def _taxonomy(reading: Reading, file: str, settings: Mapping[str, Any]) -> str:
    name = str(settings.get("name") or file.rsplit(".", 1)[0])[:300]
    reading.found.taxonomies.append(
        TaxonomyRecord(
            key=file[:100],
            name=name,
            version=str(settings.get("version", ""))[:100],
            uri=str(settings.get("uri", "")),
        )
    )
    return file[:100]


def _concepts(reading: Reading, file: str, content: bytes, settings: Mapping[str, Any]) -> None:
    try:
        given = parsed(content, where=file)
    except SourceFault as fault:
        raise _not_skos(file) from fault
    concepts = given.get("concept") or given.get("@graph") if isinstance(given, dict) else None
    if not isinstance(concepts, list):
        raise _not_skos(file)
    about = {"name": _text(given.get("title")), "version": _text(given.get("dateModified")), **settings}
    taxonomy = _taxonomy(reading, file, {**about, "uri": _text(given.get("id") or given.get("@id"))})
    reading.found.files["term"] = file
    reading.found.rows_read[file] = len(concepts)
    for line, concept in enumerate(concepts, start=1):
        _concept(reading, file, line, concept, taxonomy)


def _concept(reading: Reading, file: str, line: int, concept: Any, taxonomy: str) -> None:
    key = _text(concept.get("id") or concept.get("@id")) if isinstance(concept, dict) else ""
    name = _text(concept.get("prefLabel")) if isinstance(concept, dict) else ""
    known = key in reading.keys("term")
    said = {k: v for k, v in concept.items() if isinstance(v, str)} if isinstance(concept, dict) else {}
    if sum(map(len, said.values())) > LONGEST_ROW:
        reason = _("the concept is longer than %(most)s characters") % {"most": f"{LONGEST_ROW:,}"}
        reading.found.rejects.append(
            Reject(file=file, line=line, column="", value=key[:200], reason=reason, key=key[:100])
        )
        return
    if not key or not name or len(key) > 100 or len(name) > 300 or known:
        reason = _("the same id was given before") if known else _("a concept needs an id and a prefLabel")
        reading.found.rejects.append(
            Reject(file=file, line=line, column="id", value=key[:200], reason=reason, key=key[:100])
        )
        return
    reading.keys("term")[key] = line
    broader = concept.get("broader")
    first = broader[0] if isinstance(broader, list) and broader else broader
    reading.found.terms.append(
        TermRecord(
            key=key,
            row=said,
            name=name,
            taxonomy_key=taxonomy,
            parent_key=_text(first.get("id") if isinstance(first, dict) else first),
            code=_text(concept.get("notation"))[:200],
            description=_text(concept.get("definition")),
            uri=key if key.startswith("http") else "",
        )
    )


def _name_lost_parents(reading: Reading) -> None:
    known = reading.keys("term")
    for term in reading.found.terms:
        if term.parent_key and term.parent_key not in known:
            file = reading.found.files["term"]
            reading.found.faults.append(
                Fault(
                    kind=FaultKind.PARENT_ABSENT,
                    file=file,
                    line=known[term.key],
                    column="parent",
                    value=term.parent_key[:500],
                )
            )


def _text(value: Any) -> str:
    """A string, or the first of a list or of languages, English first."""
    if isinstance(value, dict):
        value = value.get("en") or value.get("@value") or next(iter(value.values()), "")
    if isinstance(value, list):
        value = value[0] if value else ""
    return value.strip() if isinstance(value, str) else ""


def _not_skos(file: str) -> SourceFault:
    return SourceFault(
        _("%(file)s is not a list of concepts.") % {"file": file},
        expected=_(
            "SKOS in JSON-LD with a list “concept”, as OpenActive publishes its activities; or a CSV file."
        ),
    )
