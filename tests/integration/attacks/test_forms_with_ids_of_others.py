"""Forms filled in by hand: ids of another scheme or system, fields that no form has, values that no list offers."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import transaction
from tests.integration.routes.asking import Answer, ask
from tests.integration.routes.planted import CSRF, Planted

from fingerpost.kernel import clock
from fingerpost.web.casework import api as casework

WRITTEN_ANYWAY = {"audit_access", "audit_unsealed", "django_session"}


def post(planted: Planted, who: str, path: str, **given: object) -> Answer:
    """A post with every id filled in from what is planted: `{Brack_case_id}` is another scheme's case."""
    values = {
        name: value.format(**planted.ids, **people(planted)) if isinstance(value, str) else value
        for name, value in given.items()
    }
    return ask(planted, who, path.format(**planted.ids), "POST", {"submission": str(uuid4()), **values})


def people(planted: Planted) -> dict[str, object]:
    """Ids of accounts and organisations, by name."""
    found: dict[str, object] = {f"account_{name}": actor.user_id for name, actor in planted.actors.items()}
    for where, world in (("", planted.world), ("away_", planted.elsewhere)):
        found |= {f"{where}scheme": world.scheme.id, f"{where}other_scheme": world.other_scheme.id}
        found |= {f"{where}practice": world.practice.id}
    return found


@pytest.mark.parametrize(
    ("who", "path", "given"),
    [
        ("lead", "/queue/{waiting}/accept/", {"worker": "{account_other_worker}"}),
        ("lead", "/queue/{waiting}/accept/", {"worker": "{account_away_worker}"}),
        ("lead", "/queue/{waiting}/accept/", {"worker": "{account_ended}"}),
        ("lead", "/queue/{waiting}/accept/", {"worker": "{account_gp}"}),
        ("lead", "/queue/{waiting}/redirect/", {"scheme": "{away_scheme}"}),
        ("lead", "/queue/{waiting}/redirect/", {"scheme": "{practice}"}),
        ("lead", "/queue/{waiting}/decline/", {"reason": "made_up"}),
        ("lead", "/cases/{case_id}/assign/", {"worker": "{account_other_worker}"}),
        ("lead", "/cases/{case_id}/assign/", {"worker": "{account_away_lead}"}),
        ("lead", "/cases/{case_id}/assign/", {"worker": "{account_ended}"}),
        ("worker", "/cases/{case_id}/contact/", {"case_id": "{Brack_case_id}", "mode": "spell"}),
        ("gp", "/my-referrals/{waiting}/take-back/", {"reason": "made_up"}),
        ("worker", "/goals/{goal_id}/move/", {"to": "made_up"}),
    ],
)
def test_value_that_was_not_offered_changes_nothing(
    planted: Planted, who: str, path: str, given: dict[str, object]
) -> None:
    answer = post(planted, who, path, **given)
    assert answer.status in (200, 400, 403, 404)
    assert answer.written <= WRITTEN_ANYWAY


@pytest.mark.parametrize(
    ("who", "path", "given", "table"),
    [
        ("lead", "/queue/{waiting}/accept/", {"worker": "{account_worker}"}, "casework_case"),
        ("lead", "/queue/{waiting}/redirect/", {"scheme": "{other_scheme}"}, "referrals_referral"),
        ("lead", "/cases/{case_id}/assign/", {"worker": "{account_second_worker}"}, "casework_case"),
        ("gp", "/my-referrals/{waiting}/take-back/", {"reason": "referrer_withdrew"}, "referrals_referral"),
        ("worker", "/goals/{goal_id}/move/", {"to": "reached"}, "casework_goal"),
    ],
)
def test_value_that_was_offered_is_taken(
    planted: Planted, who: str, path: str, given: dict[str, object], table: str
) -> None:
    """The same posts with honest values: so that the refusals above are refusals of the values."""
    answer = post(planted, who, path, **given)
    assert answer.status == 302
    assert table in answer.written


@pytest.mark.parametrize(
    "path",
    [
        "/cases/{case_id}/connect/{Zorn_free_listing}/",
        "/cases/{Brack_case_id}/connect/{free_listing}/",
        "/cases/{Zorn_case_id}/connect/{free_listing}/",
        "/cases/{case_id}/told/{Zorn_free_listing}/",
        "/cases/{Brack_case_id}/told/{free_listing}/",
        "/cases/{Zorn_case_id}/assign/",
        "/directory/{Zorn_listing_id}/checked/",
        "/people/{Brack_person_id}/details/",
        "/connections/{Brack_connection_id}/reply/",
        "/connections/{Zorn_connection_id}/agreement/",
        "/goals/{Brack_goal_id}/move/",
        "/contacts/{Zorn_contact_id}/mistake/",
        "/sent/{Brack_message_id}/again/",
    ],
)
@pytest.mark.parametrize("who", ["worker", "lead"])
def test_address_that_mixes_ids_changes_nothing(planted: Planted, who: str, path: str) -> None:
    answer = post(planted, who, path, worker="{account_worker}", to="reached", kind="onward_referral")
    assert answer.status in (403, 404)
    assert answer.written <= WRITTEN_ANYWAY
    assert not answer.words


