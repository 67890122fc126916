"""The practice link and the remembered computer, each threat of decision 0083 tried."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from tests.factories.browsing import Browser, hidden
from tests.factories.world import World, _account, a_referral, build_world, details, request

from fingerpost.kernel import clock
from fingerpost.kernel.person_identifiers import NHSNumber
from fingerpost.web.audit import api as audit
from fingerpost.web.foundation import links
from fingerpost.web.foundation.models import SignedLink
from fingerpost.web.foundation.scope import scope
from fingerpost.web.people import api as people
from fingerpost.web.referrals import api as referrals
from fingerpost.web.staff.practice.desk import COOKIE, PRESSES
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Role

SignIn = Callable[[str], Browser]
NUMBER = "9990000018"
LIST = "/remembered-computers/"


class Computer:
    """A browser that nobody has signed in to."""

    def __init__(self, world: World, *, cookie: str = "") -> None:
        self.world = world
        self.client = Client(enforce_csrf_checks=True)
        if cookie:
            self.client.cookies[COOKIE] = cookie

    def get(self, address: str) -> HttpResponse:
        with clock.fixed(self.world.at):
            return self.client.get(address)

    def post(self, address: str, given: dict[str, object] | None = None) -> HttpResponse:
        if "csrftoken" not in self.client.cookies:
            self.client.cookies["csrftoken"] = "c" * 32
        token = self.client.cookies["csrftoken"].value
        with clock.fixed(self.world.at):
            return self.client.post(address, {**(given or {}), "csrfmiddlewaretoken": token})

    @property
    def cookie(self) -> str:
        return self.client.cookies[COOKIE].value


def answers(world: World, **changes: object) -> dict[str, object]:
    given: dict[str, object] = {
        "staff_name": "Sam Reed",
        "staff_job": "receptionist",
        "identifier": "not-known",
        "given_name": "Edith",
        "family_name": "Pryce",
        "birth_date-day": "4",
        "birth_date-month": "7",
        "birth_date-year": "1951",
        "needs": ["company"],
        "reason": "Alone since spring.",
        "phone": "07700 900456",
        "safe": ["phone"],
        "agreed": "yes",
        "agreed_how": "by_phone",
        "agreed_on-day": "2",
        "agreed_on-month": "3",
        "agreed_on-year": "2026",
        "scheme": str(world.scheme.id),
    }
    return {**given, **changes}


def made_link(gp: Browser) -> tuple[str, str]:
    """A practice link's path and its code, as the colleague who is signed in sees them."""
    gp.post(LIST)
    page = gp.get(LIST).content.decode()
    found = re.search(r"(/desk/set-up/[^/\s]+/)", page)
    code = re.search(r"\b(\d{4} \d{4})\b", page)
    assert found and code
    return found[1], code[1]


@pytest.fixture
def computer(world: World, browser: SignIn) -> Computer:
    """The front desk's computer, remembered; the world's clock then goes on a day."""
    path, code = made_link(browser("gp"))
    found = Computer(world)
    answer = found.post(path, {"name": "Front desk", "code": code})
    assert answer.status_code == 302 and answer["Location"] == "/desk/"
    world.later(days=1)
    return found


def sent(world: World, who: str = "gp") -> list[referrals.Referral]:
    with world.as_(who) as actor:
        return list(referrals.sent_by(actor))


def refer_from(computer: Computer, **changes: object) -> HttpResponse:
    check = computer.post("/desk/", answers(computer.world, **changes))
    assert "Check before you send" in check.content.decode(), check.content.decode()
    return computer.post("/desk/", {**hidden(check), "step": "send"})


