from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from fingerpost.web.foundation import walls
from fingerpost.web.foundation.base import ScopedModel, tracked
from fingerpost.web.foundation.personal_data import PersonalData

_OWN = f"{{t}}.{walls.SYSTEM} AND {walls.in_organisations('organisation_id')}"
_MINE = f"{_OWN} AND {{t}}.owner_id = (SELECT fp_user())"


@tracked(exclude=("name", "words"))
class SavedSearch(ScopedModel):
    """Words and filters that somebody looks for again and again, under a name. No person, no case and no home is in it.

    What was typed stands in this row alone, not in its history: a name that was typed by mistake is gone when the
    search is taken away.
    """

    wall = walls.Wall(
        reason="a search is its owner's, in the organisation that they saved it in; colleagues there read what is"
        " shared, and nobody else changes it",
        rows=f"{_OWN} AND ({{t}}.owner_id = (SELECT fp_user()) OR {{t}}.is_shared)",
        new_rows=_MINE,
        changed_rows=_MINE,
        changes=("name", "words", "near", "filters", "is_shared", "changed_at", "removed_at"),
    )
    data = PersonalData(
        ("staff",),
        "until its owner takes it away; its name and words are emptied then",
        "who saved it; words and filters, and of a postcode the first half",
    )

    organisation_id = models.UUIDField(help_text="where its owner works with it")
    owner_id = models.UUIDField()
    owner_name = models.CharField(max_length=200)
    name = models.CharField(max_length=80, blank=True)
    words = models.CharField(max_length=120, blank=True)
    near = models.CharField(max_length=4, blank=True, help_text="the first half of a postcode, never more")
    filters = models.JSONField(default=dict, help_text="the answers to each question, by its name")
    is_shared = models.BooleanField(default=False)
    saved_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organisation_id",
                "owner_id",
                Lower("name"),
                condition=Q(removed_at=None),
                name="directory_savedsearch_name_once",
            ),
            models.CheckConstraint(
                condition=Q(near="") | Q(near__regex=r"^[A-Z]{1,2}[0-9][0-9A-Z]?$"),
                name="directory_savedsearch_near_is_no_home",
            ),
            models.CheckConstraint(
                condition=(Q(removed_at=None) & ~Q(name=""))
                | Q(removed_at__isnull=False, name="", words="", near="", is_shared=False),
                name="directory_savedsearch_removed_is_empty",
            ),
        ]