SECOND = {
    "person_id": "{Brack_person_id}",
    "person": "{Brack_person_id}",
    "id": "{Brack_contact_id}",
    "case": "{Brack_case_id}",
    "case_id": "{Brack_case_id}",
    "scheme_id": "{other_scheme}",
    "system_id": "{Zorn_case_id}",
    "logged_by": "{account_lead}",
    "organisation_id": "{other_scheme}",
    "by": "{account_lead}",
}


def test_fields_that_no_form_has_are_not_taken_up(planted: Planted) -> None:
    """A contact posted with somebody else's ids beside it belongs to the case of the address, and to its writer."""
    with clock.fixed(planted.world.at), transaction.atomic():
        given = {name: value.format(**planted.ids, **people(planted)) for name, value in SECOND.items()}
        given |= {"submission": str(uuid4()), "csrfmiddlewaretoken": CSRF}
        given |= {"mode": "phone", "outcome": "reached", "minutes": "10", "note": "Injected", "when": "now"}
        answer = planted.clients["worker"].post(f"/cases/{planted.ids['case_id']}/contact/", given)
        assert answer.status_code == 302
        with planted.world.as_("other_worker") as other:
            notes = [one.note for one in casework.contacts_of(other, case_id=planted.ids["Brack_case_id"])]
            assert "Injected" not in notes
        with planted.world.as_("worker") as worker:
            found = casework.contacts_of(worker, case_id=planted.ids["case_id"])
        [made] = [one for one in found if one.note == "Injected"]
        assert (made.logged_by, made.scheme_id) == (planted.actors["worker"].user_id, planted.world.scheme.id)
        assert made.person_id == planted.ids["person_id"]
        transaction.set_rollback(True)


@pytest.mark.parametrize("who", ["gp", "receptionist"])
def test_referral_to_a_scheme_that_does_not_serve_the_practice_is_not_made(
    planted: Planted, who: str
) -> None:
    answer = post(planted, who, "/refer/{person_id}/", step="send", scheme="{away_scheme}")
    assert answer.status == 200
    assert answer.written <= WRITTEN_ANYWAY


@pytest.mark.parametrize("who", ["gp", "worker", "lead"])
@pytest.mark.parametrize("words", ["Brackgiven", "Zornfamily-A", "9990000026", "9990000034"])
def test_search_finds_nobody_of_others_and_keeps_no_words(planted: Planted, who: str, words: str) -> None:
    answer = ask(planted, who, "/find-person/", "POST", {"words": words})
    assert answer.status == 200
    stem = words[:5].lower()
    assert not {word for word in answer.words if not word.startswith(stem)}
    [looked] = answer.looked
    assert looked.kind == "search" and looked.person_ids == ()
    assert len(looked.query_hash) == 64 and words.lower() not in repr(looked).lower()


def test_search_that_finds_keeps_a_hash_and_the_ids_that_were_shown(planted: Planted) -> None:
    answer = ask(planted, "worker", "/find-person/", "POST", {"words": "Quillgiven"})
    [looked] = answer.looked
    assert set(looked.person_ids) <= planted.person_ids["Quill"] and looked.person_ids
    assert "quill" not in repr(looked).lower()
    again = ask(planted, "worker", "/find-person/", "POST", {"words": "quillGIVEN"})
    assert again.looked[0].query_hash == looked.query_hash


@pytest.mark.parametrize("words", ["%", "_", "' OR 1=1 --", "*", "Quill%family", "\\", "a" * 5000, "\x00"])
def test_search_by_pattern_finds_nobody(planted: Planted, words: str) -> None:
    answer = ask(planted, "worker", "/find-person/", "POST", {"words": words})
    assert answer.status in (200, 400)
    assert not answer.words - {"quillfamily"}
    assert not [person for looked in answer.looked for person in looked.person_ids]


def test_search_is_not_made_from_an_address(planted: Planted) -> None:
    """Addresses are kept in histories and logs. (The page repeats its own address, and so these words.)"""
    answer = ask(planted, "worker", "/find-person/", "GET", {"words": "Quillgiven"})
    assert answer.status == 200
    assert answer.words <= {"quillgiven"} and not answer.looked
