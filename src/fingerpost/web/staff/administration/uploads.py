"""Files given on a page: several in one box, within bounds, as names and contents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any, BinaryIO, cast

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import FaultList, Faults, FingerpostError, SourceFault
from fingerpost.web.directory import api as directory
from fingerpost.web.pages import forms
from fingerpost.web.pages.words import sentences

MEGABYTE = 1024 * 1024
MOST_UPLOADED = 20 * MEGABYTE  # a request that takes longer than its reader waits helps nobody
MOST_UNPACKED = 60 * MEGABYTE
MOST_FILES = 50
_LONGEST_NAME = 100
_WORKBOOKS = (".xlsx", ".xls", ".ods", ".numbers")


class _Several(django_forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or more files in one box. The answer is a list of uploaded files."""

    widget = _Several

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.component_options["multiple"] = True

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:  # type: ignore[override]
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            super().clean(None, initial)
            return []
        faults = [text for one in given for text in self._faults_of(one)]
        if sum(one.size or 0 for one in given) > self.largest:
            faults.append(
                _("Choose files of at most %(size)s together, or use the command line for larger ones.")
                % {"size": filesizeformat(self.largest)}
            )
        if len(given) > MOST_FILES:
            faults.append(_("Choose at most %(most)s files.") % {"most": MOST_FILES})
        if faults:
            raise ValidationError(faults)
        return list(given)

    def _faults_of(self, given: UploadedFile) -> Iterable[str]:
        name = given.name or ""
        ending = PurePath(name).suffix.lower()
        if ending in _WORKBOOKS and ending not in self.endings:
            yield _(
                "%(name)s is a spreadsheet workbook. Save each of its sheets as a CSV file and choose those."
            ) % {"name": name}
        elif ending not in self.endings:
            yield _("%(name)s does not end in %(endings)s.") % {
                "name": name,
                "endings": _(" or ").join(self.endings),
            }
        elif not given.size:
            yield _("%(name)s is empty.") % {"name": name}


def contents(given: Sequence[UploadedFile]) -> dict[str, bytes]:
    """The CSV files by name, those inside zip files too. Raises `Faults` with everything that is wrong."""
    files: dict[str, bytes] = {}
    faults = FaultList()
    for one in given:
        with faults.catching():
            _add(files, one)
    faults.raise_any()
    return files


def _add(files: dict[str, bytes], given: UploadedFile) -> None:
    name = PurePath(given.name or "").name.lower()[-_LONGEST_NAME:]
    if name.endswith(".zip"):
        if given.file is None:
            return
        found = directory.files_in_zip(cast(BinaryIO, given.file), most_bytes=MOST_UNPACKED)
    else:
        found = {name: given.read()}
    twice = sorted(set(found) & set(files))
    if twice:
        raise SourceFault(
            _("These files were given twice: %(files)s.") % {"files": ", ".join(twice)},
            remedy=_("Choose each file once."),
        )
    files.update(found)


def refuse_files(form: forms.PageForm, error: FingerpostError) -> None:
    """Every fault of the files, at their box."""
    for one in error.faults if isinstance(error, Faults) else (error,):
        form.add_error("upload", ValidationError(" ".join(sentences(one))))
