"""Questions that nobody would think of, made from the interface's own description of itself."""

from __future__ import annotations

import os

import pytest
from tests.factories.interrogation import interrogate
from tests.factories.world import World

EXAMPLES = int(os.environ.get("FINGERPOST_PUBLISHED_EXAMPLES", "4"))
pytestmark = pytest.mark.django_db


def test_no_question_finds_a_fault(world: World) -> None:
    interrogate(world, examples=EXAMPLES)