def test_colleague_refers_without_signing_in_and_is_named_in_every_trace(
    world: World, computer: Computer
) -> None:
    form = computer.get("/desk/").content.decode()
    assert world.practice.name in form and "Your name" in form
    done = refer_from(computer)
    assert done["Location"] == "/desk/sent/"
    page = computer.get("/desk/sent/").content.decode()
    assert "What happens next" in page and "Edith" not in page and "Pryce" not in page

    [referral] = sent(world)
    device = SignedLink._base_manager.none()
    with world.as_("gp"):
        device = SignedLink.objects.get(purpose=tenancy.DEVICE)
    assert referral.referrer_id == world.practice.id
    assert referral.referred_by == device.id
    assert referral.referred_by_name == "Sam Reed, receptionist (Front desk, set up by Gp)"
    with connection.cursor() as cursor, world.as_("gp"):
        cursor.execute("SELECT DISTINCT actor_id, actor_label FROM referrals_referralhistoryevent")
        assert cursor.fetchall() == [(f"link:{device.id}", referral.referred_by_name)]
    # The scheme has it in its queue like any other.
    with world.as_("lead") as lead:
        assert referrals.referral(lead, referral_id=referral.id).person.full_name == "Edith Pryce"


def test_pressing_twice_refers_once(world: World, computer: Computer) -> None:
    form = computer.get("/desk/")
    check = computer.post("/desk/", {**hidden(form), **answers(world)})
    for _ in range(2):
        answer = computer.post("/desk/", {**hidden(check), "step": "send"})
        assert answer["Location"] == "/desk/sent/"
    assert len(sent(world)) == 1


def test_somebody_known_for_years_can_be_referred_again_and_nothing_of_them_is_shown(
    world: World, computer: Computer
) -> None:
    with world.as_("gp") as gp:
        first = referrals.refer(
            details=details(given_name="Olwen", contact_note="ring her daughter Mair"),
            identifier=NHSNumber.parse(NUMBER),
            request=request(world),
            scheme_id=world.other_scheme.id,
            by=gp,
            at=world.at,
        )
    world.later(days=60)
    born = first.person.birth_date
    given = {
        "identifier": "nhs_number",
        "identifier-nhs_number": NUMBER,
        "given_name": "Ollie",
        "birth_date-day": str(born.day),
        "birth_date-month": str(born.month),
        "birth_date-year": str(born.year),
    }
    check = computer.post("/desk/", answers(world, **given))
    page = check.content.decode()
    assert "already known to this network" in page
    assert "Olwen" not in page and "Mair" not in page and "Okafor" not in page
    done = computer.post("/desk/", {**hidden(check), "step": "send"})
    assert done.status_code == 302, done.content.decode()
    assert {one.person_id for one in sent(world)} == {first.person_id}
    assert len(sent(world)) == 2


def test_refusal_tells_nothing_about_who_is_there(world: World, computer: Computer) -> None:
    """Already waiting, or a number with another birth date: both get the same words."""
    with world.as_("other_gp") as gp:
        referrals.refer(
            details=details(),
            identifier=NHSNumber.parse(NUMBER),
            request=request(world),
            scheme_id=world.scheme.id,
            by=gp,
            at=world.at,
        )
    pages = []
    for year in ("1958", "1959"):
        birth = {"birth_date-day": "2", "birth_date-month": "6", "birth_date-year": year}
        check = computer.post(
            "/desk/", answers(world, identifier="nhs_number", **{"identifier-nhs_number": NUMBER}, **birth)
        )
        answer = computer.post("/desk/", {**hidden(check), "step": "send"})
        assert answer.status_code == 200
        pages.append(re.findall(r"Somebody like this[^<]*", answer.content.decode()))
    assert pages[0] and pages[0] == pages[1]
    assert sent(world) == []


# Threat: a device used to read records
@pytest.mark.parametrize(
    "address",
    ["/refer/", "/my-referrals/", "/find-person/", "/queue/", "/today/", "/remembered-computers/", "/"],
)
def test_remembered_computer_opens_no_page_of_staff(computer: Computer, address: str) -> None:
    answer = computer.get(address)
    assert answer.status_code == 302 and "/accounts/login/" in answer["Location"]


