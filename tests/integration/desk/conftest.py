from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

# Imported late: pytest reads this file before the settings are chosen.
if TYPE_CHECKING:
    from tests.factories.browsing import Browser
    from tests.factories.world import World


@pytest.fixture
def world(db: None) -> World:
    from tests.factories.world import build_world

    return build_world()


@pytest.fixture
def browser(world: World) -> Callable[[str], Browser]:
    from tests.factories.browsing import Browser

    return lambda who: Browser(world, who)
