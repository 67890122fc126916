from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from fingerpost.web.foundation import walls
from fingerpost.web.foundation.base import ScopedModel, tracked
from fingerpost.web.foundation.personal_data import PersonalData


@tracked()
class LayMeaning(ScopedModel):
    """What people of this area say, and what it means: an entry of the system's own, or one of ours changed.

    `key` is that of an entry of `data/lay_words.toml`, which it takes the place of, or one of its own. Without
    phrases it switches our entry off.
    """

    wall = walls.system_wide("every account of the system searches with these words", walls.FREE)
    data = PersonalData(("staff",), "while the entry stands", "who changed it")

    key = models.CharField(max_length=60)
    phrases = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    needs = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    words = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.TextField()
    changed_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system_id", "key"], name="directory_laymeaning_key_once"),
            models.CheckConstraint(
                condition=Q(changed_at__isnull=False) & ~Q(changed_by=""),
                name="directory_laymeaning_both_changed_set",
            ),
        ]
