"""Which fields about a person each page shows, and to whom they differ: one line for each page that names somebody.

A field is a planted word's kind (tests/integration/routes/planted.py). A page shows its fields to every role that may
open it; `but` says where one role reads less or more. A new role is one more entry there, or none at all.
"""

from __future__ import annotations

NAME = "given family"
BAR = f"{NAME} known how mail"  # the bar above a page about one person: how to reach them, and how safely
HEAD = f"{NAME} how mail"
DETAILS = f"{BAR} address needs"
STORY = f"{DETAILS} reason matters strength goal step note"

FIELDS: dict[str, str] = {
    "staff:refer_known": HEAD,
    "staff:referred": f"{NAME} known",
    "staff:my_referrals": f"{NAME} known",
    # What a practice reads of the work is what it was told, and never a contact note, a plan or a goal.
    "staff:my_referral": f"{BAR} reason",
    "staff:take_back": HEAD,
    "staff:referral_mistake": HEAD,
    "staff:letter": "",
    "staff:queue": NAME,
    "staff:decided": NAME,
    "staff:referral": f"{BAR} reason",
    "staff:decline": BAR,
    "staff:redirect": BAR,
    "staff:today": f"{NAME} step",
    "staff:caseload": f"{NAME} step",
    "staff:person": STORY,
    "staff:case": STORY,
    "staff:assign": BAR,
    "staff:next_step": f"{BAR} step",
    "staff:plan": f"{BAR} goal matters strength",
    "staff:measure": BAR,
    "staff:occasion": BAR,
    "staff:close": BAR,
    "staff:closed": f"{BAR} story told",
    "staff:reopen": BAR,
    "staff:find": BAR,
    "staff:listing_for": BAR,
    "staff:connect": f"{BAR} needs",
    "staff:told_about": BAR,
    "staff:connected": BAR,
    "staff:connection": f"{BAR} asks needs",
    "staff:reply": BAR,
    "staff:withdraw_connection": BAR,
    "staff:consent_withdrawn": BAR,
    "staff:put_right": BAR,
    "staff:case_mistake": BAR,
    "staff:correct_details": DETAILS,
    "staff:record_death": BAR,
    "staff:conditions": f"{BAR} asked",
    "staff:change_practice": BAR,
    "staff:seal_person": BAR,
    "staff:seal_contact": BAR,
    "staff:contact_mistake": f"{BAR} note",
    "staff:occasion_mistake": BAR,
    "staff:connection_mistake": BAR,
    "staff:sent": NAME,
    "staff:message": NAME,
    "staff:message_html": "",
}

# (page, role): what that role reads there instead.
BUT: dict[tuple[str, str], str] = {
    # The seal of the planted conversation names the lead alone.
    ("staff:person", "lead"): f"{STORY} sealed",
    ("staff:case", "lead"): f"{STORY} sealed",
    ("staff:today", "lead"): "",  # a lead holds no case in the planted story, and Today is one's own
}
