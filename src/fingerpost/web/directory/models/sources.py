from __future__ import annotations

from django.db import models
from django.db.models import Q

from fingerpost.web.directory.enums import ChangeKind, ImportState, SourceKind
from fingerpost.web.foundation import walls
from fingerpost.web.foundation.base import ScopedModel
from fingerpost.web.foundation.personal_data import NONE, PersonalData

PUBLISHED = walls.published(
    "what is offered is published; text search needs its index, which a row policy would bar"
)
CONTACTS = PersonalData(
    ("staff",), "while the listing is published", "names and numbers that a provider publishes"
)
# Text operators in a row condition keep an index from being used, but these rows are found by id only.
STAFF_ONLY = (
    f"{{t}}.{walls.SYSTEM} AND ((SELECT fp_user()) IS NOT NULL OR (SELECT fp_actor()) LIKE 'system:%')"
)


class Source(ScopedModel):
    """Where listings come from: a file or feed that can be read again, or people who type."""

    wall = walls.system_wide("every account of the system may see where a listing came from")
    data = NONE

    name = models.SlugField(
        max_length=60, help_text="short and lasting: reading it again finds what it said before"
    )
    label = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=SourceKind)
    rank = models.PositiveSmallIntegerField(
        default=50, help_text="whose word counts where several speak of one field; the smaller counts more"
    )
    field_ranks = models.JSONField(default=dict, blank=True, help_text="fields for which the rank is another")
    may_shrink_percent = models.PositiveSmallIntegerField(
        default=20, help_text="when more of its listings than this are gone at once, a person looks first"
    )
    column_mapping = models.JSONField(
        default=dict, blank=True, help_text="of a spreadsheet: which column is which field, as last agreed"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system_id", "name"], name="directory_source_name_once")
        ]

    def __str__(self) -> str:
        return self.label


class SourceImport(ScopedModel):
    """One reading of a source: what it would change, then what it did, perhaps that it was undone."""

    wall = walls.system_wide("every account of the system may see what was imported")
    data = NONE

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="imports")
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.APPLIED)
    imported_at = models.DateTimeField()
    imported_by = models.TextField()
    counts = models.JSONField(help_text="rows read, landed, rejected, new, changed, unchanged, gone, by file")
    changes_digest = models.CharField(
        max_length=64, blank=True, help_text="tells whether what would change is still what was looked at"
    )
    held_because = models.TextField(blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.TextField(blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="directory_sourceimport_state_known"
            ),
            models.CheckConstraint(
                condition=Q(imported_at__isnull=False) & ~Q(imported_by=""),
                name="directory_sourceimport_both_imported_set",
            ),
            models.CheckConstraint(
                condition=Q(applied_at=None, applied_by="")
                | (Q(applied_at__isnull=False) & ~Q(applied_by="")),
                name="directory_sourceimport_both_applied_set",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by="") | (Q(undone_at__isnull=False) & ~Q(undone_by="")),
                name="directory_sourceimport_both_undone_set",
            ),
        ]


class RejectedRow(ScopedModel):
    """A row that could not land, kept whole with its reason."""

    wall = walls.system_wide(
        "every account of the system may see what was refused and why", walls.APPEND_ONLY
    )
    data = CONTACTS

    source_import = models.ForeignKey(SourceImport, on_delete=models.PROTECT, related_name="rejects")
    file = models.CharField(max_length=200)
    line = models.PositiveIntegerField(help_text="rows as a spreadsheet counts them: the heading is 1")
    text_line = models.PositiveIntegerField(
        help_text="lines of text; differs where a cell holds several lines"
    )
    column = models.CharField(max_length=200, blank=True)
    value = models.TextField(blank=True)
    reason = models.TextField()
    source_row = models.JSONField(default=dict)


class TriedFiles(ScopedModel):
    """The files of an import that was tried, packed, until it is applied or given up."""

    wall = walls.Wall(
        reason="files may hold what will not be published, such as the address of a refuge",
        rows=STAFF_ONLY,
        grants=walls.FREE,
    )
    data = PersonalData(("none",), "30 days, or until it is applied", "a directory's own files")

    source_import = models.OneToOneField(SourceImport, on_delete=models.PROTECT, related_name="files")
    packed = models.BinaryField()
    settings = models.JSONField(default=dict, help_text="how the files are read")


class ImportedChange(ScopedModel):
    """One row that an import changed or retired, field by field, with what was there before."""

    wall = walls.Wall(
        reason="staff look at what an import changed; what changed never changes",
        rows=STAFF_ONLY,
        grants=(*walls.APPEND_ONLY, "DELETE"),
    )
    data = CONTACTS

    source_import = models.ForeignKey(SourceImport, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=10, choices=ChangeKind)
    kind = models.CharField(max_length=20, help_text="of record: listing, location, phone ...")
    row_id = models.UUIDField()
    source_key = models.CharField(max_length=100)
    name = models.CharField(max_length=300, blank=True)
    fields = models.JSONField(default=dict, help_text="field -> [before, after]")
    before = models.JSONField(default=dict, help_text="the row as it was, for undoing")

    class Meta:
        indexes = [models.Index(fields=["source_import", "kind", "what"], name="directory_change_of_import")]


class SourcedModel(ScopedModel):
    """A row that a source gave. `source_key` is the source's id; `fingerprint` tells whether it changed."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    source_key = models.CharField(max_length=100)
    source_row = models.JSONField(default=dict, blank=True, help_text="what the source wrote, whole")
    fingerprint = models.CharField(max_length=64)
    landed_by = models.UUIDField(null=True, blank=True, help_text="the import that first brought it")

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["source", "source_key"], name="directory_%(class)s_key_once")
        ]
