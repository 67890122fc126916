"""How trust in a listing is computed, written from the table of rules."""

from __future__ import annotations

from fingerpost.docsgen.markdown import code, page, table
from fingerpost.web.directory.api import (
    ASK_FIRST_FROM,
    CHECKED_FROM,
    LOW_RISK_FIELDS,
    LOWEST_WEIGHT,
    TRUST_RULES,
    AreaRules,
    TrustState,
)


def render_trust() -> str:
    """States, rules and what the area may agree."""
    intro = (
        "How far a listing may be relied on is computed from what is known about it, by the rules below and nothing "
        "else. A listing begins with 100 points; each rule that holds takes some. It is shown, with every sentence, "
        "where somebody chooses a listing and on its page. Whether a listing has room plays no part: saying “full” "
        "changes no point."
    )
    return page("How trust in a listing is computed", intro, _states(), _rules(), _agreed(), _low_risk())


def _states() -> str:
    bounds = {
        TrustState.CHECKED: f"{CHECKED_FROM} points or more",
        TrustState.ASK_FIRST: f"{ASK_FIRST_FROM} to {CHECKED_FROM - 1} points",
        TrustState.DOUBTFUL: f"fewer than {ASK_FIRST_FROM} points",
        TrustState.CLOSED: "a rule that ends it holds; it is not offered",
    }
    rows = [(code(state.value), state.label, words) for state, words in bounds.items()]
    weight = (
        f"A search multiplies its score by the points divided by 100, and by {LOWEST_WEIGHT} at least: what is "
        "doubtful comes later and is never hidden."
    )
    return "\n\n".join(["## States", table(("State", "On the page", "When"), rows), weight])


def _rules() -> str:
    rows = [
        (code(rule.reason.value), rule.meaning, rule.takes, "yes" if rule.asks_owner else "")
        for rule in TRUST_RULES
    ]
    intro = (
        "*Verified* is somebody's word that everything is right: the provider's through its own link, or a steward's. "
        "Editing a listing, or reading its source again, is none. *Asks*: when the rule begins to hold, the owner is "
        "asked one question by e-mail."
    )
    return "\n\n".join(["## Rules", intro, table(("Rule", "Holds when", "Takes", "Asks"), rows)])


def _agreed() -> str:
    """What an area may set, with the value that holds until it does."""
    rows = [
        ("review_months", "months between two checks"),
        ("grace_days", "days of grace after a check was due"),
        ("ask_again_days", "days in which an owner is not asked twice"),
        ("capacity_days", "days for which what was said about room holds"),
        ("assurance_rule", "what an expired assurance does when somebody is connected"),
    ]
    defaults = AreaRules()
    said = [(code(name), words, getattr(defaults, name)) for name, words in rows]
    return "\n\n".join(["## What the area agrees", table(("Rule", "Meaning", "Unless agreed"), said)])


def _low_risk() -> str:
    intro = (
        "What a provider changes in these fields through its own link is taken over at once and can be taken back; "
        "everything else waits for a steward."
    )
    rows = [(code(name),) for name in LOW_RISK_FIELDS]
    return "\n\n".join(["## Fields of low risk", intro, table(("Field",), rows)])