def test_browser_sends_the_cookie_to_no_other_page_and_shows_it_to_no_script(computer: Computer) -> None:
    cookie = computer.client.cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/desk/", True, "Lax")
    assert int(cookie["max-age"]) == 90 * 86400
    assert bool(cookie["secure"]) == settings.SESSION_COOKIE_SECURE


_ABOUT_PEOPLE = (
    "people_person",
    "people_identifier",
    "people_involvement",
    "people_consent",
    "referrals_referral",
    "casework_case",
)


def _counts(*tables: str) -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
        return found


def test_database_shows_a_device_nobody_but_whom_its_own_transaction_refers(
    world: World, computer: Computer
) -> None:
    a_referral(world)
    world.later(minutes=1)
    with world.as_("gp"):
        assert _counts("people_person")["people_person"] == 1
    with clock.fixed(world.at):
        device = tenancy.open_device(computer.cookie, at=world.at)
        present = [t for t in _ABOUT_PEOPLE if t in connection.introspection.table_names()]
        with scope(tenancy.referrer_at(device, name="Sam", job="nurse")) as by:
            assert set(_counts(*present).values()) == {0}
            made = referrals.refer(
                details=details(given_name="Nia"),
                identifier=None,
                request=request(world),
                scheme_id=world.scheme.id,
                by=by,
                at=tenancy.moment_of_transaction(),
            )
            assert people.person(by, person_id=made.person_id).given_name == "Nia"
            assert _counts("people_person")["people_person"] == 1
    world.later(seconds=1)
    with clock.fixed(world.at), scope(tenancy.referrer_at(device, name="Sam", job="nurse")):
        assert set(_counts(*present).values()) == {0}
    with clock.fixed(world.at), scope(device.actor()):
        assert set(_counts(*present).values()) == {0}


# Threats: revoked, expired, another practice, another system
def _cannot_refer(
    world: World,
    device: SignedLink,
    organisation: tenancy.Organisation,
    scheme: tenancy.Organisation | None = None,
) -> None:
    """The database refuses, though the code is told that all is well."""
    from dataclasses import replace

    by = replace(
        tenancy.referrer_at(device, name="Sam", job="nurse"),
        organisation_ids=frozenset({organisation.id}),
        organisation_id=organisation.id,
        system_id=organisation.system_id,
    )
    with (
        clock.fixed(world.at),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
        scope(by),
    ):
        referrals.refer(
            details=details(given_name="Nia"),
            identifier=None,
            request=request(world),
            scheme_id=(scheme or world.scheme).id,
            by=by,
            at=tenancy.moment_of_transaction(),
        )


def test_forgotten_computer_refers_nobody(world: World, browser: SignIn, computer: Computer) -> None:
    with clock.fixed(world.at):
        device = tenancy.open_device(computer.cookie, at=world.at)
    check = computer.post("/desk/", answers(world))
    gp = browser("gp")
    gp.post(f"{LIST}{device.id}/end/")
    assert "Front desk" not in gp.get(LIST).content.decode()
    assert computer.get("/desk/").status_code == 403
    assert computer.post("/desk/", {**hidden(check), "step": "send"}).status_code == 403
    assert sent(world) == []
    _cannot_refer(world, device, world.practice)


def test_computer_ends_with_the_role_of_whoever_set_it_up(world: World, computer: Computer) -> None:
    with clock.fixed(world.at):
        device = tenancy.open_device(computer.cookie, at=world.at)
    with world.as_(world.job()) as job:
        [held] = tenancy.memberships_held(user_id=device.maker_id, organisation_ids=[world.practice.id])
        tenancy.suspend(user_id=held.user_id, by=job, at=world.at)
    assert computer.get("/desk/").status_code == 403
    with world.as_(world.job()) as job:
        tenancy.lift_suspension(user_id=held.user_id, by=job, at=world.at)
        tenancy.end_membership(membership=held, by=job, at=world.at, ends_at=world.at + timedelta(days=2))
    assert computer.get("/desk/").status_code == 200
    world.later(days=2)
    assert computer.get("/desk/").status_code == 403
    assert computer.post("/desk/", answers(world)).status_code == 403


