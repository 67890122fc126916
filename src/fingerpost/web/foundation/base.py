"""Base models: time-ordered ids, fail-closed managers, and history written by the database itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar
from uuid import UUID

import pghistory
import pghistory.models
from django.db import models
from django.db.models import Func, TextField, Value

from fingerpost.kernel.ids import new_id
from fingerpost.web.foundation import walls
from fingerpost.web.foundation.personal_data import PersonalData
from fingerpost.web.foundation.scope import current_actor

M = TypeVar("M", bound=models.Model)


class WalledModel(models.Model):
    """A table of ours. Each subclass declares its `wall` and its `data`."""

    wall: ClassVar[walls.Wall]
    data: ClassVar[PersonalData]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


class ScopedQuerySet(models.QuerySet[M]):
    pass


class ScopedManager(models.Manager[M]):
    """Refuses to build a query when no scope is open, and stays within the scope's system."""

    def get_queryset(self) -> models.QuerySet[M]:
        actor = current_actor()
        queryset = super().get_queryset()
        return queryset.filter(system_id=actor.system_id)


class ScopedModel(WalledModel):
    """A row that belongs to one system. `system_id` comes from the scope when the row is first saved."""

    system_id = models.UUIDField(db_index=True, editable=False)

    objects: ClassVar[ScopedManager[Any]] = ScopedManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.system_id is None:
            self.system_id = system_of_scope()
        super().save(*args, **kwargs)


def system_of_scope() -> UUID:
    """The system of whoever acts, for rows that are written many at once."""
    actor = current_actor()
    if actor.system_id is None:
        raise ValueError(f"{actor.label} acts for no system, so cannot write a row that belongs to one")
    return actor.system_id


class HistoryEvent(pghistory.models.Event):
    """One earlier state of a row. The database fills in who, so no code path can forget to."""

    actor_id = models.TextField(
        db_default=Func(Value("fingerpost.actor_id"), function="current_setting", output_field=TextField())
    )
    actor_label = models.TextField(
        db_default=Func(Value("fingerpost.actor_label"), function="current_setting", output_field=TextField())
    )

    class Meta:
        abstract = True


def tracked(*, exclude: tuple[str, ...] = ()) -> Callable[[type[M]], type[M]]:
    """Class decorator: keep the history of every insert, update and delete, by database trigger.

    A change by nobody fails: the trigger's own row refuses an empty actor.
    """

    def decorate(model: type[M]) -> type[M]:
        name = f"{model._meta.app_label}_{model._meta.model_name}_history_names_an_actor"
        follow = pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            exclude=list(exclude) or None,
            context_field=None,  # type: ignore[arg-type]  # documented, but not in its types
            append_only=True,
            base_model=HistoryEvent,
            obj_field=pghistory.ObjForeignKey(related_name="history"),
            meta={"constraints": [models.CheckConstraint(condition=~models.Q(actor_id=""), name=name)]},
        )
        return follow(model)

    return decorate
