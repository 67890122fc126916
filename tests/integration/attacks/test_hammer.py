"""The short form of `tests/proofs/hammer.py`: people of two systems, at once, over few connections, real HTTP."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.db import transaction
from tests.hammering.hammer import hammer, plant_two_systems, questions, serving

NUMBER = 320


@pytest.mark.django_db(transaction=True)
def test_nobody_gets_a_word_of_another_organisation_over_pooled_connections(tmp_path: Path) -> None:
    with transaction.atomic():
        planted = plant_two_systems()
    root = Path(__file__).parents[3]
    with serving(root, tmp_path / "server.log", dict(os.environ)) as port:
        result = hammer(planted, port, questions(planted, NUMBER, seed=7))
    assert result.faults == []
    assert result.carried == 0
    assert result.looked > NUMBER
    # The mixture was one: answers of every sort, and words of one's own where there should be some.
    assert {200, 302, 403, 404, 500} <= set(result.statuses)
    assert set(result.kinds) == {"page", "form", "fail", "time-out", "stream", "leave"}
    assert result.own_words["page"] > 10
    assert result.own_words["stream"] > 5
