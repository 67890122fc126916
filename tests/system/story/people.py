"""Who the story is about, and the accounts of the demo that it is told with."""

from __future__ import annotations

from dataclasses import dataclass

from tests.system.person import Someone

PASSWORD = "allerwold-fingerpost"
ACCOUNTS = {
    "administrator": "priya.nandakumar@marrow-vale-network.example",
    "gp": "sunita.rao@millrace.example",
    "receptionist": "kieran.doyle@millrace.example",
    "lead": "bernadette.okafor@allerwold-link.example",
    "worker": "amina.yusuf@allerwold-link.example",
    "manager": "rhys.llewellyn@marrow-vale-network.example",
    "governance": "naomi.achterberg@allerwold-system.example",
}
WORKER = "Amina Yusuf"
SCHEME = "Allerwold Link Workers"
OTHER_SCHEME = "Open Door Connectors"
PRACTICE = "Millrace Surgery"
SINGERS = "Fellmongers Lane Singers"


@dataclass(frozen=True)
class Referred:
    """The person referred, as the practice enters them. The NHS number is of the range kept for tests."""

    given_name: str = "Winifred"
    family_name: str = "Ashdown"
    called: str = "Win"
    birth_date: tuple[str, str, str] = ("17", "2", "1948")
    nhs_number: str = ""
    phone: str = "07700 900321"
    postcode: str = "QX1 2GD"
    reason: str = (
        "Her husband died in May and the house is quiet. She sang in a choir for thirty years. "
        "A better month would have a reason to go out in it."
    )

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


def sign_in(someone: Someone, role: str) -> Someone:
    """By typing, as at work; the demo's buttons do the same."""
    someone.go("/accounts/login/").look("Sign in")
    someone.type("E-mail address", ACCOUNTS[role]).type("Password", PASSWORD)
    return someone.button("Sign in", within=someone.page.locator("main form").first)
