"""What the columns of a spreadsheet are: guessed, agreed by a person, and remembered for the source."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError, InvalidValue, NotFound
from fingerpost.web.directory import api as directory
from fingerpost.web.pages import forms
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy.api import Permission


class ColumnsForm(forms.PageForm):
    """One question for each column: which field of the directory it is, or none."""

    marks_optional = False

    def __init__(self, *args: Any, seen: list[directory.ColumnSeen], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seen = {f"column_{place}": one for place, one in enumerate(seen)}
        targets = [forms.Choice(name, target.label) for name, target in directory.TARGETS.items()]
        several_files = len({one.file for one in seen}) > 1
        for name, one in self.seen.items():
            self.fields[name] = forms.SelectField(
                label=_("“%(column)s” in %(file)s") % {"column": one.column, "file": one.file}
                if several_files
                else _("“%(column)s”") % {"column": one.column},
                use="says which field of the directory the column is",
                choices=targets,
                empty=gettext_lazy("Not read"),
                required=False,
                initial=one.target,
                help_text=_examples(one),
            )

    def columns(self) -> dict[str, dict[str, str]]:
        """By file and column what was chosen."""
        chosen: dict[str, dict[str, str]] = defaultdict(dict)
        for name, one in self.seen.items():
            if self.cleaned_data.get(name):
                chosen[one.file][one.column] = self.cleaned_data[name]
        return dict(chosen)

    def refuse(self, error: FingerpostError) -> None:
        """A fault names a column as the file calls it; it stands at that column's question."""
        by_column = {one.column: name for name, one in self.seen.items()}
        for fault in getattr(error, "faults", (error,)):
            if isinstance(fault, InvalidValue) and fault.field in by_column:
                fault.field = by_column[fault.field]
        super().refuse(error)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.IMPORT_DIRECTORY)
def import_columns(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Say what each column is; it leads to what the list would change."""
    done = directory.imports(request.actor).filter(id=import_id).first()
    if done is None:
        raise NotFound(_("There is no such import."), remedy=_("Choose one from the list of imports."))
    if done.state != directory.ImportState.BEGUN:
        return HttpResponseRedirect(reverse("staff:import_report", args=[import_id]))
    seen = directory.columns_seen(request.actor, done=done)
    form = ColumnsForm(request.POST if request.method == "POST" else None, seen=seen)
    if form.is_bound and form.is_valid():
        try:
            directory.agree_columns(
                import_id=import_id, columns=form.columns(), by=request.actor, at=clock.now()
            )
            return HttpResponseRedirect(reverse("staff:import_report", args=[import_id]))
        except FingerpostError as error:
            form.refuse(error)
    context = {
        "title": _("What are the columns?"),
        "caption": done.source.label,
        "back": NavLink(_("Back to imports"), reverse("staff:imports")),
        "form": form,
        "done": done,
        "not_guessed": [one.column for one in seen if not one.target],
    }
    return render(request, "staff/administration/import_columns.html", context)


def _examples(one: directory.ColumnSeen) -> str:
    if not one.examples:
        return _("Empty in every row.")
    shown = " · ".join(text if len(text) <= 60 else f"{text[:59]}…" for text in one.examples)
    return _("For example: %(examples)s") % {"examples": shown}
