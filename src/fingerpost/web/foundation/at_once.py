"""Migrations of many steps, without drawing the models anew after each.

Django renders every model that is related to a changed one, for each operation. Where a hundred tables hang
together that takes seconds a step, and most steps (triggers, constraints, indexes) look at the last state only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

# Within a group, each step may be carried out with the state after all of them. A table that is created takes
# its constraints from that state, so those that are added to it afterwards stand in another group.
_GROUPS: tuple[tuple[type[Operation], ...], ...] = (
    (migrations.CreateModel,),
    (migrations.AddField,),
    (migrations.AddIndex, migrations.AddConstraint, AddTrigger),
)

if TYPE_CHECKING:
    _Base = migrations.Migration
else:
    _Base = object


class AtOnce(_Base):
    """Stands before `migrations.Migration` among the bases of a migration with many steps."""

    def apply(
        self,
        project_state: ProjectState,
        schema_editor: BaseDatabaseSchemaEditor,
        collect_sql: bool = False,
    ) -> ProjectState:
        """As Django's, a group of steps at a time."""
        if collect_sql or not schema_editor.atomic_migration:
            return super().apply(project_state, schema_editor, collect_sql)
        for steps in _grouped(self.operations):
            before = project_state.clone()
            if len(steps) > 1:
                # Models are drawn again when somebody looks, once.
                project_state.__dict__.pop("apps", None)
            for step in steps:
                step.state_forwards(self.app_label, project_state)
            for step in steps:
                step.database_forwards(self.app_label, schema_editor, before, project_state)
        return project_state


def _grouped(operations: Sequence[Operation]) -> Iterator[list[Operation]]:
    """Runs of steps of one group; every other step alone."""
    for _group, steps in groupby(enumerate(operations), key=lambda pair: _group_of(*pair)):
        yield [step for _place, step in steps]


def _group_of(place: int, operation: Operation) -> int:
    return next((-1 - number for number, kinds in enumerate(_GROUPS) if isinstance(operation, kinds)), place)