def test_administrator_of_the_practice_sees_and_forgets_any_computer(
    world: World, computer: Computer, browser: SignIn
) -> None:
    with world.as_(world.job()) as job:
        _account("keeper", Role.ADMINISTRATOR, world.practice, job, world.at, "")
        _account("stranger", Role.ADMINISTRATOR, world.other_practice, job, world.at, "")
        device = tenancy.open_device(computer.cookie, at=world.at)
    place, end = f"/organisations/{world.practice.id}/", f"/organisations/computers/{device.id}/end/"
    for who in ("stranger", "administrator"):
        other = browser(who)
        assert "Front desk" not in other.get(place).content.decode()
        assert other.post(end).status_code in (403, 404)
    assert computer.get("/desk/").status_code == 200
    keeper = browser("keeper")
    assert "Front desk" in keeper.get(place).content.decode()
    assert keeper.post(end).status_code == 302
    assert computer.get("/desk/").status_code == 403
    assert "Front desk" not in keeper.get(place).content.decode()


def test_computer_is_forgotten_after_ninety_days(world: World, computer: Computer) -> None:
    with clock.fixed(world.at):
        device = tenancy.open_device(computer.cookie, at=world.at)
    world.later(days=88)
    assert computer.get("/desk/").status_code == 200
    world.later(days=1)
    assert computer.get("/desk/").status_code == 403
    _cannot_refer(world, device, world.practice)


def test_computer_refers_for_its_own_practice_only(world: World, computer: Computer) -> None:
    refer_from(computer)
    assert len(sent(world)) == 1 and sent(world, "other_gp") == []
    with clock.fixed(world.at):
        device = tenancy.open_device(computer.cookie, at=world.at)
    _cannot_refer(world, device, world.other_practice)


def test_computer_of_another_system_is_not_there(world: World, computer: Computer, browser: SignIn) -> None:
    elsewhere = build_world(at=world.at, mark=" 2")
    with clock.fixed(world.at):
        device = tenancy.open_device(computer.cookie, at=world.at)
    _cannot_refer(world, device, elsewhere.practice, elsewhere.scheme)
    with elsewhere.as_("gp") as stranger:
        assert tenancy.live_links(stranger, purpose=tenancy.DEVICE, at=world.at) == []


def test_another_practice_can_neither_see_nor_end_a_computer(
    world: World, browser: SignIn, computer: Computer
) -> None:
    with clock.fixed(world.at):
        device = tenancy.open_device(computer.cookie, at=world.at)
    other = browser("other_gp")
    assert "Front desk" not in other.get(LIST).content.decode()
    assert other.post(f"{LIST}{device.id}/end/").status_code == 404
    assert computer.get("/desk/").status_code == 200


# Threat: stolen cookie, forged cookie
def test_stolen_cookie_refers_until_it_is_taken_back_and_reads_nothing(
    world: World, computer: Computer
) -> None:
    thief = Computer(world, cookie=computer.cookie)
    refer_from(thief)
    assert len(sent(world)) == 1
    for address in ("/my-referrals/", "/find-person/", f"/my-referrals/{sent(world)[0].id}/"):
        assert thief.get(address).status_code == 302


def test_forged_or_foreign_cookie_is_nothing(world: World, computer: Computer, browser: SignIn) -> None:
    path, _code = made_link(browser("gp"))
    link_token = path.split("/")[3]
    for cookie in (link_token, computer.cookie[:-1] + "x", "x", "~", str(UUID(int=0)), "a" * 4000):
        assert Computer(world, cookie=cookie).get("/desk/").status_code == 403, cookie
    # and the other way round: a remembered computer's token opens neither a set-up page nor a provider's
    assert Computer(world).get(f"/desk/set-up/{computer.cookie}/").status_code == 410
    assert Computer(world).get(f"/p/{computer.cookie}/").status_code == 410


