from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

# Imported late: pytest reads this file before the settings are chosen.
if TYPE_CHECKING:
    from tests.factories.tree import Tree


@pytest.fixture
def tree(db: None) -> Tree:
    from tests.factories.tree import plant_tree

    return plant_tree()
