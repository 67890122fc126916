"""Schemathesis against the running interface: every operation, with values that fit its description and that do not."""

from __future__ import annotations

from typing import Any

import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks
from tests.factories.published import ROOT
from tests.factories.world import World

from fingerpost.kernel import clock


def interrogate(world: World, *, examples: int) -> None:
    """Ask; raises with the question when an answer is not what the description promises, or a fault of ours."""
    # These would close the connection of the test, which is in a transaction of its own.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        _interrogate(world, examples)
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def _interrogate(world: World, examples: int) -> None:
    schema = schemathesis.openapi.from_wsgi(f"{ROOT}/openapi.json", get_wsgi_application())
    for operation in schema.get_all_operations():
        asked = operation.ok()
        modes = [GenerationMode.POSITIVE]
        if list(asked.query) + list(asked.path_parameters):
            modes.append(GenerationMode.NEGATIVE)
        for mode in modes:
            _ask(world, asked.as_strategy(generation_mode=mode), examples)


def _ask(world: World, questions: Any, examples: int) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=questions)
    def ask(case: schemathesis.Case) -> None:
        with clock.fixed(world.at):
            # A postcode that the gazetteer does not know is refused: no description can say which those are.
            case.call_and_validate(excluded_checks=[checks.positive_data_acceptance])

    ask()
