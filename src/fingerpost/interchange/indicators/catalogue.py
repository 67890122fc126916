"""The indicator catalogue, written from the specifications alone."""

from __future__ import annotations

from collections.abc import Iterator

from fingerpost.interchange.indicators.loader import load_all
from fingerpost.interchange.indicators.specification import Benchmark, IndicatorSpec

_HEAD = """# Indicator catalogue

Each indicator is declared once, in `fingerpost.interchange.indicators`, and counted by both halves: live
by the web half, from an extract by the analytics half. A test holds the two equal. Counts are rounded and
small ones hidden before anyone sees them. An indicator describes; it is evidence of grade E0 (counts only)
and never of an effect.
"""


def render_indicator_catalogue() -> str:
    """The catalogue as Markdown."""
    return "\n".join([_HEAD, *(line for spec in load_all() for line in _entry(spec))])


def _entry(spec: IndicatorSpec) -> Iterator[str]:
    yield f"## {spec.title}\n\n`{spec.name}`, version {spec.version}. {spec.question}\n"
    yield f"- **Denominator.** {spec.denominator.meaning}"
    yield f"- **Numerator.** {spec.numerator.meaning} {spec.numerator.why}"
    yield f"- **Time.** {spec.time_rule}"
    yield f"- **Cannot be read.** {spec.missing_meaning}"
    yield "- **Left out.** " + " ".join(spec.exclusions)
    yield f"- **Better.** {spec.direction.value.replace('_', ' ').capitalize()}."
    yield f"- **Fewest journeys for a share.** {spec.minimum_n}. Disclosure class: {spec.disclosure.value}."
    if spec.benchmark:
        yield f"- **Elsewhere.** {_benchmark(spec.benchmark)}"
    yield ""
    yield (
        f"Counted as: index event `{spec.denominator.index.value}`; never lost for "
        f"{_codes(spec.denominator.never_lost_for)}; reached {_codes(spec.numerator.reached)} within "
        f"{spec.numerator.within_days} days; {spec.recording_days} more days for late entry.\n"
    )


def _benchmark(benchmark: Benchmark) -> str:
    kind = "comparable" if benchmark.comparable else "not comparable"
    return f"{benchmark.value:.2f} ({kind}). {benchmark.meaning} Source: {benchmark.source}."


def _codes(values: tuple[str, ...]) -> str:
    return ", ".join(f"`{value}`" for value in map(str, values)) or "nothing"
