"""Reading indicator specifications from TOML. A faulty file is refused with every fault in it."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from fingerpost.codes.pathway import LOSS_REASONS, EventKind
from fingerpost.interchange.errors import IndicatorError, UnknownIndicator, as_faults
from fingerpost.interchange.indicators.fields import Fields
from fingerpost.interchange.indicators.specification import (
    Benchmark,
    Denominator,
    Direction,
    DisclosureClass,
    IndicatorSpec,
    Numerator,
)
from fingerpost.kernel.words import N_, Phrase

__all__ = ["indicator_names", "load_all", "load_indicator", "parse_indicator"]

_NAME = re.compile(r"[a-z][a-z0-9_]{2,59}")
_VERSION = re.compile(r"[1-9][0-9]*\.[0-9]+")
_UNITS = ("journey",)
_LONGEST_DAYS = 730


def indicator_names() -> tuple[str, ...]:
    """The names of the declared indicators, in order."""
    files = resources.files(__package__).iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


def load_indicator(name: str) -> IndicatorSpec:
    """The declared indicator with this name."""
    if name not in indicator_names():
        raise UnknownIndicator(
            Phrase(N_("There is no indicator called {name}."), name=repr(name)),
            expected=Phrase(N_("One of: {names}."), names=", ".join(indicator_names())),
        )
    text = resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return parse_indicator(text, source=f"{name}.toml")


def load_all() -> tuple[IndicatorSpec, ...]:
    return tuple(load_indicator(name) for name in indicator_names())


def parse_indicator(text: str, *, source: str) -> IndicatorSpec:
    """The specification in a TOML text. `source` is its file name, which must carry the indicator's name."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise IndicatorError(
            Phrase(N_("{source} is not TOML: {reason}"), source=source, reason=error)
        ) from error
    fields = Fields(_filled(content, _numbers(content)))
    spec = _specification(fields)
    fields.refuse_unread()
    if spec.name != Path(source).stem:
        fields.fault("name", N_("must be the name of the file without .toml"))
    if fields.faults:
        raise IndicatorError(
            Phrase(N_("The indicator specification {source} cannot be used."), source=source),
            faults=as_faults(fields.faults),
        )
    return spec


def _numbers(content: dict[str, object]) -> dict[str, str]:
    """What a text may name: the numbers that are counted with, by their placeholder."""
    places = {"{within_days}": "numerator", "{recording_days}": "time"}
    tables = {placeholder: content.get(table) for placeholder, table in places.items()}
    return {
        placeholder: str(table.get(placeholder.strip("{}")))
        for placeholder, table in tables.items()
        if isinstance(table, dict)
    }


def _filled(value: object, numbers: dict[str, str]) -> Any:
    """The same TOML with the placeholders in its texts filled."""
    if isinstance(value, dict):
        return {name: _filled(part, numbers) for name, part in value.items()}
    if isinstance(value, list):
        return [_filled(part, numbers) for part in value]
    if isinstance(value, str):
        for placeholder, number in numbers.items():
            value = value.replace(placeholder, number)
    return value


def _specification(fields: Fields) -> IndicatorSpec:
    fields.choice("unit", _UNITS)
    time, missing = fields.table("time"), fields.table("missing")
    return IndicatorSpec(
        name=fields.text("name", form=_NAME),
        version=fields.text("version", form=_VERSION),
        title=fields.text("title"),
        question=fields.text("question"),
        direction=fields.choice("direction", tuple(Direction)),
        minimum_n=fields.integer("minimum_n", low=1, high=1000),
        disclosure=fields.choice("disclosure", tuple(DisclosureClass)),
        exclusions=fields.texts("exclusions"),
        denominator=_denominator(fields.table("denominator")),
        numerator=_numerator(fields.table("numerator")),
        time_rule=time.text("rule"),
        recording_days=time.integer("recording_days", low=0, high=_LONGEST_DAYS),
        missing_meaning=missing.text("meaning"),
        benchmark=_benchmark(fields.table("benchmark")) if fields.has("benchmark") else None,
    )


def _denominator(fields: Fields) -> Denominator:
    return Denominator(
        meaning=fields.text("meaning"),
        index=fields.choice("index", _COUNTABLE),
        never_lost_for=fields.choices("never_lost_for", tuple(reason.code for reason in LOSS_REASONS)),
    )


def _numerator(fields: Fields) -> Numerator:
    reached = fields.choices("reached", _COUNTABLE)
    if not reached:
        fields.fault("reached", N_("must name one event or more"))
    return Numerator(
        meaning=fields.text("meaning"),
        reached=reached,
        within_days=fields.integer("within_days", low=0, high=_LONGEST_DAYS),
        why=fields.text("why"),
    )


def _benchmark(fields: Fields) -> Benchmark:
    return Benchmark(
        value=fields.share("value"),
        meaning=fields.text("meaning"),
        source=fields.text("source"),
        comparable=fields.flag("comparable"),
    )


_COUNTABLE = tuple(kind for kind in EventKind if kind is not EventKind.ENTERED_IN_ERROR)
"""A taking-back is no fact about a journey; it decides which facts stand."""
