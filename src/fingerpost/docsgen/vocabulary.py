"""The pathway's vocabulary and the declared instruments."""

from __future__ import annotations

from fingerpost.codes.pathway import BESIDE, COMPLETION_REASONS, LOSS_REASONS, STEPS, LossReason
from fingerpost.docsgen.markdown import code, page, table
from fingerpost.instruments import Instrument, instruments


def render_pathway() -> str:
    """Kinds of event and reasons."""
    steps = [(number, code(kind.value)) for number, kind in enumerate(STEPS, start=1)]
    reasons = [
        (
            code(one.code),
            one.label,
            one.owner.value,
            "yes" if one.pauses else "",
            "yes" if one.is_sensitive else "",
            _span(one),
        )
        for one in LOSS_REASONS
    ]
    return page(
        "The pathway vocabulary",
        "Every status change of a journey writes one dated event. Shared by both halves: `fingerpost.codes.pathway`.",
        "## Steps, in order\n\n" + table(("", "Event"), steps),
        "## Beside the path\n\n`lost` is the dated loss at a step, with its reason. The others:\n\n"
        + "\n".join(f"- {code(kind.value)}" for kind in BESIDE),
        "## Reasons for a loss\n\n*Pauses*: the way on is still open. *Sensitive*: never shown to a provider or the "
        "public.\n\n" + table(("Code", "In words", "Whose", "Pauses", "Sensitive", "After"), reasons),
        "## Reasons for closing when nothing was lost\n\n"
        + table(("Code", "In words"), [(code(one.code), one.label) for one in COMPLETION_REASONS]),
    )


def _span(reason: LossReason) -> str:
    first, last = reason.after[0].value, reason.after[-1].value
    return code(first) if first == last else f"{code(first)} to {code(last)}"


def render_instruments() -> str:
    """Every declared measure."""
    intro = (
        "What may be asked, how it is scored, and under what licence. Declared in `fingerpost.instruments`."
    )
    return page("Instruments", intro, *(_instrument(one) for one in instruments()))


def _instrument(one: Instrument) -> str:
    facts = [
        f"- Id {code(one.id)}, version {one.version}, language {one.language}.",
        f"- Scoring: {one.scoring.value.replace('_', ' ')}; a skipped question: {one.missing.value.replace('_', ' ')}.",
        f"- From the age of {one.least_age}; modes: {', '.join(one.modes)}.",
        f"- Licence: {one.licence.name}. Text shipped: {'yes' if one.licence.may_ship_text else 'no'}. "
        f"{one.licence.evidence} (looked up on {one.licence.checked_on.isoformat()})",
        f"- Source: {one.citation}",
    ]
    rows = [
        (code(item.id), item.short, f"{item.least} to {item.most}", item.better.value) for item in one.items
    ]
    items = table(("Question", "In short", "Answers", "Better"), rows)
    return "\n\n".join([f"## {one.title}", "\n".join(facts), items])