def test_too_many_presses_from_one_computer_are_refused_until_the_hour_is_over(
    world: World, computer: Computer
) -> None:
    for _ in range(PRESSES):
        assert computer.post("/desk/").status_code == 200
    assert computer.post("/desk/", answers(world)).status_code == 429
    assert computer.get("/desk/").status_code == 200
    world.later(hours=1)
    assert computer.post("/desk/").status_code == 200


# Threats: stolen link, link forwarded, mail scanner, guessed code
def test_opening_a_practice_link_changes_nothing(world: World, browser: SignIn) -> None:
    path, code = made_link(browser("gp"))
    scanner = Computer(world)
    for _ in range(10):
        page = scanner.get(path)
        assert page.status_code == 200 and COOKIE not in page.cookies
        assert code not in page.content.decode() and code.replace(" ", "") not in page.content.decode()
    assert scanner.post(path, {}).status_code == 200
    assert Computer(world).post(path, {"name": "Desk", "code": code}).status_code == 302


def test_practice_link_without_its_code_remembers_nothing_and_ends_after_five_guesses(
    world: World, browser: SignIn
) -> None:
    path, code = made_link(browser("gp"))
    thief = Computer(world)
    for guess in range(5):
        answer = thief.post(path, {"name": "Desk", "code": f"{guess:08d}"})
        assert answer.status_code == 200 and COOKIE not in answer.cookies
        assert "not the code" in answer.content.decode()
    assert thief.post(path, {"name": "Desk", "code": code}).status_code == 410
    assert Computer(world).get(path).status_code == 410


def test_practice_link_works_once_and_for_half_an_hour(world: World, browser: SignIn) -> None:
    gp = browser("gp")
    path, code = made_link(gp)
    assert Computer(world).post(path, {"name": "Desk", "code": code}).status_code == 302
    assert Computer(world).post(path, {"name": "Desk", "code": code}).status_code == 410
    path, code = made_link(gp)
    world.later(minutes=31)
    assert Computer(world).post(path, {"name": "Desk", "code": code}).status_code == 410


def test_practice_link_that_was_taken_back_opens_nothing(world: World, browser: SignIn) -> None:
    gp = browser("gp")
    path, code = made_link(gp)
    gp.post(f"{LIST}{links.id_of(path.split('/')[3])}/end/")
    assert Computer(world).post(path, {"name": "Desk", "code": code}).status_code == 410


# Threat: CSRF
def test_another_site_can_make_a_remembered_computer_do_nothing(
    world: World, computer: Computer, browser: SignIn
) -> None:
    path, code = made_link(browser("gp"))
    for address, given in (
        ("/desk/", {**answers(world), "step": "send"}),
        (path, {"name": "D", "code": code}),
    ):
        with clock.fixed(world.at):
            assert computer.client.post(address, given).status_code == 403
    assert sent(world) == []


def test_asking_who_is_known_is_logged_as_a_search(world: World, computer: Computer) -> None:
    with world.as_("gp") as gp:
        held = referrals.refer(
            details=details(),
            identifier=NHSNumber.parse(NUMBER),
            request=request(world),
            scheme_id=world.scheme.id,
            by=gp,
            at=world.at,
        )
    birth = {"birth_date-day": "2", "birth_date-month": "6", "birth_date-year": "1958"}
    computer.post(
        "/desk/", answers(world, identifier="nhs_number", **{"identifier-nhs_number": NUMBER}, **birth)
    )
    with world.as_("gp") as gp:
        looks = [
            one for one in audit.accesses_of_person(gp, person_id=held.person_id) if one.kind == "search"
        ]
    assert [one.actor_label for one in looks] == ["Sam Reed, receptionist (Front desk, set up by Gp)"]
